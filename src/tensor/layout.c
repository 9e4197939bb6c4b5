/* layout.c - strided copies and padding. */
#include "config.h"

#include "tensor/layout.h"
#include "tensor/nest.h"
#include "tensor/parallel.h"

#include <string.h>

#define TILE 16 /* rows and columns of a block that is turned in the cache */

enum { TO, FROM };

/* A loop of len elements on both sides, in the element type of the copy. */
typedef void line_fn(void *to, int64_t to_step, const void *from, int64_t from_step, int64_t len);

/* At most TILE x TILE elements, index (i, j); each side is contiguous along one of the two. */
typedef void tile_fn(void *to, int64_t ti, int64_t tj, const void *from, int64_t fi, int64_t fj,
		     int64_t I, int64_t J);

/* A tile goes through a buffer so that every cache line of either side is touched once: rows a
 * power of two apart would throw each other out of the cache. */
#define MOVES(name, type, assign)                                                                  \
	static void name##_line(void *to, int64_t to_step, const void *from, int64_t from_step,    \
				int64_t len)                                                       \
	{                                                                                          \
		type *y = to;                                                                      \
		const type *x = from;                                                              \
		if (to_step == 1 && from_step == 1) {                                              \
			_Pragma("omp simd")                                                        \
			for (int64_t i = 0; i < len; i++)                                          \
				y[i] assign x[i];                                                  \
			return;                                                                    \
		}                                                                                  \
		for (int64_t i = 0; i < len; i++)                                                  \
			y[i * to_step] assign x[i * from_step];                                    \
	}                                                                                          \
	static void name##_tile(void *to, int64_t ti, int64_t tj, const void *from, int64_t fi,    \
				int64_t fj, int64_t I, int64_t J)                                  \
	{                                                                                          \
		type *y = to, buf[TILE][TILE];                                                     \
		const type *x = from;                                                              \
		if (fi == 1)                                                                       \
			for (int64_t j = 0; j < J; j++)                                            \
				for (int64_t i = 0; i < I; i++)                                    \
					buf[j][i] = x[i + j * fj];                                 \
		else                                                                               \
			for (int64_t i = 0; i < I; i++)                                            \
				for (int64_t j = 0; j < J; j++)                                    \
					buf[j][i] = x[i * fi + j];                                 \
		if (ti == 1)                                                                       \
			for (int64_t j = 0; j < J; j++)                                            \
				for (int64_t i = 0; i < I; i++)                                    \
					y[i + j * tj] assign buf[j][i];                            \
		else                                                                               \
			for (int64_t i = 0; i < I; i++)                                            \
				for (int64_t j = 0; j < J; j++)                                    \
					y[i * ti + j] assign buf[j][i];                            \
	}
MOVES(copy_1, uint8_t, =)
MOVES(copy_2, uint16_t, =)
MOVES(copy_4, uint32_t, =)
MOVES(copy_8, uint64_t, =)
MOVES(add_f32, float, +=)

struct kind {
	line_fn *line;
	tile_fn *tile;
};

static const struct kind copy_kinds[] = {
	[1] = {copy_1_line, copy_1_tile}, [2] = {copy_2_line, copy_2_tile},
	[4] = {copy_4_line, copy_4_tile}, [8] = {copy_8_line, copy_8_tile},
};
static const struct kind add_kind = {add_f32_line, add_f32_tile};

struct move {
	struct kind kind;
	size_t size;
	char *to;
	const char *from;
	int64_t step[2];	/* along the innermost axis of the nest */
	int64_t turned, turned_step[2]; /* length and steps of the axis taken out; 0: none */
};

static void row(void *ctx, const int64_t at[RT_NEST_OPERANDS], int64_t from, int64_t len)
{
	const struct move *m = ctx;

	(void)from;
	m->kind.line(m->to + at[TO] * (int64_t)m->size, m->step[TO],
		     m->from + at[FROM] * (int64_t)m->size, m->step[FROM], len);
}

/* A block of len x turned elements, in tiles. */
static void turned_row(void *ctx, const int64_t at[RT_NEST_OPERANDS], int64_t from, int64_t len)
{
	const struct move *m = ctx;
	int64_t size = (int64_t)m->size;

	(void)from;
	for (int64_t i = 0; i < len; i += TILE)
		for (int64_t j = 0; j < m->turned; j += TILE) {
			int64_t to = at[TO] + i * m->step[TO] + j * m->turned_step[TO];
			int64_t in = at[FROM] + i * m->step[FROM] + j * m->turned_step[FROM];

			m->kind.tile(m->to + size * to, m->step[TO], m->turned_step[TO],
				     m->from + size * in, m->step[FROM], m->turned_step[FROM],
				     len - i < TILE ? len - i : TILE,
				     m->turned - j < TILE ? m->turned - j : TILE);
		}
}

/* The axis to bring beside the innermost: where that is contiguous on one side only, the one that
 * is contiguous on the other; -1: there is none, or no need. */
static int turned_axis(const struct rt_nest *nest)
{
	int inner = nest->rank - 1, other;

	if (nest->step[TO][inner] == nest->step[FROM][inner] ||
	    (nest->step[TO][inner] != 1 && nest->step[FROM][inner] != 1))
		return -1;
	other = nest->step[TO][inner] == 1 ? FROM : TO;
	for (int d = 0; d < inner; d++)
		if (nest->step[other][d] == 1)
			return d;
	return -1;
}

/* Takes the innermost axis out of the nest and puts axis d in its place. */
static void turn(struct move *m, struct rt_nest *nest, int d)
{
	int inner = nest->rank - 1;
	int64_t dim = nest->dim[d], step[2] = {nest->step[TO][d], nest->step[FROM][d]};

	m->turned = nest->dim[inner];
	for (int k = 0; k < 2; k++)
		m->turned_step[k] = nest->step[k][inner];
	for (int i = d; i + 1 < inner; i++) {
		nest->dim[i] = nest->dim[i + 1];
		for (int k = 0; k < 2; k++)
			nest->step[k][i] = nest->step[k][i + 1];
	}
	nest->dim[inner - 1] = dim;
	for (int k = 0; k < 2; k++)
		nest->step[k][inner - 1] = step[k];
	nest->rank--;
}

static void move(struct move *m, const int64_t *to_step, const int64_t *from_step,
		 const struct rt_shape *shape)
{
	struct rt_nest nest;
	int axis;

	rt_nest_init(&nest, shape);
	rt_nest_add(&nest, to_step);
	rt_nest_add(&nest, from_step);
	rt_nest_collapse(&nest);
	axis = turned_axis(&nest);
	if (axis >= 0)
		turn(m, &nest, axis);
	for (int k = 0; k < 2; k++)
		m->step[k] = nest.step[k][nest.rank - 1];
	rt_nest_rows(&nest, m->turned ? 2 * m->turned : 1, m->turned ? turned_row : row, m);
}

void rt_copy_steps(void *to, const int64_t *to_step, const void *from, const int64_t *from_step,
		   size_t size, const struct rt_shape *shape)
{
	struct move m = {.kind = copy_kinds[size], .size = size, .to = to, .from = from};

	move(&m, to_step, from_step, shape);
}

void rt_add_steps(float *to, const int64_t *to_step, const float *from, const int64_t *from_step,
		  const struct rt_shape *shape)
{
	struct move m = {.kind = add_kind, .size = sizeof(float), .to = (char *)to,
			 .from = (const char *)from};

	move(&m, to_step, from_step, shape);
}

/* --- padding ------------------------------------------------------------------------------ */

struct pad {
	const struct rt_shape *xs, *ys;
	const int64_t *begin;
	enum rt_pad_mode mode;
	size_t size;
	const char *x, *value;	/* forward */
	char *y;
	float *dx;		/* backward */
	const float *dy;
};

/* Index of x along axis d behind index i of y, or -1 where the constant goes. */
static int64_t source(const struct pad *p, int d, int64_t i)
{
	int64_t n = p->xs->dim[d], k = i - p->begin[d];

	if (k >= 0 && k < n)
		return k;
	if (p->mode == RT_PAD_CONSTANT)
		return -1;
	if (p->mode == RT_PAD_EDGE)
		return k < 0 ? 0 : n - 1;
	if (p->mode == RT_PAD_WRAP)
		return k % n < 0 ? k % n + n : k % n;
	return k < 0 ? -k : 2 * (n - 1) - k;
}

/* The part [*lo, *hi) of a row of y that lies on the row of x. */
static void inside(const struct pad *p, int64_t *lo, int64_t *hi)
{
	int d = p->ys->rank - 1;
	int64_t len = p->ys->dim[d], end = p->begin[d] + p->xs->dim[d];

	*lo = p->begin[d] < 0 ? 0 : p->begin[d] > len ? len : p->begin[d];
	*hi = end > len ? len : end < *lo ? *lo : end;
}

/* One element of y beside the row of x. */
static void pad_one(const struct pad *p, int64_t y_at, int64_t x_at, int64_t i)
{
	int64_t k = x_at < 0 ? -1 : source(p, p->ys->rank - 1, i);
	size_t size = p->size;

	memcpy(p->y + (size_t)(y_at + i) * size,
	       k < 0 ? p->value : p->x + (size_t)(x_at + k) * size, size);
}

static void pad_row(const struct pad *p, int64_t y_at, int64_t x_at)
{
	int d = p->ys->rank - 1;
	int64_t lo, hi;
	size_t size = p->size;

	inside(p, &lo, &hi);
	if (x_at < 0)
		lo = hi = 0;
	else if (hi > lo)
		memcpy(p->y + (size_t)(y_at + lo) * size,
		       p->x + (size_t)(x_at + lo - p->begin[d]) * size, (size_t)(hi - lo) * size);
	for (int64_t i = 0; i < lo; i++)
		pad_one(p, y_at, x_at, i);
	for (int64_t i = hi; i < p->ys->dim[d]; i++)
		pad_one(p, y_at, x_at, i);
}

static void pad_one_add(const struct pad *p, int64_t y_at, int64_t x_at, int64_t i)
{
	int64_t k = source(p, p->ys->rank - 1, i);

	if (k >= 0)
		p->dx[x_at + k] += p->dy[y_at + i];
}

static void pad_row_add(const struct pad *p, int64_t y_at, int64_t x_at)
{
	int d = p->ys->rank - 1;
	int64_t lo, hi;

	if (x_at < 0)
		return;
	inside(p, &lo, &hi);
	add_f32_line(p->dx + x_at + lo - p->begin[d], 1, p->dy + y_at + lo, 1, hi - lo);
	for (int64_t i = 0; i < lo; i++)
		pad_one_add(p, y_at, x_at, i);
	for (int64_t i = hi; i < p->ys->dim[d]; i++)
		pad_one_add(p, y_at, x_at, i);
}

/* All rows below the given indices of the axes before d. */
static void pad_axes(const struct pad *p, int d, int64_t y_at, int64_t x_at)
{
	if (d == p->ys->rank - 1) {
		(p->dx ? pad_row_add : pad_row)(p, y_at * p->ys->dim[d],
						x_at < 0 ? -1 : x_at * p->xs->dim[d]);
		return;
	}
	for (int64_t i = 0; i < p->ys->dim[d]; i++) {
		int64_t k = x_at < 0 ? -1 : source(p, d, i);

		pad_axes(p, d + 1, y_at * p->ys->dim[d] + i, k < 0 ? -1 : x_at * p->xs->dim[d] + k);
	}
}

/* Axes in front that stay as they are (samples, channels) are spread over threads. */
static void pad_run(const struct pad *p)
{
	int free_axes = 0, n;
	int64_t outer;

	while (free_axes < p->ys->rank - 1 && p->begin[free_axes] == 0 &&
	       p->ys->dim[free_axes] == p->xs->dim[free_axes])
		free_axes++;
	outer = rt_shape_span(p->ys, 0, free_axes);
	n = rt_split(outer, rt_shape_count(p->ys));
#pragma omp parallel for num_threads(n) schedule(static)
	for (int64_t i = 0; i < outer; i++)
		pad_axes(p, free_axes, i, i);
}

void rt_pad(void *y, const struct rt_shape *ys, const void *x, const struct rt_shape *xs,
	    size_t size, const int64_t *begin, enum rt_pad_mode mode, const void *value)
{
	struct pad p = {.xs = xs, .ys = ys, .begin = begin, .mode = mode, .size = size,
			.x = x, .value = value, .y = y};

	if (ys->rank == 0)
		memcpy(y, x, size);
	else
		pad_run(&p);
}

void rt_pad_add(float *dx, const struct rt_shape *xs, const float *dy, const struct rt_shape *ys,
		const int64_t *begin, enum rt_pad_mode mode)
{
	struct pad p = {.xs = xs, .ys = ys, .begin = begin, .mode = mode, .dx = dx, .dy = dy};

	if (ys->rank == 0)
		dx[0] += dy[0];
	else
		pad_run(&p);
}
