/* cases.c - the operator cases of ONNX itself, where Debian's libonnx-testdata is installed.
 *
 * Each is a model of one node with its inputs and outputs.  Whatever retort reads it must compute
 * as ONNX says; whatever it does not read it must refuse with a line.
 */
#include "config.h"

#include "tests/unit/unit.h"
#include "base/mem.h"
#include "exec/plan.h"
#include "io/model.h"

#include <dirent.h>
#include <math.h>

#define CASES "/usr/share/libonnx-testdata/data/node"
#define MOST_IO 8

static int agreed, refused, wrong;

/* Cases that ask for what retort does not promise. */
static bool is_left_out(const char *name)
{
	/* random numbers of another generator; types that loading makes f32 */
	static const char *const prefix[] = {"test_training_dropout", "test_cast_",
					     "test_castlike_"};

	for (size_t i = 0; i < RT_COUNT(prefix); i++)
		if (strncmp(name, prefix[i], strlen(prefix[i])) == 0)
			return true;
	return false;
}

static struct rt_tensor read_data(const char *name, const char *side, int i)
{
	char *path = rt_sprintf(CASES "/%s/test_data_set_0/%s_%d.pb", name, side, i);
	struct rt_tensor t = {0};
	struct rt_err err;

	assert_ok(rt_onnx_tensor_read(&t, path, &err));
	free(path);
	return t;
}

static bool same_values(const char *name, const struct rt_arg *got, const struct rt_tensor *wanted)
{
	char a[128], b[128];

	if (got->dtype != wanted->dtype || !rt_shape_equal(&got->shape, &wanted->shape)) {
		fprintf(stderr, "%s: %s %s, wanted %s %s\n", name, rt_dtype(got->dtype)->row.name,
			rt_shape_text(a, sizeof(a), &got->shape), rt_dtype(wanted->dtype)->row.name,
			rt_shape_text(b, sizeof(b), &wanted->shape));
		return false;
	}
	for (int64_t k = 0; k < rt_tensor_count(wanted); k++) {
		double w = rt_tensor_get(wanted, k), g;

		rt_convert(&g, RT_F64,
			   (const char *)got->data + (size_t)k * rt_dtype(got->dtype)->size,
			   got->dtype, 1);
		if (g == w || (isnan(g) && isnan(w)) || fabs(g - w) <= 1e-5 * fmax(1, fabs(w)))
			continue;
		fprintf(stderr, "%s: element %lld is %.9g, wanted %.9g\n", name, (long long)k, g,
			w);
		return false;
	}
	return true;
}

static bool run_case(const char *name, struct rt_graph *g)
{
	struct rt_tensor in[MOST_IO], wanted;
	struct rt_shape shape[MOST_IO];
	struct rt_plan_opts opts = {.batch = 1, .purpose = RT_INFER, .input_shapes = shape};
	struct rt_plan *plan;
	struct rt_err err;
	bool ok = true;

	for (int i = 0; i < g->ninputs; i++) {
		in[i] = read_data(name, "input", i);
		shape[i] = in[i].shape;
		if (i == 0 && shape[i].rank > 0 && shape[i].dim[0] > 0)
			opts.batch = shape[i].dim[0];
	}
	assert_ok(rt_plan_new(&plan, g, &opts, &err));
	for (int i = 0; i < g->ninputs; i++) {
		assert_int_equal(in[i].dtype, g->values[g->inputs[i]].dtype);
		memcpy(rt_plan_input(plan, i), rt_tensor_data(&in[i]), rt_tensor_bytes(&in[i]));
		rt_tensor_release(&in[i]);
	}
	assert_ok(rt_plan_forward(plan, NULL, &err));
	for (int i = 0; i < g->noutputs; i++) {
		wanted = read_data(name, "output", i);
		ok = ok && same_values(name, rt_plan_value(plan, g->outputs[i]), &wanted);
		rt_tensor_release(&wanted);
	}
	rt_plan_free(plan);
	return ok;
}

static void try_case(const char *name)
{
	char *path = rt_sprintf(CASES "/%s/model.onnx", name);
	struct rt_model *m = NULL;
	struct rt_err err = {0};

	if (rt_model_load(&m, path, &err) != RT_OK) {
		refused++;
		assert_true(strlen(err.msg) > 0 && !strchr(err.msg, '\n'));
	} else if (m->graph->ninputs <= MOST_IO) {
		*(run_case(name, m->graph) ? &agreed : &wrong) += 1;
	}
	rt_model_unref(m);
	free(path);
}

static void onnx_cases_agree_or_are_refused(void **state)
{
	DIR *dir = opendir(CASES);
	struct dirent *entry;

	(void)state;
	if (!dir)
		skip();
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !is_left_out(entry->d_name))
			try_case(entry->d_name);
	closedir(dir);
	assert_int_equal(wrong, 0);
	/* 171 of the cases of release 1.12 */
	if (agreed < 165)
		fail_msg("only %d cases agree, %d are refused", agreed, refused);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(onnx_cases_agree_or_are_refused),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
