#include "CPlainStore.h"

#include <sqlite3.h>
#include <time.h>

static const char *const preparation =
    "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;"
    "CREATE TABLE raw_trade (key INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, price INTEGER NOT NULL,"
    " quantity INTEGER NOT NULL, format INTEGER NOT NULL) STRICT";

static double processor_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int insert(sqlite3 *db, sqlite3_stmt *statement, const struct plain_trade *trades, long count, long batch) {
    for (long first = 0; first < count; first += batch) {
        if (sqlite3_exec(db, "BEGIN IMMEDIATE", 0, 0, 0)) return 0;
        for (long row = first; row < first + batch && row < count; row++) {
            sqlite3_bind_int64(statement, 1, trades[row].key);
            sqlite3_bind_int64(statement, 2, trades[row].time_us);
            sqlite3_bind_int64(statement, 3, trades[row].price);
            sqlite3_bind_int64(statement, 4, trades[row].quantity);
            sqlite3_bind_int64(statement, 5, trades[row].format);
            if (sqlite3_step(statement) != SQLITE_DONE) return 0;
            sqlite3_reset(statement);
        }
        if (sqlite3_exec(db, "COMMIT", 0, 0, 0)) return 0;
    }
    return 1;
}

double plain_insert(const char *path, const struct plain_trade *trades, long count, long batch) {
    sqlite3 *db = 0;
    sqlite3_stmt *statement = 0;
    double seconds = -1;
    if (!sqlite3_open(path, &db) && !sqlite3_exec(db, preparation, 0, 0, 0) &&
        !sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO raw_trade VALUES (?, ?, ?, ?, ?)", -1, &statement, 0)) {
        double start = processor_time();
        if (insert(db, statement, trades, count, batch)) seconds = processor_time() - start;
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return seconds;
}
