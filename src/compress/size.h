/* size.h - how many bytes the parameters of a model take, in different ways of storing them. */
#ifndef RT_COMPRESS_SIZE_H
#define RT_COMPRESS_SIZE_H

#include "graph/graph.h"

struct rt_size {
	int64_t elements;	/* numbers in all parameters */
	int64_t dense_f32;	/* bytes if each of them were f32 */
	int64_t stored;		/* bytes as they are */
	int64_t sparse_estimate;/* bytes if every tensor were stored as it is, or as compressed rows
				   (a value and a column number for each nonzero element, and the
				   start of each row), or in the pattern of its zeros
				   (rt_pattern_bytes()), whichever is least; no file is written so,
				   but inference packs blocks and groups so */
};

/* Adds up all parameters of the graph. */
struct rt_size rt_compress_size(const struct rt_graph *g);

#endif
