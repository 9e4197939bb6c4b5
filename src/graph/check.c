/* check.c - whether the structure of a graph is sound, whoever made it. */
#include "config.h"

#include "graph/graph.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static enum rt_status wrong(const struct rt_node *n, struct rt_err *err)
{
	return rt_wrap(err, "node \"%s\" (%s)", n->name, n->op->row.name);
}

static enum rt_status check_arity(const struct rt_node *n, struct rt_err *err)
{
	const struct rt_op *op = n->op;
	int own = n->nin - rt_node_captures(n), subs = 0;

	if (own < op->min_in || (op->max_in >= 0 && own > op->max_in))
		return rt_fail(err, RT_EFORMAT, "%d inputs, the operator takes %d to %d", own,
			       op->min_in, op->max_in);
	while (op->subgraphs && op->subgraphs[subs])
		subs++;
	if (n->nsubs != subs)
		return rt_fail(err, RT_EFORMAT, "%d graphs, the operator has %d", n->nsubs, subs);
	for (int k = 0; k < subs; k++) {
		if (n->subs[k].ncaptures > n->subs[k].graph->ninputs)
			return rt_fail(err, RT_EFORMAT, "%s captures more than it takes",
				       op->subgraphs[k]);
		if (rt_graph_check(n->subs[k].graph, err) != RT_OK)
			return rt_wrap(err, "%s", op->subgraphs[k]);
	}
	if (n->nout < op->min_out || (op->max_out >= 0 && n->nout > op->max_out))
		return rt_fail(err, RT_EFORMAT, "%d outputs, the operator gives %d to %d", n->nout,
			       op->min_out, op->max_out);
	return RT_OK;
}

/* Inputs are made before, outputs are values; made learns of them. */
static enum rt_status check_values(const struct rt_graph *g, const struct rt_node *n, bool *made,
				   struct rt_err *err)
{
	for (int k = 0; k < n->nin; k++) {
		if (n->in[k] < -1 || n->in[k] >= g->nvalues)
			return rt_fail(err, RT_EFORMAT, "input %d is no value", k);
		if (n->in[k] < 0 && k < n->op->min_in)
			return rt_fail(err, RT_EFORMAT, "input %d is missing", k);
		if (n->in[k] >= 0 && !made[n->in[k]])
			return rt_fail(err, RT_EFORMAT, "input \"%s\" is made later",
				       g->values[n->in[k]].name);
	}
	for (int k = 0; k < n->nout; k++) {
		if (n->out[k] < -1 || n->out[k] >= g->nvalues)
			return rt_fail(err, RT_EFORMAT, "output %d is no value", k);
		if (n->out[k] >= 0)
			made[n->out[k]] = true;
	}
	return RT_OK;
}

static enum rt_status check_nodes(const struct rt_graph *g, struct rt_err *err)
{
	bool *made = rt_alloc((size_t)g->nvalues, sizeof(bool));
	enum rt_status status = RT_OK;

	for (int i = 0; i < g->nvalues; i++)
		made[i] = g->values[i].producer < 0;
	for (int i = 0; i < g->nnodes && status == RT_OK; i++) {
		const struct rt_node *n = &g->nodes[i];

		if (check_arity(n, err) != RT_OK || check_values(g, n, made, err) != RT_OK)
			status = wrong(n, err);
	}
	free(made);
	return status;
}

static enum rt_status check_ends(const struct rt_graph *g, struct rt_err *err)
{
	for (int i = 0; i < g->ninputs; i++)
		if (g->inputs[i] < 0 || g->inputs[i] >= g->nvalues)
			return rt_fail(err, RT_EFORMAT, "input %d of the graph is no value", i);
	for (int i = 0; i < g->noutputs; i++)
		if (g->outputs[i] < 0 || g->outputs[i] >= g->nvalues)
			return rt_fail(err, RT_EFORMAT, "output %d of the graph is no value", i);
	for (int i = 0; i < g->nparams; i++)
		if (g->params[i].value < 0 || g->params[i].value >= g->nvalues)
			return rt_fail(err, RT_EFORMAT, "parameter %d of the graph is no value", i);
	return g->noutputs ? RT_OK : rt_fail(err, RT_EFORMAT, "the graph has no output");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts the names; two equal ones are neighbours then. */
static enum rt_status check_names(const char **name, int n, const char *what, struct rt_err *err)
{
	qsort(name, (size_t)n, sizeof(*name), by_name);
	for (int i = 1; i < n; i++)
		if (strcmp(name[i - 1], name[i]) == 0)
			return rt_fail(err, RT_EFORMAT, "two %s are called \"%s\"", what, name[i]);
	return RT_OK;
}

static enum rt_status check_unique(const struct rt_graph *g, struct rt_err *err)
{
	int most = g->nvalues > g->nnodes ? g->nvalues : g->nnodes;
	const char **name = rt_alloc((size_t)most, sizeof(*name));
	enum rt_status status;

	for (int i = 0; i < g->nvalues; i++)
		name[i] = g->values[i].name;
	status = check_names(name, g->nvalues, "values", err);
	for (int i = 0; i < g->nnodes; i++)
		name[i] = g->nodes[i].name;
	if (status == RT_OK)
		status = check_names(name, g->nnodes, "nodes", err);
	free(name);
	return status;
}

enum rt_status rt_graph_check(const struct rt_graph *g, struct rt_err *err)
{
	RT_TRY(check_ends(g, err));
	RT_TRY(check_nodes(g, err));
	return check_unique(g, err);
}
