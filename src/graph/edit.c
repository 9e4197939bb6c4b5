/* edit.c - changing graphs: replacing, dropping, sorting. */
#include "config.h"

#include "graph/graph.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

int rt_graph_uses(const struct rt_graph *g, int v)
{
	int uses = 0;

	for (int i = 0; i < g->nnodes; i++)
		for (int k = 0; k < g->nodes[i].nin; k++)
			uses += g->nodes[i].in[k] == v;
	for (int i = 0; i < g->noutputs; i++)
		uses += g->outputs[i] == v;
	return uses;
}

void rt_graph_replace(struct rt_graph *g, int from, int to)
{
	for (int i = 0; i < g->nnodes; i++)
		for (int k = 0; k < g->nodes[i].nin; k++)
			if (g->nodes[i].in[k] == from)
				g->nodes[i].in[k] = to;
	for (int i = 0; i < g->noutputs; i++)
		if (g->outputs[i] == from)
			g->outputs[i] = to;
}

/* Marks the values that some output needs, walking the nodes backwards. */
static void mark_needed(const struct rt_graph *g, bool *value, bool *node)
{
	for (int i = 0; i < g->noutputs; i++)
		value[g->outputs[i]] = true;
	for (int i = g->nnodes - 1; i >= 0; i--) {
		const struct rt_node *n = &g->nodes[i];

		for (int k = 0; k < n->nout; k++)
			if (n->out[k] >= 0 && value[n->out[k]])
				node[i] = true;
		for (int k = 0; node[i] && k < n->nin; k++)
			if (n->in[k] >= 0)
				value[n->in[k]] = true;
		for (int k = 0; node[i] && k < n->nout; k++)
			if (n->out[k] >= 0)
				value[n->out[k]] = true;
	}
	for (int i = 0; i < g->ninputs; i++)
		value[g->inputs[i]] = true;
}

/* Moves kept nodes together; renumbers producers later through the values' map. */
static void keep_nodes(struct rt_graph *g, const bool *node)
{
	int kept = 0;

	for (int i = 0; i < g->nnodes; i++) {
		if (node[i])
			g->nodes[kept++] = g->nodes[i];
		else
			rt_node_release(&g->nodes[i]);
	}
	g->nnodes = kept;
}

static void keep_params(struct rt_graph *g, const bool *value)
{
	int kept = 0;

	for (int i = 0; i < g->nparams; i++) {
		if (value[g->params[i].value]) {
			g->params[kept++] = g->params[i];
		} else {
			rt_tensor_release(&g->params[i].data);
			rt_tensor_release(&g->params[i].mask);
		}
	}
	g->nparams = kept;
}

static void keep_values(struct rt_graph *g, const bool *value, int *map)
{
	int kept = 0;

	for (int i = 0; i < g->nvalues; i++) {
		map[i] = value[i] ? kept : -1;
		if (value[i]) {
			g->values[kept] = g->values[i];
			g->values[kept].producer = -1;
			g->values[kept++].param = -1;
		} else {
			free(g->values[i].name);
		}
	}
	g->nvalues = kept;
}

static void renumber(int *list, int n, const int *map)
{
	for (int i = 0; i < n; i++)
		if (list[i] >= 0)
			list[i] = map[list[i]];
}

/* Sets producer and param of every value from the nodes and parameters. */
static void relink(struct rt_graph *g)
{
	for (int i = 0; i < g->nvalues; i++) {
		g->values[i].producer = -1;
		g->values[i].param = -1;
	}
	for (int i = 0; i < g->nnodes; i++)
		for (int k = 0; k < g->nodes[i].nout; k++)
			if (g->nodes[i].out[k] >= 0)
				g->values[g->nodes[i].out[k]].producer = i;
	for (int i = 0; i < g->nparams; i++)
		g->values[g->params[i].value].param = i;
}

void rt_graph_compact(struct rt_graph *g)
{
	bool *value = rt_alloc((size_t)g->nvalues, sizeof(bool));
	bool *node = rt_alloc((size_t)g->nnodes, sizeof(bool));
	int *map = rt_alloc((size_t)g->nvalues, sizeof(int));

	mark_needed(g, value, node);
	keep_nodes(g, node);
	keep_params(g, value);
	keep_values(g, value, map);
	for (int i = 0; i < g->nnodes; i++) {
		renumber(g->nodes[i].in, g->nodes[i].nin, map);
		renumber(g->nodes[i].out, g->nodes[i].nout, map);
	}
	for (int i = 0; i < g->nparams; i++)
		g->params[i].value = map[g->params[i].value];
	renumber(g->inputs, g->ninputs, map);
	renumber(g->outputs, g->noutputs, map);
	relink(g);
	free(value);
	free(node);
	free(map);
}

static bool ready(const struct rt_node *n, const bool *made)
{
	for (int k = 0; k < n->nin; k++)
		if (n->in[k] >= 0 && !made[n->in[k]])
			return false;
	return true;
}

enum rt_status rt_graph_sort(struct rt_graph *g, struct rt_err *err)
{
	bool *made = rt_alloc((size_t)g->nvalues, sizeof(bool));
	bool *placed = rt_alloc((size_t)g->nnodes, sizeof(bool));
	struct rt_node *sorted = rt_alloc((size_t)g->nodes_cap, sizeof(*sorted));
	int n = 0, before;

	for (int i = 0; i < g->nvalues; i++)
		made[i] = g->values[i].producer < 0;
	do {
		before = n;
		for (int i = 0; i < g->nnodes; i++) {
			if (placed[i] || !ready(&g->nodes[i], made))
				continue;
			placed[i] = true;
			sorted[n++] = g->nodes[i];
			for (int k = 0; k < g->nodes[i].nout; k++)
				if (g->nodes[i].out[k] >= 0)
					made[g->nodes[i].out[k]] = true;
		}
	} while (n > before && n < g->nnodes);
	if (n == g->nnodes) {
		free(g->nodes);
		g->nodes = sorted;
		relink(g);
	} else {
		int i = 0;

		while (placed[i])
			i++;
		rt_fail(err, RT_EFORMAT, "node \"%s\" (%s) takes part in a cycle", g->nodes[i].name,
			g->nodes[i].op->row.name);
		free(sorted);
	}
	n -= g->nnodes;
	free(made);
	free(placed);
	return n == 0 ? RT_OK : RT_EFORMAT;
}
