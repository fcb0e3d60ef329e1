/// The commit the program was built from, or "unknown".
const char *pairs_exporter_revision(void);
