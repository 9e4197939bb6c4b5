/* data_load.c - loads a data set: options, kind of file, and the steps that all kinds share. */
#include "config.h"

#include "base/file.h"
#include "base/mem.h"
#include "io/gz.h"
#include "io/idx.h"
#include "train/builtin.h"
#include "train/data_make.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const rt_data_task_names[] = {"auto", "classify", "regress", NULL};
const char *const rt_data_channel_names[] = {"auto", "grey", "rgb", NULL};
const char *const rt_auto_names[] = {"auto", "yes", "no", NULL};

static const struct rt_opt opts_of_load[] = {
	RT_DATA_LOAD_OPTS(struct rt_data_load, ),
	{0},
};

const struct rt_row rt_data_load_row = {
	.name = "data load",
	.summary = "reads a data set and splits it into a training and a test part",
	.opts = opts_of_load,
	.params_size = sizeof(struct rt_data_load),
};

/* A file is recognized by how it begins, so its name does not matter. */
static enum rt_status load_file(struct rt_data *d, const char *path,
				const struct rt_data_load *opts, struct rt_err *err)
{
	unsigned char *bytes;
	enum rt_status status;
	size_t len;

	if (rt_idx_is_plain(path))
		return data_from_idx(d, path, NULL, 0, opts, err);
	RT_TRY(rt_gz_read(&bytes, &len, path, err));
	if (rt_idx_sniff(bytes, len)) {
		status = data_from_idx(d, path, bytes, len, opts, err);
		free(bytes);
		return status;
	}
	if (len >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0) {
		free(bytes);
		return rt_fail(err, RT_EFORMAT,
			       "%s: one picture is no data set; give the folder that holds one "
			       "folder of PNG files for each class",
			       path);
	}
	return data_from_table(d, path, (char *)bytes, len, 0, opts, err);
}

/* Pictures come as they are, tables standardized, unless asked otherwise. */
static enum rt_status finish(struct rt_data *d, const struct rt_data_load *opts, struct rt_err *err)
{
	float factor = d->x.dtype == RT_U8 ? 1.0f / 255 : 1;

	d->standardize = opts->standardize == RT_AUTO ? d->x.dtype == RT_F32 && d->sample.rank == 1
						      : opts->standardize == RT_YES;
	if (rt_data_is_text(d) && (d->standardize || !isnan(opts->scale)))
		return rt_fail(err, RT_EINVAL,
			       "numbers of words are names, not amounts; -standardize and -scale "
			       "do not go with them");
	if (!isnan(opts->scale))
		factor = (float)opts->scale;
	if (d->npart[RT_PART_TEST] == 0)
		RT_TRY(data_draw_parts(d, opts->test, (uint64_t)opts->seed, err));
	data_fit(d, factor);
	return RT_OK;
}

enum rt_status data_load_path(struct rt_data **out, const char *name, const char *path,
			      const struct rt_data_load *opts, struct rt_err *err)
{
	struct rt_data *d = data_new();
	enum rt_status status;

	*out = NULL;
	d->name = rt_strdup(name);
	d->source = rt_strdup(path);
	d->recipe = data_recipe(NULL, path, opts);
	if (!rt_is_dir(path))
		status = load_file(d, path, opts, err);
	else if (data_is_idx_folder(path))
		status = data_from_idx_folder(d, path, opts, err);
	else if (data_is_table_folder(path))
		status = data_from_tables(d, path, opts, err);
	else
		status = data_from_pictures(d, path, opts, err);
	if (status == RT_OK)
		status = finish(d, opts, err);
	if (status == RT_OK)
		*out = d;
	else
		rt_data_unref(d);
	return status;
}

enum rt_status data_load_builtin(struct rt_data **out, const char *name, const struct builtin *b,
				 const struct rt_data_load *opts, struct rt_err *err)
{
	struct rt_data_load own;
	enum rt_status status;
	char *path;

	*out = NULL;
	RT_TRY(builtin_path(&path, b, err));
	status = builtin_options(&own, b, path, opts, err);
	if (status == RT_OK) {
		status = data_load_path(out, name, path, &own, err);
		rt_params_release(&rt_data_load_row, &own);
	}
	free(path);
	if (status != RT_OK)
		return status;
	free((*out)->recipe);
	(*out)->recipe = data_recipe(b->row.name, NULL, opts);
	if (!b->package) {
		free((*out)->source);
		(*out)->source = rt_sprintf("embedded %s", b->row.name);
	}
	return RT_OK;
}

enum rt_status rt_data_load(struct rt_data **out, const char *name, const char *path,
			    const struct rt_data_load *opts, struct rt_err *err)
{
	const struct rt_row *row;

	*out = NULL;
	row = rt_list_find(&rt_data_builtins, path ? path : name);
	if (row && (!path || access(path, F_OK) != 0))
		return data_load_builtin(out, name, (const struct builtin *)row, opts, err);
	if (path)
		return data_load_path(out, name, path, opts, err);
	if (access(name, F_OK) == 0)
		return rt_fail(err, RT_EINVAL,
			       "%s is a path; give the data set a name first   (try: data load "
			       "NAME %s)",
			       name, name);
	return rt_list_get(&row, &rt_data_builtins, name, err);
}
