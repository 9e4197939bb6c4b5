/* binary_line.c - functions of two numbers along one line, in every element type. */
#include "config.h"

#include "tensor/binary.h"
#include "tensor/pointwise_table.h"

#include <math.h>

#define PART 256 /* elements of a narrow type converted at once */

/* --- whole numbers ------------------------------------------------------------------------ */

static uint64_t whole_pow(uint64_t base, uint64_t b)
{
	uint64_t y = 1;

	for (; b; b >>= 1, base *= base)
		if (b & 1)
			y *= base;
	return y;
}

static int64_t signed_pow(int64_t a, int64_t b)
{
	if (b < 0)
		return a == 1 ? 1 : a == -1 ? (b % 2 ? -1 : 1) : 0;
	return (int64_t)whole_pow((uint64_t)a, (uint64_t)b);
}

/* The remainder with the sign of a (C), or of b (Python). */
static int64_t signed_rest(int64_t a, int64_t b, bool of_b)
{
	int64_t r = b == 0 || b == -1 ? 0 : a % b;

	return of_b && r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

static uint64_t unsigned_value(enum rt_binary f, uint64_t a, uint64_t b)
{
	switch (f) {
	case RT_BINARY_ADD: return a + b;
	case RT_BINARY_SUB: return a - b;
	case RT_BINARY_MUL: return a * b;
	case RT_BINARY_DIV: return b ? a / b : 0;
	case RT_BINARY_POW: return whole_pow(a, b);
	case RT_BINARY_MIN: return a < b ? a : b;
	case RT_BINARY_MAX: return a > b ? a : b;
	case RT_BINARY_FMOD:
	case RT_BINARY_MOD: return b ? a % b : 0;
	case RT_BINARY_AND: return a & b;
	case RT_BINARY_OR: return a | b;
	case RT_BINARY_XOR: return a ^ b;
	case RT_BINARY_SHIFT_LEFT: return b < 64 ? a << b : 0;
	case RT_BINARY_SHIFT_RIGHT: return b < 64 ? a >> b : 0;
	default: return a; /* PRELU: nothing is negative */
	}
}

/* Wraps around without undefined behaviour. */
static int64_t signed_value(enum rt_binary f, int64_t a, int64_t b)
{
	switch (f) {
	case RT_BINARY_DIV: return b == 0 ? 0 : b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b;
	case RT_BINARY_POW: return signed_pow(a, b);
	case RT_BINARY_MIN: return a < b ? a : b;
	case RT_BINARY_MAX: return a > b ? a : b;
	case RT_BINARY_FMOD: return signed_rest(a, b, false);
	case RT_BINARY_MOD: return signed_rest(a, b, true);
	case RT_BINARY_PRELU: return a < 0 ? (int64_t)((uint64_t)a * (uint64_t)b) : a;
	default: return (int64_t)unsigned_value(f, (uint64_t)a, (uint64_t)b);
	}
}

static bool logic_value(enum rt_binary f, bool a, bool b)
{
	return f == RT_BINARY_AND ? a && b : f == RT_BINARY_OR ? a || b : a != b;
}

/* --- f64 ---------------------------------------------------------------------------------- */

static double real_value(enum rt_binary f, double a, double b)
{
	switch (f) {
	case RT_BINARY_ADD: return a + b;
	case RT_BINARY_SUB: return a - b;
	case RT_BINARY_MUL: return a * b;
	case RT_BINARY_DIV: return a / b;
	case RT_BINARY_POW: return pow(a, b);
	case RT_BINARY_MIN: return a < b || isnan(a) ? a : b;
	case RT_BINARY_MAX: return a > b || isnan(a) ? a : b;
	case RT_BINARY_FMOD: return fmod(a, b);
	default: return a < 0 ? a * b : a; /* PRELU */
	}
}

/* --- lines -------------------------------------------------------------------------------- */

#define LINE(name, type, value)                                                                    \
	static void name(enum rt_binary f, int64_t N, void *to, const void *left, int64_t sa,      \
			 const void *right, int64_t sb)                                            \
	{                                                                                          \
		const type *a = left, *b = right;                                                  \
		type *y = to;                                                                      \
		for (int64_t i = 0; i < N; i++)                                                    \
			y[i] = (type)value(f, a[i * sa], b[i * sb]);                               \
	}
LINE(line_f64, double, real_value)
LINE(line_i8, int8_t, signed_value)
LINE(line_i16, int16_t, signed_value)
LINE(line_i32, int32_t, signed_value)
LINE(line_i64, int64_t, signed_value)
LINE(line_u8, uint8_t, unsigned_value)
LINE(line_u16, uint16_t, unsigned_value)
LINE(line_u32, uint32_t, unsigned_value)
LINE(line_u64, uint64_t, unsigned_value)
LINE(line_bool, uint8_t, logic_value)

static void line_f32(enum rt_binary f, int64_t N, void *y, const void *a, int64_t sa, const void *b,
		     int64_t sb)
{
	rt_pointwise_kernels()->binary[f](N, y, a, sa, b, sb);
}

typedef void line_fn(enum rt_binary f, int64_t N, void *y, const void *a, int64_t sa, const void *b,
		     int64_t sb);

static line_fn *const lines[RT_DTYPES] = {
	[RT_F32] = line_f32, [RT_F64] = line_f64, [RT_I8] = line_i8, [RT_I16] = line_i16,
	[RT_I32] = line_i32, [RT_I64] = line_i64, [RT_U8] = line_u8, [RT_U16] = line_u16,
	[RT_U32] = line_u32, [RT_U64] = line_u64, [RT_BOOL8] = line_bool,
};

/* f16 and bf16: in parts, in and out of single precision. */
static void line_narrow(enum rt_binary f, enum rt_dtype dtype, int64_t N, uint16_t *y,
			const uint16_t *a, int64_t sa, const uint16_t *b, int64_t sb)
{
	float part[PART], left[PART], right[PART];

	for (int64_t i = 0; i < N; i += PART) {
		int64_t n = N - i < PART ? N - i : PART;

		rt_convert(left, RT_F32, a + i * sa, dtype, sa ? n : 1);
		rt_convert(right, RT_F32, b + i * sb, dtype, sb ? n : 1);
		line_f32(f, n, part, left, sa, right, sb);
		rt_convert(y + i, dtype, part, RT_F32, n);
	}
}

void rt_binary_line(enum rt_binary f, enum rt_dtype dtype, int64_t N, void *y, const void *a,
		    int64_t sa, const void *b, int64_t sb)
{
	if (lines[dtype])
		lines[dtype](f, N, y, a, sa, b, sb);
	else
		line_narrow(f, dtype, N, y, a, sa, b, sb);
}

bool rt_binary_supports(enum rt_binary f, enum rt_dtype dtype)
{
	if (dtype == RT_BOOL8)
		return f == RT_BINARY_AND || f == RT_BINARY_OR || f == RT_BINARY_XOR;
	return f < RT_BINARY_REALS || !rt_dtype(dtype)->is_float;
}
