/* text.c - characters, their width in cells, and numbers as every view writes them. */
#include "config.h"

#include "views/text.h"

#include "base/err.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

uint32_t rt_utf8_next(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	int more = *s < 0x80		     ? 0
		   : *s >= 0xc2 && *s < 0xe0 ? 1
		   : (*s & 0xf0) == 0xe0     ? 2
		   : *s >= 0xf0 && *s < 0xf5 ? 3
					     : -1;
	uint32_t ch = more == 0 ? *s : more == 1 ? *s & 0x1f : more == 2 ? *s & 0x0f : *s & 0x07;

	if (*s == 0)
		return 0;
	for (int i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			more = -1;
		else
			ch = ch << 6 | (s[i] & 0x3f);
	}
	/* Overlong forms, surrogates and what lies above Unicode are not characters. */
	if (more < 0 || (more == 2 && (ch < 0x800 || (ch >= 0xd800 && ch < 0xe000))) ||
	    (more == 3 && (ch < 0x10000 || ch > 0x10ffff))) {
		*p += 1;
		return 0xfffd;
	}
	*p += more + 1;
	return ch;
}

void rt_utf8_add(struct rt_str *out, uint32_t ch)
{
	if (ch < 0x80) {
		rt_str_addc(out, (char)ch);
	} else if (ch < 0x800) {
		rt_str_addc(out, (char)(0xc0 | ch >> 6));
		rt_str_addc(out, (char)(0x80 | (ch & 0x3f)));
	} else if (ch < 0x10000) {
		rt_str_addc(out, (char)(0xe0 | ch >> 12));
		rt_str_addc(out, (char)(0x80 | (ch >> 6 & 0x3f)));
		rt_str_addc(out, (char)(0x80 | (ch & 0x3f)));
	} else {
		rt_str_addc(out, (char)(0xf0 | ch >> 18));
		rt_str_addc(out, (char)(0x80 | (ch >> 12 & 0x3f)));
		rt_str_addc(out, (char)(0x80 | (ch >> 6 & 0x3f)));
		rt_str_addc(out, (char)(0x80 | (ch & 0x3f)));
	}
}

/* wcwidth() answers -1 for everything beyond ASCII in the C locale; these ranges (East Asian wide
 * and the common combining marks of Unicode 15) then decide. */
static int width_without_locale(uint32_t ch)
{
	static const struct {
		uint32_t first, last;
		int width;
	} range[] = {
		{0x0300, 0x036f, 0},   {0x0483, 0x0489, 0},   {0x0591, 0x05bd, 0},
		{0x064b, 0x065f, 0},   {0x1100, 0x115f, 2},   {0x200b, 0x200f, 0},
		{0x202a, 0x202e, 0},   {0x2060, 0x2064, 0},   {0x20d0, 0x20f0, 0},
		{0x2e80, 0x303e, 2},   {0x3041, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},
		{0xf900, 0xfaff, 2},   {0xfe00, 0xfe0f, 0},   {0xfe30, 0xfe6f, 2},
		{0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2},
		{0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
	};

	for (size_t i = 0; i < RT_COUNT(range); i++)
		if (ch >= range[i].first && ch <= range[i].last)
			return range[i].width;
	return 1;
}

static bool is_control(uint32_t ch)
{
	return ch < 0x20 || (ch >= 0x7f && ch < 0xa0);
}

int rt_char_width(uint32_t ch)
{
	int width;

	if (is_control(ch) || ch < 0x300)
		return 1;
	width = wcwidth((wchar_t)ch);
	return width >= 0 ? width : width_without_locale(ch);
}

int rt_text_width(const char *text)
{
	int width = 0;

	for (uint32_t ch; (ch = rt_utf8_next(&text));)
		width += rt_char_width(ch);
	return width;
}

static const char *spelled(uint32_t ch, char single[2])
{
	static const char latin1[] = /* from U+00C0 */
		"AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";
	static const struct {
		uint32_t ch;
		const char *ascii;
	} word[] = {
		{0x2212, "-"},	  {0x2013, "-"},     {0x2014, "-"},	  {0x2010, "-"},
		{0x2011, "-"},	  {0x2500, "-"},     {0x2502, "|"},	  {0x2026, "..."},
		{0xb7, "."},	  {0xb1, "+-"},	     {0xb2, "2"},	  {0xb3, "3"},
		{0xb5, "u"},	  {0xa0, " "},	     {0xb0, "deg"},	  {0x2018, "'"},
		{0x2019, "'"},	  {0x201c, "\""},    {0x201d, "\""},	  {0x2022, "*"},
		{0x2192, "->"},	  {0x2190, "<-"},    {0x2264, "<="},	  {0x2265, ">="},
		{0x2248, "~"},	  {0x2260, "!="},    {0x221e, "inf"},	  {0x03b1, "alpha"},
		{0x03b2, "beta"}, {0x03b3, "gamma"}, {0x03b5, "epsilon"}, {0x03bb, "lambda"},
		{0x03bc, "mu"},	  {0x03c0, "pi"},    {0x03c1, "rho"},	  {0x03c3, "sigma"},
		{0x03c4, "tau"},  {0x03a3, "sum"},   {0x0394, "delta"},
	};

	single[1] = '\0';
	single[0] = '?';
	if (ch >= 0x20 && ch < 0x7f)
		single[0] = (char)ch;
	else if (ch >= 0xc0 && ch <= 0xff)
		single[0] = latin1[ch - 0xc0];
	else
		for (size_t i = 0; i < RT_COUNT(word); i++)
			if (word[i].ch == ch)
				return word[i].ascii;
	return single;
}

uint32_t rt_char_plain(uint32_t ch, bool unicode)
{
	char single[2];

	if (rt_char_width(ch) == 0 || ch == 0)
		return 0;
	return unicode && !is_control(ch) ? ch : (unsigned char)spelled(ch, single)[0];
}

void rt_text_add(struct rt_str *out, const char *text, bool unicode)
{
	char single[2];

	for (uint32_t ch; (ch = rt_utf8_next(&text));) {
		if (rt_char_width(ch) == 0)
			continue; /* a cell holds one character: combining marks are left out */
		if (unicode && !is_control(ch))
			rt_utf8_add(out, ch);
		else
			rt_str_add(out, spelled(ch, single));
	}
}

void rt_text_fit(struct rt_str *out, const char *text, int width, bool unicode)
{
	struct rt_str whole = {0};
	const char *mark = unicode ? "…" : "..", *p;
	int room;

	rt_text_add(&whole, text, unicode);
	p = rt_str_text(&whole);
	if (rt_text_width(p) <= width) {
		rt_str_add(out, p);
	} else {
		room = width - rt_text_width(mark);
		for (const char *next = p; *p; p = next) {
			room -= rt_char_width(rt_utf8_next(&next));
			if (room < 0)
				break;
			rt_str_addn(out, p, (size_t)(next - p));
		}
		if (width >= rt_text_width(mark))
			rt_str_add(out, mark);
	}
	rt_str_release(&whole);
}

void rt_text_fit_middle(struct rt_str *out, const char *text, int width, bool unicode)
{
	struct rt_str whole = {0};
	const char *p;
	int end = width / 2, spare;

	rt_text_add(&whole, text, unicode);
	p = rt_str_text(&whole);
	spare = rt_text_width(p) - end;
	if (rt_text_width(p) <= width) {
		rt_str_add(out, p);
	} else {
		rt_text_fit(out, p, width - end, unicode);
		while (spare > 0)
			spare -= rt_char_width(rt_utf8_next(&p));
		rt_str_add(out, p);
	}
	rt_str_release(&whole);
}

/* Replaces ASCII minus signs by U+2212 and takes the sign from a number that rounds to zero. */
static char *typeset(char buf[RT_NUM], const char *ascii)
{
	size_t n = 0;

	if ((*ascii == '-' || *ascii == '+') && !strpbrk(ascii, "123456789in"))
		ascii++;
	for (; *ascii && n + 4 < RT_NUM; ascii++) {
		if (*ascii == '-') {
			memcpy(buf + n, "−", 3);
			n += 3;
		} else {
			buf[n++] = *ascii;
		}
	}
	buf[n] = '\0';
	return buf;
}

static char *dash(char buf[RT_NUM])
{
	snprintf(buf, RT_NUM, "–");
	return buf;
}

char *rt_num_real(char buf[RT_NUM], double v, int decimals)
{
	char ascii[RT_NUM];

	if (isnan(v))
		return dash(buf);
	if (fabs(v) >= 1e15)
		snprintf(ascii, sizeof(ascii), "%.3g", v);
	else
		snprintf(ascii, sizeof(ascii), "%.*f",
			 decimals < 0	 ? 0
			 : decimals > 15 ? 15
					 : decimals,
			 v);
	return typeset(buf, ascii);
}

char *rt_num_signed(char buf[RT_NUM], double v, int decimals)
{
	char ascii[RT_NUM];

	if (isnan(v))
		return dash(buf);
	if (fabs(v) >= 1e15)
		snprintf(ascii, sizeof(ascii), "%+.3g", v);
	else
		snprintf(ascii, sizeof(ascii), "%+.*f",
			 decimals < 0	 ? 0
			 : decimals > 15 ? 15
					 : decimals,
			 v);
	return typeset(buf, ascii);
}

char *rt_num_percent(char buf[RT_NUM], double fraction)
{
	char number[RT_NUM];

	if (isnan(fraction))
		return dash(buf);
	rt_num_real(number, 100 * fraction, 1);
	snprintf(buf, RT_NUM, "%.40s %%", number);
	return buf;
}

char *rt_num_points(char buf[RT_NUM], double fraction)
{
	return rt_num_signed(buf, 100 * fraction, 2);
}

char *rt_num_count(char buf[RT_NUM], double n)
{
	char ascii[RT_NUM];

	if (isnan(n))
		return dash(buf);
	if (fabs(n) >= 1e15)
		return rt_num_real(buf, n, 0);
	return typeset(buf, rt_text_count(ascii, sizeof(ascii), (int64_t)llround(n)));
}

char *rt_num_short(char buf[RT_NUM], double v, int digits)
{
	char ascii[RT_NUM];

	if (isnan(v))
		return dash(buf);
	snprintf(ascii, sizeof(ascii), "%.*g", digits < 1 ? 1 : digits > 15 ? 15 : digits, v);
	return typeset(buf, ascii);
}
