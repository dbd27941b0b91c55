/* A simulated face reader: it knows a picture again only if it is the very same picture, pixel by pixel. For tests of
 * everything around recognition, where no weights are at hand. A picture of one colour has no face in it. */
#pragma once

#include "hal.h"

#define EXACT_FACE_ENGINE "simulated/exact-picture"

face_reader exact_face_reader(void);
