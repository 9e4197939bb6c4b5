/* graph.c - graphs: building, shapes with a symbolic batch, editing, sharing, cost and hash. */
#include "config.h"

#include "unit.h"

#include "graph/attr.h"
#include "graph/mask.h"
#include "ops/ops.h"

static struct rt_err err;

/* --- building ----------------------------------------------------------------------------- */

static int add_input(struct rt_graph *g, const char *name, struct rt_shape shape)
{
	return rt_graph_add_input(g, name, RT_F32, &shape);
}

/* A parameter that counts 1, 2, 3 ... */
static int add_param(struct rt_graph *g, const char *name, struct rt_shape shape)
{
	struct rt_tensor t;
	void *w;

	assert_ok(rt_tensor_new(&t, RT_F32, &shape, &err));
	assert_ok(rt_tensor_write(&w, &t, &err));
	for (int64_t i = 0; i < rt_tensor_count(&t); i++)
		((float *)w)[i] = (float)(i + 1);
	return rt_graph_add_param(g, name, &t, true);
}

static int add_ints(struct rt_graph *g, const char *name, int n, const int64_t *v)
{
	struct rt_shape shape = RT_SHAPE(n);
	struct rt_tensor t;
	void *w;

	assert_ok(rt_tensor_new(&t, RT_I64, &shape, &err));
	assert_ok(rt_tensor_write(&w, &t, &err));
	memcpy(w, v, (size_t)n * sizeof(*v));
	return rt_graph_add_param(g, name, &t, false);
}

/* A node of one output; returns that value. */
static int add(struct rt_graph *g, const struct rt_op *op, const char *name, int nin, const int *in)
{
	int n = rt_graph_add_node(g, op, name, NULL, nin, in, 1);

	return g->nodes[n].out[0];
}

static int add1(struct rt_graph *g, const struct rt_op *op, const char *name, int in)
{
	return add(g, op, name, 1, &in);
}

static int add2(struct rt_graph *g, const struct rt_op *op, const char *name, int a, int b)
{
	return add(g, op, name, 2, (int[]){a, b});
}

/* x (N,3) -> first: MatMul by (3,4) -> act: Relu -> second: MatMul by (4,2). */
static struct rt_graph *two_layers(void)
{
	struct rt_graph *g = rt_graph_new();
	int x = add_input(g, "x", RT_SHAPE(RT_BATCH, 3));
	int w1 = add_param(g, "w1", RT_SHAPE(3, 4)), w2 = add_param(g, "w2", RT_SHAPE(4, 2));
	int h = add1(g, &rt_op_Relu, "act", add2(g, &rt_op_MatMul, "first", x, w1));

	rt_graph_add_output(g, add2(g, &rt_op_MatMul, "second", h, w2));
	return g;
}

static const char *shape_of(const struct rt_graph *g, const char *value)
{
	static char text[96];
	int v = rt_graph_find_value(g, value);

	assert_true(v >= 0);
	return rt_shape_text(text, sizeof(text), &g->values[v].shape);
}

static void names_are_made_unique(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = add_input(g, "x", RT_SHAPE(RT_BATCH, 2)), n;

	(void)state;
	assert_string_equal(g->values[add_input(g, "x", RT_SHAPE(RT_BATCH, 2))].name, "x_2");
	assert_string_equal(g->values[add_input(g, NULL, RT_SHAPE(RT_BATCH, 2))].name, "input");
	assert_string_equal(g->values[add_param(g, "x", RT_SHAPE(2))].name, "x_3");
	for (int i = 1; i <= 3; i++) {
		n = rt_graph_add_node(g, &rt_op_GlobalAveragePool, NULL, NULL, 1, &x, 1);
		assert_int_equal(g->nodes[n].name[strlen("globalaveragepool")], '0' + i);
	}
	n = rt_graph_add_node(g, &rt_op_Relu, "globalaveragepool1", NULL, 1, &x, 1);
	assert_string_equal(g->nodes[n].name, "globalaveragepool1_2");
	assert_string_equal(g->values[g->nodes[n].out[0]].name, "globalaveragepool1_2");
	rt_graph_rename_value(g, x, "x");
	assert_string_equal(g->values[x].name, "x");
	rt_graph_rename_value(g, x, "input");
	assert_string_equal(g->values[x].name, "input_2");
	rt_graph_free(g);
}

static void things_are_found_by_name(void **state)
{
	struct rt_graph *g = two_layers();
	int w1 = rt_graph_find_value(g, "w1");

	(void)state;
	assert_int_equal(rt_graph_find_value(g, "x"), 0);
	assert_int_equal(rt_graph_find_node(g, "act"), 1);
	assert_int_equal(rt_graph_find_value(g, "nobody"), -1);
	assert_int_equal(rt_graph_find_node(g, "nobody"), -1);
	assert_ptr_equal(rt_graph_param(g, w1), &g->params[0]);
	assert_null(rt_graph_param(g, 0));
	assert_null(rt_graph_param(g, -1));
	assert_int_equal(rt_graph_uses(g, w1), 1);
	assert_int_equal(rt_graph_uses(g, g->outputs[0]), 1);
	rt_graph_replace(g, w1, 0);
	assert_int_equal(rt_graph_uses(g, w1), 0);
	assert_int_equal(rt_graph_uses(g, 0), 2);
	rt_graph_free(g);
}

/* --- shapes ------------------------------------------------------------------------------- */

static void shapes_follow_a_symbolic_batch(void **state)
{
	struct rt_graph *g = two_layers();
	int h = rt_graph_find_value(g, "act");
	int merged = add2(g, &rt_op_Reshape, "halves", h, add_ints(g, "to", 2, (int64_t[]){-1, 2}));
	int pair[] = {merged, merged};

	(void)state;
	rt_graph_add_output(g, add(g, &rt_op_Concat, "both", 2, pair));
	rt_attr_set_int(&g->nodes[rt_graph_find_node(g, "both")], "axis", 0);
	assert_ok(rt_graph_infer(g, &err));
	assert_string_equal(shape_of(g, "first"), "Nx4");
	assert_string_equal(shape_of(g, "second"), "Nx2");
	assert_string_equal(shape_of(g, "halves"), "2Nx2");
	assert_string_equal(shape_of(g, "both"), "4Nx2");
	assert_string_equal(shape_of(g, "w1"), "3x4");
	rt_graph_free(g);
}

static void shapes_at_a_batch_are_concrete(void **state)
{
	struct rt_graph *g = two_layers();
	struct rt_shape other = RT_SHAPE(9, 3);
	struct rt_inferred inf;
	int out = g->outputs[0];

	(void)state;
	assert_ok(rt_graph_infer_at(&inf, g, 7, NULL, &err));
	assert_true(rt_shape_equal(&inf.value[out].shape, &RT_SHAPE(7, 2)));
	assert_int_equal(inf.n, g->nvalues);
	rt_inferred_release(&inf);
	assert_ok(rt_graph_infer_at(&inf, g, 1, &other, &err));
	assert_true(rt_shape_equal(&inf.value[out].shape, &RT_SHAPE(9, 2)));
	rt_inferred_release(&inf);
	rt_inferred_release(&inf);	/* harmless */
	rt_graph_free(g);
}

static void a_fixed_batch_stays(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = add_input(g, "x", RT_SHAPE(4, 3));

	(void)state;
	rt_graph_add_output(g, add1(g, &rt_op_Relu, "y", x));
	assert_ok(rt_graph_infer(g, &err));
	assert_string_equal(shape_of(g, "y"), "4x3");
	rt_graph_free(g);
}

/* Shape -> Gather -> Reshape, as exporters write it: known before anything runs. */
static void what_follows_from_shapes_is_computed(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = add_input(g, "x", RT_SHAPE(RT_BATCH, 2, 6)),
	    shape = add1(g, &rt_op_Shape, "shape", x), ints[2];
	struct rt_inferred inf;

	(void)state;
	ints[0] = add2(g, &rt_op_Gather, "size", shape, add_ints(g, "zero", 1, (int64_t[]){0}));
	ints[1] = add_ints(g, "rest", 1, (int64_t[]){12});
	add(g, &rt_op_Concat, "to", 2, ints);
	rt_attr_set_int(&g->nodes[rt_graph_find_node(g, "to")], "axis", 0);
	rt_graph_add_output(g, add2(g, &rt_op_Reshape, "flat", x, rt_graph_find_value(g, "to")));
	assert_ok(rt_graph_infer(g, &err));
	assert_string_equal(shape_of(g, "flat"), "Nx12");
	assert_ok(rt_graph_infer_at(&inf, g, 3, NULL, &err));
	assert_memory_equal(inf.value[rt_graph_find_value(g, "to")].data, ((int64_t[]){3, 12}), 16);
	assert_null(inf.value[rt_graph_find_value(g, "flat")].data);
	rt_inferred_release(&inf);
	rt_graph_free(g);
}

static void a_shape_that_does_not_fit_names_the_node(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = add_input(g, "x", RT_SHAPE(RT_BATCH, 3)), w = add_param(g, "w", RT_SHAPE(5, 4));
	struct rt_inferred inf;

	(void)state;
	rt_graph_add_output(g, add2(g, &rt_op_MatMul, "classify", x, w));
	assert_fails(rt_graph_infer(g, &err), RT_ESHAPE, "classify (MatMul): ");
	assert_non_null(strstr(err.msg, "3"));
	assert_non_null(strstr(err.msg, "5"));
	assert_fails(rt_graph_infer_at(&inf, g, 2, NULL, &err), RT_ESHAPE, "classify (MatMul): ");
	rt_graph_free(g);
}

/* --- editing ------------------------------------------------------------------------------ */

static void compacting_drops_what_leads_nowhere(void **state)
{
	struct rt_graph *g = two_layers();
	int dead = add2(g, &rt_op_Add, "dead", 0, add_param(g, "unused", RT_SHAPE(3)));

	(void)state;
	add1(g, &rt_op_Relu, "deader", dead);
	add_input(g, "second_input", RT_SHAPE(RT_BATCH, 1));
	rt_graph_replace(g, rt_graph_find_value(g, "act"), rt_graph_find_value(g, "first"));
	rt_graph_compact(g);
	assert_int_equal(g->nnodes, 2);
	assert_int_equal(g->nparams, 2);
	assert_int_equal(g->ninputs, 2);	/* inputs stay */
	assert_int_equal(g->nvalues, 6);
	assert_int_equal(rt_graph_find_node(g, "act"), -1);
	assert_int_equal(rt_graph_find_value(g, "unused"), -1);
	for (int i = 0; i < g->nvalues; i++) {
		const struct rt_value *v = &g->values[i];

		assert_true(v->producer < 0 || g->nodes[v->producer].out[0] == i);
		assert_true(v->param < 0 || g->params[v->param].value == i);
	}
	assert_ok(rt_graph_check(g, &err));
	assert_ok(rt_graph_infer(g, &err));
	assert_string_equal(shape_of(g, "second"), "Nx2");
	rt_graph_free(g);
}

static void sorting_puts_makers_before_users(void **state)
{
	struct rt_graph *g = two_layers();
	struct rt_node first = g->nodes[0];

	(void)state;
	g->nodes[0] = g->nodes[2];
	g->nodes[2] = first;
	assert_fails(rt_graph_check(g, &err), RT_EFORMAT,
		     "node \"second\" (MatMul): input \"act\" is made later");
	assert_ok(rt_graph_sort(g, &err));
	assert_ok(rt_graph_check(g, &err));
	assert_string_equal(g->nodes[0].name, "first");
	assert_string_equal(g->nodes[2].name, "second");
	assert_int_equal(g->values[rt_graph_find_value(g, "second")].producer, 2);
	rt_graph_free(g);
}

static void a_cycle_is_told_and_changes_nothing(void **state)
{
	struct rt_graph *g = two_layers();

	(void)state;
	g->nodes[0].in[0] = g->nodes[2].out[0];
	assert_fails(rt_graph_sort(g, &err), RT_EFORMAT, "takes part in a cycle");
	assert_int_equal(g->nnodes, 3);
	assert_string_equal(g->nodes[0].name, "first");
	rt_graph_free(g);
}

/* Each of these a damaged file could bring. */
static void unsound_graphs_are_found(void **state)
{
	struct rt_graph *g = two_layers();

	(void)state;
	assert_ok(rt_graph_check(g, &err));
	g->nodes[1].nin = 0;
	assert_fails(rt_graph_check(g, &err), RT_EFORMAT,
		     "node \"act\" (Relu): 0 inputs, the operator takes 1");
	g->nodes[1].nin = 1;
	g->nodes[1].in[0] = -1;
	assert_fails(rt_graph_check(g, &err), RT_EFORMAT, "input 0 is missing");
	g->nodes[1].in[0] = g->nvalues;
	assert_fails(rt_graph_check(g, &err), RT_EFORMAT, "input 0 is no value");
	g->nodes[1].in[0] = g->nodes[0].out[0];
	g->nodes[1].out[0] = g->nvalues;
	assert_fails(rt_graph_check(g, &err), RT_EFORMAT, "output 0 is no value");
	g->nodes[1].out[0] = rt_graph_find_value(g, "act");
	g->outputs[0] = -1;
	assert_fails(rt_graph_check(g, &err), RT_EFORMAT, "output 0 of the graph is no value");
	g->outputs[0] = rt_graph_find_value(g, "second");
	g->noutputs = 0;
	assert_fails(rt_graph_check(g, &err), RT_EFORMAT, "no output");
	g->noutputs = 1;
	assert_ok(rt_graph_check(g, &err));
	strcpy(g->values[1].name, "x");	/* was "w1" */
	assert_fails(rt_graph_check(g, &err), RT_EFORMAT, "two values are called \"x\"");
	strcpy(g->values[1].name, "w1");
	strcpy(g->nodes[2].name, "first");	/* was "second" */
	assert_fails(rt_graph_check(g, &err), RT_EFORMAT, "two nodes are called \"first\"");
	rt_graph_free(g);
}

/* --- sharing ------------------------------------------------------------------------------ */

static void a_clone_shares_tensors_until_one_is_written(void **state)
{
	struct rt_graph *g = two_layers(), *c;
	unsigned char *mask;
	void *w;

	(void)state;
	assert_ok(rt_param_mask(&mask, &g->params[1], &err));
	c = rt_graph_clone(g);
	for (int i = 0; i < g->nparams; i++)
		assert_ptr_equal(rt_tensor_storage_id(&c->params[i].data),
				 rt_tensor_storage_id(&g->params[i].data));
	assert_ptr_equal(rt_tensor_storage_id(&c->params[1].mask),
			 rt_tensor_storage_id(&g->params[1].mask));
	assert_ok(rt_tensor_write(&w, &c->params[0].data, &err));
	((float *)w)[0] = 99;
	assert_true(rt_tensor_get(&g->params[0].data, 0) == 1);
	assert_true(rt_tensor_get(&c->params[0].data, 0) == 99);
	assert_ptr_equal(rt_tensor_storage_id(&c->params[1].data),
			 rt_tensor_storage_id(&g->params[1].data));

	rt_graph_add_output(c, add1(c, &rt_op_Relu, NULL, c->outputs[0]));
	rt_graph_rename_value(c, 0, "picture");
	assert_int_equal(g->nnodes, 3);
	assert_int_equal(g->noutputs, 1);
	assert_string_equal(g->values[0].name, "x");
	rt_graph_free(g);
	assert_ok(rt_graph_infer(c, &err));	/* what was shared outlives the first owner */
	rt_graph_free(c);
}

/* --- cost --------------------------------------------------------------------------------- */

/* conv: 4 filters of 2x3x3 over 6x6 places; dense: 144 x 10. */
static void cost_counts_what_papers_count(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = add_input(g, "x", RT_SHAPE(RT_BATCH, 2, 8, 8)),
	    w = add_param(g, "w", RT_SHAPE(4, 2, 3, 3));
	int b = add_param(g, "b", RT_SHAPE(4)), d = add_param(g, "d", RT_SHAPE(144, 10)), conv,
	    flat;
	struct rt_node_cost cost[4], total;

	(void)state;
	conv = add(g, &rt_op_Conv, NULL, 3, (int[]){x, w, b});
	flat = add1(g, &rt_op_Flatten, NULL, add1(g, &rt_op_Relu, NULL, conv));
	rt_graph_add_output(g, add2(g, &rt_op_MatMul, NULL, flat, d));
	assert_ok(rt_graph_cost(g, cost, &total, &err));
	assert_int_equal(cost[0].macs, 4 * 2 * 9 * 36);
	assert_int_equal(cost[0].params, 72 + 4);
	assert_int_equal(cost[1].macs + cost[1].params + cost[2].macs, 0);
	assert_int_equal(cost[3].macs, 1440);
	assert_int_equal(total.macs, 4 * 2 * 9 * 36 + 1440);
	assert_int_equal(total.params, 76 + 1440);
	assert_int_equal(total.nonzero, 76 + 1440);
	assert_int_equal(total.bytes, 4 * (76 + 1440));
	rt_graph_free(g);
}

static void a_shared_parameter_counts_once_and_zeros_do_not(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = add_input(g, "x", RT_SHAPE(RT_BATCH, 3)), w = add_param(g, "w", RT_SHAPE(3, 3));
	struct rt_node_cost cost[2], total;
	void *v;

	(void)state;
	rt_graph_add_output(g, add2(g, &rt_op_MatMul, NULL, add2(g, &rt_op_MatMul, NULL, x, w), w));
	assert_ok(rt_tensor_write(&v, &g->params[0].data, &err));
	((float *)v)[4] = 0;
	assert_ok(rt_graph_cost(g, cost, &total, &err));
	assert_int_equal(cost[0].params, 9);
	assert_int_equal(cost[1].params, 0);
	assert_int_equal(total.nonzero, 8);
	assert_int_equal(total.macs, 18);
	g->params[0].trainable = false;	/* no weight, but still bytes */
	assert_ok(rt_graph_cost(g, cost, NULL, &err));
	assert_int_equal(cost[0].params, 0);
	assert_int_equal(cost[0].bytes, 36);
	rt_graph_free(g);
}

/* --- hash --------------------------------------------------------------------------------- */

static void the_hash_sees_structure_attributes_and_weights(void **state)
{
	struct rt_graph *g = two_layers(), *same = two_layers(), *c;
	uint64_t h = rt_graph_hash(g);
	void *w;

	(void)state;
	assert_int_equal(rt_graph_hash(same), h);
	rt_graph_rename_value(same, 0, "picture");
	assert_int_equal(rt_graph_hash(same), h);	/* names do not matter */

	c = rt_graph_clone(g);
	assert_int_equal(rt_graph_hash(c), h);
	assert_ok(rt_tensor_write(&w, &c->params[1].data, &err));
	((float *)w)[7] = -((float *)w)[7];
	assert_int_not_equal(rt_graph_hash(c), h);
	assert_int_equal(rt_graph_hash(g), h);
	rt_graph_free(c);

	c = rt_graph_clone(g);
	rt_graph_add_output(c, rt_graph_find_value(c, "act"));
	assert_int_not_equal(rt_graph_hash(c), h);
	rt_graph_free(c);

	c = rt_graph_clone(g);
	c->nodes[1].op = &rt_op_Tanh;
	assert_int_not_equal(rt_graph_hash(c), h);
	c->nodes[1].op = &rt_op_Relu;
	rt_graph_free(c);
	rt_graph_free(g);
	rt_graph_free(same);

	g = rt_graph_new();
	rt_graph_add_output(
		g, add1(g, &rt_op_Flatten, NULL, add_input(g, "x", RT_SHAPE(RT_BATCH, 2))));
	h = rt_graph_hash(g);
	rt_attr_set_int(&g->nodes[0], "axis", 0);
	assert_int_not_equal(rt_graph_hash(g), h);
	rt_graph_free(g);
}

/* --- attributes and masks ----------------------------------------------------------------- */

static void attributes_are_read_by_name(void **state)
{
	struct rt_graph *g = rt_graph_new();
	int x = add_input(g, "x", RT_SHAPE(RT_BATCH, 2, 5, 5));
	int y = add2(g, &rt_op_Conv, NULL, x, add_param(g, "w", RT_SHAPE(2, 1, 3, 3)));
	struct rt_node *conv = &g->nodes[g->values[y].producer];

	(void)state;
	assert_int_equal(rt_attr_int(conv, "group", 7), 1);
	assert_int_equal(rt_attr_int(conv, "nobody", 7), 7);
	rt_attr_set_int(conv, "group", 2);
	assert_int_equal(rt_attr_int(conv, "group", 7), 2);
	assert_int_equal(rt_attr_ints(conv, "pads").n, 0);
	assert_int_equal(rt_attr_ints(conv, "nobody").n, 0);
	assert_true(rt_attr_real(conv, "group", 0.5) == 0.5);	/* of another type */
	rt_graph_add_output(g, conv->out[0]);
	assert_ok(rt_graph_infer(g, &err));
	assert_string_equal(shape_of(g, "conv1"), "Nx2x3x3");
	rt_graph_free(g);
}

static void masked_weights_are_zeroed_once(void **state)
{
	struct rt_graph *g = two_layers(), *before;
	unsigned char *mask;
	const void *id;

	(void)state;
	assert_int_equal(rt_param_masked(&g->params[0]), 0);
	assert_ok(rt_param_mask(&mask, &g->params[0], &err));
	assert_int_equal(rt_param_masked(&g->params[0]), 0);
	mask[2] = mask[5] = 0;
	assert_int_equal(rt_param_masked(&g->params[0]), 2);
	before = rt_graph_clone(g);
	assert_ok(rt_graph_apply_masks(g, &err));
	assert_true(rt_tensor_get(&g->params[0].data, 2) == 0 &&
		    rt_tensor_get(&g->params[0].data, 5) == 0);
	assert_true(rt_tensor_get(&g->params[0].data, 3) == 4);
	assert_true(rt_tensor_get(&before->params[0].data, 2) == 3);
	rt_graph_free(before);
	before = rt_graph_clone(g);
	id = rt_tensor_storage_id(&g->params[0].data);
	assert_ok(rt_graph_apply_masks(g, &err));	/* nothing to do: still shared */
	assert_ptr_equal(rt_tensor_storage_id(&g->params[0].data), id);
	rt_graph_free(before);
	rt_graph_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_made_unique),
		cmocka_unit_test(things_are_found_by_name),
		cmocka_unit_test(shapes_follow_a_symbolic_batch),
		cmocka_unit_test(shapes_at_a_batch_are_concrete),
		cmocka_unit_test(a_fixed_batch_stays),
		cmocka_unit_test(what_follows_from_shapes_is_computed),
		cmocka_unit_test(a_shape_that_does_not_fit_names_the_node),
		cmocka_unit_test(compacting_drops_what_leads_nowhere),
		cmocka_unit_test(sorting_puts_makers_before_users),
		cmocka_unit_test(a_cycle_is_told_and_changes_nothing),
		cmocka_unit_test(unsound_graphs_are_found),
		cmocka_unit_test(a_clone_shares_tensors_until_one_is_written),
		cmocka_unit_test(cost_counts_what_papers_count),
		cmocka_unit_test(a_shared_parameter_counts_once_and_zeros_do_not),
		cmocka_unit_test(the_hash_sees_structure_attributes_and_weights),
		cmocka_unit_test(attributes_are_read_by_name),
		cmocka_unit_test(masked_weights_are_zeroed_once),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
