/* report.c - report: the session so far as one page of HTML, pictures included. */
#include "config.h"

#include "cmd/cmds.h"
#include "base/file.h"
#include "base/mem.h"
#include "session/session.h"
#include "shell/html.h"
#include "shell/shell.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct report_params {
	char *file, *title;
};

static const struct rt_opt opts[] = {
	{.name = "file",
	 .summary = "the page to write; one that exists is replaced",
	 .type = RT_STRING,
	 .offset = offsetof(struct report_params, file),
	 .of = "file",
	 .example = "report.html",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "title",
	 .summary = "heading of the page",
	 .type = RT_STRING,
	 .offset = offsetof(struct report_params, title),
	 .init = "A session with retort",
	 .example = "Small students"},
	{0},
};

static const char style[] =
	":root{--ink:#1c2024;--paper:#fff;--soft:#667;--line:#d8dce2;--tint:#f5f6f8;--mark:#0b5cad;"
	"--bad:#b3261e}\n"
	"@media (prefers-color-scheme:dark){:root{--ink:#e6e8eb;--paper:#15181c;--soft:#9aa3ad;"
	"--line:#343a42;--tint:#1d2126;--mark:#7db7f5;--bad:#ff8a80}}\n"
	"body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);"
	"max-width:60rem;margin:2rem auto;padding:0 1rem}\n"
	"h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem}\n"
	"h2{font-size:1.15rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line)}\n"
	"p.when{color:var(--soft);margin:0 0 1.2rem}\n"
	"table{border-collapse:collapse}\n"
	"th{text-align:left;font-weight:normal;color:var(--soft);padding:.1rem 1.5rem .1rem "
	"0;vertical-align:top}\n"
	"pre{font:13px/1.25 'DejaVu Sans Mono',Menlo,Consolas,monospace;margin:0;overflow-x:auto}\n"
	"section{margin:0 0 1.1rem;border:1px solid "
	"var(--line);border-radius:6px;overflow:hidden}\n"
	"pre.command{background:var(--tint);color:var(--mark);font-weight:600;padding:.45rem "
	".7rem}\n"
	"pre.reply{padding:.5rem .7rem}\n"
	"pre.error{color:var(--bad);padding:.5rem .7rem}\n"
	"figure{margin:0;padding:.5rem .7rem}\n"
	"img{max-width:100%;height:auto;background:#fff}\n"
	"figcaption{color:var(--soft);font-size:.85rem}\n"
	"@media print{body{max-width:none}section,figure{break-inside:avoid}}\n";

static void add_fact(struct rt_str *out, const char *name, const char *fact)
{
	rt_str_addf(out, "<tr><th>%s</th><td>", name);
	rt_html_add(out, fact);
	rt_str_add(out, "</td></tr>\n");
}

static void add_head(struct rt_str *out, const struct report_params *p, const struct rt_session *s)
{
	time_t now = time(NULL);
	struct tm local;
	char date[64], seed[32];

	localtime_r(&now, &local);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M %Z", &local);
	snprintf(seed, sizeof(seed), "%" PRIu64, rt_session_seed(s));
	rt_str_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
			"<meta name=\"viewport\" content=\"width=device-width, "
			"initial-scale=1\">\n<title>");
	rt_html_add(out, p->title);
	rt_str_addf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<h1>", style);
	rt_html_add(out, p->title);
	rt_str_addf(out, "</h1>\n<p class=\"when\">%s</p>\n<table>\n", date);
	add_fact(out, "retort", PACKAGE_VERSION);
	add_fact(out, "seed", seed);
	rt_str_add(out, "</table>\n");
}

/* A picture as part of the page; what is neither PNG nor SVG is left out. */
static void add_picture(struct rt_str *out, const struct rt_picture_file *f)
{
	bool png = f->len > 8 && memcmp(f->bytes, "\x89PNG\r\n\x1a\n", 8) == 0;
	size_t n = strlen(f->name);

	if (!png && (n < 4 || strcmp(f->name + n - 4, ".svg") != 0))
		return;
	rt_str_addf(out, "<figure><img alt=\"\" src=\"data:image/%s;base64,",
		    png ? "png" : "svg+xml");
	rt_base64_add(out, f->bytes, f->len);
	rt_str_add(out, "\"><figcaption>");
	rt_html_add(out, f->name);
	rt_str_add(out, "</figcaption></figure>\n");
}

static void add_record(struct rt_str *out, const struct rt_record *r)
{
	rt_str_add(out, "<section>\n<pre class=\"command\">");
	rt_html_add(out, r->command);
	rt_str_add(out, "</pre>\n");
	if (*r->reply) {
		rt_str_add(out, "<pre class=\"reply\">");
		rt_html_terminal(out, r->reply);
		rt_str_add(out, "</pre>\n");
	}
	if (r->error) {
		rt_str_add(out, "<pre class=\"error\">");
		rt_html_add(out, r->error);
		rt_str_add(out, "</pre>\n");
	}
	for (int i = 0; i < r->n; i++)
		add_picture(out, &r->picture[i]);
	rt_str_add(out, "</section>\n");
}

static void add_commands(struct rt_str *out, const struct rt_shell *sh)
{
	int64_t dropped;
	int n;
	const struct rt_record *r = rt_shell_records(sh, &n, &dropped);

	rt_str_add(out, "<h2>What was done</h2>\n");
	if (dropped)
		rt_str_addf(out, "<p>The first %" PRId64 " commands are no longer kept.</p>\n",
			    dropped);
	if (n == 0)
		rt_str_add(out, "<p>Nothing yet.</p>\n");
	for (int i = 0; i < n; i++)
		add_record(out, &r[i]);
}

/* What a command that only looks has to tell, as a section of its own. */
static enum rt_status add_answer(struct rt_str *out, struct rt_shell *sh, const char *noun,
				 const char *verb, const char *heading, struct rt_err *err)
{
	const char *const words[] = {noun, verb, "-format", "text"};
	char *text;

	RT_TRY(rt_shell_ask(sh, 4, words, &text, err));
	rt_str_addf(out, "<h2>%s</h2>\n<pre>", heading);
	rt_html_terminal(out, text);
	rt_str_add(out, "</pre>\n");
	free(text);
	return RT_OK;
}

/* The learning curves of a run, drawn now. */
static enum rt_status add_curves(struct rt_str *out, struct rt_shell *sh, const struct rt_run *r,
				 const char *file, struct rt_err *err)
{
	char *path = rt_sprintf("%s.%s.png", file, r->name), *text = NULL;
	const char *const words[] = {"plot", "curves", r->name, "-png", path};
	struct rt_picture_file picture = {.name = r->name};
	enum rt_status status = rt_shell_ask(sh, 5, words, &text, err);

	if (status == RT_OK)
		status = rt_file_read(&picture.bytes, &picture.len, path, err);
	if (status == RT_OK)
		add_picture(out, &picture);
	unlink(path);
	free(picture.bytes);
	free(text);
	free(path);
	return status;
}

static enum rt_status add_results(struct rt_str *out, struct rt_ctx *ctx, const char *file,
				  struct rt_err *err)
{
	struct rt_run *const *runs;
	enum rt_status status = RT_OK;
	int n;

	RT_TRY(add_answer(out, ctx->shell, "data", "list", "Data", err));
	RT_TRY(add_answer(out, ctx->shell, "model", "list", "Models", err));
	RT_TRY(add_answer(out, ctx->shell, "run", "list", "Runs", err));
	runs = rt_session_runs(ctx->session, &n);
	for (int i = 0; i < n && status == RT_OK; i++)
		if (runs[i]->fit->nhistory > 1)
			status = add_curves(out, ctx->shell, runs[i], file, err);
	if (status == RT_OK)
		status = add_answer(out, ctx->shell, "show", "machine", "Machine", err);
	return status;
}

static enum rt_status run(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			  struct rt_err *err)
{
	const struct report_params *p = params;
	struct rt_str out = {0};
	char size[32];
	enum rt_status status;

	add_head(&out, p, ctx->session);
	add_commands(&out, ctx->shell);
	status = add_results(&out, ctx, p->file, err);
	rt_str_add(&out, "</body>\n</html>\n");
	if (status == RT_OK)
		status = rt_file_write(p->file, rt_str_text(&out), out.len, err);
	if (status == RT_OK) {
		rt_str_addf(&reply->text, "%s written, %s", p->file,
			    rt_text_bytes(size, sizeof(size), (double)out.len));
		reply->value = rt_val_string(p->file);
	}
	rt_str_release(&out);
	return status;
}

const struct rt_cmd rt_cmd_report = {
	.row = {"report", "write the session so far as one page of HTML", opts,
		sizeof(struct report_params)},
	.help = "Every command with its reply, the pictures that commands wrote with -png, then\n"
		"data, models, runs with their curves, seed, versions and machine.  The page is\n"
		"one file that opens in any browser without network.",
	.examples =
		"data load digits\nmodel new m {dense 10}\ntrain m -epochs 3\nreport report.html\n"
		"report small.html -title \"Small students\"",
	.see = "log plot curves",
	.run = run,
};
