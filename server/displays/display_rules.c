#include "display_rules.h"

#include <stdlib.h>

int display_seconds(int32_t wanted)
{
    if (wanted == 0)
        return DISPLAY_SECONDS;
    return wanted >= 1 && wanted <= DISPLAY_SECONDS_MAX ? (int)wanted : -1;
}

static int compare(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

size_t display_people_sort(int64_t *person_ids, size_t count)
{
    size_t kept = 0;

    if (count > 1)
        qsort(person_ids, count, sizeof *person_ids, compare);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || person_ids[kept - 1] != person_ids[i])
            person_ids[kept++] = person_ids[i];
    return kept;
}
