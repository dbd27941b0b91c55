/* Words as pixels, with the fonts of the machine: the one that is named, then those of the usual places, each opened
 * when a character is not in those before. One line at a time, from left to right, without ligatures. One thread. */
#pragma once

#include <stdint.h>

#include "bitmap.h"

typedef struct lettering lettering;

typedef struct {
    uint8_t red, green, blue;
} colour;

/* font: a file, borrowed; NULL: only the usual places. NULL: memory is out. */
lettering *lettering_new(const char *font);
void lettering_free(lettering *l); /* accepts NULL */

/* Whether there is any font: without one nothing is drawn, and every text is 0 wide. */
bool lettering_works(lettering *l);

/* Pixels that the first `length` bytes of UTF-8 take; what is no UTF-8 is left out. */
int lettering_width(lettering *l, const char *text, size_t length, int size);

/* Draws them with the baseline at y, beginning at x; what lies outside of the picture is left out. */
void lettering_draw(lettering *l, bitmap *onto, const char *text, size_t length, int size, int x, int y, colour ink);
