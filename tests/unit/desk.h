/* desk.h - a session worked with as the commands do it, for the tests of undo and checkpoints. */
#ifndef RT_TESTS_UNIT_DESK_H
#define RT_TESTS_UNIT_DESK_H

#include "toys.h"

#include "session/session.h"

#define DESK_STUDENT "dense 8; relu; dropout 0.3; dense 3"

/* 80 + 20 samples of 5 features and 3 classes; the same every time. */
struct rt_data *desk_toy(void);

/* A teacher "t" that has learned, a student "m" and its control, two epochs and three of the five
 * mini-batches of the third behind them. */
struct rt_session *desk_distilling(void);

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

/* A checkpoint out, and in as one change, taken back where it fails. */
void desk_save(struct rt_session *s, const char *path);
enum rt_status desk_load(struct rt_session *s, const char *path, struct rt_err *error);

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
