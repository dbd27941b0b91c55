/* Collects the cells of one row after the other, keeps to the limits and hands over the rows that hold anything. */
#pragma once

#include <stdbool.h>

#include "sheet_row.h"

typedef struct {
    int wanted; /* rows to hand over; 0: all */
    sheet_row_taken on_row;
    void *arg;
    int rows; /* that held anything, so far */
    int number;
    unsigned count; /* columns up to the last one with a value */
    uint64_t cut;
    const char *cells[SHEET_COLUMNS_MAX];
    char (*slots)[SHEET_CELL_BYTES_MAX + 1]; /* one a column, for texts that are copied */
} row_builder;

/* False when memory is out. */
bool row_builder_init(row_builder *b, int wanted, sheet_row_taken on_row, void *arg);
void row_builder_done(row_builder *b);

void row_begin(row_builder *b, int number);

/* A cell's text, UTF-8 without NUL, copied and cut to what a cell may hold. Columns from 0, in any order; the last text
 * of a column counts. SHEET_TOO_MANY_COLUMNS when a text lies too far right. */
sp_status row_cell(row_builder *b, unsigned column, const char *text, size_t length);

/* As row_cell, for a NUL-terminated text of at most SHEET_CELL_BYTES_MAX bytes that stays where it is until the row
 * ends. */
sp_status row_cell_borrowed(row_builder *b, unsigned column, const char *text, bool cut);

/* SHEET_TOO_MANY_ROWS, or what on_row answered. */
sp_status row_end(row_builder *b);

/* Where a text of more than `limit` bytes is cut: before the character that would not fit. */
size_t text_cut(const char *text, size_t limit);
