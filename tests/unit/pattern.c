/* pattern.c - pruning in patterns: blocks are zero as a whole, of M neighbours N stay. */
#include "config.h"

#include "nets.h"

#include "base/mem.h"
#include "graph/mask.h"

#include <math.h>

/* The last layer alone has outputs that are no multiple of 16. */
#define NET "conv 32 3; relu; conv 16 1; relu; gap; dense 32; relu; dense 10"

static void use_pattern(struct rt_prune *o, const char *name)
{
	free(o->pattern);
	o->pattern = rt_strdup(name);
}

static struct rt_graph *example(void)
{
	return net(NET, &RT_SHAPE(8, 6, 6), 3);
}

static struct rt_weight weight_of(const struct rt_graph *g, const char *layer)
{
	struct rt_weight w = {.node = -1};

	for (int i = 0; i < g->nnodes; i++)
		if (strcmp(g->nodes[i].name, layer) == 0)
			assert_true(rt_weight_find(&w, g, i));
	assert_true(w.node >= 0);
	return w;
}

/* Of the blocks of w (O,I) that many are zero, the others have no zeros. */
static void check_blocks(const struct rt_graph *g, const char *name, int64_t O, int64_t I,
			 int64_t zero)
{
	const float *w = weights(g, name);
	int64_t gone = 0;

	for (int64_t o = 0; o < O; o += 16) {
		for (int64_t i = 0; i < I; i++) {
			int zeros = 0;

			for (int k = 0; k < 16; k++)
				zeros += w[(o + k) * I + i] == 0;
			assert_true(zeros == 0 || zeros == 16);
			gone += zeros == 16;
		}
	}
	assert_int_equal(gone, zero);
}

static void blocks_go_as_a_whole(void **state)
{
	struct rt_graph *g = example();
	struct rt_prune o = prune_opts(0.75);
	struct rt_rng rng = seeded(1);
	struct rt_prune_report r;
	struct rt_err err;

	(void)state;
	use_pattern(&o, "16x1");
	assert_ok(rt_prune_mask(g, &o, &rng, &r, &err));
	check_blocks(g, "conv1.weight", 32, 72, 108);
	check_blocks(g, "conv2.weight", 16, 32, 24);
	check_blocks(g, "dense1.weight", 32, 16, 24);
	assert_int_equal(rt_param_masked(param(g, "dense2.weight")), 0);
	assert_int_equal(r.n, 3);
	assert_int_equal(r.nleft, 1);
	assert_string_equal(r.left[0].name, "dense2");
	assert_string_equal(r.left[0].why, "10 outputs do not divide into groups of 16");
	rt_prune_report_release(&r);
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

/* The blocks that go are those of the least sum of |w|. */
static void small_blocks_go(void **state)
{
	struct rt_graph *g = net("dense 16", &RT_SHAPE(4), 1);
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_err err;
	float w[64];

	(void)state;
	/* sums: 4.15, 8, 1.6, 2.4; the largest weight does not save its input alone */
	for (int i = 0; i < 64; i++)
		w[i] = i == 0	    ? 4
		       : i % 4 == 0 ? 0.01f
		       : i % 4 == 1 ? -0.5f
				    : 0.05f * (float)(i % 4);
	set_values(g, "dense1.weight", 64, w);
	use_pattern(&o, "16x1");
	assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
	for (int i = 0; i < 64; i++)
		assert_true(weights(g, "dense1.weight")[i] == (i % 4 < 2 ? w[i] : 0));
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

static void scopes_share_blocks(void **state)
{
	struct rt_graph *g = example();
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_prune_report r;
	struct rt_err err;
	int64_t zero = 0, total = 0;

	(void)state;
	use_pattern(&o, "16x1");
	o.scope = RT_SCOPE_GLOBAL;
	assert_ok(rt_prune_mask(g, &o, &rng, &r, &err));
	for (int i = 0; i < r.n; i++) {
		zero += r.row[i].pruned;
		total += r.row[i].total;
		assert_int_equal(r.row[i].pruned % 16, 0);
	}
	assert_int_equal(zero, total / 2);
	rt_prune_report_release(&r);
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

/* Inputs lie along axis 1 of a convolution, with `behind` taps in between. */
static void check_groups(const struct rt_graph *g, const char *name, int64_t behind, int keep)
{
	const struct rt_tensor *t = &param(g, name)->data;
	const float *w = rt_tensor_data(t);

	for (int64_t n = 0; n < rt_tensor_count(t) / 4; n++) {
		const float *group = w + n / behind * 4 * behind + n % behind;
		int stay = 0;

		for (int k = 0; k < 4; k++)
			stay += group[k * behind] != 0;
		assert_int_equal(stay, keep);
	}
}

static void n_of_m_stay(void **state)
{
	(void)state;
	for (int keep = 1; keep <= 2; keep++) {
		struct rt_graph *g = example();
		struct rt_prune o = prune_opts(NAN);
		struct rt_rng rng = seeded(1);
		struct rt_err err;

		use_pattern(&o, keep == 1 ? "1:4" : "2:4");
		for (int twice = 0; twice < 2; twice++) {
			assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
			check_groups(g, "conv1.weight", 9, keep);
			check_groups(g, "conv2.weight", 1, keep);
			check_groups(g, "dense1.weight", 1, keep);
			check_groups(g, "dense2.weight", 1, keep);
		}
		rt_params_release(&rt_prune_row, &o);
		rt_graph_free(g);
	}
}

/* What a pattern leaves is recognized; single weights make none. */
static void patterns_are_found(void **state)
{
	static const char *const names[] = {"16x1", "1:4", "2:4", "free"};

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct rt_graph *g = example();
		struct rt_prune o = prune_opts(i == 0 || i == 3 ? 0.6 : NAN);
		struct rt_rng rng = seeded(1);
		const struct rt_pattern *found;
		struct rt_weight w;
		struct rt_err err;

		use_pattern(&o, names[i]);
		w = weight_of(g, "conv1");
		assert_null(rt_pattern_find(g, &w));
		assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
		w = weight_of(g, "conv1");
		found = rt_pattern_find(g, &w);
		if (i == 3)
			assert_null(found);
		else
			assert_string_equal(found->row.name, names[i]);
		rt_params_release(&rt_prune_row, &o);
		rt_graph_free(g);
	}
}

static void contradictions_are_told(void **state)
{
	struct rt_graph *g = example(), *was = rt_graph_clone(g);
	struct rt_graph *small = net("dense 10", &RT_SHAPE(5), 1);
	struct rt_prune o = prune_opts(0.3);
	struct rt_rng rng = seeded(1);
	struct rt_err err;

	(void)state;
	use_pattern(&o, "2:4");
	assert_fails(rt_prune_mask(g, &o, &rng, NULL, &err), RT_EINVAL,
		     "2:4 makes 50 % of the weights zero, -amount asks for 30 %");
	o.amount = NAN;
	assert_fails(rt_prune_channels(g, RT_PRUNE_REMOVE, &o, &rng, NULL, &err), RT_EINVAL,
		     "whole channels go");
	assert_fails(rt_prune_mask(small, &o, &rng, NULL, &err), RT_EINVAL,
		     "nothing to prune: dense1: 5 inputs do not divide into groups of 4");
	use_pattern(&o, "16x1");
	rt_strings_add(&o.layers, "dense*");
	assert_fails(rt_prune_mask(g, &o, &rng, NULL, &err), RT_EINVAL,
		     "dense2 has 10 outputs, which do not divide into groups of 16");
	use_pattern(&o, "16x");
	assert_fails(rt_prune_mask(g, &o, &rng, NULL, &err), RT_ENOTFOUND, "16x1");
	assert_true(same_bits(g, was));
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(small);
	rt_graph_free(was);
	rt_graph_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_go_as_a_whole),
		cmocka_unit_test(small_blocks_go),
		cmocka_unit_test(scopes_share_blocks),
		cmocka_unit_test(n_of_m_stay),
		cmocka_unit_test(patterns_are_found),
		cmocka_unit_test(contradictions_are_told),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
