/* onnx_external.c - contents of tensors in other files, which have to lie in the model's folder:
 * https://onnx.ai/onnx/repo-docs/ExternalData.html
 *
 * A model from elsewhere must not make us read what its sender has no business with, so paths that
 * leave the folder, by their words or by a link, are refused before anything is opened.
 */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct external {
	const char *location;
	int64_t offset, length;	/* length -1: to the end of the file */
};

static enum rt_status read_entries(struct external *e, const Onnx__TensorProto *t,
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

/* Whether the words of a path stay in the folder. */
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

/* Whether a path without links lies in a folder without links. */
static bool lies_in(const char *real, const char *folder)
{
	size_t n = strlen(folder);

	return strcmp(folder, "/") == 0 ||
	       (strncmp(real, folder, n) == 0 && (real[n] == '/' || real[n] == '\0'));
}

static enum rt_status system_error(const char *location, struct rt_err *err)
{
	return rt_fail(err, errno == ENOENT ? RT_ENOTFOUND : RT_EIO, "external data \"%s\": %s",
		       location, strerror(errno));
}

/* The file of a location, its links followed; the caller frees. */
static enum rt_status find_file(char **out, const char *folder, const char *location,
				struct rt_err *err)
{
	char *path, *real, *home;
	enum rt_status status = RT_OK;

	if (!folder || !stays_inside(location))
		return rt_fail(err, RT_EUNSUPPORTED,
			       "external data \"%s\" lies outside the model's folder", location);
	path = rt_sprintf("%s/%s", folder, location);
	real = realpath(path, NULL);
	home = real ? realpath(folder, NULL) : NULL;
	if (!home)
		status = system_error(location, err);
	else if (!lies_in(real, home))
		status = rt_fail(err, RT_EUNSUPPORTED,
				 "external data \"%s\" is a link to %s, outside the model's folder",
				 location, real);
	free(path);
	free(home);
	if (status == RT_OK)
		*out = real;
	else
		free(real);
	return status;
}

/* Opens a file, not a pipe that would keep us waiting; its length. */
static enum rt_status open_file(int *fd, int64_t *len, const char *path, const char *location,
				struct rt_err *err)
{
	struct stat st;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (*fd < 0 || fstat(*fd, &st) != 0)
		return system_error(location, err);
	*len = st.st_size;
	return S_ISREG(st.st_mode) ? RT_OK : rt_fail(err, RT_EIO,
						     "external data \"%s\" is not a file",
						     location);
}

static enum rt_status read_part(struct rt_tensor *out, int fd, int64_t len,
				const struct external *e, enum rt_dtype dtype,
				const struct rt_shape *shape, size_t bytes, struct rt_err *err)
{
	void *to;

	if (e->offset > len || bytes > (uint64_t)(len - e->offset))
		return rt_fail(err, RT_EFORMAT,
			       "external data \"%s\": needs %zu bytes from byte %" PRId64
			       ", the file has %" PRId64,
			       e->location, bytes, e->offset, len);
	RT_TRY(rt_tensor_new(out, dtype, shape, err));
	RT_TRY(rt_tensor_write(&to, out, err));
	if (onnx_pread(fd, to, bytes, (uint64_t)e->offset) == bytes)
		return RT_OK;
	return rt_fail(err, RT_EIO, "external data \"%s\": cannot be read as far as its end",
		       e->location);
}

enum rt_status onnx_external(struct rt_tensor *out, const Onnx__TensorProto *t, const char *folder,
			     enum rt_dtype dtype, const struct rt_shape *shape, size_t bytes,
			     struct rt_err *err)
{
	struct external e;
	enum rt_status status;
	int64_t len = 0;
	char *path = NULL;
	int fd = -1;

	RT_TRY(read_entries(&e, t, err));
	if (e.length >= 0 && (uint64_t)e.length != bytes)
		return rt_fail(err, RT_EFORMAT,
			       "external data has %" PRId64 " bytes, its shape needs %zu", e.length,
			       bytes);
	RT_TRY(find_file(&path, folder, e.location, err));
	status = open_file(&fd, &len, path, e.location, err);
	if (status == RT_OK)
		status = read_part(out, fd, len, &e, dtype, shape, bytes, err);
	if (fd >= 0)
		close(fd);
	free(path);
	return status;
}
