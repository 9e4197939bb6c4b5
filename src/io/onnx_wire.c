/* onnx_wire.c - protobuf files in: walked for damage before they are unpacked.
 *
 * protobuf-c says only that unpacking failed, and follows nesting as deep as the stack allows.  The
 * walk knows the wire format (https://protobuf.dev/programming-guides/encoding) and which fields
 * are messages, so it can say where a file is broken.
 */
#include "config.h"

#include "io/onnx.h"
#include "base/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_DEPTH 100	/* as the protobuf library of Google has it */

struct walk {
	const unsigned char *bytes;
	size_t len;
	struct rt_err *err;
};

enum wire { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

static enum rt_status damaged(const struct walk *w, const ProtobufCMessageDescriptor *type,
			      size_t at, const char *what)
{
	return rt_fail(w->err, RT_EFORMAT, "damaged or truncated at byte %zu of %zu (in a %s): %s",
		       at, w->len, type->short_name, what);
}

/* A base-128 number; false when it leaves [*at, end) or has more than ten bytes. */
static bool read_varint(const struct walk *w, size_t *at, size_t end, uint64_t *out)
{
	uint64_t v = 0;

	for (int shift = 0; shift < 70 && *at < end; shift += 7) {
		unsigned char byte = w->bytes[(*at)++];

		v |= (uint64_t)(byte & 0x7f) << (shift < 64 ? shift : 63);
		if (!(byte & 0x80)) {
			*out = v;
			return true;
		}
	}
	return false;
}

static enum rt_status walk_message(const struct walk *w, const ProtobufCMessageDescriptor *type,
				   size_t at, size_t end, int depth);

/* A length and as many bytes, which are a message where the schema says so. */
static enum rt_status walk_bytes(const struct walk *w, const ProtobufCMessageDescriptor *type,
				 unsigned field_number, size_t *at, size_t end, int depth)
{
	const ProtobufCFieldDescriptor *field;
	uint64_t n;
	size_t start = *at;
	char what[96];

	if (!read_varint(w, at, end, &n))
		return damaged(w, type, start, "a length is cut off");
	if (n > end - *at) {
		snprintf(what, sizeof(what), "a field of %" PRIu64 " bytes where %zu are left", n,
			 end - *at);
		return damaged(w, type, start, what);
	}
	start = *at;
	*at += (size_t)n;
	field = protobuf_c_message_descriptor_get_field(type, field_number);
	if (!field || field->type != PROTOBUF_C_TYPE_MESSAGE)
		return RT_OK;
	if (depth == MAX_DEPTH)
		return damaged(w, type, start, "messages lie too deep in each other");
	return walk_message(w, field->descriptor, start, *at, depth + 1);
}

static enum rt_status walk_message(const struct walk *w, const ProtobufCMessageDescriptor *type,
				   size_t at, size_t end, int depth)
{
	while (at < end) {
		size_t start = at, fixed;
		uint64_t tag, ignored;

		if (!read_varint(w, &at, end, &tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff)
			return damaged(w, type, start, "no field can start like this");
		switch (tag & 7) {
		case WIRE_VARINT:
			if (!read_varint(w, &at, end, &ignored))
				return damaged(w, type, start, "a number is cut off");
			break;
		case WIRE_64:
		case WIRE_32:
			fixed = (tag & 7) == WIRE_64 ? 8 : 4;
			if (end - at < fixed)
				return damaged(w, type, start, "a number is cut off");
			at += fixed;
			break;
		case WIRE_BYTES:
			RT_TRY(walk_bytes(w, type, (unsigned)(tag >> 3), &at, end, depth));
			break;
		default:
			return damaged(w, type, start, "no field can start like this");
		}
	}
	return RT_OK;
}

enum rt_status onnx_parse(ProtobufCMessage **out, const ProtobufCMessageDescriptor *type,
			  const void *bytes, size_t len, const char *name, struct rt_err *err)
{
	struct walk w = {.bytes = bytes, .len = len, .err = err};

	if (len == 0)
		return rt_fail(err, RT_EFORMAT, "%s: is empty", name);
	if (walk_message(&w, type, 0, len, 0) != RT_OK)
		return rt_wrap(err, "%s", name);
	*out = protobuf_c_message_unpack(type, NULL, len, bytes);
	if (*out)
		return RT_OK;
	return rt_fail(err, RT_EFORMAT, "%s: is not an ONNX %s: a field has the wrong type", name,
		       type->short_name);
}

enum rt_status onnx_read(ProtobufCMessage **out, const ProtobufCMessageDescriptor *type,
			 const char *path, struct rt_err *err)
{
	unsigned char *bytes;
	size_t len;
	enum rt_status status;

	RT_TRY(rt_file_read(&bytes, &len, path, err));
	status = onnx_parse(out, type, bytes, len, path, err);
	free(bytes);
	return status;
}
