/* explain_ask.h - asking the small models, for the programs that test explanations. */
#ifndef RT_TESTS_EXPLAIN_ASK_H
#define RT_TESTS_EXPLAIN_ASK_H

#include "tests/unit/explain_nets.h"
#include "tests/unit/unit.h"

extern struct rt_err err;

/* rt_explain() with options as words: "-steps 20 -rule right". */
enum rt_status explain(struct rt_attribution *out, const char *method, const struct rt_question *q,
		       const char *opts);

void assert_map(const float *map, int64_t n, const double *wanted, double tol);

/* Asks, compares the first n numbers of the map, frees the graph. */
void check(struct rt_graph *g, struct rt_question q, const char *method, const char *opts, int n,
	   const double *wanted, double tol);

/* n and wanted of check(). */
#define WANTED(...) (int)(sizeof((double[]){__VA_ARGS__}) / sizeof(double)), (double[]){__VA_ARGS__}

/* The sample of net_conv, net_smooth and net_residual: x[i] = sin(0.7 i + 1.3); 72 numbers. */
const float *wave(void);

/* Output 1 of those for it; output 0 of net_cv for 0 .. 15. */
struct rt_question ask_conv(void);
struct rt_question ask_cv(void);
extern const float count16[16];

#endif
