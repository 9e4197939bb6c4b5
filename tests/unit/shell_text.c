/* shell_text.c - tests of help, completion, the zoo, the manual and the program's options. */
#include "config.h"

#include "unit.h"

#include "base/mem.h"
#include "base/sys.h"
#include "shell/state.h"
#include "shell_fake.h"

#include <sys/stat.h>
#include <unistd.h>

static const struct rt_terminal plain = {.width = 80, .height = 24};
static char home[] = "/tmp/retort-home-XXXXXX";

static void write_file(const char *relative, const char *text)
{
	char *path = rt_sprintf("%s/%s", home, relative);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	free(path);
}

static void make_folder(const char *relative)
{
	char *path = rt_sprintf("%s/%s", home, relative);

	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
}

static int set_up(void **state)
{
	struct rt_shell *sh = rt_shell_new(&fake_commands, NULL, &plain);

	rt_shell_add_list(sh, &fake_optimizers);
	rt_shell_add_list(sh, &fake_scores);
	*state = sh;
	return 0;
}

static int tear_down(void **state)
{
	rt_shell_free(*state);
	return 0;
}

static int group_set_up(void **state)
{
	(void)state;
	if (!mkdtemp(home) || chdir(home) != 0)
		return -1;
	make_folder("zoo");
	make_folder("work");
	make_folder("work/pictures");
	write_file("work/plain.csv", "");
	write_file("work/two words.csv", "");
	write_file("work/.hidden", "");
	write_file("zoo/small.tcl", "zoo small \"two dense layers\" {width 30 classes 10} {\n"
				    "\treturn \"dense $width; relu; dense $classes\"\n}\n"
				    "zoo loops {layers in a loop} {n 2} {\n"
				    "\tfor {set i 1} {$i <= int($n)} {incr i} {append t \"dense "
				    "[expr {8 * $i}]; relu; \"}\n"
				    "\treturn \"${t}dense 10\"\n}\n"
				    "zoo forever {never ends} {} {while 1 {}}\n"
				    "zoo thief {reads files} {} {open /etc/passwd}\n"
				    "zoo runner {runs programs} {} {exec true}\n");
	setenv("RETORT_DATA", home, 1);
	return 0;
}

static int group_tear_down(void **state)
{
	char *command = rt_sprintf("rm -rf %s", home);
	int status = chdir("/") == 0 ? system(command) : -1;

	(void)state;
	free(command);
	return status;
}

/* --- completion ------------------------------------------------------------------------------ */

/* line has a | where the cursor stands; wanted is "start: word word". */
static void check_complete(struct rt_shell *sh, const char *line, const char *wanted)
{
	char *copy = rt_strdup(line), *bar = strchr(copy, '|');
	size_t cursor = (size_t)(bar - copy);
	struct rt_candidates c;
	struct rt_str got = {0};

	memmove(bar, bar + 1, strlen(bar));
	rt_complete(sh, copy, cursor, &c);
	rt_str_addf(&got, "%zu:", c.start);
	for (int i = 0; i < c.word.n; i++)
		rt_str_addf(&got, " %s", c.word.v[i]);
	if (strcmp(got.text, wanted) != 0)
		fail_msg("\"%s\": got \"%s\", wanted \"%s\"", line, got.text, wanted);
	rt_candidates_release(&c);
	rt_str_release(&got);
	free(copy);
}

static void test_complete(void **state)
{
	static const struct { const char *line, *wanted; } cases[] = {
		/* commands, verbs */
		{"|", "0: busy data distill early exit help log model table"},
		{"di|", "0: dict distill"},
		{"distil|", "0: distill"},
		{"distill a b; mod|", "13: model"},
		{"model |", "6: new show"},
		{"model s|", "6: show"},
		{"mo sh|", "3: show"},
		{"set x [model |", "13: new show"},
		{"set x [model show s] [da|", "22: data"},
		{"foreach t {1 2} {dist|", "17: distill"},
		{"foreach t {1 2} {\ndistill a b\nearl|", "30: early"},
		{"zzz|", "0:"},
		/* names, by the kind an option tells */
		{"distill |", "8: student teacher tutor"},
		{"distill t|", "8: teacher tutor"},
		{"distill teacher st|", "16: student"},
		{"data load |", "10: digits mnist"},
		{"model show \"te|", "12: teacher"},
		/* options, once each */
		{"distill a b |", "12: -control -format -models -score -temperature"},
		{"distill a b -|", "12: -control -format -models -score -temperature"},
		{"distill a b -control yes -|", "25: -format -models -score -temperature"},
		{"distill a -te|", "10: -temperature"},
		{"data load x -f|", "12: -format"},
		/* values */
		{"distill a b -control |", "21: no yes"},
		{"distill a b -score m|", "19: magnitude"},
		{"distill a b -format |", "20: csv json text"},
		{"distill a b -temperature |", "25:"},
		{"distill a b -nosuch |", "20:"},
		{"distill a b -models {|", "21: student teacher tutor"},
		{"distill a b -models {teacher st|", "29: student"},
		{"distill a b -models {teacher} -s|", "30: -score"},
		{"model new s -zoo loo|", "17: loops"},
		{"model new s {dense 30; |", "23:"},
		/* topics */
		{"help op|", "5: optimizer"},
		{"help optimizer |", "15: adam sgd"},
		{"help model |", "11: new show"},
		{"?dist|", "1: distill"},
		{"?optimizer s|", "11: sgd"},
		{"help pru|", "5: pruning\\ score"},
		{"help pruning\\ score a|", "20: adam"},
		/* files */
		{"data load x work/|", "12: work/pictures/ work/plain.csv work/two\\ words.csv"},
		{"data load x work/two\\ w|", "12: work/two\\ words.csv"},
		{"data load x work/.|", "12: work/.hidden"},
		{"!ls work/pl|", "4: work/plain.csv"},
		{"source work/pl|", "7: work/plain.csv"},
		{"data load x nowhere/|", "12:"},
		/* the rest of the line does not matter */
		{"distill te| student -score random", "8: teacher"},
		{"# dist|", "6:"},
		{"puts $retort_te|", "5:"},
		{"puts $env|", "5: $env"},
	};

	for (size_t i = 0; i < RT_COUNT(cases); i++)
		check_complete(*state, cases[i].line, cases[i].wanted);
}

static void test_complete_survives_anything(void **state)
{
	static const char alphabet[] = "a {}[]\"\\;$-#\n?!";
	char line[24];
	unsigned seed = 1;

	for (int i = 0; i < 5000; i++) {
		struct rt_candidates c;
		size_t n = 0;

		for (; n < sizeof(line) - 1; n++) {
			seed = seed * 1103515245 + 12345;
			line[n] = alphabet[seed / 65536 % (sizeof(alphabet) - 1)];
		}
		line[n] = '\0';
		rt_complete(*state, line, seed / 65536 % n, &c);
		assert_true(c.start <= n);
		rt_candidates_release(&c);
	}
}

/* --- help ------------------------------------------------------------------------------------ */

static char *help(struct rt_shell *sh, const char *a, const char *b)
{
	const char *words[] = {a, b};
	struct rt_str out = {0};
	struct rt_err err;

	assert_ok(rt_help(sh, b ? 2 : a ? 1 : 0, words, &out, &err));
	return rt_str_take(&out);
}

#define check_help(a, b, wanted)                                                                   \
	do {                                                                                       \
		char *page_ = help(*state, a, b);                                                  \
		assert_string_equal(page_, wanted);                                                \
		free(page_);                                                                       \
	} while (0)

static void test_help_overview(void **state)
{
	check_help(NULL, NULL,
		   "  data     load show\n"
		   "  model    new show\n"
		   "\n"
		   "  distill  train a student against a teacher\n"
		   "  busy     run until cancelled\n"
		   "  early    print before the end\n"
		   "  table    return a table\n"
		   "  help     explain something\n"
		   "  log      write a transcript\n"
		   "  exit     leave\n"
		   "\n"
		   "  help NAME, or ?NAME, explains a command or topic; apropos WORD searches\n"
		   "  topics: optimizer, pruning score, zoo\n");
}

/* Forty commands still fit a screen of 80x24. */
static void test_help_overview_fits(void **state)
{
	static struct rt_cmd cmds[40];
	static char names[40][32];
	const struct rt_row *rows[40];
	struct rt_list list = {"command", rows, 40};
	struct rt_shell *sh;
	char *page;
	int lines = 0;

	(void)state;
	for (int i = 0; i < 40; i++) {
		if (i < 16)
			snprintf(names[i], sizeof(names[i]), "noun%d %c", i / 4, "abcd"[i % 4]);
		else
			snprintf(names[i], sizeof(names[i]), "command%d", i);
		cmds[i].row = (struct rt_row){names[i], "does something or other", NULL, 0};
		rows[i] = &cmds[i].row;
	}
	sh = rt_shell_new(&list, NULL, &plain);
	page = help(sh, NULL, NULL);
	for (char *p = page; *p; p += strcspn(p, "\n") + 1) {
		lines++;
		assert_true(strcspn(p, "\n") <= 80);
	}
	assert_true(lines <= 24);
	assert_non_null(strstr(page, "noun3"));
	assert_non_null(strstr(page, "command39"));
	free(page);
	rt_shell_free(sh);
}

static void test_help_command(void **state)
{
	check_help(
		"distill", NULL,
		"distill TEACHER STUDENT ?-temperature X? ?-control yes|no?\n"
		"      ?-score magnitude|random? ?-models {MODEL ...}?\n"
		"  train a student against a teacher\n"
		"\n"
		"  TEACHER       the model that is the teacher (model)\n"
		"  STUDENT       the model that is the student (model)\n"
		"  -temperature  softens both outputs (number above 0 and at most 1000; default\n"
		"                4)\n"
		"  -control      train a twin without the teacher (yes or no; default no)\n"
		"  -score        which weights go first (magnitude, random)\n"
		"  -models       more models (list of model)\n"
		"\n"
		"The student learns from the softened outputs of the teacher.\n"
		"\n"
		"Examples\n"
		"  distill teacher student -temperature 4\n"
		"  distill teacher student\n"
		"\n"
		"See also model new, early, table\n");
}

static void test_help_topics(void **state)
{
	static const char sgd[] = "sgd ?-momentum X?\n  stochastic gradient descent\n\n"
				  "  -momentum  how much of the last step is kept (number from 0 "
				  "to 1; default 0.9)\n\n";
	static const char list[] =
		"  sgd   stochastic gradient descent\n  adam  adaptive moments\n\n"
		"  help optimizer NAME tells more about one of them\n";
	char *named = rt_sprintf("optimizer %s", sgd);
	struct rt_str out = {0};
	struct rt_err err;
	const char *words[] = {"optimizer", "sdg"}, *near[] = {"distil"}, *none[] = {"qqqqqqq"};

	check_help("model", NULL,
		   "  model new   make a model\n  model show  the table of layers\n");
	check_help("model", "show",
		   "model show SHOWN\n  the table of layers\n\n"
		   "  SHOWN   the model that is the shown (model)\n\nShows.\n");
	check_help("optimizer", NULL, list);
	check_help("optimizers", NULL, list);
	check_help("optimizer", "sgd", sgd);
	check_help("sgd", NULL, named);
	check_help("pruning", "scores",
		   "  adam  adaptive moments\n\n  help pruning score NAME tells more about one of "
		   "them\n");
	check_help("pruning score", "adam", "adam\n  adaptive moments\n\n");
	check_help("foreach", NULL,
		   "foreach is a command of Tcl itself: see its manual page, foreach(3tcl)\n");
	assert_fails(rt_help(*state, 2, words, &out, &err), RT_ENOTFOUND, "did you mean \"sgd\"?");
	assert_fails(rt_help(*state, 1, near, &out, &err), RT_ENOTFOUND,
		     "did you mean \"distill\"?");
	assert_fails(rt_help(*state, 1, none, &out, &err), RT_ENOTFOUND, "try: apropos qqqqqqq");
	rt_str_release(&out);
	free(named);
}

static void test_apropos(void **state)
{
	struct rt_str out = {0};

	assert_int_equal(rt_apropos(*state, "TEACHER", &out), 1);
	assert_string_equal(rt_str_text(&out),
			    "  distill                 train a student against a teacher\n");
	rt_str_clear(&out);
	assert_int_equal(rt_apropos(*state, "gradient", &out), 1);
	assert_string_equal(rt_str_text(&out),
			    "  optimizer sgd           stochastic gradient descent\n");
	rt_str_clear(&out);
	assert_int_equal(rt_apropos(*state, "qqq", &out), 0);
	rt_str_release(&out);
}

static void test_manual(void **state)
{
	struct rt_str out = {0};

	rt_man_commands(*state, &out);
	assert_non_null(strstr(out.text, ".SS \"distill\"\ntrain a student against a teacher\n"));
	assert_non_null(strstr(out.text, ".B \\-temperature\nsoftens both outputs (number above 0 "
					 "and at most 1000; default 4)\n"));
	assert_non_null(strstr(out.text, ".SH OPTIMIZER\n.TP\n.B sgd\n"));
	rt_str_clear(&out);
	rt_man_program(*state, &out);
	assert_non_null(strstr(out.text, ".B \\-\\-threads N\n"));
	assert_non_null(strstr(out.text, ".B model new\nmake a model\n"));
	rt_str_clear(&out);
	rt_bash_completion(*state, &out);
	assert_non_null(
		strstr(out.text, "\t--color) COMPREPLY=($(compgen -W 'auto always never' "));
	rt_str_release(&out);
}

/* --- the zoo --------------------------------------------------------------------------------- */

#define check_zoo(wanted, name, ...)                                                               \
	do {                                                                                       \
		const char *params_[] = {__VA_ARGS__};                                             \
		char *text_ = NULL;                                                                \
		assert_ok(rt_zoo_text(&text_, name, RT_COUNT(params_) - 1, params_ + 1, &err));    \
		assert_string_equal(text_, wanted);                                                \
		free(text_);                                                                       \
	} while (0)

#define check_no_zoo(wanted, name, ...)                                                            \
	do {                                                                                       \
		const char *params_[] = {__VA_ARGS__};                                             \
		char *text_ = NULL;                                                                \
		if (rt_zoo_text(&text_, name, RT_COUNT(params_) - 1, params_ + 1, &err) == RT_OK ||\
		    !strstr(err.msg, wanted))                                                      \
			fail_msg("got \"%s\", wanted \"%s\"", err.msg, wanted);                    \
	} while (0)

static void test_zoo(void **state)
{
	struct rt_err err = {0};

	(void)state;
	check_zoo("dense 30; relu; dense 10", "small", NULL);
	check_zoo("dense 8; relu; dense 10", "small", NULL, "width", "8");
	check_zoo("dense 8; relu; dense 3", "small", NULL, "-width", "8", "-classes", "3");
	check_zoo("dense 8; relu; dense 16; relu; dense 24; relu; dense 10", "loops", NULL, "n",
		  "3");
	check_no_zoo("no zoo model \"smal\"; did you mean \"small\"?", "smal", NULL);
	check_no_zoo("(one of: ", "qqqqqqqq", NULL);
	check_no_zoo("zoo model small has no parameter \"widht\"; did you mean \"width\"?", "small",
		     NULL, "widht", "3");
	check_no_zoo("width needs a value   (try: width 30)", "small", NULL, "width");
	check_no_zoo("number but got \"many\"", "loops", NULL, "n", "many");
}

static void test_zoo_is_safe(void **state)
{
	struct rt_err err = {0};
	char *text = NULL;

	(void)state;
	check_no_zoo("invalid command name \"open\"", "thief", NULL);
	check_no_zoo("invalid command name \"exec\"", "runner", NULL);
	rt_cancel_request();
	assert_int_equal(rt_zoo_text(&text, "forever", 0, NULL, &err), RT_ECANCELLED);
	rt_cancel_clear();
}

static void test_zoo_broken_file(void **state)
{
	struct rt_strings names = {0};
	struct rt_err err = {0};
	char *path = rt_sprintf("%s/zoo/broken.tcl", home);

	(void)state;
	write_file("zoo/broken.tcl", "\nzoo broken {too short}\n");
	check_zoo("dense 30; relu; dense 10", "small", NULL);
	check_no_zoo("broken.tcl:2: zoo takes a name, a summary", "qqqqqqqq", NULL);
	write_file("zoo/broken.tcl", "zoo odd {summary} {n} {}\n");
	check_no_zoo("broken.tcl:1: odd: every parameter needs a default", "odd_", NULL);
	assert_fails(rt_zoo_names(&names, &err), RT_EINVAL, "broken.tcl:1: odd");
	assert_true(names.n >= 5);
	rt_words_release(&names);
	unlink(path);
	free(path);
}

/* --- the program's options ------------------------------------------------------------------- */

#define parse(...)                                                                                 \
	(rt_params_release(&rt_program, &o),                                                       \
	 rt_options_parse(&o, (int)RT_COUNT(((const char *[]){"retort", __VA_ARGS__})),            \
			  (char **)(const char *[]){"retort", __VA_ARGS__, NULL}, &next, &err))

static void test_options(void **state)
{
	struct rt_options o;
	struct rt_err err;
	int next;

	(void)state;
	assert_ok(rt_row_check(&rt_program, &err));
	rt_params_init(&rt_program, &o);
	assert_ok(parse("-e", "help", "-e", "model show a", "-k", "--seed=7", "--threads", "2", "x",
			"-y"));
	assert_int_equal(o.commands.n, 2);
	assert_string_equal(o.commands.v[1], "model show a");
	assert_true(o.keep_going);
	assert_int_equal(o.seed, 7);
	assert_int_equal(o.threads, 2);
	assert_int_equal(next, 9);
	assert_ok(parse("--", "-k"));
	assert_int_equal(next, 2);
	assert_false(o.keep_going);
	assert_ok(parse("-"));
	assert_int_equal(next, 1);
	assert_int_equal(o.man, RT_UNSET_CHOICE);
	assert_fails(parse("--thread", "2"), RT_EINVAL,
		     "no option --thread; did you mean --threads?");
	assert_fails(parse("--threads", "0"), RT_EINVAL, "--threads must be");
	assert_fails(parse("--threads"), RT_EINVAL, "--threads needs a value");
	assert_fails(parse("--quiet=yes"), RT_EINVAL, "--quiet takes no value");
	assert_fails(parse("-zzzzzz"), RT_EINVAL, "no option -zzzzzz   (try: retort --help)");
	assert_fails(parse("--color", "purple"), RT_EINVAL,
		     "--color must be one of: auto always never");
	rt_params_release(&rt_program, &o);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(test_complete),
		CASE(test_complete_survives_anything),
		CASE(test_help_overview),
		CASE(test_help_overview_fits),
		CASE(test_help_command),
		CASE(test_help_topics),
		CASE(test_apropos),
		CASE(test_manual),
		CASE(test_zoo),
		CASE(test_zoo_is_safe),
		CASE(test_zoo_broken_file),
		CASE(test_options),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
