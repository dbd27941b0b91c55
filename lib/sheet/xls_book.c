#include "xls_book.h"

#include <stdlib.h>
#include <string.h>

enum {
    RECORD_END = 0x0a,
    RECORD_EPOCH = 0x22,
    RECORD_ENCRYPTED = 0x2f,
    RECORD_SHEET = 0x85,
    RECORD_STYLE = 0xe0,
    RECORD_FORMAT = 0x41e,
    RECORD_BEGIN = 0x809,
    VERSION_97 = 0x600,
    RECORDS_MAX = 1 << 20,
};

bool xls_record_next(ole_stream *s, xls_record *record)
{
    uint8_t head[4];

    if (!ole_stream_read(s, head, sizeof head))
        return false;
    record->type = xls_u16(head);
    record->size = xls_u16(head + 2);
    return record->type != RECORD_END && ole_stream_read(s, record->bytes, record->size);
}

static void sheet_met(xls_book *book, const xls_record *record)
{
    if (record->size < 6 || book->sheet_count == XLS_SHEETS_MAX)
        return;
    book->sheets[book->sheet_count].at = xls_u32(record->bytes);
    book->sheets[book->sheet_count++].visible = (record->bytes[4] & 3) == 0 && record->bytes[5] == 0;
}

/* A code's letters are ASCII; other characters of it mean nothing and become blanks. */
static void format_met(xls_book *book, const xls_record *record)
{
    char code[256];
    size_t length = 0;

    if (record->size < 5 || book->code_count == XLS_STYLES_MAX)
        return;
    bool wide = record->bytes[4] & 1;
    size_t each = wide ? 2 : 1, count = xls_u16(record->bytes + 2), there = (record->size - 5) / each;
    if (count > there)
        count = there;
    for (; length < count && length < sizeof code - 1; length++) {
        const uint8_t *at = record->bytes + 5 + length * each;

        code[length] = (char)((wide && at[1]) || *at == 0 || *at > 0x7e ? ' ' : *at);
    }
    code[length] = '\0';
    book->codes[book->code_count].id = xls_u16(record->bytes);
    book->codes[book->code_count++].format = (uint8_t)number_format_of(code);
}

static void record_met(xls_book *book, const xls_record *record)
{
    switch (record->type) {
    case RECORD_BEGIN:
        book->since_97 = record->size >= 2 && xls_u16(record->bytes) == VERSION_97;
        break;
    case RECORD_ENCRYPTED:
        book->encrypted = true;
        break;
    case RECORD_EPOCH:
        book->since_1904 = record->size >= 2 && record->bytes[0] == 1;
        break;
    case RECORD_STYLE:
        if (record->size >= 4 && book->style_count < XLS_STYLES_MAX)
            book->format_ids[book->style_count++] = xls_u16(record->bytes + 2);
        break;
    case RECORD_FORMAT:
        if (book->since_97)
            format_met(book, record);
        break;
    case RECORD_SHEET:
        sheet_met(book, record);
        break;
    default:
        break;
    }
}

void xls_book_read(ole_stream *s, xls_book *book)
{
    xls_record *record = malloc(sizeof *record);

    for (int i = 0; record && i < RECORDS_MAX && !book->encrypted && xls_record_next(s, record); i++)
        record_met(book, record);
    free(record);
}

number_format xls_style_format(const xls_book *book, unsigned style)
{
    unsigned id = style < book->style_count ? book->format_ids[style] : 0;

    for (size_t i = 0; i < book->code_count; i++)
        if (book->codes[i].id == id)
            return (number_format)book->codes[i].format;
    return number_format_built_in(id);
}
