/* sparse.h - layers whose weights are zero in a pattern (tensor/sparse.h), in inference plans.
 *
 * The weights are packed in the first run and again whenever they have changed; where more are not
 * zero by then than there is room for, the dense layer does the work.
 */
#ifndef RT_OPS_SPARSE_H
#define RT_OPS_SPARSE_H

#include "ops/fused_conv.h"

/* Inputs: those of FusedConv. */
extern const struct rt_op rt_op_sparse_conv;

struct rt_sparse_conv {
	struct rt_fused_conv fused;	/* first, so that it is seen as one of these */
	int64_t blocks;			/* room for so many */
};

/* Inputs: x and w of Gemm or MatMul, w with two dimensions, and a bias (N) or none. */
extern const struct rt_op rt_op_sparse_gemm;

struct rt_sparse_gemm {
	const struct rt_op *op;		/* Gemm or MatMul */
	const void *attrs;		/* its attributes, borrowed */
	float alpha;
	float lo, hi;			/* the result is clamped */
	bool turned;			/* w is (N,K), else (K,N) */
	int64_t blocks;			/* room for so many */
	int slots;			/* or, not 0, so many of every four inputs */
};

/* The weight of a call of Gemm or MatMul so described. */
struct rt_sparse_dense rt_sparse_gemm_dense(const struct rt_sparse_gemm *a, const float *w,
					    const struct rt_shape *shape);

#endif
