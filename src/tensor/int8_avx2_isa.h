/* int8_avx2_isa.h - rounding, packing and transposing vectors of 256 bits for int8_isa.h: compiled
 * once per instruction set. */

#define RT_LANES 8
#define RT_BLOCKS 2
#define RT_WIDEN(b) ((lanes_int)_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)(b))))
#define RT_LESSER(a, b) ((lanes)_mm256_min_ps(a, b))
#define RT_GREATER(a, b) ((lanes)_mm256_max_ps(a, b))
#define RT_LESSER_INT(a, b) ((lanes_int)_mm256_min_epi32((__m256i)(a), (__m256i)(b)))
#define RT_GREATER_INT(a, b) ((lanes_int)_mm256_max_epi32((__m256i)(a), (__m256i)(b)))
#define RT_NEAREST(v) ((lanes_int)_mm256_cvtps_epi32((__m256)(v)))
#define RT_PACK(a, b, c, d, zero, floor, ceiling)                                                  \
	((packed)pack((__m256i)(a), (__m256i)(b), (__m256i)(c), (__m256i)(d), zero, floor, ceiling))
#define RT_WEAVE(v, x, at) weave_four((__m256i *)(v), x, at)

/* Packing takes 4 lanes of each in turn. */
static inline __m256i pack(__m256i a, __m256i b, __m256i c, __m256i d, int zero, int floor,
			   int ceiling)
{
	const __m256i z = _mm256_set1_epi16((short)zero);
	const __m256i lo = _mm256_set1_epi8((char)floor), hi = _mm256_set1_epi8((char)ceiling);
	const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
	const __m256i ab = _mm256_adds_epi16(_mm256_packs_epi32(a, b), z);
	const __m256i cd = _mm256_adds_epi16(_mm256_packs_epi32(c, d), z);
	const __m256i above = _mm256_max_epu8(_mm256_packus_epi16(ab, cd), lo);

	return _mm256_permutevar8x32_epi32(_mm256_min_epu8(above, hi), order);
}

/* Unpacking leaves the halves of every vector apart. */
static inline void weave_four(__m256i v[4], const uint8_t *const x[4], int64_t at)
{
	const __m256i a = _mm256_loadu_si256((const __m256i *)(x[0] + at));
	const __m256i b = _mm256_loadu_si256((const __m256i *)(x[1] + at));
	const __m256i c = _mm256_loadu_si256((const __m256i *)(x[2] + at));
	const __m256i d = _mm256_loadu_si256((const __m256i *)(x[3] + at));
	const __m256i ab = _mm256_unpacklo_epi8(a, b), cd = _mm256_unpacklo_epi8(c, d);
	const __m256i AB = _mm256_unpackhi_epi8(a, b), CD = _mm256_unpackhi_epi8(c, d);
	const __m256i p = _mm256_unpacklo_epi16(ab, cd), q = _mm256_unpackhi_epi16(ab, cd);
	const __m256i r = _mm256_unpacklo_epi16(AB, CD), s = _mm256_unpackhi_epi16(AB, CD);

	v[0] = _mm256_permute2x128_si256(p, q, 0x20);
	v[1] = _mm256_permute2x128_si256(r, s, 0x20);
	v[2] = _mm256_permute2x128_si256(p, q, 0x31);
	v[3] = _mm256_permute2x128_si256(r, s, 0x31);
}
