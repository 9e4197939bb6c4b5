/* data.c - the data set itself: owners, samples as a model sees them, labels, names. */
#include "config.h"

#include "train/data.h"
#include "base/mem.h"
#include "train/data_make.h"
#include "tensor/parallel.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is worth asking for ahead: the processor itself foresees the rest. */
#define FETCH_BYTES 4096

struct rt_data *data_new(void)
{
	struct rt_data *d = rt_alloc(1, sizeof(*d));

	d->refs = 1;
	d->high = 1;
	d->y_scale = 1;
	return d;
}

struct rt_data *rt_data_ref(struct rt_data *d)
{
	__atomic_add_fetch(&d->refs, 1, __ATOMIC_RELAXED);
	return d;
}

static void free_names(char **name, int64_t n)
{
	for (int64_t i = 0; name && i < n; i++)
		free(name[i]);
	free(name);
}

void rt_data_unref(struct rt_data *d)
{
	if (!d || __atomic_sub_fetch(&d->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	free_names(d->class_name, d->classes);
	free_names(d->feature_name, rt_shape_count(&d->sample));
	free_names(d->word, d->words);
	rt_tensor_release(&d->x);
	rt_tensor_release(&d->y);
	free(d->name);
	free(d->source);
	free(d->target_name);
	free(d->shift);
	free(d->scale);
	free(d->fill);
	free(d->column);
	free(d->part[0]);
	free(d->part[1]);
	free(d->recipe);
	free(d->note);
	free(d);
}

static char **copy_names(char **name, int64_t n)
{
	char **copy = name ? rt_alloc((size_t)n, sizeof(*copy)) : NULL;

	for (int64_t i = 0; name && i < n; i++)
		copy[i] = rt_strdup(name[i]);
	return copy;
}

struct rt_data *data_clone(const struct rt_data *d)
{
	int64_t features = rt_shape_count(&d->sample);
	struct rt_data *copy = rt_memdup(d, 1, sizeof(*d));

	copy->refs = 1;
	copy->name = rt_strdup(d->name);
	copy->source = rt_strdup(d->source);
	copy->target_name = rt_strdup(d->target_name);
	copy->recipe = rt_strdup(d->recipe);
	copy->note = rt_strdup(d->note);
	copy->class_name = copy_names(d->class_name, d->classes);
	copy->feature_name = copy_names(d->feature_name, features);
	copy->word = copy_names(d->word, d->words);
	copy->column =
		d->column ? rt_memdup(d->column, (size_t)features, sizeof(*d->column)) : NULL;
	rt_tensor_share(&copy->x, &d->x);
	rt_tensor_share(&copy->y, &d->y);
	copy->shift = copy->scale = copy->fill = NULL;
	copy->nscale = 0;
	copy->part[0] = copy->part[1] = NULL;
	copy->npart[0] = copy->npart[1] = 0;
	return copy;
}

void data_note(struct rt_data *d, const char *fmt, ...)
{
	char text[512], *joined;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	joined = rt_sprintf("%s%s%s", d->note ? d->note : "", d->note ? "; " : "", text);
	free(d->note);
	d->note = joined;
}

void data_part_range(struct rt_data *d, enum rt_part part, int64_t from, int64_t to)
{
	RT_ASSERT(part != RT_PART_ALL && from < to);
	d->npart[part] = to - from;
	d->part[part] = rt_alloc((size_t)(to - from), sizeof(*d->part[part]));
	for (int64_t i = from; i < to; i++)
		d->part[part][i - from] = (int32_t)i;
}

const int32_t *rt_data_part(const struct rt_data *d, enum rt_part part, int64_t *n)
{
	*n = part == RT_PART_ALL ? d->n : d->npart[part];
	return part == RT_PART_ALL ? NULL : d->part[part];
}

/* One sample, raw, with missing numbers filled. */
static void raw_sample(const struct rt_data *d, int64_t i, int64_t size, float *to)
{
	if (d->x.dtype == RT_U8) {
		const uint8_t *from = (const uint8_t *)rt_tensor_data(&d->x) + i * size;

		for (int64_t j = 0; j < size; j++)
			to[j] = from[j];
		return;
	}
	if (d->x.dtype == RT_I32) {
		const int32_t *from = (const int32_t *)rt_tensor_data(&d->x) + i * size;

		for (int64_t j = 0; j < size; j++)
			to[j] = (float)from[j];
		return;
	}
	memcpy(to, (const float *)rt_tensor_data(&d->x) + i * size, (size_t)size * sizeof(*to));
	for (int64_t j = 0; d->fill && j < size; j++)
		if (isnan(to[j]))
			to[j] = d->fill[j];
}

/* Samples are drawn from all over the set: the next one is asked for ahead of its use. */
static void fetch_sample(const struct rt_data *d, int64_t i, int64_t size)
{
	const size_t bytes = (size_t)size * rt_dtype(d->x.dtype)->size;
	const char *from = (const char *)rt_tensor_data(&d->x) + (size_t)i * bytes;

	for (size_t at = 0; at < bytes && at < FETCH_BYTES; at += 64)
		__builtin_prefetch(from + at);
}

/* Raw numbers as a model sees them. */
static void scale_sample(const struct rt_data *d, int64_t size, float *x)
{
	const int64_t span = size / d->nscale;

	if (span == 1) {
		for (int64_t j = 0; j < size; j++)
			x[j] = (x[j] - d->shift[j]) * d->scale[j];
		return;
	}
	for (int64_t g = 0; g < d->nscale; g++) {
		float shift = d->shift[g], scale = d->scale[g], *to = x + g * span;

		for (int64_t j = 0; j < span; j++)
			to[j] = (to[j] - shift) * scale;
	}
}

void rt_data_fill_x(const struct rt_data *d, const int32_t *index, int64_t n, float *x)
{
	const int64_t size = rt_shape_count(&d->sample);
	const int threads = rt_split(n, n * size);

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t i = 0; i < n; i++) {
		if (index && i + 1 < n)
			fetch_sample(d, index[i + 1], size);
		raw_sample(d, index ? index[i] : i, size, x + i * size);
		scale_sample(d, size, x + i * size);
	}
}

void rt_data_fill_as(const struct rt_data *d, const int32_t *index, int64_t n, enum rt_dtype as,
		     void *x)
{
	int64_t size = rt_shape_count(&d->sample);
	size_t bytes = (size_t)size * rt_dtype(as)->size;

	if (as == RT_F32) {
		rt_data_fill_x(d, index, n, x);
		return;
	}
	RT_ASSERT(d->x.dtype == RT_I32 && (as == RT_I32 || as == RT_I64));
	for (int64_t i = 0; i < n; i++)
		rt_convert((char *)x + (size_t)i * bytes, as,
			   (const int32_t *)rt_tensor_data(&d->x) + (index ? index[i] : i) * size,
			   RT_I32, size);
}

bool rt_data_is_text(const struct rt_data *d)
{
	return d->x.dtype == RT_I32;
}

const char *rt_data_text(const struct rt_data *d, int64_t i, int64_t j, char *buf, size_t size)
{
	double v = rt_tensor_get(&d->x, i * rt_shape_count(&d->sample) + j);

	if (d->word && v >= 0 && v < d->words)
		return d->word[(int)v];
	snprintf(buf, size, "%.6g", v);
	return buf;
}

void rt_data_fill_labels(const struct rt_data *d, const int32_t *index, int64_t n, int32_t *y)
{
	for (int64_t i = 0; i < n; i++)
		y[i] = rt_data_label(d, index ? index[i] : i);
}

void rt_data_fill_targets(const struct rt_data *d, const int32_t *index, int64_t n, float *y)
{
	for (int64_t i = 0; i < n; i++)
		for (int o = 0; o < d->outputs; o++)
			*y++ = rt_data_target(d, index ? index[i] : i, o) * d->y_scale + d->y_shift;
}

int rt_data_label(const struct rt_data *d, int64_t i)
{
	RT_ASSERT(d->task == RT_CLASSIFY && i >= 0 && i < d->n);
	return ((const int32_t *)rt_tensor_data(&d->y))[i];
}

float rt_data_target(const struct rt_data *d, int64_t i, int o)
{
	RT_ASSERT(d->task == RT_REGRESS && i >= 0 && i < d->n && o >= 0 && o < d->outputs);
	return ((const float *)rt_tensor_data(&d->y))[i * d->outputs + o];
}

const char *rt_data_class(const struct rt_data *d, int c, char *buf, size_t size)
{
	if (d->class_name && c >= 0 && c < d->classes)
		return d->class_name[c];
	snprintf(buf, size, "%d", c);
	return buf;
}
