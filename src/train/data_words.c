/* data_words.c - samples that are rows of numbers of words: from text, and from numbers. */
#include "config.h"

#include "base/mem.h"
#include "train/data_make.h"
#include "train/vocabulary.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static void count_training(struct rt_vocabulary *v, const struct rt_data *d,
			   const char *const *text, int64_t most)
{
	int64_t n, known = 0;
	const int32_t *index = rt_data_part(d, RT_PART_TRAIN, &n);
	const char **some = rt_alloc((size_t)n, sizeof(*some));

	for (int64_t i = 0; i < n; i++)
		if (text[index[i]])
			some[known++] = text[index[i]];
	rt_vocabulary_count(v, some, known, (int)most);
	free(some);
}

/* Returns how many words the text has. */
static int64_t number_words(int32_t *x, int64_t length, const char *text,
			    const struct rt_vocabulary *v)
{
	int64_t n = 0;
	struct rt_word w;

	while (text && (w = rt_words_next(&text)).n) {
		if (n < length)
			x[n] = rt_vocabulary_find(v, w);
		n++;
	}
	/* a text of nothing but padding has no mean over its words */
	if (n == 0)
		x[0] = RT_WORD_UNKNOWN;
	return n;
}

/* d takes the words themselves. */
static void take_words(struct rt_data *d, struct rt_vocabulary *v)
{
	d->word = v->word;
	d->words = v->n;
	v->word = NULL;
	v->n = 0;
}

enum rt_status data_fill_words(struct rt_data *d, const char *const *text,
			       const struct rt_data_load *opts, struct rt_err *err)
{
	int64_t T = opts->length, cut = 0, empty = 0;
	struct rt_vocabulary v = {0};
	enum rt_status status;
	void *x;

	d->sample = RT_SHAPE(T);
	RT_TRY(rt_tensor_new(&d->x, RT_I32, &RT_SHAPE(d->n, T), err));
	RT_TRY(rt_tensor_write(&x, &d->x, err));
	if (opts->vocabulary) {
		status = rt_vocabulary_load(&v, opts->vocabulary, err);
		if (status != RT_OK)
			return rt_wrap(err, "-vocabulary");
	} else {
		count_training(&v, d, text, opts->words);
	}
	for (int64_t i = 0; i < d->n; i++) {
		int64_t n = number_words((int32_t *)x + i * T, T, text[i], &v);

		cut += n > T;
		empty += n == 0;
	}
	if (cut)
		data_note(d, "%" PRId64 " of %" PRId64 " texts cut to %" PRId64 " words", cut, d->n,
			  T);
	if (empty)
		data_note(d, "%" PRId64 " texts without a word count as one that is unknown",
			  empty);
	take_words(d, &v);
	rt_vocabulary_release(&v);
	return RT_OK;
}

enum rt_status data_words_of_numbers(struct rt_data *d, const char *path,
				     const struct rt_data_load *opts, struct rt_err *err)
{
	const float *from = rt_tensor_data(&d->x);
	int64_t T = d->x.shape.dim[1];
	struct rt_vocabulary v = {0};
	struct rt_tensor whole;
	float most = 1 << 24;
	void *x;

	RT_TRY(rt_tensor_new(&whole, RT_I32, &d->x.shape, err));
	if (opts->vocabulary && rt_vocabulary_load(&v, opts->vocabulary, err) != RT_OK) {
		rt_tensor_release(&whole);
		return rt_wrap(err, "-vocabulary");
	}
	if (v.n)
		most = (float)v.n;
	take_words(d, &v);
	rt_vocabulary_release(&v);
	if (rt_tensor_write(&x, &whole, err) == RT_OK)
		for (int64_t i = 0; i < rt_tensor_count(&whole); i++) {
			if (!(from[i] >= 0 && from[i] < most && from[i] == floorf(from[i]))) {
				rt_fail(err, RT_EFORMAT,
					"%s: -tokens: number %" PRId64 " of row %" PRId64
					" is %g; words have whole numbers from 0 to %.0f",
					path, i % T + 1, i / T + 1, (double)from[i],
					(double)most - 1);
				rt_tensor_release(&whole);
				return RT_EFORMAT;
			}
			((int32_t *)x)[i] = (int32_t)from[i];
		}
	rt_tensor_release(&d->x);
	d->x = whole;
	return RT_OK;
}
