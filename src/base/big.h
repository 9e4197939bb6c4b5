/* big.h - arrays that may be larger than memory.
 *
 * Beyond a limit the bytes lie in a file without a name in the user's cache folder, mapped: the
 * system writes them out and reads them back as memory allows, so that a data set costs no more
 * memory than the batches that are being worked on.
 */
#ifndef RT_BASE_BIG_H
#define RT_BASE_BIG_H

#include <stdbool.h>
#include <stddef.h>

/* The most bytes that an array may have in memory; an eighth of the machine's until it is set.  Set
 * it before any work. */
size_t rt_big_limit(void);
void rt_big_limit_set(size_t bytes);

/* A zeroed array of `bytes` bytes at a multiple of 64; in a file beyond the limit, where one can be
 * made.  NULL when there is room in neither. */
void *rt_big_new(size_t bytes);

/* Gives back what rt_big_new() returned; NULL is fine. */
void rt_big_free(void *array);

/* True when the array lies in a file. */
bool rt_big_in_file(const void *array);

/* Has the system read bytes [from, from + n) of an array in a file while the caller does something
 * else; nothing happens for one in memory. */
void rt_big_want(const void *array, size_t from, size_t n);

#endif
