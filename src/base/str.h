/* str.h - a growing string, and the few text functions every layer needs. */
#ifndef RT_BASE_STR_H
#define RT_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialize ({0}) before use; text is NULL until something is added. */
struct rt_str {
	char *text;	/* always zero-terminated once not NULL */
	size_t len, cap;
};

/* Each adds to the end. */
void rt_str_add(struct rt_str *s, const char *text);
void rt_str_addn(struct rt_str *s, const char *bytes, size_t n);
void rt_str_addc(struct rt_str *s, char c);
void rt_str_addf(struct rt_str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The text, "" when nothing was added; borrowed until the next change. */
const char *rt_str_text(const struct rt_str *s);

/* Hands the text to the caller, who frees it, and empties s; never NULL. */
char *rt_str_take(struct rt_str *s);

/* Forgets the text and keeps the memory. */
void rt_str_clear(struct rt_str *s);

/* Frees the memory and leaves s as {0}. */
void rt_str_release(struct rt_str *s);

/* Appends text as part of one line: a line feed becomes \n, a backslash \\. */
void rt_line_add(struct rt_str *out, const char *text);

/* Takes a line off *rest (NULL after the last) and undoes rt_line_add(); NULL when there is none.
 * The caller frees. */
char *rt_line_take(const char **rest);

/* Levenshtein distance between a and b, insertions, deletions, substitutions and swaps of two
 * neighbouring letters counting 1 each (optimal string alignment). */
int rt_edit_distance(const char *a, const char *b);

/* Writes n with thousands separated by commas ("23,550") to buf and returns buf. */
char *rt_text_count(char *buf, size_t size, int64_t n);

/* Writes a number of bytes in decimal units with three significant digits ("24.9 kB"); returns
 * buf. */
char *rt_text_bytes(char *buf, size_t size, double bytes);

/* Appends the shortest text that reads back as the same double ("0.1", "1e-05", "inf", "nan"). */
void rt_real_text(double v, struct rt_str *out);

/* True when text is wholly a whole number / a finite or infinite decimal number; *out is set only
 * then. Independent of the locale; surrounding blanks are not allowed. */
bool rt_parse_int(const char *text, int64_t *out);
bool rt_parse_real(const char *text, double *out);

#endif
