#include "people_rules.h"

#include <string.h>

#include "date.h"
#include "line.h"

static bool differs(const person *before, const person *after, person_text text)
{
    return strcmp(before->texts[text], after->texts[text]) != 0;
}

bool person_names_others(const person *before, const person *after)
{
    return differs(before, after, PERSON_IDENTITY_NUMBER) || differs(before, after, PERSON_CARD_NUMBER);
}

bool person_differs_at_terminals(const person *before, const person *after)
{
    return before->photo_id != after->photo_id || differs(before, after, PERSON_NAME) ||
           differs(before, after, PERSON_NUMBER) || person_names_others(before, after);
}

static bool is_required(person_text text)
{
    return text == PERSON_NUMBER || text == PERSON_NAME;
}

/* reason NULL: nothing is wrong. */
static person_fault fault_of(person_text text, const char *value, size_t max_bytes)
{
    if (!*value && is_required(text))
        return (person_fault){text, "FIELD_REQUIRED", "This must be filled in."};
    if (strlen(value) > max_bytes)
        return (person_fault){text, "FIELD_TOO_LONG", "This is too long."};
    if (person_text_form(text) == PERSON_DATE) {
        if (*value && !date_is_real(value))
            return (person_fault){text, "DATE_INVALID", "This is no date of the form 2026-12-31."};
    } else if (person_text_form(text) == PERSON_LINES ? !lines_are_plain(value) : !line_is_plain(value)) {
        return (person_fault){text, "VALUE_INVALID", "This holds control characters."};
    }
    return (person_fault){text, NULL, NULL};
}

size_t person_faults(const person *p, person_fault ret_faults[PERSON_FAULTS_MAX])
{
    const char *from = p->texts[PERSON_EMPLOYED_FROM], *until = p->texts[PERSON_EMPLOYED_UNTIL];
    size_t count = 0;

    for (int i = 0; i < PERSON_TEXTS; i++) {
        person_fault fault = fault_of((person_text)i, p->texts[i], person_text_max_bytes(p->kind, (person_text)i));

        if (fault.reason)
            ret_faults[count++] = fault;
    }
    if (date_is_real(from) && date_is_real(until) && strcmp(from, until) > 0)
        ret_faults[count++] =
            (person_fault){PERSON_EMPLOYED_UNTIL, "DATES_REVERSED", "The last day is before the first."};
    return count;
}
