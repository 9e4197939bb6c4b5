/* mem.c - small allocations that die with a message. */
#include "config.h"

#include "base/mem.h"
#include "base/err.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *rt_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		rt_die(__FILE__, __LINE__, "out of memory");
	return p;
}

void *rt_realloc(void *p, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		rt_die(__FILE__, __LINE__, "allocation overflows");
	p = realloc(p, n > 0 && size > 0 ? n * size : 1);
	if (!p)
		rt_die(__FILE__, __LINE__, "out of memory");
	return p;
}

static size_t most_set;

bool rt_fits(size_t bytes)
{
	size_t most = __atomic_load_n(&most_set, __ATOMIC_RELAXED);
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);

	if (!most)
		most = pages > 0 && page > 0 ? (size_t)pages * (size_t)page : SIZE_MAX / 2;
	return bytes <= most;
}

void rt_fits_set(size_t most)
{
	__atomic_store_n(&most_set, most, __ATOMIC_RELAXED);
}

char *rt_strdup(const char *s)
{
	return s ? rt_memdup(s, strlen(s) + 1, 1) : NULL;
}

void *rt_memdup(const void *p, size_t n, size_t size)
{
	void *copy;

	if (!n)
		return NULL;
	copy = rt_alloc(n, size);
	memcpy(copy, p, n * size);
	return copy;
}

char *rt_vsprintf(const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	RT_ASSERT(n >= 0);
	text = rt_alloc((size_t)n + 1, 1);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	return text;
}

char *rt_sprintf(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = rt_vsprintf(fmt, ap);
	va_end(ap);
	return text;
}
