/* teacher.c - the cache of a teacher's logits. */
#include "config.h"

#include "distill/teacher.h"
#include "base/mem.h"
#include "base/sys.h"
#include "train/predict.h"

#include <stdlib.h>
#include <string.h>

struct rt_logits *rt_logits_ref(struct rt_logits *l)
{
	l->refs++;
	return l;
}

void rt_logits_unref(struct rt_logits *l)
{
	if (!l || --l->refs > 0)
		return;
	free(l->z);
	free(l);
}

uint64_t rt_logits_key(const struct rt_graph *g, const struct rt_data *d)
{
	return rt_hash(rt_graph_hash(g), &d->hash, sizeof(d->hash));
}

enum rt_status rt_logits_get(struct rt_logits **out, struct rt_logits_store *store,
			     const struct rt_model *m, const struct rt_data *d, struct rt_err *err)
{
	uint64_t key = rt_logits_key(m->graph, d);
	struct rt_logits *l;
	float *z;

	for (int i = 0; i < RT_LOGITS_KEPT; i++) {
		if (store->kept[i] && store->kept[i]->key == key) {
			*out = rt_logits_ref(store->kept[i]);
			return RT_OK;
		}
	}
	RT_TRY(rt_predict(&z, m->graph, d, NULL, d->n, err));
	l = rt_alloc(1, sizeof(*l));
	*l = (struct rt_logits){
		.refs = 1, .key = key, .n = d->n, .width = rt_graph_width(m->graph), .z = z};
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
