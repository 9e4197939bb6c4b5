/* file.h - whole files in, whole files out, and where the program's own files lie. */
#ifndef RT_BASE_FILE_H
#define RT_BASE_FILE_H

#include "base/err.h"

#include <stdint.h>
#include <stdio.h>

/* Reads all of path into *out (caller frees; one zero byte follows the *len bytes).
 * Errors: RT_EIO with the system's reason, RT_ENOMEM. */
enum rt_status rt_file_read(unsigned char **out, size_t *len, const char *path, struct rt_err *err);

/* A file being written that appears under its name only when it is complete. */
struct rt_out {
	FILE *stream;	/* write here */
	char *path, *temp;
};

/* Opens a temporary file beside path (beside the file a link leads to).  Devices and pipes are
 * opened themselves.  Errors: RT_EIO. */
enum rt_status rt_out_begin(struct rt_out *out, const char *path, struct rt_err *err);

/* Flushes, syncs and renames over path; on failure nothing is left behind and the old file, if any,
 * is untouched.  Errors: RT_EIO (a full disk says so). */
enum rt_status rt_out_commit(struct rt_out *out, struct rt_err *err);

/* Throws the temporary file away; harmless after commit or on {0}. */
void rt_out_abort(struct rt_out *out);

/* begin, write len bytes, commit. */
enum rt_status rt_file_write(const char *path, const void *bytes, size_t len, struct rt_err *err);

/* The path of one of the program's own files ("data/mnist", "zoo/lenet5.tcl"), which the caller
 * frees, or NULL.  Looked for in RETORT_DATA (a list separated by ':'), then in the source tree
 * when the program runs from its build tree, then in ../share/retort beside the program, then in
 * the installed pkgdatadir. */
char *rt_home_find(const char *relative);

/* The folders of rt_home_find(), in order; n at most 16; each freed by the caller. */
int rt_home_dirs(char *dirs[16]);

/* True when path exists and is a folder. */
bool rt_is_dir(const char *path);

#endif
