/* schedule.h - how the learning rate changes over a run. */
#ifndef RT_TRAIN_SCHEDULE_H
#define RT_TRAIN_SCHEDULE_H

#include "base/row.h"

struct rt_schedule {
	struct rt_row row;
	/* The factor on the learning rate at `epoch` (fractional, from 0) of a run of `total`. */
	double (*factor)(const void *params, double epoch, double total);
};

extern const struct rt_list rt_schedules;

/* The factor with a linear warm-up over the first `warmup` epochs put before it. */
double rt_schedule_factor(const struct rt_schedule *s, const void *params, double epoch,
			  double total, double warmup);

#endif
