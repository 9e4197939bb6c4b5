/* csv.h - tables of text: CSV (RFC 4180), and the same with tabs or semicolons. */
#ifndef RT_IO_CSV_H
#define RT_IO_CSV_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rt_csv_header { RT_CSV_HEADER_AUTO, RT_CSV_HEADER_YES, RT_CSV_HEADER_NO };

/* Every row has the same number of cells. */
struct rt_csv {
	char *text;		/* the file; the cells are cut out of it in place */
	int ncols;
	int64_t nrows;		/* without the header */
	char **name;		/* [ncols] header cells; "c1", "c2" ... where there is none */
	char **cell;		/* [nrows][ncols], unquoted; they may be changed in place */
	int64_t *line;		/* [nrows] the line of the file, from 1, where a row begins */
	char *made;		/* the text of names that the file does not give */
};

/* Reads a table, plain or gzipped.  separator 0: a tab for .tsv, else the one of , ; and tab
 * that the first row has most of.  Quoted cells may hold separators, line ends and doubled quotes;
 * between tabs a cell is quoted only when the quotes close at its end, on the same line.  Lines end
 * with LF, CRLF or CR; empty lines and a UTF-8 byte order mark are skipped.  HEADER_AUTO: the first
 * row is a header when it holds no number, or a word where the second row has a number.  The caller
 * releases.  Errors: RT_ENOTFOUND, RT_EIO, RT_ENOMEM, RT_EFORMAT ("file:17: 29 fields, the
 * header has 31"; a quote that is not closed; no row; two columns of one name; a zero byte). */
enum rt_status rt_csv_read(struct rt_csv *out, const char *path, char separator,
			   enum rt_csv_header header, struct rt_err *err);

/* The same from memory: takes text (malloc'd, with a zero byte after its len bytes) also on
 * failure. */
enum rt_status rt_csv_parse(struct rt_csv *out, char *text, size_t len, const char *name,
			    char separator, enum rt_csv_header header, struct rt_err *err);

void rt_csv_release(struct rt_csv *csv);

/* The column of that name, or -1. */
int rt_csv_find(const struct rt_csv *csv, const char *name);

#endif
