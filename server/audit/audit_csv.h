/* The log as CSV (RFC 4180) in UTF-8 with its mark, for spreadsheets, which must not take a name for a formula. Pure.
 */
#pragma once

#include "bytes.h"
#include "smartpass/v1/audit.pb-c.h"

/* The mark and the names of the columns. False, here and below, when the buffer is full or memory is out. */
bool audit_csv_head(byte_buffer *out);
bool audit_csv_row(byte_buffer *out, const Smartpass__V1__AuditRow *row);

/* One field. A quote is put before what a spreadsheet would compute: =, +, -, @, tab or line break at the start. */
bool audit_csv_field(byte_buffer *out, const char *text);
