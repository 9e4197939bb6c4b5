/* products.h - many products of matrices that lie in larger arrays as strides tell: heads of
 * attention read where the projections left them, and what becomes of each while it is in cache.
 */
#ifndef RT_TENSOR_PRODUCTS_H
#define RT_TENSOR_PRODUCTS_H

#include "tensor/pointwise.h"

#define RT_PRODUCT_LOOPS 8

enum rt_product_then {
	RT_PRODUCT_PLAIN,	/* y = s */
	RT_PRODUCT_CLAMP,	/* y = clamp(s, lo, hi) */
	RT_PRODUCT_POINT,	/* y = f(s), whose slope follows from y */
	RT_PRODUCT_GELU,	/* the same, whose slope follows from s */
	RT_PRODUCT_SOFTMAX,	/* along every row */
};

/* s(M,N) = alpha A(M,K) B(K,N) + bias(N) + add(M,N), of every matrix of the loops; then y(M,N).
 * With CLAMP nothing is added. */
struct rt_products {
	int64_t M, N, K;
	float alpha, lo, hi;
	enum rt_product_then then;
	enum rt_pointwise f;
	int loops;
	struct rt_product_loop {
		int64_t size, a, b, y, add;	/* steps from matrix to matrix, in elements */
	} loop[RT_PRODUCT_LOOPS];
	int64_t a, b;			/* where the first matrices begin */
	bool ta, tb;			/* stored (K,M), (N,K) */
	int64_t lda, ldb, ldy, ldadd;	/* from row to row as stored; ldadd may be 0 */
};

/* Whether several products of the loops take the same matrix of A, B, or of what is added. */
bool rt_products_share_a(const struct rt_products *g);
bool rt_products_share_b(const struct rt_products *g);

struct rt_products_in {
	const float *a, *b, *bias, *add;	/* bias and add may be NULL */
};

/* y; with GELU and z not NULL also z, laid out as y, = s for backward. */
void rt_products_forward(const struct rt_products *g, float *y, float *z,
			 const struct rt_products_in *in);

/* Gradients, NULL where none is wanted; fresh ones are written where no product shares the matrix.
 */
struct rt_products_grads {
	float *a, *b, *bias, *add;
	bool fresh_a, fresh_b;
};

/* Adds to the gradients.  v: y, or z with GELU; ds, laid out as y, receives the gradient of s and
 * may be dy; with PLAIN it is not written. */
void rt_products_backward(const struct rt_products *g, const struct rt_products_grads *to,
			  const float *dy, float *ds, const float *v,
			  const struct rt_products_in *in);

#endif
