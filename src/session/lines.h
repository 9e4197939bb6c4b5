/* lines.h - what a person reads as one layer: nodes of a graph in lines. */
#ifndef RT_SESSION_LINES_H
#define RT_SESSION_LINES_H

#include "graph/graph.h"

struct rt_line {
	int node;		/* gives the name; -1: the line was joined to another */
	int last;		/* gives the output */
	int heads;		/* of attention, 0 where unknown */
	const char *what;	/* "attention", "bn" behind the operator's name; NULL: just that */
};

/* Which line each node is in. */
struct rt_lines {
	int n;			/* = nodes of the graph; line i is that of node i unless joined */
	struct rt_line *line;	/* [n] */
	int *of;		/* [n] line of each node */
	bool *hidden;		/* [n] a conversion or arithmetic on shapes, on the line that reads
				   it */
};

/* Puts every node on a line: batch normalization with the layer before it, a product with its bias,
 * attention from where heads are split to where they are joined, layer normalization and GELU
 * however they are spelled, and conversions between number formats and arithmetic on shapes with
 * what reads them.  whole: every node but conversions for itself.  g is inferred.  The caller
 * releases. */
void rt_lines_init(struct rt_lines *l, const struct rt_graph *g, bool whole);
void rt_lines_release(struct rt_lines *l);

/* What the nodes of a line cost together; cost is rt_graph_cost()'s. */
struct rt_node_cost rt_line_cost(const struct rt_lines *l, int line,
				 const struct rt_node_cost *cost);

/* "Conv, bn", "attention, 2 heads", "GELU"; written to buf, which it returns. */
char *rt_line_text(char *buf, size_t size, const struct rt_lines *l, int line,
		   const struct rt_graph *g);

#endif
