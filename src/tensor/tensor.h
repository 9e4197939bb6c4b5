/* tensor.h - shapes, element types and reference-counted arrays with copy on write. */
#ifndef RT_TENSOR_TENSOR_H
#define RT_TENSOR_TENSOR_H

#include "base/err.h"
#include "base/row.h"

#include <stdint.h>

enum rt_dtype {
	RT_F32,
	RT_F64,
	RT_F16,
	RT_BF16,
	RT_I8,
	RT_U8,
	RT_I16,
	RT_U16,
	RT_I32,
	RT_U32,
	RT_I64,
	RT_U64,
	RT_BOOL8,
	RT_DTYPES
};

/* What is known of an element type. */
struct rt_dtype_row {
	struct rt_row row;	/* name: "f32" ... */
	size_t size;		/* bytes an element */
	int onnx;		/* TensorProto.DataType */
	const char *npy;	/* descr of a .npy file, little endian; NULL = none */
	bool is_float, is_signed;
};

/* The row of a type, borrowed; every enum value has one. */
const struct rt_dtype_row *rt_dtype(enum rt_dtype type);
extern const struct rt_list rt_dtypes;

#define RT_MAX_RANK 8

/* dim[0 .. rank) in row-major order; rank 0 is a scalar with one element. */
struct rt_shape {
	int rank;
	int64_t dim[RT_MAX_RANK];
};

/* RT_SHAPE(2, 3, 4) is the shape 2x3x4. */
#define RT_SHAPE(...)                                                                              \
	((struct rt_shape){                                                                        \
		.rank = (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)),                 \
		.dim = {__VA_ARGS__}})

/* Product of all dimensions; 1 for a scalar. */
int64_t rt_shape_count(const struct rt_shape *s);

/* Product of dim[from .. to). */
int64_t rt_shape_span(const struct rt_shape *s, int from, int to);

bool rt_shape_equal(const struct rt_shape *a, const struct rt_shape *b);

/* Writes "1x28x28" ("scalar" for rank 0; negative dimensions as N, the batch; INT64_MIN, and a rank
 * below 0, as ?) to buf; returns buf. */
char *rt_shape_text(char *buf, size_t size, const struct rt_shape *s);

/* Shape of a and b under numpy broadcasting.  Error: RT_ESHAPE with both shapes. */
enum rt_status rt_shape_broadcast(struct rt_shape *out, const struct rt_shape *a,
				  const struct rt_shape *b, struct rt_err *err);

struct rt_storage;	/* reference-counted bytes of rt_big_new(), 64-byte aligned */

/* A small value: copy it only with rt_tensor_share().  {0} is "no tensor" (storage NULL). */
struct rt_tensor {
	enum rt_dtype dtype;
	struct rt_shape shape;
	struct rt_storage *storage;
};

/* A zeroed tensor.  *out is overwritten, not released.  Error: RT_ENOMEM, RT_ESHAPE (overflow). */
enum rt_status rt_tensor_new(struct rt_tensor *out, enum rt_dtype dtype,
			     const struct rt_shape *shape, struct rt_err *err);

/* *out shares the bytes of t (no copy); *out is overwritten, not released. */
void rt_tensor_share(struct rt_tensor *out, const struct rt_tensor *t);

/* *out is a private copy of t. */
enum rt_status rt_tensor_copy(struct rt_tensor *out, const struct rt_tensor *t, struct rt_err *err);

/* Gives up the reference and leaves {0}; harmless on {0}. */
void rt_tensor_release(struct rt_tensor *t);

/* The bytes, for reading; borrowed; NULL for {0}. */
const void *rt_tensor_data(const struct rt_tensor *t);

/* The bytes, for writing: copies them first when they are shared.  Error: RT_ENOMEM. */
enum rt_status rt_tensor_write(void **out, struct rt_tensor *t, struct rt_err *err);

/* Tells the bytes apart from those of any other time or tensor, as long as every writer asks
 * rt_tensor_write() anew after the stamp was read; 0 for {0}. */
uint64_t rt_tensor_stamp(const struct rt_tensor *t);

int64_t rt_tensor_count(const struct rt_tensor *t);
size_t rt_tensor_bytes(const struct rt_tensor *t);

/* True when both are {0}, or type, shape and every byte agree. */
bool rt_tensor_equal(const struct rt_tensor *a, const struct rt_tensor *b);

/* Identity of the storage, for counting shared bytes once (undo history); NULL for {0}. */
const void *rt_tensor_storage_id(const struct rt_tensor *t);

/* Bytes [from, from + n) will be read soon: where they lie in a file, reading begins now. */
void rt_tensor_want(const struct rt_tensor *t, size_t from, size_t n);

/* Element i (row-major) as double / int64, converted from any type. */
double rt_tensor_get(const struct rt_tensor *t, int64_t i);
int64_t rt_tensor_get_int(const struct rt_tensor *t, int64_t i);

/* Converts n elements between types.  Float to integer truncates toward zero and saturates; to f16
 * and bf16 rounds to nearest even. */
void rt_convert(void *to, enum rt_dtype to_type, const void *from, enum rt_dtype from_type,
		int64_t n);

/* The same, but a whole number that does not fit a whole type keeps its low bits, as ONNX Cast has
 * it. */
void rt_convert_wrap(void *to, enum rt_dtype to_type, const void *from, enum rt_dtype from_type,
		     int64_t n);

#endif
