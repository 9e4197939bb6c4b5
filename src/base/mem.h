/* mem.h - small allocations, which die with a message instead of failing.
 *
 * Tensors and file contents do not come from here: they return RT_ENOMEM (tensor/tensor.h,
 * base/file.h).
 */
#ifndef RT_BASE_MEM_H
#define RT_BASE_MEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* n zeroed elements of size bytes; never NULL.  The caller frees with free(). */
void *rt_alloc(size_t n, size_t size) __attribute__((malloc, alloc_size(1, 2)));

/* Resizes p to n elements of size bytes; new bytes are not set.  Never NULL; n may be 0. */
void *rt_realloc(void *p, size_t n, size_t size);

/* Whether one array may have so many bytes: not more than the machine has memory, or than was set.
 * Sizes that follow from a file are held against it before memory is asked for, since a system that
 * overcommits gives what it does not have, and ends the program when it is used. */
bool rt_fits(size_t bytes);

/* Sets the most that fits; 0 = the machine's memory again. */
void rt_fits_set(size_t most);

/* A copy of s that the caller frees; NULL stays NULL. */
char *rt_strdup(const char *s);

/* A copy of n elements of size bytes that the caller frees; NULL when n is 0. */
void *rt_memdup(const void *p, size_t n, size_t size);

/* printf into a new string that the caller frees. */
char *rt_sprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *rt_vsprintf(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

/* Makes room for one more element in a growing array: doubles *cap when count has reached it.
 * Use: RT_GROW(list->item, list->n, list->cap); list->item[list->n++] = x; */
#define RT_GROW(array, count, cap)                                                                 \
	do {                                                                                       \
		if ((size_t)(count) >= (size_t)(cap)) {                                            \
			(cap) = (cap) ? (cap) * 2 : 8;                                             \
			(array) = rt_realloc((array), (size_t)(cap), sizeof(*(array)));            \
		}                                                                                  \
	} while (0)

#endif
