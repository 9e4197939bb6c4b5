/* idx.c - reads and writes IDX arrays. */
#include "config.h"

#include "io/idx.h"
#include "base/file.h"
#include "io/bytes.h"
#include "io/gz.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	unsigned char code;
	enum rt_dtype dtype;
} types[] = {
	{0x08, RT_U8},	{0x09, RT_I8},	{0x0B, RT_I16},
	{0x0C, RT_I32}, {0x0D, RT_F32}, {0x0E, RT_F64},
};

static int type_of_code(unsigned code)
{
	for (size_t i = 0; i < RT_COUNT(types); i++)
		if (types[i].code == code)
			return (int)types[i].dtype;
	return -1;
}

bool rt_idx_sniff(const void *bytes, size_t len)
{
	const unsigned char *b = bytes;

	return len >= 4 && b[0] == 0 && b[1] == 0 && type_of_code(b[2]) >= 0;
}

/* Copies big-endian elements in this machine's order. */
static void copy_big_endian(void *to, const void *from, size_t size, int64_t n)
{
	if (size > 1 && is_little_endian())
		copy_swapped(to, from, size, n);
	else
		memcpy(to, from, size * (size_t)n);
}

/* The sizes, checked against the length of the file before anything is allocated for them. */
static enum rt_status parse_shape(struct rt_shape *shape, size_t element,
				  const unsigned char *bytes, size_t len, const char *name,
				  struct rt_err *err)
{
	size_t head = 4 + 4 * (size_t)bytes[3], need = element;
	char text[160];

	if (bytes[3] < 1 || bytes[3] > RT_MAX_RANK)
		return rt_fail(err, RT_EFORMAT,
			       "%s: an IDX array of %d dimensions; 1 to %d can be read", name,
			       bytes[3], RT_MAX_RANK);
	if (len < head)
		return rt_fail(err, RT_EFORMAT, "%s: cut off: %zu bytes, the IDX header has %zu",
			       name, len, head);
	shape->rank = bytes[3];
	for (int i = 0; i < shape->rank; i++) {
		shape->dim[i] = be32(bytes + 4 + 4 * i);
		if (shape->dim[i] == 0)
			return rt_fail(err, RT_EFORMAT, "%s: dimension %d of %d is 0", name, i + 1,
				       shape->rank);
		if (__builtin_mul_overflow(need, (size_t)shape->dim[i], &need))
			need = SIZE_MAX;
	}
	if (need == SIZE_MAX || len - head < need)
		return rt_fail(err, RT_EFORMAT,
			       "%s: cut off: the header says %s (%zu bytes), %zu bytes follow",
			       name, rt_shape_text(text, sizeof(text), shape), need, len - head);
	if (len - head > need)
		return rt_fail(err, RT_EFORMAT,
			       "%s: too long: the header says %s (%zu bytes), %zu bytes follow",
			       name, rt_shape_text(text, sizeof(text), shape), need, len - head);
	return RT_OK;
}

enum rt_status rt_idx_parse(struct rt_tensor *out, const void *bytes, size_t len, const char *name,
			    struct rt_err *err)
{
	const unsigned char *b = bytes;
	struct rt_shape shape;
	enum rt_dtype dtype;
	size_t element;
	void *to;

	*out = (struct rt_tensor){0};
	if (len < 4)
		return rt_fail(err, RT_EFORMAT, "%s: cut off: %zu bytes, an IDX file begins with 4",
			       name, len);
	if (!rt_idx_sniff(b, len))
		return rt_fail(err, RT_EFORMAT,
			       "%s: not an IDX file: begins with %02x %02x %02x, not with 00 00 "
			       "and a type",
			       name, b[0], b[1], b[2]);
	dtype = (enum rt_dtype)type_of_code(b[2]);
	element = rt_dtype(dtype)->size;
	RT_TRY(parse_shape(&shape, element, b, len, name, err));
	if (rt_tensor_new(out, dtype, &shape, err) != RT_OK ||
	    rt_tensor_write(&to, out, err) != RT_OK)
		return rt_wrap(err, "%s", name);
	copy_big_endian(to, b + 4 + 4 * shape.rank, element, rt_tensor_count(out));
	return RT_OK;
}

enum rt_status rt_idx_read(struct rt_tensor *out, const char *path, struct rt_err *err)
{
	unsigned char *bytes;
	enum rt_status status;
	size_t len;

	*out = (struct rt_tensor){0};
	RT_TRY(rt_gz_read(&bytes, &len, path, err));
	status = rt_idx_parse(out, bytes, len, path, err);
	free(bytes);
	return status;
}

enum rt_status rt_idx_write(const struct rt_tensor *t, const char *path, struct rt_err *err)
{
	unsigned char head[4 + 4 * RT_MAX_RANK] = {0};
	size_t element = rt_dtype(t->dtype)->size, n = (size_t)rt_tensor_count(t);
	const unsigned char *from = rt_tensor_data(t);
	struct rt_out out;

	for (size_t i = 0; i < RT_COUNT(types); i++)
		if (types[i].dtype == t->dtype)
			head[2] = types[i].code;
	if (!head[2] || t->shape.rank < 1)
		return rt_fail(err, RT_EUNSUPPORTED, "%s: IDX has no %s arrays of %d dimensions",
			       path, rt_dtype(t->dtype)->row.name, t->shape.rank);
	head[3] = (unsigned char)t->shape.rank;
	for (int i = 0; i < t->shape.rank; i++) {
		if (t->shape.dim[i] > UINT32_MAX)
			return rt_fail(err, RT_EUNSUPPORTED,
				       "%s: dimension %d is %" PRId64 ", IDX holds up to %" PRIu32,
				       path, i + 1, t->shape.dim[i], UINT32_MAX);
		put_be32(head + 4 + 4 * i, (uint32_t)t->shape.dim[i]);
	}
	RT_TRY(rt_out_begin(&out, path, err));
	fwrite(head, 1, 4 + 4 * (size_t)t->shape.rank, out.stream);
	for (size_t i = 0; i < n; i++) {
		unsigned char turned[8];

		copy_big_endian(turned, from + i * element, element, 1);
		fwrite(turned, element, 1, out.stream);
	}
	return rt_out_commit(&out, err);
}
