/* big.c - arrays that may be larger than memory. */
#include "config.h"

#include "base/big.h"
#include "base/mem.h"
#include "base/xdg.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ALIGN 64

/* Stands before the bytes, in ALIGN of them. */
struct head {
	void *block;	/* of malloc or mmap; this head lies in it */
	size_t mapped;	/* bytes from block on that are a file's, or 0 */
};

static size_t limit;

/* The system is asked once: every new tensor looks at the limit, on any thread. */
size_t rt_big_limit(void)
{
	size_t bytes = __atomic_load_n(&limit, __ATOMIC_RELAXED);
	long pages, size;

	if (bytes)
		return bytes;
	pages = sysconf(_SC_PHYS_PAGES);
	size = sysconf(_SC_PAGESIZE);
	bytes = pages > 0 && size > 0 ? (size_t)pages / 8 * (size_t)size : SIZE_MAX;
	rt_big_limit_set(bytes);
	return bytes;
}

void rt_big_limit_set(size_t bytes)
{
	__atomic_store_n(&limit, bytes, __ATOMIC_RELAXED);
}

/* A file that nobody else can open and that is gone when the program is; -1 when there is none. */
static int nameless_file(size_t bytes)
{
	char *path = rt_xdg_path("XDG_CACHE_HOME", ".cache", "array-XXXXXX");
	int fd = -1;

	if (path) {
		rt_xdg_make_folder(path);
		fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0)
			unlink(path);
		free(path);
	}
	/* Space is taken now: a disk that fills up later would end the program by SIGBUS. */
	if (fd >= 0 && posix_fallocate(fd, 0, (off_t)bytes) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void *map_file(size_t bytes)
{
	int fd = nameless_file(bytes);
	void *block;

	if (fd < 0)
		return NULL;
	block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return block == MAP_FAILED ? NULL : block;
}

/* Zeroed bytes come from calloc(), which for large blocks hands out pages that nobody has touched:
 * a network whose weights are only counted costs no memory. */
void *rt_big_new(size_t bytes)
{
	struct head head = {0}, *at;

	if (bytes > SIZE_MAX / 2)
		return NULL;
	if (bytes > rt_big_limit()) {
		head.mapped = bytes + ALIGN;
		head.block = map_file(head.mapped);
		at = head.block;
	}
	if (!head.block) {
		head.mapped = 0;
		head.block = calloc(bytes + 2 * ALIGN, 1);
		if (!head.block)
			return NULL;
		at = (void *)(((uintptr_t)head.block + ALIGN - 1) / ALIGN * ALIGN);
	}
	*at = head;
	return (char *)at + ALIGN;
}

static const struct head *head_of(const void *array)
{
	return (const void *)((const char *)array - ALIGN);
}

void rt_big_free(void *array)
{
	struct head head;

	if (!array)
		return;
	head = *head_of(array);
	if (head.mapped)
		munmap(head.block, head.mapped);
	else
		free(head.block);
}

bool rt_big_in_file(const void *array)
{
	return head_of(array)->mapped > 0;
}

void rt_big_want(const void *array, size_t from, size_t n)
{
	uintptr_t start = (uintptr_t)array + from, lead;

	if (!rt_big_in_file(array))
		return;
	lead = start % (uintptr_t)sysconf(_SC_PAGESIZE);
	madvise((void *)(start - lead), n + lead, MADV_WILLNEED);
}
