/* The kernel behind gemm.h, included by one source file for each instruction set. That file defines GEMM_LANES, the
 * floats in a vector. A tile of 6 rows and 2 vectors keeps 12 sums in registers, which is what 16 registers allow. */
#include "gemm.h"

#define TILE_ROWS 6
#define TILE_COLUMNS (2 * GEMM_LANES)

typedef float vector __attribute__((vector_size(GEMM_LANES * sizeof(float)), aligned(4), may_alias));

static inline vector vector_at(const float *from)
{
    return *(const vector *)from;
}

/* One tile. Always inlined with a constant number of rows, so that the sums become registers. */
static inline __attribute__((always_inline)) void gemm_tile(const gemm_operands *op, size_t row, int rows,
                                                            const float *panel, size_t column)
{
    const float *a = op->rows + row * op->depth;
    float *c = op->result + row * op->columns + column;
    vector sums[TILE_ROWS][2];

#pragma GCC unroll 6
    for (int i = 0; i < rows; i++) {
        sums[i][0] = vector_at(op->bias + column);
        sums[i][1] = vector_at(op->bias + column + GEMM_LANES);
    }
    for (size_t k = 0; k < op->depth; k++) {
        vector left = vector_at(panel + k * GEMM_PANEL);
        vector right = vector_at(panel + k * GEMM_PANEL + GEMM_LANES);

#pragma GCC unroll 6
        for (int i = 0; i < rows; i++) {
            float factor = a[(size_t)i * op->depth + k];
            sums[i][0] += factor * left;
            sums[i][1] += factor * right;
        }
    }
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++) {
        *(vector *)(c + (size_t)i * op->columns) = sums[i][0];
        *(vector *)(c + (size_t)i * op->columns + GEMM_LANES) = sums[i][1];
    }
}

static inline void gemm_kernel(const gemm_operands *op)
{
    for (size_t column = 0; column < op->columns; column += TILE_COLUMNS) {
        size_t whole = column / GEMM_PANEL;
        const float *panel = op->panels + whole * GEMM_PANEL * op->depth + column % GEMM_PANEL;
        size_t row = 0;

        for (; row + TILE_ROWS <= op->count; row += TILE_ROWS)
            gemm_tile(op, row, TILE_ROWS, panel, column);
        for (; row < op->count; row++)
            gemm_tile(op, row, 1, panel, column);
    }
}
