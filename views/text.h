/* text.h - characters, their width in cells, and numbers as every view writes them.
 *
 * Views write UTF-8 with typographic signs (minus, dash, multiplication sign).  Where a terminal
 * has none, a canvas spells them in ASCII; text that does not pass through a canvas uses
 * rt_text_add().
 */
#ifndef RT_VIEWS_TEXT_H
#define RT_VIEWS_TEXT_H

#include "base/str.h"

/* Decodes the character at *p and moves *p behind it; 0 at the end (*p stays).  A byte that is not
 * UTF-8 is U+FFFD and one byte long. */
uint32_t rt_utf8_next(const char **p);

/* Appends one character as UTF-8. */
void rt_utf8_add(struct rt_str *out, uint32_t ch);

/* Cells that ch takes: 0 (combining), 1 or 2.  Control characters take 1: they are shown as '?'. */
int rt_char_width(uint32_t ch);

/* The one character that stands for ch in a cell: itself, the first one of its ASCII spelling, '?'
 * for control characters; 0 for combining marks, which are left out. */
uint32_t rt_char_plain(uint32_t ch, bool unicode);

/* Cells that text takes. */
int rt_text_width(const char *text);

/* Appends text: as it is, or spelled in printable ASCII (× x, − -, … ..., é e; ? for the rest).
 * Control characters become '?' either way, so that no name can command a terminal. */
void rt_text_add(struct rt_str *out, const char *text, bool unicode);

/* Appends text cut to at most width cells, the cut marked by … (or .. in ASCII). */
void rt_text_fit(struct rt_str *out, const char *text, int width, bool unicode);

/* The same with the cut in the middle: what names of one folder share is not their end. */
void rt_text_fit_middle(struct rt_str *out, const char *text, int width, bool unicode);

/* Room for any number below. */
#define RT_NUM 48

/* Each writes to buf and returns it.  NaN is "–" everywhere; minus is U+2212. */
char *rt_num_real(char buf[RT_NUM], double v, int decimals);	/* −0.40 */
char *rt_num_signed(char buf[RT_NUM], double v, int decimals);	/* +0.40, −0.40, 0.00 */
char *rt_num_percent(char buf[RT_NUM], double fraction);	/* 91.2 % */
char *rt_num_points(char buf[RT_NUM], double fraction);	/* +0.40, a difference in percent points */
char *rt_num_count(char buf[RT_NUM], double n);		/* 23,550 */
char *rt_num_short(char buf[RT_NUM], double v,
		   int digits); /* that many significant digits: 0.031, 1.2e−07 */

#endif
