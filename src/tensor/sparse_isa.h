/* sparse_isa.h - the loops of sparse_table.h, compiled once per instruction set (isa.h).  RT_LANES
 * and RT_REGISTERS tell what a vector holds and how many sums stay in registers; RT_PICK, where
 * there is such an instruction, takes one of four floats for every lane. */
#include "tensor/sparse_table.h"
#include "tensor/lanes_isa.h"

/* Vectors of a panel, and outputs that a pass over it sums where lanes are neighbours in x. */
#define PANEL (RT_SPARSE_BLOCK / L)
#define PASS (RT_REGISTERS == 28 ? 8 : 4)

/* --- lanes are outputs -------------------------------------------------------------------- */

/* Adds `depth` blocks to sums of their own, so that few rows do not wait for each other. */
INLINE void row_sums(const struct sparse_rows *t, const int rows, const int depth, lanes *acc)
{
	const int64_t row = t->x_row;
	const float *x[(SPARSE_ROWS + 2) / 3], *w = t->w;
	const int32_t *at = t->at;
	int64_t b = 0;

	UNROLL
	for (int g = 0; g < (rows + 2) / 3; g++)
		x[g] = t->x + 3 * g * row;
	for (; b + depth <= t->blocks; b += depth, w += depth * RT_SPARSE_BLOCK) {
		UNROLL
		for (int d = 0; d < depth; d++) {
			const int64_t i = at[b + d];
			lanes v[PANEL];

			UNROLL
			for (int j = 0; j < PANEL; j++)
				v[j] = load(w + d * RT_SPARSE_BLOCK + j * L);
			UNROLL
			for (int r = 0; r < rows; r++) {
				const lanes s = splat(x[r / 3][r % 3 * row + i]);
				lanes *a = acc + (d * rows + r) * PANEL;

				UNROLL
				for (int j = 0; j < PANEL; j++)
					a[j] = a[j] + v[j] * s;
			}
		}
	}
	for (; b < t->blocks; b++, w += RT_SPARSE_BLOCK)
		UNROLL
		for (int r = 0; r < rows; r++)
			UNROLL
			for (int j = 0; j < PANEL; j++)
				acc[r * PANEL + j] = acc[r * PANEL + j] +
						     load(w + j * L) *
							     splat(x[r / 3][r % 3 * row + at[b]]);
	UNROLL
	for (int i = rows * PANEL; i < depth * rows * PANEL; i++)
		acc[i % (rows * PANEL)] = acc[i % (rows * PANEL)] + acc[i];
}

INLINE void finish_rows(const struct sparse_rows *t, const int rows, const lanes *acc)
{
	for (int r = 0; r < rows; r++) {
		float *y = t->y + r * t->y_row, part[RT_SPARSE_BLOCK];
		const bool whole = t->outputs == RT_SPARSE_BLOCK;

		UNROLL
		for (int j = 0; j < PANEL; j++)
			store(part + j * L, acc[r * PANEL + j] * t->alpha);
		for (int64_t o = 0; !whole && o < t->outputs; o++) {
			float v = part[o] + (t->bias ? t->bias[o] : 0);

			v = v < t->lo ? t->lo : v;
			y[o] = v > t->hi ? t->hi : v;
		}
		UNROLL
		for (int j = 0; whole && j < PANEL; j++) {
			lanes v = load(part + j * L);

			if (t->bias)
				v += load(t->bias + j * L);
			store(y + j * L, clamped(v, t->lo, t->hi));
		}
	}
}

INLINE void row_tile(const struct sparse_rows *t, const int rows, const int depth)
{
	lanes acc[28];

	UNROLL
	for (int i = 0; i < depth * rows * PANEL; i++)
		acc[i] = (lanes){0};
	row_sums(t, rows, depth, acc);
	finish_rows(t, rows, acc);
}

#if L == 16
#define ROWS(X)                                                                                    \
	X(1, 8) X(2, 4) X(3, 3) X(4, 2) X(5, 2) X(6, 2) X(7, 1) X(8, 1) X(9, 1) X(10, 1) X(11, 1)  \
	X(12, 1) X(13, 1) X(14, 1) X(15, 1) X(16, 1) X(17, 1) X(18, 1) X(19, 1) X(20, 1) X(21, 1)  \
	X(22, 1) X(23, 1) X(24, 1)
#define HIGHEST 24
#elif L == 8
#define ROWS(X) X(1, 4) X(2, 2) X(3, 1) X(4, 1) X(5, 1) X(6, 1)
#define HIGHEST 6
#else
#define ROWS(X) X(1, 2) X(2, 1) X(3, 1)
#define HIGHEST 3
#endif

#define ROW_TILE(r, d)                                                                             \
	static void rows_##r(const struct sparse_rows *t)                                          \
	{                                                                                          \
		row_tile(t, r, d);                                                                 \
	}
ROWS(ROW_TILE)
#undef ROW_TILE

#ifdef RT_PICK
/* --- a few of every four inputs ----------------------------------------------------------- */

/* Groups [0,n) of t, from where x and w are now, to the sums of set 0 .. sets - 1 in turn. */
INLINE void pick_groups(const struct sparse_rows *t, const int rows, const int slots,
			const int sets, const int n, const float *const *x, const float *w,
			const unsigned char *pick, lanes *acc)
{
	const int64_t row = t->x_row;

	UNROLL
	for (int g = 0; g < n; g++) {
		RT_PICKS p[2 * PANEL];
		lanes v[2 * PANEL];

		UNROLL
		for (int i = 0; i < slots * PANEL; i++) {
			p[i] = RT_LOAD_PICKS(pick + g * slots * RT_SPARSE_BLOCK + i * L);
			v[i] = once(load(w + g * slots * RT_SPARSE_BLOCK + i * L));
		}
		UNROLL
		for (int r = 0; r < rows; r++) {
			const __typeof__(RT_FOUR(w)) four =
				RT_FOUR(x[r / 3] + r % 3 * row + g * RT_SPARSE_FOUR);

			UNROLL
			for (int i = 0; i < slots * PANEL; i++) {
				const int set = (g * slots + i / PANEL) % sets;
				lanes *a = acc + (set * rows + r) * PANEL + i % PANEL;

				*a = *a + v[i] * RT_PICK(four, p[i]);
			}
		}
	}
}

/* depth groups at a time; few rows have sums of their own for every slot. */
INLINE void pick_tile(const struct sparse_rows *t, const int rows, const int slots, const int depth)
{
	const int sets = rows < 8 ? depth * slots : 1;
	const float *x[(SPARSE_PICK_ROWS + 2) / 3], *w = t->w;
	const unsigned char *pick = t->pick;
	lanes acc[28];
	int64_t g = 0;

	UNROLL
	for (int i = 0; i < sets * rows * PANEL; i++)
		acc[i] = (lanes){0};
	UNROLL
	for (int i = 0; i < (rows + 2) / 3; i++)
		x[i] = t->x + 3 * i * t->x_row;
	for (; g + depth <= t->blocks; g += depth) {
		pick_groups(t, rows, slots, sets, depth, x, w, pick, acc);
		w += depth * slots * RT_SPARSE_BLOCK;
		pick += depth * slots * RT_SPARSE_BLOCK;
		UNROLL
		for (int i = 0; i < (rows + 2) / 3; i++)
			x[i] += depth * RT_SPARSE_FOUR;
	}
	for (; depth > 1 && g < t->blocks; g++) {
		pick_groups(t, rows, slots, sets, 1, x, w, pick, acc);
		w += slots * RT_SPARSE_BLOCK;
		pick += slots * RT_SPARSE_BLOCK;
		UNROLL
		for (int i = 0; i < (rows + 2) / 3; i++)
			x[i] += RT_SPARSE_FOUR;
	}
	UNROLL
	for (int i = rows * PANEL; i < sets * rows * PANEL; i++)
		acc[i % (rows * PANEL)] = acc[i % (rows * PANEL)] + acc[i];
	finish_rows(t, rows, acc);
}

/* X(slots, rows, depth) */
#if L == 16
#define PICKS(X)                                                                                   \
	X(1, 1, 4) X(1, 2, 4) X(1, 3, 2) X(1, 4, 2) X(1, 5, 2) X(1, 6, 2) X(1, 7, 2) X(1, 8, 1)    \
	X(1, 9, 1) X(1, 10, 1) X(1, 11, 1) X(1, 12, 1) X(1, 13, 1) X(1, 14, 1) X(1, 15, 1)         \
	X(1, 16, 1) X(2, 1, 2) X(2, 2, 2) X(2, 3, 1) X(2, 4, 1) X(2, 5, 1) X(2, 6, 1) X(2, 7, 1)   \
	X(2, 8, 1) X(2, 9, 1) X(2, 10, 1) X(2, 11, 1) X(2, 12, 1) X(2, 13, 1) X(2, 14, 1)          \
	X(2, 15, 1) X(2, 16, 1)
#define HIGHEST_PICKS 16
#else
#define PICKS(X)                                                                                   \
	X(1, 1, 4) X(1, 2, 2) X(1, 3, 1) X(1, 4, 1) X(2, 1, 2) X(2, 2, 1) X(2, 3, 1) X(2, 4, 1)
#define HIGHEST_PICKS 4
#endif

#define PICK_TILE(s, r, d)                                                                         \
	static void picks_##s##_##r(const struct sparse_rows *t)                                   \
	{                                                                                          \
		pick_tile(t, r, s, d);                                                             \
	}
PICKS(PICK_TILE)
#undef PICK_TILE
#endif

/* --- lanes are neighbours in x ------------------------------------------------------------ */

/* Outputs [o, o + n) of the panel. */
INLINE void lane_pass(const struct sparse_lanes *t, const int vectors, const int n, int o)
{
	lanes acc[24];
	const float *w = t->w + o;

	UNROLL
	for (int i = 0; i < n * vectors; i++)
		acc[i] = (lanes){0};
	for (int64_t b = 0; b < t->blocks; b++, w += RT_SPARSE_BLOCK) {
		const float *x = t->x + t->at[b];
		lanes v[SPARSE_VECTORS];

		UNROLL
		for (int j = 0; j < vectors; j++)
			v[j] = load(x + j * L);
		UNROLL
		for (int r = 0; r < n; r++) {
			const lanes s = splat(w[r]);

			UNROLL
			for (int j = 0; j < vectors; j++)
				acc[r * vectors + j] = acc[r * vectors + j] + v[j] * s;
		}
	}
	UNROLL
	for (int i = 0; i < n * vectors; i++)
		store(t->y + o * vectors * L + i * L, acc[i]);
}

INLINE void lane_tile(const struct sparse_lanes *t, const int vectors, const int n)
{
	for (int o = 0; o < RT_SPARSE_BLOCK; o += n)
		lane_pass(t, vectors, n, o);
}

static void lanes_1(const struct sparse_lanes *t)
{
	lane_tile(t, 1, PASS == 8 ? 16 : 8);
}

static void lanes_2(const struct sparse_lanes *t)
{
	lane_tile(t, 2, PASS);
}

static void lanes_3(const struct sparse_lanes *t)
{
	lane_tile(t, 3, PASS);
}

/* What follows a sum. */
struct line {
	float scale, bias, lo, hi;
};

INLINE void finish_lanes(const struct line *f, float *y, const float *sums, const float *add)
{
	lanes v = load(sums) * f->scale + f->bias;

	if (add)
		v += load(add);
	store(y, clamped(v, f->lo, f->hi));
}

INLINE void finish_run(const struct line *f, float *y, const float *sums, const float *add,
		       int64_t n)
{
	int64_t i = 0;

	for (; i + L <= n; i += L)
		finish_lanes(f, y + i, sums + i, add ? add + i : NULL);
	if (i < n && n > L) {
		/* the last vector reaches back */
		finish_lanes(f, y + n - L, sums + n - L, add ? add + n - L : NULL);
		return;
	}
#pragma omp simd
	for (int64_t k = i; k < n; k++) {
		float v = sums[k] * f->scale + f->bias + (add ? add[k] : 0);

		v = v < f->lo ? f->lo : v;
		y[k] = v > f->hi ? f->hi : v;
	}
}

static void finish(const struct sparse_finish *t)
{
	for (int i = 0; i < t->nruns; i++) {
		const struct sparse_run r = t->runs[i];

		for (int64_t o = 0; o < t->outputs; o++) {
			const struct line f = {t->scale ? t->scale[o] : 1, t->bias ? t->bias[o] : 0,
					       t->lo, t->hi};
			const int64_t to = o * t->plane + r.to;

			finish_run(&f, t->y + to, t->sums + o * t->width + r.from,
				   t->add ? t->add + to : NULL, r.n);
		}
	}
}

static void copy(const struct sparse_copy *c)
{
	const float *from = c->from;
	float *to = c->to;

	for (int64_t i = 0; i < c->rows; i++, to += c->to_row, from += c->from_row) {
		int64_t k = 0;

		for (; k + L <= c->n; k += L)
			store(to + k, load(from + k));
		if (k < c->n && c->n > L) {
			/* the last vector reaches back */
			store(to + c->n - L, load(from + c->n - L));
			continue;
		}
		for (; k + 4 <= c->n; k += 4)
			memcpy(to + k, from + k, 16);
		for (; k < c->n; k++)
			to[k] = from[k];
	}
}

const struct sparse_table RT_ISA_TABLE = {
	.width = L,
	.highest = HIGHEST,
#define ROW_TILE(r, d) .rows[r] = rows_##r,
	ROWS(ROW_TILE)
	.lanes = {NULL, lanes_1, lanes_2, lanes_3},
	.finish = finish,
	.copy = copy,
#ifdef RT_PICK
	.highest_picks = HIGHEST_PICKS,
#define PICK_TILE(s, r, d) .picks[s][r] = picks_##s##_##r,
	PICKS(PICK_TILE)
#endif
};
