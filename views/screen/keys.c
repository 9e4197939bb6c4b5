/* keys.c - the keys of the workbench. */
#include "config.h"

#include "views/screen/keys.h"
#include "views/screen/screen.h"
#include "views/screen/workbench.h"

#include <stdio.h>
#include <string.h>

#include <readline/readline.h>

static void press_help(void) { rt_workbench_help(); }
static void press_layout(void) { rt_workbench_next_layout(); }
static void press_pane(void) { rt_workbench_next_pane(); }
static void press_batch(void) { rt_workbench_command("step -batches 1"); }
static void press_step(void) { rt_workbench_command("step"); }
static void press_run(void) { rt_workbench_run_or_pause(); }
static void press_undo(void) { rt_workbench_command("undo"); }
static void press_redo(void) { rt_workbench_command("redo"); }
static void press_next(void) { rt_workbench_seek(RT_SEEK_NEXT); }
static void press_previous(void) { rt_workbench_seek(RT_SEEK_PREVIOUS); }
static void press_wrong(void) { rt_workbench_seek(RT_SEEK_WRONG); }
static void press_disagree(void) { rt_workbench_seek(RT_SEEK_DISAGREE); }
static void press_warmer(void) { rt_workbench_warmer(1); }
static void press_cooler(void) { rt_workbench_warmer(-1); }
static void press_up(void) { rt_workbench_scroll(1); }
static void press_down(void) { rt_workbench_scroll(-1); }
static void press_search(void) { rt_workbench_search(); }
static void press_find(void) { rt_workbench_find(1); }
static void press_find_back(void) { rt_workbench_find(-1); }
static void press_mark(void) { rt_workbench_mark_next(); }
static void press_mouse(void) { rt_workbench_mouse_toggle(); }
static void press_event(void) { rt_workbench_mouse_event(); }
static bool is_searching(void) { return rt_workbench_searching(); }
static void press_toggle(void) { rt_workbench_toggle(); }
static void press_redraw(void) { rt_workbench_redraw(); }

/* Letters cannot be keys on their own: commands begin with them.  On an empty line the arrows and
 * signs mean nothing to readline, and Alt with a letter only what needs a line. */
static const struct rt_key keys[] = {
	{{"F1", "this help; once more closes it"}, "help", 0, "kf1",
	 {"\033OP", "\033[11~", "\033[[A"}, false, press_help},
	{{"F2", "next layout: distill, explain, compress, one pane"}, "layout", 3, "kf2",
	 {"\033OQ", "\033[12~", "\033[[B"}, false, press_layout},
	{{"F3", "next pane, alone on the screen"}, NULL, 9, "kf3",
	 {"\033OR", "\033[13~", "\033[[C"}, false, press_pane},
	{{"F4", "step one mini-batch"}, "batch", 7, "kf4",
	 {"\033OS", "\033[14~", "\033[[D"}, false, press_batch},
	{{"F5", "step one epoch"}, "step", 1, "kf5", {"\033[15~", "\033[[E"}, false, press_step},
	{{"F6", "run the epochs that are left; once more pauses"}, "run", 1, "kf6",
	 {"\033[17~"}, false, press_run},
	{{"F7", "undo"}, "undo", 2, "kf7", {"\033[18~"}, false, press_undo},
	{{"F8", "redo"}, "redo", 5, "kf8", {"\033[19~"}, false, press_redo},
	{{"Right", "on an empty line: next sample (also Alt-n)"}, NULL, 9, "kcuf1",
	 {"\033[C", "\033OC", "\033n"}, true, press_next},
	{{"Left", "on an empty line: previous sample (also Alt-p)"}, "sample", 3, "kcub1",
	 {"\033[D", "\033OD", "\033p"}, true, press_previous},
	{{"F9", "next sample on which the student errs (also Alt-w)"}, "wrong", 4, "kf9",
	 {"\033[20~", "\033w"}, false, press_wrong},
	{{"F10", "next sample on which teacher and student disagree (also Alt-d)"}, "disagree", 4,
	 "kf10", {"\033[21~"}, false, press_disagree},
	{{"Alt-d", "on an empty line: the same as F10"}, NULL, 9, NULL, {"\033d"}, true,
	 press_disagree},
	{{"+", "on an empty line: a higher temperature, softer bars"}, NULL, 9, NULL, {"+"}, true,
	 press_warmer},
	{{"-", "on an empty line: a lower temperature"}, "temperature", 6, NULL, {"-"}, true,
	 press_cooler},
	{{"PgUp", "scroll back what was printed, or the pane that is marked"}, NULL, 9, "kpp",
	 {"\033[5~"}, false, press_up},
	{{"PgDn", "scroll forward"}, NULL, 9, "knp", {"\033[6~"}, false, press_down},
	{{"Alt-o", "mark the next pane for PgUp, PgDn and /; after the last none"}, NULL, 9, NULL,
	 {"\033o"}, false, press_mark},
	{{"/", "on an empty line: search what was printed, or the marked pane"}, "search", 8, NULL,
	 {"/"}, true, press_search},
	{{"n", "while a search is shown: the next match"}, NULL, 9, NULL, {"n"}, true, press_find,
	 is_searching},
	{{"N", "while a search is shown: the one before"}, NULL, 9, NULL, {"N"}, true,
	 press_find_back, is_searching},
	{{"Alt-m", "give the mouse to the terminal, to select text; take it back"}, NULL, 9, NULL,
	 {"\033m"}, false, press_mouse},
	{{"mouse", "wheel scrolls; click: key, pane, model; on a title: that pane alone"}, NULL, 9,
	 "kmous", {"\033[<", "\033[M"}, false, press_event},
	{{"Ctrl-L", "draw the screen anew"}, NULL, 9, NULL, {"\014"}, false, press_redraw},
	{{"C-x C-a", "leave the screen for a plain prompt, and come back"}, NULL, 9, NULL,
	 {"\030\001"}, false, press_toggle},
};

enum { N = RT_COUNT(keys) };

static const struct rt_row *const rows[N] = {
	&keys[0].row, &keys[1].row, &keys[2].row, &keys[3].row, &keys[4].row, &keys[5].row,
	&keys[6].row, &keys[7].row, &keys[8].row, &keys[9].row, &keys[10].row, &keys[11].row,
	&keys[12].row, &keys[13].row, &keys[14].row, &keys[15].row, &keys[16].row, &keys[17].row,
	&keys[18].row, &keys[19].row, &keys[20].row, &keys[21].row, &keys[22].row, &keys[23].row,
	&keys[24].row,
};

const struct rt_list rt_keys = {"key", rows, N};

/* Sequences that are bound, what readline did with them, and whose they are. */
static struct {
	char sequence[16];
	rl_command_func_t *before;
	const struct rt_key *key;
} bound[4 * N + N];
static int nbound;

static int on_key(int count, int c)
{
	for (int i = 0; i < nbound; i++) {
		if (strcmp(bound[i].sequence, rl_executing_keyseq) != 0)
			continue;
		if ((!bound[i].key->only_empty || !rt_workbench_typing()) &&
		    (!bound[i].key->applies || bound[i].key->applies()))
			bound[i].key->press();
		else if (bound[i].before)
			return bound[i].before(count, c);
		return 0;
	}
	return rl_ding();
}

/* As readline's notation wants it. */
static void spell(char *to, const char *sequence)
{
	for (; *sequence; sequence++)
		to += sprintf(to, "\\%03o", (unsigned char)*sequence);
}

static void bind(const struct rt_key *key, const char *sequence)
{
	char spelled[5 * sizeof(bound[0].sequence)];
	rl_command_func_t *before;
	int type;

	if (!sequence || strlen(sequence) >= sizeof(bound[0].sequence) || nbound == RT_COUNT(bound))
		return;
	for (int i = 0; i < nbound; i++)
		if (strcmp(bound[i].sequence, sequence) == 0)
			return;
	spell(spelled, sequence);
	before = rl_function_of_keyseq(sequence, NULL, &type);
	if (before && type != ISFUNC)
		before = NULL;
	if (rl_bind_keyseq(spelled, on_key) != 0)
		return;
	strcpy(bound[nbound].sequence, sequence);
	bound[nbound].before = before;
	bound[nbound++].key = key;
}

void rt_keys_bind(void)
{
	for (int i = 0; i < N; i++) {
		if (keys[i].capability)
			bind(&keys[i], rt_screen_key(keys[i].capability));
		for (size_t k = 0; k < RT_COUNT(keys[i].sequence); k++)
			bind(&keys[i], keys[i].sequence[k]);
	}
}

/* --- seen ---------------------------------------------------------------------------------- */

/* "Left" and "-" stand for the pairs that they belong to. */
static const char *bar_name(const struct rt_key *k, bool unicode)
{
	if (strcmp(k->row.name, "Left") == 0)
		return unicode ? "← →" : "<- ->";
	return strcmp(k->row.name, "-") == 0 ? "+ -" : k->row.name;
}

static int bar_width(const struct rt_canvas *c, int rank)
{
	int width = 7; /* " ^C stop" without its blank */

	for (int i = 0; i < N; i++)
		if (keys[i].brief && keys[i].rank <= rank)
			width += rt_canvas_width(c, bar_name(&keys[i], c->style.unicode)) +
				 (int)strlen(keys[i].brief) + 3;
	return width + 1;
}

static int bar_rank(const struct rt_canvas *c)
{
	int rank = 9;

	while (rank > 0 && bar_width(c, rank) > c->w)
		rank--;
	return rank;
}

void rt_keys_bar(struct rt_canvas *c, int y)
{
	const struct rt_ink ink = {RT_DEFAULT, RT_DEFAULT, RT_REVERSE};
	int rank = bar_rank(c), x = 1;

	rt_canvas_repeat(c, 0, y, c->w, ' ', ink);
	for (int i = 0; i < N; i++) {
		if (!keys[i].brief || keys[i].rank > rank)
			continue;
		x = rt_canvas_text(c, x, y, bar_name(&keys[i], c->style.unicode),
				   (struct rt_ink){RT_DEFAULT, RT_DEFAULT, RT_REVERSE | RT_BOLD});
		x = rt_canvas_text(c, x + 1, y, keys[i].brief, ink) + 2;
	}
	x = rt_canvas_text(c, x, y, "^C",
			   (struct rt_ink){RT_DEFAULT, RT_DEFAULT, RT_REVERSE | RT_BOLD});
	rt_canvas_text(c, x + 1, y, "stop", ink);
}

bool rt_keys_click(const struct rt_canvas *c, int at)
{
	int rank = bar_rank(c), x = 1;

	for (int i = 0; i < N; i++) {
		int end;

		if (!keys[i].brief || keys[i].rank > rank)
			continue;
		end = x + rt_canvas_width(c, bar_name(&keys[i], c->style.unicode)) + 1 +
		      (int)strlen(keys[i].brief);
		if (at >= x && at < end) {
			keys[i].press();
			return true;
		}
		x = end + 2;
	}
	return false;
}

int rt_keys_help(struct rt_canvas *c, int y, int h, int from)
{
	static const struct rt_row more[] = {
		{"Tab", "complete; Ctrl-R searches the history"},
		{"Ctrl-C", "stop what runs; drop the line"},
		{"Ctrl-D", "on an empty line: leave"},
	};
	int n = N + (int)RT_COUNT(more), columns = n > h - 1 && c->w >= 140 ? 2 : 1;
	int per = (n + columns - 1) / columns, width = c->w / columns, most = per - (h - 1);

	from = from > most ? most : from;
	from = from < 0 ? 0 : from;
	rt_canvas_text(c, 1, y, "keys", RT_INK_BOLD);
	rt_canvas_text(c, 8, y,
		       most > 0 ? "help NAME explains a command; PgDn shows more keys"
				: "help lists the commands, help NAME explains one", RT_INK_DIM);
	for (int i = 0; i < n; i++) {
		const struct rt_row *row = i < N ? &keys[i].row : &more[i - N];
		int x = i / per * width + 1, line = y + 1 + i % per - from;

		if (line >= y + h || line <= y)
			continue;
		rt_canvas_text(c, x, line, row->name, RT_INK_BOLD);
		rt_canvas_fit(c, x + 9, line, width - 11, RT_LEFT, row->summary, RT_INK_PLAIN);
	}
	return from;
}
