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

START_TEST(what_is_smaller_than_the_filter_gives_nothing)
{
    workspace space = {0};
    tensor in = tensor_take(&space, 2, 9, INPUTS);

    ck_assert_ptr_null(layer_convolution_pooled(&space, in, &filter, PADDING_VALID, ACTIVATION_NONE).data);
    ck_assert_ptr_null(layer_convolution_pooled(&space, (tensor){0}, &filter, PADDING_SAME, ACTIVATION_NONE).data);
    workspace_done(&space);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("layers");
    TCase *tests = tcase_create("layers");

    tcase_add_test(tests, a_convolution_that_is_pooled_at_once_is_the_one_that_is_pooled_after_it);
    tcase_add_test(tests, what_is_smaller_than_the_filter_gives_nothing);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
