/* onnx_memory.c - what reading a large ONNX file costs: its numbers are there once. */
#include "config.h"

#include "temp.h"

#include "io/model.h"
#include "ops/ops.h"

#include <sys/resource.h>
#include <sys/wait.h>

#define MOST 1.3	/* bytes of memory for a byte of the file */

static double peak(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return (double)used.ru_maxrss * 1024;
}

/* Runs f in a process of its own, whose memory is its own. */
static void alone(void (*f)(const char *path), const char *path)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		f(path);
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* x -> MatMul(w0) -> MatMul(w1) ..., 8 matrices of 1024 x 1024: 32 MB. */
static void write_raw(const char *path)
{
	struct rt_graph *g = rt_graph_new();
	struct rt_model *m;
	struct rt_err err;
	int v = rt_graph_add_input(g, "x", RT_F32, &RT_SHAPE(RT_BATCH, 1024));

	for (int i = 0; i < 8; i++) {
		char name[16];
		struct rt_tensor t;
		void *to;
		int in[2] = {v}, node;

		snprintf(name, sizeof(name), "w%d", i);
		if (rt_tensor_new(&t, RT_F32, &RT_SHAPE(1024, 1024), &err) != RT_OK ||
		    rt_tensor_write(&to, &t, &err) != RT_OK)
			_exit(1);
		memset(to, i + 1, rt_tensor_bytes(&t));
		in[1] = rt_graph_add_param(g, name, &t, true);
		node = rt_graph_add_node(g, rt_op_find("MatMul"), NULL, NULL, 2, in, 1);
		v = g->nodes[node].out[0];
	}
	rt_graph_add_output(g, v);
	m = rt_model_new("large", g, NULL);
	if (rt_model_save(m, path, &err) != RT_OK)
		_exit(2);
	rt_model_unref(m);
}

static void put_tag(FILE *f, int field, int wire, uint64_t v)
{
	fputc(field << 3 | wire, f);
	for (; v > 0x7f; v >>= 7)
		fputc((int)(v & 0x7f) | 0x80, f);
	fputc((int)v, f);
}

static void put_bytes(FILE *f, int field, const void *bytes, size_t len)
{
	put_tag(f, field, 2, len);
	fwrite(bytes, 1, len, f);
}

/* A TensorProto whose n values are a list in a field of their type, one byte `value` repeated. */
static void put_list(FILE *f, const char *name, int64_t n, int type, int field, size_t len,
		     int value)
{
	char *text, *bytes = rt_alloc(len, 1);
	size_t size;
	FILE *t = open_memstream(&text, &size);

	memset(bytes, value, len);
	put_tag(t, 1, 0, (uint64_t)n);
	put_tag(t, 2, 0, (uint64_t)type);
	put_bytes(t, 8, name, strlen(name));
	put_bytes(t, field, bytes, len);
	fclose(t);
	put_bytes(f, 5, text, size);
	free(text);
	free(bytes);
}

/* y = x + f, and a list of small whole numbers, as exporters write that do not know raw_data:
 * 16 MB and 8 MB. */
static void write_lists(const char *path)
{
	static const char node[] = "\012\001x\012\001f\022\001y\042\003Add";
	static const char x[] = "\012\001x\022\004\012\002\010\001", y[] = "\012\001y";
	FILE *f = fopen(path, "wb");
	char *text;
	size_t size;
	FILE *g = open_memstream(&text, &size);

	put_bytes(g, 1, node, sizeof(node) - 1);
	put_list(g, "f", 4 << 20, 1, 4, 16 << 20, 0x3f);
	put_list(g, "i", 8 << 20, 3, 5, 8 << 20, 0x3f);
	put_bytes(g, 11, x, sizeof(x) - 1);
	put_bytes(g, 12, y, sizeof(y) - 1);
	fclose(g);
	put_tag(f, 1, 0, 8);
	put_bytes(f, 8, "\020\021", 2);	/* opset 17 */
	put_bytes(f, 7, text, size);
	fclose(f);
	free(text);
}

static void load(const char *path)
{
	struct stat st;
	struct rt_model *m;
	struct rt_err err;
	double before = peak(), n;

	if (stat(path, &st) != 0 || rt_model_load(&m, path, &err) != RT_OK) {
		fprintf(stderr, "%s\n", err.msg);
		_exit(3);
	}
	n = (peak() - before) / (double)st.st_size;
	printf("# a file of %.1f MB: %.2f bytes of memory for each\n", (double)st.st_size / 1e6, n);
	fflush(stdout);
	if (n > MOST)
		_exit(4);
	rt_model_unref(m);
}

static void numbers_are_there_once(void **state)
{
	char *raw, *lists;

	(void)state;
	if (UNDER_SANITIZER)
		left_out("sanitizers need memory of their own");
	raw = temp_path("raw.onnx");
	lists = temp_path("lists.onnx");
	alone(write_raw, raw);
	alone(load, raw);
	alone(write_lists, lists);
	alone(load, lists);
	free(raw);
	free(lists);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_there_once),
	};

	unit_args(argc, argv);
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}
