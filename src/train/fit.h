/* fit.h - training: the state of a run, and the job that moves it on batch by batch.
 *
 * A run trains one model, or two side by side on the same batches (a student and its control).  The
 * state holds no weights: the models are handed to the job when it begins, so that undo, pruning
 * and saving work on the models themselves.
 */
#ifndef RT_TRAIN_FIT_H
#define RT_TRAIN_FIT_H

#include "train/batch.h"
#include "train/metrics.h"
#include "train/objective.h"
#include "train/optim.h"
#include "train/schedule.h"

#define RT_MAX_LEARNERS 2

/* Options that every command which trains has; put RT_FIT_OPTS(struct) into its row. */
struct rt_fit_opts {
	int64_t epochs, batch, seed;
	int optimizer, schedule;	/* indices into rt_optimizers, rt_schedules */
	double lr, momentum, weight_decay, beta1, beta2,
		gamma; /* unset = the optimizer's default */
	bool nesterov;
	struct rt_reals milestones;
	double warmup, clip;
};

extern const char *const rt_optimizer_choices[], *const rt_schedule_choices[];

#define RT_FIT_OPTS(type, field)                                                                   \
	{"batch", "samples a batch", RT_INT, offsetof(struct type, field.batch), "64", 1, 1e6},    \
		{"optimizer",                                                                      \
		 "how weights follow gradients",                                                   \
		 RT_CHOICE,                                                                        \
		 offsetof(struct type, field.optimizer),                                           \
		 "sgd",                                                                            \
		 .choices = rt_optimizer_choices,                                                  \
		 .of = "optimizer"},                                                               \
		{"lr",                                                                             \
		 "learning rate; default: the optimizer's",                                        \
		 RT_REAL,                                                                          \
		 offsetof(struct type, field.lr),                                                  \
		 NULL,                                                                             \
		 0,                                                                                \
		 100,                                                                              \
		 .flags = RT_OPT_ABOVE_MIN,                                                        \
		 .example = "0.05"},                                                               \
		{"momentum", "momentum of sgd; default 0.9",                                       \
		 RT_REAL,    offsetof(struct type, field.momentum),                                \
		 NULL,	     0,                                                                    \
		 1,	     .example = "0.9"},                                                    \
		{"nesterov", "Nesterov momentum", RT_BOOL, offsetof(struct type, field.nesterov),  \
		 "no"},                                                                            \
		{"weight-decay",                                                                   \
		 "weight decay; default: the optimizer's",                                         \
		 RT_REAL,                                                                          \
		 offsetof(struct type, field.weight_decay),                                        \
		 NULL,                                                                             \
		 0,                                                                                \
		 10,                                                                               \
		 .example = "0.0005"},                                                             \
		{"beta1", "beta1 of adam and adamw; default 0.9",                                  \
		 RT_REAL, offsetof(struct type, field.beta1),                                      \
		 NULL,	  0,                                                                       \
		 0.9999,  .example = "0.9"},                                                       \
		{"beta2",  "beta2 of adam and adamw; default 0.999",                               \
		 RT_REAL,  offsetof(struct type, field.beta2),                                     \
		 NULL,	   0,                                                                      \
		 0.999999, .example = "0.999"},                                                    \
		{"schedule",	  "how the learning rate changes over the run",                    \
		 RT_CHOICE,	  offsetof(struct type, field.schedule),                           \
		 "constant",	  .choices = rt_schedule_choices,                                  \
		 .of = "schedule"},                                                                \
		{"milestones", "epochs at which schedule step multiplies by gamma",                \
		 RT_REALS,     offsetof(struct type, field.milestones),                            \
		 NULL,	       0,                                                                  \
		 INFINITY,     .example = "15 18"},                                                \
		{"gamma",                                                                          \
		 "factor of schedule step; default 0.1",                                           \
		 RT_REAL,                                                                          \
		 offsetof(struct type, field.gamma),                                               \
		 NULL,                                                                             \
		 0,                                                                                \
		 1,                                                                                \
		 .flags = RT_OPT_ABOVE_MIN,                                                        \
		 .example = "0.1"},                                                                \
		{"warmup", "epochs of linear warm-up",                                             \
		 RT_REAL,  offsetof(struct type, field.warmup),                                    \
		 "0",	   0,                                                                      \
		 1e6},                                                                             \
		{"clip",  "largest L2 norm of the gradients; 0 = no limit",                        \
		 RT_REAL, offsetof(struct type, field.clip),                                       \
		 "0",	  0,                                                                       \
		 1e9},                                                                             \
		{"seed", "of batches and dropout; default: drawn from the session",                \
		 RT_INT, offsetof(struct type, field.seed),                                        \
		 NULL,	 0,                                                                        \
		 9e15,	 .example = "1"}

/* What an epoch gave. */
struct rt_epoch {
	int64_t epoch;				/* from 1 */
	struct rt_terms terms[RT_MAX_LEARNERS];	/* means over its samples */
	double score[RT_MAX_LEARNERS];		/* on the test part: percent, or RMSE */
	double test_loss[RT_MAX_LEARNERS];
	double agreement;			/* with the teacher, percent; NAN without */
	double lr, seconds;
};

struct rt_learner {
	const struct rt_objective *objective;
	void *self;		/* the objective's; one reference is held */
	struct rt_optim optim;
	struct rt_rng rng;	/* dropout; the same stream for both learners */
};

/* State of a run; reference-counted, cloned before it is changed when somebody else holds it. */
struct rt_fit {
	int refs;
	struct rt_data *data;
	struct rt_fit_opts opts;	/* owned copy */
	void *schedule_params;		/* owned */
	int nlearners;
	struct rt_learner learner[RT_MAX_LEARNERS];
	struct rt_batches_state at;
	int64_t seen;			/* samples of the epoch under way */
	double seconds;			/* spent on the epoch under way */
	struct rt_terms terms[RT_MAX_LEARNERS];	/* of the epoch under way */
	struct rt_epoch *history;	/* only the first nhistory are this run's: clones share
					   what they have in common */
	int nhistory;
};

/* A run over the training part of data.  objective[i] and self[i] (one reference is taken over) for
 * each of n learners.  Errors: RT_EINVAL (an option that the chosen optimizer or schedule does not
 * have). */
enum rt_status rt_fit_new(struct rt_fit **out, struct rt_data *data, const struct rt_fit_opts *opts,
			  int n, const struct rt_objective *const *objective, void *const *self,
			  struct rt_err *err);
struct rt_fit *rt_fit_ref(struct rt_fit *f);
void rt_fit_unref(struct rt_fit *f);
struct rt_fit *rt_fit_clone(const struct rt_fit *f);

/* Adds an epoch to the history of a run that the caller owns alone. */
void rt_fit_add_epoch(struct rt_fit *f, const struct rt_epoch *e);

/* --- the job: begin, batch by batch, end ------------------------------------------------------ */

struct rt_fit_job;

/* Makes plans for the graphs (one a learner, borrowed; their weights are changed by the job).  fit
 * is changed too; the caller owns it alone.  Errors: RT_ESHAPE (graph and data disagree),
 * plans'. */
enum rt_status rt_fit_begin(struct rt_fit_job **out, struct rt_fit *fit,
			    struct rt_graph *const *graphs, const char *const *names,
			    struct rt_err *err);

/* One mini-batch of every learner.  *done tells that it was the last of its epoch; the caller then
 * calls rt_fit_close_epoch().  Errors: RT_ENUMERIC (the loss is not finite; which batch, what to
 * try); RT_ECANCELLED, which leaves fit and graphs as the batch before made them. */
enum rt_status rt_fit_batch(struct rt_fit_job *job, bool *done, struct rt_err *err);

/* Evaluates every learner on the test part and appends to the history.  *logits receives the
 * student's test logits (npart x width, the caller frees); may be NULL.  After RT_ECANCELLED
 * nothing has changed. */
enum rt_status rt_fit_close_epoch(struct rt_fit_job *job, float **logits, struct rt_err *err);

/* Frees the job; the state stays usable wherever it stopped.  NULL is fine. */
void rt_fit_end(struct rt_fit_job *job);

/* Samples of the epoch under way already seen, and of a whole epoch. */
int64_t rt_fit_seen(const struct rt_fit_job *job);
int64_t rt_fit_total(const struct rt_fit_job *job);

#endif
