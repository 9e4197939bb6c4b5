/* trial.h - one sample set up to be run: guarded buffers, drawn inputs, forward and backward. */
#ifndef RT_TESTS_OPS_TRIAL_H
#define RT_TESTS_OPS_TRIAL_H

#include "tests/ops/samples.h"

/* A buffer between two strips of known bytes. */
struct guarded {
	unsigned char *base;
	void *data;
	size_t size;
};

struct trial {
	const struct op_sample *sample;
	const struct rt_op *op;
	void *attrs;
	struct rt_arg in[SAMPLE_MAX_IN], out[SAMPLE_MAX_OUT];
	struct guarded in_data[SAMPLE_MAX_IN], in_grad[SAMPLE_MAX_IN];
	struct guarded out_data[SAMPLE_MAX_OUT], out_grad[SAMPLE_MAX_OUT];
	struct guarded original[SAMPLE_MAX_IN];	/* inputs as drawn; forward may update in_data */
	struct guarded saved, work;
	struct rt_rng rng;
	struct rt_call call;
	unsigned char filler;	/* what work, saved and outputs hold before a run */
};

/* Counts a broken promise of a sample and prints it; the case fails at its end. */
void complain(const struct op_sample *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
extern int complaints;

/* Draws the inputs, infers and allocates.  False, after a complaint, when that cannot be done; also
 * false, without one, when the sample is made to fail in infer.  Release in either case. */
bool trial_init(struct trial *t, const struct op_sample *s, enum rt_purpose purpose);
void trial_release(struct trial *t);

/* Only parses attributes and fills the inputs; for samples that infer must refuse. */
bool trial_prepare(struct trial *t, const struct op_sample *s, enum rt_purpose purpose);

/* Restores the inputs, spoils outputs and work with the filler, runs, checks guards and inputs. */
void trial_forward(struct trial *t);

/* Runs backward with a gradient asked of the inputs in want, which hold `before` at the start. */
void trial_backward(struct trial *t, unsigned want, float before);

/* The inputs that differences can check: present, float, promised; bit i. */
unsigned trial_differentiable(const struct trial *t);

/* Sets the gradient of every float output: random weights, the same for the same sample. */
void trial_seed(struct trial *t);

/* Elements of input or output a. */
int64_t trial_count(const struct rt_arg *a);

/* Element k of a, whatever its type. */
double trial_value(const struct rt_arg *a, int64_t k);

#endif
