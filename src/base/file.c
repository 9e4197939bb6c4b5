/* file.c - reading whole files, writing them atomically, finding the program's own. */
#include "config.h"

#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool rt_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Reads to the end of the stream, also where the size is not known before (pipes, /proc). */
static enum rt_status read_all(FILE *f, unsigned char **out, size_t *len, const char *path,
			       struct rt_err *err)
{
	struct stat st;
	size_t cap = fstat(fileno(f), &st) == 0 && st.st_size > 0 ? (size_t)st.st_size + 1 : 65536;
	size_t n = 0, got;
	unsigned char *bytes = malloc(cap + 1), *more;

	while (bytes && (got = fread(bytes + n, 1, cap - n, f)) > 0) {
		n += got;
		if (n < cap)
			continue;
		cap *= 2;
		more = realloc(bytes, cap + 1);
		if (!more)
			free(bytes);
		bytes = more;
	}
	if (!bytes)
		return rt_fail(err, RT_ENOMEM, "%s: not enough memory for %zu bytes", path, cap);
	if (ferror(f)) {
		free(bytes);
		return rt_fail(err, RT_EIO, "%s: %s", path, strerror(errno));
	}
	bytes[n] = 0;
	*out = bytes;
	*len = n;
	return RT_OK;
}

enum rt_status rt_file_read(unsigned char **out, size_t *len, const char *path, struct rt_err *err)
{
	FILE *f;
	enum rt_status status;

	if (rt_is_dir(path))
		return rt_fail(err, RT_EIO, "%s: is a folder, not a file", path);
	f = fopen(path, "rbe");
	if (!f)
		return rt_fail(err, errno == ENOENT ? RT_ENOTFOUND : RT_EIO, "%s: %s", path,
			       strerror(errno));
	status = read_all(f, out, len, path, err);
	fclose(f);
	return status;
}

/* What is written when the user names path: the file a link leads to, else path itself. */
static char *resolve(const char *path)
{
	struct stat st;
	char *real = lstat(path, &st) == 0 && S_ISLNK(st.st_mode) ? realpath(path, NULL) : NULL;

	return real ? real : rt_strdup(path);
}

/* Devices and pipes cannot be replaced; they are written to. */
static enum rt_status open_special(struct rt_out *out, struct rt_err *err)
{
	out->stream = fopen(out->path, "wbe");
	if (out->stream)
		return RT_OK;
	rt_fail(err, RT_EIO, "%s: cannot write: %s", out->path, strerror(errno));
	rt_out_abort(out);
	return RT_EIO;
}

enum rt_status rt_out_begin(struct rt_out *out, const char *path, struct rt_err *err)
{
	struct stat st;
	mode_t mask;
	int fd;

	*out = (struct rt_out){0};
	if (rt_is_dir(path))
		return rt_fail(err, RT_EIO, "%s: is a folder; give a file name", path);
	out->path = resolve(path);
	if (stat(out->path, &st) == 0 && !S_ISREG(st.st_mode))
		return open_special(out, err);
	out->temp = rt_sprintf("%s.XXXXXX", out->path);
	fd = mkstemp(out->temp);
	if (fd < 0) {
		rt_fail(err, RT_EIO, "%s: cannot write: %s", path, strerror(errno));
		free(out->temp);
		out->temp = NULL;
		rt_out_abort(out);
		return RT_EIO;
	}
	mask = umask(0);
	umask(mask);
	fchmod(fd, 0666 & ~mask);
	out->stream = fdopen(fd, "wb");
	RT_ASSERT(out->stream);
	return RT_OK;
}

enum rt_status rt_out_commit(struct rt_out *out, struct rt_err *err)
{
	bool bad = fflush(out->stream) != 0 || ferror(out->stream) ||
		   (out->temp && fsync(fileno(out->stream)) != 0);
	int reason = errno;

	if (fclose(out->stream) != 0 && !bad) {
		bad = true;
		reason = errno;
	}
	out->stream = NULL;
	if (!bad && out->temp && rename(out->temp, out->path) != 0) {
		bad = true;
		reason = errno;
	}
	if (bad) {
		rt_fail(err, RT_EIO, "%s: cannot write: %s", out->path,
			strerror(reason ? reason : ENOSPC));
		rt_out_abort(out);
		return RT_EIO;
	}
	free(out->temp);
	out->temp = NULL;
	rt_out_abort(out);
	return RT_OK;
}

void rt_out_abort(struct rt_out *out)
{
	if (out->stream)
		fclose(out->stream);
	if (out->temp)
		unlink(out->temp);
	free(out->temp);
	free(out->path);
	*out = (struct rt_out){0};
}

enum rt_status rt_file_write(const char *path, const void *bytes, size_t len, struct rt_err *err)
{
	struct rt_out out;

	RT_TRY(rt_out_begin(&out, path, err));
	fwrite(bytes, 1, len, out.stream);
	return rt_out_commit(&out, err);
}

/* The folder of the running program, with its links followed; false where that is not known. */
static bool program_dir(char dir[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", dir, PATH_MAX - 1);
	char *slash;

	dir[n > 0 ? n : 0] = '\0';
	slash = strrchr(dir, '/');
	if (slash)
		*slash = '\0';
	return slash != NULL;
}

/* True when the running program lies in the build tree it was made in. */
static bool in_build_tree(const char *dir)
{
	char build[PATH_MAX];
	size_t len;

	if (!realpath(RT_BUILD_DIR, build))
		return false;
	len = strlen(build);
	return strncmp(dir, build, len) == 0 && (dir[len] == '/' || dir[len] == '\0');
}

int rt_home_dirs(char *dirs[16])
{
	const char *env = getenv("RETORT_DATA");
	char *copy = rt_strdup(env ? env : ""), *rest = copy, *dir, program[PATH_MAX];
	int n = 0;

	while (n < 13 && (dir = strtok_r(rest, ":", &rest)))
		dirs[n++] = rt_strdup(dir);
	free(copy);
	if (program_dir(program)) {
		if (in_build_tree(program))
			dirs[n++] = rt_strdup(RT_SOURCE_HOME);
		/* an installation that was moved as a whole */
		dirs[n++] = rt_sprintf("%s/../share/retort", program);
	}
	dirs[n++] = rt_strdup(RT_PKGDATADIR);
	return n;
}

char *rt_home_find(const char *relative)
{
	char *dirs[16], *found = NULL;
	int n = rt_home_dirs(dirs);

	for (int i = 0; i < n; i++) {
		char *path = rt_sprintf("%s/%s", dirs[i], relative);

		if (!found && access(path, R_OK) == 0)
			found = path;
		else
			free(path);
		free(dirs[i]);
	}
	return found;
}
