/* val.c - values of commands, and their JSON and CSV. */
#include "config.h"

#include "base/val.h"
#include "base/err.h"
#include "base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rt_val *new_val(enum rt_val_kind kind)
{
	struct rt_val *v = rt_alloc(1, sizeof(*v));

	v->kind = kind;
	return v;
}

struct rt_val *rt_val_bool(bool b)
{
	struct rt_val *v = new_val(RT_VAL_BOOL);

	v->i = b;
	return v;
}

struct rt_val *rt_val_int(int64_t i)
{
	struct rt_val *v = new_val(RT_VAL_INT);

	v->i = i;
	return v;
}

struct rt_val *rt_val_real(double r)
{
	struct rt_val *v = new_val(RT_VAL_REAL);

	v->r = r;
	return v;
}

struct rt_val *rt_val_string(const char *text)
{
	struct rt_val *v = new_val(RT_VAL_STRING);

	v->s = rt_strdup(text ? text : "");
	return v;
}

struct rt_val *rt_val_list(void)
{
	return new_val(RT_VAL_LIST);
}

struct rt_val *rt_val_dict(void)
{
	return new_val(RT_VAL_DICT);
}

struct rt_val *rt_val_reals(int64_t n, const float *x)
{
	struct rt_val *v = rt_val_list();

	for (int64_t i = 0; i < n; i++)
		rt_val_add(v, rt_val_real((double)x[i]));
	return v;
}

void rt_val_add(struct rt_val *list, struct rt_val *item)
{
	RT_ASSERT(list->kind == RT_VAL_LIST);
	RT_GROW(list->item, list->n, list->cap);
	list->item[list->n++] = item;
}

void rt_val_put(struct rt_val *dict, const char *key, struct rt_val *item)
{
	RT_ASSERT(dict->kind == RT_VAL_DICT);
	if (dict->n >= dict->cap) {
		dict->cap = dict->cap ? 2 * dict->cap : 8;
		dict->item = rt_realloc(dict->item, (size_t)dict->cap, sizeof(*dict->item));
		dict->key = rt_realloc(dict->key, (size_t)dict->cap, sizeof(*dict->key));
	}
	dict->key[dict->n] = rt_strdup(key);
	dict->item[dict->n++] = item;
}

struct rt_val *rt_val_find(const struct rt_val *dict, const char *key)
{
	for (int i = 0; dict->kind == RT_VAL_DICT && i < dict->n; i++)
		if (strcmp(dict->key[i], key) == 0)
			return dict->item[i];
	return NULL;
}

void rt_val_free(struct rt_val *v)
{
	if (!v)
		return;
	for (int i = 0; i < v->n; i++) {
		if (v->key)
			free(v->key[i]);
		rt_val_free(v->item[i]);
	}
	free(v->key);
	free(v->item);
	free(v->s);
	free(v);
}

static void json_string(const char *text, struct rt_str *out)
{
	rt_str_addc(out, '"');
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			rt_str_addf(out, "\\%c", *c);
		else if (*c == '\n')
			rt_str_add(out, "\\n");
		else if ((unsigned char)*c < 0x20)
			rt_str_addf(out, "\\u%04x", *c);
		else
			rt_str_addc(out, *c);
	}
	rt_str_addc(out, '"');
}

void rt_val_json(const struct rt_val *v, struct rt_str *out)
{
	bool dict;

	switch (v ? v->kind : RT_VAL_NONE) {
	case RT_VAL_NONE: rt_str_add(out, "null"); break;
	case RT_VAL_BOOL: rt_str_add(out, v->i ? "true" : "false"); break;
	case RT_VAL_INT: rt_str_addf(out, "%" PRId64, v->i); break;
	case RT_VAL_REAL:
		if (isfinite(v->r))
			rt_real_text(v->r, out);
		else
			rt_str_add(out, "null");
		break;
	case RT_VAL_STRING: json_string(v->s, out); break;
	case RT_VAL_LIST:
	case RT_VAL_DICT:
		dict = v->kind == RT_VAL_DICT;
		rt_str_addc(out, dict ? '{' : '[');
		for (int i = 0; i < v->n; i++) {
			if (i)
				rt_str_add(out, ", ");
			if (dict) {
				json_string(v->key[i], out);
				rt_str_add(out, ": ");
			}
			rt_val_json(v->item[i], out);
		}
		rt_str_addc(out, dict ? '}' : ']');
		break;
	}
}

static void csv_cell(const struct rt_val *v, struct rt_str *out)
{
	struct rt_str text = {0};

	if (v->kind == RT_VAL_STRING)
		rt_str_add(&text, v->s);
	else if (v->kind == RT_VAL_REAL)
		rt_real_text(v->r, &text);
	else if (v->kind != RT_VAL_NONE)
		rt_val_json(v, &text);
	if (strpbrk(rt_str_text(&text), ",\"\n\r")) {
		rt_str_addc(out, '"');
		for (const char *c = rt_str_text(&text); *c; c++)
			rt_str_addf(out, *c == '"' ? "\"%c" : "%c", *c);
		rt_str_addc(out, '"');
	} else {
		rt_str_add(out, rt_str_text(&text));
	}
	rt_str_release(&text);
}

/* Rows of dictionaries: the first one's keys are the header. */
static void csv_rows(const struct rt_val *list, struct rt_str *out)
{
	const struct rt_val *head = list->item[0];

	for (int k = 0; k < head->n; k++)
		rt_str_addf(out, "%s%s", k ? "," : "", head->key[k]);
	rt_str_addc(out, '\n');
	for (int i = 0; i < list->n; i++) {
		for (int k = 0; k < head->n; k++) {
			const struct rt_val *cell = rt_val_find(list->item[i], head->key[k]);

			if (k)
				rt_str_addc(out, ',');
			if (cell)
				csv_cell(cell, out);
		}
		rt_str_addc(out, '\n');
	}
}

static void csv_pairs(const struct rt_val *dict, const char *prefix, struct rt_str *out)
{
	for (int i = 0; i < dict->n; i++) {
		char *key = rt_sprintf("%s%s%s", prefix, *prefix ? "." : "", dict->key[i]);

		if (dict->item[i]->kind == RT_VAL_DICT) {
			csv_pairs(dict->item[i], key, out);
		} else {
			rt_str_addf(out, "%s,", key);
			csv_cell(dict->item[i], out);
			rt_str_addc(out, '\n');
		}
		free(key);
	}
}

void rt_val_csv(const struct rt_val *v, struct rt_str *out)
{
	if (!v)
		return;
	if (v->kind == RT_VAL_LIST && v->n && v->item[0]->kind == RT_VAL_DICT) {
		csv_rows(v, out);
	} else if (v->kind == RT_VAL_LIST) {
		for (int i = 0; i < v->n; i++) {
			csv_cell(v->item[i], out);
			rt_str_addc(out, '\n');
		}
	} else if (v->kind == RT_VAL_DICT) {
		rt_str_add(out, "key,value\n");
		csv_pairs(v, "", out);
	} else {
		csv_cell(v, out);
		rt_str_addc(out, '\n');
	}
}
