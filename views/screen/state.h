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
};
extern struct workbench wb;

/* The screen is out of date; _now: because of a key, which must be seen at once. */
void workbench_changed(void);
void workbench_changed_now(void);

/* Shows a text of the workbench itself among what was printed. */
void workbench_note(const char *text);

/* What the commands layout, tui and screen save ask for. */
extern const struct rt_screen workbench_screen;

#endif
