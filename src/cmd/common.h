/* common.h - what the commands share: lines of reply, styles, captions, samples and scores. */
#ifndef RT_CMD_COMMON_H
#define RT_CMD_COMMON_H

#include "session/session.h"
#include "shell/cmd.h"
#include "views/canvas.h"

#include <stddef.h>

/* Options that many commands have, in their struct of params. */
#define RT_DATA_OPT(params, at)                                                                    \
	{.name = "data", .summary = "data set; default: the one in use", .type = RT_STRING,        \
	 .offset = offsetof(params, at), .of = "data"}
#define RT_MODELS_OPT(params, at)                                                                  \
	{.name = "models",                                                                         \
	 .summary = "up to three models; default: teacher and student of the latest run",          \
	 .type = RT_STRINGS, .offset = offsetof(params, at), .of = "model"}

/* Adds a formatted line to the reply, spelled in ASCII where the terminal has nothing else. */
void rt_say(const struct rt_ctx *ctx, struct rt_reply *reply, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The sign between two factors: a dot, or * in ASCII. */
const char *rt_times(const struct rt_ctx *ctx);

/* How views should draw for this terminal. */
struct rt_style rt_ctx_style(const struct rt_ctx *ctx);

/* "94.65 %" for classes, "RMSE 812.3" for regression; NaN is a dash.  Returns buf. */
char *rt_score_text(char buf[RT_NUM], const struct rt_data *d, double score);

/* "+0.40": the difference of two scores in the same unit.  Returns buf. */
char *rt_score_difference(char buf[RT_NUM], const struct rt_data *d, double score, double base);

/* A sample that a command was asked about. */
struct rt_sample {
	struct rt_data *data;	/* borrowed */
	int64_t place;		/* as asked: its number in the part */
	int32_t number;		/* in the data set */
	int label;		/* class, or -1 */
	float *x;		/* as a model sees it; owned */
};

/* Takes sample `place` of the test part of data set name (NULL: the one in use); release with
 * free(s->x).  Error: RT_EINVAL with how many there are. */
enum rt_status rt_sample_get(struct rt_sample *s, struct rt_session *session, const char *name,
			     int64_t place, struct rt_err *err);

/* Logits of one model for the sample (allocated, the caller frees).  Errors: RT_ESHAPE, plans'. */
enum rt_status rt_sample_logits(float **z, const struct rt_sample *s, const struct rt_model *m,
				struct rt_err *err);

/* The score of a model on the test part of the data set. */
enum rt_status rt_test_score(double *score, const struct rt_model *m, const struct rt_data *d,
			     struct rt_err *err);

/* The role of the i-th of n models: by the latest run that names it, else teacher first, then
 * student; a model alone has none. */
enum rt_role rt_model_role(struct rt_session *s, const char *name, int i, int n);

/* The models a command works on: the names given, or teacher and student of the latest run, or its
 * only model.  *models is allocated, the caller frees; the models are borrowed.
 * Error: RT_ENOTFOUND, RT_EINVAL (more than 3). */
enum rt_status rt_models_get(struct rt_model ***models, int *n, struct rt_session *s,
			     const struct rt_strings *names, struct rt_err *err);

#endif
