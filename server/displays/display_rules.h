/* What may be asked of a pass display. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DISPLAYS_MAX = 16,         /* of one terminal */
    DISPLAY_PEOPLE_MAX = 1000, /* of one terminal */
    DISPLAY_SECONDS = 5,       /* unless stated */
    DISPLAY_SECONDS_MAX = 60,
};

/* 0 stands for what is usual; -1 when it is out of range. */
int display_seconds(int32_t wanted);

/* In ascending order, each once; how many are left. */
size_t display_people_sort(int64_t *person_ids, size_t count);
