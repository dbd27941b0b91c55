/* Who must hear of it when a person changes. Pure: values in, verdict out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What terminals know of a person. */
typedef struct {
    int64_t photo_id;
    const char *name, *number, *card_number;
} person_at_terminals;

/* Whether terminals that have the person must get him again. */
bool person_differs_at_terminals(const person_at_terminals *before, const person_at_terminals *after);
