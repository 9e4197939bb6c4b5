/* dot.c - graphs as text for Graphviz (https://graphviz.org/doc/info/lang.html). */
#include "config.h"

#include "io/dot.h"

#include <string.h>

/* Inside double quotes. */
static void add_text(struct rt_str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			rt_str_addc(out, '\\');
		rt_str_addc(out, *text == '\n' ? ' ' : *text);
	}
}

static void add_shape(struct rt_str *out, const struct rt_shape *s)
{
	char text[128];

	rt_str_add(out, rt_shape_text(text, sizeof(text), s));
}

/* Attributes that are not at their defaults: "strides 2 2". */
static void add_attrs(struct rt_str *out, const struct rt_node *n)
{
	struct rt_str text = {0};

	for (const struct rt_opt *o = n->op->row.opts; o && o->name; o++) {
		if (rt_opt_is_default(o, n->attrs))
			continue;
		rt_str_clear(&text);
		rt_opt_text(o, n->attrs, &text);
		if (!text.len)
			continue;
		rt_str_add(out, "\\n");
		add_text(out, o->name);
		rt_str_addc(out, ' ');
		add_text(out, rt_str_text(&text));
	}
	rt_str_release(&text);
}

static bool has_weights(const struct rt_graph *g, const struct rt_node *n)
{
	for (int k = 0; k < n->nin; k++) {
		const struct rt_param *p = rt_graph_param(g, n->in[k]);

		if (p && p->trainable)
			return true;
	}
	return false;
}

static void add_params(struct rt_str *out, const struct rt_graph *g, const struct rt_node *n)
{
	for (int k = 0; k < n->nin; k++) {
		const struct rt_param *p = rt_graph_param(g, n->in[k]);
		const char *name, *short_name;

		if (!p || p->data.shape.rank == 0)
			continue;
		name = g->values[p->value].name;
		short_name = strrchr(name, '.');
		rt_str_add(out, "\\n");
		add_text(out, short_name && short_name[1] ? short_name + 1 : name);
		rt_str_addc(out, ' ');
		add_shape(out, &p->data.shape);
	}
}

static void add_box(struct rt_str *out, const struct rt_graph *g, int i)
{
	const struct rt_node *n = &g->nodes[i];

	rt_str_addf(out, "\tn%d [label=\"", i);
	add_text(out, n->name);
	rt_str_add(out, "\\n");
	add_text(out, n->op->row.name);
	add_attrs(out, n);
	add_params(out, g, n);
	rt_str_addf(out, "\"%s];\n", has_weights(g, n) ? ", style=\"rounded,filled\"" : "");
}

/* Inputs and outputs of the model. */
static void add_end(struct rt_str *out, const struct rt_graph *g, const char *kind, int number,
		    int v)
{
	rt_str_addf(out, "\t%s%d [shape=oval, label=\"", kind, number);
	add_text(out, g->values[v].name);
	rt_str_add(out, "\\n");
	add_shape(out, &g->values[v].shape);
	rt_str_add(out, "\"];\n");
}

/* The box that a value comes out of; false: a parameter. */
static bool add_source(struct rt_str *out, const struct rt_graph *g, int v)
{
	if (g->values[v].producer >= 0) {
		rt_str_addf(out, "\tn%d -> ", g->values[v].producer);
		return true;
	}
	for (int i = 0; i < g->ninputs; i++)
		if (g->inputs[i] == v) {
			rt_str_addf(out, "\tin%d -> ", i);
			return true;
		}
	return false;
}

static void add_arrow_end(struct rt_str *out, const struct rt_graph *g, const char *kind,
			  int number, int v)
{
	rt_str_addf(out, "%s%d [label=\"", kind, number);
	add_shape(out, &g->values[v].shape);
	rt_str_add(out, "\"];\n");
}

void rt_graph_dot(struct rt_str *out, const struct rt_graph *g, const char *title)
{
	rt_str_add(out, "digraph \"");
	add_text(out, title);
	rt_str_add(out, "\" {\n\tlabel=\"");
	add_text(out, title);
	rt_str_add(out,
		   "\";\n\tlabelloc=t;\n\tnode [shape=box, style=rounded, fillcolor=\"#e8eef7\", "
		   "fontname=sans];\n\tedge [fontname=sans, fontsize=10];\n");
	for (int i = 0; i < g->ninputs; i++)
		add_end(out, g, "in", i, g->inputs[i]);
	for (int i = 0; i < g->nnodes; i++)
		add_box(out, g, i);
	for (int i = 0; i < g->noutputs; i++)
		add_end(out, g, "out", i, g->outputs[i]);
	for (int i = 0; i < g->nnodes; i++)
		for (int k = 0; k < g->nodes[i].nin; k++) {
			int v = g->nodes[i].in[k];

			if (v >= 0 && add_source(out, g, v))
				add_arrow_end(out, g, "n", i, v);
		}
	for (int i = 0; i < g->noutputs; i++)
		if (add_source(out, g, g->outputs[i]))
			add_arrow_end(out, g, "out", i, g->outputs[i]);
	rt_str_add(out, "}\n");
}
