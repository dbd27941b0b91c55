#include <stdlib.h>
#include <string.h>

#include "cell_text.h"
#include "xls_book.h"

enum {
    RECORD_FORMULA = 0x06,
    RECORD_RICH_TEXT = 0xd6,
    RECORD_BOOLEAN_OR_ERROR = 0x205,
    RECORD_RESULT_TEXT = 0x207,
    HEAD = 6, /* row, column, style */
    TEXT_ROOM = SHEET_CELL_BYTES_MAX + 8,
};

typedef struct {
    const xls_book *book;
    xls_cells *cells;
    bool waiting; /* the text of the last formula comes in a record of its own */
    uint16_t row, column;
} cells_walk;

static void *grown(void *array, size_t *room, size_t needed, size_t each)
{
    size_t wanted = *room ? *room : 1024;

    while (wanted < needed)
        wanted *= 2;
    void *larger = wanted == *room ? array : realloc(array, wanted * each);
    if (larger)
        *room = wanted;
    return larger;
}

static bool put(cells_walk *w, const char *text, size_t length)
{
    xls_cells *c = w->cells;
    char *texts = grown(c->texts, &c->texts_room, c->texts_size + length + 1, 1);

    if (!texts)
        return false;
    c->texts = texts;
    xls_cell *cells = grown(c->cells, &c->room, c->count + 1, sizeof *cells);
    if (!cells || c->texts_size > UINT32_MAX)
        return false;
    c->cells = cells;
    c->cells[c->count++] = (xls_cell){w->row, w->column, (uint32_t)c->texts_size};
    memcpy(c->texts + c->texts_size, text, length);
    c->texts[c->texts_size + length] = '\0';
    c->texts_size += length + 1;
    return true;
}

/* UTF-16 or its lower half; what is no character becomes U+FFFD. Returns bytes of it, a little more than a cell holds
 * when it has to be cut. */
static size_t text_of(const uint8_t *at, size_t units, bool wide, char out[TEXT_ROOM])
{
    size_t n = 0;

    for (size_t i = 0; i < units && n <= SHEET_CELL_BYTES_MAX; i++) {
        uint32_t point = wide ? xls_u16(at + i * 2) : at[i];

        if (point >= 0xd800 && point <= 0xdbff && i + 1 < units && (xls_u16(at + i * 2 + 2) & 0xfc00) == 0xdc00)
            point = 0x10000 + ((point - 0xd800) << 10) + (xls_u16(at + ++i * 2) - 0xdc00u);
        else if (point == 0 || (point >= 0xd800 && point <= 0xdfff))
            point = 0xfffd;
        n += utf8_put(point, out + n);
    }
    return n;
}

/* Units, what they are, perhaps facts about fonts, and the units; those that are in further records are left out. */
static bool put_text(cells_walk *w, const uint8_t *at, size_t size)
{
    char text[TEXT_ROOM];

    if (size < 3)
        return true;
    bool wide = at[2] & 1;
    size_t units = xls_u16(at), head = 3u + (at[2] & 8 ? 2 : 0) + (at[2] & 4 ? 4 : 0);
    size_t there = size < head ? 0 : (size - head) / (wide ? 2 : 1);
    return put(w, text, text_of(at + head, units < there ? units : there, wide, text));
}

static bool put_boolean(cells_walk *w, bool value)
{
    return value ? put(w, "TRUE", 4) : put(w, "FALSE", 5);
}

static bool put_error(cells_walk *w, uint8_t code)
{
    static const struct {
        uint8_t code;
        const char *text;
    } errors[] = {{0x00, "#NULL!"}, {0x07, "#DIV/0!"}, {0x0f, "#VALUE!"}, {0x17, "#REF!"},
                  {0x1d, "#NAME?"}, {0x24, "#NUM!"},   {0x2a, "#N/A"}};

    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].code == code)
            return put(w, errors[i].text, strlen(errors[i].text));
    return true;
}

static bool put_number(cells_walk *w, const uint8_t *at, unsigned style)
{
    char text[CELL_TEXT_MAX];
    size_t length;
    double value;

    memcpy(&value, at, sizeof value);
    if (cell_text_of_moment(value, xls_style_format(w->book, style), w->book->since_1904, text, &length) ||
        cell_text_of_number(value, text, &length))
        return put(w, text, length);
    return true;
}

static bool formula_met(cells_walk *w, const xls_record *record)
{
    const uint8_t *result = record->bytes + HEAD;

    if (record->size < HEAD + 8)
        return true;
    if (xls_u16(result + 6) != 0xffff)
        return put_number(w, result, xls_u16(record->bytes + 4));
    w->waiting = result[0] == 0;
    if (result[0] == 1)
        return put_boolean(w, result[2] != 0);
    return result[0] != 2 || put_error(w, result[2]);
}

/* False when memory is out. */
static bool record_met(cells_walk *w, const xls_record *record)
{
    const uint8_t *at = record->bytes;

    if (record->type == RECORD_RESULT_TEXT) {
        bool wanted = w->waiting;

        w->waiting = false;
        return !wanted || put_text(w, at, record->size);
    }
    if (record->size < HEAD + 2 ||
        (record->type != RECORD_FORMULA && record->type != RECORD_RICH_TEXT && record->type != RECORD_BOOLEAN_OR_ERROR))
        return true;
    w->row = xls_u16(at);
    w->column = xls_u16(at + 2);
    w->waiting = false;
    if (record->type == RECORD_FORMULA)
        return formula_met(w, record);
    if (record->type == RECORD_RICH_TEXT)
        return put_text(w, at + HEAD, record->size - HEAD);
    return at[HEAD + 1] ? put_error(w, at[HEAD]) : put_boolean(w, at[HEAD] != 0);
}

static int cells_compare(const void *a, const void *b)
{
    const xls_cell *x = a, *y = b;

    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

sp_status xls_cells_read(ole_stream *s, const xls_book *book, xls_cells *cells)
{
    cells_walk walk = {.book = book, .cells = cells};
    xls_record *record = malloc(sizeof *record);
    bool kept = record != NULL;

    while (kept && xls_record_next(s, record))
        kept = record_met(&walk, record);
    free(record);
    if (cells->count > 0)
        qsort(cells->cells, cells->count, sizeof *cells->cells, cells_compare);
    return kept ? SP_DONE : SHEET_NO_MEMORY;
}

void xls_cells_done(xls_cells *cells)
{
    free(cells->cells);
    free(cells->texts);
}
