/* data_pictures.c - makes a data set of a folder of PNG files: one folder a class. */
#include "config.h"

#include "base/file.h"
#include "base/mem.h"
#include "io/png.h"
#include "train/data_make.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Every picture found, in the order of parts, classes and names. */
struct found {
	struct rt_strings classes;
	char **path;
	int32_t *label;
	int64_t n, cap, cap_label;
	int64_t ntrain; /* pictures under train/; 0 where there are no such folders */
};

static void found_release(struct found *f)
{
	data_names_free(&f->classes);
	for (int64_t i = 0; i < f->n; i++)
		free(f->path[i]);
	free(f->path);
	free(f->label);
}

static bool is_png(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcasecmp(name + n - 4, ".png") == 0;
}

static int class_number(const struct rt_strings *classes, const char *name)
{
	for (int i = 0; i < classes->n; i++)
		if (strcmp(classes->v[i], name) == 0)
			return i;
	return -1;
}

static void add_picture(struct found *f, char *path, int label)
{
	RT_GROW(f->label, f->n, f->cap_label);
	RT_GROW(f->path, f->n, f->cap);
	f->path[f->n] = path;
	f->label[f->n++] = label;
}

/* The pictures of one class; *any tells whether there was one. */
static enum rt_status scan_class(struct found *f, const char *dir, int label, bool *any,
				 struct rt_err *err)
{
	struct rt_strings names = {0};

	*any = false;
	RT_TRY(data_list_folder(&names, dir, err));
	for (int i = 0; i < names.n; i++) {
		if (!is_png(names.v[i]))
			continue;
		add_picture(f, rt_sprintf("%s/%s", dir, names.v[i]), label);
		*any = true;
	}
	data_names_free(&names);
	return RT_OK;
}

/* The folders in dir, each a class.  The first part names the classes; another may only use
 * them. / */
static enum rt_status scan_part(struct found *f, const char *dir, bool names_classes,
				struct rt_err *err)
{
	struct rt_strings names = {0};
	enum rt_status status = RT_OK;

	RT_TRY(data_list_folder(&names, dir, err));
	for (int i = 0; i < names.n && status == RT_OK; i++) {
		char *path = rt_sprintf("%s/%s", dir, names.v[i]), list[256];
		int label = names_classes ? f->classes.n : class_number(&f->classes, names.v[i]);
		bool any = false;

		if (!rt_is_dir(path)) {
			free(path);
			continue;
		}
		if (label < 0)
			status = rt_fail(err, RT_EFORMAT, "%s: no class of the training part (%s)",
					 path, data_names_text(list, sizeof(list), &f->classes));
		else
			status = scan_class(f, path, label, &any, err);
		if (status == RT_OK && !any)
			status = rt_fail(err, RT_EFORMAT, "%s: no PNG file in this folder", path);
		if (status == RT_OK && names_classes)
			rt_strings_add(&f->classes, names.v[i]);
		free(path);
	}
	data_names_free(&names);
	return status;
}

/* dir/train and dir/test or dir/val, each with the classes; or the classes in dir itself. */
static enum rt_status scan(struct found *f, const char *dir, struct rt_err *err)
{
	char *train = rt_sprintf("%s/train", dir), *test = rt_sprintf("%s/test", dir);
	enum rt_status status;

	if (!rt_is_dir(test)) {
		free(test);
		test = rt_sprintf("%s/val", dir);
	}
	if (rt_is_dir(train) && rt_is_dir(test)) {
		status = scan_part(f, train, true, err);
		f->ntrain = f->n;
		if (status == RT_OK)
			status = scan_part(f, test, false, err);
	} else {
		status = scan_part(f, dir, true, err);
	}
	free(train);
	free(test);
	if (status != RT_OK)
		return status;
	if (f->n == 0)
		return rt_fail(err, RT_EFORMAT,
			       "%s: neither IDX files (train-images-idx3-ubyte ...) nor one "
			       "folder of PNG files for each class",
			       dir);
	if (f->classes.n < 2)
		return rt_fail(err, RT_EFORMAT,
			       "%s: one class only, \"%s\"; two folders are needed", dir,
			       f->classes.v[0]);
	if (f->n > INT32_MAX)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "%s: %" PRId64 " pictures are more than 2^31 - 1", dir, f->n);
	return RT_OK;
}

/* Channels x height x width that every picture is brought to. */
static enum rt_status choose_shape(struct rt_shape *shape, const struct found *f,
				   const struct rt_data_load *opts, struct rt_err *err)
{
	int channels = opts->channels == RT_CHANNELS_RGB ? 3 : 1;
	struct rt_image first, info;

	if (opts->size.n != 0 && opts->size.n != 2)
		return rt_fail(err, RT_EINVAL,
			       "-size needs 2 numbers, height and width, got %d   (try: "
			       "-size {32 32})",
			       opts->size.n);
	RT_TRY(rt_png_info(&first, f->path[0], err));
	for (int64_t i = 0; opts->channels == RT_CHANNELS_AUTO && i < f->n && channels == 1; i++) {
		RT_TRY(rt_png_info(&info, f->path[i], err));
		channels = info.channels;
	}
	*shape = RT_SHAPE(channels, opts->size.n ? opts->size.v[0] : first.h,
			  opts->size.n ? opts->size.v[1] : first.w);
	return RT_OK;
}

/* Reads one picture, resized where needed, to channel planes. */
static enum rt_status load_picture(uint8_t *to, const char *path, const struct rt_shape *shape,
				   bool *resized, struct rt_err *err)
{
	int c = (int)shape->dim[0], h = (int)shape->dim[1], w = (int)shape->dim[2];
	struct rt_image img, fit;

	RT_TRY(rt_png_read(&img, path, c, err));
	*resized = img.w != w || img.h != h;
	if (*resized) {
		rt_image_resize(&fit, &img, w, h);
		rt_image_release(&img);
		img = fit;
	}
	for (int64_t i = 0; i < (int64_t)h * w; i++)
		for (int k = 0; k < c; k++)
			to[k * (int64_t)h * w + i] = img.pixel[i * c + k];
	rt_image_release(&img);
	return RT_OK;
}

static enum rt_status load_all(struct rt_data *d, const struct found *f, struct rt_err *err)
{
	int64_t size = rt_shape_count(&d->sample), resized = 0;
	void *x, *y;

	RT_TRY(rt_tensor_new(&d->x, RT_U8,
			     &RT_SHAPE(f->n, d->sample.dim[0], d->sample.dim[1], d->sample.dim[2]),
			     err));
	RT_TRY(rt_tensor_new(&d->y, RT_I32, &RT_SHAPE(f->n), err));
	RT_TRY(rt_tensor_write(&x, &d->x, err));
	RT_TRY(rt_tensor_write(&y, &d->y, err));
	memcpy(y, f->label, (size_t)f->n * sizeof(*f->label));
	for (int64_t i = 0; i < f->n; i++) {
		bool fitted;

		RT_TRY(load_picture((uint8_t *)x + i * size, f->path[i], &d->sample, &fitted, err));
		resized += fitted;
	}
	if (resized)
		data_note(d, "%" PRId64 " of %" PRId64 " pictures resized to %" PRId64 "x%" PRId64,
			  resized, f->n, d->sample.dim[1], d->sample.dim[2]);
	return RT_OK;
}

static enum rt_status fill(struct rt_data *d, struct found *f, const char *path,
			   const struct rt_data_load *opts, struct rt_err *err)
{
	RT_TRY(scan(f, path, err));
	RT_TRY(choose_shape(&d->sample, f, opts, err));
	RT_TRY(load_all(d, f, err));
	d->n = f->n;
	d->task = RT_CLASSIFY;
	d->high = 255;
	d->classes = f->classes.n;
	d->class_name = f->classes.v;
	f->classes = (struct rt_strings){0};
	if (f->ntrain) {
		data_part_range(d, RT_PART_TRAIN, 0, f->ntrain);
		data_part_range(d, RT_PART_TEST, f->ntrain, f->n);
	}
	return RT_OK;
}

enum rt_status data_from_pictures(struct rt_data *d, const char *path,
				  const struct rt_data_load *opts, struct rt_err *err)
{
	struct found f = {0};
	enum rt_status status;

	if (opts->classes.n || opts->task == RT_TASK_REGRESS)
		return rt_fail(err, RT_EINVAL,
			       "%s: the folders are the classes; -classes and -task regress "
			       "do not go with them",
			       path);
	status = fill(d, &f, path, opts, err);
	found_release(&f);
	return status;
}
