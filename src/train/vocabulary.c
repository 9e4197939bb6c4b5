/* vocabulary.c - words and their numbers: cutting text into words, counting them, looking them
 * up. */
#include "config.h"

#include "train/vocabulary.h"
#include "base/mem.h"
#include "io/gz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void rt_words_fold(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

struct rt_word rt_words_next(const char **text)
{
	const char *from = *text, *to;

	while (*from && !is_letter(*from))
		from++;
	for (to = from; is_letter(*to) || (*to == '\'' && to > from && is_letter(to[1])); to++)
		;
	*text = to;
	return (struct rt_word){from, (size_t)(to - from)};
}

static int compare(struct rt_word a, struct rt_word b)
{
	int order = memcmp(a.at, b.at, a.n < b.n ? a.n : b.n);

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int by_bytes(const void *a, const void *b)
{
	return compare(*(const struct rt_word *)a, *(const struct rt_word *)b);
}

struct counted {
	struct rt_word word;
	int64_t times;
};

static int by_times(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;

	if (x->times != y->times)
		return x->times > y->times ? -1 : 1;
	return compare(x->word, y->word);
}

/* All words of the texts, sorted. */
static struct rt_word *list_words(const char *const *text, int64_t ntexts, int64_t *n)
{
	struct rt_word *list = NULL, w;
	int64_t cap = 0;

	*n = 0;
	for (int64_t i = 0; i < ntexts; i++) {
		const char *at = text[i];

		while ((w = rt_words_next(&at)).n) {
			RT_GROW(list, *n, cap);
			list[(*n)++] = w;
		}
	}
	if (*n)
		qsort(list, (size_t)*n, sizeof(*list), by_bytes);
	return list;
}

struct numbered {
	struct rt_word word;
	int number;
};

/* Fills v->sorted; returns the number of a word that is met twice, or -1. */
static int sort(struct rt_vocabulary *v)
{
	struct numbered *list = rt_alloc((size_t)v->n, sizeof(*list));
	int twice = -1;

	v->sorted = rt_alloc((size_t)v->n, sizeof(*v->sorted));
	for (int i = 0; i < v->n; i++)
		list[i] = (struct numbered){{v->word[i], strlen(v->word[i])}, i};
	qsort(list, (size_t)v->n, sizeof(*list), by_bytes); /* a word comes first in it */
	for (int i = 0; i < v->n; i++) {
		v->sorted[i] = list[i].number;
		if (i > 0 && compare(list[i - 1].word, list[i].word) == 0)
			twice = list[i].number;
	}
	free(list);
	return twice;
}

void rt_vocabulary_count(struct rt_vocabulary *out, const char *const *text, int64_t n, int most)
{
	int64_t nwords, ncounted = 0;
	struct rt_word *word = list_words(text, n, &nwords);
	struct counted *counted = rt_alloc((size_t)nwords, sizeof(*counted));

	for (int64_t i = 0; i < nwords; i++) {
		if (i == 0 || compare(word[i - 1], word[i]) != 0)
			counted[ncounted++].word = word[i];
		counted[ncounted - 1].times++;
	}
	qsort(counted, (size_t)ncounted, sizeof(*counted), by_times);
	if (ncounted > most - RT_WORD_FIRST)
		ncounted = most - RT_WORD_FIRST;
	*out = (struct rt_vocabulary){.n = (int)ncounted + RT_WORD_FIRST};
	out->word = rt_alloc((size_t)out->n, sizeof(*out->word));
	out->word[RT_WORD_PAD] = rt_strdup("<pad>");
	out->word[RT_WORD_UNKNOWN] = rt_strdup("<unknown>");
	for (int64_t i = 0; i < ncounted; i++)
		out->word[RT_WORD_FIRST + i] =
			rt_sprintf("%.*s", (int)counted[i].word.n, counted[i].word.at);
	sort(out);
	free(word);
	free(counted);
}

enum rt_status rt_vocabulary_load(struct rt_vocabulary *out, const char *path, struct rt_err *err)
{
	struct rt_vocabulary v = {0};
	unsigned char *bytes;
	int twice, cap = 0;
	size_t len;

	*out = v;
	RT_TRY(rt_gz_read(&bytes, &len, path, err));
	for (const char *at = (const char *)bytes; *at;) {
		size_t n = strcspn(at, "\r\n");

		RT_GROW(v.word, v.n, cap);
		v.word[v.n++] = rt_sprintf("%.*s", (int)n, at);
		at += n;
		at += *at == '\r';
		at += *at == '\n';
	}
	free(bytes);
	twice = v.n ? sort(&v) : -1;
	if (v.n <= RT_WORD_FIRST)
		rt_fail(err, RT_EFORMAT,
			"%s: %d lines; a vocabulary has a word a line, the first for padding, the "
			"second for unknown words",
			path, v.n);
	else if (twice >= 0)
		rt_fail(err, RT_EFORMAT, "%s:%d: the word \"%.60s\" was there before", path,
			twice + 1, v.word[twice]);
	if (v.n <= RT_WORD_FIRST || twice >= 0) {
		rt_vocabulary_release(&v);
		return RT_EFORMAT;
	}
	*out = v;
	return RT_OK;
}

int rt_vocabulary_find(const struct rt_vocabulary *v, struct rt_word w)
{
	int low = 0, high = v->n;

	while (low < high) {
		int middle = low + (high - low) / 2, number = v->sorted[middle];
		int order = compare((struct rt_word){v->word[number], strlen(v->word[number])}, w);

		if (order == 0)
			return number;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return RT_WORD_UNKNOWN;
}

void rt_vocabulary_release(struct rt_vocabulary *v)
{
	for (int i = 0; i < v->n; i++)
		free(v->word[i]);
	free(v->word);
	free(v->sorted);
	*v = (struct rt_vocabulary){0};
}
