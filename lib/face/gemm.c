/* Chooses the matrix product for this processor. Two objects and a question at run time, because target_clones needs
 * ifunc, which sanitizers and static linking do not get along with. */
#include "gemm.h"

void gemm(const gemm_operands *op)
{
#ifdef FACE_WITH_AVX2
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        gemm_avx2(op);
        return;
    }
#endif
    gemm_baseline(op);
}
