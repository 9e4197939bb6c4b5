/* sparse.c - packing weights of which whole blocks are zero, and products with rows. */
#include "config.h"

#include "tensor/sparse.h"
#include "tensor/sparse_table.h"
#include "tensor/parallel.h"
#include "base/sys.h"

#include <string.h>

#define B RT_SPARSE_BLOCK

/* Floats of the weights that tiles of rows pass over in turn: a quarter of a second-level cache. */
#define GROUP_FLOATS (64 * 1024)

/* Floats of a first-level cache, and rows that share a load of weights well enough. */
#define FIRST_FLOATS (12 * 1024)
#define FEW_ROWS 8

const struct sparse_table *sparse_kernels(void)
{
#ifdef __x86_64__
	if (rt_isa() == RT_ISA_AVX512)
		return &sparse_avx512;
	if (rt_isa() == RT_ISA_AVX2)
		return &sparse_avx2;
#endif
	return &sparse_base;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* --- packing ------------------------------------------------------------------------------ */

static int64_t panels_of(int64_t outputs)
{
	return (outputs + B - 1) / B;
}

/* Copies the block of a panel and an input; false where it is zero. */
static bool take_block(const struct rt_sparse_dense *d, int64_t panel, int64_t input, float *to)
{
	const int64_t n = least(d->outputs - panel * B, B);
	const float *from = d->w + panel * B * d->down + input * d->right;
	bool any = false;

	for (int64_t o = 0; o < n; o++) {
		to[o] = from[o * d->down];
		any = any || to[o] != 0;
	}
	for (int64_t o = n; o < B; o++)
		to[o] = 0;
	return any;
}

/* Inputs that are looked at together, so that outputs that lie apart are read line by line. */
#define STRIP 64

/* any[i]: input i0 + i has a weight that is not zero for some output from o on. */
static void look(const struct rt_sparse_dense *d, int64_t o, int64_t i0, int64_t n, int *any)
{
	const int64_t outputs = least(d->outputs - o, B);
	const float *from = d->w + o * d->down + i0 * d->right;

	memset(any, 0, STRIP * sizeof(*any));
	if (d->right == 1) {
		for (int64_t k = 0; k < outputs; k++, from += d->down)
			for (int64_t i = 0; i < n; i++)
				any[i] |= from[i] != 0;
		return;
	}
	for (int64_t i = 0; i < n; i++, from += d->right)
		for (int64_t k = 0; k < outputs; k++)
			any[i] |= from[k * d->down] != 0;
}

int64_t rt_sparse_count(const struct rt_sparse_dense *d)
{
	int64_t count = 0;
	int any[STRIP];

	for (int64_t o = 0; o < d->outputs; o += B) {
		for (int64_t i0 = 0; i0 < d->inputs; i0 += STRIP) {
			const int64_t n = least(d->inputs - i0, STRIP);

			look(d, o, i0, n, any);
			for (int64_t i = 0; i < n; i++)
				count += any[i];
		}
	}
	return count;
}

static size_t up(size_t bytes)
{
	return (bytes + 63) / 64 * 64;
}

size_t rt_sparse_bytes(int64_t outputs, int64_t blocks)
{
	return up(sizeof(struct rt_sparse)) +
	       up((size_t)(panels_of(outputs) + 1) * sizeof(int32_t)) +
	       up((size_t)blocks * sizeof(int32_t)) + (size_t)blocks * B * sizeof(float);
}

struct rt_sparse *rt_sparse_pack(void *memory, int64_t room, const struct rt_sparse_dense *d)
{
	struct rt_sparse *s = memory;
	char *at = (char *)memory + up(sizeof(*s));
	float block[B];

	*s = (struct rt_sparse){.table = sparse_kernels(), .outputs = d->outputs,
				.panels = panels_of(d->outputs)};
	s->start = (int32_t *)(void *)at;
	at += up((size_t)(s->panels + 1) * sizeof(int32_t));
	s->at = (int32_t *)(void *)at;
	s->w = (float *)(void *)(at + up((size_t)room * sizeof(int32_t)));
	for (int64_t p = 0; p < s->panels; p++) {
		s->start[p] = (int32_t)s->blocks;
		for (int64_t i = 0; i < d->inputs; i++) {
			if (!take_block(d, p, i, block))
				continue;
			if (s->blocks == room)
				return NULL;
			s->at[s->blocks] = (int32_t)i;
			memcpy(s->w + s->blocks++ * B, block, sizeof(block));
		}
	}
	s->start[s->panels] = (int32_t)s->blocks;
	return s;
}

/* How many of four inputs of an output are not zero; picks: which. */
static int take_four(const struct rt_sparse_dense *d, int64_t output, int64_t group, int *picks)
{
	const float *from = d->w + output * d->down + group * RT_SPARSE_FOUR * d->right;
	int n = 0;

	for (int i = 0; i < RT_SPARSE_FOUR; i++)
		if (from[i * d->right] != 0)
			picks[n++] = i;
	return n;
}

int rt_sparse_slots(const struct rt_sparse_dense *d)
{
	int most = 1, picks[RT_SPARSE_FOUR];

	if (d->inputs % RT_SPARSE_FOUR)
		return 0;
	for (int64_t o = 0; o < d->outputs; o++) {
		for (int64_t g = 0; g < d->inputs / RT_SPARSE_FOUR; g++) {
			const int n = take_four(d, o, g, picks);

			if (n > SPARSE_SLOTS)
				return 0;
			most = n > most ? n : most;
		}
	}
	return most;
}

static int64_t groups_of(int64_t outputs, int64_t inputs)
{
	return panels_of(outputs) * (inputs / RT_SPARSE_FOUR);
}

size_t rt_sparse_slots_bytes(int64_t outputs, int64_t inputs, int slots)
{
	const size_t numbers = (size_t)(groups_of(outputs, inputs) * slots * B);

	return up(sizeof(struct rt_sparse)) +
	       up((size_t)(panels_of(outputs) + 1) * sizeof(int32_t)) + up(numbers) +
	       numbers * sizeof(float);
}

struct rt_sparse *rt_sparse_pack_slots(void *memory, int slots, const struct rt_sparse_dense *d)
{
	const int64_t groups = d->inputs / RT_SPARSE_FOUR, all = groups_of(d->outputs, d->inputs);
	struct rt_sparse *s = memory;
	char *at = (char *)memory + up(sizeof(*s));
	int picks[RT_SPARSE_FOUR];

	*s = (struct rt_sparse){.table = sparse_kernels(), .outputs = d->outputs, .slots = slots,
				.panels = panels_of(d->outputs), .blocks = all};
	s->start = (int32_t *)(void *)at;
	at += up((size_t)(s->panels + 1) * sizeof(int32_t));
	s->pick = (unsigned char *)at;
	s->w = (float *)(void *)(at + up((size_t)(all * slots * B)));
	memset(s->pick, 0, (size_t)(all * slots * B));
	memset(s->w, 0, (size_t)(all * slots * B) * sizeof(float));
	for (int64_t p = 0; p <= s->panels; p++)
		s->start[p] = (int32_t)(p * groups);
	for (int64_t o = 0; o < d->outputs; o++) {
		for (int64_t g = 0; g < groups; g++) {
			const int64_t to = (o / B * groups + g) * slots * B + o % B;
			const int n = take_four(d, o, g, picks);

			if (n > slots)
				return NULL;
			for (int i = 0; i < n; i++) {
				const int64_t input = g * RT_SPARSE_FOUR + picks[i];

				s->pick[to + i * B] = (unsigned char)picks[i];
				s->w[to + i * B] = d->w[o * d->down + input * d->right];
			}
		}
	}
	return s;
}

/* Up to this fraction of blocks it was faster than dense weights by a tenth and more. */
#define MOST_BLOCKS 0.6

bool rt_sparse_gemm_wins(int64_t outputs, int64_t inputs, int64_t blocks)
{
	return (double)blocks <= MOST_BLOCKS * (double)panels_of(outputs) * (double)inputs;
}

/* Two of four need as many permutations as multiply-adds, of which a CPU does fewer: it pays only
 * while there are so few rows that loading weights takes the time. */
#define FEW_FOR_TWO 8

bool rt_sparse_slots_win(int64_t M, int slots)
{
	return sparse_kernels()->highest_picks &&
	       (slots == 1 || (slots == SPARSE_SLOTS && M <= FEW_FOR_TWO));
}

/* --- rows --------------------------------------------------------------------------------- */

/* Rows [m0,m1) by panels [p0,p1). */
struct part {
	int64_t m0, m1, p0, p1;
};

struct product {
	const struct rt_sparse *s;
	const struct rt_gemm_post *post;
	float alpha;
	const float *x;
	int64_t ldx;
	float *y;
	int64_t ldy;
};

static void panel(const struct product *p, int64_t m, int64_t rows, int64_t panel)
{
	const struct rt_sparse *s = p->s;
	const int64_t b = s->start[panel], of = s->slots ? s->slots : 1;

	(s->slots ? s->table->picks[s->slots] : s->table->rows)[rows](&(struct sparse_rows){
		.w = s->w + b * of * B, .blocks = s->start[panel + 1] - b,
		.at = s->slots ? NULL : s->at + b, .pick = s->slots ? s->pick + b * of * B : NULL,
		.x = p->x + m * p->ldx, .x_row = p->ldx, .y = p->y + m * p->ldy + panel * B,
		.y_row = p->ldy, .outputs = least(s->outputs - panel * B, B),
		.bias = p->post->bias ? p->post->bias + panel * B : NULL, .alpha = p->alpha,
		.lo = p->post->lo, .hi = p->post->hi,
	});
}

/* Rows of a tile: no more than a first-level cache holds, but a few in any case. */
static int64_t highest(const struct product *p)
{
	const int64_t fit = FIRST_FLOATS / (p->ldx > 0 ? p->ldx : 1);

	return least(fit < FEW_ROWS ? FEW_ROWS : fit,
		     p->s->slots ? p->s->table->highest_picks : p->s->table->highest);
}

/* Tiles of about as many rows each, by panels whose weights stay in cache; what the rows read of x
 * stays in the first-level cache while these weights pass by. */
static void tiles_of(const struct product *p, const struct part *a)
{
	const int64_t M = a->m1 - a->m0, most = highest(p);
	const int tiles = (int)((M + most - 1) / most);

	for (int i = 0; i < tiles; i++) {
		const int64_t m = rt_slice(M, i, tiles);

		for (int64_t q = a->p0; q < a->p1; q++)
			panel(p, a->m0 + m, rt_slice(M, i + 1, tiles) - m, q);
	}
}

int64_t sparse_group(const struct rt_sparse *s, int64_t first, int64_t end)
{
	int64_t p = first + 1;

	while (p < end && s->start[p + 1] - s->start[first] <= GROUP_FLOATS / B)
		p++;
	return p;
}

static void run_part(const struct product *p, const struct part *a)
{
	struct part group = *a;

	for (; group.p0 < a->p1; group.p0 = group.p1) {
		group.p1 = sparse_group(p->s, group.p0, a->p1);
		tiles_of(p, &group);
	}
}

int64_t sparse_first_panel(const struct rt_sparse *s, int t, int n)
{
	const int64_t block = rt_slice(s->blocks, t, n);
	int64_t p = 0;

	while (p < s->panels && s->start[p] < block)
		p++;
	return t == n ? s->panels : p;
}

void rt_sparse_gemm(const struct rt_sparse *s, int64_t M, float alpha, const float *x, int64_t ldx,
		    float *y, int64_t ldy, const struct rt_gemm_post *post)
{
	const struct product p = {s, post, alpha, x, ldx, y, ldy};
	const bool by_rows = M >= 2 * s->table->highest * rt_threads() || M >= s->panels;
	const int64_t of = s->slots ? s->slots : 1;
	const int n = rt_split_macs(by_rows ? M : s->panels, (M + 2) * s->blocks * of * B);

	if (n == 1) {
		run_part(&p, &(struct part){0, M, 0, s->panels});
		return;
	}
#pragma omp parallel for num_threads(n) schedule(static)
	for (int t = 0; t < n; t++)
		run_part(&p, by_rows
				     ? &(struct part){rt_slice(M, t, n), rt_slice(M, t + 1, n), 0,
						      s->panels}
				     : &(struct part){0, M, sparse_first_panel(s, t, n),
						      sparse_first_panel(s, t + 1, n)});
}
