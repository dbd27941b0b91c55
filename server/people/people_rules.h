/* What may be written of a person, and who must hear of it when he changes. Pure: values in, verdict out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "person.h"

/* Whether terminals that have the person must get him again: what they know of him changed, or the blacklist may name
 * him now. */
bool person_differs_at_terminals(const person *before, const person *after);

/* Whether an entry of the blacklist names others after the change than before. */
bool person_names_others(const person *before, const person *after);

/* A fault of what is written of a person: of a text, or of none (PERSON_TEXTS). reason and sentence are static. */
typedef struct {
    person_text text;
    const char *reason; /* "FIELD_REQUIRED", "FIELD_TOO_LONG", "VALUE_INVALID", "DATE_INVALID", "DATES_REVERSED" */
    const char *sentence;
} person_fault;

enum { PERSON_FAULTS_MAX = PERSON_TEXTS + 1 };

/* All faults of a person whose texts are trimmed UTF-8; returns how many. */
size_t person_faults(const person *p, person_fault ret_faults[PERSON_FAULTS_MAX]);
