# Tests: cmocka programs per layer, linked with their own layer and those below it only.
include %D%/bench/local.mk
include %D%/unit/local.mk
include %D%/fuzz/local.mk
include %D%/cli/local.mk
include %D%/screen/local.mk

LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	RT_TESTS='$(abs_top_srcdir)/tests'; export RT_TESTS; \
	RETORT='$(abs_top_builddir)/retort'; export RETORT; \
	OMP_WAIT_POLICY=passive; export OMP_WAIT_POLICY; \
	PTY='$(abs_top_builddir)/tests/cli/pty'; export PTY; \
	VT='$(abs_top_builddir)/tests/screen/vt'; export VT; \
	RETORT_DATA='$(abs_top_srcdir)/examples'; export RETORT_DATA;

# What the compiler does not check: layers, homes of foreign headers, form.
TESTS += %D%/lint.sh
EXTRA_DIST += %D%/check.sh %D%/lint.sh %D%/setup.sh
EXTRA_DIST += %D%/data/png %D%/data/npy %D%/data/golden
EXTRA_DIST += %D%/data/onnx %D%/data/models %D%/data/exported
