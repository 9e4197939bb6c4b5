/* npy.c - reads and writes NumPy arrays (NEP 1, "A simple file format for NumPy arrays"). */
#include "config.h"

#include "io/npy.h"
#include "base/file.h"
#include "base/mem.h"
#include "io/bytes.h"
#include "io/gz.h"
#include "io/zip.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC "\x93NUMPY"
/* The header is padded so that the elements begin at a multiple of this. */
#define ALIGN 64

struct header {
	enum rt_dtype dtype;
	bool swapped; /* elements are not in this machine's order */
	struct rt_shape shape;
	size_t at; /* of the first element */
};

/* The text behind 'key': in the header, a Python dictionary; NULL when it is not there. */
static const char *find_key(const char *text, const char *key)
{
	char quoted[32];
	const char *at;

	snprintf(quoted, sizeof(quoted), "'%s'", key);
	at = strstr(text, quoted);
	if (!at)
		return NULL;
	at += strlen(quoted);
	at += strspn(at, " ");
	if (*at != ':')
		return NULL;
	at++;
	return at + strspn(at, " ");
}

/* '<f4', '>i8', '|u1' ... */
static enum rt_status parse_descr(struct header *h, const char *text, const char *name,
				  struct rt_err *err)
{
	size_t n;

	if (!text || *text != '\'')
		return rt_fail(err, RT_EUNSUPPORTED, "%s: the array has no simple element type",
			       name);
	text++;
	n = strcspn(text, "'");
	for (int t = 0; t < RT_DTYPES; t++) {
		const char *descr = rt_dtype((enum rt_dtype)t)->npy;

		if (!descr || strlen(descr) != n || strncmp(descr + 1, text + 1, n - 1) != 0)
			continue;
		h->dtype = (enum rt_dtype)t;
		h->swapped =
			*text == '>' ? is_little_endian() : *text == '<' && !is_little_endian();
		return RT_OK;
	}
	return rt_fail(err, RT_EUNSUPPORTED, "%s: element type \"%.*s\" cannot be read", name,
		       n < 40 ? (int)n : 40, text);
}

/* (), (5,), (3, 4) */
static enum rt_status parse_shape(struct header *h, const char *text, const char *name,
				  struct rt_err *err)
{
	if (!text || *text != '(')
		return rt_fail(err, RT_EFORMAT, "%s: the header gives no shape", name);
	for (text++;; text++) {
		char *end;
		long long v;

		text += strspn(text, " ");
		if (*text == ')')
			return RT_OK;
		if (!isdigit((unsigned char)*text))
			return rt_fail(err, RT_EFORMAT, "%s: the shape in the header is damaged",
				       name);
		v = strtoll(text, &end, 10);
		if (h->shape.rank == RT_MAX_RANK)
			return rt_fail(err, RT_EUNSUPPORTED, "%s: more than %d dimensions", name,
				       RT_MAX_RANK);
		h->shape.dim[h->shape.rank++] = v;
		text = end + strspn(end, " ");
		if (*text == ')')
			return RT_OK;
		if (*text != ',')
			return rt_fail(err, RT_EFORMAT, "%s: the shape in the header is damaged",
				       name);
	}
}

static enum rt_status parse_dict(struct header *h, const char *text, const char *name,
				 struct rt_err *err)
{
	const char *order = find_key(text, "fortran_order");

	RT_TRY(parse_descr(h, find_key(text, "descr"), name, err));
	RT_TRY(parse_shape(h, find_key(text, "shape"), name, err));
	if (order && strncmp(order, "True", 4) == 0 && h->shape.rank > 1)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "%s: stored in Fortran order; save numpy.ascontiguousarray(array)",
			       name);
	return RT_OK;
}

static enum rt_status parse_header(struct header *h, const unsigned char *bytes, size_t len,
				   const char *name, struct rt_err *err)
{
	size_t begin, size;
	enum rt_status status;
	char *text;

	*h = (struct header){0};
	if (len < 10 || memcmp(bytes, MAGIC, 6) != 0)
		return rt_fail(err, RT_EFORMAT, "%s: not an npy file", name);
	if (bytes[6] < 1 || bytes[6] > 3 || (bytes[6] > 1 && len < 12))
		return rt_fail(err, RT_EUNSUPPORTED, "%s: npy format %d.%d; 1.0 to 3.0 can be read",
			       name, bytes[6], bytes[7]);
	begin = bytes[6] == 1 ? 10 : 12;
	size = bytes[6] == 1 ? le16(bytes + 8) : le32(bytes + 8);
	if (size > len - begin)
		return rt_fail(err, RT_EFORMAT, "%s: cut off: %zu bytes, the npy header has %zu",
			       name, len, begin + size);
	text = rt_alloc(size + 1, 1);
	memcpy(text, bytes + begin, size);
	status = parse_dict(h, text, name, err);
	free(text);
	h->at = begin + size;
	return status;
}

enum rt_status rt_npy_parse(struct rt_tensor *out, const void *bytes, size_t len, const char *name,
			    struct rt_err *err)
{
	struct header h;
	size_t element, need, have;
	char text[160];
	void *to;

	*out = (struct rt_tensor){0};
	RT_TRY(parse_header(&h, bytes, len, name, err));
	element = need = rt_dtype(h.dtype)->size;
	for (int i = 0; i < h.shape.rank; i++)
		if (__builtin_mul_overflow(need, (size_t)h.shape.dim[i], &need) ||
		    need > SIZE_MAX / 4)
			return rt_fail(err, RT_EFORMAT,
				       "%s: the header says %s, the file has %zu bytes", name,
				       rt_shape_text(text, sizeof(text), &h.shape), len);
	have = len - h.at;
	if (have != need)
		return rt_fail(err, RT_EFORMAT,
			       "%s: %s: the header says %s (%zu bytes), %zu bytes follow", name,
			       have < need ? "cut off" : "too long",
			       rt_shape_text(text, sizeof(text), &h.shape), need, have);
	if (rt_tensor_new(out, h.dtype, &h.shape, err) != RT_OK ||
	    rt_tensor_write(&to, out, err) != RT_OK)
		return rt_wrap(err, "%s", name);
	if (h.swapped)
		copy_swapped(to, (const unsigned char *)bytes + h.at, element,
			     rt_tensor_count(out));
	else
		memcpy(to, (const unsigned char *)bytes + h.at, need);
	return RT_OK;
}

enum rt_status rt_npy_read(struct rt_tensor *out, const char *path, struct rt_err *err)
{
	unsigned char *bytes;
	enum rt_status status;
	size_t len;

	*out = (struct rt_tensor){0};
	RT_TRY(rt_gz_read(&bytes, &len, path, err));
	status = rt_npy_parse(out, bytes, len, path, err);
	free(bytes);
	return status;
}

/* Appends magic, version and the padded dictionary. */
static enum rt_status add_header(struct rt_str *out, const struct rt_tensor *t, const char *name,
				 struct rt_err *err)
{
	struct rt_str dict = {0};
	const char *descr = rt_dtype(t->dtype)->npy;
	unsigned char size[2];

	if (!descr)
		return rt_fail(err, RT_EUNSUPPORTED, "%s: npy files have no %s arrays", name,
			       rt_dtype(t->dtype)->row.name);
	rt_str_addf(&dict, "{'descr': '%c%s', 'fortran_order': False, 'shape': (",
		    descr[0] == '<' && !is_little_endian() ? '>' : descr[0], descr + 1);
	for (int i = 0; i < t->shape.rank; i++)
		rt_str_addf(&dict, "%s%" PRId64, i ? ", " : "", t->shape.dim[i]);
	rt_str_add(&dict, t->shape.rank == 1 ? ",), }" : "), }");
	while ((10 + dict.len + 1) % ALIGN)
		rt_str_addc(&dict, ' ');
	rt_str_addc(&dict, '\n');
	put_le16(size, (unsigned)dict.len);
	rt_str_addn(out, MAGIC "\1", 8);
	rt_str_addn(out, (char *)size, 2);
	rt_str_addn(out, dict.text, dict.len);
	rt_str_release(&dict);
	return RT_OK;
}

enum rt_status rt_npy_write(const struct rt_tensor *t, const char *path, struct rt_err *err)
{
	struct rt_str head = {0};
	struct rt_out out;
	enum rt_status status = add_header(&head, t, path, err);

	if (status == RT_OK)
		status = rt_out_begin(&out, path, err);
	if (status == RT_OK) {
		fwrite(head.text, 1, head.len, out.stream);
		fwrite(rt_tensor_data(t), 1, rt_tensor_bytes(t), out.stream);
		status = rt_out_commit(&out, err);
	}
	rt_str_release(&head);
	return status;
}

static bool ends_in_npy(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcmp(name + n - 4, ".npy") == 0;
}

static enum rt_status read_member(struct rt_npz *out, const struct rt_zip *z, int i,
				  struct rt_err *err)
{
	const char *name = z->entry[i].name;
	unsigned char *bytes;
	enum rt_status status;
	char *where;

	if (!ends_in_npy(name))
		return rt_fail(err, RT_EFORMAT, "%s: member %s is no npy array", z->file, name);
	RT_TRY(rt_zip_extract(&bytes, z, i, err));
	where = rt_sprintf("%s: %s", z->file, name);
	status = rt_npy_parse(&out->tensor[out->n], bytes, z->entry[i].len, where, err);
	free(where);
	free(bytes);
	if (status != RT_OK)
		return status;
	out->name[out->n] = rt_strdup(name);
	out->name[out->n][strlen(name) - 4] = '\0';
	out->n++;
	return RT_OK;
}

enum rt_status rt_npz_read(struct rt_npz *out, const char *path, struct rt_err *err)
{
	unsigned char *bytes;
	struct rt_zip z = {0};
	enum rt_status status;
	size_t len;

	*out = (struct rt_npz){0};
	RT_TRY(rt_gz_read(&bytes, &len, path, err));
	status = rt_zip_open(&z, bytes, len, path, err);
	if (status == RT_OK) {
		out->name = rt_alloc((size_t)z.n, sizeof(*out->name));
		out->tensor = rt_alloc((size_t)z.n, sizeof(*out->tensor));
	}
	for (int i = 0; i < z.n && status == RT_OK; i++)
		status = read_member(out, &z, i, err);
	rt_zip_release(&z);
	free(bytes);
	if (status != RT_OK)
		rt_npz_release(out);
	return status;
}

void rt_npz_release(struct rt_npz *npz)
{
	for (int i = 0; i < npz->n; i++) {
		free(npz->name[i]);
		rt_tensor_release(&npz->tensor[i]);
	}
	free(npz->name);
	free(npz->tensor);
	*npz = (struct rt_npz){0};
}

const struct rt_tensor *rt_npz_find(const struct rt_npz *npz, const char *name)
{
	for (int i = 0; i < npz->n; i++)
		if (strcmp(npz->name[i], name) == 0)
			return &npz->tensor[i];
	return NULL;
}

enum rt_status rt_npy_pack(struct rt_str *out, const struct rt_tensor *t, const char *name,
			   struct rt_err *err)
{
	RT_TRY(add_header(out, t, name, err));
	rt_str_addn(out, rt_tensor_data(t), rt_tensor_bytes(t));
	return RT_OK;
}

/* Adds one array to the archive, as a member in one piece. */
static enum rt_status add_member(struct rt_zip_writer *w, const char *name,
				 const struct rt_tensor *t, const char *path, struct rt_err *err)
{
	struct rt_str bytes = {0};
	char *member;

	RT_TRY(rt_npy_pack(&bytes, t, path, err));
	member = rt_sprintf("%s.npy", name);
	rt_zip_add(w, member, bytes.text, bytes.len);
	rt_str_release(&bytes);
	free(member);
	return RT_OK;
}

enum rt_status rt_npz_write(const char *path, int n, const char *const *name,
			    const struct rt_tensor *const *tensor, struct rt_err *err)
{
	struct rt_zip_writer w = {0};
	struct rt_out out;
	enum rt_status status = RT_OK;
	size_t total = 0;

	for (int i = 0; i < n; i++)
		total += rt_tensor_bytes(tensor[i]) + strlen(name[i]) * 2 + 1024;
	if (n > 65535 || total > UINT32_MAX)
		return rt_fail(err, RT_EUNSUPPORTED,
			       "%s: %d arrays of %zu bytes; npz files here hold 65535 and "
			       "4 GB",
			       path, n, total);
	RT_TRY(rt_out_begin(&out, path, err));
	w.stream = out.stream;
	for (int i = 0; i < n && status == RT_OK; i++)
		status = add_member(&w, name[i], tensor[i], path, err);
	rt_zip_finish(&w);
	if (status == RT_OK)
		return rt_out_commit(&out, err);
	rt_out_abort(&out);
	return status;
}
