/* metrics.c - accuracy, calibration, ranking and errors of a model's outputs. */
#include "config.h"

#include "train/metrics.h"
#include "train/loss.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

#define BINS 15

int rt_argmax(const float *z, int64_t C)
{
	int best = 0;

	for (int64_t c = 1; c < C; c++)
		if (z[c] > z[best])
			best = (int)c;
	return best;
}

double rt_agreement(const float *a, const float *b, int64_t n, int64_t C, double *kl)
{
	int64_t same = 0;
	double sum = 0;

	for (int64_t i = 0; i < n; i++) {
		same += rt_argmax(a + i * C, C) == rt_argmax(b + i * C, C);
		sum += rt_kl_logits(a + i * C, b + i * C, C, 1);
	}
	if (kl)
		*kl = n ? sum / (double)n : NAN;
	return n ? (double)same / (double)n : NAN;
}

struct ranked {
	double score;
	int positive;
};

static int by_score(const void *a, const void *b)
{
	double x = ((const struct ranked *)a)->score, y = ((const struct ranked *)b)->score;

	return (x > y) - (x < y);
}

double rt_auc(const double *score, const int *positive, int64_t n)
{
	struct ranked *r = rt_alloc((size_t)n, sizeof(*r));
	double rank_sum = 0, pos = 0, result;

	for (int64_t i = 0; i < n; i++)
		r[i] = (struct ranked){score[i], positive[i]};
	qsort(r, (size_t)n, sizeof(*r), by_score);
	for (int64_t i = 0, j; i < n; i = j) {
		double mean_rank;

		for (j = i; j < n && r[j].score == r[i].score; j++)
			;
		mean_rank = (double)(i + 1 + j) / 2;
		for (int64_t k = i; k < j; k++) {
			rank_sum += r[k].positive ? mean_rank : 0;
			pos += r[k].positive;
		}
	}
	free(r);
	result = (rank_sum - pos * (pos + 1) / 2) / (pos * ((double)n - pos));
	return pos > 0 && pos < (double)n ? result : NAN;
}

static double class_auc(const struct rt_data *d, const int32_t *index, int64_t n, const float *p,
			int C, int c)
{
	double *score = rt_alloc((size_t)n, sizeof(*score)), auc;
	int *positive = rt_alloc((size_t)n, sizeof(*positive));

	for (int64_t i = 0; i < n; i++) {
		score[i] = (double)p[i * C + c];
		positive[i] = rt_data_label(d, index ? index[i] : i) == c;
	}
	auc = rt_auc(score, positive, n);
	free(score);
	free(positive);
	return auc;
}

static double mean_auc(const struct rt_data *d, const int32_t *index, int64_t n, const float *p,
		       int C)
{
	double sum = 0;
	int known = 0;

	if (C == 2)
		return class_auc(d, index, n, p, C, 1);
	for (int c = 0; c < C; c++) {
		double a = class_auc(d, index, n, p, C, c);

		if (!isnan(a)) {
			sum += a;
			known++;
		}
	}
	return known ? sum / known : NAN;
}

static double calibration_error(const struct rt_data *d, const int32_t *index, int64_t n,
				const float *p, int C)
{
	double confidence[BINS] = {0}, correct[BINS] = {0}, error = 0;

	for (int64_t i = 0; i < n; i++) {
		int best = rt_argmax(p + i * C, C);
		double conf = (double)p[i * C + best];
		int bin = (int)(conf * BINS);

		bin = bin < BINS ? bin : BINS - 1;
		confidence[bin] += conf;
		correct[bin] += best == rt_data_label(d, index ? index[i] : i);
	}
	for (int b = 0; b < BINS; b++)
		error += fabs(correct[b] - confidence[b]);
	return error / (double)n;
}

static bool in_top(const float *z, int C, int label, int k)
{
	int above = 0;

	for (int c = 0; c < C; c++)
		above += z[c] > z[label] || (z[c] == z[label] && c < label);
	return above < k;
}

static void per_class(struct rt_metrics *m)
{
	int C = m->classes;

	for (int c = 0; c < C; c++) {
		double hit = (double)m->confusion[c * C + c], of_label = 0, predicted = 0;

		for (int k = 0; k < C; k++) {
			of_label += (double)m->confusion[c * C + k];
			predicted += (double)m->confusion[k * C + c];
		}
		m->recall[c] = of_label > 0 ? hit / of_label : NAN;
		m->precision[c] = predicted > 0 ? hit / predicted : NAN;
	}
}

static void classify(struct rt_metrics *m, const struct rt_data *d, const int32_t *index, int64_t n,
		     const float *z)
{
	int C = m->classes = d->classes;
	float *p = rt_alloc((size_t)(n * C), sizeof(*p));
	int32_t *label = rt_alloc((size_t)n, sizeof(*label));
	int64_t hits = 0, top5 = 0;

	m->confusion = rt_alloc((size_t)C * (size_t)C, sizeof(*m->confusion));
	m->precision = rt_alloc((size_t)C, sizeof(double));
	m->recall = rt_alloc((size_t)C, sizeof(double));
	for (int64_t i = 0; i < n; i++) {
		int best = rt_argmax(z + i * C, C);

		label[i] = rt_data_label(d, index ? index[i] : i);
		rt_soften(p + i * C, z + i * C, C, 1);
		hits += best == label[i];
		top5 += in_top(z + i * C, C, label[i], 5);
		m->confusion[label[i] * C + best]++;
	}
	m->accuracy = (double)hits / (double)n;
	m->top5 = C > 5 ? (double)top5 / (double)n : NAN;
	m->loss = rt_cross_entropy(z, label, n, C, 0, NULL);
	m->ece = calibration_error(d, index, n, p, C);
	m->auc = mean_auc(d, index, n, p, C);
	per_class(m);
	free(p);
	free(label);
}

static void regress(struct rt_metrics *m, const struct rt_data *d, const int32_t *index, int64_t n,
		    const float *z)
{
	double square = 0, absolute = 0, sum = 0, sum2 = 0, count = (double)n * d->outputs;

	for (int64_t i = 0; i < n; i++) {
		for (int o = 0; o < d->outputs; o++) {
			double target = (double)rt_data_target(d, index ? index[i] : i, o);
			double y = ((double)z[i * d->outputs + o] - (double)d->y_shift) /
				   (double)d->y_scale;

			square += (y - target) * (y - target);
			absolute += fabs(y - target);
			sum += target;
			sum2 += target * target;
		}
	}
	m->rmse = sqrt(square / count);
	m->mae = absolute / count;
	m->r2 = 1 - square / (sum2 - sum * sum / count);
	m->loss = square / count * (double)d->y_scale * (double)d->y_scale;
}

void rt_metrics_eval(struct rt_metrics *m, const struct rt_data *d, const int32_t *index, int64_t n,
		     const float *z)
{
	*m = (struct rt_metrics){.task = d->task, .n = n};
	if (d->task == RT_CLASSIFY)
		classify(m, d, index, n, z);
	else
		regress(m, d, index, n, z);
}

void rt_metrics_release(struct rt_metrics *m)
{
	free(m->confusion);
	free(m->precision);
	free(m->recall);
	*m = (struct rt_metrics){0};
}

double rt_metrics_score(const struct rt_metrics *m)
{
	return m->task == RT_CLASSIFY ? 100 * m->accuracy : m->rmse;
}
