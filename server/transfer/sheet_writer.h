/* Writes a list as a sheet, xlsx or csv, row by row and in constant memory. Every cell is text: nothing is a formula,
 * leading zeros stay. A writer is used by one thread at a time. */
#pragma once

#include "transfer_file.h"

typedef struct sheet_writer sheet_writer;

SP_STATUS(SHEET_NOT_WRITTEN, SP_INTERNAL, "The sheet could not be written.");
SP_STATUS(SHEET_CELL_TOO_LONG, SP_OUT_OF_RANGE, "A cell of a sheet holds at most 32767 characters.");

typedef enum { SHEET_WRITER_XLSX, SHEET_WRITER_CSV } sheet_writer_format;

enum { SHEET_WRITER_ROWS_MAX = 1048576 }; /* of one xlsx sheet, headers included; a further sheet takes what follows */

typedef struct {
    transfer_draft *draft; /* what is written */
    sheet_writer_format format;
    const char *title; /* of the sheet, up to 28 characters */
    size_t columns;
    const char *const *headers;
    const int *widths; /* in characters */
} sheet_writer_options;

/* Options are borrowed until close. */
sp_status sheet_writer_open(const sheet_writer_options *options, sheet_writer **ret_writer) SP_MUST_USE;

/* NULL and "" are empty cells; count is at most the options' columns. After a failure only the end is left. */
sp_status sheet_writer_row(sheet_writer *writer, const char *const *cells, size_t count) SP_MUST_USE;

/* Frees it, whatever it answers; only after it has succeeded is the file whole. Accepts NULL. */
sp_status sheet_writer_close(sheet_writer *writer) SP_MUST_USE;
