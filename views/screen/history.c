/* history.c - the lines typed at the prompt, in $XDG_STATE_HOME/retort/history.
 *
 * One entry a line; a newline inside an entry is written \n and a backslash \\.  Every entry is
 * added to the file at once, so nothing is lost when the program dies; at the end the file is
 * written anew without what is there twice.
 */
#include "config.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/xdg.h"
#include "views/screen/history.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

enum { MAX_ENTRIES = 10000 };

static void encode(struct rt_str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			rt_str_add(out, "\\n");
		else if (*text == '\\')
			rt_str_add(out, "\\\\");
		else
			rt_str_addc(out, *text);
	}
	rt_str_addc(out, '\n');
}

/* In place. */
static void decode(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text == '\\' && text[1]) {
			text++;
			*to++ = *text == 'n' ? '\n' : *text;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* The lines of the file, newest last; the caller frees *text and the array. */
static char **read_lines(char **text, int *n)
{
	char *path = rt_xdg_path("XDG_STATE_HOME", ".local/state", "history");
	unsigned char *bytes = NULL;
	char **lines = NULL, *rest, *line;
	size_t len, cap = 0;
	struct rt_err err;

	*n = 0;
	*text = NULL;
	if (path && rt_file_read(&bytes, &len, path, &err) == RT_OK) {
		rest = *text = (char *)bytes;
		while ((line = strtok_r(rest, "\n", &rest))) {
			RT_GROW(lines, *n, cap);
			lines[(*n)++] = line;
		}
	}
	free(path);
	return lines;
}

static int order(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void ignore(void *key)
{
	(void)key;
}

/* Keeps the last of equal lines and the last MAX_ENTRIES of those; returns how many are left, moved
 * to the end of the array. */
static int keep_latest(char **lines, int n)
{
	void *seen = NULL;
	int kept = 0;

	for (int i = n - 1; i >= 0 && kept < MAX_ENTRIES; i--) {
		if (tfind(lines[i], &seen, order))
			continue;
		tsearch(lines[i], &seen, order);
		kept++;
		lines[n - kept] = lines[i];
	}
	tdestroy(seen, ignore);
	return kept;
}

void rt_history_load(void)
{
	char *text;
	int n, kept;
	char **lines = read_lines(&text, &n);

	kept = keep_latest(lines, n);
	for (int i = n - kept; i < n; i++) {
		decode(lines[i]);
		add_history(lines[i]);
	}
	stifle_history(MAX_ENTRIES);
	free(lines);
	free(text);
}

static void forget(const char *text)
{
	for (int i = history_length - 1; i >= 0; i--) {
		HIST_ENTRY *entry = history_get(history_base + i);

		if (!entry || strcmp(entry->line, text) != 0)
			continue;
		entry = remove_history(i);
		free_history_entry(entry);
	}
}

void rt_history_add(const char *text)
{
	char *path = rt_xdg_path("XDG_STATE_HOME", ".local/state", "history");
	struct rt_str line = {0};
	int fd;

	forget(text);
	add_history(text);
	if (!path)
		return;
	rt_xdg_make_folder(path);
	encode(&line, text);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0) {
		/* a history that cannot be written is no reason to disturb the work */
		if (write(fd, line.text, line.len) < 0)
			errno = 0;
		close(fd);
	}
	rt_str_release(&line);
	free(path);
}

void rt_history_save(void)
{
	char *path = rt_xdg_path("XDG_STATE_HOME", ".local/state", "history"), *text;
	int n, kept;
	char **lines = read_lines(&text, &n);
	struct rt_out out = {0};
	struct rt_err err;

	kept = keep_latest(lines, n);
	if (kept > 0 && rt_out_begin(&out, path, &err) == RT_OK) {
		fchmod(fileno(out.stream), 0600);
		for (int i = n - kept; i < n; i++)
			fprintf(out.stream, "%s\n", lines[i]);
		rt_out_commit(&out, &err);
	}
	rt_out_abort(&out);
	free(lines);
	free(text);
	free(path);
}
