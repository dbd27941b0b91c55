/* The matrix product with 256-bit vectors; compiled with -mavx2 -mfma and called only where the processor has both. */
#define GEMM_LANES 8
#include "gemm_kernel.h"

void gemm_avx2(const gemm_operands *op)
{
    gemm_kernel(op);
}
