/* model_run.c - model run: what a model makes of arrays from files or of a sample. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/file.h"
#include "base/mem.h"
#include "exec/eager.h"
#include "io/npy.h"
#include "train/predict.h"
#include "views/table.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct run_params {
	char *name, *data, *out;
	struct rt_strings input, taps;
	int64_t sample;
};

#define AT(field) offsetof(struct run_params, field)
static const struct rt_opt opts[] = {
	{.name = "name",
	 .summary = "a model",
	 .type = RT_STRING,
	 .offset = AT(name),
	 .of = "model",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "input",
	 .summary = "files of the inputs: FILE, or NAME=FILE for each",
	 .type = RT_STRINGS,
	 .offset = AT(input),
	 .example = "x=x.npy"},
	{"sample", "number of a sample of the test part to run instead", RT_INT, AT(sample), NULL,
	 0, 1e9, .example = "17"},
	{.name = "data",
	 .summary = "data set of the sample; default: the one in use",
	 .type = RT_STRING,
	 .offset = AT(data),
	 .of = "data"},
	{.name = "taps",
	 .summary = "layers whose results are wanted too",
	 .type = RT_STRINGS,
	 .offset = AT(taps),
	 .of = "layer"},
	{.name = "out",
	 .summary = "folder to write the results to, as npy",
	 .type = RT_STRING,
	 .offset = AT(out),
	 .of = "file",
	 .example = "results"},
	{0},
};

/* Everything that goes in and comes out. */
struct job {
	const struct rt_graph *graph;
	struct rt_tensor *in, *result;	/* result: outputs, then taps */
	int *value, nresult, ntaps;	/* the value of each result */
};

/* --- inputs -------------------------------------------------------------------------------- */

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* The array that a file has for input name: its only one, or the one of that name. */
static enum rt_status read_file(struct rt_tensor *out, const char *path, const char *name,
				struct rt_err *err)
{
	const struct rt_tensor *t;
	struct rt_npz npz;

	if (ends_in(path, ".pb"))
		return rt_onnx_tensor_read(out, path, err);
	if (!ends_in(path, ".npz"))
		return rt_npy_read(out, path, err);
	RT_TRY(rt_npz_read(&npz, path, err));
	t = rt_npz_find(&npz, name);
	if (!t && npz.n == 1)
		t = &npz.tensor[0];
	if (t)
		rt_tensor_share(out, t);
	else
		rt_fail(err, RT_ENOTFOUND, "%s has no array \"%s\" among its %d", path, name,
			npz.n);
	rt_npz_release(&npz);
	return out->storage ? RT_OK : err->status;
}

/* Arrays of another type are converted to that of the input. */
static enum rt_status as_declared(struct rt_tensor *t, const struct rt_value *v, struct rt_err *err)
{
	struct rt_tensor other;
	void *to;

	if (t->dtype == v->dtype)
		return RT_OK;
	RT_TRY(rt_tensor_new(&other, v->dtype, &t->shape, err));
	RT_TRY(rt_tensor_write(&to, &other, err));
	rt_convert(to, v->dtype, rt_tensor_data(t), t->dtype, rt_tensor_count(t));
	rt_tensor_release(t);
	*t = other;
	return RT_OK;
}

/* The input that "NAME=FILE" names; a FILE alone is that of the only input. */
static enum rt_status input_of(int *which, const char **path, const struct rt_graph *g,
			       const char *text, struct rt_err *err)
{
	const char *sign = strchr(text, '=');

	for (int i = 0; i < g->ninputs; i++) {
		const char *name = g->values[g->inputs[i]].name;
		size_t n = strlen(name);

		if (strncmp(text, name, n) == 0 && text[n] == '=') {
			*which = i;
			*path = text + n + 1;
			return RT_OK;
		}
	}
	if (!g->ninputs)
		return rt_fail(err, RT_EINVAL, "the model has no input for \"%s\"", text);
	if (sign)
		return rt_fail(err, RT_ENOTFOUND, "no input \"%.*s\"; the first is \"%s\"",
			       (int)(sign - text), text, g->values[g->inputs[0]].name);
	*which = g->ninputs == 1 ? 0 : -1;
	*path = text;
	return RT_OK;
}

static enum rt_status read_input(struct job *j, int i, const char *path, struct rt_err *err)
{
	const struct rt_value *v = &j->graph->values[j->graph->inputs[i]];

	rt_tensor_release(&j->in[i]);
	RT_TRY(read_file(&j->in[i], path, v->name, err));
	return as_declared(&j->in[i], v, err);
}

static enum rt_status read_inputs(struct job *j, const struct rt_strings *files, struct rt_err *err)
{
	const char *path = NULL;
	int which = -1;

	for (int k = 0; k < files->n; k++) {
		RT_TRY(input_of(&which, &path, j->graph, files->v[k], err));
		for (int i = 0; i < j->graph->ninputs; i++)
			if (which == i || which < 0)
				RT_TRY(read_input(j, i, path, err));
	}
	for (int i = 0; i < j->graph->ninputs; i++)
		if (!j->in[i].storage)
			return rt_fail(err, RT_EINVAL,
				       "input \"%s\" is missing   (try: -input %s=FILE, or "
				       "-sample 0)",
				       j->graph->values[j->graph->inputs[i]].name,
				       j->graph->values[j->graph->inputs[i]].name);
	return RT_OK;
}

static enum rt_status take_sample(struct job *j, struct rt_session *session,
				  const struct run_params *p, struct rt_err *err)
{
	struct rt_shape shape = {.rank = 1, .dim = {1}};
	struct rt_sample s;
	enum rt_status status;
	void *to;

	RT_TRY(rt_sample_get(&s, session, p->data, p->sample, err));
	status = rt_graph_takes(j->graph, p->name, s.data, err);
	for (int d = 0; d < s.data->sample.rank; d++)
		shape.dim[shape.rank++] = s.data->sample.dim[d];
	if (status == RT_OK)
		status = rt_tensor_new(&j->in[0], RT_F32, &shape, err);
	if (status == RT_OK)
		status = rt_tensor_write(&to, &j->in[0], err);
	if (status == RT_OK)
		memcpy(to, s.x, rt_tensor_bytes(&j->in[0]));
	free(s.x);
	return status == RT_OK ? as_declared(&j->in[0], rt_graph_input(j->graph), err) : status;
}

/* --- running ------------------------------------------------------------------------------- */

/* The value of that name, or what the layer of that name makes. */
static enum rt_status find_tap(int *v, const struct rt_graph *g, const char *name,
			       struct rt_err *err)
{
	int node = rt_graph_find_node(g, name);

	*v = rt_graph_find_value(g, name);
	if (*v < 0 && node >= 0)
		*v = g->nodes[node].out[0];
	return *v >= 0 ? RT_OK : rt_fail(err, RT_ENOTFOUND, "no layer \"%s\"", name);
}

static enum rt_status compute(struct job *j, const struct rt_strings *taps, struct rt_err *err)
{
	const struct rt_graph *g = j->graph;
	struct rt_eager run = {.inputs = j->in, .ntaps = taps->n};

	j->nresult = g->noutputs + taps->n;
	j->value = rt_alloc((size_t)j->nresult, sizeof(*j->value));
	j->result = rt_alloc((size_t)j->nresult, sizeof(*j->result));
	for (int i = 0; i < g->noutputs; i++)
		j->value[i] = g->outputs[i];
	for (int i = 0; i < taps->n; i++)
		RT_TRY(find_tap(&j->value[g->noutputs + i], g, taps->v[i], err));
	run.taps = j->value + g->noutputs;
	return rt_eager_run(g, &run, j->result, j->result + g->noutputs, err);
}

static void job_release(struct job *j)
{
	for (int i = 0; j->in && i < j->graph->ninputs; i++)
		rt_tensor_release(&j->in[i]);
	for (int i = 0; j->result && i < j->nresult; i++)
		rt_tensor_release(&j->result[i]);
	free(j->in);
	free(j->result);
	free(j->value);
}

/* --- results ------------------------------------------------------------------------------- */

/* Over all elements; NAN when there are none. */
struct summary {
	double least, mean, most;
};

static struct summary summarize(const struct rt_tensor *t)
{
	int64_t n = rt_tensor_count(t);
	struct summary s = {n ? INFINITY : NAN, 0, n ? -INFINITY : NAN};

	for (int64_t i = 0; i < n; i++) {
		double v = rt_tensor_get(t, i);

		s.least = v < s.least || isnan(v) ? v : s.least;
		s.most = v > s.most || isnan(v) ? v : s.most;
		s.mean += v / (double)n;
	}
	return s;
}

/* DIR/NAME.npy; slashes in names would be folders. */
static enum rt_status write_result(const char *dir, const char *name, const struct rt_tensor *t,
				   char **path, struct rt_err *err)
{
	char *plain = rt_strdup(name);

	for (char *c = plain; *c; c++)
		if (*c == '/')
			*c = '_';
	*path = rt_sprintf("%s/%s.npy", dir, plain);
	free(plain);
	return rt_npy_write(t, *path, err);
}

static enum rt_status make_folder(const char *dir, struct rt_err *err)
{
	if (!dir || rt_is_dir(dir) || mkdir(dir, 0777) == 0)
		return RT_OK;
	return rt_fail(err, RT_EIO, "folder \"%s\": %s", dir, strerror(errno));
}

/* A row of the table and of the value. */
static enum rt_status add_result(struct rt_table *table, struct rt_val *list, const struct job *j,
				 int i, const char *dir, struct rt_err *err)
{
	const char *name = j->graph->values[j->value[i]].name;
	const struct rt_tensor *t = &j->result[i];
	struct rt_val *v = rt_val_dict(), *shape = rt_val_list();
	struct summary s = summarize(t);
	char text[128], *path = NULL;
	enum rt_status status;

	rt_table_text(table, name);
	rt_table_text(table, rt_dtype(t->dtype)->row.name);
	rt_table_text(table, rt_shape_text(text, sizeof(text), &t->shape));
	rt_table_textf(table, "%.4g", s.least);
	rt_table_textf(table, "%.4g", s.mean);
	rt_table_textf(table, "%.4g", s.most);
	rt_val_put(v, "name", rt_val_string(name));
	rt_val_put(v, "type", rt_val_string(rt_dtype(t->dtype)->row.name));
	for (int d = 0; d < t->shape.rank; d++)
		rt_val_add(shape, rt_val_int(t->shape.dim[d]));
	rt_val_put(v, "shape", shape);
	rt_val_put(v, "min", rt_val_real(s.least));
	rt_val_put(v, "mean", rt_val_real(s.mean));
	rt_val_put(v, "max", rt_val_real(s.most));
	rt_val_add(list, v);
	if (!dir)
		return RT_OK;
	RT_TRY(make_folder(dir, err));
	status = write_result(dir, name, t, &path, err);
	rt_val_put(v, "file", rt_val_string(path));
	free(path);
	return status;
}

static enum rt_status show(struct rt_ctx *ctx, const struct job *j, const char *dir,
			   struct rt_reply *reply, struct rt_err *err)
{
	static const char *const titles[] = {"result", "type", "shape", "min", "mean", "max"};
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_table table = {0};
	struct rt_canvas canvas;
	enum rt_status status = RT_OK;

	for (int i = 0; i < 6; i++)
		rt_table_column(&table, titles[i], i < 3 ? RT_LEFT : RT_RIGHT, i == 0 ? 0 : i);
	reply->value = rt_val_list();
	for (int i = 0; i < j->nresult && status == RT_OK; i++)
		status = add_result(&table, reply->value, j, i, dir, err);
	if (status == RT_OK) {
		rt_canvas_init(&canvas, &style);
		rt_table_draw(&canvas, &table);
		rt_canvas_finish(&canvas, &reply->text);
		if (dir)
			rt_say(ctx, reply, "%d arrays written to %s", j->nresult, dir);
	}
	rt_table_release(&table);
	return status;
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct run_params *p = params;
	struct job j = {0};
	struct rt_model *m;
	enum rt_status status;

	RT_TRY(rt_session_get_model(&m, ctx->session, p->name, err));
	if (p->input.n && p->sample != RT_UNSET_INT)
		return rt_fail(err, RT_EINVAL, "-input and -sample: one of them is wanted");
	j.graph = m->graph;
	j.in = rt_alloc((size_t)m->graph->ninputs, sizeof(*j.in));
	if (p->sample != RT_UNSET_INT)
		status = take_sample(&j, ctx->session, p, err);
	else
		status = read_inputs(&j, &p->input, err);
	if (status == RT_OK)
		status = compute(&j, &p->taps, err);
	if (status == RT_OK)
		status = show(ctx, &j, p->out, reply, err);
	job_release(&j);
	return status;
}

const struct rt_cmd rt_cmd_model_run = {
	.row = {"model run", "results of a model for arrays from files or for a sample", opts,
		sizeof(struct run_params)},
	.help = "Runs any model that can be loaded, also those whose shapes depend on the data.\n"
		"Files are npy, npz (arrays by the names of the inputs) or ONNX TensorProto\n"
		"(.pb); numbers of another type are converted.  A sample is scaled as the data\n"
		"set says. -taps shows what layers inside make of it.  -out writes the results\n"
		"as npy.",
	.examples = "data load digits\nmodel new m {dense 16; relu; dense 10}\n"
		    "model run m -sample 3 -taps relu1\nmodel run m -sample 3 -out results\n"
		    "model run m -sample 4",
	.see = "model show evaluate compare",
	.flags = RT_CMD_LONG,
	.run = run,
};
