/* loss.c - cross entropy, softened divergence, mean square. */
#include "config.h"

#include "train/loss.h"

#include <math.h>

static double row_max(const float *z, int64_t C)
{
	float m = z[0];

	for (int64_t c = 1; c < C; c++)
		m = z[c] > m ? z[c] : m;
	return (double)m;
}

/* log of the sum of exp(z/T), relative to the maximum m of z. */
static double log_sum(const float *z, int64_t C, double m, double T)
{
	double s = 0;

	for (int64_t c = 0; c < C; c++)
		s += exp(((double)z[c] - m) / T);
	return log(s);
}

void rt_soften(float *p, const float *z, int64_t C, double T)
{
	double m = row_max(z, C), l = log_sum(z, C, m, T);

	for (int64_t c = 0; c < C; c++)
		p[c] = (float)exp(((double)z[c] - m) / T - l);
}

double rt_cross_entropy(const float *z, const int32_t *label, int64_t N, int64_t C, double weight,
			float *dz)
{
	double sum = 0;

	for (int64_t n = 0; n < N; n++) {
		const float *row = z + n * C;
		double m = row_max(row, C), l = log_sum(row, C, m, 1);

		sum += l - ((double)row[label[n]] - m);
		for (int64_t c = 0; dz && c < C; c++)
			dz[n * C + c] += (float)(weight / (double)N *
						 (exp((double)row[c] - m - l) - (c == label[n])));
	}
	return sum / (double)N;
}

double rt_soft_kl_p(const float *z, const float *p, int64_t N, int64_t C, double T, double weight,
		    float *dz)
{
	double sum = 0;

	for (int64_t n = 0; n < N; n++) {
		const float *row = z + n * C, *t = p + n * C;
		double m = row_max(row, C), l = log_sum(row, C, m, T);

		for (int64_t c = 0; c < C; c++) {
			double log_q = ((double)row[c] - m) / T - l;

			if (t[c] > 0)
				sum += (double)t[c] * (log((double)t[c]) - log_q);
			if (dz)
				dz[n * C + c] += (float)(weight * T / (double)N *
							 (exp(log_q) - (double)t[c]));
		}
	}
	return T * T * sum / (double)N;
}

double rt_soft_kl(const float *z, const float *t, int64_t N, int64_t C, double T, double weight,
		  float *dz)
{
	double sum = 0;

	for (int64_t n = 0; n < N; n++) {
		const float *zs = z + n * C, *zt = t + n * C;
		double ms = row_max(zs, C), ls = log_sum(zs, C, ms, T);
		double mt = row_max(zt, C), lt = log_sum(zt, C, mt, T);

		for (int64_t c = 0; c < C; c++) {
			double log_q = ((double)zs[c] - ms) / T - ls,
			       log_p = ((double)zt[c] - mt) / T - lt;
			double p = exp(log_p);

			sum += p * (log_p - log_q);
			if (dz)
				dz[n * C + c] += (float)(weight * T / (double)N * (exp(log_q) - p));
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
