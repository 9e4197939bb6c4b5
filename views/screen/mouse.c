/* mouse.c - what the wheel and a click do: scroll, press a key, mark a pane, choose a row. */
#include "config.h"

#include "views/screen/workbench.h"

#include "views/screen/keys.h"
#include "views/screen/screen.h"
#include "views/screen/state.h"

#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

enum { BUTTON = 0, WHEEL_UP = 64, WHEEL_DOWN = 65, ROWS = 3, LONGEST = 24 };

struct event {
	int button, x, y;	/* from 0 */
	bool press;
};

/* "0;12;5M" or, where it ends in m, a button let go (xterm's mode 1006). */
static bool read_numbers(struct event *e)
{
	int value[3] = {0}, n = 0;

	for (int i = 0; i < LONGEST; i++) {
		int c = rl_read_key();

		if (c >= '0' && c <= '9') {
			value[n] = value[n] % 10000 * 10 + c - '0';
		} else if (c == ';' && n < 2) {
			n++;
		} else {
			*e = (struct event){value[0], value[1] - 1, value[2] - 1, c == 'M'};
			return n == 2 && (c == 'M' || c == 'm');
		}
	}
	return false;
}

/* Three bytes, each 32 more than it means (xterm's mode 1000). */
static bool read_bytes(struct event *e)
{
	int button = rl_read_key() - 32, x = rl_read_key() - 33, y = rl_read_key() - 33;

	*e = (struct event){button, x, y, (button & 3) != 3 || button >= WHEEL_UP};
	return x >= 0 && y >= 0;
}

static const struct rt_place *place_at(int x, int y)
{
	for (int i = 0; i < wb.seen.n; i++) {
		const struct rt_place *p = &wb.seen.place[i];

		if (x >= p->x && x < p->x + p->w && y >= p->y && y < p->y + p->h)
			return p;
	}
	return NULL;
}

static void wheel(const struct event *e, int step)
{
	const struct rt_place *p = place_at(e->x, e->y);

	if (wb.help) {
		wb.help_from += step * ROWS;
	} else if (p && p->pane->scrolls) {
		int *from = rt_seen_from(&wb.seen, p->pane);

		*from = *from + step * ROWS > 0 ? *from + step * ROWS : 0;
	} else if (!p) {
		wb.back = wb.back - step * ROWS > 0 ? wb.back - step * ROWS : 0;
	}
}

/* On a title the pane is shown alone; on a row that means something it is done; elsewhere the pane
 * becomes the one that keys scroll. */
static void click(const struct event *e)
{
	const struct rt_place *p = place_at(e->x, e->y);
	struct rt_scene scene = workbench_scene();
	char *command = NULL;

	if (e->y == wb.rows - 1) {
		rt_keys_click(&wb.frame, e->x);
		return;
	}
	if (wb.help)
		return;
	if (p && e->y == p->y) {
		rt_workbench_alone(p->pane);
		return;
	}
	if (p && p->pane->pick && scene.look)
		command = p->pane->pick(&scene, p->w - 1, p->h - 1,
					e->y - p->y - 1 + *rt_seen_from(&wb.seen, p->pane));
	if (command)
		rt_workbench_command(command);
	else
		wb.seen.marked = p && p->pane != wb.seen.marked && p->pane->scrolls ? p->pane
										    : NULL;
	free(command);
}

void rt_workbench_mouse_event(void)
{
	struct event e;
	size_t n = strlen(rl_executing_keyseq);
	bool whole = n && rl_executing_keyseq[n - 1] == '<' ? read_numbers(&e) : read_bytes(&e);

	if (!whole || !wb.on)
		return;
	if (e.button == WHEEL_UP)
		wheel(&e, -1);
	else if (e.button == WHEEL_DOWN)
		wheel(&e, 1);
	else if (e.button == BUTTON && e.press)
		click(&e);
	workbench_changed_now();
}

void rt_workbench_mouse_toggle(void)
{
	if (!rt_screen_has_mouse()) {
		workbench_note("this terminal does not tell of its mouse\n");
		return;
	}
	pthread_mutex_lock(&wb.lock);
	wb.want_mouse = !wb.mouse;
	pthread_mutex_unlock(&wb.lock);
	workbench_note(wb.mouse ? "the mouse is the terminal's: drag to select text; Alt-m takes "
				  "it back\n"
				: "the mouse is the workbench's; Shift and drag selects text\n");
}
