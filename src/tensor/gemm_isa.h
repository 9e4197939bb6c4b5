/* gemm_isa.h - the loops of gemm_table.h, compiled once per instruction set (isa.h).  RT_LANES and
 * RT_REGISTERS tell what a vector holds and how many sums stay in registers. */
#include "tensor/gemm_table.h"
#include "tensor/lanes_isa.h"

INLINE void finish(const struct gemm_tile *t, const int rows, const int vectors, lanes *acc)
{
	const struct gemm_finish *f = t->finish;

	UNROLL
	for (int r = 0; r < rows; r++) {
		const float scale = f->scale ? f->scale[r] : 1;
		const float bias = f->bias ? f->bias[r] : 0;
		float *c = t->c + r * t->c_row;
		const float *add = f->add ? f->add + r * t->c_row : c;

		UNROLL
		for (int j = 0; j < vectors; j++, c += t->c_step, add += t->c_step) {
			lanes v = acc[r * vectors + j] * f->alpha;

			if (t->more)
				v += load(c);
			v = v * scale + bias;
			if (f->lane_bias)
				v += load(f->lane_bias + j * L);
			if (f->add)
				v += load(add);
			store(c, clamped(v, f->lo, f->hi));
		}
	}
}

INLINE void sums(const struct gemm_tile *t, const int rows, const int vectors, const bool ahead,
		 lanes *acc)
{
	const int64_t row = t->s_row, s_k = t->s_k, v_k = t->v_k;
	const int64_t v_step = vectors > 2 ? L : t->v_step;
	const float *v = t->v, *s[(GEMM_ROWS + 2) / 3];
	lanes a[GEMM_VECTORS];

	UNROLL
	for (int g = 0; g < (rows + 2) / 3; g++)
		s[g] = t->s + 3 * g * row;
	for (int64_t k = 0; k < t->K; k++, v += v_k) {
		UNROLL
		for (int j = 0; j < vectors; j++)
			a[j] = load(v + j * v_step);
		if (ahead) {
			UNROLL
			for (int j = 0; j < vectors; j++)
				__builtin_prefetch(v + t->ahead + j * v_step, 0, 2);
		}
		UNROLL
		for (int r = 0; r < rows; r++) {
			const lanes b = splat(s[r / 3][r % 3 * row]);

			UNROLL
			for (int j = 0; j < vectors; j++)
				acc[r * vectors + j] = acc[r * vectors + j] + a[j] * b;
		}
		UNROLL
		for (int g = 0; g < (rows + 2) / 3; g++)
			s[g] += s_k;
	}
}

INLINE void tile(const struct gemm_tile *t, const int rows, const int vectors)
{
	const float *from = t->from ? t->from : t->more ? t->c : NULL;
	const int64_t from_row = t->from ? t->from_row : t->c_row;
	lanes acc[28];

	UNROLL
	for (int j = 0; j < vectors; j++) {
		const lanes start = t->start ? load(t->start + j * L) : (lanes){0};

		UNROLL
		for (int r = 0; r < rows; r++)
			acc[r * vectors + j] = start;
	}
	if (vectors == 2 && t->ahead)
		sums(t, rows, vectors, true, acc);
	else
		sums(t, rows, vectors, false, acc);
	if (t->finish) {
		finish(t, rows, vectors, acc);
		return;
	}
	UNROLL
	for (int r = 0; r < rows; r++) {
		float *c = t->c + r * t->c_row;

		UNROLL
		for (int j = 0; j < vectors; j++, c += t->c_step) {
			if (from)
				store(c, acc[r * vectors + j] +
						 load(from + r * from_row + j * t->c_step));
			else
				store(c, acc[r * vectors + j]);
		}
	}
}

/* Sixteen rows (or as many as a vector has lanes) become as many columns. */
static void flip(const struct gemm_flip *f)
{
	for (int64_t l = 0; l < f->lanes; l += L) {
		const int64_t n = f->lanes - l < L ? f->lanes - l : L;
		int64_t r = 0;

		for (; r + L <= f->rows; r += L) {
			const lanes bias = f->bias ? load(f->bias + r) : (lanes){0};
			float *c = f->c + l * f->c_row + r;
			lanes v[L];

			UNROLL
			for (int i = 0; i < L; i++)
				v[i] = load(f->sums + (r + i) * f->sums_row + l);
			transpose(v);
			for (int64_t i = 0; i < n; i++, c += f->c_row) {
				lanes u = v[i] * f->alpha + bias;

				if (f->more)
					u += load(c);
				store(c, clamped(u, f->lo, f->hi));
			}
		}
		for (int64_t i = 0; i < n; i++) {
			for (int64_t q = r; q < f->rows; q++) {
				float *c = f->c + (l + i) * f->c_row + q;
				float u = f->alpha * f->sums[q * f->sums_row + l + i] +
					  (f->bias ? f->bias[q] : 0) + (f->more ? *c : 0);

				u = u < f->lo ? f->lo : u;
				*c = u > f->hi ? f->hi : u;
			}
		}
	}
}

static void copy(const struct gemm_pack *p)
{
	const float *from = p->from;
	float *to = p->to;

	for (int64_t k = 0; k < p->K; k++, to += p->width, from += p->row) {
		int64_t l = 0;

		for (; l + L <= p->lanes; l += L)
			store(to + l, load(from + l));
		for (; l < p->lanes; l++)
			to[l] = from[l];
		for (; l < p->width; l++)
			to[l] = 0;
	}
}

static void turn(const struct gemm_pack *p)
{
	for (int64_t l = 0; l < p->width; l += L) {
		const float *from = p->from + l * p->row;
		const int64_t n = p->lanes - l < L ? p->lanes - l : L;
		float *to = p->to + l;
		int64_t k = 0;

		for (; k + L <= p->K; k += L) {
			lanes v[L];

			for (int64_t i = 0; i < L; i++)
				v[i] = i < n ? load(from + i * p->row + k) : (lanes){0};
			transpose(v);
			UNROLL
			for (int i = 0; i < L; i++)
				store(to + (k + i) * p->width, v[i]);
		}
		for (; k < p->K; k++)
			for (int64_t i = 0; i < L; i++)
				to[k * p->width + i] = i < n ? from[i * p->row + k] : 0;
	}
}

INLINE float total(lanes v)
{
	float sum[L];

	store(sum, v);
	for (int n = L / 2; n > 0; n /= 2)
		for (int i = 0; i < n; i++)
			sum[i] += sum[i + n];
	return sum[0];
}

/* Rows m of a by `columns` rows n of b. */
INLINE void dots_tile(const struct gemm_dots *d, int64_t m, int64_t n, const int rows,
		      const int columns)
{
	const float *a = d->a + m * d->a_row, *b = d->b + n * d->b_row;
	lanes acc[16], u[4];
	int64_t k = 0;

	UNROLL
	for (int i = 0; i < rows * columns; i++)
		acc[i] = (lanes){0};
	for (; k + L <= d->K; k += L) {
		UNROLL
		for (int r = 0; r < rows; r++)
			u[r] = load(a + r * d->a_row + k);
		UNROLL
		for (int j = 0; j < columns; j++) {
			const lanes w = load(b + j * d->b_row + k);

			UNROLL
			for (int r = 0; r < rows; r++)
				acc[r * columns + j] = acc[r * columns + j] + u[r] * w;
		}
	}
	for (int r = 0; r < rows; r++) {
		for (int j = 0; j < columns; j++) {
			float *c = d->c + (m + r) * d->c_row + (n + j) * d->c_column;
			float sum = total(acc[r * columns + j]);

			for (int64_t i = k; i < d->K; i++)
				sum += a[r * d->a_row + i] * b[j * d->b_row + i];
			sum = d->alpha * sum + (d->bias ? d->bias[n + j] : 0) + (d->more ? *c : 0);
			sum = sum < d->lo ? d->lo : sum;
			*c = sum > d->hi ? d->hi : sum;
		}
	}
}

static void dots(const struct gemm_dots *d)
{
	int64_t n = 0;

	for (; d->M == 1 && n + 8 <= d->N; n += 8)
		dots_tile(d, 0, n, 1, 8);
	for (; n + 4 <= d->N; n += 4) {
		int64_t m = 0;

		for (; m + 4 <= d->M && RT_REGISTERS == 28; m += 4)
			dots_tile(d, m, n, 4, 4);
		for (; m + 2 <= d->M; m += 2)
			dots_tile(d, m, n, 2, 4);
		for (; m < d->M; m++)
			dots_tile(d, m, n, 1, 4);
	}
	for (; n < d->N; n++)
		for (int64_t m = 0; m < d->M; m++)
			dots_tile(d, m, n, 1, 1);
}

/* The tiles there are: X(vectors, rows). */
#define UP_TO_3(X, v) X(v, 1) X(v, 2) X(v, 3)
#define UP_TO_6(X, v) UP_TO_3(X, v) X(v, 4) X(v, 5) X(v, 6)
#define UP_TO_14(X, v)                                                                             \
	UP_TO_6(X, v) X(v, 7) X(v, 8) X(v, 9) X(v, 10) X(v, 11) X(v, 12) X(v, 13) X(v, 14)
#if RT_REGISTERS == 28
#define TILES(X) UP_TO_14(X, 1) UP_TO_14(X, 2) UP_TO_6(X, 4) X(4, 7) UP_TO_3(X, 8)
#define ROWS {0, 14, 14, 0, 7, 0, 0, 0, 3}
#else
#define TILES(X) UP_TO_6(X, 1) UP_TO_6(X, 2) UP_TO_3(X, 4) X(8, 1)
#define ROWS {0, 6, 6, 0, 3, 0, 0, 0, 1}
#endif

#define TILE(v, r)                                                                                 \
	static void tile_##v##_##r(const struct gemm_tile *t)                                      \
	{                                                                                          \
		tile(t, r, v);                                                                     \
	}
TILES(TILE)
#undef TILE

const struct gemm_table RT_ISA_TABLE = {
	.lanes = L,
	.rows = ROWS,
#define TILE(v, r) .tile[v][r] = tile_##v##_##r,
	TILES(TILE)
	.flip = flip,
	.copy = copy,
	.turn = turn,
	.dots = dots,
};
