/* font.c - the typeface of PNG pictures: DejaVu in three sizes, carried inside the program. */
#include "config.h"

#include "views/font.h"

#include "base/err.h"
#include "io/png.h"
#include "views/font/metrics.h"
#include "views/text.h"

#include <pthread.h>

/* The assembler copies each atlas as it is; RT_FONT_DIR comes from local.mk. */
#define CARRY(name)                                                                                \
	extern const unsigned char rt_font_##name[], rt_font_##name##_end[];                       \
	__asm__(".section .rodata\n"                                                               \
		".global rt_font_" #name "\n"                                                      \
		"rt_font_" #name ":\n"                                                             \
		".incbin \"" RT_FONT_DIR "/" #name ".png\"\n"                                      \
		".global rt_font_" #name "_end\n"                                                  \
		"rt_font_" #name "_end:\n"                                                         \
		".byte 0\n"                                                                        \
		".previous\n")

CARRY(small);
CARRY(label);
CARRY(title);
CARRY(mono);
CARRY(strong);

static struct rt_image atlas[RT_TYPE_SIZES];

static void load(void)
{
	static const struct {
		const unsigned char *from, *to;
	} carried[RT_TYPE_SIZES] = {
		{rt_font_small, rt_font_small_end},
		{rt_font_label, rt_font_label_end},
		{rt_font_title, rt_font_title_end},
		{rt_font_mono, rt_font_mono_end},
		{rt_font_strong, rt_font_strong_end},
	};
	struct rt_err err;

	for (int i = 0; i < RT_TYPE_SIZES; i++)
		RT_ASSERT(rt_png_parse(&atlas[i], carried[i].from,
				       (size_t)(carried[i].to - carried[i].from), "font", 1,
				       &err) == RT_OK);
}

static int glyph_index(uint32_t ch)
{
	int at = 0;

	for (size_t i = 0; i < RT_COUNT(font_range); i++) {
		if (ch >= font_range[i].first && ch <= font_range[i].last)
			return at + (int)(ch - font_range[i].first);
		at += font_range[i].last - font_range[i].first + 1;
	}
	return FONT_GLYPHS - 1;
}

struct rt_glyph rt_font_glyph(enum rt_type_size size, uint32_t ch)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int i = glyph_index(rt_char_plain(ch, true)), w = font_cell[size].w, h = font_cell[size].h;
	const struct rt_image *from = &atlas[size];

	pthread_once(&once, load);
	return (struct rt_glyph){
		.coverage = from->pixel + (size_t)(i / FONT_COLUMNS * h) * (size_t)from->w +
			    i % FONT_COLUMNS * w,
		.w = w,
		.h = h,
		.stride = from->w,
		.pad = FONT_PAD,
		.base = font_cell[size].base,
		.advance = rt_char_width(ch) ? font_advance[size][i] : 0,
	};
}

int rt_font_width(enum rt_type_size size, const char *text)
{
	int width = 0;

	for (uint32_t ch; (ch = rt_utf8_next(&text));)
		width += rt_font_glyph(size, ch).advance;
	return width;
}

int rt_font_up(enum rt_type_size size)
{
	return font_cell[size].base;
}

int rt_font_down(enum rt_type_size size)
{
	return font_cell[size].h - font_cell[size].base;
}

int rt_font_line(enum rt_type_size size)
{
	return font_cell[size].size * 7 / 5;
}
