/* int8_end_isa.h - from sums to bytes: a part of int8_isa.h, compiled once per instruction set.
 *
 * Four vectors of whole numbers become one of bytes, which is clamped as it is packed.  RT_LESSER
 * and RT_GREATER choose lanes, real or _INT; RT_NEAREST rounds half to even, and RT_PACK packs,
 * adding a zero point, for which compilers find poor code; RT_PLUS adds. */

#ifndef RT_LESSER
INLINE lanes_int chosen(lanes_int mask, lanes_int a, lanes_int b)
{
	return (a & mask) | (b & ~mask);
}
#define RT_LESSER(a, b) ((lanes)chosen((a) < (b), (lanes_int)(a), (lanes_int)(b)))
#define RT_GREATER(a, b) ((lanes)chosen((a) > (b), (lanes_int)(a), (lanes_int)(b)))
#define RT_LESSER_INT(a, b) chosen((a) < (b), a, b)
#define RT_GREATER_INT(a, b) chosen((a) > (b), a, b)
#endif

/* a + b, rounded once. */
#ifndef RT_PLUS
#define RT_PLUS(a, b) ((a) + (b))
#endif

INLINE lanes clamped(lanes v, float lo, float hi)
{
	return RT_LESSER(RT_GREATER(v, (lanes){0} + lo), (lanes){0} + hi);
}

/* round(v), half to even, for v <= 2^20; numbers below -2^16 may become others of them. */
#ifndef RT_NEAREST
INLINE lanes_int nearest(lanes v)
{
	const lanes above = RT_GREATER(v, (lanes){0} - 65536.0f);

	return (lanes_int)(above + 12582912.0f) - 0x4b400000; /* sums with 1.5 2^23 are whole */
}
#define RT_NEAREST nearest
#endif

/* The same for any v, but 2^20 at most: bits of real numbers have their order where one of them is
 * positive. */
INLINE lanes_int whole(lanes v)
{
	return RT_NEAREST((lanes)RT_LESSER_INT((lanes_int)v, (lanes_int)((lanes){0} + 1048576.0f)));
}

/* A vector of 4 L bytes: v + zero, held to floor .. ceiling, for each of four vectors v. */
#ifndef RT_PACK
INLINE packed pack(lanes_int a, lanes_int b, lanes_int c, lanes_int d, int zero, int floor,
		   int ceiling)
{
	const lanes_int v[4] = {a, b, c, d};
	bytes part[4];
	packed all;

	UNROLL
	for (int i = 0; i < 4; i++) {
		const lanes_int above = RT_GREATER_INT(v[i] + zero, (lanes_int){0} + floor);

		part[i] = __builtin_convertvector(RT_LESSER_INT(above, (lanes_int){0} + ceiling),
						  bytes);
	}
	memcpy(&all, part, sizeof(all));
	return all;
}
#define RT_PACK pack
#endif

#ifndef RT_WIDEN
#define RT_WIDEN(b) __builtin_convertvector(b, lanes_int)
#endif

/* n bytes, or a vector of them where there are more, as lanes. */
#ifndef RT_LOAD_BYTES
INLINE lanes_int load_bytes(const uint8_t *x, int64_t n)
{
	bytes b = {0};

	if (n >= L)
		memcpy(&b, x, L);
	else
		memcpy(&b, x, (size_t)n);
	return RT_WIDEN(b);
}
#define RT_LOAD_BYTES load_bytes
#endif

INLINE lanes to_real(lanes_int v)
{
	return __builtin_convertvector(v, lanes);
}

/* n <= 4 L bytes, in pieces of known sizes. */
INLINE void put(uint8_t *y, const packed *v, int64_t n)
{
	const uint8_t *from = (const uint8_t *)v;

	if (n == 4 * L) {
		memcpy(y, v, 4 * L);
		return;
	}
	UNROLL
	for (int piece = 2 * L; piece; piece /= 2) {
		if (!(n & piece))
			continue;
		memcpy(y, from, (size_t)piece);
		y += piece;
		from += piece;
	}
}

/* What all sums of the same blocks have in common. */
struct factors {
	lanes scale[RT_INT8_GROUP], bias[RT_INT8_GROUP];
};

INLINE void factors_of(struct factors *f, const struct rt_int8_end *e, const int blocks)
{
	UNROLL
	for (int b = 0; b < blocks; b++) {
		f->scale[b] = load_real(e->scale + b * L);
		f->bias[b] = load_real(e->bias + b * L);
	}
}

INLINE lanes_int scaled(const struct factors *f, int b, const int32_t *sums)
{
	return whole(RT_PLUS(to_real(load(sums)) * f->scale[b], f->bias[b]));
}

/* Block b of an output with its branch; room: channels from there on. */
INLINE lanes_int with_branch(const struct rt_int8_end *e, lanes_int v, const uint8_t *add,
			     int64_t room)
{
	const lanes_int above = RT_GREATER_INT(v, (lanes_int){0} + (int)e->lo);
	const lanes own = to_real(RT_LESSER_INT(above, (lanes_int){0} + (int)e->hi));
	const lanes other = to_real(RT_LOAD_BYTES(add, room) - e->add_zero);

	return whole(RT_PLUS(own * e->own_scale, other * e->add_scale));
}

/* As many outputs from the i-th on as make a vector of bytes. */
INLINE void end_some(const struct rt_int8_end *e, const struct factors *f, int64_t i,
		     const int outputs, const int blocks, const bool branch)
{
	const int zero = branch ? e->sum_zero : e->zero;
	const int floor = (int)(branch ? e->sum_lo : e->lo) + zero;
	const int ceiling = (int)(branch ? e->sum_hi : e->hi) + zero;
	uint8_t *y = e->y + i * e->y_step;
	lanes_int v[4] = {{0}};
	packed all;

	UNROLL
	for (int j = 0; j < outputs * blocks; j++) {
		const int o = j / blocks, b = j % blocks;

		v[j] = scaled(f, b, e->sums + (i + o) * e->row + b * L);
		if (branch)
			v[j] = with_branch(e, v[j], e->add + (i + o) * e->y_step + b * L,
					   e->K - b * L);
	}
	all = RT_PACK(v[0], v[1], v[2], v[3], zero, floor, ceiling);
	if (outputs == 1) {
		put(y, &all, e->K);
	} else if (e->K == blocks * L && e->y_step == e->K) {
		memcpy(y, &all, sizeof(all));
	} else {
		uint8_t each[sizeof(all)];

		memcpy(each, &all, sizeof(all));
		UNROLL
		for (int o = 0; o < outputs; o++, y += e->y_step) {
			packed one = {0};

			memcpy(&one, each + o * blocks * L, (size_t)(blocks * L));
			put(y, &one, e->K);
		}
	}
}

INLINE void end_blocks(const struct rt_int8_end *at, const int blocks, const bool branch)
{
	const struct rt_int8_end e = *at;
	const int outputs = 4 / blocks;
	struct factors f;
	int64_t i = 0;

	factors_of(&f, &e, blocks);
	for (; i + outputs <= e.n; i += outputs)
		end_some(&e, &f, i, outputs, blocks, branch);
	for (; i < e.n; i++)
		end_some(&e, &f, i, 1, blocks, branch);
}

#define END(b)                                                                                     \
	static void end_##b(const struct rt_int8_end *e)                                           \
	{                                                                                          \
		if (e->add)                                                                        \
			end_blocks(e, b, true);                                                    \
		else                                                                               \
			end_blocks(e, b, false);                                                   \
	}
END(1)
END(2)
END(3)
END(4)
#undef END

static void real(const struct rt_int8_end *e)
{
	for (int64_t k = 0; k < e->K; k += L) {
		const lanes scale = load_real(e->scale + k), bias = load_real(e->bias + k);

		for (int64_t i = 0; i < e->n; i++) {
			int32_t *sums = e->sums + i * e->row + k;
			const lanes v = clamped(to_real(load(sums)) * scale + bias, e->lo, e->hi);

			memcpy(sums, &v, sizeof(v));
		}
	}
}

/* 4 L bytes of a sum of two. */
INLINE packed sum_of(const struct rt_int8_sum *s, const uint8_t *x, const uint8_t *z)
{
	lanes_int v[4];

	UNROLL
	for (int j = 0; j < 4; j++) {
		const lanes a = to_real(RT_LOAD_BYTES(x + j * L, L) - s->a_zero);
		const lanes b = to_real(RT_LOAD_BYTES(z + j * L, L) - s->b_zero);

		v[j] = whole(RT_PLUS(a * s->a_scale, b * s->b_scale));
	}
	return RT_PACK(v[0], v[1], v[2], v[3], s->zero, (int)s->lo + s->zero,
		       (int)s->hi + s->zero);
}

static void sum(const struct rt_int8_sum *at)
{
	const struct rt_int8_sum s = *at;
	const int64_t whole = s.n - s.n % (4 * L), left = s.n - whole;
	uint8_t x[4 * L] = {0}, z[4 * L] = {0};
	packed last;

	for (int64_t i = 0; i < whole; i += 4 * L) {
		const packed all = sum_of(&s, s.a + i, s.b + i);

		memcpy(s.y + i, &all, sizeof(all));
	}
	memcpy(x, s.a + whole, (size_t)left);
	memcpy(z, s.b + whole, (size_t)left);
	last = sum_of(&s, x, z);
	memcpy(s.y + whole, &last, (size_t)left);
}
