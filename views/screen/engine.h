/* engine.h - the thread that works: commands go in as text, looks and output come out.
 *
 * The engine runs in the thread that made the shell; everything else here may be called from the
 * thread of the screen.
 */
#ifndef RT_SCREEN_ENGINE_H
#define RT_SCREEN_ENGINE_H

#include "session/look.h"
#include "shell/shell.h"

struct rt_engine;

/* What the screen sees of the engine at one moment. */
struct rt_engine_state {
	bool busy;			/* a command runs */
	double since;			/* rt_now() when it began */
	char running[128];		/* that command, its first line */
	int queued;			/* commands that wait */
	int finished;			/* commands that have ended so far */
	bool leaving;			/* somebody asked to leave, with code */
	int code;
};

/* term is the shell's; it follows rt_engine_resize() between two commands. */
struct rt_engine *rt_engine_new(struct rt_shell *sh, struct rt_session *session,
				struct rt_terminal *term);
void rt_engine_free(struct rt_engine *e);

/* Runs commands until rt_engine_stop() or a command that leaves.  first (may be NULL): a script to
 * run before everything else. */
void rt_engine_run(struct rt_engine *e, const char *first);

/* Appends a command to the queue. */
void rt_engine_submit(struct rt_engine *e, const char *text);

/* Drops what is queued; returns how many commands that were. */
int rt_engine_forget(struct rt_engine *e);

/* Ends rt_engine_run() with this exit code; what runs is cancelled. */
void rt_engine_stop(struct rt_engine *e, int code);

/* The focus has moved: maps are made anew as soon as there is time. */
void rt_engine_look(struct rt_engine *e);

/* Output is to be made for so many cells from the next command on. */
void rt_engine_resize(struct rt_engine *e, int width, int height);

void rt_engine_state(struct rt_engine *e, struct rt_engine_state *state);

/* Readable when a state or a look is new; rt_engine_seen() takes note of it. */
int rt_engine_fd(const struct rt_engine *e);
void rt_engine_seen(struct rt_engine *e);

/* Makes rt_engine_fd() readable. */
void rt_engine_wake(struct rt_engine *e);

#endif
