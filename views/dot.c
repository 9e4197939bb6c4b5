/* dot.c - a model as text for Graphviz (https://graphviz.org/doc/info/lang.html). */
#include "config.h"

#include "views/dot.h"
#include "base/mem.h"
#include "graph/attr.h"
#include "session/facts.h"
#include "session/lines.h"
#include "views/palette.h"
#include "views/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 32 };	/* longer names are cut in the middle */

struct drawing {
	struct rt_str *out;
	const struct rt_graph *g;
	struct rt_lines lines;
	struct rt_node_cost *cost;	/* [nnodes] */
	int *seen;			/* [nvalues] the box the value's last arrow led to */
};

/* --- words ---------------------------------------------------------------------------------- */

/* As it stands in a label between < and >: https://graphviz.org/doc/info/shapes.html#html */
static void add_text(struct rt_str *out, const char *text)
{
	struct rt_str fitted = {0};

	rt_text_fit_middle(&fitted, text, NAME_WIDTH, true);
	for (const char *p = rt_str_text(&fitted); *p; p++) {
		if (*p == '&')
			rt_str_add(out, "&amp;");
		else if (*p == '<')
			rt_str_add(out, "&lt;");
		else if (*p == '>')
			rt_str_add(out, "&gt;");
		else
			rt_str_addc(out, *p);
	}
	rt_str_release(&fitted);
}

/* The name of the picture, inside double quotes. */
static void add_quoted(struct rt_str *out, const char *text)
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

	add_text(out, rt_sample_shape_text(text, sizeof(text), s));
}

static bool all_are(const struct rt_ints *list, int64_t v)
{
	for (int i = 0; i < list->n; i++)
		if (list->v[i] != v)
			return false;
	return true;
}

static void add_sizes(struct rt_str *out, const struct rt_ints *list)
{
	for (int i = 0; i < list->n; i++)
		rt_str_addf(out, "%s%" PRId64, i ? "x" : "", list->v[i]);
}

/* ", 3x3, stride 2" of what slides over its input. */
static void add_window(struct rt_str *out, const struct rt_node *n)
{
	struct rt_ints kernel = rt_attr_ints(n, "kernel_shape");
	struct rt_ints strides = rt_attr_ints(n, "strides");
	int64_t group = rt_attr_int(n, "group", 1);

	if (kernel.n) {
		rt_str_add(out, ", ");
		add_sizes(out, &kernel);
	}
	if (strides.n && !all_are(&strides, 1)) {
		if (all_are(&strides, strides.v[0]))
			strides.n = 1;
		rt_str_add(out, ", stride ");
		add_sizes(out, &strides);
	}
	if (group != 1)
		rt_str_addf(out, ", %" PRId64 " groups", group);
}

/* --- boxes ---------------------------------------------------------------------------------- */

static void add_box(struct drawing *d, int line)
{
	const struct rt_graph *g = d->g;
	const struct rt_line *at = &d->lines.line[line];
	struct rt_node_cost cost = rt_line_cost(&d->lines, line, d->cost);
	char text[96], count[RT_NUM];

	rt_str_addf(d->out, "\tn%d [label=<<b>", line);
	add_text(d->out, g->nodes[at->node].name);
	rt_str_add(d->out, "</b>   ");
	add_text(d->out, rt_line_text(text, sizeof(text), &d->lines, line, g));
	add_window(d->out, &g->nodes[line]);
	rt_str_addf(d->out, "<br/><font color=\"#%06x\">", RT_FAINT);
	add_shape(d->out, &g->values[g->nodes[at->last].out[0]].shape);
	if (cost.params)
		rt_str_addf(d->out, "   %s parameter%s", rt_num_count(count, (double)cost.params),
			    cost.params == 1 ? "" : "s");
	rt_str_addf(d->out, "</font>>%s];\n", cost.params ? ", style=\"rounded,filled\"" : "");
}

/* Inputs and outputs of the model, which some files call just that. */
static void add_end(struct drawing *d, const char *kind, int number, int v)
{
	const char *name = d->g->values[v].name;

	rt_str_addf(d->out, "\t%s%d [shape=plaintext, label=<", kind, number);
	if (strncmp(name, kind, strlen(kind)) != 0 || strcmp(name + strlen(kind), "put") != 0)
		rt_str_addf(d->out, "%sput ", kind);
	rt_str_add(d->out, "<b>");
	add_text(d->out, name);
	rt_str_addf(d->out, "</b>   <font color=\"#%06x\">", RT_FAINT);
	add_shape(d->out, &d->g->values[v].shape);
	rt_str_add(d->out, "</font>>];\n");
}

/* --- arrows --------------------------------------------------------------------------------- */

/* Where a value comes from that a box shows: conversions are walked through; -1: from nowhere that
 * is shown. */
static int shown_source(const struct drawing *d, int v)
{
	int made;

	while (v >= 0 && (made = d->g->values[v].producer) >= 0 && d->lines.hidden[made])
		v = rt_is_conversion(&d->g->nodes[made]) ? d->g->nodes[made].in[0] : -1;
	return v < 0 || rt_graph_param(d->g, v) ? -1 : v;
}

/* An arrow from where v comes from to the box of that kind and number; key is that of the box among
 * all, which gets one arrow for a value however often it is read. */
static void add_arrow(struct drawing *d, int v, const char *to, int number, int key)
{
	const struct rt_graph *g = d->g;
	int source = shown_source(d, v), line = -1;

	if (source < 0 || d->seen[source] == key)
		return;
	if (g->values[source].producer >= 0) {
		line = d->lines.of[g->values[source].producer];
		if (key == line)
			return;
		rt_str_addf(d->out, "\tn%d -> %s%d", line, to, number);
	} else {
		for (int i = 0; i < g->ninputs; i++)
			if (g->inputs[i] == source)
				rt_str_addf(d->out, "\tin%d -> %s%d", i, to, number);
	}
	d->seen[source] = key;
	if (line >= 0 && source != g->nodes[d->lines.line[line].last].out[0]) {
		rt_str_add(d->out, " [label=<");
		add_shape(d->out, &g->values[source].shape);
		rt_str_add(d->out, ">]");
	}
	rt_str_add(d->out, ";\n");
}

static void add_arrows_to(struct drawing *d, int line)
{
	for (int i = 0; i < d->g->nnodes; i++) {
		const struct rt_node *n = &d->g->nodes[i];

		for (int k = 0; d->lines.of[i] == line && !d->lines.hidden[i] && k < n->nin; k++)
			add_arrow(d, n->in[k], "n", line, line);
	}
}

static void add_arrows(struct drawing *d)
{
	const struct rt_graph *g = d->g;

	for (int v = 0; v < g->nvalues; v++)
		d->seen[v] = -1;
	for (int line = 0; line < g->nnodes; line++)
		if (d->lines.of[line] == line)
			add_arrows_to(d, line);
	for (int i = 0; i < g->noutputs; i++)
		add_arrow(d, g->outputs[i], "out", i, g->nnodes + i);
}

/* --- the whole ------------------------------------------------------------------------------ */

static void add_head(struct rt_str *out, const char *title)
{
	rt_str_add(out, "digraph \"");
	add_quoted(out, title);
	rt_str_add(out, "\" {\n\tlabel=<<b>");
	add_text(out, title);
	rt_str_addf(out, "</b>>;\n\tlabelloc=t;\n\tranksep=0.25;\n\tnodesep=0.3;\n"
		    "\tbgcolor=\"#%06x\";\n\tfontname=sans;\n\tfontsize=14;\n"
		    "\tfontcolor=\"#%06x\";\n", RT_PAPER, RT_TEXT);
	rt_str_addf(out, "\tnode [shape=box, style=rounded, fontname=sans, fontsize=11, "
		    "margin=\"0.12,0.05\", height=0.3,\n\t\tcolor=\"#%06x\", fillcolor=\"#%06x\", "
		    "fontcolor=\"#%06x\"];\n", RT_AXIS,
		    rt_color_mix(rt_role_paper(RT_TEACHER), RT_PAPER, 0.88), RT_TEXT);
	rt_str_addf(out, "\tedge [fontname=sans, fontsize=9, arrowsize=0.6, color=\"#%06x\", "
		    "fontcolor=\"#%06x\"];\n", RT_AXIS, RT_FAINT);
}

enum rt_status rt_dot_draw(struct rt_str *out, const struct rt_graph *g, const char *title,
			   bool whole, struct rt_err *err)
{
	struct drawing d = {.out = out, .g = g};
	enum rt_status status;

	d.cost = rt_alloc((size_t)g->nnodes, sizeof(*d.cost));
	d.seen = rt_alloc((size_t)g->nvalues, sizeof(*d.seen));
	rt_lines_init(&d.lines, g, whole);
	status = rt_graph_cost(g, d.cost, NULL, err);
	if (status == RT_OK) {
		add_head(out, title);
		for (int i = 0; i < g->ninputs; i++)
			add_end(&d, "in", i, g->inputs[i]);
		for (int i = 0; i < g->nnodes; i++)
			if (d.lines.of[i] == i)
				add_box(&d, i);
		for (int i = 0; i < g->noutputs; i++)
			add_end(&d, "out", i, g->outputs[i]);
		add_arrows(&d);
		rt_str_add(out, "}\n");
	}
	rt_lines_release(&d.lines);
	free(d.cost);
	free(d.seen);
	return status;
}
