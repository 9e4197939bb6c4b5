/* builtin.c - the program's own data sets, one row each. */
#include "config.h"

#include "train/builtin.h"
#include "base/file.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

typedef const char *const option[2];

static const struct builtin mnist = {
	.row = {.name = "mnist",
		.summary = "handwritten digits, 28x28 grey: 8,000 + 2,000, 10 classes"},
	.file = "data/mnist",
};

static const struct builtin digits = {
	.row = {.name = "digits", .summary = "handwritten digits, 8x8 grey: 1,797, 10 classes"},
	.file = "data/digits/digits8x8.csv",
	.options = (option[]){{"target", "label"}, {"shape", "1 8 8"}, {"scale", "0.0625"}, {0}},
};

static const struct builtin breast_cancer = {
	.row = {.name = "breast-cancer",
		.summary = "cell nuclei, 30 measures: 569, benign or malignant"},
	.file = "data/breast-cancer/breast_cancer_wdbc.csv",
	.options = (option[]){{"target", "diagnosis"}, {0}},
};

static const struct builtin credit = {
	.row = {.name = "credit", .summary = "credit applications, 20 columns: 1,000, good or bad"},
	.file = "data/credit/german_credit.csv",
	.schema = "schema.txt",
	.options = (option[]){{"target", "class"}, {0}},
};

/* casual + registered = cnt. */
static const struct builtin bike_rentals = {
	.row = {.name = "bike-rentals",
		.summary = "bicycles rented a day by season and weather: 731, regression"},
	.file = "data/bike-rentals/bike_rentals_daily.csv",
	.options = (option[]){{"target", "cnt"}, {"ignore", "date casual registered"}, {0}},
};

static const struct builtin fashion = {
	.row = {.name = "fashion", .summary = "clothes, 28x28 grey: 60,000 + 10,000, 10 classes"},
	.file = "/usr/share/datasets/fashion-mnist",
	.package = "dataset-fashion-mnist",
	.options = (option[]){{"classes",
			       "T-shirt Trouser Pullover Dress Coat Sandal Shirt Sneaker Bag "
			       "Ankle-boot"},
			      {0}},
};

static const struct rt_row *const rows[] = {
	&mnist.row, &digits.row, &breast_cancer.row, &credit.row, &bike_rentals.row, &fashion.row,
};

const struct rt_list rt_data_builtins = {"data set", rows, RT_COUNT(rows)};

enum rt_status builtin_path(char **out, const struct builtin *b, struct rt_err *err)
{
	*out = NULL;
	if (!b->package) {
		*out = rt_home_find(b->file);
		if (!*out)
			return rt_fail(
				err, RT_ENOTFOUND,
				"data set %s: no %s in RETORT_DATA or where retort is installed",
				b->row.name, b->file);
		return RT_OK;
	}
	if (!rt_is_dir(b->file))
		return rt_fail(err, RT_ENOTFOUND,
			       "data set %s: no folder %s   (try: apt-get install %s, or: data "
			       "load %s PATH)",
			       b->row.name, b->file, b->package, b->row.name);
	*out = rt_strdup(b->file);
	return RT_OK;
}

static enum rt_status set_option(struct rt_data_load *out, const char *name, const char *value,
				 const struct rt_data_load *opts, struct rt_err *err)
{
	const struct rt_opt *opt = rt_opt_find(&rt_data_load_row, name);

	RT_ASSERT(opt);
	return rt_opt_is_default(opt, opts) ? rt_opt_parse(opt, out, value, err) : RT_OK;
}

enum rt_status builtin_options(struct rt_data_load *out, const struct builtin *b, const char *path,
			       const struct rt_data_load *opts, struct rt_err *err)
{
	enum rt_status status = RT_OK;

	rt_params_copy(&rt_data_load_row, out, opts);
	for (const char *const(*o)[2] = b->options; o && (*o)[0] && status == RT_OK; o++)
		status = set_option(out, (*o)[0], (*o)[1], opts, err);
	if (b->schema && status == RT_OK) {
		const char *slash = strrchr(path, '/');
		char *schema = rt_sprintf("%.*s/%s", (int)(slash - path), path, b->schema);

		status = set_option(out, "schema", schema, opts, err);
		free(schema);
	}
	if (status != RT_OK)
		rt_params_release(&rt_data_load_row, out);
	return status;
}
