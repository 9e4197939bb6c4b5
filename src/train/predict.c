/* predict.c - running a model over samples, and how long one takes. */
#include "config.h"

#include "train/predict.h"
#include "train/predict_eager.h"
#include "base/mem.h"
#include "base/sys.h"
#include "exec/plan.h"
#include "ops/ops.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 256

int rt_graph_logits(const struct rt_graph *g)
{
	int v = g->outputs[0], made = g->values[v].producer;
	const struct rt_node *n = made >= 0 ? &g->nodes[made] : NULL;

	return n && (n->op == &rt_op_Softmax || n->op == &rt_op_LogSoftmax) ? n->in[0] : v;
}

/* More than the batch is known only while running. */
static bool is_open(const struct rt_shape *s)
{
	bool open = s->rank == RT_UNKNOWN_RANK;

	for (int d = 1; d < s->rank; d++)
		open = open || s->dim[d] == RT_OPEN;
	return open;
}

int64_t rt_graph_width(const struct rt_graph *g)
{
	const struct rt_shape *s = &g->values[rt_graph_logits(g)].shape;

	if (is_open(s))
		return 0;
	return s->rank > 1 ? rt_shape_span(s, 1, s->rank) : 1;
}

enum rt_status rt_graph_has_width(const struct rt_graph *g, struct rt_err *err)
{
	int i = 0;

	if (!is_open(&g->values[rt_graph_logits(g)].shape))
		return RT_OK;
	while (i < g->nnodes - 1 && !is_open(&g->values[g->nodes[i].out[0]].shape))
		i++;
	return rt_fail(err, RT_EUNSUPPORTED,
		       "%s (%s): what it gives is known only while running, so nothing can learn "
		       "or be derived from it   (try: evaluate, compare, or distill it into "
		       "another model)",
		       g->nodes[i].name, g->nodes[i].op->row.name);
}

int64_t rt_graph_width_on(const struct rt_graph *g, const struct rt_data *d)
{
	int64_t width = rt_graph_width(g);

	return width ? width : d->task == RT_CLASSIFY ? d->classes : d->outputs;
}

static bool takes_sample(const struct rt_shape *input, const struct rt_shape *sample)
{
	if (input->rank != sample->rank + 1)
		return false;
	for (int i = 0; i < sample->rank; i++)
		if (input->dim[i + 1] != sample->dim[i])
			return false;
	return true;
}

enum rt_status rt_graph_takes(const struct rt_graph *g, const char *name, const struct rt_data *d,
			      struct rt_err *err)
{
	const struct rt_value *in = rt_graph_input(g);
	struct rt_shape without;
	char model[96] = "the model", a[96], b[96];

	if (name)
		snprintf(model, sizeof(model), "model \"%.80s\"", name);
	if (g->ninputs != 1)
		return rt_fail(err, RT_ESHAPE, "%s has %d inputs, data set \"%s\" feeds one%s",
			       model, g->ninputs, d->name, in ? "" : "   (try: model run)");
	if (in->dtype != RT_F32 &&
	    !(rt_data_is_text(d) && (in->dtype == RT_I64 || in->dtype == RT_I32)))
		return rt_fail(err, RT_ESHAPE, "%s takes %s, data set \"%s\" gives %s%s", model,
			       rt_dtype(in->dtype)->row.name, d->name,
			       rt_data_is_text(d) ? "numbers of words" : "f32",
			       rt_data_is_text(d) ? ""
						  : "   (try: data load with -text or -tokens)");
	if (takes_sample(&in->shape, &d->sample))
		return RT_OK;
	without.rank = in->shape.rank - 1;
	for (int i = 0; i < without.rank; i++)
		without.dim[i] = in->shape.dim[i + 1];
	return rt_fail(err, RT_ESHAPE, "%s takes %s, data set \"%s\" has %s", model,
		       without.rank > 0 ? rt_shape_text(a, sizeof(a), &without) : "scalars",
		       d->name, rt_shape_text(b, sizeof(b), &d->sample));
}

enum rt_status rt_graph_fits(const struct rt_graph *g, const char *name, const struct rt_data *d,
			     struct rt_err *err)
{
	int64_t width = rt_graph_width(g),
		wanted = d->task == RT_CLASSIFY ? d->classes : d->outputs;

	RT_TRY(rt_graph_takes(g, name, d, err));
	if (width && width != wanted)
		return rt_fail(err, RT_ESHAPE,
			       "model \"%s\" has %" PRId64 " outputs, data set \"%s\" has %" PRId64
			       " %s",
			       name, width, d->name, wanted,
			       d->task == RT_CLASSIFY ? "classes" : "targets");
	return RT_OK;
}

void rt_plan_feed(struct rt_plan *plan, const struct rt_graph *g, const struct rt_data *d,
		  const int32_t *index, int64_t n, const float *x)
{
	enum rt_dtype as = g->values[g->inputs[0]].dtype;

	if (as == RT_F32)
		rt_plan_bind_input(plan, 0, x);
	else
		rt_data_fill_as(d, index, n, as, rt_plan_input(plan, 0));
}

/* Makes the plan for batches of n samples, with the logits readable. */
static enum rt_status plan_for(struct rt_plan **out, struct rt_graph *g, int64_t n,
			       struct rt_err *err)
{
	int logits = rt_graph_logits(g);
	struct rt_plan_opts o = {.batch = n, .purpose = RT_INFER, .taps = &logits, .ntaps = 1};

	return rt_plan_new(out, g, &o, err);
}

/* A model whose file fixes the batch runs in pieces of that size; 0 = any. */
static int64_t fixed_batch(const struct rt_graph *g)
{
	const struct rt_shape *in = &g->values[g->inputs[0]].shape;

	return in->rank > 0 && in->dim[0] > 0 ? in->dim[0] : 0;
}

static enum rt_status run_part(float *out, struct rt_plan **plan, struct rt_graph *g,
			       const struct rt_data *d, const int32_t *index, int64_t at, int64_t n,
			       struct rt_err *err)
{
	int64_t width = rt_graph_width(g);
	int32_t *numbers = NULL;

	if (rt_cancelled())
		return rt_fail(err, RT_ECANCELLED, "stopped");
	if (*plan && rt_plan_batch(*plan) != n) {
		rt_plan_free(*plan);
		*plan = NULL;
	}
	if (!*plan)
		RT_TRY(plan_for(plan, g, n, err));
	if (!index) {
		numbers = rt_alloc((size_t)n, sizeof(*numbers));
		for (int64_t i = 0; i < n; i++)
			numbers[i] = (int32_t)(at + i);
	}
	rt_data_fill_as(d, index ? index + at : numbers, n, g->values[g->inputs[0]].dtype,
			rt_plan_input(*plan, 0));
	free(numbers);
	RT_TRY(rt_plan_forward(*plan, NULL, err));
	memcpy(out + at * width, rt_plan_value(*plan, rt_graph_logits(g))->data,
	       (size_t)(n * width) * sizeof(float));
	return RT_OK;
}

static bool needs_run(enum rt_status status)
{
	return status == RT_EUNSUPPORTED || status == RT_EUNKNOWN;
}

enum rt_status rt_predict(float **out, struct rt_graph *g, const struct rt_data *d,
			  const int32_t *index, int64_t n, struct rt_err *err)
{
	int64_t fixed, size, width;
	struct rt_plan *plan = NULL;
	enum rt_status status;
	float *z;

	RT_TRY(rt_graph_takes(g, NULL, d, err));
	fixed = fixed_batch(g);
	size = fixed ? fixed : BATCH;
	width = rt_graph_width_on(g, d);
	if (fixed && n % fixed)
		return rt_fail(err, RT_ESHAPE,
			       "the model runs batches of %" PRId64 " only, and %" PRId64
			       " samples do not divide into them",
			       fixed, n);
	z = malloc((size_t)(n * width) * sizeof(float) + 1);
	if (!z)
		return rt_fail(err, RT_ENOMEM,
			       "not enough memory for the outputs of %" PRId64 " samples", n);
	status = plan_for(&plan, g, n < size ? n : size, err);
	if (needs_run(status))
		status = predict_eager(z, g, d, index, n, fixed ? fixed : 1, width, err);
	for (int64_t at = 0; plan && at < n && status == RT_OK; at += size)
		status = run_part(z, &plan, g, d, index, at, n - at < size ? n - at : size, err);
	rt_plan_free(plan);
	if (status != RT_OK) {
		free(z);
		return status;
	}
	*out = z;
	return RT_OK;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

enum rt_status rt_latency(double *out, struct rt_graph *g, double seconds, struct rt_err *err)
{
	enum { MOST = 1000 };
	double times[MOST], end;
	struct rt_plan *plan;
	enum rt_status status = RT_OK;
	int n = 0;

	RT_TRY(plan_for(&plan, g, 1, err));
	for (int i = 0; i < 3 && status == RT_OK; i++)
		status = rt_plan_forward(plan, NULL, err);
	end = rt_now() + seconds;
	while (status == RT_OK && n < MOST && (n < 5 || rt_now() < end)) {
		double start = rt_now();

		status = rt_plan_forward(plan, NULL, err);
		times[n++] = rt_now() - start;
	}
	rt_plan_free(plan);
	if (status != RT_OK)
		return status;
	qsort(times, (size_t)n, sizeof(*times), by_value);
	*out = times[n / 2];
	return RT_OK;
}
