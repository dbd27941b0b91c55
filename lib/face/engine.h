/* What the three networks share: the engine behind face.h, and how a picture becomes a network's input. */
#pragma once

#include "face.h"
#include "tensor.h"
#include "weights.h"

struct face_engine {
    const face_weights *weights;
    workspace space;
};

/* Where a pixel of a network's input lies in the picture: turned, scaled and moved.
 *   x = along·u - across·v + left,  y = across·u + along·v + top */
typedef struct {
    float along, across, left, top;
} placement;

/* What is subtracted from red, green and blue, and what the difference is divided by. */
typedef struct {
    float mean[3];
    float divisor;
} normalisation;

/* A square input of `side` pixels, averaged over the pixels that each one covers; black outside of the picture. */
tensor input_sample(workspace *space, const face_picture *picture, placement where, int side, normalisation n);

/* The whole picture in the top left corner of width × height, its longer side filling it; black beside it. */
tensor input_fit(workspace *space, const face_picture *picture, int fit_width, int fit_height, int width, int height,
                 normalisation n);
