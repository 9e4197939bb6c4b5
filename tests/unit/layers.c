/* layers.c - tests of the layer language. */
#include "config.h"

#include "base/mem.h"
#include "io/layers.h"
#include "unit.h"

static enum rt_status try_build(struct rt_graph **g, const char *text,
				const struct rt_shape *sample, uint64_t seed, struct rt_err *err)
{
	struct rt_rng rng;

	rt_rng_seed(&rng, seed);
	return rt_layers_build(g, text, sample, &rng, err);
}

static struct rt_graph *build(const char *text, const struct rt_shape *sample)
{
	struct rt_graph *g = NULL;
	struct rt_err err;

	if (try_build(&g, text, sample, 1, &err) != RT_OK)
		fail_msg("%s: %s", text, err.msg);
	assert_ok(rt_graph_check(g, &err));
	return g;
}

/* "dense1 relu1": the names of the nodes. */
static char *node_names(const struct rt_graph *g)
{
	struct rt_str text = {0};

	for (int i = 0; i < g->nnodes; i++)
		rt_str_addf(&text, "%s%s", i ? " " : "", g->nodes[i].name);
	return rt_str_take(&text);
}

static void assert_nodes(const char *text, const struct rt_shape *sample, const char *names,
			 const struct rt_shape *out)
{
	struct rt_graph *g = build(text, sample);
	char *got = node_names(g);

	assert_string_equal(got, names);
	assert_true(rt_shape_equal(&g->values[g->outputs[0]].shape, out));
	free(got);
	rt_graph_free(g);
}

static const struct rt_param *param(const struct rt_graph *g, const char *name)
{
	const struct rt_param *p = rt_graph_param(g, rt_graph_find_value(g, name));

	if (!p)
		fail_msg("no parameter %s", name);
	return p;
}

static int64_t count_trainable(const struct rt_graph *g)
{
	int64_t n = 0;

	for (int i = 0; i < g->nparams; i++)
		if (g->params[i].trainable)
			n += rt_tensor_count(&g->params[i].data);
	return n;
}

static void every_row_is_complete(void **state)
{
	struct rt_err err;

	(void)state;
	for (int i = 0; i < rt_layers.n; i++) {
		assert_ok(rt_row_check(rt_layers.rows[i], &err));
		assert_non_null(((const struct rt_layer *)rt_layers.rows[i])->build);
		assert_non_null(rt_layers.rows[i]->examples);
		assert_non_null(strstr(rt_layers.rows[i]->examples, rt_layers.rows[i]->name));
		if (i > 0)
			assert_true(strcmp(rt_layers.rows[i - 1]->name, rt_layers.rows[i]->name) <
				    0);
	}
}

static void layers_and_parameters_are_named_by_word_and_number(void **state)
{
	struct rt_graph *g;

	(void)state;
	assert_nodes("dense 30; relu; dense 10", &RT_SHAPE(1, 28, 28),
		     "flatten1 dense1 relu1 dense2", &RT_SHAPE(RT_BATCH, 10));
	assert_nodes("relu6 ; relu6; dense 2 -name head", &RT_SHAPE(3), "relu6_1 relu6_2 head",
		     &RT_SHAPE(RT_BATCH, 2));
	g = build("conv 4 3; bn; dense 3 -name head", &RT_SHAPE(2, 5, 5));
	assert_true(rt_shape_equal(&param(g, "conv1.weight")->data.shape, &RT_SHAPE(4, 2, 3, 3)));
	assert_true(rt_shape_equal(&param(g, "conv1.bias")->data.shape, &RT_SHAPE(4)));
	assert_true(rt_shape_equal(&param(g, "head.weight")->data.shape, &RT_SHAPE(3, 36)));
	assert_true(param(g, "bn1.weight")->trainable && param(g, "bn1.bias")->trainable);
	assert_false(param(g, "bn1.mean")->trainable || param(g, "bn1.var")->trainable);
	assert_int_equal(rt_graph_find_value(g, "input"), g->inputs[0]);
	rt_graph_free(g);
}

static void every_layer_gives_its_shape(void **state)
{
	static const struct {
		const char *text;
		struct rt_shape sample, out;
	} cases[] = {
		{"add 3", {1, {7}}, {2, {-1, 7}}},
		{"attention 2", {2, {5, 8}}, {3, {-1, 5, 8}}},
		{"attention 4 -causal yes -bias no", {2, {5, 8}}, {3, {-1, 5, 8}}},
		{"avgpool 2", {3, {3, 8, 8}}, {4, {-1, 3, 4, 4}}},
		{"block b {n {k 1}} {conv $n $k}; b 4; b 2 3; b 5 -k {3 1}",
		 {3, {3, 8, 8}},
		 {4, {-1, 5, 4, 6}}},
		{"branch {conv 3 1} {gap; sigmoid} -join mul", {3, {3, 8, 8}}, {4, {-1, 3, 8, 8}}},
		{"branch {} {slice 0 2 -axis 2} -axis -1", {2, {5, 7}}, {3, {-1, 5, 9}}},
		{"cast i64; embedding 9 4", {1, {3}}, {3, {-1, 3, 4}}},
		{"conv1d 6 3 -dilation 4", {2, {2, 9}}, {3, {-1, 6, 9}}},
		{"conv 6 3 -pad causal -stride 2", {2, {2, 9}}, {3, {-1, 6, 5}}},
		{"tap t; dense 3; from t; dense 4", {1, {7}}, {2, {-1, 4}}},
		{"lstm 6", {2, {5, 4}}, {2, {-1, 6}}},
		{"lstm 6 -sequence yes", {2, {5, 4}}, {3, {-1, 5, 6}}},
		{"gru 6 -bidirectional yes", {2, {5, 4}}, {2, {-1, 12}}},
		{"gru 6 -bidirectional yes -sequence yes", {2, {5, 4}}, {3, {-1, 5, 12}}},
		{"rnn 6", {2, {5, 4}}, {2, {-1, 6}}},
		{"graphconv 4 -edges {0 1 1 2}", {2, {3, 5}}, {3, {-1, 3, 4}}},
		{"input a; dense 2", {1, {7}}, {2, {-1, 2}}},
		{"input a {2 3}; flatten", {1, {7}}, {2, {-1, 6}}},
		{"l2norm", {2, {5, 7}}, {3, {-1, 5, 7}}},
		{"linear 9", {2, {5, 7}}, {3, {-1, 5, 9}}},
		{"linear 9 -bias no", {1, {7}}, {2, {-1, 9}}},
		{"mean", {2, {5, 7}}, {2, {-1, 7}}},
		{"mean -axis -1", {2, {5, 7}}, {2, {-1, 5}}},
		{"mul 0.5", {1, {7}}, {2, {-1, 7}}},
		{"dense 3; output a; dense 2", {1, {7}}, {2, {-1, 3}}},
		{"position", {2, {5, 7}}, {3, {-1, 5, 7}}},
		{"position 20", {2, {5, 7}}, {3, {-1, 5, 7}}},
		{"position -kind sine", {2, {5, 7}}, {3, {-1, 5, 7}}},
		{"se 2", {3, {8, 5, 5}}, {4, {-1, 8, 5, 5}}},
		{"se 2 -gate hard", {3, {8, 5, 5}}, {4, {-1, 8, 5, 5}}},
		{"select -1", {2, {5, 7}}, {2, {-1, 7}}},
		{"select 2 -axis 2", {2, {5, 7}}, {2, {-1, 5}}},
		{"shuffle 3", {3, {6, 4, 4}}, {4, {-1, 6, 4, 4}}},
		{"slice 1 4", {2, {5, 7}}, {3, {-1, 3, 7}}},
		{"sum -axis 2", {2, {5, 7}}, {2, {-1, 5}}},
		{"transpose", {3, {3, 4, 5}}, {4, {-1, 5, 4, 3}}},
		{"transpose {2 1 3}", {3, {3, 4, 5}}, {4, {-1, 4, 3, 5}}},
		{"embedding 9 4 -name e; linear 4; unembed e", {1, {3}}, {3, {-1, 3, 9}}},
		{"bn", {3, {3, 8, 8}}, {4, {-1, 3, 8, 8}}},
		{"branch {conv 2 1} {maxpool 3 -stride 1 -pad 1} {}",
		 {3, {3, 8, 8}},
		 {4, {-1, 8, 8, 8}}},
		{"branch {dense 4} {dense 4; tanh} -join add", {1, {6}}, {2, {-1, 4}}},
		{"conv 5 3 -stride 2 -pad 1", {3, {3, 8, 8}}, {4, {-1, 5, 4, 4}}},
		{"conv 5 {3 1} -pad {1 0}", {3, {3, 8, 8}}, {4, {-1, 5, 8, 8}}},
		{"conv 6 3 -pad same -stride 2 -groups 3", {3, {3, 7, 8}}, {4, {-1, 6, 4, 4}}},
		{"conv 5 3 -dilation 2", {3, {3, 8, 8}}, {4, {-1, 5, 4, 4}}},
		{"conv 5 3", {2, {2, 9}}, {3, {-1, 5, 7}}},
		{"dense 4", {1, {7}}, {2, {-1, 4}}},
		{"dropout 0.3", {1, {7}}, {2, {-1, 7}}},
		{"dwconv 3 -pad 1 -multiplier 2", {3, {3, 8, 8}}, {4, {-1, 6, 8, 8}}},
		{"embedding 100 16", {1, {12}}, {3, {-1, 12, 16}}},
		{"flatten", {3, {3, 8, 8}}, {2, {-1, 192}}},
		{"gap", {3, {3, 8, 8}}, {4, {-1, 3, 1, 1}}},
		{"gelu", {1, {7}}, {2, {-1, 7}}},
		{"hardswish", {1, {7}}, {2, {-1, 7}}},
		{"identity", {1, {7}}, {2, {-1, 7}}},
		{"leaky 0.2", {1, {7}}, {2, {-1, 7}}},
		{"ln", {2, {5, 7}}, {3, {-1, 5, 7}}},
		{"ln -axis 1", {2, {5, 7}}, {3, {-1, 5, 7}}},
		{"maxpool 3 -stride 2 -ceil yes", {3, {3, 8, 8}}, {4, {-1, 3, 4, 4}}},
		{"pad {1 2} -value 3", {3, {3, 8, 8}}, {4, {-1, 3, 10, 12}}},
		{"pad {1 2 3 4}", {3, {3, 8, 8}}, {4, {-1, 3, 12, 14}}},
		{"relu6", {1, {7}}, {2, {-1, 7}}},
		{"repeat 3 {dense 5; relu}", {1, {7}}, {2, {-1, 5}}},
		{"reshape 6 -1", {3, {3, 8, 8}}, {3, {-1, 6, 32}}},
		{"reshape {1 8 24}", {3, {3, 8, 8}}, {4, {-1, 1, 8, 24}}},
		{"residual {conv 3 3 -pad 1}", {3, {3, 8, 8}}, {4, {-1, 3, 8, 8}}},
		{"residual {conv 6 3 -pad 1 -stride 2}", {3, {3, 8, 8}}, {4, {-1, 6, 4, 4}}},
		{"residual {conv 6 3 -pad 1 -stride 3} -shortcut pad",
		 {3, {3, 8, 8}},
		 {4, {-1, 6, 3, 3}}},
		{"residual {dense 4}", {1, {7}}, {2, {-1, 4}}},
		{"sigmoid", {1, {7}}, {2, {-1, 7}}},
		{"softmax", {1, {7}}, {2, {-1, 7}}},
		{"tanh", {1, {7}}, {2, {-1, 7}}},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct rt_graph *g = build(cases[i].text, &cases[i].sample);
		char text[160];

		if (!rt_shape_equal(&g->values[g->outputs[0]].shape, &cases[i].out))
			fail_msg(
				"%s gives %s", cases[i].text,
				rt_shape_text(text, sizeof(text), &g->values[g->outputs[0]].shape));
		rt_graph_free(g);
	}
}

static void statements_end_at_semicolons_and_lines_and_comments_are_skipped(void **state)
{
	(void)state;
	assert_nodes("\n  # stem; { not a block\n dense 4 # units\n\n ; relu;; dense 2\n",
		     &RT_SHAPE(3), "dense1 relu1 dense2", &RT_SHAPE(RT_BATCH, 2));
	assert_nodes("residual {\n dense 3 # the {same} width\n # }\n relu\n}\ndense \\\n 2",
		     &RT_SHAPE(3), "dense1 relu1 add1 dense2", &RT_SHAPE(RT_BATCH, 2));
}

static void residual_adds_its_input(void **state)
{
	struct rt_graph *g =
		build("conv 4 1; residual {conv 4 3 -pad 1; bn; relu}", &RT_SHAPE(2, 6, 6));
	const struct rt_node *add = &g->nodes[rt_graph_find_node(g, "add1")];

	(void)state;
	assert_string_equal(g->values[add->in[0]].name, "relu1");
	assert_string_equal(g->values[add->in[1]].name, "conv1");
	rt_graph_free(g);

	g = build("residual {conv 4 3 -pad 1 -stride 2} -name sum", &RT_SHAPE(2, 6, 6));
	add = &g->nodes[rt_graph_find_node(g, "sum")];
	assert_string_equal(g->values[add->in[1]].name, "shortcut1.bn");
	assert_true(
		rt_shape_equal(&param(g, "shortcut1.weight")->data.shape, &RT_SHAPE(4, 2, 1, 1)));
	assert_int_equal(rt_graph_find_value(g, "shortcut1.bias"), -1);
	rt_graph_free(g);

	g = build("residual {conv 4 3 -pad 1 -stride 2} -shortcut pad", &RT_SHAPE(2, 6, 6));
	assert_int_equal(count_trainable(g), 4 * 2 * 9 + 4);
	rt_graph_free(g);

	g = build("residual {conv 2 3 -pad 1} -shortcut conv", &RT_SHAPE(2, 6, 6));
	assert_true(rt_graph_find_node(g, "shortcut1") >= 0);
	rt_graph_free(g);
}

static void weights_are_he_normal_and_follow_the_seed(void **state)
{
	struct rt_graph *a = build("dense 200; relu; dense 10", &RT_SHAPE(400)), *b, *c;
	const struct rt_tensor *w = &param(a, "dense1.weight")->data;
	double sum = 0, squares = 0, n = (double)rt_tensor_count(w);
	struct rt_err err;

	(void)state;
	for (int64_t i = 0; i < rt_tensor_count(w); i++) {
		sum += rt_tensor_get(w, i);
		squares += rt_tensor_get(w, i) * rt_tensor_get(w, i);
	}
	/* standard errors: sigma / sqrt(n) and sigma^2 sqrt(2 / n) with n = 80,000 */
	assert_true(fabs(sum / n) < 5 * sqrt(2.0 / 400 / n));
	assert_true(fabs(squares / n - 2.0 / 400) < 5 * 2.0 / 400 * sqrt(2 / n));
	for (int i = 0; i < 200; i++)
		assert_true(rt_tensor_get(&param(a, "dense1.bias")->data, i) == 0);

	b = build("dense 200; relu; dense 10", &RT_SHAPE(400));
	assert_int_equal(rt_graph_hash(a), rt_graph_hash(b));
	assert_ok(try_build(&c, "dense 200; relu; dense 10", &RT_SHAPE(400), 2, &err));
	assert_int_not_equal(rt_graph_hash(a), rt_graph_hash(c));
	rt_graph_free(c);

	/* a layer more does not change the weights of the others */
	c = build("dense 200; bn; relu; dense 10; relu; dense 3", &RT_SHAPE(400));
	assert_true(rt_tensor_equal(&param(c, "dense1.weight")->data, w));
	assert_true(rt_tensor_equal(&param(c, "dense2.weight")->data,
				    &param(a, "dense2.weight")->data));
	assert_int_not_equal(rt_tensor_get(&param(c, "dense3.weight")->data, 0) * 1e6,
			     rt_tensor_get(&param(c, "dense2.weight")->data, 0) * 1e6);
	rt_graph_free(a);
	rt_graph_free(b);
	rt_graph_free(c);
}

static void normalizations_start_neutral(void **state)
{
	struct rt_graph *g = build("bn; ln", &RT_SHAPE(3));
	static const struct {
		const char *name;
		double value;
	} part[] = {{"bn1.weight", 1}, {"bn1.bias", 0}, {"bn1.mean", 0}, {"bn1.var", 1},
		    {"ln1.weight", 1}, {"ln1.bias", 0}};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(part); i++)
		for (int k = 0; k < 3; k++)
			assert_true(rt_tensor_get(&param(g, part[i].name)->data, k) ==
				    part[i].value);
	rt_graph_free(g);
}

/* PyTorch's counts for the same networks: nn.Sequential of the layers, and the ResNet of He et al.
 * with 1x1 projections, sum of p.numel() (torch 2.13). */
static void known_networks_have_their_number_of_parameters(void **state)
{
	struct rt_graph *g = build("conv 20 5; relu; maxpool 2\nconv 50 5; relu; maxpool 2\n"
				   "dense 500; relu; dense 10", &RT_SHAPE(1, 28, 28));
	struct rt_str text = {0};

	(void)state;
	assert_int_equal(count_trainable(g), 431080);
	rt_graph_free(g);
	g = build("dense 300; relu; dense 100; relu; dense 10", &RT_SHAPE(1, 28, 28));
	assert_int_equal(count_trainable(g), 266610);
	rt_graph_free(g);

	rt_str_add(&text, "conv 16 3 -pad 1 -bias no; bn; relu\n");
	for (int stage = 0; stage < 3; stage++)
		for (int block = 0; block < 3; block++)
			rt_str_addf(&text,
				    "residual {conv %d 3 -stride %d -pad 1 -bias no; bn; relu\n"
				    "conv %d 3 -pad 1 -bias no; bn}; relu\n",
				    16 << stage, stage && !block ? 2 : 1, 16 << stage);
	rt_str_add(&text, "gap; dense 10");
	g = build(rt_str_text(&text), &RT_SHAPE(3, 32, 32));
	assert_int_equal(count_trainable(g), 272474);
	rt_graph_free(g);
	rt_str_release(&text);
}

static void mistakes_are_told_with_their_place(void **state)
{
	static const struct {
		const char *text;
		struct rt_shape sample;
		enum rt_status status;
		const char *words;
	} cases[] = {
		{"conv 16 9; dense 10",
		 {3, {1, 8, 8}},
		 RT_ESHAPE,
		 "layer 1 \"conv 16 9\": kernel 9x9 is larger than its input 8x8"},
		{"relu\nrelu\nconv 16 9 -pad 0",
		 {3, {1, 8, 8}},
		 RT_ESHAPE,
		 "line 3 of the layers, layer 3 \"conv 16 9 -pad 0\": "
		 "kernel 9x9 is larger than its input 8x8"},
		{"maxpool 9 -pad {0 1 0 0}",
		 {3, {1, 8, 8}},
		 RT_ESHAPE,
		 "kernel 9x9 is larger than its input 8x8, padded to 8x9"},
		{"relu; conf 16 3",
		 {3, {1, 8, 8}},
		 RT_ENOTFOUND,
		 "layer 2 \"conf 16 3\": no layer \"conf\"; did you mean \"conv\"?"},
		{"relu; residual {bn; nothing}",
		 {3, {1, 8, 8}},
		 RT_ENOTFOUND,
		 "layer 4 \"nothing\""},
		{"repeat 2 {relu; residual {conv 3 3}}\n",
		 {3, {1, 3, 3}},
		 RT_ESHAPE,
		 "layer 4 \"conv 3 3\": kernel 3x3 is larger than its input 1x1"},
		{"dense", {1, {3}}, RT_EINVAL, "layer 1 \"dense\": dense needs units"},
		{"dense many", {1, {3}}, RT_EINVAL, "layer 1 \"dense many\": units must be"},
		{"dense 0", {1, {3}}, RT_EINVAL, "units must be"},
		{"dense 3 4", {1, {3}}, RT_EINVAL, "does not know what to do with \"4\""},
		{"dense 3 -bais no", {1, {3}}, RT_EINVAL, "did you mean -bias?"},
		{"dense 3 -name a; dense 3 -name a",
		 {1, {3}},
		 RT_EEXISTS,
		 "the name \"a\" is taken"},
		{"conv 4 3 -groups 3",
		 {3, {3, 8, 8}},
		 RT_EINVAL,
		 "3 groups do not divide 3 channels of the "
		 "input and 4 of the output"},
		{"conv 4 {3 3 3}",
		 {3, {3, 8, 8}},
		 RT_EINVAL,
		 "kernel has 3 numbers, the input has 2 spatial"},
		{"conv 4 3 -pad some", {3, {3, 8, 8}}, RT_EINVAL, "-pad must be"},
		{"conv 4 3",
		 {1, {30}},
		 RT_ESHAPE,
		 "needs channels x height x width, its input is 30"},
		{"ln -axis 0", {1, {30}}, RT_ESHAPE, "-axis 0 is no dimension of a sample"},
		{"reshape 7 5", {1, {30}}, RT_ESHAPE, "layer 1 \"reshape 7 5\""},
		{"branch {dense 3} {dense 4} -join add",
		 {1, {5}},
		 RT_ESHAPE,
		 "cannot add \"dense1\" Nx3 and \"dense2\" Nx4   (try: -pad same"},
		{"branch {dense 3}", {1, {5}}, RT_EINVAL, "two or more groups"},
		{"residual {conv 4 3} -shortcut identity",
		 {3, {3, 8, 8}},
		 RT_ESHAPE,
		 "cannot add \"conv1\" Nx4x6x6 and \"input\" Nx3x8x8   (try: "},
		{"residual {conv 4 3}",
		 {3, {3, 8, 8}},
		 RT_ESHAPE,
		 "no shortcut leads from \"input\" Nx3x8x8 to \"conv1\" Nx4x6x6   (try: -pad same"},
		{"residual {conv 2 1} -shortcut pad", {3, {3, 8, 8}}, RT_ESHAPE, "3 channels to 2"},
		{"residual dense", {1, {5}}, RT_EINVAL, "must be in braces"},
		{"repeat 2 relu", {1, {5}}, RT_EINVAL, "must be in braces"},
		{"repeat 1000 {repeat 1000 {relu}}", {1, {5}}, RT_EINVAL, "more than 5000 layers"},
		{"", {1, {5}}, RT_EINVAL, "no layers"},
		{" ; # nothing", {1, {5}}, RT_EINVAL, "no layers"},
		{"relu\nresidual {\n relu", {1, {5}}, RT_EINVAL,
		 "line 2 of the layers: \"{\" is never closed"},
		{"relu }", {1, {5}}, RT_EINVAL, "line 1 of the layers: \"}\" without \"{\""},
		{"residual {relu}x", {1, {5}}, RT_EINVAL, "after \"}\""},
		{"{relu}", {1, {5}}, RT_EINVAL, "a layer's name is expected"},
		{"dropout 1", {1, {5}}, RT_EINVAL, "ratio must be"},
		{"dense 3; from nowhere", {1, {5}}, RT_ENOTFOUND, "no layer \"nowhere\" before"},
		{"dense 3; from dens1", {1, {5}}, RT_ENOTFOUND, "did you mean \"dense1\"?"},
		{"dense 3; tap a; relu; tap a", {1, {5}}, RT_EEXISTS, "the name \"a\" is taken"},
		{"dense 3; output; output", {1, {5}}, RT_EEXISTS, "is an output already"},
		{"input a; input a", {1, {5}}, RT_EEXISTS, "the name \"a\" is taken"},
		{"dense 3; dense 3 -share dense1",
		 {1, {5}},
		 RT_ESHAPE,
		 "\"dense1.weight\" is 3x5, weights of 3x3 are needed"},
		{"dense 3 -share x", {1, {5}}, RT_ENOTFOUND, "has the weights \"x.weight\""},
		{"block b {n} {conv $n 1}\nb", {3, {3, 4, 4}}, RT_EINVAL,
		 "line 2 of the layers, layer 2 \"b\": block b needs n   (usage: b N)"},
		{"block b {n} {\nbn; conv $n 9}\nb 4", {3, {3, 4, 4}}, RT_ESHAPE,
		 "line 2 of the layers, block b, layer 2 \"conv 4 9\": "
		 "kernel 9x9 is larger than its input 4x4"},
		{"block b {n} {conv $n 1}; b 2 3", {3, {3, 4, 4}}, RT_EINVAL,
		 "block b takes 1 parameter, got \"3\"   (usage: b N)"},
		{"block b {n} {conv $n 1}; b 2 -m 3", {3, {3, 4, 4}}, RT_EINVAL,
		 "block b has no parameter \"m\"   (it has: n)"},
		{"block b {n} {conv $m 1}; b 2", {3, {3, 4, 4}}, RT_EINVAL,
		 "block b has no parameter \"m\""},
		{"block b {{n 3}} {conv $n 1}; b 2 -n", {3, {3, 4, 4}}, RT_EINVAL,
		 "-n needs a value"},
		{"block b {{n 1 2}} {conv $n 1}", {3, {3, 4, 4}}, RT_EINVAL,
		 "a parameter is a name, or {name default}, got \"n 1 2\""},
		{"block b n relu", {1, {5}}, RT_EINVAL, "must be in braces"},
		{"block relu {} {tanh}", {1, {5}}, RT_EEXISTS, "the name \"relu\" is taken"},
		{"block b {} {tanh; b}; b", {1, {5}}, RT_EINVAL, "deep in each other"},
		{"attention 3", {2, {5, 8}}, RT_ESHAPE,
		 "3 heads do not divide 8 features   (try: 2, or"},
		{"lstm 3", {1, {8}}, RT_ESHAPE, "needs places x features, its input is Nx8"},
		{"attention 2", {1, {8}}, RT_ESHAPE, "needs places x features, its input is Nx8"},
		{"select 5", {2, {5, 8}}, RT_ESHAPE, "index 5 is outside the 5 of dimension 1"},
		{"slice 2 9", {2, {5, 8}}, RT_ESHAPE, "2 to 9 is no part of the 5 of dimension 1"},
		{"shuffle 4", {3, {6, 4, 4}}, RT_ESHAPE,
		 "4 groups do not divide 6 channels   (try: 3)"},
		{"conv 8 3 -groups 3", {3, {4, 8, 8}}, RT_EINVAL,
		 "3 groups do not divide 4 channels of the input and 8 of the output   (try: "
		 "-groups 2)"},
		{"conv 8 {3 5 7}", {3, {4, 8, 8}}, RT_EINVAL,
		 "kernel has 3 numbers, the input has 2 spatial dimensions   (try: 3 for all of"},
		{"transpose {1 2}", {1, {5}}, RT_ESHAPE, "order has 2 numbers, a sample has 1"},
		{"conv1d 3 3", {1, {5}}, RT_ESHAPE, "needs channels x places, its input is Nx5"},
		{"conv 3 3 -pad causal", {3, {3, 4, 4}}, RT_EINVAL, "-pad causal is for sequences"},
		{"graphconv 3 -edges {0 1 5 2}", {2, {3, 4}}, RT_EINVAL,
		 "names node 5, there are 3"},
		{"graphconv 3 -edges {0 1 2}", {2, {3, 4}}, RT_EINVAL, "they come in pairs"},
		{"position 3", {2, {5, 8}}, RT_ESHAPE, "a table of 3 places for a sequence of 5"},
		{"embedding 9 4; linear 3; unembed embedding1", {1, {3}}, RT_ESHAPE,
		 "the table of \"embedding1\" is 9x4, its input Nx3x3"},
		{"branch {} {maxpool 2}", {3, {3, 4, 4}}, RT_ESHAPE,
		 "cannot put \"input\" Nx3x4x4 and \"maxpool1\" Nx3x2x2 side by side   (try: "},
		{"branch {dense 2} {dense 3} -join mul", {1, {5}}, RT_ESHAPE,
		 "cannot multiply \"dense1\" Nx2 and \"dense2\" Nx3"},
		{"dense 3\nresidual {\n\tdense 4; # wider\n\n\trelu\n} -shortcut identity",
		 {1, {5}}, RT_ESHAPE,
		 "line 2 of the layers, layer 2 \"residual {dense 4; relu} -shortcut identity\": "
		 "cannot add "
		 "\"relu1\" Nx4 and \"dense1\" Nx3"},
		{"dense 3 relu", {1, {5}}, RT_EINVAL, "separated by ; or new lines"},
		{"dense 3, relu", {1, {5}}, RT_EINVAL, "separated by ; or new lines"},
		{"dense(3)", {1, {5}}, RT_ENOTFOUND, "no layer \"dense(3)\"; what a layer needs"},
		{"input a\ninput b\ndense 3", {1, {5}}, RT_EINVAL,
		 "line 1 of the layers: input \"a\" leads to no output   (join"},
		{"input a {3 8 8}; tap x; input b {5}; dense 3; tap y\nbranch {from x} {from y}",
		 {1, {5}}, RT_ESHAPE,
		 "line 2 of the layers, layer 6 \"branch {from x} {from y}\": "
		 "cannot put \"x\" Nx3x8x8 and "
		 "\"y\" Nx3 side by side"},
		{"conv 4 3 -name a; conv 4 5 -share a", {3, {4, 8, 8}}, RT_ESHAPE,
		 "\"a.weight\" is 4x4x3x3, weights of 4x4x5x5 are needed   (layers that share"},
		{"lstm 4", {3, {3, 8, 8}}, RT_ESHAPE,
		 "needs places x features, its input is Nx3x8x8   (try: reshape PLACES FEATURES"},
		{"dense 4; conv 3 3", {1, {5}}, RT_ESHAPE, "   (try: before flatten and dense"},
		{"relu; embedding 5 3", {1, {5}}, RT_ESHAPE, "layer 2 \"embedding 5 3\""},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct rt_graph *g = NULL;
		struct rt_err err = {0};
		enum rt_status got = try_build(&g, cases[i].text, &cases[i].sample, 1, &err);

		if (got != cases[i].status || !strstr(err.msg, cases[i].words))
			fail_msg("\"%s\": status %d, \"%s\"; wanted %d with \"%s\"", cases[i].text,
				 got, err.msg, cases[i].status, cases[i].words);
		assert_null(strchr(err.msg, '\n'));
	}
}

static void shared_weights_are_one_parameter(void **state)
{
	struct rt_graph *g = build("linear 4 -name a; linear 4 -share a; attention 2 -name t\n"
				   "attention 2 -share t; ln -name n; ln -share n; unembed a",
				   &RT_SHAPE(3, 4));
	const struct rt_node *a = &g->nodes[rt_graph_find_node(g, "a.product")];
	const struct rt_node *b = &g->nodes[rt_graph_find_node(g, "linear1.product")];

	(void)state;
	assert_int_equal(a->in[1], b->in[1]);
	assert_int_equal(count_trainable(g), (16 + 4) + 4 * (16 + 4) + 8);
	rt_graph_free(g);
}

static void inputs_outputs_and_taps_have_their_names(void **state)
{
	struct rt_graph *g = build("input image; conv 4 3; tap stem; relu; output early\n"
				   "input words 6 -type i64; embedding 9 4; mean; tap meaning\n"
				   "branch {from stem; gap; flatten} {} -join add -name sum\n"
				   "dense 3; output", &RT_SHAPE(3, 8, 8));

	(void)state;
	assert_int_equal(g->ninputs, 2);
	assert_string_equal(g->values[g->inputs[1]].name, "words");
	assert_int_equal(g->values[g->inputs[1]].dtype, RT_I64);
	assert_true(rt_shape_equal(&g->values[g->inputs[1]].shape, &RT_SHAPE(RT_BATCH, 6)));
	assert_int_equal(g->noutputs, 2);
	assert_string_equal(g->values[g->outputs[0]].name, "early");
	assert_string_equal(g->values[g->outputs[1]].name, "dense1");
	assert_true(rt_graph_find_value(g, "stem") >= 0 && rt_graph_find_value(g, "meaning") >= 0);
	rt_graph_free(g);

	/* what leads to no output is gone */
	g = build("dense 3; output; dense 9; relu", &RT_SHAPE(5));
	assert_int_equal(g->nnodes, 1);
	assert_int_equal(g->nparams, 2);
	rt_graph_free(g);
}

static void blocks_take_parameters_by_place_and_by_name(void **state)
{
	(void)state;
	assert_nodes("block two {a {b 3} {body {relu; tanh}}} {\n"
		     "dense $a -name first; $body; dense ${b}\n}\n"
		     "two 4; two -b 2 5 -body sigmoid; two 6 7 {residual {relu; bn}}",
		     &RT_SHAPE(5),
		     "first relu1 tanh1 dense1 first_2 sigmoid1 dense2 first_3 relu2 bn1 add1 "
		     "dense3",
		     &RT_SHAPE(RT_BATCH, 7));
}

/* Without random numbers there is nothing but shapes: for counting. */
static void weights_may_stay_zero(void **state)
{
	struct rt_graph *g = NULL;
	struct rt_err err;

	(void)state;
	assert_ok(rt_layers_build(&g, "dense 3; bn; dropout 0.25", &RT_SHAPE(5), NULL, &err));
	for (int i = 0; i < 15; i++)
		assert_true(rt_tensor_get(&param(g, "dense1.weight")->data, i) == 0);
	assert_true(rt_tensor_get(&param(g, "dropout1.ratio")->data, 0) == 0.25);
	rt_graph_free(g);
}

/* Deep nesting ends in a line of text. */
static void nesting_has_a_limit(void **state)
{
	struct rt_str text = {0};
	struct rt_graph *g;
	struct rt_err err;

	(void)state;
	for (int i = 0; i < 5000; i++)
		rt_str_add(&text, "residual {");
	rt_str_add(&text, "relu");
	for (int i = 0; i < 5000; i++)
		rt_str_add(&text, "}");
	assert_fails(try_build(&g, text.text, &RT_SHAPE(3), 1, &err), RT_EINVAL,
		     "deep in each other");
	rt_str_release(&text);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_complete),
		cmocka_unit_test(layers_and_parameters_are_named_by_word_and_number),
		cmocka_unit_test(every_layer_gives_its_shape),
		cmocka_unit_test(statements_end_at_semicolons_and_lines_and_comments_are_skipped),
		cmocka_unit_test(residual_adds_its_input),
		cmocka_unit_test(weights_are_he_normal_and_follow_the_seed),
		cmocka_unit_test(normalizations_start_neutral),
		cmocka_unit_test(known_networks_have_their_number_of_parameters),
		cmocka_unit_test(mistakes_are_told_with_their_place),
		cmocka_unit_test(shared_weights_are_one_parameter),
		cmocka_unit_test(inputs_outputs_and_taps_have_their_names),
		cmocka_unit_test(blocks_take_parameters_by_place_and_by_name),
		cmocka_unit_test(weights_may_stay_zero),
		cmocka_unit_test(nesting_has_a_limit),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
