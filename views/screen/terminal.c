/* terminal.c - what the terminal can show: size, colours, symbols. */
#include "config.h"

#include "views/screen/terminal.h"

#include <curses.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool is_dumb(void)
{
	return !is_set("TERM") || strcmp(getenv("TERM"), "dumb") == 0;
}

/* What terminfo says; 0 for a terminal that it does not know. */
static int terminfo_colors(void)
{
	int failed, n;

	if (is_dumb() || setupterm(NULL, STDOUT_FILENO, &failed) != OK)
		return 0;
	n = tigetnum("colors");
	del_curterm(cur_term);
	return n >= 1 << 24 ? 1 << 24 : n >= 256 ? 256 : n >= 8 ? 8 : 0;
}

static int colors(enum rt_color_when when)
{
	const char *force = getenv("CLICOLOR_FORCE");
	bool forced = when == RT_COLOR_ALWAYS;
	int n;

	if (when == RT_COLOR_NEVER || (!forced && is_set("NO_COLOR")))
		return 0;
	if (force && *force && strcmp(force, "0") != 0)
		forced = true;
	if (!forced && !isatty(STDOUT_FILENO))
		return 0;
	n = terminfo_colors();
	return forced && n == 0 ? 8 : n;
}

void rt_terminal_resize(struct rt_terminal *term)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return;
	if (size.ws_col > 0)
		term->width = size.ws_col;
	if (size.ws_row > 0)
		term->height = size.ws_row;
}

void rt_terminal_detect(struct rt_terminal *term, enum rt_color_when when, bool ascii)
{
	*term = (struct rt_terminal){.width = 80, .height = 24};
	rt_terminal_resize(term);
	term->colors = colors(when);
	term->unicode = !ascii && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	term->live = isatty(STDERR_FILENO) && !is_dumb();
}

bool rt_terminal_both(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}
