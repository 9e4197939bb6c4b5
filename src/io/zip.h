/* zip.h - ZIP archives in memory, as far as npz files need them: stored and deflated members. */
#ifndef RT_IO_ZIP_H
#define RT_IO_ZIP_H

#include "base/err.h"
#include "base/file.h"

struct rt_zip_entry {
	char *name;
	size_t len;		/* unpacked */
	size_t packed;		/* bytes in the file */
	size_t at;		/* of the packed bytes */
	uint32_t crc;
	bool deflated;
};

struct rt_zip {
	const char *file;	/* name for errors, borrowed */
	const unsigned char *bytes; /* borrowed */
	size_t size;
	int n;
	struct rt_zip_entry *entry;
};

/* Lists the members of an archive.  The caller releases.  Errors: RT_EFORMAT (no archive, cut off,
 * members outside of the file), RT_EUNSUPPORTED (encrypted, other methods, ZIP64). */
enum rt_status rt_zip_open(struct rt_zip *z, const void *bytes, size_t len, const char *file,
			struct rt_err *err);
void rt_zip_release(struct rt_zip *z);

/* The bytes of member i, checked by their CRC; the caller frees. */
enum rt_status rt_zip_extract(unsigned char **out, const struct rt_zip *z, int i,
			      struct rt_err *err);

/* An archive being written to a stream, member by member, stored. */
struct rt_zip_writer {
	FILE *stream;		/* borrowed */
	size_t at;
	int n, cap;
	struct rt_zip_entry *entry;
};
void rt_zip_add(struct rt_zip_writer *w, const char *name, const void *bytes, size_t len);

/* Writes the list of members and releases w. */
void rt_zip_finish(struct rt_zip_writer *w);

#endif
