/* optim.c - SGD, Adam and AdamW. */
#include "config.h"

#include "train/optim.h"
#include "base/mem.h"
#include "base/sys.h"
#include "tensor/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PARALLEL_FROM 65536

struct sgd {
	double lr, momentum, weight_decay;
	bool nesterov;
};

static const struct rt_opt sgd_opts[] = {
	{"lr", "learning rate", RT_REAL, offsetof(struct sgd, lr), "0.05", 0, 100,
	 .flags = RT_OPT_ABOVE_MIN},
	{"momentum", "fraction of the last step that is kept", RT_REAL,
	 offsetof(struct sgd, momentum), "0.9", 0, 1},
	{"weight-decay", "L2 penalty added to the gradient", RT_REAL,
	 offsetof(struct sgd, weight_decay), "0.0005", 0, 10},
	{"nesterov", "look ahead along the momentum", RT_BOOL, offsetof(struct sgd, nesterov),
	 "no"},
	{0},
};

/* d = g + decay w;  v = momentum v + d;  w -= lr v, or lr (d + momentum v) with Nesterov
 * (the form of Sutskever et al. 2013 in which PyTorch and Caffe2 write it). */
static void sgd_update(const void *params, double lr, int64_t step, int64_t n, float *w,
		       const float *g, float *const *slot)
{
	const struct sgd *o = params;
	float rate = (float)lr, m = (float)o->momentum, decay = (float)o->weight_decay;
	float *v = slot[0];

	(void)step;
#pragma omp parallel for simd schedule(static) num_threads(n < PARALLEL_FROM ? 1 : rt_threads())
	for (int64_t i = 0; i < n; i++) {
		float d = g[i] + decay * w[i];

		v[i] = m * v[i] + d;
		w[i] -= rate * (o->nesterov ? d + m * v[i] : v[i]);
	}
}

struct adam {
	double lr, beta1, beta2, epsilon, weight_decay;
};

#define ADAM_OPTS(rate, decay, what)                                                               \
	{                                                                                          \
		{"lr", "learning rate", RT_REAL, offsetof(struct adam, lr), rate, 0, 100,          \
		 .flags = RT_OPT_ABOVE_MIN},                                                       \
		{"beta1", "decay of the mean of the gradients", RT_REAL,                           \
		 offsetof(struct adam, beta1), "0.9", 0, 0.9999},                                  \
		{"beta2", "decay of the mean of their squares", RT_REAL,                           \
		 offsetof(struct adam, beta2), "0.999", 0, 0.999999},                              \
		{"epsilon", "added to the root of the mean square", RT_REAL,                       \
		 offsetof(struct adam, epsilon), "1e-8", 0, 1, .flags = RT_OPT_ABOVE_MIN},         \
		{"weight-decay", what, RT_REAL, offsetof(struct adam, weight_decay), decay, 0,     \
		 10},                                                                              \
		{0},                                                                               \
	}
static const struct rt_opt adam_opts[] =
	ADAM_OPTS("0.001", "0", "L2 penalty added to the gradient");
static const struct rt_opt adamw_opts[] =
	ADAM_OPTS("0.001", "0.01", "share of the weights taken off each step, times lr");

/* m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g^2;
 * w = keep w - lr (m / (1-b1^t)) / (sqrt(v / (1-b2^t)) + eps), keep 1 but for AdamW
 * (Kingma and Ba 2015, algorithm 1). */
static void adam_step(const struct adam *o, double lr, int64_t step, int64_t n, float *w,
		      const float *g, float *const *slot, float l2, float keep)
{
	float b1 = (float)o->beta1, b2 = (float)o->beta2, eps = (float)o->epsilon;
	float c1 = (float)(1 - o->beta1), c2 = (float)(1 - o->beta2); /* 1 - b2 would lose digits */
	float rate = (float)(lr / (1 - pow(o->beta1, (double)step)));
	float root = (float)(1 / sqrt(1 - pow(o->beta2, (double)step)));
	float *m = slot[0], *v = slot[1];

#pragma omp parallel for simd schedule(static) num_threads(n < PARALLEL_FROM ? 1 : rt_threads())
	for (int64_t i = 0; i < n; i++) {
		float kept = keep * w[i], d = g[i] + l2 * w[i];

		m[i] = b1 * m[i] + c1 * d;
		v[i] = b2 * v[i] + c2 * d * d;
		w[i] = kept - rate * m[i] / (sqrtf(v[i]) * root + eps);
	}
}

static void adam_update(const void *params, double lr, int64_t step, int64_t n, float *w,
			const float *g, float *const *slot)
{
	const struct adam *o = params;

	adam_step(o, lr, step, n, w, g, slot, (float)o->weight_decay, 1);
}

/* Decay apart from the gradient: w *= 1 - lr decay (Loshchilov and Hutter 2019, algorithm 2). */
static void adamw_update(const void *params, double lr, int64_t step, int64_t n, float *w,
			 const float *g, float *const *slot)
{
	const struct adam *o = params;

	adam_step(o, lr, step, n, w, g, slot, 0, (float)(1 - lr * o->weight_decay));
}

static const struct rt_optimizer optimizers[] = {
	{{"sgd", "stochastic gradient descent with momentum", sgd_opts, sizeof(struct sgd)}, 1,
	 sgd_update},
	{{"adam", "adaptive moments (Kingma and Ba 2015)", adam_opts, sizeof(struct adam)}, 2,
	 adam_update},
	{{"adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019)", adamw_opts,
	  sizeof(struct adam)}, 2, adamw_update},
};
static const struct rt_row *const rows[] = {&optimizers[0].row, &optimizers[1].row,
					    &optimizers[2].row};
const struct rt_list rt_optimizers = {"optimizer", rows, RT_COUNT(rows)};

/* --- state -------------------------------------------------------------------------------- */

void rt_optim_init(struct rt_optim *o, const struct rt_optimizer *kind, void *params)
{
	*o = (struct rt_optim){.kind = kind, .params = params};
}

static void release_state(struct rt_optim *o)
{
	for (int i = 0; o->state && i < o->nparams * o->kind->slots; i++)
		rt_tensor_release(&o->state[i]);
	free(o->state);
	o->state = NULL;
	o->nparams = 0;
}

void rt_optim_release(struct rt_optim *o)
{
	if (!o->kind)
		return;
	release_state(o);
	rt_params_release(&o->kind->row, o->params);
	free(o->params);
	*o = (struct rt_optim){0};
}

void rt_optim_copy(struct rt_optim *to, const struct rt_optim *from)
{
	int n = from->nparams * from->kind->slots;

	*to = *from;
	to->params = rt_alloc(1, from->kind->row.params_size);
	rt_params_copy(&from->kind->row, to->params, from->params);
	to->state = from->state ? rt_alloc((size_t)n, sizeof(*to->state)) : NULL;
	for (int i = 0; to->state && i < n; i++)
		rt_tensor_share(&to->state[i], &from->state[i]);
}

double rt_optim_lr(const struct rt_optim *o)
{
	return *(const double *)((const char *)o->params +
				 rt_opt_find(&o->kind->row, "lr")->offset);
}

bool rt_optim_fits(const struct rt_optim *o, const struct rt_graph *g)
{
	if (o->nparams != g->nparams)
		return false;
	for (int i = 0; i < o->nparams * o->kind->slots; i++)
		if (o->state[i].storage &&
		    !rt_shape_equal(&o->state[i].shape, &g->params[i / o->kind->slots].data.shape))
			return false;
	return true;
}

/* Pruning takes parameters away, which shifts the numbering, or channels of them.  State then
 * starts anew, and the count of steps with it: the corrections of Adam are for moments that began
 * at 0. */
static void fit_state(struct rt_optim *o, const struct rt_graph *g)
{
	if (o->state && rt_optim_fits(o, g))
		return;
	release_state(o);
	o->step = 0;
	o->nparams = g->nparams;
	o->state = rt_alloc((size_t)(g->nparams * o->kind->slots), sizeof(*o->state));
}

static enum rt_status slot_arrays(float **slot, struct rt_optim *o, int param,
				  const struct rt_shape *shape, struct rt_err *err)
{
	for (int k = 0; k < o->kind->slots; k++) {
		struct rt_tensor *t = &o->state[param * o->kind->slots + k];
		void *p;

		if (!t->storage)
			RT_TRY(rt_tensor_new(t, RT_F32, shape, err));
		RT_TRY(rt_tensor_write(&p, t, err));
		slot[k] = p;
	}
	return RT_OK;
}

#define BLOCK 4096
#define BLOCKS 256

/* Sum of squares of n <= BLOCK * BLOCKS numbers, in blocks of fixed size: the number of threads
 * changes no bit. */
static double sum_squares(const float *d, int64_t n)
{
	int64_t blocks = (n + BLOCK - 1) / BLOCK;
	int threads = rt_split(blocks, n);
	double part[BLOCKS], sum = 0;

#pragma omp parallel for num_threads(threads) schedule(static)
	for (int64_t b = 0; b < blocks; b++) {
		int64_t end = (b + 1) * BLOCK < n ? (b + 1) * BLOCK : n;
		float s = 0;

#pragma omp simd reduction(+ : s)
		for (int64_t k = b * BLOCK; k < end; k++)
			s += d[k] * d[k];
		part[b] = (double)s;
	}
	for (int64_t b = 0; b < blocks; b++)
		sum += part[b];
	return sum;
}

static double gradient_norm(const struct rt_graph *g, struct rt_plan *plan)
{
	double sum = 0;

	for (int i = 0; i < g->nparams; i++) {
		const float *d = rt_plan_param_grad(plan, i);
		int64_t n = rt_tensor_count(&g->params[i].data), most = (int64_t)BLOCK * BLOCKS;

		for (int64_t at = 0; d && at < n; at += most)
			sum += sum_squares(d + at, n - at < most ? n - at : most);
	}
	return sqrt(sum);
}

static void scale_gradients(const struct rt_graph *g, struct rt_plan *plan, float by)
{
	for (int i = 0; i < g->nparams; i++) {
		float *d = rt_plan_param_grad(plan, i);
		int64_t n = rt_tensor_count(&g->params[i].data);

		for (int64_t k = 0; d && k < n; k++)
			d[k] *= by;
	}
}

static void keep_masked(float *w, const struct rt_tensor *mask, int64_t n)
{
	const uint8_t *m = rt_tensor_data(mask);

	for (int64_t i = 0; m && i < n; i++)
		w[i] = m[i] ? w[i] : 0;
}

enum rt_status rt_optim_step(struct rt_optim *o, struct rt_graph *g, struct rt_plan *plan,
			     double lr, double clip, struct rt_err *err)
{
	double norm = gradient_norm(g, plan);

	if (!isfinite(norm))
		return rt_fail(err, RT_ENUMERIC, "the gradients are no longer finite");
	if (clip > 0 && norm > clip)
		scale_gradients(g, plan, (float)(clip / norm));
	fit_state(o, g);
	o->step++;
	for (int i = 0; i < g->nparams; i++) {
		struct rt_param *p = &g->params[i];
		const float *d = rt_plan_param_grad(plan, i);
		float *slot[RT_MAX_SLOTS];
		void *w;

		if (!d)
			continue;
		RT_TRY(slot_arrays(slot, o, i, &p->data.shape, err));
		RT_TRY(rt_tensor_write(&w, &p->data, err));
		o->kind->update(o->params, lr, o->step, rt_tensor_count(&p->data), w, d, slot);
		keep_masked(w, &p->mask, rt_tensor_count(&p->data));
	}
	return RT_OK;
}
