/* recurrent.c - what LSTM, GRU and RNN have in common. */
#include "config.h"

#include "ops/recurrent.h"
#include "ops/want.h"

#include <inttypes.h>
#include <strings.h>

const char *const rt_recurrent_directions[] = {"forward", "reverse", "bidirectional", NULL};

enum { IN_X, IN_W, IN_R, IN_B, IN_LENS, IN_H0, IN_C0, IN_P };

static const struct {
	const char *name;
	bool has_alpha, has_beta;
	float alpha, beta;
} functions[RT_ACTS] = {
	[RT_ACT_RELU] = {"Relu", false, false, 0, 0},
	[RT_ACT_TANH] = {"Tanh", false, false, 0, 0},
	[RT_ACT_SIGMOID] = {"Sigmoid", false, false, 0, 0},
	[RT_ACT_AFFINE] = {"Affine", true, true, 1, 0},
	[RT_ACT_LEAKY_RELU] = {"LeakyRelu", true, false, 0.01f, 0},
	[RT_ACT_THRESHOLDED_RELU] = {"ThresholdedRelu", true, false, 1, 0},
	[RT_ACT_SCALED_TANH] = {"ScaledTanh", true, true, 1, 1},
	[RT_ACT_HARD_SIGMOID] = {"HardSigmoid", true, true, 0.2f, 0.5f},
	[RT_ACT_ELU] = {"Elu", true, false, 1, 0},
	[RT_ACT_SOFTSIGN] = {"Softsign", false, false, 0, 0},
	[RT_ACT_SOFTPLUS] = {"Softplus", false, false, 0, 0},
};

static int find_function(const char *name)
{
	for (int i = 0; i < RT_ACTS; i++)
		if (strcasecmp(functions[i].name, name) == 0)
			return i;
	return -1;
}

static int kinds_of_activation(const struct rt_recurrent_kind *kind)
{
	return kind->defaults[2] ? 3 : kind->defaults[1] ? 2 : 1;
}

/* Fills act[3] of each direction; values of alpha and beta are used up in the order of the
 * functions that take them. */
static enum rt_status activations(struct rt_activation act[2][3],
				  const struct rt_recurrent_kind *kind,
				  const struct rt_recurrent_attrs *a, int D, struct rt_err *err)
{
	int each = kinds_of_activation(kind), alphas = 0, betas = 0;

	if (a->activations.n && a->activations.n != each * D)
		return rt_fail(err, RT_EINVAL, "%d activations, %d are wanted", a->activations.n,
			       each * D);
	for (int i = 0; i < each * D; i++) {
		const char *name =
			a->activations.n ? a->activations.v[i] : kind->defaults[i % each];
		int f = find_function(name);

		if (f < 0)
			return rt_fail(err, RT_EINVAL, "activation \"%s\" unknown", name);
		act[i / each][i % each] = (struct rt_activation){
			(enum rt_activate)f, functions[f].alpha, functions[f].beta};
		if (functions[f].has_alpha && alphas < a->activation_alpha.n)
			act[i / each][i % each].alpha = (float)a->activation_alpha.v[alphas++];
		if (functions[f].has_beta && betas < a->activation_beta.n)
			act[i / each][i % each].beta = (float)a->activation_beta.v[betas++];
	}
	return RT_OK;
}

static bool has(const struct rt_call *c, int i)
{
	return i < c->nin && c->in[i].present;
}

static int directions(const struct rt_call *c)
{
	return RT_ATTRS(rt_recurrent_attrs, c)->direction == RT_DIR_BIDIRECTIONAL ? 2 : 1;
}

/* Geometry of direction d, when the shapes are sound. */
static enum rt_status geometry(struct rt_recurrent *g, const struct rt_recurrent_kind *kind,
			       const struct rt_call *c, int d, struct rt_err *err)
{
	const struct rt_recurrent_attrs *a = c->attrs;
	const struct rt_shape *x = &c->in[IN_X].shape;
	int D = directions(c);
	struct rt_activation act[2][3] = {0};

	RT_TRY(activations(act, kind, a, D, err));
	*g = (struct rt_recurrent){
		.T = x->dim[a->layout ? 1 : 0], .N = x->dim[a->layout ? 0 : 1], .I = x->dim[2],
		.H = c->in[IN_R].shape.dim[2], .gates = kind->gates,
		.reverse = a->direction == RT_DIR_REVERSE || d == 1, .batch_first = a->layout,
		.coupled = a->input_forget, .linear_first = a->linear_before_reset,
		.clip = isnan(a->clip) ? 0 : (float)a->clip};
	for (int i = 0; i < 3; i++)
		g->act[i] = act[d][i];
	g->y_step = D * g->H * (a->layout ? 1 : g->N);
	g->y_row = g->H * (a->layout ? g->T * D : 1);
	g->state_row = g->H * (a->layout ? D : 1);
	return RT_OK;
}

static struct rt_recurrent known(const struct rt_recurrent_kind *kind, const struct rt_call *c,
				 int d)
{
	struct rt_recurrent g;
	struct rt_err err;

	RT_ASSERT(geometry(&g, kind, c, d, &err) == RT_OK);
	return g;
}

static enum rt_status want_shape(const struct rt_call *c, int i, const char *what,
				 const struct rt_shape *wanted, struct rt_err *err)
{
	char a[128], b[128];

	RT_TRY(rt_want_f32(c, i, what, err));
	if (!has(c, i) || rt_shape_equal(&c->in[i].shape, wanted))
		return RT_OK;
	return rt_fail(err, RT_ESHAPE, "%s is %s, %s is wanted", what,
		       rt_shape_text(a, sizeof(a), &c->in[i].shape),
		       rt_shape_text(b, sizeof(b), wanted));
}

static enum rt_status check_ranks(const struct rt_call *c, struct rt_err *err)
{
	static const char *const names[] = {"X", "W", "R"};
	char buf[128];

	for (int i = 0; i < 3; i++) {
		if (c->in[i].shape.rank != 3)
			return rt_fail(err, RT_ESHAPE, "%s is %s, three dimensions are wanted",
				       names[i], rt_shape_text(buf, sizeof(buf), &c->in[i].shape));
		RT_TRY(rt_want_elements(c, i, names[i], err));
	}
	return RT_OK;
}

static enum rt_status check_shapes(const struct rt_call *c, const struct rt_recurrent *g, int D,
				   struct rt_err *err)
{
	const struct rt_recurrent_attrs *a = c->attrs;
	int64_t GH = g->gates * g->H;
	struct rt_shape state = a->layout ? RT_SHAPE(g->N, D, g->H) : RT_SHAPE(D, g->N, g->H);

	RT_TRY(rt_want_f32(c, IN_X, "X", err));
	RT_TRY(want_shape(c, IN_W, "W", &RT_SHAPE(D, GH, g->I), err));
	RT_TRY(want_shape(c, IN_R, "R", &RT_SHAPE(D, GH, g->H), err));
	RT_TRY(want_shape(c, IN_B, "B", &RT_SHAPE(D, 2 * GH), err));
	RT_TRY(want_shape(c, IN_H0, "initial_h", &state, err));
	RT_TRY(want_shape(c, IN_C0, "initial_c", &state, err));
	RT_TRY(want_shape(c, IN_P, "P", &RT_SHAPE(D, 3 * g->H), err));
	if (has(c, IN_LENS) && (c->in[IN_LENS].dtype != RT_I32 || c->in[IN_LENS].shape.rank != 1 ||
				c->in[IN_LENS].shape.dim[0] != g->N))
		return rt_fail(err, RT_ESHAPE, "sequence_lens must be %" PRId64 " i32 numbers",
			       g->N);
	if (a->hidden_size != RT_UNSET_INT && a->hidden_size != g->H)
		return rt_fail(err, RT_ESHAPE, "hidden_size is %" PRId64 ", R has %" PRId64,
			       a->hidden_size, g->H);
	return rt_want_product(g->T * g->N, GH, g->I > g->H ? g->I : g->H, err);
}

enum rt_status rt_recurrent_infer(const struct rt_recurrent_kind *kind, struct rt_call *c,
				  struct rt_err *err)
{
	bool samples_first = RT_ATTRS(rt_recurrent_attrs, c)->layout;
	int D = directions(c);
	struct rt_recurrent g;

	RT_TRY(check_ranks(c, err));
	RT_TRY(geometry(&g, kind, c, 0, err));
	RT_TRY(check_shapes(c, &g, D, err));
	for (int i = 0; i < c->nout; i++) {
		c->out[i].dtype = RT_F32;
		if (i == 0)
			c->out[i].shape = samples_first ? RT_SHAPE(g.N, g.T, D, g.H)
							: RT_SHAPE(g.T, D, g.N, g.H);
		else
			c->out[i].shape = samples_first ? RT_SHAPE(g.N, D, g.H)
							: RT_SHAPE(D, g.N, g.H);
	}
	return RT_OK;
}

/* saved: what forward keeps, one direction behind the other. */
size_t rt_recurrent_saved_size(const struct rt_recurrent_kind *kind, const struct rt_call *c)
{
	struct rt_recurrent g = known(kind, c, 0);

	if (c->purpose == RT_INFER)
		return 0;
	return rt_recurrent_kept(&g) * (size_t)directions(c) * sizeof(float);
}

size_t rt_recurrent_work_size(const struct rt_recurrent_kind *kind, const struct rt_call *c)
{
	struct rt_recurrent g = known(kind, c, 0);
	size_t n = rt_recurrent_work(&g, c->purpose != RT_INFER);

	return (c->purpose == RT_INFER ? n + rt_recurrent_kept(&g) : n) * sizeof(float);
}

/* Elements from direction to direction. */
static int64_t y_skip(const struct rt_recurrent *g)
{
	return g->batch_first ? g->H : g->N * g->H;
}

static const float *data_of(const struct rt_call *c, int i, int64_t skip)
{
	return has(c, i) ? (const float *)c->in[i].data + skip : NULL;
}

static struct rt_recurrent_in inputs(const struct rt_call *c, const struct rt_recurrent *g, int d)
{
	int64_t GH = g->gates * g->H, state = d * y_skip(g);

	return (struct rt_recurrent_in){.X = c->in[IN_X].data,
					.W = data_of(c, IN_W, d * GH * g->I),
					.R = data_of(c, IN_R, d * GH * g->H),
					.B = data_of(c, IN_B, d * 2 * GH),
					.P = data_of(c, IN_P, d * 3 * g->H),
					.h0 = data_of(c, IN_H0, state),
					.c0 = data_of(c, IN_C0, state),
					.lens = has(c, IN_LENS) ? c->in[IN_LENS].data : NULL};
}

static float *wanted(const struct rt_call *c, int i, int64_t skip)
{
	return i < c->nout && c->out[i].present ? (float *)c->out[i].data + skip : NULL;
}

void rt_recurrent_forward(const struct rt_recurrent_kind *kind, const struct rt_call *c)
{
	for (int d = 0; d < directions(c); d++) {
		struct rt_recurrent g = known(kind, c, d);
		struct rt_recurrent_in in = inputs(c, &g, d);
		int64_t skip = d * y_skip(&g);
		struct rt_recurrent_out out = {wanted(c, 0, skip), wanted(c, 1, skip),
					       wanted(c, 2, skip)};
		float *work = c->work,
		      *kept = (float *)c->saved + (size_t)d * rt_recurrent_kept(&g);

		if (c->purpose == RT_INFER) {
			kept = work;
			work += rt_recurrent_kept(&g);
		}
		kind->forward(&g, &out, &in, kept, work);
	}
}

static float *grad_of(const struct rt_call *c, int i, int64_t skip)
{
	return has(c, i) && c->in[i].grad ? c->in[i].grad + skip : NULL;
}

static const float *arriving(const struct rt_call *c, int i, int64_t skip)
{
	return i < c->nout && c->out[i].present && c->out[i].grad ? c->out[i].grad + skip : NULL;
}

void rt_recurrent_backward(const struct rt_recurrent_kind *kind, const struct rt_call *c)
{
	for (int d = 0; d < directions(c); d++) {
		struct rt_recurrent g = known(kind, c, d);
		struct rt_recurrent_in in = inputs(c, &g, d);
		int64_t GH = g.gates * g.H, skip = d * y_skip(&g);
		struct rt_recurrent_grad grad = {
			.dY = arriving(c, 0, skip), .dYh = arriving(c, 1, skip),
			.dYc = arriving(c, 2, skip), .dX = grad_of(c, IN_X, 0),
			.dW = grad_of(c, IN_W, d * GH * g.I), .dR = grad_of(c, IN_R, d * GH * g.H),
			.dB = grad_of(c, IN_B, d * 2 * GH), .dP = grad_of(c, IN_P, d * 3 * g.H),
			.dh0 = grad_of(c, IN_H0, skip), .dc0 = grad_of(c, IN_C0, skip)};

		kind->backward(&g, &grad, &in,
			       (const float *)c->saved + (size_t)d * rt_recurrent_kept(&g),
			       c->work);
	}
}

void rt_recurrent_cost(const struct rt_recurrent_kind *kind, const struct rt_call *c,
		       struct rt_cost *cost)
{
	struct rt_recurrent g = known(kind, c, 0);

	cost->macs = directions(c) * g.T * g.N * g.gates * g.H * (g.I + g.H);
}
