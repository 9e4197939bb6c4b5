/* shell.c - tests of the shell: dispatch, what is printed, error lines, undo, cancelling. */
#include "config.h"

#include "unit.h"

#include "base/mem.h"
#include "base/sys.h"
#include "shell/state.h"
#include "shell_fake.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

static const struct rt_terminal plain = {.width = 80, .height = 24};

static int set_up(void **state)
{
	struct rt_shell *sh = rt_shell_new(&fake_commands, NULL, &plain);

	rt_shell_add_list(sh, &fake_optimizers);
	rt_cancel_clear();
	rt_str_clear(&fake_events);
	fake_runs = 0;
	*state = sh;
	return 0;
}

static int tear_down(void **state)
{
	rt_shell_free(*state);
	rt_cancel_clear();
	return 0;
}

struct told {
	int code;
	char *out, *err;
};

static struct told batch(struct rt_shell *sh, const char *text)
{
	struct told t;

	capture_begin();
	t.code = rt_batch_text(sh, "t.tcl", text, false);
	capture_end(&t.out, &t.err);
	return t;
}

static struct told prompt(struct rt_shell *sh, const char *text)
{
	struct told t;

	capture_begin();
	t.code = (int)rt_shell_line(sh, text);
	capture_end(&t.out, &t.err);
	return t;
}

static void release(struct told *t)
{
	free(t->out);
	free(t->err);
}

/* Runs a script and demands exactly this on stdout, stderr and as exit code. */
#define check_batch(text, wanted_code, wanted_out, wanted_err)                                     \
	do {                                                                                       \
		struct told t_ = batch(*state, text);                                              \
		assert_string_equal(t_.out, wanted_out);                                           \
		assert_string_equal(t_.err, wanted_err);                                           \
		assert_int_equal(t_.code, wanted_code);                                            \
		release(&t_);                                                                      \
	} while (0)

#define check_prompt(text, wanted_out, wanted_err)                                                 \
	do {                                                                                       \
		struct told t_ = prompt(*state, text);                                             \
		assert_string_equal(t_.out, wanted_out);                                           \
		assert_string_equal(t_.err, wanted_err);                                           \
		release(&t_);                                                                      \
	} while (0)

/* --- dispatch -------------------------------------------------------------------------------- */

static void test_commands_by_name(void **state)
{
	check_batch("data load mnist", 0, "text mnist\n", "");
	check_batch("model show student; distill a b -temperature 2", 0, "text student\n2.0\n", "");
	assert_int_equal(fake_runs, 3);
}

static void test_noun_alone_lists_verbs(void **state)
{
	check_batch("model", 0, "  model new   make a model\n  model show  the table of layers\n",
		    "");
	check_batch("puts [model]", 0, "new show\n", "");
}

static void test_layer_language_is_one_word(void **state)
{
	check_batch("puts [dict get [model new s {dense 30; relu\ndense 10}] b]", 0,
		    "dense 30; relu\ndense 10\n", "");
}

static void test_suggestions(void **state)
{
	check_batch("distil a b", 1, "",
		    "t.tcl:1: distil: no command \"distil\"; did you mean \"distill\"?\n");
	check_batch("model shwo s", 1, "",
		    "t.tcl:1: model: no command \"model shwo\"; did you mean \"model show\"?\n");
	check_batch("model paint s", 1, "",
		    "t.tcl:1: model: no command \"model paint\"   (model has: new show)\n");
	check_batch("show s", 1, "",
		    "t.tcl:1: show: no command \"show\"; did you mean \"data show\", \"model "
		    "show\"?\n");
	check_batch("foreahc x {1} {}", 1, "",
		    "t.tcl:1: foreahc: no command \"foreahc\"; did you mean \"foreach\"?\n");
	check_batch("zzzzzzzz", 1, "",
		    "t.tcl:1: zzzzzzzz: no command \"zzzzzzzz\"   (help lists them; apropos WORD "
		    "searches)\n");
	assert_int_equal(fake_runs, 0);
}

static void test_no_command_reaches_the_system(void **state)
{
	check_batch("ls", 1, "",
		    "t.tcl:1: ls: no command \"ls\"   (help lists them; apropos WORD searches)\n");
	check_prompt("printenv", "",
		     "no command \"printenv\"   (help lists them; apropos WORD searches)\n");
}

static void test_short_forms_at_the_prompt_only(void **state)
{
	check_prompt("dis a b", "4.0\n", "");
	check_prompt("mod sh s", "text s\n", "");
	check_prompt("da l mnist", "text mnist\n", "");
	check_prompt("e", "", "\"e\" is short for more than one command: early, exit\n");
	check_batch(
		"dis a b", 1, "",
		"t.tcl:1: dis: no command \"dis\"   (help lists them; apropos WORD searches)\n");
	check_batch("model sh s", 1, "",
		    "t.tcl:1: model: no command \"model sh\"   (model has: new show)\n");
	check_prompt("puts [dis a b]", "",
		     "no command \"dis\"   (help lists them; apropos WORD searches)\n");
}

static void test_options_checked_before_running(void **state)
{
	check_batch("distill teacher student -temperature 0", 1, "",
		    "t.tcl:1: distill: -temperature must be above 0 and at most 1000, got 0   "
		    "(try: -temperature 4)\n");
	check_batch("distill teacher student -temprature 4", 1, "",
		    "t.tcl:1: distill: distill has no option -temprature; did you mean "
		    "-temperature?\n");
	check_batch("distill a b -control yes -score rendom", 1, "",
		    "t.tcl:1: distill: -score must be one of: magnitude random, got \"rendom\"   "
		    "(did you mean random?)\n");
	assert_int_equal(fake_runs, 0);
	assert_string_equal(rt_str_text(&fake_events), "");
}

/* --- values and printing --------------------------------------------------------------------- */

static void test_nested_calls_return_values_silently(void **state)
{
	check_batch("set v [data load mnist]\nputs [dict get $v a]", 0, "mnist\n", "");
	check_batch("foreach t {1 2} {distill a b -temperature $t}", 0, "", "");
	check_batch("set sum [expr {[distill a b -temperature 2] + 1}]; puts $sum", 0, "3.0\n", "");
	check_batch("proc p {} {distill a b}\nset x [p]", 0, "", "");
}

static void test_plain_results_at_the_prompt_only(void **state)
{
	check_batch("set x 5", 0, "", "");
	check_prompt("set x 5", "5\n", "");
	check_prompt("set x 6; expr {$x * 2}", "6\n12\n", "");
	check_prompt("proc q {} {}", "", "");
	check_prompt("data load mnist", "text mnist\n", "");
	check_prompt("distill a b", "4.0\n", "");
}

static void test_early_replies(void **state)
{
	check_batch("early", 0, "epoch 1\nepoch 2\n", "");
	check_batch("puts <[early]>", 0, "<2>\n", "");
	check_batch("puts a\nearly\nputs b", 0, "a\nepoch 1\nepoch 2\nb\n", "");
}

static void test_formats(void **state)
{
	check_batch("table -format csv", 0, "epoch,loss,note\n1,0.5,a b\n2,0.25,a b\n", "");
	check_batch("table -format json", 0,
		    "[{\"epoch\": 1, \"loss\": 0.5, \"note\": \"a b\"}, "
		    "{\"epoch\": 2, \"loss\": 0.25, \"note\": \"a b\"}]\n",
		    "");
	check_batch("puts <[model show s -format text]>", 0, "<text s\n>\n", "");
	check_batch("early -format json", 0, "2\n", "");
	check_batch("table -format yaml", 1, "",
		    "t.tcl:1: table: -format must be one of: text json csv, got \"yaml\"   (try: "
		    "-format json)\n");
	check_batch("table -format", 1, "",
		    "t.tcl:1: table: -format needs a value   (try: -format json)\n");
	/* a command that has its own -format keeps it */
	check_batch("data load mnist -format random", 0, "text mnist\n", "");
}

static void test_order_with_puts(void **state)
{
	check_batch("puts -nonewline a; table; puts b; data load c", 0,
		    "a{epoch 1 loss 0.5 note {a b}} {epoch 2 loss 0.25 note {a b}}\nb\ntext c\n",
		    "");
}

/* --- changes --------------------------------------------------------------------------------- */

static void test_changes_are_bracketed(void **state)
{
	check_batch("set t {a b}; distill $t c -temperature 2", 0, "2.0\n", "");
	assert_string_equal(rt_str_text(&fake_events),
			    "begin(distill {a b} c -temperature 2) run commit ");
	rt_str_clear(&fake_events);
	check_batch("catch {distill bad c} why; puts $why", 0, "no model \"bad\"\n", "");
	assert_string_equal(rt_str_text(&fake_events), "begin(distill bad c) run rollback ");
	rt_str_clear(&fake_events);
	check_batch("model show s", 0, "text s\n", "");
	assert_string_equal(rt_str_text(&fake_events), "");
}

/* --- scripts --------------------------------------------------------------------------------- */

static void test_error_lines(void **state)
{
	static const struct {
		const char *script, *err;
	} cases[] = {
		{"# one\n\nset x 1\n\ndistill bad b\n", "t.tcl:5: distill: no model \"bad\"\n"},
		{"set a {1\n2\n3}; foo_bar\n",
		 "t.tcl:3: foo_bar: no command \"foo_bar\"   (help lists them; apropos WORD "
		 "searches)\n"},
		{"foreach a {1\n 2} {\n  set b 1\n  distill bad b\n}\n",
		 "t.tcl:4: distill: no model \"bad\"\n"},
		{"if {0} {\n  set b 1\n} else {\n  set c 2\n  distill bad b\n}\n",
		 "t.tcl:5: distill: no model \"bad\"\n"},
		{"if {1} {\n  foreach a {1} {\n    set c 1\n    while {1} {\n      distill bad b\n "
		 "   }\n  }\n}\n",
		 "t.tcl:5: distill: no model \"bad\"\n"},
		{"proc p {} {\n  distill bad b\n}\nset x 1\np\n",
		 "t.tcl:5: distill: no model \"bad\"\n"},
		{"if {$tcl_patchLevel eq {}} {\n  set a 1\n} elseif {1 &&\n  1} {\n  error "
		 "mine\n}\n",
		 "t.tcl:5: if: mine\n"},
		{"switch b {\n  a {set x 1}\n  b {\n    distill bad b\n  }\n}\n",
		 "t.tcl:4: distill: no model \"bad\"\n"},
		{"set x 1\nexpr {1 / 0}\n", "t.tcl:2: expr: divide by zero\n"},
		{"set x [distill bad\\\n b]\n", "t.tcl:1: distill: no model \"bad\"\n"},
		{"\nputs {abc\nset x 1\n", "t.tcl:2: puts: missing close-brace\n"},
		{"break", "t.tcl:1: break: \"break\" outside of a loop\n"},
		{"catch {distill bad b}\nerror own", "t.tcl:2: error: own\n"},
	};

	for (size_t i = 0; i < RT_COUNT(cases); i++)
		check_batch(cases[i].script, 1, "", cases[i].err);
}

static void test_first_error_ends_a_script(void **state)
{
	struct told t;

	check_batch("puts a\nzzzzzz\nputs b", 1, "a\n",
		    "t.tcl:2: zzzzzz: no command \"zzzzzz\"   (help lists them; apropos WORD "
		    "searches)\n");
	capture_begin();
	t.code = rt_batch_text(*state, "t.tcl", "puts a\nexpr {1/0}\nputs b\nexpr {2/0}", true);
	capture_end(&t.out, &t.err);
	assert_string_equal(t.out, "a\nb\n");
	assert_string_equal(t.err,
			    "t.tcl:2: expr: divide by zero\nt.tcl:4: expr: divide by zero\n");
	assert_int_equal(t.code, 1);
	release(&t);
}

static void test_prompt_errors_are_bare(void **state)
{
	check_prompt("distill bad b", "", "no model \"bad\"\n");
	check_prompt("set nosuch", "", "can't read \"nosuch\": no such variable\n");
}

static void test_return_and_exit(void **state)
{
	check_batch("puts a\nif {1} return\nputs b", 0, "a\n", "");
	check_batch("proc p {} {return 3}; puts [p]", 0, "3\n", "");
	check_batch("exit 7\nputs b", 7, "", "");
}

static void test_exit_unwinds(void **state)
{
	check_batch("foreach x {1 2} {catch {exit 3}; puts no}\nputs no", 3, "", "");
}

static char *temp_file(const char *text)
{
	char *path = rt_strdup("/tmp/retort-shell-XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return path;
}

static void test_source(void **state)
{
	char *path = temp_file("\xef\xbb\xbf"
			       "data load inner\r\nset here [file tail [info script]]\r\n"
			       "distill bad b\r\n");
	char *script = rt_sprintf("puts x\nsource %s\n", path);
	char *error = rt_sprintf("t.tcl:2: source: %s:3: distill: no model \"bad\"\n", path);
	char *nested = rt_sprintf("catch {source %s} why; puts $why", path);

	check_batch(script, 1, "x\ntext inner\n", error);
	check_batch(nested, 0, "no model \"bad\"\n", "");
	unlink(path);
	free(path);
	free(script);
	free(error);
	free(nested);
}

static void test_file_is_named_in_errors(void **state)
{
	char *path = temp_file("puts [file exists [info script]]\n\nbad_one\n");
	char *error = rt_sprintf("%s:3: bad_one: no command \"bad_one\"   "
				 "(help lists them; apropos WORD searches)\n", path);
	struct told t;

	capture_begin();
	t.code = rt_batch_file(*state, path, false);
	capture_end(&t.out, &t.err);
	assert_int_equal(t.code, 1);
	assert_string_equal(t.out, "1\n");
	assert_string_equal(t.err, error);
	release(&t);
	capture_begin();
	t.code = rt_batch_file(*state, "/nonexistent/x.tcl", false);
	capture_end(&t.out, &t.err);
	assert_int_equal(t.code, 1);
	assert_non_null(strstr(t.err, "/nonexistent/x.tcl"));
	release(&t);
	unlink(path);
	free(path);
	free(error);
}

static void test_locate_in_sourced_file(void **state)
{
	static const char trace[] =
		"bad\n    while executing\n\"bad 1\"\n    (\"foreach\" body line 2)\n"
		"    invoked from within\n\"foreach x 2 {\n bad 1\n }\"\n    (file \"b.tcl\" line "
		"3)\n"
		"    invoked from within\n\"source b.tcl\"";
	char *file = rt_strdup("a.tcl");
	int line = 9;

	(void)state;
	rt_locate(trace, "source b.tcl", 12, &line, &file);
	assert_string_equal(file, "b.tcl");
	assert_int_equal(line, 4);
	free(file);
}

static void test_whole(void **state)
{
	(void)state;
	assert_true(rt_shell_whole("puts a\n"));
	assert_true(rt_shell_whole(""));
	assert_false(rt_shell_whole("foreach x {1 2} {\n"));
	assert_true(rt_shell_whole("foreach x {1 2} {\n}\n"));
	assert_false(rt_shell_whole("puts [expr 1\n"));
	assert_false(rt_shell_whole("puts \"a\n"));
	assert_false(rt_shell_whole("puts a \\\n"));
	assert_true(rt_shell_whole("puts a \\\\\n"));
	assert_true(rt_shell_whole("!echo {\n"));
	assert_true(rt_shell_whole("? {\n"));
}

static void test_transcript_replays(void **state)
{
	char *path = temp_file(""), *text, *script = rt_sprintf("log %s", path);
	struct rt_err err;

	check_prompt(script, "", "");
	check_prompt("set m {a\nb}", "a\nb\n", "");
	check_prompt("data load mnist", "text mnist\n", "");
	check_prompt("distill bad b", "", "no model \"bad\"\n");
	check_prompt("puts back\\\\slash", "back\\slash\n", "");
	assert_ok(rt_shell_log_stop(*state, &err));
	assert_fails(rt_shell_log_stop(*state, &err), RT_EINVAL, "no transcript");
	assert_ok(rt_script_read(&text, path, &err));
	assert_non_null(strstr(text, "\nset m {a\nb}\n# a\n# b\ndata load mnist\n# text mnist\n"
			       "# distill bad b\n# no model \"bad\"\nputs back\\\\slash\n"));
	check_batch(text, 0, "text mnist\nback\\slash\n", "");
	unlink(path);
	free(path);
	free(text);
	free(script);
}

static void test_system_commands(void **state)
{
	check_prompt("!echo out; echo err >&2", "out\n", "err\n");
	check_prompt("!exit 3", "", "exit status 3\n");
	check_prompt("!kill -9 $$", "", "ended by signal 9 (Killed)\n");
	check_batch("!echo no", 1, "",
		    "t.tcl:1: !echo: no command \"!echo\"   (help lists them; apropos WORD "
		    "searches)\n");
}

/* --- cancelling ------------------------------------------------------------------------------ */

static void on_alarm(int sig)
{
	(void)sig;
	rt_cancel_request();
}

/* Asks to stop after 50 ms. */
static void soon(void)
{
	struct itimerval timer = {.it_value = {.tv_usec = 50000}};

	signal(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void test_cancel(void **state)
{
	static const char *const scripts[] = {
		"while 1 {}",
		"catch {while 1 {}}; puts no",
		"catch {catch {busy}; puts no}; puts no",
		"try {while 1 {}} finally {puts no}",
		"after 100000",
		"vwait never",
		"proc p {} {while 1 {catch {q}}}; proc q {} {while 1 {set x 1}}; p",
		"busy",
		"while 1 {catch {distill a b}}",
		"while 1 {catch {nosuch}}",
	};

	for (size_t i = 0; i < RT_COUNT(scripts); i++) {
		double started = rt_now(), took;
		struct told t;

		soon();
		t = batch(*state, scripts[i]);
		took = rt_now() - started;
		if (t.code != 130 || *t.out || took > 0.25)
			fail_msg("%s: exit code %d, \"%s\", %.3f s", scripts[i], t.code, t.out,
				 took);
		assert_string_equal(t.err, "");
		release(&t);
		rt_cancel_clear();
		/* nothing of it sticks: the next evaluation runs, and `catch` catches again */
		check_batch("catch {nosuch}; puts [expr {6 * 7}]; data load x", 0, "42\ntext x\n",
			    "");
	}
}

static void test_cancel_at_the_prompt(void **state)
{
	soon();
	check_prompt("while 1 {}", "", "cancelled\n");
	rt_cancel_clear();
	check_prompt("expr 1", "1\n", "");
	rt_str_clear(&fake_events);
	soon();
	check_prompt("busy", "", "cancelled\n");
	rt_cancel_clear();
	assert_string_equal(rt_str_text(&fake_events), "begin(busy) rollback ");
}

static void test_cancel_before_a_command(void **state)
{
	rt_cancel_request();
	check_batch("distill a b", 130, "", "");
	assert_int_equal(fake_runs, 0);
}

/* --- progress -------------------------------------------------------------------------------- */

static void test_progress_line(void **state)
{
	struct rt_terminal live = {.width = 100, .height = 24, .unicode = true, .live = true};
	struct rt_shell *sh = *state;
	struct rt_ctx ctx = {.shell = sh};
	char *out, *err;

	sh->term = &live;
	capture_begin();
	rt_ctx_progress(&ctx, "epoch 3/10", 6912, 8000, "samples", rt_now() - 0.16);
	rt_ctx_progress(&ctx, "epoch 3/10", 6976, 8000, "samples", rt_now() - 0.16);
	rt_ctx_progress_end(&ctx);
	capture_end(&out, &err);
	assert_string_equal(out, "");
	/* the second call comes too soon to be drawn */
	assert_memory_equal(
		err, "\repoch 3/10  [#################\302\267\302\267\302\267]  6,912/8,000   4",
		50);
	assert_non_null(strstr(err, " k samples/s   0:00:01 left\r"));
	assert_null(strstr(err, "6,976"));
	assert_null(strchr(err, '\033'));
	assert_int_equal(err[strlen(err) - 1], '\r');
	free(out);
	free(err);
}

static void test_progress_in_a_pipe(void **state)
{
	struct rt_ctx ctx = {.shell = *state};
	char *out, *err;
	double started = rt_now() - 10;

	capture_begin();
	for (int i = 1; i <= 1000; i++)
		rt_ctx_progress(&ctx, "epoch 1/1", i, 1000, "samples", started);
	rt_ctx_progress_end(&ctx);
	capture_end(&out, &err);
	assert_non_null(strstr(err, "epoch 1/1   10 %    100/1,000   "));
	assert_null(strchr(err, '\r'));
	/* at most a line a second */
	assert_ptr_equal(strchr(err, '\n'), err + strlen(err) - 1);
	free(out);
	free(err);
	rt_shell_quiet(*state, true);
	capture_begin();
	rt_ctx_progress(&ctx, "epoch 1/1", 500, 1000, "samples", started);
	capture_end(&out, &err);
	assert_string_equal(err, "");
	free(out);
	free(err);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(test_commands_by_name),
		CASE(test_noun_alone_lists_verbs),
		CASE(test_layer_language_is_one_word),
		CASE(test_suggestions),
		CASE(test_no_command_reaches_the_system),
		CASE(test_short_forms_at_the_prompt_only),
		CASE(test_options_checked_before_running),
		CASE(test_nested_calls_return_values_silently),
		CASE(test_plain_results_at_the_prompt_only),
		CASE(test_early_replies),
		CASE(test_formats),
		CASE(test_order_with_puts),
		CASE(test_changes_are_bracketed),
		CASE(test_error_lines),
		CASE(test_first_error_ends_a_script),
		CASE(test_prompt_errors_are_bare),
		CASE(test_return_and_exit),
		CASE(test_exit_unwinds),
		CASE(test_source),
		CASE(test_file_is_named_in_errors),
		CASE(test_locate_in_sourced_file),
		CASE(test_whole),
		CASE(test_transcript_replays),
		CASE(test_system_commands),
		CASE(test_cancel),
		CASE(test_cancel_at_the_prompt),
		CASE(test_cancel_before_a_command),
		CASE(test_progress_line),
		CASE(test_progress_in_a_pipe),
	};
	int failed;

	unit_args(argc, argv);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rt_str_release(&fake_events);
	return failed;
}
