/* records.h - the text of a checkpoint: records of named values, described by rows; private to this
 * folder.
 *
 * A record is a line with its kind and, indented by a tab, a line "name value" for each of its
 * fields that is set.  The order: checkpoint, session, data ..., model ..., and for each run the
 * records run, fit, distill (if there is a teacher), then for each learner learner and its states,
 * then epochs; end.
 */
#ifndef RT_SESSION_RECORDS_H
#define RT_SESSION_RECORDS_H

#include "train/fit.h"

#define RECORDS_FILE "checkpoint.txt"
#define RECORDS_VERSION 1

struct rec_checkpoint {
	int64_t version;
};

struct rec_session {
	struct rt_ints rng;	/* see rec_put_rng() */
	int64_t draws;
	int64_t current;	/* place of the data set in use; -1 = none */
};

struct rec_data {
	char *name, *hash, *source, *recipe;
	bool listed;		/* known by its name; otherwise only some run has it */
};

struct rec_model {
	char *name, *file;
	bool listed;
};

struct rec_run {
	char *name, *student, *teacher, *control;
	struct rt_strings objectives;	/* a name for each learner */
	int64_t data;			/* place among the data sets */
	double teacher_score;
	int64_t epoch, at;		/* see struct rt_batches_state */
	struct rt_ints rng;
	double seconds;
};

struct rec_fit {
	struct rt_fit_opts fit;
};

struct rec_distill {
	int64_t teacher;	/* place among the models */
	int64_t width;
	char *method;
	double temperature, hard, soft;
	struct rt_ints class_map;
	bool cache;
};

struct rec_learner {
	int64_t step;
	struct rt_ints rng;
	struct rt_strings terms;	/* of the epoch under way; see rec_put_terms() */
};

struct rec_state {
	char *param;
	int64_t slot;
	char *file;
};

struct rec_epoch {
	int64_t epoch;
	double lr, seconds, agreement;
	struct rt_strings learner[RT_MAX_LEARNERS];	/* score, test loss, terms */
};

extern const struct rt_row rec_checkpoint, rec_session, rec_data, rec_model, rec_run, rec_fit,
	rec_distill, rec_learner, rec_state, rec_epoch, rec_end;

/* Appends a record; params is the row's struct. */
void rec_write(struct rt_str *out, const struct rt_row *row, const void *params);

/* A text being read. */
struct records {
	const char *rest;
	char *line;	/* the one to read next; NULL at the end */
	int number;	/* of line, from 1 */
};

/* Begins to read text, which is borrowed. */
void rec_begin(struct records *r, const char *text);
void rec_end_reading(struct records *r);

/* True when the next record is of this kind. */
bool rec_is(const struct records *r, const struct rt_row *row);

/* Reads the next record into params (uninitialized; released with rt_params_release() after success
 * only).  Error: RT_EFORMAT with the line (another kind, a field unknown, wrong or missing). */
enum rt_status rec_read(struct records *r, const struct rt_row *row, void *params,
			struct rt_err *err);

enum { REC_HASH = 24 };

/* What a data set is known by: a hash of its samples, its preprocessing and its parts, as text in
 * buf, which is returned. */
char *rec_data_hash(char buf[REC_HASH], const struct rt_data *d);

/* A stream of random numbers as seven numbers: key, counter, block, left.  Error: RT_EFORMAT. */
void rec_put_rng(struct rt_ints *out, const struct rt_rng *rng);
enum rt_status rec_get_rng(struct rt_rng *out, const struct rt_ints *list, struct rt_err *err);

/* A number as a word that reads back as the same number, NaN included. */
void rec_put_number(struct rt_strings *out, double v);
enum rt_status rec_get_number(double *out, const struct rt_strings *list, int at,
			      struct rt_err *err);

/* Terms as words from place `at` on: name weight value, name weight value ... */
void rec_put_terms(struct rt_strings *out, const struct rt_terms *t);
enum rt_status rec_get_terms(struct rt_terms *out, const struct rt_strings *list, int at,
			     struct rt_err *err);

#endif
