/* onnx_bad.c - ONNX files and models that are refused, each with the line that says why. */
#include "config.h"

#include "unit.h"

#include "base/mem.h"
#include "io/model.h"
#include "ops/ops.h"

static const struct {
	const char *file;
	enum rt_status status;
	const char *words;
} bad[] = {
	{"attribute_missing", RT_EFORMAT, "node \"c\" (Concat): attribute \"axis\" is missing"},
	{"attribute_tensor", RT_EUNSUPPORTED,
	 "node \"k\" (Constant): attribute \"value_string\" is STRING"},
	{"attribute_type", RT_EFORMAT,
	 "node \"g\" (Gemm): attribute \"transB\" is STRING, must be INT"},
	{"blocks_computed", RT_EUNSUPPORTED,
	 "node \"d\" (DequantizeLinear): attribute \"block_size\": blocks are read for weights"},
	{"deep", RT_EFORMAT, "too deep"},
	{"empty", RT_EFORMAT, "empty.onnx: is empty"},
	{"external_above", RT_EUNSUPPORTED,
	 "tensor \"w\": external data \"../external.bin\" lies outside"},
	{"external_absolute", RT_EUNSUPPORTED, "external data \"/etc/hostname\" lies outside"},
	{"external_lost", RT_ENOTFOUND, "nowhere.bin"},
	{"foreign_domain", RT_EUNSUPPORTED,
	 "node \"g\" (com.acme.Gemm): retort has no operator com.acme.Gemm"},
	{"four_bit_add", RT_EUNSUPPORTED,
	 "node \"a\" (Add): input \"w\" has 4-bit numbers"},
	{"huge_tensor", RT_EFORMAT, "tensor \"w\": dimension 0 is 1099511627776"},
	{"ir2", RT_EUNSUPPORTED, "IR version 2, retort reads 3 to 10"},
	{"ir99", RT_EUNSUPPORTED, "IR version 99"},
	{"later_input", RT_EFORMAT, "node \"a\" (Relu): input \"r\""},
	{"lost_function", RT_EUNSUPPORTED,
	 "node \"g\" (retort.Gelu): the file lacks the function retort.Gelu"},
	{"missing_input", RT_EFORMAT, "node \"g\" (Gemm): input \"nowhere\""},
	{"missing_required", RT_EFORMAT, "node \"g\" (Gemm): input 1 is missing"},
	{"no_operator", RT_EUNSUPPORTED,
	 "node \"l\" (StringNormalizer): retort has no operator StringNormalizer   "
	 "(nor SequenceEmpty)"},
	{"no_such_output", RT_EFORMAT, "output \"y\" is made by no node"},
	{"opset99", RT_EUNSUPPORTED, "opset 99, retort reads 1 to 21"},
	{"output_twice", RT_EFORMAT, "node \"b\" (Tanh): output \"y\" exists already"},
	{"pad_axis", RT_ESHAPE,
	 "node \"p\" (Pad): axis 5 of an input with 2 dimensions"},
	{"shapes", RT_ESHAPE, "g (Gemm)"},
	{"short_list", RT_EFORMAT, "tensor \"w\": has 5 values, its shape 3x2 needs 6"},
	{"short_tensor", RT_EFORMAT, "tensor \"w\": has 21 bytes, its shape 3x2 of f32 needs 24"},
	{"strings", RT_EUNSUPPORTED, "tensor \"w\": retort has no element type STRING"},
	{"text", RT_EFORMAT, "at byte 0 of 34"},
	{"unknown_attribute", RT_EUNSUPPORTED, "node \"g\" (Gemm): attribute \"gamma\" unknown"},
	{"used_mask", RT_EUNSUPPORTED,
	 "node \"r\" (Relu): output 1 \"mask\" is used, retort computes at most 1"},
};

static void bad_files_are_refused_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++) {
		char *name = rt_sprintf("data/onnx/bad/%s.onnx", bad[i].file),
		     *path = test_path(name);
		struct rt_model *m = NULL;
		struct rt_err err;

		assert_fails(rt_model_load(&m, path, &err), bad[i].status, bad[i].words);
		assert_int_equal(strncmp(err.msg, path, strlen(path)), 0);
		assert_null(strchr(err.msg, '\n'));
		free(name);
		free(path);
	}
}

/* Files that are read, and whose models opset 17 has no words for. */
static const struct {
	const char *file, *words;
} newer[] = {
	{"affine_grid", "node \"a\" (AffineGrid): the operator is of opset 20, retort writes 17"},
	{"center_crop_pad", "node \"c\" (CenterCropPad): the operator is of opset 18"},
	{"col2im", "node \"c\" (Col2Im): the operator is of opset 18"},
	{"lp_pool_ceil", "node \"l\" (LpPool): ceil_mode is of opset 18, retort writes 17"},
	{"sixteen_bits", "node \"q\" (QuantizeLinear): i16 numbers are of opset 21, retort "
	 "writes 17"},
	{"antialias", "node \"r\" (Resize): antialias is of opset 18, retort writes 17"},
	{"bitwise", "node \"b\" (BitwiseXor): the operator is of opset 18, retort writes 17"},
	{"resize_symmetric", "node \"r\" (Resize): coordinate_transformation_mode "
	 "half_pixel_symmetric is of opset 19, retort writes 17"},
	{"scatter_max", "node \"s\" (ScatterElements): reduction max is of opset 18"},
	{"scatter_nd_min", "node \"s\" (ScatterND): reduction min is of opset 18"},
};

static void what_cannot_be_saved_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(newer); i++) {
		char *name = rt_sprintf("data/onnx/newer/%s.onnx", newer[i].file),
		     *path = test_path(name);
		struct rt_model *m;
		struct rt_err err;
		int64_t bytes;

		assert_ok(rt_model_load(&m, path, &err));
		assert_fails(rt_model_size(m, &bytes, &err), RT_EUNSUPPORTED, newer[i].words);
		assert_fails(rt_model_save(m, "/nowhere/x.onnx", &err), RT_EUNSUPPORTED,
			     newer[i].words);
		rt_model_unref(m);
		free(name);
		free(path);
	}
}

/* Its numbers are zeros that nobody touches, so that they take no memory. */
static void more_than_two_gigabytes_are_refused(void **state)
{
	const struct rt_shape shape = RT_SHAPE(1 << 15, 1 << 14);
	struct rt_graph *g = rt_graph_new();
	int v = rt_graph_add_input(g, "x", RT_F32, &RT_SHAPE(RT_BATCH, 1 << 15)), in[2] = {v}, node;
	struct rt_model *m;
	struct rt_tensor t;
	struct rt_err err;
	int64_t bytes;

	(void)state;
	if (UNDER_SANITIZER || rt_tensor_new(&t, RT_F32, &shape, &err) != RT_OK) {
		rt_graph_free(g);
		left_out("there is no memory for the model");
	}
	in[1] = rt_graph_add_param(g, "w", &t, true);
	node = rt_graph_add_node(g, rt_op_find("MatMul"), NULL, NULL, 2, in, 1);
	rt_graph_add_output(g, g->nodes[node].out[0]);
	m = rt_model_new("huge", g, NULL);
	assert_fails(rt_model_size(m, &bytes, &err), RT_EUNSUPPORTED,
		     "the model needs 2.15 GB, an ONNX file holds at most 2 GB");
	assert_fails(rt_model_save(m, "/nowhere/x.onnx", &err), RT_EUNSUPPORTED,
		     "at most 2 GB");
	rt_model_unref(m);
}

static void lost_file_is_named(void **state)
{
	struct rt_model *m;
	struct rt_err err;

	(void)state;
	assert_fails(rt_model_load(&m, "/nowhere/x.onnx", &err), RT_ENOTFOUND, "/nowhere/x.onnx");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_files_are_refused_by_name),
		cmocka_unit_test(lost_file_is_named),
		cmocka_unit_test(what_cannot_be_saved_is_named),
		cmocka_unit_test(more_than_two_gigabytes_are_refused),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
