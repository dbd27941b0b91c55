/* The parts of a workbook, each read by a file of its own. */
#pragma once

#include "archive.h"
#include "number_format.h"
#include "row_builder.h"

#define XLSX_PART_NAME_MAX 256 /* bytes, with the NUL */

/* The workbook: which parts there are. */
typedef struct {
    char sheet[XLSX_PART_NAME_MAX];   /* the part of the sheet that is wanted */
    char strings[XLSX_PART_NAME_MAX]; /* "": none */
    char styles[XLSX_PART_NAME_MAX];  /* "": none */
    char name[SHEET_NAME_BYTES_MAX + 1];
    bool since_1904;
} xlsx_book;

/* sheet: which of the visible ones. */
SP_MUST_USE sp_status xlsx_book_read(archive *a, int sheet, xlsx_book *ret_book);

/* Number formats, by the number of a cell's style. */
typedef struct {
    uint8_t *formats; /* number_format */
    size_t count;
} xlsx_styles;

SP_MUST_USE sp_status xlsx_styles_read(archive *a, const char *part, xlsx_styles *ret_styles);
number_format xlsx_style_format(const xlsx_styles *styles, unsigned style);

/* Texts that cells refer to, one behind the other. */
typedef struct {
    char *bytes;
    uint32_t *at; /* where each begins; XLSX_STRING_CUT: it was too long for a cell and is cut */
    size_t size, room, count, count_room;
} xlsx_strings;

#define XLSX_STRING_CUT 0x80000000u
#define XLSX_STRINGS_BYTES_MAX (192u << 20) /* 100 000 rows of 15 texts with 128 bytes each */
#define XLSX_STRINGS_MAX ((size_t)SHEET_ROWS_MAX * SHEET_COLUMNS_MAX)

SP_MUST_USE sp_status xlsx_strings_read(archive *a, const char *part, xlsx_strings *strings);
void xlsx_strings_done(xlsx_strings *strings);

/* The sheet itself. */
SP_MUST_USE sp_status xlsx_sheet_read(archive *a, const xlsx_book *book, const xlsx_styles *styles,
                                      const xlsx_strings *strings, row_builder *rows);
