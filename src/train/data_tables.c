/* data_tables.c - makes a data set of a folder with a table for training and one for testing. */
#include "config.h"

#include "base/file.h"
#include "base/mem.h"
#include "io/gz.h"
#include "train/data_make.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const ends[] = {".csv", ".tsv", ".txt"};

/* The table of that part, which the caller frees; NULL: there is none. */
static char *find_part(const char *folder, const char *part)
{
	for (size_t i = 0; i < 2 * RT_COUNT(ends); i++) {
		char *path = rt_sprintf("%s/%s%s%s", folder, part, ends[i / 2], i % 2 ? ".gz" : "");

		if (access(path, F_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

bool data_is_table_folder(const char *path)
{
	char *train = find_part(path, "train"), *test = find_part(path, "test");
	bool both = train && test;

	free(train);
	free(test);
	return both;
}

static int64_t count_lines(const char *text)
{
	int64_t n = 1;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Both tables as one; a header that the second repeats is left out, and an empty line stands for
 * it. */
static char *join(const char *train, const char *test, size_t *len)
{
	size_t head = strcspn(train, "\r\n");
	struct rt_str all = {0};

	rt_str_add(&all, train);
	rt_str_addc(&all, '\n');
	if (strncmp(train, test, head) == 0 && test[head] && strchr("\r\n", test[head]))
		test += head;
	rt_str_add(&all, test);
	*len = all.len;
	return rt_str_take(&all);
}

enum rt_status data_from_tables(struct rt_data *d, const char *path,
				const struct rt_data_load *opts, struct rt_err *err)
{
	char *name[2] = {find_part(path, "train"), find_part(path, "test")}, *both = NULL;
	unsigned char *text[2] = {NULL, NULL};
	enum rt_status status = RT_OK;
	int64_t lines;
	size_t len;

	for (int i = 0; i < 2 && status == RT_OK; i++)
		status = rt_gz_read(&text[i], &len, name[i], err);
	if (status == RT_OK) {
		lines = count_lines((char *)text[0]);
		both = join((char *)text[0], (char *)text[1], &len);
		status = data_from_table(d, name[0], both, len, lines, opts, err);
		if (status != RT_OK)
			rt_wrap(err, "%s with the lines of the other part behind it", path);
	}
	for (int i = 0; i < 2; i++) {
		free(name[i]);
		free(text[i]);
	}
	return status;
}
