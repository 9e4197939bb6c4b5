/* arrays.c - the target for arrays, tables and pictures. */
#include "config.h"

#include "target.h"
#include "try.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static bool begun;

	if (!begun)
		try_begin();
	begun = true;
	try_arrays(bytes, len);
	return 0;
}
