/* look.h - the session as it is seen: one moment of it, for panes and for commands that only look.
 *
 * A look is made by the thread that owns the session and never changes afterwards, so that another
 * thread may draw it while work goes on.
 */
#ifndef RT_SESSION_LOOK_H
#define RT_SESSION_LOOK_H

#include "session/facts.h"
#include "session/session.h"

#include <stdatomic.h>

/* Where the user looks; may be changed from any thread at any time. */
struct rt_focus {
	_Atomic int64_t place;		/* of a sample in the test part of the data set in use */
	_Atomic double temperature;	/* of softened bars; 0 = that of the run, else 4 */
	/* rt_name_key() of the model whose layers are seen; 0 = the student */
	_Atomic uint64_t model;
};

/* The focus of a session, borrowed. */
struct rt_focus *rt_session_focus(struct rt_session *s);

/* What runs just now. */
struct rt_look_job {
	bool on;
	char label[80], unit[16];	/* "epoch 3/10", "samples" */
	double done, total, started;	/* started: on rt_now()'s clock */
};

enum { RT_LOOK_MAPS = 2 };

/* Saliency of one sample for teacher and student, one scale. */
struct rt_look_maps {
	int64_t place;
	int n;				/* maps; 0 = none */
	int64_t h, w;
	float *map[RT_LOOK_MAPS];	/* [h x w] each; owned */
	int model[RT_LOOK_MAPS];	/* indices into rt_look.model */
	int64_t output;			/* what is explained */
	const char *method;		/* name of the explainer's row */
};

struct rt_look_data {
	char *name;
	int64_t train, test;
	bool current;
};

/* The latest run. */
struct rt_look_run {
	char *name, *student, *teacher, *control;	/* owned; as in struct rt_run */
	double teacher_score, temperature;		/* temperature: NAN without teacher */
	double hard, soft;
	int64_t epochs;			/* asked for */
	struct rt_epoch *history;	/* owned */
	int nhistory;
	struct rt_terms now;		/* of the epoch under way, of the student */
	int64_t seen;			/* its samples so far */
};

struct rt_look {
	uint64_t number;		/* rises */
	int nmodels;
	struct rt_model_facts **model;	/* one reference each */
	int ndata;
	struct rt_look_data *set;	/* owned */
	struct rt_data *data;		/* in use, one reference; NULL = none */
	bool has_run;
	struct rt_look_run run;
	struct rt_look_maps maps;
	struct rt_look_job job;
	char *undo;			/* what undo would take back, or NULL */
	int held;			/* by rt_session_look_hold() */
};

/* How much of it is made anew: ALL measures every model that has changed; MAPS keeps the facts of
 * `last` and makes new maps; RUN only follows the run. */
enum rt_look_depth { RT_LOOK_ALL, RT_LOOK_MAPS_AND_RUN, RT_LOOK_RUN };

/* A new look at the session, borrowed until the next one; job NULL: nothing runs.  What cannot be
 * measured or is interrupted is left out: a look never fails.  In the thread that owns the
 * session. */
const struct rt_look *rt_session_look(struct rt_session *s, enum rt_look_depth depth,
				      const struct rt_look_job *job);

/* The latest look, which stays until it is released, or NULL; in any thread. */
struct rt_look *rt_session_look_hold(struct rt_session *s);
void rt_session_look_release(struct rt_session *s, struct rt_look *look);

/* Index of the model of that name, or -1. */
int rt_look_find(const struct rt_look *l, const char *name);

/* Teacher and student of the latest run that are there, else the model that came last; returns how
 * many (0 to 2).  pair[] are indices. */
int rt_look_pair(const struct rt_look *l, int pair[2]);

/* What the focus calls a model by; never 0. */
uint64_t rt_name_key(const char *name);

/* Index of the model whose layers and confusion are seen: the one chosen, else the student, else
 * the one that came last; -1 without models. */
int rt_look_shown(const struct rt_look *l, const struct rt_focus *f);

/* The sample looked at: the focus clipped to the test part; -1 without data. */
int64_t rt_look_place(const struct rt_look *l, const struct rt_focus *f);

/* The temperature of the softened bars. */
double rt_look_temperature(const struct rt_look *l, const struct rt_focus *f);

/* How to look for another sample. */
enum rt_seek { RT_SEEK_NEXT, RT_SEEK_PREVIOUS, RT_SEEK_WRONG, RT_SEEK_DISAGREE };

/* The next such sample behind `from`, beginning anew after the last one: wrong, where the student
 * (or the only model) errs; disagree, where teacher and student answer differently. Errors:
 * RT_ENOTFOUND (no data, no model that answers, no such sample). */
enum rt_status rt_look_seek(int64_t *place, const struct rt_look *l, enum rt_seek how, int64_t from,
			    struct rt_err *err);

/* Answers of model i to the sample, [width], borrowed; NULL when it has none. */
const float *rt_look_logits(const struct rt_look *l, int i, int64_t place);

#endif
