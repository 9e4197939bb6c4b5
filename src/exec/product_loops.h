/* product_loops.h - a product of matrices under strides as the loops and matrices of
 * tensor/products.h. */
#ifndef RT_EXEC_PRODUCT_LOOPS_H
#define RT_EXEC_PRODUCT_LOOPS_H

#include "exec/strides.h"
#include "tensor/products.h"

enum { IN_A, IN_B, IN_Y, IN_ADD, PRODUCT_ARRAYS };

/* The axes of A (.., M, K), B (.., K, N), Y (.., M, N), and of what is added; those in front
 * broadcast.  An array that is not there has rank 0.  add_as_y: what is added lies as Y does. */
struct product_axes {
	struct strides of[PRODUCT_ARRAYS];
	bool add_as_y;
};

/* Sizes, loops and steps of *out; false when no matrices with neighbours along one side are among
 * them, or only low ones where copies would have made high ones. */
bool product_loops(struct rt_products *out, const struct product_axes *x);

#endif
