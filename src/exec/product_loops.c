/* product_loops.c - from axes with strides to matrices: loops that every array walks as one are
 * joined; one loop each is left of rows, columns and sums, and what is more becomes a loop over
 * matrices.
 */
#include "config.h"

#include "exec/product_loops.h"

#define LOOPS 16
#define LOW 16 /* rows from which on a matrix is worth its call */

struct loop {
	int64_t size, step[PRODUCT_ARRAYS];
};

struct loops {
	int n;
	struct loop loop[LOOPS];
};

/* Adds the loops of axes of the same size, NULL where an array stays in place: the parts that all
 * of them are cut into.  False when they are cut at places that do not fit. */
static bool cut(struct loops *to, const struct axis *const *axis)
{
	struct factor f[PRODUCT_ARRAYS] = {{0}};
	int at[PRODUCT_ARRAYS];
	bool left = false;

	for (int k = 0; k < PRODUCT_ARRAYS; k++) {
		at[k] = axis[k] ? axis[k]->n : 0;
		left = left || at[k] > 0;
	}
	while (left) {
		struct loop loop = {0};

		for (int k = 0; k < PRODUCT_ARRAYS; k++) {
			if (f[k].size <= 1 && at[k] > 0)
				f[k] = axis[k]->loop[--at[k]];
			if (f[k].size > 1 && (loop.size == 0 || f[k].size < loop.size))
				loop.size = f[k].size;
		}
		left = false;
		for (int k = 0; k < PRODUCT_ARRAYS; k++) {
			if (f[k].size % loop.size)
				return false;
			loop.step[k] = f[k].step;
			f[k].size /= loop.size;
			f[k].step *= loop.size;
			left = left || f[k].size > 1 || at[k] > 0;
		}
		if (to->n == LOOPS)
			return false;
		to->loop[to->n++] = loop;
	}
	return true;
}

static bool lies_behind(const struct loop *outer, const struct loop *inner)
{
	for (int k = 0; k < PRODUCT_ARRAYS; k++)
		if (outer->step[k] != inner->size * inner->step[k])
			return false;
	return true;
}

static bool join_two(struct loops *l)
{
	for (int o = 0; o < l->n; o++) {
		for (int i = 0; i < l->n; i++) {
			if (o == i || !lies_behind(&l->loop[o], &l->loop[i]))
				continue;
			l->loop[i].size *= l->loop[o].size;
			l->loop[o] = l->loop[--l->n];
			return true;
		}
	}
	return false;
}

static void join(struct loops *l)
{
	while (join_two(l))
		;
}

/* The axis of an array under axis d of a result of that rank; NULL where it is broadcast. */
static const struct axis *under(const struct strides *s, int d, int rank)
{
	const int own = d - rank + s->rank;

	return s->rank > 0 && own >= 0 && s->axis[own].n > 0 ? &s->axis[own] : NULL;
}

static bool cut_axes(const struct product_axes *x, struct loops *rows, struct loops *columns,
		     struct loops *sums, struct loops *batch)
{
	const struct strides *a = &x->of[IN_A], *b = &x->of[IN_B], *y = &x->of[IN_Y];
	const struct strides *add = &x->of[IN_ADD];
	const int R = y->rank;
	const struct axis *m[] = {under(a, a->rank - 2, a->rank), NULL, under(y, R - 2, R),
				  under(add, R - 2, R)};
	const struct axis *n[] = {NULL, under(b, b->rank - 1, b->rank), under(y, R - 1, R),
				  under(add, R - 1, R)};
	const struct axis *k[] = {under(a, a->rank - 1, a->rank), under(b, b->rank - 2, b->rank),
				  NULL, NULL};

	if (!cut(rows, m) || !cut(columns, n) || !cut(sums, k))
		return false;
	for (int d = 0; d < R - 2; d++) {
		const struct axis *all[] = {under(a, d, R), under(b, d, R), under(y, d, R),
					    under(add, d, R)};

		/* of one B the rows of all matrices are rows of one */
		if (!cut(!all[IN_B] && all[IN_A] ? rows : batch, all))
			return false;
	}
	return true;
}

/* Takes the loop with most rows out of l; one row where there is none. */
static struct loop highest(struct loops *l)
{
	struct loop taken = {.size = 1};
	int best = -1;

	for (int i = 0; i < l->n; i++)
		if (best < 0 || l->loop[i].size > l->loop[best].size)
			best = i;
	if (best >= 0) {
		taken = l->loop[best];
		l->loop[best] = l->loop[--l->n];
	}
	return taken;
}

/* How a matrix is stored whose rows and columns are these loops: rows apart, or, turned, columns
 * apart. */
static bool store(const struct loop *rows, const struct loop *columns, int k, bool *turned,
		  int64_t *ld)
{
	const int64_t down = rows->step[k], right = columns->step[k];

	*turned = columns->size > 1 && right != 1;
	if (*turned && rows->size > 1 && down != 1)
		return false;
	if (*turned)
		*ld = right;
	else
		*ld = rows->size > 1 ? down : columns->size;
	return *ld >= (*turned ? rows->size : columns->size);
}

static bool add_loops(struct rt_products *out, const struct loops *l)
{
	for (int i = 0; i < l->n; i++) {
		const int64_t *step = l->loop[i].step;

		if (out->loops == RT_PRODUCT_LOOPS)
			return false;
		out->loop[out->loops++] = (struct rt_product_loop){
			l->loop[i].size, step[IN_A], step[IN_B], step[IN_Y], step[IN_ADD]};
	}
	return true;
}

static bool lay_out(struct rt_products *out, const struct product_axes *x, struct loop m,
		    struct loop n, struct loop k)
{
	bool turned;

	out->M = m.size;
	out->N = n.size;
	out->K = k.size;
	out->a = x->of[IN_A].offset;
	out->b = x->of[IN_B].offset;
	out->alpha = (float)(x->of[IN_A].scale * x->of[IN_B].scale);
	out->ldadd = m.step[IN_ADD];
	if (x->add_as_y) {
		out->ldadd = m.step[IN_Y];
		for (int i = 0; i < out->loops; i++)
			out->loop[i].add = out->loop[i].y;
	} else if (x->of[IN_ADD].rank > 0 && n.size > 1 && n.step[IN_ADD] != 1) {
		return false;
	}
	return store(&m, &k, IN_A, &out->ta, &out->lda) &&
	       store(&k, &n, IN_B, &out->tb, &out->ldb) &&
	       store(&m, &n, IN_Y, &turned, &out->ldy) && !turned;
}

bool product_loops(struct rt_products *out, const struct product_axes *x)
{
	struct loops rows = {0}, columns = {0}, sums = {0}, batch = {0};
	struct loop m;

	if (!cut_axes(x, &rows, &columns, &sums, &batch))
		return false;
	join(&rows);
	join(&columns);
	join(&sums);
	m = highest(&rows);
	join(&batch);
	out->loops = 0;
	if (columns.n > 1 || sums.n > 1 || (rows.n > 0 && m.size < LOW) ||
	    !add_loops(out, &rows) || !add_loops(out, &batch))
		return false;
	return lay_out(out, x, m, highest(&columns), highest(&sums));
}
