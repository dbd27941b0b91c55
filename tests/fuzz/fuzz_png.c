/* PNG files from anybody. The checksums of their chunks are put right first: else hardly any change would be looked at.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fuzz.h"
#include "pictures.h"

enum { SIGNATURE = 8, FRAME = 12 }; /* length, type and checksum of a chunk */

static uint32_t big_endian(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void checksums_put_right(uint8_t *bytes, size_t size)
{
    size_t at = SIGNATURE;

    while (at + FRAME <= size && big_endian(bytes + at) <= size - at - FRAME) {
        size_t length = big_endian(bytes + at);
        uint32_t sum = (uint32_t)crc32(0, bytes + at + 4, (uInt)(length + 4));

        for (int i = 0; i < 4; i++)
            bytes[at + 8 + length + (size_t)i] = (uint8_t)(sum >> (24 - 8 * i));
        at += FRAME + length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes = malloc(size + 1);

    REQUIRE(bytes);
    memcpy(bytes, data, size);
    checksums_put_right(bytes, size);
    check_picture(bytes, size);
    free(bytes);
    return 0;
}
