/* channels.c - pruning whole channels: removing them equals masking them. */
#include "config.h"

#include "nets.h"

#include "base/mem.h"
#include "compress/groups.h"
#include "graph/mask.h"
#include "ops/ops.h"

static struct rt_node_cost cost_of(const struct rt_graph *g)
{
	struct rt_node_cost *each = rt_alloc((size_t)g->nnodes, sizeof(*each)), total;
	struct rt_err err;

	assert_ok(rt_graph_cost(g, each, &total, &err));
	free(each);
	return total;
}

/* Masking and removing the same channels give the same outputs; removing is cheaper. */
static void check_channels(struct rt_graph *g, const struct rt_prune *o)
{
	struct rt_graph *masked = rt_graph_clone(g), *removed = rt_graph_clone(g);
	struct rt_node_cost before = cost_of(g), after;
	struct rt_prune_report a, b;
	struct rt_rng rng = seeded(3);
	struct rt_err err;
	int64_t pruned = 0;

	assert_ok(rt_prune_channels(masked, RT_PRUNE_MASK, o, &rng, &a, &err));
	assert_ok(rt_prune_channels(removed, RT_PRUNE_REMOVE, o, &rng, &b, &err));
	assert_int_equal(a.n, b.n);
	assert_int_equal(a.reshaped.n, 0);
	for (int i = 0; i < a.n; i++) {
		assert_string_equal(a.row[i].name, b.row[i].name);
		assert_int_equal(a.row[i].pruned, b.row[i].pruned);
		assert_true(a.row[i].pruned < a.row[i].total);
		pruned += a.row[i].pruned;
	}
	assert_true(pruned > 0 && b.reshaped.n > 0);
	assert_ok(rt_graph_check(removed, &err));
	assert_ok(rt_graph_infer(removed, &err));
	if (distance(masked, removed) > 1e-5)
		fail_msg("outputs differ by %g", distance(masked, removed));
	assert_true(distance(g, masked) > 1e-4);
	after = cost_of(removed);
	assert_true(after.macs < before.macs);
	assert_true(after.params < before.params);
	assert_true(after.bytes < before.bytes);
	rt_prune_report_release(&a);
	rt_prune_report_release(&b);
	rt_graph_free(masked);
	rt_graph_free(removed);
}

/* Every score, scope, norm and a few amounts on one net. */
static void check_net(struct rt_graph *g)
{
	static const double amounts[] = {0.25, 0.5, 0.9};

	for (size_t i = 0; i < RT_COUNT(amounts); i++) {
		for (int scope = RT_SCOPE_LOCAL; scope <= RT_SCOPE_GLOBAL; scope++) {
			struct rt_prune o = prune_opts(amounts[i]);

			o.scope = scope;
			o.norm = scope ? RT_NORM_L2 : RT_NORM_L1;
			check_channels(g, &o);
			use_score(&o, "random");
			check_channels(g, &o);
			rt_params_release(&rt_prune_row, &o);
		}
	}
	rt_graph_free(g);
}

static void removing_equals_masking(void **state)
{
	static const struct {
		const char *text;
		int64_t sample[3];
	} nets[] = {
		{"conv 6 3 -pad 1; bn; relu; maxpool 2; conv 9 3; relu; "
		 "flatten; dense 11; tanh; dense 4", {2, 8, 8}},
		{"conv 8 3 -pad 1; bn; relu; "
		 "residual {conv 8 3 -pad 1; bn; relu; conv 8 3 -pad 1; bn}; relu; "
		 "residual {conv 12 3 -stride 2 -pad 1; bn; relu; conv 12 3 -pad 1; bn}; relu; "
		 "gap; dense 5", {3, 8, 8}},
		{"conv 7 3; bn; relu6; dwconv 3; bn; relu6; conv 9 1; hardswish; "
		 "dwconv 3 -multiplier 2; relu; gap; dense 3", {2, 9, 9}},
		{"branch {conv 5 3 -pad 1; relu} {conv 4 1; sigmoid} {conv 3 1}; bn; relu; "
		 "conv 6 3; gap; dense 4", {2, 7, 7}},
		{"conv 8 3; relu; conv 12 3 -groups 4; bn; leaky; conv 6 1 -groups 2; relu; "
		 "gap; dense 3", {1, 9, 9}},
		{"dense 13; gelu; dropout 0.3; dense 9; bn; sigmoid; dense 4; softmax", {10}},
		{"conv 6 3; relu; reshape 6 36; reshape 216; dense 9; relu; dense 3", {1, 8, 8}},
		{"conv 5 3; pad 1; branch {conv 6 3} {conv 6 1; avgpool 3 -stride 1} -join add; "
		 "relu; dense 3", {1, 8, 8}},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(nets); i++) {
		struct rt_shape sample =
			RT_SHAPE(nets[i].sample[0], nets[i].sample[1], nets[i].sample[2]);

		sample.rank = nets[i].sample[1] ? 3 : 1;
		check_net(net(nets[i].text, &sample, 11 + i));
	}
}

/* Filters 1 and 3 are the small ones. */
static void small_channels_go(void **state)
{
	static const float w[] = {3, 3, 0.1f, 0.2f, 2, 2, 0.3f, 0.1f};
	static const float after[] = {3, 3, 2, 2};
	struct rt_graph *g = net("dense 4; relu; dense 3", &RT_SHAPE(2), 1);
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_prune_report r;
	struct rt_err err;

	(void)state;
	set_values(g, "dense1.weight", 8, w);
	assert_ok(rt_prune_channels(g, RT_PRUNE_REMOVE, &o, &rng, &r, &err));
	assert_int_equal(r.n, 1);
	assert_string_equal(r.row[0].name, "dense1");
	assert_true(r.row[0].total == 4 && r.row[0].pruned == 2);
	assert_int_equal(r.reshaped.n, 3);
	assert_memory_equal(weights(g, "dense1.weight"), after, sizeof(after));
	assert_int_equal(param(g, "dense2.weight")->data.shape.dim[1], 2);
	assert_int_equal(param(g, "dense1.bias")->data.shape.dim[0], 2);
	rt_prune_report_release(&r);
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

/* Of two layers that are added up, the one with large weights has no larger say: channel 0 is a
 * little smaller there, channel 1 much smaller in the other. */
static void layers_of_a_group_count_alike(void **state)
{
	static const float large[] = {1000, 1001}, little[] = {0.1f, 0.01f};
	struct rt_graph *g =
		net("branch {dense 2} {dense 2} -join add; relu; dense 3", &RT_SHAPE(1), 1);
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_err err;

	(void)state;
	set_values(g, "dense1.weight", 2, large);
	set_values(g, "dense2.weight", 2, little);
	assert_ok(rt_prune_channels(g, RT_PRUNE_REMOVE, &o, &rng, NULL, &err));
	assert_true(weights(g, "dense1.weight")[0] == 1000);
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

/* Masks of single weights are cut along with the weights. */
static void masks_are_cut_with_their_weights(void **state)
{
	struct rt_graph *g = net("conv 8 3; relu; conv 8 3; gap; dense 3", &RT_SHAPE(1, 8, 8), 1);
	struct rt_prune o = prune_opts(0.4);
	struct rt_rng rng = seeded(1);
	struct rt_err err;

	(void)state;
	assert_ok(rt_prune_mask(g, &o, &rng, NULL, &err));
	o.amount = 0.5;
	assert_ok(rt_prune_channels(g, RT_PRUNE_REMOVE, &o, &rng, NULL, &err));
	for (int i = 0; i < g->nparams; i++) {
		const struct rt_param *p = &g->params[i];
		int64_t zeros = 0;

		if (!p->mask.storage)
			continue;
		assert_true(rt_shape_equal(&p->mask.shape, &p->data.shape));
		for (int64_t k = 0; k < rt_tensor_count(&p->data); k++)
			zeros += rt_tensor_get(&p->data, k) == 0;
		assert_int_equal(rt_param_masked(p), zeros);
		assert_true(zeros > 0);
	}
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

static void masked_channels_go_first(void **state)
{
	struct rt_graph *g = net("conv 8 3; relu; conv 8 3; gap; dense 3", &RT_SHAPE(1, 8, 8), 1);
	struct rt_graph *direct = rt_graph_clone(g);
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_prune_report r;
	struct rt_err err;

	(void)state;
	assert_ok(rt_prune_channels(g, RT_PRUNE_MASK, &o, &rng, &r, &err));
	assert_true(r.row[0].before == 0 && r.row[0].pruned == 4);
	rt_prune_report_release(&r);
	/* asking again for less brings nothing back */
	o.amount = 0.25;
	assert_ok(rt_prune_channels(g, RT_PRUNE_MASK, &o, &rng, &r, &err));
	assert_true(r.row[0].before == 4 && r.row[0].pruned == 4);
	rt_prune_report_release(&r);
	o.amount = 0.5;
	assert_ok(rt_prune_channels(g, RT_PRUNE_REMOVE, &o, &rng, &r, &err));
	assert_ok(rt_prune_channels(direct, RT_PRUNE_REMOVE, &o, &rng, NULL, &err));
	assert_true(r.row[0].before == 4 && r.row[0].pruned == 4);
	assert_true(distance(g, direct) == 0);
	rt_prune_report_release(&r);
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(direct);
	rt_graph_free(g);
}

static void limits_of_the_amount(void **state)
{
	struct rt_graph *g = net("conv 20 3; relu; conv 6 3; gap; dense 3", &RT_SHAPE(1, 8, 8), 1);
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_prune_report r;
	struct rt_err err;

	(void)state;
	/* 10 of 20 stay, rounded up to 16; 3 of 6 stay, and 16 are not there */
	o.multiple = 8;
	assert_ok(rt_prune_channels(g, RT_PRUNE_REMOVE, &o, &rng, &r, &err));
	assert_int_equal(r.row[0].pruned, 4);
	assert_int_equal(r.row[1].pruned, 0);
	rt_prune_report_release(&r);
	o.multiple = 1;
	o.amount = 1;
	for (o.scope = RT_SCOPE_LOCAL; o.scope <= RT_SCOPE_GLOBAL; o.scope++) {
		assert_ok(rt_prune_channels(g, RT_PRUNE_REMOVE, &o, &rng, NULL, &err));
		assert_int_equal(param(g, "conv1.weight")->data.shape.dim[0], 1);
		assert_int_equal(param(g, "conv2.weight")->data.shape.dim[0], 1);
	}
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

static void groups_couple_what_is_added(void **state)
{
	struct rt_graph *g =
		net("conv 8 3 -pad 1; bn; relu; residual {conv 6 3 -pad 1; relu; conv 8 3 -pad 1}; "
		    "gap; dense 5",
		    &RT_SHAPE(3, 8, 8), 1);
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_groups groups;
	struct rt_prune_report r;
	struct rt_err err;

	(void)state;
	assert_ok(rt_groups_init(&groups, g, &err));
	assert_int_equal(groups.n, 2);
	assert_string_equal(groups.group[0].name, "conv1 + conv3");
	assert_int_equal(groups.group[0].n, 8);
	assert_string_equal(groups.group[1].name, "conv2");
	rt_groups_release(&groups);
	/* one layer named: all that is coupled to it goes along, the rest stays */
	rt_strings_add(&o.layers, "conv3");
	assert_ok(rt_prune_channels(g, RT_PRUNE_REMOVE, &o, &rng, &r, &err));
	assert_int_equal(r.n, 1);
	assert_int_equal(param(g, "conv1.weight")->data.shape.dim[0], 4);
	assert_int_equal(param(g, "conv3.weight")->data.shape.dim[0], 4);
	assert_int_equal(param(g, "conv2.weight")->data.shape.dim[0], 6);
	assert_int_equal(param(g, "bn1.mean")->data.shape.dim[0], 4);
	rt_prune_report_release(&r);
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

static void what_cannot_go_is_said(void **state)
{
	struct rt_graph *out = net("conv 4 3; relu", &RT_SHAPE(1, 8, 8), 1);
	struct rt_graph *ln = net("dense 8; ln; dense 3", &RT_SHAPE(4), 1);
	struct rt_graph *in = net("residual {dense 4}; relu; dense 3", &RT_SHAPE(4), 1);
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_err err;

	(void)state;
	assert_fails(rt_prune_channels(out, RT_PRUNE_MASK, &o, &rng, NULL, &err), RT_EINVAL,
		     "those of \"conv1\" must stay: these are outputs of the model");
	assert_fails(rt_prune_channels(ln, RT_PRUNE_MASK, &o, &rng, NULL, &err), RT_EINVAL,
		     "a layer normalization couples all of them, at ln1");
	assert_fails(rt_prune_channels(in, RT_PRUNE_MASK, &o, &rng, NULL, &err), RT_EINVAL,
		     "these are inputs of the model");
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(out);
	rt_graph_free(ln);
	rt_graph_free(in);
}

/* --- graphs that the layer language cannot write -------------------------------------------- */

static int add(struct rt_graph *g, const char *op, const char *name, const char *attr,
	       const char *value, int nin, const int *in)
{
	const struct rt_op *row = rt_op_find(op);
	void *attrs = rt_alloc(1, row->row.params_size + 1);
	struct rt_err err;
	int node;

	rt_params_init(&row->row, attrs);
	if (attr)
		assert_ok(rt_opt_parse(rt_opt_find(&row->row, attr), attrs, value, &err));
	node = rt_graph_add_node(g, row, name, attrs, nin, in, 1);
	rt_params_release(&row->row, attrs);
	free(attrs);
	return g->nodes[node].out[0];
}

static int add_weight(struct rt_graph *g, const char *name, const struct rt_shape *shape,
		      uint64_t seed)
{
	struct rt_rng rng = seeded(seed);
	struct rt_tensor t;
	struct rt_err err;
	void *w;

	assert_ok(rt_tensor_new(&t, RT_F32, shape, &err));
	assert_ok(rt_tensor_write(&w, &t, &err));
	for (int64_t i = 0; i < rt_tensor_count(&t); i++)
		((float *)w)[i] = (float)rt_rng_normal(&rng);
	return rt_graph_add_param(g, name, &t, true);
}

static int add_shape(struct rt_graph *g, const char *name, int n, const int64_t *v)
{
	struct rt_shape shape = RT_SHAPE(n);
	struct rt_tensor t;
	struct rt_err err;
	void *w;

	assert_ok(rt_tensor_new(&t, RT_I64, &shape, &err));
	assert_ok(rt_tensor_write(&w, &t, &err));
	memcpy(w, v, (size_t)n * sizeof(*v));
	return rt_graph_add_param(g, name, &t, false);
}

static int matmul(struct rt_graph *g, const char *name, int x, int64_t k, int64_t n, uint64_t seed)
{
	int w = add_weight(g, name, &RT_SHAPE(k, n), seed);

	return add(g, "MatMul", name, NULL, NULL, 2, (int[]){x, w});
}

/* (N,T,8) -> (N,4,T,2): heads of width 2. */
static int heads(struct rt_graph *g, int x, int shape)
{
	int split = add(g, "Reshape", NULL, NULL, NULL, 2, (int[]){x, shape});

	return add(g, "Transpose", NULL, "perm", "0 2 1 3", 1, &split);
}

/* Attention over T = 5 places: whole heads can go, from q, k, v and the product at once. */
static struct rt_graph *attention(void)
{
	struct rt_graph *g = rt_graph_new();
	int x = rt_graph_add_input(g, "x", RT_F32, &RT_SHAPE(RT_BATCH, 5, 6));
	int split = add_shape(g, "split", 4, (int64_t[]){0, 5, 4, 2});
	int join = add_shape(g, "join", 3, (int64_t[]){-1, 5, 8});
	int q = heads(g, matmul(g, "q", x, 6, 8, 1), split);
	int k = heads(g, matmul(g, "k", x, 6, 8, 2), split);
	int v = heads(g, matmul(g, "v", x, 6, 8, 3), split);
	int turned = add(g, "Transpose", NULL, "perm", "0 1 3 2", 1, &k);
	int score = add(g, "MatMul", NULL, NULL, NULL, 2, (int[]){q, turned});
	int p = add(g, "Softmax", NULL, NULL, NULL, 1, &score);
	int y = add(g, "MatMul", NULL, NULL, NULL, 2, (int[]){p, v});
	int back = add(g, "Transpose", NULL, "perm", "0 2 1 3", 1, &y);
	int flat = add(g, "Reshape", NULL, NULL, NULL, 2, (int[]){back, join});
	struct rt_err err;

	rt_graph_add_output(g, matmul(g, "o", flat, 8, 6, 4));
	assert_ok(rt_graph_infer(g, &err));
	return g;
}

static void attention_loses_whole_heads(void **state)
{
	struct rt_graph *g = attention();
	struct rt_groups groups;
	struct rt_err err;

	(void)state;
	assert_ok(rt_groups_init(&groups, g, &err));
	assert_int_equal(groups.n, 1);
	assert_string_equal(groups.group[0].name, "q + k + v");
	assert_int_equal(groups.group[0].n, 4);
	rt_groups_release(&groups);
	check_net(g);
}

/* Squeeze and excitation: what is multiplied by a gate is coupled to it, and the mean over places
 * is not over channels; one weight shared by two layers stays one. */
static struct rt_graph *gated(void)
{
	struct rt_graph *g = rt_graph_new();
	int x = rt_graph_add_input(g, "x", RT_F32, &RT_SHAPE(RT_BATCH, 3, 6, 6));
	int w = add_weight(g, "conv.weight", &RT_SHAPE(8, 3, 3, 3), 1);
	int shared = add_weight(g, "shared.weight", &RT_SHAPE(8, 8, 1, 1), 2);
	int scale = add_weight(g, "scale", &RT_SHAPE(8, 1, 1), 3);
	int a = add(g, "Conv", "conv", NULL, NULL, 2, (int[]){x, w});
	int b = add(g, "Conv", "twin1", NULL, NULL, 2, (int[]){a, shared});
	int r = add(g, "Relu", NULL, NULL, NULL, 1, &b);
	int c = add(g, "Conv", "twin2", NULL, NULL, 2, (int[]){r, shared});
	int s = add(g, "Mul", NULL, NULL, NULL, 2, (int[]){c, scale});
	int mean = add(g, "ReduceMean", NULL, "axes", "2 3", 1, &s);
	int gate = add(g, "Sigmoid", NULL, NULL, NULL, 1, &mean);
	int y = add(g, "Mul", NULL, NULL, NULL, 2, (int[]){s, gate});
	int pool = add(g, "GlobalAveragePool", NULL, NULL, NULL, 1, &y);
	int flat = add(g, "Flatten", NULL, NULL, NULL, 1, &pool);
	struct rt_err err;

	rt_graph_add_output(g, matmul(g, "out", flat, 8, 3, 5));
	assert_ok(rt_graph_infer(g, &err));
	return g;
}

static void gates_and_shared_weights(void **state)
{
	struct rt_graph *g = gated();
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_err err;

	(void)state;
	check_net(rt_graph_clone(g));
	assert_ok(rt_prune_channels(g, RT_PRUNE_REMOVE, &o, &rng, NULL, &err));
	assert_int_equal(param(g, "shared.weight")->data.shape.dim[0], 4);
	assert_int_equal(param(g, "shared.weight")->data.shape.dim[1], 4);
	assert_int_equal(param(g, "scale")->data.shape.dim[0], 4);
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

/* Units go from both directions, from all gates and from what reads them; a state that a constant
 * starts does not matter, and the next layer's inputs follow. */
static void recurrent_layers_lose_units(void **state)
{
	static const char *const texts[] = {
		"lstm 8 -bidirectional yes -sequence yes; gru 6; dense 3",
		"gru 6 -bidirectional yes; dense 3",
		"lstm 8 -sequence yes; linear 4; select 0; dense 3",
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(texts); i++)
		check_net(net(texts[i], &RT_SHAPE(5, 4), 1));
}

/* As many channels as rows: the mean over channels must not be taken for one over places. */
static void means_over_channels_hold_them(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = rt_graph_add_input(g, "x", RT_F32, &RT_SHAPE(RT_BATCH, 2, 6, 6));
	int w = add_weight(g, "w", &RT_SHAPE(6, 2, 1, 1), 1);
	int y = add(g, "Conv", "conv", NULL, NULL, 2, (int[]){x, w});
	int node = rt_graph_add_node(g, &rt_op_ReduceMean, "mean", NULL, 1, &y, 1);
	const int64_t axis = 1;
	struct rt_prune o = prune_opts(0.5);
	struct rt_rng rng = seeded(1);
	struct rt_err err;

	(void)state;
	assert_ok(rt_opt_parse(rt_opt_find(&rt_op_ReduceMean.row, "keepdims"), g->nodes[node].attrs,
			       "0", &err));
	rt_ints_set((struct rt_ints *)((char *)g->nodes[node].attrs +
				       rt_opt_find(&rt_op_ReduceMean.row, "axes")->offset),
		    1, &axis);
	y = add(g, "Flatten", NULL, NULL, NULL, 1, g->nodes[node].out);
	rt_graph_add_output(g, matmul(g, "out", y, 36, 3, 2));
	assert_ok(rt_graph_infer(g, &err));
	assert_fails(rt_prune_channels(g, RT_PRUNE_MASK, &o, &rng, NULL, &err), RT_EINVAL,
		     "those of \"conv\" must stay: a mean is taken over them, at mean");
	rt_params_release(&rt_prune_row, &o);
	rt_graph_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(removing_equals_masking),
		cmocka_unit_test(small_channels_go),
		cmocka_unit_test(layers_of_a_group_count_alike),
		cmocka_unit_test(masks_are_cut_with_their_weights),
		cmocka_unit_test(masked_channels_go_first),
		cmocka_unit_test(limits_of_the_amount),
		cmocka_unit_test(groups_couple_what_is_added),
		cmocka_unit_test(what_cannot_go_is_said),
		cmocka_unit_test(attention_loses_whole_heads),
		cmocka_unit_test(gates_and_shared_weights),
		cmocka_unit_test(recurrent_layers_lose_units),
		cmocka_unit_test(means_over_channels_hold_them),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
