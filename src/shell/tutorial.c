/* tutorial.c - a lesson under way: shows its steps and sees when each is done. */
#include "config.h"

#include "base/mem.h"
#include "base/val.h"
#include "shell/lesson.h"
#include "shell/state.h"
#include "views/text.h"

#include <stdlib.h>
#include <string.h>

enum { REMIND = 3 };	/* commands until the hint is mentioned */

struct rt_tutorial {
	struct lesson *lesson;	/* NULL: none is under way */
	int at;			/* the step, from 0 */
	int tried;		/* commands since it was shown */
	bool passed;		/* its checks held after the last command */
	bool held;		/* the hook only looks, it does not go on */
	char *ran;		/* the lesson whose steps this session has seen */
};

static struct rt_tutorial *tutorial(struct rt_shell *sh)
{
	if (!sh->tutorial)
		sh->tutorial = rt_alloc(1, sizeof(*sh->tutorial));
	return sh->tutorial;
}

void rt_tutorial_free(struct rt_shell *sh)
{
	if (!sh->tutorial)
		return;
	lesson_free(sh->tutorial->lesson);
	free(sh->tutorial->ran);
	free(sh->tutorial);
	sh->tutorial = NULL;
}

/* --- what is shown ------------------------------------------------------------------------- */

/* Appends text line by line in signs that the terminal has. */
static void spell(const struct rt_shell *sh, struct rt_str *out, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		struct rt_str line = {0};

		rt_str_addn(&line, text, n);
		rt_text_add(out, rt_str_text(&line), sh->term->unicode);
		rt_str_addc(out, '\n');
		rt_str_release(&line);
		text += n + (text[n] == '\n');
	}
}

/* Paragraphs are filled; indented lines stay as they are. */
static void fill(const struct rt_shell *sh, struct rt_str *out, const char *text)
{
	struct rt_str paragraph = {0}, page = {0};
	int width = sh->term->width < 80 ? sh->term->width : 80;
	bool empty = true;

	while (*text || paragraph.len) {
		size_t n = strcspn(text, "\n");
		bool prose = n > 0 && *text != ' ' && *text != '\t';

		if (prose) {
			rt_str_addf(&paragraph, "%s%.*s", paragraph.len ? " " : "", (int)n, text);
		} else if (paragraph.len) {
			rt_text_wrap(&page, rt_str_text(&paragraph), 0, 0, width);
			rt_str_clear(&paragraph);
			empty = false;
		}
		if (!prose && *text && (n > 0 || !empty)) {
			rt_str_addf(&page, "%.*s\n", (int)n, text);
			empty = n == 0;
		}
		text += n + (text[n] == '\n');
	}
	while (page.len > 1 && page.text[page.len - 2] == '\n')
		page.text[--page.len] = '\0';
	spell(sh, out, rt_str_text(&page));
	rt_str_release(&paragraph);
	rt_str_release(&page);
}

static void heading(const struct rt_shell *sh, struct rt_str *out, const char *text)
{
	const char *bold = sh->term->colors ? "\033[1m" : "",
		   *plain = sh->term->colors ? "\033[0m" : "";
	const char *rule = sh->term->unicode ? "──" : "--";

	rt_str_addf(out, "\n%s%s ", bold, rule);
	rt_text_add(out, text, sh->term->unicode);
	rt_str_addf(out, " %s%s\n", rule, plain);
}

/* What a step asks for, each command with its further lines below it. */
static void add_tries(const struct rt_shell *sh, struct rt_str *out, const struct lesson_step *s)
{
	if (s->tries.n)
		rt_str_addc(out, '\n');
	for (int i = 0; i < s->tries.n; i++) {
		const char *text = s->tries.v[i];

		for (int k = 0; *text; k++) {
			size_t n = strcspn(text, "\n");

			rt_str_addf(out, "%s%s%.*s%s\n", k == 0 ? "  try:  " : "        ",
				    sh->term->colors ? "\033[1m" : "", (int)n, text,
				    sh->term->colors ? "\033[0m" : "");
			text += n + (text[n] == '\n');
		}
	}
	if (!s->checks.n)
		rt_str_add(out, "\n  then:  tutorial next\n");
}

/* There a pane shows the step as long as it lasts. */
static bool on_screen(const struct rt_shell *sh)
{
	struct rt_screen_now now = {0};

	if (sh->screen)
		sh->screen->now(sh->screen->self, &now);
	return now.on;
}

static void add_step(const struct rt_shell *sh, struct rt_str *out)
{
	const struct rt_tutorial *t = sh->tutorial;
	const struct lesson_step *s = &t->lesson->step[t->at];
	char *title = rt_sprintf("step %d of %d: %s", t->at + 1, t->lesson->n, s->title);

	heading(sh, out, title);
	free(title);
	if (on_screen(sh)) {
		if (!s->checks.n)
			rt_str_add(out, "  then:  tutorial next\n");
		return;
	}
	fill(sh, out, rt_str_text(&s->text));
	add_tries(sh, out, s);
}

/* Prints beside the reply of a command; no part of a transcript. */
static void show(struct rt_shell *sh, struct rt_str *text)
{
	size_t logged = sh->log.reply.len;

	rt_shell_print(sh, rt_str_text(text));
	if (sh->log.reply.len > logged)
		sh->log.reply.text[sh->log.reply.len = logged] = '\0';
	rt_str_release(text);
}

/* --- checks -------------------------------------------------------------------------------- */

/* Evaluates a check as `expr` does, with $command and $result of the command that ran last. */
static enum rt_status holds(bool *yes, struct rt_shell *sh, const char *check, const char *command,
			    const char *result, struct rt_err *err)
{
	const char *const names[] = {"command", "result", "check"};
	const char *const values[] = {command, result, check};
	char *out;

	*yes = false;
	RT_TRY(rt_interp_apply(sh->interp, 3, names, values, "::expr !!($check)", &out, err));
	*yes = strcmp(out, "0") != 0;
	free(out);
	return RT_OK;
}

/* Whether all checks of the step hold; *what (may be NULL) is the first that does not, borrowed.
 * A check that cannot be evaluated does not hold, and err says why. */
static bool all_hold(struct rt_shell *sh, const char *command, const char *result,
		     const char **what, struct rt_err *err)
{
	const struct rt_strings *checks = &sh->tutorial->lesson->step[sh->tutorial->at].checks;
	bool yes = checks->n > 0;

	err->status = RT_OK;
	for (int i = 0; i < checks->n && yes; i++) {
		if (what)
			*what = checks->v[i];
		if (holds(&yes, sh, checks->v[i], command, result, err) != RT_OK)
			return false;
	}
	return yes;
}

/* --- moving -------------------------------------------------------------------------------- */

static void close_lesson(struct rt_shell *sh)
{
	lesson_free(sh->tutorial->lesson);
	sh->tutorial->lesson = NULL;
	sh->tutorial->held = false;
	rt_page_publish(sh, NULL, 0);
}

static void finish(struct rt_shell *sh, struct rt_str *out)
{
	struct rt_tutorial *t = sh->tutorial;

	lesson_keep_place(t->lesson->name, t->lesson->n);
	heading(sh, out, "end of the lesson");
	rt_str_addf(out, "What you made is still here; go on with it, or see: tutorial list\n");
	close_lesson(sh);
}

static void go_to(struct rt_shell *sh, int step, struct rt_str *out)
{
	struct rt_tutorial *t = sh->tutorial;

	t->at = step;
	t->tried = 0;
	t->passed = false;
	if (step == t->lesson->n) {
		finish(sh, out);
		return;
	}
	lesson_keep_place(t->lesson->name, step);
	rt_page_publish(sh, t->lesson, step);
	add_step(sh, out);
}

static bool is_about_lessons(const char *text, size_t len)
{
	size_t n = strcspn(text, " \t\n");

	return len == 0 || n < 2 || strncmp(text, "tutorial", n < 8 ? n : 8) == 0;
}

void rt_tutorial_after(struct rt_shell *sh, const char *text, size_t len, bool failed)
{
	struct rt_tutorial *t = sh->tutorial;
	char *command, *result;
	struct rt_str out = {0};
	struct rt_err err;

	if (!t || !t->lesson || failed || is_about_lessons(text, len))
		return;
	command = rt_sprintf("%.*s", (int)len, text);
	result = rt_strdup(rt_interp_result(sh->interp));
	t->passed = all_hold(sh, command, result, NULL, &err);
	free(command);
	free(result);
	t->tried++;
	if (t->held)
		return;
	if (t->passed)
		go_to(sh, t->at + 1, &out);
	else if (t->tried % REMIND == 0)
		rt_str_addf(&out, "(step %d of %d still waits: tutorial hint, or tutorial skip)\n",
			    t->at + 1, t->lesson->n);
	show(sh, &out);
}

/* Runs what the step asks for; each command is shown as at the prompt, unless it is done in
 * silence. */
static enum rt_status run_tries(struct rt_shell *sh, const struct lesson_step *s, bool silent,
				struct rt_err *err)
{
	const struct lesson *l = sh->tutorial->lesson;
	char *name = rt_sprintf("%s, step %d", l->name, (int)(s - l->step) + 1);
	enum rt_status status = RT_OK;

	for (int i = 0; i < s->tries.n && status == RT_OK; i++) {
		struct rt_str line = {0};

		rt_str_addf(&line, "\n> %s\n", s->tries.v[i]);
		if (!silent)
			show(sh, &line);
		rt_str_release(&line);
		sh->mute = silent;
		status = rt_script_run(sh, name, s->tries.v[i], 1, false, err);
		sh->mute = false;
	}
	sh->log.skip = true;
	free(name);
	return status;
}

/* Makes what the steps before this one have made, when this session has not seen them. */
static enum rt_status catch_up(struct rt_shell *sh, int step, struct rt_err *err)
{
	struct rt_tutorial *t = sh->tutorial;
	struct rt_str out = {0};
	enum rt_status status = RT_OK;

	if (step == 0)
		return RT_OK;
	rt_str_addf(&out, "%s was left at step %d; running what comes before it ...\n",
		    t->lesson->name, step + 1);
	show(sh, &out);
	t->held = true;
	for (t->at = 0; t->at < step && status == RT_OK; t->at++)
		status = run_tries(sh, &t->lesson->step[t->at], true, err);
	t->held = false;
	return status;
}

/* $lesson is the folder of the lesson, where its data may lie. */
static void set_folder(struct rt_shell *sh, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? rt_sprintf("%.*s", (int)(slash - path), path) : rt_strdup(".");

	rt_interp_set(sh->interp, "lesson", folder);
	free(folder);
}

static enum rt_status open_lesson(struct rt_shell *sh, const char *name, struct rt_err *err)
{
	struct rt_tutorial *t = tutorial(sh);
	struct lesson *l = NULL;
	char *path;
	enum rt_status status;

	RT_TRY(lesson_find(&path, name, err));
	status = lesson_load(&l, path, err);
	free(path);
	if (status != RT_OK)
		return status;
	lesson_free(t->lesson);
	t->lesson = l;
	set_folder(sh, l->path);
	t->held = t->passed = false;
	t->at = 0;
	return RT_OK;
}

enum rt_status rt_tutorial_begin(struct rt_shell *sh, const char *name, bool restart,
				 struct rt_str *out, struct rt_err *err)
{
	struct rt_tutorial *t = tutorial(sh);
	char *last = name ? NULL : lesson_last();
	int step;
	enum rt_status status;

	if (!name && !last)
		return rt_fail(err, RT_ENOTFOUND, "no lesson was begun   (try: tutorial first)");
	status = open_lesson(sh, name ? name : last, err);
	free(last);
	sh->log.skip = true;
	if (status != RT_OK)
		return status;
	step = restart ? 0 : lesson_place(t->lesson->name);
	step = step < t->lesson->n ? step : 0;
	if (!t->ran || strcmp(t->ran, t->lesson->name) != 0)
		status = catch_up(sh, step, err);
	if (status != RT_OK) {
		close_lesson(sh);
		return status;
	}
	free(t->ran);
	t->ran = rt_strdup(t->lesson->name);
	heading(sh, out, t->lesson->title);
	if (step == 0)
		fill(sh, out, rt_str_text(&t->lesson->intro));
	go_to(sh, step, out);
	return RT_OK;
}

static enum rt_status under_way(struct rt_shell *sh, struct rt_err *err)
{
	sh->log.skip = true;
	if (tutorial(sh)->lesson)
		return RT_OK;
	return rt_fail(err, RT_EINVAL, "no lesson is under way   (try: tutorial list)");
}

enum rt_status rt_tutorial_next(struct rt_shell *sh, struct rt_str *out, struct rt_err *err)
{
	struct rt_tutorial *t = tutorial(sh);
	const char *what = NULL;
	struct rt_err why;

	RT_TRY(under_way(sh, err));
	if (t->lesson->step[t->at].checks.n && !t->passed && !all_hold(sh, "", "", &what, &why))
		return rt_fail(err, RT_EINVAL,
			       "step %d is not done: %s   (tutorial hint, or tutorial skip)",
			       t->at + 1, what);
	go_to(sh, t->at + 1, out);
	return RT_OK;
}

enum rt_status rt_tutorial_back(struct rt_shell *sh, struct rt_str *out, struct rt_err *err)
{
	RT_TRY(under_way(sh, err));
	if (sh->tutorial->at == 0)
		return rt_fail(err, RT_EINVAL, "this is the first step");
	go_to(sh, sh->tutorial->at - 1, out);
	return RT_OK;
}

enum rt_status rt_tutorial_hint(struct rt_shell *sh, struct rt_str *out, struct rt_err *err)
{
	const struct lesson_step *s;

	RT_TRY(under_way(sh, err));
	s = &sh->tutorial->lesson->step[sh->tutorial->at];
	for (int i = 0; i < s->hints.n; i++)
		fill(sh, out, s->hints.v[i]);
	add_tries(sh, out, s);
	return RT_OK;
}

enum rt_status rt_tutorial_skip(struct rt_shell *sh, struct rt_str *out, struct rt_err *err)
{
	struct rt_tutorial *t = tutorial(sh);
	enum rt_status status;

	RT_TRY(under_way(sh, err));
	t->held = true;
	status = run_tries(sh, &t->lesson->step[t->at], false, err);
	t->held = false;
	if (status == RT_OK)
		go_to(sh, t->at + 1, out);
	return status;
}

enum rt_status rt_tutorial_stop(struct rt_shell *sh, struct rt_str *out, struct rt_err *err)
{
	struct rt_tutorial *t = tutorial(sh);

	RT_TRY(under_way(sh, err));
	rt_str_addf(out, "%s, left at step %d   (tutorial goes on there)\n", t->lesson->name,
		    t->at + 1);
	close_lesson(sh);
	return RT_OK;
}

/* Runs a step's commands; the checks hold after the last of them. */
static enum rt_status play_step(struct rt_shell *sh, const struct lesson_step *s,
				struct rt_err *err)
{
	const struct lesson *l = sh->tutorial->lesson;
	const char *what = NULL;
	struct rt_err why = {0};

	RT_TRY(run_tries(sh, s, false, err));
	if (!s->checks.n || sh->tutorial->passed)
		return RT_OK;
	all_hold(sh, "", "", &what, &why);
	return rt_fail(err, RT_EFORMAT,
		       "%s:%d: after the step's commands this does not hold: %s%s%s", l->path,
		       s->line, what, why.status == RT_OK ? "" : ": ",
		       why.status == RT_OK ? "" : why.msg);
}

enum rt_status rt_tutorial_play(struct rt_shell *sh, const char *name, struct rt_err *err)
{
	struct rt_tutorial *t = tutorial(sh);
	enum rt_status status = open_lesson(sh, name, err);

	if (status != RT_OK)
		return status;
	t->held = true;
	for (t->at = 0; t->at < t->lesson->n && status == RT_OK; t->at++) {
		struct rt_str out = {0};

		t->passed = false;
		add_step(sh, &out);
		show(sh, &out);
		status = play_step(sh, &t->lesson->step[t->at], err);
	}
	close_lesson(sh);
	sh->log.skip = true;
	return status;
}

enum rt_status rt_tutorial_list(struct rt_shell *sh, struct rt_str *out, struct rt_val *list,
				struct rt_err *err)
{
	struct rt_strings paths = {0};
	enum rt_status status = RT_OK;

	lesson_paths(&paths);
	for (int i = 0; i < paths.n && status == RT_OK; i++) {
		struct lesson *l;
		int place;

		status = lesson_load(&l, paths.v[i], err);
		if (status != RT_OK)
			break;
		place = lesson_place(l->name);
		rt_val_add(list, rt_val_string(l->name));
		rt_str_addf(out, "  %-14s  ", l->name);
		rt_text_add(out, l->title, sh->term->unicode);
		if (place >= l->n)
			rt_str_add(out, "   done");
		else if (place > 0)
			rt_str_addf(out, "   at step %d of %d", place + 1, l->n);
		rt_str_addc(out, '\n');
		lesson_free(l);
	}
	rt_words_release(&paths);
	sh->log.skip = true;
	return status;
}
