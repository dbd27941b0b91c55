#include "pictures.h"

#include <stdlib.h>

#include "fuzz.h"
#include "picture_file.h"

enum { WHOLE = 0, ENOUGH = 16, SMALL_PIXELS = 256 * 256 };

/* Reads every pixel, so that one that lies outside is found. */
static uint64_t sum_of(const bitmap *picture)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < (size_t)picture->width * (size_t)picture->height * 3; i++)
        sum += picture->rgb[i];
    return sum;
}

static void check_encoded(const bitmap *picture)
{
    face_picture view = bitmap_view(picture);
    uint8_t *bytes;
    size_t size;
    bitmap again;

    if (!picture_file_encode(&view, 90, &bytes, &size))
        return;
    REQUIRE(picture_file_decode(bytes, size, WHOLE, &again) == PICTURE_FILE_OK);
    REQUIRE(again.width == picture->width && again.height == picture->height);
    bitmap_done(&again);
    free(bytes);
}

static void check_decoded(const uint8_t *bytes, size_t size, int enough)
{
    bitmap picture;

    if (picture_file_decode(bytes, size, enough, &picture) != PICTURE_FILE_OK)
        return;
    REQUIRE(picture.width > 0 && picture.height > 0);
    REQUIRE((uint64_t)picture.width * (uint64_t)picture.height <= BITMAP_PIXELS_MAX);
    REQUIRE(sum_of(&picture) <= (uint64_t)picture.width * (uint64_t)picture.height * 3 * UINT8_MAX);
    if (picture.width * picture.height <= SMALL_PIXELS)
        check_encoded(&picture);
    bitmap_done(&picture);
}

void check_picture(const uint8_t *bytes, size_t size)
{
    check_decoded(bytes, size, WHOLE);
    check_decoded(bytes, size, ENOUGH);
}
