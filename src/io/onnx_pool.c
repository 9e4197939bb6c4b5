/* onnx_pool.c - memory of a message under construction, and values by their names in a file. */
#include "config.h"

#include "io/onnx.h"
#include "base/mem.h"
#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

static void *keep(struct onnx_pool *pool, void *p)
{
	RT_GROW(pool->item, pool->n, pool->cap);
	pool->item[pool->n++] = p;
	return p;
}

void *onnx_alloc(struct onnx_pool *pool, size_t n, size_t size)
{
	return keep(pool, rt_alloc(n, size));
}

/* Length of the UTF-8 sequence that starts at s (RFC 3629, table 3-7 of Unicode), or 0. */
static size_t sequence(const unsigned char *s)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3
		   : s[0] < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

char *onnx_text(struct onnx_pool *pool, const char *text)
{
	char *copy = keep(pool, rt_strdup(text));

	for (char *c = copy; *c;) {
		size_t n = sequence((const unsigned char *)c);

		if (n == 0)
			*c = '?';
		c += n ? n : 1;
	}
	return copy;
}

void onnx_pool_release(struct onnx_pool *pool)
{
	for (int i = 0; i < pool->n; i++)
		free(pool->item[i]);
	free(pool->item);
	*pool = (struct onnx_pool){0};
}

/* The slot that holds name or is free for it; cap is never full. */
static struct onnx_name *find_slot(const struct onnx_names *names, const char *name)
{
	size_t i = (size_t)rt_hash(0, name, strlen(name)) & (names->cap - 1);

	while (names->slot[i].name && strcmp(names->slot[i].name, name) != 0)
		i = (i + 1) & (names->cap - 1);
	return &names->slot[i];
}

static void grow(struct onnx_names *names)
{
	struct onnx_names bigger = {.n = names->n, .cap = names->cap ? names->cap * 2 : 64};

	bigger.slot = rt_alloc(bigger.cap, sizeof(*bigger.slot));
	for (size_t i = 0; i < names->cap; i++)
		if (names->slot[i].name)
			*find_slot(&bigger, names->slot[i].name) = names->slot[i];
	free(names->slot);
	*names = bigger;
}

bool onnx_names_put(struct onnx_names *names, const char *name, int value)
{
	struct onnx_name *slot;

	if (names->n * 2 >= names->cap)
		grow(names);
	slot = find_slot(names, name);
	if (slot->name)
		return false;
	*slot = (struct onnx_name){name, value};
	names->n++;
	return true;
}

int onnx_names_get(const struct onnx_names *names, const char *name)
{
	const struct onnx_name *slot = names->cap ? find_slot(names, name) : NULL;

	return slot && slot->name ? slot->value : -1;
}

void onnx_names_release(struct onnx_names *names)
{
	free(names->slot);
	*names = (struct onnx_names){0};
}
