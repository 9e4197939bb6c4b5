/* model.h - a model as people handle it: a graph with its classes, preprocessing and history.
 *
 * A model is reference-counted.  The tensors of its graph are shared copy-on-write, so a clone
 * costs little until its weights change.
 */
#ifndef RT_IO_MODEL_H
#define RT_IO_MODEL_H

#include "graph/graph.h"

struct rt_model {
	int refs;
	char *name;
	struct rt_graph *graph;	/* owned; values carry inferred shapes */
	char *origin;		/* "{dense 30; relu; dense 10}", "zoo lenet5", a path, or NULL */
	int classes;		/* 0 for regression or when unknown */
	char **class_name;	/* [classes], or NULL */
	int64_t nscale;		/* 0 when the preprocessing is unknown */
	float *shift, *scale;	/* [nscale]: the model sees (raw - shift) * scale */
	char *journal;		/* the commands that made it, one a line; NULL = none */
};

/* A model of one owner; takes graph and copies the texts (origin may be NULL).  classes is the size
 * of the last dimension of the first output where that is N x 2 or wider, else 0. */
struct rt_model *rt_model_new(const char *name, struct rt_graph *graph, const char *origin);

/* One more owner; returns m. */
struct rt_model *rt_model_ref(struct rt_model *m);

/* Frees with the last owner; NULL is fine. */
void rt_model_unref(struct rt_model *m);

/* A new model of one owner that shares the tensors; a NULL name keeps the name. */
struct rt_model *rt_model_clone(const struct rt_model *m, const char *name);

/* Replaces the class names: n copies, or none when names is NULL; also sets classes to n. */
void rt_model_set_classes(struct rt_model *m, int n, const char *const *names);

/* Replaces the preprocessing by copies of n shifts and scales; n 0 forgets it. */
void rt_model_set_scale(struct rt_model *m, int64_t n, const float *shift, const float *scale);

/* Adds a line to the journal. */
void rt_model_log(struct rt_model *m, const char *command);

/* Writes ONNX (IR 8, opset 17), atomically; the same model gives the same bytes.  Masked weights
 * are written as zeros.  What ONNX has no place for (classes, preprocessing, journal, masks,
 * trainable flags that loading would not guess) goes into metadata_props under "retort.".
 * Errors: RT_EIO, RT_EUNSUPPORTED (2 GB and more, an operator that has no ONNX form). */
enum rt_status rt_model_save(const struct rt_model *m, const char *path, struct rt_err *err);

/* The number of bytes rt_model_save() would write. */
enum rt_status rt_model_size(const struct rt_model *m, int64_t *bytes, struct rt_err *err);

/* Reads ONNX, IR 3 to 10, opset 7 to 21, and brings it to the forms of opset 17.  Constants become
 * parameters that are not trainable; float initializers that serve as weights become trainable;
 * in a model that has such weights f16, bf16 and f64 become f32, one without keeps its types.  A
 * size that the file leaves open in front is the batch; other sizes and shapes may be open too, and
 * shapes may depend on data: then rt_eager_run() runs the model.
 * Errors: RT_ENOTFOUND, RT_EIO, RT_ENOMEM, RT_EFORMAT (damaged; which byte, node or tensor),
 * RT_EUNSUPPORTED (`node "x" (LSTM): retort has no operator LSTM`), RT_ESHAPE. */
enum rt_status rt_model_load(struct rt_model **out, const char *path, struct rt_err *err);

/* The bytes that rt_model_save() would write, for the caller to free.  Errors: RT_ENOMEM and those
 * of rt_model_save(). */
enum rt_status rt_model_pack(unsigned char **bytes, size_t *len, const struct rt_model *m,
			     struct rt_err *err);

/* The model of such bytes, with the name it had (another program's: made from name, which is used
 * in errors).  External data is refused.  Errors: as rt_model_load(). */
enum rt_status rt_model_unpack(struct rt_model **out, const void *bytes, size_t len,
			       const char *name, struct rt_err *err);

/* Reads one ONNX TensorProto (a .pb file of test data) in its own type; the caller releases.
 * Errors: as rt_model_load(). */
enum rt_status rt_onnx_tensor_read(struct rt_tensor *out, const char *path, struct rt_err *err);

#endif
