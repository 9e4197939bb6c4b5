/* record.c - what was done so far, for a report: commands, what they printed, the pictures they
 * wrote. */
#include "config.h"

#include "base/file.h"
#include "base/mem.h"
#include "shell/state.h"

#include <stdlib.h>
#include <string.h>

/* What is kept at most; the oldest commands go first. */
static const size_t most_bytes = (size_t)64 << 20, most_picture = (size_t)16 << 20;

static void release(struct rt_record *r)
{
	free(r->command);
	free(r->reply);
	free(r->error);
	for (int i = 0; i < r->n; i++) {
		free(r->picture[i].name);
		free(r->picture[i].bytes);
	}
	free(r->picture);
	*r = (struct rt_record){0};
}

static size_t size_of(const struct rt_record *r)
{
	size_t size = sizeof(*r) + strlen(r->command) + strlen(r->reply);

	for (int i = 0; i < r->n; i++)
		size += r->picture[i].len;
	return size;
}

void rt_record_free(struct rt_recorder *rec)
{
	for (int i = 0; i < rec->n; i++)
		release(&rec->item[i]);
	release(&rec->next);
	free(rec->item);
	*rec = (struct rt_recorder){0};
}

void rt_record_picture(struct rt_shell *sh, const char *path)
{
	struct rt_record *r = &sh->record.next;
	unsigned char *bytes;
	struct rt_err err;
	size_t len;

	if (sh->record.deaf || rt_file_read(&bytes, &len, path, &err) != RT_OK)
		return;
	if (len > most_picture) {
		free(bytes);
		return;
	}
	r->picture = rt_realloc(r->picture, (size_t)r->n + 1, sizeof(*r->picture));
	r->picture[r->n++] = (struct rt_picture_file){rt_strdup(path), bytes, len};
}

/* Forgets the oldest until the rest fits. */
static void trim(struct rt_recorder *rec)
{
	int drop = 0;

	while (rec->bytes > most_bytes && drop < rec->n - 1) {
		rec->bytes -= size_of(&rec->item[drop]);
		release(&rec->item[drop++]);
	}
	memmove(rec->item, rec->item + drop, (size_t)(rec->n - drop) * sizeof(*rec->item));
	rec->n -= drop;
	rec->dropped += drop;
}

void rt_record_command(struct rt_shell *sh, const char *text, size_t len, const char *error)
{
	struct rt_recorder *rec = &sh->record;
	struct rt_record *r = &rec->next;

	if (len == 0 || sh->log.skip) {
		release(r);
		return;
	}
	r->command = rt_sprintf("%.*s", (int)len, text);
	r->reply = rt_strdup(rt_str_text(&sh->log.reply));
	r->error = error ? rt_strdup(error) : NULL;
	RT_GROW(rec->item, rec->n, rec->cap);
	rec->item[rec->n++] = *r;
	rec->bytes += size_of(r);
	*r = (struct rt_record){0};
	trim(rec);
}

const struct rt_record *rt_shell_records(const struct rt_shell *sh, int *n, int64_t *dropped)
{
	*n = sh->record.n;
	*dropped = sh->record.dropped;
	return sh->record.item;
}

enum rt_status rt_shell_ask(struct rt_shell *sh, int n, const char *const *words, char **text,
			    struct rt_err *err)
{
	struct rt_val *value = NULL;
	enum rt_status status;

	sh->record.deaf = true;
	status = rt_interp_call(sh->interp, n, words, &value, err);
	sh->record.deaf = false;
	if (status == RT_OK)
		*text = rt_strdup(value->s ? value->s : "");
	rt_val_free(value);
	return status;
}
