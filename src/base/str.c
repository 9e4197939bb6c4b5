/* str.c - growing strings, edit distance, numbers to text and back. */
#include "config.h"

#include "base/str.h"
#include "base/err.h"
#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct rt_str *s, size_t more)
{
	size_t need = s->len + more + 1;

	if (need <= s->cap)
		return;
	s->cap = need > 2 * s->cap ? need : 2 * s->cap;
	s->text = rt_realloc(s->text, s->cap, 1);
	s->text[s->len] = '\0';
}

void rt_str_addn(struct rt_str *s, const char *bytes, size_t n)
{
	reserve(s, n);
	if (n)
		memcpy(s->text + s->len, bytes, n);
	s->len += n;
	s->text[s->len] = '\0';
}

void rt_str_add(struct rt_str *s, const char *text)
{
	rt_str_addn(s, text, strlen(text));
}

void rt_str_addc(struct rt_str *s, char c)
{
	rt_str_addn(s, &c, 1);
}

void rt_str_addf(struct rt_str *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	RT_ASSERT(n >= 0);
	reserve(s, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(s->text + s->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	s->len += (size_t)n;
}

const char *rt_str_text(const struct rt_str *s)
{
	return s->text ? s->text : "";
}

char *rt_str_take(struct rt_str *s)
{
	char *text = s->text ? s->text : rt_strdup("");

	*s = (struct rt_str){0};
	return text;
}

void rt_str_clear(struct rt_str *s)
{
	s->len = 0;
	if (s->text)
		s->text[0] = '\0';
}

void rt_str_release(struct rt_str *s)
{
	free(s->text);
	*s = (struct rt_str){0};
}

void rt_line_add(struct rt_str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			rt_str_add(out, "\\n");
		else if (*text == '\\')
			rt_str_add(out, "\\\\");
		else
			rt_str_addc(out, *text);
	}
}

char *rt_line_take(const char **rest)
{
	struct rt_str line = {0};
	const char *s = *rest;

	if (!s)
		return NULL;
	for (; *s && *s != '\n'; s++) {
		if (*s == '\\' && s[1]) {
			s++;
			rt_str_addc(&line, *s == 'n' ? '\n' : *s);
		} else {
			rt_str_addc(&line, *s);
		}
	}
	*rest = *s ? s + 1 : NULL;
	return rt_str_take(&line);
}

int rt_edit_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), w = lb + 1;
	int *d = rt_alloc((la + 1) * w, sizeof(*d)), result;

	for (size_t i = 0; i <= la; i++)
		d[i * w] = (int)i;
	for (size_t j = 0; j <= lb; j++)
		d[j] = (int)j;
	for (size_t i = 1; i <= la; i++) {
		for (size_t j = 1; j <= lb; j++) {
			int best = d[(i - 1) * w + j - 1] + (a[i - 1] != b[j - 1]);

			if (d[(i - 1) * w + j] + 1 < best)
				best = d[(i - 1) * w + j] + 1;
			if (d[i * w + j - 1] + 1 < best)
				best = d[i * w + j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[(i - 2) * w + j - 2] + 1 < best)
				best = d[(i - 2) * w + j - 2] + 1;
			d[i * w + j] = best;
		}
	}
	result = d[la * w + lb];
	free(d);
	return result;
}

char *rt_text_count(char *buf, size_t size, int64_t n)
{
	char digits[32];
	struct rt_str s = {0};
	uint64_t magnitude = n < 0 ? 0 - (uint64_t)n : (uint64_t)n; /* -INT64_MIN is no int64_t */
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, magnitude);

	if (n < 0)
		rt_str_addc(&s, '-');
	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			rt_str_addc(&s, ',');
		rt_str_addc(&s, digits[i]);
	}
	snprintf(buf, size, "%s", rt_str_text(&s));
	rt_str_release(&s);
	return buf;
}

char *rt_text_bytes(char *buf, size_t size, double bytes)
{
	static const char *const unit[] = {"B", "kB", "MB", "GB", "TB"};
	size_t u = 0;

	while (fabs(bytes) >= 999.5 && u + 1 < RT_COUNT(unit)) {
		bytes /= 1000;
		u++;
	}
	snprintf(buf, size, "%.*f %s",
		 u == 0 || fabs(bytes) >= 99.95 ? 0
		 : fabs(bytes) >= 9.995		? 1
						: 2,
		 bytes, unit[u]);
	return buf;
}

bool rt_parse_int(const char *text, int64_t *out)
{
	char *end;
	long long v;

	if (!*text || isspace((unsigned char)*text))
		return false;
	errno = 0;
	v = strtoll(text, &end, 10);
	if (errno || *end)
		return false;
	*out = v;
	return true;
}

bool rt_parse_real(const char *text, double *out)
{
	char *end;
	double v;

	if (!*text || isspace((unsigned char)*text))
		return false;
	v = strtod(text, &end);
	if (*end || end == text || isnan(v))
		return false;
	*out = v;
	return true;
}

void rt_real_text(double v, struct rt_str *out)
{
	char buf[40];

	if (isnan(v)) {
		rt_str_add(out, "nan");
		return;
	}
	for (int digits = 6; digits <= 17; digits++) {
		snprintf(buf, sizeof(buf), "%.*g", digits, v);
		if (isinf(v) || strtod(buf, NULL) == v)
			break;
	}
	rt_str_add(out, buf);
}
