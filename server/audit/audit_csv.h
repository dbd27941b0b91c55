/* The log as csv.h writes it. Pure. */
#pragma once

#include "bytes.h"
#include "smartpass/v1/audit.pb-c.h"

/* The mark and the names of the columns. False, here and below, when the buffer is full or memory is out. */
bool audit_csv_head(byte_buffer *out);
bool audit_csv_row(byte_buffer *out, const Smartpass__V1__AuditRow *row);
