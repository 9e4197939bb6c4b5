/* mutate.c - small ONNX files cut off at every byte, and mutated at random: an error or a model,
 * never a crash, a hang or memory without bounds.
 *
 * RT_MUTATE="SEED NUMBER" runs one mutant again and, with RT_MUTATE_OUT=FILE, writes it to FILE;
 * RT_MUTATE="SEED FROM TO" runs a range of them.
 */
#include "config.h"

#include "unit.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/rng.h"
#include "tests/fuzz/try.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SEED 1
#define MUTANTS (UNDER_SANITIZER ? 4000 : 40000)
#define CUT_STEP (UNDER_SANITIZER ? 7 : 1)
#define MOST_MEMORY ((rlim_t)2 << 30)	/* of address space */
#define MOST_SECONDS 10			/* for one file */

static const char *const names[] = {"conv", "encoder", "recurrent"};

struct file {
	unsigned char *bytes;
	size_t len;
};

static struct file files[RT_COUNT(names)];

static int read_files(void **state)
{
	(void)state;
	rt_threads_set(1);	/* threads do not follow into the processes that try */
	for (size_t i = 0; i < RT_COUNT(names); i++) {
		char *relative = rt_sprintf("fuzz/corpus/onnx/%s.onnx", names[i]);
		char *path = test_path(relative);
		struct rt_err err;

		if (rt_file_read(&files[i].bytes, &files[i].len, path, &err) != RT_OK) {
			fprintf(stderr, "%s\n", err.msg);
			return -1;
		}
		free(relative);
		free(path);
	}
	return 0;
}

static int free_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(names); i++)
		free(files[i].bytes);
	return 0;
}

/* --- mutants ------------------------------------------------------------------------------- */

/* A field of a message: its tag at start, its contents from body to end; length_at 0 where it has
 * no length.  Text that only looks like a message counts too. */
struct field {
	size_t start, length_at, body, end;
};

#define MOST_FIELDS 1024
#define ROOM 512	/* bytes that a mutant may grow by */

static size_t number_at(const struct file *f, size_t *at, size_t end)
{
	size_t v = 0;

	for (int shift = 0; *at < end && shift < 28; shift += 7) {
		v |= (size_t)(f->bytes[*at] & 0x7f) << shift;
		if (!(f->bytes[(*at)++] & 0x80))
			break;
	}
	return v;
}

static int find_fields(const struct file *f, size_t at, size_t end, struct field *field, int n)
{
	while (at < end && n < MOST_FIELDS) {
		struct field x = {.start = at};
		unsigned wire = (unsigned)number_at(f, &at, end) & 7;
		size_t len = wire == 1 ? 8 : wire == 5 ? 4 : 0;

		if (wire == 2) {
			x.length_at = at;
			len = number_at(f, &at, end);
		} else if (wire != 0 && len == 0) {
			return n;
		}
		x.body = at;
		if (wire == 0)
			number_at(f, &at, end);
		if (len > end - at)
			return n;
		x.end = at += len;
		field[n++] = x;
		if (wire == 2)
			n = find_fields(f, x.body, x.end, field, n);
	}
	return n;
}

/* What lies around byte `at` becomes longer by so much, as far as its length has digits for it. */
static void grow_around(struct file *f, const struct field *field, int n, size_t at, long by)
{
	for (int i = 0; i < n; i++) {
		const struct field *x = &field[i];
		size_t len = x->end - x->body + (size_t)by;

		if (!x->length_at || at < x->body || at >= x->end)
			continue;
		for (size_t k = x->length_at; k < x->body; k++, len >>= 7)
			f->bytes[k] = (unsigned char)((len & 0x7f) | (k + 1 < x->body ? 0x80 : 0));
	}
}

static void cut_out(struct file *f, size_t at, size_t n)
{
	memmove(f->bytes + at, f->bytes + at + n, f->len - at - n);
	f->len -= n;
}

static void put_in(struct file *f, size_t at, const unsigned char *bytes, size_t n)
{
	memmove(f->bytes + at + n, f->bytes + at, f->len - at);
	memcpy(f->bytes + at, bytes, n);
	f->len += n;
}

/* Takes a field out, or puts it a second time in the place of another, in a file that stays whole.
 */
static void move_field(struct file *f, const struct field *field, int n, struct rt_rng *rng)
{
	struct field x = field[rt_rng_below(rng, (uint64_t)n)];
	struct field to = field[rt_rng_below(rng, (uint64_t)n)];
	size_t len = x.end - x.start;
	unsigned char copy[ROOM / 4];

	if (len > sizeof(copy) || rt_rng_below(rng, 2)) {
		grow_around(f, field, n, x.start, -(long)len);
		cut_out(f, x.start, len);
	} else {
		memcpy(copy, f->bytes + x.start, len);
		grow_around(f, field, n, to.start, (long)len);
		put_in(f, to.start, copy, len);
	}
}

static void change_length(struct file *f, const struct field *field, int n, struct rt_rng *rng)
{
	static const unsigned char edges[] = {0, 1, 0x7f, 0x80, 0xff};
	size_t at = field[rt_rng_below(rng, (uint64_t)n)].length_at;
	uint64_t how = rt_rng_below(rng, RT_COUNT(edges) + 2);

	if (how < RT_COUNT(edges))
		f->bytes[at] = edges[how];
	else
		f->bytes[at] = (unsigned char)(f->bytes[at] + (how == RT_COUNT(edges) ? 1 : -1));
}

/* A place: anywhere, or in the contents of a field that is no message, which leaves the rest as it
 * is. */
static size_t place(const struct file *f, const struct field *field, int n, struct rt_rng *rng)
{
	for (int i = 0; i < 16 && rt_rng_below(rng, 16); i++) {
		uint64_t k = rt_rng_below(rng, (uint64_t)n);
		struct field x = field[k];

		if (x.end > x.body && (k + 1 == (uint64_t)n || field[k + 1].start >= x.end))
			return x.body + rt_rng_below(rng, x.end - x.body);
	}
	return rt_rng_below(rng, f->len);
}

/* Bytes in or out, with the lengths around them or without. */
static void change_size(struct file *f, const struct field *field, int n, struct rt_rng *rng)
{
	unsigned char bytes[8];
	size_t at = place(f, field, n, rng), len = 1 + rt_rng_below(rng, sizeof(bytes));
	bool out = rt_rng_below(rng, 2);

	if (out && len > f->len - at)
		len = f->len - at;
	if (rt_rng_below(rng, 4))
		grow_around(f, field, n, at, out ? -(long)len : (long)len);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)rt_rng_u32(rng);
	if (out)
		cut_out(f, at, len);
	else
		put_in(f, at, bytes, len);
}

static void change_byte(struct file *f, const struct field *field, int n, struct rt_rng *rng)
{
	static const unsigned char edges[] = {0, 1, 0x7f, 0x80, 0xff};
	unsigned char *byte = &f->bytes[n ? place(f, field, n, rng) : 0];

	switch (rt_rng_below(rng, 4)) {
	case 0: *byte = edges[rt_rng_below(rng, sizeof(edges))]; break;
	case 1: *byte = (unsigned char)rt_rng_u32(rng); break;
	default: *byte ^= (unsigned char)(1u << rt_rng_below(rng, 8)); break;
	}
}

static void edit(struct file *f, struct rt_rng *rng)
{
	struct field field[MOST_FIELDS];
	int n = find_fields(f, 0, f->len, field, 0);
	uint64_t how = rt_rng_below(rng, 8);

	if (how >= 5 || n == 0)
		change_byte(f, field, n, rng);
	else if (how == 0)
		change_length(f, field, n, rng);
	else if (how <= 2)
		change_size(f, field, n, rng);
	else
		move_field(f, field, n, rng);
}

/* Mutant `number` of a seed: one of the files after one to three edits; the caller frees. */
static struct file mutant(uint64_t seed, int64_t number)
{
	const struct file *from = &files[number % (int64_t)RT_COUNT(names)];
	struct file f = {.bytes = rt_alloc(from->len + ROOM, 1), .len = from->len};
	struct rt_rng root, rng;
	int edits;

	rt_rng_seed(&root, seed);
	rng = rt_rng_split(&root, "mutant", (uint64_t)number);
	memcpy(f.bytes, from->bytes, from->len);
	edits = rt_rng_below(&rng, 2) ? 1 : 1 + (int)rt_rng_below(&rng, 3);
	for (int i = 0; i < edits && f.len > 0; i++)
		edit(&f, &rng);
	return f;
}

/* The files cut off at their bytes, one after the other. */
static struct file cut(uint64_t seed, int64_t number)
{
	struct file f = {0};

	(void)seed;
	for (size_t i = 0; i < RT_COUNT(names); i++) {
		if (number < (int64_t)files[i].len) {
			f.len = (size_t)number;
			f.bytes = rt_alloc(f.len + 1, 1);
			memcpy(f.bytes, files[i].bytes, f.len);
			return f;
		}
		number -= (int64_t)files[i].len;
	}
	return f;
}

/* --- trying them ---------------------------------------------------------------------------- */

/* Shared with the process that tries. */
struct progress {
	int64_t number;
	int64_t results[3];	/* by enum try_result */
};

struct batch {
	const char *what;
	struct file (*make)(uint64_t seed, int64_t number);
	uint64_t seed;
	int64_t from, to, step;
};

static void try_all(const struct batch *b, struct progress *p)
{
	struct rlimit most = {.rlim_cur = MOST_MEMORY, .rlim_max = MOST_MEMORY};
	struct rlimit no_core = {0};

	setrlimit(RLIMIT_CORE, &no_core);
	if (!UNDER_SANITIZER)
		setrlimit(RLIMIT_AS, &most);
	try_begin();
	for (int64_t i = b->from; i < b->to; i += b->step) {
		struct file f = b->make(b->seed, i);

		__atomic_store_n(&p->number, i, __ATOMIC_RELAXED);
		p->results[try_onnx(f.bytes, f.len)]++;
		free(f.bytes);
	}
}

/* Waits for the process, which must get on; NULL, or what became of it. */
static const char *watch(pid_t pid, const struct progress *p, int *status)
{
	const struct timespec tick = {.tv_nsec = 20000000};
	int64_t last = -1;
	int ticks = 0;

	while (waitpid(pid, status, WNOHANG) == 0) {
		int64_t now = __atomic_load_n(&p->number, __ATOMIC_RELAXED);

		ticks = now == last ? ticks + 1 : 0;
		last = now;
		if (ticks > MOST_SECONDS * 50) {
			kill(pid, SIGKILL);
			waitpid(pid, status, 0);
			return "hangs";
		}
		nanosleep(&tick, NULL);
	}
	if (WIFSIGNALED(*status))
		return strsignal(WTERMSIG(*status));
	return WEXITSTATUS(*status) ? "fails" : NULL;
}

static struct progress try_batch(const struct batch *b)
{
	struct progress *p = mmap(NULL, sizeof(*p), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0), done;
	const char *fault;
	int status;
	pid_t pid;

	assert_true(p != MAP_FAILED);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		for (int s = 1; s < 32; s++)
			signal(s, SIG_DFL);
		try_all(b, p);
		_exit(0);
	}
	assert_true(pid > 0);
	fault = watch(pid, p, &status);
	done = *p;
	munmap(p, sizeof(*p));
	if (fault)
		fail_msg("%s number %lld of seed %llu: %s", b->what, (long long)done.number,
			 (unsigned long long)b->seed, fault);
	printf("# seed %llu: %s: %lld refused, %lld loaded, %lld run\n",
	       (unsigned long long)b->seed, b->what, (long long)done.results[TRY_REFUSED],
	       (long long)done.results[TRY_LOADED], (long long)done.results[TRY_RUN]);
	return done;
}

/* What the environment asks for instead of all. */
static bool asked(struct batch *b)
{
	const char *text = getenv("RT_MUTATE");
	unsigned long long seed;
	long long from, to;
	int n = text ? sscanf(text, "%llu %lld %lld", &seed, &from, &to) : 0;

	if (n < 2)
		return false;
	b->seed = seed;
	b->from = from;
	b->to = n == 3 ? to : from + 1;
	return true;
}

static void the_files_themselves_run(void **state)
{
	(void)state;
	try_begin();
	for (size_t i = 0; i < RT_COUNT(names); i++)
		assert_int_equal(try_onnx(files[i].bytes, files[i].len), TRY_RUN);
}

static void every_truncation_is_refused_or_loads(void **state)
{
	struct batch b = {.what = "truncation", .make = cut, .step = CUT_STEP};
	struct progress p;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(names); i++)
		b.to += (int64_t)files[i].len;
	p = try_batch(&b);
	assert_true(p.results[TRY_REFUSED] > 0);
}

/* For tests/fuzz/onnx-file, which tries it without any process around. */
static void keep(const struct batch *b, const char *path)
{
	struct file f = b->make(b->seed, b->from);
	struct rt_err err;

	assert_ok(rt_file_write(path, f.bytes, f.len, &err));
	free(f.bytes);
}

static void mutants_are_refused_or_load(void **state)
{
	struct batch b = {.what = "mutant", .make = mutant, .seed = SEED, .to = MUTANTS, .step = 1};
	struct progress p;

	(void)state;
	if (asked(&b)) {
		if (getenv("RT_MUTATE_OUT"))
			keep(&b, getenv("RT_MUTATE_OUT"));
		try_batch(&b);
		return;
	}
	p = try_batch(&b);
	assert_true(p.results[TRY_REFUSED] > 0 && p.results[TRY_LOADED] > 0 &&
		    p.results[TRY_RUN] > 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_files_themselves_run),
		cmocka_unit_test(every_truncation_is_refused_or_loads),
		cmocka_unit_test(mutants_are_refused_or_load),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, read_files, free_files);
}
