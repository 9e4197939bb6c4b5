/* layers_text.c - the words of the layer language: statements, blocks in braces, comments. */
#include "config.h"

#include "io/layers_build.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Blocks in error lines are shown whole up to this length. */
#define SHORT_BLOCK 24

struct scan {
	const char *at;
	int line;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool ends_word(char c)
{
	return c == '\0' || c == '\n' || c == ';' || is_blank(c);
}

/* Blanks, comments, and line ends after a backslash. */
static void skip_blanks(struct scan *s)
{
	for (;;) {
		if (is_blank(*s->at)) {
			s->at++;
		} else if (s->at[0] == '\\' && s->at[1] == '\n') {
			s->at += 2;
			s->line++;
		} else if (*s->at == '#') {
			while (*s->at && *s->at != '\n')
				s->at++;
		} else {
			return;
		}
	}
}

/* From behind '{' to behind its '}'; *len is the length of what is between. */
static enum rt_status skip_block(struct scan *s, size_t *len, struct rt_err *err)
{
	const char *start = s->at;
	int depth = 1, from = s->line;
	bool word_start = true;

	for (; *s->at; s->at++) {
		if (*s->at == '#' && word_start) {
			while (s->at[1] && s->at[1] != '\n')
				s->at++;
			continue;
		}
		depth += (*s->at == '{') - (*s->at == '}');
		s->line += *s->at == '\n';
		word_start = ends_word(*s->at) || *s->at == '{';
		if (depth == 0) {
			*len = (size_t)(s->at++ - start);
			return RT_OK;
		}
	}
	return rt_fail(err, RT_EINVAL, RT_LAYERS_LINE ": \"{\" is never closed", from);
}

static enum rt_status read_word(struct scan *s, struct layer_stmt *stmt, struct rt_err *err)
{
	struct layer_word w = {.line = s->line};
	struct rt_str text = {0};
	const char *start;
	size_t len = 0;

	if (*s->at == '}')
		return rt_fail(err, RT_EINVAL, RT_LAYERS_LINE ": \"}\" without \"{\"", s->line);
	w.block = *s->at == '{';
	start = w.block ? ++s->at : s->at;
	if (w.block) {
		RT_TRY(skip_block(s, &len, err));
		if (!ends_word(*s->at) && *s->at != '}')
			return rt_fail(err, RT_EINVAL,
				       RT_LAYERS_LINE ": a blank or \";\" is missing after \"}\"",
				       s->line);
	} else {
		while (!ends_word(*s->at) && *s->at != '{' && *s->at != '}')
			s->at++;
		len = (size_t)(s->at - start);
	}
	rt_str_addn(&text, start, len);
	w.text = rt_str_take(&text);
	RT_GROW(stmt->word, stmt->n, stmt->cap);
	stmt->word[stmt->n++] = w;
	return RT_OK;
}

static void release_stmt(struct layer_stmt *s)
{
	for (int i = 0; i < s->n; i++)
		free(s->word[i].text);
	free(s->word);
}

static enum rt_status read_stmt(struct scan *s, struct layer_stmt *stmt, struct rt_err *err)
{
	enum rt_status status = RT_OK;

	*stmt = (struct layer_stmt){0};
	for (;;) {
		skip_blanks(s);
		if (status != RT_OK || *s->at == '\0')
			return status;
		if (*s->at == '\n' || *s->at == ';') {
			s->line += *s->at++ == '\n';
			return RT_OK;
		}
		status = read_word(s, stmt, err);
	}
}

enum rt_status layer_text_parse(struct layer_text *out, const char *text, int line,
				struct rt_err *err)
{
	struct scan s = {text, line};
	enum rt_status status = RT_OK;

	*out = (struct layer_text){0};
	while (status == RT_OK && *s.at) {
		struct layer_stmt stmt;

		status = read_stmt(&s, &stmt, err);
		if (stmt.n == 0) {
			release_stmt(&stmt);
			continue;
		}
		RT_GROW(out->stmt, out->n, out->cap);
		out->stmt[out->n++] = stmt;
	}
	if (status != RT_OK)
		layer_text_release(out);
	return status;
}

void layer_text_release(struct layer_text *t)
{
	for (int i = 0; i < t->n; i++)
		release_stmt(&t->stmt[i]);
	free(t->stmt);
	*t = (struct layer_text){0};
}

/* A block on one line, whatever lines it was written on. */
static void add_block(struct rt_str *out, const char *text)
{
	struct rt_str line = {0};

	for (; *text; text++) {
		bool end = *text == '\n';

		if (*text == '#' && (!line.len || strchr(" ;", line.text[line.len - 1])))
			end = (text += strcspn(text, "\n"))[0] == '\n';
		if (*text == '\0')
			break;
		if (end && line.len && !strchr(" ;{", line.text[line.len - 1]))
			rt_str_add(&line, "; ");
		else if (!is_blank(*text) && !end)
			rt_str_addc(&line, *text);
		else if (line.len && !strchr(" {", line.text[line.len - 1]))
			rt_str_addc(&line, ' ');
	}
	while (line.len && strchr(" ;", line.text[line.len - 1]))
		line.text[--line.len] = '\0';
	rt_str_addf(out, "{%s}", line.len > SHORT_BLOCK ? "..." : rt_str_text(&line));
	rt_str_release(&line);
}

void layer_stmt_text(const struct layer_stmt *s, struct rt_str *out)
{
	for (int i = 0; i < s->n; i++) {
		const struct layer_word *w = &s->word[i];
		rt_str_add(out, i ? " " : "");
		if (w->block)
			add_block(out, w->text);
		else
			rt_str_add(out, w->text);
	}
}
