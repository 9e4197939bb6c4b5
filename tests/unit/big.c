/* big.c - a data set larger than the memory it may have: the same samples, and little memory. */
#include "config.h"

#include "base/big.h"
#include "base/mem.h"
#include "base/sys.h"
#include "io/idx.h"
#include "temp.h"
#include "train/batch.h"

#include <inttypes.h>

#define N 40000
#define SIDE 28

static struct rt_err err;

/* Bytes of the process that lie in no file (Linux); 0 where that is not known. */
static int64_t own_memory(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	int64_t kib = 0;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "RssAnon: %" SCNd64, &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib * 1024;
}

static void write_array(const char *name, const struct rt_shape *shape, int below)
{
	char *path = temp_path(name);
	struct rt_tensor t;
	struct rt_rng rng;
	uint8_t *v;
	void *to;

	assert_ok(rt_tensor_new(&t, RT_U8, shape, &err));
	assert_ok(rt_tensor_write(&to, &t, &err));
	v = to;
	rt_rng_seed(&rng, 7);
	for (int64_t i = 0; i < rt_tensor_count(&t); i++)
		v[i] = (uint8_t)rt_rng_below(&rng, (uint64_t)below);
	assert_ok(rt_idx_write(&t, path, &err));
	rt_tensor_release(&t);
	free(path);
}

static struct rt_data *load(const char *name)
{
	struct rt_data_load opts;
	struct rt_data *d;
	char *path = temp_path(name);

	rt_params_init(&rt_data_load_row, &opts);
	assert_ok(rt_data_load(&d, "big", path, &opts, &err));
	rt_params_release(&rt_data_load_row, &opts);
	free(path);
	return d;
}

/* Hash of all batches of one epoch. */
static uint64_t epoch(struct rt_data *d)
{
	float *x = rt_alloc(128 * SIDE * SIDE, sizeof(*x));
	struct rt_batches b;
	const int32_t *index;
	struct rt_rng rng;
	int32_t y[128];
	uint64_t hash = 0;
	int64_t n;

	rt_rng_seed(&rng, 3);
	assert_ok(rt_batches_init(&b, d, RT_PART_TRAIN, 128, true, &rng, &err));
	while ((n = rt_batches_next(&b, &index)) > 0) {
		rt_batches_fill(&b, index, n, x, y);
		hash = rt_hash(hash, x, (size_t)(n * SIDE * SIDE) * sizeof(*x));
		hash = rt_hash(hash, y, (size_t)n * sizeof(*y));
	}
	rt_batches_release(&b);
	free(x);
	return hash;
}

static void beyond_the_limit_an_array_lies_in_a_file(void **state)
{
	const size_t n = 3 << 20;
	unsigned char *small, *large;

	(void)state;
	rt_big_limit_set(1 << 20);
	small = rt_big_new(1 << 20);
	large = rt_big_new(n);
	assert_false(rt_big_in_file(small));
	assert_true(rt_big_in_file(large));
	assert_int_equal((uintptr_t)small % 64, 0);
	assert_int_equal((uintptr_t)large % 64, 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(large[i], 0);
	large[n - 1] = 1;
	rt_big_want(large, n / 2, n / 2);
	rt_big_want(small, 0, 1 << 20);
	rt_big_free(small);
	rt_big_free(large);
	rt_big_free(NULL);
	assert_null(rt_big_new(SIZE_MAX));
}

static void a_data_set_in_a_file_is_the_same_and_needs_no_memory(void **state)
{
	struct rt_data *d;
	int64_t before;
	uint64_t wanted, labels;

	(void)state;
	write_array("set-images-idx3-ubyte", &RT_SHAPE(N, SIDE, SIDE), 256);
	write_array("set-labels-idx1-ubyte", &RT_SHAPE(N), 10);
	rt_big_limit_set((size_t)1 << 30);
	d = load("set-images-idx3-ubyte");
	assert_false(rt_big_in_file(rt_tensor_data(&d->x)));
	wanted = epoch(d);
	labels = d->hash;
	rt_data_unref(d);

	rt_big_limit_set(1 << 20);
	before = own_memory();
	d = load("set-images-idx3-ubyte");
	assert_true(rt_big_in_file(rt_tensor_data(&d->x)));
	assert_true(d->hash == labels);
	assert_true(epoch(d) == wanted);
	if (!UNDER_SANITIZER && before && own_memory() - before > N * SIDE * SIDE / 8)
		fail_msg("%" PRId64 " bytes of memory for a data set of %d in a file",
			 own_memory() - before, N * SIDE * SIDE);
	rt_data_unref(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beyond_the_limit_an_array_lies_in_a_file),
		cmocka_unit_test(a_data_set_in_a_file_is_the_same_and_needs_no_memory),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
