/* data_names.c - lists of names: what a folder holds, and how messages show them. */
#include "config.h"

#include "train/data_make.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

enum rt_status data_list_folder(struct rt_strings *names, const char *path, struct rt_err *err)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	*names = (struct rt_strings){0};
	if (!dir)
		return rt_fail(err, errno == ENOENT ? RT_ENOTFOUND : RT_EIO, "%s: %s", path,
			       strerror(errno));
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			rt_strings_add(names, entry->d_name);
	closedir(dir);
	if (names->n)
		qsort(names->v, (size_t)names->n, sizeof(*names->v), by_bytes);
	return RT_OK;
}

void data_names_free(struct rt_strings *names)
{
	for (int i = 0; i < names->n; i++)
		free(names->v[i]);
	free(names->v);
	*names = (struct rt_strings){0};
}

const char *data_names_text(char *buf, size_t size, const struct rt_strings *names)
{
	struct rt_str text = {0};
	int n = names->n < 8 ? names->n : 8;

	for (int i = 0; i < n; i++)
		rt_str_addf(&text, "%s%s", i ? ", " : "", names->v[i]);
	if (n < names->n)
		rt_str_add(&text, ", ...");
	snprintf(buf, size, "%s", rt_str_text(&text));
	rt_str_release(&text);
	return buf;
}
