/* loss.c - cross entropy, softened divergence, mean square. */
#include "config.h"

#include "train/loss.h"

#include <math.h>

/* Exponentials of a row that are kept; those of further classes are taken again. */
#define KEPT 256

/* softmax(z / T) of one row. */
struct row {
	const float *z;
	double T, max, sum, log_sum;	/* sum of e^((z - max) / T), and its logarithm */
	double kept[KEPT];
};

static double shifted(const struct row *r, int64_t c)
{
	return ((double)r->z[c] - r->max) / r->T;
}

static void begin(struct row *r, const float *z, int64_t C, double T)
{
	float m = z[0];

	for (int64_t c = 1; c < C; c++)
		m = z[c] > m ? z[c] : m;
	r->z = z;
	r->T = T;
	r->max = (double)m;
	r->sum = 0;
	for (int64_t c = 0; c < C; c++) {
		double e = exp(shifted(r, c));

		if (c < KEPT)
			r->kept[c] = e;
		r->sum += e;
	}
	r->log_sum = log(r->sum);
}

static double probability(const struct row *r, int64_t c)
{
	return (c < KEPT ? r->kept[c] : exp(shifted(r, c))) / r->sum;
}

static double log_probability(const struct row *r, int64_t c)
{
	return shifted(r, c) - r->log_sum;
}

void rt_soften(float *p, const float *z, int64_t C, double T)
{
	struct row r;

	begin(&r, z, C, T);
	for (int64_t c = 0; c < C; c++)
		p[c] = (float)probability(&r, c);
}

double rt_cross_entropy(const float *z, const int32_t *label, int64_t N, int64_t C, double weight,
			float *dz)
{
	double sum = 0;
	struct row r;

	for (int64_t n = 0; n < N; n++) {
		begin(&r, z + n * C, C, 1);
		sum -= log_probability(&r, label[n]);
		for (int64_t c = 0; dz && c < C; c++)
			dz[n * C + c] += (float)(weight / (double)N *
						 (probability(&r, c) - (c == label[n])));
	}
	return sum / (double)N;
}

double rt_soft_kl_p(const float *z, const float *p, int64_t N, int64_t C, double T, double weight,
		    float *dz)
{
	double sum = 0;
	struct row r;

	for (int64_t n = 0; n < N; n++) {
		const float *t = p + n * C;

		begin(&r, z + n * C, C, T);
		for (int64_t c = 0; c < C; c++) {
			if (t[c] > 0)
				sum += (double)t[c] *
				       (log((double)t[c]) - log_probability(&r, c));
			if (dz)
				dz[n * C + c] += (float)(weight * T / (double)N *
							 (probability(&r, c) - (double)t[c]));
		}
	}
	return T * T * sum / (double)N;
}

double rt_soft_kl(const float *z, const float *t, int64_t N, int64_t C, double T, double weight,
		  float *dz)
{
	double sum = 0;
	struct row student, teacher;

	for (int64_t n = 0; n < N; n++) {
		begin(&student, z + n * C, C, T);
		begin(&teacher, t + n * C, C, T);
		for (int64_t c = 0; c < C; c++) {
			double p = probability(&teacher, c);

			sum += p * (log_probability(&teacher, c) - log_probability(&student, c));
			if (dz)
				dz[n * C + c] += (float)(weight * T / (double)N *
							 (probability(&student, c) - p));
		}
	}
	return T * T * sum / (double)N;
}

double rt_kl_logits(const float *zp, const float *zq, int64_t C, double T)
{
	return rt_soft_kl(zq, zp, 1, C, T, 0, (float *)0) / (T * T);
}

double rt_mean_square(const float *y, const float *target, int64_t N, int64_t C, double weight,
		      float *dy)
{
	double sum = 0, scale = 2 * weight / (double)(N * C);

	for (int64_t i = 0; i < N * C; i++) {
		double d = (double)y[i] - (double)target[i];

		sum += d * d;
		if (dy)
			dy[i] += (float)(scale * d);
	}
	return sum / (double)(N * C);
}
