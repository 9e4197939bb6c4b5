/* diff_layers.c - two models side by side, layer by layer: pairs, and what differs in them. */
#include "config.h"

#include "cmd/diff_layers.h"
#include "base/mem.h"
#include "graph/attr.h"
#include "session/facts.h"
#include "session/lines.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct side {
	const struct rt_graph *g;
	struct rt_lines lines;
	int *partner;		/* [nnodes] line of the other side, -1: none */
};

/* The weights of a line as numbers, whatever they are kept in. */
struct weights {
	const struct rt_param *p;	/* NULL: none */
	const struct rt_param *scale, *zero;	/* of a DequantizeLinear, or NULL */
	int axis;
};

/* Zeros that come and go with rounding are not worth a column. */
#define FEW 0.05

enum { TEXT = 96, CELLS = 7 };

/* What one row says; an empty text is a dash, and a column without any text is left out. */
struct row {
	char *name;
	char cell[CELLS][2 * TEXT];
};
static const struct {
	const char *title;
	enum rt_align align;
	int rank;
} columns[CELLS] = {
	{"operation", RT_LEFT, 0}, {"output", RT_RIGHT, 1},   {"weights", RT_RIGHT, 3},
	{"bits", RT_RIGHT, 0},	   {"zero", RT_RIGHT, 1},     {"scale up to", RT_RIGHT, 2},
	{"relative", RT_RIGHT, 0},
};
enum { OPERATION, OUTPUT, WEIGHTS, BITS, ZERO, SCALE, RELATIVE };

static bool is_line(const struct side *s, int i)
{
	return s->lines.of[i] == i && !rt_is_conversion(&s->g->nodes[i]);
}

static const char *line_name(const struct side *s, int line)
{
	return s->g->nodes[s->lines.line[line].node].name;
}

/* --- pairs ---------------------------------------------------------------------------------- */

static void pair(struct side *a, struct side *b, int i, int k)
{
	a->partner[i] = k;
	b->partner[k] = i;
}

static void pair_names(struct side *a, struct side *b)
{
	for (int i = 0; i < a->g->nnodes; i++) {
		int line = a->lines.of[i], node = rt_graph_find_node(b->g, a->g->nodes[i].name);
		int other = node >= 0 ? b->lines.of[node] : -1;

		if (other >= 0 && is_line(a, line) && is_line(b, other) && a->partner[line] < 0 &&
		    b->partner[other] < 0)
			pair(a, b, line, other);
	}
}

/* What no name pairs: the next of the same operator before the next pair. */
static void pair_structure(struct side *a, struct side *b)
{
	int at = 0;

	for (int i = 0; i < a->g->nnodes; i++) {
		if (!is_line(a, i))
			continue;
		if (a->partner[i] >= 0) {
			at = a->partner[i] + 1;
			continue;
		}
		for (int k = at; k < b->g->nnodes && b->partner[k] < 0; k++)
			if (is_line(b, k) && a->g->nodes[i].op == b->g->nodes[k].op) {
				pair(a, b, i, k);
				at = k + 1;
				break;
			}
	}
}

static void side_init(struct side *s, const struct rt_graph *g)
{
	*s = (struct side){.g = g, .partner = rt_alloc((size_t)g->nnodes, sizeof(int))};
	rt_lines_init(&s->lines, g, false);
	for (int i = 0; i < g->nnodes; i++)
		s->partner[i] = -1;
}

static void side_release(struct side *s)
{
	rt_lines_release(&s->lines);
	free(s->partner);
}

/* --- weights -------------------------------------------------------------------------------- */

static struct weights weights_of(const struct side *s, int line)
{
	struct weights w = {0};
	const struct rt_graph *g = s->g;

	for (int i = 0; i < g->nnodes && !w.p; i++)
		if (s->lines.of[i] == line)
			w.p = rt_layer_weights(g, &g->nodes[i]);
	for (int i = 0; w.p && i < g->nnodes; i++) {
		const struct rt_node *n = &g->nodes[i];

		if (strcmp(n->op->row.name, "DequantizeLinear") != 0 || n->in[0] != w.p->value)
			continue;
		w.scale = rt_graph_param(g, n->in[1]);
		w.zero = n->nin > 2 ? rt_graph_param(g, n->in[2]) : NULL;
		w.axis = (int)rt_attr_int(n, "axis", 1);
		if (w.axis < 0)
			w.axis += w.p->data.shape.rank;
	}
	return w;
}

static double number(const struct weights *w, int64_t i)
{
	double x = rt_tensor_get(&w->p->data, i);
	int64_t n, at = 0;

	if (!w->scale)
		return x;
	n = rt_tensor_count(&w->scale->data);
	if (n > 1 && w->axis < w->p->data.shape.rank)
		at = i / rt_shape_span(&w->p->data.shape, w->axis + 1, w->p->data.shape.rank) %
		     w->p->data.shape.dim[w->axis] % n;
	return (x - (w->zero ? rt_tensor_get(&w->zero->data, at) : 0)) *
	       rt_tensor_get(&w->scale->data, at);
}

static double largest_scale(const struct weights *w)
{
	double most = 0;

	for (int64_t i = 0; w->scale && i < rt_tensor_count(&w->scale->data); i++)
		most = fmax(most, rt_tensor_get(&w->scale->data, i));
	return most;
}

static double zeros(const struct weights *w)
{
	int64_t n = rt_tensor_count(&w->p->data), zero = 0;

	for (int64_t i = 0; i < n; i++)
		zero += number(w, i) == 0;
	return n ? (double)zero / (double)n : 0;
}

/* ||a - b|| / ||a||; 0 where all are equal. */
static double distance(const struct weights *a, const struct weights *b)
{
	double apart = 0, length = 0;

	for (int64_t i = 0; i < rt_tensor_count(&a->p->data); i++) {
		double x = number(a, i), d = x - number(b, i);

		apart += d * d;
		length += x * x;
	}
	return apart == 0 ? 0 : sqrt(apart) / sqrt(length);
}

/* --- rows ----------------------------------------------------------------------------------- */

/* "x → y", or just x where they are equal; empty texts are dashes. */
static void set(char *cell, const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		snprintf(cell, 2 * TEXT, "%.*s", TEXT - 1, a);
	else
		snprintf(cell, 2 * TEXT, "%.90s → %.90s", *a ? a : "–", *b ? b : "–");
}

static void line_facts(char cell[CELLS][TEXT], const struct side *s, int line,
		       const struct weights *w)
{
	const struct rt_graph *g = s->g;
	char number_text[RT_NUM];

	memset(cell, 0, sizeof(char[CELLS][TEXT]));
	if (line < 0)
		return;
	rt_line_text(cell[OPERATION], TEXT, &s->lines, line, g);
	rt_sample_shape_text(cell[OUTPUT], TEXT,
			     &g->values[g->nodes[s->lines.line[line].last].out[0]].shape);
	if (!w->p)
		return;
	rt_shape_text(cell[WEIGHTS], TEXT, &w->p->data.shape);
	snprintf(cell[BITS], TEXT, "%d", (int)(8 * rt_dtype(w->p->data.dtype)->size));
	snprintf(cell[ZERO], TEXT, "%.0f %%", 100 * zeros(w));
	if (w->scale)
		snprintf(cell[SCALE], TEXT, "%s",
			 rt_num_short(number_text, largest_scale(w), 2));
}

static bool took_norm(const struct side *a, int i, const struct side *b, int k)
{
	const char *x = a->lines.line[i].what, *y = b->lines.line[k].what;

	return (x && strcmp(x, "bn") == 0) != (y && strcmp(y, "bn") == 0);
}

static bool same_attrs(const struct side *a, int i, const struct side *b, int k)
{
	const struct rt_node *x = &a->g->nodes[i], *y = &b->g->nodes[k];

	return x->op == y->op && (!x->op->row.opts ||
				  rt_params_equal(&x->op->row, x->attrs, y->attrs));
}

/* Fills the row of a pair, or of a line without a partner (-1).  What is said is on *kind where
 * the layers are not the same, on *numbers where only their weights are not. */
static void compare(struct row *r, bool *kind, bool *numbers, const struct side *a, int i,
		    const struct side *b, int k)
{
	char x[CELLS][TEXT], y[CELLS][TEXT], text[RT_NUM];
	struct weights wa = {0}, wb = {0};
	double apart = NAN;

	if (i >= 0)
		wa = weights_of(a, i);
	if (k >= 0)
		wb = weights_of(b, k);
	line_facts(x, a, i, &wa);
	line_facts(y, b, k, &wb);
	for (int c = 0; c < CELLS; c++)
		set(r->cell[c], x[c], y[c]);
	if (strcmp(x[BITS], y[BITS]) == 0 && strcmp(x[BITS], "32") == 0)
		r->cell[BITS][0] = '\0';
	if (!wa.p || !wb.p || fabs(zeros(&wa) - zeros(&wb)) < FEW)
		r->cell[ZERO][0] = '\0';
	*kind = i < 0 || k < 0 || strcmp(x[OPERATION], y[OPERATION]) != 0 ||
		strcmp(x[OUTPUT], y[OUTPUT]) != 0 || !same_attrs(a, i, b, k);
	if (wa.p && wb.p && rt_shape_equal(&wa.p->data.shape, &wb.p->data.shape) &&
	    !took_norm(a, i, b, k))
		apart = distance(&wa, &wb);
	*numbers = strcmp(x[BITS], y[BITS]) != 0 || strcmp(x[WEIGHTS], y[WEIGHTS]) != 0 ||
		   strcmp(x[SCALE], y[SCALE]) != 0 || apart > 0;
	if (apart > 0)
		snprintf(r->cell[RELATIVE], TEXT, "%s", rt_num_percent(text, apart));
	r->name = rt_strdup(i >= 0 ? line_name(a, i) : line_name(b, k));
}

static void fill(struct rt_table *t, const struct row *rows, int n)
{
	bool said[CELLS] = {false};

	for (int i = 0; i < n; i++)
		for (int c = 0; c < CELLS; c++)
			said[c] = said[c] || rows[i].cell[c][0];
	rt_table_column(t, "layer", RT_LEFT, 0);
	for (int c = 0; c < CELLS; c++)
		if (said[c])
			rt_table_column(t, columns[c].title, columns[c].align, columns[c].rank);
	for (int i = 0; i < n; i++) {
		rt_table_text(t, rows[i].name);
		for (int c = 0; c < CELLS; c++)
			if (said[c])
				rt_table_text(t, rows[i].cell[c][0] ? rows[i].cell[c] : NULL);
	}
}

void rt_diff_layers(struct rt_layers_diff *d, struct rt_table *t, struct rt_val *names,
		    const struct rt_graph *ga, const struct rt_graph *gb)
{
	struct row *rows = rt_alloc((size_t)(ga->nnodes + gb->nnodes), sizeof(*rows));
	struct side a, b;
	int n = 0;

	*d = (struct rt_layers_diff){0};
	side_init(&a, ga);
	side_init(&b, gb);
	pair_names(&a, &b);
	pair_structure(&a, &b);
	for (int i = 0; i < ga->nnodes + gb->nnodes; i++) {
		int in_a = i < ga->nnodes ? i : -1, in_b = i < ga->nnodes ? -1 : i - ga->nnodes;
		bool kind, numbers;

		if (in_a >= 0 ? !is_line(&a, in_a) : !is_line(&b, in_b) || b.partner[in_b] >= 0)
			continue;
		if (in_a >= 0)
			in_b = a.partner[in_a];
		compare(&rows[n], &kind, &numbers, &a, in_a, &b, in_b);
		if (kind)
			rt_val_add(names, rt_val_string(rows[n].name));
		if (kind && !numbers && in_a >= 0 && in_b >= 0 && same_attrs(&a, in_a, &b, in_b)) {
			d->follow++;
			free(rows[n].name);
		} else if (kind || numbers) {
			n++;
		} else {
			free(rows[n].name);
		}
	}
	d->differ = n;
	fill(t, rows, n);
	for (int i = 0; i < n; i++)
		free(rows[i].name);
	free(rows);
	side_release(&a);
	side_release(&b);
}
