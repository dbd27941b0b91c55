/* PNG through libpng's simplified interface, which keeps its longjmp to itself. */
#include "picture_formats.h"

#include <png.h>

picture_file_result picture_png_decode(const uint8_t *bytes, size_t size, bitmap *ret_bitmap)
{
    static const png_color white = {255, 255, 255};
    png_image image = {.version = PNG_IMAGE_VERSION};
    bitmap decoded;

    if (!png_image_begin_read_from_memory(&image, bytes, size))
        return PICTURE_FILE_BROKEN;
    if ((uint64_t)image.width * image.height > BITMAP_PIXELS_MAX) {
        png_image_free(&image);
        return PICTURE_FILE_TOO_LARGE;
    }
    image.format = PNG_FORMAT_RGB;
    if (!bitmap_init(&decoded, (int)image.width, (int)image.height)) {
        png_image_free(&image);
        return PICTURE_FILE_NO_MEMORY;
    }
    if (!png_image_finish_read(&image, &white, decoded.rgb, 0, NULL)) { /* frees the image either way */
        bitmap_done(&decoded);
        return PICTURE_FILE_BROKEN;
    }
    *ret_bitmap = decoded;
    return PICTURE_FILE_OK;
}
