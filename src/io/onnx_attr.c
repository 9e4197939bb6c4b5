/* onnx_attr.c - AttributeProto to the fields of a params struct and back. */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Sizes, strides and paddings beyond this are damage, and would overflow in products. */
#define MAX_LISTED INT32_MAX

typedef Onnx__AttributeProto__AttributeType attr_type;

static attr_type wanted_type(enum rt_type type)
{
	switch (type) {
	case RT_BOOL:
	case RT_INT: return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
	case RT_REAL: return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
	case RT_STRING:
	case RT_CHOICE: return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING;
	case RT_INTS: return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
	case RT_REALS: return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS;
	case RT_STRINGS: return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS;
	}
	return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED;
}

static const char *type_name(attr_type type)
{
	const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(
		&onnx__attribute_proto__attribute_type__descriptor, (int)type);

	return v ? v->name : "of an unknown type";
}

/* A string of the file, which may lack its end, as C text that the caller frees; NULL when it
 * contains a zero byte. */
static char *c_text(const ProtobufCBinaryData *s)
{
	char *text;

	if (s->len && memchr(s->data, 0, s->len))
		return NULL;
	text = rt_alloc(s->len + 1, 1);
	if (s->len)
		memcpy(text, s->data, s->len);
	return text;
}

static enum rt_status read_text(const struct rt_opt *opt, void *params,
				const ProtobufCBinaryData *s, struct rt_err *err)
{
	char *text = c_text(s);
	enum rt_status status;

	if (!text)
		return rt_fail(err, RT_EFORMAT, "a zero byte in its text");
	if (opt->type == RT_STRINGS) {
		rt_strings_add((struct rt_strings *)((char *)params + opt->offset), text);
		status = RT_OK;
	} else {
		status = rt_opt_parse(opt, params, text, err);
	}
	free(text);
	return status;
}

static enum rt_status read_ints(struct rt_ints *out, const Onnx__AttributeProto *a,
				struct rt_err *err)
{
	if (a->n_ints > MAX_LISTED)
		return rt_fail(err, RT_EFORMAT, "%zu values", a->n_ints);
	for (size_t i = 0; i < a->n_ints; i++)
		if (a->ints[i] > MAX_LISTED || a->ints[i] < -(int64_t)MAX_LISTED)
			return rt_fail(err, RT_EFORMAT, "value %zu is %" PRId64 ", out of range", i,
				       a->ints[i]);
	rt_ints_set(out, (int)a->n_ints, a->ints);
	return RT_OK;
}

static enum rt_status read_reals(struct rt_reals *out, const Onnx__AttributeProto *a,
				 struct rt_err *err)
{
	double *v;

	if (a->n_floats > MAX_LISTED)
		return rt_fail(err, RT_EFORMAT, "%zu values", a->n_floats);
	v = rt_alloc(a->n_floats, sizeof(*v));
	for (size_t i = 0; i < a->n_floats; i++)
		v[i] = (double)a->floats[i];
	rt_reals_set(out, (int)a->n_floats, v);
	free(v);
	return RT_OK;
}

static enum rt_status store(const struct rt_opt *opt, void *params, const Onnx__AttributeProto *a,
			    struct rt_err *err)
{
	void *field = (char *)params + opt->offset;

	switch (opt->type) {
	case RT_BOOL:
		if (a->i != 0 && a->i != 1)
			return rt_fail(err, RT_EFORMAT, "is %" PRId64 ", must be 0 or 1", a->i);
		*(bool *)field = a->i;
		return RT_OK;
	case RT_INT:
		*(int64_t *)field = a->i;
		return RT_OK;
	case RT_REAL:
		*(double *)field = (double)a->f;
		return RT_OK;
	case RT_STRING:
	case RT_CHOICE:
		return read_text(opt, params, &a->s, err);
	case RT_INTS:
		return read_ints(field, a, err);
	case RT_REALS:
		return read_reals(field, a, err);
	case RT_STRINGS:
		for (size_t i = 0; i < a->n_strings; i++)
			RT_TRY(read_text(opt, params, &a->strings[i], err));
		return RT_OK;
	}
	return RT_OK;
}

/* A real number followed by an option of its element type, as in ConstantOfShape (value,
 * value_type), is a tensor of one element in the file; returns the second option, or NULL. */
static const struct rt_opt *element_type(const struct rt_opt *opt)
{
	size_t n = strlen(opt->name);
	bool pair = opt->type == RT_REAL && opt[1].name &&
		    strncmp(opt[1].name, opt->name, n) == 0 &&
		    strcmp(opt[1].name + n, "_type") == 0;

	return pair ? opt + 1 : NULL;
}

static enum rt_status read_element(const struct rt_opt *opt, void *params,
				   const Onnx__AttributeProto *a, struct onnx_source *source,
				   struct rt_err *err)
{
	struct rt_tensor t;
	enum rt_status status = RT_OK;

	RT_TRY(onnx_attr_tensor(&t, a, source, err));
	if (rt_tensor_count(&t) == 1) {
		*(double *)((char *)params + opt->offset) = rt_tensor_get(&t, 0);
		*(int64_t *)((char *)params + element_type(opt)->offset) = rt_dtype(t.dtype)->onnx;
	} else {
		status = rt_fail(err, RT_EFORMAT,
				 "attribute \"%s\" has %" PRId64 " elements, must have 1", a->name,
				 rt_tensor_count(&t));
	}
	rt_tensor_release(&t);
	return status;
}

enum rt_status onnx_attr_read(const struct rt_opt *opt, void *params, const Onnx__AttributeProto *a,
			      struct onnx_source *source, struct rt_err *err)
{
	if (element_type(opt) && a->has_type &&
	    a->type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR)
		return read_element(opt, params, a, source, err);
	if (a->ref_attr_name && *a->ref_attr_name)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "attribute \"%s\" refers to an attribute of a function", a->name);
	if (!a->has_type || a->type != wanted_type(opt->type))
		return rt_fail(err, RT_EFORMAT, "attribute \"%s\" is %s, must be %s", a->name,
			       a->has_type ? type_name(a->type) : "without a type",
			       type_name(wanted_type(opt->type)));
	if (store(opt, params, a, err) != RT_OK || rt_opt_check(opt, params, err) != RT_OK)
		return rt_wrap(err, "attribute \"%s\"", a->name);
	return RT_OK;
}

static enum rt_status from_numbers(struct rt_tensor *out, enum rt_dtype dtype, bool scalar,
				   size_t n, const void *from, struct rt_err *err)
{
	struct rt_shape shape = {.rank = scalar ? 0 : 1, .dim = {(int64_t)n}};
	void *to;

	RT_TRY(rt_tensor_new(out, dtype, &shape, err));
	RT_TRY(rt_tensor_write(&to, out, err));
	if (n)
		memcpy(to, from, n * rt_dtype(dtype)->size);
	return RT_OK;
}

enum rt_status onnx_attr_tensor(struct rt_tensor *out, const Onnx__AttributeProto *a,
				struct onnx_source *source, struct rt_err *err)
{
	*out = (struct rt_tensor){0};
	switch (a->has_type ? a->type : ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED) {
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT:
		return from_numbers(out, RT_I64, true, 1, &a->i, err);
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT:
		return from_numbers(out, RT_F32, true, 1, &a->f, err);
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS:
		return from_numbers(out, RT_I64, false, a->n_ints, a->ints, err);
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS:
		return from_numbers(out, RT_F32, false, a->n_floats, a->floats, err);
	case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR:
		if (a->t)
			return onnx_tensor(out, a->t, source, err);
		return rt_fail(err, RT_EFORMAT, "attribute \"%s\" has no tensor", a->name);
	default:
		return rt_fail(err, RT_EUNSUPPORTED, "attribute \"%s\" is %s, retort needs numbers",
			       a->name, a->has_type ? type_name(a->type) : "without a type");
	}
}

/* --- writing ------------------------------------------------------------------------------- */

Onnx__AttributeProto *onnx_attr_new(struct onnx_pool *pool, const char *name, attr_type type)
{
	Onnx__AttributeProto *a = onnx_alloc(pool, 1, sizeof(*a));

	onnx__attribute_proto__init(a);
	a->name = onnx_text(pool, name);
	a->has_type = true;
	a->type = type;
	return a;
}

static ProtobufCBinaryData binary(struct onnx_pool *pool, const char *text)
{
	char *copy = onnx_text(pool, text ? text : "");

	return (ProtobufCBinaryData){.len = strlen(copy), .data = (uint8_t *)copy};
}

static void fill(Onnx__AttributeProto *a, struct onnx_pool *pool, const struct rt_opt *opt,
		 const void *params)
{
	const void *field = (const char *)params + opt->offset;
	const struct rt_ints *ints = field;
	const struct rt_reals *reals = field;
	const struct rt_strings *strings = field;

	switch (opt->type) {
	case RT_BOOL:
		a->has_i = true;
		a->i = *(const bool *)field;
		break;
	case RT_INT:
		a->has_i = true;
		a->i = *(const int64_t *)field;
		break;
	case RT_REAL:
		a->has_f = true;
		a->f = (float)*(const double *)field;
		break;
	case RT_STRING:
		a->has_s = true;
		a->s = binary(pool, *(char *const *)field);
		break;
	case RT_CHOICE:
		a->has_s = true;
		a->s = binary(pool, opt->choices[*(const int *)field]);
		break;
	case RT_INTS:
		a->n_ints = (size_t)ints->n;
		a->ints = ints->v;
		break;
	case RT_REALS:
		a->n_floats = (size_t)reals->n;
		a->floats = onnx_alloc(pool, a->n_floats, sizeof(*a->floats));
		for (int i = 0; i < reals->n; i++)
			a->floats[i] = (float)reals->v[i];
		break;
	case RT_STRINGS:
		a->n_strings = (size_t)strings->n;
		a->strings = onnx_alloc(pool, a->n_strings, sizeof(*a->strings));
		for (int i = 0; i < strings->n; i++)
			a->strings[i] = binary(pool, strings->v[i]);
		break;
	}
}

/* The pair of options as one tensor. */
static Onnx__AttributeProto *element(struct onnx_pool *pool, const struct rt_opt *opt,
				     const void *params)
{
	Onnx__AttributeProto *a =
		onnx_attr_new(pool, opt->name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR);
	double value = *(const double *)((const char *)params + opt->offset);
	int64_t code = *(const int64_t *)((const char *)params + element_type(opt)->offset);

	a->t = onnx_alloc(pool, 1, sizeof(*a->t));
	onnx__tensor_proto__init(a->t);
	a->t->n_dims = 1;
	a->t->dims = onnx_alloc(pool, 1, sizeof(*a->t->dims));
	a->t->dims[0] = 1;
	a->t->has_data_type = true;
	a->t->data_type = (int32_t)code;
	for (int t = 0; t < RT_DTYPES; t++) {
		if (rt_dtype((enum rt_dtype)t)->onnx != code)
			continue;
		a->t->has_raw_data = true;
		a->t->raw_data.len = rt_dtype((enum rt_dtype)t)->size;
		a->t->raw_data.data = onnx_alloc(pool, 1, a->t->raw_data.len);
		rt_convert(a->t->raw_data.data, (enum rt_dtype)t, &value, RT_F64, 1);
	}
	return a;
}

void onnx_attrs_write(Onnx__NodeProto *node, struct onnx_pool *pool, const struct rt_row *row,
		      const void *params)
{
	size_t n = 0;

	for (const struct rt_opt *o = row->opts; o && o->name; o++)
		n++;
	node->attribute = onnx_alloc(pool, n, sizeof(*node->attribute));
	for (const struct rt_opt *o = row->opts; o && o->name; o++) {
		if (element_type(o)) {
			if (!rt_opt_is_default(o, params) || !rt_opt_is_default(o + 1, params))
				node->attribute[node->n_attribute++] = element(pool, o, params);
			o++;
			continue;
		}
		if (rt_opt_is_default(o, params))
			continue;
		node->attribute[node->n_attribute] =
			onnx_attr_new(pool, o->name, wanted_type(o->type));
		fill(node->attribute[node->n_attribute++], pool, o, params);
	}
}
