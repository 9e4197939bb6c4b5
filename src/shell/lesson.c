/* lesson.c - reads the files that lessons are written in. */
#include "config.h"

#include "base/file.h"
#include "base/mem.h"
#include "shell/lesson.h"
#include "shell/state.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char *const keys[] = {"title", "about", "minutes", "step",
				   "try",   "check", "hint",	NULL};
enum key { TITLE, ABOUT, MINUTES, STEP, TRY, CHECK, HINT, KEYS, NONE = KEYS };

/* A file being read. */
struct reader {
	struct lesson *lesson;
	struct lesson_step *step;	/* the one being written; NULL before the first */
	const char *path;
	int line;
	enum key open;			/* what indented lines belong to */
};

static struct rt_strings *list_of(struct lesson_step *s, enum key key)
{
	return key == TRY ? &s->tries : key == CHECK ? &s->checks : &s->hints;
}

static enum rt_status complain(const struct reader *r, const char *what, struct rt_err *err)
{
	return rt_fail(err, RT_EFORMAT, "%s:%d: %s", r->path, r->line, what);
}

/* The key that a line begins with; *rest is what follows.  "tri: x" is a slip of the pen. */
static enum rt_status key_of(enum key *key, const char **rest, const struct reader *r,
			     const char *line, struct rt_err *err)
{
	size_t n = strspn(line, "abcdefghijklmnopqrstuvwxyz");
	char word[16];
	const char *near;

	*key = NONE;
	if (n == 0 || n >= sizeof(word) || line[n] != ':' ||
	    (line[n + 1] && !strchr(" \t", line[n + 1])))
		return RT_OK;
	memcpy(word, line, n);
	word[n] = '\0';
	*rest = line + n + 1 + strspn(line + n + 1, " \t");
	for (int k = 0; k < KEYS; k++)
		if (strcmp(word, keys[k]) == 0)
			*key = (enum key)k;
	near = *key == NONE ? rt_nearest(word, keys, KEYS) : NULL;
	if (near)
		return rt_fail(err, RT_EFORMAT, "%s:%d: \"%s:\" is no key; did you mean \"%s:\"?",
			       r->path, r->line, word, near);
	return RT_OK;
}

static void begin_step(struct reader *r, const char *title)
{
	struct lesson *l = r->lesson;

	l->step = rt_realloc(l->step, (size_t)l->n + 1, sizeof(*l->step));
	r->step = &l->step[l->n++];
	*r->step = (struct lesson_step){.title = rt_strdup(title), .line = r->line};
}

static enum rt_status head(struct reader *r, enum key key, const char *rest, struct rt_err *err)
{
	struct lesson *l = r->lesson;
	char **field = key == TITLE ? &l->title : &l->about;

	if (r->step)
		return complain(r, "title, about and minutes stand before the first step", err);
	if (key == MINUTES)
		return rt_parse_int(rest, &l->minutes)
			       ? RT_OK
			       : complain(r, "minutes is a whole number", err);
	free(*field);
	*field = rt_strdup(rest);
	return RT_OK;
}

static void continue_last(struct reader *r, const char *line)
{
	struct rt_strings *list = list_of(r->step, r->open);
	char **last = &list->v[list->n - 1];
	char *longer = rt_sprintf("%s%s%s", *last, r->open == HINT ? " " : "\n",
				  line + (r->open == HINT ? strspn(line, " \t") : 1));

	free(*last);
	*last = longer;
}

static enum rt_status add_text(struct reader *r, const char *line, struct rt_err *err)
{
	struct rt_str *text = r->step ? &r->step->text : &r->lesson->intro;

	if (r->step && *line && (r->step->tries.n || r->step->checks.n || r->step->hints.n))
		return complain(
			r, "text stands before try, check and hint; \"step:\" begins a new step",
			err);
	rt_str_add(text, line);
	rt_str_addc(text, '\n');
	return RT_OK;
}

static enum rt_status add_line(struct reader *r, const char *line, struct rt_err *err)
{
	const char *rest = "";
	enum key key;

	r->line++;
	if (*line == '#')
		return RT_OK;
	if (r->open != NONE && (*line == '\t' || *line == ' ') && line[strspn(line, " \t")]) {
		continue_last(r, line);
		return RT_OK;
	}
	RT_TRY(key_of(&key, &rest, r, line, err));
	r->open = NONE;
	if (key == NONE)
		return add_text(r, line, err);
	if (key < STEP)
		return head(r, key, rest, err);
	if (key == STEP) {
		begin_step(r, rest);
		return RT_OK;
	}
	if (!r->step)
		return complain(r, "\"step:\" comes before try, check and hint", err);
	rt_strings_add(list_of(r->step, key), rest);
	r->open = key;
	return RT_OK;
}

enum rt_status lesson_load(struct lesson **out, const char *path, struct rt_err *err)
{
	struct lesson *l;
	struct reader r = {.path = path, .open = NONE};
	char *text, *rest, *line;
	enum rt_status status = RT_OK;

	RT_TRY(rt_script_read(&text, path, err));
	l = rt_alloc(1, sizeof(*l));
	*l = (struct lesson){.name = lesson_name(path),
			     .path = rt_strdup(path),
			     .title = rt_strdup(""),
			     .about = rt_strdup(""),
			     .minutes = RT_UNSET_INT};
	r.lesson = l;
	for (rest = text; status == RT_OK && (line = strsep(&rest, "\n"));)
		status = add_line(&r, line, err);
	free(text);
	if (status == RT_OK && l->n == 0)
		status = rt_fail(err, RT_EFORMAT,
				 "%s is not a lesson: no line begins with \"step:\"", path);
	if (status == RT_OK)
		*out = l;
	else
		lesson_free(l);
	return status;
}

void lesson_free(struct lesson *l)
{
	if (!l)
		return;
	for (int i = 0; i < l->n; i++) {
		free(l->step[i].title);
		rt_str_release(&l->step[i].text);
		rt_words_release(&l->step[i].tries);
		rt_words_release(&l->step[i].checks);
		rt_words_release(&l->step[i].hints);
	}
	free(l->step);
	free(l->name);
	free(l->path);
	free(l->title);
	free(l->about);
	rt_str_release(&l->intro);
	free(l);
}

/* --- where lessons lie --------------------------------------------------------------------- */

char *lesson_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = rt_strdup(slash ? slash + 1 : path);
	size_t n = strlen(name);

	if (n > 4 && strcmp(name + n - 4, ".txt") == 0)
		name[n - 4] = '\0';
	return name;
}

static bool is_known(const struct rt_strings *paths, const char *path)
{
	char *name = lesson_name(path);
	bool known = false;

	for (int i = 0; i < paths->n && !known; i++) {
		char *other = lesson_name(paths->v[i]);

		known = strcmp(name, other) == 0;
		free(other);
	}
	free(name);
	return known;
}

static int by_name(const void *a, const void *b)
{
	const char *one = strrchr(*(char *const *)a, '/'), *other = strrchr(*(char *const *)b, '/');

	return strcmp(one, other);
}

/* Adds the lessons of one folder; a name that an earlier folder had is not added again. */
static void add_folder(struct rt_strings *out, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		size_t n = strlen(entry->d_name);
		char *path = rt_sprintf("%s/%s", folder, entry->d_name);

		if (n > 4 && strcmp(entry->d_name + n - 4, ".txt") == 0 && *entry->d_name != '.' &&
		    !is_known(out, path))
			rt_strings_add(out, path);
		free(path);
	}
	if (dir)
		closedir(dir);
}

void lesson_paths(struct rt_strings *out)
{
	char *homes[16];
	int n = rt_home_dirs(homes);

	for (int i = 0; i < n; i++) {
		char *folder = rt_sprintf("%s/lessons", homes[i]);

		add_folder(out, folder);
		free(folder);
		free(homes[i]);
	}
	if (out->n)
		qsort(out->v, (size_t)out->n, sizeof(*out->v), by_name);
}

/* "1-first" is meant by itself, "1" and "first". */
static bool is_meant(const char *name, const char *word)
{
	size_t digits = strspn(name, "0123456789");

	if (strcmp(name, word) == 0)
		return true;
	if (digits == 0 || name[digits] != '-')
		return false;
	return strcmp(name + digits + 1, word) == 0 ||
	       (strlen(word) == digits && strncmp(name, word, digits) == 0);
}

enum rt_status lesson_find(char **path, const char *name, struct rt_err *err)
{
	struct rt_strings paths = {0}, names = {0};
	size_t n = strlen(name);
	const char *near;

	if (strchr(name, '/') || (n > 4 && strcmp(name + n - 4, ".txt") == 0)) {
		*path = rt_strdup(name);
		return RT_OK;
	}
	*path = NULL;
	lesson_paths(&paths);
	for (int i = 0; i < paths.n; i++) {
		char *one = lesson_name(paths.v[i]);
		size_t digits = strspn(one, "0123456789");

		if (!*path && is_meant(one, name))
			*path = rt_strdup(paths.v[i]);
		rt_strings_add(&names, one + (one[digits] == '-' && digits ? digits + 1 : 0));
		free(one);
	}
	near = rt_nearest(name, (const char *const *)names.v, names.n);
	if (!*path && near)
		rt_fail(err, RT_ENOTFOUND, "no lesson \"%s\"; did you mean \"%s\"?", name, near);
	else if (!*path)
		rt_fail(err, RT_ENOTFOUND, "no lesson \"%s\"   (tutorial list shows them)", name);
	rt_words_release(&paths);
	rt_words_release(&names);
	return *path ? RT_OK : RT_ENOTFOUND;
}
