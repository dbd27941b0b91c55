/* Picture files that no camera makes, for tests. All bytes are malloc's; what fails ends the test. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t *bytes;
    size_t size;
} made_file;

/* A JPEG of 16 × 8 pixels, its left upper quarter white and the rest black, with this EXIF orientation. */
made_file made_turned_jpeg(int orientation, int big_endian);

/* A progressive grey JPEG in so many scans (at most 190) of 64 × 64 pixels. */
made_file made_progressive_jpeg(int scans);

/* Of tight RGB rows. */
made_file made_png(const uint8_t *rgb, uint32_t width, uint32_t height);

/* 2 × 1 pixels: red, and wholly transparent. */
made_file made_transparent_png(void);

/* A sound PNG header that promises width × height pixels. */
made_file made_promising_png(uint32_t width, uint32_t height);

/* A PNG of so many white pixels, which compress to almost nothing. */
made_file made_white_png(uint32_t width, uint32_t height);
