/* fit.c - the state of a training run. */
#include "config.h"

#include "train/fit.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const char *const rt_optimizer_choices[] = {"sgd", "adam", "adamw", NULL};
const char *const rt_schedule_choices[] = {"constant", "step", "cosine", "linear", NULL};

/* Hands value to the option `name` of row; an option the row lacks is the user's mistake. */
static enum rt_status set_real(const struct rt_row *row, void *params, const char *name,
			       double value, struct rt_err *err)
{
	const struct rt_opt *o = rt_opt_find(row, name);

	if (isnan(value))
		return RT_OK;
	if (!o)
		return rt_fail(err, RT_EINVAL, "%s has no option -%s", row->name, name);
	*(double *)((char *)params + o->offset) = value;
	return RT_OK;
}

static enum rt_status optimizer_params(void **out, const struct rt_optimizer *kind,
				       const struct rt_fit_opts *o, struct rt_err *err)
{
	void *params = rt_alloc(1, kind->row.params_size);
	const struct rt_opt *nesterov = rt_opt_find(&kind->row, "nesterov");
	enum rt_status status;

	rt_params_init(&kind->row, params);
	if ((status = set_real(&kind->row, params, "lr", o->lr, err)) == RT_OK &&
	    (status = set_real(&kind->row, params, "momentum", o->momentum, err)) == RT_OK &&
	    (status = set_real(&kind->row, params, "weight-decay", o->weight_decay, err)) ==
		    RT_OK &&
	    (status = set_real(&kind->row, params, "beta1", o->beta1, err)) == RT_OK)
		status = set_real(&kind->row, params, "beta2", o->beta2, err);
	if (status == RT_OK && o->nesterov && !nesterov)
		status = rt_fail(err, RT_EINVAL, "%s has no option -nesterov", kind->row.name);
	if (status != RT_OK) {
		free(params);
		return status;
	}
	if (o->nesterov)
		*(bool *)((char *)params + nesterov->offset) = true;
	*out = params;
	return RT_OK;
}

static enum rt_status schedule_params(void **out, const struct rt_schedule *kind,
				      const struct rt_fit_opts *o, struct rt_err *err)
{
	const struct rt_opt *milestones = rt_opt_find(&kind->row, "milestones");
	void *params = rt_alloc(1, kind->row.params_size);

	rt_params_init(&kind->row, params);
	if (set_real(&kind->row, params, "gamma", o->gamma, err) != RT_OK ||
	    (o->milestones.n && !milestones &&
	     rt_fail(err, RT_EINVAL, "schedule %s has no option -milestones", kind->row.name))) {
		free(params);
		return err->status;
	}
	if (milestones && o->milestones.n)
		rt_reals_set((struct rt_reals *)((char *)params + milestones->offset),
			     o->milestones.n, o->milestones.v);
	*out = params;
	return RT_OK;
}

static void copy_opts(struct rt_fit_opts *to, const struct rt_fit_opts *from)
{
	*to = *from;
	to->milestones = (struct rt_reals){0};
	rt_reals_set(&to->milestones, from->milestones.n, from->milestones.v);
}

enum rt_status rt_fit_new(struct rt_fit **out, struct rt_data *data, const struct rt_fit_opts *opts,
			  int n, const struct rt_objective *const *objective, void *const *self,
			  struct rt_err *err)
{
	const struct rt_optimizer *kind = (const void *)rt_optimizers.rows[opts->optimizer];
	const struct rt_schedule *schedule = (const void *)rt_schedules.rows[opts->schedule];
	struct rt_fit *f = rt_alloc(1, sizeof(*f));
	struct rt_rng root;
	void *params;

	f->refs = 1;
	f->data = rt_data_ref(data);
	copy_opts(&f->opts, opts);
	rt_rng_seed(&root, (uint64_t)opts->seed);
	f->at.rng = rt_rng_split(&root, "batches", 0);
	f->nlearners = n;
	for (int i = 0; i < n; i++)
		f->learner[i] = (struct rt_learner){.objective = objective[i], .self = self[i],
						    .rng = rt_rng_split(&root, "dropout", 0)};
	if (schedule_params(&f->schedule_params, schedule, opts, err) != RT_OK)
		goto out;
	for (int i = 0; i < n; i++) {
		if (optimizer_params(&params, kind, opts, err) != RT_OK)
			goto out;
		rt_optim_init(&f->learner[i].optim, kind, params);
	}
	*out = f;
	return RT_OK;
out:
	rt_fit_unref(f);
	return err->status;
}

struct rt_fit *rt_fit_ref(struct rt_fit *f)
{
	f->refs++;
	return f;
}

/* What the histories of a run and its clones lie in; a run sees the first of them. */
struct epochs {
	int refs, n, cap;
	struct rt_epoch item[];
};

static struct epochs *epochs_of(const struct rt_fit *f)
{
	return (struct epochs *)(void *)((char *)f->history - offsetof(struct epochs, item));
}

static void unref_epochs(const struct rt_fit *f)
{
	if (f->history && --epochs_of(f)->refs == 0)
		free(epochs_of(f));
}

void rt_fit_unref(struct rt_fit *f)
{
	if (!f || --f->refs > 0)
		return;
	for (int i = 0; i < f->nlearners; i++) {
		struct rt_learner *l = &f->learner[i];

		if (l->self && l->objective->unref)
			l->objective->unref(l->self);
		rt_optim_release(&l->optim);
	}
	if (f->schedule_params)
		rt_params_release(rt_schedules.rows[f->opts.schedule], f->schedule_params);
	free(f->schedule_params);
	free(f->opts.milestones.v);
	unref_epochs(f);
	rt_data_unref(f->data);
	free(f);
}

struct rt_fit *rt_fit_clone(const struct rt_fit *f)
{
	const struct rt_row *schedule = rt_schedules.rows[f->opts.schedule];
	struct rt_fit *c = rt_memdup(f, 1, sizeof(*f));

	c->refs = 1;
	rt_data_ref(c->data);
	copy_opts(&c->opts, &f->opts);
	c->schedule_params = rt_alloc(1, schedule->params_size);
	rt_params_copy(schedule, c->schedule_params, f->schedule_params);
	for (int i = 0; i < c->nlearners; i++) {
		struct rt_learner *l = &c->learner[i];

		if (l->self && l->objective->ref)
			l->objective->ref(l->self);
		rt_optim_copy(&l->optim, &f->learner[i].optim);
	}
	if (c->history)
		epochs_of(c)->refs++;
	return c;
}

/* Behind what others of the same past have added, it goes on in a copy. */
void rt_fit_add_epoch(struct rt_fit *f, const struct rt_epoch *e)
{
	const size_t n = (size_t)f->nhistory;
	struct epochs *old = f->history ? epochs_of(f) : NULL;

	if (!old || old->n != f->nhistory || old->n == old->cap) {
		struct epochs *new = rt_alloc(1, sizeof(*new) + (2 * n + 8) * sizeof(*e));

		*new = (struct epochs){.refs = 1, .n = f->nhistory, .cap = 2 * f->nhistory + 8};
		if (n > 0)
			memcpy(new->item, f->history, n * sizeof(*e));
		unref_epochs(f);
		f->history = new->item;
		old = new;
	}
	old->item[old->n++] = *e;
	f->nhistory++;
}
