/* explain_ask.c - asking the small models. */
#include "config.h"

#include "tests/unit/explain_ask.h"
#include "base/mem.h"

#include <math.h>

struct rt_err err;

/* rt_explain() with options as words: "-steps 20 -rule right". */
enum rt_status explain(struct rt_attribution *out, const char *method,
			      const struct rt_question *q, const char *opts)
{
	const struct rt_explainer *e = rt_explainer_find(method);
	char *text = rt_strdup(opts), *word[16], *rest = text;
	void *params = rt_alloc(1, e->row.params_size);
	int n = 0;
	enum rt_status status;

	while (n < 16 && (word[n] = strtok_r(rest, " ", &rest)))
		n++;
	rt_params_init(&e->row, params);
	status = rt_params_parse(&e->row, params, n, (const char *const *)word, &err);
	if (status == RT_OK)
		status = rt_explain(out, e, q, params, &err);
	rt_params_release(&e->row, params);
	free(params);
	free(text);
	return status;
}

void assert_map(const float *map, int64_t n, const double *wanted, double tol)
{
	for (int64_t i = 0; i < n; i++)
		assert_close(map[i], wanted[i], tol);
}

/* Asks, compares the first n numbers of the map (and f_x, where finite), frees the graph. */
void check(struct rt_graph *g, struct rt_question q, const char *method, const char *opts, int n,
		  const double *wanted, double tol)
{
	struct rt_attribution a;

	q.graph = g;
	assert_ok(explain(&a, method, &q, opts));
	assert_true(rt_shape_count(&a.shape) >= n);
	assert_map(a.map, n, wanted, tol);
	rt_attribution_release(&a);
	rt_graph_free(g);
}

/* The sample of net_conv, net_smooth and net_residual: x[i] = sin(0.7 i + 1.3). */
const float *wave(void)
{
	static float x[72];

	for (int i = 0; i < 72; i++)
		x[i] = (float)sin(0.7 * i + 1.3);
	return x;
}

const float count16[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

struct rt_question ask_conv(void)
{
	return (struct rt_question){.x = wave(), .shape = RT_SHAPE(2, 6, 6), .output = 1};
}

struct rt_question ask_cv(void)
{
	return (struct rt_question){.x = count16, .shape = RT_SHAPE(1, 4, 4)};
}
