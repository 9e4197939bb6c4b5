/* png.c - PNG pictures in and out, through libpng. */
#include "config.h"

#include "io/png.h"
#include "base/file.h"
#include "base/mem.h"

#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PIXELS ((int64_t)1 << 28)
/* Deflate never shrinks by more than this. */
#define DEFLATE_MAX 1032

/* What libpng's callbacks need; it outlives the longjmp because it belongs to the caller. */
struct reader {
	png_structp png;
	png_infop info;
	const unsigned char *bytes;
	size_t len, at;
	const char *name;
	struct rt_err *err;
	uint8_t *raw; /* h rows of w x planes */
	png_bytep *rows;
	int w, h, planes;
};

static void on_error(png_structp png, png_const_charp msg)
{
	struct reader *r = png_get_error_ptr(png);

	if (r->at > r->len)
		rt_fail(r->err, RT_EFORMAT, "%s: cut off: a PNG that goes on after its %zu bytes",
			r->name, r->len);
	else
		rt_fail(r->err, RT_EFORMAT, "%s: damaged PNG at byte %zu of %zu: %s", r->name,
			r->at, r->len, msg);
	png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp msg)
{
	(void)png;
	(void)msg;
}

static void on_read(png_structp png, png_bytep out, size_t n)
{
	struct reader *r = png_get_io_ptr(png);

	if (n > r->len - r->at) {
		r->at = r->len + 1;
		png_error(png, "cut off");
	}
	memcpy(out, r->bytes + r->at, n);
	r->at += n;
}

/* Chunks up to the first IDAT; then size and planes are known. */
static bool read_header(struct reader *r)
{
	if (setjmp(png_jmpbuf(r->png)))
		return false;
	png_set_user_limits(r->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	png_read_info(r->png, r->info);
	r->w = (int)png_get_image_width(r->png, r->info);
	r->h = (int)png_get_image_height(r->png, r->info);
	return true;
}

/* True when the picture has colour, palettes looked into. */
static bool has_colour(const struct reader *r)
{
	png_colorp color;
	int n;

	if (png_get_color_type(r->png, r->info) != PNG_COLOR_TYPE_PALETTE)
		return png_get_color_type(r->png, r->info) & PNG_COLOR_MASK_COLOR;
	if (!png_get_PLTE(r->png, r->info, &color, &n))
		return false;
	for (int i = 0; i < n; i++)
		if (color[i].red != color[i].green || color[i].red != color[i].blue)
			return true;
	return false;
}

/* Refuses sizes that the file cannot hold before anything is allocated for them. */
static enum rt_status check_size(const struct reader *r)
{
	double bits =
		(double)png_get_bit_depth(r->png, r->info) * png_get_channels(r->png, r->info);
	double need = ((double)r->w * bits / 8 + 1) * r->h;

	if ((int64_t)r->w * r->h > MAX_PIXELS)
		return rt_fail(r->err, RT_ENOMEM, "%s: %d x %d pixels are more than %lld", r->name,
			       r->w, r->h, (long long)MAX_PIXELS);
	/* Interlacing drops the filter bytes of empty passes, never pixels. */
	if ((double)r->w * r->h * bits / 8 > (double)r->len * DEFLATE_MAX)
		return rt_fail(r->err, RT_EFORMAT,
			       "%s: claims %d x %d pixels (%.0f bytes), but %zu bytes of PNG "
			       "cannot hold them",
			       r->name, r->w, r->h, need, r->len);
	return RT_OK;
}

/* 8 bits a channel, palettes and transparency expanded. */
static bool read_pixels(struct reader *r)
{
	if (setjmp(png_jmpbuf(r->png)))
		return false;
	png_set_scale_16(r->png);
	png_set_expand(r->png);
	png_set_interlace_handling(r->png);
	png_read_update_info(r->png, r->info);
	r->planes = png_get_channels(r->png, r->info);
	r->raw = calloc((size_t)r->h, png_get_rowbytes(r->png, r->info));
	r->rows = calloc((size_t)r->h, sizeof(*r->rows));
	if (!r->raw || !r->rows) {
		rt_fail(r->err, RT_ENOMEM, "%s: no memory for %d x %d pixels", r->name, r->w, r->h);
		return false;
	}
	for (int y = 0; y < r->h; y++)
		r->rows[y] = r->raw + (size_t)y * png_get_rowbytes(r->png, r->info);
	png_read_image(r->png, r->rows);
	png_read_end(r->png, NULL);
	return true;
}

/* v with coverage a over white, rounded. */
static uint8_t over_white(int v, int a)
{
	return (uint8_t)((v * a + 255 * (255 - a) + 127) / 255);
}

/* Luma of ITU-R BT.601, rounded. */
static uint8_t luma(const uint8_t *rgb)
{
	return (uint8_t)((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);
}

static void convert(struct rt_image *out, const struct reader *r)
{
	int colours = r->planes < 3 ? 1 : 3;
	bool alpha = r->planes == 2 || r->planes == 4;

	for (int64_t i = 0; i < (int64_t)r->w * r->h; i++) {
		const uint8_t *from = r->raw + i * r->planes;
		uint8_t *to = out->pixel + i * out->channels;
		uint8_t v[3];

		for (int c = 0; c < 3; c++) {
			v[c] = from[colours == 3 ? c : 0];
			if (alpha)
				v[c] = over_white(v[c], from[colours]);
		}
		if (out->channels == 3)
			memcpy(to, v, 3);
		else
			*to = colours == 3 ? luma(v) : v[0];
	}
}

static enum rt_status reader_open(struct reader *r)
{
	if (r->len < 8 || png_sig_cmp(r->bytes, 0, 8) != 0)
		return rt_fail(r->err, RT_EFORMAT, "%s: not a PNG file", r->name);
	r->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, r, on_error, on_warning);
	if (r->png)
		r->info = png_create_info_struct(r->png);
	if (!r->info)
		return rt_fail(r->err, RT_ENOMEM, "%s: no memory to read it", r->name);
	png_set_read_fn(r->png, r, on_read);
	if (!read_header(r))
		return r->err->status;
	return check_size(r);
}

static void reader_close(struct reader *r)
{
	png_destroy_read_struct(&r->png, &r->info, NULL);
	free(r->raw);
	free(r->rows);
}

static enum rt_status image_alloc(struct rt_image *img, int w, int h, int channels,
				  const char *name, struct rt_err *err)
{
	uint8_t *pixel = calloc((size_t)w * (size_t)h, (size_t)channels);

	if (!pixel)
		return rt_fail(err, RT_ENOMEM, "%s: no memory for %d x %d pixels", name, w, h);
	*img = (struct rt_image){w, h, channels, pixel};
	return RT_OK;
}

enum rt_status rt_png_parse(struct rt_image *out, const void *bytes, size_t len, const char *name,
			    int channels, struct rt_err *err)
{
	struct reader r = {.bytes = bytes, .len = len, .name = name, .err = err};
	enum rt_status status;

	*out = (struct rt_image){0};
	status = reader_open(&r);
	if (status == RT_OK && channels == 0)
		channels = has_colour(&r) ? 3 : 1;
	if (status == RT_OK && !read_pixels(&r))
		status = err->status;
	if (status == RT_OK)
		status = image_alloc(out, r.w, r.h, channels, name, err);
	if (status == RT_OK)
		convert(out, &r);
	reader_close(&r);
	return status;
}

enum rt_status rt_png_info(struct rt_image *out, const char *path, struct rt_err *err)
{
	struct reader r = {.name = path, .err = err};
	enum rt_status status;
	unsigned char *bytes;

	*out = (struct rt_image){0};
	RT_TRY(rt_file_read(&bytes, &r.len, path, err));
	r.bytes = bytes;
	status = reader_open(&r);
	if (status == RT_OK)
		*out = (struct rt_image){r.w, r.h, has_colour(&r) ? 3 : 1, NULL};
	reader_close(&r);
	free(bytes);
	return status;
}

enum rt_status rt_png_read(struct rt_image *out, const char *path, int channels, struct rt_err *err)
{
	unsigned char *bytes;
	enum rt_status status;
	size_t len;

	*out = (struct rt_image){0};
	RT_TRY(rt_file_read(&bytes, &len, path, err));
	status = rt_png_parse(out, bytes, len, path, channels, err);
	free(bytes);
	return status;
}

/* ---- writing ---- */

struct writer {
	png_structp png;
	png_infop info;
	const char *path;
	struct rt_err *err;
	FILE *stream;
};

static void on_write_error(png_structp png, png_const_charp msg)
{
	struct writer *w = png_get_error_ptr(png);

	rt_fail(w->err, RT_EIO, "%s: %s", w->path, msg);
	png_longjmp(png, 1);
}

static void on_write(png_structp png, png_bytep bytes, size_t n)
{
	struct writer *w = png_get_io_ptr(png);

	/* A stream that fails is noticed by rt_out_commit(), which knows the reason. */
	fwrite(bytes, 1, n, w->stream);
}

static void on_flush(png_structp png)
{
	(void)png;
}

/* tEXt holds Latin-1 only; other texts go to iTXt, which holds UTF-8. */
static void set_text(struct writer *w, const char *comment)
{
	png_text text[2] = {{0}};
	bool ascii = true;

	text[0].key = (char *)"Software";
	text[0].text = (char *)"retort";
	text[0].compression = PNG_TEXT_COMPRESSION_NONE;
	for (const char *c = comment; c && *c; c++)
		ascii = ascii && (unsigned char)*c < 0x80;
	text[1].key = (char *)"Comment";
	text[1].text = (char *)comment;
	text[1].compression = ascii ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
	png_set_text(w->png, w->info, text, comment ? 2 : 1);
}

static bool write_image(struct writer *w, const struct rt_image *img, const char *comment)
{
	if (setjmp(png_jmpbuf(w->png)))
		return false;
	png_set_IHDR(w->png, w->info, (png_uint_32)img->w, (png_uint_32)img->h, 8,
		     img->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
		     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	set_text(w, comment);
	png_write_info(w->png, w->info);
	for (int y = 0; y < img->h; y++)
		png_write_row(w->png,
			      img->pixel + (size_t)y * (size_t)img->w * (size_t)img->channels);
	png_write_end(w->png, w->info);
	return true;
}

enum rt_status rt_png_write(const struct rt_image *img, const char *path, const char *comment,
			    struct rt_err *err)
{
	struct writer w = {.path = path, .err = err};
	enum rt_status status = RT_OK;
	struct rt_out out = {0};

	if (img->w < 1 || img->h < 1 || (img->channels != 1 && img->channels != 3))
		return rt_fail(err, RT_EINVAL,
			       "%s: a picture of %d x %d pixels and %d channels is no PNG", path,
			       img->w, img->h, img->channels);
	RT_TRY(rt_out_begin(&out, path, err));
	w.stream = out.stream;
	w.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &w, on_write_error, on_warning);
	if (w.png)
		w.info = png_create_info_struct(w.png);
	if (!w.info) {
		status = rt_fail(err, RT_ENOMEM, "%s: no memory to write it", path);
		goto out;
	}
	png_set_write_fn(w.png, &w, on_write, on_flush);
	if (!write_image(&w, img, comment))
		status = err->status;
out:
	png_destroy_write_struct(&w.png, &w.info);
	if (status == RT_OK)
		return rt_out_commit(&out, err);
	rt_out_abort(&out);
	return status;
}
