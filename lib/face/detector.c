/* Finding faces: a small YOLO. Every cell of 32 × 32 pixels of the input proposes five boxes with a score; of boxes
 * that overlap the best stays. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

#define CELL 32 /* pixels of the input */
#define ANCHORS 5
#define ANCHOR_NUMBERS 5 /* x, y, width, height, score */
#define CANDIDATES_MAX 256
#define SCORE_MIN 0.5f
#define OVERLAP_MAX 0.4f /* of the smaller box; more is one face seen twice, or a box between two faces */

/* The longer side of the input. Large finds small faces; faces that fill the picture need small ones. */
static const int input_sizes[] = {416, 608, 224};

/* Width and height in cells of the boxes that the network corrects. */
static const float anchors[ANCHORS][2] = {
    {1.603231f, 2.094468f}, {6.041143f, 7.080126f}, {2.882459f, 3.518061f},
    {4.266906f, 5.178857f}, {9.041765f, 10.66308f},
};

static const normalisation detector_colours = {{117.001f, 114.697f, 97.404f}, 256};

typedef struct {
    face found[CANDIDATES_MAX];
    int count;
} candidates;

static float sigmoid(float x)
{
    return 1 / (1 + expf(-x));
}

static int by_score(const void *a, const void *b)
{
    const face *left = a, *right = b;

    return (left->score < right->score) - (left->score > right->score);
}

static int by_area(const void *a, const void *b)
{
    const face *left = a, *right = b;
    float area = left->width * left->height, other = right->width * right->height;

    return (area < other) - (area > other);
}

/* What both have in common, as a share of the smaller. */
static float overlap(const face *a, const face *b)
{
    float width = fminf(a->x + a->width, b->x + b->width) - fmaxf(a->x, b->x);
    float height = fminf(a->y + a->height, b->y + b->height) - fmaxf(a->y, b->y);

    if (width <= 0 || height <= 0)
        return 0;
    return width * height / fminf(a->width * a->height, b->width * b->height);
}

/* Takes the input over: its room serves the layers after the first, and the first two need the most by far. */
static tensor detector_network(workspace *space, const detector_weights *w, tensor input)
{
    tensor t = layer_convolution_pooled(space, input, &w->first, PADDING_VALID, ACTIVATION_LEAKY);

    tensor_return(space, input);
    for (int i = 0; i < DETECTOR_SEPARABLES; i++) {
        bool last = i == DETECTOR_SEPARABLES - 1;
        tensor next = last ? layer_separable(space, t, &w->middle[i], 1, ACTIVATION_LEAKY)
                           : layer_separable_pooled(space, t, &w->middle[i], ACTIVATION_LEAKY);

        tensor_return(space, t);
        t = next;
    }
    tensor pooled = layer_max_pool(space, t, 2, 1, PADDING_SAME);
    tensor_return(space, t);
    t = layer_convolution(space, pooled, &w->last, 1, PADDING_VALID, ACTIVATION_NONE);
    tensor_return(space, pooled);
    return t;
}

/* numbers: what the network says about one anchor of the cell; scale: pixels of the picture in one of the input. */
static void candidate_add(candidates *all, const float *numbers, const float anchor[2], int column, int row,
                          float scale)
{
    float score = sigmoid(numbers[4]);

    if (!(score >= SCORE_MIN) || all->count == CANDIDATES_MAX)
        return;

    float unit = CELL * scale;
    float width = expf(numbers[2]) * anchor[0] * unit, height = expf(numbers[3]) * anchor[1] * unit;
    if (!isfinite(width) || !isfinite(height))
        return;
    all->found[all->count++] = (face){.x = ((float)column + sigmoid(numbers[0])) * unit - width / 2,
                                      .y = ((float)row + sigmoid(numbers[1])) * unit - height / 2,
                                      .width = width,
                                      .height = height,
                                      .score = score};
}

static int whole_cells(int length)
{
    return (length + CELL - 1) / CELL * CELL;
}

static bool detect_at(face_engine *engine, const face_picture *picture, int input_size, candidates *all)
{
    float scale = (float)(picture->width > picture->height ? picture->width : picture->height) / (float)input_size;
    int width = (int)fmaxf(1, roundf((float)picture->width / scale));
    int height = (int)fmaxf(1, roundf((float)picture->height / scale));
    tensor input =
        input_fit(&engine->space, picture, width, height, whole_cells(width), whole_cells(height), detector_colours);
    tensor grid = detector_network(&engine->space, &engine->weights->detector, input);
    bool done = grid.data != NULL;

    for (int row = 0; done && row < grid.height; row++) {
        for (int column = 0; column < grid.width; column++) {
            const float *cell = grid.data + ((size_t)row * (size_t)grid.width + (size_t)column) * (size_t)grid.channels;

            for (int i = 0; i < ANCHORS; i++)
                candidate_add(all, cell + i * ANCHOR_NUMBERS, anchors[i], column, row, scale);
        }
    }
    workspace_clear(&engine->space);
    return done;
}

/* The best of those that overlap, largest first. */
static int keep_best(candidates *all, face *ret_faces, int max)
{
    int kept = 0;

    qsort(all->found, (size_t)all->count, sizeof *all->found, by_score);
    for (int i = 0; i < all->count; i++) {
        bool taken = false;

        for (int j = 0; j < kept && !taken; j++)
            taken = overlap(&all->found[i], &all->found[j]) > OVERLAP_MAX;
        if (!taken)
            all->found[kept++] = all->found[i];
    }
    qsort(all->found, (size_t)kept, sizeof *all->found, by_area);
    if (kept > max)
        kept = max;
    memcpy(ret_faces, all->found, (size_t)kept * sizeof *ret_faces);
    return kept;
}

static int detect(face_engine *engine, const face_picture *picture, bool thorough, face *ret_faces, int max)
{
    candidates all;

    all.count = 0;
    if (picture->width <= 0 || picture->height <= 0 || max <= 0)
        return 0;
    for (size_t i = 0; i < sizeof input_sizes / sizeof *input_sizes && (thorough || all.count == 0); i++) {
        if (!detect_at(engine, picture, input_sizes[i], &all))
            return -1;
        if (thorough)
            face_engine_rest(engine); /* buffers that grow from size to size would leave holes */
    }
    return keep_best(&all, ret_faces, max);
}

int face_detect(face_engine *engine, const face_picture *picture, face *ret_faces, int max)
{
    return detect(engine, picture, false, ret_faces, max);
}

int face_detect_all(face_engine *engine, const face_picture *picture, face *ret_faces, int max)
{
    return detect(engine, picture, true, ret_faces, max);
}
