/* distill.h - distillation methods as rows, and the objective that a student learns from.
 *
 * The two weights are named hard and soft; "alpha" means three different things in the literature.
 */
#ifndef RT_DISTILL_DISTILL_H
#define RT_DISTILL_DISTILL_H

#include "distill/teacher.h"
#include "train/objective.h"

/* Settings that every method reads; what only one method needs becomes an option of its own row. */
struct rt_distill_opts {
	double temperature;	/* T > 0 */
	double hard, soft;	/* weights of the two losses */
	struct rt_ints
		class_map; /* student class of each teacher class, -1 = left out; may be empty */
};

struct rt_distill;

struct rt_method {
	struct rt_row row;
	bool needs_classes;	/* makes no sense for regression */
	/* The soft loss of a batch: t are the teacher's logits (n x teacher width), z the student's
	 * (n x width); returns the value and adds weight times its gradient to dz. */
	double (*loss)(const struct rt_distill *d, const struct rt_batch *b, const float *t,
		       const float *z, int64_t width, double weight, float *dz);
};

extern const struct rt_list rt_methods;

/* One teacher teaching one student by one method; reference-counted, immutable. */
struct rt_distill {
	int refs;
	const struct rt_method *method;
	struct rt_distill_opts opts;	/* owned copy */
	struct rt_model *teacher;	/* one reference */
	struct rt_logits *logits; /* of the teacher on all samples, or NULL: run for every batch */
	int64_t teacher_width, width;	/* classes of teacher and student */
	uint64_t data_hash;		/* of the data the logits belong to */
};

/* Checks teacher, student (of so many outputs) and data against each other.  store NULL: the
 * teacher runs in every batch.  Errors: RT_EINVAL (both weights 0, class map of the wrong length or
 * range, a method that needs classes), RT_ESHAPE (the teacher does not take the samples; widths
 * differ and there is no class map), those of rt_predict(). */
enum rt_status rt_distill_new(struct rt_distill **out, const struct rt_method *method,
			      const struct rt_distill_opts *opts, struct rt_model *teacher,
			      int64_t width, const struct rt_data *data,
			      struct rt_logits_store *store, struct rt_err *err);
void rt_distill_unref(struct rt_distill *d);

/* hard * cross entropy + soft * the method's loss.  self is a struct rt_distill. */
extern const struct rt_objective rt_objective_distill;

/* q (student classes) from one row of teacher logits t: softmax at T, then summed by the class map,
 * and divided by the sum where teacher classes are left out.  [0.3, 0.4, 0.3] by {0 1 1} becomes
 * [0.3, 0.7].  Without a map it is the softmax. */
void rt_soft_labels(float *q, const struct rt_distill *d, const float *t, double T);

/* Share of n samples in percent for which the student's logits z (n x width) have the teacher's
 * answer; runs the teacher where its logits are not kept. */
enum rt_status rt_distill_agreement(double *out, const struct rt_distill *d,
				    const struct rt_data *data, const int32_t *index, int64_t n,
				    const float *z, struct rt_err *err);

#endif
