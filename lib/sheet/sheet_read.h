/* Reads the rows of a sheet. Bounded work and memory whatever the file is, but it has to run where a crash is cheap:
 * what reads .xls is a library that damaged files can kill. */
#pragma once

#include "sheet_row.h"

typedef struct {
    int fd; /* read with pread, so its offset neither matters nor changes */
    uint64_t size;
    const char *path; /* where fopen finds the same file; .xls only */
} sheet_file;

/* Loads what reading such a file would else load from others: character sets, the time zone. Before a sandbox closes;
 * without it reading works too. */
void sheet_prepare(sheet_kind kind);

/* Calls on_row for each row that is wanted; fails as sheet_row.h says, or as on_row does. ret_facts is set only when
 * done. */
SP_MUST_USE sp_status sheet_read(const sheet_file *file, sheet_kind kind, sheet_want want, sheet_row_taken on_row,
                                 void *arg, sheet_facts *ret_facts);
