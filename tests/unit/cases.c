/* cases.c - ONNX's own conformance cases, where Debian's libonnx-testdata is installed.
 *
 * Each is a model with inputs and outputs.  Whatever retort reads it must compute as ONNX says,
 * node by node and, where a plan can be made, planned; whatever it does not read it must refuse
 * with a line.  RT_CASES=all prints one line for each case.
 */
#include "config.h"

#include "tests/unit/unit.h"
#include "base/mem.h"
#include "exec/eager.h"
#include "exec/plan.h"
#include "io/model.h"

#include <dirent.h>
#include <math.h>
#include <unistd.h>

#define CASES "/usr/share/libonnx-testdata/data"
#define MOST_IO 32

/* Folders, and how many of release 1.12 have to pass. */
static const struct {
	const char *name;
	int least;
} folders[] = {
	{"node", 860}, {"pytorch-converted", 80}, {"pytorch-operator", 33}, {"simple", 7},
};

/* Cases that ask for what retort does not promise: names begin like this. */
static const struct {
	const char *prefix, *reason;
} exempt[] = {
	{"test_adagrad", "training inside the model: retort trains itself"},
	{"test_adam", "training inside the model: retort trains itself"},
	{"test_momentum", "training inside the model: retort trains itself"},
	{"test_nesterov", "training inside the model: retort trains itself"},
	{"test_gradient_of", "training inside the model: retort trains itself"},
	{"test_training_dropout", "the mask of another generator; a run that trains is a plan's"},
	{"test_bernoulli_expanded", "the numbers of another generator, compared one by one"},
	{"test_castlike_BFLOAT16_to_FLOAT", "its data are not of the shape it declares"},
	{"test_castlike_FLOAT_to_BFLOAT16", "its data are not of the shape it declares"},
	{"test_cast_FLOAT_to_STRING", "strings"},
	{"test_cast_STRING_to_FLOAT", "strings"},
	{"test_castlike_FLOAT_to_STRING", "strings"},
	{"test_castlike_STRING_to_FLOAT", "strings"},
	{"test_strnorm", "strings"},
	{"test_identity_opt", "optionals"},
	{"test_if_opt", "optionals"},
	{"test_optional", "optionals"},
	{"test_loop16_seq_none", "optionals"},
	{"test_identity_sequence", "sequences"},
	{"test_if_seq", "sequences"},
	{"test_loop13_seq", "sequences"},
	{"test_sequence", "sequences"},
	{"test_constant", "a graph without inputs"},
};

/* Random numbers: shape and type are compared, and that values are possible ones. */
static const char *const by_shape[] = {"test_bernoulli"};

struct tally {
	int passed, exempt, refused, failed;
};

static bool begins(const char *name, const char *prefix)
{
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

static const char *reason_of(const char *name)
{
	/* a prefix that would take more than the one case */
	if (begins(name, "test_constant") && strcmp(name, "test_constant") != 0)
		return NULL;
	for (size_t i = 0; i < RT_COUNT(exempt); i++)
		if (begins(name, exempt[i].prefix))
			return exempt[i].reason;
	return NULL;
}

static bool only_shape(const char *name)
{
	for (size_t i = 0; i < RT_COUNT(by_shape); i++)
		if (begins(name, by_shape[i]))
			return true;
	return false;
}

static char *data_path(const char *folder, int set, const char *side, int i)
{
	return rt_sprintf("%s/test_data_set_%d/%s_%d.pb", folder, set, side, i);
}

static bool has_set(const char *folder, int set)
{
	char *path = data_path(folder, set, "output", 0);
	bool there = access(path, R_OK) == 0;

	free(path);
	return there;
}

static enum rt_status read_all(struct rt_tensor *t, const char *folder, int set, const char *side,
			       int n, struct rt_err *err)
{
	enum rt_status status = RT_OK;

	for (int i = 0; i < n && status == RT_OK; i++) {
		char *path = data_path(folder, set, side, i);

		status = rt_onnx_tensor_read(&t[i], path, err);
		free(path);
	}
	return status;
}

/* The cases' files hold bf16 numbers as u16, which they had no writer for. */
static void as_declared(struct rt_tensor *t, enum rt_dtype declared)
{
	if (t->dtype == RT_U16 && declared == RT_BF16)
		t->dtype = RT_BF16;
}

static void release_all(struct rt_tensor *t)
{
	for (int i = 0; i < MOST_IO; i++)
		rt_tensor_release(&t[i]);
}

/* Rounding of the type; the data of the window functions take 3.1415 for pi, those of the two
 * samplers are written with four digits. */
static double tolerance(const char *name, enum rt_dtype type)
{
	if (begins(name, "test_hannwindow") || begins(name, "test_hammingwindow") ||
	    begins(name, "test_blackmanwindow") || begins(name, "test_roialign") ||
	    begins(name, "test_gridsample_bicubic"))
		return 1e-4;
	return type == RT_F16 ? 1e-3 : type == RT_BF16 ? 1e-2 : 1e-5;
}

static double element(const struct rt_arg *a, int64_t k)
{
	double v;

	rt_convert(&v, RT_F64, (const char *)a->data + (size_t)k * rt_dtype(a->dtype)->size,
		   a->dtype, 1);
	return v;
}

static enum rt_status same_values(const struct rt_arg *got, const struct rt_tensor *wanted,
				  const char *name, struct rt_err *err)
{
	char a[128], b[128];

	if (got->dtype != wanted->dtype || !rt_shape_equal(&got->shape, &wanted->shape))
		return rt_fail(err, RT_ENUMERIC, "%s %s, wanted %s %s",
			       rt_dtype(got->dtype)->row.name,
			       rt_shape_text(a, sizeof(a), &got->shape),
			       rt_dtype(wanted->dtype)->row.name,
			       rt_shape_text(b, sizeof(b), &wanted->shape));
	for (int64_t k = 0; !only_shape(name) && k < rt_tensor_count(wanted); k++) {
		double w = rt_tensor_get(wanted, k), g = element(got, k);

		if (g == w || (isnan(g) && isnan(w)) ||
		    fabs(g - w) <= tolerance(name, got->dtype) * fmax(1, fabs(w)))
			continue;
		return rt_fail(err, RT_ENUMERIC, "element %lld is %.9g, wanted %.9g", (long long)k,
			       g, w);
	}
	return RT_OK;
}

static enum rt_status try_eager(const struct rt_graph *g, const struct rt_tensor *in,
				const struct rt_tensor *wanted, const char *name,
				struct rt_err *err)
{
	struct rt_eager run = {.inputs = in};
	struct rt_tensor out[MOST_IO] = {0};
	enum rt_status status = rt_eager_run(g, &run, out, NULL, err);

	for (int i = 0; i < g->noutputs && status == RT_OK; i++) {
		struct rt_arg a = {.dtype = out[i].dtype, .shape = out[i].shape,
				   .data = (void *)(uintptr_t)rt_tensor_data(&out[i])};

		status = same_values(&a, &wanted[i], name, err);
	}
	release_all(out);
	return status;
}

/* Graphs that no plan can be made of are the runner's alone. */
static enum rt_status try_plan(struct rt_graph *g, const struct rt_tensor *in,
			       const struct rt_tensor *wanted, const char *name, struct rt_err *err)
{
	struct rt_shape shape[MOST_IO];
	struct rt_plan_opts opts = {.batch = 1, .purpose = RT_INFER, .input_shapes = shape};
	struct rt_plan *plan;
	enum rt_status status;

	for (int i = 0; i < g->ninputs; i++)
		shape[i] = in[i].shape;
	if (rt_plan_new(&plan, g, &opts, err) != RT_OK)
		return RT_OK;
	for (int i = 0; i < g->ninputs; i++)
		memcpy(rt_plan_input(plan, i), rt_tensor_data(&in[i]), rt_tensor_bytes(&in[i]));
	status = rt_plan_forward(plan, NULL, err);
	for (int i = 0; i < g->noutputs && status == RT_OK; i++)
		status = same_values(rt_plan_value(plan, g->outputs[i]), &wanted[i], name,
				     err);
	rt_plan_free(plan);
	return status == RT_OK ? RT_OK : rt_wrap(err, "planned");
}

static enum rt_status try_set(struct rt_graph *g, const char *folder, int set, const char *name,
			      struct rt_err *err)
{
	struct rt_tensor in[MOST_IO] = {0}, wanted[MOST_IO] = {0};
	enum rt_status status = RT_OK;

	if (g->ninputs > MOST_IO || g->noutputs > MOST_IO)
		return rt_fail(err, RT_EUNSUPPORTED, "%d inputs, %d outputs", g->ninputs,
			       g->noutputs);
	status = read_all(in, folder, set, "input", g->ninputs, err);
	if (status == RT_OK)
		status = read_all(wanted, folder, set, "output", g->noutputs, err);
	for (int i = 0; i < g->ninputs; i++)
		as_declared(&in[i], g->values[g->inputs[i]].dtype);
	for (int i = 0; i < g->noutputs; i++)
		as_declared(&wanted[i], g->values[g->outputs[i]].dtype);
	if (status == RT_OK)
		status = try_eager(g, in, wanted, name, err);
	if (status == RT_OK)
		status = try_plan(g, in, wanted, name, err);
	release_all(in);
	release_all(wanted);
	return status;
}

static void say(const char *name, const char *what, const char *why, bool always)
{
	const char *all = getenv("RT_CASES");

	if (always || (all && strcmp(all, "all") == 0))
		fprintf(stderr, "%-60s %s%s%s\n", name, what, *why ? ": " : "", why);
}

static void try_case(struct tally *t, const char *folder, const char *name)
{
	char *path = rt_sprintf("%s/model.onnx", folder);
	struct rt_model *m = NULL;
	struct rt_err err = {0};
	enum rt_status status = rt_model_load(&m, path, &err);

	if (status != RT_OK) {
		assert_true(strlen(err.msg) > 0 && !strchr(err.msg, '\n'));
		say(name, "not supported", err.msg, false);
		t->refused++;
	}
	for (int set = 0; m && status == RT_OK && has_set(folder, set); set++)
		status = try_set(m->graph, folder, set, name, &err);
	if (m && status == RT_OK) {
		say(name, "passed", "", false);
		t->passed++;
	} else if (m) {
		say(name, "failed", err.msg, true);
		t->failed++;
	}
	rt_model_unref(m);
	free(path);
}

static struct tally try_folder(const char *folder)
{
	struct tally t = {0};
	struct dirent **entry;
	int n = scandir(folder, &entry, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *name = entry[i]->d_name, *reason = reason_of(name);

		if (name[0] != '.' && reason) {
			say(name, "exempt", reason, false);
			t.exempt++;
		} else if (name[0] != '.') {
			char *path = rt_sprintf("%s/%s", folder, name);

			try_case(&t, path, name);
			free(path);
		}
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	return t;
}

static void onnx_cases_agree_or_are_refused(void **state)
{
	int failed = 0, lost = 0;

	(void)state;
	if (access(CASES "/node", R_OK) != 0)
		left_out("libonnx-testdata is not installed");
	for (size_t i = 0; i < RT_COUNT(folders); i++) {
		char *path = rt_sprintf(CASES "/%s", folders[i].name);
		struct tally t = try_folder(path);

		printf("# %-18s %3d passed, %2d exempt, %2d not supported, %d failed\n",
		       folders[i].name, t.passed, t.exempt, t.refused, t.failed);
		failed += t.failed;
		if (t.passed < folders[i].least)
			lost += folders[i].least - t.passed;
		free(path);
	}
	assert_int_equal(failed, 0);
	assert_int_equal(lost, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(onnx_cases_agree_or_are_refused),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
