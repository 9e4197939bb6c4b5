/* onnx_source.c - the bytes of an ONNX message, of a file or of memory, read where they lie.
 *
 * A file is never mapped, since one that shrinks meanwhile would end the program, and never read
 * as a whole: the numbers of a tensor go from the file straight to where they are used.
 */
#include "config.h"

#include "io/onnx.h"
#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW 65536	/* bytes of a file that are at hand */

/* The folder part of a path; the caller frees. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder;

	if (!slash)
		return rt_strdup(".");
	folder = rt_strdup(path);
	folder[slash == path ? 1 : slash - path] = '\0';
	return folder;
}

void onnx_source_memory(struct onnx_source *s, const void *bytes, size_t len, const char *name)
{
	*s = (struct onnx_source){.name = name, .bytes = bytes, .len = len, .fd = -1};
}

/* Pipes and the like are read to their end first. */
static enum rt_status open_special(struct onnx_source *s, struct rt_err *err)
{
	RT_TRY(rt_file_read(&s->own, &s->len, s->name, err));
	s->bytes = s->own;
	return RT_OK;
}

enum rt_status onnx_source_open(struct onnx_source *s, const char *path, struct rt_err *err)
{
	struct stat st;

	*s = (struct onnx_source){.name = path, .fd = -1};
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
		RT_TRY(open_special(s, err));
	} else {
		s->fd = open(path, O_RDONLY | O_CLOEXEC);
		if (s->fd < 0)
			return rt_fail(err, RT_EIO, "%s: %s", path, strerror(errno));
		s->len = (size_t)st.st_size;
		s->window = rt_alloc(WINDOW, 1);
	}
	s->folder = folder_of(path);
	return RT_OK;
}

void onnx_source_close(struct onnx_source *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->window);
	free(s->own);
	free(s->folder);
	free(s->part);
	*s = (struct onnx_source){.fd = -1};
}

size_t onnx_pread(int fd, void *to, size_t n, uint64_t at)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, (char *)to + done, n - done, (off_t)(at + done));

		if (got <= 0 && !(got < 0 && errno == EINTR))
			break;
		done += got > 0 ? (size_t)got : 0;
	}
	return done;
}

const unsigned char *onnx_peek(struct onnx_source *s, size_t at, size_t n)
{
	if (s->bytes)
		return s->bytes + at;
	if (at < s->from || at + n > s->from + s->have) {
		s->from = at;
		s->have = onnx_pread(s->fd, s->window, WINDOW, at);
	}
	return n <= s->have ? s->window + (at - s->from) : NULL;
}

bool onnx_copy(struct onnx_source *s, void *to, size_t at, size_t n)
{
	const unsigned char *from;

	if (n > WINDOW && !s->bytes)
		return onnx_pread(s->fd, to, n, at) == n;
	from = onnx_peek(s, at, n);
	if (from && n)
		memcpy(to, from, n);
	return from != NULL;
}

bool onnx_varint(struct onnx_source *s, size_t *at, size_t end, uint64_t *out)
{
	size_t n = end - *at < 10 ? end - *at : 10;
	const unsigned char *p = onnx_peek(s, *at, n);

	*out = 0;
	for (size_t i = 0; p && i < n; i++) {
		*out |= (uint64_t)(p[i] & 0x7f) << 7 * i;
		if (p[i] & 0x80)
			continue;
		*at += i + 1;
		return true;
	}
	return false;
}
