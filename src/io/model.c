/* model.c - models: ownership and what belongs to them besides the graph. */
#include "config.h"

#include "io/model.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Outputs of N x K are taken as K classes; K = 1 is a regression. */
static int guess_classes(const struct rt_graph *g)
{
	const struct rt_shape *s;

	if (g->noutputs == 0)
		return 0;
	s = &g->values[g->outputs[0]].shape;
	if (s->rank != 2 || s->dim[1] < 2 || s->dim[1] > INT32_MAX)
		return 0;
	return (int)s->dim[1];
}

struct rt_model *rt_model_new(const char *name, struct rt_graph *graph, const char *origin)
{
	struct rt_model *m = rt_alloc(1, sizeof(*m));

	m->refs = 1;
	m->name = rt_strdup(name);
	m->graph = graph;
	m->origin = rt_strdup(origin);
	m->classes = guess_classes(graph);
	return m;
}

struct rt_model *rt_model_ref(struct rt_model *m)
{
	__atomic_add_fetch(&m->refs, 1, __ATOMIC_RELAXED);
	return m;
}

static void free_class_names(struct rt_model *m)
{
	for (int i = 0; m->class_name && i < m->classes; i++)
		free(m->class_name[i]);
	free(m->class_name);
	m->class_name = NULL;
}

void rt_model_unref(struct rt_model *m)
{
	if (!m || __atomic_sub_fetch(&m->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	free_class_names(m);
	rt_graph_free(m->graph);
	free(m->name);
	free(m->origin);
	free(m->shift);
	free(m->scale);
	free(m->journal);
	free(m);
}

struct rt_model *rt_model_clone(const struct rt_model *m, const char *name)
{
	struct rt_model *c =
		rt_model_new(name ? name : m->name, rt_graph_clone(m->graph), m->origin);

	rt_model_set_classes(c, m->classes, (const char *const *)m->class_name);
	rt_model_set_scale(c, m->nscale, m->shift, m->scale);
	c->journal = rt_strdup(m->journal);
	return c;
}

void rt_model_set_classes(struct rt_model *m, int n, const char *const *names)
{
	char **copy = NULL;

	if (names && n > 0) {
		copy = rt_alloc((size_t)n, sizeof(*copy));
		for (int i = 0; i < n; i++)
			copy[i] = rt_strdup(names[i]);
	}
	free_class_names(m);
	m->classes = n;
	m->class_name = copy;
}

void rt_model_set_scale(struct rt_model *m, int64_t n, const float *shift, const float *scale)
{
	float *new_shift = rt_memdup(shift, (size_t)n, sizeof(*shift));
	float *new_scale = rt_memdup(scale, (size_t)n, sizeof(*scale));

	free(m->shift);
	free(m->scale);
	m->nscale = n;
	m->shift = new_shift;
	m->scale = new_scale;
}

void rt_model_log(struct rt_model *m, const char *command)
{
	char *longer = m->journal ? rt_sprintf("%s\n%s", m->journal, command) : rt_strdup(command);

	free(m->journal);
	m->journal = longer;
}
