/* gemm.c - Gemm: Y = alpha op(A) op(B) + beta C, C broadcast to Y; a dense layer is Gemm with
 * transB. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/gemm.h"
#include "tensor/parallel.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct gemm {
	double alpha, beta;
	bool transA, transB;
};

static const struct rt_opt opts[] = {
	{.name = "alpha", .type = RT_REAL, .offset = offsetof(struct gemm, alpha), .init = "1",
	 .summary = "factor of the product"},
	{.name = "beta", .type = RT_REAL, .offset = offsetof(struct gemm, beta), .init = "1",
	 .summary = "factor of C"},
	{.name = "transA", .type = RT_BOOL, .offset = offsetof(struct gemm, transA), .init = "0",
	 .summary = "A is stored transposed"},
	{.name = "transB", .type = RT_BOOL, .offset = offsetof(struct gemm, transB), .init = "0",
	 .summary = "B is stored transposed"},
	{0},
};

/* op(A) is (M,K), op(B) (K,N); element (m,n) of C is at m down + n right. */
struct sizes {
	int64_t M, N, K;
	int64_t down, right;
	bool has_c;
};

static struct sizes sizes(const struct rt_call *c)
{
	const struct gemm *a = RT_ATTRS(gemm, c);
	const struct rt_shape *A = &c->in[0].shape, *B = &c->in[1].shape;
	struct sizes s = {
		.M = A->dim[a->transA], .K = A->dim[!a->transA], .N = B->dim[!a->transB],
		.has_c = c->nin > 2 && c->in[2].present,
	};

	if (s.has_c) {
		const struct rt_shape *C = &c->in[2].shape;

		s.right = C->rank > 0 && C->dim[C->rank - 1] > 1;
		s.down = C->rank > 1 && C->dim[0] > 1 ? C->dim[1] : 0;
	}
	return s;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	static const char *const what[] = {"A", "B", "C"};
	const struct gemm *a = RT_ATTRS(gemm, c);
	const struct rt_shape *A = &c->in[0].shape, *B = &c->in[1].shape;
	char buf[2][128];
	struct sizes s;

	for (int i = 0; i < 3; i++)
		RT_TRY(rt_want_f32(c, i, what[i], err));
	if (A->rank != 2 || B->rank != 2)
		return rt_fail(err, RT_ESHAPE, "A is %s and B %s, two matrices are wanted",
			       rt_shape_text(buf[0], sizeof(buf[0]), A),
			       rt_shape_text(buf[1], sizeof(buf[1]), B));
	s = sizes(c);
	if (B->dim[a->transB] != s.K)
		return rt_fail(
			err, RT_ESHAPE,
			"input has %" PRId64 " columns, weight wants %" PRId64 " (A %s%s, B %s%s)",
			s.K, B->dim[a->transB], rt_shape_text(buf[0], sizeof(buf[0]), A),
			a->transA ? " transposed" : "", rt_shape_text(buf[1], sizeof(buf[1]), B),
			a->transB ? " transposed" : "");
	RT_TRY(rt_want_product(s.M, s.N, s.K, err));
	c->out[0].dtype = RT_F32;
	c->out[0].shape = RT_SHAPE(s.M, s.N);
	if (s.has_c) {
		const struct rt_shape *C = &c->in[2].shape;

		if (C->rank > 2 || (C->rank > 0 && C->dim[C->rank - 1] != 1 &&
				    C->dim[C->rank - 1] != s.N) ||
		    (C->rank > 1 && C->dim[0] != 1 && C->dim[0] != s.M))
			return rt_fail(err, RT_ESHAPE, "C is %s, the product %s",
				       rt_shape_text(buf[0], sizeof(buf[0]), C),
				       rt_shape_text(buf[1], sizeof(buf[1]), &c->out[0].shape));
	}
	return RT_OK;
}

/* Y = beta C */
static void spread(const struct sizes *s, float beta, float *Y, const float *C)
{
	int n = rt_split(s->M, s->M * s->N);

#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t m = 0; m < s->M; m++) {
		float *restrict row = Y + m * s->N;
		const float *restrict from = C + m * s->down;

		if (s->right && beta == 1) {
			memcpy(row, from, (size_t)s->N * sizeof(*row));
			continue;
		}
		for (int64_t j = 0; j < s->N; j++)
			row[j] = beta * from[j * s->right];
	}
}

static void forward(const struct rt_call *c)
{
	const struct gemm *a = RT_ATTRS(gemm, c);
	const struct sizes s = sizes(c);

	if (s.has_c && s.right && !s.down && a->beta == 1) {
		const struct rt_gemm_post post = {.bias = c->in[2].data, .lo = -INFINITY,
						  .hi = INFINITY};

		rt_gemm_post(a->transA, a->transB, s.M, s.N, s.K, (float)a->alpha, c->in[0].data,
			     a->transA ? s.M : s.K, c->in[1].data, a->transB ? s.K : s.N,
			     c->out[0].data, s.N, &post);
		return;
	}
	if (s.has_c)
		spread(&s, (float)a->beta, c->out[0].data, c->in[2].data);
	rt_gemm(a->transA, a->transB, s.M, s.N, s.K, (float)a->alpha, c->in[0].data,
		a->transA ? s.M : s.K, c->in[1].data, a->transB ? s.K : s.N, s.has_c ? 1 : 0,
		c->out[0].data, s.N);
}

/* dC += beta times dY summed over the broadcast dimensions; a thread owns a range of columns. */
static void collect(const struct sizes *s, float beta, float *dC, const float *dY)
{
	int n = s->right ? rt_split(s->N, s->M * s->N) : 1;

#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++) {
		const int64_t lo = rt_slice(s->N, t, n), hi = rt_slice(s->N, t + 1, n);

		for (int64_t m = 0; m < s->M; m++) {
			const float *restrict from = dY + m * s->N;
			float *restrict to = dC + m * s->down;
			float row = 0;

			if (s->right) {
#pragma omp simd
				for (int64_t j = lo; j < hi; j++)
					to[j] += beta * from[j];
				continue;
			}
#pragma omp simd reduction(+ : row)
			for (int64_t j = lo; j < hi; j++)
				row += from[j];
			to[0] += beta * row;
		}
	}
}

/* With G = alpha dY: d op(A) = G op(B)^T, d op(B) = op(A)^T G. */
static void backward(const struct rt_call *c)
{
	const struct gemm *a = RT_ATTRS(gemm, c);
	const struct sizes s = sizes(c);
	const int64_t lda = a->transA ? s.M : s.K, ldb = a->transB ? s.K : s.N;
	const float *A = c->in[0].data, *B = c->in[1].data, *dY = c->out[0].grad;
	const float alpha = (float)a->alpha;
	const float old_a = c->fresh & 1 ? 0 : 1, old_b = c->fresh & 2 ? 0 : 1;

	if (c->in[0].grad && a->transA)
		rt_gemm(a->transB, true, s.K, s.M, s.N, alpha, B, ldb, dY, s.N, old_a,
			c->in[0].grad, lda);
	else if (c->in[0].grad)
		rt_gemm(false, !a->transB, s.M, s.K, s.N, alpha, dY, s.N, B, ldb, old_a,
			c->in[0].grad, lda);
	if (c->in[1].grad && a->transB)
		rt_gemm(true, a->transA, s.N, s.K, s.M, alpha, dY, s.N, A, lda, old_b,
			c->in[1].grad, ldb);
	else if (c->in[1].grad)
		rt_gemm(!a->transA, false, s.K, s.N, s.M, alpha, A, lda, dY, s.N, old_b,
			c->in[1].grad, ldb);
	if (s.has_c && c->in[2].grad)
		collect(&s, (float)a->beta, c->in[2].grad, dY);
}

static void cost(const struct rt_call *c, struct rt_cost *cost)
{
	const struct sizes s = sizes(c);

	cost->macs = s.M * s.N * s.K;
}

const struct rt_op rt_op_Gemm = {
	.row = {.name = "Gemm", .summary = "product of two matrices plus a bias: a dense layer",
		.opts = opts, .params_size = sizeof(struct gemm)},
	.min_in = 2, .max_in = 3, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2,
	.bwd_sets = 1 | 2,
	.infer = infer,
	.forward = forward,
	.backward = backward,
	.cost = cost,
};
