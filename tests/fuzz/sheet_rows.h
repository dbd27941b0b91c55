/* What must hold of rows, whatever the file was. */
#pragma once

#include "sheet_read.h"

/* Reads the bytes as a sheet, all rows and then only the first: they are in order and within the limits, whole UTF-8,
 * and counting gives the same. */
void sheet_rows_check(const uint8_t *bytes, size_t size, sheet_kind kind);

/* A file without a name that holds the bytes, until the next call. */
sheet_file sheet_rows_file(const uint8_t *bytes, size_t size);
