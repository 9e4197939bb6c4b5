/* norm_isa.h - the loops of norm_table.h, compiled once per instruction set (isa.h).  RT_LANES
 * tells what a vector holds. */
#include "tensor/lanes_isa.h"
#include "tensor/norm_table.h"

#include <math.h>

/* Terms that a lane sums in single precision before they go into double. */
#define RUN 256

INLINE lanes only(lanes_int mask, lanes v)
{
	return (lanes)((lanes_int)v & mask);
}

/* The last n lanes; a row that no number of vectors fills ends with one that overlaps. */
INLINE lanes_int last(int64_t n)
{
	static const int32_t ends[2 * L] = {
#if L == 4
		0, 0, 0, 0, -1, -1, -1, -1
#elif L == 8
		0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1
#else
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1,
		-1, -1, -1, -1, -1, -1, -1, -1
#endif
	};
	lanes_int v;

	memcpy(&v, ends + n, sizeof(v));
	return v;
}

/* Two sums over one channel. */
struct sums {
	lanes a, b;
	double total[2];
};

static void flush(struct sums *s, int64_t n)
{
	for (int64_t k = 0; k < n; k++, s++) {
		for (int i = 0; i < L; i++) {
			s->total[0] += (double)s->a[i];
			s->total[1] += (double)s->b[i];
		}
		s->a = s->b = (lanes){0};
	}
}

/* The order in which sums take rows: all channels of an image, then the next image; they are
 * flushed before their lanes hold too many terms. */
#define EACH_ROW(g, c, n, s, statement)                                                            \
	for (int64_t i = 0, since = 0; i < (g)->N; i++) {                                          \
		for (int64_t k = 0; k < (n); k++) {                                                \
			const int64_t at = (i * (g)->C + (c) + k) * (g)->P;                        \
			statement;                                                                 \
		}                                                                                  \
		since += (g)->P;                                                                   \
		if (since >= RUN * L || i == (g)->N - 1) {                                         \
			flush(s, n);                                                               \
			since = 0;                                                                 \
		}                                                                                  \
	}

/* --- forward ------------------------------------------------------------------------------ */

/* Sums of d and d^2, d = x - shift. */
INLINE void add_moments(struct sums *s, const float *x, int64_t P, float shift)
{
	lanes a[2] = {s->a, {0}}, b[2] = {s->b, {0}}, d;
	int64_t j = 0;

	for (; j + 2 * L <= P; j += 2 * L) {
		for (int u = 0; u < 2; u++) {
			d = load(x + j + u * L) - shift;
			a[u] += d;
			b[u] += d * d;
		}
	}
	if (j + L <= P) {
		d = load(x + j) - shift;
		a[0] += d;
		b[0] += d * d;
		j += L;
	}
	if (j < P && P >= L) {
		d = only(last(P - j), load(x + P - L) - shift);
		a[1] += d;
		b[1] += d * d;
	} else {
		for (int lane = 0; j < P; j++, lane++) {
			float v = x[j] - shift;

			a[0][lane] += v;
			b[0][lane] += v * v;
		}
	}
	s->a = a[0] + a[1];
	s->b = b[0] + b[1];
}

static void moments(const struct rt_norm_forward *f, int64_t c, int64_t n, struct sums *s,
		    const float *shift)
{
	memset(s, 0, (size_t)n * sizeof(*s));
	EACH_ROW(&f->g, c, n, s, add_moments(&s[k], f->x + at, f->g.P, shift[k]))
}

/* Mean and variance in one pass, of differences from the mean of the channel's first row.  Where
 * that was so far from the mean that the difference of the sums would lose digits, once more. */
static void statistics(const struct rt_norm_forward *f, int64_t c, int64_t n)
{
	const double count = (double)(f->g.N * f->g.P);
	struct sums s[RT_NORM_CHANNELS];
	float shift[RT_NORM_CHANNELS];
	bool again = false;

	for (int64_t k = 0; k < n; k++) {
		const float *x = f->x + (c + k) * f->g.P;
		double sum = 0;

		for (int64_t j = 0; j < f->g.P; j++)
			sum += (double)x[j];
		shift[k] = (float)(sum / (double)f->g.P);
	}
	for (int round = 0; round < 2 && (round == 0 || again); round++) {
		moments(f, c, n, s, shift);
		for (int64_t k = 0; k < n; k++) {
			double off = s[k].total[0] / count, square = s[k].total[1] / count;

			f->mean[c + k] = (float)((double)shift[k] + off);
			f->var[c + k] = (float)fmax(square - off * off, 0);
			again = again || off * off > 0.9 * square;
			shift[k] = f->mean[c + k];
		}
	}
	for (int64_t k = 0; k < n; k++)
		f->rstd[c + k] = 1 / sqrtf(f->var[c + k] + f->epsilon);
}

/* The affine map of one channel. */
struct map {
	float mean, factor, bias, lo, hi;
};

INLINE struct map map_of(const struct rt_batchnorm_map *m, const struct rt_batchnorm_post *post,
			 int64_t c)
{
	return (struct map){m->mean[c], m->rstd[c] * m->scale[c], m->bias[c], post->lo, post->hi};
}

/* NaN stays.  z NULL: none. */
INLINE void map_row(struct map m, float *y, const float *x, const float *z, int64_t P)
{
#pragma omp simd
	for (int64_t j = 0; j < P; j++) {
		float v = (x[j] - m.mean) * m.factor + m.bias;

		v = z ? v + z[j] : v;
		v = v < m.lo ? m.lo : v;
		y[j] = v > m.hi ? m.hi : v;
	}
}

static void forward(const struct rt_norm_forward *f, int64_t c, int64_t n)
{
	if (f->var)
		statistics(f, c, n);
	for (int64_t i = 0; i < f->g.N; i++)
		for (int64_t k = 0; k < n; k++) {
			const int64_t at = (i * f->g.C + c + k) * f->g.P;
			const struct map m = map_of(&f->map, &f->post, c + k);

			if (f->post.z)
				map_row(m, f->y + at, f->x + at, f->post.z + at, f->g.P);
			else
				map_row(m, f->y + at, f->x + at, NULL, f->g.P);
		}
}

/* --- backward ----------------------------------------------------------------------------- */

/* Where the gradient passes the limits: everywhere, or by y, which is computed again from x unless
 * something was added to it. */
enum mask { OPEN, FROM_X, FROM_Y };

/* Sums of g and g (x - mean), g what the limits let through of dy. */
INLINE void add_products(struct sums *s, struct map m, enum mask mask, const float *dy,
			 const float *x, const float *y, int64_t P)
{
	lanes a = s->a, b = s->b;
	int64_t j = 0;

#define TERMS(at, mine)                                                                            \
	do {                                                                                       \
		lanes d = load(x + (at)) - m.mean, g = load(dy + (at)), v;                        \
		v = mask == FROM_X ? d * m.factor + m.bias                                       \
		    : mask == FROM_Y ? load(y + (at)) : d;                                         \
		if (mask != OPEN)                                                                  \
			g = only((v > m.lo) & (v < m.hi), g);                                    \
		g = mine;                                                                          \
		a += g;                                                                            \
		b += g * d;                                                                        \
	} while (0)

	for (; j + L <= P; j += L)
		TERMS(j, g);
	if (j < P && P >= L) {
		TERMS(P - L, only(last(P - j), g));
		j = P;
	}
#undef TERMS
	for (int lane = 0; j < P; j++, lane++) {
		float d = x[j] - m.mean, v = mask == FROM_Y ? y[j] : d * m.factor + m.bias;
		float g = mask == OPEN || (v > m.lo && v < m.hi) ? dy[j] : 0;

		a[lane] += g;
		b[lane] += g * d;
	}
	s->a = a;
	s->b = b;
}

static void products(const struct rt_norm_backward *b, enum mask mask, int64_t c, int64_t n,
		     const struct map *m, struct sums *s)
{
	const float *dy = b->dy, *x = b->x, *y = b->y;
	const int64_t P = b->g.P;

	memset(s, 0, (size_t)n * sizeof(*s));
	if (mask == OPEN) {
		EACH_ROW(&b->g, c, n, s, add_products(&s[k], m[k], OPEN, dy + at, x + at, x, P))
	} else if (mask == FROM_X) {
		EACH_ROW(&b->g, c, n, s, add_products(&s[k], m[k], FROM_X, dy + at, x + at, x, P))
	} else {
		EACH_ROW(&b->g, c, n, s,
			 add_products(&s[k], m[k], FROM_Y, dy + at, x + at, y + at, P))
	}
}

/* What one channel's dx takes off g, and which gradients are written instead of added to. */
struct back {
	float one, two;
	bool set_dx, set_dz;
};

/* dx += factor (g - one - (x - mean) two), dz += g; either may be NULL, either may be dy. */
INLINE void back_row(struct map m, enum mask mask, struct back b, float *dx, float *dz,
		     const float *dy, const float *x, const float *y, int64_t P)
{
#pragma omp simd
	for (int64_t j = 0; j < P; j++) {
		float d = x[j] - m.mean, v = mask == FROM_Y ? y[j] : d * m.factor + m.bias;
		float g = mask == OPEN || ((v > m.lo) & (v < m.hi)) ? dy[j] : 0;
		float t = m.factor * (g - b.one - d * b.two);

		if (dz)
			dz[j] = b.set_dz ? g : dz[j] + g;
		if (dx)
			dx[j] = b.set_dx ? t : dx[j] + t;
	}
}

INLINE void back_rows(const struct rt_norm_backward *b, enum mask mask, int64_t c, int64_t n,
		      const struct map *m, const struct back *back)
{
	float *dx = b->to.dx, *dz = b->to.dz;

	for (int64_t i = 0; i < b->g.N; i++)
		for (int64_t k = 0; k < n; k++) {
			const int64_t at = (i * b->g.C + c + k) * b->g.P, P = b->g.P;
			const float *dy = b->dy + at, *x = b->x + at;
			const float *y = mask == FROM_Y ? b->y + at : NULL;

			if (dx && dz)
				back_row(m[k], mask, back[k], dx + at, dz + at, dy, x, y, P);
			else if (dx)
				back_row(m[k], mask, back[k], dx + at, NULL, dy, x, y, P);
			else
				back_row(m[k], mask, back[k], NULL, dz + at, dy, x, y, P);
		}
}

static void backward(const struct rt_norm_backward *b, int64_t c, int64_t n)
{
	const float per_count = b->batch ? 1 / (float)(b->g.N * b->g.P) : 0;
	const bool open = b->post.lo == -INFINITY && b->post.hi == INFINITY;
	const enum mask mask = open ? OPEN : b->post.z ? FROM_Y : FROM_X;
	struct back back[RT_NORM_CHANNELS];
	struct sums s[RT_NORM_CHANNELS];
	struct map m[RT_NORM_CHANNELS];

	for (int64_t k = 0; k < n; k++)
		m[k] = map_of(&b->map, &b->post, c + k);
	products(b, mask, c, n, m, s);
	for (int64_t k = 0; k < n; k++) {
		const float rstd = b->map.rstd[c + k];

		if (b->to.dbias)
			b->to.dbias[c + k] += (float)s[k].total[0];
		if (b->to.dscale)
			b->to.dscale[c + k] += (float)s[k].total[1] * rstd;
		back[k] = (struct back){(float)s[k].total[0] * per_count,
					(float)s[k].total[1] * rstd * rstd * per_count,
					b->to.set_dx, b->to.set_dz};
	}
	if (!b->to.dx && !b->to.dz)
		return;
	if (mask == OPEN)
		back_rows(b, OPEN, c, n, m, back);
	else if (mask == FROM_X)
		back_rows(b, FROM_X, c, n, m, back);
	else
		back_rows(b, FROM_Y, c, n, m, back);
}

/* --- layer normalization ------------------------------------------------------------------ */

static void row(int64_t D, float *y, float stats[2], const float *x, const float *scale,
		const float *bias, float epsilon)
{
	float sum = 0, square = 0, mean, rstd;

#pragma omp simd reduction(+ : sum)
	for (int64_t j = 0; j < D; j++)
		sum += x[j];
	mean = sum / (float)D;
#pragma omp simd reduction(+ : square)
	for (int64_t j = 0; j < D; j++)
		square += (x[j] - mean) * (x[j] - mean);
	rstd = 1 / sqrtf(square / (float)D + epsilon);
	stats[0] = mean;
	stats[1] = rstd;
#pragma omp simd
	for (int64_t j = 0; j < D; j++)
		y[j] = (x[j] - mean) * rstd * scale[j] + (bias ? bias[j] : 0);
}

static void row_grad(int64_t D, float *dx, const float *dy, const float *x, float mean, float rstd,
		     const float *scale, bool set)
{
	float one = 0, two = 0;

#pragma omp simd reduction(+ : one, two)
	for (int64_t j = 0; j < D; j++) {
		float g = dy[j] * scale[j];

		one += g;
		two += g * (x[j] - mean);
	}
	one /= (float)D;
	two *= rstd * rstd / (float)D;
#pragma omp simd
	for (int64_t j = 0; j < D; j++) {
		float g = rstd * (dy[j] * scale[j] - one - (x[j] - mean) * two);

		dx[j] = set ? g : dx[j] + g;
	}
}

static void columns(int64_t M, int64_t D, int64_t n, float *dscale, float *dbias, const float *dy,
		    const float *x, const float *saved)
{
	double one[RT_NORM_COLUMNS] = {0}, two[RT_NORM_COLUMNS] = {0};

	for (int64_t i = 0; i < M; i++, dy += D, x += D) {
		const float mean = saved[i], rstd = saved[M + i];

#pragma omp simd
		for (int64_t j = 0; j < n; j++) {
			one[j] += (double)dy[j];
			two[j] += (double)(dy[j] * ((x[j] - mean) * rstd));
		}
	}
	for (int64_t j = 0; dbias && j < n; j++)
		dbias[j] += (float)one[j];
	for (int64_t j = 0; dscale && j < n; j++)
		dscale[j] += (float)two[j];
}

const struct rt_norm_table RT_ISA_TABLE = {
	.forward = forward,
	.backward = backward,
	.row = row,
	.row_grad = row_grad,
	.columns = columns,
};
