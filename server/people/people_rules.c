#include "people_rules.h"

#include <string.h>

bool person_differs_at_terminals(const person_at_terminals *before, const person_at_terminals *after)
{
    return before->photo_id != after->photo_id || strcmp(before->name, after->name) != 0 ||
           strcmp(before->number, after->number) != 0 || strcmp(before->card_number, after->card_number) != 0;
}
