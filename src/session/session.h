/* session.h - everything a user has, by name, with undo.
 *
 * The state is a table of named objects (models, data sets, the run).  Objects are shared between
 * snapshots and copied when written, so a snapshot costs what changes after it.  A command that
 * changes state runs between begin and commit; rollback restores the state bit for bit.
 */
#ifndef RT_SESSION_SESSION_H
#define RT_SESSION_SESSION_H

#include "distill/distill.h"
#include "io/model.h"
#include "train/fit.h"

struct rt_session;

/* A session whose random numbers all follow from seed. */
struct rt_session *rt_session_new(uint64_t seed);
void rt_session_free(struct rt_session *s);

/* The seed it was made with. */
uint64_t rt_session_seed(const struct rt_session *s);

/* A training run: which models learn, and the state of the fit.  The models are named, not held, so
 * that what is pruned or undone between two steps is what the next step trains. */
struct rt_run {
	int refs;
	char *name;		/* "run1" ... */
	char *student;		/* the model that learns (of train: the model) */
	char *teacher;		/* NULL for train */
	char *control;		/* the twin's model, or NULL */
	struct rt_fit *fit;	/* one reference */
	struct rt_distill *distill; /* the student's objective, borrowed from fit; NULL for train */
	double teacher_score;	/* on the test part; NAN for train */
};

/* Takes one reference of fit; the names are copied. */
struct rt_run *rt_run_new(const char *student, const char *teacher, const char *control,
			  struct rt_fit *fit);
void rt_run_unref(struct rt_run *r);

/* --- objects ---------------------------------------------------------------------------------- */

/* get: borrowed, for reading.  edit: borrowed, for changing inside a change; what the history holds
 * is cloned first.  Unknown names fail with RT_ENOTFOUND and a suggestion, or say how to make one.
 */
enum rt_status rt_session_get_model(struct rt_model **out, struct rt_session *s, const char *name,
				    struct rt_err *err);
enum rt_status rt_session_edit_model(struct rt_model **out, struct rt_session *s, const char *name,
				     struct rt_err *err);

/* Takes one reference; replaces the model of that name. */
void rt_session_put_model(struct rt_session *s, struct rt_model *m);
/* The journal of this model tells how it was made: the command under way does not add to it. */
void rt_session_told(struct rt_session *s, const char *name);
enum rt_status rt_session_drop_model(struct rt_session *s, const char *name, struct rt_err *err);
struct rt_model *const *rt_session_models(const struct rt_session *s, int *n);

/* name NULL: the data set in use, which is the one loaded or chosen last. */
enum rt_status rt_session_get_data(struct rt_data **out, struct rt_session *s, const char *name,
				   struct rt_err *err);

/* Takes one reference; replaces the set of that name and makes it the one in use. */
void rt_session_put_data(struct rt_session *s, struct rt_data *d);
enum rt_status rt_session_drop_data(struct rt_session *s, const char *name, struct rt_err *err);
struct rt_data *const *rt_session_data(const struct rt_session *s, int *n);

/* name NULL: the latest run. */
enum rt_status rt_session_get_run(struct rt_run **out, struct rt_session *s, const char *name,
				  struct rt_err *err);
enum rt_status rt_session_edit_run(struct rt_run **out, struct rt_session *s, const char *name,
				   struct rt_err *err);

/* Takes one reference and names the run. */
void rt_session_put_run(struct rt_session *s, struct rt_run *r);
struct rt_run *const *rt_session_runs(const struct rt_session *s, int *n);

/* A seed for one random purpose; drawn anew at each call, restored by undo. */
int64_t rt_session_draw(struct rt_session *s, const char *purpose);
struct rt_logits_store *rt_session_logits(struct rt_session *s);

/* --- changes ---------------------------------------------------------------------------------- */

/* Opens a change named by the command text that makes it.  Not nested. */
void rt_session_begin(struct rt_session *s, const char *command);

/* Ends the change: it becomes one undo step if any object differs, nothing otherwise. */
void rt_session_commit(struct rt_session *s);

/* Ends the change and restores what was there at begin. */
void rt_session_rollback(struct rt_session *s);

/* Inside a change: what has happened so far becomes an undo step of its own with this label
 * ("epoch 2 of student"), and a new change begins.  This is how each epoch of one command is a
 * step. */
void rt_session_mark(struct rt_session *s, const char *label);

/* Goes back or forward by n steps; appends the label of each to *what, one a line.
 * Error: RT_EINVAL (no more steps; tells how many there are). */
enum rt_status rt_session_undo(struct rt_session *s, int64_t n, struct rt_str *what,
			       struct rt_err *err);
enum rt_status rt_session_redo(struct rt_session *s, int64_t n, struct rt_str *what,
			       struct rt_err *err);

/* The labels of the undo steps, newest first, and of the redo steps; appended one a line. */
void rt_session_history(const struct rt_session *s, struct rt_str *undo, struct rt_str *redo);

/* The most memory that the undo history may hold beyond what is alive, in bytes; the oldest steps
 * go first.  Default 1 GiB. */
void rt_session_undo_budget(struct rt_session *s, int64_t bytes);

/* Names for completion: kind is "model", "data" or "layer"; appended one a line. */
void rt_session_names(struct rt_session *s, const char *kind, struct rt_str *out);

#endif
