/* fused_product.h - products of matrices that are read and written where they lie, with what
 * follows them in one step. */
#ifndef RT_OPS_FUSED_PRODUCT_H
#define RT_OPS_FUSED_PRODUCT_H

#include "graph/op.h"
#include "tensor/products.h"

/* Inputs: the arrays of A and B; a bias for every column; what is added before a softmax, or, where
 * nothing follows, to the result, of its shape; the last two may be left out.  Not in the list of
 * operators: only the planner makes them.  The second is for functions whose slope follows from
 * their value. */
extern const struct rt_op rt_op_fused_product, rt_op_fused_product_curve;

struct rt_fused_product {
	struct rt_products products;
};

#endif
