/* weights.c - tests of safetensors files, of weights apart from their models, and of dot files. */
#include "config.h"

#include "base/rng.h"
#include "graph/mask.h"
#include "io/layers.h"
#include "io/weights.h"
#include "temp.h"

static struct rt_graph *build(const char *text, const struct rt_shape *sample, uint64_t seed)
{
	struct rt_graph *g = NULL;
	struct rt_rng rng;
	struct rt_err err;

	rt_rng_seed(&rng, seed);
	assert_ok(rt_layers_build(&g, text, sample, &rng, &err));
	return g;
}

static const struct rt_tensor *weight(const struct rt_graph *g, const char *name)
{
	const struct rt_param *p = rt_graph_param(g, rt_graph_find_value(g, name));

	if (!p)
		fail_msg("no weight %s", name);
	return &p->data;
}

/* A list of words, borrowed from the literal. */
#define MAP(...)                                                                                   \
	((struct rt_strings){(int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)),        \
			     (char **)(uintptr_t)(const char *[]){__VA_ARGS__}})
static const struct rt_strings no_map;

/* Written by the Python package safetensors 0.8: save({'w': [[1,2,3],[4,5,6]] f4, 'h': [0.5] f2,
 * 'n': 7 i8, 'none': zeros((0,4)) f4}, metadata={'made "by"': 'x'}). */
static const char from_python[] =
	"\x08\x01\0\0\0\0\0\0"
	"{\"__metadata__\":{\"made \\\"by\\\"\":\"x\"},\"n\":{\"dtype\":\"I64\",\"shape\":[],"
	"\"data_offsets\":[0,8]},\"none\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[8,8]"
	"},"
	"\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[8,32]},"
	"\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[32,34]}}       "
	"\x07\0\0\0\0\0\0\0"
	"\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40\0\0\x80\x40\0\0\xa0\x40\0\0\xc0\x40"
	"\0\x38";

static void a_file_of_another_program_is_read(void **state)
{
	char *path = temp_bytes("python.safetensors", from_python, sizeof(from_python) - 1);
	struct rt_tensors t;
	struct rt_err err;

	(void)state;
	assert_ok(rt_safetensors_read(&t, path, &err));
	assert_int_equal(t.n, 4);
	assert_int_equal(rt_tensors_find(&t, "n")->data.shape.rank, 0);
	assert_int_equal(rt_tensor_get_int(&rt_tensors_find(&t, "n")->data, 0), 7);
	assert_true(rt_shape_equal(&rt_tensors_find(&t, "none")->data.shape, &RT_SHAPE(0, 4)));
	assert_true(rt_shape_equal(&rt_tensors_find(&t, "w")->data.shape, &RT_SHAPE(2, 3)));
	for (int i = 0; i < 6; i++)
		assert_true(rt_tensor_get(&rt_tensors_find(&t, "w")->data, i) == i + 1);
	assert_int_equal(rt_tensors_find(&t, "h")->data.dtype, RT_F16);
	assert_true(rt_tensor_get(&rt_tensors_find(&t, "h")->data, 0) == 0.5);
	rt_tensors_release(&t);
	free(path);
}

static void what_is_written_is_read_and_written_alike(void **state)
{
	char *a = temp_bytes("a.safetensors", from_python, sizeof(from_python) - 1);
	char *b = temp_path("b.safetensors"), *c = temp_path("c.safetensors");
	unsigned char *first, *second;
	size_t n, m;
	struct rt_tensors t, again;
	struct rt_err err;

	(void)state;
	assert_ok(rt_safetensors_read(&t, a, &err));
	free(t.v[0].name);
	t.v[0].name = rt_strdup("a \"quoted\"\\name\n");
	assert_ok(rt_safetensors_write(b, &t, &err));
	assert_ok(rt_safetensors_read(&again, b, &err));
	assert_int_equal(again.n, t.n);
	for (int i = 0; i < t.n; i++) {
		assert_string_equal(again.v[i].name, t.v[i].name);
		assert_true(rt_tensor_equal(&again.v[i].data, &t.v[i].data));
	}
	assert_ok(rt_safetensors_write(c, &again, &err));
	first = slurp(b, &n);
	second = slurp(c, &m);
	assert_int_equal(n, m);
	assert_memory_equal(first, second, n);
	/* the arrays begin at a multiple of 8 */
	assert_int_equal(first[0] % 8, 0);
	rt_tensors_release(&t);
	rt_tensors_release(&again);
	free(first);
	free(second);
	free(a);
	free(b);
	free(c);
}

/* A file with this header and 16 bytes behind it. */
static enum rt_status read_header(const char *header, struct rt_err *err)
{
	size_t n = strlen(header);
	char *bytes = rt_alloc(n + 24, 1), *path;
	struct rt_tensors t;
	enum rt_status status;

	bytes[0] = (char)(n & 0xff);
	bytes[1] = (char)(n >> 8);
	memcpy(bytes + 8, header, n);
	path = temp_bytes("x.safetensors", bytes, n + 24);
	status = rt_safetensors_read(&t, path, err);
	if (status == RT_OK)
		rt_tensors_release(&t);
	free(bytes);
	free(path);
	return status;
}

static void damaged_headers_are_told(void **state)
{
	static const struct {
		const char *header;
		enum rt_status status;
		const char *words;
	} cases[] = {
		{"{}", RT_OK, ""},
		{"[]", RT_EFORMAT, "byte 0 of the header: { is expected"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", RT_OK, ""},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16],\"more\":[{\"x\":"
		 "1}]}}",
		 RT_OK, ""},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,16]}}", RT_EFORMAT,
		 "array \"a\": its shape needs 20 bytes, it has 16"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[8],\"data_offsets\":[0,32]}}", RT_EFORMAT,
		 "array \"a\": bytes 0 to 32 of 16"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[16,0]}}", RT_EFORMAT,
		 "bytes 16 to 0 of 16"},
		{"{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}}",
		 RT_EUNSUPPORTED, "no element type F8_E4M3"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[4]}}", RT_EFORMAT,
		 "dtype, shape or data_offsets is missing"},
		{"{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
		 "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
		 RT_EFORMAT, "the name is there twice"},
		{"{\"a\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],"
		 "\"data_offsets\":[0,0]}}",
		 RT_EFORMAT, "its shape needs -1 bytes"},
		{"{\"a\":{\"dtype\":\"U8\",\"shape\":[99999999999999999999],\"data_offsets\":[0,0]}"
		 "}",
		 RT_EFORMAT, "a number of 63 bits is expected"},
		{"{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,0]}}", RT_EFORMAT,
		 "a number is expected"},
		{"{\"__metadata__\":[[[[[[[[[[1]]]]]]]]]]}", RT_EFORMAT, "less nesting"},
		{"{\"a\\q\":1}", RT_EFORMAT, "a text is expected"},
		{"{} x", RT_EFORMAT, "the end is expected"},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct rt_err err = {0};
		enum rt_status got = read_header(cases[i].header, &err);

		if (got != cases[i].status || !strstr(err.msg, cases[i].words))
			fail_msg("%s: status %d, \"%s\"; wanted %d with \"%s\"", cases[i].header,
				 got, err.msg, cases[i].status, cases[i].words);
	}
}

/* Every truncation, and many bytes changed: an answer, never a crash. */
static void damaged_files_give_errors(void **state)
{
	struct rt_rng rng;
	struct rt_tensors t;
	struct rt_err err;

	(void)state;
	for (size_t n = 0; n < sizeof(from_python) - 1; n++) {
		char *path = temp_bytes("cut.safetensors", from_python, n);

		assert_int_not_equal(rt_safetensors_read(&t, path, &err), RT_OK);
		free(path);
	}
	rt_rng_seed(&rng, 1);
	for (int i = 0; i < 2000; i++) {
		char bytes[sizeof(from_python)], *path;

		memcpy(bytes, from_python, sizeof(bytes));
		for (int k = 0; k < 1 + i % 3; k++)
			bytes[rt_rng_below(&rng, sizeof(bytes) - 1)] =
				(char)rt_rng_below(&rng, 256);
		path = temp_bytes("changed.safetensors", bytes, sizeof(bytes) - 1);
		if (rt_safetensors_read(&t, path, &err) == RT_OK)
			rt_tensors_release(&t);
		free(path);
	}
}

static void weights_leave_and_come_back(void **state)
{
	struct rt_graph *a = build("conv 4 3; bn; relu6; dense 3", &RT_SHAPE(1, 6, 6), 1);
	struct rt_graph *b = build("conv 4 3; bn; relu6; dense 3", &RT_SHAPE(1, 6, 6), 2);
	struct rt_tensors t;
	struct rt_err err;
	int taken;

	(void)state;
	assert_int_not_equal(rt_graph_hash(a), rt_graph_hash(b));
	assert_ok(rt_weights_take(&t, a, &no_map, &err));
	/* the bounds of relu6 are constants, no weights */
	assert_int_equal(t.n, 2 + 4 + 2);
	assert_ok(rt_weights_give(b, &t, &no_map, false, &taken, &err));
	assert_int_equal(taken, 8);
	assert_int_equal(rt_graph_hash(a), rt_graph_hash(b));
	rt_tensors_release(&t);
	rt_graph_free(a);
	rt_graph_free(b);
}

static void names_are_mapped_both_ways(void **state)
{
	struct rt_graph *g = build("dense 2 -name head", &RT_SHAPE(3), 1);
	struct rt_graph *h = build("dense 2 -name head", &RT_SHAPE(3), 2);
	const struct rt_strings map = MAP("fc.kernel", "head.weight^T", "fc.*", "head.*");
	const struct rt_tensor *kernel;
	struct rt_tensors t;
	struct rt_err err;

	(void)state;
	assert_ok(rt_weights_take(&t, g, &map, &err));
	assert_non_null(rt_tensors_find(&t, "fc.bias"));
	kernel = &rt_tensors_find(&t, "fc.kernel")->data;
	assert_true(rt_shape_equal(&kernel->shape, &RT_SHAPE(3, 2)));
	assert_true(rt_tensor_get(kernel, 1) == rt_tensor_get(weight(g, "head.weight"), 3));
	assert_fails(rt_weights_give(h, &t, &no_map, false, NULL, &err), RT_ENOTFOUND,
		     "no weights for 2 of the file's 2 arrays, the first is \"fc.kernel\"");
	assert_ok(rt_weights_give(h, &t, &map, false, NULL, &err));
	assert_int_equal(rt_graph_hash(g), rt_graph_hash(h));
	rt_tensors_release(&t);
	rt_graph_free(g);
	rt_graph_free(h);
}

static void what_does_not_fit_changes_nothing(void **state)
{
	struct rt_graph *g = build("dense 2; dense 2", &RT_SHAPE(2), 1);
	struct rt_graph *other = build("dense 2; dense 3", &RT_SHAPE(2), 2);
	uint64_t before = rt_graph_hash(g);
	struct rt_tensors t;
	struct rt_err err;
	int taken;

	(void)state;
	assert_ok(rt_weights_take(&t, other, &no_map, &err));
	assert_fails(rt_weights_give(g, &t, &no_map, true, &taken, &err), RT_ESHAPE,
		     "\"dense2.weight\" is 3x2 in the file and 2x2 in the model");
	assert_int_equal(rt_graph_hash(g), before);
	assert_fails(
		rt_weights_give(g, &t, &MAP("dense1.*", "dense1.*", "dense2.*"), true, NULL, &err),
		RT_EINVAL, "they come in pairs");
	assert_fails(rt_weights_give(g, &t, &MAP("a*", "b"), true, NULL, &err), RT_EINVAL,
		     "one * in each, or none");
	assert_fails(rt_weights_give(other, &t, &MAP("dense1.weight", "x", "dense1.bias", "x",
						      "dense2.weight", "dense2.weight"),
				     false, NULL, &err),
		     RT_ENOTFOUND, "no weights for 2 of the file's 4 arrays");
	assert_fails(rt_weights_give(g, &t, &MAP("dense1.bias", "dense1.bias^T"), true, NULL, &err),
		     RT_ESHAPE, "\"dense1.bias\" is 2, ^T is for matrices");
	rt_tensors_release(&t);
	assert_fails(rt_weights_take(&t, g, &MAP("x.bias", "dense1.bias", "x.bias", "dense2.bias"),
				     &err),
		     RT_EEXISTS, "two weights are mapped to \"x.bias\"");
	assert_int_equal(rt_graph_hash(g), before);

	/* two arrays for one weight */
	assert_ok(rt_weights_take(&t, g, &no_map, &err));
	assert_fails(rt_weights_give(g, &t, &MAP("dense2.*", "dense1.*"), true, NULL, &err),
		     RT_EEXISTS, "two arrays are mapped to \"dense1.weight\"");
	rt_tensors_release(&t);
	assert_int_equal(rt_graph_hash(g), before);

	/* part of a file, and a file for a part */
	assert_ok(rt_weights_take(&t, other, &MAP("gone.*", "dense2.*"), &err));
	assert_ok(rt_weights_give(g, &t, &no_map, true, &taken, &err));
	assert_int_equal(taken, 2);
	assert_true(rt_tensor_equal(weight(g, "dense1.weight"), weight(other, "dense1.weight")));
	rt_tensors_release(&t);
	t = (struct rt_tensors){0};
	assert_fails(rt_weights_give(g, &t, &no_map, false, NULL, &err), RT_ENOTFOUND,
		     "nothing for 4 of the model's weights, the first is \"dense1.weight\"");
	rt_graph_free(g);
	rt_graph_free(other);
}

static void masked_weights_stay_zero(void **state)
{
	struct rt_graph *g = build("dense 2", &RT_SHAPE(3), 1);
	struct rt_graph *h = build("dense 2", &RT_SHAPE(3), 2);
	struct rt_tensors t;
	unsigned char *mask;
	struct rt_err err;

	(void)state;
	assert_ok(rt_param_mask(&mask, rt_graph_param(g, rt_graph_find_value(g, "dense1.weight")),
				&err));
	mask[4] = 0;
	assert_ok(rt_weights_take(&t, h, &no_map, &err));
	assert_ok(rt_weights_give(g, &t, &no_map, false, NULL, &err));
	assert_true(rt_tensor_get(weight(g, "dense1.weight"), 4) == 0);
	assert_true(rt_tensor_get(weight(g, "dense1.weight"), 3) ==
		    rt_tensor_get(weight(h, "dense1.weight"), 3));
	rt_tensors_release(&t);
	rt_graph_free(g);
	rt_graph_free(h);
}

/* Half floats become floats; the graph keeps its type. */
static void float_types_are_converted(void **state)
{
	struct rt_graph *g = build("dense 1 -bias no", &RT_SHAPE(2), 1);
	const double values[] = {0.5, -3};
	struct rt_tensors t = {0};
	struct rt_tensor x;
	struct rt_err err;
	void *to;

	(void)state;
	assert_ok(rt_tensor_new(&x, RT_F16, &RT_SHAPE(1, 2), &err));
	assert_ok(rt_tensor_write(&to, &x, &err));
	rt_convert(to, RT_F16, values, RT_F64, 2);
	rt_tensors_add(&t, "dense1.weight", &x);
	assert_ok(rt_weights_give(g, &t, &no_map, false, NULL, &err));
	assert_int_equal(weight(g, "dense1.weight")->dtype, RT_F32);
	assert_true(rt_tensor_get(weight(g, "dense1.weight"), 1) == -3);
	rt_tensors_release(&t);
	rt_graph_free(g);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_of_another_program_is_read),
		cmocka_unit_test(what_is_written_is_read_and_written_alike),
		cmocka_unit_test(damaged_headers_are_told),
		cmocka_unit_test(damaged_files_give_errors),
		cmocka_unit_test(weights_leave_and_come_back),
		cmocka_unit_test(names_are_mapped_both_ways),
		cmocka_unit_test(what_does_not_fit_changes_nothing),
		cmocka_unit_test(masked_weights_stay_zero),
		cmocka_unit_test(float_types_are_converted),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
