/* data_schema.c - reads the file that says which columns are numbers and which values others
 * have. / */
#include "config.h"

#include "train/data_schema.h"
#include "base/mem.h"
#include "io/gz.h"
#include "train/data_make.h"

#include <stdlib.h>
#include <string.h>

#define BLANK " \t\r"

static void trim_end(char *text)
{
	size_t n = strlen(text);

	while (n > 0 && strchr(BLANK, text[n - 1]))
		text[--n] = '\0';
}

static char *trim(char *text)
{
	text += strspn(text, BLANK);
	trim_end(text);
	return text;
}

/* One value of a list, 'in quotes' or up to the next comma or brace, for the caller to free; *text
 * moves behind it.  NULL where it does not end. */
static char *next_value(char **text)
{
	char *at = *text + strspn(*text, BLANK), *end, *value;
	bool quoted = *at == '\'' || *at == '"';

	end = quoted ? strchr(at + 1, *at) : at + strcspn(at, ",}");
	if (!end || !*end)
		return NULL;
	*text = end + quoted;
	at += quoted;
	value = rt_alloc((size_t)(end - at) + 1, 1);
	memcpy(value, at, (size_t)(end - at));
	if (!quoted)
		trim_end(value);
	return value;
}

static enum rt_status parse_values(struct schema_column *c, char *text, const char *path,
				   struct rt_err *err)
{
	for (text++;;) {
		char *value = next_value(&text);

		if (!value)
			return rt_fail(err, RT_EFORMAT,
				       "%s:%d: the list of values is not closed with }", path,
				       c->line);
		rt_strings_add(&c->values, value);
		free(value);
		text += strspn(text, BLANK);
		if (*text == '}')
			return RT_OK;
		if (*text++ != ',')
			return rt_fail(err, RT_EFORMAT,
				       "%s:%d: values are separated by commas: {a, b}", path,
				       c->line);
	}
}

/* "name: kind"; the last colon that a kind follows ends the name, which may hold colons itself. */
static enum rt_status parse_line(struct schema *out, char *text, int line, const char *path,
				 struct rt_err *err)
{
	struct schema_column *c;
	char *brace = strchr(text, '{'), *colon, *kind;

	if (brace)
		*brace = '\0';
	colon = strrchr(text, ':');
	if (!colon)
		return rt_fail(err, RT_EFORMAT,
			       "%s:%d: no colon; a line is \"column: numeric\" or "
			       "\"column: {a, b}\"",
			       path, line);
	*colon = '\0';
	kind = trim(colon + 1);
	RT_GROW(out->column, out->n, out->cap);
	c = &out->column[out->n++];
	*c = (struct schema_column){.name = rt_strdup(trim(text)), .line = line};
	if (schema_find(out, c->name) != c)
		return rt_fail(err, RT_EFORMAT,
			       "%s:%d: column \"%s\" is described in line %d already", path, line,
			       c->name, schema_find(out, c->name)->line);
	if (brace && !*kind) {
		*brace = '{';
		return parse_values(c, brace, path, err);
	}
	c->number = strcmp(kind, "numeric") == 0;
	if (!c->number && strcmp(kind, "categorical") != 0)
		return rt_fail(err, RT_EFORMAT,
			       "%s:%d: column \"%s\" is \"%s\"; it can be numeric, "
			       "categorical or {a, b}",
			       path, line, c->name, kind);
	return RT_OK;
}

enum rt_status schema_load(struct schema *out, const char *path, struct rt_err *err)
{
	enum rt_status status = RT_OK;
	unsigned char *bytes;
	char *rest, *text;
	size_t len;
	int line = 0;

	*out = (struct schema){0};
	RT_TRY(rt_gz_read(&bytes, &len, path, err));
	rest = (char *)bytes;
	while (status == RT_OK && (text = strsep(&rest, "\n"))) {
		line++;
		text = trim(text);
		if (*text && *text != '#')
			status = parse_line(out, text, line, path, err);
	}
	free(bytes);
	if (status != RT_OK)
		schema_release(out);
	return status;
}

void schema_release(struct schema *s)
{
	for (int i = 0; i < s->n; i++) {
		free(s->column[i].name);
		data_names_free(&s->column[i].values);
	}
	free(s->column);
	*s = (struct schema){0};
}

const struct schema_column *schema_find(const struct schema *s, const char *name)
{
	for (int i = 0; i < s->n; i++)
		if (strcmp(s->column[i].name, name) == 0)
			return &s->column[i];
	return NULL;
}
