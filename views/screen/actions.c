/* actions.c - what keys and commands do to the workbench: samples, layouts, temperature, saving. */
#include "config.h"

#include "views/screen/workbench.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/sys.h"
#include "views/canvas_png.h"
#include "views/screen/screen.h"
#include "views/screen/signals.h"
#include "views/screen/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

/* A command that has run for so long is told to those that wait for it. */
static const double worth_telling = 0.2;

enum { PANE_PAGE = 5 };	/* rows by which PgDn scrolls a pane */

/* The first word, and whether the command is only about what is seen. */
static bool is_look(const char *text, char *first, size_t size, const char **rest)
{
	size_t n = strcspn(text, " \t\n");

	snprintf(first, size, "%.*s", (int)n, text);
	*rest = text + n + strspn(text + n, " \t\n");
	return strcmp(first, "sample") == 0 || strcmp(first, "layout") == 0 ||
	       strcmp(first, "look") == 0 || strcmp(first, "pause") == 0;
}

static bool lay_out(const char *name)
{
	const struct rt_layout *layout;
	struct rt_err err;

	if (rt_layout_get(&layout, name, &err) != RT_OK)
		return false;
	pthread_mutex_lock(&wb.lock);
	wb.layout = layout;
	pthread_mutex_unlock(&wb.lock);
	workbench_changed_now();
	return true;
}

static bool look_at(const char *name)
{
	int at = wb.look && *name ? rt_look_find(wb.look, name) : -1;

	if (*name && at < 0)
		return false;
	atomic_store(&rt_session_focus(wb.session)->model, *name ? rt_name_key(name) : 0);
	workbench_changed_now();
	return true;
}

/* What runs stops where it can go on later; what waits is kept. */
static bool pause_work(void)
{
	workbench_note("stops behind this batch\n");
	rt_cancel_request();
	return true;
}

/* While a command runs, those that only look are answered from the last look; false when this one
 * is not one of them. */
static bool answer_at_once(const char *text)
{
	static const char *const how[] = {
		[RT_SEEK_NEXT] = "next", [RT_SEEK_PREVIOUS] = "previous",
		[RT_SEEK_WRONG] = "wrong", [RT_SEEK_DISAGREE] = "disagree"};
	char first[32];
	const char *rest;

	if (!is_look(text, first, sizeof(first), &rest))
		return false;
	if (strcmp(first, "layout") == 0)
		return lay_out(rest);
	if (strcmp(first, "look") == 0)
		return look_at(rest);
	if (strcmp(first, "pause") == 0)
		return pause_work();
	for (size_t i = 0; i < RT_COUNT(how); i++)
		if (strcmp(rest, how[i]) == 0) {
			rt_workbench_seek((enum rt_seek)i);
			return true;
		}
	return false;
}

void rt_workbench_command(const char *text)
{
	struct rt_str echo = {0};
	bool busy;

	rt_engine_state(wb.engine, &wb.state);
	busy = wb.state.busy || wb.state.queued > 0;
	wb.back = 0;
	if (wb.on) {
		rt_str_addf(&echo, "\033[1mretort>\033[0m %s\n", text);
		rt_scrollback_write(wb.log, echo.text, echo.len);
	}
	if (!busy || !answer_at_once(text)) {
		rt_str_clear(&echo);
		if (busy && rt_now() - wb.state.since > worth_telling)
			rt_str_addf(&echo, "waits for: %s\n", wb.state.running);
		workbench_note(rt_str_text(&echo));
		if (!busy)
			rt_signals_working(text);
		rt_engine_submit(wb.engine, text);
		rt_engine_state(wb.engine, &wb.state);
	}
	rt_str_release(&echo);
	workbench_changed_now();
}

bool rt_workbench_typing(void)
{
	return rl_end > 0 || wb.pending.len > 0;
}

void rt_workbench_seek(enum rt_seek how)
{
	struct rt_focus *focus = rt_session_focus(wb.session);
	struct rt_err err;
	int64_t place;

	if (!wb.look)
		return;
	if (rt_look_seek(&place, wb.look, how, rt_look_place(wb.look, focus), &err) == RT_OK) {
		atomic_store(&focus->place, place);
		rt_engine_look(wb.engine);
	} else {
		workbench_note(err.msg);
		workbench_note("\n");
	}
	workbench_changed_now();
}

void rt_workbench_warmer(int direction)
{
	static const double steps[] = {0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 20, 30, 50};
	struct rt_focus *focus = rt_session_focus(wb.session);
	double T = wb.look ? rt_look_temperature(wb.look, focus) : 4, next = T;

	for (size_t i = 0; i < RT_COUNT(steps); i++) {
		double step = steps[direction > 0 ? i : RT_COUNT(steps) - 1 - i];

		if (direction > 0 ? step > T : step < T) {
			next = step;
			break;
		}
	}
	atomic_store(&focus->temperature, next);
	workbench_changed_now();
}

static int index_of(const struct rt_list *list, const struct rt_row *row)
{
	for (int i = 0; i < list->n; i++)
		if (list->rows[i] == row)
			return i;
	return -1;
}

void rt_workbench_next_layout(void)
{
	pthread_mutex_lock(&wb.lock);
	wb.layout = rt_layout_next(wb.layout);
	pthread_mutex_unlock(&wb.lock);
	workbench_changed_now();
}

static const struct rt_layout *layout_focus(void)
{
	return (const struct rt_layout *)rt_list_find(&rt_layouts, "focus");
}

void rt_workbench_alone(const struct rt_pane *pane)
{
	pthread_mutex_lock(&wb.lock);
	if (rt_layout_is_focus(wb.layout) && wb.pane == pane) {
		wb.layout = wb.layout_before;
	} else {
		if (!rt_layout_is_focus(wb.layout))
			wb.layout_before = wb.layout;
		wb.layout = layout_focus();
		wb.pane = pane;
	}
	pthread_mutex_unlock(&wb.lock);
	workbench_changed_now();
}

void rt_workbench_run_or_pause(void)
{
	static const char *const runs[] = {"step", "train", "distill"};

	rt_engine_state(wb.engine, &wb.state);
	for (size_t i = 0; wb.state.busy && i < RT_COUNT(runs); i++)
		if (strncmp(wb.state.running, runs[i], strlen(runs[i])) == 0) {
			pause_work();
			return;
		}
	rt_workbench_command("step -rest yes");
}

void rt_workbench_next_pane(void)
{
	pthread_mutex_lock(&wb.lock);
	if (rt_layout_is_focus(wb.layout)) {
		int i = index_of(&rt_panes, &wb.pane->row);

		wb.pane = (const struct rt_pane *)rt_panes.rows[(i + 1) % rt_panes.n];
	}
	wb.layout = layout_focus();
	pthread_mutex_unlock(&wb.lock);
	workbench_changed_now();
}

void rt_workbench_help(void)
{
	wb.help = !wb.help;
	workbench_changed_now();
}

void rt_workbench_scroll(int pages)
{
	struct rt_frame f = {.rows = wb.rows, .help = wb.help};
	int page = rt_frame_log_rows(&f) - 1;

	if (wb.help || wb.seen.marked) {
		int *from = wb.help ? &wb.help_from : rt_seen_from(&wb.seen, wb.seen.marked);

		*from = *from - pages * PANE_PAGE > 0 ? *from - pages * PANE_PAGE : 0;
		workbench_changed_now();
		return;
	}
	wb.back += pages * (page > 0 ? page : 1);
	wb.back = wb.back < 0 ? 0 : wb.back;
	workbench_changed_now();
}

void rt_workbench_toggle(void)
{
	pthread_mutex_lock(&wb.lock);
	wb.want_on = !wb.on;
	pthread_mutex_unlock(&wb.lock);
}

void rt_workbench_redraw(void)
{
	rt_screen_refresh_all();
	workbench_changed_now();
}

/* --- what commands ask of the screen; in the thread that works ------------------------------- */

static enum rt_status ask_show(void *self, bool on, struct rt_err *err)
{
	(void)self;
	(void)err;
	pthread_mutex_lock(&wb.lock);
	wb.want_on = on;
	pthread_mutex_unlock(&wb.lock);
	rt_engine_wake(wb.engine);
	return RT_OK;
}

static void ask_lay_out(void *self, const struct rt_layout *layout, const struct rt_pane *pane)
{
	(void)self;
	pthread_mutex_lock(&wb.lock);
	wb.layout = layout;
	if (pane)
		wb.pane = pane;
	pthread_mutex_unlock(&wb.lock);
	rt_engine_wake(wb.engine);
}

static enum rt_status save_text(const struct rt_canvas *c, const char *path, struct rt_err *err)
{
	struct rt_str text = {0};
	enum rt_status status;

	rt_canvas_print(c, &text);
	status = rt_file_write(path, rt_str_text(&text), text.len, err);
	rt_str_release(&text);
	return status;
}

/* The screen as it is after everything before this command: the drawing under way may have begun
 * earlier, so the one behind it is waited for. */
static void wait_drawn(void)
{
	int64_t before = wb.drawings;

	while (wb.on && !wb.leaving && wb.drawings < before + 2) {
		rt_engine_wake(wb.engine);
		pthread_cond_wait(&wb.moved, &wb.lock);
	}
}

static enum rt_status ask_save(void *self, const char *path, bool png, struct rt_err *err)
{
	enum rt_status status;

	(void)self;
	pthread_mutex_lock(&wb.lock);
	wb.saving = true;
	wait_drawn();
	wb.saving = false;
	if (wb.frame.h == 0)
		status = rt_fail(err, RT_EINVAL, "nothing has been shown yet   (try: tui on)");
	else if (png)
		status = rt_canvas_png(&wb.frame, path, err);
	else
		status = save_text(&wb.frame, path, err);
	pthread_mutex_unlock(&wb.lock);
	return status;
}

static bool ask_lend(void *self, bool lent, int fds[3])
{
	bool on;

	(void)self;
	pthread_mutex_lock(&wb.lock);
	wb.want_lent = lent;
	on = wb.on;
	while (wb.lent != lent && !wb.leaving) {
		rt_engine_wake(wb.engine);
		pthread_cond_wait(&wb.moved, &wb.lock);
	}
	pthread_mutex_unlock(&wb.lock);
	for (int i = 0; i < 3; i++)
		fds[i] = wb.tty.saved[i];
	return on;
}

static void ask_mouse(void *self, bool ours)
{
	(void)self;
	pthread_mutex_lock(&wb.lock);
	wb.want_mouse = ours;
	pthread_mutex_unlock(&wb.lock);
	rt_engine_wake(wb.engine);
}

static void ask_now(void *self, struct rt_screen_now *now)
{
	(void)self;
	pthread_mutex_lock(&wb.lock);
	*now = (struct rt_screen_now){.on = wb.on, .mouse = wb.want_mouse,
				      .has_mouse = rt_screen_has_mouse(), .layout = wb.layout,
				      .pane = wb.pane};
	pthread_mutex_unlock(&wb.lock);
}

const struct rt_screen workbench_screen = {NULL, ask_show, ask_lay_out, ask_save, ask_lend,
					   ask_mouse, ask_now};
