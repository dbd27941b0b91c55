/* Placing 68 points on a face: four blocks of separable convolutions, each adding up what its layers found. */
#include <math.h>

#include "engine.h"

#define SIDE 112 /* pixels of the input */
#define FEATURES 256

static const normalisation landmark_colours = {{122.782f, 117.001f, 104.298f}, 255};

/* Every layer reads the sum of the layers before it. `sum` is taken over; input is left alone. */
static tensor dense_block(workspace *space, tensor sum, const separable *layers)
{
    tensor seen = layer_copy(space, sum);

    for (int i = 1; i < LANDMARK_BLOCK_LAYERS; i++) {
        tensor more = layer_separable(space, seen, &layers[i], 1, ACTIVATION_NONE);
        tensor_return(space, seen);
        if (!more.data) {
            tensor_return(space, sum);
            return more;
        }
        layer_add(sum, more);
        tensor_return(space, more);
        seen = layer_copy(space, sum);
        layer_activate(seen, ACTIVATION_RELU);
    }
    tensor_return(space, sum);
    return seen;
}

static tensor landmark_network(workspace *space, const landmark_weights *w, tensor input)
{
    tensor t = layer_convolution(space, input, &w->first, 2, PADDING_SAME, ACTIVATION_RELU);

    t = dense_block(space, t, w->blocks[0]);
    for (int i = 1; i < LANDMARK_BLOCKS; i++) {
        tensor next = layer_separable(space, t, &w->blocks[i][0], 2, ACTIVATION_RELU);
        tensor_return(space, t);
        t = dense_block(space, next, w->blocks[i]);
    }
    return t;
}

bool face_landmarks(face_engine *engine, const face_picture *picture, face *f)
{
    const landmark_weights *w = &engine->weights->landmarks;
    float side = fmaxf(f->width, f->height), scale = side / SIDE;
    float left = f->x + f->width / 2 - side / 2, top = f->y + f->height / 2 - side / 2;
    placement where = {scale, 0, left + scale / 2 - 0.5f, top + scale / 2 - 0.5f};
    tensor input = input_sample(&engine->space, picture, where, SIDE, landmark_colours);
    tensor features = landmark_network(&engine->space, w, input);
    float mean[FEATURES], points[FACE_LANDMARKS * 2 + 16];
    bool done = layer_global_average(features, mean);

    _Static_assert(sizeof points / sizeof *points >= 144, "results come as whole panels");
    workspace_clear(&engine->space);
    if (!done)
        return false;

    layer_dense(mean, &w->head, points);
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        f->landmarks[i][0] = left + points[2 * i] * side;
        f->landmarks[i][1] = top + points[2 * i + 1] * side;
    }
    return true;
}
