/* palette.c - the colours of every picture: one hue a role, one map for signed values. */
#include "config.h"

#include "views/palette.h"

#include "base/err.h"

#include <math.h>

static const struct {
	int32_t paper, cells;
	uint32_t fill;
	char ascii;
} role_ink[RT_ROLES] = {
	[RT_TEACHER] = {0x174a8c, 0x3b8bd6, 0x2588, '#'},
	[RT_STUDENT] = {0xe08a00, 0xe08a00, 0x2592, '='},
	[RT_CONTROL] = {0x737373, 0x8a8a8a, 0x2591, '-'},
	[RT_DIFFERENCE] = {0x8e3a80, 0xb65fa8, 0x2593, '+'},
	[RT_OTHER] = {0x1a8a6a, 0x1fa37c, 0x259e, ':'},
};

int32_t rt_role_paper(enum rt_role role)
{
	return role_ink[role < RT_ROLES ? role : RT_OTHER].paper;
}

int32_t rt_role_cells(enum rt_role role)
{
	return role_ink[role < RT_ROLES ? role : RT_OTHER].cells;
}

int32_t rt_role_shade(enum rt_role role, int nth, bool paper)
{
	static const int32_t other[] = {0x1a8a6a, 0x8e3a80, 0xc8501e, 0x4a9bc7, 0x8a6d1f};
	int32_t own = paper ? rt_role_paper(role) : rt_role_cells(role);

	if (nth <= 0)
		return own;
	if (role >= RT_OTHER)
		return rt_color_mix(other[nth % (int)RT_COUNT(other)], 0xffffff, paper ? 0 : 0.2);
	return rt_color_mix(own, nth % 2 ? 0xffffff : 0x000000, 0.4);
}

uint32_t rt_role_fill(enum rt_role role, bool unicode)
{
	role = role < RT_ROLES ? role : RT_OTHER;
	return unicode ? role_ink[role].fill : (uint32_t)role_ink[role].ascii;
}

static int part(int32_t rgb, int shift)
{
	return rgb >> shift & 0xff;
}

int32_t rt_color_mix(int32_t a, int32_t b, double t)
{
	int32_t rgb = 0;

	t = !(t > 0) ? 0 : t > 1 ? 1 : t;
	for (int shift = 0; shift <= 16; shift += 8)
		rgb |= (int32_t)lround((1 - t) * part(a, shift) + t * part(b, shift)) << shift;
	return rgb;
}

/* Stops at 0, 1/4, 1/2, 3/4 and 1; each pair has the same CIE lightness (100, 84, 67, 48, 32 within
 * 3), and each is near a colour of the 256, so that the steps survive there. */
int32_t rt_color_signed(double t)
{
	static const int32_t plus[] = {0xffffff, 0xffc4ae, 0xf58a6c, 0xcf4436, 0x960d1c};
	static const int32_t minus[] = {0xffffff, 0xb3d3f5, 0x6aa4e2, 0x2f70c0, 0x154a8f};
	double at;
	int i;

	if (isnan(t))
		return 0xb0b0b0;
	at = 4 * fmin(fabs(t), 1);
	i = at >= 4 ? 3 : (int)at;
	return t < 0 ? rt_color_mix(minus[i], minus[i + 1], at - i)
		     : rt_color_mix(plus[i], plus[i + 1], at - i);
}

int32_t rt_color_signed_256(double t)
{
	static const int32_t plus[] = {0xffffff, 0xffd7d7, 0xffafaf, 0xff8787,
				       0xff5f5f, 0xd70000, 0x870000};
	static const int32_t minus[] = {0xffffff, 0xd7d7ff, 0xafd7ff, 0x87afff,
					0x5f87ff, 0x005fd7, 0x000087};
	int i;

	if (isnan(t))
		return 0xb2b2b2;
	i = (int)lround(6 * fmin(fabs(t), 1));
	return t < 0 ? minus[i] : plus[i];
}

int32_t rt_color_grey(double t)
{
	return isnan(t) ? 0xb04040 : rt_color_mix(0x000000, 0xffffff, t);
}

int32_t rt_color_ink(double t)
{
	return rt_color_mix(0xffffff, 0x173f6e, t);
}

int32_t rt_color_on(int32_t rgb)
{
	/* Rec. 601 luma; the threshold gives both inks a contrast of at least 4. */
	return 299 * part(rgb, 16) + 587 * part(rgb, 8) + 114 * part(rgb, 0) > 140000 ? 0x000000
										      : 0xffffff;
}

static int distance(int32_t a, int r, int g, int b)
{
	int dr = part(a, 16) - r, dg = part(a, 8) - g, db = part(a, 0) - b;

	return 3 * dr * dr + 4 * dg * dg + 2 * db * db;
}

int rt_color_256(int32_t rgb)
{
	static const int level[] = {0, 95, 135, 175, 215, 255};
	int best = 16, least = INT32_MAX;

	for (int i = 0; i < 240; i++) {
		int grey = 8 + 10 * (i - 216);
		int d = i < 216 ? distance(rgb, level[i / 36], level[i / 6 % 6], level[i % 6])
				: distance(rgb, grey, grey, grey);

		if (d < least) {
			least = d;
			best = 16 + i;
		}
	}
	return best;
}

int rt_color_8(int32_t rgb)
{
	/* As xterm shows them. */
	static const int32_t eight[] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
					0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5};
	int best = 0, least = INT32_MAX;

	for (int i = 0; i < 8; i++) {
		int d = distance(rgb, part(eight[i], 16), part(eight[i], 8), part(eight[i], 0));

		if (d < least) {
			least = d;
			best = i;
		}
	}
	return best;
}
