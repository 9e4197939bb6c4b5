/* size.c - how many bytes the parameters of a model take, in different ways of storing them. */
#include "config.h"

#include "compress/size.h"

/* Compressed rows: 2-byte columns while they suffice, 4-byte row starts. */
static int64_t sparse_bytes(const struct rt_tensor *t)
{
	int64_t n = rt_tensor_count(t), rows = t->shape.rank ? t->shape.dim[0] : 1, nonzero = 0;
	int64_t column = rows && n / rows > 65536 ? 4 : 2;

	for (int64_t i = 0; i < n; i++)
		nonzero += rt_tensor_get(t, i) != 0;
	return nonzero * ((int64_t)rt_dtype(t->dtype)->size + column) + 4 * (rows + 1);
}

struct rt_size rt_compress_size(const struct rt_graph *g)
{
	struct rt_size s = {0};

	for (int i = 0; i < g->nparams; i++) {
		const struct rt_tensor *t = &g->params[i].data;
		int64_t stored = (int64_t)rt_tensor_bytes(t), sparse = sparse_bytes(t);

		s.elements += rt_tensor_count(t);
		s.stored += stored;
		s.sparse_estimate += sparse < stored ? sparse : stored;
	}
	s.dense_f32 = s.elements * (int64_t)sizeof(float);
	return s;
}
