/* Numbers as JSON writes them ⇄ machine numbers. Exact for integers of 64 bits, shortest round trip for floats. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the JSON number that the text begins with; 0 when it begins with none. */
size_t number_length(const char *text, size_t size);

/* The three below take a text of exactly number_length bytes. */

/* "1e3" and "2.0" are integers too; false when it is none or out of range. */
bool number_to_int64(const char *text, size_t length, int64_t *ret_value);
bool number_to_uint64(const char *text, size_t length, uint64_t *ret_value);

/* The nearest one; false when the number is too large, or too long to be meant as a number. */
bool number_to_double(const char *text, size_t length, double *ret_value);
bool number_to_float(const char *text, size_t length, float *ret_value);

/* Each writes at most NUMBER_TEXT_MAX characters, no NUL, and returns how many. The floats must be finite. */
enum { NUMBER_TEXT_MAX = 32, NUMBER_LENGTH_MAX = 1024 /* no double needs more digits than 767 */ };
size_t number_from_uint64(uint64_t value, char *out);
size_t number_from_int64(int64_t value, char *out);
size_t number_from_double(double value, char *out);
size_t number_from_float(float value, char *out);
