/* axis.h - the range of an axis and its ticks at round numbers. */
#ifndef RT_VIEWS_AXIS_H
#define RT_VIEWS_AXIS_H

#include "views/text.h"

struct rt_axis {
	double lo, hi;		/* what is shown; lo < hi */
	double first, step;	/* ticks at first, first + step ... up to hi */
	int n;			/* number of ticks */
	int decimals;		/* that tell the ticks apart */
};

/* Ticks at 1, 2 or 5 times a power of ten, at least 2 and at most `most` of them (a few more where
 * the range holds no 2 otherwise); `whole`: no fractions.  The axis ends at the data, or with
 * `widen` at the ticks around them.  A range without extent is widened first. */
void rt_axis_fit(struct rt_axis *a, double lo, double hi, int most, bool whole, bool widen);

/* The value of tick i, and its label in buf. */
double rt_axis_tick(const struct rt_axis *a, int i);
char *rt_axis_label(char buf[RT_NUM], const struct rt_axis *a, int i);

/* Where v lies between lo (0) and hi (1). */
double rt_axis_at(const struct rt_axis *a, double v);

#endif
