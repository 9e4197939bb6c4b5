/* weights.c - the weights of a model as named arrays. */
#include "config.h"

#include "io/weights.h"
#include "base/mem.h"
#include "graph/mask.h"

#include <stdlib.h>
#include <string.h>

/* --- names ----------------------------------------------------------------------------------- */

static int stars(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '*';
	return n;
}

static enum rt_status check_map(const struct rt_strings *map, struct rt_err *err)
{
	if (map->n % 2)
		return rt_fail(err, RT_EINVAL,
			       "the map has %d words; they come in pairs: name in the "
			       "file, name in the model",
			       map->n);
	for (int i = 0; i < map->n; i += 2)
		if (stars(map->v[i]) != stars(map->v[i + 1]) || stars(map->v[i]) > 1)
			return rt_fail(err, RT_EINVAL, "\"%s\" and \"%s\": one * in each, or none",
				       map->v[i], map->v[i + 1]);
	return RT_OK;
}

/* The length of a pattern without its "^T". */
static size_t plain_length(const char *pattern, bool *turned)
{
	size_t n = strlen(pattern);

	*turned = n > 2 && strcmp(pattern + n - 2, "^T") == 0;
	return *turned ? n - 2 : n;
}

/* Whether name fits the pattern; *star and *len are what '*' stands for. */
static bool fits(const char *name, const char *pattern, size_t n, const char **star, size_t *len)
{
	const char *at = memchr(pattern, '*', n);
	size_t head = at ? (size_t)(at - pattern) : n, tail = at ? n - head - 1 : 0;
	size_t all = strlen(name);

	*star = name + head;
	*len = 0;
	if (!at)
		return all == n && memcmp(name, pattern, n) == 0;
	if (all < head + tail || memcmp(name, pattern, head) != 0 ||
	    memcmp(name + all - tail, at + 1, tail) != 0)
		return false;
	*len = all - head - tail;
	return true;
}

static char *fill_star(const char *pattern, size_t n, const char *star, size_t len)
{
	struct rt_str out = {0};

	for (size_t i = 0; i < n; i++) {
		if (pattern[i] == '*')
			rt_str_addn(&out, star, len);
		else
			rt_str_addc(&out, pattern[i]);
	}
	return rt_str_take(&out);
}

/* The other side's name for one side's; the caller frees. */
static char *mapped(const struct rt_strings *map, const char *name, bool from_file, bool *turned)
{
	for (int i = 0; i < map->n; i += 2) {
		const char *file = map->v[i], *model = map->v[i + 1], *star;
		size_t model_length = plain_length(model, turned), len;

		if (from_file ? fits(name, file, strlen(file), &star, &len)
			      : fits(name, model, model_length, &star, &len))
			return from_file ? fill_star(model, model_length, star, len)
					 : fill_star(file, strlen(file), star, len);
	}
	*turned = false;
	return rt_strdup(name);
}

/* --- arrays ---------------------------------------------------------------------------------- */

/* A scale or a zero point, also of a whole tensor. */
static bool quantizes(const struct rt_graph *g, int value)
{
	for (int i = 0; i < g->nnodes; i++) {
		const struct rt_node *n = &g->nodes[i];

		if (strcmp(n->op->row.name, "QuantizeLinear") != 0 &&
		    strcmp(n->op->row.name, "DequantizeLinear") != 0)
			continue;
		for (int k = 1; k < n->nin; k++)
			if (n->in[k] == value)
				return true;
	}
	return false;
}

static bool is_weight(const struct rt_graph *g, const struct rt_param *p)
{
	return p->trainable || (p->data.shape.rank > 0 && p->data.dtype != RT_I64) ||
	       quantizes(g, p->value);
}

/* *out (C,R) from x (R,C), in the type of x. */
static enum rt_status turn(struct rt_tensor *out, const struct rt_tensor *x, struct rt_err *err)
{
	const size_t size = rt_dtype(x->dtype)->size;
	const char *from = rt_tensor_data(x);
	int64_t R = x->shape.dim[0], C = x->shape.dim[1];
	void *to;

	RT_TRY(rt_tensor_new(out, x->dtype, &RT_SHAPE(C, R), err));
	RT_TRY(rt_tensor_write(&to, out, err));
	for (int64_t r = 0; r < R; r++)
		for (int64_t c = 0; c < C; c++)
			memcpy((char *)to + (size_t)(c * R + r) * size,
			       from + (size_t)(r * C + c) * size, size);
	return RT_OK;
}

static enum rt_status maybe_turn(struct rt_tensor *out, const struct rt_tensor *x, bool turned,
				 const char *name, struct rt_err *err)
{
	char text[96];

	if (turned && x->shape.rank != 2)
		return rt_fail(err, RT_ESHAPE, "\"%s\" is %s, ^T is for matrices", name,
			       rt_shape_text(text, sizeof(text), &x->shape));
	if (turned)
		return turn(out, x, err);
	rt_tensor_share(out, x);
	return RT_OK;
}

enum rt_status rt_weights_take(struct rt_tensors *out, const struct rt_graph *g,
			       const struct rt_strings *map, struct rt_err *err)
{
	enum rt_status status = check_map(map, err);

	*out = (struct rt_tensors){0};
	for (int i = 0; i < g->nparams && status == RT_OK; i++) {
		const struct rt_param *p = &g->params[i];
		struct rt_tensor t;
		bool turned;
		char *name;

		if (!is_weight(g, p))
			continue;
		name = mapped(map, g->values[p->value].name, false, &turned);
		if (rt_tensors_find(out, name))
			status = rt_fail(err, RT_EEXISTS, "two weights are mapped to \"%s\"", name);
		else
			status = maybe_turn(&t, &p->data, turned, name, err);
		if (status == RT_OK)
			rt_tensors_add(out, name, &t);
		free(name);
	}
	if (status != RT_OK)
		rt_tensors_release(out);
	return status;
}

/* Sets *out to the array in the type and shape of p. */
static enum rt_status convert(struct rt_tensor *out, const struct rt_tensor *x, bool turned,
			      const struct rt_param *p, const char *name, struct rt_err *err)
{
	struct rt_tensor t;
	char a[96], b[96];
	enum rt_status status = RT_OK;
	void *to;

	RT_TRY(maybe_turn(&t, x, turned, name, err));
	*out = (struct rt_tensor){0};
	if (!rt_shape_equal(&t.shape, &p->data.shape)) {
		status = rt_fail(err, RT_ESHAPE, "\"%s\" is %s in the file and %s in the model",
				 name, rt_shape_text(a, sizeof(a), &t.shape),
				 rt_shape_text(b, sizeof(b), &p->data.shape));
	} else if (t.dtype == p->data.dtype) {
		rt_tensor_share(out, &t);
	} else {
		status = rt_tensor_new(out, p->data.dtype, &t.shape, err);
		if (status == RT_OK)
			status = rt_tensor_write(&to, out, err);
		if (status == RT_OK)
			rt_convert(to, out->dtype, rt_tensor_data(&t), t.dtype,
				   rt_tensor_count(&t));
	}
	rt_tensor_release(&t);
	return status;
}

/* New tensors for the parameters, by their number; {0} where there is none. */
static enum rt_status pair_up(struct rt_tensor *fresh, const struct rt_graph *g,
			      const struct rt_tensors *from, const struct rt_strings *map,
			      bool partial, int *taken, struct rt_err *err)
{
	const char *lost = NULL;
	int n_lost = 0;

	for (int i = 0; i < from->n; i++) {
		bool turned;
		char *name = mapped(map, from->v[i].name, true, &turned);
		int v = rt_graph_find_value(g, name), k = v < 0 ? -1 : g->values[v].param;
		enum rt_status status = RT_OK;

		if (k < 0 || !is_weight(g, &g->params[k])) {
			lost = lost ? lost : from->v[i].name;
			n_lost++;
		} else if (fresh[k].storage) {
			status = rt_fail(err, RT_EEXISTS, "two arrays are mapped to \"%s\"", name);
		} else {
			status = convert(&fresh[k], &from->v[i].data, turned, &g->params[k], name,
					 err);
			*taken += status == RT_OK;
		}
		free(name);
		RT_TRY(status);
	}
	if (!n_lost || partial)
		return RT_OK;
	return rt_fail(err, RT_ENOTFOUND,
		       "the model has no weights for %d of the file's %d arrays, "
		       "the first is \"%s\"   (try: -map, -partial yes)",
		       n_lost, from->n, lost);
}

static enum rt_status check_whole(const struct rt_tensor *fresh, const struct rt_graph *g,
				  struct rt_err *err)
{
	const char *lost = NULL;
	int n = 0;

	for (int i = 0; i < g->nparams; i++)
		if (is_weight(g, &g->params[i]) && !fresh[i].storage) {
			lost = lost ? lost : g->values[g->params[i].value].name;
			n++;
		}
	if (!n)
		return RT_OK;
	return rt_fail(err, RT_ENOTFOUND, "the file has nothing for %d of the model's weights, the "
		       "first is \"%s\"   (try: -map, -partial yes)", n, lost);
}

enum rt_status rt_weights_give(struct rt_graph *g, const struct rt_tensors *from,
			       const struct rt_strings *map, bool partial, int *taken,
			       struct rt_err *err)
{
	struct rt_tensor *fresh = rt_alloc((size_t)g->nparams, sizeof(*fresh));
	enum rt_status status = check_map(map, err);
	int found = 0;

	if (status == RT_OK)
		status = pair_up(fresh, g, from, map, partial, &found, err);
	if (status == RT_OK && !partial)
		status = check_whole(fresh, g, err);
	for (int i = 0; i < g->nparams; i++) {
		if (status != RT_OK || !fresh[i].storage) {
			rt_tensor_release(&fresh[i]);
			continue;
		}
		rt_tensor_release(&g->params[i].data);
		g->params[i].data = fresh[i];
	}
	free(fresh);
	if (taken)
		*taken = found;
	return status == RT_OK ? rt_graph_apply_masks(g, err) : status;
}
