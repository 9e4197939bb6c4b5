/* mat_mul.c - MatMul: products of matrices, batched and broadcast as numpy.matmul does. */
#include "config.h"

#include "ops/ops.h"
#include "ops/want.h"
#include "tensor/gemm.h"
#include "tensor/clear.h"
#include "tensor/parallel.h"

#include <inttypes.h>

/* A batch of products (M,K) (K,N); step_a[d] is how many matrices of A lie between neighbours along
 * batch dimension d, 0 where A is broadcast. */
struct batch {
	int64_t M, N, K, count;
	int rank;
	int64_t dim[RT_MAX_RANK], step_a[RT_MAX_RANK], step_b[RT_MAX_RANK];
	bool shared_a, shared_b;	/* some matrix is used more than once */
};

/* The matrix dimensions put behind one for a vector: (K) is (1,K) on the left and (K,1) on the
 * right. */
static struct rt_shape as_matrices(const struct rt_shape *s, bool left)
{
	if (s->rank != 1)
		return *s;
	return left ? RT_SHAPE(1, s->dim[0]) : RT_SHAPE(s->dim[0], 1);
}

/* Steps over the batch dimensions of s aligned with those of all; true where one is broadcast. */
static bool batch_steps(int64_t *step, const struct rt_shape *s, const struct rt_shape *all)
{
	int64_t next = 1;
	bool shared = false;

	for (int d = all->rank - 1; d >= 0; d--) {
		int own = d - all->rank + s->rank - 2;
		int64_t n = own >= 0 ? s->dim[own] : 1;

		step[d] = n == 1 ? 0 : next;
		shared = shared || (n == 1 && all->dim[d] > 1);
		next *= n;
	}
	return shared;
}

static struct batch batch_of(const struct rt_shape *a, const struct rt_shape *b,
			     const struct rt_shape *all)
{
	struct batch g = {
		.M = a->dim[a->rank - 2], .K = a->dim[a->rank - 1], .N = b->dim[b->rank - 1],
		.count = rt_shape_count(all), .rank = all->rank,
	};

	g.shared_a = batch_steps(g.step_a, a, all);
	g.shared_b = batch_steps(g.step_b, b, all);
	for (int d = 0; d < all->rank; d++)
		g.dim[d] = all->dim[d];
	/* one weight for the whole batch: the rows of all matrices form one */
	if (b->rank == 2 && !g.shared_a && g.count * g.M <= INT32_MAX) {
		g.M *= g.count;
		g.count = 1;
		g.rank = 0;
		g.shared_b = false;
	}
	return g;
}

static enum rt_status understand(struct batch *g, struct rt_shape *y, const struct rt_call *c,
				 struct rt_err *err)
{
	const struct rt_shape *in[2] = {&c->in[0].shape, &c->in[1].shape};
	struct rt_shape m[2], outer[2], all;
	char buf[2][128];

	for (int i = 0; i < 2; i++) {
		if (in[i]->rank < 1)
			return rt_fail(err, RT_ESHAPE, "%c is a scalar, a matrix is wanted",
				       'A' + i);
		m[i] = as_matrices(in[i], i == 0);
		outer[i] = m[i];
		outer[i].rank -= 2;
	}
	if (m[0].dim[m[0].rank - 1] != m[1].dim[m[1].rank - 2])
		return rt_fail(err, RT_ESHAPE,
			       "A is %s and B %s: inner sizes %" PRId64 " and %" PRId64 " differ",
			       rt_shape_text(buf[0], sizeof(buf[0]), in[0]),
			       rt_shape_text(buf[1], sizeof(buf[1]), in[1]),
			       m[0].dim[m[0].rank - 1], m[1].dim[m[1].rank - 2]);
	RT_TRY(rt_shape_broadcast(&all, &outer[0], &outer[1], err));
	*g = batch_of(&m[0], &m[1], &all);
	*y = all;
	if (in[0]->rank > 1)
		y->dim[y->rank++] = m[0].dim[m[0].rank - 2];
	if (in[1]->rank > 1)
		y->dim[y->rank++] = m[1].dim[m[1].rank - 1];
	return RT_OK;
}

static enum rt_status infer(struct rt_call *c, struct rt_err *err)
{
	struct batch g;

	RT_TRY(rt_want_f32(c, 0, "A", err));
	RT_TRY(rt_want_f32(c, 1, "B", err));
	RT_TRY(understand(&g, &c->out[0].shape, c, err));
	c->out[0].dtype = RT_F32;
	return rt_want_product(g.M, g.N, g.K, err);
}

static struct batch known(const struct rt_call *c)
{
	struct rt_shape y;
	struct rt_err err;
	struct batch g;

	RT_ASSERT(understand(&g, &y, c, &err) == RT_OK);
	return g;
}

/* Which matrix of A and of B product i takes. */
static void operands(const struct batch *g, int64_t i, int64_t *a, int64_t *b)
{
	*a = *b = 0;
	for (int d = g->rank - 1; d >= 0; d--) {
		*a += i % g->dim[d] * g->step_a[d];
		*b += i % g->dim[d] * g->step_b[d];
		i /= g->dim[d];
	}
}

/* A large batch is divided among threads; of a small one every product threads itself. */
static int batch_split(const struct batch *g)
{
	return g->count < rt_threads() ? 1 : rt_split_macs(g->count, g->count * g->M * g->N * g->K);
}

struct arrays {
	const float *A, *B, *dY;
	float *Y, *dA, *dB;
	float old_a, old_b;	/* factors of what dA and dB hold */
};

/* Calls one() for every product, n at a time; those that thread themselves outside any team. */
static void each_product(const struct batch *g, const struct arrays *v, int n,
			 void (*one)(const struct batch *g, const struct arrays *v, int64_t i))
{
	if (n == 1) {
		for (int64_t i = 0; i < g->count; i++)
			one(g, v, i);
		return;
	}
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < g->count; i++)
		one(g, v, i);
}

/* Y = A B */
static void product(const struct batch *g, const struct arrays *v, int64_t i)
{
	int64_t a, b;

	operands(g, i, &a, &b);
	rt_gemm(false, false, g->M, g->N, g->K, 1, v->A + a * g->M * g->K, g->K,
		v->B + b * g->K * g->N, g->N, 0, v->Y + i * g->M * g->N, g->N);
}

/* dA += dY B^T */
static void left_gradient(const struct batch *g, const struct arrays *v, int64_t i)
{
	int64_t a, b;

	operands(g, i, &a, &b);
	rt_gemm(false, true, g->M, g->K, g->N, 1, v->dY + i * g->M * g->N, g->N,
		v->B + b * g->K * g->N, g->N, v->old_a, v->dA + a * g->M * g->K, g->K);
}

/* dB += A^T dY */
static void right_gradient(const struct batch *g, const struct arrays *v, int64_t i)
{
	int64_t a, b;

	operands(g, i, &a, &b);
	rt_gemm(true, false, g->K, g->N, g->M, 1, v->A + a * g->M * g->K, g->K,
		v->dY + i * g->M * g->N, g->N, v->old_b, v->dB + b * g->K * g->N, g->N);
}

static void forward(const struct rt_call *c)
{
	const struct batch g = known(c);
	const struct arrays v = {.A = c->in[0].data, .B = c->in[1].data, .Y = c->out[0].data};

	each_product(&g, &v, batch_split(&g), product);
}

/* Factor of the old gradient of operand i: a fresh one is written, or cleared where several
 * products add to it. */
static float keep(const struct rt_call *c, int i, bool shared)
{
	if (!(c->fresh >> i & 1))
		return 1;
	if (shared)
		rt_clear(c->in[i].grad, rt_shape_count(&c->in[i].shape));
	return shared ? 1 : 0;
}

/* Gradients of a matrix that several products share follow each other. */
static void backward(const struct rt_call *c)
{
	const struct batch g = known(c);
	const struct arrays v = {.A = c->in[0].data, .B = c->in[1].data, .dY = c->out[0].grad,
				 .dA = c->in[0].grad, .dB = c->in[1].grad,
				 .old_a = keep(c, 0, g.shared_a), .old_b = keep(c, 1, g.shared_b)};

	if (v.dA)
		each_product(&g, &v, g.shared_a ? 1 : batch_split(&g), left_gradient);
	if (v.dB)
		each_product(&g, &v, g.shared_b ? 1 : batch_split(&g), right_gradient);
}

static void cost(const struct rt_call *c, struct rt_cost *cost)
{
	const struct batch g = known(c);

	cost->macs = g.count * g.M * g.N * g.K;
}

const struct rt_op rt_op_MatMul = {
	.row = {.name = "MatMul", .summary = "product of matrices, batched like numpy.matmul"},
	.min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
	.bwd_in = 1 | 2,
	.bwd_sets = 1 | 2,
	.infer = infer,
	.forward = forward,
	.backward = backward,
	.cost = cost,
};
