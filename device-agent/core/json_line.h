/* One JSON object on one line, built member by member. Names are constants of ours; values are escaped. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *out;
    size_t cap;
    size_t size;
    bool full; /* something did not fit: the line is not to be used */
    bool first;
} json_line;

void json_begin(json_line *j, char *out, size_t cap);
void json_text(json_line *j, const char *name, const char *value);
void json_number(json_line *j, const char *name, int64_t value);
void json_id(json_line *j, const char *name, int64_t id); /* as text: a JavaScript number is too short for it */
void json_decimal(json_line *j, const char *name, double value, int digits);
void json_bool(json_line *j, const char *name, bool value);
void json_open(json_line *j, const char *name);      /* a nested object … */
void json_open_list(json_line *j, const char *name); /* or list … */
void json_open_item(json_line *j);                   /* of objects … */
void json_close(json_line *j, char bracket);         /* '}' or ']' */

/* Ends the line with "}\n"; false when it did not fit. */
bool json_end(json_line *j);
