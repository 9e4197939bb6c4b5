# retort.m4 - the checks of configure.ac that are retort's own.

# RT_PKG(VARIABLE, MODULE, DEBIAN-PACKAGE): a library that must be there.
AC_DEFUN([RT_PKG], [PKG_CHECK_MODULES([$1], [$2], [],
  [AC_MSG_ERROR([$2 is missing; on Debian: apt-get install $3])])])

# RT_TEST_PKG(VARIABLE, MODULE, DEBIAN-PACKAGE): only `make check' needs it.
AC_DEFUN([RT_TEST_PKG], [PKG_CHECK_MODULES([$1], [$2], [rt_tests="yes"],
  [rt_tests="no ($2 is missing; on Debian: apt-get install $3)"])
AM_CONDITIONAL([HAVE_$1], [test "x$rt_tests" = xyes])])

# RT_SCREEN_TESTS: the terminal that the tests of the screen draw on.
AC_DEFUN([RT_SCREEN_TESTS], [PKG_CHECK_MODULES([VTERM], [vterm >= 0.1], [rt_screen_tests="yes"],
  [rt_screen_tests="no (vterm is missing; on Debian: apt-get install libvterm-dev)"])
AM_CONDITIONAL([HAVE_VTERM], [test "x$rt_screen_tests" = xyes])])

# RT_REFUSE_FAST_MATH: NaN tests and fixed orders of summation must hold.
AC_DEFUN([RT_REFUSE_FAST_MATH], [
case " $CFLAGS $CPPFLAGS " in
  *" -ffast-math "*|*" -Ofast "*|*" -ffinite-math-only "*|*" -funsafe-math-optimizations "*)
    AC_MSG_ERROR([-ffast-math and its parts are refused: results must be the same bits every time and NaN must be noticed]) ;;
esac])

# RT_SANITIZERS: --enable-sanitizers=address,undefined
AC_DEFUN([RT_SANITIZERS], [
AC_ARG_ENABLE([sanitizers],
  [AS_HELP_STRING([--enable-sanitizers=LIST], [build with -fsanitize=LIST, e.g. address,undefined])],
  [rt_sanitizers=$enableval], [rt_sanitizers=no])
AS_IF([test "x$rt_sanitizers" = xyes], [rt_sanitizers=address,undefined])
AS_IF([test "x$rt_sanitizers" != xno], [
  SANITIZE_CFLAGS="-fsanitize=$rt_sanitizers -fno-omit-frame-pointer -fno-sanitize-recover=all"])
AC_SUBST([SANITIZE_CFLAGS])])

# RT_WARNINGS: a strict set; --enable-werror makes them errors.
AC_DEFUN([RT_WARNINGS], [
AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [treat warnings as errors])],
  [rt_werror=$enableval], [rt_werror=no])
WARN_CFLAGS="-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wno-missing-field-initializers"
AS_IF([test "x$rt_werror" = xyes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
AC_SUBST([WARN_CFLAGS])])

# RT_ONNX_PROTO: the schema and its compiler.
AC_DEFUN([RT_ONNX_PROTO], [
AC_ARG_VAR([PROTOC_C], [the protobuf compiler for C])
AC_CHECK_PROGS([PROTOC_C], [protoc-c], [none])
AS_IF([test "x$PROTOC_C" = xnone],
  [AC_MSG_ERROR([protoc-c is missing; on Debian: apt-get install protobuf-c-compiler])])
AC_ARG_WITH([onnx-proto],
  [AS_HELP_STRING([--with-onnx-proto=DIR], [folder that holds onnx.proto [/usr/include/onnx]])],
  [ONNX_PROTO_DIR=$withval], [ONNX_PROTO_DIR=/usr/include/onnx])
AS_IF([test -r "$ONNX_PROTO_DIR/onnx.proto"], [],
  [AC_MSG_ERROR([no onnx.proto in $ONNX_PROTO_DIR; on Debian: apt-get install libonnx-dev])])
AC_SUBST([ONNX_PROTO_DIR])])
