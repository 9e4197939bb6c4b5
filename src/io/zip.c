/* zip.c - reads and writes ZIP archives (PKWARE APPNOTE 6.3). */
#include "config.h"

#include "io/zip.h"
#include "base/mem.h"
#include "io/bytes.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define LOCAL_HEAD 30
#define CENTRAL_HEAD 46
#define END_HEAD 22
#define LOCAL_MAGIC 0x04034b50u
#define CENTRAL_MAGIC 0x02014b50u
#define END_MAGIC 0x06054b50u
/* Deflate never shrinks by more than this. */
#define DEFLATE_MAX 1032
/* 1 January 1980, so that the same content is the same file. */
#define DOS_DATE 0x21

/* Offset of the end record, which a comment of up to 64 kB may follow; 0 when there is none. */
static size_t find_end(const unsigned char *b, size_t len)
{
	for (size_t back = END_HEAD; back <= len && back <= END_HEAD + 65535; back++)
		if (le32(b + len - back) == END_MAGIC)
			return len - back;
	return 0;
}

/* Where the bytes of a member begin: behind its local header, whose length only that header
 * knows. / */
static enum rt_status locate(struct rt_zip *z, struct rt_zip_entry *e, size_t local,
			     struct rt_err *err)
{
	if (local > z->size || z->size - local < LOCAL_HEAD ||
	    le32(z->bytes + local) != LOCAL_MAGIC)
		return rt_fail(err, RT_EFORMAT,
			       "%s: member %s should begin at byte %zu of %zu, but does not",
			       z->file, e->name, local, z->size);
	e->at = local + LOCAL_HEAD + le16(z->bytes + local + 26) + le16(z->bytes + local + 28);
	if (e->at > z->size || e->packed > z->size - e->at)
		return rt_fail(err, RT_EFORMAT,
			       "%s: cut off: member %s has %zu bytes at %zu, the file %zu", z->file,
			       e->name, e->packed, e->at, z->size);
	if (e->deflated ? e->len / DEFLATE_MAX > e->packed : e->len != e->packed)
		return rt_fail(err, RT_EFORMAT, "%s: member %s cannot unpack from %zu to %zu bytes",
			       z->file, e->name, e->packed, e->len);
	return RT_OK;
}

/* Reads the central header at c, which lies inside the file, and steps over it. */
static enum rt_status read_entry(struct rt_zip *z, size_t *at, struct rt_err *err)
{
	const unsigned char *c = z->bytes + *at;
	struct rt_zip_entry *e = &z->entry[z->n];
	size_t name_len;
	unsigned method;

	if (z->size - *at < CENTRAL_HEAD || le32(c) != CENTRAL_MAGIC)
		return rt_fail(err, RT_EFORMAT, "%s: no member header at byte %zu of %zu", z->file,
			       *at, z->size);
	name_len = le16(c + 28);
	if (z->size - *at - CENTRAL_HEAD < name_len)
		return rt_fail(err, RT_EFORMAT, "%s: cut off in the list of members", z->file);
	method = le16(c + 10);
	e->name = rt_alloc(name_len + 1, 1);
	memcpy(e->name, c + CENTRAL_HEAD, name_len);
	z->n++;
	e->crc = le32(c + 16);
	e->packed = le32(c + 20);
	e->len = le32(c + 24);
	e->deflated = method == 8;
	if (le16(c + 8) & 1)
		return rt_fail(err, RT_EUNSUPPORTED, "%s: member %s is encrypted", z->file,
			       e->name);
	if (method != 0 && method != 8)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "%s: member %s is packed by method %u; 0 and 8 can be read", z->file,
			       e->name, method);
	if (e->packed == UINT32_MAX || e->len == UINT32_MAX)
		return rt_fail(err, RT_EUNSUPPORTED, "%s: member %s has more than 4 GB", z->file,
			       e->name);
	*at += CENTRAL_HEAD + name_len + le16(c + 30) + le16(c + 32);
	if (*at > z->size)
		return rt_fail(err, RT_EFORMAT, "%s: cut off in the list of members", z->file);
	return locate(z, e, le32(c + 42), err);
}

enum rt_status rt_zip_open(struct rt_zip *z, const void *bytes, size_t len, const char *file,
			   struct rt_err *err)
{
	size_t end, at, packed = 0;
	int n;

	*z = (struct rt_zip){.file = file, .bytes = bytes, .size = len};
	if (len < END_HEAD || (le32(bytes) != LOCAL_MAGIC && le32(bytes) != END_MAGIC))
		return rt_fail(err, RT_EFORMAT, "%s: not a ZIP archive", file);
	end = find_end(bytes, len);
	if (end == 0 && le32(bytes) != END_MAGIC)
		return rt_fail(err, RT_EFORMAT, "%s: cut off: no list of members in its %zu bytes",
			       file, len);
	n = le16(z->bytes + end + 10);
	at = le32(z->bytes + end + 16);
	if (at > end)
		return rt_fail(err, RT_EFORMAT,
			       "%s: cut off: the list of members begins at byte %zu of %zu", file,
			       at, len);
	z->entry = rt_alloc((size_t)n, sizeof(*z->entry));
	for (int i = 0; i < n; i++) {
		if (read_entry(z, &at, err) != RT_OK) {
			rt_zip_release(z);
			return err->status;
		}
		packed += z->entry[i].packed;
	}
	/* Members that share bytes could unpack to any amount of memory. */
	if (packed > len) {
		rt_zip_release(z);
		return rt_fail(err, RT_EFORMAT, "%s: its members overlap: %zu bytes packed in %zu",
			       file, packed, len);
	}
	return RT_OK;
}

void rt_zip_release(struct rt_zip *z)
{
	for (int i = 0; i < z->n; i++)
		free(z->entry[i].name);
	free(z->entry);
	*z = (struct rt_zip){0};
}

/* Raw deflate, without the header of zlib. */
static bool inflate_member(unsigned char *to, const struct rt_zip *z, const struct rt_zip_entry *e)
{
	z_stream s = {0};
	int code;

	if (inflateInit2(&s, -MAX_WBITS) != Z_OK)
		return false;
	s.next_in = (unsigned char *)z->bytes + e->at;
	s.avail_in = (uInt)e->packed;
	s.next_out = to;
	s.avail_out = (uInt)e->len;
	code = inflate(&s, Z_FINISH);
	inflateEnd(&s);
	return code == Z_STREAM_END && s.avail_out == 0;
}

enum rt_status rt_zip_extract(unsigned char **out, const struct rt_zip *z, int i,
			      struct rt_err *err)
{
	const struct rt_zip_entry *e = &z->entry[i];
	unsigned char *to = malloc(e->len + 1);

	*out = NULL;
	if (!to)
		return rt_fail(err, RT_ENOMEM, "%s: no memory for the %zu bytes of %s", z->file,
			       e->len, e->name);
	if (!e->deflated)
		memcpy(to, z->bytes + e->at, e->len);
	else if (!inflate_member(to, z, e)) {
		free(to);
		return rt_fail(err, RT_EFORMAT, "%s: member %s does not unpack to its %zu bytes",
			       z->file, e->name, e->len);
	}
	if (crc32(crc32(0, NULL, 0), to, (uInt)e->len) != e->crc) {
		free(to);
		return rt_fail(err, RT_EFORMAT,
			       "%s: member %s is damaged (its check sum does not fit)", z->file,
			       e->name);
	}
	to[e->len] = 0;
	*out = to;
	return RT_OK;
}

/* The fields that local and central header share: version, flags (UTF-8 names), method 0, date. */
static void put_common(unsigned char *p, const struct rt_zip_entry *e)
{
	put_le16(p, 20);
	put_le16(p + 2, 1 << 11);
	put_le16(p + 8, DOS_DATE);
	put_le32(p + 10, e->crc);
	put_le32(p + 14, (uint32_t)e->len);
	put_le32(p + 18, (uint32_t)e->len);
	put_le16(p + 22, (unsigned)strlen(e->name));
}

void rt_zip_add(struct rt_zip_writer *w, const char *name, const void *bytes, size_t len)
{
	unsigned char head[LOCAL_HEAD] = {0};
	struct rt_zip_entry *e;

	RT_GROW(w->entry, w->n, w->cap);
	e = &w->entry[w->n++];
	*e = (struct rt_zip_entry){.name = rt_strdup(name), .len = len, .at = w->at};
	e->crc = (uint32_t)crc32(crc32(0, NULL, 0), bytes, (uInt)len);
	put_le32(head, LOCAL_MAGIC);
	put_common(head + 4, e);
	fwrite(head, 1, sizeof(head), w->stream);
	fwrite(name, 1, strlen(name), w->stream);
	fwrite(bytes, 1, len, w->stream);
	w->at += sizeof(head) + strlen(name) + len;
}

void rt_zip_finish(struct rt_zip_writer *w)
{
	unsigned char end[END_HEAD] = {0};
	size_t size = 0;

	for (int i = 0; i < w->n; i++) {
		struct rt_zip_entry *e = &w->entry[i];
		unsigned char head[CENTRAL_HEAD] = {0};

		put_le32(head, CENTRAL_MAGIC);
		put_le16(head + 4, 20);
		put_common(head + 6, e);
		put_le32(head + 42, (uint32_t)e->at);
		fwrite(head, 1, sizeof(head), w->stream);
		fwrite(e->name, 1, strlen(e->name), w->stream);
		size += sizeof(head) + strlen(e->name);
		free(e->name);
	}
	put_le32(end, END_MAGIC);
	put_le16(end + 8, (unsigned)w->n);
	put_le16(end + 10, (unsigned)w->n);
	put_le32(end + 12, (uint32_t)size);
	put_le32(end + 16, (uint32_t)w->at);
	fwrite(end, 1, sizeof(end), w->stream);
	free(w->entry);
	*w = (struct rt_zip_writer){0};
}
