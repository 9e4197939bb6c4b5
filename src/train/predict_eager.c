/* predict_eager.c - outputs of a model that no plan can be made of, by the runner that goes node by
 * node. */
#include "config.h"

#include "exec/eager.h"
#include "base/sys.h"
#include "train/predict.h"
#include "train/predict_eager.h"

#include <inttypes.h>
#include <string.h>

/* One run of n samples; their logits, n x width, to out. */
static enum rt_status run_some(float *out, const struct rt_graph *g, const struct rt_data *d,
			       const int32_t *index, int64_t n, int64_t width, struct rt_err *err)
{
	int logits = rt_graph_logits(g), noutputs = g->noutputs;
	struct rt_tensor x, tapped, outputs[EAGER_OUTPUTS];
	struct rt_shape shape = g->values[g->inputs[0]].shape;
	enum rt_dtype dtype = g->values[g->inputs[0]].dtype;
	enum rt_status status;
	void *bytes;

	shape.dim[0] = n;
	RT_TRY(rt_tensor_new(&x, dtype, &shape, err));
	status = rt_tensor_write(&bytes, &x, err);
	if (status == RT_OK) {
		rt_data_fill_as(d, index, n, dtype, bytes);
		status = rt_eager_run(g, &(struct rt_eager){&x, &logits, 1}, outputs, &tapped, err);
	}
	rt_tensor_release(&x);
	if (status != RT_OK)
		return status;
	if (tapped.dtype != RT_F32 || rt_tensor_count(&tapped) != n * width)
		status = rt_fail(err, RT_ESHAPE,
				 "\"%s\" has %" PRId64 " %s numbers for %" PRId64
				 " samples, f32 for %" PRId64 " outputs are wanted",
				 g->values[logits].name, rt_tensor_count(&tapped),
				 rt_dtype(tapped.dtype)->row.name, n, width);
	else
		memcpy(out, rt_tensor_data(&tapped), rt_tensor_bytes(&tapped));
	rt_tensor_release(&tapped);
	for (int i = 0; i < noutputs; i++)
		rt_tensor_release(&outputs[i]);
	return status;
}

enum rt_status predict_eager(float *z, const struct rt_graph *g, const struct rt_data *d,
			     const int32_t *index, int64_t n, int64_t size, int64_t width,
			     struct rt_err *err)
{
	int32_t numbers[EAGER_BATCH];

	if (g->noutputs > EAGER_OUTPUTS)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "the model has %d outputs, at most %d can be run without a plan",
			       g->noutputs, EAGER_OUTPUTS);
	if (size > EAGER_BATCH)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "batches of %" PRId64 " cannot be run without a plan, at most %d "
			       "can",
			       size, EAGER_BATCH);
	for (int64_t at = 0; at < n; at += size) {
		int64_t some = n - at < size ? n - at : size;

		if (rt_cancelled())
			return rt_fail(err, RT_ECANCELLED, "stopped");
		for (int64_t i = 0; i < some; i++)
			numbers[i] = index ? index[at + i] : (int32_t)(at + i);
		RT_TRY(run_some(z + at * width, g, d, numbers, some, width, err));
	}
	return RT_OK;
}
