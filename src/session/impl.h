/* impl.h - the inside of a session, shared by the files of this folder only. */
#ifndef RT_SESSION_IMPL_H
#define RT_SESSION_IMPL_H

#include "session/look.h"
#include "session/session.h"

#include <pthread.h>

/* Everything that undo restores.  Copying it takes one reference of each object. */
struct state {
	struct rt_model **model;
	struct rt_data **data;
	struct rt_run **run;
	int nmodels, ndata, nruns;
	struct rt_data *current;	/* borrowed from data; NULL = none */
	struct rt_rng rng;		/* every seed is split off it; it never advances */
	uint64_t draws;			/* seeds handed out */
};

/* A state as it was before the change that label names. */
struct snapshot {
	char *label;
	struct state state;
	int64_t bytes;		/* that the state which took its place does not hold */
};

struct snapshots {
	struct snapshot *item;
	int n, cap;
};

/* The looks at a session; see look.c. */
struct rt_looks {
	pthread_mutex_t lock;
	struct rt_look *last, **old;
	int nold, cap;
};
void rt_looks_init(struct rt_looks *looks);
void rt_looks_release(struct rt_looks *looks);

struct rt_session {
	/* held while a change begins or ends and while undo goes back: whoever holds it finds the
	 * state behind the last finished change whole, see rt_checkpoint_rescue() */
	pthread_mutex_t turning;
	struct state now;
	uint64_t seed;
	struct snapshots undo, redo;
	bool open;			/* inside a change */
	struct snapshot before;
	char *command;			/* that made the open change */
	struct rt_strings logged;	/* models whose journal has it already */
	struct rt_logits_store logits;
	int64_t undo_budget;
	struct rt_focus focus;
	struct rt_looks looks;
};

void rt_state_copy(struct state *to, const struct state *from);
void rt_state_release(struct state *s);
bool rt_state_same(const struct state *a, const struct state *b);

/* Drops the oldest undo steps while their tensors, not shared with anything newer, exceed the
 * budget. */
void rt_history_trim(struct rt_session *s);
void rt_snapshots_clear(struct snapshots *list);

#endif
