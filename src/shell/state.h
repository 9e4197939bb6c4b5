/* state.h - what a shell holds; for the files of this folder only. */
#ifndef RT_SHELL_STATE_H
#define RT_SHELL_STATE_H

#include "shell/interp.h"
#include "shell/shell.h"
#include "views/pane.h"

#include <pthread.h>
#include <stdio.h>

enum { RT_MAX_LISTS = 32, RT_MAX_NAMES = 256 };

/* The first word of one or more commands: a noun with verbs, or a command by itself. */
struct rt_noun {
	struct rt_shell *shell;
	char *name;
};

/* The line of progress on stderr, if one is there. */
struct rt_progress {
	double drawn;		/* when; 0 = nothing shown for this label */
	int tenth;		/* last tenth told when the line is not live */
	int width;		/* cells to wipe; 0 = none */
	char label[80];
};

/* The transcript. */
struct rt_log {
	FILE *stream;
	char *path;
	struct rt_str reply;	/* what the command under way has printed */
	bool skip;		/* the command under way is about the transcript itself */
};

enum { RT_NAME_KINDS = 4 };
extern const char *const rt_name_kinds[RT_NAME_KINDS];

/* What completion offers that is not known beforehand. */
struct rt_names {
	pthread_mutex_t lock;
	bool published; /* by rt_shell_publish_names() alone; otherwise asked for each time */
	struct rt_strings tcl, globals, kind[RT_NAME_KINDS];
};

/* What was done so far. */
struct rt_recorder {
	struct rt_record *item, next;	/* next: the command under way */
	int n, cap;
	size_t bytes;
	int64_t dropped;
	bool deaf;		/* pictures are not taken */
};

struct rt_shell {
	struct rt_interp *interp;
	const struct rt_list *commands;
	const struct rt_list *lists[RT_MAX_LISTS];
	int n_lists;
	struct {
		const char *kind;
		void (*add)(struct rt_strings *out);
	} more[RT_MAX_LISTS];
	int n_more;
	struct rt_noun *nouns;
	int n_nouns;
	struct rt_session *session;
	const struct rt_terminal *term;
	struct rt_names names;
	rt_progress_fn on_progress;
	void *progress_closure;
	const struct rt_screen *screen;
	bool (*page_text)(const struct rt_terminal *term, const char *text);
	bool interactive;	/* short forms are understood */
	bool quiet;
	bool flushed;		/* the command under way has printed some of its reply */
	bool quitting;
	int exit_code;
	int lost;		/* errno of output that could not be written */
	struct rt_str blame; /* the command that failed last, and how: the noun of an error line */
	struct rt_str reason;
	struct rt_str blamed; /* its longest argument: a text of several lines tells its own */
	struct rt_progress progress;
	struct rt_log log;
	struct rt_recorder record;
	bool mute;		/* replies are not printed */
	struct rt_lesson_page page;	/* under names.lock */
	struct rt_tutorial *tutorial;	/* NULL until a lesson was begun */
};

/* shell.c */

/* Output was lost for this reason (errno); a reader that went away ends the program as it ends any
 * other filter. */
void rt_shell_lost(struct rt_shell *sh, int reason);

/* dispatch.c - from words to a command. */

/* The command of that full name ("model show"), borrowed, or NULL. */
const struct rt_cmd *rt_cmd_find(const struct rt_shell *sh, const char *name);

/* The noun of that name, borrowed, or NULL. */
const struct rt_noun *rt_noun_find(const struct rt_shell *sh, const char *name);

/* The verbs of a noun, borrowed, in the order of the list; at most RT_MAX_NAMES. */
int rt_noun_verbs(const struct rt_shell *sh, const char *noun, const struct rt_cmd **verbs);

/* The last word of a command's name. */
const char *rt_cmd_verb(const struct rt_cmd *cmd);

/* Finds which command the words call and how many of them are its name; NULL with *used = 1 for a
 * noun alone.  short_forms allows unique prefixes of verbs. */
enum rt_status rt_cmd_resolve(const struct rt_cmd **out, int *used, const struct rt_shell *sh,
			      int n, const char *const *words, bool short_forms,
			      struct rt_err *err);

/* The list of that noun, singular or plural, borrowed, or NULL. */
const struct rt_list *rt_topic_find(const struct rt_shell *sh, const char *noun);

/* The one noun that begins with prefix, borrowed, or NULL. */
const char *rt_noun_expand(const struct rt_shell *sh, const char *prefix);

/* Fails with what name may have meant. */
enum rt_status rt_cmd_unknown(const struct rt_shell *sh, const char *name, struct rt_err *err);

/* locate.c */

/* Finds where in a script an error arose.  trace is Tcl's errorInfo; text is the source of the
 * command that failed, which begins at *line.  *line becomes the best known line; *file, when the
 * error came out of `source`, that file (the caller frees it), else it is left alone. */
void rt_locate(const char *trace, const char *text, size_t len, int *line, char **file);

/* How many lines end from `from` until `to`, both in one text; 0 unless `to` is behind. */
int rt_lines_between(const char *from, const char *to);

/* Where line nth of arg begins in text, in which it stands between braces, or NULL. */
const char *rt_locate_arg(const char *text, const char *arg, int nth);

/* batch.c */

/* Runs a script; the first error ends it with `name:line: command: reason` in err.  With keep_going
 * each error is printed and the last one returned. */
enum rt_status rt_script_run(struct rt_shell *sh, const char *name, const char *text, int line,
			     bool keep_going, struct rt_err *err);

/* Reads a script: UTF-8, lines may end in CR LF.  Errors: RT_EIO, RT_EFORMAT (a zero byte). */
enum rt_status rt_script_read(char **out, const char *path, struct rt_err *err);

/* names.c */
void rt_names_collect(struct rt_shell *sh);
void rt_names_release(struct rt_names *names);

/* log.c */

/* Writes a command and what it printed; a command that failed is kept as a comment. */
void rt_log_command(struct rt_shell *sh, const char *text, size_t len, bool failed);

/* record.c */

/* Takes the picture that the command under way has written; what cannot be read is left out. */
void rt_record_picture(struct rt_shell *sh, const char *path);

/* The command is done: with its reply, and its error or NULL, it becomes a record. */
void rt_record_command(struct rt_shell *sh, const char *text, size_t len, const char *error);
void rt_record_free(struct rt_recorder *rec);

/* tutorial.c */

/* Looks whether the step of a lesson is done, after a command at top level that printed its reply.
 */
void rt_tutorial_after(struct rt_shell *sh, const char *text, size_t len, bool failed);
void rt_tutorial_free(struct rt_shell *sh);

/* page.c */
struct lesson;

/* Shows others step `at` of the lesson; NULL: no step. */
void rt_page_publish(struct rt_shell *sh, const struct lesson *l, int at);

/* progress.c */
void rt_progress_clear(struct rt_shell *sh);

/* text.c - paragraphs for help and the manual. */

/* Appends text in lines of at most width columns, each but the first after indent blanks; col is
 * the column where the first begins. */
void rt_text_wrap(struct rt_str *out, const char *text, int indent, int col, int width);

/* Appends "name<blanks>summary" with the summary at column at, cut to width. */
void rt_text_row(struct rt_str *out, const char *name, const char *summary, int at, int width);

/* Appends what an option allows: "a number above 0, at most 1000", "one of a, b"; for people. */
void rt_text_allowed(struct rt_str *out, const struct rt_opt *opt);

/* Frees the words and leaves {0}. */
void rt_words_release(struct rt_strings *words);

/* Compares two strings through the pointers qsort hands over. */
int rt_text_order(const void *a, const void *b);

/* Appends n parameters (names[i], and values[i] made smaller) to out; zoo_scale.c.  Error:
 * RT_EINVAL. */
enum rt_status rt_zoo_scale(struct rt_strings *out, int n, const char *const *names,
			    const char *const *values, double width, double depth,
			    struct rt_err *err);

#endif
