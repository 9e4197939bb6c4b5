/* bench.h - timing one distillation step: teacher forward, student forward and backward, update. */
#ifndef RT_DISTILL_BENCH_H
#define RT_DISTILL_BENCH_H

#include "graph/graph.h"

struct rt_bench {
	int64_t batch;
	double seconds;		/* to measure for */
	int64_t steps;		/* at least so many are taken, whatever they last */
	int64_t tokens;		/* whole-number inputs are drawn from 0 .. tokens-1 */
};

struct rt_bench_result {
	int steps;		/* measured */
	double step_ms;		/* median of the whole step */
	double teacher_ms;	/* median of the teacher's forward pass alone */
	double cached_ms;	/* median of the step with the teacher's logits kept */
	double gflops;		/* arithmetic of the whole step, a multiply-add counted as two */
	int64_t bytes;		/* arenas of both plans */
	int64_t teacher_params, student_params;	/* weights that can be trained */
};

/* Runs steps on random inputs and labels with 0.9 T^2 KL + 0.1 cross entropy, T = 4, and SGD with
 * momentum 0.9.  Changes the student's weights.  Errors: those of rt_plan_new(); RT_ENUMERIC;
 * RT_ECANCELLED. */
enum rt_status rt_bench_step(struct rt_bench_result *out, struct rt_graph *teacher,
			     struct rt_graph *student, const struct rt_bench *b,
			     struct rt_err *err);

#endif
