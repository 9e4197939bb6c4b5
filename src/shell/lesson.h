/* lesson.h - lessons as files: what a teacher has written; for the files of this folder only.
 *
 * The format is described in examples/lessons/README.
 */
#ifndef RT_SHELL_LESSON_H
#define RT_SHELL_LESSON_H

#include "base/err.h"
#include "base/row.h"

/* One thing to do. */
struct lesson_step {
	char *title;
	struct rt_str text;	/* lines as written */
	struct rt_strings tries, checks, hints;
	int line;		/* of the file, from 1 */
};

struct lesson {
	char *name, *path;	/* name: the file's, without folder and .txt */
	char *title, *about;	/* owned; never NULL */
	int64_t minutes;	/* RT_UNSET_INT when not told */
	struct rt_str intro;	/* text before the first step */
	struct lesson_step *step;
	int n;
};

/* Reads a lesson; the caller frees it.  Errors: RT_EIO, RT_EFORMAT with file and line. */
enum rt_status lesson_load(struct lesson **out, const char *path, struct rt_err *err);
void lesson_free(struct lesson *l);

/* Appends the paths of the lessons that come with the program, in the order of their names. */
void lesson_paths(struct rt_strings *out);

/* The path of a lesson by its name ("1-first"), its number or the rest of its name ("1", "first"),
 * or the path of any file; the caller frees it.  Error: RT_ENOTFOUND with a suggestion. */
enum rt_status lesson_find(char **path, const char *name, struct rt_err *err);

/* The name of the lesson in a file; the caller frees it. */
char *lesson_name(const char *path);

/* The step at which a lesson was left, 0 at first, the number of its steps when it was finished. */
int lesson_place(const char *name);

/* Keeps the step in the user's state folder, and which lesson was the last; a folder that cannot be
 * written is no reason to stop. */
void lesson_keep_place(const char *name, int step);

/* The name of the lesson that was left last, for the caller to free, or NULL. */
char *lesson_last(void);

#endif
