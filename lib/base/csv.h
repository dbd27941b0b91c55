/* Comma-separated values (RFC 4180) in UTF-8 for spreadsheets, which must not take what somebody wrote for a formula.
 * Pure. */
#pragma once

#include "bytes.h"

/* The byte order mark, without which spreadsheets guess the encoding. */
#define CSV_MARK "\xEF\xBB\xBF"

/* One field, without the separator. A quote is put before what a spreadsheet would compute: =, +, -, @, tab or line
 * break at the start. False when the buffer is full or memory is out. */
bool csv_field(byte_buffer *out, const char *text);

/* Fields with their separators and the line's end. */
bool csv_row(byte_buffer *out, const char *const *texts, size_t count);
