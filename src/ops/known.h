/* known.h - inputs whose values a shape rule needs: shapes, axes, pads, starts and ends. */
#ifndef RT_OPS_KNOWN_H
#define RT_OPS_KNOWN_H

#include "graph/op.h"

/* A short list of whole numbers. */
struct rt_known {
	int n;
	int64_t v[RT_MAX_RANK * 2];
};

/* Checks input i, called `what` in error lines, and copies it; n = 0 when it is left out.
 * Errors: RT_EUNKNOWN when its values are not known before running; RT_ESHAPE: not a list of
 * at most 16 whole numbers. */
enum rt_status rt_known_list(struct rt_known *out, const struct rt_call *c, int i, const char *what,
			     struct rt_err *err);

/* The same without checks, for forward and backward. */
struct rt_known rt_known_again(const struct rt_call *c, int i);

/* The axes of a list as bits, counted from the end when negative; rank: of the shape they index.
 * Errors RT_ESHAPE: out of range, or named twice. */
enum rt_status rt_known_axes(unsigned *out, const int64_t *axes, int n, int rank,
			     struct rt_err *err);

/* out[0] becomes `shape` with the type of in[0]: for operators that only rename axes.  Error
 * RT_ESHAPE when the number of elements differs. */
enum rt_status rt_known_view(struct rt_call *c, const struct rt_shape *shape, struct rt_err *err);

/* One whole number, of any size below 2^31, in *out; untouched when input i is left out.  Errors:
 * RT_EUNKNOWN, RT_ESHAPE as above, and when it is below least. */
enum rt_status rt_known_number(int64_t *out, const struct rt_call *c, int i, const char *what,
			       int64_t least, struct rt_err *err);

/* The same without checks, for forward and backward; fallback when input i is left out. */
int64_t rt_known_number_again(const struct rt_call *c, int i, int64_t fallback);

/* The values of input i must be known, whatever they are.  Error RT_EUNKNOWN. */
enum rt_status rt_known_data(const struct rt_call *c, int i, const char *what,
			     struct rt_err *err);

/* *y takes the n dimensions of dim, each 0 .. INT32_MAX.  Errors RT_ESHAPE: more than RT_MAX_RANK
 * of them, out of range, or more elements than can be counted. */
enum rt_status rt_known_shape(struct rt_shape *y, const int64_t *dim, int n, struct rt_err *err);

/* The element type that TensorProto numbers so; false: retort has none. */
bool rt_known_type(enum rt_dtype *out, int64_t onnx);

/* The backward of every view: in[0].grad += out[0].grad. */
void rt_known_view_backward(const struct rt_call *c);

/* The backward of what does not change when its inputs change a little (comparisons, rounding,
 * indices): adds nothing. */
void rt_flat_backward(const struct rt_call *c);

#endif
