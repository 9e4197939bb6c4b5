/* compress.c - rows, masks, folding of batch normalizations, sizes. */
#include "config.h"

#include "nets.h"

#include "base/mem.h"
#include "compress/fold.h"
#include "compress/size.h"
#include "compress/weight.h"
#include "graph/attr.h"
#include "graph/mask.h"
#include "ops/ops.h"

#include <math.h>

/* --- rows --------------------------------------------------------------------------------- */

static void check_list(const struct rt_list *list)
{
	struct rt_err err;

	assert_true(list->n > 0);
	for (int i = 0; i < list->n; i++) {
		assert_ok(rt_row_check(list->rows[i], &err));
		for (int k = 0; k < i; k++)
			assert_true(strcmp(list->rows[k]->name, list->rows[i]->name) < 0);
	}
}

static void rows_are_complete(void **state)
{
	struct rt_err err;

	(void)state;
	check_list(&rt_scores);
	check_list(&rt_observers);
	for (int i = 0; i < rt_scores.n; i++)
		assert_non_null(((const struct rt_score *)rt_scores.rows[i])->weights);
	for (int i = 0; i < rt_observers.n; i++) {
		const struct rt_observer *o = (const struct rt_observer *)rt_observers.rows[i];

		assert_true(o->see && o->range && o->state_size > 0);
	}
	assert_ok(rt_row_check(&rt_prune_row, &err));
	assert_ok(rt_row_check(&rt_quantize_row, &err));
}

/* w (2,3,2) with channels along the middle axis, of which index 1 belongs to none. */
static void channels_score_their_norm(void **state)
{
	static const float w[] = {1, -2, 9, 9, 3, 4, -2, 4, 9, 9, 0, 0};
	struct rt_graph *g = rt_graph_new();
	struct rt_score_in in = {.g = g};
	struct rt_shape shape = RT_SHAPE(2, 3, 2);
	struct rt_tensor t;
	struct rt_err err;
	double score[2];
	void *to;

	(void)state;
	assert_ok(rt_tensor_new(&t, RT_F32, &shape, &err));
	assert_ok(rt_tensor_write(&to, &t, &err));
	memcpy(to, w, sizeof(w));
	in.weight = rt_graph_param(g, rt_graph_add_param(g, "w", &t, true));
	rt_score_channels(&rt_score_magnitude, &in, 1, (int[]){1, -1, 0}, 2, score);
	assert_true(score[0] == 7 && score[1] == 9);
	in.norm = RT_NORM_L2;
	rt_score_channels(&rt_score_magnitude, &in, 1, (int[]){1, -1, 0}, 2, score);
	assert_true(score[0] == 5 && score[1] == 5);
	rt_graph_free(g);
}

/* --- masks -------------------------------------------------------------------------------- */

static void masks_hold_zeros_without_touching_shared_tensors(void **state)
{
	struct rt_graph *g = net("dense 4", &RT_SHAPE(3), 1), *copy;
	struct rt_param *p = param(g, "dense1.weight");
	const void *storage = rt_tensor_storage_id(&p->data);
	unsigned char *mask;
	struct rt_err err;
	float before;

	(void)state;
	assert_ok(rt_param_mask(&mask, p, &err));
	assert_int_equal(rt_param_masked(p), 0);
	copy = rt_graph_clone(g);
	before = weights(g, "dense1.weight")[5];
	/* nothing masked: nothing is written, so the tensor stays shared */
	assert_ok(rt_graph_apply_masks(g, &err));
	assert_ptr_equal(rt_tensor_storage_id(&p->data), storage);
	assert_ok(rt_param_mask(&mask, p, &err));
	mask[5] = 0;
	assert_ok(rt_graph_apply_masks(g, &err));
	assert_int_equal(rt_param_masked(p), 1);
	assert_true(weights(g, "dense1.weight")[5] == 0);
	assert_true(before != 0 && weights(copy, "dense1.weight")[5] == before);
	assert_int_equal(rt_param_masked(param(copy, "dense1.weight")), 0);
	rt_graph_free(copy);
	rt_graph_free(g);
}

/* --- weights ------------------------------------------------------------------------------ */

static void weights_are_found_on_either_side(void **state)
{
	struct rt_graph *g = net("dense 4", &RT_SHAPE(3), 1);
	int w = rt_graph_find_value(g, "dense1.weight"), left[2] = {w, g->outputs[0]};
	int right[2] = {g->outputs[0], w}, both[2] = {w, w};
	struct rt_weight found;

	(void)state;
	assert_true(rt_weight_find(&found, g, rt_graph_find_node(g, "dense1")));
	assert_true(found.value == w && found.axis == 0 && found.input == 1);
	/* W x makes rows, x W columns */
	assert_true(rt_weight_find(&found, g,
				   rt_graph_add_node(g, &rt_op_MatMul, NULL, NULL, 2, left, 1)));
	assert_true(found.value == w && found.axis == 0 && found.input == 0);
	assert_true(rt_weight_find(&found, g,
				   rt_graph_add_node(g, &rt_op_MatMul, NULL, NULL, 2, right, 1)));
	assert_true(found.value == w && found.axis == 1 && found.input == 1);
	assert_false(rt_weight_find(&found, g,
				    rt_graph_add_node(g, &rt_op_MatMul, NULL, NULL, 2, both, 1)));
	rt_graph_free(g);
}

/* --- folding ------------------------------------------------------------------------------ */

static void check_fold_of(struct rt_graph *g, int folds)
{
	struct rt_graph *f = rt_graph_clone(g);
	const char *name = g->values[g->outputs[0]].name;
	struct rt_err err;
	int n;

	assert_ok(rt_fold_batchnorm(f, &n, &err));
	assert_int_equal(n, folds);
	assert_int_equal(f->nnodes, g->nnodes - folds);
	assert_ok(rt_graph_check(f, &err));
	assert_string_equal(f->values[f->outputs[0]].name, name);
	if (distance(g, f) > 1e-5)
		fail_msg("%s: outputs differ by %g", g->nodes[0].name, distance(g, f));
	rt_graph_free(f);
	rt_graph_free(g);
}

static void check_fold(const char *text, const struct rt_shape *sample, int folds)
{
	check_fold_of(net(text, sample, 3), folds);
}

static void folding_keeps_the_outputs(void **state)
{
	(void)state;
	check_fold("conv 4 3; bn; relu; conv 5 3 -bias no; bn", &RT_SHAPE(2, 9, 9), 2);
	check_fold("dwconv 3 -multiplier 2; bn; relu; conv 6 3 -groups 2; bn; gap; dense 3",
		   &RT_SHAPE(2, 9, 9), 2);
	check_fold("dense 7; bn; tanh; dense 3", &RT_SHAPE(5), 1);
	check_fold("residual {conv 3 3 -pad 1; bn}; bn; relu", &RT_SHAPE(3, 6, 6), 1);
	check_fold("bn; dense 3", &RT_SHAPE(5), 0);
}

/* A Gemm may scale its product and its bias. */
static void folding_heeds_alpha_and_beta(void **state)
{
	struct rt_graph *g = net("dense 7; bn; tanh; dense 3", &RT_SHAPE(5), 3);
	int node = rt_graph_find_node(g, "dense1");

	(void)state;
	rt_attr_set_real(&g->nodes[node], "alpha", 1.5);
	rt_attr_set_real(&g->nodes[node], "beta", -0.5);
	check_fold_of(g, 1);
}

/* A weight and a bias that another layer reads, too, stay as they are for that one. */
static void folding_leaves_shared_weights_alone(void **state)
{
	struct rt_graph *g = net("dense 6; bn; relu; dense 6; relu; dense 3", &RT_SHAPE(6), 3);

	(void)state;
	rt_graph_replace(g, rt_graph_find_value(g, "dense2.weight"),
			 rt_graph_find_value(g, "dense1.weight"));
	rt_graph_replace(g, rt_graph_find_value(g, "dense2.bias"),
			 rt_graph_find_value(g, "dense1.bias"));
	rt_graph_compact(g);
	check_fold_of(g, 1);
}

/* What a model says of sizes. */
static void sizes_count_bytes(void **state)
{
	struct rt_graph *g = net("dense 10", &RT_SHAPE(100), 1);
	struct rt_size s = rt_compress_size(g);
	struct rt_prune o = prune_opts(0.9);
	struct rt_rng rng;
	struct rt_err err;

	(void)state;
	rt_rng_seed(&rng, 1);
	assert_int_equal(s.elements, 1010);
	assert_int_equal(s.dense_f32, 4040);
	assert_int_equal(s.stored, 4040);
	assert_int_equal(s.sparse_estimate, 4040);
	assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
	s = rt_compress_size(g);
	/* 100 values with 2-byte columns, 11 row starts, and the bias as it is */
	assert_int_equal(s.stored, 4040);
	assert_int_equal(s.sparse_estimate, 100 * 6 + 11 * 4 + 40);
	rt_graph_free(g);
	g = net("dense 32", &RT_SHAPE(100), 1);
	free(o.pattern);
	o.pattern = rt_strdup("16x1");
	assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
	/* 20 of 200 blocks of 16 values with a number of 2 bytes each, 3 starts, and the bias */
	assert_int_equal(rt_compress_size(g).sparse_estimate, 20 * 66 + 3 * 4 + 128);
	rt_graph_free(g);
	g = net("dense 32", &RT_SHAPE(100), 1);
	free(o.pattern);
	o.pattern = rt_strdup("2:4");
	o.amount = NAN;
	assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
	/* half of the values with two bits each */
	assert_int_equal(rt_compress_size(g).sparse_estimate, 1600 * 4 + 400 + 128);
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(channels_score_their_norm),
		cmocka_unit_test(masks_hold_zeros_without_touching_shared_tensors),
		cmocka_unit_test(weights_are_found_on_either_side),
		cmocka_unit_test(folding_keeps_the_outputs),
		cmocka_unit_test(folding_heeds_alpha_and_beta),
		cmocka_unit_test(folding_leaves_shared_weights_alone),
		cmocka_unit_test(sizes_count_bytes),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
