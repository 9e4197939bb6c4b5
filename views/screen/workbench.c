/* workbench.c - the thread of the screen: one poll loop for keys, signals, output and the engine. */
#include "config.h"

#include "views/screen/workbench.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/xdg.h"
#include "views/canvas_png.h"
#include "views/screen/engine.h"
#include "views/screen/frame.h"
#include "views/screen/history.h"
#include "views/screen/keys.h"
#include "views/screen/line.h"
#include "views/screen/screen.h"
#include "views/screen/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <readline/readline.h>

static const char first_prompt[] = "retort> ";
static const char next_prompt[] = "   ...> ";

/* Output and looks are drawn at most this often; keys at once. */
static const double frame_every = 0.04;

enum { IN, OUT, ERR, FDS };

/* One workbench in a process, as there is one readline and one terminal. */
static struct {
	const struct rt_prompt *p;
	struct rt_session *session;
	struct rt_engine *engine;
	FILE *in, *out, *nowhere;	/* the terminal; where readline may write on a screen */
	int saved[FDS];			/* the program's own file descriptors */
	int output;			/* what is written to 1 and 2 */
	struct rt_scrollback *log;
	struct rt_look *look;
	struct rt_engine_state state;
	struct rt_str pending;		/* the lines of a command that is not whole yet */
	int rows, columns;
	bool on;			/* the full screen is shown; else a plain prompt */
	bool prompting;			/* readline's handler is installed */
	bool dirty, urgent, leaving;
	double drawn;
	int back;
	bool help;
	/* asked for by commands, under lock */
	pthread_mutex_t lock;
	const struct rt_row *layout;
	const struct rt_pane *pane;
	bool want_on;
	struct rt_canvas frame;		/* as shown last */
} now;

/* --- drawing ------------------------------------------------------------------------------- */

static void changed(void)
{
	now.dirty = true;
}

static void changed_now(void)
{
	now.dirty = now.urgent = true;
}

static struct rt_style style(void)
{
	return (struct rt_style){.width = now.columns, .colors = now.p->term->colors,
				 .unicode = now.p->term->unicode};
}

static void draw(void)
{
	struct rt_style look = style();
	struct rt_canvas canvas;
	struct rt_frame f = {.rows = now.rows, .help = now.help, .log = now.log, .back = now.back,
			     .prompt = rl_display_prompt ? rl_display_prompt : first_prompt,
			     .line = rl_line_buffer ? rl_line_buffer : "", .point = rl_point};

	pthread_mutex_lock(&now.lock);
	f.layout = now.layout;
	f.pane = now.pane;
	pthread_mutex_unlock(&now.lock);
	f.scene = (struct rt_scene){.look = now.look, .focus = rt_session_focus(now.session),
				    .now = rt_now(), .queued = now.state.queued,
				    .running = now.state.busy ? now.state.running : NULL};
	rt_canvas_init(&canvas, &look);
	rt_frame_draw(&canvas, &f);
	now.back = f.back;
	rt_screen_show(&canvas, f.x, f.y);
	pthread_mutex_lock(&now.lock);
	rt_canvas_release(&now.frame);
	now.frame = canvas;
	pthread_mutex_unlock(&now.lock);
	now.drawn = rt_now();
	now.dirty = now.urgent = false;
}

static void note(const char *text)
{
	rt_scrollback_write(now.log, text, strlen(text));
	if (!now.on) {
		fputs(text, now.out);
		fflush(now.out);
	}
	changed_now();
}

/* --- lines --------------------------------------------------------------------------------- */

static void leave(int code)
{
	if (!now.leaving)
		rt_engine_stop(now.engine, code);
	now.leaving = true;
}

/* The first word, and whether the command is only about what is seen. */
static bool is_look(const char *text, char *first, size_t size, const char **rest)
{
	size_t n = strcspn(text, " \t\n");

	snprintf(first, size, "%.*s", (int)n, text);
	*rest = text + n + strspn(text + n, " \t\n");
	return strcmp(first, "sample") == 0 || strcmp(first, "layout") == 0;
}

static bool lay_out(const char *name)
{
	const struct rt_row *row = rt_list_find(&rt_layouts, name);

	if (!row)
		return false;
	pthread_mutex_lock(&now.lock);
	now.layout = row;
	pthread_mutex_unlock(&now.lock);
	changed_now();
	return true;
}

/* While a command runs, those that only look are answered from the last look; false when this one is
 * not one of them. */
static bool answer_at_once(const char *text)
{
	static const char *const how[] = {[RT_SEEK_NEXT] = "next", [RT_SEEK_PREVIOUS] = "previous",
					  [RT_SEEK_WRONG] = "wrong", [RT_SEEK_DISAGREE] = "disagree"};
	char first[32];
	const char *rest;

	if (!is_look(text, first, sizeof(first), &rest))
		return false;
	if (strcmp(first, "layout") == 0)
		return lay_out(rest);
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

	rt_engine_state(now.engine, &now.state);
	busy = now.state.busy || now.state.queued > 0;
	now.back = 0;
	if (now.on) {
		rt_str_addf(&echo, "\033[1mretort>\033[0m %s\n", text);
		rt_scrollback_write(now.log, echo.text, echo.len);
	}
	if (!busy || !answer_at_once(text)) {
		rt_str_clear(&echo);
		if (busy)
			rt_str_addf(&echo, "waits for: %s\n", now.state.running);
		note(rt_str_text(&echo));
		if (!busy)
			rt_signals_working(text);
		rt_engine_submit(now.engine, text);
	}
	rt_str_release(&echo);
	changed_now();
}

static void on_line(char *line);

static void prompt_again(void)
{
	rl_callback_handler_install(now.pending.len ? next_prompt : first_prompt, on_line);
	now.prompting = true;
}

static void stop_prompting(void)
{
	rl_callback_handler_remove();
	now.prompting = false;
}

static void on_line(char *line)
{
	char *text;

	if (!line) {
		leave(0);
		return;
	}
	rt_str_add(&now.pending, line);
	rt_str_addc(&now.pending, '\n');
	free(line);
	if (!rt_shell_whole(now.pending.text)) {
		rl_set_prompt(next_prompt);
		return;
	}
	rl_set_prompt(first_prompt);
	text = rt_str_take(&now.pending);
	text[strlen(text) - 1] = '\0';
	if (text[strspn(text, " \t\n")]) {
		rt_history_add(text);
		rt_workbench_command(text);
		/* a plain prompt comes back when the work is done */
		if (!now.on)
			stop_prompting();
	}
	free(text);
}

static void on_redisplay(void)
{
	changed_now();
}

/* The candidates in columns, above the prompt. */
static void on_matches(char **matches, int n, int longest)
{
	struct rt_str line = {0};
	int width = longest + 2, columns = now.columns / width;

	columns = columns < 1 ? 1 : columns;
	for (int i = 1; i <= n; i++) {
		rt_str_addf(&line, "%-*s", width, matches[i]);
		if (i % columns == 0 || i == n)
			rt_str_addc(&line, '\n');
	}
	rt_scrollback_write(now.log, rt_str_text(&line), line.len);
	rt_str_release(&line);
	changed_now();
}

static void leave_terminal(void)
{
}

static void keep_terminal(int meta)
{
	(void)meta;
}

/* Readline's hooks for the screen or for a plain prompt; the line that is being typed stays. */
static void set_hooks(void)
{
	rl_instream = now.in;
	rl_outstream = now.on ? now.nowhere : now.out;
	rl_redisplay_function = now.on ? on_redisplay : rl_redisplay;
	rl_prep_term_function = now.on ? keep_terminal : rt_line_prepare;
	rl_deprep_term_function = now.on ? leave_terminal : rl_deprep_terminal;
	rl_completion_display_matches_hook = now.on ? on_matches : NULL;
}

/* The last page of what was printed, for after the screen. */
static void replay(void)
{
	struct rt_style look = style();
	struct rt_canvas page;
	struct rt_str text = {0};
	const char *start;

	rt_canvas_init(&page, &look);
	rt_scrollback_draw(now.log, &page, 0, now.rows > 2 ? now.rows - 2 : 1, 0, false);
	rt_canvas_finish(&page, &text);
	start = rt_str_text(&text);
	fputs(start + strspn(start, "\n"), now.out);
	fflush(now.out);
	rt_str_release(&text);
}

static void show_screen(bool on)
{
	char *line = rt_strdup(rl_line_buffer ? rl_line_buffer : "");
	int point = rl_point;

	if (on == now.on) {
		free(line);
		return;
	}
	if (now.prompting)
		stop_prompting();
	if (on) {
		rt_screen_resume();
		rt_signals_screen(fileno(now.out), rt_screen_farewell());
	} else {
		rt_screen_suspend();
		rt_signals_screen(fileno(now.out), "");
		replay();
	}
	now.on = on;
	set_hooks();
	if (on || !(now.state.busy || now.state.queued)) {
		prompt_again();
		rl_insert_text(line);
		rl_point = point;
		rl_redisplay_function();
	}
	free(line);
	changed_now();
}

/* --- what keys do -------------------------------------------------------------------------- */

bool rt_workbench_typing(void)
{
	return rl_end > 0 || now.pending.len > 0;
}

void rt_workbench_run_epochs(void)
{
	const struct rt_look_run *r = now.look ? &now.look->run : NULL;
	int64_t left = r && now.look->has_run ? r->epochs - r->nhistory : 0;
	char text[48];

	snprintf(text, sizeof(text), "step %" PRId64, left > 0 ? left : 1);
	rt_workbench_command(text);
}

void rt_workbench_seek(enum rt_seek how)
{
	struct rt_focus *focus = rt_session_focus(now.session);
	struct rt_err err;
	int64_t place;

	if (!now.look)
		return;
	if (rt_look_seek(&place, now.look, how, rt_look_place(now.look, focus), &err) == RT_OK) {
		atomic_store(&focus->place, place);
		rt_engine_look(now.engine);
	} else {
		note(err.msg);
		note("\n");
	}
	changed_now();
}

void rt_workbench_warmer(int direction)
{
	static const double steps[] = {0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 20, 30, 50};
	struct rt_focus *focus = rt_session_focus(now.session);
	double T = now.look ? rt_look_temperature(now.look, focus) : 4, next = T;

	for (size_t i = 0; i < RT_COUNT(steps); i++) {
		double step = steps[direction > 0 ? i : RT_COUNT(steps) - 1 - i];

		if (direction > 0 ? step > T : step < T) {
			next = step;
			break;
		}
	}
	atomic_store(&focus->temperature, next);
	changed_now();
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
	pthread_mutex_lock(&now.lock);
	now.layout = rt_layouts.rows[(index_of(&rt_layouts, now.layout) + 1) % rt_layouts.n];
	pthread_mutex_unlock(&now.lock);
	changed_now();
}

void rt_workbench_next_pane(void)
{
	const struct rt_row *focus = rt_list_find(&rt_layouts, "focus");

	pthread_mutex_lock(&now.lock);
	if (now.layout == focus) {
		int i = index_of(&rt_panes, &now.pane->row);

		now.pane = (const struct rt_pane *)rt_panes.rows[(i + 1) % rt_panes.n];
	}
	now.layout = focus;
	pthread_mutex_unlock(&now.lock);
	changed_now();
}

void rt_workbench_help(void)
{
	now.help = !now.help;
	changed_now();
}

void rt_workbench_scroll(int pages)
{
	struct rt_frame f = {.rows = now.rows, .help = now.help};
	int page = rt_frame_log_rows(&f) - 1;

	now.back += pages * (page > 0 ? page : 1);
	now.back = now.back < 0 ? 0 : now.back;
	changed_now();
}

void rt_workbench_toggle(void)
{
	pthread_mutex_lock(&now.lock);
	now.want_on = !now.on;
	pthread_mutex_unlock(&now.lock);
}

void rt_workbench_redraw(void)
{
	rt_screen_refresh_all();
	changed_now();
}

/* --- what commands ask of the screen; in the thread that works ------------------------------- */

static enum rt_status ask_show(void *self, bool on, struct rt_err *err)
{
	(void)self;
	(void)err;
	pthread_mutex_lock(&now.lock);
	now.want_on = on;
	pthread_mutex_unlock(&now.lock);
	rt_engine_wake(now.engine);
	return RT_OK;
}

static void ask_lay_out(void *self, const struct rt_row *layout, const struct rt_row *pane)
{
	(void)self;
	pthread_mutex_lock(&now.lock);
	now.layout = layout;
	if (pane)
		now.pane = (const struct rt_pane *)pane;
	pthread_mutex_unlock(&now.lock);
	rt_engine_wake(now.engine);
}

static enum rt_status save_text(const struct rt_canvas *c, const char *path, struct rt_err *err)
{
	struct rt_out out = {0};
	struct rt_str text = {0};
	enum rt_status status = rt_out_begin(&out, path, err);

	rt_canvas_print(c, &text);
	if (status == RT_OK) {
		fputs(rt_str_text(&text), out.stream);
		status = rt_out_commit(&out, err);
	}
	rt_out_abort(&out);
	rt_str_release(&text);
	return status;
}

static enum rt_status ask_save(void *self, const char *path, bool png, struct rt_err *err)
{
	enum rt_status status;

	(void)self;
	pthread_mutex_lock(&now.lock);
	if (now.frame.h == 0)
		status = rt_fail(err, RT_EINVAL, "nothing has been shown yet   (try: tui on)");
	else if (png)
		status = rt_canvas_png(&now.frame, path, err);
	else
		status = save_text(&now.frame, path, err);
	pthread_mutex_unlock(&now.lock);
	return status;
}

/* --- events -------------------------------------------------------------------------------- */

static void measure_terminal(void)
{
	struct winsize size;

	if (ioctl(fileno(now.out), TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return;
	now.rows = size.ws_row;
	now.columns = size.ws_col;
	rt_engine_resize(now.engine, now.columns, now.rows);
}

static void resize(void)
{
	measure_terminal();
	rt_screen_resize(now.rows, now.columns);
	rl_set_screen_size(now.rows, now.columns);
	if (!now.on)
		rl_forced_update_display();
	changed_now();
}

static void interrupt(void)
{
	int dropped = rt_engine_forget(now.engine);
	char text[64];

	rt_engine_state(now.engine, &now.state);
	if (dropped) {
		snprintf(text, sizeof(text), "%d waiting command%s dropped\n", dropped,
			 dropped == 1 ? "" : "s");
		note(text);
	}
	if (now.state.busy || dropped || !now.prompting)
		return;
	rl_callback_sigcleanup();
	tcflush(fileno(now.in), TCIFLUSH);
	if (rt_workbench_typing())
		note("^C\n");
	rt_str_clear(&now.pending);
	stop_prompting();
	prompt_again();
	changed_now();
}

static void suspend(void)
{
	if (now.on)
		rt_screen_suspend();
	else
		rl_deprep_terminal();
	rt_signals_suspend();
	if (now.on)
		rt_screen_resume();
	else if (now.prompting)
		rt_line_prepare(1);
	resize();
}

static void on_signal(int sig)
{
	if (sig == SIGINT)
		interrupt();
	else if (sig == SIGTSTP)
		suspend();
	else if (sig == SIGWINCH)
		resize();
	else if (sig == SIGTERM || sig == SIGHUP)
		leave(128 + sig);
}

/* What the work has printed; on a plain prompt the line is taken away and shown again. */
static void take_output(void)
{
	static char bytes[1 << 16];
	ssize_t n;

	while ((n = read(now.output, bytes, sizeof(bytes))) > 0) {
		rt_scrollback_write(now.log, bytes, (size_t)n);
		if (now.on)
			continue;
		if (now.prompting)
			rl_clear_visible_line();
		fwrite(bytes, 1, (size_t)n, now.out);
		fflush(now.out);
		if (now.prompting)
			rl_forced_update_display();
	}
	changed();
}

static void take_news(void)
{
	struct rt_look *look;

	rt_engine_seen(now.engine);
	rt_engine_state(now.engine, &now.state);
	look = rt_session_look_hold(now.session);
	rt_session_look_release(now.session, now.look);
	now.look = look;
	rt_signals_working(now.state.busy || now.state.queued ? now.state.running : NULL);
	if (now.state.leaving)
		now.leaving = true;
	take_output();
	if (!now.on && !now.prompting && !now.leaving && !now.state.busy && !now.state.queued)
		prompt_again();
	changed();
}

static void follow_wishes(void)
{
	bool on;

	pthread_mutex_lock(&now.lock);
	on = now.want_on;
	pthread_mutex_unlock(&now.lock);
	if (on != now.on)
		show_screen(on);
}

static int wait_ms(void)
{
	double left = now.drawn + frame_every - rt_now();

	if (!now.on || !now.dirty)
		return -1;
	return now.urgent || left <= 0 ? 0 : (int)(left * 1000) + 1;
}

static void loop(void)
{
	struct pollfd fds[] = {{.fd = fileno(now.in), .events = POLLIN},
			       {.fd = rt_signals_fd(), .events = POLLIN},
			       {.fd = now.output, .events = POLLIN},
			       {.fd = rt_engine_fd(now.engine), .events = POLLIN}};
	int sig;

	while (!now.leaving) {
		fds[0].fd = now.prompting ? fileno(now.in) : -1;
		if (poll(fds, RT_COUNT(fds), wait_ms()) < 0 && errno != EINTR)
			leave(1);
		if (fds[1].revents)
			while (!now.leaving && (sig = rt_signals_next()) != 0)
				on_signal(sig);
		if (fds[3].revents)
			take_news();
		if (fds[2].revents & POLLIN)
			take_output();
		if (now.prompting && !now.leaving && fds[0].revents & POLLIN)
			rl_callback_read_char();
		else if (fds[0].revents & (POLLHUP | POLLERR))
			leave(129);
		follow_wishes();
		if (now.on && now.dirty && !now.leaving && wait_ms() == 0)
			draw();
	}
}

/* --- threads and file descriptors ------------------------------------------------------------ */

static void *run_screen(void *unused)
{
	(void)unused;
	rt_line_set_up(now.p->shell, &now.pending);
	rt_history_load();
	now.on = now.want_on = rt_screen_open(now.in, now.out);
	set_hooks();
	if (!now.p->quiet)
		note("retort " PACKAGE_VERSION
		     "   help lists the commands, Tab completes, F1 shows the keys, Ctrl-D leaves\n");
	prompt_again();
	if (now.on) {
		rt_keys_bind();
		rt_signals_screen(fileno(now.out), rt_screen_farewell());
	}
	resize();
	loop();
	if (now.prompting)
		stop_prompting();
	/* what runs still prints, and must not wait for a reader */
	while (!now.state.leaving) {
		struct pollfd fds[] = {{.fd = now.output, .events = POLLIN},
				       {.fd = rt_engine_fd(now.engine), .events = POLLIN}};

		poll(fds, RT_COUNT(fds), -1);
		take_news();
	}
	take_output();
	rt_signals_screen(-1, "");
	rt_signals_working(NULL);
	rt_screen_close();
	if (now.on)
		replay();
	rt_history_save();
	rt_session_look_release(now.session, now.look);
	return NULL;
}

/* Takes 1 and 2 (where it is the terminal) into a pipe, and gives 0 to nobody. */
static bool redirect(void)
{
	int ends[2], nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (nothing < 0 || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	fflush(stdout);
	for (int fd = 0; fd < FDS; fd++)
		now.saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	now.in = fdopen(fcntl(IN, F_DUPFD_CLOEXEC, 3), "r");
	now.out = fdopen(fcntl(OUT, F_DUPFD_CLOEXEC, 3), "w");
	now.nowhere = fopen("/dev/null", "we");
	if (!now.in || !now.out || !now.nowhere)
		return false;
	dup2(nothing, IN);
	dup2(ends[1], OUT);
	if (isatty(now.saved[ERR]))
		dup2(ends[1], ERR);
	close(ends[1]);
	close(nothing);
	now.output = ends[0];
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	return true;
}

static void restore(void)
{
	fflush(stdout);
	for (int fd = 0; fd < FDS; fd++) {
		dup2(now.saved[fd], fd);
		close(now.saved[fd]);
	}
	close(now.output);
	fclose(now.in);
	fclose(now.out);
	fclose(now.nowhere);
}

static char *rc_file(bool wanted)
{
	char *path = wanted ? rt_xdg_path("XDG_CONFIG_HOME", ".config", "retortrc") : NULL;

	if (path && access(path, F_OK) != 0) {
		free(path);
		path = NULL;
	}
	return path;
}

int rt_workbench_run(const struct rt_prompt *p, struct rt_session *session)
{
	static const struct rt_screen screen = {NULL, ask_show, ask_lay_out, ask_save};
	pthread_t thread;
	char *rc = rc_file(!p->no_rc);
	int code;

	now.p = p;
	now.session = session;
	now.layout = rt_layouts.rows[0];
	now.pane = &rt_pane_curves;
	now.rows = p->term->height;
	now.columns = p->term->width;
	pthread_mutex_init(&now.lock, NULL);
	rt_signals_prompt();
	now.engine = rt_engine_new(p->shell, session, p->term);
	now.log = rt_scrollback_new(p->term->unicode);
	rt_shell_screen_set(p->shell, &screen);
	if (!redirect() || pthread_create(&thread, NULL, run_screen, NULL) != 0) {
		fprintf(stderr, "no screen: %s\n", strerror(errno));
		code = 1;
	} else {
		rt_engine_run(now.engine, rc);
		pthread_join(thread, NULL);
		rt_engine_state(now.engine, &now.state);
		code = now.state.code;
		restore();
	}
	rt_shell_screen_set(p->shell, NULL);
	rt_engine_free(now.engine);
	rt_scrollback_free(now.log);
	rt_canvas_release(&now.frame);
	rt_str_release(&now.pending);
	free(rc);
	return code;
}
