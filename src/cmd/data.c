/* data.c - data load, list, show, split, use, drop. */
#include "config.h"

#include "cmd/cmds.h"
#include "cmd/common.h"
#include "base/mem.h"
#include "views/bars.h"
#include "views/picture.h"
#include "views/table.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- load --------------------------------------------------------------------------------- */

struct load_params {
	char *name, *path;
	struct rt_data_load load;
};

static const struct rt_opt load_opts[] = {
	{.name = "name",
	 .summary = "name of the data set here; one of retort's own, or any with a path",
	 .type = RT_STRING,
	 .offset = offsetof(struct load_params, name),
	 .of = "data set",
	 .example = "mnist",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{.name = "path",
	 .summary = "IDX, CSV or TSV file, or folder of IDX files, tables or PNG folders",
	 .type = RT_STRING,
	 .offset = offsetof(struct load_params, path),
	 .of = "file",
	 .flags = RT_OPT_POSITIONAL},
	RT_DATA_LOAD_OPTS(struct load_params, load.),
	{0},
};

/* "mnist   8,000 + 2,000 samples   1x28x28   10 classes   from embedded mnist" */
static void say_data(const struct rt_ctx *ctx, struct rt_reply *reply, const struct rt_data *d)
{
	char train[32], test[32], words[32], shape[128], target[96];

	rt_text_count(train, sizeof(train), d->npart[RT_PART_TRAIN]);
	rt_text_count(test, sizeof(test), d->npart[RT_PART_TEST]);
	if (d->task == RT_CLASSIFY)
		snprintf(target, sizeof(target), "%d classes", d->classes);
	else
		snprintf(target, sizeof(target), "regression on %.60s",
			 d->target_name ? d->target_name : "the target");
	rt_shape_text(shape, sizeof(shape), &d->sample);
	if (d->word)
		snprintf(shape + strlen(shape), sizeof(shape) - strlen(shape), " words of %s",
			 rt_text_count(words, sizeof(words), d->words));
	rt_say(ctx, reply, "%s   %s + %s samples   %s%s   %s   from %s", d->name, train, test,
	       shape,
	       d->sample.rank > 1 || d->word ? "" : rt_data_is_text(d) ? " words" : " columns",
	       target, d->source);
	if (d->note)
		rt_say(ctx, reply, "%s", d->note);
}

static struct rt_val *data_value(const struct rt_data *d)
{
	struct rt_val *v = rt_val_dict(), *shape = rt_val_list();

	rt_val_put(v, "name", rt_val_string(d->name));
	rt_val_put(v, "train", rt_val_int(d->npart[RT_PART_TRAIN]));
	rt_val_put(v, "test", rt_val_int(d->npart[RT_PART_TEST]));
	for (int i = 0; i < d->sample.rank; i++)
		rt_val_add(shape, rt_val_int(d->sample.dim[i]));
	rt_val_put(v, "shape", shape);
	if (rt_data_is_text(d))
		rt_val_put(v, "words", rt_val_int(d->words));
	rt_val_put(v, "classes", rt_val_int(d->classes));
	rt_val_put(v, "source", rt_val_string(d->source));
	return v;
}

static enum rt_status run_load(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	const struct load_params *p = params;
	struct rt_data *d;

	RT_TRY(rt_data_load(&d, p->name, p->path, &p->load, err));
	rt_session_put_data(ctx->session, d);
	say_data(ctx, reply, d);
	reply->value = data_value(d);
	return RT_OK;
}

const struct rt_cmd rt_cmd_data_load = {
	.row = {"data load", "load a data set and put it to use", load_opts,
		sizeof(struct load_params)},
	.help = "Without a path, one of retort's own sets: help data set lists them.  With a\n"
		"path: an IDX file (labels beside it) or a folder of IDX files as MNIST names\n"
		"them, plain or .gz; a CSV or TSV file, or a folder with one called train and\n"
		"one called test; a folder with one folder of PNG files a class.  Tables are\n"
		"standardized by their training part; categories become one-hot columns.\n"
		"-text names a column of text: its words, in small letters, become numbers, as\n"
		"models with an embedding take them; -tokens says that the columns are such\n"
		"numbers already.  Without -vocabulary the most frequent words of the training\n"
		"part get a number, 0 pads, and 1 stands for all others.",
	.examples = "data load digits\ndata load cancer breast-cancer -test 0.3 -seed 7",
	.see = "data show data list",
	.flags = RT_CMD_CHANGES,
	.run = run_load,
};

/* --- list, use, drop ---------------------------------------------------------------------- */

static enum rt_status run_list(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	struct rt_data *const *data;
	int n;

	(void)params;
	(void)err;
	data = rt_session_data(ctx->session, &n);
	reply->value = rt_val_list();
	for (int i = 0; i < n; i++) {
		say_data(ctx, reply, data[i]);
		rt_val_add(reply->value, data_value(data[i]));
	}
	if (!n)
		rt_say(ctx, reply, "no data set is loaded   (try: data load mnist)");
	return RT_OK;
}

const struct rt_cmd rt_cmd_data_list = {
	.row = {"data list", "list the data sets that are loaded", NULL, 0},
	.help = "Name, samples for training and testing, shape of a sample, target, source.",
	.examples = "data list",
	.see = "data load data show",
	.run = run_list,
};

struct name_params {
	char *name;
};

static const struct rt_opt name_opts[] = {
	{.name = "name", .summary = "a data set that is loaded", .type = RT_STRING,
	 .offset = offsetof(struct name_params, name), .of = "data",
	 .flags = RT_OPT_POSITIONAL | RT_OPT_REQUIRED},
	{0},
};

static enum rt_status run_use(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			      struct rt_err *err)
{
	struct rt_data *d;

	RT_TRY(rt_session_get_data(&d, ctx->session, ((const struct name_params *)params)->name,
				   err));
	rt_session_put_data(ctx->session, rt_data_ref(d));
	say_data(ctx, reply, d);
	return RT_OK;
}

const struct rt_cmd rt_cmd_data_use = {
	.row = {"data use", "choose the data set that commands work on", name_opts,
		sizeof(struct name_params)},
	.help = "A set that is loaded is in use from then on; every command also takes -data.",
	.examples = "data load digits\ndata load credit\ndata use digits",
	.see = "data load data list",
	.flags = RT_CMD_CHANGES,
	.run = run_use,
};

static enum rt_status run_drop(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	(void)reply;
	return rt_session_drop_data(ctx->session, ((const struct name_params *)params)->name, err);
}

const struct rt_cmd rt_cmd_data_drop = {
	.row = {"data drop", "forget a data set", name_opts, sizeof(struct name_params)},
	.help = "Runs that use it keep it.",
	.examples = "data load digits\ndata drop digits",
	.see = "data list",
	.flags = RT_CMD_CHANGES,
	.run = run_drop,
};

/* --- split -------------------------------------------------------------------------------- */

struct split_params {
	char *name;
	double test;
	int64_t seed;
};

static const struct rt_opt split_opts[] = {
	{.name = "name", .summary = "a data set; default: the one in use", .type = RT_STRING,
	 .offset = offsetof(struct split_params, name), .of = "data", .flags = RT_OPT_POSITIONAL},
	{"test", "fraction held out", RT_REAL, offsetof(struct split_params, test), "0.2", 0, 0.99,
	 .flags = RT_OPT_ABOVE_MIN},
	{"seed", "of the draw", RT_INT, offsetof(struct split_params, seed), "1", 0, 9e15},
	{0},
};

static enum rt_status run_split(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
				struct rt_err *err)
{
	const struct split_params *p = params;
	struct rt_data *old, *d;

	RT_TRY(rt_session_get_data(&old, ctx->session, p->name, err));
	RT_TRY(rt_data_split(&d, old, p->test, (uint64_t)p->seed, err));
	rt_session_put_data(ctx->session, d);
	say_data(ctx, reply, d);
	reply->value = data_value(d);
	return RT_OK;
}

const struct rt_cmd rt_cmd_data_split = {
	.row = {"data split", "divide a data set anew into training and test part", split_opts,
		sizeof(struct split_params)},
	.help = "Stratified: every class keeps its share.  Standardization is fitted again on\n"
		"the new training part.",
	.examples = "data load digits\ndata split digits -test 0.5 -seed 3",
	.see = "data load",
	.flags = RT_CMD_CHANGES,
	.run = run_split,
};

/* --- show --------------------------------------------------------------------------------- */

struct show_params {
	char *name, *png;
	int64_t sample, count;
};

static const struct rt_opt show_opts[] = {
	{.name = "name",
	 .summary = "a data set; default: the one in use",
	 .type = RT_STRING,
	 .offset = offsetof(struct show_params, name),
	 .of = "data",
	 .flags = RT_OPT_POSITIONAL},
	{.name = "sample",
	 .summary = "a sample of the test part to look at",
	 .type = RT_INT,
	 .offset = offsetof(struct show_params, sample),
	 .min = 0,
	 .max = 1e9,
	 .example = "17",
	 .flags = RT_OPT_POSITIONAL},
	{"count", "samples from there on", RT_INT, offsetof(struct show_params, count), "1", 1,
	 100},
	{.name = "png",
	 .summary = "write the picture to this file too",
	 .type = RT_STRING,
	 .offset = offsetof(struct show_params, png),
	 .of = "file"},
	{0},
};

static bool is_picture(const struct rt_data *d)
{
	return d->sample.rank == 3;
}

/* The samples place .. place+count-1 of the test part as a strip of pictures. */
static enum rt_status show_pictures(struct rt_ctx *ctx, const struct show_params *p,
				    struct rt_data *d, struct rt_reply *reply, struct rt_err *err)
{
	int n = (int)(p->count < d->npart[RT_PART_TEST] - p->sample
			      ? p->count
			      : d->npart[RT_PART_TEST] - p->sample);
	int64_t size = rt_shape_count(&d->sample);
	struct rt_picture *picture = rt_alloc((size_t)n, sizeof(*picture));
	struct rt_gallery gallery = {.n = n, .picture = picture, .command = ctx->line};
	float *x = rt_alloc((size_t)(n * size), sizeof(*x));
	char (*label)[128] = rt_alloc((size_t)n, sizeof(*label));
	char name[64];
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;
	enum rt_status status = RT_OK;

	rt_data_fill_x(d, d->part[RT_PART_TEST] + p->sample, n, x);
	for (int i = 0; i < n; i++) {
		int32_t number = d->part[RT_PART_TEST][p->sample + i];

		snprintf(label[i], sizeof(label[i]), "%" PRId64 ": %s", p->sample + i,
			 d->task == RT_CLASSIFY
				 ? rt_data_class(d, rt_data_label(d, number), name, sizeof(name))
				 : "");
		picture[i] = (struct rt_picture){.w = (int)d->sample.dim[2],
						 .h = (int)d->sample.dim[1],
						 .channels = (int)d->sample.dim[0],
						 .v = x + i * size,
						 .label = label[i]};
	}
	rt_canvas_init(&canvas, &style);
	rt_gallery_draw(&canvas, &gallery);
	rt_canvas_finish(&canvas, &reply->text);
	if (p->png)
		status = rt_gallery_png(&gallery, p->png, err);
	free(x);
	free(label);
	free(picture);
	return status;
}

/* The words of a sample up to where padding begins, then its target. */
static void show_words(struct rt_ctx *ctx, const struct show_params *p, const struct rt_data *d,
		       struct rt_reply *reply)
{
	int32_t number = d->part[RT_PART_TEST][p->sample];
	int64_t n = rt_shape_count(&d->sample);
	struct rt_str text = {0};
	char buf[RT_NUM];
	const char *target;

	while (n > 0 && d->word && rt_tensor_get_int(&d->x, number * d->sample.dim[0] + n - 1) == 0)
		n--;
	for (int64_t i = 0; i < n; i++)
		rt_str_addf(&text, "%s%s", i ? " " : "",
			    rt_data_text(d, number, i, buf, sizeof(buf)));
	reply->value = rt_val_dict();
	rt_val_put(reply->value, "text", rt_val_string(rt_str_text(&text)));
	rt_say(ctx, reply, "%s", rt_str_text(&text));
	if (d->task == RT_CLASSIFY)
		target = rt_data_class(d, rt_data_label(d, number), buf, sizeof(buf));
	else
		target = rt_num_short(buf, (double)rt_data_target(d, number, 0), 6);
	rt_say(ctx, reply, "%s   %s", d->target_name, target);
	rt_val_put(reply->value, d->target_name, rt_val_string(target));
	rt_str_release(&text);
}

/* A table's row: every feature with its raw value, then the target. */
static void show_row(struct rt_ctx *ctx, const struct show_params *p, const struct rt_data *d,
		     struct rt_reply *reply)
{
	int32_t number = d->part[RT_PART_TEST][p->sample];
	int64_t n = rt_shape_count(&d->sample);
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;
	struct rt_table t = {0};
	char value[RT_NUM], name[64];
	const char *target;

	reply->value = rt_val_dict();
	rt_table_column(&t, "column", RT_LEFT, 0);
	rt_table_column(&t, "value", RT_RIGHT, 0);
	for (int64_t i = 0; i < n; i++) {
		double raw = rt_tensor_get(&d->x, number * n + i);

		snprintf(name, sizeof(name), "%" PRId64, i);
		rt_table_text(&t, d->feature_name ? d->feature_name[i] : name);
		rt_table_text(&t, rt_num_short(value, raw, 6));
		rt_val_put(reply->value, d->feature_name ? d->feature_name[i] : name,
			   rt_val_real(raw));
	}
	target = d->target_name ? d->target_name : d->task == RT_CLASSIFY ? "class" : "target";
	rt_table_text(&t, target);
	if (d->task == RT_CLASSIFY) {
		const char *class = rt_data_class(d, rt_data_label(d, number), name, sizeof(name));

		rt_table_text(&t, class);
		rt_val_put(reply->value, target, rt_val_string(class));
	} else {
		double y = (double)rt_data_target(d, number, 0);

		rt_table_text(&t, rt_num_short(value, y, 6));
		rt_val_put(reply->value, target, rt_val_real(y));
	}
	rt_canvas_init(&canvas, &style);
	rt_table_draw(&canvas, &t);
	rt_canvas_finish(&canvas, &reply->text);
	rt_table_release(&t);
}

/* Class balance of both parts together, as bars. */
static void show_balance(struct rt_ctx *ctx, const struct rt_data *d,
			 const struct rt_data_stats *stats, struct rt_reply *reply)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;
	double *count = rt_alloc((size_t)d->classes, sizeof(*count));
	struct rt_hbars bars = {.title = "class balance",
				.n = d->classes,
				.value = count,
				.share = true,
				.name = (const char *const *)d->class_name,
				.role = RT_TEACHER};

	for (int c = 0; c < d->classes; c++)
		count[c] = (double)(stats->count[0][c] + stats->count[1][c]);
	rt_canvas_init(&canvas, &style);
	rt_hbars_draw(&canvas, &bars);
	rt_canvas_finish(&canvas, &reply->text);
	free(count);
}

static void summary_row(struct rt_table *t, const char *name, const struct rt_summary *s)
{
	const double v[] = {s->mean, s->deviation, s->min, s->max};
	char text[RT_NUM];

	rt_table_text(t, name);
	for (size_t i = 0; i < RT_COUNT(v); i++)
		rt_table_text(t, rt_num_short(text, v[i], 4));
}

/* What the training part holds: all pixels together, or each column of a table. */
static void show_summaries(struct rt_ctx *ctx, const struct rt_data *d,
			   const struct rt_data_stats *stats, struct rt_reply *reply)
{
	struct rt_style style = rt_ctx_style(ctx);
	struct rt_canvas canvas;
	struct rt_table t = {0};
	char name[64];

	rt_table_column(&t, "training part", RT_LEFT, 0);
	rt_table_column(&t, "mean", RT_RIGHT, 0);
	rt_table_column(&t, "deviation", RT_RIGHT, 0);
	rt_table_column(&t, "least", RT_RIGHT, 0);
	rt_table_column(&t, "most", RT_RIGHT, 0);
	if (is_picture(d))
		summary_row(&t, "pixels", &stats->all);
	for (int i = 0; !is_picture(d) && i < stats->nfeatures && i < 100; i++) {
		snprintf(name, sizeof(name), "%d", i);
		summary_row(&t, d->feature_name ? d->feature_name[i] : name, &stats->feature[i]);
	}
	if (d->task == RT_REGRESS)
		summary_row(&t, d->target_name ? d->target_name : "target", &stats->target[0]);
	rt_canvas_init(&canvas, &style);
	rt_table_draw(&canvas, &t);
	rt_canvas_finish(&canvas, &reply->text);
	rt_table_release(&t);
}

static struct rt_val *summary_value(const struct rt_summary *s)
{
	struct rt_val *v = rt_val_dict();

	rt_val_put(v, "mean", rt_val_real(s->mean));
	rt_val_put(v, "deviation", rt_val_real(s->deviation));
	rt_val_put(v, "min", rt_val_real(s->min));
	rt_val_put(v, "max", rt_val_real(s->max));
	return v;
}

static void show_statistics(struct rt_ctx *ctx, const struct rt_data *d, struct rt_reply *reply)
{
	struct rt_data_stats stats;

	rt_data_stats(&stats, d);
	if (d->task == RT_CLASSIFY) {
		rt_say(ctx, reply, "%s", "");
		show_balance(ctx, d, &stats, reply);
	}
	rt_say(ctx, reply, "%s", "");
	if (!rt_data_is_text(d)) {
		show_summaries(ctx, d, &stats, reply);
		rt_say(ctx, reply, "%s", "");
	}
	reply->value = data_value(d);
	rt_val_put(reply->value, "all", summary_value(&stats.all));
	rt_data_stats_release(&stats);
}

static enum rt_status run_show(struct rt_ctx *ctx, const void *params, struct rt_reply *reply,
			       struct rt_err *err)
{
	struct show_params p = *(const struct show_params *)params;
	struct rt_data *d;

	RT_TRY(rt_session_get_data(&d, ctx->session, p.name, err));
	if (p.sample != RT_UNSET_INT && p.sample >= d->npart[RT_PART_TEST])
		return rt_fail(err, RT_EINVAL,
			       "sample must be from 0 to %" PRId64 " (the test part of \"%s\"), "
			       "got %" PRId64,
			       d->npart[RT_PART_TEST] - 1, d->name, p.sample);
	if (p.sample != RT_UNSET_INT && rt_data_is_text(d)) {
		show_words(ctx, &p, d, reply);
		return RT_OK;
	}
	if (p.sample != RT_UNSET_INT && !is_picture(d)) {
		show_row(ctx, &p, d, reply);
		return RT_OK;
	}
	if (p.sample != RT_UNSET_INT)
		return show_pictures(ctx, &p, d, reply, err);
	say_data(ctx, reply, d);
	show_statistics(ctx, d, reply);
	p.sample = 0;
	p.count = 6;
	return is_picture(d) ? show_pictures(ctx, &p, d, reply, err) : RT_OK;
}

const struct rt_cmd rt_cmd_data_show = {
	.row = {"data show", "describe a data set, or draw a sample of it", show_opts,
		sizeof(struct show_params)},
	.help = "Class balance, statistics of the training part and the first pictures; with a\n"
		"number, that sample of the test part: a picture is drawn, a row of a table is\n"
		"listed.",
	.examples =
		"data load digits\ndata show\ndata show digits 17\ndata show digits 17 -count 5",
	.see = "data load compare",
	.run = run_show,
};
