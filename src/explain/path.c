/* path.c - quadrature rules on 0 .. 1. */
#include "config.h"

#include "explain/path.h"

#include <math.h>
#include <stddef.h>

const char *const rt_path_names[] = {"gausslegendre", "left", "right", "middle", "trapezoid",
				     "adaptive", NULL};

/* P_n(x) and its derivative by the three-term recurrence k P_k = (2k-1) x P_(k-1) - (k-1) P_(k-2);
 * (x^2 - 1) P_n' = n (x P_n - P_(n-1)). */
static double legendre(int n, double x, double *derivative)
{
	double before = 1, p = x, next;

	for (int k = 2; k <= n; k++) {
		next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
		before = p;
		p = next;
	}
	*derivative = n * (x * p - before) / (x * x - 1);
	return p;
}

/* Roots of P_n by Newton's method from Tricomi's guess; weight 2 / ((1 - x^2) P_n'(x)^2), both
 * halved for an interval of length 1. */
static void gauss_legendre(int n, double *alpha, double *weight)
{
	for (int i = 0; i < n; i++) {
		double x = -cos(M_PI * (i + 0.75) / (n + 0.5)), d, step;

		for (int round = 0; round < 20; round++) {
			step = legendre(n, x, &d) / d;
			x -= step;
			if (fabs(step) < 1e-15)
				break;
		}
		legendre(n, x, &d);
		alpha[i] = (1 + x) / 2;
		weight[i] = 1 / ((1 - x * x) * d * d);
	}
}

void rt_path_points(enum rt_path_rule rule, int n, double *alpha, double *weight)
{
	double shift = rule == RT_PATH_RIGHT ? 1 : rule == RT_PATH_MIDDLE ? 0.5 : 0;

	if (rule == RT_PATH_GAUSSLEGENDRE) {
		gauss_legendre(n, alpha, weight);
		return;
	}
	for (int i = 0; i < n; i++) {
		alpha[i] = (i + shift) / n;
		weight[i] = 1.0 / n;
		if (rule == RT_PATH_TRAPEZOID) {
			alpha[i] = (double)i / (n - 1);
			weight[i] = (i == 0 || i == n - 1 ? 0.5 : 1.0) / (n - 1);
		}
	}
}
