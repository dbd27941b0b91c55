/* The matrix product with 128-bit vectors, which every x86-64 and aarch64 processor has. */
#define GEMM_LANES 4
#include "gemm_kernel.h"

void gemm_baseline(const gemm_operands *op)
{
    gemm_kernel(op);
}
