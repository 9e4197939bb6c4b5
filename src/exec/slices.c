/* slices.c - inference a few samples at a time: every thread takes whole slices of the batch
 * through the graph, so that what the steps hand to each other stays in its cache, and no thread
 * waits for another between steps. */
#include "config.h"

#include "exec/impl.h"
#include "base/mem.h"
#include "base/sys.h"
#include "graph/attr.h"
#include "ops/ops.h"
#include "tensor/parallel.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The nodes 0 .. nodes-1 run in slices, the others on the whole batch. */
struct slices {
	struct rt_plan **lane;	/* [lanes]: a plan for m samples each */
	int lanes;
	int64_t m;
	struct rt_plan *rest;	/* NULL: nothing follows */
	bool *whole;		/* [nvalues]: gathered here from the slices */
	void **gathered;	/* [nvalues]: their memory */
	bool *later;		/* [nvalues]: wanted by the caller, made by the rest */
	size_t bytes;
};

/* --- what may be cut ------------------------------------------------------------------------ */

/* With the batch in front of every operand that depends on the input, sample n of the result
 * depends on samples n alone, for any attributes unless by_sample() says otherwise. */
static const struct rt_op *const separate[] = {
	&rt_op_Abs, &rt_op_Add, &rt_op_AveragePool, &rt_op_BatchNormalization, &rt_op_Cast,
	&rt_op_Ceil, &rt_op_Celu, &rt_op_Clip, &rt_op_Concat, &rt_op_Conv, &rt_op_ConvInteger,
	&rt_op_ConvTranspose, &rt_op_Cos, &rt_op_DepthToSpace, &rt_op_DequantizeLinear,
	&rt_op_Div, &rt_op_Dropout, &rt_op_Elu, &rt_op_Equal, &rt_op_Erf, &rt_op_Exp,
	&rt_op_Flatten, &rt_op_Floor, &rt_op_Gather, &rt_op_Gelu, &rt_op_Gemm,
	&rt_op_GlobalAveragePool, &rt_op_GlobalMaxPool, &rt_op_Greater,
	&rt_op_GroupNormalization, &rt_op_HardSigmoid, &rt_op_HardSwish, &rt_op_Hardmax,
	&rt_op_Identity, &rt_op_InstanceNormalization, &rt_op_LRN, &rt_op_LayerNormalization,
	&rt_op_LeakyRelu, &rt_op_Less, &rt_op_Log, &rt_op_LogSoftmax, &rt_op_MatMul,
	&rt_op_MatMulInteger, &rt_op_Max, &rt_op_MaxPool, &rt_op_Min, &rt_op_Mish, &rt_op_Mul,
	&rt_op_Neg, &rt_op_Not, &rt_op_PRelu, &rt_op_Pad, &rt_op_Pow, &rt_op_QLinearConv,
	&rt_op_QLinearMatMul, &rt_op_QuantizeLinear, &rt_op_Reciprocal, &rt_op_ReduceMax,
	&rt_op_ReduceMean, &rt_op_ReduceMin, &rt_op_ReduceSum, &rt_op_Relu, &rt_op_Reshape,
	&rt_op_Resize, &rt_op_Round, &rt_op_Selu, &rt_op_Sigmoid, &rt_op_Sign, &rt_op_Sin,
	&rt_op_Softmax, &rt_op_Softplus, &rt_op_Softsign, &rt_op_SpaceToDepth, &rt_op_Split,
	&rt_op_Sqrt, &rt_op_Squeeze, &rt_op_Sub, &rt_op_Sum, &rt_op_Tanh,
	&rt_op_ThresholdedRelu, &rt_op_Transpose, &rt_op_Unsqueeze, &rt_op_Where,
};

static bool by_sample(const struct rt_plan *p, const struct rt_node *n, const bool *depends)
{
	int64_t axis = rt_attr_int(n, "axis", 1);
	bool found = false;

	for (size_t i = 0; i < RT_COUNT(separate) && !found; i++)
		found = separate[i] == n->op;
	if (axis < 0)
		axis += p->value[n->in[0]].shape.rank;
	if (n->op == &rt_op_Softmax || n->op == &rt_op_LogSoftmax || n->op == &rt_op_Hardmax ||
	    n->op == &rt_op_LayerNormalization)
		return axis > 0;
	if (n->op == &rt_op_Gather)	/* of a table by sample, or within every sample */
		return !depends[n->in[0]] || (axis > 0 && !depends[n->in[1]]);
	if (n->op == &rt_op_BatchNormalization)
		return !rt_attr_int(n, "training_mode", 0);
	return found;
}

/* Whether a, of a batch of B, is one, of a batch of 1, for every sample. */
static bool has_batch(const struct rt_arg *a, int64_t B, const struct rt_arg *one)
{
	if (a->shape.rank < 1 || one->shape.rank != a->shape.rank || a->shape.dim[0] != B ||
	    one->shape.dim[0] != 1)
		return false;
	for (int d = 1; d < a->shape.rank; d++)
		if (a->shape.dim[d] != one->shape.dim[d])
			return false;
	return true;
}

static bool known(const struct rt_plan *p, int v)
{
	return p->constant[v] || p->lowered->values[v].param >= 0;
}

/* How many nodes from the first one on treat every sample by itself; depends[v]: v is one value a
 * sample. */
static int separable(const struct rt_plan *p, const struct rt_inferred *one, bool *depends)
{
	const struct rt_graph *g = p->lowered;

	for (int i = 0; i < g->ninputs; i++) {
		int v = g->inputs[i];

		if (!has_batch(&p->value[v], p->batch, &one->value[v]))
			return 0;
		depends[v] = true;
	}
	for (int i = 0; i < g->nnodes; i++) {
		const struct rt_node *n = &g->nodes[i];
		bool any = false, good = true;

		for (int k = 0; k < n->nin; k++)
			any = any || (n->in[k] >= 0 && depends[n->in[k]]);
		for (int k = 0; any && k < n->nout; k++) {
			int v = n->out[k];

			if (v < 0 || known(p, v))
				continue;
			depends[v] = true;
			good = good && has_batch(&p->value[v], p->batch, &one->value[v]);
		}
		if (any && (!good || n->nsubs || !by_sample(p, n, depends)))
			return i;
	}
	return g->nnodes;
}

/* --- where to cut --------------------------------------------------------------------------- */

static size_t bytes_of(const struct rt_plan *p, int v)
{
	return (size_t)rt_shape_count(&p->value[v].shape) * rt_dtype(p->value[v].dtype)->size;
}

/* Whether v is whole numbers once the plan is made, though the graph calls it real. */
static bool is_whole(const struct rt_plan *p, int v)
{
	const struct rt_graph *g = p->lowered;
	const int made = g->values[v].producer;

	if (made >= 0 && g->nodes[made].op == &rt_op_DequantizeLinear)
		return true;
	for (int i = made + 1; i < g->nnodes; i++)
		if (g->nodes[i].op == &rt_op_QuantizeLinear && g->nodes[i].in[0] == v)
			return true;
	return false;
}

/* What node n reads and writes for a sample, of weights, and of weights that are bytes. */
struct traffic {
	size_t sample, weights, bytes;
};

static struct traffic traffic_of(const struct rt_plan *p, const struct rt_node *n,
				 const bool *depends)
{
	struct traffic t = {0};

	if (n->op->flags & RT_OP_VIEW)
		return t;
	for (int k = 0; k < n->nin + n->nout; k++) {
		int v = k < n->nin ? n->in[k] : n->out[k - n->nin];
		size_t size;

		if (v < 0)
			continue;
		size = bytes_of(p, v) / (is_whole(p, v) ? 4 : 1);
		if (depends[v])
			t.sample += size / (size_t)p->batch;
		else if (k < n->nin && is_whole(p, v))
			t.bytes += size;
		else if (k < n->nin && n->op != &rt_op_Gather)
			t.weights += size;
	}
	return t;
}

static size_t cache_bytes(void)
{
	long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);

	return bytes > 0 ? (size_t)bytes : 512 * 1024;
}

/* Samples between 1 and most that fit half of a second-level cache, of so many bytes each. */
static int64_t fitting(size_t live, int64_t most)
{
	int64_t fit = live ? (int64_t)(cache_bytes() / 2 / live) : most;

	return fit < 1 ? 1 : fit > most ? most : fit;
}

/* The most nodes worth slicing, and how many samples fit half of a second-level cache between any
 * two of them.  Weights are read again for every slice, which must not cost more than the values
 * that no longer leave the cache; bytes cost nothing while those of all layers stay in the other
 * half. */
static int cut(const struct rt_plan *p, int nodes, const bool *depends, int64_t most, int64_t *m)
{
	const size_t half = cache_bytes() / 2;
	size_t live = 0, sum = 0, bytes = 0;
	double share = 0;	/* largest of weights by bytes of a sample */
	int best = 0;

	for (int i = 0; i < nodes; i++) {
		struct traffic t = traffic_of(p, &p->lowered->nodes[i], depends);
		int64_t fit;

		live = t.sample > live ? t.sample : live;
		sum += t.sample;
		bytes += t.bytes;
		t.weights += bytes > half ? t.bytes : 0;
		if (t.sample && (double)t.weights / (double)t.sample > share)
			share = (double)t.weights / (double)t.sample;
		fit = fitting(live, most);
		if (share > 2 * (double)fit || sum * (size_t)p->batch < 2 * half)
			continue;
		best = i + 1;
		*m = fit;
	}
	return best;
}

/* --- making --------------------------------------------------------------------------------- */

/* Whether a node after the cut reads v. */
static bool read_later(const struct rt_plan *p, int nodes, int v)
{
	for (int i = nodes; i < p->lowered->nnodes; i++)
		for (int k = 0; k < p->lowered->nodes[i].nin; k++)
			if (p->lowered->nodes[i].in[k] == v)
				return true;
	return false;
}

/* What the rest reads instead of v: bytes are handed on as such, and dequantized there. */
static int handed_on(const struct rt_plan *p, int v, const bool *depends)
{
	const struct rt_node *n = &p->lowered->nodes[p->lowered->values[v].producer];
	const int bytes = n->in[0];

	if (n->op != &rt_op_DequantizeLinear || !depends[bytes] ||
	    p->lowered->values[bytes].producer < 0)
		return v;
	return bytes;
}

/* Divides the wanted values; false when one of them is not one a sample. */
static bool divide(struct rt_plan *p, struct slices *s, int nodes, const bool *depends)
{
	for (int v = 0; v < p->lowered->nvalues; v++) {
		int made = p->lowered->values[v].producer;

		if (made < 0 || p->constant[v])
			continue;
		if (made >= nodes)
			s->later[v] = p->pinned[v];
		else if (depends[v] && (p->pinned[v] || read_later(p, nodes, v)))
			s->whole[p->pinned[v] ? v : handed_on(p, v, depends)] = true;
		else if (p->pinned[v])
			return false;
	}
	return true;
}

static bool any(const bool *flag, int n)
{
	for (int i = 0; i < n; i++)
		if (flag[i])
			return true;
	return false;
}

static enum rt_status gather_room(struct rt_plan *p, struct slices *s, struct rt_err *err)
{
	char size[32];

	for (int v = 0; v < p->lowered->nvalues; v++) {
		size_t bytes = (bytes_of(p, v) + 63) / 64 * 64;

		if (!s->whole[v])
			continue;
		p->value[v].data = s->gathered[v] = bytes ? aligned_alloc(64, bytes)
							  : rt_alloc(1, 1);
		if (!s->gathered[v])
			return rt_fail(err, RT_ENOMEM, "not enough memory for this batch (%s)",
				       rt_text_bytes(size, sizeof(size), (double)bytes));
		s->bytes += bytes;
	}
	return RT_OK;
}

/* Samples a slice, at most m: the slices of a thread are equal, or about equal where that would
 * make them less than half as long. */
static int64_t even(int64_t samples, int64_t m)
{
	int64_t slices = (samples + m - 1) / m;

	for (int64_t k = m; 2 * k >= m; k--)
		if (samples % k == 0)
			return k;
	return (samples + slices - 1) / slices;
}

/* What a step of the lane reads and writes for a sample at most: steps may be several nodes. */
static size_t live_in(const struct rt_plan *lane)
{
	size_t most = 0;

	for (int i = 0; i < lane->nsteps; i++) {
		const struct rt_node *n = lane->steps[i].node;
		size_t sum = 0;

		for (int k = 0; k < n->nin + n->nout && !lane->steps[i].view; k++) {
			int v = k < n->nin ? n->in[k] : n->out[k - n->nin];

			if (v >= 0 && !known(lane, v))
				sum += bytes_of(lane, v) / (size_t)lane->batch;
		}
		most = sum > most ? sum : most;
	}
	return most;
}

/* The first lane tells what its steps leave in the cache; where that is less than its nodes would,
 * slices are made longer. */
static enum rt_status make_first(struct rt_plan *p, struct slices *s, const struct part *part,
				 struct rt_err *err)
{
	const int64_t share = p->batch / s->lanes;
	int64_t m;

	RT_TRY(rt_plan_part(&s->lane[0], p->graph, s->m, part, err));
	m = even(share, fitting(live_in(s->lane[0]), share));
	if (m <= s->m)
		return RT_OK;
	rt_plan_free(s->lane[0]);
	s->lane[0] = NULL;
	s->m = m;
	return rt_plan_part(&s->lane[0], p->graph, m, part, err);
}

static enum rt_status make_lanes(struct rt_plan *p, struct slices *s, struct rt_err *err)
{
	struct part part = {.wanted = s->whole};
	enum rt_status status;

	s->lane = rt_alloc((size_t)s->lanes, sizeof(*s->lane));
	rt_threads_alone(true);
	status = make_first(p, s, &part, err);
	part.like = s->lane[0];
	for (int t = 1; t < s->lanes && status == RT_OK; t++)
		status = rt_plan_part(&s->lane[t], p->graph, s->m, &part, err);
	rt_threads_alone(false);
	return status;
}

static enum rt_status make(struct rt_plan *p, struct slices *s, struct rt_err *err)
{
	RT_TRY(gather_room(p, s, err));
	RT_TRY(make_lanes(p, s, err));
	if (any(s->later, p->lowered->nvalues))
		RT_TRY(rt_plan_part(&s->rest, p->graph, p->batch,
				    &(struct part){.wanted = s->later, .given = s->whole}, err));
	for (int v = 0; s->rest && v < p->lowered->nvalues; v++)
		if (s->whole[v])
			s->rest->value[v].data = s->gathered[v];
	return RT_OK;
}

enum rt_status slices_new(struct rt_plan *p, struct rt_err *err)
{
	const size_t nv = (size_t)p->lowered->nvalues;
	const int64_t B = p->batch, threads = rt_threads();
	struct rt_inferred one;
	struct rt_err ignored;
	struct slices *s;
	bool *depends;
	int64_t m = 1;
	int nodes;
	enum rt_status status = RT_OK;

	/* few samples for many threads divide unevenly */
	if (B < 2 || B < threads || (B % threads && B < 4 * threads) ||
	    rt_graph_infer_at(&one, p->graph, 1, NULL, &ignored) != RT_OK)
		return RT_OK;
	depends = rt_alloc(nv, sizeof(bool));
	nodes = separable(p, &one, depends);
	rt_inferred_release(&one);
	nodes = cut(p, nodes, depends, B / threads, &m);
	s = p->slices = rt_alloc(1, sizeof(*s));
	s->whole = rt_alloc(nv, sizeof(bool));
	s->gathered = rt_alloc(nv, sizeof(void *));
	s->later = rt_alloc(nv, sizeof(bool));
	s->lanes = (int)threads;
	s->m = even(B / threads, m);
	if (nodes > 0 && divide(p, s, nodes, depends) && any(s->whole, (int)nv)) {
		status = make(p, s, err);
	} else {
		slices_free(s, (int)nv);
		p->slices = NULL;
	}
	free(depends);
	return status;
}

void slices_free(struct slices *s, int nvalues)
{
	if (!s)
		return;
	for (int t = s->lanes - 1; s->lane && t >= 0; t--)
		rt_plan_free(s->lane[t]);
	rt_plan_free(s->rest);
	for (int v = 0; v < nvalues; v++)
		free(s->gathered[v]);
	free(s->lane);
	free(s->whole);
	free(s->gathered);
	free(s->later);
	free(s);
}

/* --- running -------------------------------------------------------------------------------- */

/* Samples at .. at + m of the batch on lane t. */
static void run_slice(struct rt_plan *p, const struct slices *s, int t, int64_t at)
{
	struct rt_plan *lane = s->lane[t];

	for (int i = 0; i < p->graph->ninputs; i++) {
		int v = p->graph->inputs[i];
		size_t sample = bytes_of(p, v) / (size_t)p->batch;

		rt_plan_bind_input(lane, i, (const char *)p->value[v].data + (size_t)at * sample);
	}
	rt_plan_run(lane, NULL);
	for (int v = 0; v < p->lowered->nvalues; v++) {
		size_t sample = s->whole[v] ? bytes_of(p, v) / (size_t)p->batch : 0;

		if (sample)
			memcpy((char *)s->gathered[v] + (size_t)at * sample, lane->value[v].data,
			       (size_t)s->m * sample);
	}
}

/* A lane's samples but the first `done` of them; the last slice reaches back so that it is whole,
 * too. */
static void run_lane(struct rt_plan *p, const struct slices *s, int t, int64_t done)
{
	int64_t lo = rt_slice(p->batch, t, s->lanes), hi = rt_slice(p->batch, t + 1, s->lanes);

	rt_threads_alone(true);
	for (int64_t at = lo + done; at < hi && !rt_cancelled(); at += s->m)
		run_slice(p, s, t, at + s->m > hi ? hi - s->m : at);
	rt_threads_alone(false);
}

/* The first slice alone: what the lanes keep in common is made by then. */
static void run_first(struct rt_plan *p, const struct slices *s)
{
	rt_threads_alone(true);
	run_slice(p, s, 0, 0);
	rt_threads_alone(false);
	for (int t = 1; t < s->lanes; t++)
		s->lane[t]->stamp = s->lane[0]->stamp;
}

void slices_run(struct rt_plan *p)
{
	const struct slices *s = p->slices;
	const bool stale = kept_is_stale(s->lane[0]);
	const int n = s->lanes;

	if (stale)
		run_first(p, s);
#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++)
		run_lane(p, s, t, stale && t == 0 ? s->m : 0);
	/* the lanes agree on what is ready even where only some of them were stopped */
	for (int t = 0; rt_cancelled() && t < n; t++)
		s->lane[t]->stamp = 0;
	if (!s->rest)
		return;
	for (int i = 0; i < p->graph->ninputs; i++)
		rt_plan_bind_input(s->rest, i, p->value[p->graph->inputs[i]].data);
	rt_plan_run(s->rest, NULL);
	for (int v = 0; v < p->lowered->nvalues; v++)
		if (s->later[v])
			p->value[v].data = s->rest->value[v].data;
}

size_t slices_bytes(const struct slices *s)
{
	size_t bytes = s->bytes + (s->rest ? rt_plan_bytes(s->rest) : 0);

	for (int t = 0; t < s->lanes; t++)
		bytes += rt_plan_bytes(s->lane[t]);
	return bytes;
}

void slices_text(const struct slices *s, struct rt_str *out)
{
	rt_str_addf(out, "%lld samples at a time on each of %d threads:\n", (long long)s->m,
		    s->lanes);
	rt_plan_text(s->lane[0], out);
	if (!s->rest)
		return;
	rt_str_addf(out, "the whole batch:\n");
	rt_plan_text(s->rest, out);
}
