/* layers_attention.c - multi-head self-attention, spelled out in products, softmax, transposes. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct attention {
	char *name, *share;
	int64_t heads;
	bool causal, bias;
};

static const struct rt_opt opts[] = {
	{.name = "heads", .type = RT_INT, .offset = offsetof(struct attention, heads), .min = 1,
	 .max = 4096, .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "4",
	 .summary = "how many; they divide the features among them"},
	{.name = "causal", .type = RT_BOOL, .offset = offsetof(struct attention, causal),
	 .init = "no", .summary = "no place looks at those behind it"},
	{.name = "bias", .type = RT_BOOL, .offset = offsetof(struct attention, bias),
	 .init = "yes", .summary = "add biases to query, key, value and output"},
	LAYER_SHARE_OPT,
	LAYER_NAME_OPT,
	{0},
};

/* What the parts of one layer share: x (N,T,C), H heads of C/H. */
struct parts {
	struct rt_layer_ctx *ctx;
	const struct attention *p;
	const char *name;
	int64_t T, C;
	int x;
};

/* Node part.suffix over the current value. */
static enum rt_status with_name(const struct parts *a, const char *part, const char *suffix,
				enum rt_status (*add)(struct rt_layer_ctx *, const char *, int,
						      const int64_t *, struct rt_err *),
				int n, const int64_t *v, struct rt_err *err)
{
	char *name = rt_sprintf("%s.%s.%s", a->name, part, suffix);
	enum rt_status status = add(a->ctx, name, n, v, err);

	free(name);
	return status;
}

static enum rt_status project(const struct parts *a, const char *part, const char *node,
			      struct rt_err *err)
{
	char *owner = rt_sprintf("%s.%s", a->name, part);
	const char *outer = a->ctx->share;
	char *share = outer ? rt_sprintf("%s.%s", outer, part) : NULL;
	const struct layer_init init = {LAYER_NORMAL, sqrt(1.0 / (double)a->C)};
	enum rt_status status;

	a->ctx->share = share;
	status = layer_project(a->ctx, owner, node ? node : owner, a->C, a->p->bias, init, err);
	a->ctx->share = outer;
	free(share);
	free(owner);
	return status;
}

/* x w (N,T,C) as heads: (N,H,T,C/H), or (N,H,C/H,T) for the keys; query gets the factor
 * 1 / sqrt(C/H), which costs less there than on the products. */
static enum rt_status heads(const struct parts *a, int *value, const char *part, bool keys,
			    bool query, struct rt_err *err)
{
	static const int64_t plain[] = {0, 2, 1, 3}, turned[] = {0, 2, 3, 1};
	const int64_t split[] = {0, a->T, a->p->heads, a->C / a->p->heads};
	char *name;
	enum rt_status status = RT_OK;

	a->ctx->value = a->x;
	RT_TRY(project(a, part, NULL, err));
	name = rt_sprintf("%s.scale", a->name);
	if (query)
		status = layer_with_real(a->ctx, "Mul", name, 1 / sqrt((double)split[3]), err);
	free(name);
	RT_TRY(status);
	RT_TRY(with_name(a, part, "heads", layer_reshape_to, 4, split, err));
	RT_TRY(with_name(a, part, "turned", layer_permute, 4, keys ? turned : plain, err));
	*value = a->ctx->value;
	return RT_OK;
}

/* Adds -1e9 where a place would look ahead: (1,1,T,T). */
static enum rt_status hide_future(const struct parts *a, const char *name, struct rt_err *err)
{
	float *mask = rt_alloc((size_t)(a->T * a->T), sizeof(*mask));
	int in[2] = {a->ctx->value};
	enum rt_status status;

	for (int64_t t = 0; t < a->T; t++)
		for (int64_t s = t + 1; s < a->T; s++)
			mask[t * a->T + s] = -1e9F;
	status = layer_reals(a->ctx, &in[1], name, "future", &RT_SHAPE(1, 1, a->T, a->T), mask,
			     err);
	free(mask);
	RT_TRY(status);
	return layer_node(a->ctx, "Add", name, NULL, 2, in, err);
}

/* softmax(q k' / sqrt(C/H)) v: Vaswani et al., arXiv:1706.03762, eq. 1. */
static enum rt_status attend(const struct parts *a, const int *qkv, struct rt_err *err)
{
	static const char *const suffix[] = {"scores", "masked", "weights", "mixed"};
	char *name[4];
	enum rt_status status;

	for (int i = 0; i < 4; i++)
		name[i] = rt_sprintf("%s.%s", a->name, suffix[i]);
	status = layer_node(a->ctx, "MatMul", name[0], NULL, 2, qkv, err);
	if (status == RT_OK && a->p->causal)
		status = hide_future(a, name[1], err);
	if (status == RT_OK)
		status = layer_node(a->ctx, "Softmax", name[2],
				    (struct layer_attr[]){{"axis", "-1"}, {0}}, 1, &a->ctx->value,
				    err);
	if (status == RT_OK)
		status = layer_node(a->ctx, "MatMul", name[3], NULL, 2,
				    (int[]){a->ctx->value, qkv[2]}, err);
	for (int i = 0; i < 4; i++)
		free(name[i]);
	return status;
}

static enum rt_status add_attention(const struct parts *a, struct rt_err *err)
{
	static const int64_t back[] = {0, 2, 1, 3};
	const int64_t join[] = {0, a->T, a->C};
	int qkv[3];

	RT_TRY(heads(a, &qkv[0], "query", false, true, err));
	RT_TRY(heads(a, &qkv[1], "key", true, false, err));
	RT_TRY(heads(a, &qkv[2], "value", false, false, err));
	RT_TRY(attend(a, qkv, err));
	RT_TRY(with_name(a, "mixed", "turned", layer_permute, 4, back, err));
	RT_TRY(with_name(a, "mixed", "joined", layer_reshape_to, 3, join, err));
	return project(a, "output", a->name, err);
}

static enum rt_status build(struct rt_layer_ctx *ctx, const struct rt_layer *layer,
			    const void *params, struct rt_err *err)
{
	const struct attention *p = params;
	const struct rt_shape x = *layer_shape(ctx, ctx->value);
	char *name, text[96];
	enum rt_status status;

	if (x.rank != 3)
		return rt_fail(err, RT_ESHAPE, "needs places x features, its input is %s",
			       layer_shape_text(text, sizeof(text), ctx, ctx->value));
	if (x.dim[2] % p->heads)
		return rt_fail(err, RT_ESHAPE, "%" PRId64 " heads do not divide %" PRId64
			       " features   (try: %" PRId64 ", or linear UNITS before it)",
			       p->heads, x.dim[2], layer_divisor(x.dim[2], x.dim[2], p->heads));
	RT_TRY(layer_name(ctx, &name, p->name, layer->row.name, err));
	status = add_attention(&(struct parts){.ctx = ctx, .p = p, .name = name, .T = x.dim[1],
					       .C = x.dim[2], .x = ctx->value},
			       err);
	free(name);
	return status;
}

const struct rt_layer layer_attention = {
	.row = {"attention", "self-attention: every place takes in what it looks for in the others",
		opts, sizeof(struct attention),
		"model new m {ln; attention 2} -input {10 16}"},
	.op = "MatMul",
	.fits = "reshape PLACES FEATURES before it",
	.build = build,
};
