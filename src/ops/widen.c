/* widen.c - calls with f32 copies of floating arrays. */
#include "config.h"

#include "ops/widen.h"

#define ALIGN 64

static size_t room(const struct rt_arg *a)
{
	size_t bytes = (size_t)rt_shape_count(&a->shape) * sizeof(float);

	if (!a->present || a->dtype == RT_F32 || !rt_dtype(a->dtype)->is_float)
		return 0;
	return (bytes + ALIGN) / ALIGN * ALIGN;
}

size_t rt_widen_size(const struct rt_call *c)
{
	size_t size = 0;

	for (int i = 0; i < c->nin; i++)
		size += room(&c->in[i]);
	for (int i = 0; i < c->nout; i++)
		size += room(&c->out[i]);
	return size;
}

/* Copies one argument, giving it a place in the work space when it needs one. */
static void widen_arg(struct rt_wide *w, struct rt_arg *to, const struct rt_arg *from, bool filled)
{
	size_t size = room(from);

	*to = *from;
	if (!size)
		return;
	to->dtype = RT_F32;
	to->data = w->call.work;
	if (filled && from->data)
		rt_convert(to->data, RT_F32, from->data, from->dtype, rt_shape_count(&from->shape));
	w->call.work = (char *)w->call.work + size;
}

void rt_widen(struct rt_wide *w, const struct rt_call *c, bool backward)
{
	RT_ASSERT(c->nin + c->nout <= RT_WIDEN_MOST);
	w->call = *c;
	w->call.in = w->arg;
	w->call.out = w->arg + c->nin;
	for (int i = 0; i < c->nin; i++)
		widen_arg(w, &w->call.in[i], &c->in[i], true);
	for (int i = 0; i < c->nout; i++)
		widen_arg(w, &w->call.out[i], &c->out[i], backward);
}

void rt_widen_done(const struct rt_wide *w, const struct rt_call *c)
{
	for (int i = 0; i < c->nout; i++)
		if (room(&c->out[i]))
			rt_convert(c->out[i].data, c->out[i].dtype, w->call.out[i].data, RT_F32,
				   rt_shape_count(&c->out[i].shape));
}
