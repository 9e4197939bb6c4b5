/* tensor.c - shapes, and arrays that are shared until somebody writes. */
#include "config.h"

#include "tensor/tensor.h"
#include "base/big.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rt_storage {
	int refs;
	size_t bytes;
	uint64_t stamp;		/* of the latest writer */
	void *data;		/* of rt_big_new() */
};

static uint64_t next_stamp(void)
{
	static uint64_t last;

	return __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
}

int64_t rt_shape_span(const struct rt_shape *s, int from, int to)
{
	int64_t n = 1;

	for (int i = from; i < to; i++)
		n *= s->dim[i];
	return n;
}

int64_t rt_shape_count(const struct rt_shape *s)
{
	return rt_shape_span(s, 0, s->rank);
}

bool rt_shape_equal(const struct rt_shape *a, const struct rt_shape *b)
{
	if (a->rank != b->rank)
		return false;
	for (int i = 0; i < a->rank; i++)
		if (a->dim[i] != b->dim[i])
			return false;
	return true;
}

char *rt_shape_text(char *buf, size_t size, const struct rt_shape *s)
{
	struct rt_str text = {0};

	for (int i = 0; i < s->rank; i++) {
		if (i)
			rt_str_addc(&text, 'x');
		if (s->dim[i] == -1)
			rt_str_addc(&text, 'N');
		else if (s->dim[i] == INT64_MIN)
			rt_str_addc(&text, '?');
		else if (s->dim[i] < 0)
			rt_str_addf(&text, "%" PRId64 "N", -s->dim[i]);
		else
			rt_str_addf(&text, "%" PRId64, s->dim[i]);
	}
	snprintf(buf, size, "%s", s->rank > 0 ? rt_str_text(&text) : s->rank < 0 ? "?" : "scalar");
	rt_str_release(&text);
	return buf;
}

enum rt_status rt_shape_broadcast(struct rt_shape *out, const struct rt_shape *a,
				  const struct rt_shape *b, struct rt_err *err)
{
	char ta[96], tb[96];
	struct rt_shape s = {.rank = a->rank > b->rank ? a->rank : b->rank};

	for (int i = 1; i <= s.rank; i++) {
		int64_t da = i <= a->rank ? a->dim[a->rank - i] : 1;
		int64_t db = i <= b->rank ? b->dim[b->rank - i] : 1;

		if (da != db && da != 1 && db != 1)
			return rt_fail(err, RT_ESHAPE, "shapes %s and %s do not broadcast: %" PRId64
				       " against %" PRId64, rt_shape_text(ta, sizeof(ta), a),
				       rt_shape_text(tb, sizeof(tb), b), da, db);
		s.dim[s.rank - i] = da == 1 ? db : da;
	}
	*out = s;
	return RT_OK;
}

/* Bytes of a shape, or false when they overflow or a dimension is negative. */
static bool byte_count(size_t *out, enum rt_dtype dtype, const struct rt_shape *s)
{
	size_t n = rt_dtype(dtype)->size;

	for (int i = 0; i < s->rank; i++)
		if (s->dim[i] < 0 || __builtin_mul_overflow(n, (size_t)s->dim[i], &n))
			return false;
	*out = n;
	return n < SIZE_MAX / 2;
}

static struct rt_storage *new_storage(size_t bytes)
{
	struct rt_storage *s = rt_alloc(1, sizeof(*s));

	s->refs = 1;
	s->bytes = bytes;
	s->stamp = next_stamp();
	s->data = rt_big_new(bytes);
	if (!s->data) {
		free(s);
		return NULL;
	}
	return s;
}

static enum rt_status no_memory(size_t bytes, const struct rt_shape *shape, struct rt_err *err)
{
	char text[96], size[32];

	return rt_fail(err, RT_ENOMEM, "not enough memory for a tensor of %s (%s)",
		       rt_shape_text(text, sizeof(text), shape),
		       rt_text_bytes(size, sizeof(size), (double)bytes));
}

enum rt_status rt_tensor_new(struct rt_tensor *out, enum rt_dtype dtype,
			     const struct rt_shape *shape, struct rt_err *err)
{
	char text[160];
	size_t bytes;

	*out = (struct rt_tensor){0};
	if (!byte_count(&bytes, dtype, shape))
		return rt_fail(err, RT_ESHAPE, "a tensor of %s cannot be: its size overflows",
			       rt_shape_text(text, sizeof(text), shape));
	out->storage = rt_fits(bytes) ? new_storage(bytes) : NULL;
	if (!out->storage)
		return no_memory(bytes, shape, err);
	out->dtype = dtype;
	out->shape = *shape;
	return RT_OK;
}

void rt_tensor_share(struct rt_tensor *out, const struct rt_tensor *t)
{
	*out = *t;
	if (out->storage)
		__atomic_add_fetch(&out->storage->refs, 1, __ATOMIC_RELAXED);
}

enum rt_status rt_tensor_copy(struct rt_tensor *out, const struct rt_tensor *t, struct rt_err *err)
{
	struct rt_storage *s;

	*out = *t;
	if (!t->storage)
		return RT_OK;
	s = new_storage(t->storage->bytes);
	if (!s) {
		*out = (struct rt_tensor){0};
		return no_memory(t->storage->bytes, &t->shape, err);
	}
	memcpy(s->data, t->storage->data, s->bytes);
	out->storage = s;
	return RT_OK;
}

void rt_tensor_release(struct rt_tensor *t)
{
	if (t->storage && __atomic_sub_fetch(&t->storage->refs, 1, __ATOMIC_ACQ_REL) == 0) {
		rt_big_free(t->storage->data);
		free(t->storage);
	}
	*t = (struct rt_tensor){0};
}

const void *rt_tensor_data(const struct rt_tensor *t)
{
	return t->storage ? t->storage->data : NULL;
}

enum rt_status rt_tensor_write(void **out, struct rt_tensor *t, struct rt_err *err)
{
	struct rt_tensor own;

	if (t->storage && __atomic_load_n(&t->storage->refs, __ATOMIC_ACQUIRE) > 1) {
		RT_TRY(rt_tensor_copy(&own, t, err));
		rt_tensor_release(t);
		*t = own;
	}
	if (t->storage)
		t->storage->stamp = next_stamp();
	*out = t->storage ? t->storage->data : NULL;
	return RT_OK;
}

uint64_t rt_tensor_stamp(const struct rt_tensor *t)
{
	return t->storage ? t->storage->stamp : 0;
}

int64_t rt_tensor_count(const struct rt_tensor *t)
{
	return t->storage ? rt_shape_count(&t->shape) : 0;
}

size_t rt_tensor_bytes(const struct rt_tensor *t)
{
	return t->storage ? t->storage->bytes : 0;
}

bool rt_tensor_equal(const struct rt_tensor *a, const struct rt_tensor *b)
{
	if (!a->storage || !b->storage)
		return a->storage == b->storage;
	if (a->dtype != b->dtype || !rt_shape_equal(&a->shape, &b->shape))
		return false;
	return a->storage == b->storage ||
	       memcmp(a->storage->data, b->storage->data, a->storage->bytes) == 0;
}

const void *rt_tensor_storage_id(const struct rt_tensor *t)
{
	return t->storage;
}

void rt_tensor_want(const struct rt_tensor *t, size_t from, size_t n)
{
	if (t->storage)
		rt_big_want(t->storage->data, from, n);
}
