/* keys.h - the keys of the workbench, each a row; key bar, help and what a key does come from
 * it. */
#ifndef RT_SCREEN_KEYS_H
#define RT_SCREEN_KEYS_H

#include "base/row.h"
#include "views/canvas.h"

struct rt_key {
	struct rt_row row;	/* name as people call it: "F5"; summary for the help */
	const char *brief;	/* for the key bar, or NULL */
	int rank;		/* in the key bar: the highest give way first */
	const char *capability;	/* terminfo's name, or NULL */
	const char *sequence[4];	/* bytes that terminals send, as far as they are known */
	bool only_empty;	/* acts on an empty line alone; otherwise readline has it */
	void (*press)(void);
	bool (*applies)(void);	/* NULL: always; otherwise readline has it, too */
};

/* Every key; each row is the head of its struct rt_key. */
extern const struct rt_list rt_keys;

/* Binds all keys to `press`-calling functions of readline; also after the terminal has changed. */
void rt_keys_bind(void);

/* Draws the key bar on row y. */
void rt_keys_bar(struct rt_canvas *c, int y);

/* What a click on column x of the key bar presses; false where there is no key. */
bool rt_keys_click(const struct rt_canvas *c, int x);

/* Draws the help: all keys with their summaries, from row y on, h rows, the first `from` lines left
 * out; returns from, clipped. */
int rt_keys_help(struct rt_canvas *c, int y, int h, int from);

#endif
