/* place.c - where lessons were left: lines "STEP NAME" in the user's state folder, the last first.
 */
#include "config.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/xdg.h"
#include "shell/lesson.h"

#include <stdlib.h>
#include <string.h>

static char *place_file(void)
{
	return rt_xdg_path("XDG_STATE_HOME", ".local/state", "lessons");
}

/* The text of the file, "" when there is none; the caller frees it. */
static char *read_places(const char *path)
{
	unsigned char *bytes;
	struct rt_err err;
	size_t len;

	if (!path || rt_file_read(&bytes, &len, path, &err) != RT_OK)
		return rt_strdup("");
	return (char *)bytes;
}

/* Takes a line "STEP NAME" off *rest; *name is borrowed, NULL when the line is something else;
 * false at the end. */
static bool take(char **rest, int64_t *step, const char **name)
{
	char *line = strsep(rest, "\n"), *blank = line ? strchr(line, ' ') : NULL;

	*name = NULL;
	if (blank) {
		*blank = '\0';
		if (rt_parse_int(line, step) && *step >= 0 && *step < 100000)
			*name = blank + 1;
	}
	return line != NULL;
}

int lesson_place(const char *name)
{
	char *path = place_file(), *text = read_places(path), *rest = text;
	const char *found;
	int64_t step = 0;
	int place = 0;

	while (take(&rest, &step, &found))
		if (found && strcmp(found, name) == 0)
			place = (int)step;
	free(text);
	free(path);
	return place;
}

char *lesson_last(void)
{
	char *path = place_file(), *text = read_places(path), *rest = text, *last = NULL;
	const char *found;
	int64_t step;

	while (!last && take(&rest, &step, &found))
		last = found ? rt_strdup(found) : NULL;
	free(text);
	free(path);
	return last;
}

void lesson_keep_place(const char *name, int step)
{
	char *path = place_file(), *text = read_places(path), *rest = text;
	struct rt_str out = {0};
	const char *found;
	struct rt_err err;
	int64_t place;

	rt_str_addf(&out, "%d %s\n", step, name);
	while (take(&rest, &place, &found))
		if (found && strcmp(found, name) != 0)
			rt_str_addf(&out, "%d %s\n", (int)place, found);
	if (path) {
		rt_xdg_make_folder(path);
		rt_file_write(path, rt_str_text(&out), out.len, &err);
	}
	rt_str_release(&out);
	free(text);
	free(path);
}
