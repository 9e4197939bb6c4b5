/* int8.c - convolution of bytes: its input with room for the padding, its outputs tile by tile. */
#include "config.h"

#include "tensor/int8_impl.h"
#include "tensor/parallel.h"

#include <string.h>
#ifdef __x86_64__
#include <cpuid.h>
#endif

/* Wanted bytes of an item's input, neighbouring outputs whose sums wait in the first-level cache to
 * be scaled, and weights that a second-level cache has room for. */
#define ITEM_BYTES (96 * 1024)
#define SEGMENT 48
#define WEIGHT_BYTES (256 * 1024)
#define SLACK 64 /* bytes that loads may reach behind an input */

/* Neighbouring outputs of a depthwise row, whose columns and sums wait there likewise. */
#define DEEP_SEGMENT 28

/* --- kernels ------------------------------------------------------------------------------ */

static bool has(const char *name)
{
	bool can = strcmp(name, "base") == 0;

#ifdef __x86_64__
	unsigned a = 0, b = 0, c = 0, d = 0;

	__builtin_cpu_init();
	if (strcmp(name, "avx512-vnni") == 0)
		can = __builtin_cpu_supports("avx512vnni") && rt_isa() == RT_ISA_AVX512;
	else if (strcmp(name, "avx-vnni") == 0)
		can = rt_isa() >= RT_ISA_AVX2 && __get_cpuid_count(7, 1, &a, &b, &c, &d) &&
		      (a >> 4 & 1);
	else if (strcmp(name, "avx2") == 0)
		can = rt_isa() >= RT_ISA_AVX2;
#endif
	return can;
}

static const struct rt_int8_table *const tables[] = {
#ifdef __x86_64__
	&rt_int8_avx512, &rt_int8_avx_vnni, &rt_int8_avx2,
#endif
	&rt_int8_base,
};
static const struct rt_int8_table *in_use;

bool rt_int8_use(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		if (strcmp(tables[i]->name, name) != 0 || !has(name))
			continue;
		in_use = tables[i];
		return true;
	}
	return false;
}

const struct rt_int8_table *rt_int8_table(void)
{
	for (size_t i = 0; !in_use; i++)
		if (has(tables[i]->name))
			in_use = tables[i];
	return in_use;
}

const char *rt_int8_kernels(void)
{
	return rt_int8_table()->name;
}

/* --- one run ------------------------------------------------------------------------------ */

struct pass {
	const struct rt_conv *g;
	const struct rt_int8_post *post;
	struct int8_shape s;
	const uint8_t *x;
	const int8_t *w;
	uint8_t x_zero;
	void *y;
	int64_t P, Q;
	bool flat;	/* every output sees one input of the same place: one long row */
	bool padded;	/* inputs are copied to scratch */
	int64_t width, pitch; /* columns that windows reach, bytes of a row of them */
	int64_t rows;	/* of outputs in a strip; flat: outputs */
	int64_t strips;	/* of an image; flat: of all */
	int64_t parts;	/* into which the chunks of a strip are divided */
	int64_t items;
	int64_t *run;	/* (runs): bytes from the first */
	int32_t *start;	/* (groups, blocks, lanes) */
	float *scale, *bias;
	char *scratch;	/* one a slice */
	size_t scratch_bytes, input_bytes;
	int n;
};

static int64_t reach(const struct rt_window *w, int a, int64_t outputs)
{
	return (outputs - 1) * w->stride[a] + (w->kernel[a] - 1) * w->dilation[a] + 1;
}

static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

/* An image for several threads is cut into as many strips of rows for each, unless its weights are
 * many: then every thread reads its own of them, if they can be divided evenly. */
static void cut(struct pass *p)
{
	const struct rt_conv *g = p->g;
	const int threads = rt_threads();
	const int64_t images = p->flat ? 1 : g->N, all = p->flat ? g->N * p->P * p->Q : p->P;
	const int64_t weights = (p->s.deep ? 1 : g->groups) * p->s.blocks * p->s.block;
	const int64_t input = g->N * g->C * g->win.in[0] * g->win.in[1];
	const int64_t line = p->flat ? g->C : p->pitch * g->win.stride[0];

	p->parts = 1;
	p->strips = int8_ceil(all, clamp(ITEM_BYTES / line, p->flat ? SEGMENT : 4, all));
	if (images < threads && g->groups == 1 && weights > input && weights > WEIGHT_BYTES) {
		p->parts = p->s.chunks;
		p->strips = p->parts % threads && p->parts < 8 * threads ? threads : 1;
	} else if (images % threads) {
		p->strips = int8_ceil(p->strips, threads) * threads;
	}
	p->strips = clamp(p->strips, 1, all);
	p->rows = int8_ceil(all, p->strips);
	p->strips = int8_ceil(all, p->rows);
	p->items = images * p->strips * p->parts;
}

static void geometry(struct pass *p, const struct rt_conv *g, int terms)
{
	const struct rt_window *w = &g->win;
	const bool bare = !w->pad[0] && !w->pad[1] && !w->pad_end[0] && !w->pad_end[1];

	p->g = g;
	int8_shape(&p->s, g, terms);
	p->P = w->out[0];
	p->Q = w->out[1];
	p->padded = !bare || (p->s.deep ? g->C % (p->s.t->lanes * RT_INT8_GROUP) : p->s.run % 4);
	p->flat = bare && !p->padded && !p->s.deep && w->kernel[0] == 1 && w->kernel[1] == 1 &&
		  w->stride[0] == 1 && w->stride[1] == 1;
	/* a window as large as its input has one output an image, too */
	p->flat = p->flat || (!p->padded && !p->s.deep && p->P * p->Q == 1 && w->dilation[0] == 1);
	p->width = reach(w, 1, p->Q);
	p->pitch = (p->padded ? p->width : w->in[1]) * g->C;
	cut(p);
}

static size_t aligned(size_t bytes)
{
	return (bytes + 63) / 64 * 64;
}

static void *take(size_t *used, char *base, size_t bytes)
{
	void *at = base ? base + *used : NULL;

	*used += aligned(bytes);
	return at;
}

/* Sums of a segment of two rows, and its woven columns. */
static size_t deep_bytes(const struct pass *p)
{
	const int64_t group = RT_INT8_GROUP * p->s.t->lanes;
	const int64_t columns = reach(&p->g->win, 1, p->Q < DEEP_SEGMENT ? p->Q : DEEP_SEGMENT);

	return (size_t)(2 * DEEP_SEGMENT * group) * sizeof(int32_t) +
	       (size_t)(p->s.quads * (columns + 1) * group * 4);
}

/* The pass's part of the work space; its size when work is NULL. */
static size_t take_work(struct pass *p, void *work)
{
	const struct int8_shape *s = &p->s;
	const size_t groups = s->deep ? 1 : (size_t)p->g->groups;
	const size_t channels = groups * (size_t)(s->blocks * s->t->lanes);
	const int64_t lanes = s->t->lanes, rows = reach(&p->g->win, 0, p->flat ? 1 : p->rows);
	size_t used = 0, sums = (size_t)(SEGMENT * s->t->blocks * lanes) * sizeof(int32_t);

	if (s->deep)
		sums = deep_bytes(p);
	p->input_bytes = p->padded ? aligned((size_t)(rows * p->pitch) + SLACK) : 0;
	p->scratch_bytes = p->input_bytes + aligned(sums);
	p->run = take(&used, work, (size_t)s->runs * sizeof(*p->run));
	p->start = take(&used, work, channels * sizeof(*p->start));
	p->scale = take(&used, work, channels * sizeof(*p->scale));
	p->bias = take(&used, work, channels * sizeof(*p->bias));
	p->scratch = take(&used, work, (size_t)rt_threads() * p->scratch_bytes);
	return used;
}

static void runs(struct pass *p, int terms)
{
	const struct rt_window *w = &p->g->win;
	const int64_t each = p->s.runs / terms, columns = each / w->kernel[0];

	for (int64_t i = 0; i < p->s.runs; i++) {
		const int64_t r = i % each / columns, c = i % each % columns;

		p->run[i] = r * w->dilation[0] * p->pitch + c * w->dilation[1] * p->g->C;
	}
}

/* Sums begin with what the zero point of x takes away from them. */
static void channels(struct pass *p, const int32_t *sums)
{
	const int64_t all = p->s.blocks * p->s.t->lanes, K = p->s.deep ? p->g->K : p->s.K;
	const struct rt_int8_post *post = p->post;
	const uint32_t zero = p->x_zero;

	for (int64_t k = 0; k < p->g->K; k += K) {
		const int64_t at = k / K * all;

		for (int64_t i = 0; i < K; i++) {
			const uint32_t whole = post->whole ? (uint32_t)post->whole[k + i] : 0;

			p->start[at + i] = (int32_t)(whole - zero * (uint32_t)sums[k + i]);
			p->scale[at + i] = post->scale ? post->scale[k + i] : 0;
			p->bias[at + i] = post->bias ? post->bias[k + i] : 0;
		}
		for (int64_t i = at + K; i < at + all; i++) {
			p->start[i] = 0;
			p->scale[i] = p->bias[i] = 0;
		}
	}
}

/* --- items -------------------------------------------------------------------------------- */

struct item {
	int64_t image, row, rows, part;
};

static struct item item_of(const struct pass *p, int64_t i)
{
	const int64_t images = p->flat ? 1 : p->g->N, strip = i % p->strips;
	const int64_t all = p->flat ? p->g->N * p->P * p->Q : p->P;
	struct item item = {.image = i / p->strips % images, .row = strip * p->rows,
			    .part = i / p->strips / images};

	item.rows = all - item.row < p->rows ? all - item.row : p->rows;
	return item;
}

/* The item's input rows between padding. */
static void pad(const struct pass *p, const struct item *item, uint8_t *to)
{
	const struct rt_window *w = &p->g->win;
	const int64_t C = p->g->C, H = w->in[0], W = w->in[1];
	const int64_t rows = reach(w, 0, item->rows), first = item->row * w->stride[0] - w->pad[0];
	const int64_t left = clamp(w->pad[1], 0, p->width);
	const int64_t columns = clamp(W, 0, p->width - left);

	for (int64_t i = 0; i < rows; i++, to += p->pitch) {
		const int64_t h = first + i;
		const uint8_t *from = p->x + (item->image * H + h) * W * C;

		if (h < 0 || h >= H) {
			memset(to, p->x_zero, (size_t)p->pitch);
			continue;
		}
		memset(to, p->x_zero, (size_t)(left * C));
		memcpy(to + left * C, from, (size_t)(columns * C));
		memset(to + (left + columns) * C, p->x_zero,
		       (size_t)((p->width - left - columns) * C));
	}
	memset(to, 0, SLACK);
}

/* Numbers of 32 bits (n, row) to planes, from output t of channel k on. */
static void scatter(const struct pass *p, const int32_t *from, int64_t row, int64_t t, int64_t n,
		    int64_t k, int64_t K)
{
	const int64_t PQ = p->P * p->Q;

	for (int64_t i = 0; i < n;) {
		const int64_t image = (t + i) / PQ, at = (t + i) % PQ;
		const int64_t here = PQ - at < n - i ? PQ - at : n - i;
		int32_t *y = (int32_t *)p->y + (image * p->g->K + k) * PQ + at;

		for (int64_t c = 0; c < K; c++)
			for (int64_t j = 0; j < here; j++)
				y[c * PQ + j] = from[(i + j) * row + c];
		i += here;
	}
}

/* n finished sums from output t on, of K channels from k on; at: their place among start, ... */
static void finish(const struct pass *p, int32_t *sums, int64_t row, int64_t t, int64_t n,
		   int64_t k, int64_t K, int64_t at)
{
	const struct rt_int8_post *post = p->post;
	const struct rt_int8_branch *b = &post->branch;
	const int64_t place = t * p->g->K + k;
	struct rt_int8_end e = {
		.sums = sums, .n = n, .row = row, .K = K, .scale = p->scale + at,
		.bias = p->bias + at, .lo = post->lo, .hi = post->hi, .zero = post->zero,
		.y_step = p->g->K, .add = b->x ? b->x + place : NULL, .add_zero = b->x_zero,
		.sum_zero = b->zero, .own_scale = b->own_scale, .add_scale = b->scale,
		.sum_lo = b->lo, .sum_hi = b->hi,
	};

	if (post->dtype == RT_U8) {
		e.y = (uint8_t *)p->y + place;
		p->s.t->end[row / p->s.t->lanes - 1](&e);
		return;
	}
	if (post->dtype == RT_F32)
		p->s.t->real(&e);
	scatter(p, sums, row, t, n, k, K);
}

/* The sums of n outputs of one row, tile by tile. */
static void line(const struct pass *p, struct rt_int8_tile *tile, int blocks, int64_t n)
{
	const struct rt_int8_table *t = p->s.t;
	const int64_t row = blocks * t->lanes;
	const int tiles = (int)int8_ceil(n, t->columns[blocks - 1]);
	const uint8_t *x = tile->x;
	int32_t *sums = tile->sums;

	for (int i = 0; i < tiles; i++) {
		const int64_t q = rt_slice(n, i, tiles), columns = rt_slice(n, i + 1, tiles) - q;

		tile->x = x + q * tile->step;
		tile->sums = sums + q * row;
		t->tile[blocks - 1][columns](tile);
	}
}

/* Some blocks of an item's outputs, a segment of a row or several rows at a time. */
static void chunk_rows(const struct pass *p, const struct item *item, const uint8_t *x, int64_t g,
		       int64_t chunk, int32_t *sums)
{
	const struct int8_shape *s = &p->s;
	const int64_t lanes = s->t->lanes, first = rt_slice(s->blocks, (int)chunk, (int)s->chunks);
	const int blocks = (int)(rt_slice(s->blocks, (int)chunk + 1, (int)s->chunks) - first);
	const int64_t at = (g * s->blocks + first) * lanes, k = first * lanes, row = blocks * lanes;
	const int64_t K = s->K - k < row ? s->K - k : row, Q = p->flat ? item->rows : p->Q;
	const int64_t rows = p->flat ? 1 : item->rows, down = p->g->win.stride[0] * p->pitch;
	const int64_t most = SEGMENT * s->t->blocks / blocks;
	const int64_t together = clamp(most / Q, 1, rows), segment = Q < most ? Q : most;
	const int64_t t = p->flat ? item->row : (item->image * p->P + item->row) * p->Q;
	struct rt_int8_tile tile = {
		.step = p->flat ? p->g->C * p->g->win.in[0] * p->g->win.in[1] / (p->P * p->Q)
				: p->g->win.stride[1] * p->g->C,
		.run = p->run, .runs = (int)s->runs, .quads = (int)s->quads,
		.w = p->w + (g * s->blocks + first) * s->block, .start = p->start + at,
	};

	for (int64_t i = 0; i < rows; i += together) {
		const int64_t here = rows - i < together ? rows - i : together;

		for (int64_t q = 0; q < Q; q += segment) {
			const int64_t n = Q - q < segment ? Q - q : segment;

			for (int64_t r = 0; r < here; r++) {
				tile.x = x + (i + r) * down + q * tile.step;
				tile.sums = sums + r * n * row;
				line(p, &tile, blocks, n);
			}
			finish(p, sums, row, t + i * Q + q, here * n, g * s->K + k, K, at);
		}
	}
}

static void dense_rows(const struct pass *p, const struct item *item, const uint8_t *x,
		       int32_t *sums)
{
	const int64_t first = rt_slice(p->s.chunks, (int)item->part, (int)p->parts);
	const int64_t end = rt_slice(p->s.chunks, (int)item->part + 1, (int)p->parts);

	for (int64_t g = 0; g < p->g->groups; g++)
		for (int64_t c = first; c < end; c++)
			chunk_rows(p, item, x + g * p->s.C, g, c, sums);
}

/* The columns that outputs from q on see, woven, of blocks up to a group of them. */
static void weave(const struct pass *p, const struct item *item, const uint8_t *x, uint8_t *v,
		  int64_t i, int64_t q, int64_t columns, int64_t block, int64_t blocks)
{
	const struct int8_shape *s = &p->s;
	const struct rt_window *w = &p->g->win;
	const int64_t C = p->g->C, lanes = s->t->lanes, group = lanes * RT_INT8_GROUP;
	const int64_t last = reach(w, 0, item->rows) - 1;
	const bool joined = blocks * lanes == C;

	for (int64_t k = 0; k < s->quads; k++) {
		const uint8_t *rows[4];

		for (int64_t r = 0; r < 4; r++) {
			const int64_t h = i * w->stride[0] + (k * 4 + r) * w->dilation[0];

			rows[r] = x + (h < last ? h : last) * p->pitch + q * w->stride[1] * C +
				  block * lanes;
		}
		if (joined)
			s->t->weave(v, rows, RT_INT8_GROUP, group,
				    int8_ceil(columns * C, group));
		else
			s->t->weave(v, rows, (int)blocks, C, columns);
		v += aligned((size_t)(columns * blocks * lanes * 4));
	}
}

/* Outputs q .. q + n of one or two rows from the i-th on, of some blocks. */
static void deep_segment(const struct pass *p, const struct item *item, const uint8_t *x,
			 int32_t *sums, int64_t i, int64_t q, int64_t n, int64_t block)
{
	const struct int8_shape *s = &p->s;
	const struct rt_window *w = &p->g->win;
	const int64_t lanes = s->t->lanes, columns = reach(w, 1, n);
	const int64_t blocks = clamp(s->blocks - block, 1, RT_INT8_GROUP);
	const int64_t K = p->g->K - block * lanes, row = blocks * lanes;
	const int rows = item->rows - i < s->rows ? 1 : (int)s->rows;
	uint8_t *v = (uint8_t *)(sums + 2 * DEEP_SEGMENT * RT_INT8_GROUP * lanes);
	struct rt_int8_deep d = {
		.column = row * 4, .quad = (int64_t)aligned((size_t)(columns * row * 4)),
		.rows = rows, .quads = (int)s->quads, .taps = (int)w->kernel[1],
		.step = w->stride[1], .dilation = w->dilation[1], .n = n, .row = row,
	};

	weave(p, item, x, v, i, q, columns, block, blocks);
	for (int64_t b = 0; b < blocks; b++) {
		d.v = v + b * lanes * 4;
		d.w = p->w + (block + b) * s->block;
		d.start = p->start + (block + b) * lanes;
		d.sums[0] = sums + b * lanes;
		d.sums[1] = d.sums[0] + n * row;
		s->t->deep(&d);
	}
	for (int64_t r = 0; r < rows; r++)
		finish(p, sums + r * n * row, row,
		       (item->image * p->P + item->row + i + r) * p->Q + q, n, block * lanes,
		       K < row ? K : row, block * lanes);
}

static void deep_rows(const struct pass *p, const struct item *item, const uint8_t *x,
		      int32_t *sums)
{
	const int segments = (int)int8_ceil(p->Q, DEEP_SEGMENT);

	for (int64_t i = 0; i < item->rows; i += p->s.rows) {
		for (int64_t block = 0; block < p->s.blocks; block += RT_INT8_GROUP) {
			for (int j = 0; j < segments; j++) {
				const int64_t q = rt_slice(p->Q, j, segments);

				deep_segment(p, item, x, sums, i, q,
					     rt_slice(p->Q, j + 1, segments) - q, block);
			}
		}
	}
}

static void slice(const struct pass *p, int n)
{
	char *scratch = p->scratch + p->scratch_bytes * (size_t)n;
	int32_t *sums = (int32_t *)(scratch + p->input_bytes);
	const int64_t image = p->g->C * p->g->win.in[0] * p->g->win.in[1];
	const int64_t end = rt_slice(p->items, n + 1, p->n);
	int64_t there = -1; /* the strip in scratch */

	for (int64_t i = rt_slice(p->items, n, p->n); i < end; i++) {
		const struct item item = item_of(p, i);
		const int64_t strip = item.image * p->strips + item.row / p->rows;
		const uint8_t *x = p->x + item.image * image +
				   item.row * p->g->win.stride[0] * p->pitch;

		if (p->flat)
			x = p->x + item.row * (image / (p->P * p->Q));
		if (p->padded) {
			if (strip != there)
				pad(p, &item, (uint8_t *)scratch);
			there = strip;
			x = (const uint8_t *)scratch;
		}
		if (p->s.deep)
			deep_rows(p, &item, x, sums);
		else
			dense_rows(p, &item, x, sums);
	}
}

size_t rt_int8_conv_work(const struct rt_conv *g)
{
	size_t most = 0;

	for (int terms = 1; terms <= INT8_TERMS; terms++) {
		struct pass p = {0};
		size_t bytes;

		geometry(&p, g, terms);
		bytes = take_work(&p, NULL);
		most = bytes > most ? bytes : most;
	}
	return most;
}

void rt_int8_conv(const struct rt_conv *g, void *y, const uint8_t *x, int x_zero,
		  const void *packed, const struct rt_int8_post *post, void *work)
{
	const struct int8_head *head = packed;
	struct pass p = {.post = post, .x = x, .y = y, .x_zero = (uint8_t)x_zero,
			 .w = (const int8_t *)packed + int8_head_bytes(g)};

	geometry(&p, g, head->terms);
	take_work(&p, work);
	runs(&p, head->terms);
	channels(&p, head->sums);
	p.n = rt_split(p.items, rt_conv_macs(g) / (p.s.deep ? 1 : 8));
	if (p.n == 1) {
		/* a team of one costs as much as a small layer */
		slice(&p, 0);
		return;
	}
#pragma omp parallel for num_threads(p.n) schedule(static)
	for (int s = 0; s < p.n; s++)
		slice(&p, s);
}
