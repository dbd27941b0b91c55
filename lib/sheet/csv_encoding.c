#include "csv_encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sheet_parts.h"

enum { GROWTH = 3 /* bytes of UTF-8 that one byte of another encoding becomes at most */, TAIL_MAX = 8 };

struct csv_text {
    const sheet_file *file;
    uint64_t at;
    iconv_t converter; /* none for UTF-8 */
    size_t tail;       /* bytes of a character that the last piece ended in, at the front of raw */
    char raw[CSV_PIECE_MAX + TAIL_MAX];
    char utf8[(CSV_PIECE_MAX + TAIL_MAX) * GROWTH];
};

#define CONVERTER_NONE ((iconv_t)-1)

void csv_prepare(void)
{
    static const char *const sets[] = {"UTF-16LE", "UTF-16BE", "GB18030", "CP1252"};

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        (void)iconv_open("UTF-8", sets[i]); /* kept open: then what it loaded stays loaded */
}

/* What a text can be, byte by byte. */

typedef struct {
    bool has_nul, no_utf8, no_gb;
    uint8_t utf8_left, utf8_low, utf8_high; /* bytes that the character still needs, and the range of the next one */
    uint8_t gb_bytes, gb_lead;              /* of the character that is being read */
    uint64_t gb_common, gb_rare; /* characters of two bytes: those of GB2312, which most text is made of, and others */
} text_scan;

static void utf8_lead(text_scan *s, uint8_t byte)
{
    s->utf8_low = 0x80;
    s->utf8_high = 0xbf;
    if (byte < 0x80)
        return;
    if (byte < 0xc2 || byte > 0xf4) {
        s->no_utf8 = true;
        return;
    }
    s->utf8_left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte == 0xe0)
        s->utf8_low = 0xa0;
    else if (byte == 0xed)
        s->utf8_high = 0x9f;
    else if (byte == 0xf0)
        s->utf8_low = 0x90;
    else if (byte == 0xf4)
        s->utf8_high = 0x8f;
}

static void utf8_byte(text_scan *s, uint8_t byte)
{
    if (s->utf8_left == 0) {
        utf8_lead(s, byte);
        return;
    }
    if (byte < s->utf8_low || byte > s->utf8_high)
        s->no_utf8 = true;
    s->utf8_left--;
    s->utf8_low = 0x80;
    s->utf8_high = 0xbf;
}

static void gb_byte(text_scan *s, uint8_t byte)
{
    bool lead = byte >= 0x81 && byte <= 0xfe, digit = byte >= '0' && byte <= '9';

    switch (s->gb_bytes) {
    case 0:
        s->gb_bytes = lead;
        s->gb_lead = byte;
        s->no_gb = s->no_gb || (byte >= 0x80 && !lead);
        break;
    case 1:
        s->gb_bytes = digit ? 2 : 0;
        s->no_gb = s->no_gb || (!digit && (byte < 0x40 || byte == 0x7f || byte == 0xff));
        if (!digit && s->gb_lead >= 0xa1 && byte >= 0xa1)
            s->gb_common++;
        else if (!digit)
            s->gb_rare++;
        break;
    case 2:
        s->gb_bytes = 3;
        s->no_gb = s->no_gb || !lead;
        break;
    default:
        s->gb_bytes = 0;
        s->no_gb = s->no_gb || !digit;
        break;
    }
}

static void scan_piece(text_scan *s, const uint8_t *bytes, size_t n)
{
    s->has_nul = s->has_nul || memchr(bytes, 0, n);
    for (size_t i = 0; i < n; i++) {
        if (!s->no_utf8)
            utf8_byte(s, bytes[i]);
        if (!s->no_gb)
            gb_byte(s, bytes[i]);
    }
}

static bool scan_rest(csv_text *t, text_scan *s)
{
    for (uint64_t at = t->at; at < t->file->size; at += CSV_PIECE_MAX) {
        uint64_t left = t->file->size - at;
        size_t n = left < CSV_PIECE_MAX ? (size_t)left : CSV_PIECE_MAX;

        if (!sheet_file_read(t->file, at, t->raw, n))
            return false;
        scan_piece(s, (const uint8_t *)t->raw, n);
    }
    s->no_utf8 = s->no_utf8 || s->utf8_left > 0;
    s->no_gb = s->no_gb || s->gb_bytes > 0;
    return true;
}

/* The converter's name; NULL: UTF-8. */
static sp_status encoding_tell(csv_text *t, const char **ret_encoding)
{
    uint8_t mark[3] = {0};
    text_scan scan = {.utf8_low = 0x80, .utf8_high = 0xbf};
    size_t n = t->file->size < sizeof mark ? (size_t)t->file->size : sizeof mark;

    *ret_encoding = NULL;
    if (!sheet_file_read(t->file, 0, mark, n))
        return SHEET_NOT_READABLE;
    if (n >= 2 && ((mark[0] == 0xff && mark[1] == 0xfe) || (mark[0] == 0xfe && mark[1] == 0xff))) {
        *ret_encoding = mark[0] == 0xff ? "UTF-16LE" : "UTF-16BE";
        t->at = 2;
        return SP_DONE;
    }
    bool marked = n == 3 && memcmp(mark, "\xef\xbb\xbf", 3) == 0;
    t->at = marked ? 3 : 0;
    if (!scan_rest(t, &scan) || scan.has_nul || (marked && scan.no_utf8))
        return SHEET_NOT_READABLE;
    if (scan.no_utf8)
        *ret_encoding = !scan.no_gb && scan.gb_common >= scan.gb_rare ? "GB18030" : "CP1252";
    return SP_DONE;
}

sp_status csv_text_open(const sheet_file *file, csv_text **ret_text)
{
    csv_text *t = calloc(1, sizeof *t);
    const char *encoding;
    sp_status status;

    if (!t)
        return SHEET_NO_MEMORY;
    t->file = file;
    t->converter = CONVERTER_NONE;
    status = encoding_tell(t, &encoding);
    if (!sp_failed(status) && encoding && (t->converter = iconv_open("UTF-8", encoding)) == CONVERTER_NONE)
        status = SHEET_NO_MEMORY;
    if (sp_failed(status))
        csv_text_close(t);
    else
        *ret_text = t;
    return status;
}

void csv_text_close(csv_text *text)
{
    if (!text)
        return;
    if (text->converter != CONVERTER_NONE)
        iconv_close(text->converter);
    free(text);
}

/* A character that the piece ends in waits for the next one. */
static sp_status convert(csv_text *t, size_t n, bool last, size_t *ret_n)
{
    char *from = t->raw, *to = t->utf8;
    size_t left = n, room = sizeof t->utf8;

    if (iconv(t->converter, &from, &left, &to, &room) == (size_t)-1 && errno != EINVAL)
        return SHEET_NOT_READABLE;
    if (left > TAIL_MAX || (last && left > 0))
        return SHEET_NOT_READABLE;
    memmove(t->raw, from, left);
    t->tail = left;
    *ret_n = sizeof t->utf8 - room;
    return memchr(t->utf8, 0, *ret_n) ? SHEET_NOT_READABLE : SP_DONE;
}

sp_status csv_text_next(csv_text *text, const char **ret_piece, size_t *ret_n)
{
    uint64_t left = text->file->size - text->at;
    size_t n = left < CSV_PIECE_MAX ? (size_t)left : CSV_PIECE_MAX;

    *ret_piece = text->raw;
    *ret_n = n;
    if (n == 0)
        return SP_DONE;
    if (!sheet_file_read(text->file, text->at, text->raw + text->tail, n))
        return SHEET_NOT_READABLE;
    text->at += n;
    if (text->converter == CONVERTER_NONE)
        return SP_DONE;
    *ret_piece = text->utf8;
    return convert(text, text->tail + n, n == left, ret_n);
}
