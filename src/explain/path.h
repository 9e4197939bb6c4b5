/* path.h - points and weights for integrating over 0 .. 1. */
#ifndef RT_EXPLAIN_PATH_H
#define RT_EXPLAIN_PATH_H

enum rt_path_rule {
	RT_PATH_GAUSSLEGENDRE, RT_PATH_LEFT, RT_PATH_RIGHT, RT_PATH_MIDDLE, RT_PATH_TRAPEZOID,
	RT_PATH_ADAPTIVE
};
extern const char *const rt_path_names[];

/* Fills alpha[0 .. n) in rising order and weight[0 .. n), which sums to 1.  n >= 1; the trapezoid
 * rule needs 2.  Not for RT_PATH_ADAPTIVE, which is no rule of its own. */
void rt_path_points(enum rt_path_rule rule, int n, double *alpha, double *weight);

#endif
