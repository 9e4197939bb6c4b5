/* blocked_plan.c - inference on blocks of channels: the steps that plans take, and results against
 * the same graphs node by node in planes. */
#include "config.h"

#include "nets.h"
#include "base/sys.h"
#include "exec/plan.h"
#include "ops/ops.h"

#include <math.h>

static struct rt_err err;

/* Separable convolutions, which blocks suit, around everything else; all for samples of 3x24x24. */
#define UNIT(c) "conv " #c " 1; bn; relu6; dwconv 3 -pad 1; bn; relu; "
static const char *const nets[] = {
	/* channels that fill no block */
	"conv 24 3 -pad 1; bn; relu; " UNIT(47) UNIT(31) UNIT(60) "conv 7 1; gap; "
	"dense 5",
	/* sums, one of them of a value with itself and one of three readers */
	"conv 32 3 -pad 1 -stride 2; " UNIT(32) "residual {" UNIT(64) "conv 32 1; bn}; residual {"
	UNIT(48) "conv 32 1; bn}; relu; tap twice; " UNIT(32) "tap a; branch {from a} {from a} "
	"-join add; tap b; branch {from a} {from b; sigmoid} -join mul; " UNIT(32) "gap; dense 4",
	/* windows of every kind */
	"conv 16 7 -pad 3; maxpool 3 -stride 2 -pad 1; " UNIT(64) UNIT(64) "conv 32 3 -groups 2 "
	"-pad 1; " UNIT(48) "conv 24 5 -pad 2; relu; " UNIT(32) "conv 16 3 -dilation 2 -pad 2; "
	UNIT(24) "dwconv 5 -stride 2 -pad 2; avgpool 2; conv 8 1; flatten; dense 6",
	/* joined channels: in whole blocks, and not */
	"conv 16 3 -pad 1; " UNIT(32) "branch {" UNIT(32) "} {" UNIT(16) "} {" UNIT(20) "} -join "
	"concat; " UNIT(64) "branch {" UNIT(20) "} {" UNIT(32) "} -join concat; conv 24 1; gap; "
	"dense 3",
	/* functions of single numbers, and numbers added to all */
	"conv 20 3 -pad 1; " UNIT(64) "sigmoid; conv 32 1; tanh; " UNIT(47) "gelu; mul 3; conv 32 "
	"1; hardswish; add 1; " UNIT(32) "leaky 0.1; dropout 0.5; identity; conv 64 1; gap; dense "
	"4",
	/* batch normalization in front, and weights for channels */
	"conv 32 3 -pad 1; " UNIT(32) "residual {bn; relu; conv 64 1; bn; relu; dwconv 3 -pad 1; "
	"conv 32 1}; " UNIT(64) "se 16; " UNIT(40) "se 8; " UNIT(32) "gap; dense 4",
	/* weights so large that the end is left out of slices */
	"conv 32 3 -pad 1 -stride 2; " UNIT(32) "maxpool 2; " UNIT(256) "maxpool 2; conv 400 1; "
	"relu; residual {conv 500 1; relu; conv 400 1; relu}; conv 64 1; gap; dense 4",
	/* what has to be in planes, amid it all */
	"conv 32 3 -pad 1; " UNIT(64) UNIT(64) "shuffle 4; " UNIT(48) "slice 8 40 -axis 1; "
	UNIT(64) UNIT(64) "transpose {1 3 2}; " UNIT(64) UNIT(64) "softmax -axis 1; " UNIT(64)
	"flatten; dense 4",
};

static struct rt_plan *plan(struct rt_graph *g, struct rt_plan_opts o)
{
	struct rt_rng rng = seeded(11);
	struct rt_plan *p = NULL;
	float *x;

	o.purpose = RT_INFER;
	assert_ok(rt_plan_new(&p, g, &o, &err));
	x = rt_plan_input(p, 0);
	for (int64_t i = 0; i < rt_shape_count(&rt_plan_value(p, g->inputs[0])->shape); i++)
		x[i] = (float)(2 * rt_rng_uniform(&rng) - 1);
	assert_ok(rt_plan_forward(p, NULL, &err));
	return p;
}

static int count(const struct rt_plan *p, const char *word)
{
	struct rt_str text = {0};
	int n = 0;

	rt_plan_text(p, &text);
	for (const char *s = rt_str_text(&text); (s = strstr(s, word)); s++)
		n++;
	rt_str_release(&text);
	return n;
}

static struct rt_graph *numbered(size_t i)
{
	return net(nets[i], &RT_SHAPE(3, 24, 24), 60 + i);
}

static void same_results_in_blocks(void **state)
{
	static const int64_t batches[] = {1, 3, 64};
	const int before = rt_threads();

	(void)state;
	for (size_t i = 0; i < RT_COUNT(nets); i++) {
		struct rt_graph *g = numbered(i);

		for (size_t b = 0; b < RT_COUNT(batches); b++) {
			struct rt_plan *blocked, *planes;

			rt_threads_set(1 + (int)b);
			blocked = plan(g, (struct rt_plan_opts){.batch = batches[b]});
			planes = plan(g, (struct rt_plan_opts){.batch = batches[b],
							       .no_fusion = true});
			if (plans_differ(blocked, planes, g->outputs[0]) > 1e-5)
				fail_msg("%s: differs by %g", nets[i],
					 plans_differ(blocked, planes, g->outputs[0]));
			if (count(blocked, "BlockedConv") < 4)
				fail_msg("%s: %d", nets[i], count(blocked, "BlockedConv"));
			assert_int_equal(count(planes, "Block"), 0);
			rt_plan_free(blocked);
			rt_plan_free(planes);
		}
		rt_graph_free(g);
	}
	rt_threads_set(before);
}

/* The first layer reads the picture, the mean leaves planes: nothing is reordered. */
static void chains_reorder_at_their_ends_only(void **state)
{
	static const int borders[] = {0, 0, 1, -1, 0, -1, 0, -1};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(nets); i++) {
		struct rt_graph *g = numbered(i);
		struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = 1});
		struct rt_str text = {0};

		rt_plan_text(p, &text);
		if (borders[i] >= 0 && count(p, " To") != borders[i])
			fail_msg("%s", rt_str_text(&text));
		rt_str_release(&text);
		rt_plan_free(p);
		rt_graph_free(g);
	}
}

/* Every value can be looked at, and looking changes no result. */
static void taps_see_planes(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(nets); i++) {
		struct rt_graph *g = numbered(i);
		struct rt_plan_opts o = {.batch = 1, .ntaps = 1};
		struct rt_plan *planes;
		int *taps = calloc((size_t)g->nnodes, sizeof(int));

		for (int n = 0; n < g->nnodes; n++)
			taps[n] = g->nodes[n].out[0];
		planes = plan(g, (struct rt_plan_opts){.batch = 1, .no_fusion = true, .taps = taps,
						       .ntaps = g->nnodes});
		for (int n = 0; n < g->nnodes; n++) {
			struct rt_plan *p;

			o.taps = &taps[n];
			p = plan(g, o);
			assert_true(plans_differ(p, planes, taps[n]) < 1e-5);
			assert_true(plans_differ(p, planes, g->outputs[0]) < 1e-5);
			rt_plan_free(p);
		}
		rt_plan_free(planes);
		free(taps);
		rt_graph_free(g);
	}
}

static void repeats_bit_for_bit(void **state)
{
	(void)state;
	for (int64_t batch = 1; batch <= 64; batch *= 64) {
		struct rt_graph *g = numbered(1);
		struct rt_plan *a = plan(g, (struct rt_plan_opts){.batch = batch});
		struct rt_plan *b = plan(g, (struct rt_plan_opts){.batch = batch});
		const struct rt_arg *x = rt_plan_value(a, g->outputs[0]);

		assert_ok(rt_plan_forward(a, NULL, &err));
		assert_memory_equal(x->data, rt_plan_value(b, g->outputs[0])->data,
				    (size_t)rt_shape_count(&x->shape) * sizeof(float));
		rt_plan_free(a);
		rt_plan_free(b);
		rt_graph_free(g);
	}
}

/* Whatever of a layer changes between two runs, the packed weights follow. */
static void new_weights_are_seen(void **state)
{
	(void)state;
	for (int64_t batch = 1; batch <= 64; batch *= 64) {
		struct rt_graph *g = numbered(1);
		struct rt_plan *p = plan(g, (struct rt_plan_opts){.batch = batch});

		for (int i = 0; i < g->nparams; i++) {
			struct rt_plan *planes;
			void *w;

			/* bounds of Clip stay */
			if (rt_tensor_count(&g->params[i].data) == 1)
				continue;
			assert_ok(rt_tensor_write(&w, &g->params[i].data, &err));
			for (int64_t k = 0; k < rt_tensor_count(&g->params[i].data); k++)
				((float *)w)[k] *= 1.25f;
			assert_ok(rt_plan_forward(p, NULL, &err));
			planes = plan(g, (struct rt_plan_opts){.batch = batch, .no_fusion = true});
			if (plans_differ(p, planes, g->outputs[0]) > 1e-5)
				fail_msg("%s: differs by %g", g->values[g->params[i].value].name,
					 plans_differ(p, planes, g->outputs[0]));
			rt_plan_free(planes);
		}
		rt_plan_free(p);
		rt_graph_free(g);
	}
}

/* What trains or explains sees planes, as does a single layer between others' work. */
static void others_stay_in_planes(void **state)
{
	struct rt_graph *g = numbered(0);
	struct rt_graph *lone = net("softmax -axis 1; conv 16 1; softmax -axis 1; dense 3",
				    &RT_SHAPE(16, 12, 12), 3);
	struct rt_plan *p = NULL;

	(void)state;
	for (int purpose = RT_EXPLAIN; purpose <= RT_TRAIN; purpose++) {
		struct rt_plan_opts o = {.batch = 2, .purpose = (enum rt_purpose)purpose,
					 .param_grads = true};

		assert_ok(rt_plan_new(&p, g, &o, &err));
		assert_int_equal(count(p, "Block"), 0);
		rt_plan_free(p);
	}
	p = plan(lone, (struct rt_plan_opts){.batch = 1});
	assert_int_equal(count(p, "Block"), 0);
	rt_plan_free(p);
	rt_graph_free(lone);
	rt_graph_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_results_in_blocks),
		cmocka_unit_test(chains_reorder_at_their_ends_only),
		cmocka_unit_test(taps_see_planes),
		cmocka_unit_test(repeats_bit_for_bit),
		cmocka_unit_test(new_weights_are_seen),
		cmocka_unit_test(others_stay_in_planes),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
