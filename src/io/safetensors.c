/* safetensors.c - reads and writes safetensors files. */
#include "config.h"

#include "io/safetensors.h"
#include "base/file.h"
#include "base/mem.h"
#include "io/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The arrays begin at a multiple of this; the header is filled up with blanks. */
#define ALIGN 8
#define MAX_DEPTH 8
#define MAX_ARRAYS 65536

static const char *const type_names[RT_DTYPES] = {
	[RT_F32] = "F32", [RT_F64] = "F64", [RT_F16] = "F16", [RT_BF16] = "BF16", [RT_I8] = "I8",
	[RT_U8] = "U8", [RT_I16] = "I16", [RT_U16] = "U16", [RT_I32] = "I32", [RT_U32] = "U32",
	[RT_I64] = "I64", [RT_U64] = "U64", [RT_BOOL8] = "BOOL",
};

void rt_tensors_add(struct rt_tensors *t, const char *name, struct rt_tensor *data)
{
	RT_GROW(t->v, t->n, t->cap);
	t->v[t->n++] = (struct rt_named){rt_strdup(name), *data};
	*data = (struct rt_tensor){0};
}

struct rt_named *rt_tensors_find(const struct rt_tensors *t, const char *name)
{
	for (int i = 0; i < t->n; i++)
		if (strcmp(t->v[i].name, name) == 0)
			return &t->v[i];
	return NULL;
}

void rt_tensors_release(struct rt_tensors *t)
{
	for (int i = 0; i < t->n; i++) {
		free(t->v[i].name);
		rt_tensor_release(&t->v[i].data);
	}
	free(t->v);
	*t = (struct rt_tensors){0};
}

/* --- the header ------------------------------------------------------------------------------ */

/* The JSON text on its way; it ends with a zero byte. */
struct scan {
	const char *start, *at;
	struct rt_err *err;
};

/* What the header says of one array. */
struct entry {
	char *name;
	int dtype;		/* -1: none yet */
	bool shaped, placed;
	struct rt_shape shape;
	int64_t begin, end;	/* bytes, from behind the header */
};

static enum rt_status expected(const struct scan *s, const char *what)
{
	return rt_fail(s->err, RT_EFORMAT, "byte %td of the header: %s is expected",
		       s->at - s->start, what);
}

static void blanks(struct scan *s)
{
	s->at += strspn(s->at, " \t\r\n");
}

/* Goes past c when it is next. */
static bool take(struct scan *s, char c)
{
	blanks(s);
	if (*s->at != c)
		return false;
	s->at++;
	return true;
}

static void add_utf8(struct rt_str *out, unsigned c)
{
	if (c < 0x80) {
		rt_str_addc(out, (char)c);
	} else if (c < 0x800) {
		rt_str_addc(out, (char)(0xc0 | c >> 6));
		rt_str_addc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		rt_str_addc(out, (char)(0xe0 | c >> 12));
		rt_str_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		rt_str_addc(out, (char)(0x80 | (c & 0x3f)));
	}
}

/* Behind a backslash.  Halves of surrogate pairs are kept as they are. */
static bool escape(struct scan *s, struct rt_str *out)
{
	static const char names[] = "\"\\/bfnrt", codes[] = "\"\\/\b\f\n\r\t";
	const char *name;
	char digits[5] = {0}, *end;
	unsigned long c;

	if (*s->at != 'u') {
		name = *s->at ? strchr(names, *s->at) : NULL;
		if (!name)
			return false;
		rt_str_addc(out, codes[name - names]);
		s->at++;
		return true;
	}
	for (int i = 0; i < 4 && s->at[1 + i]; i++)
		digits[i] = s->at[1 + i];
	c = strtoul(digits, &end, 16);
	if (end != digits + 4 || c == 0)
		return false;
	add_utf8(out, (unsigned)c);
	s->at += 5;
	return true;
}

/* The caller frees *out. */
static enum rt_status string(char **out, struct scan *s)
{
	struct rt_str text = {0};
	bool good = take(s, '"');

	while (good && *s->at != '"') {
		if (*s->at == '\\') {
			s->at++;
			good = escape(s, &text);
		} else {
			good = (unsigned char)*s->at >= ' ';
			if (good)
				rt_str_addc(&text, *s->at++);
		}
	}
	if (!good) {
		rt_str_release(&text);
		return expected(s, "a text");
	}
	s->at++;
	*out = rt_str_take(&text);
	return RT_OK;
}

static enum rt_status number(int64_t *out, struct scan *s)
{
	int64_t v = 0;

	blanks(s);
	if (*s->at < '0' || *s->at > '9')
		return expected(s, "a number");
	for (; *s->at >= '0' && *s->at <= '9'; s->at++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, *s->at - '0', &v))
			return expected(s, "a number of 63 bits");
	*out = v;
	return RT_OK;
}

/* [n, n ...], at most max of them. */
static enum rt_status numbers(int64_t *out, int *n, int max, struct scan *s)
{
	*n = 0;
	if (!take(s, '['))
		return expected(s, "[");
	if (take(s, ']'))
		return RT_OK;
	do {
		if (*n == max)
			return expected(s, "the end of the list");
		RT_TRY(number(&out[(*n)++], s));
	} while (take(s, ','));
	return take(s, ']') ? RT_OK : expected(s, "]");
}

/* A value that nobody needs. */
static enum rt_status skip(struct scan *s, int depth)
{
	char *text;
	char open;

	blanks(s);
	open = *s->at;
	if (depth == MAX_DEPTH)
		return expected(s, "less nesting");
	if (open == '"') {
		RT_TRY(string(&text, s));
		free(text);
		return RT_OK;
	}
	if (open != '{' && open != '[') {
		size_t n = strspn(s->at, "+-.0123456789abcdefghijklmnopqrstuvwxyzE");

		s->at += n;
		return n ? RT_OK : expected(s, "a value");
	}
	s->at++;
	if (take(s, open == '{' ? '}' : ']'))
		return RT_OK;
	do {
		if (open == '{') {
			RT_TRY(string(&text, s));
			free(text);
			if (!take(s, ':'))
				return expected(s, ":");
		}
		RT_TRY(skip(s, depth + 1));
	} while (take(s, ','));
	return take(s, open == '{' ? '}' : ']') ? RT_OK : expected(s, "the end of a list");
}

static enum rt_status type_of(int *dtype, const char *text, struct rt_err *err)
{
	for (int t = 0; t < RT_DTYPES; t++)
		if (strcmp(type_names[t], text) == 0) {
			*dtype = t;
			return RT_OK;
		}
	return rt_fail(err, RT_EUNSUPPORTED, "retort has no element type %.20s", text);
}

static enum rt_status field(struct entry *e, const char *key, struct scan *s)
{
	int64_t place[2];
	char *text;
	int n;
	enum rt_status status;

	if (strcmp(key, "dtype") == 0) {
		RT_TRY(string(&text, s));
		status = type_of(&e->dtype, text, s->err);
		free(text);
		return status;
	}
	if (strcmp(key, "shape") == 0) {
		e->shaped = true;
		return numbers(e->shape.dim, &e->shape.rank, RT_MAX_RANK, s);
	}
	if (strcmp(key, "data_offsets") != 0)
		return skip(s, 0);
	RT_TRY(numbers(place, &n, 2, s));
	if (n != 2)
		return expected(s, "a pair of offsets");
	e->placed = true;
	e->begin = place[0];
	e->end = place[1];
	return RT_OK;
}

static enum rt_status fields(struct entry *e, struct scan *s)
{
	char *key;
	enum rt_status status;

	if (!take(s, '{'))
		return expected(s, "{");
	do {
		RT_TRY(string(&key, s));
		status = take(s, ':') ? field(e, key, s) : expected(s, ":");
		free(key);
		RT_TRY(status);
	} while (take(s, ','));
	if (!take(s, '}'))
		return expected(s, "}");
	if (e->dtype < 0 || !e->shaped || !e->placed)
		return rt_fail(s->err, RT_EFORMAT, "dtype, shape or data_offsets is missing");
	return RT_OK;
}

/* --- reading --------------------------------------------------------------------------------- */

struct file {
	const unsigned char *data;	/* behind the header */
	int64_t size;
	struct rt_tensors *out;
};

/* Bytes of the array by its shape, or -1. */
static int64_t bytes_of(const struct entry *e)
{
	int64_t n = (int64_t)rt_dtype((enum rt_dtype)e->dtype)->size;

	for (int i = 0; i < e->shape.rank; i++)
		if (__builtin_mul_overflow(n, e->shape.dim[i], &n))
			return -1;
	return n;
}

static enum rt_status add_array(const struct file *f, const struct entry *e, struct rt_err *err)
{
	int64_t bytes = bytes_of(e);
	size_t size = rt_dtype((enum rt_dtype)e->dtype)->size;
	struct rt_tensor t;
	void *to;

	if (e->begin > e->end || e->end > f->size)
		return rt_fail(err, RT_EFORMAT, "bytes %" PRId64 " to %" PRId64 " of %" PRId64,
			       e->begin, e->end, f->size);
	if (bytes != e->end - e->begin)
		return rt_fail(err, RT_EFORMAT,
			       "its shape needs %" PRId64 " bytes, it has %" PRId64, bytes,
			       e->end - e->begin);
	if (f->out->n == MAX_ARRAYS)
		return rt_fail(err, RT_EUNSUPPORTED, "more than %d arrays", MAX_ARRAYS);
	if (rt_tensors_find(f->out, e->name))
		return rt_fail(err, RT_EFORMAT, "the name is there twice");
	RT_TRY(rt_tensor_new(&t, (enum rt_dtype)e->dtype, &e->shape, err));
	RT_TRY(rt_tensor_write(&to, &t, err));
	if (bytes && is_little_endian())
		memcpy(to, f->data + e->begin, (size_t)bytes);
	else if (bytes)
		copy_swapped(to, f->data + e->begin, size, bytes / (int64_t)size);
	rt_tensors_add(f->out, e->name, &t);
	return RT_OK;
}

static enum rt_status read_entry(const struct file *f, struct scan *s)
{
	struct entry e = {.dtype = -1};
	enum rt_status status;

	RT_TRY(string(&e.name, s));
	if (!take(s, ':'))
		status = expected(s, ":");
	else if (strcmp(e.name, "__metadata__") == 0)
		status = skip(s, 0);
	else if ((status = fields(&e, s)) != RT_OK || (status = add_array(f, &e, s->err)) != RT_OK)
		rt_wrap(s->err, "array \"%.80s\"", e.name);
	free(e.name);
	return status;
}

static enum rt_status read_header(const struct file *f, struct scan *s)
{
	if (!take(s, '{'))
		return expected(s, "{");
	if (!take(s, '}')) {
		do
			RT_TRY(read_entry(f, s));
		while (take(s, ','));
		if (!take(s, '}'))
			return expected(s, "}");
	}
	blanks(s);
	return *s->at ? expected(s, "the end") : RT_OK;
}

static enum rt_status read_bytes(struct rt_tensors *out, const unsigned char *bytes, size_t len,
				 struct rt_err *err)
{
	uint64_t header = 0;
	struct file f = {.out = out};
	struct scan s = {.err = err};
	char *text;
	enum rt_status status;

	for (int i = 7; len >= 8 && i >= 0; i--)
		header = header << 8 | bytes[i];
	if (len < 8 || header > len - 8)
		return rt_fail(err, RT_EFORMAT, "no safetensors file: a header of %" PRIu64
			       " bytes in a file of %zu", header, len);
	text = rt_alloc((size_t)header + 1, 1);
	memcpy(text, bytes + 8, (size_t)header);
	f.data = bytes + 8 + header;
	f.size = (int64_t)(len - 8 - header);
	s.start = s.at = text;
	status = read_header(&f, &s);
	free(text);
	return status;
}

enum rt_status rt_safetensors_read(struct rt_tensors *out, const char *path, struct rt_err *err)
{
	unsigned char *bytes;
	size_t len;
	enum rt_status status;

	*out = (struct rt_tensors){0};
	RT_TRY(rt_file_read(&bytes, &len, path, err));
	status = read_bytes(out, bytes, len, err);
	free(bytes);
	if (status != RT_OK) {
		rt_tensors_release(out);
		rt_wrap(err, "%s", path);
	}
	return status;
}

/* --- writing --------------------------------------------------------------------------------- */

static void add_quoted(struct rt_str *out, const char *text)
{
	rt_str_addc(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			rt_str_addf(out, "\\%c", *text);
		else if ((unsigned char)*text < ' ')
			rt_str_addf(out, "\\u%04x", *text);
		else
			rt_str_addc(out, *text);
	}
	rt_str_addc(out, '"');
}

static void make_header(struct rt_str *out, const struct rt_tensors *t)
{
	int64_t at = 0;

	rt_str_add(out, "{\"__metadata__\":{\"format\":\"pt\"}");
	for (int i = 0; i < t->n; i++) {
		const struct rt_tensor *x = &t->v[i].data;

		rt_str_addc(out, ',');
		add_quoted(out, t->v[i].name);
		rt_str_addf(out, ":{\"dtype\":\"%s\",\"shape\":[", type_names[x->dtype]);
		for (int d = 0; d < x->shape.rank; d++)
			rt_str_addf(out, "%s%" PRId64, d ? "," : "", x->shape.dim[d]);
		rt_str_addf(out, "],\"data_offsets\":[%" PRId64 ",", at);
		at += (int64_t)rt_tensor_bytes(x);
		rt_str_addf(out, "%" PRId64 "]}", at);
	}
	rt_str_addc(out, '}');
	while (out->len % ALIGN)
		rt_str_addc(out, ' ');
}

static void write_array(FILE *to, const struct rt_tensor *x)
{
	size_t size = rt_dtype(x->dtype)->size, bytes = rt_tensor_bytes(x);
	void *turned;

	if (is_little_endian() || !bytes) {
		fwrite(rt_tensor_data(x), 1, bytes, to);
		return;
	}
	turned = rt_alloc(bytes, 1);
	copy_swapped(turned, rt_tensor_data(x), size, rt_tensor_count(x));
	fwrite(turned, 1, bytes, to);
	free(turned);
}

enum rt_status rt_safetensors_write(const char *path, const struct rt_tensors *t,
				    struct rt_err *err)
{
	struct rt_str header = {0};
	unsigned char length[8] = {0};
	struct rt_out out;

	RT_TRY(rt_out_begin(&out, path, err));
	make_header(&header, t);
	put_le32(length, (uint32_t)header.len);
	fwrite(length, 1, sizeof(length), out.stream);
	fwrite(header.text, 1, header.len, out.stream);
	for (int i = 0; i < t->n; i++)
		write_array(out.stream, &t->v[i].data);
	rt_str_release(&header);
	return rt_out_commit(&out, err);
}
