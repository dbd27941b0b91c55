/* Writes a sheet row by row in constant memory: texts only, never formulas. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

typedef struct sheet_writer sheet_writer;

SP_STATUS(SHEET_NOT_WRITTEN, SP_INTERNAL, "The sheet could not be written.");

typedef enum { SHEET_WRITER_XLSX } sheet_writer_format;

typedef struct {
    const char *path; /* of a file that is there; it is truncated */
    sheet_writer_format format;
    const char *title; /* of the sheet */
    size_t columns;
    const char *const *headers;
    const int *widths; /* in characters */
} sheet_writer_options;

/* Options are borrowed until close. OUT_OF_MEMORY or SHEET_NOT_WRITTEN. */
sp_status sheet_writer_open(const sheet_writer_options *options, sheet_writer **ret_writer) SP_MUST_USE;

/* NULL and "" are empty cells; count is at most the options' columns. */
sp_status sheet_writer_row(sheet_writer *writer, const char *const *cells, size_t count) SP_MUST_USE;

/* Frees it, whatever it answers; only after it has succeeded is the file whole. Accepts NULL. */
sp_status sheet_writer_close(sheet_writer *writer) SP_MUST_USE;
