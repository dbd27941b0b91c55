/* A picture of the screen in the making, on a thread of its own and of lower priority: recognition does not wait for
 * it. What it is made of is copied before painting_begin returns. */
#pragma once

#include "bitmap.h"
#include "screen.h"

typedef struct painting painting;

/* Of the model with what the camera saw last; or, when there is a framebuffer, of that alone. */
typedef struct {
    const screen *shown;
    const uint8_t *seen; /* JPEG; NULL: nothing is to be seen of it */
    size_t seen_size;
    bitmap *framebuffer; /* its pixels are taken over, unless painting_begin fails; NULL: paint the model */
    const char *font;    /* file; NULL: one of the usual places */
} painting_order;

typedef struct {
    uint8_t *jpeg; /* malloc's, of at most SCREEN_FRAME_MAX bytes; NULL: it could not be made */
    size_t size;
    bool wordless; /* there is no font */
    int64_t milliseconds;
} painting_result;

/* NULL: memory is out, or no thread can be had. */
painting *painting_begin(const painting_order *order);
bool painting_is_done(const painting *p);

/* Waits for it if need be, and frees it. */
painting_result painting_end(painting *p);
