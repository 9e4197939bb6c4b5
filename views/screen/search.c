/* search.c - searching what was printed, or the pane that is marked. */
#include "config.h"

#include "views/screen/workbench.h"

#include "base/mem.h"
#include "views/screen/state.h"

#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

bool rt_workbench_searching(void)
{
	return wb.search && !wb.asking;
}

void rt_workbench_search_end(void)
{
	if (!wb.search)
		return;
	free(wb.search);
	wb.search = NULL;
	wb.found = -1;
	workbench_changed_now();
}

static void on_answer(char *line)
{
	if (line && *line) {
		free(wb.search);
		wb.search = rt_strdup(line);
		wb.found = -1;
		if (wb.seen.marked)
			*rt_seen_from(&wb.seen, wb.seen.marked) = 0;
	} else {
		rt_workbench_search_end();
	}
	free(line);
	workbench_prompt();
	if (wb.search)
		rt_workbench_find(1);
	workbench_changed_now();
}

void rt_workbench_search(void)
{
	if (wb.asking || wb.pending.len) {
		rl_insert_text("/");
		return;
	}
	workbench_ask("/", on_answer);
	workbench_changed_now();
}

/* The rows of the log stay where they are as long as the match is among them. */
static void find_in_log(int step)
{
	int rows = wb.rows - 2 - wb.log_y;
	int row = rt_scrollback_find(wb.log, wb.columns, wb.search, wb.found, step);

	if (row < 0) {
		rl_ding();
		return;
	}
	wb.found = row;
	if (row < wb.back || row >= wb.back + rows)
		wb.back = row > rows / 2 ? row - rows / 2 : 0;
}

static const struct rt_place *place_of(const struct rt_pane *pane)
{
	for (int i = 0; i < wb.seen.n; i++)
		if (wb.seen.place[i].pane == pane)
			return &wb.seen.place[i];
	return NULL;
}

/* The pane is scrolled so that the next match becomes its first row. */
static void find_in_pane(const struct rt_place *p, int step)
{
	struct rt_style style = workbench_style();
	struct rt_scene scene = workbench_scene();
	struct rt_canvas all;
	int *from = rt_seen_from(&wb.seen, p->pane), at = *from + p->pane->head;

	if (!p->pane->scrolls || !scene.look)
		return;
	style.width = p->w - 1;
	rt_canvas_init(&all, &style);
	p->pane->draw(&all, &scene, 1000);
	for (at += step; at >= 0 && at < all.h; at += step)
		if (rt_cells_find(all.cell + at * all.w, all.w, wb.search, 0) >= 0)
			break;
	if (at >= 0 && at < all.h)
		*from = at - p->pane->head > 0 ? at - p->pane->head : 0;
	else
		rl_ding();
	rt_canvas_release(&all);
}

void rt_workbench_find(int step)
{
	const struct rt_place *p = wb.seen.marked ? place_of(wb.seen.marked) : NULL;

	if (!wb.search)
		return;
	if (p)
		find_in_pane(p, step);
	else
		find_in_log(step);
	workbench_changed_now();
}

void rt_workbench_mark_next(void)
{
	const struct rt_pane *now = wb.seen.marked;
	int i = 0;

	while (i < wb.seen.n && wb.seen.place[i].pane != now)
		i++;
	if (!now)
		i = -1;
	wb.seen.marked = i + 1 < wb.seen.n ? wb.seen.place[i + 1].pane : NULL;
	workbench_changed_now();
}
