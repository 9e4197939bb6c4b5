/* dot.h - a model as text for Graphviz. */
#ifndef RT_VIEWS_DOT_H
#define RT_VIEWS_DOT_H

#include "base/str.h"
#include "graph/graph.h"

/* Appends g in the language of Graphviz, titled: a box for every line that rt_lines_init() makes
 * of it (whole: for every node but conversions) with its name, operation, window, the output's
 * shape and how many parameters it has; an arrow for every value that goes from one to another,
 * with its shape where that is not the one in the box it comes from.  What only computes shapes
 * has no arrows.  g is inferred.  The same graph gives the same text.  Errors: those of
 * rt_graph_cost(). */
enum rt_status rt_dot_draw(struct rt_str *out, const struct rt_graph *g, const char *title,
			   bool whole, struct rt_err *err);

#endif
