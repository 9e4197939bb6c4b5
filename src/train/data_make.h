/* data_make.h - how the loaders of the file formats and the common last steps make a data set. */
#ifndef RT_TRAIN_DATA_MAKE_H
#define RT_TRAIN_DATA_MAKE_H

#include "train/builtin.h"

/* An empty set with one owner. */
struct rt_data *data_new(void);

/* A set that shares the tensors of d and copies the rest, without parts and preprocessing. */
struct rt_data *data_clone(const struct rt_data *d);

/* Adds a sentence to d->note. */
void data_note(struct rt_data *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Makes samples from .. to - 1 the given part. */
void data_part_range(struct rt_data *d, enum rt_part part, int64_t from, int64_t to);

/* The loaders fill name-independent fields: x, y, n, sample, task, classes, names, column,
 * missing, low, high, and the parts where the files bring them.  data_from_idx and
 * data_from_table get a file that has been read; the text of a table is theirs, and its first
 * train_lines lines are the training part (0: the file does not tell).  bytes NULL: an IDX file is
 * read here. */
enum rt_status data_from_idx(struct rt_data *d, const char *path, const unsigned char *bytes,
			     size_t len, const struct rt_data_load *opts, struct rt_err *err);
enum rt_status data_from_idx_folder(struct rt_data *d, const char *path,
				    const struct rt_data_load *opts, struct rt_err *err);
bool data_is_idx_folder(const char *path);
enum rt_status data_from_table(struct rt_data *d, const char *path, char *text, size_t len,
			       int64_t train_lines, const struct rt_data_load *opts,
			       struct rt_err *err);
enum rt_status data_from_tables(struct rt_data *d, const char *path,
				const struct rt_data_load *opts, struct rt_err *err);
bool data_is_table_folder(const char *path);
enum rt_status data_from_pictures(struct rt_data *d, const char *path,
				  const struct rt_data_load *opts, struct rt_err *err);

/* Writes 0 .. n-1 texts (folded, see train/vocabulary.h; NULL = missing) as samples of
 * opts->length numbers, by the vocabulary of the options or of the training part, which is there.
 * Errors: RT_ENOMEM, those of rt_vocabulary_load(). */
enum rt_status data_fill_words(struct rt_data *d, const char *const *text,
			       const struct rt_data_load *opts, struct rt_err *err);

/* Makes whole numbers (f32 samples without missing ones) numbers of words.  Errors: RT_EFORMAT (not
 * whole, negative; no number in the vocabulary). */
enum rt_status data_words_of_numbers(struct rt_data *d, const char *path,
				     const struct rt_data_load *opts, struct rt_err *err);

/* The two ways of rt_data_load(). */
enum rt_status data_load_builtin(struct rt_data **out, const char *name, const struct builtin *b,
				 const struct rt_data_load *opts, struct rt_err *err);
enum rt_status data_load_path(struct rt_data **out, const char *name, const char *path,
			      const struct rt_data_load *opts, struct rt_err *err);

/* The recipe of a set loaded from one of the program's own sets, or from a path where builtin is
 * NULL; and of the set that splitting it anew makes.  Both for the caller to free. */
char *data_recipe(const char *builtin, const char *path, const struct rt_data_load *opts);
char *data_recipe_split(const char *recipe, double test_fraction, uint64_t seed);

/* Draws the parts: see rt_data_split(). */
enum rt_status data_draw_parts(struct rt_data *d, double test_fraction, uint64_t seed,
			       struct rt_err *err);

/* Fits shift, scale, fill, y_shift and y_scale to the training part and sets the hash.  factor
 * is what raw values are multiplied with where d->standardize is false. */
void data_fit(struct rt_data *d, float factor);

/* Summaries of the numbers of a part: a sample is ngroups runs of span numbers. */
void data_summarize(struct rt_summary *group, int64_t ngroups, int64_t span,
		    const struct rt_data *d, enum rt_part part);
void data_summarize_targets(struct rt_summary *output, const struct rt_data *d, enum rt_part part);

/* Names in a folder, sorted by bytes, hidden ones left out.  The caller frees with
 * data_names_free(). */
enum rt_status data_list_folder(struct rt_strings *names, const char *path, struct rt_err *err);
void data_names_free(struct rt_strings *names);

/* Joins names for a message: "a, b, c"; at most eight, then "...".  Returns buf. */
const char *data_names_text(char *buf, size_t size, const struct rt_strings *names);

#endif
