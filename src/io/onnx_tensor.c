/* onnx_tensor.c - TensorProto to tensors and back. */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "raw_data is little endian and taken over as it is");

#define MAX_DIM INT32_MAX

enum rt_status onnx_dtype(enum rt_dtype *out, int code, struct rt_err *err)
{
	const ProtobufCEnumValue *known;

	for (int i = 0; i < RT_DTYPES; i++) {
		if (rt_dtype((enum rt_dtype)i)->onnx == code) {
			*out = (enum rt_dtype)i;
			return RT_OK;
		}
	}
	known = protobuf_c_enum_descriptor_get_value(&onnx__tensor_proto__data_type__descriptor,
						     code);
	return rt_fail(err, RT_EUNSUPPORTED, "retort has no element type %s (%d)",
		       known ? known->name : "unknown to it", code);
}

/* Shape and size in bytes; the size of the data has to agree before anything is allocated. */
static enum rt_status read_shape(struct rt_shape *shape, size_t *bytes, const Onnx__TensorProto *t,
				 size_t element, struct rt_err *err)
{
	if (t->n_dims > RT_MAX_RANK)
		return rt_fail(err, RT_EUNSUPPORTED, "has %zu dimensions, retort takes at most %d",
			       t->n_dims, RT_MAX_RANK);
	*shape = (struct rt_shape){.rank = (int)t->n_dims};
	*bytes = element;
	for (int i = 0; i < shape->rank; i++) {
		shape->dim[i] = t->dims[i];
		if (t->dims[i] < 0 || t->dims[i] > MAX_DIM ||
		    __builtin_mul_overflow(*bytes, (size_t)t->dims[i], bytes))
			return rt_fail(err, RT_EFORMAT, "dimension %d is %" PRId64
				       ", which no tensor can have", i, t->dims[i]);
	}
	return RT_OK;
}

/* The field that holds values of a type when raw_data does not, and its element type. */
static const void *typed_field(const Onnx__TensorProto *t, enum rt_dtype dtype, size_t *n,
			       enum rt_dtype *stored)
{
	switch (dtype) {
	case RT_F32:
		*stored = RT_F32;
		*n = t->n_float_data;
		return t->float_data;
	case RT_F64:
		*stored = RT_F64;
		*n = t->n_double_data;
		return t->double_data;
	case RT_I64:
		*stored = RT_I64;
		*n = t->n_int64_data;
		return t->int64_data;
	case RT_U32:
	case RT_U64:
		*stored = RT_U64;
		*n = t->n_uint64_data;
		return t->uint64_data;
	default:
		*stored = RT_I32;
		*n = t->n_int32_data;
		return t->int32_data;
	}
}

/* A tensor of one owner, whose bytes are there to be filled. */
static enum rt_status make_tensor(struct rt_tensor *out, void **bytes, enum rt_dtype dtype,
				  const struct rt_shape *shape, struct rt_err *err)
{
	RT_TRY(rt_tensor_new(out, dtype, shape, err));
	return rt_tensor_write(bytes, out, err);
}

/* Narrow types lie in the low bytes of wider ones, f16 and bf16 as their bits. */
static void copy_low_bytes(unsigned char *to, size_t size, const unsigned char *from, size_t stored,
			   size_t n)
{
	for (size_t i = 0; i < n; i++)
		memcpy(to + i * size, from + i * stored, size);
}

static enum rt_status read_typed(struct rt_tensor *out, const Onnx__TensorProto *t,
				 enum rt_dtype dtype, const struct rt_shape *shape, size_t bytes,
				 struct rt_err *err)
{
	size_t n, size = rt_dtype(dtype)->size;
	enum rt_dtype stored;
	const void *from = typed_field(t, dtype, &n, &stored);
	char text[160];
	void *to;

	if (n != bytes / size)
		return rt_fail(err, RT_EFORMAT, "has %zu values, its shape %s needs %zu", n,
			       rt_shape_text(text, sizeof(text), shape), bytes / size);
	RT_TRY(make_tensor(out, &to, dtype, shape, err));
	copy_low_bytes(to, size, from, rt_dtype(stored)->size, n);
	return RT_OK;
}

/* --- external data: https://onnx.ai/onnx/repo-docs/ExternalData.html ------------------------ */

struct external {
	const char *location;
	int64_t offset, length;	/* length -1: to the end of the file */
};

static enum rt_status read_external_entries(struct external *e, const Onnx__TensorProto *t,
					    struct rt_err *err)
{
	*e = (struct external){.length = -1};
	for (size_t i = 0; i < t->n_external_data; i++) {
		const char *key = t->external_data[i]->key, *value = t->external_data[i]->value;
		bool good = true;

		if (!key || !value)
			return rt_fail(err, RT_EFORMAT, "external data has an empty entry");
		if (strcmp(key, "location") == 0)
			e->location = value;
		else if (strcmp(key, "offset") == 0)
			good = rt_parse_int(value, &e->offset) && e->offset >= 0;
		else if (strcmp(key, "length") == 0)
			good = rt_parse_int(value, &e->length) && e->length >= 0;
		if (!good)
			return rt_fail(err, RT_EFORMAT, "external data: %s is \"%s\"", key, value);
	}
	return e->location ? RT_OK : rt_fail(err, RT_EFORMAT, "external data: no location");
}

/* A model must not make us read files outside its own folder. */
static bool stays_inside(const char *location)
{
	const char *part = location;

	if (*location == '/' || *location == '\0')
		return false;
	for (; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
			return false;
	return true;
}

static enum rt_status read_part(struct rt_tensor *out, FILE *f, const struct external *e,
				enum rt_dtype dtype, const struct rt_shape *shape, size_t bytes,
				struct rt_err *err)
{
	void *to;
	off_t end;

	if (fseeko(f, 0, SEEK_END) != 0 || (end = ftello(f)) < 0)
		return rt_fail(err, RT_EIO, "%s: %s", e->location, strerror(errno));
	if (e->offset > end || bytes > (uint64_t)(end - e->offset))
		return rt_fail(err, RT_EFORMAT,
			       "%s: needs %zu bytes from %" PRId64 ", the file has %" PRId64,
			       e->location, bytes, e->offset, (int64_t)end);
	RT_TRY(make_tensor(out, &to, dtype, shape, err));
	if (fseeko(f, (off_t)e->offset, SEEK_SET) == 0 && fread(to, 1, bytes, f) == bytes)
		return RT_OK;
	rt_tensor_release(out);
	return rt_fail(err, RT_EIO, "%s: cannot be read: %s", e->location, strerror(errno));
}

static enum rt_status read_external(struct rt_tensor *out, const Onnx__TensorProto *t,
				    const char *folder, enum rt_dtype dtype,
				    const struct rt_shape *shape, size_t bytes, struct rt_err *err)
{
	struct external e;
	enum rt_status status;
	char *path;
	FILE *f;

	RT_TRY(read_external_entries(&e, t, err));
	if (!folder || !stays_inside(e.location))
		return rt_fail(err, RT_EUNSUPPORTED,
			       "external data \"%s\" lies outside the model's folder", e.location);
	if (e.length >= 0 && (uint64_t)e.length != bytes)
		return rt_fail(err, RT_EFORMAT,
			       "external data has %" PRId64 " bytes, its shape needs %zu", e.length,
			       bytes);
	path = rt_sprintf("%s/%s", folder, e.location);
	f = fopen(path, "rbe");
	if (f)
		status = read_part(out, f, &e, dtype, shape, bytes, err);
	else
		status = rt_fail(err, errno == ENOENT ? RT_ENOTFOUND : RT_EIO,
				 "external data \"%s\": %s", path, strerror(errno));
	if (f)
		fclose(f);
	free(path);
	return status;
}

/* --- the whole ----------------------------------------------------------------------------- */

static enum rt_status read_raw(struct rt_tensor *out, const Onnx__TensorProto *t,
			       enum rt_dtype dtype, const struct rt_shape *shape, size_t bytes,
			       struct rt_err *err)
{
	char text[160];
	void *to;

	if (t->raw_data.len != bytes)
		return rt_fail(err, RT_EFORMAT, "has %zu bytes, its shape %s of %s needs %zu",
			       t->raw_data.len, rt_shape_text(text, sizeof(text), shape),
			       rt_dtype(dtype)->row.name, bytes);
	RT_TRY(make_tensor(out, &to, dtype, shape, err));
	if (bytes)
		memcpy(to, t->raw_data.data, bytes);
	return RT_OK;
}

static enum rt_status read_data(struct rt_tensor *out, const Onnx__TensorProto *t,
				const char *folder, struct rt_err *err)
{
	enum rt_dtype dtype = RT_F32;
	struct rt_shape shape;
	size_t bytes = 0;

	*out = (struct rt_tensor){0};
	if (t->segment)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "is cut into segments, which retort does not read");
	RT_TRY(onnx_dtype(&dtype, t->data_type, err));
	RT_TRY(read_shape(&shape, &bytes, t, rt_dtype(dtype)->size, err));
	if (t->has_data_location && t->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL)
		return read_external(out, t, folder, dtype, &shape, bytes, err);
	if (t->has_raw_data)
		return read_raw(out, t, dtype, &shape, bytes, err);
	return read_typed(out, t, dtype, &shape, bytes, err);
}

enum rt_status onnx_tensor(struct rt_tensor *out, const Onnx__TensorProto *t, const char *folder,
			   struct rt_err *err)
{
	if (read_data(out, t, folder, err) != RT_OK)
		return rt_wrap(err, "tensor \"%s\"", t->name ? t->name : "");
	return RT_OK;
}

enum rt_status onnx_tensor_widen(struct rt_tensor *t, struct rt_err *err)
{
	struct rt_tensor wide;
	void *to;

	if (!rt_dtype(t->dtype)->is_float || t->dtype == RT_F32)
		return RT_OK;
	RT_TRY(make_tensor(&wide, &to, RT_F32, &t->shape, err));
	rt_convert(to, RT_F32, rt_tensor_data(t), t->dtype, rt_tensor_count(t));
	rt_tensor_release(t);
	*t = wide;
	return RT_OK;
}

Onnx__TensorProto *onnx_tensor_proto(struct onnx_pool *pool, const char *name,
				     const struct rt_tensor *t)
{
	Onnx__TensorProto *p = onnx_alloc(pool, 1, sizeof(*p));

	onnx__tensor_proto__init(p);
	p->name = onnx_text(pool, name);
	p->n_dims = (size_t)t->shape.rank;
	p->dims = onnx_alloc(pool, p->n_dims, sizeof(*p->dims));
	for (int i = 0; i < t->shape.rank; i++)
		p->dims[i] = t->shape.dim[i];
	p->has_data_type = true;
	p->data_type = rt_dtype(t->dtype)->onnx;
	p->has_raw_data = true;
	p->raw_data.len = rt_tensor_bytes(t);
	p->raw_data.data = (uint8_t *)(uintptr_t)rt_tensor_data(t);
	return p;
}

enum rt_status rt_onnx_tensor_read(struct rt_tensor *out, const char *path, struct rt_err *err)
{
	ProtobufCMessage *message;
	enum rt_status status;

	*out = (struct rt_tensor){0};
	RT_TRY(onnx_read(&message, &onnx__tensor_proto__descriptor, path, err));
	status = onnx_tensor(out, (const Onnx__TensorProto *)message, NULL, err);
	if (status != RT_OK)
		rt_wrap(err, "%s", path);
	protobuf_c_message_free_unpacked(message, NULL);
	return status;
}
