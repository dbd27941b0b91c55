/* What the server last said about who and where a terminal is, kept so that a terminal that starts without it knows its
 * name and its local time. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>

#include "status.h"

typedef struct {
    char device[97];
    char company[97];
    char time_zone[65]; /* IANA name */
} terminal_names;

/* Empty where nothing was ever written. */
terminal_names terminal_names_read(sqlite3 *database);
SP_MUST_USE sp_status terminal_names_write(sqlite3 *database, const terminal_names *names);
bool terminal_names_equal(const terminal_names *a, const terminal_names *b);
