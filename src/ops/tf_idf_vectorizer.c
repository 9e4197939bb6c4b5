/* tf_idf_vectorizer.c - TfIdfVectorizer: how often listed n-grams of whole numbers occur in each
 * row.
 *
 * pool_int64s holds the n-grams, all of length 1, then of 2 ..; ngram_counts says where each length
 * starts, ngram_indexes which output an n-gram counts for.  Between the numbers of an n-gram in a
 * row up to max_skip_count others are skipped, always as many.
 */
#include "config.h"

#include "ops/ops.h"

#include <inttypes.h>
#include <string.h>

enum { MODE_TF, MODE_IDF, MODE_TFIDF };

struct tf_idf {
	int mode;
	int64_t max_gram_length, max_skip_count, min_gram_length;
	struct rt_ints ngram_counts, ngram_indexes, pool_int64s;
	struct rt_reals weights;
};

static const char *const modes[] = {"TF", "IDF", "TFIDF", NULL};

#define OPT(field, kind) .name = #field, .type = kind, .offset = offsetof(struct tf_idf, field)

static const struct rt_opt opts[] = {
	{OPT(max_gram_length, RT_INT), .min = 1, .max = 1024, .example = "2",
	 .flags = RT_OPT_REQUIRED, .summary = "longest n-gram"},
	{OPT(max_skip_count, RT_INT), .min = 0, .max = 65536, .example = "0",
	 .flags = RT_OPT_REQUIRED, .summary = "numbers skipped inside an n-gram, at most"},
	{OPT(min_gram_length, RT_INT), .min = 1, .max = 1024, .example = "1",
	 .flags = RT_OPT_REQUIRED, .summary = "shortest n-gram"},
	{OPT(mode, RT_CHOICE), .choices = modes, .example = "TF", .flags = RT_OPT_REQUIRED,
	 .summary = "counts, weights where there are any, or both multiplied"},
	{OPT(ngram_counts, RT_INTS), .example = "0", .flags = RT_OPT_REQUIRED,
	 .summary = "where n-grams of each length start in the pool"},
	{OPT(ngram_indexes, RT_INTS), .example = "0", .flags = RT_OPT_REQUIRED,
	 .summary = "the output of each n-gram"},
	{OPT(pool_int64s, RT_INTS), .summary = "the n-grams"},
	{OPT(weights, RT_REALS), .summary = "of each n-gram"},
	{0},
};

/* The n-grams of length n in the pool: begin and end. */
static void pool_of(const struct tf_idf *a, int64_t n, int64_t *begin, int64_t *end)
{
	*begin = n <= a->ngram_counts.n ? a->ngram_counts.v[n - 1] : a->pool_int64s.n;
	*end = n < a->ngram_counts.n ? a->ngram_counts.v[n] : a->pool_int64s.n;
}

static enum rt_status check_pool(const struct tf_idf *a, struct rt_err *err)
{
	int64_t grams = 0, begin, end;

	for (int64_t n = 1; n <= a->ngram_counts.n; n++) {
		pool_of(a, n, &begin, &end);
		if (begin < 0 || end < begin || end > a->pool_int64s.n || (end - begin) % n)
			return rt_fail(err, RT_EINVAL,
				       "ngram_counts: %" PRId64 " to %" PRId64
				       " for n-grams of length %" PRId64 " in a pool of %d",
				       begin, end, n, a->pool_int64s.n);
		grams += (end - begin) / n;
	}
	if (grams != a->ngram_indexes.n || (a->weights.n && a->weights.n != a->ngram_indexes.n))
		return rt_fail(err, RT_EINVAL,
			       "%" PRId64 " n-grams, %d indexes and %d weights for them", grams,
			       a->ngram_indexes.n, a->weights.n);
	for (int i = 0; i < a->ngram_indexes.n; i++)
		if (a->ngram_indexes.v[i] < 0 || a->ngram_indexes.v[i] > 1 << 24)
			return rt_fail(err, RT_EINVAL, "ngram_indexes: %" PRId64,
				       a->ngram_indexes.v[i]);
	return RT_OK;
}

static int64_t outputs(const struct tf_idf *a)
{
	int64_t most = -1;

	for (int i = 0; i < a->ngram_indexes.n; i++)
		most = a->ngram_indexes.v[i] > most ? a->ngram_indexes.v[i] : most;
	return most + 1;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct tf_idf *a = c->attrs;
	const struct rt_shape *x = &c->in[0].shape;

	if (c->in[0].dtype != RT_I32 && c->in[0].dtype != RT_I64)
		return rt_fail(err, RT_ESHAPE, "input is %s; i32 or i64 is wanted",
			       rt_dtype(c->in[0].dtype)->row.name);
	if (x->rank < 1 || x->rank > 2)
		return rt_fail(err, RT_ESHAPE, "input has %d dimensions; 1 or 2 are wanted",
			       x->rank);
	if (a->max_gram_length < a->min_gram_length)
		return rt_fail(err, RT_EINVAL, "n-grams of %" PRId64 " to %" PRId64,
			       a->min_gram_length, a->max_gram_length);
	RT_TRY(check_pool(a, err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = x->rank == 1 ? RT_SHAPE(outputs(a)) : RT_SHAPE(x->dim[0], outputs(a));
	return RT_OK;
}

static int64_t word(const struct rt_arg *x, int64_t i)
{
	return x->dtype == RT_I64 ? ((const int64_t *)x->data)[i] : ((const int32_t *)x->data)[i];
}

/* Counts every n-gram of the pool that the numbers at, at + step .. are. */
static void count(const struct tf_idf *a, float *counts, const struct rt_arg *x, int64_t at,
		  int64_t step, int64_t n)
{
	int64_t begin, end, first = 0;

	for (int64_t k = 1; k < n; k++) {
		pool_of(a, k, &begin, &end);
		first += (end - begin) / k;
	}
	pool_of(a, n, &begin, &end);
	for (int64_t g = 0; g < (end - begin) / n; g++) {
		int64_t k = 0;

		while (k < n && word(x, at + k * step) == a->pool_int64s.v[begin + g * n + k])
			k++;
		if (k == n)
			counts[a->ngram_indexes.v[first + g]]++;
	}
}

static void weigh(const struct tf_idf *a, float *counts)
{
	for (int i = 0; a->mode != MODE_TF && i < a->ngram_indexes.n; i++) {
		float *v = &counts[a->ngram_indexes.v[i]];
		float w = a->weights.n ? (float)a->weights.v[i] : 1;

		*v = a->mode == MODE_IDF ? (*v > 0 ? w : 0) : *v * w;
	}
}

static void forward(const struct rt_call *c)
{
	const struct tf_idf *a = c->attrs;
	const struct rt_shape *x = &c->in[0].shape;
	int64_t rows = x->rank == 1 ? 1 : x->dim[0], L = x->dim[x->rank - 1], Y = outputs(a);
	float *y = c->out[0].data;

	memset(y, 0, (size_t)(rows * Y) * sizeof(*y));
	for (int64_t r = 0; r < rows; r++) {
		for (int64_t n = a->min_gram_length; n <= a->max_gram_length; n++)
			for (int64_t skip = 0; skip <= (n > 1 ? a->max_skip_count : 0); skip++)
				for (int64_t t = 0; t + (n - 1) * (skip + 1) < L; t++)
					count(a, y + r * Y, &c->in[0], r * L + t, skip + 1, n);
		weigh(a, y + r * Y);
	}
}

const struct rt_op rt_op_TfIdfVectorizer = {
	.row = {.name = "TfIdfVectorizer", .summary = "how often listed n-grams occur in each row",
		.opts = opts, .params_size = sizeof(struct tf_idf)},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.infer = infer,
	.forward = forward,
};
