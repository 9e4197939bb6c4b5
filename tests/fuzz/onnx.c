/* onnx.c - the target for ONNX models. */
#include "config.h"

#include "target.h"
#include "try.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static bool begun;

	if (!begun)
		try_begin();
	begun = true;
	try_onnx(bytes, len);
	return 0;
}
