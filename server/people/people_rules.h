/* What may be written about a person. Pure: values in, verdict out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Cuts white space off both ends, in place; returns where the text begins. */
char *person_text_trim(char *text);

/* One line: no control characters. */
bool person_line_is_plain(const char *text);

/* Several lines: control characters other than line ends and tabs are not allowed. */
bool person_notes_are_plain(const char *text);
