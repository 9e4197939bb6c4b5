/* prune.c - masking single weights. */
#include "config.h"

#include "nets.h"

#include "base/mem.h"
#include "graph/mask.h"

#include <math.h>

static void smallest_weights_go(void **state)
{
	static const float w[] = {5, -1, 3, 2, -4, 0.5f};
	static const unsigned char half[] = {1, 0, 1, 0, 1, 0}, most[] = {1, 0, 0, 0, 1, 0};
	struct rt_graph *g = net("dense 2", &RT_SHAPE(3), 1);
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_prune_report r;
	struct rt_err err;

	(void)state;
	set_values(g, "dense1.weight", 6, w);
	assert_ok(rt_prune_mask(g, &o, &rng, &r, &err));
	assert_int_equal(r.n, 1);
	assert_string_equal(r.row[0].name, "dense1");
	assert_true(r.row[0].total == 6 && r.row[0].before == 0 && r.row[0].pruned == 3);
	rt_prune_report_release(&r);
	assert_memory_equal(rt_tensor_data(&param(g, "dense1.weight")->mask), half, 6);
	for (int i = 0; i < 6; i++)
		assert_true(weights(g, "dense1.weight")[i] == (half[i] ? w[i] : 0));
	assert_null(param(g, "dense1.bias")->mask.storage);
	/* the amount is what is gone in total; less than before brings nothing back */
	o.amount = 4.0 / 6;
	assert_ok(rt_prune_mask(g, &o, &rng, &r, &err));
	assert_true(r.row[0].before == 3 && r.row[0].pruned == 4);
	rt_prune_report_release(&r);
	assert_memory_equal(rt_tensor_data(&param(g, "dense1.weight")->mask), most, 6);
	o.amount = 0.1;
	assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
	assert_memory_equal(rt_tensor_data(&param(g, "dense1.weight")->mask), most, 6);
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

static void equal_weights_go_in_order(void **state)
{
	static const float w[] = {1, 1, -1, 1, 1, 1};
	static const unsigned char kept[] = {0, 0, 0, 1, 1, 1};
	struct rt_graph *g = net("dense 2", &RT_SHAPE(3), 1);
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_err err;

	(void)state;
	set_values(g, "dense1.weight", 6, w);
	assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
	assert_memory_equal(rt_tensor_data(&param(g, "dense1.weight")->mask), kept, 6);
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

/* The first layer's weights are all smaller than the second's. */
static void scopes_differ(void **state)
{
	static const float small[] = {0.1f, 0.2f, 0.3f, 0.4f}, large[] = {1, 2, 3, 4};

	(void)state;
	for (int scope = RT_SCOPE_LOCAL; scope <= RT_SCOPE_GLOBAL; scope++) {
		struct rt_graph *g = net("dense 2; relu; dense 2", &RT_SHAPE(2), 1);
		struct rt_prune o = prune_opts(0.5);
		struct rt_rng rng = seeded(1);
		struct rt_err err;

		set_values(g, "dense1.weight", 4, small);
		set_values(g, "dense2.weight", 4, large);
		o.scope = scope;
		assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
		assert_int_equal(rt_param_masked(param(g, "dense1.weight")), scope ? 4 : 2);
		assert_int_equal(rt_param_masked(param(g, "dense2.weight")), scope ? 0 : 2);
		rt_params_release(&rt_prune_row, &o);
		rt_graph_free(g);
	}
}

static void layers_are_chosen_by_name(void **state)
{
	struct rt_graph *g =
		net("conv 4 3; bn; relu; conv 4 3; relu; dense 5", &RT_SHAPE(1, 8, 8), 1);
	struct rt_prune o = prune_opts(1);
	struct rt_rng rng = seeded(1);
	struct rt_err err;

	(void)state;
	rt_strings_add(&o.layers, "conv*");
	assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
	assert_int_equal(rt_param_masked(param(g, "conv1.weight")), 36);
	assert_int_equal(rt_param_masked(param(g, "conv2.weight")), 144);
	assert_null(param(g, "dense1.weight")->mask.storage);
	assert_null(param(g, "bn1.weight")->mask.storage);
	free(o.layers.v[0]);
	o.layers.v[0] = rt_strdup("conv3");
	assert_fails(rt_prune_mask(g, &o, &rng, NULL, &err), RT_ENOTFOUND,
		     "did you mean \"conv1\"");
	free(o.layers.v[0]);
	o.layers.v[0] = rt_strdup("bn1");
	assert_fails(rt_prune_mask(g, &o, &rng, NULL, &err), RT_EINVAL, "no layer with weights");
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

static void nothing_asked_nothing_done(void **state)
{
	struct rt_graph *g = net("conv 4 3; bn; relu; dense 5", &RT_SHAPE(1, 8, 8), 1);
	struct rt_graph *was = rt_graph_clone(g);
	struct rt_prune o = prune_opts(0);
	struct rt_rng rng = seeded(1);
	struct rt_err err;

	(void)state;
	assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
	assert_true(same_bits(g, was));
	assert_ok(rt_prune_channels(g, RT_PRUNE_MASK, &o, &rng, NULL, &err));
	assert_true(same_bits(g, was));
	assert_ok(rt_prune_channels(g, RT_PRUNE_REMOVE, &o, &rng, NULL, &err));
	assert_true(same_bits(g, was));
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(was);
	rt_graph_free(g);
}

static void random_follows_the_seed(void **state)
{
	struct rt_graph *g[3];
	struct rt_prune o = prune_opts(0.5);
	struct rt_err err;

	(void)state;
	use_score(&o, "random");
	for (int i = 0; i < 3; i++) {
		struct rt_rng rng = seeded(i == 2 ? 8 : 7);

		g[i] = net("dense 30; relu; dense 10", &RT_SHAPE(20), 1);
		assert_ok(rt_prune_mask(g[i], &o, &rng, NULL, &err));
		assert_int_equal(rt_param_masked(param(g[i], "dense1.weight")), 300);
	}
	assert_true(same_bits(g[0], g[1]));
	assert_false(same_bits(g[0], g[2]));
	for (int i = 0; i < 3; i++)
		rt_graph_free(g[i]);
	rt_params_release(&rt_prune_row, &o);
}

/* Other draws the second time: what is masked stays so, and no more goes than was asked for. */
static void masks_add_up_to_the_amount(void **state)
{
	struct rt_graph *g = net("dense 30", &RT_SHAPE(20), 1);
	struct rt_prune o = prune_opts(0.3);
	struct rt_tensor first;
	struct rt_err err;

	(void)state;
	use_score(&o, "random");
	for (int i = 0; i < 2; i++) {
		struct rt_rng rng = seeded(7 + (uint64_t)i);

		o.amount = i ? 0.5 : 0.3;
		assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
		if (!i)
			rt_tensor_share(&first, &param(g, "dense1.weight")->mask);
	}
	assert_int_equal(rt_param_masked(param(g, "dense1.weight")), 300);
	for (int64_t i = 0; i < 600; i++)
		if (!rt_tensor_get_int(&first, i))
			assert_int_equal(rt_tensor_get_int(&param(g, "dense1.weight")->mask, i), 0);
	rt_tensor_release(&first);
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

static void bad_requests_change_nothing(void **state)
{
	struct rt_graph *g = net("dense 4; relu; dense 2", &RT_SHAPE(3), 1), *was;
	struct rt_graph *plain = net("relu", &RT_SHAPE(3), 1);
	struct rt_prune o = prune_opts(1.5);
	struct rt_rng rng = seeded(1);
	struct rt_err err;
	void *w;

	(void)state;
	assert_ok(rt_tensor_write(&w, &param(g, "dense2.weight")->data, &err));
	((float *)w)[3] = NAN;
	was = rt_graph_clone(g);
	assert_fails(rt_prune_mask(g, &o, &rng, NULL, &err), RT_EINVAL, "amount");
	o.amount = 0.5;
	use_score(&o, "magnitud");
	assert_fails(rt_prune_mask(g, &o, &rng, NULL, &err), RT_ENOTFOUND,
		     "did you mean \"magnitude\"");
	use_score(&o, "magnitude");
	assert_fails(rt_prune_mask(g, &o, &rng, NULL, &err), RT_ENUMERIC,
		     "weight 3 of \"dense2.weight\"");
	assert_true(same_bits(g, was));
	assert_fails(rt_prune_mask(plain, &o, &rng, NULL, &err), RT_EINVAL, "nothing to prune");
	assert_fails(rt_prune_channels(plain, RT_PRUNE_MASK, &o, &rng, NULL, &err), RT_EINVAL,
		     "nothing to prune");
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(plain);
	rt_graph_free(was);
	rt_graph_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smallest_weights_go),
		cmocka_unit_test(equal_weights_go_in_order),
		cmocka_unit_test(scopes_differ),
		cmocka_unit_test(layers_are_chosen_by_name),
		cmocka_unit_test(nothing_asked_nothing_done),
		cmocka_unit_test(random_follows_the_seed),
		cmocka_unit_test(masks_add_up_to_the_amount),
		cmocka_unit_test(bad_requests_change_nothing),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
