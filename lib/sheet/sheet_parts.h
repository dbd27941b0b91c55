/* How the readers of one kind are called; sheet_read.c chooses. */
#pragma once

#include "row_builder.h"
#include "sheet_read.h"

/* Each sets facts->name; rows are counted by the builder. */
sp_status xlsx_read(const sheet_file *file, int sheet, row_builder *rows, sheet_facts *facts);
sp_status xls_read(const sheet_file *file, int sheet, row_builder *rows, sheet_facts *facts);
sp_status csv_read(const sheet_file *file, int sheet, row_builder *rows, sheet_facts *facts);

/* Opens and keeps what files may ask iconv for. */
void csv_prepare(void);
void xls_prepare(void);

/* All n bytes at the offset; false when they are not there. */
bool sheet_file_read(const sheet_file *file, uint64_t offset, void *to, size_t n);
