/* kept.c - what follows from parameters alone is computed in the first run of an inference plan and
 * kept until one of them changes: weights in the order that kernels read them in, say. */
#include "config.h"

#include "exec/impl.h"
#include "base/mem.h"

#include <stdlib.h>

#define ALIGN 64

static bool is_fixed(const struct rt_plan *p, int v)
{
	return v < 0 || p->constant[v] || p->lowered->values[v].param >= 0;
}

/* Rounded up, so that the next step's begins at a cache line; 0: nothing can be kept. */
static size_t kept_by(const struct rt_plan *p, const struct step *st)
{
	const struct rt_node *n = st->node;

	if (!n->op->kept_size)
		return 0;
	for (int i = 0; i < n->nin && i < 32; i++)
		if (n->op->kept_in >> i & 1 && !is_fixed(p, n->in[i]))
			return 0;
	return (n->op->kept_size(&st->call) + ALIGN - 1) / ALIGN * ALIGN;
}

enum rt_status kept_new(struct rt_plan *p, const struct rt_plan *like, struct rt_err *err)
{
	size_t at = 0;
	char size[32];

	for (int s = 0; like && s < p->nsteps; s++)
		p->steps[s].call.kept = like->steps[s].call.kept;
	if (like) {
		p->kept = like->kept;
		return RT_OK;
	}
	for (int s = 0; s < p->nsteps; s++)
		p->kept_bytes += kept_by(p, &p->steps[s]);
	if (!p->kept_bytes)
		return RT_OK;
	p->kept = aligned_alloc(ALIGN, p->kept_bytes);
	if (!p->kept)
		return rt_fail(err, RT_ENOMEM, "not enough memory for weights made ready (%s)",
			       rt_text_bytes(size, sizeof(size), (double)p->kept_bytes));
	for (int s = 0; s < p->nsteps; s++) {
		size_t bytes = kept_by(p, &p->steps[s]);

		p->steps[s].call.kept = bytes ? p->kept + at : NULL;
		at += bytes;
	}
	return RT_OK;
}

/* Of all parameters as they are now; not 0. */
static uint64_t stamp_of(const struct rt_plan *p)
{
	uint64_t stamp = 1;

	for (int i = 0; i < p->graph->nparams; i++)
		stamp = stamp * 0x9E3779B97F4A7C15u + rt_tensor_stamp(&p->graph->params[i].data);
	return stamp | 1;
}

bool kept_is_stale(const struct rt_plan *p)
{
	return p->kept && p->stamp != stamp_of(p);
}

void kept_check(struct rt_plan *p)
{
	bool ready = p->kept && !kept_is_stale(p);

	for (int s = 0; p->kept && s < p->nsteps; s++)
		p->steps[s].call.ready = ready && p->steps[s].call.kept;
	if (p->kept)
		p->stamp = stamp_of(p);
}
