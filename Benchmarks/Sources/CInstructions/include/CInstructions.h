#pragma once

#include <stdbool.h>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>

/// Whether callgrind counts instructions, which is slow: once is enough.
static inline bool instructions_are_counted(void) { return RUNNING_ON_VALGRIND != 0; }

/// Counts from here on.
static inline void instructions_start(void) {
    CALLGRIND_ZERO_STATS;
}

/// Writes what was counted since the start to callgrind's next file, with this name.
static inline void instructions_stop(const char *name) {
    CALLGRIND_DUMP_STATS_AT(name);
}
#else
static inline bool instructions_are_counted(void) { return false; }
static inline void instructions_start(void) {}
static inline void instructions_stop(const char *name) { (void)name; }
#endif
