/* session.h - everything a user has, by name, with undo.
 *
 * The state is a table of named objects (models, data sets, the run).  Objects are shared between
 * snapshots and copied when written, so a snapshot costs what changes after it.  A command that
 * changes state runs between begin and commit; rollback restores the state bit for bit.
 */
#ifndef RT_SESSION_SESSION_H
#define RT_SESSION_SESSION_H

#include "base/err.h"
#include "base/rng.h"
#include "base/str.h"

struct rt_session;

struct rt_session *rt_session_new(uint64_t seed);
void rt_session_free(struct rt_session *s);

/* Opens a change named by the command text that makes it.  Not nested. */
void rt_session_begin(struct rt_session *s, const char *command);

/* Ends the change: it becomes one undo step if any object differs, nothing otherwise. */
void rt_session_commit(struct rt_session *s);

/* Ends the change and restores what was there at begin. */
void rt_session_rollback(struct rt_session *s);

/* Inside a change: what has happened so far becomes an undo step of its own with this label
 * ("epoch 2 of student"), and a new change begins.  This is how each epoch of one command is a step. */
void rt_session_mark(struct rt_session *s, const char *label);

/* Goes back or forward by n steps; appends the label of each to *what, one a line.
 * Error: RT_EINVAL (no more steps; tells how many there are). */
enum rt_status rt_session_undo(struct rt_session *s, int64_t n, struct rt_str *what, struct rt_err *err);
enum rt_status rt_session_redo(struct rt_session *s, int64_t n, struct rt_str *what, struct rt_err *err);

/* Names for completion: kind is "model", "data" or "layer"; appended one a line. */
void rt_session_names(struct rt_session *s, const char *kind, struct rt_str *out);

#endif
