/* graph.c - making, copying and looking up graphs. */
#include "config.h"

#include "graph/graph.h"
#include "base/mem.h"
#include "base/sys.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct rt_graph *rt_graph_new(void)
{
	return rt_alloc(1, sizeof(struct rt_graph));
}

void rt_node_release(struct rt_node *n)
{
	if (n->attrs)
		rt_params_release(&n->op->row, n->attrs);
	free(n->attrs);
	free(n->name);
	free(n->in);
	free(n->out);
	for (int i = 0; i < n->nsubs; i++)
		rt_graph_free(n->subs[i].graph);
	free(n->subs);
}

int rt_node_captures(const struct rt_node *n)
{
	int captures = 0;

	for (int i = 0; i < n->nsubs; i++)
		captures += n->subs[i].ncaptures;
	return captures;
}

void rt_graph_add_sub(struct rt_graph *g, int node, struct rt_graph *sub, int ncaptures,
		      const int *captures)
{
	struct rt_node *n = &g->nodes[node];

	n->subs = rt_realloc(n->subs, (size_t)n->nsubs + 1, sizeof(*n->subs));
	n->subs[n->nsubs++] = (struct rt_sub){sub, ncaptures};
	n->in = rt_realloc(n->in, (size_t)(n->nin + ncaptures), sizeof(*n->in));
	for (int i = 0; i < ncaptures; i++)
		n->in[n->nin++] = captures[i];
}

void rt_graph_free(struct rt_graph *g)
{
	if (!g)
		return;
	for (int i = 0; i < g->nvalues; i++)
		free(g->values[i].name);
	for (int i = 0; i < g->nnodes; i++)
		rt_node_release(&g->nodes[i]);
	for (int i = 0; i < g->nparams; i++) {
		rt_tensor_release(&g->params[i].data);
		rt_tensor_release(&g->params[i].mask);
	}
	free(g->values);
	free(g->nodes);
	free(g->params);
	free(g->inputs);
	free(g->outputs);
	free(g);
}

static void *copy_attrs(const struct rt_op *op, const void *attrs)
{
	void *copy;

	if (!op->row.params_size)
		return NULL;
	copy = rt_alloc(1, op->row.params_size);
	if (attrs)
		rt_params_copy(&op->row, copy, attrs);
	else
		rt_params_init(&op->row, copy);
	return copy;
}

struct rt_graph *rt_graph_clone(const struct rt_graph *g)
{
	struct rt_graph *c = rt_alloc(1, sizeof(*c));

	*c = *g;
	c->values = rt_alloc((size_t)g->values_cap, sizeof(*c->values));
	c->nodes = rt_alloc((size_t)g->nodes_cap, sizeof(*c->nodes));
	c->params = rt_alloc((size_t)g->params_cap, sizeof(*c->params));
	c->inputs = rt_memdup(g->inputs, (size_t)g->ninputs, sizeof(int));
	c->outputs = rt_memdup(g->outputs, (size_t)g->noutputs, sizeof(int));
	for (int i = 0; i < g->nvalues; i++) {
		c->values[i] = g->values[i];
		c->values[i].name = rt_strdup(g->values[i].name);
	}
	for (int i = 0; i < g->nnodes; i++) {
		const struct rt_node *n = &g->nodes[i];

		c->nodes[i] = *n;
		c->nodes[i].name = rt_strdup(n->name);
		c->nodes[i].attrs = copy_attrs(n->op, n->attrs);
		c->nodes[i].in = rt_memdup(n->in, (size_t)n->nin, sizeof(int));
		c->nodes[i].out = rt_memdup(n->out, (size_t)n->nout, sizeof(int));
		c->nodes[i].subs = rt_memdup(n->subs, (size_t)n->nsubs, sizeof(*n->subs));
		for (int k = 0; k < n->nsubs; k++)
			c->nodes[i].subs[k].graph = rt_graph_clone(n->subs[k].graph);
	}
	for (int i = 0; i < g->nparams; i++) {
		c->params[i] = g->params[i];
		rt_tensor_share(&c->params[i].data, &g->params[i].data);
		rt_tensor_share(&c->params[i].mask, &g->params[i].mask);
	}
	return c;
}

int rt_graph_find_value(const struct rt_graph *g, const char *name)
{
	for (int i = 0; i < g->nvalues; i++)
		if (strcmp(g->values[i].name, name) == 0)
			return i;
	return -1;
}

int rt_graph_find_node(const struct rt_graph *g, const char *name)
{
	for (int i = 0; i < g->nnodes; i++)
		if (strcmp(g->nodes[i].name, name) == 0)
			return i;
	return -1;
}

struct rt_param *rt_graph_param(const struct rt_graph *g, int v)
{
	return v >= 0 && g->values[v].param >= 0 ? &g->params[g->values[v].param] : NULL;
}

/* name itself when find does not know it, else name_2, name_3 ...; the caller frees. */
static char *unique(const struct rt_graph *g, const char *name,
		    int (*find)(const struct rt_graph *, const char *))
{
	char *text;

	if (find(g, name) < 0)
		return rt_strdup(name);
	for (int i = 2;; i++) {
		text = rt_sprintf("%s_%d", name, i);
		if (find(g, text) < 0)
			return text;
		free(text);
	}
}

static int add_value(struct rt_graph *g, const char *name)
{
	RT_GROW(g->values, g->nvalues, g->values_cap);
	g->values[g->nvalues] = (struct rt_value){
		.name = unique(g, name, rt_graph_find_value), .producer = -1, .param = -1};
	return g->nvalues++;
}

void rt_graph_rename_value(struct rt_graph *g, int v, const char *name)
{
	char *old = g->values[v].name;

	if (strcmp(old, name) == 0)
		return;
	g->values[v].name = unique(g, name, rt_graph_find_value);
	free(old);
}

int rt_graph_add_input(struct rt_graph *g, const char *name, enum rt_dtype dtype,
		       const struct rt_shape *shape)
{
	int v = add_value(g, name ? name : "input");

	g->values[v].dtype = dtype;
	g->values[v].shape = *shape;
	g->inputs = rt_realloc(g->inputs, (size_t)g->ninputs + 1, sizeof(int));
	g->inputs[g->ninputs++] = v;
	return v;
}

const struct rt_value *rt_graph_input(const struct rt_graph *g)
{
	return g->ninputs ? &g->values[g->inputs[0]] : NULL;
}

int rt_graph_add_param(struct rt_graph *g, const char *name, struct rt_tensor *data, bool trainable)
{
	int v = add_value(g, name ? name : "param");

	RT_GROW(g->params, g->nparams, g->params_cap);
	g->params[g->nparams] =
		(struct rt_param){.value = v, .data = *data, .trainable = trainable};
	g->values[v].param = g->nparams++;
	g->values[v].dtype = data->dtype;
	g->values[v].shape = data->shape;
	*data = (struct rt_tensor){0};
	return v;
}

/* "conv1": the op's name in lower case and the smallest number that is free. */
static char *number_name(const struct rt_graph *g, const struct rt_op *op)
{
	char lower[64], *text;
	size_t n = strlen(op->row.name);

	n = n < sizeof(lower) ? n : sizeof(lower) - 1;
	for (size_t i = 0; i < n; i++)
		lower[i] = (char)tolower((unsigned char)op->row.name[i]);
	lower[n] = '\0';
	for (int i = 1;; i++) {
		text = rt_sprintf("%s%d", lower, i);
		if (rt_graph_find_node(g, text) < 0)
			return text;
		free(text);
	}
}

int rt_graph_add_node(struct rt_graph *g, const struct rt_op *op, const char *name,
		      const void *attrs, int nin, const int *in, int nout)
{
	struct rt_node n = {.op = op, .nin = nin, .nout = nout};

	n.name = name && *name ? unique(g, name, rt_graph_find_node) : number_name(g, op);
	n.attrs = copy_attrs(op, attrs);
	n.in = rt_memdup(in, (size_t)nin, sizeof(int));
	n.out = rt_alloc((size_t)nout, sizeof(int));
	for (int i = 0; i < nout; i++) {
		char *text = i ? rt_sprintf("%s.%d", n.name, i) : rt_strdup(n.name);

		n.out[i] = add_value(g, text);
		g->values[n.out[i]].producer = g->nnodes;
		free(text);
	}
	RT_GROW(g->nodes, g->nnodes, g->nodes_cap);
	g->nodes[g->nnodes] = n;
	return g->nnodes++;
}

void rt_graph_add_output(struct rt_graph *g, int v)
{
	g->outputs = rt_realloc(g->outputs, (size_t)g->noutputs + 1, sizeof(int));
	g->outputs[g->noutputs++] = v;
}

uint64_t rt_graph_hash(const struct rt_graph *g)
{
	struct rt_str text = {0};
	uint64_t h;

	for (int i = 0; i < g->ninputs; i++)
		rt_str_addf(&text, "in %d;", g->inputs[i]);
	for (int i = 0; i < g->nnodes; i++) {
		const struct rt_node *n = &g->nodes[i];

		rt_str_addf(&text, "%s", n->op->row.name);
		for (const struct rt_opt *o = n->op->row.opts; o && o->name; o++) {
			rt_str_addf(&text, " %s=", o->name);
			rt_opt_text(o, n->attrs, &text);
		}
		for (int k = 0; k < n->nin; k++)
			rt_str_addf(&text, " %d", n->in[k]);
		for (int k = 0; k < n->nsubs; k++)
			rt_str_addf(&text, " {%016" PRIx64 "}", rt_graph_hash(n->subs[k].graph));
		rt_str_addc(&text, ';');
	}
	for (int i = 0; i < g->noutputs; i++)
		rt_str_addf(&text, "out %d;", g->outputs[i]);
	h = rt_hash(0, rt_str_text(&text), text.len);
	rt_str_release(&text);
	for (int i = 0; i < g->nparams; i++)
		h = rt_hash(h, rt_tensor_data(&g->params[i].data),
			    rt_tensor_bytes(&g->params[i].data));
	return h;
}
