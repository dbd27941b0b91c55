/* What is taken for a picture of a screen, and how often. */
#include <stdlib.h>
#include <string.h>

#include "screen_rules.h"
#include "suite.h"

#define START "\xff\xd8"
#define NOTE "\xff\xe0\x00\x04zz"
#define FRAME "\xff\xc0\x00\x0b\x08\x03\x20\x01\xe0\x01\x01\x11\x00"
#define SCAN "\xff\xda\x00\x02\x01\x02\x03"
#define END "\xff\xd9"

/* The literal without its closing zero, in memory of exactly its size, so that a look beyond it shows. */
#define TAKEN(literal) taken(literal, sizeof literal - 1)

static bool taken(const char *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, size);
    const bool answer = screen_is_picture(copy, size);
    free(copy);
    return answer;
}

START_TEST(a_picture_has_a_frame_before_its_scan)
{
    ck_assert(TAKEN(START FRAME SCAN END));
    ck_assert(TAKEN(START NOTE FRAME NOTE SCAN END));
    ck_assert(!TAKEN(START SCAN END));
    ck_assert(!TAKEN(START SCAN FRAME END));
    ck_assert(!TAKEN(START FRAME END));
    ck_assert(!TAKEN(START FRAME FRAME SCAN END));
    ck_assert(!TAKEN(START START FRAME SCAN END));
    ck_assert(!TAKEN(START "x" FRAME SCAN END));
}
END_TEST

START_TEST(it_begins_and_ends_as_one)
{
    ck_assert(!TAKEN(""));
    ck_assert(!TAKEN(START));
    ck_assert(!TAKEN(START END));
    ck_assert(!TAKEN("GIF89a" FRAME SCAN END));
    ck_assert(!TAKEN(START FRAME SCAN));
    ck_assert(!TAKEN(START FRAME SCAN END "<script>"));
}
END_TEST

START_TEST(its_sides_are_sound)
{
    ck_assert(TAKEN(START "\xff\xc2\x00\x0b\x08\x10\x00\x10\x00\x03\x01\x11\x00" SCAN END)); /* progressive, 4096 */
    ck_assert(!TAKEN(START "\xff\xc0\x00\x0b\x08\x10\x01\x01\xe0\x01\x01\x11\x00" SCAN END));
    ck_assert(!TAKEN(START "\xff\xc0\x00\x0b\x08\x00\x00\x01\xe0\x01\x01\x11\x00" SCAN END));
    ck_assert(!TAKEN(START "\xff\xc0\x00\x0b\x08\x03\x20\x00\x00\x01\x01\x11\x00" SCAN END));
    ck_assert(!TAKEN(START "\xff\xc0\x00\x0b\x0c\x03\x20\x01\xe0\x01\x01\x11\x00" SCAN END)); /* 12 bits */
    ck_assert(!TAKEN(START "\xff\xc0\x00\x0b\x08\x03\x20\x01\xe0\x04\x01\x11\x00" SCAN END)); /* 4 colours */
    ck_assert(!TAKEN(START "\xff\xc9\x00\x0b\x08\x03\x20\x01\xe0\x01\x01\x11\x00" SCAN END)); /* arithmetic */
}
END_TEST

START_TEST(a_segment_ends_within_the_picture)
{
    static const char whole[] = START NOTE FRAME SCAN END;

    for (size_t size = 0; size < sizeof whole - 1; size++)
        ck_assert(!taken(whole, size));
    ck_assert(!TAKEN(START "\xff\xe0\xff\xff" FRAME SCAN END));
    ck_assert(!TAKEN(START "\xff\xe0\x00\x01" FRAME SCAN END));
    ck_assert(!TAKEN(START "\xff\xc0\x00\x08\x08\x03\x20\x01\xe0\x01" SCAN END)); /* too short to say its sides */
    ck_assert(!TAKEN(START FRAME "\xff\xda\x00\xff" END));
}
END_TEST

START_TEST(it_has_256_kib_at_most)
{
    static uint8_t large[SCREEN_LARGEST + 1];
    static const char head[] = START FRAME SCAN;

    memcpy(large, head, sizeof head - 1);
    memcpy(large + SCREEN_LARGEST - 2, END, 2);
    ck_assert(screen_is_picture(large, SCREEN_LARGEST));
    memcpy(large + SCREEN_LARGEST - 1, END, 2);
    ck_assert(!screen_is_picture(large, SCREEN_LARGEST + 1));
}
END_TEST

START_TEST(many_screens_are_shown_more_slowly)
{
    ck_assert_uint_eq(screen_interval_ms(0), 1000);
    ck_assert_uint_eq(screen_interval_ms(16), 1000);
    ck_assert_uint_eq(screen_interval_ms(17), 2000);
    ck_assert_uint_eq(screen_interval_ms(160), 10000);
}
END_TEST

int main(void)
{
    return RUN_SUITE("screen rules", 20, a_picture_has_a_frame_before_its_scan, it_begins_and_ends_as_one,
                     its_sides_are_sound, a_segment_ends_within_the_picture, it_has_256_kib_at_most,
                     many_screens_are_shown_more_slowly);
}
