/* Numbers, moments and characters of sheets as texts. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "number_format.h"

#define CELL_TEXT_MAX 400 /* bytes; a number without exponent has up to 327 */

/* The shortest text that reads as the same number, without exponent. False for what is no finite number. Both return
 * lengths through ret_length and end the text with a NUL. */
bool cell_text_of_number(double value, char out[CELL_TEXT_MAX], size_t *ret_length);

/* As above from decimal text, in which whole numbers may have more digits than a double keeps. */
bool cell_text_of_decimal(const char *text, size_t length, char out[CELL_TEXT_MAX], size_t *ret_length);

/* Days since the epoch of the workbook as the format shows them; false when no calendar has such a day, and for formats
 * that show numbers. */
bool cell_text_of_moment(double days, number_format format, bool since_1904, char out[CELL_TEXT_MAX],
                         size_t *ret_length);

/* One character that is no surrogate, in UTF-8; returns its bytes, 1 to 4. */
size_t utf8_put(uint32_t point, char *out);
