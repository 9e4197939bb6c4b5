/* idx.c - reads and writes IDX arrays. */
#include "config.h"

#include "io/idx.h"
#include "base/file.h"
#include "io/bytes.h"
#include "io/gz.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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

/* The head of an IDX file of len bytes in all, of which the first few are at b. */
static enum rt_status parse_head(enum rt_dtype *dtype, struct rt_shape *shape,
				 const unsigned char *b, size_t len, const char *name,
				 struct rt_err *err)
{
	if (len < 4)
		return rt_fail(err, RT_EFORMAT, "%s: cut off: %zu bytes, an IDX file begins with 4",
			       name, len);
	if (!rt_idx_sniff(b, len))
		return rt_fail(err, RT_EFORMAT,
			       "%s: not an IDX file: begins with %02x %02x %02x, not with 00 00 "
			       "and a type",
			       name, b[0], b[1], b[2]);
	*dtype = (enum rt_dtype)type_of_code(b[2]);
	return parse_shape(shape, rt_dtype(*dtype)->size, b, len, name, err);
}

/* A tensor to be filled from the bytes behind the head. */
static enum rt_status new_array(struct rt_tensor *out, void **to, enum rt_dtype dtype,
				const struct rt_shape *shape, const char *name, struct rt_err *err)
{
	if (rt_tensor_new(out, dtype, shape, err) != RT_OK)
		return rt_wrap(err, "%s", name);
	return rt_tensor_write(to, out, err);
}

enum rt_status rt_idx_parse(struct rt_tensor *out, const void *bytes, size_t len, const char *name,
			    struct rt_err *err)
{
	const unsigned char *b = bytes;
	struct rt_shape shape;
	enum rt_dtype dtype;
	void *to;

	*out = (struct rt_tensor){0};
	RT_TRY(parse_head(&dtype, &shape, b, len, name, err));
	RT_TRY(new_array(out, &to, dtype, &shape, name, err));
	copy_big_endian(to, b + 4 + 4 * shape.rank, rt_dtype(dtype)->size, rt_tensor_count(out));
	return RT_OK;
}

/* A plain file goes straight into the tensor, piece by piece: it may be larger than memory. */
static enum rt_status read_plain(struct rt_tensor *out, FILE *f, size_t len, const char *path,
				 struct rt_err *err)
{
	enum { PIECE = 1 << 20 };
	unsigned char head[4 + 4 * RT_MAX_RANK];
	size_t got = fread(head, 1, sizeof(head), f), element;
	struct rt_shape shape;
	enum rt_dtype dtype;
	int64_t left, n;
	void *data;
	char *to;

	RT_TRY(parse_head(&dtype, &shape, head, got < sizeof(head) ? got : len, path, err));
	RT_TRY(new_array(out, &data, dtype, &shape, path, err));
	to = data;
	element = rt_dtype(dtype)->size;
	if (fseek(f, 4 + 4 * shape.rank, SEEK_SET) != 0)
		return rt_fail(err, RT_EIO, "%s: %s", path, strerror(errno));
	for (left = rt_tensor_count(out); left > 0; left -= n, to += element * (size_t)n) {
		n = left < PIECE ? left : PIECE;
		if (fread(to, element, (size_t)n, f) != (size_t)n)
			return rt_fail(err, RT_EIO, "%s: cannot be read to its end: %s", path,
				       ferror(f) ? strerror(errno) : "it became shorter");
		if (element > 1 && is_little_endian())
			copy_swapped(to, to, element, n);
	}
	return RT_OK;
}

/* Bytes of a plain file that begins as IDX does; 0 for everything else, gzipped ones too. */
static size_t plain_bytes(FILE *f)
{
	unsigned char head[4];
	struct stat st;
	size_t n;

	if (!f || fstat(fileno(f), &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	n = fread(head, 1, sizeof(head), f);
	rewind(f);
	return rt_idx_sniff(head, n) ? (size_t)st.st_size : 0;
}

bool rt_idx_is_plain(const char *path)
{
	FILE *f = fopen(path, "rbe");
	bool plain = plain_bytes(f) > 0;

	if (f)
		fclose(f);
	return plain;
}

enum rt_status rt_idx_read(struct rt_tensor *out, const char *path, struct rt_err *err)
{
	FILE *f = fopen(path, "rbe");
	size_t len = plain_bytes(f);
	unsigned char *bytes = NULL;
	enum rt_status status;

	*out = (struct rt_tensor){0};
	if (len) {
		status = read_plain(out, f, len, path, err);
	} else {
		status = rt_gz_read(&bytes, &len, path, err);
		if (status == RT_OK)
			status = rt_idx_parse(out, bytes, len, path, err);
	}
	if (status != RT_OK)
		rt_tensor_release(out);
	free(bytes);
	if (f)
		fclose(f);
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
