/* dot.h - graphs as text for Graphviz. */
#ifndef RT_IO_DOT_H
#define RT_IO_DOT_H

#include "graph/graph.h"

/* Appends g in the language of Graphviz, titled: a box for every input, node and output with its
 * shapes and the shapes of its parameters, an arrow for every value with its shape.  Values carry
 * inferred shapes.  The same graph gives the same text. */
void rt_graph_dot(struct rt_str *out, const struct rt_graph *g, const char *title);

#endif
