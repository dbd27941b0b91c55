/* Any other picture than a photo of somebody: decoded and drawn anew, so that nothing is left of its file but what can
 * be seen. Runs inside the sandbox. */
#pragma once

#include "examine.h"

#define REDRAW_SIDE 1280 /* pixels of the longer side of the result */

/* Of the result photo, photo_size, width, height and verdict are set. False when memory is out. Otherwise
 * examination_done is due. */
bool redraw(const uint8_t *bytes, size_t size, examination *ret_examination);
