/* try.h - what is done with bytes that may be damaged: read them, and use what was read. */
#ifndef RT_TESTS_FUZZ_TRY_H
#define RT_TESTS_FUZZ_TRY_H

#include <stddef.h>
#include <stdint.h>

/* Bounds memory and, by a clock that cancels, time; call once. */
void try_begin(void);

/* What came of it. */
enum try_result {
	TRY_REFUSED,	/* not read, with a line that says why */
	TRY_LOADED,	/* read; running it was refused or cancelled */
	TRY_RUN,	/* read and run */
};

/* An ONNX model: loaded, run on small numbers node by node and by a plan, saved and loaded again,
 * which has to succeed where saving does.  Aborts on a broken promise. */
enum try_result try_onnx(const uint8_t *bytes, size_t len);

/* Arrays, tables and pictures: npy, npz, IDX, CSV, PNG, safetensors, whichever takes them. */
enum try_result try_arrays(const uint8_t *bytes, size_t len);

#endif
