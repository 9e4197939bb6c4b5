/* table.h - aligned tables: numbers to the right, a dash for none, a totals row, no rules. */
#ifndef RT_VIEWS_TABLE_H
#define RT_VIEWS_TABLE_H

#include "views/caption.h"

/* {0} before use.  First the columns, then the cells row by row. */
struct rt_table {
	struct rt_table_column {
		char *title;
		enum rt_align align;
		int rank;
	} *column;
	int ncolumn, column_cap;
	char **cell;		/* row after row */
	int ncell, cell_cap;
	int total;		/* row number of the totals, 0: none */
	struct rt_pieces foot;	/* facts under the table */
};

/* Adds a column.  Where the table is too wide, texts are cut and then columns of the highest rank
 * are left out (and named below); rank 0 always stays. */
void rt_table_column(struct rt_table *t, const char *title, enum rt_align align, int rank);

/* Each fills the next cell; a row is complete when every column has one. */
void rt_table_text(struct rt_table *t, const char *text);	/* NULL: none */
void rt_table_textf(struct rt_table *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void rt_table_count(struct rt_table *t, double n);		/* 23,550 */
void rt_table_real(struct rt_table *t, double v, int decimals);	/* 0.412 */
void rt_table_signed(struct rt_table *t, double v, int decimals); /* +0.40 */
void rt_table_percent(struct rt_table *t, double fraction);	/* 80.0 % */
void rt_table_none(struct rt_table *t);				/* – */

/* Leaves the next cell blank. */
void rt_table_blank(struct rt_table *t);

/* The row that begins with the next cell holds the totals and is set off in bold. */
void rt_table_total(struct rt_table *t);

void rt_table_draw(struct rt_canvas *c, const struct rt_table *t);
void rt_table_release(struct rt_table *t);

#endif
