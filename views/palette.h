/* palette.h - the colours of every picture: one hue a role, one map for signed values.
 *
 * Teacher (blue), student (orange) and difference (purple) keep apart for every common colour
 * blindness (the hues follow Okabe and Ito, Color Universal Design, 2008) and differ in lightness,
 * so that they also keep apart in grey print.  Colours are 0xRRGGBB.
 */
#ifndef RT_VIEWS_PALETTE_H
#define RT_VIEWS_PALETTE_H

#include <stdbool.h>
#include <stdint.h>

/* What a curve, bar or panel belongs to. */
enum rt_role { RT_TEACHER, RT_STUDENT, RT_CONTROL, RT_DIFFERENCE, RT_OTHER, RT_ROLES };

/* On white paper, and on a terminal whose background may be dark or light. */
int32_t rt_role_paper(enum rt_role role);
int32_t rt_role_cells(enum rt_role role);

/* The same for the nth (from 0) of several things of one role: a lighter or darker tone; a hue of
 * its own for RT_OTHER. */
int32_t rt_role_shade(enum rt_role role, int nth, bool paper);

/* What fills a bar of that role: █ ▒ ░ ▓ ▞, or # = - + : in ASCII. */
uint32_t rt_role_fill(enum rt_role role, bool unicode);

/* Ink of PNG pictures. */
enum {
	RT_PAPER = 0xffffff,
	RT_TEXT = 0x1a1a1a,	/* titles and labels */
	RT_FAINT = 0x5f5f5f,	/* captions and small print */
	RT_AXIS = 0x8c8c8c,	/* axes and frames */
	RT_GRID = 0xe2e2e2,	/* lines behind the data */
};

/* Diverging: t -1 blue, 0 white, +1 red, lightness symmetric about 0; beyond is clipped; NaN: grey.
 */
int32_t rt_color_signed(double t);

/* The same in 13 steps that are all among the 256 colours: rounding the smooth map to them would
 * change its hue from step to step. */
int32_t rt_color_signed_256(double t);

/* Sequential: t 0 black .. 1 white; for counts, rt_color_ink runs from white paper to dark. */
int32_t rt_color_grey(double t);
int32_t rt_color_ink(double t);

/* (1 - t) a + t b for each of red, green, blue. */
int32_t rt_color_mix(int32_t a, int32_t b, double t);

/* Black or white, whichever is read better on rgb. */
int32_t rt_color_on(int32_t rgb);

/* Nearest of xterm's 256 colours (16..255: the cube and the greys), and of the first 8. */
int rt_color_256(int32_t rgb);
int rt_color_8(int32_t rgb);

#endif
