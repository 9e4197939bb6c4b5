/* pattern.h - which weights of a layer are pruned together: patterns of zeros that files and
 * kernels can use, as rows.
 */
#ifndef RT_COMPRESS_PATTERN_H
#define RT_COMPRESS_PATTERN_H

#include "compress/weight.h"

/* Weights lie in groups of `of` neighbours along one axis.  A block is zero as a whole or not at
 * all; of the other groups at most `keep` weights stay. */
struct rt_pattern {
	struct rt_row row;
	int of;			/* 1: every weight by itself */
	int keep;		/* 0: blocks, whose number the amount says */
	bool outputs;		/* neighbours are outputs that read one input; else inputs of one
				   output */
};

extern const struct rt_list rt_patterns;

/* The fraction of weights that the pattern itself makes zero; NAN where the amount says it. */
double rt_pattern_amount(const struct rt_pattern *p);

/* The groups of a weight: group (b,j,i) has `size` elements, b < before, j < count, i < behind. */
struct rt_pattern_groups {
	int64_t before, count, size, behind;
};

/* The weight's groups; false where the axis along which they lie does not divide, whose size is
 * then *along. */
bool rt_pattern_groups(struct rt_pattern_groups *out, int64_t *along, const struct rt_pattern *p,
		       const struct rt_graph *g, const struct rt_weight *w);

static inline int64_t rt_pattern_total(const struct rt_pattern_groups *u)
{
	return u->before * u->count * u->behind;
}

/* Element k of group n. */
static inline int64_t rt_pattern_at(const struct rt_pattern_groups *u, int64_t n, int64_t k)
{
	return (n / u->behind * u->size + k) * u->behind + n % u->behind;
}

/* Bytes of the weight where what the pattern makes zero is not stored: of blocks those that are not
 * zero, each with a number of 2 bytes (4 from 65536 inputs on) and every 16 outputs with a start of
 * 4; of N of M inputs N numbers, each with its place in log2 M bits. */
int64_t rt_pattern_bytes(const struct rt_pattern *p, const struct rt_graph *g,
			 const struct rt_weight *w);

/* The pattern that the zeros of a weight make, with blocks before groups, the stricter first; NULL:
 * none, or no zeros to speak of (fewer than one in ten). */
const struct rt_pattern *rt_pattern_find(const struct rt_graph *g, const struct rt_weight *w);

#endif
