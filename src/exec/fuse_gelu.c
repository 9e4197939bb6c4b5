/* fuse_gelu.c - x (1 + erf(x / sqrt 2)) / 2, spelled out as exporters write it, becomes a Gelu:
 * five passes over an array are one, or none where a product takes it in. */
#include "config.h"

#include "exec/impl.h"
#include "ops/ops.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

/* The nodes of one, in the order they run in but for the half, which may stand anywhere. */
struct gelu {
	int scale, erf, add, mul, half;
	int x;
};

static int maker(const struct rt_plan *p, int v)
{
	for (int i = 0; i < p->lowered->nnodes; i++)
		for (int k = 0; k < p->lowered->nodes[i].nout; k++)
			if (p->lowered->nodes[i].out[k] == v)
				return i;
	return -1;
}

/* Whether node i alone reads v, to multiply it by about this factor. */
static bool scales_by(const struct rt_plan *p, int i, int v, double factor)
{
	double f;

	return i >= 0 && fuse_scales(p, &p->lowered->nodes[i], v, &f) && fabs(f - factor) < 1e-6;
}

/* The operand of node i besides v where it is of that operator, else -1. */
static int beside(const struct rt_plan *p, int i, const struct rt_op *op, int v)
{
	const struct rt_node *n = i >= 0 ? &p->lowered->nodes[i] : NULL;

	if (!n || n->op != op ||
	    !rt_shape_equal(&p->value[v].shape, &p->value[n->out[0]].shape))
		return -1;
	return n->in[0] == v ? n->in[1] : n->in[0];
}

/* x / sqrt 2, of which the Erf takes the function, and then 1 is added. */
static bool find_erf(struct gelu *g, const struct rt_plan *p, int erf)
{
	const struct rt_node *e = &p->lowered->nodes[erf], *s;
	double one;
	int other;

	g->erf = erf;
	g->scale = maker(p, e->in[0]);
	g->add = fuse_only_reader(p, e->out[0]);
	if (g->scale < 0 || fuse_only_reader(p, e->in[0]) != erf)
		return false;
	s = &p->lowered->nodes[g->scale];
	if ((s->op != &rt_op_Mul && s->op != &rt_op_Div) || p->value[e->in[0]].dtype != RT_F32)
		return false;
	g->x = s->in[0];
	if (!scales_by(p, g->scale, g->x, sqrt(0.5)))
		return false;
	other = beside(p, g->add, &rt_op_Add, e->out[0]);
	return other >= 0 && fuse_number(p, other, &one) && one == 1;
}

/* That times x, one of the three halved: the node that ends it, or -1. */
static int find_product(struct gelu *g, const struct rt_plan *p)
{
	int v = p->lowered->nodes[g->add].out[0], other;

	g->half = fuse_only_reader(p, v);
	if (scales_by(p, g->half, v, 0.5)) {
		v = p->lowered->nodes[g->half].out[0];
		g->mul = fuse_only_reader(p, v);
		return beside(p, g->mul, &rt_op_Mul, v) == g->x ? g->mul : -1;
	}
	g->mul = g->half;
	other = beside(p, g->mul, &rt_op_Mul, v);
	if (other < 0)
		return -1;
	if (other != g->x) {
		g->half = maker(p, other);
		return scales_by(p, g->half, g->x, 0.5) && fuse_only_reader(p, other) == g->mul
			       ? g->mul : -1;
	}
	v = p->lowered->nodes[g->mul].out[0];
	g->half = fuse_only_reader(p, v);
	return scales_by(p, g->half, v, 0.5) ? g->half : -1;
}

static void apply(struct rt_plan *p, const struct gelu *g, int last, bool *gone)
{
	struct rt_node *n = &p->lowered->nodes[last];
	struct rt_node gelu = {.op = &rt_op_Gelu, .name = rt_strdup(n->name), .nin = 1, .nout = 1,
			       .in = rt_memdup(&g->x, 1, sizeof(int)),
			       .out = rt_memdup(n->out, 1, sizeof(int)),
			       .attrs = rt_alloc(1, rt_op_Gelu.row.params_size)};

	rt_params_init(&rt_op_Gelu.row, gelu.attrs);
	gone[g->scale] = gone[g->erf] = gone[g->add] = gone[g->mul] = gone[g->half] = true;
	gone[last] = false;
	rt_node_release(n);
	*n = gelu;
}

void rt_fuse_gelu(struct rt_plan *p)
{
	struct rt_graph *g = p->lowered;
	bool *gone = rt_alloc((size_t)g->nnodes, sizeof(bool));

	for (int i = 0; i < g->nnodes; i++) {
		struct gelu found;
		int last;

		if (g->nodes[i].op != &rt_op_Erf || !find_erf(&found, p, i))
			continue;
		last = find_product(&found, p);
		if (last >= 0)
			apply(p, &found, last, gone);
	}
	fuse_drop(g, gone);
	free(gone);
}
