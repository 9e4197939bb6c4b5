/* xdg.c - where a user's own files lie. */
#include "config.h"

#include "base/mem.h"
#include "base/xdg.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *rt_xdg_path(const char *variable, const char *fallback, const char *name)
{
	const char *base = getenv(variable), *home = getenv("HOME");

	if (base && *base == '/')
		return rt_sprintf("%s/retort/%s", base, name);
	if (home && *home)
		return rt_sprintf("%s/%s/retort/%s", home, fallback, name);
	return NULL;
}

void rt_xdg_make_folder(const char *path)
{
	char *copy = rt_strdup(path);

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0700);
		*slash = '/';
	}
	free(copy);
}
