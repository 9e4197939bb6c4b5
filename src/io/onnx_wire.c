/* onnx_wire.c - protobuf messages in: walked for damage, and unpacked without their numbers.
 *
 * protobuf-c says only that unpacking failed, follows nesting as deep as the stack allows, and
 * copies what it unpacks.  The walk knows the wire format
 * (https://protobuf.dev/programming-guides/encoding) and which fields are messages, so it can say
 * where a file is broken.  On its way it writes the message again for protobuf-c: without fields
 * that the schema does not know, and with the number of a part of the source in place of the
 * contents of each tensor, which stay where they are until they are wanted.
 */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 100	/* as the protobuf library of Google has it */
#define LENGTH_BYTES 5	/* of a message, written with its leading zeros */

struct walk {
	struct onnx_source *source;
	unsigned char *out;	/* the message for protobuf-c */
	size_t len, cap;
	struct rt_err *err;
};

enum wire { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

static enum rt_status damaged(const struct walk *w, const ProtobufCMessageDescriptor *type,
			      size_t at, const char *what)
{
	return rt_fail(w->err, RT_EFORMAT, "damaged or truncated at byte %zu of %zu (in a %s): %s",
		       at, w->source->len, type->short_name, what);
}

/* --- the message without its numbers ------------------------------------------------------- */

static enum rt_status make_room(struct walk *w, size_t n)
{
	unsigned char *bigger;

	if (n <= w->cap - w->len)
		return RT_OK;
	w->cap = w->cap + n > 2 * w->cap ? w->cap + n : 2 * w->cap;
	bigger = realloc(w->out, w->cap);
	if (!bigger)
		return rt_fail(w->err, RT_ENOMEM, "not enough memory for a message of %zu bytes",
			       w->cap);
	w->out = bigger;
	return RT_OK;
}

/* Bytes of the source as they are. */
static enum rt_status keep(struct walk *w, const ProtobufCMessageDescriptor *type, size_t at,
			   size_t n)
{
	RT_TRY(make_room(w, n));
	if (!onnx_copy(w->source, w->out + w->len, at, n))
		return damaged(w, type, at, "cannot be read");
	w->len += n;
	return RT_OK;
}

static void put_varint(unsigned char *to, size_t n, uint64_t v)
{
	for (size_t i = 0; i < n; i++, v >>= 7)
		to[i] = (unsigned char)((v & 0x7f) | (i + 1 < n ? 0x80 : 0));
}

/* The contents of a tensor: their place instead of them. */
static enum rt_status put_part(struct walk *w, unsigned field, size_t at, size_t n)
{
	struct onnx_source *s = w->source;
	uint64_t number = (uint64_t)s->nparts;

	RT_GROW(s->part, s->nparts, s->parts_cap);
	s->part[s->nparts++] = (struct onnx_part){.at = at, .len = n};
	RT_TRY(make_room(w, 2 + sizeof(number)));
	put_varint(w->out + w->len, 2, (ONNX_PART + field) << 3 | WIRE_64);
	memcpy(w->out + w->len + 2, &number, sizeof(number));
	w->len += 2 + sizeof(number);
	return RT_OK;
}

static bool is_contents(const ProtobufCMessageDescriptor *type,
			const ProtobufCFieldDescriptor *field)
{
	return type == &onnx__tensor_proto__descriptor &&
	       (field->type == PROTOBUF_C_TYPE_BYTES ||
		(field->label == PROTOBUF_C_LABEL_REPEATED &&
		 field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE &&
		 strcmp(field->name, "dims") != 0));
}

/* --- the walk ------------------------------------------------------------------------------ */

static enum rt_status walk_message(struct walk *w, const ProtobufCMessageDescriptor *type,
				   size_t at, size_t end, int depth);

/* A message in a message, with the length that it has when it is written. */
static enum rt_status walk_inside(struct walk *w, const ProtobufCMessageDescriptor *type,
				  size_t at, size_t end, int depth)
{
	size_t before;

	RT_TRY(make_room(w, LENGTH_BYTES));
	w->len += LENGTH_BYTES;
	before = w->len;
	RT_TRY(walk_message(w, type, at, end, depth));
	put_varint(w->out + before - LENGTH_BYTES, LENGTH_BYTES, w->len - before);
	return RT_OK;
}

/* A length and as many bytes, which are a message where the schema says so.  The tag begins at
 * start. */
static enum rt_status walk_bytes(struct walk *w, const ProtobufCMessageDescriptor *type,
				 const ProtobufCFieldDescriptor *field, size_t start, size_t *at,
				 size_t end, int depth)
{
	size_t length_at = *at;
	uint64_t n;
	char what[96];

	if (!onnx_varint(w->source, at, end, &n))
		return damaged(w, type, length_at, "a length is cut off");
	if (n > end - *at) {
		snprintf(what, sizeof(what), "a field of %" PRIu64 " bytes where %zu are left", n,
			 end - *at);
		return damaged(w, type, length_at, what);
	}
	*at += (size_t)n;
	if (!field)
		return RT_OK;
	if (is_contents(type, field))
		return put_part(w, field->id, *at - (size_t)n, (size_t)n);
	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		return keep(w, type, start, *at - start);
	if (depth == MAX_DEPTH)
		return damaged(w, type, *at - (size_t)n, "messages lie too deep in each other");
	RT_TRY(keep(w, type, start, length_at - start));
	return walk_inside(w, field->descriptor, *at - (size_t)n, *at, depth + 1);
}

/* One field, whose tag begins at *at. */
static enum rt_status walk_field(struct walk *w, const ProtobufCMessageDescriptor *type, size_t *at,
				 size_t end, int depth)
{
	const ProtobufCFieldDescriptor *field;
	size_t start = *at, fixed;
	uint64_t tag, ignored;

	if (!onnx_varint(w->source, at, end, &tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff)
		return damaged(w, type, start, "no field can start like this");
	field = protobuf_c_message_descriptor_get_field(type, (unsigned)(tag >> 3));
	switch (tag & 7) {
	case WIRE_VARINT:
		if (!onnx_varint(w->source, at, end, &ignored))
			return damaged(w, type, start, "a number is cut off");
		break;
	case WIRE_64:
	case WIRE_32:
		fixed = (tag & 7) == WIRE_64 ? 8 : 4;
		if (end - *at < fixed)
			return damaged(w, type, start, "a number is cut off");
		*at += fixed;
		break;
	case WIRE_BYTES:
		return walk_bytes(w, type, field, start, at, end, depth);
	default:
		return damaged(w, type, start, "no field can start like this");
	}
	return field ? keep(w, type, start, *at - start) : RT_OK;
}

static enum rt_status walk_message(struct walk *w, const ProtobufCMessageDescriptor *type,
				   size_t at, size_t end, int depth)
{
	while (at < end)
		RT_TRY(walk_field(w, type, &at, end, depth));
	return RT_OK;
}

/* --- the whole ----------------------------------------------------------------------------- */

enum rt_status onnx_parse(ProtobufCMessage **out, const ProtobufCMessageDescriptor *type,
			  struct onnx_source *source, struct rt_err *err)
{
	struct walk w = {.source = source, .err = err};
	enum rt_status status;

	*out = NULL;
	if (source->len == 0)
		return rt_fail(err, RT_EFORMAT, "%s: is empty", source->name);
	status = walk_message(&w, type, 0, source->len, 0);
	if (status == RT_OK)
		*out = protobuf_c_message_unpack(type, NULL, w.len, w.out);
	if (status == RT_OK && !*out)
		status = rt_fail(err, RT_EFORMAT, "is not an ONNX %s: a field has the wrong type",
				 type->short_name);
	free(w.out);
	return status == RT_OK ? RT_OK : rt_wrap(err, "%s", source->name);
}
