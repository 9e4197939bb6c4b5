/* man.c - the manual pages and the completion for bash, written from the rows. */
#include "config.h"

#include "base/mem.h"
#include "shell/state.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char description[] =
	"retort is an interactive workbench for knowledge distillation, model compression and "
	"model interpretability. "
	"One loads a data set, trains a teacher, distills it into a student epoch by epoch, goes "
	"back and forth, prunes, quantizes, and after every step looks: at probabilities of "
	"teacher against student, at saliency maps, at curves. "
	"The same commands run from a file, so a session is a report that can be repeated.";

static const char language[] =
	"Commands are words separated by blanks, in the Tcl language: $name is a variable, "
	"[command] its result, {text} is taken as it is, # begins a comment, and foreach, if, proc "
	"and expr are Tcl's. "
	"A command that stands alone prints its reply; inside brackets it returns a value. "
	"Every command takes -format text, json or csv. "
	"At the prompt a unique beginning of a name is enough, ?name is help, and a line that "
	"begins with ! goes to the system's shell; nothing else does.";

struct entry { const char *name, *text; };

static const struct entry keys[] = {
	{"Tab", "complete commands, options, values, models, data sets, layers and files"},
	{"Ctrl-C", "drop the line; while a command runs, stop it and keep the last finished step"},
	{"Ctrl-R", "search the history"},
	{"Ctrl-D", "leave"},
};

static const struct entry files[] = {
	{"$XDG_CONFIG_HOME/retort/retortrc", "commands to run before the first prompt"},
	{"$XDG_STATE_HOME/retort/history", "the lines typed at the prompt"},
};

static const struct entry environment[] = {
	{"RETORT_DATA", "folders, separated by colons, searched first for data sets and the zoo"},
	{"RETORT_ISA", "base, avx2 or avx512: the most that kernels may use"},
	{"NO_COLOR, CLICOLOR_FORCE", "never, or always, use colours; --color goes before both"},
	{"XDG_CONFIG_HOME, XDG_STATE_HOME",
	 "where the files above are; ~/.config and ~/.local/state"},
};

static const struct entry codes[] = {
	{"0", "done"},
	{"1", "an error in a script: one line, file:line: command: reason, on standard error"},
	{"2", "the program was called wrongly"},
	{"130", "interrupted"},
};

/* Appends text with what troff would take for itself escaped. */
static void add(struct rt_str *out, const char *text)
{
	bool start = true;

	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			rt_str_add(out, "\\&");
		if (*text == '\\')
			rt_str_add(out, "\\e");
		else if (*text == '-')
			rt_str_add(out, "\\-");
		else
			rt_str_addc(out, *text);
		start = *text == '\n';
	}
}

static void add_head(struct rt_str *out, const char *name, const char *section)
{
	rt_str_addf(out, ".\\\" Written by `retort --man'; `make man' brings it up to date.\n"
		    ".TH %s %s \"\" \"retort %s\"\n.ad l\n", name, section, PACKAGE_VERSION);
}

static void add_section(struct rt_str *out, const char *title)
{
	rt_str_addf(out, ".SH %s\n", title);
}

static void add_tagged(struct rt_str *out, const char *tag, const char *text)
{
	rt_str_add(out, ".TP\n.B ");
	add(out, tag);
	rt_str_addc(out, '\n');
	add(out, text);
	rt_str_addc(out, '\n');
}

static void add_entries(struct rt_str *out, const char *title, const struct entry *e, size_t n)
{
	add_section(out, title);
	for (size_t i = 0; i < n; i++)
		add_tagged(out, e[i].name, e[i].text);
}

static void add_program_options(struct rt_str *out)
{
	add_section(out, "OPTIONS");
	for (const struct rt_opt *o = rt_program.opts; o->name; o++) {
		struct rt_str tag = {0}, text = {0};

		rt_str_addf(&tag, "%s%s", o->name[1] ? "--" : "-", o->name);
		if (o->type == RT_STRINGS)
			rt_str_add(&tag, " COMMAND");
		else if (o->type == RT_INT)
			rt_str_add(&tag, " N");
		else if (o->type == RT_CHOICE)
			rt_str_add(&tag, " WORD");
		rt_str_add(&text, o->summary);
		if (o->type != RT_BOOL && o->type != RT_STRINGS) {
			rt_str_add(&text, " (");
			rt_text_allowed(&text, o);
			rt_str_addf(&text, o->init ? "; default %s)" : ")", o->init);
		}
		add_tagged(out, tag.text, text.text);
		rt_str_release(&tag);
		rt_str_release(&text);
	}
}

void rt_man_program(struct rt_shell *sh, struct rt_str *out)
{
	add_head(out, "RETORT", "1");
	add_section(out, "NAME");
	rt_str_add(out, "retort \\- ");
	add(out, rt_program.summary);
	rt_str_addc(out, '\n');
	add_section(out, "SYNOPSIS");
	rt_str_add(out, ".B retort\n[\\fIOPTION\\fR ...] [\\fIFILE\\fR [\\fIARGUMENT\\fR ...] |"
		   " \\fICOMMAND\\fR [\\fIWORD\\fR ...]]\n");
	add_section(out, "DESCRIPTION");
	add(out, description);
	rt_str_add(out, "\n.PP\nWithout FILE, COMMAND and \\-e it shows a prompt on a terminal, "
		   "and reads commands from standard input otherwise.\n");
	add_program_options(out);
	add_section(out, "LANGUAGE");
	add(out, language);
	rt_str_addc(out, '\n');
	add_section(out, "COMMANDS");
	rt_str_add(out,
		   "Each is explained in\n.BR retort-commands (7)\nand by the command help.\n");
	for (int i = 0; i < sh->commands->n; i++)
		add_tagged(out, sh->commands->rows[i]->name, sh->commands->rows[i]->summary);
	add_entries(out, "KEYS", keys, RT_COUNT(keys));
	add_entries(out, "FILES", files, RT_COUNT(files));
	add_entries(out, "ENVIRONMENT", environment, RT_COUNT(environment));
	add_entries(out, "EXIT STATUS", codes, RT_COUNT(codes));
	add_section(out, "SEE ALSO");
	rt_str_add(out, ".BR retort-commands (7),\n.BR gnuplot (1),\n.BR Tcl (3tcl)\n");
}

/* --- retort-commands(7) -------------------------------------------------------------------- */

static void add_row_options(const struct rt_row *row, struct rt_str *out)
{
	for (const struct rt_opt *o = row->opts; o && o->name; o++) {
		struct rt_str tag = {0}, text = {0};

		if (o->flags & RT_OPT_POSITIONAL)
			for (const char *c = o->name; *c; c++)
				rt_str_addc(&tag, (char)toupper((unsigned char)*c));
		else
			rt_str_addf(&tag, "-%s", o->name);
		rt_str_addf(&text, "%s (", o->summary);
		rt_text_allowed(&text, o);
		if (o->init)
			rt_str_addf(&text, "; default %s", *o->init ? o->init : "none");
		rt_str_add(&text, ")");
		add_tagged(out, tag.text, text.text);
		rt_str_release(&tag);
		rt_str_release(&text);
	}
}

static void add_text(const char *text, struct rt_str *out)
{
	rt_str_add(out, ".PP\n");
	add(out, text);
	rt_str_add(out, text[strlen(text) - 1] == '\n' ? "" : "\n");
}

static void add_examples(const char *examples, struct rt_str *out)
{
	if (!examples || !*examples)
		return;
	rt_str_add(out, ".PP\n.RS\n.nf\n");
	add(out, examples);
	rt_str_add(out, examples[strlen(examples) - 1] == '\n' ? "" : "\n");
	rt_str_add(out, ".fi\n.RE\n");
}

static void add_command(const struct rt_cmd *cmd, struct rt_str *out)
{
	struct rt_str usage = {0};

	rt_str_add(out, ".SS \"");
	add(out, cmd->row.name);
	rt_str_add(out, "\"\n");
	add(out, cmd->row.summary);
	rt_str_add(out, "\n.PP\n");
	rt_row_usage(&cmd->row, &usage);
	rt_str_addc(&usage, '\n');
	add(out, rt_str_text(&usage));
	add_row_options(&cmd->row, out);
	if (cmd->help && *cmd->help)
		add_text(cmd->help, out);
	add_examples(cmd->examples, out);
	rt_str_release(&usage);
}

static void add_topic(const struct rt_list *list, struct rt_str *out)
{
	struct rt_str title = {0};

	for (const char *c = list->noun; *c; c++)
		rt_str_addc(&title, (char)toupper((unsigned char)*c));
	add_section(out, rt_str_text(&title));
	if (list->help)
		add_text(list->help, out);
	add_examples(list->examples, out);
	for (int i = 0; i < list->n; i++) {
		add_tagged(out, list->rows[i]->name, list->rows[i]->summary);
		if (!list->rows[i]->opts || !list->rows[i]->opts->name)
			continue;
		rt_str_add(out, ".RS\n");
		add_row_options(list->rows[i], out);
		add_examples(list->rows[i]->examples, out);
		rt_str_add(out, ".RE\n");
	}
	rt_str_release(&title);
}

void rt_man_commands(struct rt_shell *sh, struct rt_str *out)
{
	add_head(out, "RETORT-COMMANDS", "7");
	add_section(out, "NAME");
	rt_str_add(out, "retort-commands \\- the commands of retort and what they choose from\n");
	add_section(out, "COMMANDS");
	for (int i = 0; i < sh->commands->n; i++)
		add_command((const struct rt_cmd *)sh->commands->rows[i], out);
	for (int i = 0; i < sh->n_lists; i++)
		add_topic(sh->lists[i], out);
	add_section(out, "SEE ALSO");
	rt_str_add(out, ".BR retort (1)\n");
}

/* --- bash ---------------------------------------------------------------------------------- */

void rt_bash_completion(struct rt_shell *sh, struct rt_str *out)
{
	rt_str_add(out, "# Completion of retort for bash; written by `retort --bash-completion'.\n"
		   "_retort()\n{\n\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
		   "\tlocal before=${COMP_WORDS[COMP_CWORD-1]}\n\tcase $before in\n");
	for (const struct rt_opt *o = rt_program.opts; o->name; o++) {
		if (o->type != RT_CHOICE && o->type != RT_INT && o->type != RT_STRINGS)
			continue;
		rt_str_addf(out, "\t%s%s) COMPREPLY=($(compgen -W '", o->name[1] ? "--" : "-",
			    o->name);
		for (int i = 0; o->choices && o->choices[i]; i++)
			rt_str_addf(out, "%s%s", i ? " " : "", o->choices[i]);
		for (int i = 0; o->type == RT_STRINGS && i < sh->n_nouns; i++)
			rt_str_addf(out, "%s%s", i ? " " : "", sh->nouns[i].name);
		rt_str_add(out, "' -- \"$word\")); return ;;\n");
	}
	rt_str_add(out, "\tesac\n\tif [[ $word == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W '");
	for (const struct rt_opt *o = rt_program.opts; o->name; o++)
		rt_str_addf(out, "%s%s%s", o == rt_program.opts ? "" : " ", o->name[1] ? "--" : "-",
			    o->name);
	rt_str_add(out, "' -- \"$word\"))\n\telse\n"
		   "\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n"
		   "\t\tcompopt -o filenames\n\tfi\n}\ncomplete -F _retort retort\n");
}
