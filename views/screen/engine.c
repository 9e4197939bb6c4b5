/* engine.c - the thread that works: a queue of commands, and looks at what they do. */
#include "config.h"

#include "views/screen/engine.h"

#include "base/mem.h"
#include "base/sys.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Looks while a command runs: ten a second, and measuring models takes at most a twentieth. */
static const double look_every = 0.1, measure_share = 20;

enum { MOST_QUEUED = 64 };

struct rt_engine {
	struct rt_shell *shell;
	struct rt_session *session;
	struct rt_terminal *term;
	pthread_mutex_t lock;
	pthread_cond_t work;
	char *queue[MOST_QUEUED];
	int nqueue;
	struct rt_engine_state state;
	bool stop, look, measuring;
	int width, height;		/* wanted */
	int wake[2];
	/* only of the thread that works */
	struct rt_look_job job;
	double looked, measured, cost;
	int64_t place;
	int history;
};

struct rt_engine *rt_engine_new(struct rt_shell *sh, struct rt_session *session,
				struct rt_terminal *term)
{
	struct rt_engine *e = rt_alloc(1, sizeof(*e));

	e->shell = sh;
	e->session = session;
	e->term = term;
	e->width = term->width;
	e->height = term->height;
	e->history = -1;
	pthread_mutex_init(&e->lock, NULL);
	pthread_cond_init(&e->work, NULL);
	if (pipe2(e->wake, O_NONBLOCK | O_CLOEXEC) != 0)
		e->wake[0] = e->wake[1] = -1;
	return e;
}

void rt_engine_free(struct rt_engine *e)
{
	if (!e)
		return;
	rt_engine_forget(e);
	close(e->wake[0]);
	close(e->wake[1]);
	pthread_cond_destroy(&e->work);
	pthread_mutex_destroy(&e->lock);
	free(e);
}

int rt_engine_fd(const struct rt_engine *e)
{
	return e->wake[0];
}

void rt_engine_wake(struct rt_engine *e)
{
	/* a full pipe wakes as well */
	if (write(e->wake[1], "", 1) < 0)
		return;
}

void rt_engine_seen(struct rt_engine *e)
{
	char bytes[256];

	while (read(e->wake[0], bytes, sizeof(bytes)) > 0)
		;
}

/* What runs, or will in a moment; under the lock. */
static void set_running(struct rt_engine *e, const char *text)
{
	snprintf(e->state.running, sizeof(e->state.running), "%.*s", (int)strcspn(text, "\n"),
		 text);
}

/* --- for the screen ------------------------------------------------------------------------ */

void rt_engine_submit(struct rt_engine *e, const char *text)
{
	pthread_mutex_lock(&e->lock);
	if (e->nqueue < MOST_QUEUED)
		e->queue[e->nqueue++] = rt_strdup(text);
	e->state.queued = e->nqueue;
	if (!e->state.busy && e->nqueue == 1)
		set_running(e, text);
	/* nobody waits for a measurement */
	if (e->measuring)
		rt_cancel_request();
	pthread_cond_signal(&e->work);
	pthread_mutex_unlock(&e->lock);
}

int rt_engine_forget(struct rt_engine *e)
{
	int n;

	pthread_mutex_lock(&e->lock);
	n = e->nqueue;
	while (e->nqueue > 0)
		free(e->queue[--e->nqueue]);
	e->state.queued = 0;
	pthread_mutex_unlock(&e->lock);
	return n;
}

void rt_engine_stop(struct rt_engine *e, int code)
{
	pthread_mutex_lock(&e->lock);
	if (!e->stop)
		e->state.code = code;
	e->stop = true;
	rt_cancel_request();
	pthread_cond_signal(&e->work);
	pthread_mutex_unlock(&e->lock);
}

void rt_engine_look(struct rt_engine *e)
{
	pthread_mutex_lock(&e->lock);
	e->look = true;
	pthread_cond_signal(&e->work);
	pthread_mutex_unlock(&e->lock);
}

void rt_engine_resize(struct rt_engine *e, int width, int height)
{
	pthread_mutex_lock(&e->lock);
	e->width = width;
	e->height = height;
	pthread_mutex_unlock(&e->lock);
}

void rt_engine_state(struct rt_engine *e, struct rt_engine_state *state)
{
	pthread_mutex_lock(&e->lock);
	*state = e->state;
	pthread_mutex_unlock(&e->lock);
}

/* --- working ------------------------------------------------------------------------------- */

static int history_of(struct rt_session *s)
{
	struct rt_run *const *runs;
	int n;

	runs = rt_session_runs(s, &n);
	return n > 0 ? runs[n - 1]->fit->nhistory : 0;
}

static void look(struct rt_engine *e, enum rt_look_depth depth)
{
	double began = rt_now();

	rt_session_look(e->session, depth, e->job.on ? &e->job : NULL);
	e->looked = rt_now();
	e->place = atomic_load(&rt_session_focus(e->session)->place);
	if (depth == RT_LOOK_ALL) {
		e->history = history_of(e->session);
		e->measured = e->looked;
	}
	if (depth != RT_LOOK_RUN)
		e->cost = e->looked - began;
	rt_engine_wake(e);
}

static void on_progress(void *closure, const char *label, double done, double total,
			const char *unit, double started)
{
	struct rt_engine *e = closure;
	double now = rt_now();
	bool affordable = now - e->measured > measure_share * e->cost;

	if (!label) {
		e->job.on = false;
		return;
	}
	if (now - e->looked < look_every)
		return;
	e->job = (struct rt_look_job){.on = true, .done = done, .total = total, .started = started};
	snprintf(e->job.label, sizeof(e->job.label), "%s", label);
	snprintf(e->job.unit, sizeof(e->job.unit), "%s", unit);
	if (affordable && history_of(e->session) != e->history)
		look(e, RT_LOOK_ALL);
	else if (affordable && e->place != atomic_load(&rt_session_focus(e->session)->place))
		look(e, RT_LOOK_MAPS_AND_RUN);
	else
		look(e, RT_LOOK_RUN);
}

/* Takes the next command, or NULL: to look, or to stop.  Waits for one of them. */
static char *next(struct rt_engine *e, bool *stop)
{
	char *text = NULL;

	pthread_mutex_lock(&e->lock);
	while (!e->stop && e->nqueue == 0 && !e->look)
		pthread_cond_wait(&e->work, &e->lock);
	*stop = e->stop;
	e->look = false;
	if (!e->stop && e->nqueue > 0) {
		text = e->queue[0];
		memmove(e->queue, e->queue + 1, (size_t)--e->nqueue * sizeof(*e->queue));
		e->state.queued = e->nqueue;
		e->state.busy = true;
		e->state.since = rt_now();
		snprintf(e->state.running, sizeof(e->state.running), "%.*s",
			 (int)strcspn(text, "\n"), text);
		e->term->width = e->width;
		e->term->height = e->height;
		rt_cancel_clear();
	}
	pthread_mutex_unlock(&e->lock);
	rt_engine_wake(e);
	return text;
}

static void finish(struct rt_engine *e)
{
	int code;

	pthread_mutex_lock(&e->lock);
	e->state.busy = false;
	e->state.finished++;
	if (rt_shell_quitting(e->shell, &code)) {
		e->state.code = code;
		e->stop = true;
	}
	pthread_mutex_unlock(&e->lock);
	rt_engine_wake(e);
}

/* Between two commands; a command that comes in meanwhile does not wait. */
static void measure(struct rt_engine *e, enum rt_look_depth depth)
{
	pthread_mutex_lock(&e->lock);
	e->measuring = e->nqueue == 0 && !e->stop;
	if (e->measuring)
		rt_cancel_clear();
	pthread_mutex_unlock(&e->lock);
	if (!e->measuring)
		return;
	look(e, depth);
	pthread_mutex_lock(&e->lock);
	e->measuring = false;
	pthread_mutex_unlock(&e->lock);
}

void rt_engine_run(struct rt_engine *e, const char *first)
{
	bool stop = false;
	char *text;

	rt_shell_progress_to(e->shell, on_progress, e);
	rt_shell_publish_names(e->shell);
	if (first)
		rt_batch_file(e->shell, first, false);
	finish(e);
	measure(e, RT_LOOK_ALL);
	while (!stop) {
		text = next(e, &stop);
		if (text) {
			rt_shell_line(e->shell, text);
			e->job.on = false;
			rt_shell_publish_names(e->shell);
			finish(e);
		}
		if (!stop)
			measure(e, text ? RT_LOOK_ALL : RT_LOOK_MAPS_AND_RUN);
		free(text);
	}
	rt_shell_progress_to(e->shell, NULL, NULL);
	pthread_mutex_lock(&e->lock);
	e->state.leaving = true;
	pthread_mutex_unlock(&e->lock);
	rt_engine_wake(e);
}
