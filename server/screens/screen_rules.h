/* What is taken of a terminal that shows its screen, and how often. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SCREEN_LARGEST = 256 << 10, /* bytes of one picture */
    SCREEN_SIDE_MAX = 4096,     /* pixels */
};

/* Whether these bytes begin and end as a JPEG that a browser shows: its markers follow each other up to the picture
 * itself, and its sides are within the limit. What lies between is not looked at here, and is never decoded by us. */
bool screen_is_picture(const uint8_t *bytes, size_t size);

/* How long a terminal waits between two pictures, when so many show theirs at once: what all of them send together
 * stays bounded. */
uint32_t screen_interval_ms(int watched);
