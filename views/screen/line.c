/* line.c - readline as every prompt here wants it: settings, completion, the terminal's state. */
#include "config.h"

#include "views/screen/line.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>

#include <readline/readline.h>

/* Readline has one line under way in a process, and its callbacks take no argument. */
static struct {
	struct rt_shell *shell;
	const struct rt_str *pending;
	struct rt_candidates candidates;
	int candidate;
} now;

/* The candidate as readline wants it: from its idea of where the word starts instead of ours. */
static char *fitted(const char *word, int start, int ours)
{
	if (ours >= start)
		return rt_sprintf("%.*s%s", ours - start, rl_line_buffer + start, word);
	if (strncmp(word, rl_line_buffer + ours, (size_t)(start - ours)) != 0)
		return NULL;
	return rt_strdup(word + (start - ours));
}

static char *next_candidate(const char *text, int state)
{
	(void)text;
	if (state == 0)
		now.candidate = 0;
	return now.candidate < now.candidates.word.n
		       ? rt_strdup(now.candidates.word.v[now.candidate++])
		       : NULL;
}

static void fit_candidates(int start, int ours)
{
	struct rt_strings *words = &now.candidates.word;
	int kept = 0;

	for (int i = 0; i < words->n; i++) {
		char *word = fitted(words->v[i], start, ours);

		free(words->v[i]);
		if (word)
			words->v[kept++] = word;
	}
	words->n = kept;
}

static char **complete(const char *text, int start, int end)
{
	struct rt_strings *words = &now.candidates.word;
	size_t before = now.pending->len;
	char *line = rt_sprintf("%s%s", rt_str_text(now.pending), rl_line_buffer);
	char **matches = NULL;

	rl_attempted_completion_over = 1;
	rt_complete(now.shell, line, before + (size_t)end, &now.candidates);
	if (now.candidates.start >= before) {
		fit_candidates(start, (int)(now.candidates.start - before));
		matches = rl_completion_matches(text, next_candidate);
	}
	rl_completion_suppress_append =
		words->n == 1 && words->v[0][0] && words->v[0][strlen(words->v[0]) - 1] == '/';
	rt_candidates_release(&now.candidates);
	free(line);
	return matches;
}

/* A key that makes a signal must not empty the input behind the poll loop: readline would then wait
 * in read() for the next key, and the signal with it. */
void rt_line_prepare(int meta)
{
	struct termios t;

	rl_prep_terminal(meta);
	if (tcgetattr(fileno(rl_instream), &t) == 0) {
		t.c_lflag |= NOFLSH;
		tcsetattr(fileno(rl_instream), TCSANOW, &t);
	}
}

void rt_line_set_up(struct rt_shell *sh, const struct rt_str *pending)
{
	now.shell = sh;
	now.pending = pending;
	rl_readline_name = "retort";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_prep_term_function = rt_line_prepare;
	rl_completion_query_items = -1;
	rl_attempted_completion_function = complete;
	rl_completer_word_break_characters = " \t\n\"[]{};";
	rl_completer_quote_characters = "";
	rl_basic_quote_characters = "";
	rl_sort_completion_matches = 0;
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("show-mode-in-prompt", "off");
	rl_variable_bind("blink-matching-paren", "off");
}
