/* teacher.c - the cache of a teacher's logits. */
#include "config.h"

#include "distill/teacher.h"
#include "base/big.h"
#include "base/mem.h"
#include "base/sys.h"
#include "train/predict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Samples whose logits are in memory at once where the others are not. */
#define BLOCK 8192

struct rt_logits *rt_logits_ref(struct rt_logits *l)
{
	l->refs++;
	return l;
}

void rt_logits_unref(struct rt_logits *l)
{
	if (!l || --l->refs > 0)
		return;
	rt_big_free(l->z);
	free(l);
}

uint64_t rt_logits_key(const struct rt_graph *g, const struct rt_data *d)
{
	return rt_hash(rt_graph_hash(g), &d->hash, sizeof(d->hash));
}

/* The logits of samples [at, at + n), one behind the other. */
static enum rt_status block(float *to, const struct rt_model *m, const struct rt_data *d,
			    int64_t at, int64_t n, struct rt_err *err)
{
	int32_t *index = rt_alloc((size_t)n, sizeof(*index));
	enum rt_status status;
	float *z;

	for (int64_t i = 0; i < n; i++)
		index[i] = (int32_t)(at + i);
	status = rt_predict(&z, m->graph, d, index, n, err);
	if (status == RT_OK) {
		memcpy(to, z, (size_t)(n * rt_graph_width_on(m->graph, d)) * sizeof(*z));
		free(z);
	}
	free(index);
	return status;
}

/* All logits (n, width); what does not fit into memory is made block by block in a file. */
static enum rt_status all_logits(float **out, const struct rt_model *m, const struct rt_data *d,
				 struct rt_err *err)
{
	int64_t width = rt_graph_width_on(m->graph, d), step = d->n;
	size_t bytes = (size_t)(d->n * width) * sizeof(float);
	float *z = rt_big_new(bytes);
	enum rt_status status = RT_OK;

	if (!z)
		return rt_fail(err, RT_ENOMEM,
			       "no memory and no file for the teacher's logits of %" PRId64
			       " samples",
			       d->n);
	if (rt_big_in_file(z))
		step = BLOCK;
	for (int64_t at = 0; at < d->n && status == RT_OK; at += step)
		status = block(z + at * width, m, d, at, d->n - at < step ? d->n - at : step, err);
	if (status == RT_OK)
		*out = z;
	else
		rt_big_free(z);
	return status;
}

enum rt_status rt_logits_get(struct rt_logits **out, struct rt_logits_store *store,
			     const struct rt_model *m, const struct rt_data *d, struct rt_err *err)
{
	uint64_t key = rt_logits_key(m->graph, d);
	struct rt_logits *l;
	float *z = NULL;

	for (int i = 0; i < RT_LOGITS_KEPT; i++) {
		if (store->kept[i] && store->kept[i]->key == key) {
			*out = rt_logits_ref(store->kept[i]);
			return RT_OK;
		}
	}
	RT_TRY(all_logits(&z, m, d, err));
	l = rt_alloc(1, sizeof(*l));
	*l = (struct rt_logits){
		.refs = 1, .key = key, .n = d->n, .width = rt_graph_width_on(m->graph, d), .z = z};
	rt_logits_unref(store->kept[RT_LOGITS_KEPT - 1]);
	memmove(store->kept + 1, store->kept, sizeof(store->kept[0]) * (RT_LOGITS_KEPT - 1));
	store->kept[0] = rt_logits_ref(l);
	*out = l;
	return RT_OK;
}

void rt_logits_store_release(struct rt_logits_store *store)
{
	for (int i = 0; i < RT_LOGITS_KEPT; i++)
		rt_logits_unref(store->kept[i]);
	*store = (struct rt_logits_store){0};
}
