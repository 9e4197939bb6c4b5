/* rows.c - every list of rows that a user can name, and what every command has to tell. */
#include "config.h"

#include "unit.h"

#include "base/mem.h"
#include "cmd/cmds.h"

static struct rt_err err;

static const struct rt_cmd *command(int i)
{
	return (const struct rt_cmd *)rt_commands.rows[i];
}

static void check_list(const struct rt_list *list)
{
	assert_true(list->noun && *list->noun);
	assert_true(list->n > 0);
	for (int i = 0; i < list->n; i++) {
		if (rt_row_check(list->rows[i], &err) != RT_OK)
			fail_msg("%s %s: %s", list->noun, list->rows[i]->name, err.msg);
		if (list->rows[i]->summary[strlen(list->rows[i]->summary) - 1] == '.')
			fail_msg("%s %s: a summary has no full stop", list->noun,
				 list->rows[i]->name);
		if (rt_list_find(list, list->rows[i]->name) != list->rows[i])
			fail_msg("%s %s is there twice", list->noun, list->rows[i]->name);
	}
}

static void every_row_of_every_list_is_complete(void **state)
{
	(void)state;
	check_list(&rt_commands);
	for (int i = 0; rt_topics[i]; i++) {
		check_list(rt_topics[i]);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(rt_topics[k]->noun, rt_topics[i]->noun);
	}
}

/* Each kind is completed by something: see shell/complete.c. */
static bool is_kind(const char *of)
{
	static const char *const kinds[] = {"command", "data", "file", "folder", "layer",
					    "lesson", "model", "run", "topic", "zoo"};

	for (size_t i = 0; i < RT_COUNT(kinds); i++)
		if (strcmp(kinds[i], of) == 0)
			return true;
	for (int i = 0; rt_topics[i]; i++)
		if (strcmp(rt_topics[i]->noun, of) == 0)
			return true;
	return false;
}

static void what_an_option_names_can_be_completed(void **state)
{
	(void)state;
	for (int i = 0; i < rt_commands.n; i++)
		for (const struct rt_opt *o = command(i)->row.opts; o && o->name; o++)
			if (o->of && !is_kind(o->of))
				fail_msg("%s: option %s names a \"%s\", which nothing completes",
					 command(i)->row.name, o->name, o->of);
}

/* Where an option chooses a row, its choices are the rows, in their order. */
static void choices_of_rows_are_the_rows(void **state)
{
	(void)state;
	for (int i = 0; i < rt_commands.n; i++) {
		for (const struct rt_opt *o = command(i)->row.opts; o && o->name; o++) {
			const struct rt_list *list = NULL;
			int n = 0;

			for (int k = 0; o->of && o->choices && rt_topics[k]; k++)
				if (strcmp(rt_topics[k]->noun, o->of) == 0)
					list = rt_topics[k];
			if (!list)
				continue;
			while (o->choices[n]) {
				assert_in_range(n, 0, list->n - 1);
				assert_string_equal(o->choices[n], list->rows[n]->name);
				n++;
			}
			assert_int_equal(n, list->n);
		}
	}
}

/* --- commands ----------------------------------------------------------------------------- */

static void every_command_explains_itself(void **state)
{
	(void)state;
	for (int i = 0; i < rt_commands.n; i++) {
		const struct rt_cmd *c = command(i);

		if (!c->run || !c->help || strlen(c->help) < 10)
			fail_msg("%s has no help", c->row.name);
		if (!c->examples || !strstr(c->examples, c->row.name))
			fail_msg("%s is in none of its examples", c->row.name);
		if (!c->see || !*c->see)
			fail_msg("%s has nothing to see also", c->row.name);
	}
}

/* Columns of a line in UTF-8. */
static int columns(const char *line, size_t n)
{
	int count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)line[i] & 0xc0) != 0x80;
	return count;
}

static void check_width(const char *name, const char *text, int most)
{
	while (text && *text) {
		size_t n = strcspn(text, "\n");

		if (columns(text, n) > most)
			fail_msg("help of %s: more than %d columns: %.*s", name, most, (int)n,
				 text);
		text += n + (text[n] == '\n');
	}
}

static void help_fits_a_terminal(void **state)
{
	(void)state;
	for (int i = 0; i < rt_commands.n; i++) {
		check_width(command(i)->row.name, command(i)->help, 78);
		check_width(command(i)->row.name, command(i)->examples, 78);
	}
}

/* A name of two words where there is one, else of one word. */
static void what_to_see_also_exists(void **state)
{
	(void)state;
	for (int i = 0; i < rt_commands.n; i++) {
		char *copy = rt_strdup(command(i)->see), *rest = copy;
		char *word = strtok_r(rest, " ", &rest);

		while (word) {
			char *next = strtok_r(rest, " ", &rest);
			char *two = rt_sprintf("%s %s", word, next ? next : "");
			bool both = next && rt_list_find(&rt_commands, two);

			if (!both && !rt_list_find(&rt_commands, word))
				fail_msg("%s: see \"%s\", but there is no such command",
					 command(i)->row.name, word);
			if (strcmp(both ? two : word, command(i)->row.name) == 0)
				fail_msg("%s: see itself", command(i)->row.name);
			free(two);
			word = both ? strtok_r(rest, " ", &rest) : next;
		}
		free(copy);
	}
}

/* Positional arguments that must be given come before those that need not, and the rest is last. */
static void positional_arguments_are_in_order(void **state)
{
	(void)state;
	for (int i = 0; i < rt_commands.n; i++) {
		bool optional = false, last = false;

		for (const struct rt_opt *o = command(i)->row.opts; o && o->name; o++) {
			if (!(o->flags & RT_OPT_POSITIONAL))
				continue;
			if (last || (optional && (o->flags & RT_OPT_REQUIRED)))
				fail_msg("%s: %s cannot be reached", command(i)->row.name, o->name);
			optional = optional || !(o->flags & RT_OPT_REQUIRED);
			last = o->flags & RT_OPT_REST;
		}
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_of_every_list_is_complete),
		cmocka_unit_test(what_an_option_names_can_be_completed),
		cmocka_unit_test(choices_of_rows_are_the_rows),
		cmocka_unit_test(every_command_explains_itself),
		cmocka_unit_test(help_fits_a_terminal),
		cmocka_unit_test(what_to_see_also_exists),
		cmocka_unit_test(positional_arguments_are_in_order),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
