/* bench.c - bench: how long a distillation step takes here, on networks that others can build,
 * too; how long a model runs; what an epoch costs as samples grow. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/mem.h"
#include "base/sys.h"
#include "distill/bench.h"
#include "io/layers.h"
#include "session/session.h"
#include "shell/shell.h"
#include "tensor/blas.h"
#include "tensor/peak.h"
#include "views/table.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A teacher and a student of the zoo, the shape of a sample, the batch. */
struct workload {
	struct rt_row row;
	const char *teacher, *student;		/* zoo names */
	const char *teacher_set[9], *student_set[9];	/* name, value ..., NULL */
	struct rt_shape sample;
	int64_t batch, tokens;
};

static const struct workload workloads[] = {
	{{"mlp", "784-1200-1200-10 teaches 784-800-800-10, batch 128", NULL, 0}, "mlp", "mlp",
	 {"hidden", "1200 1200", NULL}, {"hidden", "800 800", NULL}, {3, {1, 28, 28}}, 128, 0},
	{{"lenet", "LeNet-5 teaches 784-30-10, batch 128", NULL, 0}, "lenet5", "mlp",
	 {NULL}, {"hidden", "30", NULL}, {3, {1, 28, 28}}, 128, 0},
	{{"lenet2", "LeNet-5 teaches LeNet-5, batch 128", NULL, 0}, "lenet5", "lenet5",
	 {NULL}, {NULL}, {3, {1, 28, 28}}, 128, 0},
	{{"resnet", "ResNet-20 teaches ResNet-8 on 32x32 pictures, batch 128", NULL, 0}, "resnet20",
	 "resnet8", {NULL}, {NULL}, {3, {3, 32, 32}}, 128, 0},
	{{"mobile", "ResNet-20 of twice the width teaches MobileNetV2 of half, batch 64", NULL, 0},
	 "resnet20", "mobilenet_v2", {"width", "32", NULL},
	 {"width", "0.5", "dropout", "0", "classes", "10", "input", "3 32 32", NULL},
	 {3, {3, 32, 32}}, 64, 0},
	{{"bert", "4 transformer layers of 256 teach 2 of 128, 64 words, batch 32", NULL, 0},
	 "encoder", "encoder", {"layers", "4", "hidden", "256", "heads", "4", "ffn", "1024", NULL},
	 {NULL}, {1, {64}}, 32, 5000},
};

/* No steps: each has a table of its own and is asked for by name only. */
static const struct rt_row growth = {"growth", "an epoch of 784-30-10 on n samples and on 10 n",
				     NULL, 0};
static const struct rt_row kernels = {"kernels",
				      "convolutions and dense layers alone, in every direction",
				      NULL, 0};
#define GROWTH_SAMPLES 6000

static const struct rt_row *const rows[] = {
	&workloads[0].row, &workloads[1].row, &workloads[2].row, &workloads[3].row,
	&workloads[4].row, &workloads[5].row, &growth, &kernels,
};
const struct rt_list rt_workloads = {"workload", rows, RT_COUNT(rows)};

struct bench_params {
	struct rt_strings names, models;
	double seconds;
	int64_t steps, batch, threads;
};

static const struct rt_opt opts[] = {
	{.name = "workload",
	 .summary = "what to run; default: all steps",
	 .type = RT_STRINGS,
	 .offset = offsetof(struct bench_params, names),
	 .of = "workload",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REST},
	{.name = "models",
	 .summary = "measure a forward pass of these models instead",
	 .type = RT_STRINGS,
	 .offset = offsetof(struct bench_params, models),
	 .of = "model"},
	{"seconds", "time for each measurement", RT_REAL, offsetof(struct bench_params, seconds),
	 "2", 0, 600, .flags = RT_OPT_ABOVE_MIN},
	{"steps", "measure at least so many", RT_INT, offsetof(struct bench_params, steps), "20", 1,
	 4000},
	{"batch", "samples in a step; default: the workload's, 1 for models", RT_INT,
	 offsetof(struct bench_params, batch), NULL, 1, 1 << 20, .example = "1"},
	{"threads", "threads; default: those in use", RT_INT,
	 offsetof(struct bench_params, threads), NULL, 1, 256, .example = "2"},
	{0},
};

static enum rt_status build(struct rt_graph **out, const char *zoo, const char *const *set,
			    const struct workload *w, struct rt_err *err)
{
	struct rt_rng rng;
	char *text;
	int n = 0;
	enum rt_status status;

	while (set[n])
		n++;
	rt_rng_seed(&rng, 1);
	RT_TRY(rt_zoo_text(&text, zoo, n, set, err));
	status = rt_layers_build(out, text, &w->sample, &rng, err);
	free(text);
	return status;
}

static enum rt_status run_one(struct rt_bench_result *r, const struct workload *w,
			      const struct rt_bench *b, struct rt_err *err)
{
	struct rt_graph *teacher = NULL, *student = NULL;
	enum rt_status status = build(&teacher, w->teacher, w->teacher_set, w, err);

	if (status == RT_OK)
		status = build(&student, w->student, w->student_set, w, err);
	if (status == RT_OK)
		status = rt_bench_step(r, teacher, student, b, err);
	rt_graph_free(teacher);
	rt_graph_free(student);
	return status == RT_OK ? RT_OK : rt_wrap(err, "%s", w->row.name);
}

static struct rt_val *result_value(const struct workload *w, const struct rt_bench *b,
				   const struct rt_bench_result *r, double peak)
{
	struct rt_val *v = rt_val_dict();
	char hash[24];

	rt_val_put(v, "workload", rt_val_string(w->row.name));
	rt_val_put(v, "batch", rt_val_int(b->batch));
	rt_val_put(v, "steps", rt_val_int(r->steps));
	rt_val_put(v, "step_ms", rt_val_real(r->step_ms));
	rt_val_put(v, "teacher_forward_ms", rt_val_real(r->teacher_ms));
	rt_val_put(v, "cached_step_ms", rt_val_real(r->cached_ms));
	rt_val_put(v, "samples_per_s", rt_val_real(1e3 * (double)b->batch / r->step_ms));
	rt_val_put(v, "gflops", rt_val_real(r->gflops));
	rt_val_put(v, "share_of_peak", rt_val_real(r->gflops / peak));
	rt_val_put(v, "plan_bytes", rt_val_int(r->bytes));
	rt_val_put(v, "process_bytes", rt_val_int(rt_peak_memory()));
	rt_val_put(v, "teacher_parameters", rt_val_int(r->teacher_params));
	rt_val_put(v, "student_parameters", rt_val_int(r->student_params));
	snprintf(hash, sizeof(hash), "%016" PRIx64, r->hash);
	rt_val_put(v, "student_hash", rt_val_string(hash));
	return v;
}

static void add_row(struct rt_table *t, const struct workload *w, const struct rt_bench *b,
		    const struct rt_bench_result *r, double peak)
{
	char bytes[32];

	rt_table_text(t, w->row.name);
	rt_table_real(t, r->step_ms, 3);
	rt_table_real(t, r->teacher_ms, 3);
	rt_table_real(t, r->cached_ms, 3);
	rt_table_count(t, 1e3 * (double)b->batch / r->step_ms);
	rt_table_real(t, r->gflops, 1);
	rt_table_percent(t, r->gflops / peak);
	rt_table_text(t, rt_text_bytes(bytes, sizeof(bytes), (double)r->bytes));
}

static void add_columns(struct rt_table *t, const char *first, const char *const *title, int n)
{
	rt_table_column(t, first, RT_LEFT, 0);
	for (int i = 0; i < n; i++)
		rt_table_column(t, title[i], RT_RIGHT, i / 3);
}

static bool wanted(const struct rt_strings *names, const char *name)
{
	for (int i = 0; i < names->n; i++)
		if (strcmp(names->v[i], name) == 0)
			return true;
	return false;
}

static enum rt_status measure_steps(const struct bench_params *p, struct rt_val *values,
				    struct rt_table *t, double peak, struct rt_err *err)
{
	static const char *const title[] = {"step ms", "teacher ms", "cached ms", "samples/s",
					    "GFLOP/s", "of peak",    "memory"};

	add_columns(t, "workload", title, RT_COUNT(title));
	for (size_t i = 0; i < RT_COUNT(workloads); i++) {
		const struct workload *w = &workloads[i];
		struct rt_bench b = {.batch = p->batch == RT_UNSET_INT ? w->batch : p->batch,
				     .seconds = p->seconds,
				     .steps = p->steps,
				     .tokens = w->tokens};
		struct rt_bench_result r;

		if (p->names.n > 0 && !wanted(&p->names, w->row.name))
			continue;
		RT_TRY(run_one(&r, w, &b, err));
		add_row(t, w, &b, &r, peak);
		rt_val_add(values, result_value(w, &b, &r, peak));
	}
	return RT_OK;
}

static void add_model(struct rt_table *t, struct rt_val *values, const char *name, int64_t batch,
		      const struct rt_bench_forward *r, double peak)
{
	struct rt_val *v = rt_val_dict();
	char bytes[32];

	rt_table_text(t, name);
	rt_table_count(t, (double)batch);
	rt_table_real(t, r->ms, 3);
	rt_table_count(t, 1e3 * (double)batch / r->ms);
	rt_table_real(t, r->gflops, 1);
	rt_table_percent(t, r->gflops / peak);
	rt_table_text(t, rt_text_bytes(bytes, sizeof(bytes), (double)r->bytes));
	rt_val_put(v, "model", rt_val_string(name));
	rt_val_put(v, "batch", rt_val_int(batch));
	rt_val_put(v, "steps", rt_val_int(r->steps));
	rt_val_put(v, "forward_ms", rt_val_real(r->ms));
	rt_val_put(v, "gflops", rt_val_real(r->gflops));
	rt_val_put(v, "share_of_peak", rt_val_real(r->gflops / peak));
	rt_val_put(v, "plan_bytes", rt_val_int(r->bytes));
	rt_val_put(v, "process_bytes", rt_val_int(rt_peak_memory()));
	rt_val_add(values, v);
}

static enum rt_status measure_models(struct rt_ctx *ctx, const struct bench_params *p,
				     struct rt_val *values, struct rt_table *t, double peak,
				     struct rt_err *err)
{
	static const char *const title[] = {"batch", "forward ms", "samples/s", "GFLOP/s",
					    "of peak", "memory"};
	const struct rt_bench b = {.batch = p->batch == RT_UNSET_INT ? 1 : p->batch,
				   .seconds = p->seconds, .steps = p->steps, .tokens = 2};

	add_columns(t, "model", title, RT_COUNT(title));
	for (int i = 0; i < p->models.n; i++) {
		struct rt_bench_forward r;
		struct rt_model *m;

		RT_TRY(rt_session_get_model(&m, ctx->session, p->models.v[i], err));
		if (rt_bench_forward(&r, m->graph, &b, err) != RT_OK)
			return rt_wrap(err, "model \"%s\"", m->name);
		add_model(t, values, m->name, b.batch, &r, peak);
	}
	return RT_OK;
}

static enum rt_status measure_growth(struct rt_val *values, struct rt_table *t, struct rt_err *err)
{
	static const char *const title[] = {"epoch s", "us a sample", "times the samples",
					    "times the time"};
	struct rt_bench_growth r;
	struct rt_graph *student;
	enum rt_status status;

	/* the student of workload lenet: what is left is not hidden by arithmetic */
	RT_TRY(build(&student, workloads[1].student, workloads[1].student_set, &workloads[1], err));
	status = rt_bench_growth(&r, student, GROWTH_SAMPLES, err);
	rt_graph_free(student);
	RT_TRY(status);
	add_columns(t, "samples", title, RT_COUNT(title));
	for (int i = 0; i < 2; i++) {
		struct rt_val *v = rt_val_dict();
		double times = (double)r.n[i] / (double)r.n[0], ratio = r.seconds[i] / r.seconds[0];

		rt_table_count(t, (double)r.n[i]);
		rt_table_real(t, r.seconds[i], 4);
		rt_table_real(t, 1e6 * r.seconds[i] / (double)r.n[i], 3);
		rt_table_real(t, times, 1);
		rt_table_real(t, ratio, 2);
		rt_val_put(v, "workload", rt_val_string(growth.name));
		rt_val_put(v, "samples", rt_val_int(r.n[i]));
		rt_val_put(v, "epoch_seconds", rt_val_real(r.seconds[i]));
		rt_val_put(v, "times", rt_val_real(ratio));
		rt_val_add(values, v);
	}
	return RT_OK;
}

static void add_kernel(struct rt_table *t, struct rt_val *values, const struct rt_bench_kernel *r,
		       double peak)
{
	static const char *const direction[] = {"forward", "data", "weights", "int8"};
	struct rt_val *v = rt_val_dict();

	rt_table_text(t, r->layer);
	rt_table_count(t, (double)r->batch);
	for (int d = 0; d < RT_BENCH_DIRECTIONS; d++)
		rt_table_percent(t, r->gflops[d] / peak);
	rt_val_put(v, "workload", rt_val_string(kernels.name));
	rt_val_put(v, "layer", rt_val_string(r->layer));
	rt_val_put(v, "batch", rt_val_int(r->batch));
	for (int d = 0; d < RT_BENCH_DIRECTIONS; d++) {
		struct rt_val *one = rt_val_dict();

		rt_val_put(one, "kernel", rt_val_string(r->kernel[d]));
		rt_val_put(one, "ms", rt_val_real(r->ms[d]));
		rt_val_put(one, "gflops", rt_val_real(r->gflops[d]));
		rt_val_put(one, "share_of_peak", rt_val_real(r->gflops[d] / peak));
		rt_val_put(v, direction[d], one);
	}
	rt_val_add(values, v);
}

static enum rt_status measure_kernels(const struct bench_params *p, struct rt_val *values,
				      struct rt_table *t, double peak, struct rt_err *err)
{
	static const char *const title[] = {"batch", "forward", "data", "weights", "int8"};
	const struct rt_bench b = {.seconds = p->seconds / 10, .steps = p->steps};

	add_columns(t, "share of the peak", title, RT_COUNT(title));
	for (int i = 0; i < rt_bench_nkernels(); i++) {
		struct rt_bench_kernel r;

		RT_TRY(rt_bench_kernel(&r, i, &b, err));
		add_kernel(t, values, &r, peak);
	}
	return RT_OK;
}

static enum rt_status measure(struct rt_ctx *ctx, const struct bench_params *p,
			      struct rt_val *values, struct rt_table *t, double *peak,
			      struct rt_err *err)
{
	const struct rt_row *row = NULL;

	for (int i = 0; i < p->names.n; i++)
		RT_TRY(rt_list_get(&row, &rt_workloads, p->names.v[i], err));
	if (p->names.n > 0 && p->models.n > 0)
		return rt_fail(err, RT_EINVAL, "give workloads or -models, not both");
	row = wanted(&p->names, growth.name) ? &growth :
	      wanted(&p->names, kernels.name) ? &kernels : NULL;
	if (row && p->names.n > 1)
		return rt_fail(err, RT_EINVAL, "%s has a table of its own: bench %s", row->name,
			       row->name);
	if (row == &kernels && p->batch != RT_UNSET_INT)
		return rt_fail(err, RT_EINVAL, "kernels have batches of their own: leave "
			       "-batch out");
	*peak = rt_peak_flops(0.2);
	if (row == &growth)
		return measure_growth(values, t, err);
	if (row == &kernels)
		return measure_kernels(p, values, t, *peak, err);
	if (p->models.n > 0)
		return measure_models(ctx, p, values, t, *peak, err);
	return measure_steps(p, values, t, *peak, err);
}

/* The stream test comes last: its arrays must not count as memory of what was measured. */
static void tell(struct rt_ctx *ctx, struct rt_reply *reply, const struct rt_table *t, double peak)
{
	struct rt_style style = rt_ctx_style(ctx);
	int64_t bytes = rt_peak_memory();
	struct rt_canvas canvas;
	char memory[32];

	rt_say(ctx, reply, "%d threads   %s   OpenBLAS %s   peak %.0f GFLOP/s   memory %.1f GB/s\n",
	       rt_threads(), rt_isa_name(rt_isa()), rt_blas_kernels(), peak, rt_peak_stream(0.2));
	rt_canvas_init(&canvas, &style);
	rt_table_draw(&canvas, t);
	rt_canvas_finish(&canvas, &reply->text);
	rt_say(ctx, reply, "\npeak memory of the process %s",
	       rt_text_bytes(memory, sizeof(memory), (double)bytes));
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct bench_params *p = params;
	struct rt_table t = {0};
	int before = rt_threads();
	double peak = 0;
	enum rt_status status;

	if (p->threads != RT_UNSET_INT)
		rt_threads_set((int)p->threads);
	reply->value = rt_val_list();
	status = measure(ctx, p, reply->value, &t, &peak, err);
	if (status == RT_OK)
		tell(ctx, reply, &t, peak);
	rt_threads_set(before);
	rt_table_release(&t);
	return status;
}

const struct rt_cmd rt_cmd_bench = {
	.row = {"bench", "time distillation steps on this machine", opts,
		sizeof(struct bench_params)},
	.help = "A step is the teacher's forward pass, the student's forward and backward pass\n"
		"and an update, on random input; medians.  cached: with the teacher's logits\n"
		"kept.  The peak is a loop of multiply-adds in registers, run just before.\n"
		"With -models it is a forward pass.  growth tells what an epoch costs on some\n"
		"samples and on ten times as many.  kernels tells the share of the peak that\n"
		"single layers reach: forward, gradient of the data and of the weights, and\n"
		"int8 forward, counted as products of the definition, which is why Winograd's\n"
		"and int8 can be above 100 %.  make bench runs the same beside PyTorch and ONNX\n"
		"Runtime where Python has them.",
	.examples = "bench mlp -seconds 0.1\n"
		    "bench kernels -seconds 0.01 -steps 1\n"
		    "model new teacher -zoo lenet5\n"
		    "bench -models teacher -batch 8 -seconds 0.1",
	.see = "show machine",
	.flags = RT_CMD_LONG,
	.run = run,
};
