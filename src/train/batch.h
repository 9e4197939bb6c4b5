/* batch.h - the order in which a part of a data set is seen, a batch at a time, epoch after
 * epoch. */
#ifndef RT_TRAIN_BATCH_H
#define RT_TRAIN_BATCH_H

#include "train/data.h"

/* Where an iteration stands.  Plain words: copying them is a checkpoint, because the order of an
 * epoch follows from the stream and the epoch's number alone. */
struct rt_batches_state {
	struct rt_rng rng;	/* never advances; each epoch shuffles with a stream split off it */
	int64_t epoch;		/* under way, from 0 */
	int64_t at;		/* samples of this epoch already handed out */
};

struct rt_batches {
	struct rt_data *data;	/* one reference is held */
	enum rt_part part;
	int64_t n;		/* samples an epoch */
	int64_t batch;		/* samples a batch; the last of an epoch may have fewer */
	bool shuffle;
	struct rt_batches_state state;
	int32_t *order;		/* [n] sample numbers of this epoch */
};

/* Starts before the first batch of epoch 0.  Errors: RT_EINVAL (batch < 1, or the part is empty),
 * RT_ENOMEM.  The caller releases. */
enum rt_status rt_batches_init(struct rt_batches *b, struct rt_data *d, enum rt_part part,
			       int64_t batch, bool shuffle, const struct rt_rng *rng,
			       struct rt_err *err);
void rt_batches_release(struct rt_batches *b);

/* Points *index at the sample numbers of the next batch (borrowed until the next call) and
 * returns how many there are; 0 once at the end of every epoch, after which the next epoch
 * begins. */
int64_t rt_batches_next(struct rt_batches *b, const int32_t **index);

/* Batches an epoch, the partial one included. */
int64_t rt_batches_count(const struct rt_batches *b);

/* Goes on from a state taken (by copying b->state) from an iteration over the same part.
 * Error: RT_EINVAL (the position is outside the epoch). */
enum rt_status rt_batches_resume(struct rt_batches *b, const struct rt_batches_state *state,
				 struct rt_err *err);

/* Writes the n samples of a batch as the model sees them: x (n x sample, f32), and y (n labels,
 * i32) for RT_CLASSIFY or (n x outputs, f32, learned units) for RT_REGRESS.  Either may be NULL. */
void rt_batches_fill(const struct rt_batches *b, const int32_t *index, int64_t n, float *x,
		     void *y);

#endif
