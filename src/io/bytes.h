/* bytes.h - numbers of either byte order in the bytes of a file. */
#ifndef RT_IO_BYTES_H
#define RT_IO_BYTES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static inline uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void put_be32(unsigned char *p, uint32_t v)
{
	for (int i = 3; i >= 0; i--, v >>= 8)
		p[i] = (unsigned char)v;
}

static inline uint16_t le16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t le32(const unsigned char *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline void put_le16(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)v;
	p[1] = (unsigned char)(v >> 8);
}

static inline void put_le32(unsigned char *p, uint32_t v)
{
	put_le16(p, v & 0xffff);
	put_le16(p + 2, v >> 16);
}

/* True on a machine whose least significant byte comes first. */
static inline int is_little_endian(void)
{
	const uint16_t one = 1;

	return *(const unsigned char *)&one == 1;
}

/* Copies n elements of size bytes, each with its bytes turned around. */
static inline void copy_swapped(void *to, const void *from, size_t size, int64_t n)
{
	const unsigned char *f = from;
	unsigned char *t = to, element[8];

	for (int64_t i = 0; i < n; i++, f += size, t += size) {
		memcpy(element, f, size);
		for (size_t b = 0; b < size; b++)
			t[b] = element[size - 1 - b];
	}
}

#endif
