/* layers_linear.c - products with a matrix at every place: linear, unembed, graphconv, position. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum rt_status layer_project(struct rt_layer_ctx *ctx, const char *owner, const char *name,
			     int64_t units, bool bias, struct layer_init init, struct rt_err *err)
{
	const struct rt_shape x = *layer_shape(ctx, ctx->value);
	int in[2] = {ctx->value};
	char *product = bias ? rt_sprintf("%s.product", name) : rt_strdup(name);
	enum rt_status status;

	status = layer_param(ctx, &in[1], owner, "weight", &RT_SHAPE(x.dim[x.rank - 1], units),
			     init, true, err);
	if (status == RT_OK)
		status = layer_node(ctx, "MatMul", product, NULL, 2, in, err);
	free(product);
	if (status != RT_OK || !bias)
		return status;
	in[0] = ctx->value;
	RT_TRY(layer_param(ctx, &in[1], owner, "bias", &RT_SHAPE(units), LAYER_ZERO, true, err));
	return layer_node(ctx, "Add", name, NULL, 2, in, err);
}

/* --- linear --------------------------------------------------------------------------------- */

struct linear {
	char *name, *share;
	int64_t units;
	bool bias;
};

static const struct rt_opt linear_opts[] = {
	{.name = "units", .type = RT_INT, .offset = offsetof(struct linear, units), .min = 1,
	 .max = 1 << 24, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "64",
	 .summary = "how many numbers it gives for every place"},
	{.name = "bias", .type = RT_BOOL, .offset = offsetof(struct linear, bias), .init = "yes",
	 .summary = "add a bias to every unit"},
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

static enum rt_status build_linear(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				   const void *params, struct rt_err *err)
{
	const struct linear *p = params;
	const struct rt_shape *x = layer_shape(ctx, ctx->value);
	char *name;
	enum rt_status status;

	if (x->rank < 2)
		return rt_fail(err, RT_ESHAPE, "needs features, its input has one number a sample");
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = layer_project(ctx, name, name, p->units, p->bias, layer_he(x->dim[x->rank - 1]),
			       err);
	free(name);
	return status;
}

const struct rt_layer layer_linear = {
	.row = {"linear", "dense over the last dimension, at every place by itself", linear_opts,
		sizeof(struct linear),
		"model new m {linear 32; gelu; linear 16} -input {10 16}"},
	.op = "MatMul",
	.build = build_linear,
};

/* --- unembed -------------------------------------------------------------------------------- */

struct unembed {
	char *name, *table;
	bool bias;
};

static const struct rt_opt unembed_opts[] = {
	{.name = "embedding", .type = RT_STRING, .offset = offsetof(struct unembed, table),
	 .of = "layer", .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "embedding1",
	 .summary = "name of the embedding whose table it shares"},
	{.name = "bias", .type = RT_BOOL, .offset = offsetof(struct unembed, bias), .init = "no",
	 .summary = "add a bias to every word"},
	LAYER_NAME_OPT,
	{0},
};

/* y (N,T,V) = x (N,T,D) w' with the table w (V,D) of an embedding (Press, Wolf, arXiv:1608.05859).
 */
static enum rt_status add_unembed(struct rt_layer_ctx *ctx, const struct unembed *p, int table,
				  const char *name, struct rt_err *err)
{
	int64_t words = layer_shape(ctx, table)->dim[0];
	char *turned = rt_sprintf("%s.turned", name), *product;
	int in[2] = {ctx->value};
	enum rt_status status;

	status = layer_node(ctx, "Transpose", turned, (struct layer_attr[]){{"perm", "1 0"}, {0}},
			    1, &table, err);
	free(turned);
	RT_TRY(status);
	in[1] = ctx->value;
	product = p->bias ? rt_sprintf("%s.product", name) : rt_strdup(name);
	status = layer_node(ctx, "MatMul", product, NULL, 2, in, err);
	free(product);
	if (status != RT_OK || !p->bias)
		return status;
	in[0] = ctx->value;
	RT_TRY(layer_param(ctx, &in[1], name, "bias", &RT_SHAPE(words), LAYER_ZERO, true, err));
	return layer_node(ctx, "Add", name, NULL, 2, in, err);
}

static enum rt_status build_unembed(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				    const void *params, struct rt_err *err)
{
	const struct unembed *p = params;
	const struct rt_shape *x = layer_shape(ctx, ctx->value), *w;
	char *weight = rt_sprintf("%s.weight", p->table), *name, a[96], b[96];
	int table = rt_graph_find_value(ctx->graph, weight);
	enum rt_status status;

	free(weight);
	if (table < 0 || !rt_graph_param(ctx->graph, table))
		return rt_fail(err, RT_ENOTFOUND, "no layer \"%s\" with weights before this",
			       p->table);
	w = layer_shape(ctx, table);
	x = layer_shape(ctx, ctx->value);
	if (w->rank != 2 || x->rank < 2 || x->dim[x->rank - 1] != w->dim[1])
		return rt_fail(err, RT_ESHAPE, "the table of \"%s\" is %s, its input %s", p->table,
			       layer_shape_text(a, sizeof(a), ctx, table),
			       layer_shape_text(b, sizeof(b), ctx, ctx->value));
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_unembed(ctx, p, table, name, err);
	free(name);
	return status;
}

const struct rt_layer layer_unembed = {
	.row = {"unembed", "a score for every word: the product with an embedding's own table",
		unembed_opts, sizeof(struct unembed),
		"model new m {embedding 100 16 -name words; attention 2 -causal yes;\n"
		"\tunembed words} -input {12}"},
	.op = "MatMul",
	.fits = "linear UNITS before it, as many as the table is wide",
	.build = build_unembed,
};

/* --- graphconv ------------------------------------------------------------------------------ */

struct graphconv {
	char *name, *share;
	int64_t units;
	struct rt_ints edges;
	bool bias;
};

static const struct rt_opt graphconv_opts[] = {
	{.name = "units", .type = RT_INT, .offset = offsetof(struct graphconv, units), .min = 1,
	 .max = 1 << 20, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "16",
	 .summary = "how many numbers it gives for every node"},
	{.name = "edges", .type = RT_INTS, .offset = offsetof(struct graphconv, edges), .min = 0,
	 .max = 1 << 20, .flags = RT_OPT_REQUIRED, .example = "0 1 1 2",
	 .summary = "the graph: pairs of nodes that are neighbours, counted from 0"},
	{.name = "bias", .type = RT_BOOL, .offset = offsetof(struct graphconv, bias),
	 .init = "yes", .summary = "add a bias to every unit"},
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

/* A (V,V) = D^-1/2 (E + I) D^-1/2 with the symmetric edges E and D the row sums of E + I: Kipf and
 * Welling, arXiv:1609.02907, eq. 2. */
static enum rt_status adjacency(struct rt_layer_ctx *ctx, int *value, const char *name,
				const struct rt_ints *edges, int64_t V, struct rt_err *err)
{
	float *a = rt_alloc((size_t)(V * V), sizeof(*a));
	double *degree = rt_alloc((size_t)V, sizeof(*degree));
	enum rt_status status;

	for (int64_t i = 0; i < V; i++)
		a[i * V + i] = 1;
	for (int k = 0; k + 1 < edges->n; k += 2) {
		a[edges->v[k] * V + edges->v[k + 1]] = 1;
		a[edges->v[k + 1] * V + edges->v[k]] = 1;
	}
	for (int64_t i = 0; i < V; i++)
		for (int64_t j = 0; j < V; j++)
			degree[i] += (double)a[i * V + j];
	for (int64_t i = 0; i < V; i++)
		for (int64_t j = 0; j < V; j++)
			a[i * V + j] = (float)((double)a[i * V + j] / sqrt(degree[i] * degree[j]));
	status = layer_reals(ctx, value, name, "adjacency", &RT_SHAPE(V, V), a, err);
	free(degree);
	free(a);
	return status;
}

/* y (N,V,K) = A x (N,V,C) w (C,K) + b */
static enum rt_status add_graphconv(struct rt_layer_ctx *ctx, const struct graphconv *p,
				    const char *name, struct rt_err *err)
{
	const struct rt_shape x = *layer_shape(ctx, ctx->value);
	char *features = rt_sprintf("%s.features", name), *spread;
	int in[2];
	enum rt_status status;

	status = layer_project(ctx, name, features, p->units, false, layer_he(x.dim[2]), err);
	free(features);
	RT_TRY(status);
	in[1] = ctx->value;
	RT_TRY(adjacency(ctx, &in[0], name, &p->edges, x.dim[1], err));
	spread = p->bias ? rt_sprintf("%s.spread", name) : rt_strdup(name);
	status = layer_node(ctx, "MatMul", spread, NULL, 2, in, err);
	free(spread);
	if (status != RT_OK || !p->bias)
		return status;
	in[0] = ctx->value;
	RT_TRY(layer_param(ctx, &in[1], name, "bias", &RT_SHAPE(p->units), LAYER_ZERO, true, err));
	return layer_node(ctx, "Add", name, NULL, 2, in, err);
}

static enum rt_status build_graphconv(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				      const void *params, struct rt_err *err)
{
	const struct graphconv *p = params;
	const struct rt_shape x = *layer_shape(ctx, ctx->value);
	char *name, text[96];
	enum rt_status status;

	if (x.rank != 3)
		return rt_fail(err, RT_ESHAPE, "needs nodes x features, its input is %s",
			       layer_shape_text(text, sizeof(text), ctx, ctx->value));
	if (x.dim[1] > 1 << 14)
		return rt_fail(err, RT_EUNSUPPORTED, "%" PRId64 " nodes; at most %d are possible",
			       x.dim[1], 1 << 14);
	if (p->edges.n % 2)
		return rt_fail(err, RT_EINVAL, "-edges has %d numbers; they come in pairs",
			       p->edges.n);
	for (int i = 0; i < p->edges.n; i++)
		if (p->edges.v[i] >= x.dim[1])
			return rt_fail(err, RT_EINVAL, "-edges names node %" PRId64
				       ", there are %" PRId64 ", counted from 0", p->edges.v[i],
				       x.dim[1]);
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_graphconv(ctx, p, name, err);
	free(name);
	return status;
}

const struct rt_layer layer_graphconv = {
	.row = {"graphconv", "linear, then a mean over every node and its neighbours in a graph",
		graphconv_opts, sizeof(struct graphconv),
		"model new m {graphconv 16 -edges {0 1 1 2 2 3}; relu; mean;\n"
		"\tdense 3} -input {4 5}"},
	.op = "MatMul",
	.fits = "reshape NODES FEATURES before it",
	.build = build_graphconv,
};

/* --- position ------------------------------------------------------------------------------- */

enum { POSITION_LEARNED, POSITION_SINE };
static const char *const kinds[] = {[POSITION_LEARNED] = "learned", [POSITION_SINE] = "sine", NULL};

struct position {
	char *name, *share;
	int64_t size;
	int kind;
};

static const struct rt_opt position_opts[] = {
	{.name = "size", .type = RT_INT, .offset = offsetof(struct position, size), .min = 1,
	 .max = 1 << 20, .flags = RT_OPT_POSITIONAL, .example = "512",
	 .summary = "places in the table; default: as many as the sequence has"},
	{.name = "kind", .type = RT_CHOICE, .offset = offsetof(struct position, kind),
	 .init = "learned", .choices = kinds, .summary = "a learned table, or fixed waves"},
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

/* PE(t, 2i) = sin(t / 10000^(2i/C)), PE(t, 2i + 1) = cos of the same: Vaswani et al.,
 * arXiv:1706.03762, section 3.5. */
static enum rt_status waves(struct rt_layer_ctx *ctx, int *value, const char *name, int64_t T,
			    int64_t C, struct rt_err *err)
{
	float *w = rt_alloc((size_t)(T * C), sizeof(*w));
	enum rt_status status;

	for (int64_t t = 0; t < T; t++)
		for (int64_t i = 0; i < C; i++) {
			double angle = (double)t / pow(10000, (double)(i / 2 * 2) / (double)C);

			w[t * C + i] = (float)(i % 2 ? cos(angle) : sin(angle));
		}
	status = layer_reals(ctx, value, name, "waves", &RT_SHAPE(T, C), w, err);
	free(w);
	return status;
}

/* The first T rows of the table. */
static enum rt_status cut(struct rt_layer_ctx *ctx, int *value, const char *name, int64_t T,
			  struct rt_err *err)
{
	const int64_t zero = 0;
	char *part = rt_sprintf("%s.places", name);
	int in[4] = {*value};
	enum rt_status status;

	status = layer_ints(ctx, &in[1], part, "starts", 1, &zero, err);
	if (status == RT_OK)
		status = layer_ints(ctx, &in[2], part, "ends", 1, &T, err);
	if (status == RT_OK)
		status = layer_ints(ctx, &in[3], part, "axes", 1, &zero, err);
	if (status == RT_OK)
		status = layer_node(ctx, "Slice", part, NULL, 4, in, err);
	*value = ctx->value;
	free(part);
	return status;
}

static enum rt_status add_position(struct rt_layer_ctx *ctx, const struct position *p,
				   const char *name, int64_t T, int64_t C, struct rt_err *err)
{
	int64_t size = p->size == RT_UNSET_INT ? T : p->size;
	int in[2] = {ctx->value};

	if (p->kind == POSITION_SINE)
		RT_TRY(waves(ctx, &in[1], name, T, C, err));
	else
		RT_TRY(layer_param(ctx, &in[1], name, "weight", &RT_SHAPE(size, C),
				   (struct layer_init){LAYER_NORMAL, 0.02}, true, err));
	if (p->kind == POSITION_LEARNED && size > T)
		RT_TRY(cut(ctx, &in[1], name, T, err));
	return layer_node(ctx, "Add", name, NULL, 2, in, err);
}

static enum rt_status build_position(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
				     const void *params, struct rt_err *err)
{
	const struct position *p = params;
	const struct rt_shape x = *layer_shape(ctx, ctx->value);
	char *name, text[96];
	enum rt_status status;

	if (x.rank != 3)
		return rt_fail(err, RT_ESHAPE, "needs places x features, its input is %s",
			       layer_shape_text(text, sizeof(text), ctx, ctx->value));
	if (p->size != RT_UNSET_INT && p->size < x.dim[1])
		return rt_fail(err, RT_ESHAPE, "a table of %" PRId64 " places for a sequence of %"
			       PRId64, p->size, x.dim[1]);
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_position(ctx, p, name, x.dim[1], x.dim[2], err);
	free(name);
	return status;
}

const struct rt_layer layer_position = {
	.row = {"position", "adds to every place of a sequence a vector that tells where it is",
		position_opts, sizeof(struct position),
		"model new m {linear 16; position; attention 2} -input {10 6}"},
	.op = "Add",
	.fits = "reshape PLACES FEATURES before it",
	.build = build_position,
};
