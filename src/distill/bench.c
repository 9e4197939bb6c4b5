/* bench.c - timing distillation steps on random inputs. */
#include "config.h"

#include "distill/bench.h"
#include "distill/bench_impl.h"
#include "base/mem.h"
#include "base/sys.h"
#include "exec/plan.h"
#include "train/loss.h"
#include "train/optim.h"
#include "train/predict.h"

#include <stdlib.h>
#include <string.h>

#define MOST 4000
#define WARM_UP 3

struct bench {
	struct rt_plan *teacher, *student;
	struct rt_graph *graph;		/* the student's */
	int teacher_logits, student_logits;
	int64_t batch, classes;
	int32_t *label;
	float *kept;			/* teacher logits */
	struct rt_optim optim;
};

static enum rt_status make_plan(struct rt_plan **out, struct rt_graph *g, int64_t batch, bool train,
				struct rt_err *err)
{
	int logits = rt_graph_logits(g);
	struct rt_plan_opts o = {.batch = batch,
				 .purpose = train ? RT_TRAIN : RT_INFER,
				 .taps = &logits,
				 .ntaps = 1,
				 .param_grads = train};

	return rt_plan_new(out, g, &o, err);
}

static void fill(void *to, const struct rt_arg *in, int64_t tokens, struct rt_rng *rng)
{
	int64_t n = rt_shape_count(&in->shape);

	for (int64_t i = 0; i < n; i++) {
		if (in->dtype == RT_I64)
			((int64_t *)to)[i] = (int64_t)rt_rng_below(rng, (uint64_t)tokens);
		else if (in->dtype == RT_F32)
			((float *)to)[i] = (float)rt_rng_normal(rng);
	}
}

/* Both models see the same numbers. */
static void fill_inputs(struct bench *b, struct rt_graph *teacher, int64_t tokens)
{
	const struct rt_arg *in = rt_plan_value(b->teacher, teacher->inputs[0]);
	void *t = rt_plan_input(b->teacher, 0);
	struct rt_rng rng;

	rt_rng_seed(&rng, 1);
	fill(t, in, tokens, &rng);
	memcpy(rt_plan_input(b->student, 0), t,
	       (size_t)rt_shape_count(&in->shape) * rt_dtype(in->dtype)->size);
	for (int64_t i = 0; i < b->batch; i++)
		b->label[i] = (int32_t)rt_rng_below(&rng, (uint64_t)b->classes);
}

static enum rt_status begin(struct bench *b, struct rt_graph *teacher, struct rt_graph *student,
			    const struct rt_bench *o, struct rt_err *err)
{
	const struct rt_optimizer *sgd = (const void *)rt_list_find(&rt_optimizers, "sgd");
	void *params = rt_alloc(1, sgd->row.params_size);

	rt_params_init(&sgd->row, params);
	rt_optim_init(&b->optim, sgd, params);
	b->graph = student;
	b->batch = o->batch;
	b->classes = rt_graph_width(student);
	b->teacher_logits = rt_graph_logits(teacher);
	b->student_logits = rt_graph_logits(student);
	if (rt_graph_width(teacher) != b->classes)
		return rt_fail(err, RT_ESHAPE,
			       "teacher and student differ in classes: %lld and %lld",
			       (long long)rt_graph_width(teacher), (long long)b->classes);
	RT_TRY(make_plan(&b->teacher, teacher, o->batch, false, err));
	RT_TRY(make_plan(&b->student, student, o->batch, true, err));
	b->label = rt_alloc((size_t)o->batch, sizeof(*b->label));
	b->kept = rt_alloc((size_t)(o->batch * b->classes), sizeof(*b->kept));
	fill_inputs(b, teacher, o->tokens);
	return RT_OK;
}

static void end(struct bench *b)
{
	rt_plan_free(b->teacher);
	rt_plan_free(b->student);
	rt_optim_release(&b->optim);
	free(b->label);
	free(b->kept);
}

static enum rt_status run_teacher(void *bench, struct rt_err *err)
{
	struct bench *b = bench;

	RT_TRY(rt_plan_forward(b->teacher, NULL, err));
	memcpy(b->kept, rt_plan_value(b->teacher, b->teacher_logits)->data,
	       (size_t)(b->batch * b->classes) * sizeof(float));
	return RT_OK;
}

static enum rt_status run_student(void *bench, struct rt_err *err)
{
	struct bench *b = bench;
	struct rt_rng rng;
	const float *z;
	float *dz;

	rt_rng_seed(&rng, 2);
	RT_TRY(rt_plan_forward(b->student, &rng, err));
	z = rt_plan_value(b->student, b->student_logits)->data;
	dz = rt_plan_seed(b->student, b->student_logits);
	rt_soft_kl(z, b->kept, b->batch, b->classes, 4, 0.9, dz);
	rt_cross_entropy(z, b->label, b->batch, b->classes, 0.1, dz);
	rt_plan_zero_param_grads(b->student);
	RT_TRY(rt_plan_backward(b->student, err));
	return rt_optim_step(&b->optim, b->graph, b->student, 0.01, 0, err);
}

static enum rt_status run_both(void *bench, struct rt_err *err)
{
	struct bench *b = bench;

	RT_TRY(run_teacher(b, err));
	return run_student(b, err);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

enum rt_status bench_median(double *ms, int *steps, bench_fn *what, void *closure,
			    const struct rt_bench *b, struct rt_err *err)
{
	double *times = rt_alloc(MOST, sizeof(*times)), stop;
	enum rt_status status = RT_OK;
	int n = 0, warm_up = b->steps < WARM_UP ? (int)b->steps : WARM_UP;

	for (int i = 0; i < warm_up && status == RT_OK; i++)
		status = what(closure, err);
	stop = rt_now() + b->seconds;
	while (status == RT_OK && n < MOST && (n < b->steps || rt_now() < stop)) {
		double start = rt_now();

		if (rt_cancelled())
			status = rt_fail(err, RT_ECANCELLED, "stopped");
		else
			status = what(closure, err);
		times[n++] = 1e3 * (rt_now() - start);
	}
	if (status == RT_OK) {
		qsort(times, (size_t)n, sizeof(*times), by_value);
		*ms = times[n / 2];
		*steps = n;
	}
	free(times);
	return status;
}

static enum rt_status cost_of(struct rt_node_cost *total, const struct rt_graph *g,
			      struct rt_err *err)
{
	struct rt_node_cost *cost = rt_alloc((size_t)g->nnodes, sizeof(*cost));
	enum rt_status status = rt_graph_cost(g, cost, total, err);

	free(cost);
	return status;
}

enum rt_status rt_bench_step(struct rt_bench_result *out, struct rt_graph *teacher,
			     struct rt_graph *student, const struct rt_bench *o, struct rt_err *err)
{
	struct bench b = {0};
	const struct rt_bench half = {.steps = o->steps, .seconds = o->seconds / 2};
	struct rt_node_cost teacher_cost, student_cost;
	int ignored;
	enum rt_status status;

	*out = (struct rt_bench_result){0};
	RT_TRY(cost_of(&teacher_cost, teacher, err));
	RT_TRY(cost_of(&student_cost, student, err));
	status = begin(&b, teacher, student, o, err);
	if (status == RT_OK)
		status = bench_median(&out->step_ms, &out->steps, run_both, &b, o, err);
	if (status == RT_OK)
		status = bench_median(&out->teacher_ms, &ignored, run_teacher, &b, &half, err);
	if (status == RT_OK)
		status = bench_median(&out->cached_ms, &ignored, run_student, &b, &half, err);
	if (status == RT_OK) {
		/* backward costs twice the forward pass */
		out->gflops = 2e-6 * (double)o->batch *
			      (double)(teacher_cost.macs + 3 * student_cost.macs) / out->step_ms;
		out->teacher_params = teacher_cost.params;
		out->student_params = student_cost.params;
		out->hash = rt_graph_hash(student);
		out->bytes = (int64_t)(rt_plan_bytes(b.teacher) + rt_plan_bytes(b.student));
	}
	end(&b);
	return status;
}

static enum rt_status run_forward(void *bench, struct rt_err *err)
{
	struct bench *b = bench;

	return rt_plan_forward(b->teacher, NULL, err);
}

enum rt_status rt_bench_forward(struct rt_bench_forward *out, struct rt_graph *g,
				const struct rt_bench *o, struct rt_err *err)
{
	struct bench b = {.batch = o->batch};
	struct rt_node_cost cost;
	struct rt_rng rng;
	enum rt_status status;

	*out = (struct rt_bench_forward){0};
	RT_TRY(cost_of(&cost, g, err));
	RT_TRY(make_plan(&b.teacher, g, o->batch, false, err));
	rt_rng_seed(&rng, 1);
	for (int i = 0; i < g->ninputs; i++)
		fill(rt_plan_input(b.teacher, i), rt_plan_value(b.teacher, g->inputs[i]),
		     o->tokens, &rng);
	status = bench_median(&out->ms, &out->steps, run_forward, &b, o, err);
	if (status == RT_OK) {
		out->gflops = 2e-6 * (double)o->batch * (double)cost.macs / out->ms;
		out->bytes = (int64_t)rt_plan_bytes(b.teacher);
	}
	rt_plan_free(b.teacher);
	return status;
}
