/* size.h - how many bytes the parameters of a model take, in different ways of storing them. */
#ifndef RT_COMPRESS_SIZE_H
#define RT_COMPRESS_SIZE_H

#include "graph/graph.h"

struct rt_size {
	int64_t elements;	/* numbers in all parameters */
	int64_t dense_f32;	/* bytes if each of them were f32 */
	int64_t stored;		/* bytes as they are */
	int64_t sparse_estimate;/* bytes if every matrix were stored as it is or by its nonzero elements
				   (compressed rows: a value and a column number each, and the start of
				   each row), whichever is less; no file is written that way */
};

/* Adds up all parameters of the graph. */
struct rt_size rt_compress_size(const struct rt_graph *g);

#endif
