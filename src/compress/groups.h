/* groups.h - channels of a model that can be pruned, in groups that share their fate.
 *
 * A channel is a class of tied slots (compress/axes.h) that nothing holds.  A group is the set of
 * channels that the same layers make: the outputs of one convolution, or of all that a residual
 * stream adds up.
 */
#ifndef RT_COMPRESS_GROUPS_H
#define RT_COMPRESS_GROUPS_H

#include "compress/axes.h"

struct rt_group {
	char *name;		/* of the layers: "conv1 + conv3" */
	int n;
	int *channel;		/* [n]: representative slots, in the order of the first layer */
	int nmakers;
	int *maker;		/* indices into axes.maker: the weights that make the channels */
};

struct rt_groups {
	struct rt_axes axes;
	int n;
	struct rt_group *group;
};

/* Finds the groups of a graph whose shapes are inferred, in the order of their first layers.
 * Errors: those of rt_axes_init(). */
enum rt_status rt_groups_init(struct rt_groups *out, const struct rt_graph *g, struct rt_err *err);
void rt_groups_release(struct rt_groups *groups);

/* Writes to channel[0 .. size of the maker's axis) which channel of the group each index belongs
 * to, or -1.  number is scratch of axes.nslots ints, all -1 before and after. */
void rt_group_channels(const struct rt_groups *groups, const struct rt_group *group,
		       const struct rt_maker *m, int *number, int *channel);

#endif
