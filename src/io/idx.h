/* idx.h - IDX arrays, the format of MNIST (Y. LeCun, "The IDX file format").
 *
 * Bytes 0 0 TYPE RANK, RANK sizes and then the elements, all big-endian.
 */
#ifndef RT_IO_IDX_H
#define RT_IO_IDX_H

#include "tensor/tensor.h"

/* Reads a file, plain or gzipped, of any type (u8, i8, i16, i32, f32, f64) and a rank of 1 to
 * 8.  The caller releases.  Errors: RT_ENOTFOUND, RT_EIO, RT_ENOMEM, RT_EFORMAT (not IDX, cut
 * off, or longer than its sizes say, with both numbers). */
enum rt_status rt_idx_read(struct rt_tensor *out, const char *path, struct rt_err *err);

/* The same from memory; name is used in errors. */
enum rt_status rt_idx_parse(struct rt_tensor *out, const void *bytes, size_t len, const char *name,
			    struct rt_err *err);

/* True for a readable file that is IDX and not gzipped: it is read piece by piece. */
bool rt_idx_is_plain(const char *path);

/* True when bytes begin as IDX does. */
bool rt_idx_sniff(const void *bytes, size_t len);

/* Writes t atomically, not gzipped.  Errors: RT_EUNSUPPORTED (a type IDX does not have, more
 * than 2^32 - 1 in a dimension), RT_EIO. */
enum rt_status rt_idx_write(const struct rt_tensor *t, const char *path, struct rt_err *err);

#endif
