/* batch.c - goes through a part of a data set in batches, in an order drawn anew for every
 * epoch. */
#include "config.h"

#include "train/batch.h"

#include <inttypes.h>
#include <stdlib.h>

/* The order of epoch e depends on the stream and e only, so it can be made again from a
 * checkpoint. */
static void draw_order(struct rt_batches *b)
{
	struct rt_rng rng = rt_rng_split(&b->state.rng, "epoch", (uint64_t)b->state.epoch);
	const int32_t *index;
	int64_t n;

	index = rt_data_part(b->data, b->part, &n);
	for (int64_t i = 0; i < n; i++)
		b->order[i] = index ? index[i] : (int32_t)i;
	if (b->shuffle)
		rt_rng_shuffle(&rng, b->order, n);
}

enum rt_status rt_batches_init(struct rt_batches *b, struct rt_data *d, enum rt_part part,
			       int64_t batch, bool shuffle, const struct rt_rng *rng,
			       struct rt_err *err)
{
	int64_t n;

	*b = (struct rt_batches){0};
	rt_data_part(d, part, &n);
	if (batch < 1)
		return rt_fail(err, RT_EINVAL, "a batch must have 1 sample at least, got %" PRId64,
			       batch);
	if (n == 0)
		return rt_fail(err, RT_EINVAL, "data set %s has no %s part", d->name,
			       part == RT_PART_TEST ? "test" : "training");
	b->order = malloc((size_t)n * sizeof(*b->order));
	if (!b->order)
		return rt_fail(err, RT_ENOMEM, "no memory for the order of %" PRId64 " samples", n);
	b->data = rt_data_ref(d);
	b->part = part;
	b->n = n;
	b->batch = batch;
	b->shuffle = shuffle;
	b->state.rng = *rng;
	draw_order(b);
	return RT_OK;
}

void rt_batches_release(struct rt_batches *b)
{
	rt_data_unref(b->data);
	free(b->order);
	*b = (struct rt_batches){0};
}

/* The samples behind the batch are read, where they lie in a file, while the batch is computed. */
static void look_ahead(const struct rt_batches *b)
{
	size_t bytes = rt_tensor_bytes(&b->data->x) / (size_t)b->data->n;
	int64_t end = b->state.at + b->batch < b->n ? b->state.at + b->batch : b->n;

	for (int64_t i = b->state.at; i < end; i++)
		rt_tensor_want(&b->data->x, (size_t)b->order[i] * bytes, bytes);
}

int64_t rt_batches_next(struct rt_batches *b, const int32_t **index)
{
	int64_t left = b->n - b->state.at, n = left < b->batch ? left : b->batch;

	*index = b->order + b->state.at;
	b->state.at += n;
	look_ahead(b);
	if (n == 0) {
		b->state.epoch++;
		b->state.at = 0;
		draw_order(b);
	}
	return n;
}

int64_t rt_batches_count(const struct rt_batches *b)
{
	return (b->n - 1) / b->batch + 1;
}

enum rt_status rt_batches_resume(struct rt_batches *b, const struct rt_batches_state *state,
				 struct rt_err *err)
{
	if (state->epoch < 0 || state->at < 0 || state->at > b->n)
		return rt_fail(err, RT_EINVAL,
			       "position %" PRId64 " of epoch %" PRId64 " is outside of %" PRId64
			       " samples",
			       state->at, state->epoch, b->n);
	b->state = *state;
	draw_order(b);
	return RT_OK;
}

void rt_batches_fill(const struct rt_batches *b, const int32_t *index, int64_t n, float *x, void *y)
{
	if (x)
		rt_data_fill_x(b->data, index, n, x);
	if (y && b->data->task == RT_CLASSIFY)
		rt_data_fill_labels(b->data, index, n, y);
	else if (y)
		rt_data_fill_targets(b->data, index, n, y);
}
