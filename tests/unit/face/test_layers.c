#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "layers.h"
#include "suite.h"

enum { INPUTS = 3, OUTPUTS = 16, SIZE = 3 };

static float filters[SIZE * SIZE * INPUTS * OUTPUTS], bias[OUTPUTS];
static const convolution filter = {filters, bias, SIZE, INPUTS, OUTPUTS};

static void fill(float *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (float)(rand() % 2001 - 1000) / 1000;
}

/* Both ways give the same numbers, to the bit. */
static void compare(int height, int width, padding pad)
{
    workspace space = {0};
    tensor in = tensor_take(&space, height, width, INPUTS);

    fill(in.data, tensor_length(in));
    tensor whole = layer_convolution(&space, in, &filter, 1, pad, ACTIVATION_LEAKY);
    tensor expected = layer_max_pool(&space, whole, 2, 2, PADDING_SAME);
    tensor pooled = layer_convolution_pooled(&space, in, &filter, pad, ACTIVATION_LEAKY);

    ck_assert_ptr_nonnull(pooled.data);
    ck_assert_int_eq(pooled.height, expected.height);
    ck_assert_int_eq(pooled.width, expected.width);
    ck_assert_int_eq(pooled.channels, OUTPUTS);
    ck_assert_mem_eq(pooled.data, expected.data, tensor_length(expected) * sizeof(float));
    workspace_done(&space);
}

START_TEST(a_convolution_that_is_pooled_at_once_is_the_one_that_is_pooled_after_it)
{
    srand(1);
    fill(filters, sizeof filters / sizeof *filters);
    fill(bias, OUTPUTS);
    compare(3, 3, PADDING_VALID);
    compare(64, 33, PADDING_SAME);
    compare(33, 64, PADDING_SAME);
    compare(67, 200, PADDING_VALID);
    compare(200, 1, PADDING_SAME);
}
END_TEST

enum { CHANNELS = 16, WIDE = 32 };

static float depthwise[9 * CHANNELS], across[CHANNELS * WIDE], wide_bias[WIDE];
static const separable two_halves = {depthwise, {across, wide_bias, 1, CHANNELS, WIDE}};

/* Sums of one result, in the order in which the layers add. */
static float separable_at(tensor in, int y, int x, int stride, int before_y, int before_x, int column)
{
    float sum = wide_bias[column];

    for (int c = 0; c < CHANNELS; c++) {
        float filtered = 0;

        for (int tap = 0; tap < 9; tap++) {
            int row = y * stride - before_y + tap / 3, at = x * stride - before_x + tap % 3;

            if (row >= 0 && row < in.height && at >= 0 && at < in.width)
                filtered += in.data[((size_t)row * (size_t)in.width + (size_t)at) * CHANNELS + (size_t)c] *
                            depthwise[tap * CHANNELS + c];
        }
        sum += filtered * across[(size_t)(column / 16) * 16 * CHANNELS + (size_t)c * 16 + (size_t)(column % 16)];
    }
    return sum > 0 ? sum : 0;
}

static void compare_separable(int height, int width, int stride)
{
    workspace space = {0};
    tensor in = tensor_take(&space, height, width, CHANNELS);

    fill(in.data, tensor_length(in));
    tensor out = layer_separable(&space, in, &two_halves, stride, ACTIVATION_RELU);
    ck_assert_ptr_nonnull(out.data);
    ck_assert_int_eq(out.height, (height + stride - 1) / stride);
    ck_assert_int_eq(out.width, (width + stride - 1) / stride);
    int before_y = ((out.height - 1) * stride + 3 - height) / 2, before_x = ((out.width - 1) * stride + 3 - width) / 2;
    for (int y = 0; y < out.height; y++)
        for (int x = 0; x < out.width; x++)
            for (int column = 0; column < WIDE; column++)
                ck_assert_float_eq_tol(out.data[((size_t)y * (size_t)out.width + (size_t)x) * WIDE + (size_t)column],
                                       separable_at(in, y, x, stride, before_y, before_x, column), 1e-4f);
    if (stride == 1) {
        tensor expected = layer_max_pool(&space, out, 2, 2, PADDING_SAME);
        tensor pooled = layer_separable_pooled(&space, in, &two_halves, ACTIVATION_RELU);

        ck_assert_ptr_nonnull(pooled.data);
        ck_assert_int_eq(pooled.height, expected.height);
        ck_assert_int_eq(pooled.width, expected.width);
        ck_assert_int_eq(pooled.channels, WIDE);
        ck_assert_mem_eq(pooled.data, expected.data, tensor_length(expected) * sizeof(float));
    }
    workspace_done(&space);
}

START_TEST(a_separable_convolution_is_its_two_halves_one_after_the_other)
{
    srand(2);
    fill(depthwise, sizeof depthwise / sizeof *depthwise);
    fill(across, sizeof across / sizeof *across);
    fill(wide_bias, WIDE);
    compare_separable(1, 1, 1);
    compare_separable(2, 97, 1);
    compare_separable(67, 70, 1); /* more than is computed at once */
    compare_separable(70, 67, 1);
    compare_separable(41, 30, 2);
    compare_separable(30, 41, 2);
}
END_TEST

START_TEST(what_is_smaller_than_the_filter_gives_nothing)
{
    workspace space = {0};
    tensor in = tensor_take(&space, 2, 9, INPUTS);

    ck_assert_ptr_null(layer_convolution_pooled(&space, in, &filter, PADDING_VALID, ACTIVATION_NONE).data);
    ck_assert_ptr_null(layer_convolution_pooled(&space, (tensor){0}, &filter, PADDING_SAME, ACTIVATION_NONE).data);
    ck_assert_ptr_null(layer_separable_pooled(&space, (tensor){0}, &two_halves, ACTIVATION_NONE).data);
    ck_assert_ptr_null(layer_separable_pooled(&space, in, &two_halves, ACTIVATION_NONE).data); /* other channels */
    workspace_done(&space);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("layers");
    TCase *tests = tcase_create("layers");

    tcase_add_test(tests, a_convolution_that_is_pooled_at_once_is_the_one_that_is_pooled_after_it);
    tcase_add_test(tests, a_separable_convolution_is_its_two_halves_one_after_the_other);
    tcase_add_test(tests, what_is_smaller_than_the_filter_gives_nothing);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
