/* names.c - the names that completion offers and that change: collected here, read by any
 * thread. */
#include "config.h"

#include "session/session.h"
#include "shell/state.h"

#include <string.h>

const char *const rt_name_kinds[RT_NAME_KINDS] = {"model", "layer", "data", "run"};

static void take_lines(struct rt_strings *words, const char *text)
{
	for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
		struct rt_str word = {0};

		rt_str_addn(&word, text, (size_t)(end - text));
		rt_strings_add(words, rt_str_text(&word));
		rt_str_release(&word);
	}
}

void rt_names_collect(struct rt_shell *sh)
{
	struct rt_names fresh = {0}, *names = &sh->names;

	rt_interp_names(sh->interp, &fresh.tcl);
	rt_interp_globals(sh->interp, &fresh.globals);
	for (int i = 0; i < RT_NAME_KINDS; i++) {
		struct rt_str lines = {0};

		rt_session_names(sh->session, rt_name_kinds[i], &lines);
		take_lines(&fresh.kind[i], rt_str_text(&lines));
		rt_str_release(&lines);
	}
	/* collected first and swapped then, so that nobody waits for the interpreter */
	pthread_mutex_lock(&names->lock);
	rt_names_release(names);
	names->tcl = fresh.tcl;
	names->globals = fresh.globals;
	memcpy(names->kind, fresh.kind, sizeof(fresh.kind));
	pthread_mutex_unlock(&names->lock);
}

void rt_names_release(struct rt_names *names)
{
	rt_words_release(&names->tcl);
	rt_words_release(&names->globals);
	for (int i = 0; i < RT_NAME_KINDS; i++)
		rt_words_release(&names->kind[i]);
}

void rt_shell_publish_names(struct rt_shell *sh)
{
	sh->names.published = true;
	rt_names_collect(sh);
}
