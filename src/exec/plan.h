/* plan.h - a graph made ready to run: ordered steps, one arena, kernels chosen.
 *
 * graph x batch size x purpose -> plan.  Nothing is allocated while running.  The plan borrows the
 * graph, which must outlive it and keep its structure; parameter tensors may change between runs.
 */
#ifndef RT_EXEC_PLAN_H
#define RT_EXEC_PLAN_H

#include "graph/graph.h"

struct rt_plan;

struct rt_plan_opts {
	int64_t batch;		/* >= 1 */
	enum rt_purpose purpose;
	const int *taps; /* values (besides the graph's outputs) whose data stays readable after
			    forward, and which backward may be seeded at */
	int ntaps;
	const int *grads;	/* values whose gradient stays readable after backward */
	int ngrads;
	bool param_grads;	/* also the gradient of every trainable parameter */
	bool no_fusion;		/* one step a node, for comparison with fused plans */
	const struct rt_shape *input_shapes;	/* concrete, one an input; NULL = as declared */
};

/* Errors: those of rt_graph_infer_at(); RT_ENOMEM; RT_EUNSUPPORTED when a gradient must pass a node
 * whose op has no backward (named). */
enum rt_status rt_plan_new(struct rt_plan **out, struct rt_graph *g,
			   const struct rt_plan_opts *opts, struct rt_err *err);
void rt_plan_free(struct rt_plan *p);

/* Where to write input i (in the graph's order) before forward; borrowed, stays put. */
void *rt_plan_input(struct rt_plan *p, int i);

/* Takes data of the caller as input i instead, without copying, until changed; NULL goes back. */
void rt_plan_bind_input(struct rt_plan *p, int i, const void *data);

/* Runs forward.  rng is needed only for RT_TRAIN with random ops.  Error: RT_ENOMEM when a shared
 * parameter that forward updates must be copied; RT_ECANCELLED, seen between two steps: values and
 * what forward updates are then half done. */
enum rt_status rt_plan_forward(struct rt_plan *p, struct rt_rng *rng, struct rt_err *err);

/* Shape, type and data of value v after forward; valid for inputs, outputs, taps, parameters. */
const struct rt_arg *rt_plan_value(const struct rt_plan *p, int v);

/* The gradient array of value v (an output, tap or input), zeroed and marked as a seed, to be
 * filled before backward; f32 of the value's shape.  Seeds hold until the next forward. */
float *rt_plan_seed(struct rt_plan *p, int v);

/* Runs backward from the seeds.  Parameter gradients ADD to what is there, or take its place after
 * rt_plan_zero_param_grads().  Error: RT_ECANCELLED, seen between two steps: gradients are then
 * half done. */
enum rt_status rt_plan_backward(struct rt_plan *p, struct rt_err *err);

/* Gradient of value v, one of opts.grads, after backward; borrowed. */
const float *rt_plan_grad(const struct rt_plan *p, int v);

/* Gradient of parameter i (index into g->params), or NULL when it has none; writable, so that
 * optimizers and clippers work in place. */
float *rt_plan_param_grad(struct rt_plan *p, int i);
void rt_plan_zero_param_grads(struct rt_plan *p);

int64_t rt_plan_batch(const struct rt_plan *p);

/* Bytes of the arena and of parameter gradients. */
size_t rt_plan_bytes(const struct rt_plan *p);

/* One line a step: op, output, bytes; for `show plan` and the tests of the planner. */
void rt_plan_text(const struct rt_plan *p, struct rt_str *out);

#endif
