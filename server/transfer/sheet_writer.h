/* Writes a list as a sheet, xlsx or csv, row by row and in constant memory. Every cell is text: nothing is a formula, leading
 * zeros stay. A writer is used by one thread at a time. */
#pragma once

#include "transfer_file.h"

typedef struct sheet_writer sheet_writer;

SP_STATUS(SHEET_CELL_TOO_LONG, SP_OUT_OF_RANGE, "A cell of a sheet holds at most 32767 characters.");

typedef struct {
    const char *header;
    int width; /* characters; 0: as usual. xlsx alone */
} sheet_heading;

enum {
    SHEET_WRITER_ROWS_MAX = 1048576, /* of one sheet, header included; a further sheet takes what follows */
    SHEET_WRITER_COLUMNS_MAX = 64,
};

/* Begins the draft's content with the headings; format is XLSX or CSV. title is the sheet's name, at most 31 characters.
 * The draft must live until the end. */
sp_status sheet_writer_open(transfer_draft *draft, Smartpass__V1__TransferFileKind format, const char *title,
                            const sheet_heading *headings, size_t count, sheet_writer **ret_writer) SP_MUST_USE;

/* As many cells as there are headings; NULL and "" are empty cells. After a failure only the end is left. */
sp_status sheet_writer_row(sheet_writer *writer, const char *const *cells) SP_MUST_USE;

/* Completes the file and frees the writer, also after a failure. Accepts NULL. */
sp_status sheet_writer_close(sheet_writer *writer) SP_MUST_USE;
