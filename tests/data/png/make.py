#!/usr/bin/env python3
"""Makes the PNG files of this folder and what they show, as PPM; Python's standard library only.

Every kind that the PNG specification (2nd edition, table 11.1) allows, 7 x 5 pixels, plain and
interlaced (Adam7).  The PPM holds 8 bits a channel, rounded from exact fractions, transparency laid
over white; interlacing does not change it.
"""
import os
import struct
import zlib
from fractions import Fraction

W, H = 7, 5
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
HERE = os.path.dirname(os.path.abspath(__file__))


def sample(x, y, c, depth):
    """A number that differs from pixel to pixel and channel to channel."""
    return (x * 9301 + y * 49297 + c * 23328 + x * y * 1999) % (1 << depth)


def palette(n):
    return [((i * 67) % 256, (i * 131 + 40) % 256, 255 - (i * 29) % 256) for i in range(n)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack(values, depth):
    if depth == 16:
        return b"".join(struct.pack(">H", v) for v in values)
    bits = "".join(format(v, "0%db" % depth) for v in values)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def rows(pixels, columns, lines, depth):
    out = b""
    for y in lines:
        flat = [v for x in columns for v in pixels[y][x]]
        if flat:
            out += b"\0" + pack(flat, depth)
    return out


def write(name, kind, depth, interlaced, transparent=None):
    pixels = [[tuple(sample(x, y, c, depth) for c in range(CHANNELS[kind])) for x in range(W)] for y in range(H)]
    top = (1 << depth) - 1
    colors = palette(1 << depth) if kind == PALETTE else None
    alphas = [(i * 97) % 256 for i in range(min(5, 1 << depth))] if kind == PALETTE and transparent else None
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, depth, kind, 0, 0, interlaced))
    if colors:
        data += chunk(b"PLTE", b"".join(bytes(c) for c in colors))
    if alphas:
        data += chunk(b"tRNS", bytes(alphas))
    elif transparent:
        transparent = pixels[2][3]
        data += chunk(b"tRNS", b"".join(struct.pack(">H", v) for v in transparent))
    if interlaced:
        raw = b"".join(rows(pixels, range(x, W, dx), range(y, H, dy), depth) for x, y, dx, dy in ADAM7)
    else:
        raw = rows(pixels, range(W), range(H), depth)
    data += chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")
    with open(os.path.join(HERE, name + ".png"), "wb") as f:
        f.write(data)
    if interlaced:
        return
    ppm = b"P6 %d %d 255\n" % (W, H)
    for line in pixels:
        for p in line:
            alpha = Fraction(1)
            if kind == PALETTE:
                color = [Fraction(v, 255) for v in colors[p[0]]]
                if alphas and p[0] < len(alphas):
                    alpha = Fraction(alphas[p[0]], 255)
            else:
                color = [Fraction(v, top) for v in p]
                if kind in (GREY_ALPHA, RGBA):
                    alpha = color.pop()
                elif transparent == p:
                    alpha = Fraction(0)
                if len(color) == 1:
                    color *= 3
            for v in color:
                over = v * alpha + (1 - alpha)
                ppm += bytes([int(over * 255 + Fraction(1, 2))])
    with open(os.path.join(HERE, name + ".ppm"), "wb") as f:
        f.write(ppm)


for i, end in ((0, ""), (1, "_adam7")):
    for d in (1, 2, 4, 8, 16):
        write("grey%d%s" % (d, end), GREY, d, i)
    for d in (8, 16):
        write("rgb%d%s" % (d, end), RGB, d, i)
        write("greya%d%s" % (d, end), GREY_ALPHA, d, i)
        write("rgba%d%s" % (d, end), RGBA, d, i)
        write("grey%d_key%s" % (d, end), GREY, d, i, True)
        write("rgb%d_key%s" % (d, end), RGB, d, i, True)
    for d in (1, 2, 4, 8):
        write("palette%d%s" % (d, end), PALETTE, d, i)
        write("palette%d_alpha%s" % (d, end), PALETTE, d, i, True)
