/* nms.c - greedy non-maximum suppression. */
#include "config.h"

#include "tensor/nms.h"

#include <math.h>

struct box {
	float x1, y1, x2, y2;
};

static struct box box_of(const struct rt_nms *g, int64_t b, int64_t i)
{
	const float *v = g->boxes + (b * g->N + i) * 4;

	if (g->centers)
		return (struct box){v[0] - v[2] / 2, v[1] - v[3] / 2, v[0] + v[2] / 2,
				    v[1] + v[3] / 2};
	return (struct box){fminf(v[1], v[3]), fminf(v[0], v[2]), fmaxf(v[1], v[3]),
			    fmaxf(v[0], v[2])};
}

static float area(struct box a)
{
	return (a.x2 - a.x1) * (a.y2 - a.y1);
}

static bool overlaps(const struct rt_nms *g, struct box a, struct box b)
{
	float w = fminf(a.x2, b.x2) - fmaxf(a.x1, b.x1), h = fminf(a.y2, b.y2) - fmaxf(a.y1, b.y1);
	float common = w > 0 && h > 0 ? w * h : 0, both = area(a) + area(b) - common;

	return both > 0 && common / both > g->overlap;
}

/* order = candidates by falling score, equal ones as they come; their number. */
static int64_t candidates(const struct rt_nms *g, const float *score, int64_t *order)
{
	int64_t n = 0;

	for (int64_t i = 0; i < g->N; i++) {
		int64_t at = n;

		if (!(score[i] > g->least))
			continue;
		while (at > 0 && score[order[at - 1]] < score[i]) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = i;
		n++;
	}
	return n;
}

/* Moves those that stay to the front of order. */
static int64_t keep(const struct rt_nms *g, int64_t b, int64_t *order, int64_t n)
{
	int64_t kept = 0;

	for (int64_t i = 0; i < n && kept < g->most; i++) {
		int64_t k = 0;

		while (k < kept && !overlaps(g, box_of(g, b, order[i]), box_of(g, b, order[k])))
			k++;
		if (k == kept)
			order[kept++] = order[i];
	}
	return kept;
}

int64_t rt_nms(const struct rt_nms *g, int64_t *out, int64_t *order)
{
	int64_t total = 0;

	for (int64_t i = 0; i < g->B * g->C; i++) {
		int64_t n = candidates(g, g->scores + i * g->N, order);

		n = keep(g, i / g->C, order, n);
		for (int64_t k = 0; out && k < n; k++) {
			out[(total + k) * 3] = i / g->C;
			out[(total + k) * 3 + 1] = i % g->C;
			out[(total + k) * 3 + 2] = order[k];
		}
		total += n;
	}
	return total;
}
