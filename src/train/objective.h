/* objective.h - what a model learns from: the loss of a batch and where its gradient starts.
 *
 * Plain training uses rt_objective_hard; a distillation method is another objective.
 */
#ifndef RT_TRAIN_OBJECTIVE_H
#define RT_TRAIN_OBJECTIVE_H

#include "exec/plan.h"
#include "train/data.h"

#define RT_MAX_TERMS 8
#define RT_TERM_NAME 16

/* A loss is a weighted sum of named terms.  A name is one word, cut off where it is too long. */
struct rt_terms {
	int n;
	struct {
		char name[RT_TERM_NAME];
		double weight, value;
	} term[RT_MAX_TERMS];
};

/* Adds a term; sum of weight * value. */
void rt_terms_add(struct rt_terms *t, const char *name, double weight, double value);
double rt_terms_total(const struct rt_terms *t);

/* Adds n samples' worth of part to the running mean over samples that sum holds for `seen`
 * samples. */
void rt_terms_average(struct rt_terms *sum, int64_t seen, const struct rt_terms *part, int64_t n);

/* One mini-batch. */
struct rt_batch {
	const struct rt_data *data;
	const int32_t *index;	/* [n] sample numbers */
	int64_t n;
	const float *x;		/* n x sample, as the model sees it */
	const void *y;		/* labels (i32) or targets (f32, learned units) */
};

/* A kind of objective.  self is its own description, immutable and shared; work is what one job
 * needs while it runs (plans, buffers), made by begin and freed by end. */
struct rt_objective {
	const char *name;
	/* May give values of the student to tap (*taps allocated, freed by the caller). */
	enum rt_status (*begin)(void **work, void *self, const struct rt_graph *student,
				const struct rt_data *data, int **taps, int *ntaps,
				struct rt_err *err);
	/* After the student's forward: fills terms and adds gradients through rt_plan_seed(). */
	enum rt_status (*eval)(void *work, void *self, const struct rt_batch *batch,
			       struct rt_plan *plan, int logits, struct rt_terms *terms,
			       struct rt_err *err);
	void (*end)(void *work);
	void *(*ref)(void *self);	/* one more owner */
	void (*unref)(void *self);
};

/* Cross entropy with the labels, or mean square with the targets.  self is NULL. */
extern const struct rt_objective rt_objective_hard;

/* The hard loss of a batch added with a weight: value returned, gradient into dz (n x width). */
double rt_hard_loss(const struct rt_batch *b, const float *z, int64_t width, double weight,
		    float *dz);

#endif
