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

/* --- contents, which lie in the source ----------------------------------------------------- */

/* A tensor under construction: its bytes are there to be filled when all is known to fit. */
struct contents {
	const Onnx__TensorProto *proto;
	struct onnx_source *source;
	enum rt_dtype dtype;
	struct rt_shape shape;
	size_t count, bytes;
};

/* Shape and size in bytes; the size of the data has to agree before anything is allocated. */
static enum rt_status read_shape(struct contents *c, struct rt_err *err)
{
	const Onnx__TensorProto *t = c->proto;

	if (t->n_dims > RT_MAX_RANK)
		return rt_fail(err, RT_EUNSUPPORTED, "has %zu dimensions, retort takes at most %d",
			       t->n_dims, RT_MAX_RANK);
	c->shape = (struct rt_shape){.rank = (int)t->n_dims};
	c->bytes = rt_dtype(c->dtype)->size;
	for (int i = 0; i < c->shape.rank; i++) {
		c->shape.dim[i] = t->dims[i];
		if (t->dims[i] < 0 || t->dims[i] > MAX_DIM ||
		    __builtin_mul_overflow(c->bytes, (size_t)t->dims[i], &c->bytes))
			return rt_fail(err, RT_EFORMAT, "dimension %d is %" PRId64
				       ", which no tensor can have", i, t->dims[i]);
	}
	c->count = c->bytes / rt_dtype(c->dtype)->size;
	return RT_OK;
}

/* The part of a field that comes after place *at among the unknown fields, or NULL. */
static const struct onnx_part *next_part(const struct contents *c, unsigned field, unsigned *at)
{
	const ProtobufCMessage *m = &c->proto->base;
	uint64_t number;

	for (; *at < m->n_unknown_fields; ++*at) {
		if (m->unknown_fields[*at].tag != ONNX_PART + field)
			continue;
		memcpy(&number, m->unknown_fields[(*at)++].data, sizeof(number));
		return &c->source->part[number];
	}
	return NULL;
}

static const ProtobufCFieldDescriptor *field_named(const char *name)
{
	return protobuf_c_message_descriptor_get_field_by_name(&onnx__tensor_proto__descriptor,
							       name);
}

/* The field that holds values of a type when raw_data does not. */
static const ProtobufCFieldDescriptor *typed_field(enum rt_dtype dtype)
{
	switch (dtype) {
	case RT_F32: return field_named("float_data");
	case RT_F64: return field_named("double_data");
	case RT_I64: return field_named("int64_data");
	case RT_U32:
	case RT_U64: return field_named("uint64_data");
	default: return field_named("int32_data");
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

static enum rt_status wrong_count(const struct contents *c, size_t n, struct rt_err *err)
{
	char text[160];

	return rt_fail(err, RT_EFORMAT, "has %zu values, its shape %s needs %zu", n,
		       rt_shape_text(text, sizeof(text), &c->shape), c->count);
}

static enum rt_status unreadable(const struct contents *c, struct rt_err *err)
{
	return rt_fail(err, RT_EIO, "%s: cannot be read as far as byte %zu", c->source->name,
		       c->source->len);
}

/* Values that were written one by one, not as one list. */
static enum rt_status read_single(struct rt_tensor *out, const struct contents *c,
				  const ProtobufCFieldDescriptor *field, struct rt_err *err)
{
	const char *base = (const char *)c->proto;
	size_t n = *(const size_t *)(const void *)(base + field->quantifier_offset);
	const void *from = *(void *const *)(const void *)(base + field->offset);
	bool narrow = field->type == PROTOBUF_C_TYPE_INT32 || field->type == PROTOBUF_C_TYPE_FLOAT;
	void *to;

	if (n != c->count)
		return wrong_count(c, n, err);
	RT_TRY(make_tensor(out, &to, c->dtype, &c->shape, err));
	copy_low_bytes(to, rt_dtype(c->dtype)->size, from, narrow ? 4 : 8, n);
	return RT_OK;
}

/* Floats of a list, as they are. */
static enum rt_status read_fixed(struct rt_tensor *out, const struct contents *c, unsigned field,
				 struct rt_err *err)
{
	const struct onnx_part *p;
	size_t len = 0, size = rt_dtype(c->dtype)->size;
	unsigned at = 0;
	void *bytes;
	char *to;

	while ((p = next_part(c, field, &at)))
		len += p->len;
	if (len != c->bytes)
		return wrong_count(c, len / size, err);
	RT_TRY(make_tensor(out, &bytes, c->dtype, &c->shape, err));
	to = bytes;
	for (at = 0; (p = next_part(c, field, &at)); to += p->len)
		if (!onnx_copy(c->source, to, p->at, p->len))
			return unreadable(c, err);
	return RT_OK;
}

/* Whole numbers of a list to their low bytes at to, unless it is NULL; how many there are, or -1
 * when one is damaged. */
static int64_t decode(const struct contents *c, unsigned field, unsigned char *to)
{
	size_t size = rt_dtype(c->dtype)->size, place, end;
	const struct onnx_part *p;
	unsigned at = 0;
	uint64_t v;
	int64_t n = 0;

	while ((p = next_part(c, field, &at))) {
		end = p->at + p->len;
		for (place = p->at; place < end; n++) {
			if (!onnx_varint(c->source, &place, end, &v))
				return -1;
			if (to)
				memcpy(to + (size_t)n * size, &v, size);
		}
	}
	return n;
}

static enum rt_status read_whole(struct rt_tensor *out, const struct contents *c, unsigned field,
				 struct rt_err *err)
{
	int64_t n = decode(c, field, NULL);
	void *to;

	if (n < 0)
		return rt_fail(err, RT_EFORMAT, "a number of its values is damaged");
	if ((size_t)n != c->count)
		return wrong_count(c, (size_t)n, err);
	RT_TRY(make_tensor(out, &to, c->dtype, &c->shape, err));
	return decode(c, field, to) == n ? RT_OK : unreadable(c, err);
}

static enum rt_status read_typed(struct rt_tensor *out, const struct contents *c,
				 struct rt_err *err)
{
	const ProtobufCFieldDescriptor *field = typed_field(c->dtype);
	unsigned at = 0;

	if (!next_part(c, field->id, &at))
		return read_single(out, c, field, err);
	return rt_dtype(c->dtype)->is_float && c->dtype != RT_F16 && c->dtype != RT_BF16
		       ? read_fixed(out, c, field->id, err)
		       : read_whole(out, c, field->id, err);
}

/* --- 4-bit numbers: two a byte, the first one low; read as i8 and u8 ------------------------- */

#define UINT4 21
#define INT4 22

bool onnx_is_four_bit(const Onnx__TensorProto *t)
{
	return t->data_type == UINT4 || t->data_type == INT4;
}

static enum rt_status unpack_halves(struct rt_tensor *out, const struct contents *c,
				    const struct rt_tensor *packed, struct rt_err *err)
{
	const unsigned char *from = rt_tensor_data(packed);
	bool is_signed = c->proto->data_type == INT4;
	unsigned char *to;
	void *bytes;

	RT_TRY(make_tensor(out, &bytes, is_signed ? RT_I8 : RT_U8, &c->shape, err));
	to = bytes;
	for (size_t i = 0; i < c->count; i++) {
		int half = from[i / 2] >> (i % 2 ? 4 : 0) & 15;

		to[i] = (unsigned char)(is_signed && half > 7 ? half - 16 : half);
	}
	return RT_OK;
}

static enum rt_status read_contents(struct rt_tensor *out, const struct contents *c,
				    struct rt_err *err);

static enum rt_status read_halves(struct rt_tensor *out, const struct contents *c,
				  struct rt_err *err)
{
	struct contents pairs = *c;
	struct rt_tensor packed = {0};
	enum rt_status status;

	pairs.count = pairs.bytes = c->count / 2 + c->count % 2;
	pairs.shape = (struct rt_shape){.rank = 1, .dim = {(int64_t)pairs.count}};
	status = read_contents(&packed, &pairs, err);
	if (status == RT_OK)
		status = unpack_halves(out, c, &packed, err);
	rt_tensor_release(&packed);
	return status;
}

/* --- the whole ----------------------------------------------------------------------------- */

static enum rt_status read_raw(struct rt_tensor *out, const struct contents *c,
			       const struct onnx_part *raw, struct rt_err *err)
{
	char text[160];
	void *to;

	if (raw->len != c->bytes)
		return rt_fail(err, RT_EFORMAT, "has %zu bytes, its shape %s of %s needs %zu",
			       raw->len, rt_shape_text(text, sizeof(text), &c->shape),
			       rt_dtype(c->dtype)->row.name, c->bytes);
	RT_TRY(make_tensor(out, &to, c->dtype, &c->shape, err));
	return onnx_copy(c->source, to, raw->at, raw->len) ? RT_OK : unreadable(c, err);
}

static enum rt_status read_contents(struct rt_tensor *out, const struct contents *c,
				    struct rt_err *err)
{
	const Onnx__TensorProto *t = c->proto;
	const struct onnx_part *raw = NULL, *p;
	unsigned at = 0;

	if (t->has_data_location && t->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL)
		return onnx_external(out, t, c->source->folder, c->dtype, &c->shape, c->bytes,
				     err);
	while ((p = next_part(c, field_named("raw_data")->id, &at)))
		raw = p;
	return raw ? read_raw(out, c, raw, err) : read_typed(out, c, err);
}

static enum rt_status read_data(struct rt_tensor *out, const Onnx__TensorProto *t,
				struct onnx_source *source, struct rt_err *err)
{
	struct contents c = {.proto = t, .source = source};

	if (t->segment)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "is cut into segments, which retort does not read");
	if (onnx_is_four_bit(t))
		c.dtype = RT_U8;
	else
		RT_TRY(onnx_dtype(&c.dtype, t->data_type, err));
	RT_TRY(read_shape(&c, err));
	return onnx_is_four_bit(t) ? read_halves(out, &c, err) : read_contents(out, &c, err);
}

enum rt_status onnx_tensor(struct rt_tensor *out, const Onnx__TensorProto *t,
			   struct onnx_source *source, struct rt_err *err)
{
	*out = (struct rt_tensor){0};
	if (read_data(out, t, source, err) == RT_OK)
		return RT_OK;
	rt_tensor_release(out);
	return rt_wrap(err, "tensor \"%s\"", t->name ? t->name : "");
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
	struct onnx_source source;
	ProtobufCMessage *message;
	enum rt_status status;

	*out = (struct rt_tensor){0};
	RT_TRY(onnx_source_open(&source, path, err));
	status = onnx_parse(&message, &onnx__tensor_proto__descriptor, &source, err);
	if (status == RT_OK) {
		free(source.folder); /* test data are whole */
		source.folder = NULL;
		status = onnx_tensor(out, (const Onnx__TensorProto *)message, &source, err);
		if (status != RT_OK)
			rt_wrap(err, "%s", path);
		protobuf_c_message_free_unpacked(message, NULL);
	}
	onnx_source_close(&source);
	return status;
}
