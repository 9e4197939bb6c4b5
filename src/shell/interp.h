/* interp.h - the Tcl interpreter behind a few plain functions; no other file knows Tcl.
 *
 * For the files of this folder only.  Every interpreter looks at rt_cancelled() fifty times a
 * second, so a loop that never calls one of our commands can be stopped too, even inside `catch`.
 */
#ifndef RT_SHELL_INTERP_H
#define RT_SHELL_INTERP_H

#include "base/err.h"
#include "base/row.h"
#include "base/str.h"
#include "base/val.h"

struct rt_interp;

/* One call of a command that is written in C. */
struct rt_tcl_call {
	int n;				/* words, the name of the command included */
	const char *const *argv;	/* borrowed */
	const char *line;		/* the words quoted so that Tcl would read them again */
	bool direct;			/* the command stands alone at top level */
};

/* What such a command does; *out, NULL at first, becomes the result and is freed by the
 * interpreter. RT_ECANCELLED ends everything up to the top level, `catch` included. */
typedef enum rt_status (*rt_tcl_fn)(void *closure, const struct rt_tcl_call *call,
				    struct rt_val **out, struct rt_err *err);

/* A script on its way through rt_interp_step(). */
struct rt_script {
	const char *text;	/* borrowed */
	size_t at;		/* where the next command begins */
	int line;		/* the line of at, from 1 */
	size_t from, len;	/* the command that was run last, in text */
	int from_line;
	bool ours;		/* it was one of the commands defined from C */
	bool done;		/* nothing is left, or `return` was met */
};

/* A new interpreter.  A safe one has no files, no processes and none of Tcl's library. */
struct rt_interp *rt_interp_new(bool safe);
void rt_interp_free(struct rt_interp *in);

/* Adds or replaces a command; closure is borrowed. */
void rt_interp_define(struct rt_interp *in, const char *name, rt_tcl_fn fn, void *closure);

/* Asks what full name a word stands for that is no command (borrowed, or NULL); top level only. */
typedef const char *(*rt_resolve_fn)(void *closure, const char *name);
void rt_interp_resolver(struct rt_interp *in, rt_resolve_fn fn, void *closure);

/* True when a command of that name exists. */
bool rt_interp_knows(struct rt_interp *in, const char *name);

/* Appends the names of all commands, or of all global variables. */
void rt_interp_names(struct rt_interp *in, struct rt_strings *out);
void rt_interp_globals(struct rt_interp *in, struct rt_strings *out);

/* Gives a command a new name ("" removes it). */
void rt_interp_rename(struct rt_interp *in, const char *from, const char *to);

/* Sets a global variable to text, or to a list of n words. */
void rt_interp_set(struct rt_interp *in, const char *name, const char *text);
void rt_interp_set_list(struct rt_interp *in, const char *name, int n, const char *const *words);

/* Runs the next command of the script and moves on; s->done and RT_OK when there is none.
 * On failure err holds Tcl's message; RT_ECANCELLED when the user or rt_interp_stop() ended it. */
enum rt_status rt_interp_step(struct rt_interp *in, struct rt_script *s, struct rt_err *err);

/* Evaluates n words as one command in the frame of the caller; the result is a string. */
enum rt_status rt_interp_call(struct rt_interp *in, int n, const char *const *words,
			      struct rt_val **out, struct rt_err *err);

/* Calls body as a procedure with n parameters of these names and values; the caller frees *out. */
enum rt_status rt_interp_apply(struct rt_interp *in, int n, const char *const *names,
			       const char *const *values, const char *body, char **out,
			       struct rt_err *err);

/* Ends the evaluation under way up to the top level. */
void rt_interp_stop(struct rt_interp *in);

/* The result of the last step, and Tcl's errorInfo after a failure; borrowed until the next one. */
const char *rt_interp_result(struct rt_interp *in);
const char *rt_interp_trace(struct rt_interp *in);

/* True when the last step failed because nobody reads stdout any more. */
bool rt_interp_broken_pipe(struct rt_interp *in);

/* Appends a value as Tcl prints it. */
void rt_interp_text(const struct rt_val *v, struct rt_str *out);

/* Splits a Tcl list into words appended to out; RT_EINVAL when it is not one. */
enum rt_status rt_interp_split(const char *list, struct rt_strings *out, struct rt_err *err);

/* True when text ends where a command may end. */
bool rt_interp_whole(const char *text);

/* Tells fn what `puts` writes to standard output, before it does. */
typedef void (*rt_listen_fn)(void *closure, const char *text, bool newline);
void rt_interp_listen(struct rt_interp *in, rt_listen_fn fn, void *closure);

/* Writes out what `puts` has buffered; returns 0 or the system's error number. */
int rt_interp_flush(void);

/* Appends a line of standard input, with its newline, as `gets` would see it; false at the end. */
bool rt_interp_gets(struct rt_str *line);

#endif
