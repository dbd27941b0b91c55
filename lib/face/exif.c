/* One number out of a photo's metadata: how the camera was held. */
#include <string.h>

#include "picture_formats.h"

#define ORIENTATION_TAG 0x0112
#define SHORT_TYPE 3
#define ENTRY_BYTES 12

typedef struct {
    const uint8_t *bytes;
    size_t size;
    bool big_endian;
} tiff;

static uint32_t number_at(const tiff *t, size_t at, size_t length)
{
    uint32_t value = 0;

    for (size_t i = 0; i < length; i++)
        value |= (uint32_t)t->bytes[at + i] << 8 * (t->big_endian ? length - 1 - i : i);
    return value;
}

int exif_orientation(const uint8_t *segment, size_t size)
{
    if (size < 14 || memcmp(segment, "Exif\0", 6) != 0)
        return 1;

    tiff t = {segment + 6, size - 6, segment[6] == 'M'};
    size_t directory = number_at(&t, 4, 4);
    if (directory > t.size - 2 || number_at(&t, 2, 2) != 42)
        return 1;

    size_t entries = number_at(&t, directory, 2);
    for (size_t i = 0, at = directory + 2; i < entries && at + ENTRY_BYTES <= t.size; i++, at += ENTRY_BYTES) {
        if (number_at(&t, at, 2) != ORIENTATION_TAG || number_at(&t, at + 2, 2) != SHORT_TYPE)
            continue;
        uint32_t orientation = number_at(&t, at + 8, 2);
        return orientation >= 1 && orientation <= 8 ? (int)orientation : 1;
    }
    return 1;
}
