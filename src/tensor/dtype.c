/* dtype.c - element types and conversion between them. */
#include "config.h"

#include "tensor/tensor.h"

#include <math.h>
#include <string.h>

#define TYPE(id, label, text, bytes, code, descr, floating, sign)                                  \
	[id] = {.row = {.name = label, .summary = text},                                           \
		.size = bytes,                                                                     \
		.onnx = code,                                                                      \
		.npy = descr,                                                                      \
		.is_float = floating,                                                              \
		.is_signed = sign}

static const struct rt_dtype_row types[RT_DTYPES] = {
	TYPE(RT_F32, "f32", "32-bit floating point", 4, 1, "<f4", true, true),
	TYPE(RT_F64, "f64", "64-bit floating point", 8, 11, "<f8", true, true),
	TYPE(RT_F16, "f16", "16-bit floating point (IEEE half)", 2, 10, "<f2", true, true),
	TYPE(RT_BF16, "bf16", "16-bit floating point (8 exponent bits)", 2, 16, NULL, true, true),
	TYPE(RT_I8, "i8", "8-bit integer", 1, 3, "|i1", false, true),
	TYPE(RT_U8, "u8", "8-bit unsigned integer", 1, 2, "|u1", false, false),
	TYPE(RT_I16, "i16", "16-bit integer", 2, 5, "<i2", false, true),
	TYPE(RT_U16, "u16", "16-bit unsigned integer", 2, 4, "<u2", false, false),
	TYPE(RT_I32, "i32", "32-bit integer", 4, 6, "<i4", false, true),
	TYPE(RT_U32, "u32", "32-bit unsigned integer", 4, 12, "<u4", false, false),
	TYPE(RT_I64, "i64", "64-bit integer", 8, 7, "<i8", false, true),
	TYPE(RT_U64, "u64", "64-bit unsigned integer", 8, 13, "<u8", false, false),
	TYPE(RT_BOOL8, "bool", "true or false, one byte", 1, 9, "|b1", false, false),
};

#define ROW(id) &types[id].row
static const struct rt_row *const rows[] = {
	ROW(RT_F32), ROW(RT_F64), ROW(RT_F16), ROW(RT_BF16), ROW(RT_I8), ROW(RT_U8), ROW(RT_I16),
	ROW(RT_U16), ROW(RT_I32), ROW(RT_U32), ROW(RT_I64), ROW(RT_U64), ROW(RT_BOOL8),
};
#undef ROW

const struct rt_list rt_dtypes = {"element type", rows, RT_COUNT(rows)};

const struct rt_dtype_row *rt_dtype(enum rt_dtype type)
{
	RT_ASSERT(type < RT_DTYPES);
	return &types[type];
}

/* --- half precision ----------------------------------------------------------------------- */

static float f16_to_f32(uint16_t h)
{
	uint32_t sign = (uint32_t)(h >> 15) << 31, exponent = (h >> 10) & 31, fraction = h & 1023,
		 bits;
	float f;

	if (exponent == 0) {
		f = (float)fraction * 0x1p-24f;
		return sign ? -f : f;
	}
	bits = sign | (exponent == 31 ? 255u << 23 : (exponent + 112) << 23) | fraction << 13;
	memcpy(&f, &bits, 4);
	return f;
}

/* Rounds to nearest, ties to even; overflow becomes infinity. */
static uint16_t f32_to_f16(float f)
{
	uint32_t bits, sign, magnitude;
	float scaled;

	memcpy(&bits, &f, 4);
	sign = bits >> 16 & 0x8000;
	magnitude = bits & 0x7FFFFFFF;
	if (magnitude > 0x7F800000)
		return (uint16_t)(sign | 0x7E00);
	if (magnitude >= 0x477FF000)
		return (uint16_t)(sign | 0x7C00);
	if (magnitude < 0x38800000) {
		/* adding 0.5 leaves the subnormal's bits, rounded, at the end of the fraction */
		memcpy(&scaled, &magnitude, 4);
		scaled += 0.5f;
		memcpy(&bits, &scaled, 4);
		return (uint16_t)(sign | (bits - 0x3F000000));
	}
	magnitude += 0xC8000FFF + (magnitude >> 13 & 1);
	return (uint16_t)(sign | magnitude >> 13);
}

static float bf16_to_f32(uint16_t h)
{
	uint32_t bits = (uint32_t)h << 16;
	float f;

	memcpy(&f, &bits, 4);
	return f;
}

static uint16_t f32_to_bf16(float f)
{
	uint32_t bits;

	memcpy(&bits, &f, 4);
	if ((bits & 0x7FFFFFFF) > 0x7F800000)
		return (uint16_t)(bits >> 16 | 0x40);
	return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

/* The float next to v on the side of 0 where v is none, with an odd last bit: rounding it again, to
 * fewer bits, is as good as rounding v (Boldo, Melquiond: When double rounding is odd, 2005). */
static float round_to_odd(double v)
{
	float f = (float)v;
	uint32_t bits;

	if ((double)f == v || isnan(v) || isinf(v))
		return f;
	memcpy(&bits, &f, 4);
	bits -= fabs((double)f) > fabs(v); /* also from infinity to the largest number */
	bits |= 1;
	memcpy(&f, &bits, 4);
	return f;
}

/* --- conversion --------------------------------------------------------------------------- */

static double load(const void *p, enum rt_dtype type, int64_t i)
{
	switch (type) {
	case RT_F32: return (double)((const float *)p)[i];
	case RT_F64: return ((const double *)p)[i];
	case RT_F16: return (double)f16_to_f32(((const uint16_t *)p)[i]);
	case RT_BF16: return (double)bf16_to_f32(((const uint16_t *)p)[i]);
	case RT_I8: return ((const int8_t *)p)[i];
	case RT_U8: return ((const uint8_t *)p)[i];
	case RT_I16: return ((const int16_t *)p)[i];
	case RT_U16: return ((const uint16_t *)p)[i];
	case RT_I32: return ((const int32_t *)p)[i];
	case RT_U32: return ((const uint32_t *)p)[i];
	case RT_I64: return (double)((const int64_t *)p)[i];
	case RT_U64: return (double)((const uint64_t *)p)[i];
	case RT_BOOL8: return ((const uint8_t *)p)[i] != 0;
	default: RT_ASSERT(!"element type");
	}
}

static int64_t load_int(const void *p, enum rt_dtype type, int64_t i)
{
	double v;

	if (type == RT_I64)
		return ((const int64_t *)p)[i];
	if (type == RT_U64)
		return ((const uint64_t *)p)[i] > INT64_MAX ? INT64_MAX
							    : (int64_t)((const uint64_t *)p)[i];
	v = load(p, type, i);
	if (isnan(v))
		return 0;
	return v >= 9223372036854775807.0    ? INT64_MAX
	       : v <= -9223372036854775808.0 ? INT64_MIN
					     : (int64_t)v;
}

static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

static void store_int(void *p, enum rt_dtype type, int64_t i, int64_t v)
{
	switch (type) {
	case RT_I8: ((int8_t *)p)[i] = (int8_t)clamp(v, INT8_MIN, INT8_MAX); break;
	case RT_U8: ((uint8_t *)p)[i] = (uint8_t)clamp(v, 0, UINT8_MAX); break;
	case RT_I16: ((int16_t *)p)[i] = (int16_t)clamp(v, INT16_MIN, INT16_MAX); break;
	case RT_U16: ((uint16_t *)p)[i] = (uint16_t)clamp(v, 0, UINT16_MAX); break;
	case RT_I32: ((int32_t *)p)[i] = (int32_t)clamp(v, INT32_MIN, INT32_MAX); break;
	case RT_U32: ((uint32_t *)p)[i] = (uint32_t)clamp(v, 0, UINT32_MAX); break;
	case RT_I64: ((int64_t *)p)[i] = v; break;
	case RT_U64: ((uint64_t *)p)[i] = v < 0 ? 0 : (uint64_t)v; break;
	default: RT_ASSERT(!"integer type");
	}
}

static void store(void *p, enum rt_dtype type, int64_t i, double v)
{
	switch (type) {
	case RT_F32: ((float *)p)[i] = (float)v; break;
	case RT_F64: ((double *)p)[i] = v; break;
	case RT_F16: ((uint16_t *)p)[i] = f32_to_f16(round_to_odd(v)); break;
	case RT_BF16: ((uint16_t *)p)[i] = f32_to_bf16(round_to_odd(v)); break;
	case RT_BOOL8: ((uint8_t *)p)[i] = v != 0; break;
	default: RT_ASSERT(!"floating type");
	}
}

static uint64_t real_to_u64(double v)
{
	return v >= 18446744073709551615.0 ? UINT64_MAX : v > 0 ? (uint64_t)v : 0;
}

void rt_convert(void *to, enum rt_dtype to_type, const void *from, enum rt_dtype from_type,
		int64_t n)
{
	bool through_int = !types[to_type].is_float && to_type != RT_BOOL8;

	if (to_type == from_type) {
		memcpy(to, from, (size_t)n * types[to_type].size);
		return;
	}
	for (int64_t i = 0; i < n; i++) {
		if (to_type == RT_U64 && types[from_type].is_float)
			((uint64_t *)to)[i] = real_to_u64(load(from, from_type, i));
		else if (through_int)
			store_int(to, to_type, i, load_int(from, from_type, i));
		else
			store(to, to_type, i, load(from, from_type, i));
	}
}

static bool is_whole(enum rt_dtype type)
{
	return !types[type].is_float && type != RT_BOOL8;
}

void rt_convert_wrap(void *to, enum rt_dtype to_type, const void *from, enum rt_dtype from_type,
		     int64_t n)
{
	if (!is_whole(to_type) || !is_whole(from_type)) {
		rt_convert(to, to_type, from, from_type, n);
		return;
	}
	for (int64_t i = 0; i < n; i++) {
		uint64_t v = from_type == RT_U64 ? ((const uint64_t *)from)[i]
						 : (uint64_t)load_int(from, from_type, i);

		switch (types[to_type].size) {
		case 1: ((uint8_t *)to)[i] = (uint8_t)v; break;
		case 2: ((uint16_t *)to)[i] = (uint16_t)v; break;
		case 4: ((uint32_t *)to)[i] = (uint32_t)v; break;
		default: ((uint64_t *)to)[i] = v; break;
		}
	}
}

double rt_tensor_get(const struct rt_tensor *t, int64_t i)
{
	return load(rt_tensor_data(t), t->dtype, i);
}

int64_t rt_tensor_get_int(const struct rt_tensor *t, int64_t i)
{
	return load_int(rt_tensor_data(t), t->dtype, i);
}
