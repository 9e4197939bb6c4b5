/* trial.c - one sample set up to be run. */
#include "config.h"

#include "tests/ops/trial.h"
#include "base/mem.h"
#include "ops/ops.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GUARD 64
#define GUARD_BYTE 0xA5
#define REDRAWS 10000

int complaints;

void complain(const struct op_sample *s, const char *fmt, ...)
{
	va_list ap;

	complaints++;
	fprintf(stderr, "%s, %s: ", s->op, s->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static struct guarded guarded_new(size_t size)
{
	struct guarded g = {.size = size};
	size_t room = (size + 63) / 64 * 64 + 2 * GUARD;

	g.base = aligned_alloc(64, room);
	if (!g.base)
		abort();
	memset(g.base, GUARD_BYTE, room);
	g.data = g.base + GUARD;
	memset(g.data, 0, size);
	return g;
}

static void guarded_check(const struct guarded *g, const struct op_sample *s, const char *what,
			  int i)
{
	const unsigned char *after;

	if (!g->base)
		return;
	after = g->base + GUARD + g->size;
	for (int k = 0; k < GUARD; k++)
		if (g->base[k] != GUARD_BYTE || after[k] != GUARD_BYTE) {
			complain(s, "wrote %s the %zu bytes of %s %d",
				 g->base[k] != GUARD_BYTE ? "before" : "past", g->size, what, i);
			return;
		}
}

int64_t trial_count(const struct rt_arg *a)
{
	return rt_shape_count(&a->shape);
}

double trial_value(const struct rt_arg *a, int64_t k)
{
	double v;

	rt_convert(&v, RT_F64, (const char *)a->data + (size_t)k * rt_dtype(a->dtype)->size,
		   a->dtype, 1);
	return v;
}

static double draw(struct rt_rng *rng, const struct op_input *in, double keep_away)
{
	double lo = in->lo, hi = in->hi, v = 0;

	if (lo == 0 && hi == 0) {
		lo = -1;
		hi = 1;
	}
	if (in->draw == DRAW_WHOLE || !rt_dtype(in->dtype)->is_float)
		return lo + (double)rt_rng_below(rng, (uint64_t)(hi - lo) + 1);
	for (int tries = 0; tries < REDRAWS; tries++) {
		int k = 0;

		v = lo + (hi - lo) * rt_rng_uniform(rng);
		while (k < in->nkinks &&
		       (v < in->kinks[k] - keep_away || v > in->kinks[k] + keep_away))
			k++;
		if (k == in->nkinks)
			break;
	}
	return v;
}

static void fill_spread(double *v, int64_t n, const struct op_input *in, struct rt_rng *rng)
{
	bool plain = in->lo == 0 && in->hi == 0;
	double lo = plain ? -1 : in->lo, hi = plain ? 1 : in->hi;
	int32_t *order = rt_alloc((size_t)n, sizeof(*order));

	for (int64_t k = 0; k < n; k++)
		order[k] = (int32_t)k;
	rt_rng_shuffle(rng, order, n);
	for (int64_t k = 0; k < n; k++)
		v[k] = lo + (hi - lo) * (order[k] + 0.5) / (double)n;
	free(order);
}

/* Values of input i as the sample wants them, in its own type. */
static bool fill_input(struct trial *t, int i)
{
	const struct op_input *in = &t->sample->in[i];
	int64_t n = rt_shape_count(&in->shape);
	double *v = rt_alloc((size_t)(n ? n : 1), sizeof(*v));
	double eps = t->sample->eps > 0 ? t->sample->eps : 1e-2;
	struct rt_rng root, rng;
	bool ok = true;

	rt_rng_seed(&root, 1);
	rng = rt_rng_split(&root, t->sample->name, (uint64_t)i);
	if (in->given && in->ngiven != n) {
		complain(t->sample, "input %d: %d values given for %lld elements", i, in->ngiven,
			 (long long)n);
		ok = false;
	} else if (in->given) {
		memcpy(v, in->given, (size_t)n * sizeof(*v));
	} else if (in->draw == DRAW_SPREAD) {
		fill_spread(v, n, in, &rng);
	} else {
		for (int64_t k = 0; k < n; k++)
			v[k] = draw(&rng, in, 4 * eps);
	}
	rt_convert(t->original[i].data, in->dtype, v, RT_F64, n);
	free(v);
	return ok;
}

static size_t arg_bytes(const struct rt_arg *a)
{
	return (size_t)trial_count(a) * rt_dtype(a->dtype)->size;
}

bool trial_prepare(struct trial *t, const struct op_sample *s, enum rt_purpose purpose)
{
	struct rt_err err;
	int nin;

	memset(t, 0, sizeof(*t));
	t->sample = s;
	t->op = rt_op_find(s->op);
	t->filler = 0xFF;
	if (!t->op) {
		complain(s, "no such operator");
		return false;
	}
	t->attrs = rt_alloc(t->op->row.params_size ? t->op->row.params_size : 1, 1);
	rt_params_init(&t->op->row, t->attrs);
	for (int i = 0; i < 8 && s->attrs[i][0]; i++) {
		const struct rt_opt *opt = rt_opt_find(&t->op->row, s->attrs[i][0]);

		if (!opt || rt_opt_parse(opt, t->attrs, s->attrs[i][1], &err) != RT_OK) {
			complain(s, "attribute %s: %s", s->attrs[i][0], opt ? err.msg : "unknown");
			return false;
		}
	}
	nin = s->nin ? s->nin : t->op->min_in;
	if (nin > SAMPLE_MAX_IN || nin < t->op->min_in ||
	    (t->op->max_in >= 0 && nin > t->op->max_in)) {
		complain(s, "%d inputs", nin);
		return false;
	}
	for (int i = 0; i < nin; i++) {
		const struct op_input *in = &s->in[i];

		if (in->absent)
			continue;
		t->in[i] = (struct rt_arg){.present = true, .dtype = in->dtype, .shape = in->shape};
		t->in_data[i] = guarded_new(arg_bytes(&t->in[i]));
		t->original[i] = guarded_new(arg_bytes(&t->in[i]));
		t->in_grad[i] = guarded_new((size_t)trial_count(&t->in[i]) * sizeof(float));
		if (!fill_input(t, i))
			return false;
		memcpy(t->in_data[i].data, t->original[i].data, t->in_data[i].size);
		if (in->known)
			t->in[i].data = t->in_data[i].data;
	}
	t->call = (struct rt_call){.attrs = t->attrs, .nin = nin, .in = t->in,
				   .nout = s->nout ? s->nout : t->op->min_out, .out = t->out,
				   .purpose = purpose};
	for (int i = 0; i < t->call.nout; i++)
		t->out[i].present = true;
	if (purpose == RT_TRAIN)
		t->call.rng = &t->rng;
	return true;
}

bool trial_init(struct trial *t, const struct op_sample *s, enum rt_purpose purpose)
{
	struct rt_err err = {0};

	if (!trial_prepare(t, s, purpose) || s->fails)
		return false;
	if (t->op->infer(&t->call, &err) != RT_OK) {
		complain(s, "infer: %s", err.msg);
		return false;
	}
	for (int i = 0; i < t->call.nin; i++)
		t->in[i].data = t->in_data[i].data;
	for (int i = 0; i < t->call.nout; i++) {
		t->out_data[i] = guarded_new(arg_bytes(&t->out[i]));
		t->out_grad[i] = guarded_new((size_t)trial_count(&t->out[i]) * sizeof(float));
		t->out[i].data = t->out_data[i].data;
	}
	t->saved = guarded_new(t->op->saved_size ? t->op->saved_size(&t->call) : 0);
	t->work = guarded_new(t->op->work_size ? t->op->work_size(&t->call) : 0);
	t->call.saved = t->saved.data;
	t->call.work = t->work.data;
	return true;
}

void trial_release(struct trial *t)
{
	for (int i = 0; i < SAMPLE_MAX_IN; i++) {
		free(t->in_data[i].base);
		free(t->in_grad[i].base);
		free(t->original[i].base);
	}
	for (int i = 0; i < SAMPLE_MAX_OUT; i++) {
		free(t->out_data[i].base);
		free(t->out_grad[i].base);
	}
	free(t->saved.base);
	free(t->work.base);
	if (t->attrs)
		rt_params_release(&t->op->row, t->attrs);
	free(t->attrs);
}

static void check_guards(const struct trial *t)
{
	for (int i = 0; i < t->call.nin; i++) {
		guarded_check(&t->in_data[i], t->sample, "input", i);
		guarded_check(&t->in_grad[i], t->sample, "gradient of input", i);
	}
	for (int i = 0; i < t->call.nout; i++) {
		guarded_check(&t->out_data[i], t->sample, "output", i);
		guarded_check(&t->out_grad[i], t->sample, "gradient of output", i);
	}
	guarded_check(&t->saved, t->sample, "saved", 0);
	guarded_check(&t->work, t->sample, "work", 0);
}

void trial_forward(struct trial *t)
{
	for (int i = 0; i < t->call.nin; i++)
		if (t->in[i].present && t->in[i].data != t->original[i].data)
			memcpy(t->in_data[i].data, t->original[i].data, t->original[i].size);
	for (int i = 0; i < t->call.nout; i++)
		if (t->out[i].data == t->out_data[i].data)
			memset(t->out_data[i].data, t->filler, t->out_data[i].size);
	memset(t->saved.data, t->filler, t->saved.size);
	memset(t->work.data, t->filler, t->work.size);
	rt_rng_seed(&t->rng, 7);
	if (t->op->flags & RT_OP_VIEW)
		memcpy(t->out[0].data, t->in[0].data, t->out_data[0].size);
	else
		t->op->forward(&t->call);
	check_guards(t);
	for (int i = 0; i < t->call.nin; i++)
		if (t->in[i].present && t->out[0].data != t->in[i].data &&
		    !(t->call.purpose == RT_TRAIN && t->op->writes >> i & 1) &&
		    memcmp(t->in[i].data, t->original[i].data, t->original[i].size) != 0)
			complain(t->sample, "forward changed input %d", i);
}

void trial_backward(struct trial *t, unsigned want, float before)
{
	for (int i = 0; i < t->call.nin; i++) {
		float *grad = t->in_grad[i].data;

		t->in[i].grad = want >> i & 1 ? grad : NULL;
		for (size_t k = 0; k < t->in_grad[i].size / sizeof(float); k++)
			grad[k] = before;
	}
	memset(t->work.data, t->filler, t->work.size);
	t->op->backward(&t->call);
	check_guards(t);
	for (int i = 0; i < t->call.nin; i++)
		t->in[i].grad = NULL;
}

unsigned trial_differentiable(const struct trial *t)
{
	unsigned want = 0;

	if (!t->op->backward)
		return 0;
	for (int i = 0; i < t->call.nin; i++)
		if (t->in[i].present && !t->sample->in[i].no_grad &&
		    rt_dtype(t->in[i].dtype)->is_float)
			want |= 1u << i;
	return want;
}

void trial_seed(struct trial *t)
{
	struct rt_rng root, rng;

	rt_rng_seed(&root, 2);
	for (int i = 0; i < t->call.nout; i++) {
		float *grad = t->out_grad[i].data;

		t->out[i].grad = NULL;
		if (!rt_dtype(t->out[i].dtype)->is_float)
			continue;
		rng = rt_rng_split(&root, t->sample->name, (uint64_t)i);
		for (int64_t k = 0; k < trial_count(&t->out[i]); k++)
			grad[k] = (float)(2 * rt_rng_uniform(&rng) - 1);
		t->out[i].grad = grad;
	}
}
