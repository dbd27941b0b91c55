/* A private cluster for the whole test program, migrated, with one fresh set of rows at a time. */
#pragma once

#include <check.h>

#include "db.h"

/* Of the migrated database, as its owner. */
extern const char *fixture_conninfo;
extern const char *fixture_directory; /* of the cluster */

db_pool *fixture_pool(db_role role, int size);

/* Runs SQL as the owner and fails the test when that fails; returns the first value as text ("" for none; static). */
const char *fixture_sql(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define assert_done(status) ck_assert_str_eq((status).reason, "")
#define assert_reason(status, expected) ck_assert_str_eq((status).reason, (expected).reason)

TCase *values_tests(void);
TCase *access_tests(void);
TCase *cluster_tests(void);
