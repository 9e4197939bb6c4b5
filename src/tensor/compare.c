/* compare.c - comparisons of two arrays under broadcasting. */
#include "config.h"

#include "tensor/compare.h"
#include "tensor/nest.h"

#define PART 256 /* elements of a narrow type converted at once */

typedef void line_fn(enum rt_comparison f, int64_t N, unsigned char *y, const void *a, int64_t sa,
		     const void *b, int64_t sb);

#define CASE(which, sign)                                                                          \
	case which:                                                                                \
		for (int64_t i = 0; i < N; i++)                                                    \
			y[i] = a[i * sa] sign b[i * sb];                                           \
		break;

#define LINE(name, type)                                                                           \
	static void name(enum rt_comparison f, int64_t N, unsigned char *y, const void *left,      \
			 int64_t sa, const void *right, int64_t sb)                                \
	{                                                                                          \
		const type *a = left, *b = right;                                                  \
		switch (f) {                                                                       \
		CASE(RT_EQUAL, ==)                                                                 \
		CASE(RT_LESS, <)                                                                   \
		CASE(RT_LESS_OR_EQUAL, <=)                                                         \
		CASE(RT_GREATER, >)                                                                \
		CASE(RT_GREATER_OR_EQUAL, >=)                                                      \
		}                                                                                  \
	}
LINE(line_f32, float)
LINE(line_f64, double)
LINE(line_i8, int8_t)
LINE(line_i16, int16_t)
LINE(line_i32, int32_t)
LINE(line_i64, int64_t)
LINE(line_u8, uint8_t)
LINE(line_u16, uint16_t)
LINE(line_u32, uint32_t)
LINE(line_u64, uint64_t)

static line_fn *const lines[RT_DTYPES] = {
	[RT_F32] = line_f32, [RT_F64] = line_f64, [RT_I8] = line_i8, [RT_I16] = line_i16,
	[RT_I32] = line_i32, [RT_I64] = line_i64, [RT_U8] = line_u8, [RT_U16] = line_u16,
	[RT_U32] = line_u32, [RT_U64] = line_u64,
};

struct job {
	enum rt_comparison f;
	enum rt_dtype dtype;
	size_t size;
	unsigned char *y;
	const char *a, *b;
	int64_t sa, sb;
};

/* f16, bf16 and bool (any byte but 0 is true): in parts, in single precision. */
static void narrow(const struct job *j, unsigned char *y, const char *a, const char *b, int64_t len)
{
	float left[PART], right[PART];

	for (int64_t i = 0; i < len; i += PART) {
		int64_t n = len - i < PART ? len - i : PART;

		rt_convert(left, RT_F32, a + i * j->sa * (int64_t)j->size, j->dtype, j->sa ? n : 1);
		rt_convert(right, RT_F32, b + i * j->sb * (int64_t)j->size, j->dtype,
			   j->sb ? n : 1);
		line_f32(j->f, n, y + i, left, j->sa, right, j->sb);
	}
}

static void row(void *ctx, const int64_t at[RT_NEST_OPERANDS], int64_t from, int64_t len)
{
	const struct job *j = ctx;
	const char *a = j->a + (size_t)at[1] * j->size, *b = j->b + (size_t)at[2] * j->size;

	(void)from;
	if (lines[j->dtype])
		lines[j->dtype](j->f, len, j->y + at[0], a, j->sa, b, j->sb);
	else
		narrow(j, j->y + at[0], a, b, len);
}

void rt_compare(enum rt_comparison f, enum rt_dtype dtype, unsigned char *y,
		const struct rt_shape *ys, struct rt_operand a, struct rt_operand b)
{
	struct job job = {.f = f, .dtype = dtype, .size = rt_dtype(dtype)->size, .y = y,
			  .a = a.data, .b = b.data};
	int64_t step[RT_MAX_RANK];
	struct rt_nest nest;

	rt_nest_init(&nest, ys);
	rt_steps_dense(step, ys);
	rt_nest_add(&nest, step);
	rt_steps_broadcast(step, a.shape, ys);
	rt_nest_add(&nest, step);
	rt_steps_broadcast(step, b.shape, ys);
	rt_nest_add(&nest, step);
	rt_nest_collapse(&nest);
	job.sa = nest.step[1][nest.rank - 1];
	job.sb = nest.step[2][nest.rank - 1];
	rt_nest_rows(&nest, 1, row, &job);
}
