/* Records of fields, as RFC 4180 has them and spreadsheets write them: any line end, a separator that the first record
 * tells, quotes doubled inside quotes. */
#include <stdlib.h>
#include <string.h>

#include "csv_encoding.h"
#include "sheet_parts.h"

enum { FIELD_ROOM = SHEET_CELL_BYTES_MAX + 4 /* enough to see that it has to be cut */ };

typedef enum { FIELD_BEGINS, FIELD_PLAIN, FIELD_QUOTED, FIELD_QUOTE_MET } field_state;

typedef struct {
    row_builder *rows;
    char separator;
    field_state state;
    bool cr; /* the byte before was a CR that has ended a record, or stands for a line end in quotes */
    int record;
    unsigned column;
    size_t length;
    char field[FIELD_ROOM];
} csv_walk;

static void keep(csv_walk *w, const char *text, size_t n)
{
    if (n > FIELD_ROOM - w->length)
        n = FIELD_ROOM - w->length;
    memcpy(w->field + w->length, text, n);
    w->length += n;
}

static sp_status field_end(csv_walk *w)
{
    sp_status status = w->length > 0 ? row_cell(w->rows, w->column, w->field, w->length) : SP_DONE;

    w->column++;
    w->length = 0;
    w->state = FIELD_BEGINS;
    return status;
}

static sp_status record_end(csv_walk *w)
{
    sp_status status = field_end(w);

    if (!sp_failed(status))
        status = row_end(w->rows);
    w->column = 0;
    row_begin(w->rows, ++w->record);
    return status;
}

/* A byte outside quotes that may mean something. */
static sp_status take_plain(csv_walk *w, char c)
{
    if (c == w->separator)
        return field_end(w);
    if (c == '\n' || c == '\r') {
        w->cr = c == '\r';
        return record_end(w);
    }
    if (c == '"' && w->state == FIELD_BEGINS) {
        w->state = FIELD_QUOTED;
        return SP_DONE;
    }
    if (c == '"' && w->state == FIELD_QUOTE_MET) {
        w->state = FIELD_QUOTED;
        keep(w, "\"", 1);
        return SP_DONE;
    }
    w->state = FIELD_PLAIN;
    keep(w, &c, 1);
    return SP_DONE;
}

/* Line ends in quotes become LF, as other kinds of sheets have them. */
static void take_quoted(csv_walk *w, char c)
{
    if (c == '"') {
        w->state = FIELD_QUOTE_MET;
        return;
    }
    w->cr = c == '\r';
    keep(w, c == '\r' ? "\n" : &c, 1);
}

/* Bytes that mean nothing where the walk is. */
static size_t plain_run(const csv_walk *w, const char *text, size_t n)
{
    size_t i = 0;

    if (w->state == FIELD_QUOTED)
        while (i < n && text[i] != '"' && text[i] != '\r')
            i++;
    else if (w->state == FIELD_PLAIN)
        while (i < n && text[i] != w->separator && text[i] != '\n' && text[i] != '\r' && text[i] != '"')
            i++;
    return i;
}

static sp_status take_piece(csv_walk *w, const char *text, size_t n)
{
    sp_status status = SP_DONE;

    for (size_t i = 0; i < n && !sp_failed(status);) {
        bool after_cr = w->cr;
        w->cr = false;
        if (after_cr && text[i] == '\n') {
            i++;
            continue;
        }
        size_t run = plain_run(w, text + i, n - i);
        if (run > 0) {
            keep(w, text + i, run);
            i += run;
        } else if (w->state == FIELD_QUOTED) {
            take_quoted(w, text[i++]);
        } else {
            status = take_plain(w, text[i++]);
        }
    }
    return status;
}

/* The one that the first record has most of, outside quotes. */
static char separator_tell(const char *text, size_t n)
{
    static const char separators[] = {',', ';', '\t'};
    size_t counts[sizeof separators] = {0}, most = 0;
    bool quoted = false;

    for (size_t i = 0; i < n && (quoted || (text[i] != '\n' && text[i] != '\r')); i++) {
        quoted ^= text[i] == '"';
        for (size_t k = 0; !quoted && k < sizeof separators; k++)
            counts[k] += text[i] == separators[k];
    }
    for (size_t k = 1; k < sizeof separators; k++)
        if (counts[k] > counts[most])
            most = k;
    return separators[most];
}

/* Bytes of a first line "sep=;", which spreadsheets write and read but do not show; 0: there is none. */
static size_t separator_line(const char *text, size_t n, char *separator)
{
    if (n < 6 || memcmp(text, "sep=", 4) != 0 || (text[5] != '\r' && text[5] != '\n'))
        return 0;
    *separator = text[4];
    return n > 6 && text[5] == '\r' && text[6] == '\n' ? 7 : 6;
}

static sp_status walk(csv_walk *w, csv_text *text)
{
    const char *piece;
    size_t n;
    bool first = true;

    for (;;) {
        sp_status status = csv_text_next(text, &piece, &n);
        size_t skipped = 0;

        if (sp_failed(status))
            return status;
        if (n == 0)
            break;
        if (first) {
            w->separator = separator_tell(piece, n);
            skipped = separator_line(piece, n, &w->separator);
        }
        first = false;
        status = take_piece(w, piece + skipped, n - skipped);
        if (sp_failed(status))
            return status;
    }
    return w->state == FIELD_QUOTED ? SHEET_NOT_READABLE : record_end(w);
}

sp_status csv_read(const sheet_file *file, int sheet, row_builder *rows, sheet_facts *facts)
{
    csv_text *text;
    csv_walk *w;
    sp_status status;

    (void)facts;
    if (sheet > 0)
        return SHEET_NOT_THERE;
    status = csv_text_open(file, &text);
    if (sp_failed(status))
        return status;
    w = calloc(1, sizeof *w);
    if (w) {
        w->rows = rows;
        w->record = 1;
        row_begin(rows, 1);
        status = walk(w, text);
    } else {
        status = SHEET_NO_MEMORY;
    }
    csv_text_close(text);
    free(w);
    return status;
}
