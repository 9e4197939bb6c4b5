/* options.c - the program's own command line, as a row. */
#include "config.h"

#include "shell/state.h"

#include <stdlib.h>
#include <string.h>

static const char *const when[] = {"auto", "always", "never", NULL};
static const char *const pages[] = {"retort", "retort-commands", NULL};

#define AT(field) .offset = offsetof(struct rt_options, field)

static const struct rt_opt opts[] = {
	{.name = "e", .type = RT_STRINGS, AT(commands), .of = "command",
	 .summary = "run COMMAND instead of a file; may be given several times"},
	{.name = "k", .type = RT_BOOL, AT(keep_going),
	 .summary = "keep going after an error in a script; the exit code is still 1"},
	{.name = "quiet", .type = RT_BOOL, AT(quiet), .summary = "no greeting and no progress"},
	{.name = "threads", .type = RT_INT, AT(threads), .min = 1, .max = 256, .example = "2",
	 .summary = "how many threads compute; default: one for each core"},
	{.name = "memory", .type = RT_INT, AT(memory), .min = 1, .max = 1 << 30, .of = "MiB",
	 .example = "512",
	 .summary = "arrays of more MiB lie in files; default: an eighth of the memory"},
	{.name = "seed", .type = RT_INT, AT(seed), .init = "1", .max = UINT32_MAX, .example = "7",
	 .summary = "where all random numbers come from"},
	{.name = "no-rc", .type = RT_BOOL, AT(no_rc), .summary = "do not read the file retortrc"},
	{.name = "color", .type = RT_CHOICE, AT(color), .init = "auto", .choices = when,
	 .summary = "whether to use colours"},
	{.name = "ascii", .type = RT_BOOL, AT(ascii),
	 .summary = "draw with ASCII characters only"},
	{.name = "plain", .type = RT_BOOL, AT(plain),
	 .summary = "a plain prompt, never the full screen"},
	{.name = "version", .type = RT_BOOL, AT(version), .summary = "print the version"},
	{.name = "help", .type = RT_BOOL, AT(help), .summary = "print this summary"},
	{.name = "man", .type = RT_CHOICE, AT(man), .choices = pages,
	 .summary = "print a manual page for man(1)"},
	{.name = "bash-completion", .type = RT_BOOL, AT(bash_completion),
	 .summary = "print the completion script for bash"},
	{0},
};

const struct rt_row rt_program = {
	.name = "retort",
	.summary = "workbench for knowledge distillation, model compression and interpretability",
	.opts = opts,
	.params_size = sizeof(struct rt_options),
};

static const char *dashes(const struct rt_opt *o)
{
	return o->name[1] ? "--" : "-";
}

/* Finds the option of a word "-e", "--name" or "--name=value"; *value points behind the '='. */
static enum rt_status find(const struct rt_opt **out, const char *word, const char **value,
			   struct rt_err *err)
{
	const char *names[RT_COUNT(opts)], *near;
	char name[64];
	size_t n = strcspn(word, "=");
	int count = 0;

	*value = word[n] ? word + n + 1 : NULL;
	snprintf(name, sizeof(name), "%.*s", (int)(n < 60 ? n : 60), word);
	for (const struct rt_opt *o = opts; o->name; o++) {
		size_t skip = strlen(dashes(o));

		if (strncmp(name, dashes(o), skip) == 0 && strcmp(name + skip, o->name) == 0) {
			*out = o;
			return RT_OK;
		}
		names[count++] = o->name;
	}
	near = rt_nearest(name + strspn(name, "-"), names, count);
	if (near)
		return rt_fail(err, RT_EINVAL, "no option %s; did you mean %s%s?", name,
			       near[1] ? "--" : "-", near);
	return rt_fail(err, RT_EINVAL, "no option %s   (try: retort --help)", name);
}

static enum rt_status set(const struct rt_opt *o, struct rt_options *params, const char *value,
			  struct rt_err *err)
{
	struct rt_opt shown = *o;
	char name[32];

	if (o->type == RT_STRINGS) {
		rt_strings_add(&params->commands, value);
		return RT_OK;
	}
	/* the messages of a row put one dash before the name */
	snprintf(name, sizeof(name), "%s%s", dashes(o) + 1, o->name);
	shown.name = name;
	return rt_opt_parse(&shown, params, value, err);
}

enum rt_status rt_options_parse(struct rt_options *o, int argc, char **argv, int *next,
				struct rt_err *err)
{
	int i;

	rt_params_init(&rt_program, o);
	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		const struct rt_opt *opt = NULL;
		const char *value;

		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		RT_TRY(find(&opt, argv[i], &value, err));
		if (opt->type == RT_BOOL && value)
			return rt_fail(err, RT_EINVAL, "%s%s takes no value", dashes(opt),
				       opt->name);
		if (opt->type == RT_BOOL)
			value = "yes";
		else if (!value)
			value = argv[++i];
		if (!value)
			return rt_fail(err, RT_EINVAL, "%s%s needs a value", dashes(opt),
				       opt->name);
		RT_TRY(set(opt, o, value, err));
	}
	*next = i;
	return RT_OK;
}

/* "-e COMMAND", "--threads N" */
static void add_name(const struct rt_opt *o, struct rt_str *out)
{
	rt_str_addf(out, "%s%s", dashes(o), o->name);
	if (o->type == RT_STRINGS)
		rt_str_add(out, " COMMAND");
	else if (o->type == RT_INT)
		rt_str_add(out, " N");
	else if (o->type == RT_CHOICE)
		rt_str_add(out, " WORD");
}

void rt_program_usage(struct rt_str *out)
{
	rt_str_addf(out, "usage: retort [OPTION ...] "
		    "[FILE [ARGUMENT ...] | COMMAND [WORD ...]]\n%s\n\n",
		    rt_program.summary);
	for (const struct rt_opt *o = opts; o->name; o++) {
		struct rt_str name = {0}, text = {0};

		add_name(o, &name);
		rt_str_add(&text, o->summary);
		if (o->type == RT_CHOICE) {
			rt_str_add(&text, ": ");
			rt_text_allowed(&text, o);
		}
		rt_str_addf(out, "  %-20s", name.text);
		rt_text_wrap(out, text.text, 22, 22, 80);
		rt_str_release(&name);
		rt_str_release(&text);
	}
	rt_str_add(out, "\nWithout FILE, COMMAND and -e: a prompt on a terminal, else commands "
		   "from\nstandard input.\n"
		   "Exit codes: 0 done, 1 an error in a script, 2 wrong usage, 130 interrupted.\n");
}
