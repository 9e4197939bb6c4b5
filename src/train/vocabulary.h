/* vocabulary.h - words and their numbers: cutting text into words, counting them, looking them
 * up. */
#ifndef RT_TRAIN_VOCABULARY_H
#define RT_TRAIN_VOCABULARY_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Number 0 fills up what is too short, number 1 stands for every word that has no number. */
enum { RT_WORD_PAD, RT_WORD_UNKNOWN, RT_WORD_FIRST };

struct rt_vocabulary {
	int n;
	char **word;		/* [n]: word k has number k; owned */
	int *sorted;		/* [n] numbers in the order of the words' bytes */
};

/* A word inside of a text. */
struct rt_word {
	const char *at;
	size_t n;
};

/* Puts the ASCII letters of text into lower case, in place. */
void rt_words_fold(char *text);

/* Takes the next word off *text (folded): a run of a-z, 0-9 and bytes beyond ASCII, and
 * apostrophes between two of those.  n is 0 at the end. */
struct rt_word rt_words_next(const char **text);

/* The `most` - 2 words that the n texts (folded) hold most often, ties by their bytes, behind
 * "<pad>" and "<unknown>".  The caller releases. */
void rt_vocabulary_count(struct rt_vocabulary *out, const char *const *text, int64_t n, int most);

/* Reads a file with a word a line; line k holds word number k - 1, the first two being what pads
 * and what is unknown, whatever they are called.  The caller releases.  Errors: RT_ENOTFOUND,
 * RT_EIO, RT_ENOMEM, RT_EFORMAT (less than three words, a word twice). */
enum rt_status rt_vocabulary_load(struct rt_vocabulary *out, const char *path, struct rt_err *err);

/* The number of a word, RT_WORD_UNKNOWN where it has none. */
int rt_vocabulary_find(const struct rt_vocabulary *v, struct rt_word w);

void rt_vocabulary_release(struct rt_vocabulary *v);

#endif
