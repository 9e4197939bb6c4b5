/* distill.c - teacher, student and method put together. */
#include "config.h"

#include "distill/distill.h"
#include "base/mem.h"
#include "train/loss.h"
#include "train/metrics.h"
#include "train/predict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void rt_soft_labels(float *q, const struct rt_distill *d, const float *t, double T)
{
	const struct rt_ints *map = &d->opts.class_map;
	float *p = q;
	double sum = 0;

	if (map->n)
		p = rt_alloc((size_t)d->teacher_width, sizeof(*p));
	rt_soften(p, t, d->teacher_width, T);
	if (!map->n)
		return;
	memset(q, 0, (size_t)d->width * sizeof(*q));
	for (int i = 0; i < map->n; i++) {
		if (map->v[i] < 0)
			continue;
		q[map->v[i]] += p[i];
		sum += (double)p[i];
	}
	for (int64_t c = 0; c < d->width; c++)
		q[c] = sum > 0 ? (float)((double)q[c] / sum) : 1.0f / (float)d->width;
	free(p);
}

static enum rt_status check_map(const struct rt_distill *d, struct rt_err *err)
{
	const struct rt_ints *map = &d->opts.class_map;

	if (!map->n && d->teacher_width != d->width)
		return rt_fail(
			err, RT_ESHAPE,
			"teacher \"%s\" has %" PRId64 " classes, the student %" PRId64
			"; say which goes to which with -class-map {student class of each teacher "
			"class}",
			d->teacher->name, d->teacher_width, d->width);
	if (map->n && map->n != d->teacher_width)
		return rt_fail(err, RT_EINVAL,
			       "-class-map has %d entries, teacher \"%s\" has %" PRId64 " classes",
			       map->n, d->teacher->name, d->teacher_width);
	for (int i = 0; i < map->n; i++)
		if (map->v[i] < -1 || map->v[i] >= d->width)
			return rt_fail(err, RT_EINVAL,
				       "-class-map sends teacher class %d to %" PRId64
				       "; student classes are 0 to %" PRId64 " (-1 leaves one out)",
				       i, map->v[i], d->width - 1);
	return RT_OK;
}

static enum rt_status check(const struct rt_distill *d, const struct rt_data *data,
			    struct rt_err *err)
{
	if (d->opts.hard == 0 && d->opts.soft == 0)
		return rt_fail(err, RT_EINVAL,
			       "-hard and -soft are both 0: there is nothing to learn from");
	if (d->opts.class_map.n && !d->method->needs_classes)
		return rt_fail(err, RT_EINVAL,
			       "method %s compares logits one by one and takes no -class-map",
			       d->method->row.name);
	if (data->task == RT_REGRESS && d->method->needs_classes)
		return rt_fail(err, RT_EINVAL,
			       "method %s needs classes, data set \"%s\" is a regression   "
			       "(try: -method logit_regression)",
			       d->method->row.name, data->name);
	RT_TRY(rt_graph_takes(d->teacher->graph, d->teacher->name, data, err));
	return check_map(d, err);
}

enum rt_status rt_distill_new(struct rt_distill **out, const struct rt_method *method,
			      const struct rt_distill_opts *opts, struct rt_model *teacher,
			      int64_t width, const struct rt_data *data,
			      struct rt_logits_store *store, struct rt_err *err)
{
	struct rt_distill *d = rt_alloc(1, sizeof(*d));

	d->refs = 1;
	d->method = method;
	d->opts = *opts;
	d->opts.class_map = (struct rt_ints){0};
	rt_ints_set(&d->opts.class_map, opts->class_map.n, opts->class_map.v);
	d->teacher = rt_model_ref(teacher);
	d->teacher_width = rt_graph_width_on(teacher->graph, data);
	d->width = width;
	d->data_hash = data->hash;
	if (check(d, data, err) != RT_OK ||
	    (store && rt_logits_get(&d->logits, store, teacher, data, err) != RT_OK)) {
		rt_distill_unref(d);
		return err->status;
	}
	*out = d;
	return RT_OK;
}

void rt_distill_unref(struct rt_distill *d)
{
	if (!d || --d->refs > 0)
		return;
	rt_model_unref(d->teacher);
	rt_logits_unref(d->logits);
	free(d->opts.class_map.v);
	free(d);
}

/* --- the objective ------------------------------------------------------------------------ */

struct work {
	struct rt_plan *plan[2];	/* of the teacher, where its logits are not kept */
	int64_t batch;			/* of plan[0] */
	float *t;			/* teacher logits of the batch */
	int64_t cap;
};

static enum rt_status begin(void **out, void *self, const struct rt_graph *student,
			    const struct rt_data *data, int **taps, int *ntaps, struct rt_err *err)
{
	const struct rt_distill *d = self;

	*taps = NULL;
	*ntaps = 0;
	if (rt_graph_width(student) != d->width)
		return rt_fail(err, RT_ESHAPE, "the student has %" PRId64 " classes now, %" PRId64
			       " when distillation began", rt_graph_width(student), d->width);
	if (d->logits && d->logits->key != rt_logits_key(d->teacher->graph, data))
		return rt_fail(err, RT_EINVAL,
			       "the kept logits of teacher \"%s\" belong to other data or "
			       "weights; start again with distill",
			       d->teacher->name);
	*out = rt_alloc(1, sizeof(struct work));
	return RT_OK;
}

static void end(void *work)
{
	struct work *w = work;

	rt_plan_free(w->plan[0]);
	rt_plan_free(w->plan[1]);
	free(w->t);
	free(w);
}

static enum rt_status run_teacher(struct work *w, const struct rt_distill *d,
				  const struct rt_batch *b, struct rt_err *err)
{
	int logits = rt_graph_logits(d->teacher->graph);
	struct rt_plan_opts o = {.batch = b->n, .purpose = RT_INFER, .taps = &logits, .ntaps = 1};
	struct rt_plan **slot = &w->plan[w->plan[0] && rt_plan_batch(w->plan[0]) != b->n];
	enum rt_status status = RT_OK;

	if (*slot && rt_plan_batch(*slot) != b->n) {
		rt_plan_free(*slot);
		*slot = NULL;
	}
	if (!*slot)
		status = rt_plan_new(slot, d->teacher->graph, &o, err);
	if (status == RT_EUNSUPPORTED || status == RT_EUNKNOWN)
		return rt_fail(err, status, "teacher \"%s\" cannot run in every batch: %s   (try: "
			       "-cache yes)", d->teacher->name, err->msg);
	RT_TRY(status);
	rt_plan_feed(*slot, d->teacher->graph, b->data, b->index, b->n, b->x);
	RT_TRY(rt_plan_forward(*slot, NULL, err));
	memcpy(w->t, rt_plan_value(*slot, logits)->data,
	       (size_t)(b->n * d->teacher_width) * sizeof(float));
	return RT_OK;
}

static enum rt_status teacher_logits(struct work *w, const struct rt_distill *d,
				     const struct rt_batch *b, struct rt_err *err)
{
	if (w->cap < b->n) {
		w->cap = b->n;
		w->t = rt_realloc(w->t, (size_t)(b->n * d->teacher_width), sizeof(float));
	}
	if (!d->logits)
		return run_teacher(w, d, b, err);
	for (int64_t i = 0; i < b->n; i++)
		memcpy(w->t + i * d->teacher_width, d->logits->z + b->index[i] * d->teacher_width,
		       (size_t)d->teacher_width * sizeof(float));
	return RT_OK;
}

static enum rt_status eval(void *work, void *self, const struct rt_batch *b, struct rt_plan *plan,
			   int logits, struct rt_terms *terms, struct rt_err *err)
{
	const struct rt_distill *d = self;
	struct work *w = work;
	const float *z = rt_plan_value(plan, logits)->data;
	float *dz = rt_plan_seed(plan, logits);

	if (d->opts.hard > 0)
		rt_terms_add(terms, "hard", d->opts.hard,
			     rt_hard_loss(b, z, d->width, d->opts.hard, dz));
	if (d->opts.soft == 0)
		return RT_OK;
	RT_TRY(teacher_logits(w, d, b, err));
	rt_terms_add(terms, "soft", d->opts.soft,
		     d->method->loss(d, b, w->t, z, d->width, d->opts.soft, dz));
	return RT_OK;
}

static void *ref(void *self)
{
	((struct rt_distill *)self)->refs++;
	return self;
}

static void unref(void *self)
{
	rt_distill_unref(self);
}

const struct rt_objective rt_objective_distill = {
	.name = "distill", .begin = begin, .eval = eval, .end = end, .ref = ref, .unref = unref};

enum rt_status rt_distill_agreement(double *out, const struct rt_distill *d,
				    const struct rt_data *data, const int32_t *index, int64_t n,
				    const float *z, struct rt_err *err)
{
	float *q = rt_alloc((size_t)(d->width > d->teacher_width ? d->width : d->teacher_width),
			    sizeof(*q));
	float *t = NULL;
	int64_t same = 0;

	if (!d->logits && rt_predict(&t, d->teacher->graph, data, index, n, err) != RT_OK) {
		free(q);
		return err->status;
	}
	for (int64_t i = 0; i < n; i++) {
		const float *row = t ? t + i * d->teacher_width
				     : d->logits->z + (index ? index[i] : i) * d->teacher_width;

		rt_soft_labels(q, d, row, 1);
		same += rt_argmax(q, d->width) == rt_argmax(z + i * d->width, d->width);
	}
	*out = 100 * (double)same / (double)n;
	free(q);
	free(t);
	return RT_OK;
}
