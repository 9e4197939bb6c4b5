/* state.h - what the workbench holds; for its own files only. */
#ifndef RT_SCREEN_STATE_H
#define RT_SCREEN_STATE_H

#include "views/screen/engine.h"
#include "views/screen/frame.h"
#include "views/screen/prompt.h"
#include "views/screen/redirect.h"

#include <pthread.h>

/* One workbench in a process, as there is one readline and one terminal. */
struct workbench {
	const struct rt_prompt *p;
	struct rt_session *session;
	struct rt_engine *engine;
	struct rt_redirect tty;
	struct rt_scrollback *log;
	struct rt_look *look;
	struct rt_engine_state state;
	struct rt_lesson_page page;	/* of the lesson under way; title NULL: none */
	struct rt_str pending;		/* the lines of a command that is not whole yet */
	int rows, columns;
	bool on;			/* the full screen is shown; else a plain prompt */
	bool prompting;			/* readline's handler is installed */
	bool dirty, urgent, leaving;
	double drawn;
	int back, help_from;
	bool help;
	struct rt_seen seen;		/* how far panes are scrolled; where they were drawn */
	int log_y;			/* the first row of what was printed */
	char *search;			/* what is searched for, or NULL */
	int found;			/* its row in the log, counted from the newest, or -1 */
	bool asking;			/* the prompt asks what to search for */
	bool mouse;			/* ours, not the terminal's */
	/* asked for by commands, under lock */
	pthread_mutex_t lock;
	const struct rt_layout *layout, *layout_before;
	const struct rt_pane *pane;
	bool want_on, want_mouse;
	bool want_lent, lent;		/* the terminal, to a program of the system */
	pthread_cond_t moved;		/* lent or drawings has changed */
	int64_t drawings;
	bool saving;			/* what runs is only the saving of the screen */
	struct rt_canvas frame;		/* as shown last */
};
extern struct workbench wb;

/* The screen is out of date; _now: because of a key, which must be seen at once. */
void workbench_changed(void);
void workbench_changed_now(void);

/* Readline asks for a command, or with a handler of its own for something else. */
void workbench_prompt(void);
void workbench_ask(const char *prompt, void (*answer)(char *line));

/* The style that the terminal has. */
struct rt_style workbench_style(void);

/* What there is to draw, borrowed until the next event. */
struct rt_scene workbench_scene(void);

/* Shows a text of the workbench itself among what was printed. */
void workbench_note(const char *text);

/* What the commands layout, tui and screen save ask for. */
extern const struct rt_screen workbench_screen;

#endif
