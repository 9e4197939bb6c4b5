/* fold.c - batch normalizations that vanish into the layer before them.
 *
 * ((W x + b) - mean) s + shift  =  (s W) x + (b - mean) s + shift,  s = scale / sqrt(var + epsilon)
 * (Jacob et al., arXiv 1712.05877, section 3.2).
 */
#include "config.h"

#include "compress/fold.h"
#include "compress/weight.h"
#include "base/mem.h"
#include "graph/attr.h"
#include "ops/ops.h"

#include <math.h>
#include <stdlib.h>

/* A layer and the normalization that follows it. */
struct pair {
	int layer, bn;
	struct rt_weight w;
	int64_t K;		/* channels */
	const float *of[5];	/* scale, shift, mean, variance at 1 .. 4 */
	double epsilon;
};

/* The bias of the layer is absent or a parameter with one number a channel (or one for all). */
static bool bias_is_plain(const struct rt_graph *g, const struct rt_node *n, int64_t K)
{
	const struct rt_param *b;
	int64_t count;

	if (n->nin < 3 || n->in[2] < 0)
		return true;
	b = rt_graph_param(g, n->in[2]);
	if (!b || b->data.dtype != RT_F32)
		return false;
	count = rt_tensor_count(&b->data);
	return count == 1 || (count == K && b->data.shape.dim[b->data.shape.rank - 1] == K);
}

static bool find_pair(struct pair *p, const struct rt_graph *g, int bn)
{
	const struct rt_node *n = &g->nodes[bn];
	int layer;

	if (n->op != &rt_op_BatchNormalization)
		return false;
	layer = g->values[n->in[0]].producer;
	if (layer < 0 || rt_graph_uses(g, n->in[0]) != 1 || !rt_weight_find(&p->w, g, layer) ||
	    (g->nodes[layer].op != &rt_op_Conv && g->nodes[layer].op != &rt_op_Gemm))
		return false;
	p->layer = layer;
	p->bn = bn;
	p->K = rt_graph_param(g, p->w.value)->data.shape.dim[p->w.axis];
	p->epsilon = rt_attr_real(n, "epsilon", 1e-5);
	for (int k = 1; k < 5; k++) {
		const struct rt_param *param = rt_graph_param(g, n->in[k]);

		if (!param || param->data.dtype != RT_F32 || rt_tensor_count(&param->data) != p->K)
			return false;
		p->of[k] = rt_tensor_data(&param->data);
	}
	return bias_is_plain(g, &g->nodes[layer], p->K);
}

static double factor(const struct pair *p, int64_t k)
{
	return (double)p->of[1][k] / sqrt((double)p->of[4][k] + p->epsilon);
}

/* Input k of the layer becomes data: in place where nobody else reads it, else a new parameter. */
static void set_input(struct rt_graph *g, int layer, int k, const char *suffix,
		      struct rt_tensor *data)
{
	struct rt_node *n = &g->nodes[layer];
	struct rt_param *old = k < n->nin ? rt_graph_param(g, n->in[k]) : NULL;
	char *name;
	int v;

	if (old && rt_graph_uses(g, old->value) == 1) {
		rt_tensor_release(&old->data);
		old->data = *data;
		*data = (struct rt_tensor){0};
		return;
	}
	name = rt_sprintf("%s.%s", n->name, suffix);
	v = rt_graph_add_param(g, name, data, true);
	free(name);
	if (old)
		rt_tensor_share(&rt_graph_param(g, v)->mask, &rt_graph_param(g, n->in[k])->mask);
	if (k >= n->nin) {
		n->in = rt_realloc(n->in, (size_t)k + 1, sizeof(*n->in));
		while (n->nin <= k)
			n->in[n->nin++] = -1;
	}
	n->in[k] = v;
}

static enum rt_status fold_weight(struct rt_graph *g, const struct pair *p, struct rt_err *err)
{
	const struct rt_param *old = rt_graph_param(g, p->w.value);
	const struct rt_shape *s = &old->data.shape;
	int64_t behind = rt_shape_span(s, p->w.axis + 1, s->rank), n = rt_tensor_count(&old->data);
	struct rt_tensor data;
	void *w;

	RT_TRY(rt_tensor_copy(&data, &old->data, err));
	RT_TRY(rt_tensor_write(&w, &data, err));
	for (int64_t i = 0; i < n; i++)
		((float *)w)[i] = (float)(((float *)w)[i] * factor(p, i / behind % p->K));
	set_input(g, p->layer, p->w.input, "weight", &data);
	return RT_OK;
}

/* A Gemm multiplies its bias by beta, a Conv by 1. */
static enum rt_status fold_bias(struct rt_graph *g, const struct pair *p, struct rt_err *err)
{
	struct rt_node *n = &g->nodes[p->layer];
	const struct rt_param *old = n->nin > 2 ? rt_graph_param(g, n->in[2]) : NULL;
	double beta = rt_attr_real(n, "beta", 1);
	struct rt_shape shape = RT_SHAPE(p->K);
	struct rt_tensor data;
	void *b;

	RT_TRY(rt_tensor_new(&data, RT_F32, &shape, err));
	RT_TRY(rt_tensor_write(&b, &data, err));
	for (int64_t k = 0; k < p->K; k++) {
		double was = 0;

		if (old)
			was = beta *
			      rt_tensor_get(&old->data, rt_tensor_count(&old->data) == 1 ? 0 : k);
		((float *)b)[k] =
			(float)((was - (double)p->of[3][k]) * factor(p, k) + (double)p->of[2][k]);
	}
	if (beta != 1)
		rt_attr_set_real(n, "beta", 1);
	set_input(g, p->layer, 2, "bias", &data);
	return RT_OK;
}

/* Readers of the normalization read the layer; an output of the model keeps its name. */
static void bypass(struct rt_graph *g, const struct pair *p)
{
	int from = g->nodes[p->bn].out[0], to = g->nodes[p->layer].out[0];
	char *name = NULL;

	for (int i = 0; i < g->noutputs; i++)
		if (g->outputs[i] == from)
			name = rt_strdup(g->values[from].name);
	rt_graph_replace(g, from, to);
	rt_graph_compact(g);
	if (name)
		rt_graph_rename_value(g, g->nodes[p->layer].out[0], name);
	free(name);
}

static enum rt_status fold_all(struct rt_graph *g, int *folded, struct rt_err *err)
{
	struct pair p;

	/* so that dropping a normalization drops nothing else, and numbers stay */
	rt_graph_compact(g);
	for (int i = 0; i < g->nnodes; i++) {
		if (!find_pair(&p, g, i))
			continue;
		RT_TRY(fold_weight(g, &p, err));
		RT_TRY(fold_bias(g, &p, err));
		bypass(g, &p);
		++*folded;
		i--;
	}
	return rt_graph_infer(g, err);
}

enum rt_status rt_fold_batchnorm(struct rt_graph *g, int *folded, struct rt_err *err)
{
	struct rt_graph *work = rt_graph_clone(g);
	int n = 0;

	if (fold_all(work, &n, err) != RT_OK) {
		rt_graph_free(work);
		return err->status;
	}
	if (n)
		rt_graph_adopt(g, work);
	else
		rt_graph_free(work);
	if (folded)
		*folded = n;
	return RT_OK;
}
