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
	uint64_t hash;		/* of the student after all steps */
};

/* Runs steps on random inputs and labels with 0.9 T^2 KL + 0.1 cross entropy, T = 4, and SGD with
 * momentum 0.9.  Changes the student's weights.  Errors: those of rt_plan_new(); RT_ENUMERIC;
 * RT_ECANCELLED. */
enum rt_status rt_bench_step(struct rt_bench_result *out, struct rt_graph *teacher,
			     struct rt_graph *student, const struct rt_bench *b,
			     struct rt_err *err);

struct rt_bench_forward {
	int steps;		/* measured */
	double ms;		/* median of a forward pass */
	double gflops;
	int64_t bytes;		/* of the plan */
};

/* Runs a model forward on random input, b->batch samples at a time.  Errors: as above. */
enum rt_status rt_bench_forward(struct rt_bench_forward *out, struct rt_graph *g,
				const struct rt_bench *b, struct rt_err *err);

enum { RT_BENCH_FORWARD, RT_BENCH_DATA, RT_BENCH_WEIGHTS, RT_BENCH_INT8, RT_BENCH_DIRECTIONS };

/* A layer of a known network, by kernels alone: f32 forward, gradient of the data, gradient of the
 * weights; u8 x i8 forward.  Arithmetic is counted as by the definition of convolution, so that
 * Winograd's can be above the peak. */
struct rt_bench_kernel {
	const char *layer;
	int64_t batch;
	int steps;				/* measured for the last of them */
	double ms[RT_BENCH_DIRECTIONS];		/* medians */
	double gflops[RT_BENCH_DIRECTIONS];
	const char *kernel[RT_BENCH_DIRECTIONS];	/* names */
};

/* Layer i of rt_bench_nkernels() is run on made-up numbers with its own batch.  Errors: RT_ENOMEM,
 * RT_ECANCELLED. */
enum rt_status rt_bench_kernel(struct rt_bench_kernel *out, int i, const struct rt_bench *b,
			       struct rt_err *err);
int rt_bench_nkernels(void);

struct rt_bench_growth {
	int64_t n[2];		/* samples: few, and ten times as many */
	double seconds[2];	/* of an epoch: the quickest of some */
};

/* Trains on n and on 10 n random samples of 1x28x28 in ten classes, batch 128: what an epoch of
 * student costs.  Changes its weights.  Errors: as above. */
enum rt_status rt_bench_growth(struct rt_bench_growth *out, struct rt_graph *student, int64_t n,
			       struct rt_err *err);

#endif
