/* Matrix product, the one place where the networks spend their time. Rows come as they lie in memory; columns come in
 * panels of 16, each panel holding its depth × 16 numbers in one run, so that the inner loop reads memory in order. */
#pragma once

#include <stddef.h>

#define GEMM_PANEL 16 /* columns; results are as wide as whole panels */

typedef struct {
    const float *rows; /* count × depth */
    size_t count;
    const float *panels; /* columns / 16 panels of depth × 16 */
    const float *bias;   /* one for each column */
    size_t depth;
    size_t columns; /* a multiple of 16 */
    float *result;  /* count × columns */
} gemm_operands;

/* result = rows · columns + bias, with the widest vectors that this processor has. */
void gemm(const gemm_operands *op);

/* The same code for the least processor of the architecture, and for x86-64 with AVX2 and FMA. */
void gemm_baseline(const gemm_operands *op);
void gemm_avx2(const gemm_operands *op);
