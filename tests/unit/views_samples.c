/* views_samples.c - one example of every picture, for the tests of the views. */
#include "config.h"

#include "views_samples.h"

#include "base/err.h"

#include <math.h>

static const float teacher_hard[] = {0.0020f, 0.0001f, 0.0003f, 0.0010f, 0.9120f,
				     0.0004f, 0.0002f, 0.0140f, 0.0070f, 0.0630f};
static const float teacher_soft[] = {0.0300f, 0.0004f, 0.0006f, 0.0300f, 0.3640f,
				     0.0008f, 0.0007f, 0.1280f, 0.1670f, 0.2785f};
static const float student_hard[] = {0.0030f, 0.0001f, 0.0002f, 0.0010f, 0.4310f,
				     0.0004f, 0.0002f, 0.0090f, 0.0051f, 0.5500f};
static const float student_soft[] = {0.0400f, 0.0003f, 0.0009f, 0.0300f, 0.2890f,
				     0.0009f, 0.0007f, 0.1090f, 0.2222f, 0.3070f};
static const float control_hard[] = {0.0500f, 0.0500f, 0.0500f, 0.0500f, 0.5500f,
				     0.0500f, 0.0500f, 0.0500f, 0.0500f, 0.0500f};

static const char *const fashion[] = {"T-shirt/top", "trouser", "pullover", "dress", "coat",
				      "sandal",	     "shirt",	"sneaker",  "bag",   "ankle boot"};

static const struct rt_bars_model bars_model[] = {
	{RT_TEACHER, "lenet5", teacher_hard, teacher_soft},
	{RT_STUDENT, "dense30", student_hard, student_soft},
	{RT_CONTROL, "control", control_hard, NULL},
};
static const struct rt_note bars_note[] = {{"KL", 0, "0.481"}};

const struct rt_bars sample_bars = {
	.sample = 17,
	.classes = 10,
	.label = 4,
	.temperature = 4,
	.nmodel = 2,
	.model = bars_model,
	.nnote = 1,
	.note = bars_note,
	.command = "compare -sample 17 -png bars.png",
};

const struct rt_bars sample_bars_names = {
	.sample = -1,
	.classes = 10,
	.class_name = fashion,
	.label = 1,
	.temperature = 2.5,
	.nmodel = 3,
	.model = bars_model,
	.top = 4,
};

static const double balance[] = {801, 812, 799, 780, 822, 805, 799, 801, 790, 0};

const struct rt_hbars sample_balance = {
	.title = "fashion, training part: samples a class",
	.n = 10,
	.name = fashion,
	.value = balance,
	.share = true,
	.role = RT_TEACHER,
	.command = "data show fashion",
};

static const char *const feature_name[] = {
	"mean radius",	   "mean texture",	"mean perimeter", "mean area",
	"mean smoothness", "mean compactness",	"mean concavity", "concave points",
	"mean symmetry",   "fractal dimension", "radius error",	  "texture error",
	"area error",
};
static const char *const feature_value[] = {"17.99",  "10.38",	"122.8",  "1001",   "0.1184",
					    "0.2776", "0.3001", "0.1471", "0.2419", "0.0787",
					    "1.095",  "0.9053", "153.4"};
static const float feature_teacher[] = {0.512f, -0.2f, 0.33f,  0.21f, 0.05f,  -0.12f, 0.4f,
					0.6f,	0.01f, -0.03f, 0.1f,  -0.02f, 0.005f};
static const float feature_student[] = {0.3f, -0.32f, 0.1f,   0.21f, 0.15f, 0.02f,  0.3f,
					0.7f, 0.01f,  -0.13f, 0.1f,  0.12f, -0.005f};
static const struct rt_features_model features_model[] = {
	{RT_TEACHER, "mlp", feature_teacher},
	{RT_STUDENT, "dense8", feature_student},
};
static const struct rt_note agreement[] = {
	{"agreement", 0, ""},
	{"cosine", 0.712, NULL},
	{"Spearman", 0.641, NULL},
	{"top-10 % overlap", 0.48, NULL},
	{"random student", -0.03, NULL},
	{"retrained twin", NAN, NULL},
};

const struct rt_features sample_features = {
	.title = "integrated_gradients   sample 3   label malignant",
	.n = 13,
	.name = feature_name,
	.value = feature_value,
	.nmodel = 2,
	.model = features_model,
	.caption = "class malignant",
	.nnote = 3,
	.note = agreement,
	.command = "explain integrated_gradients -sample 3 -png features.png",
};

static const double level[] = {98.2};
static const double student_curve[] = {88.9, 91.9, 93.4, 94.4, 94.7, NAN, 95.0, 95.4, 95.1, 95.5};
static const double control_curve[] = {87.3, 89.8, 91.4, 92.7, 93.1, 93.4, 93.9, 93.9, 93.8, 94.2};
static const struct rt_series accuracy[] = {
	{.name = "lenet5", .role = RT_TEACHER, .n = 1, .y = level, .reference = true},
	{.name = "dense30", .role = RT_STUDENT, .n = 10, .y = student_curve},
	{.name = "control", .role = RT_CONTROL, .n = 10, .y = control_curve},
};

const struct rt_curves sample_curves = {
	.title = "test accuracy by epoch",
	.xlabel = "epoch",
	.ylabel = "accuracy %",
	.nseries = 3,
	.series = accuracy,
	.command = "plot curves -png curves.png",
};

static const double size_student[] = {24, 12, 6, 3, 90};
static const double score_student[] = {94.7, 93.1, 91.2, 88.3, 97.2};
static const char *const point_name[] = {"dense30", "pruned 50 %", "pruned 75 %", "int8", "wide"};
static const double size_teacher[] = {431}, score_teacher[] = {98.2};
static const char *const teacher_name[] = {"lenet5"};
static const struct rt_series sizes[] = {
	{"teacher", RT_TEACHER, 1, size_teacher, score_teacher, teacher_name, false},
	{"students", RT_STUDENT, 5, size_student, score_student, point_name, false},
};

const struct rt_curves sample_scatter = {
	.title = "accuracy and size",
	.xlabel = "parameters / 1000",
	.ylabel = "accuracy %",
	.nseries = 2,
	.series = sizes,
	.points = true,
	.command = "plot pareto",
};

static const int64_t counts[] = {
	180, 12, 0, 0,	 0, 181, 0, 1, /* rows: T-shirt/top, trouser, pullover, dress */
	3,   0,	 0, 40, 1, 1,	2, 1240,
};

const struct rt_confusion sample_confusion = {
	.title = "confusion of student on fashion, test part",
	.classes = 4,
	.count = counts,
	.class_name = fashion,
	.top = 3,
	.command = "evaluate student",
};

/* A bell 1 / (1 + d^2 / r^2) around (x0, y0). */
static float bell(double x, double y, double x0, double y0, double r)
{
	return (float)(1 / (1 + ((x - x0) * (x - x0) + (y - y0) * (y - y0)) / (r * r)));
}

static float square(float v)
{
	return v * v;
}

/* A hand-drawn 4, as grey levels 0 .. 255. */
static void draw_four(float *v, int n)
{
	for (int y = 0; y < n; y++)
		for (int x = 0; x < n; x++) {
			double u = 28.0 * x / n, w = 28.0 * y / n;
			bool stem = u >= 17 && u < 20 && w >= 5 && w < 24;
			bool bar = w >= 14 && w < 17 && u >= 7 && u < 22;
			bool arm = u >= 6 && u < 9 && w >= 6 && w < 15;

			v[y * n + x] = stem || bar ? 255 : arm ? 200 : 0;
		}
}

static void draw_map(float *v, int n, double scale, double x0, double y0, double x1, double y1)
{
	for (int y = 0; y < n; y++)
		for (int x = 0; x < n; x++) {
			double u = 28.0 * x / n, w = 28.0 * y / n;

			v[y * n + x] = (float)(scale * (square(bell(u, w, x0, y0, 5)) -
							0.7 * square(bell(u, w, x1, y1, 4))));
		}
}

static struct rt_picture four, small_four;

struct rt_heatmap sample_heatmap(void)
{
	static float input[28 * 28], teacher[28 * 28], student[28 * 28];
	static const struct rt_map map[] = {
		{RT_TEACHER, "lenet5", 28, 28, teacher},
		{RT_STUDENT, "dense30", 28, 28, student},
	};

	draw_four(input, 28);
	draw_map(teacher, 28, 0.031, 18, 15, 7, 6);
	draw_map(student, 28, 0.028, 16, 16, 21, 6);
	four = (struct rt_picture){28, 28, 1, input, 0, 255, NULL};
	return (struct rt_heatmap){
		.title = "grad_cam   sample 17   label 4",
		.input = &four,
		.nmap = 2,
		.map = map,
		.difference = true,
		.caption = "class 4, layer relu2",
		.nnote = 6,
		.note = agreement,
		.command = "explain grad_cam -sample 17 -models {teacher student} -png cam.png",
	};
}

struct rt_heatmap sample_heatmap_small(void)
{
	static float input[8 * 8], teacher[8 * 8], student[4 * 4];
	static const struct rt_map map[] = {
		{RT_TEACHER, NULL, 8, 8, teacher},
		{RT_STUDENT, NULL, 4, 4, student},
	};

	draw_four(input, 8);
	draw_map(teacher, 8, 2, 18, 15, 7, 6);
	draw_map(student, 4, 2, 16, 16, 21, 6);
	teacher[0] = NAN;
	small_four = (struct rt_picture){8, 8, 1, input, 0, 0, "digit"};
	return (struct rt_heatmap){
		.title = "gradient",
		.input = &small_four,
		.nmap = 2,
		.map = map,
		.difference = true,
		.percentile = 90,
	};
}

struct rt_gallery sample_gallery(void)
{
	static float grey[28 * 28], color[3 * 16 * 16];
	static struct rt_picture picture[6];

	draw_four(grey, 28);
	for (int i = 0; i < 3 * 16 * 16; i++) {
		int x = i % 16, y = i / 16 % 16, c = i / 256;

		color[i] = c == 0 ? x / 15.0f : c == 1 ? y / 15.0f : 1 - x / 15.0f;
	}
	for (int i = 0; i < 6; i++)
		picture[i] = (struct rt_picture){28, 28, 1, grey, 0, 255, "4, said 9"};
	picture[5] = (struct rt_picture){16, 16, 3, color, 0, 1, "red, green and blue"};
	return (struct rt_gallery){
		.title = "mnist, test part",
		.n = 6,
		.picture = picture,
		.command = "data show mnist -samples 6",
	};
}

void sample_table(struct rt_table *t)
{
	*t = (struct rt_table){0};
	rt_table_column(t, "#", RT_RIGHT, 0);
	rt_table_column(t, "layer", RT_LEFT, 0);
	rt_table_column(t, "operation", RT_LEFT, 1);
	rt_table_column(t, "output", RT_RIGHT, 0);
	rt_table_column(t, "parameters", RT_RIGHT, 0);
	rt_table_column(t, "MACs", RT_RIGHT, 1);
	rt_table_column(t, "sparsity", RT_RIGHT, 2);
	rt_table_column(t, "bits", RT_RIGHT, 3);
	for (int i = 1; i <= 3; i++) {
		bool dense = i != 2;

		rt_table_count(t, i);
		rt_table_textf(t, "%s%d", dense ? "features_of_dense" : "relu", i);
		rt_table_text(t, dense ? "dense" : "relu");
		rt_table_text(t, i == 1 ? "1×28×28" : "30");
		rt_table_count(t, dense ? 23550 / (i * i) : NAN);
		rt_table_count(t, dense ? 23520 / (i * i) : NAN);
		if (dense)
			rt_table_percent(t, 0.8);
		else
			rt_table_none(t);
		rt_table_count(t, 8);
	}
	rt_table_total(t);
	rt_table_blank(t);
	rt_table_text(t, "total");
	rt_table_blank(t);
	rt_table_blank(t);
	rt_table_count(t, 26166);
	rt_table_count(t, 26133);
	rt_table_percent(t, 0.8);
	rt_table_blank(t);
	rt_pieces_add(&t->foot, "on disk 24.9 kB (dense float32: 95.6 kB, 3.8× smaller)");
	rt_pieces_add(&t->foot, "latency 0.011 ms");
	rt_pieces_add(&t->foot, "test 94.10 %");
}
