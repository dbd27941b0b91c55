/* The template of a face: the face is turned upright into a square of 150 pixels by its landmarks, and a residual
 * network describes it with 128 numbers. */
#include <math.h>
#include <string.h>

#include "engine.h"

#define SIDE 150     /* pixels of the input */
#define MARGIN 0.25f /* of the face's size, left free on every side */
#define FEATURES 256

/* The landmarks that steer: nose, eyes and the mouth down to its inner upper lip, without the chin and the lower lip,
 * which move when one speaks. */
#define STEERING_FROM 27
#define STEERING_UNTIL 65
#define LOWER_LIP_FROM 55
#define LOWER_LIP_UNTIL 60

static const normalisation template_colours = {{122.782f, 117.001f, 104.298f}, 256};

/* Where the network expects landmarks 27–64, in units of the face's size: the mean face it was trained with. */
static const float mean_face[STEERING_UNTIL - STEERING_FROM][2] = {
    {0.490127f, 0.203352f}, {0.490127f, 0.307009f}, {0.490127f, 0.409805f}, {0.490127f, 0.515625f},
    {0.36688f, 0.587326f},  {0.426036f, 0.609345f}, {0.490127f, 0.628106f}, {0.554217f, 0.609345f},
    {0.613373f, 0.587326f}, {0.121737f, 0.216423f}, {0.187122f, 0.178758f}, {0.265825f, 0.179852f},
    {0.334606f, 0.231733f}, {0.260918f, 0.245099f}, {0.182743f, 0.244077f}, {0.645647f, 0.231733f},
    {0.714428f, 0.179852f}, {0.793132f, 0.178758f}, {0.858516f, 0.216423f}, {0.79751f, 0.244077f},
    {0.719335f, 0.245099f}, {0.254149f, 0.780233f}, {0.340985f, 0.745405f}, {0.428858f, 0.727388f},
    {0.490127f, 0.742578f}, {0.551395f, 0.727388f}, {0.639268f, 0.745405f}, {0.726104f, 0.780233f},
    {0.642159f, 0.864805f}, {0.556721f, 0.902192f}, {0.490127f, 0.909281f}, {0.423532f, 0.902192f},
    {0.338094f, 0.864805f}, {0.290379f, 0.784792f}, {0.428096f, 0.778746f}, {0.490127f, 0.785343f},
    {0.552157f, 0.778746f}, {0.689874f, 0.784792f},
};

static bool steers(int landmark)
{
    return landmark < LOWER_LIP_FROM || landmark >= LOWER_LIP_UNTIL;
}

static float upright(float mean)
{
    return (MARGIN + mean) / (2 * MARGIN + 1) * SIDE;
}

/* The turn, scale and shift that bring the mean face nearest to the landmarks, in the sense of least squares. False
 * when the landmarks are no numbers. */
static bool place_upright(const face *f, placement *ret_where)
{
    float u = 0, v = 0, x = 0, y = 0, along = 0, across = 0, spread = 0;
    int count = 0;

    for (int i = STEERING_FROM; i < STEERING_UNTIL; i++) {
        if (!steers(i))
            continue;
        u += upright(mean_face[i - STEERING_FROM][0]);
        v += upright(mean_face[i - STEERING_FROM][1]);
        x += f->landmarks[i][0];
        y += f->landmarks[i][1];
        count++;
    }
    u /= (float)count;
    v /= (float)count;
    x /= (float)count;
    y /= (float)count;
    for (int i = STEERING_FROM; i < STEERING_UNTIL; i++) {
        if (!steers(i))
            continue;
        float du = upright(mean_face[i - STEERING_FROM][0]) - u, dv = upright(mean_face[i - STEERING_FROM][1]) - v;
        float dx = f->landmarks[i][0] - x, dy = f->landmarks[i][1] - y;
        along += du * dx + dv * dy;
        across += du * dy - dv * dx;
        spread += du * du + dv * dv;
    }
    along /= spread;
    across /= spread;
    *ret_where = (placement){along, across, x - along * u + across * v, y - across * u - along * v};
    return isfinite(ret_where->left) && isfinite(ret_where->top) && isfinite(along) && isfinite(across);
}

static tensor residual(workspace *space, tensor in, const residual_block *block)
{
    tensor out = {0}, inner, kept;

    if (block->halves) {
        inner = layer_convolution(space, in, &block->first, 2, PADDING_VALID, ACTIVATION_RELU);
        kept = layer_convolution(space, inner, &block->second, 1, PADDING_SAME, ACTIVATION_NONE);
        out = layer_average_onto(space, in, kept, ACTIVATION_RELU);
        tensor_return(space, kept);
    } else {
        inner = layer_convolution(space, in, &block->first, 1, PADDING_SAME, ACTIVATION_RELU);
        out = layer_convolution_plus(space, inner, &block->second, in, ACTIVATION_RELU);
    }
    tensor_return(space, inner);
    tensor_return(space, in);
    return out;
}

static tensor template_network(workspace *space, const template_weights *w, tensor input)
{
    tensor wide = layer_convolution(space, input, &w->first, 2, PADDING_VALID, ACTIVATION_RELU);
    tensor t = layer_max_pool(space, wide, 3, 2, PADDING_VALID);

    tensor_return(space, wide);
    for (int i = 0; i < TEMPLATE_BLOCKS; i++)
        t = residual(space, t, &w->blocks[i]);
    return t;
}

bool face_template(face_engine *engine, const face_picture *picture, const face *f,
                   float ret_template[FACE_TEMPLATE_LENGTH])
{
    const template_weights *w = &engine->weights->template;
    float mean[FEATURES];
    placement where;

    if (!place_upright(f, &where))
        return false;

    tensor input = input_sample(&engine->space, picture, where, SIDE, template_colours);
    tensor features = template_network(&engine->space, w, input);
    bool done = layer_global_average(features, mean);
    workspace_clear(&engine->space);
    if (done)
        layer_dense(mean, &w->head, ret_template);
    return done;
}

float face_distance(const float a[FACE_TEMPLATE_LENGTH], const float b[FACE_TEMPLATE_LENGTH])
{
    float sum = 0;

    for (int i = 0; i < FACE_TEMPLATE_LENGTH; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrtf(sum);
}

void face_template_pack(const float t[FACE_TEMPLATE_LENGTH], uint8_t out[FACE_TEMPLATE_BYTES])
{
    memcpy(out, t, FACE_TEMPLATE_BYTES); /* weights.c refuses to compile where floats are not little-endian */
}

bool face_template_unpack(const uint8_t *bytes, size_t size, float t[FACE_TEMPLATE_LENGTH])
{
    float numbers[FACE_TEMPLATE_LENGTH];

    if (size != FACE_TEMPLATE_BYTES)
        return false;
    memcpy(numbers, bytes, sizeof numbers);
    for (int i = 0; i < FACE_TEMPLATE_LENGTH; i++)
        if (!isfinite(numbers[i]))
            return false;
    memcpy(t, numbers, sizeof numbers);
    return true;
}
