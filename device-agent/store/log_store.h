/* The terminal's own log: what it did and what was done at it, for the console. A ring of the latest lines; those that
 * the server has are forgotten. Nothing else may suffer for it: lines wait in memory for a moment and reach the disk
 * together, they never take what the disk holds in reserve, and on a full disk they are what gives way.
 *
 * Numbers rise by one for each line and are never given out twice by one store, whenever the power goes: only what is
 * on the disk is shown to whoever sends. One thread at a time. */
#pragma once

#include <sqlite3.h>
#include <stdint.h>

#include "reserve.h"
#include "status.h"

typedef struct log_store log_store;

enum {
    LOG_STORE_LINES = 2000, /* kept on the disk */
    LOG_STORE_WAITING = 64, /* kept in memory */
};

typedef enum { LINE_INFO = 1, LINE_WARNING = 2, LINE_ERROR = 3 } line_level;

typedef struct {
    uint64_t number; /* given when the line reaches the disk */
    int64_t at_ms;   /* since 1970, by the terminal's clock */
    line_level level;
    char event[33]; /* capital letters, digits and underscores */
    char detail[161];
} log_line;

/* Database and reserve (NULL: none) are borrowed; the table is made when it is not there. */
SP_MUST_USE sp_status log_store_new(sqlite3 *database, const reserve *held_back, log_store **ret_store);
void log_store_free(log_store *s); /* writes down what waits; accepts NULL */

/* The line's number is given later. Texts that are too long are cut, at a character's end. What does not fit in memory
 * any more, because the disk takes nothing, is counted, and a line says so later. */
void log_store_add(log_store *s, const log_line *line);

/* Writes down what waits, when the disk has room for it. */
void log_store_settle(log_store *s);

/* The oldest lines on the disk that the server does not have, up to max; how many. */
uint32_t log_store_read(log_store *s, log_line *ret_lines, uint32_t max);

/* The server has everything up to this number. */
void log_store_sent(log_store *s, uint64_t number);
