/* between.h - what lies between quantized layers and should be whole numbers, too. */
#ifndef RT_COMPRESS_BETWEEN_H
#define RT_COMPRESS_BETWEEN_H

#include "compress/weight.h"

/* Input `input` of a node, which is to be quantized; -1: none. */
struct rt_spot {
	int node, input;
};

/* The data inputs of the n layers in their order; behind them both operands of every sum of
 * branches that only quantized convolutions and other such sums make (Relu and Clip aside), and the
 * input of a global average of one of these: with them a residual network stays in whole numbers
 * from one end to the other.  *count of them; the caller frees. */
struct rt_spot *rt_quantize_spots(const struct rt_graph *g, const struct rt_weight *layer, int n,
				  int *count);

#endif
