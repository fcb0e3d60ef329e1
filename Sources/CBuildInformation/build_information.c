#include "build_information.h"

const char *pairs_exporter_revision(void) {
    return REVISION;
}
