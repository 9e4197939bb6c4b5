/* try.c - what is done with bytes that may be damaged. */
#include "config.h"

#include "try.h"

#include "base/mem.h"
#include "base/sys.h"
#include "exec/eager.h"
#include "exec/plan.h"
#include "io/csv.h"
#include "io/idx.h"
#include "io/model.h"
#include "io/npy.h"
#include "io/png.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#define MOST_BYTES ((size_t)16 << 20)	/* of an array */
#define MOST_INPUT 65536		/* elements */
#define MOST_MACS 20000000
#define MOST_MS 200	/* until a run is asked to stop */
#define MOST_IO 64

/* A test program has no NDEBUG; a fuzzer takes an abort for a find. */
static void must(bool kept, const char *promise, const struct rt_err *err)
{
	if (kept)
		return;
	fprintf(stderr, "broken promise: %s: %s\n", promise, err->msg);
	abort();
}

static void told(const struct rt_err *err)
{
	must(err->status != RT_OK && *err->msg && !strchr(err->msg, '\n'), "one line says why",
	     err);
}

static void on_alarm(int signal)
{
	(void)signal;
	rt_cancel_request();
}

static void clock_set(int ms)
{
	struct itimerval t = {.it_value = {.tv_usec = ms * 1000}};

	rt_cancel_clear();
	setitimer(ITIMER_REAL, &t, NULL);
}

void try_begin(void)
{
	rt_fits_set(MOST_BYTES);
	signal(SIGALRM, on_alarm);
}

/* --- ONNX ---------------------------------------------------------------------------------- */

/* Two samples, three of what else is open; small numbers, halves where there are halves. */
static enum rt_status make_input(struct rt_tensor *t, const struct rt_value *v, struct rt_err *err)
{
	struct rt_shape shape = v->shape;
	double number;
	void *to;

	if (shape.rank < 0)
		shape = RT_SHAPE(2, 3);
	for (int d = 0; d < shape.rank; d++)
		if (shape.dim[d] < 0)
			shape.dim[d] = shape.dim[d] == RT_OPEN ? 3 : 2;
	if (rt_shape_count(&shape) > MOST_INPUT)
		return rt_fail(err, RT_ENOMEM, "more than is tried");
	RT_TRY(rt_tensor_new(t, v->dtype, &shape, err));
	RT_TRY(rt_tensor_write(&to, t, err));
	for (int64_t i = 0; i < rt_tensor_count(t); i++) {
		number = (double)(i * 7 % 5) / 2 - (rt_dtype(v->dtype)->is_float ? 1 : 0);
		rt_convert((char *)to + (size_t)i * rt_dtype(v->dtype)->size, v->dtype, &number,
			   RT_F64, 1);
	}
	return RT_OK;
}

static enum rt_status run_eager(const struct rt_graph *g, const struct rt_tensor *in,
				struct rt_err *err)
{
	struct rt_eager run = {.inputs = in};
	struct rt_tensor out[MOST_IO] = {0};
	enum rt_status status;

	clock_set(MOST_MS);
	status = rt_eager_run(g, &run, out, NULL, err);
	clock_set(0);
	for (int i = 0; i < g->noutputs; i++)
		rt_tensor_release(&out[i]);
	return status;
}

static int64_t macs(const struct rt_graph *g)
{
	struct rt_node_cost *cost = rt_alloc((size_t)g->nnodes, sizeof(*cost));
	struct rt_err err;
	int64_t sum = 0;

	if (rt_graph_cost(g, cost, NULL, &err) == RT_OK)
		for (int i = 0; i < g->nnodes && sum < MOST_MACS; i++)
			sum += cost[i].macs < MOST_MACS ? cost[i].macs : MOST_MACS;
	free(cost);
	return sum;
}

static enum rt_status run_plan(struct rt_graph *g, const struct rt_tensor *in, struct rt_err *err)
{
	struct rt_shape shape[MOST_IO];
	struct rt_plan_opts opts = {.batch = 2, .purpose = RT_INFER, .input_shapes = shape};
	struct rt_plan *plan;
	enum rt_status status;

	for (int i = 0; i < g->ninputs; i++)
		shape[i] = in[i].shape;
	RT_TRY(rt_plan_new(&plan, g, &opts, err));
	for (int i = 0; i < g->ninputs; i++)
		memcpy(rt_plan_input(plan, i), rt_tensor_data(&in[i]), rt_tensor_bytes(&in[i]));
	status = rt_plan_forward(plan, NULL, err);
	rt_plan_free(plan);
	return status;
}

static enum rt_status run(struct rt_graph *g, struct rt_err *err)
{
	struct rt_tensor in[MOST_IO] = {0};
	enum rt_status status = RT_OK;

	if (g->ninputs > MOST_IO || g->noutputs > MOST_IO || macs(g) >= MOST_MACS)
		return rt_fail(err, RT_ENOMEM, "more than is tried");
	for (int i = 0; i < g->ninputs && status == RT_OK; i++)
		status = make_input(&in[i], &g->values[g->inputs[i]], err);
	if (status == RT_OK)
		status = run_eager(g, in, err);
	if (status == RT_OK && run_plan(g, in, err) != RT_OK)
		told(err);
	for (int i = 0; i < g->ninputs; i++)
		rt_tensor_release(&in[i]);
	return status;
}

/* What we write we read, and write the same again. */
static void save_and_load(const struct rt_model *m)
{
	unsigned char *first = NULL, *second = NULL;
	struct rt_model *again = NULL;
	size_t nfirst, nsecond;
	struct rt_err err = {0};

	if (rt_model_pack(&first, &nfirst, m, &err) != RT_OK) {
		told(&err);
		return;
	}
	must(rt_model_unpack(&again, first, nfirst, "saved", &err) == RT_OK,
	     "what is saved can be loaded", &err);
	must(rt_model_pack(&second, &nsecond, again, &err) == RT_OK,
	     "what was loaded can be saved again", &err);
	must(nfirst == nsecond && memcmp(first, second, nfirst) == 0,
	     "saved, loaded and saved it is the same", &err);
	free(first);
	free(second);
	rt_model_unref(again);
}

enum try_result try_onnx(const uint8_t *bytes, size_t len)
{
	struct rt_model *m = NULL;
	struct rt_err err = {0};
	enum try_result result = TRY_RUN;

	if (rt_model_unpack(&m, bytes, len, "bytes", &err) != RT_OK) {
		told(&err);
		return TRY_REFUSED;
	}
	if (run(m->graph, &err) != RT_OK) {
		told(&err);
		result = TRY_LOADED;
	}
	save_and_load(m);
	rt_model_unref(m);
	return result;
}

/* --- arrays, tables, pictures -------------------------------------------------------------- */

static bool try_csv(const uint8_t *bytes, size_t len, struct rt_err *err)
{
	char *text = malloc(len + 1);
	struct rt_csv csv;

	if (len)
		memcpy(text, bytes, len);
	text[len] = '\0';
	if (rt_csv_parse(&csv, text, len, "bytes", 0, RT_CSV_HEADER_AUTO, err) != RT_OK)
		return false;
	rt_csv_release(&csv);
	return true;
}

enum try_result try_arrays(const uint8_t *bytes, size_t len)
{
	struct rt_tensor t;
	struct rt_image img;
	struct rt_err err = {0};
	bool any = false;

	if (rt_npy_parse(&t, bytes, len, "bytes", &err) == RT_OK) {
		rt_tensor_release(&t);
		any = true;
	} else {
		told(&err);
	}
	if (rt_idx_parse(&t, bytes, len, "bytes", &err) == RT_OK) {
		rt_tensor_release(&t);
		any = true;
	} else {
		told(&err);
	}
	if (rt_png_parse(&img, bytes, len, "bytes", 0, &err) == RT_OK) {
		rt_image_release(&img);
		any = true;
	} else {
		told(&err);
	}
	if (try_csv(bytes, len, &err))
		any = true;
	else
		told(&err);
	return any ? TRY_LOADED : TRY_REFUSED;
}
