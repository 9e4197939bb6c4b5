/* safetensors.h - named arrays in one file, as Hugging Face's safetensors lays them out.
 *
 * A file is the length of a header (u64, least significant byte first), the header, a JSON object
 * with type, shape and place of every array, and the bytes of the arrays without gaps.
 */
#ifndef RT_IO_SAFETENSORS_H
#define RT_IO_SAFETENSORS_H

#include "tensor/tensor.h"

/* Arrays by name; {0} before use. */
struct rt_named {
	char *name;
	struct rt_tensor data;
};
struct rt_tensors {
	struct rt_named *v;
	int n, cap;
};

/* Adds a copy of the name; takes *data (leaves {0}). */
void rt_tensors_add(struct rt_tensors *t, const char *name, struct rt_tensor *data);

/* The array of that name, borrowed, or NULL. */
struct rt_named *rt_tensors_find(const struct rt_tensors *t, const char *name);

/* Frees everything and leaves {0}. */
void rt_tensors_release(struct rt_tensors *t);

/* Reads all arrays in their own types, in the order of the header; the caller releases *out.
 * Errors: RT_EIO, RT_ENOMEM, RT_EFORMAT (what is wrong, and with which array), RT_EUNSUPPORTED
 * (8-bit floats). */
enum rt_status rt_safetensors_read(struct rt_tensors *out, const char *path, struct rt_err *err);

/* Writes them in their order, atomically; the same arrays give the same bytes.  Errors: RT_EIO. */
enum rt_status rt_safetensors_write(const char *path, const struct rt_tensors *t,
				    struct rt_err *err);

#endif
