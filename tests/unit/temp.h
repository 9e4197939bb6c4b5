/* temp.h - a folder for the files that a test program writes, and small files in and out of it. */
#ifndef RT_TESTS_TEMP_H
#define RT_TESTS_TEMP_H

#include "base/file.h"
#include "base/mem.h"
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

static char temp_dir[64];

/* Setup and teardown of a group. */
static inline int temp_begin(void **state)
{
	(void)state;
	strcpy(temp_dir, "/tmp/retort-test-XXXXXX");
	return mkdtemp(temp_dir) ? 0 : -1;
}

static inline int temp_end(void **state)
{
	char *command = rt_sprintf("rm -rf '%s'", temp_dir);
	int code = system(command);

	(void)state;
	free(command);
	return code;
}

/* A path in the folder, for the caller to free; folders on the way are made. */
static inline char *temp_path(const char *name)
{
	char *path = rt_sprintf("%s/%s", temp_dir, name);

	for (char *c = path + strlen(temp_dir) + 1; (c = strchr(c, '/')); c++) {
		*c = '\0';
		mkdir(path, 0777);
		*c = '/';
	}
	return path;
}

/* Writes a file into the folder and gives its path, for the caller to free. */
static inline char *temp_bytes(const char *name, const void *bytes, size_t len)
{
	char *path = temp_path(name);
	struct rt_err err;

	assert_ok(rt_file_write(path, bytes, len, &err));
	return path;
}

static inline char *temp_text(const char *name, const char *text)
{
	return temp_bytes(name, text, strlen(text));
}

/* The bytes of any file, for the caller to free. */
static inline unsigned char *slurp(const char *path, size_t *len)
{
	unsigned char *bytes;
	struct rt_err err;

	assert_ok(rt_file_read(&bytes, len, path, &err));
	return bytes;
}

#endif
