/* gemm.h - products of f32 matrices.
 *
 * Kernels of retort's own read their operands as they are stored wherever that is fast, and copy or
 * turn them panel by panel where it is not; OpenBLAS does what it does better.  Which of them works
 * is decided from the sizes and the number of threads alone.
 */
#ifndef RT_TENSOR_GEMM_H
#define RT_TENSOR_GEMM_H

#include "tensor/pointwise.h"

#include <stdbool.h>
#include <stdint.h>

/* C(M,N) = alpha * op(A) * op(B) + beta * C, row-major f32; op(A) is M x K, op(B) is K x N.
 * ta, tb: transposed as stored.  lda, ldb, ldc: elements from row to row as stored.
 * M, N, K may be 0.  With beta = 0, C need not be initialized. */
void rt_gemm(bool ta, bool tb, int64_t M, int64_t N, int64_t K, float alpha, const float *A,
	     int64_t lda, const float *B, int64_t ldb, float beta, float *C, int64_t ldc);

/* A function of what a product has become: to (M,N), rows ld apart, = f(C); to may be C. */
struct rt_gemm_then {
	enum rt_pointwise f;
	float *to;
	int64_t ld;
};

/* What becomes of a product: C = clamp(alpha sum + bias[n], lo, hi) + add[m,n]; bias (N), add and
 * then may be NULL.  Rows of add lie ldadd apart, which may be 0. */
struct rt_gemm_post {
	const float *bias;
	float lo, hi;
	const float *add;
	int64_t ldadd;
	const struct rt_gemm_then *then;
};

/* C = post(alpha * op(A) * op(B)), otherwise as rt_gemm(). */
void rt_gemm_post(bool ta, bool tb, int64_t M, int64_t N, int64_t K, float alpha, const float *A,
		  int64_t lda, const float *B, int64_t ldb, float *C, int64_t ldc,
		  const struct rt_gemm_post *post);

/* rt_gemm() by the kernels of retort, whatever the sizes. */
void rt_gemm_own(bool ta, bool tb, int64_t M, int64_t N, int64_t K, float alpha, const float *A,
		 int64_t lda, const float *B, int64_t ldb, float beta, float *C, int64_t ldc);

#endif
