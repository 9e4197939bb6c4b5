/* network.c - what convolutional and dense operators promise beyond single samples: running
 * statistics, random masks, costs, indices that are wrong, and the same answer for any number of
 * threads. */
#include "config.h"

#include "tests/unit/unit.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/sys.h"
#include "ops/ops.h"

#include <math.h>

#define MAX_ARGS 6

/* One call of an operator on arrays of its own. */
struct run {
	const struct rt_op *op;
	void *attrs;
	struct rt_arg arg[2 * MAX_ARGS];
	struct rt_call call;
	struct rt_rng rng;
};

static void run_init(struct run *r, const char *op, enum rt_purpose purpose, int nin, int nout)
{
	memset(r, 0, sizeof(*r));
	r->op = rt_op_find(op);
	assert_non_null(r->op);
	r->attrs = rt_alloc(r->op->row.params_size + 1, 1);
	rt_params_init(&r->op->row, r->attrs);
	rt_rng_seed(&r->rng, 1);
	r->call = (struct rt_call){.attrs = r->attrs, .nin = nin, .nout = nout, .in = r->arg,
				   .out = r->arg + MAX_ARGS, .purpose = purpose, .rng = &r->rng};
	for (int i = 0; i < nout; i++)
		r->call.out[i].present = true;
}

static void run_set(struct run *r, const char *name, const char *value)
{
	struct rt_err err;

	assert_ok(rt_opt_parse(rt_opt_find(&r->op->row, name), r->attrs, value, &err));
}

/* Input i of that shape, zero or drawn from [-1, 1). */
static float *run_input(struct run *r, int i, struct rt_shape shape, bool drawn)
{
	int64_t n = rt_shape_count(&shape);
	struct rt_arg *a = &r->call.in[i];
	float *v = rt_alloc((size_t)n, sizeof(*v));

	for (int64_t k = 0; drawn && k < n; k++)
		v[k] = (float)(2 * rt_rng_uniform(&r->rng) - 1);
	*a = (struct rt_arg){.present = true, .dtype = RT_F32, .shape = shape, .data = v,
			     .grad = rt_alloc((size_t)n, sizeof(float))};
	return v;
}

/* Infers, allocates and runs forward; returns out[0]. */
static float *run_forward(struct run *r)
{
	struct rt_call *c = &r->call;
	struct rt_err err;

	if (!c->out[0].data) {
		assert_ok(r->op->infer(c, &err));
		c->saved = rt_alloc(1, (r->op->saved_size ? r->op->saved_size(c) : 0) + 1);
		c->work = rt_alloc(1, (r->op->work_size ? r->op->work_size(c) : 0) + 1);
		for (int i = 0; i < c->nout; i++)
			c->out[i].data = rt_alloc((size_t)rt_shape_count(&c->out[i].shape), 8);
		c->out[0].grad = rt_alloc((size_t)rt_shape_count(&c->out[0].shape), sizeof(float));
	}
	r->op->forward(c);
	return c->out[0].data;
}

static void run_release(struct run *r)
{
	for (int i = 0; i < 2 * MAX_ARGS; i++) {
		free(r->arg[i].data);
		free(r->arg[i].grad);
	}
	free(r->call.saved);
	free(r->call.work);
	rt_params_release(&r->op->row, r->attrs);
	free(r->attrs);
}

/* x of the BatchNormalization sample in tests/ops/samples_norm.c; expected: onnx 1.23, the
 * reference implementation with training_mode 1. */
static void batch_normalization_moves_the_running_statistics(void **state)
{
	static const float x[] = {-2, 1, -3, 0, 3, -1, 2, -2, 1, -3, 0, 3};
	static const float mean[] = {.5f, -.25f}, var[] = {2, .5f};
	struct run r;

	(void)state;
	run_init(&r, "BatchNormalization", RT_TRAIN, 5, 1);
	run_set(&r, "epsilon", "0.01");
	run_set(&r, "momentum", "0.75");
	memcpy(run_input(&r, 0, RT_SHAPE(2, 2, 3), false), x, sizeof(x));
	run_input(&r, 1, RT_SHAPE(2), true);
	run_input(&r, 2, RT_SHAPE(2), true);
	memcpy(run_input(&r, 3, RT_SHAPE(2), false), mean, sizeof(mean));
	memcpy(run_input(&r, 4, RT_SHAPE(2), false), var, sizeof(var));
	run_forward(&r);
	assert_close(((float *)r.call.in[3].data)[0], 0.25, 1e-6);
	assert_close(((float *)r.call.in[3].data)[1], -0.104166664, 1e-6);
	assert_close(((float *)r.call.in[4].data)[0], 2.39583325, 1e-6);
	assert_close(((float *)r.call.in[4].data)[1], 1.51388884, 1e-6);
	r.call.purpose = RT_EXPLAIN;
	run_forward(&r);
	assert_close(((float *)r.call.in[3].data)[0], 0.25, 1e-6);
	run_release(&r);
}

static void run_ones(struct run *r, int64_t n)
{
	float *x = run_input(r, 0, RT_SHAPE(n), false);

	for (int64_t i = 0; i < n; i++)
		x[i] = 1;
}

static void dropout_keeps_the_mean_and_the_share_it_should(void **state)
{
	const int64_t n = 100000;
	double sum = 0;
	int64_t kept = 0;
	struct run r;
	float *y;

	(void)state;
	run_init(&r, "Dropout", RT_TRAIN, 2, 2);
	run_ones(&r, n);
	*run_input(&r, 1, (struct rt_shape){0}, false) = 0.3f;
	y = run_forward(&r);
	for (int64_t i = 0; i < n; i++) {
		assert_true(y[i] == 0 || fabsf(y[i] - 1 / 0.7f) < 1e-6f);
		assert_int_equal(((uint8_t *)r.call.out[1].data)[i], y[i] != 0);
		kept += y[i] != 0;
		sum += (double)y[i];
	}
	/* five standard deviations of a binomial: sqrt(n 0.3 0.7) = 145 */
	assert_true(llabs(kept - 70000) < 5 * 145);
	assert_close(sum / (double)n, 1, 0.02);
	run_release(&r);
}

static void dropout_draws_the_same_mask_for_any_number_of_threads(void **state)
{
	const int64_t n = 50001;
	float *first = rt_alloc((size_t)n, sizeof(*first)), *y;
	struct run r;

	(void)state;
	run_init(&r, "Dropout", RT_TRAIN, 1, 1);
	run_ones(&r, n);
	rt_threads_set(1);
	rt_rng_seed(&r.rng, 5);
	memcpy(first, run_forward(&r), (size_t)n * sizeof(*first));
	y = run_forward(&r);
	assert_memory_not_equal(y, first, (size_t)n * sizeof(*first));
	rt_threads_set(3);
	rt_rng_seed(&r.rng, 5);
	y = run_forward(&r);
	assert_memory_equal(y, first, (size_t)n * sizeof(*first));
	free(first);
	run_release(&r);
}

static void run_indices(struct run *r, int64_t n)
{
	struct rt_arg *a = &r->call.in[1];

	*a = (struct rt_arg){.present = true, .dtype = RT_I64, .shape = RT_SHAPE(n),
			     .data = rt_alloc((size_t)n, sizeof(int64_t))};
}

static void gather_survives_indices_that_are_wrong(void **state)
{
	static const int64_t wrong[] = {0, 2, -3, INT64_MAX, INT64_MIN, -2};
	struct run r;
	float *y, *dx;

	(void)state;
	run_init(&r, "Gather", RT_TRAIN, 2, 1);
	run_input(&r, 0, RT_SHAPE(2, 1), false)[0] = 5;
	r.call.in[1].present = true;
	r.call.in[1].dtype = RT_I64;
	r.call.in[1].shape = RT_SHAPE(6);
	assert_int_equal(r.op->infer(&r.call, &(struct rt_err){0}), RT_OK);
	run_indices(&r, 6);
	memcpy(r.call.in[1].data, wrong, sizeof(wrong));
	r.call.out[0].data = y = rt_alloc(6, sizeof(*y));
	r.call.out[0].grad = rt_alloc(6, sizeof(float));
	for (int i = 0; i < 6; i++)
		r.call.out[0].grad[i] = 1;
	r.op->forward(&r.call);
	r.op->backward(&r.call);
	dx = r.call.in[0].grad;
	assert_true(y[0] == 5 && y[5] == 5);
	for (int i = 1; i < 5; i++)
		assert_true(isnan(y[i]));
	assert_true(dx[0] == 2 && dx[1] == 0);
	run_release(&r);
}

static void embedding_gradients_do_not_depend_on_threads(void **state)
{
	const int64_t D = 20, B = 300, M = 400;
	float *one = rt_alloc((size_t)(D * B), sizeof(*one));
	struct run r;

	(void)state;
	run_init(&r, "Gather", RT_TRAIN, 2, 1);
	run_input(&r, 0, RT_SHAPE(D, B), true);
	run_indices(&r, M);
	for (int64_t m = 0; m < M; m++)
		((int64_t *)r.call.in[1].data)[m] = (int64_t)rt_rng_below(&r.rng, (uint64_t)D);
	run_forward(&r);
	for (int64_t k = 0; k < M * B; k++)
		r.call.out[0].grad[k] = (float)rt_rng_uniform(&r.rng);
	for (int threads = 1; threads <= 3; threads += 2) {
		rt_threads_set(threads);
		memset(r.call.in[0].grad, 0, (size_t)(D * B) * sizeof(float));
		r.op->backward(&r.call);
		if (threads == 1)
			memcpy(one, r.call.in[0].grad, (size_t)(D * B) * sizeof(float));
	}
	assert_memory_equal(r.call.in[0].grad, one, (size_t)(D * B) * sizeof(float));
	free(one);
	run_release(&r);
}

/* A (B,M,K) times B (B,K,N), against sums in double. */
static void large_batches_of_products_are_right(void **state)
{
	const int64_t B = 64, M = 20, K = 30, N = 24;
	struct run r;

	(void)state;
	rt_threads_set(3);
	run_init(&r, "MatMul", RT_TRAIN, 2, 1);
	run_input(&r, 0, RT_SHAPE(B, M, K), true);
	run_input(&r, 1, RT_SHAPE(B, K, N), true);
	run_forward(&r);
	for (int64_t i = 0; i < B * M * N; i++) {
		const float *a = (const float *)r.call.in[0].data + i / N * K;
		const float *b = (const float *)r.call.in[1].data + i / (M * N) * K * N + i % N;
		double sum = 0;

		for (int64_t k = 0; k < K; k++)
			sum += (double)a[k] * (double)b[k * N];
		assert_close(((float *)r.call.out[0].data)[i], sum, 1e-5);
	}
	run_release(&r);
}

static int64_t macs(struct run *r)
{
	struct rt_cost cost = {0};

	run_forward(r);
	r->op->cost(&r->call, &cost);
	run_release(r);
	return cost.macs;
}

/* The layers of LeNet-5 as Caffe has it: 20 and 50 filters of 5x5, 500 and 10 units. */
static void costs_are_counted_as_papers_do(void **state)
{
	struct run r;

	(void)state;
	run_init(&r, "Conv", RT_INFER, 2, 1);
	run_input(&r, 0, RT_SHAPE(1, 20, 12, 12), false);
	run_input(&r, 1, RT_SHAPE(50, 20, 5, 5), false);
	assert_int_equal(macs(&r), 1600000);
	run_init(&r, "Conv", RT_INFER, 2, 1);
	run_set(&r, "group", "20");
	run_input(&r, 0, RT_SHAPE(2, 20, 12, 12), false);
	run_input(&r, 1, RT_SHAPE(20, 1, 3, 3), false);
	assert_int_equal(macs(&r), 2 * 20 * 10 * 10 * 9);
	run_init(&r, "Gemm", RT_INFER, 2, 1);
	run_set(&r, "transB", "yes");
	run_input(&r, 0, RT_SHAPE(1, 800), false);
	run_input(&r, 1, RT_SHAPE(500, 800), false);
	assert_int_equal(macs(&r), 400000);
	run_init(&r, "MatMul", RT_INFER, 2, 1);
	run_input(&r, 0, RT_SHAPE(2, 3, 4, 5), false);
	run_input(&r, 1, RT_SHAPE(5, 6), false);
	assert_int_equal(macs(&r), 2 * 3 * 4 * 5 * 6);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batch_normalization_moves_the_running_statistics),
		cmocka_unit_test(dropout_keeps_the_mean_and_the_share_it_should),
		cmocka_unit_test(dropout_draws_the_same_mask_for_any_number_of_threads),
		cmocka_unit_test(gather_survives_indices_that_are_wrong),
		cmocka_unit_test(embedding_gradients_do_not_depend_on_threads),
		cmocka_unit_test(large_batches_of_products_are_right),
		cmocka_unit_test(costs_are_counted_as_papers_do),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
