/* blas.h - the one door to OpenBLAS: matrix products and what the library says of itself. */
#ifndef RT_TENSOR_BLAS_H
#define RT_TENSOR_BLAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As rt_gemm() (gemm.h), of at least one element each way. */
void rt_blas_gemm(bool ta, bool tb, int64_t M, int64_t N, int64_t K, float alpha, const float *A,
		  int64_t lda, const float *B, int64_t ldb, float beta, float *C, int64_t ldc);

/* Gives OpenBLAS as many threads as rt_threads(); inside an OpenMP parallel region it uses one. */
void rt_blas_threads(void);

/* The name of the kernels OpenBLAS chose ("Cooperlake", "Haswell", ...). */
const char *rt_blas_kernels(void);

/* One line telling what holds the kernels below what the CPU can do (OPENBLAS_CORETYPE), written to
 * buf; false and "" when nothing does. */
bool rt_blas_held_back(char *buf, size_t size);

#endif
