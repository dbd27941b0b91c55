/* The two formats behind picture_file.h; callers have told them apart. */
#pragma once

#include "picture_file.h"

picture_file_result picture_jpeg_decode(const uint8_t *bytes, size_t size, int enough, bitmap *ret_bitmap);
picture_file_result picture_png_decode(const uint8_t *bytes, size_t size, bitmap *ret_bitmap);

/* Orientation 1–8 as EXIF counts them, from the body of a JPEG's APP1 segment; 1 when it says nothing sensible. */
int exif_orientation(const uint8_t *segment, size_t size);
