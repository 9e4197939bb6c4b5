/* font.h - the typeface of PNG pictures: DejaVu in three sizes, carried inside the program. */
#ifndef RT_VIEWS_FONT_H
#define RT_VIEWS_FONT_H

#include <stdint.h>

/* Small print is for the command under a picture only; mono and strong are for cells of a canvas,
 * all their characters equally wide. */
enum rt_type_size { RT_SMALL, RT_LABEL, RT_TITLE, RT_MONO, RT_STRONG, RT_TYPE_SIZES };

/* One character: coverage 0..255 of w x h pixels, rows `stride` apart, to be laid with its left
 * edge at pen - pad and its top at baseline - base; then the pen moves by advance.  Borrowed. */
struct rt_glyph {
	const uint8_t *coverage;
	int w, h, stride, pad, base, advance;
};
struct rt_glyph rt_font_glyph(enum rt_type_size size, uint32_t ch);

/* Pixels from the pen's start to its end. */
int rt_font_width(enum rt_type_size size, const char *text);

/* Pixels from the baseline up to the top of letters with accents, down to the lowest, and from one
 * line to the next. */
int rt_font_up(enum rt_type_size size);
int rt_font_down(enum rt_type_size size);
int rt_font_line(enum rt_type_size size);

#endif
