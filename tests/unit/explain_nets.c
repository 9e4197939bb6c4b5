/* explain_nets.c - building the small models. */
#include "config.h"

#include "tests/unit/explain_nets.h"
#include "ops/ops.h"
#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(enum rt_status status, const struct rt_err *err)
{
	if (status != RT_OK)
		rt_die(__FILE__, __LINE__, err->msg);
}

static int add_node(struct rt_graph *g, const struct rt_op *op, const char *name, const char *opts,
		    int nin, const int *in)
{
	struct rt_err err;
	char *text = rt_strdup(opts), *word[16], *rest = text;
	void *attrs = rt_alloc(1, op->row.params_size);
	int n = 0, node;

	while (n < 16 && (word[n] = strtok_r(rest, " ", &rest)))
		n++;
	rt_params_init(&op->row, attrs);
	must(rt_params_parse(&op->row, attrs, n, (const char *const *)word, &err), &err);
	node = rt_graph_add_node(g, op, name, op->row.params_size ? attrs : NULL, nin, in, 1);
	rt_params_release(&op->row, attrs);
	free(attrs);
	free(text);
	return g->nodes[node].out[0];
}

int net_node(struct rt_graph *g, const char *op, const char *name, const char *opts, int nin,
	     const int *in)
{
	return add_node(g, rt_op_find(op), name, opts, nin, in);
}

int net_apply(struct rt_graph *g, const char *op, const char *name, int x)
{
	return net_node(g, op, name, "", 1, &x);
}

int net_constant(struct rt_graph *g, struct rt_shape shape, const float *v)
{
	struct rt_tensor t;
	struct rt_err err;
	void *data;

	must(rt_tensor_new(&t, RT_F32, &shape, &err), &err);
	must(rt_tensor_write(&data, &t, &err), &err);
	memcpy(data, v, rt_tensor_bytes(&t));
	return rt_graph_add_param(g, NULL, &t, true);
}

int net_wave(struct rt_graph *g, struct rt_shape shape, double scale, double phase)
{
	int64_t n = rt_shape_count(&shape);
	float *v = rt_alloc((size_t)n, sizeof(*v));
	int p;

	for (int64_t i = 0; i < n; i++)
		v[i] = (float)(scale * sin(0.7 * (double)i + phase));
	p = net_constant(g, shape, v);
	free(v);
	return p;
}

struct rt_graph *net_new(int *x, struct rt_shape sample)
{
	struct rt_graph *g = rt_graph_new();
	struct rt_shape s = {.rank = sample.rank + 1, .dim = {RT_BATCH}};

	memcpy(s.dim + 1, sample.dim, (size_t)sample.rank * sizeof(s.dim[0]));
	*x = rt_graph_add_input(g, "x", RT_F32, &s);
	return g;
}

struct rt_graph *net_done(struct rt_graph *g, int y)
{
	struct rt_err err;

	rt_graph_add_output(g, y);
	must(rt_graph_check(g, &err), &err);
	must(rt_graph_infer(g, &err), &err);
	return g;
}

/* w: K x C as PyTorch's Linear stores it; b NULL: none. */
static int dense(struct rt_graph *g, const char *name, int x, int K, int C, const float *w,
		 const float *b)
{
	int in[3] = {x, net_constant(g, RT_SHAPE(K, C), w), -1};

	if (b)
		in[2] = net_constant(g, RT_SHAPE(K), b);
	return net_node(g, "Gemm", name, "-transB 1", b ? 3 : 2, in);
}

static int with_constant(struct rt_graph *g, const char *op, int x, struct rt_shape shape,
			 const float *v)
{
	int in[2] = {x, net_constant(g, shape, v)};

	return net_node(g, op, NULL, "", 2, in);
}

static const float ones[36] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
			       1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

struct rt_graph *net_ml(bool add)
{
	static const float eye[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, b1[4] = {-10, 1, 1, 1},
			   b2[2] = {-1, 1};
	static const float more[3] = {1, 2, 3}, eight = 8;
	int x;
	struct rt_graph *g = net_new(&x, RT_SHAPE(3));

	if (add)
		x = with_constant(g, "Add", x, RT_SHAPE(3), more);
	x = dense(g, "lin0", x, 3, 3, eye, NULL);
	x = dense(g, "lin1", x, 4, 3, ones, b1);
	x = net_apply(g, "Relu", "relu", x);
	x = dense(g, "lin2", x, 2, 4, ones, b2);
	if (add)
		x = with_constant(g, "Mul", x, RT_SHAPE(1), &eight);
	return net_done(g, x);
}

struct rt_graph *net_cv(void)
{
	static const float b[2] = {-50, -75};
	static const float fc[32] = {1, 1, 1, 1, 1, -1, -1, -1, 1, 1, 1, 1, 1, -1, -1, -1,
				     1, 1, 1, 1, 1, -1, -1, -1, 1, 1, 1, 1, 1, -1, -1, -1};
	int x, in[3];
	struct rt_graph *g = net_new(&x, RT_SHAPE(1, 4, 4));

	in[0] = x;
	in[1] = net_constant(g, RT_SHAPE(2, 1, 3, 3), ones);
	in[2] = net_constant(g, RT_SHAPE(2), b);
	x = net_node(g, "Conv", "conv1", "", 3, in);
	x = net_apply(g, "Relu", "relu1", x);
	x = net_apply(g, "Flatten", "flatten", x);
	x = dense(g, "fc1", x, 4, 8, fc, NULL);
	return net_done(g, net_apply(g, "Relu", "relu2", x));
}

struct rt_graph *net_b1(void)
{
	int x, one, in[2];
	struct rt_graph *g = net_new(&x, RT_SHAPE(6));

	one = net_constant(g, RT_SHAPE(1), ones);
	in[0] = one;
	in[1] = x;
	x = net_apply(g, "Relu", NULL, net_node(g, "Sub", NULL, "", 2, in));
	in[1] = x;
	x = net_node(g, "Sub", NULL, "", 2, in);
	return net_done(g, dense(g, NULL, x, 1, 6, ones, NULL));
}

struct rt_graph *net_b2(void)
{
	static const float w[2] = {1, -1}, b = -1;
	int x;
	struct rt_graph *g = net_new(&x, RT_SHAPE(2));

	x = net_apply(g, "Relu", NULL, x);
	x = dense(g, NULL, x, 1, 2, w, &b);
	return net_done(g, net_apply(g, "Relu", NULL, x));
}

struct rt_graph *net_linear(int n, const float *w)
{
	int x;
	struct rt_graph *g = net_new(&x, RT_SHAPE(n));

	return net_done(g, dense(g, NULL, x, 1, n, w, NULL));
}

/* Convolution with net_wave parameters. */
static int conv(struct rt_graph *g, const char *name, const char *opts, int x, struct rt_shape w,
		double phase)
{
	int in[3] = {x, net_wave(g, w, w.dim[1] == 3 ? 0.4 : 0.5, phase),
		     net_wave(g, RT_SHAPE(w.dim[0]), 0.2, phase + 0.1)};

	return net_node(g, "Conv", name, opts, 3, in);
}

static int norm(struct rt_graph *g, const char *name, int x, int C)
{
	float one_to_c[8];
	int in[5] = {x};

	for (int c = 0; c < C; c++)
		one_to_c[c] = 0.5f + 0.25f * (float)c;
	in[1] = net_constant(g, RT_SHAPE(C), one_to_c);
	in[2] = net_wave(g, RT_SHAPE(C), 0.3, 0.2);
	in[3] = net_wave(g, RT_SHAPE(C), 0.3, 0.9);
	in[4] = net_constant(g, RT_SHAPE(C), one_to_c);
	return net_node(g, "BatchNormalization", name, "", 5, in);
}

static int classes(struct rt_graph *g, int x, int C)
{
	int in[3] = {net_apply(g, "Flatten", NULL, x), net_wave(g, RT_SHAPE(3, C), 0.6, 0.5),
		     net_wave(g, RT_SHAPE(3), 0.1, 0.6)};

	return net_node(g, "Gemm", "fc", "-transB 1", 3, in);
}

struct rt_graph *net_conv(const char *end)
{
	int x;
	struct rt_graph *g = net_new(&x, RT_SHAPE(2, 6, 6));

	x = conv(g, "conv1", "-pads 1,1,1,1", x, RT_SHAPE(3, 2, 3, 3), 0.1);
	x = net_apply(g, "Relu", "relu1", x);
	x = conv(g, "conv2", "", x, RT_SHAPE(4, 3, 3, 3), 0.3);
	x = net_apply(g, "Relu", "relu2", x);
	x = net_node(g, "MaxPool", "pool", "-kernel_shape 2,2 -strides 2,2", 1, &x);
	x = classes(g, x, 16);
	if (end)
		x = net_apply(g, end, "end", x);
	return net_done(g, x);
}

struct rt_graph *net_smooth(void)
{
	int x;
	struct rt_graph *g = net_new(&x, RT_SHAPE(2, 6, 6));

	x = conv(g, "conv1", "", x, RT_SHAPE(4, 2, 3, 3), 0.1);
	x = norm(g, "bn1", x, 4);
	x = net_apply(g, "Tanh", "tanh", x);
	return net_done(g, classes(g, x, 64));
}

struct rt_graph *net_residual(void)
{
	int x, skip, in[2];
	struct rt_graph *g = net_new(&x, RT_SHAPE(1, 6, 6));

	x = conv(g, "conv1", "-pads 1,1,1,1", x, RT_SHAPE(4, 1, 3, 3), 0.1);
	x = norm(g, "bn1", x, 4);
	skip = net_apply(g, "Relu", "relu1", x);
	x = conv(g, "conv2", "-pads 1,1,1,1", skip, RT_SHAPE(4, 4, 3, 3), 0.3);
	in[0] = norm(g, "bn2", x, 4);
	in[1] = skip;
	x = net_node(g, "Add", "add", "", 2, in);
	x = net_apply(g, "Relu", "relu2", x);
	x = net_apply(g, "GlobalAveragePool", "gap", x);
	return net_done(g, classes(g, x, 4));
}

struct rt_graph *net_tokens(void)
{
	struct rt_graph *g = rt_graph_new();
	int in[2];

	in[1] = rt_graph_add_input(g, "x", RT_I64, &RT_SHAPE(RT_BATCH, 4));
	in[0] = net_wave(g, RT_SHAPE(8, 3), 1, 0);
	in[0] = net_apply(g, "Flatten", NULL, net_node(g, "Gather", "emb", "", 2, in));
	return net_done(g, dense(g, NULL, in[0], 1, 12, ones, NULL));
}

struct rt_graph *net_sequence(void)
{
	int x;
	struct rt_graph *g = net_new(&x, RT_SHAPE(2, 9));

	x = conv(g, "conv", "", x, RT_SHAPE(4, 2, 3), 0.1);
	x = net_apply(g, "Relu", "relu", x);
	return net_done(g, classes(g, x, 28));
}

/* --- an operator of our own --------------------------------------------------------------- */

static enum rt_status sin_infer(struct rt_call *c, struct rt_err *err)
{
	(void)err;
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = c->in[0].shape;
	return RT_OK;
}

static void sin_forward(const struct rt_call *c)
{
	const float *x = c->in[0].data;
	float *y = c->out[0].data;

	for (int64_t i = 0; i < rt_shape_count(&c->in[0].shape); i++)
		y[i] = sinf(x[i]);
}

static void sin_backward(const struct rt_call *c)
{
	const float *x = c->in[0].data;

	for (int64_t i = 0; i < rt_shape_count(&c->in[0].shape); i++)
		c->in[0].grad[i] += cosf(x[i]) * c->out[0].grad[i];
}

static const struct rt_op op_sin = {
	.row = {.name = "Sin", .summary = "y = sin x"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1, .bwd_in = 1,
	.infer = sin_infer, .forward = sin_forward, .backward = sin_backward,
};

struct rt_graph *net_formula(void)
{
	static const float first[3] = {5, 0, 0}, second[3] = {0, 1, 0}, third[3] = {0, 0, 1};
	int x, y, z, a, in[2];
	struct rt_graph *g = net_new(&x, RT_SHAPE(3));

	a = dense(g, NULL, x, 1, 3, first, NULL);
	y = dense(g, NULL, x, 1, 3, second, NULL);
	z = dense(g, NULL, x, 1, 3, third, NULL);
	in[0] = in[1] = y;
	y = net_node(g, "Mul", NULL, "", 2, in);
	z = add_node(g, &op_sin, NULL, "", 1, &z);
	in[0] = a;
	in[1] = y;
	in[0] = net_node(g, "Add", NULL, "", 2, in);
	in[1] = z;
	return net_done(g, net_node(g, "Add", NULL, "", 2, in));
}
