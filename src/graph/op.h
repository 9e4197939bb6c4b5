/* op.h - what an operator is: shape rule, forward, backward and cost in one row.
 *
 * The graph and the executor know operators only through this interface; the rows are in src/ops.
 * Inputs, outputs and attributes are those of the ONNX operator of the same name at opset 17.
 */
#ifndef RT_GRAPH_OP_H
#define RT_GRAPH_OP_H

#include "base/rng.h"
#include "base/row.h"
#include "tensor/tensor.h"

/* What a run is for. */
enum rt_purpose {
	RT_INFER,	/* forward only; running statistics, no dropout */
	RT_EXPLAIN,	/* the same arithmetic, and a backward pass */
	RT_TRAIN,	/* batch statistics, dropout, backward */
};

/* One input or output of a call.  An optional input that is left out has present = false. */
struct rt_arg {
	bool present;
	enum rt_dtype dtype;
	struct rt_shape shape;	/* concrete: no symbolic dimensions in a call */
	void *data;		/* while inferring: NULL unless the values are known */
	float *grad;		/* same shape, f32; NULL where no gradient is wanted (inputs)
				   or none arrives (outputs) */
};

/* One invocation of an operator. */
struct rt_call {
	const void *attrs;	/* the row's params struct */
	int nin, nout;
	struct rt_arg *in, *out;
	enum rt_purpose purpose;
	void *saved;		/* saved_size bytes that backward finds as forward left them */
	void *work;		/* work_size bytes, contents undefined at entry */
	void *kept;		/* kept_size bytes that stay from run to run, or NULL */
	bool ready;		/* kept holds what forward left there, of the same parameters */
	struct rt_rng *rng;	/* for dropout and its like; only in RT_TRAIN */
	unsigned fresh;		/* bit i: in[i].grad holds nothing yet: backward writes it instead
				   of adding to it; only where the op has said that it does */
	bool spend;		/* nobody reads out[0].grad after this backward, which may write
				   over it; only with RT_OP_SPENDS */
};

struct rt_cost {
	int64_t macs; /* multiply-accumulates of one call; 0 for cheap ops, as papers count */
};

enum rt_op_flags {
	RT_OP_VIEW = 1,		/* out[0] is in[0] under another shape: no data moves, forward is
				   not called; backward is */
	RT_OP_INPLACE = 2,	/* out[0] may overwrite in[0] (same shape and type) */
	RT_OP_RANDOM = 4,	/* draws from rng in RT_TRAIN */
	RT_OP_INTERNAL = 8,	/* made by the planner, not by users or files */
	RT_OP_ACTIVATION = 16,	/* elementwise nonlinearity of one input, which kernels may fuse */
	RT_OP_OF_SHAPES = 32,	/* forward reads no data, so the result is known with the shapes */
	RT_OP_SPENDS = 256,	/* backward heeds spend */
	RT_OP_CONTROL = 128,	/* runs graphs of its own: no forward, exec/control.c does it */
	RT_OP_ALL_OUTPUTS = 64,	/* how many outputs there are means something: unread ones at the
				   end must not be dropped */
};

struct rt_op {
	struct rt_row row;	/* name as in ONNX; options are the attributes, named as in ONNX */
	const char *domain;	/* NULL = ai.onnx */
	short min_in, max_in;	/* max_in -1: any number */
	short min_out, max_out;
	unsigned flags;
	const char *const *subgraphs; /* attributes that are graphs, NULL-terminated; NULL = none */
	unsigned bwd_in; /* bit i: backward reads in[i].data; bit 31 stands for all from 31 on */
	unsigned bwd_out;	/* bit i: backward reads out[i].data */
	unsigned bwd_sets;	/* bit i: backward heeds fresh for in[i] */
	unsigned bwd_pass;	/* bit i: where in[i] has as many elements as out[0], its gradient
				   is that of out[0], which the planner then lets it share */
	unsigned bwd_place; /* bit i, one of bwd_sets: a fresh gradient of in[i], of as many
			       elements, may lie where that of out[0] lies */
	unsigned writes; /* bit i: forward in RT_TRAIN updates in[i].data (running statistics) */

	/* Fills dtype and shape of every out from attrs and in; out[i].present tells whether output
	 * i is wanted.  Error RT_ESHAPE: the two numbers that disagree, without the node's name,
	 * which the caller puts in front.  Where all in[].data are known it must not rely on more
	 * than shape unless the operator needs values (Reshape's shape): then NULL data is
	 * RT_EUNKNOWN. */
	enum rt_status (*infer)(struct rt_call *c, struct rt_err *err);

	/* Bytes; NULL means none.  Shapes are filled in. */
	size_t (*saved_size)(const struct rt_call *c);
	size_t (*work_size)(const struct rt_call *c);

	/* Bytes worth keeping between forward passes of RT_INFER where the inputs of kept_in are
	 * parameters or known; NULL means none.  Forward must do without, too. */
	size_t (*kept_size)(const struct rt_call *c);
	unsigned kept_in;	/* bit i: what is kept follows from in[i] */

	/* Computes every wanted out.  Cannot fail: infer has checked everything. */
	void (*forward)(const struct rt_call *c);

	/* ADDS to in[i].grad wherever it is not NULL, from out[].grad; what fresh marks it writes
	 * instead.  NULL: no backward exists. */
	void (*backward)(const struct rt_call *c);

	/* NULL: costs nothing worth counting. */
	void (*cost)(const struct rt_call *c, struct rt_cost *cost);
};

/* attrs of a call or node as the params struct of its op. */
#define RT_ATTRS(type, c) ((const struct type *)(c)->attrs)

#endif
