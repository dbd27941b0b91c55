#include <check.h>

#include "gemm.h"
#include "suite.h"

#define DEPTH_MAX 40
#define COLUMNS_MAX 48
#define ROWS_MAX 14

static float rows[ROWS_MAX * DEPTH_MAX], matrix[DEPTH_MAX][COLUMNS_MAX], panels[DEPTH_MAX * COLUMNS_MAX],
    bias[COLUMNS_MAX], result[ROWS_MAX * COLUMNS_MAX + 1];

static float pseudo_random(void)
{
    static uint32_t state = 12345;

    state = state * 1664525u + 1013904223u;
    return (float)(int32_t)state / 2147483648.0f;
}

static void fill(size_t depth, size_t columns)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        rows[i] = pseudo_random();
    for (size_t k = 0; k < depth; k++)
        for (size_t c = 0; c < columns; c++) {
            matrix[k][c] = pseudo_random();
            panels[(c / GEMM_PANEL * depth + k) * GEMM_PANEL + c % GEMM_PANEL] = matrix[k][c];
        }
    for (size_t c = 0; c < columns; c++)
        bias[c] = pseudo_random();
}

static void agrees_with_the_definition(void (*multiply)(const gemm_operands *), size_t count, size_t depth,
                                       size_t columns)
{
    fill(depth, columns);
    result[count * columns] = 4711;
    multiply(&(gemm_operands){rows, count, panels, bias, depth, columns, result});
    for (size_t r = 0; r < count; r++)
        for (size_t c = 0; c < columns; c++) {
            double sum = bias[c];

            for (size_t k = 0; k < depth; k++)
                sum += (double)rows[r * depth + k] * matrix[k][c];
            ck_assert_double_eq_tol(result[r * columns + c], sum, 1e-4);
        }
    ck_assert_float_eq(result[count * columns], 4711); /* nothing is written behind the result */
}

static void all_shapes_agree(void (*multiply)(const gemm_operands *))
{
    for (size_t count = 1; count <= ROWS_MAX; count++)
        for (size_t depth = 1; depth <= DEPTH_MAX; depth += 13)
            for (size_t columns = GEMM_PANEL; columns <= COLUMNS_MAX; columns += GEMM_PANEL)
                agrees_with_the_definition(multiply, count, depth, columns);
}

START_TEST(the_product_for_any_processor_is_the_sum_of_products)
{
    all_shapes_agree(gemm_baseline);
}
END_TEST

START_TEST(the_product_for_this_processor_is_the_same)
{
    all_shapes_agree(gemm);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gemm");
    TCase *tests = tcase_create("gemm");

    tcase_add_test(tests, the_product_for_any_processor_is_the_sum_of_products);
    tcase_add_test(tests, the_product_for_this_processor_is_the_same);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
