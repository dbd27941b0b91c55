/* The layers that the three networks are built of. Each takes its input by value, leaves it where it is unless said
 * otherwise, and returns a new tensor of the workspace; an input without data gives a result without data. */
#pragma once

#include "tensor.h"

typedef enum { ACTIVATION_NONE, ACTIVATION_RELU, ACTIVATION_LEAKY } activation;

/* No zeros around the input; or as many as keep its size divided by the stride, an odd one last. */
typedef enum { PADDING_VALID, PADDING_SAME } padding;

/* A convolution's filters as panels for the matrix product (gemm.h): rows are (y, x, channel in), columns channels out,
 * filled up to a whole panel with zeros. */
typedef struct {
    const float *panels;
    const float *bias;
    int size;    /* 1, 3 or 7: filters are square */
    int inputs;  /* channels */
    int outputs; /* channels, a multiple of 16 */
} convolution;

/* A 3 × 3 filter for each channel by itself, then a 1 × 1 convolution across channels. */
typedef struct {
    const float *depthwise; /* 9 × channels */
    convolution pointwise;
} separable;

tensor layer_convolution(workspace *space, tensor in, const convolution *c, int stride, padding pad, activation act);

/* As above with `plus`, which has the shape of the result, added before the activation. */
tensor layer_convolution_plus(workspace *space, tensor in, const convolution *c, tensor plus, activation act);

/* What lies between its two halves stays in the cache and is nowhere as a whole. */
tensor layer_separable(workspace *space, tensor in, const separable *s, int stride, activation act);

tensor layer_max_pool(workspace *space, tensor in, int size, int stride, padding pad);

/* A convolution and then the maximum of 2 × 2, the last ones of fewer; what lies between is two rows at a time, because
 * all of it would be four times the result. */
tensor layer_convolution_pooled(workspace *space, tensor in, const convolution *c, padding pad, activation act);
tensor layer_separable_pooled(workspace *space, tensor in, const separable *s, activation act);

/* The average of 2 × 2, laid over `onto` in its first channels; onto grows to the larger of both sizes, with zeros. */
tensor layer_average_onto(workspace *space, tensor in, tensor onto, activation act);

tensor layer_copy(workspace *space, tensor in);

/* In place. */
void layer_add(tensor to, tensor from);
void layer_activate(tensor t, activation act);

/* The mean of every channel over the picture; out has room for in.channels. False when the tensor has no data. */
bool layer_global_average(tensor in, float *out);

/* A vector through a 1 × 1 convolution's filters: out has room for c->outputs. */
void layer_dense(const float *in, const convolution *c, float *out);
