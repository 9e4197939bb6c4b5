/* quantize.h - a model in small whole numbers, after training.
 *
 * The quantized model is an ordinary graph: weights are i8 parameters behind DequantizeLinear,
 * activations pass a pair of QuantizeLinear and DequantizeLinear before each layer, so that
 * saving it exports it.
 */
#ifndef RT_COMPRESS_QUANTIZE_H
#define RT_COMPRESS_QUANTIZE_H

#include "compress/observer.h"
#include "graph/graph.h"
#include "train/data.h"

/* Options of quantizing; part of a row's params, so that commands and the engine share one list. */
struct rt_quantize_opts {
	int64_t bits;		/* of weights, 2 .. 8; stored as i8 */
	int64_t activation_bits; /* 8; 0 or 32: activations stay real */
	char *observer;		/* a row of rt_observers */
	int64_t calibrate;	/* training samples that the observers see */
	bool per_channel;	/* a scale for each output channel of the weights, or one for all */
	struct rt_strings exclude; /* layers that stay real: names, patterns, "first", "last" */
};

/* The options as rows, for any params struct with a struct rt_quantize_opts in it: `at` is the
 * member with its dot ("quantize.") or nothing. */
#define RT_QUANTIZE_OPTS(type, at)                                                                 \
	{"bits", "bits of a weight", RT_INT, offsetof(type, at bits), "8", 2, 8},                  \
	{"activation-bits", "bits of an activation: 8, or 0 to leave them real", RT_INT,           \
	 offsetof(type, at activation_bits), "8", 0, 32},                                          \
	{"observer", "which range of an activation is worth keeping", RT_STRING,                   \
	 offsetof(type, at observer), "min_max", .of = "range observer"},                          \
	{"calibrate", "training samples that tell the ranges of activations", RT_INT,              \
	 offsetof(type, at calibrate), "256", 1, 1e9},                                             \
	{"per-channel", "a scale for each output channel of the weights", RT_BOOL,                 \
	 offsetof(type, at per_channel), "yes"},                                                   \
	{"exclude", "layers that stay real, by name or pattern; first and last", RT_STRINGS,       \
	 offsetof(type, at exclude), .of = "layer", .example = "first last"}

extern const struct rt_row rt_quantize_row;

/* Whole numbers for reals: x = (q - zero) scale. */
struct rt_affine {
	float scale;
	int zero;
};

/* Unsigned of `bits` bits for lo .. hi, widened to hold 0, which the zero point makes exact:
 * scale = (hi - lo) / (2^bits - 1), zero = round(-lo / scale)  (Jacob et al., arXiv 1712.05877,
 * section 3).  A range of nothing but 0 has scale 1. */
struct rt_affine rt_affine_range(float lo, float hi, int bits);

/* Signed of `bits` bits, symmetric: scale = max |w| / (2^(bits-1) - 1), zero point 0; scale 1
 * when all are 0. */
float rt_symmetric_scale(float max, int bits);

/* What became of one layer. */
struct rt_quantized {
	char *name;
	float max;		/* largest |w| */
	float scale_lo, scale_hi; /* least and largest scale of the weights */
	double mse;		/* mean (w - w_q)^2 */
	double sqnr;		/* 10 log10(sum w^2 / sum (w - w_q)^2), dB; may be infinite */
	bool has_input;		/* the input is quantized, too: */
	struct rt_range_u8 {
		float lo, hi;	/* as observed, widened to hold 0 */
		struct rt_affine affine;
	} input;
};
struct rt_quantize_report {
	int n;
	struct rt_quantized *layer;
	int folded;		/* batch normalizations folded into layers */
};
void rt_quantize_report_release(struct rt_quantize_report *r);

/* Folds batch normalizations (compress/fold.h) and quantizes the weights, and inputs, of Conv,
 * Gemm and MatMul; biases stay real.  data may be NULL when activations stay real.  *report (may
 * be NULL) is released by the caller.  On failure g is as before.
 * Errors: RT_EINVAL (quantized already, nothing to quantize, options), RT_ENOTFOUND (observer,
 * layer), RT_ENUMERIC (weights or activations are not finite), those of rt_calibrate(). */
enum rt_status rt_quantize_graph(struct rt_graph *g, const struct rt_data *data,
				 const struct rt_quantize_opts *opts,
				 struct rt_quantize_report *report, struct rt_err *err);

#endif
