#include "layers.h"

#include <math.h>
#include <string.h>

#include "gemm.h"

#define PATCHES_FLOATS 65536 /* what fits the second-level cache beside the filters */
#define PATCHES_ROWS_MIN 24

/* How a window of `size` moves over one side of the input. */
typedef struct {
    int steps;  /* results along this side */
    int before; /* zeros before the first pixel */
} window;

static window window_over(int length, int size, int stride, padding pad)
{
    if (pad == PADDING_VALID)
        return (window){(length - size) / stride + 1, 0};

    int steps = (length + stride - 1) / stride;
    int missing = (steps - 1) * stride + size - length;
    return (window){steps, missing > 0 ? missing / 2 : 0};
}

static bool covers(tensor in, int size)
{
    return in.data && in.height >= size && in.width >= size;
}

static void activate(float *values, size_t count, activation act)
{
    if (act == ACTIVATION_RELU)
        for (size_t i = 0; i < count; i++)
            values[i] = values[i] > 0 ? values[i] : 0;
    else if (act == ACTIVATION_LEAKY)
        for (size_t i = 0; i < count; i++)
            values[i] = values[i] > 0 ? values[i] : 0.1f * values[i];
}

static void add(float *to, const float *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += from[i];
}

/* The pixels under the window at (top, left) as one row: size × size × channels, zeros outside the picture. */
static void patch_copy(tensor in, int top, int left, int size, float *to)
{
    size_t channels = (size_t)in.channels;
    int from = left < 0 ? -left : 0;
    int until = left + size > in.width ? in.width - left : size;

    for (int y = top; y < top + size; y++, to += (size_t)size * channels) {
        if (y < 0 || y >= in.height || until <= from) {
            memset(to, 0, (size_t)size * channels * sizeof(float));
            continue;
        }
        const float *row = in.data + ((size_t)y * (size_t)in.width + (size_t)(left + from)) * channels;
        memset(to, 0, (size_t)from * channels * sizeof(float));
        memcpy(to + (size_t)from * channels, row, (size_t)(until - from) * channels * sizeof(float));
        memset(to + (size_t)until * channels, 0, (size_t)(size - until) * channels * sizeof(float));
    }
}

/* How many results are computed in one go, so that their patches stay in the cache. */
static size_t rows_at_once(size_t depth)
{
    size_t rows = PATCHES_FLOATS / depth / PATCHES_ROWS_MIN * PATCHES_ROWS_MIN;

    return rows < PATCHES_ROWS_MIN ? PATCHES_ROWS_MIN : rows;
}

/* Adds one tap of a depthwise filter: a run of pixels times the weights of its channels. */
static void depthwise_pixel(tensor in, const float *weights, int top, int left, float *to)
{
    size_t channels = (size_t)in.channels;

    memset(to, 0, channels * sizeof(float));
    for (int ky = 0; ky < 3; ky++) {
        for (int kx = 0; kx < 3; kx++) {
            int y = top + ky, x = left + kx;

            if (y < 0 || y >= in.height || x < 0 || x >= in.width)
                continue;
            const float *pixel = in.data + ((size_t)y * (size_t)in.width + (size_t)x) * channels;
            const float *weight = weights + (size_t)(ky * 3 + kx) * channels;
            for (size_t c = 0; c < channels; c++)
                to[c] += pixel[c] * weight[c];
        }
    }
}

/* Inside the picture all nine taps exist, and their sum needs no detour through memory. */
static void depthwise_inner(tensor in, const float *weights, int top, int left, float *restrict to)
{
    size_t channels = (size_t)in.channels, row = (size_t)in.width * channels;
    const float *p = in.data + (size_t)top * row + (size_t)left * channels, *q = p + row, *r = q + row;
    const float *w = weights;
    size_t n = channels;

    for (size_t c = 0; c < n; c++)
        to[c] = p[c] * w[c] + p[c + n] * w[c + n] + p[c + 2 * n] * w[c + 2 * n] + q[c] * w[c + 3 * n] +
                q[c + n] * w[c + 4 * n] + q[c + 2 * n] * w[c + 5 * n] + r[c] * w[c + 6 * n] + r[c + n] * w[c + 7 * n] +
                r[c + 2 * n] * w[c + 8 * n];
}

/* A convolution over a picture. */
typedef struct {
    const convolution *filter;
    const float *depthwise; /* 9 × channels that come first, by the window, and the filter then is 1 × 1; or NULL */
    int stride;
    padding pad;
    const float *plus; /* has the result's shape; or NULL */
    activation act;
} pass;

static int pass_window(const pass *p)
{
    return p->depthwise ? 3 : p->filter->size;
}

static size_t pass_depth(const pass *p)
{
    return (size_t)p->filter->size * (size_t)p->filter->size * (size_t)p->filter->inputs;
}

/* Whether there is a result, and room for its patches. */
static bool pass_prepare(workspace *space, const pass *p, tensor in)
{
    size_t depth = pass_depth(p);

    return covers(in, p->pad == PADDING_VALID ? pass_window(p) : 1) && in.channels == p->filter->inputs &&
           workspace_patches(space, rows_at_once(depth) * depth);
}

/* What the product needs for one result, whose window is at (top, left). */
static void patch_fill(const pass *p, tensor in, int top, int left, float *to)
{
    if (!p->depthwise)
        patch_copy(in, top, left, p->filter->size, to);
    else if (top >= 0 && left >= 0 && top + 3 <= in.height && left + 3 <= in.width)
        depthwise_inner(in, p->depthwise, top, left, to);
    else
        depthwise_pixel(in, p->depthwise, top, left, to);
}

/* Some rows of the result, from row top on: `out` holds these alone. */
static void pass_run(workspace *space, const pass *p, tensor in, int top, tensor out)
{
    size_t depth = pass_depth(p), columns = (size_t)out.channels;
    size_t total = (size_t)out.height * (size_t)out.width;
    size_t at_once = rows_at_once(depth);
    bool direct = !p->depthwise && p->filter->size == 1 && p->stride == 1;
    float *patches = space->patches;
    int above = window_over(in.height, pass_window(p), p->stride, p->pad).before;
    int before = window_over(in.width, pass_window(p), p->stride, p->pad).before;

    for (size_t first = 0; first < total; first += at_once) {
        size_t rows = total - first < at_once ? total - first : at_once;
        float *result = out.data + first * columns;

        for (size_t r = 0; !direct && r < rows; r++) {
            int y = top + (int)((first + r) / (size_t)out.width), x = (int)((first + r) % (size_t)out.width);
            patch_fill(p, in, y * p->stride - above, x * p->stride - before, patches + r * depth);
        }
        gemm(&(gemm_operands){.rows = direct ? in.data + ((size_t)top * (size_t)out.width + first) * depth : patches,
                              .count = rows,
                              .panels = p->filter->panels,
                              .bias = p->filter->bias,
                              .depth = depth,
                              .columns = columns,
                              .result = result});
        if (p->plus)
            add(result, p->plus + first * columns, rows * columns);
        activate(result, rows * columns, p->act);
    }
}

static tensor pass_whole(workspace *space, const pass *p, tensor in)
{
    if (!pass_prepare(space, p, in))
        return (tensor){0};

    tensor out = tensor_take(space, window_over(in.height, pass_window(p), p->stride, p->pad).steps,
                             window_over(in.width, pass_window(p), p->stride, p->pad).steps, p->filter->outputs);
    if (out.data)
        pass_run(space, p, in, 0, out);
    return out;
}

tensor layer_convolution(workspace *space, tensor in, const convolution *c, int stride, padding pad, activation act)
{
    return pass_whole(space, &(pass){c, NULL, stride, pad, NULL, act}, in);
}

tensor layer_convolution_plus(workspace *space, tensor in, const convolution *c, tensor plus, activation act)
{
    if (!plus.data || plus.height != in.height || plus.width != in.width || plus.channels != c->outputs)
        return (tensor){0};
    return pass_whole(space, &(pass){c, NULL, 1, PADDING_SAME, plus.data, act}, in);
}

tensor layer_separable(workspace *space, tensor in, const separable *s, int stride, activation act)
{
    return pass_whole(space, &(pass){&s->pointwise, s->depthwise, stride, PADDING_SAME, NULL, act}, in);
}

static void max_under_window(tensor in, int top, int left, int size, float *to)
{
    size_t channels = (size_t)in.channels;

    for (size_t c = 0; c < channels; c++)
        to[c] = -INFINITY;
    for (int y = top; y < top + size && y < in.height; y++) {
        for (int x = left; x < left + size && x < in.width; x++) {
            const float *pixel = in.data + ((size_t)y * (size_t)in.width + (size_t)x) * channels;

            for (size_t c = 0; c < channels; c++)
                to[c] = pixel[c] > to[c] ? pixel[c] : to[c];
        }
    }
}

tensor layer_max_pool(workspace *space, tensor in, int size, int stride, padding pad)
{
    if (!covers(in, pad == PADDING_VALID ? size : 1))
        return (tensor){0};

    int height = window_over(in.height, size, stride, pad).steps;
    int width = window_over(in.width, size, stride, pad).steps;
    tensor out = tensor_take(space, height, width, in.channels);
    float *to = out.data;

    for (int y = 0; to && y < height; y++)
        for (int x = 0; x < width; x++, to += in.channels)
            max_under_window(in, y * stride, x * stride, size, to);
    return out;
}

/* Two rows of the convolution at a time. */
static tensor pass_pooled(workspace *space, const pass *p, tensor in)
{
    if (!pass_prepare(space, p, in))
        return (tensor){0};

    int height = window_over(in.height, pass_window(p), 1, p->pad).steps;
    int width = window_over(in.width, pass_window(p), 1, p->pad).steps;
    tensor out = tensor_take(space, (height + 1) / 2, (width + 1) / 2, p->filter->outputs);
    tensor strip = tensor_take(space, 2, width, p->filter->outputs);
    float *to = strip.data ? out.data : NULL;

    for (int y = 0; to && y < out.height; y++) {
        strip.height = height - 2 * y < 2 ? 1 : 2;
        pass_run(space, p, in, 2 * y, strip);
        for (int x = 0; x < out.width; x++, to += out.channels)
            max_under_window(strip, 0, 2 * x, 2, to);
    }
    tensor_return(space, strip);
    if (strip.data)
        return out;
    tensor_return(space, out);
    return (tensor){0};
}

tensor layer_convolution_pooled(workspace *space, tensor in, const convolution *c, padding pad, activation act)
{
    return pass_pooled(space, &(pass){c, NULL, 1, pad, NULL, act}, in);
}

tensor layer_separable_pooled(workspace *space, tensor in, const separable *s, activation act)
{
    return pass_pooled(space, &(pass){&s->pointwise, s->depthwise, 1, PADDING_SAME, NULL, act}, in);
}

/* Adds the mean of the 2 × 2 pixels at twice (y, x). */
static void average_add(tensor in, int y, int x, float *to)
{
    size_t channels = (size_t)in.channels, row = (size_t)in.width * channels;
    const float *p = in.data + (size_t)(2 * y) * row + (size_t)(2 * x) * channels;

    for (size_t c = 0; c < channels; c++)
        to[c] += (p[c] + p[c + channels] + p[c + row] + p[c + row + channels]) / 4;
}

tensor layer_average_onto(workspace *space, tensor in, tensor onto, activation act)
{
    if (!in.data || !onto.data || onto.channels < in.channels)
        return (tensor){0};

    int height = in.height / 2, width = in.width / 2;
    tensor out = tensor_take(space, height > onto.height ? height : onto.height,
                             width > onto.width ? width : onto.width, onto.channels);
    if (!out.data)
        return out;

    size_t channels = (size_t)out.channels;
    memset(out.data, 0, tensor_length(out) * sizeof(float));
    for (int y = 0; y < out.height; y++) {
        for (int x = 0; x < out.width; x++) {
            float *to = out.data + ((size_t)y * (size_t)out.width + (size_t)x) * channels;

            if (y < onto.height && x < onto.width)
                memcpy(to, onto.data + ((size_t)y * (size_t)onto.width + (size_t)x) * channels,
                       channels * sizeof(float));
            if (y < height && x < width)
                average_add(in, y, x, to);
        }
    }
    layer_activate(out, act);
    return out;
}

tensor layer_copy(workspace *space, tensor in)
{
    if (!in.data)
        return in;

    tensor out = tensor_take(space, in.height, in.width, in.channels);
    if (out.data)
        memcpy(out.data, in.data, tensor_length(in) * sizeof(float));
    return out;
}

void layer_add(tensor to, tensor from)
{
    if (to.data && from.data)
        add(to.data, from.data, tensor_length(to));
}

void layer_activate(tensor t, activation act)
{
    if (t.data)
        activate(t.data, tensor_length(t), act);
}

bool layer_global_average(tensor in, float *out)
{
    if (!in.data)
        return false;

    size_t pixels = (size_t)in.height * (size_t)in.width, channels = (size_t)in.channels;
    memset(out, 0, channels * sizeof(float));
    for (size_t i = 0; i < pixels; i++)
        add(out, in.data + i * channels, channels);
    for (size_t c = 0; c < channels; c++)
        out[c] /= (float)pixels;
    return true;
}

void layer_dense(const float *in, const convolution *c, float *out)
{
    gemm(&(gemm_operands){.rows = in,
                          .count = 1,
                          .panels = c->panels,
                          .bias = c->bias,
                          .depth = (size_t)c->inputs,
                          .columns = (size_t)c->outputs,
                          .result = out});
}
