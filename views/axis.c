/* axis.c - the range of an axis and its ticks at round numbers. */
#include "config.h"

#include "views/axis.h"

#include <math.h>

static double round_step(double least)
{
	double power = pow(10, floor(log10(least)));

	for (int i = 0; i < 3; i++) {
		double step = (i == 0 ? 1 : i == 1 ? 2 : 5) * power;

		if (step >= least * (1 - 1e-9))
			return step;
	}
	return 10 * power;
}

/* Ticks at multiples of a step, on the data's range or on the multiples around it. */
static void place(struct rt_axis *a, double lo, double hi, double step, bool whole, bool widen)
{
	a->step = whole && step < 1 ? 1 : step;
	a->lo = widen ? floor(lo / a->step + 1e-9) * a->step : lo;
	a->hi = widen ? ceil(hi / a->step - 1e-9) * a->step : hi;
	a->first = ceil(a->lo / a->step - 1e-9) * a->step;
	a->n = (int)floor((a->hi - a->first) / a->step + 1e-9) + 1;
}

void rt_axis_fit(struct rt_axis *a, double lo, double hi, int most, bool whole, bool widen)
{
	double slack;

	if (!isfinite(lo) || !isfinite(hi)) {
		lo = 0;
		hi = 1;
	}
	/* Below this the ticks could not be told apart in double precision. */
	slack = fmax(fabs(lo), fabs(hi)) * 1e-12;
	if (!(hi - lo > slack)) {
		double by = whole || lo == 0 ? 1 : fabs(lo) * 0.01;

		lo -= by;
		hi += by;
	}
	most = most < 2 ? 2 : most;
	place(a, lo, hi, round_step((hi - lo) / (most - 1)), whole, widen);
	while (a->n > most)
		place(a, lo, hi, round_step(1.5 * a->step), whole, widen);
	while (a->n < 2 && !(whole && a->step <= 1))
		place(a, lo, hi, round_step(0.4 * a->step), whole, widen);
	a->decimals = (int)fmax(0, -floor(log10(a->step) + 1e-9));
}

double rt_axis_tick(const struct rt_axis *a, int i)
{
	double v = a->first + i * a->step;

	return fabs(v) < a->step * 1e-9 ? 0 : v;
}

char *rt_axis_label(char buf[RT_NUM], const struct rt_axis *a, int i)
{
	double v = rt_axis_tick(a, i);

	if (a->decimals > 6 || fabs(v) >= 1e9)
		return rt_num_short(buf, v, 4);
	return fabs(v) >= 10000 && a->decimals == 0 ? rt_num_count(buf, v)
						    : rt_num_real(buf, v, a->decimals);
}

double rt_axis_at(const struct rt_axis *a, double v)
{
	return (v - a->lo) / (a->hi - a->lo);
}
