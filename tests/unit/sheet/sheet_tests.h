/* What tests of sheets share: files out of bytes, and rows as they were read. */
#pragma once

#include "sheet_read.h"

/* A file without a name that holds the bytes. */
typedef struct {
    sheet_file file;
    char path[32];
} made_sheet;

void made_sheet_init(made_sheet *made, const void *bytes, size_t size);
void made_sheet_open(made_sheet *made, const char *path); /* of a fixture */
void made_sheet_done(made_sheet *made);

/* Rows as text: "2: 007|Ada|~long" with ~ before a cell that was cut, a row a line. The caller frees. */
char *rows_read(const sheet_file *file, sheet_kind kind, sheet_want want, sp_status *ret_status,
                sheet_facts *ret_facts);

/* Checks that a text is read as these rows. */
void reads_as(sheet_kind kind, const void *bytes, size_t size, const char *rows);
void reads_as_failure(sheet_kind kind, const void *bytes, size_t size, sp_status status);
