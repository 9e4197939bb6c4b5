/* data_idx.c - makes a data set of IDX files: samples with labels, or a folder as MNIST comes. */
#include "config.h"

#include "base/file.h"
#include "base/mem.h"
#include "io/idx.h"
#include "train/data_make.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More classes than this are no classes. */
#define MOST_CLASSES 65536

/* Samples and targets of one part, as read. */
struct pair {
	struct rt_tensor x, y;
	char *x_path, *y_path;
};

static void pair_release(struct pair *p)
{
	rt_tensor_release(&p->x);
	rt_tensor_release(&p->y);
	free(p->x_path);
	free(p->y_path);
	*p = (struct pair){0};
}

/* Bytes stay bytes; every other type becomes f32, and must be finite. */
static enum rt_status to_floats(struct rt_tensor *t, const char *path, struct rt_err *err)
{
	int64_t n = rt_tensor_count(t), size = n / t->shape.dim[0];
	struct rt_tensor floats;
	const float *v;
	void *to;

	if (t->dtype != RT_F32) {
		if (rt_tensor_new(&floats, RT_F32, &t->shape, err) != RT_OK)
			return rt_wrap(err, "%s", path);
		RT_TRY(rt_tensor_write(&to, &floats, err));
		rt_convert(to, RT_F32, rt_tensor_data(t), t->dtype, n);
		rt_tensor_release(t);
		*t = floats;
	}
	v = rt_tensor_data(t);
	for (int64_t i = 0; i < n; i++)
		if (!isfinite(v[i]))
			return rt_fail(err, RT_ENUMERIC,
				       "%s: number %" PRId64 " of sample %" PRId64
				       " is %g; numbers must be finite",
				       path, i % size, i / size, v[i]);
	return RT_OK;
}

/* ---- samples and targets, checked against each other ---- */

static enum rt_status read_pair(struct pair *p, struct rt_err *err)
{
	if (!rt_tensor_storage_id(&p->x))
		RT_TRY(rt_idx_read(&p->x, p->x_path, err));
	if (p->x.shape.rank < 2)
		return rt_fail(err, RT_EFORMAT,
			       "%s: %" PRId64 " numbers in one dimension, which looks like "
			       "labels; give the file of the samples",
			       p->x_path, p->x.shape.dim[0]);
	if (p->x.shape.dim[0] > INT32_MAX)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "%s: %" PRId64 " samples are more than 2^31 - 1", p->x_path,
			       p->x.shape.dim[0]);
	if (p->x.dtype != RT_U8)
		RT_TRY(to_floats(&p->x, p->x_path, err));
	RT_TRY(rt_idx_read(&p->y, p->y_path, err));
	if (p->x.shape.dim[0] != p->y.shape.dim[0])
		return rt_fail(err, RT_EFORMAT,
			       "%s holds %" PRId64 " samples, %s holds %" PRId64 " labels",
			       p->x_path, p->x.shape.dim[0], p->y_path, p->y.shape.dim[0]);
	return RT_OK;
}

/* Labels as i32; *classes grows to the largest plus one. */
static enum rt_status to_labels(struct pair *p, int *classes, struct rt_err *err)
{
	int64_t n = rt_tensor_count(&p->y);
	struct rt_tensor labels;
	void *to;

	RT_TRY(rt_tensor_new(&labels, RT_I32, &RT_SHAPE(n), err));
	RT_TRY(rt_tensor_write(&to, &labels, err));
	for (int64_t i = 0; i < n; i++) {
		double label = rt_tensor_get(&p->y, i);

		if (!(label >= 0 && label < MOST_CLASSES) || label != floor(label)) {
			rt_tensor_release(&labels);
			return rt_fail(err, RT_EFORMAT,
				       "%s: label %" PRId64 " is %g; labels are whole "
				       "numbers from 0 to %d",
				       p->y_path, i, label, MOST_CLASSES - 1);
		}
		((int32_t *)to)[i] = (int32_t)label;
		if (label >= *classes)
			*classes = (int)label + 1;
	}
	rt_tensor_release(&p->y);
	p->y = labels;
	return RT_OK;
}

/* Numbers in files of floating point, or with several to a sample, are regressed on. */
static bool is_class(const struct pair *p, const struct rt_data_load *opts)
{
	if (opts->task != RT_TASK_AUTO)
		return opts->task == RT_TASK_CLASSIFY;
	return p->y.shape.rank == 1 && !rt_dtype(p->y.dtype)->is_float;
}

static enum rt_status set_task(struct rt_data *d, struct pair *part, int nparts,
			       const struct rt_data_load *opts, struct rt_err *err)
{
	d->task = is_class(&part[0], opts) ? RT_CLASSIFY : RT_REGRESS;
	for (int i = 0; i < nparts; i++) {
		struct pair *p = &part[i];

		if (d->task == RT_CLASSIFY && p->y.shape.rank != 1)
			return rt_fail(err, RT_EFORMAT,
				       "%s: %" PRId64 " numbers a sample; a class is one",
				       p->y_path, rt_shape_span(&p->y.shape, 1, p->y.shape.rank));
		if (d->task == RT_CLASSIFY)
			RT_TRY(to_labels(p, &d->classes, err));
		else
			RT_TRY(to_floats(&p->y, p->y_path, err));
	}
	if (d->task == RT_CLASSIFY && d->classes < 2)
		return rt_fail(err, RT_EFORMAT, "%s: every label is 0; two classes are needed",
			       part[0].y_path);
	if (d->task == RT_REGRESS)
		d->outputs = (int)rt_shape_span(&part[0].y.shape, 1, part[0].y.shape.rank);
	return RT_OK;
}

/* -classes names the labels, and may name more than were met. */
static enum rt_status name_classes(struct rt_data *d, const struct pair *part,
				   const struct rt_strings *names, struct rt_err *err)
{
	if (names->n == 0)
		return RT_OK;
	if (d->task != RT_CLASSIFY || names->n < d->classes)
		return rt_fail(err, RT_EINVAL,
			       "-classes gives %d names, but the labels of %s go up to %d",
			       names->n, part[0].y_path, d->classes - 1);
	d->classes = names->n;
	d->class_name = rt_alloc((size_t)names->n, sizeof(*d->class_name));
	for (int i = 0; i < names->n; i++)
		d->class_name[i] = rt_strdup(names->v[i]);
	return RT_OK;
}

/* Puts the parts behind each other; one part is taken as it is. */
static enum rt_status join(struct rt_tensor *out, struct rt_tensor *a, struct rt_tensor *b,
			   struct rt_err *err)
{
	struct rt_shape shape = a->shape;
	void *to;

	if (!b) {
		*out = *a;
		*a = (struct rt_tensor){0};
		return RT_OK;
	}
	shape.dim[0] += b->shape.dim[0];
	RT_TRY(rt_tensor_new(out, a->dtype, &shape, err));
	RT_TRY(rt_tensor_write(&to, out, err));
	memcpy(to, rt_tensor_data(a), rt_tensor_bytes(a));
	memcpy((char *)to + rt_tensor_bytes(a), rt_tensor_data(b), rt_tensor_bytes(b));
	return RT_OK;
}

/* Both parts must hold the same kind of thing. */
static enum rt_status check_match(const struct pair *part, struct rt_err *err)
{
	char ta[96], tb[96];

	for (int i = 0; i < 2; i++) {
		const struct rt_tensor *a = i ? &part[0].y : &part[0].x,
				       *b = i ? &part[1].y : &part[1].x;
		struct rt_shape sa = a->shape, sb = b->shape;

		sa.dim[0] = sb.dim[0] = -1;
		if (a->dtype != b->dtype || !rt_shape_equal(&sa, &sb))
			return rt_fail(
				err, RT_EFORMAT, "%s holds %s of %s, %s holds %s of %s",
				i ? part[0].y_path : part[0].x_path,
				rt_shape_text(ta, sizeof(ta), &sa), rt_dtype(a->dtype)->row.name,
				i ? part[1].y_path : part[1].x_path,
				rt_shape_text(tb, sizeof(tb), &sb), rt_dtype(b->dtype)->row.name);
	}
	return RT_OK;
}

/* N x H x W are grey pictures, one channel each. */
static void set_sample(struct rt_data *d)
{
	struct rt_shape *s = &d->x.shape;

	if (s->rank == 3)
		*s = RT_SHAPE(s->dim[0], 1, s->dim[1], s->dim[2]);
	d->sample.rank = s->rank - 1;
	memcpy(d->sample.dim, s->dim + 1, (size_t)d->sample.rank * sizeof(*s->dim));
}

static enum rt_status assemble(struct rt_data *d, struct pair *part, int nparts,
			       const struct rt_data_load *opts, struct rt_err *err)
{
	int64_t first;
	struct rt_summary all;

	for (int i = 0; i < nparts; i++)
		RT_TRY(read_pair(&part[i], err));
	first = part[0].x.shape.dim[0];
	RT_TRY(set_task(d, part, nparts, opts, err));
	RT_TRY(name_classes(d, part, &opts->classes, err));
	if (nparts == 2)
		RT_TRY(check_match(part, err));
	RT_TRY(join(&d->x, &part[0].x, nparts == 2 ? &part[1].x : NULL, err));
	RT_TRY(join(&d->y, &part[0].y, nparts == 2 ? &part[1].y : NULL, err));
	d->n = d->x.shape.dim[0];
	if (d->task == RT_REGRESS)
		d->y.shape = RT_SHAPE(d->n, d->outputs);
	set_sample(d);
	if (nparts == 2) {
		data_part_range(d, RT_PART_TRAIN, 0, first);
		data_part_range(d, RT_PART_TEST, first, d->n);
	}
	d->high = 255;
	if (d->x.dtype != RT_U8) {
		data_summarize(&all, 1, rt_shape_count(&d->sample), d, RT_PART_ALL);
		d->low = (float)all.min;
		d->high = (float)all.max;
	}
	return RT_OK;
}

/* ---- one file with its labels beside it ---- */

/* name with the last `from` in its file part replaced by `to`; NULL when it is not there. */
static char *replace(const char *path, const char *from, const char *to)
{
	const char *slash = strrchr(path, '/'), *at = NULL;

	for (const char *c = slash ? slash : path; (c = strstr(c, from)); c++)
		at = c;
	if (!at)
		return NULL;
	return rt_sprintf("%.*s%s%s", (int)(at - path), path, to, at + strlen(from));
}

/* The path itself, or with .gz added or taken away, whichever exists; NULL otherwise. */
static char *existing(const char *path)
{
	size_t n = strlen(path);
	bool packed = n > 3 && strcmp(path + n - 3, ".gz") == 0;
	char *other;

	if (access(path, F_OK) == 0)
		return rt_strdup(path);
	other = packed ? rt_sprintf("%.*s", (int)n - 3, path) : rt_sprintf("%s.gz", path);
	if (access(other, F_OK) == 0)
		return other;
	free(other);
	return NULL;
}

/* The name with its last "idx" and digit replaced by "idx" and rank, for the caller to free. */
static char *with_rank(const char *path, int rank)
{
	char from[] = "idx0", to[] = "idx0", *name = NULL;

	to[3] = (char)('0' + rank);
	for (from[3] = '1'; from[3] <= '8' && !name; from[3]++)
		name = replace(path, from, to);
	return name ? name : rt_strdup(path);
}

/* Classes have one dimension, several numbers to a sample two. */
static enum rt_status find_labels(char **out, const char *path, struct rt_err *err)
{
	char *labels = replace(path, "images", "labels"), *classes, *numbers;

	*out = NULL;
	if (!labels)
		return rt_fail(err, RT_EINVAL,
			       "%s: no labels: the file of samples has \"images\" in its name, "
			       "the file beside it \"labels\"",
			       path);
	classes = with_rank(labels, 1);
	numbers = with_rank(labels, 2);
	*out = existing(classes);
	if (!*out)
		*out = existing(numbers);
	if (!*out)
		rt_fail(err, RT_ENOTFOUND, "%s: no labels beside it; looked for %s, plain and .gz",
			path, classes);
	free(classes);
	free(numbers);
	free(labels);
	return *out ? RT_OK : err->status;
}

enum rt_status data_from_idx(struct rt_data *d, const char *path, const unsigned char *bytes,
			     size_t len, const struct rt_data_load *opts, struct rt_err *err)
{
	struct pair p = {.x_path = rt_strdup(path)};
	enum rt_status status = bytes ? rt_idx_parse(&p.x, bytes, len, path, err)
				      : rt_idx_read(&p.x, path, err);

	if (status == RT_OK)
		status = find_labels(&p.y_path, path, err);
	if (status == RT_OK)
		status = assemble(d, &p, 1, opts, err);
	pair_release(&p);
	return status;
}

/* ---- a folder ---- */

/* "train-images-idx3-ubyte.gz" is part train, kind images, rank 3. */
struct idx_name {
	char part[32], kind[32];
	int rank;
};

static bool parse_name(struct idx_name *out, const char *name)
{
	const char *dash = strchr(name, '-'), *idx = NULL;
	size_t part, kind;

	for (const char *c = name; (c = strstr(c, "idx")); c++)
		if (c > name && (c[-1] == '-' || c[-1] == '.') && c[3] >= '1' && c[3] <= '8')
			idx = c;
	if (!dash || !idx || idx - 1 <= dash)
		return false;
	part = (size_t)(dash - name);
	kind = (size_t)(idx - 1 - (dash + 1));
	if (part == 0 || part >= sizeof(out->part) || kind == 0 || kind >= sizeof(out->kind))
		return false;
	*out = (struct idx_name){.rank = idx[3] - '0'};
	memcpy(out->part, name, part);
	memcpy(out->kind, dash + 1, kind);
	return true;
}

bool data_is_idx_folder(const char *path)
{
	struct rt_strings names = {0};
	struct idx_name idx;
	struct rt_err err;
	bool found = false;

	if (data_list_folder(&names, path, &err) != RT_OK)
		return false;
	for (int i = 0; i < names.n; i++)
		found = found || parse_name(&idx, names.v[i]);
	data_names_free(&names);
	return found;
}

/* The files of one part that can be samples or targets: the first of the wanted kind, or the only
 * other one.  Files come sorted, so a plain one before its .gz, which is the same again. */
static int choose(const struct rt_strings *names, const char *part, const char *wanted,
		  int min_rank, int max_rank, const char *except, struct rt_strings *kinds)
{
	struct idx_name idx, last = {0};
	int found = -1, n = 0;

	for (int i = 0; i < names->n; i++) {
		if (!parse_name(&idx, names->v[i]) || strcmp(idx.part, part) != 0 ||
		    strcmp(idx.kind, except) == 0)
			continue;
		if (strcmp(idx.kind, wanted) == 0)
			return i;
		if (idx.rank < min_rank || idx.rank > max_rank || strcmp(idx.kind, last.kind) == 0)
			continue;
		rt_strings_add(kinds, idx.kind);
		last = idx;
		found = i;
		n++;
	}
	return n == 1 ? found : -1;
}

static enum rt_status no_file(const char *what, const char *part, const char *wanted,
			      const char *path, const struct rt_strings *kinds, struct rt_err *err)
{
	char list[256];

	if (kinds->n)
		return rt_fail(err, RT_ENOTFOUND,
			       "%s: which are the %s of part %s?  There are %s%s", path, what, part,
			       data_names_text(list, sizeof(list), kinds),
			       strcmp(what, "labels") ? "" : "   (try: -target)");
	return rt_fail(err, RT_ENOTFOUND, "%s: no %s of part %s (%s-%s-idx...)", path, what, part,
		       part, wanted);
}

/* Names the two files of a part. */
static enum rt_status find_pair(struct pair *p, const char *path, const char *part,
				const struct rt_strings *names, const char *target,
				struct rt_err *err)
{
	struct rt_strings kinds = {0};
	struct idx_name idx = {0};
	enum rt_status status = RT_OK;
	int x, y;

	y = choose(names, part, target ? target : "labels", 1, target ? 0 : 1, "", &kinds);
	if (y < 0) {
		status = no_file("labels", part, target ? target : "labels", path, &kinds, err);
		goto out;
	}
	parse_name(&idx, names->v[y]);
	data_names_free(&kinds);
	x = choose(names, part, "images", 2, RT_MAX_RANK, idx.kind, &kinds);
	if (x < 0) {
		status = no_file("samples", part, "images", path, &kinds, err);
		goto out;
	}
	p->x_path = rt_sprintf("%s/%s", path, names->v[x]);
	p->y_path = rt_sprintf("%s/%s", path, names->v[y]);
out:
	data_names_free(&kinds);
	return status;
}

/* "train" comes first; the other part, if any, is for testing. */
static enum rt_status find_parts(struct rt_strings *parts, const char *path,
				 const struct rt_strings *names, struct rt_err *err)
{
	struct idx_name idx;
	char list[256];

	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < names->n; i++) {
			bool train, known = false;

			if (!parse_name(&idx, names->v[i]))
				continue;
			train = strcmp(idx.part, "train") == 0;
			for (int k = 0; k < parts->n; k++)
				known = known || strcmp(parts->v[k], idx.part) == 0;
			if (!known && train == (pass == 0))
				rt_strings_add(parts, idx.part);
		}
	}
	if (parts->n > 2 || (parts->n == 2 && strcmp(parts->v[0], "train") != 0))
		return rt_fail(err, RT_EFORMAT,
			       "%s: has the parts %s; train and one other can be used", path,
			       data_names_text(list, sizeof(list), parts));
	return RT_OK;
}

enum rt_status data_from_idx_folder(struct rt_data *d, const char *path,
				    const struct rt_data_load *opts, struct rt_err *err)
{
	struct rt_strings names = {0}, parts = {0};
	struct pair pair[2] = {0};
	enum rt_status status;

	status = data_list_folder(&names, path, err);
	if (status == RT_OK)
		status = find_parts(&parts, path, &names, err);
	for (int i = 0; i < parts.n && status == RT_OK; i++)
		status = find_pair(&pair[i], path, parts.v[i], &names, opts->target, err);
	if (status == RT_OK)
		status = assemble(d, pair, parts.n, opts, err);
	pair_release(&pair[0]);
	pair_release(&pair[1]);
	data_names_free(&names);
	data_names_free(&parts);
	return status;
}
