/* layers_build.c - nodes and fresh parameters of the graph that layers are built into. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"
#include "ops/ops.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A batch that is not mistaken for another dimension of 1 while shapes are followed. */
#define PROBE_BATCH 5
#define MAX_OUTS 3

const struct rt_opt layer_plain_opts[] = {LAYER_NAME_OPT, {0}};

/* The entry of a value, which must exist in the graph. */
static struct rt_arg *arg_of(struct rt_layer_ctx *ctx, int value)
{
	const struct rt_value *v = &ctx->graph->values[value];
	int before = ctx->arg_cap;
	struct rt_arg *a;

	while (value >= ctx->arg_cap)
		RT_GROW(ctx->arg, value, ctx->arg_cap);
	if (ctx->arg_cap > before)
		memset(ctx->arg + before, 0, (size_t)(ctx->arg_cap - before) * sizeof(*ctx->arg));
	a = &ctx->arg[value];
	if (a->present)
		return a;
	a->present = true;
	a->dtype = v->dtype;
	a->shape = v->shape;
	for (int i = 0; i < a->shape.rank; i++)
		if (a->shape.dim[i] < 0)
			a->shape.dim[i] *= -PROBE_BATCH;
	return a;
}

const struct rt_shape *layer_shape(struct rt_layer_ctx *ctx, int value)
{
	return &arg_of(ctx, value)->shape;
}

static bool is_taken(const struct rt_graph *g, const char *name)
{
	return rt_graph_find_node(g, name) >= 0 || rt_graph_find_value(g, name) >= 0;
}

/* "conv1"; "relu6_1" where the word ends in a digit itself. */
static char *number_name(const char *base, int i)
{
	size_t n = strlen(base);

	return rt_sprintf(n && isdigit((unsigned char)base[n - 1]) ? "%s_%d" : "%s%d", base, i);
}

/* The last number given out for a word; the word outlives the context. */
static int *last_number(struct rt_layer_ctx *ctx, const char *base)
{
	for (int i = 0; i < ctx->ncount; i++)
		if (strcmp(ctx->count[i].base, base) == 0)
			return &ctx->count[i].last;
	RT_GROW(ctx->count, ctx->ncount, ctx->count_cap);
	ctx->count[ctx->ncount] = (struct layer_count){base, 0};
	return &ctx->count[ctx->ncount++].last;
}

enum rt_status layer_name(struct rt_layer_ctx *ctx, char **out, const char *given, const char *base,
			  struct rt_err *err)
{
	int given_number = 1, *last = given ? &given_number : last_number(ctx, base);

	if (given && is_taken(ctx->graph, given) && !ctx->repeats)
		return rt_fail(err, RT_EEXISTS, "the name \"%s\" is taken   (try: -name %s2)",
			       given, given);
	*out = given ? rt_strdup(given) : number_name(base, ++*last);
	while (is_taken(ctx->graph, *out)) {
		free(*out);
		*out = given ? rt_sprintf("%s_%d", given, ++*last) : number_name(base, ++*last);
	}
	return RT_OK;
}

struct layer_init layer_he(int64_t fan_in)
{
	return (struct layer_init){LAYER_NORMAL, sqrt(2.0 / (double)fan_in)};
}

static void fill(float *v, int64_t n, struct layer_init init, struct rt_rng rng)
{
	for (int64_t i = 0; i < n; i++)
		v[i] = (float)(init.kind == LAYER_NORMAL ? init.value * rt_rng_normal(&rng)
							 : init.value);
}

/* Takes the tensor. */
static void add_param(struct rt_layer_ctx *ctx, int *value, const char *name, struct rt_tensor *t,
		      bool trainable)
{
	const void *data = rt_tensor_data(t);

	*value = rt_graph_add_param(ctx->graph, name, t, trainable);
	if (!trainable)
		arg_of(ctx, *value)->data = (void *)(uintptr_t)data;
}

/* The parameter of the layer that -share names. */
static enum rt_status shared_param(struct rt_layer_ctx *ctx, int *value, const char *suffix,
				   const struct rt_shape *shape, struct rt_err *err)
{
	char *name = rt_sprintf("%s.%s", ctx->share, suffix), a[96], b[96];
	const struct rt_param *p;
	enum rt_status status = RT_OK;

	*value = rt_graph_find_value(ctx->graph, name);
	p = rt_graph_param(ctx->graph, *value);
	if (!p)
		status = rt_fail(err, RT_ENOTFOUND, "no layer before it has the weights \"%s\""
				 "   (name the layer with -name and share that)",
				 name);
	else if (!rt_shape_equal(&p->data.shape, shape))
		status = rt_fail(err, RT_ESHAPE, "\"%s\" is %s, weights of %s are needed   "
				 "(layers that share have the same kind, size and input)", name,
				 rt_shape_text(a, sizeof(a), &p->data.shape),
				 rt_shape_text(b, sizeof(b), shape));
	free(name);
	return status;
}

enum rt_status layer_param(struct rt_layer_ctx *ctx, int *value, const char *owner,
			   const char *suffix, const struct rt_shape *shape, struct layer_init init,
			   bool trainable, struct rt_err *err)
{
	struct rt_tensor t;
	char *name;
	void *to;

	if (ctx->share)
		return shared_param(ctx, value, suffix, shape, err);
	RT_TRY(rt_tensor_new(&t, RT_F32, shape, err));
	RT_TRY(rt_tensor_write(&to, &t, err));
	name = rt_sprintf("%s.%s", owner, suffix);
	if (init.value != 0 && (ctx->rng || !trainable))
		fill(to, rt_tensor_count(&t), init, ctx->rng ? rt_rng_split(ctx->rng, name, 0)
							     : (struct rt_rng){0});
	add_param(ctx, value, name, &t, trainable);
	free(name);
	return RT_OK;
}

/* Adds a constant with a copy of v. */
static enum rt_status add_constant(struct rt_layer_ctx *ctx, int *value, const char *owner,
				   const char *suffix, enum rt_dtype dtype,
				   const struct rt_shape *shape, const void *v, struct rt_err *err)
{
	struct rt_tensor t;
	char *name;
	void *to;

	RT_TRY(rt_tensor_new(&t, dtype, shape, err));
	RT_TRY(rt_tensor_write(&to, &t, err));
	memcpy(to, v, rt_tensor_bytes(&t));
	name = rt_sprintf("%s.%s", owner, suffix);
	add_param(ctx, value, name, &t, false);
	free(name);
	return RT_OK;
}

enum rt_status layer_ints(struct rt_layer_ctx *ctx, int *value, const char *owner,
			  const char *suffix, int n, const int64_t *v, struct rt_err *err)
{
	const struct rt_shape scalar = {0}, list = RT_SHAPE(n);

	return add_constant(ctx, value, owner, suffix, RT_I64, n < 0 ? &scalar : &list, v, err);
}

enum rt_status layer_reals(struct rt_layer_ctx *ctx, int *value, const char *owner,
			   const char *suffix, const struct rt_shape *shape, const float *v,
			   struct rt_err *err)
{
	return add_constant(ctx, value, owner, suffix, RT_F32, shape, v, err);
}

enum rt_status layer_real(struct rt_layer_ctx *ctx, int *value, const char *owner,
			  const char *suffix, double v, struct rt_err *err)
{
	const struct rt_shape scalar = {0};
	const float f = (float)v;

	return add_constant(ctx, value, owner, suffix, RT_F32, &scalar, &f, err);
}

static enum rt_status set_attrs(const struct rt_op *op, void *params,
				const struct layer_attr *attrs, struct rt_err *err)
{
	for (; attrs && attrs->name; attrs++) {
		const struct rt_opt *o;

		RT_TRY(rt_opt_get(&o, &op->row, attrs->name, err));
		RT_TRY(rt_opt_parse(o, params, attrs->value, err));
	}
	return RT_OK;
}

/* Runs the op's shape rule on what is known of the inputs. */
static enum rt_status infer(struct rt_layer_ctx *ctx, const struct rt_op *op, const void *params,
			    int nin, const int *in, int nout, struct rt_arg *out,
			    struct rt_err *err)
{
	struct rt_call call = {
		.attrs = params, .nin = nin, .nout = nout, .out = out, .purpose = RT_INFER};
	enum rt_status status;

	call.in = rt_alloc((size_t)nin, sizeof(*call.in));
	for (int i = 0; i < nin; i++)
		if (in[i] >= 0)
			call.in[i] = *arg_of(ctx, in[i]);
	for (int i = 0; i < nout; i++)
		out[i] = (struct rt_arg){.present = true};
	status = op->infer(&call, err);
	free(call.in);
	return status;
}

static void add_node(struct rt_layer_ctx *ctx, const struct rt_op *op, const char *name,
		     const void *params, int nin, const int *in, int nout, const struct rt_arg *arg,
		     int *out)
{
	int node = rt_graph_add_node(ctx->graph, op, name, params, nin, in, nout);

	for (int i = 0; i < nout; i++) {
		out[i] = ctx->graph->nodes[node].out[i];
		*arg_of(ctx, out[i]) = arg[i];
	}
	ctx->value = out[0];
}

enum rt_status layer_node_outs(struct rt_layer_ctx *ctx, const char *op_name, const char *name,
			       const struct layer_attr *attrs, int nin, const int *in, int nout,
			       int *out, struct rt_err *err)
{
	const struct rt_op *op = rt_op_find(op_name);
	struct rt_arg arg[MAX_OUTS];
	void *params;
	enum rt_status status;

	RT_ASSERT(nout <= MAX_OUTS);
	if (!op)
		return rt_fail(err, RT_EUNSUPPORTED, "retort has no operator %s", op_name);
	params = rt_alloc(1, op->row.params_size);
	rt_params_init(&op->row, params);
	status = set_attrs(op, params, attrs, err);
	if (status == RT_OK)
		status = infer(ctx, op, params, nin, in, nout, arg, err);
	if (status == RT_OK)
		add_node(ctx, op, name, params, nin, in, nout, arg, out);
	rt_params_release(&op->row, params);
	free(params);
	return status;
}

enum rt_status layer_node(struct rt_layer_ctx *ctx, const char *op, const char *name,
			  const struct layer_attr *attrs, int nin, const int *in,
			  struct rt_err *err)
{
	int out;

	return layer_node_outs(ctx, op, name, attrs, nin, in, 1, &out, err);
}

enum rt_status layer_reshape_to(struct rt_layer_ctx *ctx, const char *name, int n,
				const int64_t *dim, struct rt_err *err)
{
	int in[2] = {ctx->value};

	RT_TRY(layer_ints(ctx, &in[1], name, "shape", n, dim, err));
	return layer_node(ctx, "Reshape", name, NULL, 2, in, err);
}

enum rt_status layer_permute(struct rt_layer_ctx *ctx, const char *name, int n, const int64_t *perm,
			     struct rt_err *err)
{
	char *text = layer_numbers(n, perm);
	enum rt_status status = layer_node(ctx, "Transpose", name,
					   (struct layer_attr[]){{"perm", text}, {0}}, 1,
					   &ctx->value, err);

	free(text);
	return status;
}

enum rt_status layer_with_real(struct rt_layer_ctx *ctx, const char *op, const char *name, double c,
			       struct rt_err *err)
{
	int in[2] = {ctx->value};

	RT_TRY(layer_real(ctx, &in[1], name, "c", c, err));
	return layer_node(ctx, op, name, NULL, 2, in, err);
}

enum rt_status layer_axis(int *axis, struct rt_layer_ctx *ctx, int64_t wanted, struct rt_err *err)
{
	int rank = layer_shape(ctx, ctx->value)->rank;
	int64_t at = wanted < 0 ? wanted + rank : wanted;

	if (at < 1 || at >= rank)
		return rt_fail(err, RT_ESHAPE,
			       "-axis %" PRId64 " is no dimension of a sample; it has %d", wanted,
			       rank - 1);
	*axis = (int)at;
	return RT_OK;
}

char *layer_shape_text(char *buf, size_t size, struct rt_layer_ctx *ctx, int value)
{
	struct rt_shape s = *layer_shape(ctx, value);

	if (s.rank > 0 && ctx->graph->values[value].param < 0)
		s.dim[0] = RT_BATCH;
	return rt_shape_text(buf, size, &s);
}

char *layer_value_text(char *buf, size_t size, struct rt_layer_ctx *ctx, int value)
{
	char shape[160];

	snprintf(buf, size, "\"%.80s\" %s", ctx->graph->values[value].name,
		 layer_shape_text(shape, sizeof(shape), ctx, value));
	return buf;
}

enum rt_status layer_simple(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
			    const struct layer_plain *p, const struct layer_attr *attrs,
			    struct rt_err *err)
{
	char *name;
	enum rt_status status;

	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = layer_node(ctx, layer->op, name, attrs, 1, &ctx->value, err);
	free(name);
	return status;
}

int64_t layer_divisor(int64_t a, int64_t b, int64_t most)
{
	int64_t k = most < a ? most : a;

	while (k > 1 && (a % k || b % k))
		k--;
	return k > 1 ? k : 1;
}

char *layer_numbers(int n, const int64_t *v)
{
	struct rt_str text = {0};

	for (int i = 0; i < n; i++)
		rt_str_addf(&text, "%s%" PRId64, i ? " " : "", v[i]);
	return rt_str_take(&text);
}
