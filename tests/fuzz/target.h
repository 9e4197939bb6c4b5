/* target.h - the function that a fuzzer calls with bytes of its own making. */
#ifndef RT_TESTS_FUZZ_TARGET_H
#define RT_TESTS_FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns 0; aborts on a broken promise. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif
