/* workbench.c - the thread of the screen: one poll loop for keys, signals, output, the engine. */
#include "config.h"

#include "views/screen/workbench.h"

#include "base/mem.h"
#include "base/sys.h"
#include "base/xdg.h"
#include "views/screen/history.h"
#include "views/screen/keys.h"
#include "views/screen/line.h"
#include "views/screen/rescue.h"
#include "views/screen/screen.h"
#include "views/screen/signals.h"
#include "views/screen/state.h"

#include <errno.h>
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

struct workbench wb;

/* --- drawing ------------------------------------------------------------------------------- */

void workbench_changed(void)
{
	wb.dirty = true;
}

void workbench_changed_now(void)
{
	wb.dirty = wb.urgent = true;
}

struct rt_style workbench_style(void)
{
	return (struct rt_style){.width = wb.columns, .colors = wb.p->term->colors,
				 .unicode = wb.p->term->unicode};
}

struct rt_scene workbench_scene(void)
{
	return (struct rt_scene){.look = wb.look, .focus = rt_session_focus(wb.session),
				 .now = rt_now(), .queued = wb.state.queued,
				 .lesson = wb.page.title ? &wb.page : NULL,
				 .running = wb.state.busy ? wb.state.running : NULL};
}

static void draw(void)
{
	struct rt_style look = workbench_style();
	struct rt_canvas canvas;
	struct rt_frame f = {.rows = wb.rows, .help = wb.help, .help_from = wb.help_from,
			     .log = wb.log, .back = wb.back, .seen = &wb.seen,
			     .search = wb.search, .found = wb.found, .scene = workbench_scene(),
			     .prompt = rl_display_prompt ? rl_display_prompt : first_prompt,
			     .line = rl_line_buffer ? rl_line_buffer : "", .point = rl_point};

	pthread_mutex_lock(&wb.lock);
	f.layout = wb.layout;
	if (wb.saving)
		f.scene.running = NULL;
	f.pane = wb.pane;
	pthread_mutex_unlock(&wb.lock);
	rt_canvas_init(&canvas, &look);
	rt_frame_draw(&canvas, &f);
	wb.back = f.back;
	wb.help_from = f.help_from;
	wb.log_y = f.log_y;
	rt_screen_show(&canvas, f.x, f.y);
	pthread_mutex_lock(&wb.lock);
	rt_canvas_release(&wb.frame);
	wb.frame = canvas;
	wb.drawings++;
	pthread_cond_broadcast(&wb.moved);
	pthread_mutex_unlock(&wb.lock);
	wb.drawn = rt_now();
	wb.dirty = wb.urgent = false;
}

void workbench_note(const char *text)
{
	rt_scrollback_write(wb.log, text, strlen(text));
	if (!wb.on) {
		fputs(text, wb.tty.out);
		fflush(wb.tty.out);
	}
	workbench_changed_now();
}

/* --- lines --------------------------------------------------------------------------------- */

static void leave(int code)
{
	if (!wb.leaving)
		rt_engine_stop(wb.engine, code);
	pthread_mutex_lock(&wb.lock);
	wb.leaving = true;
	pthread_cond_broadcast(&wb.moved);
	pthread_mutex_unlock(&wb.lock);
}

static void on_line(char *line);

static void stop_prompting(void)
{
	rl_callback_handler_remove();
	wb.prompting = wb.asking = false;
}

void workbench_prompt(void)
{
	if (wb.prompting)
		stop_prompting();
	rl_callback_handler_install(wb.pending.len ? next_prompt : first_prompt, on_line);
	wb.prompting = true;
}

void workbench_ask(const char *prompt, void (*answer)(char *line))
{
	stop_prompting();
	rl_callback_handler_install(prompt, answer);
	wb.prompting = wb.asking = true;
}

static void on_line(char *line)
{
	char *text;

	if (!line) {
		leave(0);
		return;
	}
	rt_workbench_search_end();
	rt_str_add(&wb.pending, line);
	rt_str_addc(&wb.pending, '\n');
	free(line);
	if (!rt_shell_whole(wb.pending.text)) {
		rl_set_prompt(next_prompt);
		return;
	}
	rl_set_prompt(first_prompt);
	text = rt_str_take(&wb.pending);
	text[strlen(text) - 1] = '\0';
	if (text[strspn(text, " \t\n")]) {
		rt_history_add(text);
		rt_workbench_command(text);
		/* a plain prompt comes back when the work is done */
		if (!wb.on)
			stop_prompting();
	}
	free(text);
}

static void on_redisplay(void)
{
	if (!wb.asking && rt_workbench_typing())
		rt_workbench_search_end();
	workbench_changed_now();
}

/* The candidates in columns, above the prompt. */
static void on_matches(char **matches, int n, int longest)
{
	struct rt_str line = {0};
	int width = longest + 2, columns = wb.columns / width;

	columns = columns < 1 ? 1 : columns;
	for (int i = 1; i <= n; i++) {
		rt_str_addf(&line, "%-*s", width, matches[i]);
		if (i % columns == 0 || i == n)
			rt_str_addc(&line, '\n');
	}
	rt_scrollback_write(wb.log, rt_str_text(&line), line.len);
	rt_str_release(&line);
	workbench_changed_now();
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
	rl_instream = wb.tty.in;
	rl_outstream = wb.on ? wb.tty.nowhere : wb.tty.out;
	rl_redisplay_function = wb.on ? on_redisplay : rl_redisplay;
	rl_prep_term_function = wb.on ? keep_terminal : rt_line_prepare;
	rl_deprep_term_function = wb.on ? leave_terminal : rl_deprep_terminal;
	rl_completion_display_matches_hook = wb.on ? on_matches : NULL;
}

/* The last page of what was printed, for after the screen. */
static void replay(void)
{
	struct rt_style look = workbench_style();
	struct rt_canvas page;
	struct rt_str text = {0};
	const char *start;

	rt_canvas_init(&page, &look);
	rt_scrollback_draw(wb.log, &page, 0, wb.rows > 2 ? wb.rows - 2 : 1, 0, false);
	rt_canvas_finish(&page, &text);
	start = rt_str_text(&text);
	fputs(start + strspn(start, "\n"), wb.tty.out);
	fflush(wb.tty.out);
	rt_str_release(&text);
}

static void show_screen(bool on)
{
	char *line = rt_strdup(rl_line_buffer ? rl_line_buffer : "");
	int point = rl_point;

	if (on == wb.on) {
		free(line);
		return;
	}
	if (wb.prompting)
		stop_prompting();
	if (on) {
		rt_screen_resume();
		rt_signals_screen(fileno(wb.tty.out), rt_screen_farewell());
	} else {
		rt_screen_suspend();
		rt_signals_screen(fileno(wb.tty.out), "");
		replay();
	}
	pthread_mutex_lock(&wb.lock);
	wb.on = on;
	pthread_cond_broadcast(&wb.moved);
	pthread_mutex_unlock(&wb.lock);
	set_hooks();
	if (on || !(wb.state.busy || wb.state.queued)) {
		workbench_prompt();
		rl_insert_text(line);
		rl_point = point;
		rl_redisplay_function();
	}
	free(line);
	workbench_changed_now();
}

/* --- events -------------------------------------------------------------------------------- */

static void measure_terminal(void)
{
	struct winsize size;

	if (ioctl(fileno(wb.tty.out), TIOCGWINSZ, &size) != 0 || size.ws_row == 0 ||
	    size.ws_col == 0)
		return;
	wb.rows = size.ws_row;
	wb.columns = size.ws_col;
	rt_engine_resize(wb.engine, wb.columns, wb.rows);
}

static void resize(void)
{
	measure_terminal();
	rt_screen_resize(wb.rows, wb.columns);
	rl_set_screen_size(wb.rows, wb.columns);
	if (!wb.on)
		rl_forced_update_display();
	workbench_changed_now();
}

static void interrupt(void)
{
	int dropped = rt_engine_forget(wb.engine);
	char text[64];

	rt_engine_state(wb.engine, &wb.state);
	if (dropped) {
		snprintf(text, sizeof(text), "%d waiting command%s dropped\n", dropped,
			 dropped == 1 ? "" : "s");
		workbench_note(text);
	}
	if (wb.state.busy || dropped || !wb.prompting)
		return;
	rl_callback_sigcleanup();
	tcflush(fileno(wb.tty.in), TCIFLUSH);
	if (rt_workbench_typing())
		workbench_note("^C\n");
	rt_str_clear(&wb.pending);
	rt_workbench_search_end();
	workbench_prompt();
	workbench_changed_now();
}

static void suspend(void)
{
	if (wb.lent) {
		rt_signals_suspend();
		return;
	}
	if (wb.on)
		rt_screen_suspend();
	else
		rl_deprep_terminal();
	rt_signals_suspend();
	if (wb.on)
		rt_screen_resume();
	else if (wb.prompting)
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

	while ((n = read(wb.tty.output, bytes, sizeof(bytes))) > 0) {
		rt_scrollback_write(wb.log, bytes, (size_t)n);
		wb.found = -1;
		if (wb.on)
			continue;
		if (wb.prompting)
			rl_clear_visible_line();
		fwrite(bytes, 1, (size_t)n, wb.tty.out);
		fflush(wb.tty.out);
		if (wb.prompting)
			rl_forced_update_display();
	}
	workbench_changed();
}

static void take_news(void)
{
	struct rt_look *look;

	rt_engine_seen(wb.engine);
	rt_engine_state(wb.engine, &wb.state);
	look = rt_session_look_hold(wb.session);
	rt_session_look_release(wb.session, wb.look);
	wb.look = look;
	rt_lesson_page_release(&wb.page);
	rt_tutorial_page(wb.p->shell, &wb.page);
	rt_signals_working(wb.state.busy || wb.state.queued ? wb.state.running : NULL);
	if (wb.state.leaving)
		leave(wb.state.code);
	take_output();
	if (!wb.on && !wb.prompting && !wb.leaving && !wb.state.busy && !wb.state.queued)
		workbench_prompt();
	workbench_changed();
}

/* A program of the system gets the terminal as it was before us. */
static void lend(bool lent)
{
	if (lent) {
		take_output();
		if (wb.prompting)
			stop_prompting();
		if (wb.on)
			rt_screen_suspend();
		rt_signals_screen(-1, "");
	} else if (wb.on) {
		rt_screen_resume();
		rt_signals_screen(fileno(wb.tty.out), rt_screen_farewell());
		workbench_prompt();
	}
	rt_signals_lend(lent);
	pthread_mutex_lock(&wb.lock);
	wb.lent = lent;
	pthread_cond_broadcast(&wb.moved);
	pthread_mutex_unlock(&wb.lock);
	if (!lent)
		resize();
}

static void follow_wishes(void)
{
	bool on, mouse, lent;

	pthread_mutex_lock(&wb.lock);
	on = wb.want_on;
	mouse = wb.want_mouse;
	lent = wb.want_lent;
	pthread_mutex_unlock(&wb.lock);
	if (on != wb.on && !wb.lent)
		show_screen(on);
	if (mouse != wb.mouse)
		rt_screen_mouse(mouse);
	wb.mouse = mouse;
	if (lent != wb.lent)
		lend(lent);
}

static int wait_ms(void)
{
	double left = wb.drawn + frame_every - rt_now();

	if (!wb.on || !wb.dirty || wb.lent)
		return -1;
	return wb.urgent || left <= 0 ? 0 : (int)(left * 1000) + 1;
}

static void loop(void)
{
	struct pollfd fds[] = {{.fd = fileno(wb.tty.in), .events = POLLIN},
			       {.fd = rt_signals_fd(), .events = POLLIN},
			       {.fd = wb.tty.output, .events = POLLIN},
			       {.fd = rt_engine_fd(wb.engine), .events = POLLIN}};
	int sig;

	while (!wb.leaving) {
		fds[0].fd = wb.prompting ? fileno(wb.tty.in) : -1;
		if (poll(fds, RT_COUNT(fds), wait_ms()) < 0 && errno != EINTR)
			leave(1);
		if (fds[1].revents)
			while (!wb.leaving && (sig = rt_signals_next()) != 0)
				on_signal(sig);
		if (fds[3].revents)
			take_news();
		if (fds[2].revents & POLLIN)
			take_output();
		if (wb.prompting && !wb.leaving && fds[0].revents & POLLIN)
			rl_callback_read_char();
		else if (fds[0].revents & (POLLHUP | POLLERR))
			leave(129);
		follow_wishes();
		if (wb.on && wb.dirty && !wb.lent && !wb.leaving && wait_ms() == 0)
			draw();
	}
}

/* --- threads and file descriptors ------------------------------------------------------------ */

static void *run_screen(void *unused)
{
	(void)unused;
	rt_line_set_up(wb.p->shell, &wb.pending);
	rt_history_load();
	pthread_mutex_lock(&wb.lock);
	wb.on = wb.want_on = rt_screen_open(wb.tty.in, wb.tty.out);
	pthread_mutex_unlock(&wb.lock);
	set_hooks();
	if (!wb.p->quiet)
		workbench_note("retort " PACKAGE_VERSION
		     "   help lists the commands, Tab completes, F1 shows the keys, "
		     "Ctrl-D leaves\n");
	workbench_prompt();
	if (wb.on) {
		rt_keys_bind();
		rt_signals_screen(fileno(wb.tty.out), rt_screen_farewell());
	}
	resize();
	loop();
	if (wb.prompting)
		stop_prompting();
	/* what runs still prints, and must not wait for a reader */
	while (!wb.state.leaving) {
		struct pollfd fds[] = {{.fd = wb.tty.output, .events = POLLIN},
				       {.fd = rt_engine_fd(wb.engine), .events = POLLIN}};

		poll(fds, RT_COUNT(fds), -1);
		take_news();
	}
	take_output();
	rt_signals_screen(-1, "");
	rt_signals_working(NULL);
	rt_screen_close();
	if (wb.on)
		replay();
	rt_history_save();
	rt_session_look_release(wb.session, wb.look);
	return NULL;
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
	pthread_t thread;
	char *rc = rc_file(!p->no_rc);
	int code;

	wb.p = p;
	wb.session = session;
	wb.layout = wb.layout_before = (const struct rt_layout *)rt_layouts.rows[0];
	wb.pane = &rt_pane_curves;
	wb.found = -1;
	wb.mouse = wb.want_mouse = true;
	wb.rows = p->term->height;
	wb.columns = p->term->width;
	pthread_mutex_init(&wb.lock, NULL);
	pthread_cond_init(&wb.moved, NULL);
	rt_signals_prompt();
	rt_rescue_ready(session);
	wb.engine = rt_engine_new(p->shell, session, p->term);
	wb.log = rt_scrollback_new(p->term->unicode);
	rt_shell_screen_set(p->shell, &workbench_screen);
	if (!rt_redirect_begin(&wb.tty) || pthread_create(&thread, NULL, run_screen, NULL) != 0) {
		fprintf(stderr, "no screen: %s\n", strerror(errno));
		code = 1;
	} else {
		rt_engine_run(wb.engine, rc);
		pthread_join(thread, NULL);
		rt_engine_state(wb.engine, &wb.state);
		code = wb.state.code;
		rt_redirect_end(&wb.tty);
	}
	rt_shell_screen_set(p->shell, NULL);
	rt_engine_free(wb.engine);
	rt_scrollback_free(wb.log);
	rt_canvas_release(&wb.frame);
	rt_str_release(&wb.pending);
	rt_lesson_page_release(&wb.page);
	free(wb.search);
	free(rc);
	return code;
}
