/* desk.h - a session worked with as the commands do it, for the tests of undo and checkpoints. */
#ifndef RT_TESTS_UNIT_DESK_H
#define RT_TESTS_UNIT_DESK_H

#include "toys.h"

#include "session/session.h"

/* Each of these is one change with the label `command`. */
void desk_data(struct rt_session *s, struct rt_data *d, const char *name);
void desk_model(struct rt_session *s, const char *name, const char *layers, uint64_t seed);
void desk_train(struct rt_session *s, const char *model, int n, const char *const *words);
void desk_distill(struct rt_session *s, const char *teacher, const char *student,
		  const char *control, struct rt_distill_opts o, bool cache, int n,
		  const char *const *words);
void desk_drop_model(struct rt_session *s, const char *name);

/* Moves the latest run on: n changes of an epoch, or one of n mini-batches. */
void desk_epochs(struct rt_session *s, int n);
void desk_batches(struct rt_session *s, int n);

/* Borrowed; fail without it. */
struct rt_model *desk_get(struct rt_session *s, const char *model);
struct rt_fit *desk_fit(struct rt_session *s);

void desk_undo(struct rt_session *s, int n);
void desk_redo(struct rt_session *s, int n);

/* The labels of the undo steps, newest first, each ended by a line feed; the caller frees. */
char *desk_history(struct rt_session *s);

/* Models, runs and data sets of both the same: names, bits of weights, masks, optimizers, positions
 * and histories; and the next seed drawn. */
void desk_assert_same(struct rt_session *a, struct rt_session *b);

#define WORDS(...)                                                                                 \
	(int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)), (const char *[])            \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

#endif
