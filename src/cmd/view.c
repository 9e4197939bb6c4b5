/* view.c - the commands about looking: view, sample, layout, tui, screen save. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/sys.h"
#include "shell/shell.h"
#include "views/canvas_png.h"
#include "views/caption.h"
#include "views/layout.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- view ---------------------------------------------------------------------------------- */

struct view_params {
	char *name, *png, *csv, *model;
	int64_t height;
	bool text;
};

#define AT(field) offsetof(struct view_params, field)
static const struct rt_opt view_opts[] = {
	{.name = "name",
	 .summary = "a pane",
	 .type = RT_STRING,
	 .offset = AT(name),
	 .of = "pane",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED,
	 .example = "curves"},
	{"text", "print it, without colours", RT_BOOL, AT(text), "no"},
	{.name = "png",
	 .summary = "write the pane as a picture",
	 .type = RT_STRING,
	 .offset = AT(png),
	 .of = "file",
	 .example = "curves.png"},
	{.name = "csv",
	 .summary = "write its numbers",
	 .type = RT_STRING,
	 .offset = AT(csv),
	 .of = "file",
	 .example = "curves.csv"},
	{.name = "model",
	 .summary = "whose layers or confusion; default: the one chosen by look",
	 .type = RT_STRING,
	 .offset = AT(model),
	 .of = "model"},
	{"height", "lines; default: as many as the pane likes", RT_INT, AT(height), NULL, 2, 1000,
	 .example = "20"},
	{0},
};

static enum rt_status write_csv(const char *path, const struct rt_val *v, struct rt_err *err)
{
	struct rt_str text = {0};
	enum rt_status status;

	rt_val_csv(v, &text);
	status = rt_file_write(path, rt_str_text(&text), text.len, err);
	rt_str_release(&text);
	return status;
}

/* The pane under its title, as it stands on the screen. */
static void draw_pane(struct rt_canvas *c, const struct rt_pane *pane, const struct rt_scene *scene,
		      int height)
{
	struct rt_canvas inner;
	struct rt_str title = {0};

	pane->title(&title, scene);
	rt_title_draw(c, rt_str_text(&title));
	rt_canvas_init(&inner, &c->style);
	pane->draw(&inner, scene, height);
	rt_canvas_paste(c, 0, c->h, c->w, inner.h < height ? inner.h : height, &inner, 0);
	rt_canvas_release(&inner);
	rt_str_release(&title);
}

static enum rt_status run_view(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct view_params *p = params;
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_focus focus = *rt_session_focus(ctx->session);
	struct rt_scene scene = {.focus = &focus, .now = rt_now()};
	struct rt_lesson_page page = {0};
	struct rt_model *model = NULL;
	const struct rt_pane *pane;
	struct rt_canvas canvas;
	enum rt_status status = RT_OK;

	RT_TRY(rt_pane_get(&pane, p->name, err));
	scene.look = rt_session_look(ctx->session, RT_LOOK_ALL, NULL);
	if (p->model)
		RT_TRY(rt_session_get_model(&model, ctx->session, p->model, err));
	if (model)
		atomic_store(&focus.model, rt_name_key(model->name));
	if (rt_tutorial_page(ctx->shell, &page))
		scene.lesson = &page;
	if (p->text)
		style.colors = 0;
	rt_canvas_init(&canvas, &style);
	draw_pane(&canvas, pane, &scene, p->height == RT_UNSET_INT ? pane->height : (int)p->height);
	reply->value = pane->value(&scene);
	if (p->png) {
		status = pane->png ? pane->png(&scene, p->png, ctx->line, err)
				   : rt_canvas_png(&canvas, p->png, err);
		rt_canvas_release(&canvas);
	} else if (p->csv) {
		rt_canvas_release(&canvas);
	} else {
		rt_canvas_finish(&canvas, &reply->text);
	}
	if (status == RT_OK && p->csv)
		status = write_csv(p->csv, reply->value, err);
	rt_lesson_page_release(&page);
	if (status == RT_OK && (p->png || p->csv))
		rt_say(ctx, reply, "%s written to %s", pane->row.name, p->png ? p->png : p->csv);
	return status;
}

const struct rt_cmd rt_cmd_view = {
	.row = {"view", "print a pane of the workbench, or write it as PNG or CSV", view_opts,
		sizeof(struct view_params)},
	.help = "What the panes show follows the session: the latest run with its teacher and\n"
		"student, the data set in use, the sample chosen by the command sample.  The\n"
		"value is a list of dictionaries, the same numbers that -csv writes.",
	.examples = "data load digits\nmodel new m {dense 10}\ntrain m\nview models\nview curves\n"
		    "view sample -text yes\nview layers -csv layers.csv",
	.see = "sample layout compare",
	.run = run_view,
};

/* --- sample -------------------------------------------------------------------------------- */

struct sample_params {
	char *which;
	double temperature;
};

static const struct rt_opt sample_opts[] = {
	{.name = "which",
	 .summary = "a number, next, previous, wrong or disagree",
	 .type = RT_STRING,
	 .offset = offsetof(struct sample_params, which),
	 .flags = RT_OPT_POSITIONAL,
	 .example = "17"},
	{"temperature", "T of the softened bars; 0: that of the run", RT_REAL,
	 offsetof(struct sample_params, temperature), NULL, 0, 1000, .example = "4"},
	{0},
};

static const char *const seek_names[] = {
	[RT_SEEK_NEXT] = "next", [RT_SEEK_PREVIOUS] = "previous", [RT_SEEK_WRONG] = "wrong",
	[RT_SEEK_DISAGREE] = "disagree"};

static enum rt_status choose(int64_t *place, const struct rt_look *look, const char *which,
			     int64_t from, struct rt_err *err)
{
	int64_t n = look->data ? look->data->npart[RT_PART_TEST] : 0;

	for (size_t i = 0; i < RT_COUNT(seek_names); i++)
		if (strcmp(which, seek_names[i]) == 0)
			return rt_look_seek(place, look, (enum rt_seek)i, from, err);
	if (!rt_parse_int(which, place))
		return rt_fail(err, RT_EINVAL, "sample takes a number, next, previous, wrong or "
			       "disagree, got \"%s\"   (try: sample next)", which);
	if (*place < 0 || *place >= n)
		return rt_fail(err, RT_EINVAL,
			       "there are %" PRId64 " test samples, counted from 0; got %" PRId64,
			       n, *place);
	return RT_OK;
}

static enum rt_status run_sample(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				 struct rt_err *err)
{
	const struct sample_params *p = params;
	struct rt_focus *focus = rt_session_focus(ctx->session);
	const struct rt_look *look = rt_session_look(ctx->session, RT_LOOK_ALL, NULL);
	int64_t place = rt_look_place(look, focus);

	if (p->which)
		RT_TRY(choose(&place, look, p->which, place, err));
	if (place < 0)
		return rt_fail(err, RT_ENOTFOUND, "there is no data yet   (try: data load mnist)");
	atomic_store(&focus->place, place);
	if (!isnan(p->temperature))
		atomic_store(&focus->temperature, p->temperature);
	reply->value = rt_val_int(place);
	if (!rt_shell_screen(ctx->shell))
		rt_say(ctx, reply, "sample %" PRId64 "   T = %g", place,
		       rt_look_temperature(look, focus));
	return RT_OK;
}

const struct rt_cmd rt_cmd_sample = {
	.row = {"sample", "choose the sample and the temperature that the panes show", sample_opts,
		sizeof(struct sample_params)},
	.help = "wrong: the next sample on which the student errs; disagree: on which teacher\n"
		"and student answer differently.  After the last sample comes the first.",
	.examples =
		"data load digits\nmodel new m {dense 10}\nsample 17\nsample next\nsample wrong\n"
		"sample -temperature 8\nview sample",
	.see = "view compare explain",
	.run = run_sample,
};

/* --- layout, tui, screen save ---------------------------------------------------------------- */

static enum rt_status need_screen(const struct rt_screen **screen, struct rt_ctx *ctx,
				  struct rt_err *err)
{
	*screen = rt_shell_screen(ctx->shell);
	if (!*screen)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "there is no screen here: a script, --plain, or a "
			       "terminal that cannot place the cursor   (try: view models)");
	return RT_OK;
}

struct layout_params {
	char *name;
	struct rt_strings rest;
};

static const struct rt_opt layout_opts[] = {
	{.name = "name", .summary = "which panes are shown", .type = RT_STRING, .of = "layout",
	 .offset = offsetof(struct layout_params, name), .flags = RT_OPT_POSITIONAL,
	 .example = "explain"},
	{.name = "more", .summary = "focus: the pane; of: panes, a word a row; save: a name",
	 .type = RT_STRINGS, .of = "pane", .offset = offsetof(struct layout_params, rest),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REST, .example = "curves"},
	{0},
};

static void list_layouts(const struct rt_ctx *ctx, struct rt_reply *reply)
{
	const struct rt_layout *own[64];
	int n = rt_layouts_own(own, (int)RT_COUNT(own));

	reply->value = rt_val_list();
	for (int i = 0; i < rt_layouts.n + n; i++) {
		const struct rt_row *row = i < rt_layouts.n ? rt_layouts.rows[i]
							    : &own[i - rt_layouts.n]->row;

		rt_val_add(reply->value, rt_val_string(row->name));
		rt_say(ctx, reply, "%-9s %s", row->name, row->summary);
	}
}

/* The one pane that the layout focus may be given. */
static enum rt_status pane_of(const struct rt_pane **pane, const struct rt_layout *layout,
			      const struct rt_strings *rest, struct rt_err *err)
{
	*pane = NULL;
	if (rest->n == 0)
		return RT_OK;
	if (!rt_layout_is_focus(layout) || rest->n > 1)
		return rt_fail(err, RT_EINVAL, "only layout focus takes a pane, and one   "
			       "(try: layout focus curves, or: layout of {models curves} sample)");
	return rt_pane_get(pane, rest->v[0], err);
}

static enum rt_status keep_layout(struct rt_ctx *ctx, const struct rt_strings *rest,
				  struct rt_reply *reply, struct rt_err *err)
{
	const struct rt_screen *screen;
	struct rt_screen_now now;

	RT_TRY(need_screen(&screen, ctx, err));
	if (rest->n != 1)
		return rt_fail(err, RT_EINVAL, "one name is needed   (try: layout save mine)");
	screen->now(screen->self, &now);
	RT_TRY(rt_layout_keep(rest->v[0], now.layout, now.pane, err));
	rt_say(ctx, reply, "layout %s kept", rest->v[0]);
	return RT_OK;
}

static enum rt_status run_layout(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				 struct rt_err *err)
{
	const struct layout_params *p = params;
	const struct rt_layout *layout;
	const struct rt_pane *pane = NULL;
	const struct rt_screen *screen;

	if (!p->name) {
		list_layouts(ctx, reply);
		return RT_OK;
	}
	if (strcmp(p->name, "save") == 0)
		return keep_layout(ctx, &p->rest, reply, err);
	if (strcmp(p->name, "of") == 0) {
		RT_TRY(rt_layout_of(&layout, p->rest.n, (const char *const *)p->rest.v, err));
	} else {
		RT_TRY(rt_layout_get(&layout, p->name, err));
		RT_TRY(pane_of(&pane, layout, &p->rest, err));
	}
	RT_TRY(need_screen(&screen, ctx, err));
	screen->lay_out(screen->self, layout, pane);
	return RT_OK;
}

const struct rt_cmd rt_cmd_layout = {
	.row = {"layout", "choose the panes of the workbench", layout_opts,
		sizeof(struct layout_params)},
	.help = "Without a name the layouts are listed.  focus shows one pane alone; of places\n"
		"panes of your choice, those of one word side by side, with shares of the width\n"
		"where they are given: layout of {models curves:2} sample.  save NAME keeps\n"
		"what is shown, and NAME is a layout from then on.",
	.examples = "layout",
	.see = "view tui",
	.run = run_layout,
};

struct look_params {
	char *model;
};

static const struct rt_opt look_opts[] = {
	{.name = "model", .summary = "a model; default: the student", .type = RT_STRING,
	 .of = "model", .offset = offsetof(struct look_params, model),
	 .flags = RT_OPT_POSITIONAL, .example = "teacher"},
	{0},
};

static enum rt_status run_look(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct look_params *p = params;
	struct rt_model *model = NULL;

	(void)reply;
	if (p->model)
		RT_TRY(rt_session_get_model(&model, ctx->session, p->model, err));
	atomic_store(&rt_session_focus(ctx->session)->model, model ? rt_name_key(model->name) : 0);
	return RT_OK;
}

const struct rt_cmd rt_cmd_look = {
	.row = {"look", "choose the model whose layers and confusion the panes show", look_opts,
		sizeof(struct look_params)},
	.help = "A click on the model in the pane models does the same.",
	.examples = "data load digits\nmodel new a {dense 10}\nmodel new b {dense 4; dense 10}\n"
		    "look a\nview layers\nlook",
	.see = "view sample layout",
	.run = run_look,
};

static enum rt_status run_pause(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				struct rt_err *err)
{
	(void)params;
	(void)err;
	rt_say(ctx, reply, "nothing runs");
	return RT_OK;
}

const struct rt_cmd rt_cmd_pause = {
	.row = {"pause", "stop the run under way between two batches", NULL, 0},
	.help = "On the workbench, while something runs: it stops behind the batch under way,\n"
		"commands that wait are kept, and step goes on from there.  F6 does the same.",
	.examples = "pause",
	.see = "step",
	.run = run_pause,
};

enum { TUI_ON, TUI_OFF };

struct tui_params {
	int on, mouse;
};

static const char *const on_off[] = {"on", "off", NULL};

static const struct rt_opt tui_opts[] = {
	{.name = "on", .summary = "whether the workbench is shown", .type = RT_CHOICE,
	 .choices = on_off, .offset = offsetof(struct tui_params, on),
	 .flags = RT_OPT_POSITIONAL, .example = "off"},
	{.name = "mouse", .summary = "whether the mouse is the workbench's, not the terminal's",
	 .type = RT_CHOICE, .choices = on_off, .offset = offsetof(struct tui_params, mouse),
	 .example = "off"},
	{0},
};

static enum rt_status run_tui(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			      struct rt_err *err)
{
	const struct tui_params *p = params;
	const struct rt_screen *screen;
	struct rt_screen_now now;

	RT_TRY(need_screen(&screen, ctx, err));
	screen->now(screen->self, &now);
	if (p->mouse == TUI_ON || p->mouse == TUI_OFF)
		screen->mouse(screen->self, p->mouse == TUI_ON);
	if (p->on == TUI_ON || p->on == TUI_OFF)
		return screen->show(screen->self, p->on == TUI_ON, err);
	if (p->mouse != TUI_ON && p->mouse != TUI_OFF)
		rt_say(ctx, reply, "the workbench is %s   mouse %s", now.on ? "on" : "off",
		       !now.has_mouse ? "not told by the terminal" : now.mouse ? "on" : "off");
	return RT_OK;
}

const struct rt_cmd rt_cmd_tui = {
	.row = {"tui", "show the workbench, or only a prompt", tui_opts, sizeof(struct tui_params)},
	.help = "C-x C-a does the same.  The line that is being typed, what was printed and the\n"
		"work under way stay.  With the mouse off, or with Shift held down, the\n"
		"terminal selects text as it does without a workbench.",
	.examples = "help tui",
	.see = "layout",
	.run = run_tui,
};

struct save_params {
	char *file;
	bool png;
};

static const struct rt_opt save_opts[] = {
	{.name = "file", .summary = "where to write", .type = RT_STRING, .of = "file",
	 .offset = offsetof(struct save_params, file),
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED, .example = "screen.txt"},
	{"png", "as a picture; default: when the name ends in .png", RT_BOOL,
	 offsetof(struct save_params, png), "no"},
	{0},
};

static enum rt_status run_save(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct save_params *p = params;
	size_t n = strlen(p->file);
	bool png = p->png || (n > 4 && strcmp(p->file + n - 4, ".png") == 0);
	const struct rt_screen *screen;

	RT_TRY(need_screen(&screen, ctx, err));
	/* what the commands before it have changed is on the screen, too */
	rt_session_look(ctx->session, RT_LOOK_ALL, NULL);
	RT_TRY(screen->save(screen->self, p->file, png, err));
	rt_say(ctx, reply, "screen written to %s", p->file);
	return RT_OK;
}

const struct rt_cmd rt_cmd_screen_save = {
	.row = {"screen save", "write the whole screen as text or PNG", save_opts,
		sizeof(struct save_params)},
	.help = "Text has the colours of the terminal as escape sequences; none with --color\n"
		"never.",
	.examples = "help screen save",
	.see = "view layout",
	.run = run_save,
};
