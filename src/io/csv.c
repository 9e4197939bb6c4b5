/* csv.c - reads tables of text (RFC 4180) by cutting the file into cells in place. */
#include "config.h"

#include "io/csv.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/gz.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct parser {
	char *at, *end; /* what is left of the text */
	char separator;
	int64_t line;
	const char *name; /* of the file */
	struct rt_err *err;
	bool row_ends; /* the cell read last is the last of its row */
};

/* Steps over one line end, counting it. */
static void skip_line_end(struct parser *p)
{
	if (p->at < p->end && *p->at == '\r')
		p->at++;
	if (p->at < p->end && *p->at == '\n')
		p->at++;
	p->line++;
}

/* After a cell: the separator, a line end or the end of the text.  The cell's closing zero is
 * written over it, so it is looked at first. */
static void end_cell(struct parser *p, char *close)
{
	char c = p->at < p->end ? *p->at : '\n';

	p->row_ends = c != p->separator;
	if (!p->row_ends)
		p->at++;
	else if (p->at < p->end)
		skip_line_end(p);
	*close = '\0';
}

/* `"a ""b"" c"`: the text without its quotes moves to the front. */
static enum rt_status quoted_cell(struct parser *p, char **cell)
{
	int64_t opened = p->line;
	char *to = p->at++;

	*cell = to;
	for (;;) {
		if (p->at == p->end)
			return rt_fail(p->err, RT_EFORMAT,
				       "%s:%" PRId64 ": the quote opened here is never closed",
				       p->name, opened);
		if (*p->at == '"') {
			p->at++;
			if (p->at == p->end || *p->at != '"')
				break;
		} else if (*p->at == '\n' || (*p->at == '\r' && p->at[1] != '\n')) {
			p->line++;
		}
		*to++ = *p->at++;
	}
	if (p->at < p->end && *p->at != p->separator && *p->at != '\n' && *p->at != '\r')
		return rt_fail(p->err, RT_EFORMAT,
			       "%s:%" PRId64
			       ": text after a closing quote; write a quote in a quoted cell twice",
			       p->name, p->line);
	end_cell(p, to);
	return RT_OK;
}

/* Files with tabs mostly have no quoting, and texts that begin with a quote: there a cell is quoted
 * only when its quotes close on the same line and at its end. */
static bool is_quoted(const struct parser *p)
{
	const char *c = p->at;

	if (c == p->end || *c != '"')
		return false;
	if (p->separator != '\t')
		return true;
	for (c++; c < p->end && *c != '\n' && *c != '\r'; c++) {
		if (*c != '"')
			continue;
		if (c + 1 < p->end && c[1] == '"')
			c++;
		else
			return c + 1 == p->end || strchr("\t\n\r", c[1]);
	}
	return false;
}

static enum rt_status next_cell(struct parser *p, char **cell)
{
	if (is_quoted(p))
		return quoted_cell(p, cell);
	*cell = p->at;
	while (p->at < p->end && *p->at != p->separator && *p->at != '\n' && *p->at != '\r')
		p->at++;
	end_cell(p, p->at);
	return RT_OK;
}

static void skip_empty_lines(struct parser *p)
{
	while (p->at < p->end && (*p->at == '\n' || *p->at == '\r'))
		skip_line_end(p);
}

/* A tab where the name says so; else the candidate that the first line has most of, outside quotes;
 * a comma when it has none. */
static char find_separator(const char *name, const char *text, const char *end)
{
	static const char candidate[] = ",\t;";
	const char *tsv = strstr(name, ".tsv");
	int count[sizeof(candidate)] = {0}, best = 0;
	bool quoted = false;

	for (; text < end && (quoted || (*text != '\n' && *text != '\r')); text++) {
		const char *c = memchr(candidate, *text, sizeof(candidate) - 1);

		if (*text == '"')
			quoted = !quoted;
		else if (c && !quoted)
			count[c - candidate]++;
	}
	if (tsv && (!tsv[4] || strcmp(tsv, ".tsv.gz") == 0))
		return '\t';
	for (int i = 1; i < (int)sizeof(candidate) - 1; i++)
		if (count[i] > count[best])
			best = i;
	return candidate[best];
}

/* Most cells and rows that the text can have, so that the arrays need not grow. */
static void count_most(const struct parser *p, size_t *cells, size_t *rows)
{
	*cells = *rows = 2;
	for (const char *c = p->at; c < p->end; c++) {
		bool line_end = *c == '\n' || *c == '\r';

		*rows += line_end;
		*cells += line_end || *c == p->separator;
	}
}

static enum rt_status check_text(const char *text, size_t len, const char *name, struct rt_err *err)
{
	const char *zero = memchr(text, 0, len);
	int64_t line = 1;

	if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
		return rt_fail(err, RT_EFORMAT,
			       "%s: is UTF-16; convert it: iconv -f UTF-16 -t UTF-8", name);
	if (!zero)
		return RT_OK;
	for (const char *c = text; c < zero; c++)
		line += *c == '\n';
	return rt_fail(err, RT_EFORMAT,
		       "%s:%" PRId64 ": a zero byte (byte %td of %zu); not a table of text", name,
		       line, zero - text, len);
}

static bool is_number(const char *cell)
{
	double v;

	return rt_parse_real(cell, &v);
}

/* A word, and none that means a missing number. */
static bool is_name(const char *cell)
{
	return isalpha((unsigned char)*cell) && !is_number(cell) && strcasecmp(cell, "na") != 0 &&
	       strcasecmp(cell, "nan") != 0 && strcasecmp(cell, "null") != 0;
}

/* A header holds no number, or has a name where the next row (may be NULL) has a number. */
static enum rt_csv_header find_header(char *const *first, char *const *next, int ncols)
{
	bool numbers = false;

	for (int c = 0; c < ncols; c++) {
		if (next && is_name(first[c]) && is_number(next[c]))
			return RT_CSV_HEADER_YES;
		numbers = numbers || is_number(first[c]);
	}
	return numbers ? RT_CSV_HEADER_NO : RT_CSV_HEADER_YES;
}

static enum rt_status ragged(const struct rt_csv *csv, const struct parser *p, int64_t line,
			     int64_t count, enum rt_csv_header header)
{
	return rt_fail(p->err, RT_EFORMAT,
		       "%s:%" PRId64 ": %" PRId64 " field%s, the %s has %d", p->name, line, count,
		       count == 1 ? "" : "s", header == RT_CSV_HEADER_YES ? "header" : "first row",
		       csv->ncols);
}

/* All rows, the header among them, as rows of out; *header becomes YES or NO. */
static enum rt_status parse_rows(struct rt_csv *out, struct parser *p, enum rt_csv_header *header)
{
	int64_t n = 0;

	for (skip_empty_lines(p); p->at < p->end; skip_empty_lines(p)) {
		int64_t line = p->line, count = 0;

		do {
			RT_TRY(next_cell(p, &out->cell[n + count++]));
		} while (!p->row_ends);
		if (out->nrows == 0) {
			if (count > INT_MAX)
				return rt_fail(p->err, RT_EFORMAT, "%s: %" PRId64 " columns",
					       p->name, count);
			out->ncols = (int)count;
		} else if (*header == RT_CSV_HEADER_AUTO) {
			*header = find_header(out->cell, count == out->ncols ? out->cell + n : NULL,
					      out->ncols);
		}
		if (count != out->ncols)
			return ragged(out, p, line, count, *header);
		out->line[out->nrows++] = line;
		n += count;
	}
	if (*header == RT_CSV_HEADER_AUTO)
		*header = find_header(out->cell, NULL, out->ncols);
	return RT_OK;
}

/* Takes the names from the first row, or makes them. */
static void name_columns(struct rt_csv *csv, bool header)
{
	size_t wide = 16;

	csv->name = rt_alloc((size_t)csv->ncols, sizeof(*csv->name));
	csv->made = rt_alloc((size_t)csv->ncols, wide);
	for (int c = 0; c < csv->ncols; c++) {
		csv->name[c] = header ? csv->cell[c] : csv->made + (size_t)c * wide;
		if (!*csv->name[c]) {
			csv->name[c] = csv->made + (size_t)c * wide;
			snprintf(csv->name[c], wide, "c%d", c + 1);
		}
	}
	if (!header)
		return;
	csv->nrows--;
	memmove(csv->cell, csv->cell + csv->ncols,
		(size_t)csv->nrows * (size_t)csv->ncols * sizeof(*csv->cell));
	memmove(csv->line, csv->line + 1, (size_t)csv->nrows * sizeof(*csv->line));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum rt_status check_names(const struct rt_csv *csv, const char *file, struct rt_err *err)
{
	char **sorted = rt_memdup(csv->name, (size_t)csv->ncols, sizeof(*sorted));
	enum rt_status status = RT_OK;

	qsort(sorted, (size_t)csv->ncols, sizeof(*sorted), by_text);
	for (int c = 1; c < csv->ncols && status == RT_OK; c++)
		if (strcmp(sorted[c - 1], sorted[c]) == 0)
			status = rt_fail(err, RT_EFORMAT, "%s: two columns are named \"%s\"", file,
					 sorted[c]);
	free(sorted);
	return status;
}

static enum rt_status parse(struct rt_csv *out, size_t len, const char *name, char separator,
			    enum rt_csv_header header, struct rt_err *err)
{
	struct parser p = {
		.at = out->text, .end = out->text + len, .line = 1, .name = name, .err = err};
	size_t cells, rows;

	RT_TRY(check_text(out->text, len, name, err));
	if (len >= 3 && memcmp(p.at, "\xef\xbb\xbf", 3) == 0)
		p.at += 3;
	skip_empty_lines(&p);
	p.separator = separator ? separator : find_separator(name, p.at, p.end);
	count_most(&p, &cells, &rows);
	out->cell = calloc(cells, sizeof(*out->cell));
	out->line = calloc(rows, sizeof(*out->line));
	if (!out->cell || !out->line)
		return rt_fail(err, RT_ENOMEM, "%s: no memory for %zu cells", name, cells);
	RT_TRY(parse_rows(out, &p, &header));
	if (out->nrows == 0)
		return rt_fail(err, RT_EFORMAT, "%s: empty: no header and no row", name);
	name_columns(out, header == RT_CSV_HEADER_YES);
	if (out->nrows == 0)
		return rt_fail(err, RT_EFORMAT, "%s: a header of %d columns and no row", name,
			       out->ncols);
	return check_names(out, name, err);
}

enum rt_status rt_csv_parse(struct rt_csv *out, char *text, size_t len, const char *name,
			    char separator, enum rt_csv_header header, struct rt_err *err)
{
	enum rt_status status;

	*out = (struct rt_csv){.text = text};
	status = parse(out, len, name, separator, header, err);
	if (status != RT_OK)
		rt_csv_release(out);
	return status;
}

enum rt_status rt_csv_read(struct rt_csv *out, const char *path, char separator,
			   enum rt_csv_header header, struct rt_err *err)
{
	unsigned char *bytes;
	size_t len;

	*out = (struct rt_csv){0};
	RT_TRY(rt_gz_read(&bytes, &len, path, err));
	return rt_csv_parse(out, (char *)bytes, len, path, separator, header, err);
}

void rt_csv_release(struct rt_csv *csv)
{
	free(csv->text);
	free(csv->name);
	free(csv->cell);
	free(csv->line);
	free(csv->made);
	*csv = (struct rt_csv){0};
}

int rt_csv_find(const struct rt_csv *csv, const char *name)
{
	for (int c = 0; c < csv->ncols; c++)
		if (strcmp(csv->name[c], name) == 0)
			return c;
	return -1;
}
