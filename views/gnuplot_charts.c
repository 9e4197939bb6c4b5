/* gnuplot_charts.c - what gnuplot is told: scripts and data of charts and matrices. */
#include "config.h"

#include "views/gnuplot.h"

#include <math.h>
#include <stdio.h>

static void add_title(struct rt_str *head, const char *title)
{
	if (!title)
		return;
	rt_str_add(head, "set title ");
	rt_gnuplot_quote(head, title);
	rt_str_add(head, " font ',15'\n");
}

/* White ground, two axes, quiet grid, the key below. */
static void add_frame(struct rt_str *head, const char *title)
{
	add_title(head, title);
	rt_str_addf(head,
		    "set border 3 linecolor rgb '#%06x'\n"
		    "set tics nomirror textcolor rgb '#%06x'\n"
		    "set grid ytics linecolor rgb '#%06x' linetype 1\n"
		    "set key below left horizontal Left reverse samplen 2\n",
		    RT_AXIS, RT_TEXT, RT_GRID);
}

/* A quoted word of a data file, which knows no way to quote a double quote. */
static void add_word(struct rt_str *out, const char *text)
{
	rt_str_addc(out, '"');
	for (; *text; text++)
		rt_str_addc(out, *text == '"'		       ? '\''
				 : *text == '\\'	       ? '/'
				 : (unsigned char)*text < 0x20 ? ' '
							       : *text);
	rt_str_addc(out, '"');
}

static void add_point(struct rt_str *data, double x, double y, const char *label)
{
	if (isfinite(x) && isfinite(y)) {
		rt_str_addf(data, "%.9g %.9g ", x, y);
		add_word(data, label ? label : "");
		rt_str_addc(data, '\n');
	} else {
		rt_str_add(data, "\n"); /* an empty line breaks the curve */
	}
}

static void add_data(struct rt_str *data, const struct rt_curves *v, int k,
		     const struct rt_extent *e)
{
	const struct rt_series *s = &v->series[k];

	rt_str_addf(data, "%s# ", k ? "\n\n" : "");
	for (const char *p = s->name ? s->name : ""; *p; p++)
		rt_str_addc(data, (unsigned char)*p < 0x20 ? ' ' : *p);
	rt_str_addc(data, '\n');
	if (s->reference && s->n > 0) {
		add_point(data, e->x0, s->y[0], NULL);
		add_point(data, e->x1, s->y[0], NULL);
		return;
	}
	for (int i = 0; i < s->n; i++) {
		bool gap = !isfinite(s->y[i]) || !isfinite(rt_series_x(s, i));

		/* Two empty lines in a row would begin the next block. */
		if (!gap || (i > 0 && isfinite(s->y[i - 1]) && isfinite(rt_series_x(s, i - 1))))
			add_point(data, rt_series_x(s, i), s->y[i], s->label ? s->label[i] : NULL);
	}
}

static void add_plot(struct rt_str *plot, const struct rt_curves *v, int k)
{
	const struct rt_series *s = &v->series[k];
	int nth = rt_series_nth(v, k), color = rt_role_shade(s->role, nth, true);
	char label[120];

	rt_str_addf(plot, "%s" RT_GNUPLOT_DATA " index %d using 1:2 with ", k ? ", " : "plot ", k);
	if (s->reference)
		rt_str_addf(plot, "lines dashtype 2 linewidth 2");
	else if (v->points)
		rt_str_addf(plot, "points pointtype %d pointsize 1.2", nth % 2 ? 6 : 7);
	else
		rt_str_addf(plot, "%s dashtype %d linewidth 2.5",
			    s->n <= 40 ? "linespoints pointtype 7 pointsize 0.7" : "lines",
			    s->role == RT_CONTROL ? 3 : 1);
	rt_str_addf(plot, " linecolor rgb '#%06x' title ", (unsigned)color);
	rt_gnuplot_quote(plot, rt_model_label(label, sizeof(label), s->role, s->name));
	if (s->label && v->points)
		rt_str_addf(plot,
			    ", " RT_GNUPLOT_DATA
			    " index %d using 1:2:3 with labels left offset 1,0 notitle",
			    k);
}

enum rt_status rt_curves_gnuplot(const struct rt_curves *v, const struct rt_gnuplot *g,
				 struct rt_err *err)
{
	struct rt_gnuplot_job job = {.command = v->command};
	struct rt_extent e;

	if (!rt_curves_extent(&e, v))
		return rt_fail(err, RT_EINVAL, "nothing to draw: no series has a finite point");
	add_frame(&job.head, v->title);
	rt_gnuplot_set(&job.head, "xlabel", v->xlabel);
	rt_gnuplot_set(&job.head, "ylabel", v->ylabel);
	if (v->points) /* room for names */
		rt_str_add(&job.head,
			   "set offsets graph 0.02, graph 0.18, graph 0.05, graph 0.05\n");
	else if (e.y0 == 0)
		rt_str_add(&job.head, "set yrange [0:*]\n");
	for (int k = 0; k < v->nseries; k++) {
		add_data(&job.data, v, k, &e);
		add_plot(&job.plot, v, k);
	}
	return rt_gnuplot_finish(&job, g, 960, 600, err);
}

static void add_ticks(struct rt_str *head, const char *axis, const struct rt_confusion *m)
{
	char number[16];

	rt_str_addf(head, "set %s (", axis);
	for (int k = 0; k < m->classes; k++) {
		const char *name = m->class_name ? m->class_name[k] : NULL;

		snprintf(number, sizeof(number), "%d", k);
		rt_str_add(head, k ? ", " : "");
		rt_gnuplot_quote(head, name ? name : number);
		rt_str_addf(head, " %d", k);
	}
	rt_str_add(head, ")\n");
}

/* Counts inside the cells: white on dark ones, black on light ones. */
static void add_counts(struct rt_str *plot, int64_t most)
{
	rt_str_addf(plot,
		    ", " RT_GNUPLOT_DATA
		    " matrix using 1:2:($3 > %lld ? sprintf('%%.0f', $3) : '') "
		    "with labels textcolor rgb '#ffffff'",
		    (long long)most / 2);
	rt_str_addf(plot,
		    ", " RT_GNUPLOT_DATA " matrix using 1:2:($3 > 0 && $3 <= %lld ? "
		    "sprintf('%%.0f', $3) : '') with labels textcolor rgb '#000000'",
		    (long long)most / 2);
}

enum rt_status rt_confusion_gnuplot(const struct rt_confusion *m, const struct rt_gnuplot *g,
				    struct rt_err *err)
{
	struct rt_gnuplot_job job = {.command = m->command};
	size_t n = (size_t)(m->classes > 0 ? m->classes : 0);
	bool counts = m->classes <= 20;
	int64_t most = 0;

	if (m->classes < 1 || m->classes > 200)
		return rt_fail(err, RT_EINVAL,
			       "gnuplot draws confusion matrices of 1 to 200 classes, got %d",
			       m->classes);
	add_title(&job.head, m->title);
	rt_str_addf(&job.head,
		    "set xrange [-0.5:%d.5]\nset yrange [%d.5:-0.5]\nset size square\nunset key\n"
		    "set xlabel 'predicted'\nset ylabel 'true class'\nset cblabel 'samples'\n"
		    "set palette defined (0 '#ffffff', 1 '#%06x')\nset tics nomirror out\n",
		    m->classes - 1, m->classes - 1, (unsigned)rt_color_ink(1));
	add_ticks(&job.head, "xtics rotate by 45 right", m);
	add_ticks(&job.head, "ytics", m);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			most = m->count[i * n + k] > most ? m->count[i * n + k] : most;
			rt_str_addf(&job.data, "%lld%s", (long long)m->count[i * n + k],
				    k + 1 < n ? " " : "\n");
		}
	rt_str_add(&job.plot, "plot " RT_GNUPLOT_DATA " matrix with image");
	if (counts) {
		rt_str_add(&job.head, "unset colorbox\n");
		add_counts(&job.plot, most);
	}
	return rt_gnuplot_finish(&job, g, 800, 720, err);
}
