/* size.c - how many bytes the parameters of a model take, in different ways of storing them. */
#include "config.h"

#include "compress/size.h"
#include "compress/pattern.h"
#include "base/mem.h"

#include <stdlib.h>

static int64_t count_nonzero(const struct rt_tensor *t)
{
	const float *f32 = t->dtype == RT_F32 ? rt_tensor_data(t) : NULL;
	int64_t n = rt_tensor_count(t), nonzero = 0;

	for (int64_t i = 0; f32 && i < n; i++)
		nonzero += f32[i] != 0;
	for (int64_t i = 0; !f32 && i < n; i++)
		nonzero += rt_tensor_get(t, i) != 0;
	return nonzero;
}

/* Compressed rows: 2-byte columns while they suffice, 4-byte row starts. */
static int64_t sparse_bytes(const struct rt_tensor *t)
{
	int64_t n = rt_tensor_count(t), rows = t->shape.rank ? t->shape.dim[0] : 1;
	int64_t column = rows && n / rows > 65536 ? 4 : 2;

	return count_nonzero(t) * ((int64_t)rt_dtype(t->dtype)->size + column) + 4 * (rows + 1);
}

/* sparse[i]: what parameter i takes in its pattern, where that is less. */
static void lower_to_patterns(const struct rt_graph *g, int64_t *sparse)
{
	int n;
	struct rt_weight *list = rt_weights_list(g, &n);

	for (int i = 0; i < n; i++) {
		const struct rt_pattern *p = rt_pattern_find(g, &list[i]);
		const int param = g->values[list[i].value].param;
		int64_t bytes;

		if (!p)
			continue;
		bytes = rt_pattern_bytes(p, g, &list[i]);
		sparse[param] = bytes < sparse[param] ? bytes : sparse[param];
	}
	free(list);
}

struct rt_size rt_compress_size(const struct rt_graph *g)
{
	int64_t *sparse = rt_alloc((size_t)g->nparams, sizeof(*sparse));
	struct rt_size s = {0};

	for (int i = 0; i < g->nparams; i++)
		sparse[i] = sparse_bytes(&g->params[i].data);
	lower_to_patterns(g, sparse);
	for (int i = 0; i < g->nparams; i++) {
		const struct rt_tensor *t = &g->params[i].data;
		const int64_t stored = (int64_t)rt_tensor_bytes(t);

		s.elements += rt_tensor_count(t);
		s.stored += stored;
		s.sparse_estimate += sparse[i] < stored ? sparse[i] : stored;
	}
	s.dense_f32 = s.elements * (int64_t)sizeof(float);
	free(sparse);
	return s;
}
