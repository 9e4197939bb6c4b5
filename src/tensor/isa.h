/* isa.h - compiling one file of kernels for several instruction sets.
 *
 * The kernels stand in k_isa.h, which defines static functions and one table of them under the name
 * RT_ISA_TABLE.  k_base.c, k_avx2.c and k_avx512.c include it between RT_ISA_BEGIN_x and
 * RT_ISA_END, and k.c picks the table by rt_isa() (base/sys.h).  On other CPUs than x86-64 there is
 * only base.
 */
#ifndef RT_TENSOR_ISA_H
#define RT_TENSOR_ISA_H

#define RT_ISA_PRAGMA(text) _Pragma(#text)

#ifdef __clang__
#define RT_ISA_BEGIN_AVX2                                                                          \
	RT_ISA_PRAGMA(clang attribute push(__attribute__((target("avx2,fma"))),                    \
					   apply_to = function))
#define RT_ISA_BEGIN_AVX512                                                                        \
	RT_ISA_PRAGMA(clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl"))),   \
					   apply_to = function))
#define RT_ISA_BEGIN_AVX_VNNI                                                                      \
	RT_ISA_PRAGMA(clang attribute push(__attribute__((target("avx2,fma,avxvnni"))),            \
					   apply_to = function))
#define RT_ISA_BEGIN_AVX512_VNNI                                                                   \
	RT_ISA_PRAGMA(clang attribute push(                                                        \
		__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))),                   \
		apply_to = function))
#define RT_ISA_END RT_ISA_PRAGMA(clang attribute pop)
#else
#define RT_ISA_BEGIN_AVX2                                                                          \
	RT_ISA_PRAGMA(GCC push_options)                                                            \
	RT_ISA_PRAGMA(GCC target("avx2,fma"))
#define RT_ISA_BEGIN_AVX512                                                                        \
	RT_ISA_PRAGMA(GCC push_options)                                                            \
	RT_ISA_PRAGMA(GCC target("avx512f,avx512bw,avx512vl,prefer-vector-width=512"))
#define RT_ISA_BEGIN_AVX_VNNI                                                                      \
	RT_ISA_PRAGMA(GCC push_options)                                                            \
	RT_ISA_PRAGMA(GCC target("avx2,fma,avxvnni"))
#define RT_ISA_BEGIN_AVX512_VNNI                                                                   \
	RT_ISA_PRAGMA(GCC push_options)                                                            \
	RT_ISA_PRAGMA(GCC target(                                                                  \
		"avx512f,avx512bw,avx512vl,avx512vnni,prefer-vector-width=512"))
#define RT_ISA_END RT_ISA_PRAGMA(GCC pop_options)
#endif

#endif
