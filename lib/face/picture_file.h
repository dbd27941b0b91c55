/* JPEG and PNG files in memory, from anybody: the format is told by content, sizes are checked before memory is taken,
 * and damage of any kind ends in an answer. Thread-safe. */
#pragma once

#include "bitmap.h"

typedef enum {
    PICTURE_FILE_OK,
    PICTURE_FILE_FOREIGN,   /* neither JPEG nor PNG */
    PICTURE_FILE_BROKEN,    /* one of both, but damaged, cut short or of a kind that cannot be shown as RGB */
    PICTURE_FILE_TOO_LARGE, /* more than BITMAP_PIXELS_MAX pixels */
    PICTURE_FILE_NO_MEMORY,
} picture_file_result;

/* Decodes to upright RGB: EXIF orientation is applied, transparency becomes white. A JPEG may be decoded at a half, a
 * quarter or an eighth of its size as long as its longer side keeps `enough` pixels; 0: always whole. The picture is
 * the caller's, and untouched unless the result is PICTURE_FILE_OK. */
picture_file_result picture_file_decode(const uint8_t *bytes, size_t size, int enough, bitmap *ret_bitmap);

/* A baseline JPEG without any metadata; quality 1–100. The bytes are malloc's and the caller's. False when memory is
 * out. */
bool picture_file_encode(const face_picture *p, int quality, uint8_t **ret_bytes, size_t *ret_size);
