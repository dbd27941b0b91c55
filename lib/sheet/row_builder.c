#include "row_builder.h"

#include <stdlib.h>
#include <string.h>

bool row_builder_init(row_builder *b, int wanted, sheet_row_taken on_row, void *arg)
{
    *b = (row_builder){.wanted = wanted, .on_row = on_row, .arg = arg};
    b->slots = malloc(SHEET_COLUMNS_MAX * sizeof *b->slots);
    for (size_t i = 0; i < SHEET_COLUMNS_MAX; i++)
        b->cells[i] = "";
    return b->slots != NULL;
}

void row_builder_done(row_builder *b)
{
    free(b->slots);
}

size_t text_cut(const char *text, size_t limit)
{
    while (limit > 0 && ((uint8_t)text[limit] & 0xc0) == 0x80)
        limit--;
    return limit;
}

void row_begin(row_builder *b, int number)
{
    b->number = number;
}

sp_status row_cell_borrowed(row_builder *b, unsigned column, const char *text, bool cut)
{
    uint64_t bit = column < SHEET_COLUMNS_MAX ? 1ull << column : 0;

    if (column >= SHEET_COLUMNS_MAX)
        return *text ? SHEET_TOO_MANY_COLUMNS : SP_DONE;
    b->cells[column] = text;
    b->cut = cut ? b->cut | bit : b->cut & ~bit;
    if (column >= b->count)
        b->count = column + 1;
    return SP_DONE;
}

sp_status row_cell(row_builder *b, unsigned column, const char *text, size_t length)
{
    bool cut = length > SHEET_CELL_BYTES_MAX;

    if (column >= SHEET_COLUMNS_MAX)
        return length > 0 ? SHEET_TOO_MANY_COLUMNS : SP_DONE;
    if (cut)
        length = text_cut(text, SHEET_CELL_BYTES_MAX);
    if (length > 0)
        memcpy(b->slots[column], text, length);
    b->slots[column][length] = '\0';
    return row_cell_borrowed(b, column, b->slots[column], cut);
}

static sp_status hand_over(row_builder *b)
{
    const sheet_row row = {.number = b->number, .count = b->count, .cells = b->cells, .cut = b->cut};

    if (++b->rows > SHEET_ROWS_MAX)
        return SHEET_TOO_MANY_ROWS;
    return b->wanted == 0 || b->rows <= b->wanted ? b->on_row(b->arg, &row) : SP_DONE;
}

sp_status row_end(row_builder *b)
{
    unsigned used = b->count;
    sp_status status = SP_DONE;

    while (b->count > 0 && *b->cells[b->count - 1] == '\0')
        b->count--;
    if (b->count > 0)
        status = hand_over(b);
    while (used > 0)
        b->cells[--used] = "";
    b->count = 0;
    b->cut = 0;
    return status;
}
