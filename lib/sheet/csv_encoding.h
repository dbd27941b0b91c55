/* CSV files do not say how their text is encoded. A byte order mark does; without one it is UTF-8 if all of it is, else
 * GB18030 (as Chinese Excel writes) if all of it can be and most of its characters look it, else Windows-1252. */
#pragma once

#include "sheet_read.h"

#define CSV_PIECE_MAX 32768 /* bytes of the file at a time */

typedef struct csv_text csv_text;

/* Reads all of the file to tell its encoding. SHEET_NOT_READABLE when there is a NUL in it, which no text has. */
SP_MUST_USE sp_status csv_text_open(const sheet_file *file, csv_text **ret_text);
void csv_text_close(csv_text *text);

/* The next piece in UTF-8, without the mark; 0 bytes at the end. Valid until the next call. */
SP_MUST_USE sp_status csv_text_next(csv_text *text, const char **ret_piece, size_t *ret_n);
