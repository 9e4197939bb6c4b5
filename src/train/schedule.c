/* schedule.c - constant, step, cosine and linear learning rates. */
#include "config.h"

#include "train/schedule.h"

#include <math.h>

static double constant(const void *params, double epoch, double total)
{
	(void)params;
	(void)epoch;
	(void)total;
	return 1;
}

struct step {
	struct rt_reals milestones;
	double gamma;
};

static const struct rt_opt step_opts[] = {
	{"milestones",
	 "epochs after which the rate is multiplied by gamma; default: at 1/2 and 3/4", RT_REALS,
	 offsetof(struct step, milestones), NULL, 0, INFINITY, .example = "150 180 210"},
	{"gamma", "factor at each milestone", RT_REAL, offsetof(struct step, gamma), "0.1", 0, 1,
	 .flags = RT_OPT_ABOVE_MIN},
	{0},
};

static double stepwise(const void *params, double epoch, double total)
{
	const struct step *o = params;
	int passed = 0;

	for (int i = 0; i < o->milestones.n; i++)
		passed += epoch >= o->milestones.v[i];
	if (!o->milestones.n)
		passed = (epoch >= total / 2) + (epoch >= total * 3 / 4);
	return pow(o->gamma, passed);
}

static double position(double epoch, double total)
{
	return total <= 0 || epoch >= total ? 1 : epoch / total;
}

/* (1 + cos(pi t)) / 2 (Loshchilov and Hutter 2017, one period). */
static double cosine(const void *params, double epoch, double total)
{
	(void)params;
	return (1 + cos(3.141592653589793 * position(epoch, total))) / 2;
}

static double linear(const void *params, double epoch, double total)
{
	(void)params;
	return 1 - position(epoch, total);
}

static const struct rt_schedule schedules[] = {
	{{"constant", "the same rate throughout", NULL, 0}, constant},
	{{"step", "multiplied by gamma at milestones", step_opts, sizeof(struct step)}, stepwise},
	{{"cosine", "half a cosine from the rate down to 0", NULL, 0}, cosine},
	{{"linear", "a straight line from the rate down to 0", NULL, 0}, linear},
};
static const struct rt_row *const rows[] = {&schedules[0].row, &schedules[1].row,
					    &schedules[2].row, &schedules[3].row};
const struct rt_list rt_schedules = {"schedule", rows, RT_COUNT(rows)};

double rt_schedule_factor(const struct rt_schedule *s, const void *params, double epoch,
			  double total, double warmup)
{
	double factor = s->factor(params, epoch, total);

	return epoch < warmup ? factor * (epoch + 1e-3) / (warmup + 1e-3) : factor;
}
