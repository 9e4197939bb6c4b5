/* weight.c - the layers of a graph that have weights, and choosing among them by name. */
#include "config.h"

#include "compress/weight.h"
#include "base/mem.h"
#include "graph/attr.h"
#include "ops/ops.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Input k of the node as a parameter that can be a weight, or NULL. */
static const struct rt_param *matrix(const struct rt_graph *g, const struct rt_node *n, int k)
{
	const struct rt_param *p = rt_graph_param(g, n->in[k]);

	return p && p->data.dtype == RT_F32 && p->data.shape.rank >= 2 ? p : NULL;
}

/* Rows of a table (V,D) that nobody else reads, picked by number. */
static bool find_table(struct rt_weight *out, const struct rt_graph *g, int node)
{
	const struct rt_node *n = &g->nodes[node];
	const struct rt_param *p = matrix(g, n, 0);

	if (!p || p->data.shape.rank != 2 || rt_attr_int(n, "axis", 0) != 0 || !p->trainable ||
	    rt_graph_uses(g, n->in[0]) != 1)
		return false;
	*out = (struct rt_weight){
		.node = node, .value = p->value, .axis = 1, .input = 0, .data = -1, .table = true};
	return true;
}

/* W (D,GH,I) and R (D,GH,H) of a recurrent layer. */
static int find_recurrent(struct rt_weight *out, const struct rt_graph *g, int node)
{
	int n = 0;

	for (int k = 1; k <= 2; k++) {
		const struct rt_param *p = matrix(g, &g->nodes[node], k);

		if (p)
			out[n++] = (struct rt_weight){.node = node, .value = p->value, .axis = 1,
						      .input = k, .data = k == 1 ? 0 : -1};
	}
	return n;
}

int rt_weights_of(struct rt_weight out[RT_NODE_WEIGHTS], const struct rt_graph *g, int node)
{
	const struct rt_node *n = &g->nodes[node];
	const struct rt_param *p = NULL;
	int axis = 0, input = 1;

	if (n->op == &rt_op_Gather)
		return find_table(out, g, node);
	if (n->op == &rt_op_LSTM || n->op == &rt_op_GRU || n->op == &rt_op_RNN)
		return find_recurrent(out, g, node);
	if (n->op == &rt_op_Conv) {
		p = matrix(g, n, 1);
	} else if (n->op == &rt_op_Gemm) {
		p = matrix(g, n, 1);
		axis = !rt_attr_int(n, "transB", 0);
	} else if (n->op == &rt_op_MatMul) {
		input = matrix(g, n, 1) ? 1 : 0;
		p = matrix(g, n, input);
		axis = p ? p->data.shape.rank - 1 - !input : 0;
	}
	if (!p || rt_graph_param(g, n->in[!input]))
		return 0;
	*out = (struct rt_weight){
		.node = node, .value = p->value, .axis = axis, .input = input, .data = !input};
	return 1;
}

char *rt_weight_name(const struct rt_graph *g, const struct rt_weight *w)
{
	bool state = w->input == 2;

	return rt_sprintf("%s%s", g->nodes[w->node].name, state ? " state" : "");
}

bool rt_weight_find(struct rt_weight *out, const struct rt_graph *g, int node)
{
	struct rt_weight all[RT_NODE_WEIGHTS];

	if (!rt_weights_of(all, g, node))
		return false;
	*out = all[0];
	return true;
}

struct rt_weight *rt_weights_list(const struct rt_graph *g, int *n)
{
	struct rt_weight *list =
		rt_alloc((size_t)g->nnodes * RT_NODE_WEIGHTS, sizeof(*list));

	*n = 0;
	for (int i = 0; i < g->nnodes; i++)
		*n += rt_weights_of(list + *n, g, i);
	return list;
}

static enum rt_status unknown(const struct rt_graph *g, const char *name, struct rt_err *err)
{
	const char **names = rt_alloc((size_t)g->nnodes, sizeof(*names));
	struct rt_str all = {0};
	struct rt_weight w;
	const char *near;
	int n = 0;

	for (int i = 0; i < g->nnodes; i++)
		if (rt_weight_find(&w, g, i)) {
			rt_str_addf(&all, " %s", g->nodes[i].name);
			names[n++] = g->nodes[i].name;
		}
	near = rt_nearest(name, names, n);
	free(names);
	if (near)
		rt_fail(err, RT_ENOTFOUND, "no layer \"%s\"; did you mean \"%s\"?", name, near);
	else
		rt_fail(err, RT_ENOTFOUND, "no layer \"%s\"   (layers with weights:%s)", name,
			rt_str_text(&all));
	rt_str_release(&all);
	return err->status;
}

static enum rt_status select_one(bool *chosen, const struct rt_graph *g, const char *name,
				 struct rt_err *err)
{
	int nodes = 0, layers = 0, last = -1, exact = rt_graph_find_node(g, name);
	struct rt_weight w;

	for (int i = 0; i < g->nnodes; i++) {
		/* a node may be called "a[0]", which as a pattern means something else */
		if (exact >= 0 ? i != exact : fnmatch(name, g->nodes[i].name, 0) != 0)
			continue;
		nodes++;
		last = i;
		if (!rt_weight_find(&w, g, i))
			continue;
		chosen[i] = true;
		layers++;
	}
	if (!nodes)
		return unknown(g, name, err);
	if (!layers)
		return rt_fail(err, RT_EINVAL,
			       "\"%s\" (%s) is no layer with weights; Conv, Gemm, MatMul and "
			       "recurrent layers are",
			       g->nodes[last].name, g->nodes[last].op->row.name);
	return RT_OK;
}

enum rt_status rt_weights_select(bool *chosen, const struct rt_graph *g,
				 const struct rt_strings *names, struct rt_err *err)
{
	struct rt_weight w;

	for (int i = 0; i < g->nnodes; i++)
		chosen[i] = names->n == 0 && rt_weight_find(&w, g, i) && !w.table;
	for (int i = 0; i < names->n; i++)
		RT_TRY(select_one(chosen, g, names->v[i], err));
	return RT_OK;
}

const char *rt_weight_left(const struct rt_graph *g, int i)
{
	const struct rt_node *n = &g->nodes[i];
	const struct rt_param *p = NULL;
	struct rt_weight w;

	for (int k = 0; k < n->nin && !p; k++) {
		p = rt_graph_param(g, n->in[k]);
		p = p && p->trainable && p->data.shape.rank >= 2 ? p : NULL;
	}
	if (rt_weight_find(&w, g, i))
		return w.table ? "tables of embeddings are pruned only by name" : NULL;
	if (p && n->op == &rt_op_Gather)
		return rt_graph_uses(g, p->value) > 1 ? "another layer reads its table, too"
						      : "its table is not one of rows";
	if (p && n->op == &rt_op_ConvTranspose)
		return "transposed convolutions are not pruned";
	return NULL;
}

enum rt_status rt_weights_finite(const struct rt_graph *g, int value, struct rt_err *err)
{
	const struct rt_tensor *t = &rt_graph_param(g, value)->data;
	const float *w = rt_tensor_data(t);
	int64_t n = rt_tensor_count(t);

	for (int64_t i = 0; i < n; i++)
		if (!isfinite(w[i]))
			return rt_fail(err, RT_ENUMERIC, "weight %" PRId64 " of \"%s\" is %g", i,
				       g->values[value].name, (double)w[i]);
	return RT_OK;
}

int rt_graph_find_quantized(const struct rt_graph *g)
{
	for (int i = 0; i < g->nnodes; i++)
		if (strcmp(g->nodes[i].op->row.name, "QuantizeLinear") == 0 ||
		    strcmp(g->nodes[i].op->row.name, "DequantizeLinear") == 0)
			return i;
	return -1;
}

void rt_graph_adopt(struct rt_graph *g, struct rt_graph *with)
{
	struct rt_graph old = *g;

	*g = *with;
	*with = old;
	rt_graph_free(with);
}
