#include "picture_formats.h"

#include <string.h>

picture_file_result picture_file_decode(const uint8_t *bytes, size_t size, int enough, bitmap *ret_bitmap)
{
    static const uint8_t jpeg[] = {0xff, 0xd8, 0xff};
    static const uint8_t png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    if (size >= sizeof jpeg && memcmp(bytes, jpeg, sizeof jpeg) == 0)
        return picture_jpeg_decode(bytes, size, enough, ret_bitmap);
    if (size >= sizeof png && memcmp(bytes, png, sizeof png) == 0)
        return picture_png_decode(bytes, size, ret_bitmap);
    return PICTURE_FILE_FOREIGN;
}
