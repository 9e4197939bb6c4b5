/* base.c - errors, random numbers, texts, values: known answers and what must never happen. */
#include "config.h"

#include "base/rng.h"
#include "base/str.h"
#include "base/sys.h"
#include "base/val.h"
#include "unit.h"

#include <math.h>
#include <omp.h>
#include <sched.h>
#include <unistd.h>

/* --- errors ------------------------------------------------------------------------------- */

static void a_wrapped_error_keeps_the_message_below(void **state)
{
	struct rt_err err;

	(void)state;
	assert_int_equal(rt_fail(&err, RT_ESHAPE, "kernel %d larger than input %d", 7, 5),
			 RT_ESHAPE);
	assert_int_equal(rt_wrap(&err, "conv%d", 2), RT_ESHAPE);
	assert_string_equal(err.msg, "conv2: kernel 7 larger than input 5");
	/* the message may be one of its own arguments */
	assert_int_equal(rt_fail(&err, RT_EINVAL, "%s   (data set \"d\")", err.msg), RT_EINVAL);
	assert_string_equal(err.msg, "conv2: kernel 7 larger than input 5   (data set \"d\")");
}

static void an_error_that_is_too_long_is_cut_off(void **state)
{
	char longer[3000];
	struct rt_err err;

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	rt_fail(&err, RT_EIO, "%s", longer);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
	rt_wrap(&err, "front");
	assert_memory_equal(err.msg, "front: xxx", 10);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
	rt_wrap(&err, "%s", longer);
	assert_int_equal(err.status, RT_EIO);
	assert_true(strlen(err.msg) < sizeof(err.msg));
}

/* --- random numbers ----------------------------------------------------------------------- */

/* From kat_vectors of Random123 1.14 (D. E. Shaw Research), philox4x32 with 10 rounds. */
static void philox_gives_the_published_vectors(void **state)
{
	static const struct {
		uint32_t counter[4], key[2], out[4];
	} kat[] = {
		{{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff},
		 {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0},
		 {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	};
	uint32_t out[4];

	(void)state;
	for (size_t i = 0; i < RT_COUNT(kat); i++) {
		rt_philox(out, kat[i].counter, kat[i].key);
		assert_memory_equal(out, kat[i].out, sizeof(out));
	}
}

static void a_seed_gives_a_stream_and_copying_it_the_same(void **state)
{
	struct rt_rng a, b, c;

	(void)state;
	rt_rng_seed(&a, 1);
	rt_rng_seed(&b, 1);
	rt_rng_seed(&c, 2);
	for (int i = 0; i < 5; i++)
		assert_int_equal(rt_rng_u32(&a), rt_rng_u32(&b));
	assert_int_not_equal(rt_rng_u32(&a), rt_rng_u32(&c));
	rt_rng_u32(&b);
	c = a;	/* in the middle of a block of four */
	for (int i = 0; i < 10; i++) {
		uint32_t next = rt_rng_u32(&a);

		assert_int_equal(next, rt_rng_u32(&b));
		assert_int_equal(next, rt_rng_u32(&c));
	}
}

static void children_do_not_depend_on_what_the_parent_did(void **state)
{
	struct rt_rng parent, before, a, b, other, second;

	(void)state;
	rt_rng_seed(&parent, 7);
	before = parent;
	a = rt_rng_split(&parent, "weights", 3);
	assert_memory_equal(&parent, &before, sizeof(parent));
	rt_rng_u32(&parent);
	b = rt_rng_split(&parent, "weights", 3);
	other = rt_rng_split(&parent, "dropout", 3);
	second = rt_rng_split(&parent, "weights", 4);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_not_equal(a.key, other.key);
	assert_int_not_equal(a.key, second.key);
}

/* Mean and variance within five standard errors of what n draws give. */
static void uniform_and_normal_have_their_moments(void **state)
{
	enum { N = 200000 };
	double sum = 0, square = 0, nsum = 0, nsquare = 0, n3 = 0;
	struct rt_rng r;

	(void)state;
	rt_rng_seed(&r, 42);
	for (int i = 0; i < N; i++) {
		double u = rt_rng_uniform(&r), z = rt_rng_normal(&r);

		assert_true(u >= 0 && u < 1);
		assert_true(isfinite(z));
		sum += u;
		square += (u - 0.5) * (u - 0.5);
		nsum += z;
		nsquare += z * z;
		n3 += z * z * z;
	}
	assert_true(fabs(sum / N - 0.5) < 5 * sqrt(1.0 / 12 / N));
	assert_true(fabs(square / N - 1.0 / 12) < 5 * sqrt(1.0 / 180 / N));
	assert_true(fabs(nsum / N) < 5 * sqrt(1.0 / N));
	assert_true(fabs(nsquare / N - 1) < 5 * sqrt(2.0 / N));
	assert_true(fabs(n3 / N) < 5 * sqrt(15.0 / N));
}

/* Chi-square of seven cells: 22.46 is exceeded once in a thousand seeds (6 degrees of freedom). */
static void below_is_even(void **state)
{
	enum { CELLS = 7, N = 70000 };
	int count[CELLS] = {0};
	double chi = 0;
	struct rt_rng r;

	(void)state;
	rt_rng_seed(&r, 5);
	for (int i = 0; i < N; i++) {
		uint64_t v = rt_rng_below(&r, CELLS);

		assert_true(v < CELLS);
		count[v]++;
	}
	for (int i = 0; i < CELLS; i++)
		chi += (count[i] - N / CELLS) * (double)(count[i] - N / CELLS) / (N / CELLS);
	assert_true(chi < 22.46);
	assert_int_equal(rt_rng_below(&r, 1), 0);
	assert_true(rt_rng_below(&r, UINT64_MAX) < UINT64_MAX);
}

static void shuffle_is_a_permutation(void **state)
{
	enum { N = 1000 };
	int32_t v[N], moved = 0;
	bool seen[N] = {false};
	struct rt_rng r;

	(void)state;
	rt_rng_seed(&r, 3);
	for (int i = 0; i < N; i++)
		v[i] = i;
	rt_rng_shuffle(&r, v, 0);
	rt_rng_shuffle(&r, v, 1);
	assert_int_equal(v[0], 0);
	rt_rng_shuffle(&r, v, N);
	for (int i = 0; i < N; i++) {
		assert_in_range(v[i], 0, N - 1);
		assert_false(seen[v[i]]);
		seen[v[i]] = true;
		moved += v[i] != i;
	}
	assert_true(moved > N - 20);	/* one is expected to stay */
}

/* Each of the 6 orders of 3 comes up about as often: chi-square, 5 degrees of freedom, 0.1 %. */
static void shuffle_favours_no_order(void **state)
{
	enum { N = 60000 };
	int count[27] = {0};
	double chi = 0;
	struct rt_rng r;

	(void)state;
	rt_rng_seed(&r, 9);
	for (int i = 0; i < N; i++) {
		int32_t v[3] = {0, 1, 2};

		rt_rng_shuffle(&r, v, 3);
		count[v[0] * 9 + v[1] * 3 + v[2]]++;
	}
	for (int i = 0; i < 27; i++)
		if (count[i])
			chi += (count[i] - N / 6) * (double)(count[i] - N / 6) / (N / 6);
	assert_true(chi < 20.52);
}

static void a_hash_sees_every_byte_and_the_length(void **state)
{
	unsigned char bytes[40] = {0};
	uint64_t whole = rt_hash(0, bytes, sizeof(bytes));

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = 1;
		assert_int_not_equal(rt_hash(0, bytes, sizeof(bytes)), whole);
		bytes[i] = 0;
		assert_int_not_equal(rt_hash(0, bytes, i), whole);
	}
	assert_int_not_equal(rt_hash(1, bytes, sizeof(bytes)), whole);
	assert_int_equal(rt_hash(0, bytes, sizeof(bytes)), whole);
}

/* --- texts -------------------------------------------------------------------------------- */

static void a_string_grows(void **state)
{
	struct rt_str s = {0};
	char *taken;

	(void)state;
	assert_string_equal(rt_str_text(&s), "");
	for (int i = 0; i < 1000; i++)
		rt_str_addf(&s, "%d,", i % 10);
	rt_str_addc(&s, '.');
	rt_str_addn(&s, "abc", 2);
	assert_int_equal(s.len, 2003);
	assert_string_equal(s.text + 1998, "9,.ab");
	rt_str_clear(&s);
	assert_string_equal(rt_str_text(&s), "");
	rt_str_add(&s, "left");
	taken = rt_str_take(&s);
	assert_string_equal(taken, "left");
	assert_null(s.text);
	free(taken);
	taken = rt_str_take(&s);
	assert_string_equal(taken, "");
	free(taken);
}

static void texts_survive_as_lines(void **state)
{
	static const char *const text[] = {"plain", "two\nlines", "a\\n b", "\\", "", "\n\n\\\\n"};
	struct rt_str all = {0};
	const char *rest;
	char *line;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(text); i++) {
		if (i)
			rt_str_addc(&all, '\n');
		rt_line_add(&all, text[i]);
	}
	rest = rt_str_text(&all);
	for (size_t i = 0; i < RT_COUNT(text); i++) {
		line = rt_line_take(&rest);
		assert_string_equal(line, text[i]);
		free(line);
	}
	assert_null(rt_line_take(&rest));
	rt_str_release(&all);
}

static void edit_distance_counts_one_change_each(void **state)
{
	(void)state;
	assert_int_equal(rt_edit_distance("", ""), 0);
	assert_int_equal(rt_edit_distance("", "abc"), 3);
	assert_int_equal(rt_edit_distance("sgd", "sdg"), 1);	/* neighbours swapped */
	assert_int_equal(rt_edit_distance("student", "studnt"), 1);
	assert_int_equal(rt_edit_distance("kitten", "sitting"), 3);
	assert_int_equal(rt_edit_distance("ca", "abc"), 3);	/* no change inside a swap */
}

static void numbers_read_well(void **state)
{
	char buf[32];

	(void)state;
	assert_string_equal(rt_text_count(buf, sizeof(buf), 0), "0");
	assert_string_equal(rt_text_count(buf, sizeof(buf), 999), "999");
	assert_string_equal(rt_text_count(buf, sizeof(buf), 23550), "23,550");
	assert_string_equal(rt_text_count(buf, sizeof(buf), -1234567), "-1,234,567");
	assert_string_equal(rt_text_count(buf, sizeof(buf), INT64_MAX),
			    "9,223,372,036,854,775,807");
	assert_string_equal(rt_text_count(buf, sizeof(buf), INT64_MIN),
			    "-9,223,372,036,854,775,808");
	assert_string_equal(rt_text_bytes(buf, sizeof(buf), 0), "0 B");
	assert_string_equal(rt_text_bytes(buf, sizeof(buf), 999), "999 B");
	assert_string_equal(rt_text_bytes(buf, sizeof(buf), 1000), "1.00 kB");
	assert_string_equal(rt_text_bytes(buf, sizeof(buf), 24930), "24.9 kB");
	assert_string_equal(rt_text_bytes(buf, sizeof(buf), 999499), "999 kB");
	assert_string_equal(rt_text_bytes(buf, sizeof(buf), 999500), "1.00 MB");
	assert_string_equal(rt_text_bytes(buf, sizeof(buf), 3.2e15), "3200 TB");
}

static void a_real_reads_back_as_itself_and_short(void **state)
{
	static const double v[] = {
		0.1, 1.0 / 3, 1e-5, 6.02214076e23, -0.0, 5e-324, 1.7976931348623157e308};
	struct rt_str s = {0};
	double back;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(v); i++) {
		rt_str_clear(&s);
		rt_real_text(v[i], &s);
		assert_true(rt_parse_real(s.text, &back));
		assert_memory_equal(&back, &v[i], sizeof(back));
	}
	rt_str_clear(&s);
	rt_real_text(0.1, &s);
	rt_str_addc(&s, ' ');
	rt_real_text(1e-5, &s);
	rt_str_addc(&s, ' ');
	rt_real_text(-INFINITY, &s);
	rt_str_addc(&s, ' ');
	rt_real_text(NAN, &s);
	assert_string_equal(s.text, "0.1 1e-05 -inf nan");
	rt_str_release(&s);
}

static void numbers_are_parsed_whole_or_not(void **state)
{
	static const char *const no_int[] = {
		"", " 1", "1 ", "1.0", "0x10", "9223372036854775808", "five"};
	static const char *const no_real[] = {"", " 1", "1 ", "1,5", "nan", "1e", "--1"};
	int64_t i = 77;
	double r = 77;

	(void)state;
	for (size_t k = 0; k < RT_COUNT(no_int); k++)
		assert_false(rt_parse_int(no_int[k], &i));
	for (size_t k = 0; k < RT_COUNT(no_real); k++)
		assert_false(rt_parse_real(no_real[k], &r));
	assert_int_equal(i, 77);
	assert_true(r == 77);
	assert_true(rt_parse_int("-12", &i) && i == -12);
	assert_true(rt_parse_int("+9223372036854775807", &i) && i == INT64_MAX);
	assert_true(rt_parse_real("-1.5e3", &r) && r == -1500);
	assert_true(rt_parse_real("inf", &r) && isinf(r));
}

/* --- values ------------------------------------------------------------------------------- */

static struct rt_val *sample_value(void)
{
	struct rt_val *v = rt_val_dict(), *list = rt_val_list(), *inner = rt_val_dict();

	rt_val_put(v, "name", rt_val_string("a \"b\"\n\\\t"));
	rt_val_put(v, "n", rt_val_int(-5));
	rt_val_put(v, "third", rt_val_real(1.0 / 3));
	rt_val_put(v, "none", rt_val_real(NAN));
	rt_val_put(v, "yes", rt_val_bool(true));
	rt_val_add(list, rt_val_int(1));
	rt_val_add(list, rt_val_list());
	rt_val_put(v, "list", list);
	rt_val_put(inner, "x", rt_val_real(0.5));
	rt_val_put(v, "inner", inner);
	return v;
}

static void a_value_becomes_json(void **state)
{
	struct rt_val *v = sample_value();
	struct rt_str s = {0};

	(void)state;
	rt_val_json(v, &s);
	assert_string_equal(s.text, "{\"name\": \"a \\\"b\\\"\\n\\\\\\u0009\", \"n\": -5, "
			    "\"third\": 0.3333333333333333, \"none\": null, \"yes\": true, "
			    "\"list\": [1, []], \"inner\": {\"x\": 0.5}}");
	rt_str_clear(&s);
	rt_val_json(NULL, &s);
	assert_string_equal(s.text, "null");
	assert_null(rt_val_find(v, "nobody"));
	assert_int_equal(rt_val_find(v, "n")->i, -5);
	rt_str_release(&s);
	rt_val_free(v);
}

static struct rt_val *row_value(const char *name, double score)
{
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "name", rt_val_string(name));
	if (!isnan(score))
		rt_val_put(v, "score", rt_val_real(score));
	return v;
}

static void a_value_becomes_csv(void **state)
{
	static const float reals[] = {1, 0.5f};
	struct rt_val *rows = rt_val_list(), *dict = sample_value(),
		      *plain = rt_val_reals(2, reals);
	struct rt_str s = {0};

	(void)state;
	rt_val_add(rows, row_value("a,b", 0.25));
	rt_val_add(rows, row_value("say \"x\"", 2));
	rt_val_add(rows, row_value("none", NAN));	/* a key that is missing is an empty cell */
	rt_val_csv(rows, &s);
	assert_string_equal(s.text, "name,score\n\"a,b\",0.25\n\"say \"\"x\"\"\",2\nnone,\n");
	rt_str_clear(&s);
	rt_val_csv(plain, &s);
	assert_string_equal(s.text, "1\n0.5\n");
	rt_str_clear(&s);
	rt_val_csv(dict, &s);
	assert_non_null(strstr(s.text, "key,value\nname,"));
	assert_non_null(strstr(s.text, "\ninner.x,0.5\n"));
	rt_str_release(&s);
	rt_val_free(rows);
	rt_val_free(dict);
	rt_val_free(plain);
}

/* --- the machine -------------------------------------------------------------------------- */

static void asking_to_stop_holds_until_it_is_cleared(void **state)
{
	(void)state;
	assert_false(rt_cancelled());
	rt_cancel_request();
	assert_true(rt_cancelled());
	assert_true(rt_cancelled());
	rt_cancel_clear();
	assert_false(rt_cancelled());
}

static void the_machine_is_described(void **state)
{
	char name[100], few[4];
	int before = rt_threads();

	(void)state;
	assert_true(rt_cores() >= 1);
	rt_threads_set(0);
	assert_int_equal(rt_threads(), 1);
	rt_threads_set(100000);
	assert_int_equal(rt_threads(), 256);
	rt_threads_set(before);
	rt_cpu_name(name, sizeof(name));
	assert_true(strlen(name) > 0);
	rt_cpu_features(few, sizeof(few));
	assert_true(strlen(few) < sizeof(few));
	assert_string_equal(rt_isa_name(RT_ISA_AVX2), "avx2");
	assert_true(rt_now() > 0 && rt_peak_memory() > 100000);
}

/* Where two threads are; both start on the first core where `together`. */
static void where(int at[2], bool together)
{
	cpu_set_t all, first;
	int core = 0;

	sched_getaffinity(0, sizeof(all), &all);
	while (!CPU_ISSET(core, &all))
		core++;
	CPU_ZERO(&first);
	CPU_SET(core, &first);
#pragma omp parallel num_threads(2)
	{
		if (together) {
			sched_setaffinity(0, sizeof(first), &first);
			sched_setaffinity(0, sizeof(all), &all);
		}
		at[omp_get_thread_num()] = sched_getcpu();
	}
}

/* The system may move them, too, and back together: it has a few chances. */
static void threads_on_one_core_move_apart(void **state)
{
	const int before = rt_threads();
	bool apart = false;
	int at[2];

	(void)state;
	if (rt_cores() < 2)
		left_out("there is one core");
	rt_threads_set(2);
	for (int i = 0; i < 20 && !apart; i++) {
		where(at, true);
		usleep(20000);
		rt_threads_apart();
		where(at, false);
		apart = at[0] != at[1];
	}
	assert_true(apart);
	assert_true(rt_cores() > 1);	/* and may go anywhere, still */
	rt_threads_set(1);
	assert_false(rt_threads_apart());
	rt_threads_set(before);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_on_one_core_move_apart),
		cmocka_unit_test(a_wrapped_error_keeps_the_message_below),
		cmocka_unit_test(an_error_that_is_too_long_is_cut_off),
		cmocka_unit_test(philox_gives_the_published_vectors),
		cmocka_unit_test(a_seed_gives_a_stream_and_copying_it_the_same),
		cmocka_unit_test(children_do_not_depend_on_what_the_parent_did),
		cmocka_unit_test(uniform_and_normal_have_their_moments),
		cmocka_unit_test(below_is_even),
		cmocka_unit_test(shuffle_is_a_permutation),
		cmocka_unit_test(shuffle_favours_no_order),
		cmocka_unit_test(a_hash_sees_every_byte_and_the_length),
		cmocka_unit_test(a_string_grows),
		cmocka_unit_test(texts_survive_as_lines),
		cmocka_unit_test(edit_distance_counts_one_change_each),
		cmocka_unit_test(numbers_read_well),
		cmocka_unit_test(a_real_reads_back_as_itself_and_short),
		cmocka_unit_test(numbers_are_parsed_whole_or_not),
		cmocka_unit_test(a_value_becomes_json),
		cmocka_unit_test(a_value_becomes_csv),
		cmocka_unit_test(asking_to_stop_holds_until_it_is_cleared),
		cmocka_unit_test(the_machine_is_described),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
