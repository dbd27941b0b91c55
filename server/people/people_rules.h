/* What may be written about a person, and who must hear of it. Pure: values in, verdict out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Cuts white space off both ends, in place; returns where the text begins. */
char *person_text_trim(char *text);

/* One line: no control characters, and none that turn the direction of what follows on a terminal's screen. */
bool person_line_is_plain(const char *text);

/* Several lines: the same, but line ends and tabs are allowed. */
bool person_notes_are_plain(const char *text);

/* What terminals know of a person. */
typedef struct {
    int64_t photo_id;
    const char *name, *number, *card_number;
} person_at_terminals;

/* Whether terminals that have the person must get him again. */
bool person_differs_at_terminals(const person_at_terminals *before, const person_at_terminals *after);
