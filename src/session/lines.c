/* lines.c - what a person reads as one layer: nodes of a graph in lines. */
#include "config.h"

#include "session/lines.h"
#include "session/facts.h"
#include "base/mem.h"
#include "graph/attr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct task {
	struct rt_lines *l;
	const struct rt_graph *g;
	int *reader;		/* [nvalues] the only node that reads it; -1: none, -2: several */
};

static bool is(const struct task *t, int node, const char *op)
{
	return node >= 0 && strcmp(t->g->nodes[node].op->row.name, op) == 0;
}

static bool is_any(const struct task *t, int node, const char *const *ops)
{
	for (; *ops; ops++)
		if (is(t, node, *ops))
			return true;
	return false;
}

static int maker(const struct task *t, int node, int k)
{
	const struct rt_node *n = node >= 0 ? &t->g->nodes[node] : NULL;

	return n && k < n->nin && n->in[k] >= 0 ? t->g->values[n->in[k]].producer : -1;
}

/* The node that alone reads the first output of a node, or a negative number. */
static int next(const struct task *t, int node)
{
	return node < 0 ? -1 : t->reader[t->g->nodes[node].out[0]];
}

/* Whether input k stays the same: a parameter, or arithmetic on shapes. */
static bool is_fixed(const struct task *t, int node, int k)
{
	const struct rt_node *n = &t->g->nodes[node];
	int made;

	if (k >= n->nin || n->in[k] < 0 || rt_graph_param(t->g, n->in[k]))
		return true;
	made = t->g->values[n->in[k]].producer;
	return made >= 0 && t->l->of[made] == -1;
}

static void count_readers(struct task *t)
{
	for (int v = 0; v < t->g->nvalues; v++)
		t->reader[v] = -1;
	for (int i = 0; i < t->g->nnodes; i++)
		for (int k = 0; k < t->g->nodes[i].nin; k++) {
			int v = t->g->nodes[i].in[k];

			if (v >= 0)
				t->reader[v] = t->reader[v] == -1 || t->reader[v] == i ? i : -2;
		}
	for (int i = 0; i < t->g->noutputs; i++)
		t->reader[t->g->outputs[i]] = -2;
}

/* Shape and Size, and what follows from them and from constants alone. */
static void hide_shapes(struct task *t)
{
	static const char *const roots[] = {"Shape", "Size", NULL};

	for (int i = 0; i < t->g->nnodes; i++) {
		const struct rt_node *n = &t->g->nodes[i];
		bool only = n->nin > 0 && !n->nsubs && !rt_is_conversion(n);

		for (int k = 0; k < n->nin; k++) {
			const struct rt_param *p = rt_graph_param(t->g, n->in[k]);

			only = only && is_fixed(t, i, k) && !(p && p->trainable);
		}
		if (is_any(t, i, roots) || only)
			t->l->of[i] = -1;
	}
}

/* Node i goes to line `to`. */
static void join(struct task *t, int i, int to)
{
	t->l->of[i] = to;
	if (i != to)
		t->l->line[i].node = -1;
}

static bool is_free(const struct task *t, int i)
{
	return i >= 0 && t->l->of[i] == i && !t->l->line[i].what && t->l->line[i].last == i;
}

/* --- biases and batch normalization ----------------------------------------------------------- */

static const char *const layers[] = {"Conv", "ConvTranspose", "Gemm", "MatMul", NULL};

/* The product before an Add of a parameter, or -1. */
static int biased(const struct task *t, int add)
{
	for (int k = 0; k < 2; k++) {
		int product = maker(t, add, k);

		if (is(t, product, "MatMul") && next(t, product) == add &&
		    rt_graph_param(t->g, t->g->nodes[add].in[!k]))
			return product;
	}
	return -1;
}

static void find_layers(struct task *t)
{
	for (int i = 0; i < t->g->nnodes; i++) {
		int product = is(t, i, "Add") ? biased(t, i) : -1, before = maker(t, i, 0);
		int line = before >= 0 ? t->l->of[before] : -1;

		if (is_free(t, i) && is_free(t, product)) {
			join(t, i, product);
			t->l->line[product].last = i;
			t->l->line[product].what = "bias";
		} else if (is(t, i, "BatchNormalization") && line >= 0 && next(t, before) == i &&
			   is_any(t, line, layers) && t->l->line[line].last == before) {
			join(t, i, line);
			t->l->line[line].last = i;
			t->l->line[line].what = "bn";
		}
	}
}

/* --- GELU and layer normalization ------------------------------------------------------------- */

/* Lists the nodes as one line named after the last of them. */
static void make_line(struct task *t, const int *node, int n, const char *what)
{
	int last = node[n - 1];

	for (int i = 0; i < n; i++)
		if (!is_free(t, node[i]))
			return;
	for (int i = 0; i < n; i++)
		join(t, node[i], last);
	t->l->line[last].what = what;
}

/* A Mul of something by a constant. */
static bool halves(const struct task *t, int i)
{
	return is(t, i, "Mul") && is_fixed(t, i, 0) != is_fixed(t, i, 1);
}

/* The other factor of a Mul that reads the output of node `of`. */
static int other_factor(const struct task *t, int times, int of)
{
	const struct rt_node *n = &t->g->nodes[times];

	return n->in[n->in[0] == t->g->nodes[of].out[0]];
}

/* The n nodes up to the Erf or Tanh of x, then + 1, times x and 1/2 in any order. */
static void end_gelu(struct task *t, int *node, int n, int x)
{
	int add = next(t, node[n - 1]), first = next(t, add), second = next(t, first), half;

	if (!is(t, add, "Add") || !is(t, first, "Mul"))
		return;
	half = t->g->values[other_factor(t, first, add)].producer;
	node[n++] = add;
	if ((halves(t, first) && is(t, second, "Mul") && other_factor(t, second, first) == x) ||
	    (other_factor(t, first, add) == x && halves(t, second))) {
		node[n++] = first;
		node[n++] = second;
	} else if (halves(t, half) && next(t, half) == first) {
		node[n++] = half;
		node[n++] = first;
	} else {
		return;
	}
	make_line(t, node, n, "GELU");
}

/* Phi(x) = (1 + erf(x / sqrt 2)) / 2 (Hendrycks, Gimpel, arXiv:1606.08415, section 2). */
static void find_gelu(struct task *t, int erf)
{
	int scale = maker(t, erf, 0), node[8] = {scale, erf};

	if ((is(t, scale, "Div") || is(t, scale, "Mul")) && next(t, scale) == erf)
		end_gelu(t, node, 2, t->g->nodes[scale].in[is_fixed(t, scale, 0)]);
}

/* Phi(x) near (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2 (the same), with x^3 as a power or as
 * products. */
static void find_tanh_gelu(struct task *t, int tanh)
{
	int scale = maker(t, tanh, 0), sum, small, cube, square, side, x, node[10], n = 0;

	if (!halves(t, scale) || next(t, scale) != tanh)
		return;
	sum = maker(t, scale, is_fixed(t, scale, 0));
	if (!is(t, sum, "Add"))
		return;
	side = halves(t, maker(t, sum, 0)) && next(t, maker(t, sum, 0)) == sum;
	x = t->g->nodes[sum].in[side];
	small = maker(t, sum, !side);
	if (!halves(t, small) || next(t, small) != sum)
		return;
	cube = maker(t, small, is_fixed(t, small, 0));
	if (is(t, cube, "Mul")) {
		square = t->g->nodes[cube].in[0] == x ? maker(t, cube, 1) : maker(t, cube, 0);
		if ((!is(t, square, "Mul") && !is(t, square, "Pow")) ||
		    t->g->nodes[square].in[0] != x)
			return;
		node[n++] = square;
	} else if (!is(t, cube, "Pow") || t->g->nodes[cube].in[0] != x) {
		return;
	}
	node[n++] = cube;
	node[n++] = small;
	node[n++] = sum;
	node[n++] = scale;
	node[n++] = tanh;
	end_gelu(t, node, n, x);
}

/* (x - mean) / sqrt(variance + epsilon), times a scale, plus a bias. */
static void find_layer_norm(struct task *t, int div)
{
	int sub = maker(t, div, 0), root = maker(t, div, 1), add = maker(t, root, 0);
	int variance = maker(t, add, 0), square = maker(t, variance, 0), mean = maker(t, sub, 1);
	int node[9] = {mean, sub, square, variance, add, root, div}, n = 7, after;

	if (!is(t, sub, "Sub") || !is(t, root, "Sqrt") || !is(t, add, "Add") ||
	    !is(t, variance, "ReduceMean") || !is(t, mean, "ReduceMean") ||
	    (!is(t, square, "Pow") && !is(t, square, "Mul")) || maker(t, square, 0) != sub ||
	    t->g->nodes[mean].in[0] != t->g->nodes[sub].in[0])
		return;
	after = next(t, div);
	if (is(t, after, "Mul") && (is_fixed(t, after, 0) || is_fixed(t, after, 1))) {
		node[n++] = after;
		after = next(t, after);
	}
	if (is(t, after, "Add") && (is_fixed(t, after, 0) || is_fixed(t, after, 1)))
		node[n++] = after;
	make_line(t, node, n, "LayerNormalization");
}

/* --- attention ------------------------------------------------------------------------------- */

static const char *const movers[] = {"Reshape", "Transpose", "Squeeze", "Unsqueeze", "Identity",
				     "Cast", "Expand", "Slice", "Split", "Flatten", NULL};
static const char *const scales[] = {"Mul", "Div", NULL};

/* Moves numbers about or multiplies all by one. */
static bool only_moves(const struct task *t, int i)
{
	if (is_any(t, i, movers))
		return true;
	if (is_any(t, i, scales))
		return is_fixed(t, i, 0) || is_fixed(t, i, 1);
	return is(t, i, "Gather") && is_fixed(t, i, 1) &&
	       !rt_graph_param(t->g, t->g->nodes[i].in[0]);
}

static bool read_by_line(const struct task *t, int i, int line)
{
	for (int k = 0; k < t->g->nodes[i].nout; k++) {
		int v = t->g->nodes[i].out[k];

		for (int o = 0; o < t->g->noutputs; o++)
			if (t->g->outputs[o] == v)
				return false;
		for (int r = 0; r < t->g->nnodes; r++)
			for (int in = 0; in < t->g->nodes[r].nin; in++)
				if (t->g->nodes[r].in[in] == v && t->l->of[r] != line &&
				    t->l->of[r] != -1)
					return false;
	}
	return true;
}

/* The nodes before the line that only move what it alone reads; nodes come in order, so one pass
 * from the back finds them all. */
static void grow_back(struct task *t, int line)
{
	for (int i = line; i >= 0; i--)
		if (is_free(t, i) && only_moves(t, i) && read_by_line(t, i, line))
			join(t, i, line);
}

static void grow_on(struct task *t, int line)
{
	int i = t->l->line[line].last;

	while ((i = next(t, i)) >= 0 && is_free(t, i) && is_any(t, i, movers)) {
		join(t, i, line);
		t->l->line[line].last = i;
	}
}

static int heads_of(const struct rt_shape *scores)
{
	if (scores->rank == 4 && scores->dim[1] > 0)
		return (int)scores->dim[1];
	return scores->rank == 3 && scores->dim[0] < 0 && scores->dim[0] != RT_OPEN
		       ? (int)-scores->dim[0]
		       : 0;
}

/* softmax(q k' c + mask) v: from the Softmax back to the product of the scores and on to the
 * product with the values. */
static void find_attention(struct task *t, int softmax)
{
	static const char *const between[] = {"Add",  "Mul",     "Div", "Where",
					      "Cast", "Reshape", NULL};
	static const char *const after[] = {"Dropout",  "Where",   "Cast",
					    "Identity", "Reshape", NULL};
	int path[16], n = 0, scores = softmax, values = next(t, softmax);

	for (int i = 0; i < 2 && scores >= 0 && !is(t, scores, "MatMul"); i++) {
		while (n < 8 && (scores = maker(t, scores, is(t, scores, "Where"))) >= 0 &&
		       is_any(t, scores, between) && next(t, scores) >= 0)
			path[n++] = scores;
	}
	while (n < 14 && is_any(t, values, after)) {
		path[n++] = values;
		values = next(t, values);
	}
	if (!is(t, scores, "MatMul") || !is(t, values, "MatMul") || !is_free(t, scores) ||
	    !is_free(t, values) || is_fixed(t, scores, 0) || is_fixed(t, scores, 1) ||
	    is_fixed(t, values, 0) || is_fixed(t, values, 1))
		return;
	path[n++] = scores;
	path[n++] = softmax;
	for (int i = 0; i < n; i++)
		if (!is_free(t, path[i]))
			return;
	for (int i = 0; i < n; i++)
		join(t, path[i], values);
	t->l->line[values].what = "attention";
	t->l->line[values].heads = heads_of(&t->g->values[t->g->nodes[scores].out[0]].shape);
	grow_back(t, values);
	grow_on(t, values);
}

/* --- the whole ------------------------------------------------------------------------------ */

/* What no line shows belongs to the line that reads it. */
static void place_hidden(struct task *t)
{
	for (int i = t->g->nnodes - 1; i >= 0; i--) {
		int reader = -1;

		if (t->l->of[i] != -1 && !rt_is_conversion(&t->g->nodes[i]))
			continue;
		for (int r = t->g->nnodes - 1; r > i; r--)
			for (int k = 0; k < t->g->nodes[r].nin; k++)
				for (int o = 0; o < t->g->nodes[i].nout; o++)
					if (t->g->nodes[r].in[k] == t->g->nodes[i].out[o])
						reader = r;
		join(t, i, reader >= 0 && t->l->of[reader] >= 0 ? t->l->of[reader] : i);
		t->l->hidden[i] = t->l->of[i] != i;
	}
}

void rt_lines_init(struct rt_lines *l, const struct rt_graph *g, bool whole)
{
	struct task t = {.l = l, .g = g};

	*l = (struct rt_lines){.n = g->nnodes};
	l->line = rt_alloc((size_t)g->nnodes, sizeof(*l->line));
	l->of = rt_alloc((size_t)g->nnodes, sizeof(*l->of));
	l->hidden = rt_alloc((size_t)g->nnodes, sizeof(*l->hidden));
	t.reader = rt_alloc((size_t)g->nvalues, sizeof(*t.reader));
	for (int i = 0; i < g->nnodes; i++) {
		l->of[i] = i;
		l->line[i] = (struct rt_line){.node = i, .last = i};
	}
	count_readers(&t);
	if (!whole) {
		hide_shapes(&t);
		find_layers(&t);
		for (int i = 0; i < g->nnodes; i++) {
			if (is(&t, i, "Erf"))
				find_gelu(&t, i);
			else if (is(&t, i, "Tanh"))
				find_tanh_gelu(&t, i);
			else if (is(&t, i, "Div"))
				find_layer_norm(&t, i);
			else if (is(&t, i, "Softmax"))
				find_attention(&t, i);
		}
	}
	place_hidden(&t);
	free(t.reader);
}

void rt_lines_release(struct rt_lines *l)
{
	free(l->line);
	free(l->of);
	free(l->hidden);
	*l = (struct rt_lines){0};
}

struct rt_node_cost rt_line_cost(const struct rt_lines *l, int line,
				 const struct rt_node_cost *cost)
{
	struct rt_node_cost sum = {0};

	for (int i = 0; i < l->n; i++) {
		if (l->of[i] != line)
			continue;
		sum.params += cost[i].params;
		sum.nonzero += cost[i].nonzero;
		sum.macs += cost[i].macs;
		sum.bytes += cost[i].bytes;
	}
	return sum;
}

char *rt_line_text(char *buf, size_t size, const struct rt_lines *l, int line,
		   const struct rt_graph *g)
{
	const struct rt_line *at = &l->line[line];
	const char *op = g->nodes[line].op->row.name;

	if (!at->what)
		snprintf(buf, size, "%s", op);
	else if (strcmp(at->what, "bn") == 0 || strcmp(at->what, "bias") == 0)
		snprintf(buf, size, "%s, %s", op, at->what);
	else if (at->heads)
		snprintf(buf, size, "%s, %d head%s", at->what, at->heads,
			 at->heads == 1 ? "" : "s");
	else
		snprintf(buf, size, "%s", at->what);
	return buf;
}
