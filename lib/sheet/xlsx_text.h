/* Text of an element, put together from the pieces that a parser hands out. Blanks at both ends stay, also where
 * xml:space does not say so: there are programs that never say it. */
#pragma once

#include <stddef.h>

#include "sheet_row.h"

/* A character may be written "_x0041_", so that many bytes are needed to know whether a cell has to be cut. */
#define XLSX_TEXT_MAX (SHEET_CELL_BYTES_MAX * 7 + 16)

typedef struct {
    size_t length;
    char bytes[XLSX_TEXT_MAX + 1];
} xlsx_text;

void xlsx_text_clear(xlsx_text *t);
void xlsx_text_append(xlsx_text *t, const char *text, size_t length); /* what is too much is dropped */

/* Resolves "_x000D_" and the like and ends with a NUL. */
void xlsx_text_finish(xlsx_text *t);
