/* onnx_bad.c - ONNX files that are refused, each with the line that says why. */
#include "config.h"

#include "unit.h"

#include "base/mem.h"
#include "io/model.h"

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
	{"deep", RT_EFORMAT, "too deep"},
	{"empty", RT_EFORMAT, "empty.onnx: is empty"},
	{"external_above", RT_EUNSUPPORTED,
	 "tensor \"w\": external data \"../external.bin\" lies outside"},
	{"external_absolute", RT_EUNSUPPORTED, "external data \"/etc/hostname\" lies outside"},
	{"external_lost", RT_ENOTFOUND, "nowhere.bin"},
	{"foreign_domain", RT_EUNSUPPORTED,
	 "node \"g\" (com.acme.Gemm): retort has no operator com.acme.Gemm"},
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
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
