/* teacher.h - what the teacher says of every sample, computed once.
 *
 * Without augmentation a frozen teacher answers the same in every epoch, so its logits are kept.
 * They are keyed by the hash of its graph and weights and of the data with its preprocessing.
 */
#ifndef RT_DISTILL_TEACHER_H
#define RT_DISTILL_TEACHER_H

#include "io/model.h"
#include "train/data.h"

/* Logits of one model on every sample of one data set; reference-counted, immutable. */
struct rt_logits {
	int refs;
	uint64_t key;
	int64_t n, width;
	float *z;	/* n x width, by sample number */
};

struct rt_logits *rt_logits_ref(struct rt_logits *l);
void rt_logits_unref(struct rt_logits *l);

/* The key under which the logits of g on d are kept. */
uint64_t rt_logits_key(const struct rt_graph *g, const struct rt_data *d);

/* The most recent sets of logits; zero-initialize.  The oldest is let go for a new one. */
#define RT_LOGITS_KEPT 4
struct rt_logits_store {
	struct rt_logits *kept[RT_LOGITS_KEPT];
};

/* Finds or computes the logits of m on all of d; *out is a reference for the caller.
 * Errors: those of rt_predict(). */
enum rt_status rt_logits_get(struct rt_logits **out, struct rt_logits_store *store,
			     const struct rt_model *m, const struct rt_data *d, struct rt_err *err);
void rt_logits_store_release(struct rt_logits_store *store);

#endif
