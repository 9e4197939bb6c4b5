/* compress.c - rows, masks, folding of batch normalizations, sizes. */
#include "config.h"

#include "nets.h"

#include "base/mem.h"
#include "compress/fold.h"
#include "compress/size.h"
#include "graph/mask.h"

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

/* --- folding ------------------------------------------------------------------------------ */

static void check_fold(const char *text, const struct rt_shape *sample, int folds)
{
	struct rt_graph *g = net(text, sample, 3), *f = rt_graph_clone(g);
	const char *name = g->values[g->outputs[0]].name;
	struct rt_err err;
	int n;

	assert_ok(rt_fold_batchnorm(f, &n, &err));
	assert_int_equal(n, folds);
	assert_int_equal(f->nnodes, g->nnodes - folds);
	assert_ok(rt_graph_check(f, &err));
	assert_string_equal(f->values[f->outputs[0]].name, name);
	if (distance(g, f) > 1e-5)
		fail_msg("%s: outputs differ by %g", text, distance(g, f));
	rt_graph_free(f);
	rt_graph_free(g);
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
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(masks_hold_zeros_without_touching_shared_tensors),
		cmocka_unit_test(folding_keeps_the_outputs),
		cmocka_unit_test(sizes_count_bytes),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
