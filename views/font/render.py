#!/usr/bin/env python3
"""Draws the glyph atlases and metrics.h from DejaVu; run only to change sizes or characters.

usage: render.py FOLDER-OF-DEJAVU-TTF     (needs Pillow; writes beside itself)
"""
import os
import sys

from PIL import Image, ImageDraw, ImageFont

SIZES = [("small", "DejaVuSans.ttf", 13), ("label", "DejaVuSans.ttf", 18), ("title", "DejaVuSans-Bold.ttf", 22),
	("mono", "DejaVuSansMono.ttf", 18), ("strong", "DejaVuSansMono-Bold.ttf", 18)]
RANGES = [
	(0x20, 0x7E), (0xA0, 0xFF), (0x391, 0x3A1), (0x3A3, 0x3A9), (0x3B1, 0x3C9),
	(0x2010, 0x2015), (0x2018, 0x201D), (0x2022, 0x2022), (0x2026, 0x2026), (0x20AC, 0x20AC),
	(0x2190, 0x2193), (0x2202, 0x2202), (0x2206, 0x2207), (0x2211, 0x2212), (0x221A, 0x221A),
	(0x221E, 0x221E), (0x2248, 0x2248), (0x2260, 0x2260), (0x2264, 0x2265),
	(0x23CE, 0x23CE), (0x25A1, 0x25A1),  # the last glyph stands for every character that is not here
]
COLUMNS, PAD = 24, 2

here = os.path.dirname(os.path.abspath(__file__))
glyphs = [c for first, last in RANGES for c in range(first, last + 1)]
sizes, advances = [], []
for name, file, px in SIZES:
	font = ImageFont.truetype(os.path.join(sys.argv[1], file), px, layout_engine=ImageFont.Layout.BASIC)
	up, down = 0, 0
	for c in glyphs:
		_, top, _, bottom = font.getbbox(chr(c), anchor="ls")
		up, down = max(up, -top), max(down, bottom)
	width = max(round(font.getlength(chr(c))) for c in glyphs) + 2 * PAD
	rows = -(-len(glyphs) // COLUMNS)
	atlas = Image.new("L", (COLUMNS * width, rows * (up + down)), 0)
	draw = ImageDraw.Draw(atlas)
	advance = []
	for i, c in enumerate(glyphs):
		x, y = i % COLUMNS * width + PAD, i // COLUMNS * (up + down) + up
		cell = Image.new("L", (width, up + down), 0)
		ImageDraw.Draw(cell).text((PAD, up), chr(c), fill=255, font=font, anchor="ls")
		atlas.paste(cell, (x - PAD, y - up))
		advance.append(round(font.getlength(chr(c))))
	atlas = atlas.point(lambda v: (v + 8) // 17 * 17)  # sixteen levels are enough and pack well
	atlas.save(os.path.join(here, name + ".png"), optimize=True)
	sizes.append((width, up + down, up, px))
	advances.append(advance)

with open(os.path.join(here, "metrics.h"), "w") as out:
	out.write("/* metrics.h - what lies where in the glyph atlases; written by render.py. */\n")
	out.write("#ifndef RT_VIEWS_FONT_METRICS_H\n#define RT_VIEWS_FONT_METRICS_H\n\n#include <stdint.h>\n\n")
	out.write("enum { FONT_GLYPHS = %d, FONT_COLUMNS = %d, FONT_PAD = %d };\n\n" % (len(glyphs), COLUMNS, PAD))
	out.write("/* Code points in the order of the atlas; the last one stands for what is missing. */\n")
	out.write("static const struct {\n\tuint16_t first, last;\n} font_range[] = {\n")
	for first, last in RANGES:
		out.write("\t{0x%04x, 0x%04x},\n" % (first, last))
	out.write("};\n\n/* Small, label, title, mono, strong: cell of the atlas in pixels, baseline from its\n * top, size of the type. */\n")
	out.write("static const struct {\n\tuint8_t w, h, base, size;\n} font_cell[] = {\n")
	for s in sizes:
		out.write("\t{%d, %d, %d, %d},\n" % s)
	out.write("};\n\n/* How far each glyph moves the pen, in pixels. */\n")
	out.write("static const uint8_t font_advance[][FONT_GLYPHS] = {\n")
	for advance in advances:
		out.write("\t{\n")
		for i in range(0, len(advance), 20):
			out.write("\t\t" + " ".join("%d," % a for a in advance[i:i + 20]) + "\n")
		out.write("\t},\n")
	out.write("};\n\n#endif\n")
