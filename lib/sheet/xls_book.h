/* What a workbook of the nineties says about itself, read beside libfreexl, which does not tell: which sheets are
 * hidden, whether there is a password. And the cells that libfreexl leaves out: results of formulas, booleans, errors,
 * texts with fonts of their own. Everything here is bounds-checked; a record that makes no sense ends the reading of
 * records. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "number_format.h"
#include "ole.h"
#include "sheet_row.h"

#define XLS_SHEETS_MAX 1024
#define XLS_STYLES_MAX 4096

typedef struct {
    bool encrypted, since_1904;
    bool since_97; /* the version that libfreexl's gaps are filled for; older ones hold texts in character sets */
    size_t sheet_count;
    struct {
        uint32_t at;  /* in the stream */
        bool visible; /* and with cells */
    } sheets[XLS_SHEETS_MAX];
    size_t style_count;
    uint16_t format_ids[XLS_STYLES_MAX];
    size_t code_count;
    struct {
        uint16_t id;
        uint8_t format; /* number_format */
    } codes[XLS_STYLES_MAX];
} xls_book;

/* The stream is at its beginning. */
void xls_book_read(ole_stream *s, xls_book *book);

number_format xls_style_format(const xls_book *book, unsigned style);

/* A cell that libfreexl has nothing for, or only a number. */
typedef struct {
    uint16_t row, column;
    uint32_t at; /* in texts */
} xls_cell;

typedef struct {
    xls_cell *cells; /* by row, then column, then as they came */
    size_t count, room;
    char *texts; /* each with a NUL */
    size_t texts_size, texts_room;
} xls_cells;

/* The stream is at the beginning of the sheet. SHEET_NO_MEMORY. */
SP_MUST_USE sp_status xls_cells_read(ole_stream *s, const xls_book *book, xls_cells *cells);
void xls_cells_done(xls_cells *cells);

/* A record: its type, and its bytes as far as they are in one piece. */
#define XLS_RECORD_MAX 65536
typedef struct {
    unsigned type;
    size_t size;
    uint8_t bytes[XLS_RECORD_MAX];
} xls_record;

/* False at the end of the part of the stream that is about the workbook, or one sheet. */
bool xls_record_next(ole_stream *s, xls_record *record);

static inline uint16_t xls_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t xls_u32(const uint8_t *at)
{
    return xls_u16(at) | (uint32_t)xls_u16(at + 2) << 16;
}
