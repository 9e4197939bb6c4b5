/* npy.h - NumPy's arrays: one in a .npy file, several by name in a .npz file. */
#ifndef RT_IO_NPY_H
#define RT_IO_NPY_H

#include "tensor/tensor.h"

/* Reads an array (format 1.0 to 3.0; every element type that has a descr, either byte
 * order).  The caller releases.  Errors: RT_ENOTFOUND, RT_EIO, RT_ENOMEM, RT_EFORMAT (not npy,
 * cut off or too long, with both numbers), RT_EUNSUPPORTED (another type, more than RT_MAX_RANK
 * dimensions, Fortran order). */
enum rt_status rt_npy_read(struct rt_tensor *out, const char *path, struct rt_err *err);

/* The same from memory; name is used in errors. */
enum rt_status rt_npy_parse(struct rt_tensor *out, const void *bytes, size_t len, const char *name,
			    struct rt_err *err);

/* Writes t atomically in format 1.0, C order.  Errors: RT_EUNSUPPORTED (bf16), RT_EIO. */
enum rt_status rt_npy_write(const struct rt_tensor *t, const char *path, struct rt_err *err);

/* Appends the bytes of such a file to out; name is used in errors.  Errors: RT_EUNSUPPORTED
 * (bf16). */
enum rt_status rt_npy_pack(struct rt_str *out, const struct rt_tensor *t, const char *name,
			   struct rt_err *err);

/* Arrays in the order of the file. */
struct rt_npz {
	int n;
	char **name;		/* without ".npy" */
	struct rt_tensor *tensor;
};

/* Reads every array of an archive.  The caller releases.  Errors: those of rt_npy_read() with the
 * array's name, and RT_EFORMAT of a damaged archive. */
enum rt_status rt_npz_read(struct rt_npz *out, const char *path, struct rt_err *err);
void rt_npz_release(struct rt_npz *npz);

/* The array of that name, borrowed, or NULL. */
const struct rt_tensor *rt_npz_find(const struct rt_npz *npz, const char *name);

/* Writes n arrays atomically, not packed; the same arrays always make the same bytes.
 * Errors: RT_EUNSUPPORTED (bf16, more than 65,535 arrays or 4 GB), RT_EIO. */
enum rt_status rt_npz_write(const char *path, int n, const char *const *name,
			    const struct rt_tensor *const *tensor, struct rt_err *err);

#endif
