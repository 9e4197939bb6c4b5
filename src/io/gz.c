/* gz.c - reads files that may be gzipped (RFC 1952) into memory. */
#include "config.h"

#include "io/gz.h"
#include "base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

/* Deflate codes at most 258 bytes in two bits, so it never shrinks by more (zlib's FAQ: 1032:1). */
#define DEFLATE_MAX 1032

struct unpack {
	z_stream z;
	unsigned char *out;
	size_t len, cap, limit;
	const unsigned char *in;
	size_t nin, at;
	const char *name;
};

/* Room for at least one more byte and the closing zero. */
static enum rt_status make_room(struct unpack *u, struct rt_err *err)
{
	unsigned char *bigger;
	size_t cap;

	if (u->len + 1 < u->cap)
		return RT_OK;
	if (u->len >= u->limit)
		return rt_fail(err, RT_EFORMAT, "%s: unpacks to more than %zu bytes", u->name,
			       u->limit);
	cap = u->cap < u->limit / 2 ? u->cap * 2 : u->limit + 1;
	bigger = realloc(u->out, cap);
	if (!bigger)
		return rt_fail(err, RT_ENOMEM, "%s: no memory for %zu unpacked bytes", u->name,
			       cap);
	u->out = bigger;
	u->cap = cap;
	return RT_OK;
}

/* Unpacks one member; u->z has been initialized or reset. */
static enum rt_status unpack_member(struct unpack *u, struct rt_err *err)
{
	for (;;) {
		size_t room, feed = u->nin - u->at;
		int code;

		RT_TRY(make_room(u, err));
		room = u->cap - 1 - u->len;
		if (room > UINT_MAX)
			room = UINT_MAX;
		if (feed > UINT_MAX)
			feed = UINT_MAX;
		u->z.next_in = (unsigned char *)u->in + u->at;
		u->z.avail_in = (uInt)feed;
		u->z.next_out = u->out + u->len;
		u->z.avail_out = (uInt)room;
		code = inflate(&u->z, Z_NO_FLUSH);
		u->at += feed - u->z.avail_in;
		u->len += room - u->z.avail_out;
		if (code == Z_STREAM_END)
			return RT_OK;
		if (code == Z_MEM_ERROR)
			return rt_fail(err, RT_ENOMEM, "%s: no memory to unpack it", u->name);
		if (code != Z_OK && code != Z_BUF_ERROR)
			return rt_fail(err, RT_EFORMAT, "%s: damaged gzip data at byte %zu (%s)",
				       u->name, u->at, u->z.msg ? u->z.msg : "not deflate");
		if (u->at == u->nin && u->z.avail_out > 0)
			return rt_fail(err, RT_EFORMAT,
				       "%s: cut off: the gzip data goes on after its %zu bytes "
				       "(%zu unpacked so far)",
				       u->name, u->nin, u->len);
	}
}

/* Members follow each other; zeros may pad the end. */
static bool at_member(const struct unpack *u)
{
	return u->nin - u->at >= 2 && u->in[u->at] == 0x1f && u->in[u->at + 1] == 0x8b;
}

static enum rt_status check_tail(const struct unpack *u, struct rt_err *err)
{
	for (size_t i = u->at; i < u->nin; i++)
		if (u->in[i])
			return rt_fail(err, RT_EFORMAT,
				       "%s: gzip data ends at byte %zu, but the file has %zu bytes",
				       u->name, u->at, u->nin);
	return RT_OK;
}

enum rt_status rt_gz_unpack(unsigned char **out, size_t *len, const void *bytes, size_t nbytes,
			    size_t limit, const char *name, struct rt_err *err)
{
	struct unpack u = {.in = bytes, .nin = nbytes, .limit = limit, .name = name};
	enum rt_status status;

	*out = NULL;
	*len = 0;
	u.cap = nbytes < limit / 4 ? nbytes * 4 + 64 : limit + 1;
	u.out = malloc(u.cap);
	if (!u.out)
		return rt_fail(err, RT_ENOMEM, "%s: no memory for %zu unpacked bytes", name, u.cap);
	if (inflateInit2(&u.z, 16 + MAX_WBITS) != Z_OK) {
		status = rt_fail(err, RT_ENOMEM, "%s: no memory to unpack it", name);
		goto out;
	}
	do {
		status = unpack_member(&u, err);
	} while (status == RT_OK && at_member(&u) && inflateReset(&u.z) == Z_OK);
	inflateEnd(&u.z);
	if (status == RT_OK)
		status = check_tail(&u, err);
out:
	if (status != RT_OK) {
		free(u.out);
		return status;
	}
	u.out[u.len] = 0;
	*out = u.out;
	*len = u.len;
	return RT_OK;
}

/* Looks before reading, so that a folder, a device or a huge file gets its own line. */
static enum rt_status check_file(const char *path, struct rt_err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return rt_fail(err, errno == ENOENT || errno == ENOTDIR ? RT_ENOTFOUND : RT_EIO,
			       "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return rt_fail(err, RT_EIO, "%s: not a file", path);
	if ((uintmax_t)st.st_size > RT_GZ_LIMIT)
		return rt_fail(err, RT_EFORMAT, "%s: has %jd bytes, more than the limit of %zu",
			       path, (intmax_t)st.st_size, RT_GZ_LIMIT);
	return RT_OK;
}

enum rt_status rt_gz_read(unsigned char **out, size_t *len, const char *path, struct rt_err *err)
{
	unsigned char *packed;
	enum rt_status status;
	size_t n;

	*out = NULL;
	*len = 0;
	RT_TRY(check_file(path, err));
	RT_TRY(rt_file_read(out, len, path, err));
	if (*len < 2 || (*out)[0] != 0x1f || (*out)[1] != 0x8b)
		return RT_OK;
	packed = *out;
	n = *len;
	status = rt_gz_unpack(out, len, packed, n,
			      n < RT_GZ_LIMIT / DEFLATE_MAX ? n * DEFLATE_MAX : RT_GZ_LIMIT, path,
			      err);
	free(packed);
	return status;
}
