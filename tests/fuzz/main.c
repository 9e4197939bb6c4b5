/* main.c - a target without libFuzzer: each file of the command line, or standard input, as
 * AFL++ gives it. */
#include "config.h"

#include "target.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>

static int try_file(const char *path)
{
	unsigned char *bytes;
	size_t len;
	struct rt_err err;

	if (rt_file_read(&bytes, &len, path, &err) != RT_OK) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	LLVMFuzzerTestOneInput(bytes, len);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc < 2)
		return try_file("/dev/stdin");
	for (int i = 1; i < argc; i++)
		failed |= try_file(argv[i]);
	return failed;
}
