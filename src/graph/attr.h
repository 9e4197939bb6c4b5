/* attr.h - attributes of a node by name, for code that knows operators only as rows. */
#ifndef RT_GRAPH_ATTR_H
#define RT_GRAPH_ATTR_H

#include "graph/graph.h"

/* The attribute of that name as a number (a bool is 0 or 1, a choice its place); fallback when the
 * op has none of that name or it is unset. */
int64_t rt_attr_int(const struct rt_node *n, const char *name, int64_t fallback);
double rt_attr_real(const struct rt_node *n, const char *name, double fallback);

/* The attribute as a list of whole numbers, borrowed; empty when the op has none of that name. */
struct rt_ints rt_attr_ints(const struct rt_node *n, const char *name);

/* Sets an existing attribute of whole numbers or reals; the op must have it. */
void rt_attr_set_int(struct rt_node *n, const char *name, int64_t v);
void rt_attr_set_real(struct rt_node *n, const char *name, double v);

#endif
