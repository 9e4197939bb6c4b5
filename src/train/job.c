/* job.c - moving a training run on, one mini-batch at a time. */
#include "config.h"

#include "train/fit.h"
#include "train/predict.h"
#include "base/mem.h"
#include "base/sys.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What one learner needs while the job runs. */
struct worker {
	struct rt_graph *graph;
	const char *name;
	int logits;
	void *work;		/* the objective's */
	int *taps;
	int ntaps;
	struct rt_plan *plan[2];	/* whole batches, and the partial one */
	/* of the batch under way */
	struct rt_plan *running;
	struct rt_terms terms;
	/* as they were before it: what forward changes, running statistics and the dropout's rng */
	char *before;
	int *written, nwritten;		/* parameters */
	struct rt_rng rng;
};

struct rt_fit_job {
	struct rt_fit *fit;
	struct rt_batches batches;
	struct worker worker[RT_MAX_LEARNERS];
	float *x;
	void *y;
};

static struct rt_tensor *written(const struct worker *w, int i)
{
	return &w->graph->params[w->written[i]].data;
}

static void find_written(struct worker *w)
{
	size_t bytes = 0;
	int cap = 0;

	for (int i = 0; i < w->graph->nnodes; i++) {
		const struct rt_node *n = &w->graph->nodes[i];

		for (int k = 0; n->op->writes && k < n->nin; k++) {
			struct rt_param *p = rt_graph_param(w->graph, n->in[k]);

			if (!p || !(n->op->writes >> k & 1))
				continue;
			RT_GROW(w->written, w->nwritten, cap);
			w->written[w->nwritten++] = (int)(p - w->graph->params);
			bytes += rt_tensor_bytes(&p->data);
		}
	}
	w->before = rt_alloc(bytes, 1);
}

static void remember(struct worker *w, const struct rt_learner *l)
{
	char *to = w->before;

	w->rng = l->rng;
	for (int i = 0; i < w->nwritten; i++) {
		size_t bytes = rt_tensor_bytes(written(w, i));

		memcpy(to, rt_tensor_data(written(w, i)), bytes);
		to += bytes;
	}
}

static enum rt_status take_back(struct worker *w, struct rt_learner *l, struct rt_err *err)
{
	const char *from = w->before;
	void *to;

	l->rng = w->rng;
	for (int i = 0; i < w->nwritten; i++) {
		size_t bytes = rt_tensor_bytes(written(w, i));

		RT_TRY(rt_tensor_write(&to, written(w, i), err));
		memcpy(to, from, bytes);
		from += bytes;
	}
	return RT_OK;
}

/* The logits are tapped first, then what the objective asks for. */
static enum rt_status begin_worker(struct rt_fit_job *job, int i, struct rt_err *err)
{
	struct worker *w = &job->worker[i];
	struct rt_learner *l = &job->fit->learner[i];
	int *more = NULL, nmore = 0;

	RT_TRY(rt_graph_fits(w->graph, w->name, job->fit->data, err));
	w->logits = rt_graph_logits(w->graph);
	if (l->objective->begin)
		RT_TRY(l->objective->begin(&w->work, l->self, w->graph, job->fit->data, &more,
					   &nmore, err));
	w->ntaps = nmore + 1;
	w->taps = rt_alloc((size_t)w->ntaps, sizeof(int));
	w->taps[0] = w->logits;
	for (int k = 0; k < nmore; k++)
		w->taps[k + 1] = more[k];
	free(more);
	find_written(w);
	return RT_OK;
}

enum rt_status rt_fit_begin(struct rt_fit_job **out, struct rt_fit *fit,
			    struct rt_graph *const *graphs, const char *const *names,
			    struct rt_err *err)
{
	struct rt_fit_job *job = rt_alloc(1, sizeof(*job));
	int64_t sample = rt_shape_count(&fit->data->sample);
	int64_t width = fit->data->task == RT_CLASSIFY ? 1 : fit->data->outputs;

	job->fit = fit;
	for (int i = 0; i < fit->nlearners; i++) {
		job->worker[i].graph = graphs[i];
		job->worker[i].name = names[i];
		if (begin_worker(job, i, err) != RT_OK)
			goto out;
	}
	if (rt_batches_init(&job->batches, fit->data, RT_PART_TRAIN, fit->opts.batch, true,
			    &fit->at.rng, err) != RT_OK ||
	    rt_batches_resume(&job->batches, &fit->at, err) != RT_OK)
		goto out;
	job->x = rt_alloc((size_t)(fit->opts.batch * sample), sizeof(float));
	job->y = rt_alloc((size_t)(fit->opts.batch * width), sizeof(float));
	*out = job;
	return RT_OK;
out:
	rt_fit_end(job);
	return err->status;
}

void rt_fit_end(struct rt_fit_job *job)
{
	if (!job)
		return;
	for (int i = 0; i < job->fit->nlearners; i++) {
		struct worker *w = &job->worker[i];

		if (w->work && job->fit->learner[i].objective->end)
			job->fit->learner[i].objective->end(w->work);
		rt_plan_free(w->plan[0]);
		rt_plan_free(w->plan[1]);
		free(w->taps);
		free(w->written);
		free(w->before);
	}
	rt_batches_release(&job->batches);
	free(job->x);
	free(job->y);
	free(job);
}

int64_t rt_fit_seen(const struct rt_fit_job *job)
{
	return job->fit->seen;
}

int64_t rt_fit_total(const struct rt_fit_job *job)
{
	return job->batches.n;
}

/* The plan for batches of n, kept for the next one of that size. */
static enum rt_status plan_for(struct rt_plan **out, struct rt_fit_job *job, struct worker *w,
			       int64_t n, struct rt_err *err)
{
	struct rt_plan **slot = &w->plan[n == job->fit->opts.batch ? 0 : 1];
	struct rt_plan_opts o = {.batch = n,
				 .purpose = RT_TRAIN,
				 .taps = w->taps,
				 .ntaps = w->ntaps,
				 .param_grads = true};

	if (*slot && rt_plan_batch(*slot) != n) {
		rt_plan_free(*slot);
		*slot = NULL;
	}
	if (!*slot && rt_plan_new(slot, w->graph, &o, err) != RT_OK)
		return rt_wrap(err, "model \"%s\"", w->name);
	*out = *slot;
	return RT_OK;
}

/* Epochs done, with the fraction of the one under way. */
static double position(const struct rt_fit_job *job)
{
	return (double)job->fit->at.epoch + (double)job->fit->seen / (double)job->batches.n;
}

static double rate(const struct rt_fit_job *job, const struct rt_optim *o)
{
	const struct rt_fit *f = job->fit;
	const struct rt_schedule *s = (const void *)rt_schedules.rows[f->opts.schedule];

	return rt_optim_lr(o) * rt_schedule_factor(s, f->schedule_params, position(job),
						   (double)f->opts.epochs, f->opts.warmup);
}

static enum rt_status not_finite(const struct rt_fit_job *job, int i, const char *what,
				 struct rt_err *err)
{
	return rt_fail(err, RT_ENUMERIC,
		       "the %s of \"%s\" is not finite in epoch %" PRId64 " after %" PRId64
		       " samples; try a smaller -lr (now %g) or -clip 1",
		       what, job->worker[i].name, job->fit->at.epoch + 1, job->fit->seen,
		       rate(job, &job->fit->learner[i].optim));
}

/* Loss and gradients of one learner; its weights stay as they are. */
static enum rt_status look_at(struct rt_fit_job *job, int i, const struct rt_batch *b,
			      struct rt_err *err)
{
	struct worker *w = &job->worker[i];
	struct rt_learner *l = &job->fit->learner[i];

	RT_TRY(plan_for(&w->running, job, w, b->n, err));
	rt_plan_feed(w->running, w->graph, b->data, b->index, b->n, b->x);
	RT_TRY(rt_plan_forward(w->running, &l->rng, err));
	w->terms = (struct rt_terms){0};
	RT_TRY(l->objective->eval(w->work, l->self, b, w->running, w->logits, &w->terms, err));
	if (!isfinite(rt_terms_total(&w->terms)))
		return not_finite(job, i, "loss", err);
	rt_plan_zero_param_grads(w->running);
	return rt_plan_backward(w->running, err);
}

static enum rt_status learn(struct rt_fit_job *job, int i, int64_t n, struct rt_err *err)
{
	struct worker *w = &job->worker[i];
	struct rt_learner *l = &job->fit->learner[i];

	if (rt_optim_step(&l->optim, w->graph, w->running, rate(job, &l->optim),
			  job->fit->opts.clip, err) != RT_OK)
		return err->status == RT_ENUMERIC ? not_finite(job, i, "gradient", err)
						  : rt_wrap(err, "model \"%s\", epoch %" PRId64,
							    w->name, job->fit->at.epoch + 1);
	rt_terms_average(&job->fit->terms[i], job->fit->seen, &w->terms, n);
	return RT_OK;
}

/* Student and control learn together or not at all: when somebody asks to stop meanwhile, what
 * the batch has changed is taken back. */
static enum rt_status run_batch(struct rt_fit_job *job, const struct rt_batch *b,
				struct rt_err *err)
{
	struct rt_fit *f = job->fit;
	enum rt_status status = RT_OK;

	for (int i = 0; i < f->nlearners; i++)
		remember(&job->worker[i], &f->learner[i]);
	for (int i = 0; i < f->nlearners && status == RT_OK; i++)
		status = look_at(job, i, b, err);
	for (int i = 0; i < f->nlearners && status == RT_ECANCELLED; i++)
		RT_TRY(take_back(&job->worker[i], &f->learner[i], err));
	for (int i = 0; i < f->nlearners && status == RT_OK; i++)
		status = learn(job, i, b->n, err);
	return status;
}

enum rt_status rt_fit_batch(struct rt_fit_job *job, bool *done, struct rt_err *err)
{
	struct rt_fit *f = job->fit;
	struct rt_batches_state before = job->batches.state;
	struct rt_batch b = {.data = f->data, .x = job->x, .y = job->y};
	double start = rt_now();
	enum rt_status status;

	b.n = rt_batches_next(&job->batches, &b.index);
	RT_ASSERT(b.n > 0);
	rt_batches_fill(&job->batches, b.index, b.n, job->x, job->y);
	status = run_batch(job, &b, err);
	if (status == RT_ECANCELLED)
		job->batches.state = before;
	if (status != RT_OK)
		return status;
	f->seen += b.n;
	f->at = job->batches.state;
	f->seconds += rt_now() - start;
	*done = f->seen == job->batches.n;
	return RT_OK;
}

static enum rt_status test(struct rt_fit_job *job, int i, struct rt_epoch *e, float **logits,
			   struct rt_err *err)
{
	const struct rt_data *d = job->fit->data;
	struct rt_metrics m;
	const int32_t *index;
	int64_t n;
	float *z;

	index = rt_data_part(d, RT_PART_TEST, &n);
	RT_TRY(rt_predict(&z, job->worker[i].graph, d, index, n, err));
	rt_metrics_eval(&m, d, index, n, z);
	e->score[i] = rt_metrics_score(&m);
	e->test_loss[i] = m.loss;
	rt_metrics_release(&m);
	if (i == 0 && logits)
		*logits = z;
	else
		free(z);
	return RT_OK;
}

enum rt_status rt_fit_close_epoch(struct rt_fit_job *job, float **logits, struct rt_err *err)
{
	struct rt_fit *f = job->fit;
	struct rt_epoch e = {
		.agreement = NAN, .lr = rate(job, &f->learner[0].optim), .seconds = f->seconds};
	const int32_t *index;

	if (logits)
		*logits = NULL;
	for (int i = 0; i < f->nlearners; i++) {
		e.terms[i] = f->terms[i];
		if (test(job, i, &e, logits, err) != RT_OK) {
			if (logits)
				free(*logits);
			return err->status;
		}
	}
	/* the iteration says that the epoch is over by an empty batch, and starts the next */
	RT_ASSERT(rt_batches_next(&job->batches, &index) == 0);
	f->at = job->batches.state;
	e.epoch = f->at.epoch;
	rt_fit_add_epoch(f, &e);
	f->seen = 0;
	f->seconds = 0;
	return RT_OK;
}
