/* builtin.h - the data sets that come with the program, or whose Debian package it knows. */
#ifndef RT_TRAIN_BUILTIN_H
#define RT_TRAIN_BUILTIN_H

#include "train/data.h"

struct builtin {
	struct rt_row row;
	const char *file;	/* under the program's own files, or an absolute path */
	const char *schema;	/* beside file; may be NULL */
	const char *package;	/* Debian package that brings file; NULL = comes with the program */
	const char *const (*options)[2]; /* of rt_data_load: name and value, NULL-terminated */
};

/* Where the set's file is, for the caller to free.  Error: RT_ENOTFOUND, telling how to get it. */
enum rt_status builtin_path(char **out, const struct builtin *b, struct rt_err *err);

/* *out becomes opts with the set's own options where opts holds the default; released with
 * rt_params_release().  path is what builtin_path() gave. */
enum rt_status builtin_options(struct rt_data_load *out, const struct builtin *b, const char *path,
			       const struct rt_data_load *opts, struct rt_err *err);

#endif
