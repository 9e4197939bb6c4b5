/* samples.h - worked examples of every operator, from which tests/unit/ops.c derives its checks.
 *
 * A sample is one call: attributes, inputs, and what is known of the answer.  From each the harness
 * checks shapes, determinism, gradients against central differences, that gradients are added, that
 * backward reads only what the row says, and that no buffer is overrun.  Add a family: a file
 * tests/ops/samples_x.c that defines `const struct op_samples samples_x`, one line in samples.c.
 */
#ifndef RT_TESTS_OPS_SAMPLES_H
#define RT_TESTS_OPS_SAMPLES_H

#include "graph/op.h"

#define SAMPLE_MAX_IN 8
#define SAMPLE_MAX_OUT 4

/* How values that are not given are drawn from [lo, hi]. */
enum op_draw {
	DRAW_UNIFORM,
	DRAW_SPREAD,	/* equally spaced, in random order: no two are near, for maxima */
	DRAW_WHOLE,	/* whole numbers, both ends included; always so for integer types */
};

struct op_input {
	enum rt_dtype dtype;	/* RT_F32 when left out */
	struct rt_shape shape;	/* scalar when left out */
	const double *given;	/* GIVEN(...): the values; otherwise they are drawn */
	int ngiven;
	enum op_draw draw;
	double lo, hi;		/* both 0: -1 .. 1 */
	const double *kinks;	/* KINKS(...): drawn values stay 4 eps away from these */
	int nkinks;
	bool absent;		/* optional input left out */
	bool known;		/* infer may read the values (a constant of the graph) */
	bool no_grad;		/* backward promises no gradient; integers are never checked */
};

/* The answer.  Left out ({0}): nothing is known of it. */
struct op_expect {
	const double *value;	/* VALUES(...) */
	int n;
};

struct op_sample {
	const char *op;		/* name of the row */
	const char *name;	/* what it shows */
	const char *attrs[8][2];/* {"axis", "1"}, as text; ends with a NULL name */
	int nin;		/* inputs used, absent ones too; 0: as many as the row's min_in */
	struct op_input in[SAMPLE_MAX_IN];
	int nout;		/* 0: the row's min_out */

	const char *source;	/* of the expected numbers: "ONNX Add example", "torch 2.13" */
	enum rt_purpose purpose;/* of the run that makes the expected numbers */
	struct rt_shape shape;	/* of out[0]; checked when has_shape is set */
	bool has_shape;
	struct op_expect expect[SAMPLE_MAX_OUT]; /* out[i] */
	double expect_tol;	/* of expect and expect_grad, times max(1, |value|); 0: 1e-6 */
	struct op_expect seed;	/* gradient of out[0] behind expect_grad */
	struct op_expect expect_grad[SAMPLE_MAX_IN];

	const char *fails;	/* infer must fail with a message that contains this */
	bool refuses_known; /* infer refuses the values where it knows them, forward bears them */
	bool no_differences;	/* backward is not the derivative; say why beside it */
	double eps;		/* step of the differences; 0: 1e-2 */
	double tol;		/* times max(1, |gradient|); 0: 2e-3 */
};

#define OP_VALUES_(...) (const double[]){__VA_ARGS__}
#define OP_COUNT_(...) (int)(sizeof((const double[]){__VA_ARGS__}) / sizeof(double))
#define GIVEN(...) .given = OP_VALUES_(__VA_ARGS__), .ngiven = OP_COUNT_(__VA_ARGS__)
#define KINKS(...) .kinks = OP_VALUES_(__VA_ARGS__), .nkinks = OP_COUNT_(__VA_ARGS__)
#define VALUES(...) {OP_VALUES_(__VA_ARGS__), OP_COUNT_(__VA_ARGS__)}
#define OUT_SHAPE(...) .shape = RT_SHAPE(__VA_ARGS__), .has_shape = true
#define OUT_SCALAR .has_shape = true

struct op_samples {
	const struct op_sample *v;
	int n;
};

/* Every family; ends with NULL. */
extern const struct op_samples *const op_samples[];

#endif
