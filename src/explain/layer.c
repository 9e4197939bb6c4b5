/* layer.c - finding the layer a user names, or the one class activation maps look at. */
#include "config.h"

#include "explain/probe.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static enum rt_status unknown(const struct rt_graph *g, const char *name, struct rt_err *err)
{
	const char **names = rt_alloc((size_t)g->nnodes, sizeof(*names)), *near;

	for (int i = 0; i < g->nnodes; i++)
		names[i] = g->nodes[i].name;
	near = rt_nearest(name, names, g->nnodes);
	if (!near && g->nnodes)
		near = names[g->nnodes - 1];
	rt_fail(err, RT_ENOTFOUND, "no layer \"%s\" in the model; did you mean \"%s\"?", name,
		near ? near : "");
	free(names);
	return RT_ENOTFOUND;
}

enum rt_status rt_layer_find(int *value, const struct rt_graph *g, const char *name,
			     const struct rt_target *t, struct rt_err *err)
{
	int v = rt_graph_find_value(g, name), node = rt_graph_find_node(g, name);

	if (v < 0 && node >= 0)
		v = g->nodes[node].out[0];
	if (v < 0)
		return unknown(g, name, err);
	if (g->values[v].param >= 0)
		return rt_fail(err, RT_EINVAL, "\"%s\" is a parameter, not a layer", name);
	if (g->values[v].dtype != RT_F32)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "layer \"%s\" holds %s numbers; gradients need f32", name,
			       rt_dtype(g->values[v].dtype)->row.name);
	if (!rt_value_leads_to(g, v, t->value))
		return rt_fail(err, RT_EINVAL,
			       "layer \"%s\" does not lead to \"%s\", which is explained", name,
			       g->values[t->value].name);
	*value = v;
	return RT_OK;
}

/* N x C x H x W, or N x C x W, with more than one place. */
static bool has_places(const struct rt_graph *g, int v)
{
	const struct rt_shape *s = &g->values[v].shape;

	return s->rank >= 3 && s->rank <= 4 && rt_shape_span(s, 2, s->rank) > 1;
}

static bool same_places(const struct rt_graph *g, int a, int b)
{
	const struct rt_shape *s = &g->values[a].shape, *t = &g->values[b].shape;

	return s->rank == t->rank && memcmp(s->dim + 2, t->dim + 2, (size_t)(s->rank - 2) * 8) == 0;
}

static int last_conv(const struct rt_graph *g, const struct rt_target *t)
{
	for (int i = g->nnodes - 1; i >= 0; i--)
		if (strcmp(g->nodes[i].op->row.name, "Conv") == 0 &&
		    has_places(g, g->nodes[i].out[0]) &&
		    rt_value_leads_to(g, g->nodes[i].out[0], t->value))
			return i;
	return -1;
}

enum rt_status rt_layer_last_conv(int *value, const struct rt_graph *g, const struct rt_target *t,
				  struct rt_err *err)
{
	int conv = last_conv(g, t), v;

	if (conv < 0)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "a class activation map needs a convolution with rows and columns, "
			       "the model has none   (try: integrated_gradients)");
	v = g->nodes[conv].out[0];
	for (int i = conv + 1; i < g->nnodes; i++) {
		const struct rt_node *n = &g->nodes[i];

		if (n->out[0] < 0 || !same_places(g, g->nodes[conv].out[0], n->out[0]) ||
		    strstr(n->op->row.name, "Pool") || g->values[n->out[0]].dtype != RT_F32)
			continue;
		if (rt_value_leads_to(g, g->nodes[conv].out[0], n->out[0]) &&
		    rt_value_leads_to(g, n->out[0], t->value))
			v = n->out[0];
	}
	*value = v;
	return RT_OK;
}
