/* data.h - data sets: samples, targets, splits, and the preprocessing that every run applies.
 *
 * A data set is immutable once it has been made and reference-counted; splitting or standardizing
 * anew makes another one that shares the tensors.
 */
#ifndef RT_TRAIN_DATA_H
#define RT_TRAIN_DATA_H

#include "base/rng.h"
#include "tensor/tensor.h"

enum rt_task { RT_CLASSIFY, RT_REGRESS };
enum rt_part { RT_PART_TRAIN, RT_PART_TEST, RT_PART_ALL };

struct rt_data {
	int refs;
	char *name;
	char *source;		/* path, or "embedded mnist" ... */
	enum rt_task task;
	struct rt_shape sample;	/* one sample, without the batch: 1x28x28 (CHW) or 30 */
	int64_t n;
	struct rt_tensor x;	/* n x sample, raw: u8 (images), f32 (NaN = missing, see fill), or
				   i32: numbers of words, of which a sample has a row */
	char **word;		/* [words], or NULL: the words behind the numbers; those of a text
				   end with number 0 where it is shorter than the sample */
	int words;
	struct rt_tensor y;	/* i32 labels (n), or f32 targets (n x outputs), raw units */
	int classes;		/* RT_CLASSIFY: number of classes; RT_REGRESS: 0 */
	int outputs;		/* RT_REGRESS: targets per sample; RT_CLASSIFY: 0 */
	char **class_name;	/* [classes], or NULL */
	char **feature_name;	/* [product of sample], or NULL (images) */
	char *target_name;	/* column of the target, or NULL */
	int64_t nscale;		/* 1 (all), channels, or features */
	float *shift, *scale;	/* [nscale]: what a model sees is (raw - shift) * scale, fitted on
				   the training part only (u8 images: scale 1/255, shift 0;
				   i32: 1 and 0) */
	bool standardize;	/* shift and scale are mean and 1/deviation of the training part */
	float *fill;		/* [product of sample]: what a missing (NaN) feature counts as, the
				   mean of the training part; NULL when nothing is missing */
	int64_t missing;	/* cells that were missing, in numeric and categorical features */
	int *column;		/* [product of sample]: the table's column a feature comes from;
				   one-hot features of a column share its number; NULL (images) */
	float low, high;	/* raw values to draw as black and white */
	float y_shift, y_scale;	/* RT_REGRESS: what is learned is raw * y_scale + y_shift */
	int32_t *part[2];	/* sample numbers of RT_PART_TRAIN and RT_PART_TEST */
	int64_t npart[2];
	uint64_t hash;		/* of x, y, fill, shift and scale: keys the teacher's cache */
	char *recipe;		/* how it was made, for rt_data_again(); NULL = not from files */
	char *note;		/* one line on what loading did to the data ("17 missing cells
				   ..."), or NULL */
};

struct rt_data *rt_data_ref(struct rt_data *d);	/* one more owner; returns d */
void rt_data_unref(struct rt_data *d);		/* frees with the last owner; NULL is fine */

/* Sample numbers of a part and how many; RT_PART_ALL gives index NULL, meaning 0 .. n-1. */
const int32_t *rt_data_part(const struct rt_data *d, enum rt_part part, int64_t *n);

/* Writes n samples as the model sees them (shifted, scaled, f32, n x sample) to x. */
void rt_data_fill_x(const struct rt_data *d, const int32_t *index, int64_t n, float *x);

/* The same for a model whose input holds numbers of type `as`: f32, or where x is i32 also i32 and
 * i64. */
void rt_data_fill_as(const struct rt_data *d, const int32_t *index, int64_t n, enum rt_dtype as,
		     void *x);

/* Number j of sample i, raw, with six digits in buf; or the word that it is the number of. */
const char *rt_data_text(const struct rt_data *d, int64_t i, int64_t j, char *buf, size_t size);

/* Whether samples are rows of numbers that stand for words. */
bool rt_data_is_text(const struct rt_data *d);

/* Writes labels (RT_CLASSIFY), or targets in learned units (RT_REGRESS, n x outputs). */
void rt_data_fill_labels(const struct rt_data *d, const int32_t *index, int64_t n, int32_t *y);
void rt_data_fill_targets(const struct rt_data *d, const int32_t *index, int64_t n, float *y);

/* Label of sample i; raw target o of sample i. */
int rt_data_label(const struct rt_data *d, int64_t i);
float rt_data_target(const struct rt_data *d, int64_t i, int o);

/* A class's name, or its number written to buf. */
const char *rt_data_class(const struct rt_data *d, int c, char *buf, size_t size);

/* A new set with another split: test_fraction of every class (RT_CLASSIFY, stratified; at least one
 * of each class in each part where it has two) or of all samples, drawn by seed; the preprocessing
 * is fitted again on the new training part.  Errors: RT_EINVAL (a part would be empty). */
enum rt_status rt_data_split(struct rt_data **out, const struct rt_data *d, double test_fraction,
			     uint64_t seed, struct rt_err *err);

/* What `data show` tells.  Numbers are raw; missing cells do not count. */
struct rt_summary {
	int64_t n;		/* numbers that went in */
	double mean, deviation, min, max; /* deviation divides by n; all 0 when n is 0 */
};
struct rt_data_stats {
	int64_t *count[2];	/* RT_CLASSIFY: [classes] samples of each part */
	struct rt_summary all;	/* every number of the training part */
	int nfeatures;		/* features of a table, channels of pictures */
	struct rt_summary *feature; /* [nfeatures], of the training part */
	struct rt_summary *target; /* RT_REGRESS: [outputs], of the training part */
};

/* Computes the statistics of d; the caller releases. */
void rt_data_stats(struct rt_data_stats *out, const struct rt_data *d);
void rt_data_stats_release(struct rt_data_stats *stats);

/* Options of rt_data_load(); a row's params, so that the command and the loader share one list. */
struct rt_data_load {
	char *target;		/* column of a table, kind of label file of an IDX folder */
	int task;		/* enum rt_data_task */
	struct rt_strings classes; /* names of the classes in order; default: as the files tell */
	struct rt_strings ignore; /* columns that are no features */
	struct rt_strings missing; /* texts that mean a missing cell, besides the empty one */
	int header;		/* enum rt_auto: does the table begin with column names */
	char *schema;		/* file of lines "column: numeric", "column: {a, b}" */
	double test;		/* fraction held out where the files bring no test part; 0.2 */
	int64_t seed;		/* of the split */
	struct rt_ints size;	/* PNG folders: height width; default: that of the first picture */
	int channels;		/* PNG folders: enum rt_data_channels */
	int standardize;	/* enum rt_auto; auto: tables yes, pictures no */
	double scale;		/* without standardizing, a model sees raw * scale; default: 1/255
				   for bytes, 1 otherwise */
	struct rt_ints shape;	/* table rows as pictures: C H W */
	char *text;		/* column of a table whose words are the samples */
	char *vocabulary;	/* file of words; default: those of the training part */
	int64_t words;		/* most words that get a number of their own, padding and the
				   unknown one included */
	int64_t length;		/* words of a sample */
	bool tokens;		/* the columns are numbers of words */
};
enum rt_data_task { RT_TASK_AUTO, RT_TASK_CLASSIFY, RT_TASK_REGRESS };
enum rt_data_channels { RT_CHANNELS_AUTO, RT_CHANNELS_GREY, RT_CHANNELS_RGB };
enum rt_auto { RT_AUTO, RT_YES, RT_NO };
extern const char *const rt_data_task_names[], *const rt_data_channel_names[];
extern const char *const rt_auto_names[];

/* The options as rows, for any params struct with a struct rt_data_load in it: `at` is the
 * member with its dot ("load.") or nothing. */
#define RT_DATA_LOAD_OPTS(type, at)                                                                \
	{"target", "column to predict; default label, class, target or the last one", RT_STRING,   \
	 offsetof(type, at target), .example = "diagnosis"},                                       \
	{"task", "what the target is; auto: text or few whole numbers are classes", RT_CHOICE,     \
	 offsetof(type, at task), "auto", .choices = rt_data_task_names},                          \
	{"classes", "names of the classes in order; default: sorted", RT_STRINGS,                  \
	 offsetof(type, at classes), .example = "benign malignant"},                               \
	{"ignore", "columns that are no features", RT_STRINGS, offsetof(type, at ignore),          \
	 .example = "date"},                                                                       \
	{"missing", "texts that mean a missing cell, besides the empty one", RT_STRINGS,           \
	 offsetof(type, at missing), "NA ?", .example = "NA ?"},                                   \
	{"header", "does the table begin with a line of column names", RT_CHOICE,                  \
	 offsetof(type, at header), "auto", .choices = rt_auto_names},                             \
	{"schema", "file of lines \"column: numeric\" or \"column: {a, b}\"", RT_STRING,           \
	 offsetof(type, at schema), .of = "file", .example = "schema.txt"},                        \
	{"test", "fraction held out where the files bring no test part", RT_REAL,                  \
	 offsetof(type, at test), "0.2", 0.0001, 0.9999, .example = "0.2"},                        \
	{"seed", "seed of the split", RT_INT, offsetof(type, at seed), "1", 0, 9e15},              \
	{"size", "pictures are resized to this height and width", RT_INTS,                         \
	 offsetof(type, at size), .min = 1, .max = 4096, .example = "32 32"},                      \
	{"channels", "colours of the pictures; auto: rgb if one of them has colour", RT_CHOICE,    \
	 offsetof(type, at channels), "auto", .choices = rt_data_channel_names},                   \
	{"standardize", "mean 0 and deviation 1 over the training part; auto: tables", RT_CHOICE,  \
	 offsetof(type, at standardize), "auto", .choices = rt_auto_names},                        \
	{"scale", "without standardizing, factor from raw to model input", RT_REAL,                \
	 offsetof(type, at scale), .min = 1e-30, .max = 1e30, .example = "0.0625"},                \
	{"shape", "rows of a table as pictures: channels height width", RT_INTS,                   \
	 offsetof(type, at shape), .min = 1, .max = 65536, .example = "1 8 8"},                    \
	{"text", "column of text: every word becomes its number", RT_STRING,                       \
	 offsetof(type, at text), .example = "text"},                                              \
	{"vocabulary", "file with a word a line: the first pads, the second is unknown",           \
	 RT_STRING, offsetof(type, at vocabulary), .of = "file", .example = "words.txt"},          \
	{"words", "without -vocabulary, how many words of the training part get a number",         \
	 RT_INT, offsetof(type, at words), "2000", 3, 1 << 24},                                    \
	{"length", "words of a sample; longer texts are cut, shorter ones padded", RT_INT,         \
	 offsetof(type, at length), "32", 1, 65536},                                               \
	{"tokens", "the columns are whole numbers that stand for words", RT_BOOL,                  \
	 offsetof(type, at tokens), "no"}

extern const struct rt_row rt_data_load_row;

/* The program's own sets ("mnist", "digits" ...), for completion and help. */
extern const struct rt_list rt_data_builtins;

/* Loads a data set.
 *
 * path NULL: the program's own set of that name (see rt_data_builtins).  A path that is neither
 * file nor folder but the name of an own set loads that one under the given name.  Otherwise: an
 * IDX file of samples with its labels beside it ("images" and "idx3" in the name replaced by
 * "labels" and "idx1"); a folder with IDX files as MNIST names them, where the part before the
 * first '-' is "train" for training and anything else for testing; a CSV or TSV file; a folder
 * with one folder of PNG files a class, or such folders under train/ and test/ (or val/); a folder
 * with one table called train and one called test (.csv, .tsv, .txt).  Files may be gzipped.
 *
 * Tables: a column is numeric when every cell that is not missing is a number, else its texts
 * are categories, one-hot in sorted order (in the order of the schema where there is one); one
 * text to nine numbers or more is a mistake, and texts that hardly repeat are no
 * categories.  Missing numbers count as the mean of the training part, missing texts as a
 * category "missing".  Classes are in the order of -classes, else of the schema, else sorted: by
 * value when all are whole numbers, by bytes otherwise.  A target is a class when it is text, or
 * has at most two values, or at most twenty whole ones each met twice on average; otherwise it
 * is regressed on.
 *
 * Text (-text): a word is a run of letters and digits, in small letters; samples are rows of
 * numbers of words (train/vocabulary.h), and the other columns but the target are left out.
 *
 * Errors: RT_ENOTFOUND, RT_EINVAL, RT_EIO, RT_ENOMEM, RT_EFORMAT (file, line or byte, the two
 * numbers), RT_ENUMERIC (NaN or infinity, with file, line and column). */
enum rt_status rt_data_load(struct rt_data **out, const char *name, const char *path,
			    const struct rt_data_load *opts, struct rt_err *err);

/* Makes a set again, under another name perhaps, from d->recipe: the same files with the same
 * options and split; whether they hold the same samples tells the hash.  Errors: RT_EFORMAT (no
 * recipe), those of rt_data_load() and rt_data_split(). */
enum rt_status rt_data_again(struct rt_data **out, const char *name, const char *recipe,
			     struct rt_err *err);

#endif
