/* arena.c - one block of memory for everything a run needs, packed by lifetime. */
#include "config.h"

#include "exec/impl.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define ALIGN 64

/* Where what has no bytes lies: copying nothing to and from it is defined, unlike NULL. */
static _Alignas(ALIGN) char nothing[ALIGN];

void rt_arena_add(struct arena *a, int first, int last, size_t bytes, void **where)
{
	if (!bytes) {
		*where = nothing;
		return;
	}
	RT_GROW(a->buffers, a->n, a->cap);
	a->buffers[a->n++] = (struct buffer){.first = first,
					     .last = last,
					     .bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN,
					     .where = where};
}

static int larger_first(const void *x, const void *y)
{
	const struct buffer *a = x, *b = y;

	if (a->bytes != b->bytes)
		return a->bytes < b->bytes ? 1 : -1;
	return a->first != b->first ? (a->first > b->first) - (a->first < b->first)
				    : (a->last > b->last) - (a->last < b->last);
}

static int by_offset(const void *x, const void *y)
{
	const struct buffer *const *a = x, *const *b = y;

	return ((*a)->offset > (*b)->offset) - ((*a)->offset < (*b)->offset);
}

/* The lowest gap that holds b among the placed buffers that live at the same time. */
static size_t lowest_gap(const struct buffer *b, const struct buffer **placed, int n)
{
	size_t offset = 0;

	for (int i = 0; i < n; i++) {
		if (placed[i]->last < b->first || placed[i]->first > b->last)
			continue;
		if (offset + b->bytes <= placed[i]->offset)
			break;
		if (placed[i]->offset + placed[i]->bytes > offset)
			offset = placed[i]->offset + placed[i]->bytes;
	}
	return offset;
}

enum rt_status rt_arena_place(struct arena *a, struct rt_err *err)
{
	const struct buffer **placed;
	char size[32];

	if (!a->n)
		return RT_OK;
	placed = rt_alloc((size_t)a->n, sizeof(*placed));
	qsort(a->buffers, (size_t)a->n, sizeof(*a->buffers), larger_first);
	for (int i = 0; i < a->n; i++) {
		struct buffer *b = &a->buffers[i];
		int at = i;

		b->offset = lowest_gap(b, placed, i);
		if (b->offset + b->bytes > a->bytes)
			a->bytes = b->offset + b->bytes;
		/* keeps placed sorted by offset */
		placed[i] = b;
		while (at > 0 && by_offset(&placed[at - 1], &placed[at]) > 0) {
			const struct buffer *t = placed[at];

			placed[at] = placed[at - 1];
			placed[--at] = t;
		}
	}
	free(placed);
	a->memory = rt_fits(a->bytes) ? aligned_alloc(ALIGN, a->bytes) : NULL;
	if (!a->memory)
		return rt_fail(err, RT_ENOMEM, "not enough memory to run this batch (%s)",
			       rt_text_bytes(size, sizeof(size), (double)a->bytes));
	for (int i = 0; i < a->n; i++)
		*a->buffers[i].where = a->memory + a->buffers[i].offset;
	return RT_OK;
}

void rt_arena_release(struct arena *a)
{
	free(a->buffers);
	free(a->memory);
	*a = (struct arena){0};
}
