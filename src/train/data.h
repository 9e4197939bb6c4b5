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
	struct rt_tensor x;	/* n x sample; u8 (images) or f32, raw */
	struct rt_tensor y;	/* i32 labels (n), or f32 targets (n x outputs), raw units */
	int classes;		/* RT_CLASSIFY: number of classes; RT_REGRESS: 0 */
	int outputs;		/* RT_REGRESS: targets per sample; RT_CLASSIFY: 0 */
	char **class_name;	/* [classes], or NULL */
	char **feature_name;	/* [product of sample], or NULL (images) */
	char *target_name;	/* column of the target, or NULL */
	int64_t nscale;		/* 1 (all), channels, or features */
	float *shift, *scale;	/* [nscale]: what a model sees is (raw - shift) * scale, fitted on
				   the training part only (u8 images: scale 1/255, shift 0) */
	float y_shift, y_scale;	/* RT_REGRESS: target = raw * y_scale + y_shift is what is learned */
	int32_t *part[2];	/* sample numbers of RT_PART_TRAIN and RT_PART_TEST */
	int64_t npart[2];
	uint64_t hash;		/* of x, y, shift and scale: keys the teacher's cache */
};

struct rt_data *rt_data_ref(struct rt_data *d);	/* one more owner; returns d */
void rt_data_unref(struct rt_data *d);		/* frees with the last owner; NULL is fine */

/* Sample numbers of a part and how many; RT_PART_ALL gives index NULL, meaning 0 .. n-1. */
const int32_t *rt_data_part(const struct rt_data *d, enum rt_part part, int64_t *n);

/* Writes n samples as the model sees them (shifted, scaled, f32, n x sample) to x. */
void rt_data_fill_x(const struct rt_data *d, const int32_t *index, int64_t n, float *x);

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

/* Options of rt_data_load(); a row's params, so that the command and the loader share one list. */
extern const struct rt_row rt_data_load_row;
struct rt_data_load {
	char *target;		/* CSV column of the target; default: "label", "class", "target", else the last */
	int task;		/* auto, classify, regress */
	char *schema;		/* file "column: numeric" or "column: {a, b}" a line; default: detected */
	double test;		/* fraction held out where the files bring no test part; 0.2 */
	int64_t seed;		/* of the split */
	struct rt_ints size;	/* PNG folders: height width; default: that of the first picture */
	int channels;		/* PNG folders: auto, grey, rgb */
	int standardize;	/* auto, yes, no: tables yes, images no */
	struct rt_ints shape;	/* table rows as pictures: C H W */
};

/* Loads a data set.  path NULL: one of the program's own (mnist, digits, breast-cancer, credit,
 * fashion).  Otherwise an IDX file of images with its labels beside it, a folder with IDX files as
 * MNIST names them, a CSV or TSV file (also .gz), or a folder with one folder of PNG files a class.
 * Errors: RT_ENOTFOUND, RT_EIO, RT_EFORMAT (file, line or byte, the two numbers), RT_ENUMERIC. */
enum rt_status rt_data_load(struct rt_data **out, const char *name, const char *path,
			    const struct rt_data_load *opts, struct rt_err *err);

#endif
