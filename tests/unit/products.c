/* products.c - products of strided matrices against the formula and the difference quotient, and
 * plans that fold transposes, biases, masks, functions and branches into them. */
#include "config.h"

#include "tests/unit/plans.h"
#include "tests/unit/unit.h"
#include "tests/ops/draw.h"
#include "base/mem.h"
#include "base/sys.h"
#include "exec/plan.h"
#include "io/layers.h"
#include "io/model.h"
#include "ops/ops.h"
#include "tensor/products.h"

#include <math.h>

static struct rt_err err;

/* --- kernels ------------------------------------------------------------------------------ */

/* Elements of the arrays that the steps of draw_product() reach. */
struct arrays {
	int64_t a, b, y, add;
	float *A, *B, *bias, *ADD;
};

/* Matrices in arrays with more rows, columns and matrices than are read; loops of one sample and
 * of a few heads; what is shared moves by nothing. */
static struct rt_products draw_product(struct arrays *n, bool shared_b)
{
	static const enum rt_pointwise functions[] = {RT_POINT_TANH, RT_POINT_SIGMOID};
	struct rt_products g = {
		.M = between(1, 9), .N = between(1, 20), .K = between(1, 9), .alpha = 0.5f,
		.lo = -0.25f, .hi = 0.5f, .then = (enum rt_product_then)between(0, 4),
		.f = functions[between(0, 1)], .loops = (int)between(0, 2), .a = 3, .b = 1,
		.ta = between(0, 1), .tb = between(0, 1),
	};
	const int64_t ra = g.ta ? g.K : g.M, rb = g.tb ? g.N : g.K;

	if (g.then == RT_PRODUCT_GELU)
		g.f = RT_POINT_GELU;
	g.lda = g.M + g.K - ra + between(0, 3);
	g.ldb = g.N + g.K - rb + between(0, 3);
	g.ldy = g.N + between(0, 2);
	g.ldadd = between(0, 1) * (g.N + 1);
	n->a = ra * g.lda;
	n->b = rb * g.ldb;
	n->y = g.M * g.ldy;
	n->add = g.M * g.ldadd + g.N;
	for (int d = 0; d < g.loops; d++) {
		g.loop[d] = (struct rt_product_loop){between(1, 3), n->a, shared_b ? 0 : n->b, n->y,
						     d ? n->add : 0};
		n->a *= g.loop[d].size;
		n->b *= shared_b ? 1 : g.loop[d].size;
		n->y *= g.loop[d].size;
		n->add *= d ? g.loop[d].size : 1;
	}
	n->a += g.a;
	n->b += g.b;
	return g;
}

static double function(const struct rt_products *g, double s)
{
	if (g->then == RT_PRODUCT_CLAMP)
		return fmin(fmax(s, (double)g->lo), (double)g->hi);
	if (g->then == RT_PRODUCT_GELU)
		return 0.5 * s * erfc(-s * sqrt(0.5));
	if (g->then == RT_PRODUCT_POINT)
		return g->f == RT_POINT_TANH ? tanh(s) : 1 / (1 + exp(-s));
	return s;
}

/* The matrix at those places by the formula. */
static void formula(const struct rt_products *g, const struct arrays *n, const int64_t at[4],
		    double *y)
{
	for (int64_t m = 0; m < g->M; m++) {
		double *row = y + m * g->N, max = -INFINITY, sum = 0;

		for (int64_t j = 0; j < g->N; j++) {
			double s = 0;

			for (int64_t k = 0; k < g->K; k++) {
				const int64_t a = g->ta ? k * g->lda + m : m * g->lda + k;
				const int64_t b = g->tb ? j * g->ldb + k : k * g->ldb + j;

				s += (double)n->A[at[0] + a] * (double)n->B[at[1] + b];
			}
			s = (double)g->alpha * s + (n->bias ? (double)n->bias[j] : 0);
			s += n->ADD ? (double)n->ADD[at[3] + m * g->ldadd + j] : 0;
			row[j] = function(g, s);
			max = fmax(max, row[j]);
		}
		for (int64_t j = 0; g->then == RT_PRODUCT_SOFTMAX && j < g->N; j++)
			sum += row[j] = exp(row[j] - max);
		for (int64_t j = 0; g->then == RT_PRODUCT_SOFTMAX && j < g->N; j++)
			row[j] /= sum;
	}
}

/* Calls each(places of a, b, y and add) for every matrix of the loops. */
static void for_matrices(const struct rt_products *g,
			 void (*each)(const struct rt_products *g, const int64_t at[4], void *ctx),
			 void *ctx)
{
	const int64_t n0 = g->loops > 0 ? g->loop[0].size : 1;
	const int64_t n1 = g->loops > 1 ? g->loop[1].size : 1;

	for (int64_t i = 0; i < n0 * n1; i++) {
		const int64_t index[2] = {i / n1, i % n1};
		int64_t at[4] = {g->a, g->b, 0, 0};

		for (int d = 0; d < g->loops; d++) {
			at[0] += index[d] * g->loop[d].a;
			at[1] += index[d] * g->loop[d].b;
			at[2] += index[d] * g->loop[d].y;
			at[3] += index[d] * g->loop[d].add;
		}
		each(g, at, ctx);
	}
}

struct check {
	const struct arrays *n;
	const float *y, *w;	/* the result; weights of the sum */
	double sum;
};

static void compare(const struct rt_products *g, const int64_t at[4], void *ctx)
{
	const struct check *c = ctx;
	double *y = rt_alloc((size_t)(g->M * g->N), sizeof(*y));

	formula(g, c->n, at, y);
	for (int64_t m = 0; m < g->M; m++)
		for (int64_t j = 0; j < g->N; j++)
			assert_close(c->y[at[2] + m * g->ldy + j], y[m * g->N + j], 1e-5);
	free(y);
}

static void add_up(const struct rt_products *g, const int64_t at[4], void *ctx)
{
	struct check *c = ctx;
	double *y = rt_alloc((size_t)(g->M * g->N), sizeof(*y));

	formula(g, c->n, at, y);
	for (int64_t m = 0; m < g->M; m++)
		for (int64_t j = 0; j < g->N; j++)
			c->sum += y[m * g->N + j] * (double)c->w[at[2] + m * g->ldy + j];
	free(y);
}

static double weighted(const struct rt_products *g, const struct arrays *n, const float *w)
{
	struct check c = {.n = n, .w = w};

	for_matrices(g, add_up, &c);
	return c.sum;
}

static double slope(const struct rt_products *g, const struct arrays *n, const float *w, float *x)
{
	const float old = *x, step = 1e-3f;
	double up, down, width;

	*x = old + step;
	up = weighted(g, n, w);
	width = (double)*x;
	*x = old - step;
	down = weighted(g, n, w);
	width -= (double)*x;
	*x = old;
	return (up - down) / width;
}

static void some_slopes(const struct rt_products *g, const struct arrays *n, const float *w,
			float *x, const float *dx, int64_t count)
{
	for (int64_t i = 0; i < count; i += 1 + count / 5)
		assert_close(dx[i], slope(g, n, w, x + i) + 1, 2e-3);
}

static struct arrays draw_arrays(struct arrays n, const struct rt_products *g, int threads)
{
	rt_threads_set(threads);
	n.A = draw(n.a);
	n.B = draw(n.b);
	n.bias = between(0, 1) ? draw(g->N) : NULL;
	n.ADD = g->then != RT_PRODUCT_CLAMP && between(0, 1) ? draw(n.add) : NULL;
	return n;
}

static void one_product(bool shared_b, int threads)
{
	struct arrays n = {0};
	const struct rt_products g = draw_product(&n, shared_b);
	float *y, *z, *w, *ds, *dA, *dB, *dbias, *dadd;

	n = draw_arrays(n, &g, threads);
	y = filled(n.y, NAN);
	z = filled(n.y, NAN);
	ds = filled(n.y, NAN);
	w = draw(n.y);
	/* gradients are added to what is there */
	dA = filled(n.a, 1);
	dB = filled(n.b, 1);
	dbias = filled(g.N, 1);
	dadd = filled(n.add, 1);
	const struct rt_products_in in = {n.A, n.B, n.bias, n.ADD};
	const struct rt_products_grads to = {dA, dB, n.bias ? dbias : NULL, n.ADD ? dadd : NULL,
					     false, false};

	rt_products_forward(&g, y, g.then == RT_PRODUCT_GELU ? z : NULL, &in);
	for_matrices(&g, compare, &(struct check){.n = &n, .y = y});
	rt_products_backward(&g, &to, w, ds, g.then == RT_PRODUCT_GELU ? z : y, &in);
	if (g.then != RT_PRODUCT_CLAMP) {	/* which has kinks */
		some_slopes(&g, &n, w, n.A, dA, n.a);
		some_slopes(&g, &n, w, n.B, dB, n.b);
		if (n.bias)
			some_slopes(&g, &n, w, n.bias, dbias, g.N);
		if (n.ADD)
			some_slopes(&g, &n, w, n.ADD, dadd, n.add);
	}
	free(n.A), free(n.B), free(n.bias), free(n.ADD);
	free(y), free(z), free(ds), free(w);
	free(dA), free(dB), free(dbias), free(dadd);
}

static void products_agree_with_the_formula_and_its_slopes(void **state)
{
	const int before = rt_threads();

	(void)state;
	rt_rng_seed(&draw_rng, 5);
	for (int round = 0; round < 300; round++)
		one_product(round & 1, (int)between(1, 3));
	rt_threads_set(before);
}

/* --- plans ---------------------------------------------------------------------------------- */

#define PLACES 12
#define FEATURES 24

static const char *const nets[] = {
	"position; repeat 2 {residual {attention 2}; ln; residual {linear 32; gelu; linear 24}; "
	"ln}; select 0; dense 3",
	"residual {ln; attention 3 -causal yes -bias no}; residual {linear 20; hardswish; linear "
	"24}; select 1; dense 8; tanh; dense 3",
	"linear 40; relu; linear 24; sigmoid; transpose {2 1}; linear 7; flatten; dense 9; relu6; "
	"dense 3",
	"attention 2 -name a; attention 4 -name b; transpose {2 1}; transpose {2 1}; linear 5; "
	"flatten; dense 3",
	"lstm 8; dense 3",
};

static struct rt_graph *build(const char *text)
{
	struct rt_graph *g = NULL;
	struct rt_rng rng;

	rt_rng_seed(&rng, 3);
	assert_ok(rt_layers_build(&g, text, &RT_SHAPE(PLACES, FEATURES), &rng, &err));
	return g;
}

static void fill(struct rt_plan *p, const struct rt_graph *g)
{
	for (int i = 0; i < g->ninputs; i++) {
		const struct rt_arg *in = rt_plan_value(p, g->inputs[i]);
		void *to = rt_plan_input(p, i);
		struct rt_rng rng;

		rt_rng_seed(&rng, 7);
		for (int64_t k = 0; k < rt_shape_count(&in->shape); k++)
			if (in->dtype == RT_I64)
				((int64_t *)to)[k] = (int64_t)rt_rng_below(&rng, 300);
			else
				((float *)to)[k] = (float)rt_rng_normal(&rng);
	}
}

static struct rt_plan *plan(struct rt_graph *g, struct rt_plan_opts o)
{
	struct rt_plan *p = NULL;

	assert_ok(rt_plan_new(&p, g, &o, &err));
	fill(p, g);
	return p;
}

static void run(struct rt_plan *p)
{
	struct rt_rng rng;

	rt_rng_seed(&rng, 1);
	assert_ok(rt_plan_forward(p, &rng, &err));
}

static void same_values(const struct rt_plan *a, const struct rt_plan *b, int v)
{
	const struct rt_arg *x = rt_plan_value(a, v), *y = rt_plan_value(b, v);

	assert_true(rt_shape_equal(&x->shape, &y->shape));
	for (int64_t i = 0; i < rt_shape_count(&x->shape); i++)
		assert_close(((const float *)x->data)[i], ((const float *)y->data)[i], 2e-5);
}

static void fused_inference_is_unfused(void **state)
{
	(void)state;
	for (size_t t = 0; t < RT_COUNT(nets); t++) {
		for (int64_t batch = 1; batch < 70; batch += 34) {
			struct rt_graph *g = build(nets[t]);
			struct rt_plan_opts o = {.batch = batch, .purpose = RT_INFER};
			struct rt_plan *a = plan(g, o), *b;

			o.no_fusion = true;
			b = plan(g, o);
			run(a);
			run(b);
			same_values(a, b, g->outputs[0]);
			rt_plan_free(a);
			rt_plan_free(b);
			rt_graph_free(g);
		}
	}
}

static void back(struct rt_plan *p, const struct rt_graph *g)
{
	const struct rt_arg *y = rt_plan_value(p, g->outputs[0]);
	float *seed;

	run(p);
	seed = rt_plan_seed(p, g->outputs[0]);
	for (int64_t i = 0; i < rt_shape_count(&y->shape); i++)
		seed[i] = (float)cos((double)i);
	rt_plan_zero_param_grads(p);
	assert_ok(rt_plan_backward(p, &err));
}

static void same_gradients(struct rt_plan *a, struct rt_plan *b, const struct rt_graph *g)
{
	for (int i = 0; i < g->nparams; i++) {
		const float *d = rt_plan_param_grad(a, i), *e = rt_plan_param_grad(b, i);

		for (int64_t k = 0; d && k < rt_tensor_count(&g->params[i].data); k++)
			assert_close(d[k], e[k], 1e-4);
	}
}

/* With and without a gradient of the input; a second run writes over what the first has left. */
static void fused_training_is_unfused(void **state)
{
	(void)state;
	for (size_t t = 0; t < 2 * RT_COUNT(nets); t++) {
		struct rt_graph *g = build(nets[t / 2]);
		struct rt_plan_opts o = {.batch = 3, .purpose = RT_TRAIN, .param_grads = true,
					 .grads = g->inputs, .ngrads = t % 2};
		struct rt_plan *a = plan(g, o), *b;

		o.no_fusion = true;
		b = plan(g, o);
		back(a, g);
		back(a, g);
		back(b, g);
		same_values(a, b, g->outputs[0]);
		same_gradients(a, b, g);
		for (int64_t k = 0; k < (int64_t)(t % 2) * 3 * PLACES * FEATURES; k++)
			assert_close(rt_plan_grad(a, g->inputs[0])[k],
				     rt_plan_grad(b, g->inputs[0])[k], 1e-4);
		rt_plan_free(a);
		rt_plan_free(b);
		rt_graph_free(g);
	}
}

/* What is left of an encoder: places, normalization, and the transposes that nobody can fold. */
static void attention_leaves_no_transpose(void **state)
{
	static const enum rt_purpose purposes[] = {RT_INFER, RT_TRAIN};

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct rt_graph *g = build(nets[i / 2]);
		struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 2,
								  .purpose = purposes[i % 2],
								  .param_grads = i % 2});

		assert_int_equal(count_in_plan(p, " Transpose "), 0);
		assert_int_equal(count_in_plan(p, " MatMul ") +
				 count_in_plan(p, " Softmax ") + count_in_plan(p, " Gelu ") +
				 count_in_plan(p, " Mul "), 0);
		/* of the positions alone */
		assert_int_equal(count_in_plan(p, " Add "), i < 2);
		rt_plan_free(p);
		rt_graph_free(g);
	}
}

/* Both exporters of PyTorch: places in front, projections of three in one, masks of padding. */
static void exported_encoders_leave_no_transpose(void **state)
{
	static const char *const names[] = {"script", "dynamo"};

	(void)state;
	for (int i = 0; i < 4; i++) {
		char *path = rt_sprintf("%s/data/exported/encoder_%s.onnx", getenv("RT_TESTS"),
					names[i / 2]);
		struct rt_plan_opts o = {.batch = 2, .purpose = i % 2 ? RT_TRAIN : RT_INFER,
					 .param_grads = i % 2};
		struct rt_plan *a, *b;
		struct rt_model *m;

		assert_ok(rt_model_load(&m, path, &err));
		a = plan(m->graph, o);
		o.no_fusion = true;
		b = plan(m->graph, o);
		assert_int_equal(count_in_plan(a, " Transpose "), 0);
		assert_true(count_in_plan(b, " Transpose ") > 0);
		assert_int_equal(count_in_plan(a, " Erf "), 0);	/* of GELU, spelled out */
		if (i % 2) {
			back(a, m->graph);
			back(b, m->graph);
			same_gradients(a, b, m->graph);
		} else {
			run(a);
			run(b);
		}
		same_values(a, b, m->graph->outputs[0]);
		rt_plan_free(a);
		rt_plan_free(b);
		rt_model_unref(m);
		free(path);
	}
}

/* Attention maps, what is transposed, and what a function is taken of stay readable by name, and
 * their gradients are right. */
static void values_asked_for_inside_are_there(void **state)
{
	static const char *const names[] = {
		"attention1.weights", "attention1.scores", "attention1.query.turned",
		"attention1.key.turned", "attention1.scale", "attention1.mixed",
		"attention1.mixed.turned", "attention1", "linear1", "gelu1", "add1",
	};

	(void)state;
	for (size_t t = 0; t < 3 * RT_COUNT(names); t++) {
		struct rt_graph *g = build(nets[0]);
		const int v = rt_graph_find_value(g, names[t / 3]);
		struct rt_plan_opts o = {.batch = 2, .purpose = t % 3 ? RT_TRAIN : RT_INFER,
					 .taps = &v, .ntaps = 1, .param_grads = t % 3};
		struct rt_plan *a, *b;

		assert_true(v >= 0);
		if (t % 3 == 2) {
			o.grads = &v;
			o.ngrads = 1;
		}
		a = plan(g, o);
		o.no_fusion = true;
		b = plan(g, o);
		run(a);
		run(b);
		same_values(a, b, v);
		if (t % 3) {
			back(a, g);
			back(b, g);
			same_gradients(a, b, g);
			same_values(a, b, v);
		}
		for (int64_t k = 0; t % 3 == 2 && k < rt_shape_count(&rt_plan_value(a, v)->shape);
		     k++)
			assert_close(rt_plan_grad(a, v)[k], rt_plan_grad(b, v)[k], 1e-4);
		rt_plan_free(a);
		rt_plan_free(b);
		rt_graph_free(g);
	}
}

/* A gradient that comes in at the attention map itself, as methods that match maps have it. */
static void maps_take_gradients(void **state)
{
	struct rt_graph *g = build(nets[0]);
	const int v = rt_graph_find_value(g, "attention1.weights");
	struct rt_plan_opts o = {.batch = 2, .purpose = RT_TRAIN, .taps = &v, .ntaps = 1,
				 .param_grads = true};
	struct rt_plan *p[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		float *seed;

		o.no_fusion = i;
		p[i] = plan(g, o);
		run(p[i]);
		seed = rt_plan_seed(p[i], v);
		for (int64_t k = 0; k < rt_shape_count(&rt_plan_value(p[i], v)->shape); k++)
			seed[k] = (float)sin((double)k);
		rt_plan_zero_param_grads(p[i]);
		assert_ok(rt_plan_backward(p[i], &err));
		for (int64_t k = 0; k < rt_shape_count(&rt_plan_value(p[i], v)->shape); k++)
			assert_close(seed[k], sin((double)k), 1e-6);
	}
	same_gradients(p[0], p[1], g);
	rt_plan_free(p[0]);
	rt_plan_free(p[1]);
	rt_graph_free(g);
}

static void the_same_bits_every_time(void **state)
{
	struct rt_graph *g = build(nets[0]);
	struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 40, .purpose = RT_TRAIN,
							  .param_grads = true});
	float *first = NULL;
	int64_t n = rt_tensor_count(&g->params[1].data);

	(void)state;
	for (int i = 0; i < 3; i++) {
		back(p, g);
		if (!first)
			first = rt_memdup(rt_plan_param_grad(p, 1), (size_t)n, sizeof(float));
		assert_memory_equal(first, rt_plan_param_grad(p, 1), (size_t)n * sizeof(float));
	}
	free(first);
	rt_plan_free(p);
	rt_graph_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(products_agree_with_the_formula_and_its_slopes),
		cmocka_unit_test(fused_inference_is_unfused),
		cmocka_unit_test(fused_training_is_unfused),
		cmocka_unit_test(attention_leaves_no_transpose),
		cmocka_unit_test(exported_encoders_leave_no_transpose),
		cmocka_unit_test(values_asked_for_inside_are_there),
		cmocka_unit_test(maps_take_gradients),
		cmocka_unit_test(the_same_bits_every_time),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
