/* sparse_plan.c - inference that leaves out blocks of zeros gives what the dense layers give, where
 * it is worth it and nowhere else.
 */
#include "config.h"

#include "nets.h"

#include "base/mem.h"
#include "base/sys.h"
#include "exec/plan.h"
#include "graph/mask.h"

#include <math.h>
#include <stdlib.h>

static struct rt_err err;

/* Convolutions with taps, strides, one tap, normalization, a branch that is added, groups; dense
 * layers with and without a bias; a product with every place of a sequence. */
#define CONVS                                                                                      \
	"conv 32 3 -pad 1; bn; relu; residual {conv 32 3 -pad 1; bn; relu; conv 32 3 -pad 1; bn};" \
	" relu; conv 32 1; relu6; conv 48 3 -stride 2 -pad 1; bn; conv 48 3 -pad 1 -groups 3; "    \
	"relu; conv 20 5 -pad 2; gap; dense 64; relu; dense 10"
#define SEQUENCE                                                                                   \
	"conv 32 3 -pad 1; reshape 32 256; transpose {2 1}; ln; linear 48; gelu; linear 16; "      \
	"select 0; dense 32; relu; dense 3"

static struct rt_graph *build(const char *text, const char *pattern, double amount)
{
	struct rt_graph *g = net(text, &RT_SHAPE(3, 16, 16), 5);
	struct rt_prune o = prune_opts(amount);
	struct rt_rng rng = seeded(1);

	free(o.pattern);
	o.pattern = rt_strdup(pattern);
	assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
	rt_params_release(&rt_prune_row, &o);
	return g;
}

static struct rt_plan *plan(struct rt_graph *g, int64_t batch, bool fused)
{
	const struct rt_plan_opts o = {.batch = batch, .purpose = RT_INFER, .no_fusion = !fused};
	struct rt_rng rng = seeded(9);
	struct rt_plan *p;
	float *x;

	assert_ok(rt_plan_new(&p, g, &o, &err));
	x = rt_plan_input(p, 0);
	for (int64_t i = 0; i < rt_shape_count(&rt_plan_value(p, g->inputs[0])->shape); i++)
		x[i] = (float)rt_rng_normal(&rng);
	return p;
}

/* How often the plan's steps are of that operator. */
static int count(const struct rt_plan *p, const char *op)
{
	struct rt_str text = {0};
	int n = 0;

	rt_plan_text(p, &text);
	for (const char *at = rt_str_text(&text); (at = strstr(at, op)); at++)
		n++;
	rt_str_release(&text);
	return n;
}

static void same(const struct rt_graph *g, struct rt_plan *a, struct rt_plan *b)
{
	const struct rt_arg *x = rt_plan_value(a, g->outputs[0]);
	const struct rt_arg *y = rt_plan_value(b, g->outputs[0]);
	double most = 0;

	assert_ok(rt_plan_forward(a, NULL, &err));
	assert_ok(rt_plan_forward(b, NULL, &err));
	for (int64_t i = 0; i < rt_shape_count(&y->shape); i++)
		most = fmax(most, fabs((double)((const float *)y->data)[i]));
	for (int64_t i = 0; i < rt_shape_count(&x->shape); i++)
		assert_close(((const float *)x->data)[i] / (float)most,
			     ((const float *)y->data)[i] / (float)most, 1e-5);
}

/* products: for up to eight rows, and for more. */
static void check(const char *text, const char *pattern, double amount, int convs, int few,
		  int products)
{
	static const int64_t batches[] = {1, 2, 7, 64};
	const int before = rt_threads();

	for (int threads = 1; threads <= 3; threads += 2) {
		rt_threads_set(threads);
		for (size_t i = 0; i < RT_COUNT(batches); i++) {
			struct rt_graph *g = build(text, pattern, amount);
			struct rt_plan *a = plan(g, batches[i], true);
			struct rt_plan *b = plan(g, batches[i], false);

			assert_int_equal(count(a, "SparseConv"), convs);
			assert_int_equal(count(a, "SparseGemm"), batches[i] < 8 ? few : products);
			assert_int_equal(count(b, "Sparse"), 0);
			same(g, a, b);
			/* packed weights serve again */
			same(g, a, b);
			rt_plan_free(a);
			rt_plan_free(b);
			rt_graph_free(g);
		}
	}
	rt_threads_set(before);
}

/* All but the convolution with groups, the first one, of which there is little to leave out, and
 * what has 20, 10 or 3 outputs, which is not pruned. */
static void zeros_are_left_out(void **state)
{
	(void)state;
	check(CONVS, "16x1", 0.95, 4, 1, 1);
	check(SEQUENCE, "16x1", 0.9, 0, 3, 3);
}

/* Of every four inputs one, or two where samples are few; linear layers have a row for each of 256
 * places.  Without an instruction that picks one of four it does not pay. */
static void a_few_of_four_are_picked(void **state)
{
	const int on = rt_isa() > RT_ISA_BASE;

	(void)state;
	check(CONVS, "1:4", NAN, 0, 2 * on, 2 * on);
	check(SEQUENCE, "1:4", NAN, 0, 4 * on, 4 * on);
	check(CONVS, "2:4", NAN, 0, 2 * on, 0);
	check(SEQUENCE, "2:4", NAN, 0, 2 * on, 0);
}

static void dense_enough_stays_dense(void **state)
{
	(void)state;
	check(CONVS, "16x1", 0.2, 0, 0, 0);
	check(CONVS, "free", 0.5, 0, 0, 0);
}

/* A plan outlives the weights it was made for: some that are zero no more, or all of them. */
static void changed_weights_are_heeded(void **state)
{
	(void)state;
	for (int round = 0; round < 8; round++) {
		const bool all = round % 2, blocks = round / 2 % 2;
		struct rt_graph *g = build(round < 4 ? CONVS : SEQUENCE, blocks ? "16x1" : "1:4",
					   blocks ? 0.95 : NAN);
		struct rt_plan *a = plan(g, 3, true), *b = plan(g, 3, false);

		same(g, a, b);
		for (int i = 0; i < g->nparams; i++) {
			struct rt_param *p = &g->params[i];
			void *w;

			if (p->data.shape.rank < 2)
				continue;
			assert_ok(rt_tensor_write(&w, &p->data, &err));
			for (int64_t k = 0; k < rt_tensor_count(&p->data); k++)
				((float *)w)[k] = all ? ((float *)w)[k] + 0.01f
						      : ((float *)w)[k] * 1.25f;
		}
		same(g, a, b);
		rt_plan_free(a);
		rt_plan_free(b);
		rt_graph_free(g);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zeros_are_left_out),
		cmocka_unit_test(a_few_of_four_are_picked),
		cmocka_unit_test(dense_enough_stays_dense),
		cmocka_unit_test(changed_weights_are_heeded),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
