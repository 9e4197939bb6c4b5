/* gemm_bench.c - GFLOP/s of products of matrices by OpenBLAS and by retort, and their share of the
 * peak: gemm_bench ?-t THREADS? ?-s SECONDS? ?SHAPE ...? where a shape is M,N,K,what and what is
 * y (x W^T), dx (dy W), dw (+= dy^T x) or ab (plain). */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/sys.h"
#include "tensor/blas.h"
#include "tensor/gemm.h"
#include "tensor/peak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 2000

static const char *const shapes[] = {
	"128,1200,784,y", "128,1200,1200,y", "128,800,784,y", "128,800,800,y", "128,10,800,y",
	"128,800,800,dx", "800,784,128,dw", "800,800,128,dw", "10,800,128,dw", "128,800,10,dx",
	"32,500,800,y", "32,800,500,dx", "500,800,32,dw", "1,500,800,y", "1,800,500,dx",
	"500,800,1,dw", "128,30,784,y", "30,784,128,dw",
	"2048,384,128,y", "2048,512,128,y", "2048,128,512,y", "2048,256,256,y", "2048,1024,256,y",
	"2048,256,1024,y", "2048,128,512,dx", "512,128,2048,dw", "128,512,2048,dw",
	"64,64,64,y", "64,64,64,ab", "2048,2048,2048,ab",
};

static float *numbers(int64_t n)
{
	float *v = aligned_alloc(64, (size_t)(n + 15) / 16 * 64);

	for (int64_t i = 0; i < n; i++)
		v[i] = (float)(i * 7919 % 1009) / 1009 - 0.5f;
	return v;
}

typedef void gemm(bool ta, bool tb, int64_t M, int64_t N, int64_t K, float alpha, const float *A,
		  int64_t lda, const float *B, int64_t ldb, float beta, float *C, int64_t ldc);

static int by_value(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

static void bench(const char *text, double seconds, double peak)
{
	static gemm *const who[] = {rt_blas_gemm, rt_gemm_own, rt_gemm};
	static double times[3][ROUNDS];
	long long M, N, K;
	char what[3] = "ab";
	bool ta, tb;
	float *A, *B, *C;
	double end, rate[3];
	int rounds = 0;

	sscanf(text, "%lld,%lld,%lld,%2s", &M, &N, &K, what);
	ta = strcmp(what, "dw") == 0;
	tb = strcmp(what, "y") == 0;
	A = numbers(M * K);
	B = numbers(N * K);
	C = numbers(M * N);
	end = rt_now() + seconds;
	while (rounds < 6 || (rounds < ROUNDS && rt_now() < end)) {
		for (int i = 0; i < 3; i++) {
			double start = rt_now();

			who[i](ta, tb, M, N, K, 1, A, ta ? M : K, B, tb ? K : N, ta ? 1 : 0, C, N);
			times[i][rounds] = rt_now() - start;
		}
		rounds++;
	}
	for (int i = 0; i < 3; i++) {
		qsort(times[i], (size_t)rounds, sizeof(double), by_value);
		rate[i] = 2e-9 * (double)(M * N * K) / times[i][rounds / 2];
	}
	printf("%-20s OpenBLAS %7.1f (%3.0f%%)  own %7.1f (%3.0f%%) x%.2f  used %7.1f\n", text,
	       rate[0], 100 * rate[0] / peak, rate[1], 100 * rate[1] / peak, rate[1] / rate[0],
	       rate[2]);
	fflush(stdout);
	free(A);
	free(B);
	free(C);
}

int main(int argc, char **argv)
{
	double seconds = 0.3, peak;
	int c, threads = 1;

	while ((c = getopt(argc, argv, "t:s:")) != -1) {
		if (c == 't')
			threads = atoi(optarg);
		else if (c == 's')
			seconds = atof(optarg);
		else
			return 2;
	}
	rt_threads_set(threads);
	rt_blas_threads();
	peak = rt_peak_flops(0.2);
	printf("%s, OpenBLAS %s, threads %d, multiply-add peak %.1f GFLOP/s\n",
	       rt_isa_name(rt_isa()), rt_blas_kernels(), threads, peak);
	if (optind == argc)
		for (size_t i = 0; i < RT_COUNT(shapes); i++)
			bench(shapes[i], seconds, peak);
	for (int i = optind; i < argc; i++)
		bench(argv[i], seconds, peak);
	return 0;
}
