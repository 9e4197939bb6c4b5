/* gz.h - whole files in, plain or gzipped. */
#ifndef RT_IO_GZ_H
#define RT_IO_GZ_H

#include "base/err.h"

/* Unpacked files larger than this are refused. */
#define RT_GZ_LIMIT ((size_t)1 << 31)

/* Reads all of path into *out (caller frees; one zero byte follows the *len bytes), unpacked
 * when it begins as gzip does, whatever its name.  Errors: RT_ENOTFOUND, RT_EIO, RT_ENOMEM,
 * RT_EFORMAT (damaged or cut-off gzip data, or more than RT_GZ_LIMIT bytes). */
enum rt_status rt_gz_read(unsigned char **out, size_t *len, const char *path, struct rt_err *err);

/* Unpacks the gzip data (one or more members) of a file called name; at most limit bytes. */
enum rt_status rt_gz_unpack(unsigned char **out, size_t *len, const void *bytes, size_t nbytes,
			    size_t limit, const char *name, struct rt_err *err);

#endif
