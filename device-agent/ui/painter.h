/* The screen's model as pixels, upright: what the camera sees, or a picture of the pass display, behind a band in the
 * mood's colour, and the lines above and below. For somebody who looks from the console. Each call is for itself, so
 * that any thread may paint. */
#pragma once

#include "bitmap.h"
#include "screen.h"

enum { PAINTER_WIDTH = 480, PAINTER_HEIGHT = 800 };

typedef struct {
    const screen *shown;
    /* Both are emptied as soon as they are drawn: a terminal has little memory. Without pixels: none. */
    bitmap *seen;     /* by the camera; NULL: nothing, or nothing that may be shown */
    bitmap *display;  /* the picture of shown->display; NULL: none, or it cannot be decoded */
    const char *font; /* file; NULL: one of the usual places */
} painter_scene;

/* wordless: there is no font, so no word was drawn. False: memory is out. */
bool painter_paint(const painter_scene *scene, bitmap *ret_picture, bool *ret_wordless);
