/* rules.h - what each operator does with channels: a table, one row an operator. */
#ifndef RT_COMPRESS_RULES_H
#define RT_COMPRESS_RULES_H

#include "compress/axes.h"

struct rt_rule {
	const char *op;

	/* Ties the slots of the node's inputs and outputs. */
	void (*tie)(struct rt_axes *a, const struct rt_node *n);

	/* Makes attributes and shape constants of node i of g, whose tensors are cut already, agree
	 * with the cut; NULL: there are none.  Error: RT_ENOMEM. */
	enum rt_status (*fix)(struct rt_graph *g, int i, const struct rt_cut *cut,
			      struct rt_err *err);
};

/* Runs the rule of the node's operator; what has none is held. */
void rt_rule_tie(struct rt_axes *a, const struct rt_node *n);
enum rt_status rt_rule_fix(struct rt_graph *g, int i, const struct rt_cut *cut, struct rt_err *err);

#endif
