/* screen.c - cells to the terminal, through curses. */
#include "config.h"

#include "views/screen/screen.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";
/* buttons and wheel, not motion; coordinates as numbers */
static const char mouse_on[] = "\033[?1000h\033[?1006h", mouse_off[] = "\033[?1006l\033[?1000l";

static struct {
	SCREEN *screen;
	FILE *in, *out;
	struct termios ours;		/* keys arrive one by one, nothing is echoed */
	struct termios before;
	char farewell[200];
	bool mouse;
} now = {.mouse = true};

bool rt_screen_capable(const char **why)
{
	const char *term = getenv("TERM");
	int failed;
	bool able;

	*why = "TERM is not set or dumb";
	if (!term || !*term || strcmp(term, "dumb") == 0)
		return false;
	*why = "terminfo does not know TERM";
	if (setupterm(NULL, STDOUT_FILENO, &failed) != OK)
		return false;
	able = tigetstr("cup") && tigetstr("cup") != (char *)-1 && tigetstr("clear") != (char *)-1;
	del_curterm(cur_term);
	*why = able ? NULL : "the terminal cannot place its cursor";
	return able;
}

static void send(const char *text)
{
	fputs(text, now.out);
	fflush(now.out);
}

/* Signals stay on: they come through handlers.  A key that makes one must not empty the input. */
static void make_ours(void)
{
	now.ours = now.before;
	now.ours.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
	now.ours.c_lflag |= ISIG | NOFLSH;
	now.ours.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IXON | ISTRIP);
	now.ours.c_oflag |= OPOST | ONLCR;
	now.ours.c_cc[VMIN] = 1;
	now.ours.c_cc[VTIME] = 0;
}

static void add_capability(const char *name)
{
	char *text = tigetstr(name);

	if (text && text != (char *)-1 && !strchr(text, '$') &&
	    strlen(now.farewell) + strlen(text) < sizeof(now.farewell) - 1)
		strcat(now.farewell, text);
}

static void set_modes(void)
{
	tcsetattr(fileno(now.in), TCSADRAIN, &now.ours);
	def_prog_mode();
	send(paste_on);
	if (now.mouse && rt_screen_has_mouse())
		send(mouse_on);
}

/* What the terminal was asked for goes before it is left. */
static void take_back(void)
{
	send(paste_off);
	if (rt_screen_has_mouse())
		send(mouse_off);
}

bool rt_screen_has_mouse(void)
{
	return rt_screen_key("kmous") != NULL;
}

void rt_screen_mouse(bool on)
{
	now.mouse = on;
	if (now.screen && !isendwin() && rt_screen_has_mouse())
		send(on ? mouse_on : mouse_off);
}

bool rt_screen_open(FILE *in, FILE *out)
{
	now.in = in;
	now.out = out;
	if (tcgetattr(fileno(in), &now.before) != 0)
		return false;
	use_env(FALSE);
	use_tioctl(TRUE);
	now.screen = newterm(NULL, out, in);
	if (!now.screen)
		return false;
	if (has_colors()) {
		start_color();
		use_default_colors();
	}
	leaveok(stdscr, FALSE);
	make_ours();
	snprintf(now.farewell, sizeof(now.farewell), "%s%s", paste_off,
		 rt_screen_has_mouse() ? mouse_off : "");
	add_capability("sgr0");
	add_capability("cnorm");
	add_capability("rmcup");
	set_modes();
	return true;
}

void rt_screen_close(void)
{
	if (!now.screen)
		return;
	take_back();
	endwin();
	delscreen(now.screen);
	now.screen = NULL;
	tcsetattr(fileno(now.in), TCSADRAIN, &now.before);
}

void rt_screen_suspend(void)
{
	take_back();
	endwin();
	tcsetattr(fileno(now.in), TCSADRAIN, &now.before);
}

void rt_screen_resume(void)
{
	tcsetattr(fileno(now.in), TCSADRAIN, &now.ours);
	clearok(curscr, TRUE);
	refresh();
	send(paste_on);
	if (now.mouse && rt_screen_has_mouse())
		send(mouse_on);
}

void rt_screen_resize(int h, int w)
{
	resizeterm(h, w);
	clearok(curscr, TRUE);
}

void rt_screen_refresh_all(void)
{
	clearok(curscr, TRUE);
}

static int color_number(int32_t rgb)
{
	if (rgb == RT_DEFAULT)
		return -1;
	if (COLORS > 256)
		return rgb < 8 ? 0x080808 : rgb; /* the first eight are names, not colours */
	return COLORS == 256 ? rt_color_256(rgb) : rt_color_8(rgb);
}

static void put(int y, int x, const struct rt_cell *cell, bool color)
{
	attr_t attr = 0;
	wchar_t text[2] = {(wchar_t)cell->ch, 0};
	int pair = 0;
	cchar_t c;

	if (cell->ink.attr & RT_BOLD)
		attr |= A_BOLD;
	if (cell->ink.attr & RT_DIM)
		attr |= A_DIM;
	if (cell->ink.attr & RT_REVERSE)
		attr |= A_REVERSE;
	if (color && has_colors() && (cell->ink.fg != RT_DEFAULT || cell->ink.bg != RT_DEFAULT))
		pair = alloc_pair(color_number(cell->ink.fg), color_number(cell->ink.bg));
	if (pair < 0)
		pair = 0;
	setcchar(&c, text, attr, 0, &pair);
	mvadd_wch(y, x, &c);
}

void rt_screen_show(const struct rt_canvas *c, int x, int y)
{
	erase();
	for (int j = 0; j < c->h && j < LINES; j++)
		for (int i = 0; i < c->w && i < COLS; i++) {
			const struct rt_cell *cell = &c->cell[j * c->w + i];

			if (cell->ch &&
			    (cell->ch != ' ' || cell->ink.bg != RT_DEFAULT || cell->ink.attr))
				put(j, i, cell, c->style.colors > 0);
		}
	move(y < LINES ? y : LINES - 1, x < COLS ? x : COLS - 1);
	refresh();
}

const char *rt_screen_farewell(void)
{
	return now.farewell;
}

const char *rt_screen_key(const char *capability)
{
	char *text = tigetstr(capability);

	return text && text != (char *)-1 ? text : NULL;
}
