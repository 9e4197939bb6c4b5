/* det.c - Det: determinants of square matrices, by Gauss elimination with row pivots in double
 * precision.
 *
 * d det / d X[i,j] is the cofactor of (i,j): det X^-T where X can be inverted, else the signed
 * determinants of what remains without row i and column j.
 */
#include "config.h"

#include "ops/known.h"
#include "ops/ops.h"
#include "ops/want.h"

#include <inttypes.h>
#include <math.h>

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	const struct rt_shape *x = &c->in[0].shape;
	int r = x->rank;

	RT_TRY(rt_want_type(c, 0, "input is", RT_FLOATS, err));
	if (r < 2)
		return rt_fail(err, RT_ESHAPE, "input has %d dimensions; 2 and more are wanted", r);
	if (x->dim[r - 1] != x->dim[r - 2])
		return rt_fail(err, RT_ESHAPE, "matrices of %" PRId64 "x%" PRId64 " are not square",
			       x->dim[r - 2], x->dim[r - 1]);
	c->out[0].dtype = c->in[0].dtype;
	c->out[0].shape = *x;
	c->out[0].shape.rank = r - 2;
	return RT_OK;
}

/* M of the matrices, each side of it, and how many there are. */
static int64_t side(const struct rt_call *c)
{
	return c->in[0].shape.dim[c->in[0].shape.rank - 1];
}

static int64_t matrices(const struct rt_call *c)
{
	return rt_shape_span(&c->in[0].shape, 0, c->in[0].shape.rank - 2);
}

/* A matrix, and one more beside it. */
static size_t work_size(const struct rt_call *c)
{
	return 2 * (size_t)(side(c) * side(c)) * sizeof(double);
}

/* Matrix number i of the input without row r and column s (-1: none) as f64; its side. */
static int64_t take(const struct rt_call *c, int64_t i, int64_t r, int64_t s, double *to)
{
	const int64_t M = side(c);
	const size_t size = rt_dtype(c->in[0].dtype)->size;
	const char *from = (const char *)c->in[0].data + (size_t)(i * M * M) * size;

	for (int64_t k = 0; k < M * M; k++)
		if (k / M != r && k % M != s)
			rt_convert(to++, RT_F64, from + (size_t)k * size, c->in[0].dtype, 1);
	return r < 0 ? M : M - 1;
}

static void swap_rows(double *a, int64_t M, int64_t i, int64_t j)
{
	for (int64_t k = 0; k < M; k++) {
		double keep = a[i * M + k];

		a[i * M + k] = a[j * M + k];
		a[j * M + k] = keep;
	}
}

/* Subtracts `factor` of row j from row i. */
static void subtract_row(double *a, int64_t M, int64_t i, int64_t j, double factor)
{
	for (int64_t k = 0; k < M; k++)
		a[i * M + k] -= factor * a[j * M + k];
}

/* Row of the largest number of column k from row k on. */
static int64_t pivot(const double *a, int64_t M, int64_t k)
{
	int64_t best = k;

	for (int64_t i = k + 1; i < M; i++)
		if (fabs(a[i * M + k]) > fabs(a[best * M + k]))
			best = i;
	return best;
}

/* The determinant of a (M,M), which is used up; inverse (M,M), unless NULL, becomes its inverse
 * when the determinant is not 0. */
static double eliminate(double *a, int64_t M, double *inverse)
{
	double det = 1;

	for (int64_t i = 0; inverse && i < M * M; i++)
		inverse[i] = i / M == i % M;
	for (int64_t k = 0; k < M; k++) {
		int64_t p = pivot(a, M, k);

		if (a[p * M + k] == 0)
			return 0;
		if (p != k) {
			det = -det;
			swap_rows(a, M, p, k);
			if (inverse)
				swap_rows(inverse, M, p, k);
		}
		det *= a[k * M + k];
		for (int64_t i = inverse ? 0 : k + 1; i < M; i++) {
			double factor = a[i * M + k] / a[k * M + k];

			if (i == k || factor == 0)
				continue;
			subtract_row(a, M, i, k, factor);
			if (inverse)
				subtract_row(inverse, M, i, k, factor);
		}
	}
	for (int64_t i = 0; inverse && i < M * M; i++)
		inverse[i] /= a[i / M * (M + 1)];
	return det;
}

static void forward(const struct rt_call *c)
{
	const size_t size = rt_dtype(c->out[0].dtype)->size;

	for (int64_t i = 0; i < matrices(c); i++) {
		int64_t M = take(c, i, -1, -1, c->work);
		double det = eliminate(c->work, M, NULL);

		rt_convert((char *)c->out[0].data + (size_t)i * size, c->out[0].dtype, &det,
			   RT_F64, 1);
	}
}

static void backward(const struct rt_call *c)
{
	const int64_t M = side(c);
	double *a = c->work, *inverse = a + M * M;

	for (int64_t i = 0; c->in[0].grad && c->out[0].grad && i < matrices(c); i++) {
		float *dx = c->in[0].grad + i * M * M;
		double dy = (double)c->out[0].grad[i], det;

		take(c, i, -1, -1, a);
		det = eliminate(a, M, inverse);
		for (int64_t k = 0; k < M * M; k++) {
			double cofactor = det * inverse[k % M * M + k / M];

			if (det == 0)
				cofactor = eliminate(a, take(c, i, k / M, k % M, a), NULL) *
					   ((k / M + k % M) % 2 ? -1 : 1);
			dx[k] += (float)(dy * cofactor);
		}
	}
}

const struct rt_op rt_op_Det = {
	.row = {.name = "Det", .summary = "determinants of square matrices"},
	.min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
	.bwd_in = 1,
	.infer = infer,
	.work_size = work_size,
	.forward = forward,
	.backward = backward,
};
