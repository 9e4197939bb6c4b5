/* top_k.c - whether two maps put the same inputs first: overlap and agreement of the k largest.
 *
 * A and B are the k inputs of largest |value| of each map, equals in order of their index.  An
 * input of value 0 is in no set: a sparse map does not agree with another in what it leaves out.
 */
#include "config.h"

#include "explain/measure.h"
#include "explain/rank.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

struct top_k {
	double top;
};

static const struct rt_opt opts[] = {
	{"top", "percent of the inputs that count", RT_REAL, offsetof(struct top_k, top), "10", 0,
	 100, .example = "10", .flags = RT_OPT_ABOVE_MIN},
	{0},
};

/* What the measures divide. */
struct overlap {
	int64_t k;		/* the size asked for, or of the larger set if both are smaller */
	int64_t both, either;
	int64_t place;		/* in both at the same place */
	int64_t sign;		/* in both with the same sign */
	int64_t place_sign;
	const char *note;
};

/* The indices of the k largest |v|, *count of them not 0. */
static int64_t *largest(const float *v, int64_t n, int64_t k, int64_t *count)
{
	float *size = rt_alloc((size_t)n, sizeof(*size));
	int64_t *order;

	for (int64_t i = 0; i < n; i++)
		size[i] = fabsf(v[i]);
	order = rt_order_descending(size, n);
	for (*count = 0; *count < k && size[order[*count]] > 0; ++*count)
		;
	free(size);
	return order;
}

static struct overlap compare(const struct rt_two_maps *m, const struct top_k *o)
{
	int64_t n = m->h * m->w, k = (int64_t)(o->top / 100 * (double)n + 0.5), na, nb;
	int64_t *a, *b;
	bool *in_a = rt_alloc((size_t)n, sizeof(*in_a));
	struct overlap v = {0};

	k = k < 1 ? 1 : k;
	a = largest(m->a, n, k, &na);
	b = largest(m->b, n, k, &nb);
	for (int64_t i = 0; i < na; i++)
		in_a[a[i]] = true;
	for (int64_t i = 0; i < nb; i++) {
		bool place = i < na && a[i] == b[i];
		bool sign = (m->a[b[i]] > 0) == (m->b[b[i]] > 0);

		if (!in_a[b[i]])
			continue;
		v.both++;
		v.place += place;
		v.sign += sign;
		v.place_sign += place && sign;
	}
	v.either = na + nb - v.both;
	v.k = na > nb ? na : nb;
	if (na < k || nb < k)
		v.note = v.k ? "a map has fewer than k values that are not 0"
			     : "both maps are all zero";
	free(a);
	free(b);
	free(in_a);
	return v;
}

static struct rt_measured share(int64_t part, int64_t whole, const char *note)
{
	return (struct rt_measured){whole ? (double)part / (double)whole : 0, note};
}

static struct rt_measured topk_iou(const struct rt_two_maps *m, const void *params)
{
	struct overlap v = compare(m, params);

	return share(v.both, v.either, v.note);
}

static struct rt_measured feature_agreement(const struct rt_two_maps *m, const void *params)
{
	struct overlap v = compare(m, params);

	return share(v.both, v.k, v.note);
}

static struct rt_measured rank_agreement(const struct rt_two_maps *m, const void *params)
{
	struct overlap v = compare(m, params);

	return share(v.place, v.k, v.note);
}

static struct rt_measured sign_agreement(const struct rt_two_maps *m, const void *params)
{
	struct overlap v = compare(m, params);

	return share(v.sign, v.k, v.note);
}

static struct rt_measured signed_rank_agreement(const struct rt_two_maps *m, const void *params)
{
	struct overlap v = compare(m, params);

	return share(v.place_sign, v.k, v.note);
}

#define KRISHNA "Krishna et al.: The disagreement problem in explainable machine learning, 2022"

const struct rt_measure rt_measure_topk_iou = {
	.row = {"topk_iou", "inputs in both tops over inputs in either", opts,
		sizeof(struct top_k)},
	.same = 1,
	.source = "Jaccard index of the top-k sets",
	.eval = topk_iou,
};

const struct rt_measure rt_measure_feature_agreement = {
	.row = {"feature_agreement", "share of the top inputs that both maps name", opts,
		sizeof(struct top_k)},
	.same = 1,
	.source = KRISHNA,
	.eval = feature_agreement,
};

const struct rt_measure rt_measure_rank_agreement = {
	.row = {"rank_agreement", "share of the top inputs named at the same place", opts,
		sizeof(struct top_k)},
	.same = 1,
	.source = KRISHNA,
	.eval = rank_agreement,
};

const struct rt_measure rt_measure_sign_agreement = {
	.row = {"sign_agreement", "share of the top inputs named by both with the same sign", opts,
		sizeof(struct top_k)},
	.same = 1,
	.source = KRISHNA,
	.eval = sign_agreement,
};

const struct rt_measure rt_measure_signed_rank_agreement = {
	.row = {"signed_rank_agreement", "share of the top inputs with the same place and sign",
		opts, sizeof(struct top_k)},
	.same = 1,
	.source = KRISHNA,
	.eval = signed_rank_agreement,
};
