/* mask.c - masks of parameters: making them, and keeping masked weights zero. */
#include "config.h"

#include "graph/mask.h"

#include <string.h>

int64_t rt_param_masked(const struct rt_param *p)
{
	const unsigned char *mask = rt_tensor_data(&p->mask);
	int64_t n = rt_tensor_count(&p->mask), masked = 0;

	for (int64_t i = 0; i < n; i++)
		masked += !mask[i];
	return masked;
}

enum rt_status rt_param_mask(unsigned char **out, struct rt_param *p, struct rt_err *err)
{
	void *bytes;

	if (p->mask.storage) {
		RT_TRY(rt_tensor_write(&bytes, &p->mask, err));
	} else {
		RT_TRY(rt_tensor_new(&p->mask, RT_U8, &p->data.shape, err));
		RT_TRY(rt_tensor_write(&bytes, &p->mask, err));
		memset(bytes, 1, rt_tensor_bytes(&p->mask));
	}
	*out = bytes;
	return RT_OK;
}

/* First masked element from at on that is not zero bits (-0 counts as not zero), or n. */
static int64_t find_offender(const unsigned char *data, const unsigned char *mask, size_t size,
			     int64_t at, int64_t n)
{
	static const unsigned char zero[16];

	while (at < n && (mask[at] || memcmp(data + (size_t)at * size, zero, size) == 0))
		at++;
	return at;
}

static enum rt_status apply(struct rt_param *p, struct rt_err *err)
{
	const unsigned char *mask = rt_tensor_data(&p->mask);
	size_t size = rt_dtype(p->data.dtype)->size;
	int64_t n = rt_tensor_count(&p->mask);
	int64_t i = find_offender(rt_tensor_data(&p->data), mask, size, 0, n);
	void *bytes;

	if (i == n)
		return RT_OK;
	RT_TRY(rt_tensor_write(&bytes, &p->data, err));
	for (; i < n; i++)
		if (!mask[i])
			memset((unsigned char *)bytes + (size_t)i * size, 0, size);
	return RT_OK;
}

enum rt_status rt_graph_apply_masks(struct rt_graph *g, struct rt_err *err)
{
	for (int i = 0; i < g->nparams; i++)
		if (g->params[i].mask.storage)
			RT_TRY(apply(&g->params[i], err));
	return RT_OK;
}
