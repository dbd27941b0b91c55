/* A real PostgreSQL for a whole test program: a private cluster, migrated, thrown away at the end. */
#pragma once

#include <check.h>

#include "db.h"

/* Starts the cluster, runs the suite, stops and removes everything; the program's exit code. */
int fixture_run(Suite *suite);

/* Of the migrated database, as its owner. */
extern const char *fixture_conninfo;
extern const char *fixture_directory; /* for files of the tests; the cluster lies in it */

db_pool *fixture_pool(db_role role, int size);

/* Runs SQL as the owner and fails the test when that fails; returns the first value as text ("" for none; static). */
const char *fixture_sql(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define assert_done(status) ck_assert_str_eq((status).reason, "")
#define assert_reason(status, expected) ck_assert_str_eq((status).reason, (expected).reason)
