/* blas.c - OpenBLAS behind one function. */
#include "config.h"

#include "tensor/blas.h"
#include "base/sys.h"

#include <cblas.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rt_blas_gemm(bool ta, bool tb, int64_t M, int64_t N, int64_t K, float alpha, const float *A,
		  int64_t lda, const float *B, int64_t ldb, float beta, float *C, int64_t ldc)
{
	cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
		    (blasint)M, (blasint)N, (blasint)K, alpha, A, (blasint)lda, B, (blasint)ldb,
		    beta, C, (blasint)ldc);
}

void rt_blas_threads(void)
{
	openblas_set_num_threads(rt_threads());
}

const char *rt_blas_kernels(void)
{
	return openblas_get_corename();
}

bool rt_blas_held_back(char *buf, size_t size)
{
	const char *wanted = getenv("OPENBLAS_CORETYPE");
	char features[256];

	buf[0] = '\0';
	if (!wanted || !*wanted)
		return false;
	rt_cpu_features(features, sizeof(features));
	if (strstr(features, "avx512f") &&
	    (strcmp(wanted, "SkylakeX") == 0 || strcmp(wanted, "Cooperlake") == 0 ||
	     strcmp(wanted, "Sapphirerapids") == 0))
		return false;
	if (!strstr(features, "avx512f") && strstr(features, "avx2") &&
	    (strcmp(wanted, "Haswell") == 0 || strcmp(wanted, "Zen") == 0))
		return false;
	snprintf(buf, size,
		 "OPENBLAS_CORETYPE=%s holds OpenBLAS to %s kernels; unset it to let the CPU's own "
		 "be chosen",
		 wanted, rt_blas_kernels());
	return true;
}
