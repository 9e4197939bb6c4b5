/* pattern.c - which weights of a layer are pruned together.
 *
 * Blocks of neighbouring outputs: Elsen, Dukhan, Gale, Simonyan, Fast Sparse ConvNets, arXiv
 * 1911.09723 (which has 4 and 16); N of M: Mishra et al., Accelerating Sparse Deep Neural Networks,
 * arXiv 2104.08378 (2 of 4), Zhou et al., Learning N:M Fine-grained Structured Sparse Neural
 * Networks From Scratch, arXiv 2102.04010.
 */
#include "config.h"

#include "compress/pattern.h"
#include "ops/ops.h"

#include <math.h>

static const struct rt_pattern patterns[] = {
	{.row = {.name = "free", .summary = "every weight by itself; the time stays the same"},
	 .of = 1},
	{.row = {.name = "16x1",
		 .summary = "16 neighbouring outputs of one input are zero together, and "
			    "inference leaves them out"},
	 .of = 16, .outputs = true},
	{.row = {.name = "1:4",
		 .summary = "of 4 neighbouring inputs of an output at most 1 is not zero; dense "
			    "layers gain"},
	 .of = 4, .keep = 1},
	{.row = {.name = "2:4",
		 .summary = "of 4 neighbouring inputs of an output at most 2 are not zero; dense "
			    "layers of few samples gain"},
	 .of = 4, .keep = 2},
};

static const struct rt_row *const rows[] = {&patterns[0].row, &patterns[1].row, &patterns[2].row,
					    &patterns[3].row};

const struct rt_list rt_patterns = {"pruning pattern", rows, RT_COUNT(rows)};

double rt_pattern_amount(const struct rt_pattern *p)
{
	return p->keep ? 1 - (double)p->keep / p->of : NAN;
}

/* The axis of the weight that its inputs lie along. */
static int input_axis(const struct rt_graph *g, const struct rt_weight *w)
{
	const int rank = rt_graph_param(g, w->value)->data.shape.rank;

	if (g->nodes[w->node].op == &rt_op_Conv)
		return 1;
	return w->axis == rank - 1 ? rank - 2 : rank - 1;
}

bool rt_pattern_groups(struct rt_pattern_groups *out, int64_t *along, const struct rt_pattern *p,
		       const struct rt_graph *g, const struct rt_weight *w)
{
	const struct rt_shape *s = &rt_graph_param(g, w->value)->data.shape;
	const int axis = p->outputs ? w->axis : input_axis(g, w);

	*along = s->dim[axis];
	*out = (struct rt_pattern_groups){
		.before = rt_shape_span(s, 0, axis), .count = *along / p->of, .size = p->of,
		.behind = rt_shape_span(s, axis + 1, s->rank),
	};
	return *along % p->of == 0;
}

/* Whether the zeros of x are those of the pattern; blocks: but for one in a hundred. */
static bool has(const struct rt_pattern *p, const struct rt_pattern_groups *u, const float *x,
		int64_t zeros)
{
	int64_t inside = 0;

	for (int64_t n = 0; n < rt_pattern_total(u); n++) {
		int zero = 0;

		for (int k = 0; k < p->of; k++)
			zero += x[rt_pattern_at(u, n, k)] == 0;
		if (p->keep && zero < p->of - p->keep)
			return false;
		if (zero == p->of)
			inside += zero;
	}
	return p->keep || inside * 100 >= zeros * 99;
}

const struct rt_pattern *rt_pattern_find(const struct rt_graph *g, const struct rt_weight *w)
{
	const struct rt_tensor *t = &rt_graph_param(g, w->value)->data;
	const float *x = rt_tensor_data(t);
	const int64_t n = rt_tensor_count(t);
	struct rt_pattern_groups u;
	int64_t zeros = 0, along;

	for (int64_t i = 0; i < n; i++)
		zeros += x[i] == 0;
	for (size_t i = 1; i < RT_COUNT(patterns) && zeros * 10 >= n; i++)
		if (zeros < n && rt_pattern_groups(&u, &along, &patterns[i], g, w) &&
		    has(&patterns[i], &u, x, zeros))
			return &patterns[i];
	return NULL;
}

/* Bits of a number below n, a power of 2. */
static int place_bits(int n)
{
	int bits = 0;

	while (1 << bits < n)
		bits++;
	return bits;
}

int64_t rt_pattern_bytes(const struct rt_pattern *p, const struct rt_graph *g,
			 const struct rt_weight *w)
{
	const float *x = rt_tensor_data(&rt_graph_param(g, w->value)->data);
	const int64_t number = (int64_t)sizeof(*x);
	struct rt_pattern_groups u;
	int64_t along, blocks = 0, total;

	rt_pattern_groups(&u, &along, p, g, w);
	total = rt_pattern_total(&u);
	if (p->keep)
		return total * p->keep * number + (total * p->keep * place_bits(p->of) + 7) / 8;
	for (int64_t n = 0; n < total; n++) {
		bool any = false;

		for (int k = 0; k < p->of && !any; k++)
			any = x[rt_pattern_at(&u, n, k)] != 0;
		blocks += any;
	}
	return blocks * (p->of * number + (total / u.count > 65536 ? 4 : 2)) + 4 * (u.count + 1);
}
