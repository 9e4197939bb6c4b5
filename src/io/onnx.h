/* onnx.h - what the files that read and write ONNX share; private to this folder. */
#ifndef RT_IO_ONNX_H
#define RT_IO_ONNX_H

#include "io/model.h"
#include "io/onnx.pb-c.h"

#define ONNX_IR_MIN 3
#define ONNX_IR_MAX 10
#define ONNX_IR_SAVED 8
#define ONNX_OPSET_MIN 1
#define ONNX_OPSET_MAX 21
#define ONNX_OPSET_SAVED 17
#define ONNX_MAX_DEPTH 32	/* of graphs and functions in each other */

/* The domain of operators that opset 17 lacks, saved as model-local functions. */
#define ONNX_OWN_DOMAIN "retort"

/* --- onnx_source.c ------------------------------------------------------------------------- */

/* Contents of a tensor that were left where they lie. */
struct onnx_part {
	size_t at, len;
};

/* Where a message lies: in a file or in memory. */
struct onnx_source {
	const char *name;	/* for errors; borrowed */
	char *folder;		/* of the file, for external data; NULL = refused */
	size_t len;
	const unsigned char *bytes;	/* NULL: in the file */
	unsigned char *own;		/* the same where they had to be read */
	int fd;
	unsigned char *window;	/* have bytes of the file from from on */
	size_t from, have;
	struct onnx_part *part;
	int nparts, parts_cap;
};

/* Bytes of the caller, which stay where they are; external data is refused. */
void onnx_source_memory(struct onnx_source *s, const void *bytes, size_t len, const char *name);

/* A file; path is borrowed.  Errors: RT_ENOTFOUND, RT_EIO, RT_ENOMEM. */
enum rt_status onnx_source_open(struct onnx_source *s, const char *path, struct rt_err *err);
void onnx_source_close(struct onnx_source *s);

/* At least n bytes, few, from at on, until the next call; NULL when they cannot be read. */
const unsigned char *onnx_peek(struct onnx_source *s, size_t at, size_t n);

/* Copies n bytes from at on; false when they cannot be read. */
bool onnx_copy(struct onnx_source *s, void *to, size_t at, size_t n);

/* A base-128 number; false when it leaves [*at, end) or has more than ten bytes. */
bool onnx_varint(struct onnx_source *s, size_t *at, size_t end, uint64_t *out);

/* pread() until n bytes are there, the file ends or fails; their number. */
size_t onnx_pread(int fd, void *to, size_t n, uint64_t at);

/* --- onnx_wire.c --------------------------------------------------------------------------- */

/* A field of a TensorProto with contents becomes an unknown field of its number and this, which
 * holds the number of a part of the source. */
#define ONNX_PART 1000

/* Unpacks one message of the type (to be freed with protobuf_c_message_free_unpacked()); the
 * contents of tensors stay in the source.  Lengths that leave it and deep nesting are told with
 * their place. */
enum rt_status onnx_parse(ProtobufCMessage **out, const ProtobufCMessageDescriptor *type,
			  struct onnx_source *source, struct rt_err *err);

/* --- onnx_pool.c --------------------------------------------------------------------------- */

/* Memory that lives until the message built in it has been written. */
struct onnx_pool {
	void **item;
	int n, cap;
};

/* Zeroed memory / a copy of text, freed with the pool.  Bytes that are not UTF-8, which other
 * readers of the file would refuse, become '?'. */
void *onnx_alloc(struct onnx_pool *pool, size_t n, size_t size);
char *onnx_text(struct onnx_pool *pool, const char *text);
void onnx_pool_release(struct onnx_pool *pool);

/* Values by the names of a file; the keys are borrowed. */
struct onnx_names {
	struct onnx_name {
		const char *name;
		int value;
	} *slot;
	size_t n, cap;	/* cap is a power of two */
};

/* False when the name is there already. */
bool onnx_names_put(struct onnx_names *names, const char *name, int value);
/* -1 when it is not there. */
int onnx_names_get(const struct onnx_names *names, const char *name);
void onnx_names_release(struct onnx_names *names);

/* --- onnx_tensor.c ------------------------------------------------------------------------- */

/* The type of a TensorProto.DataType code.  Error: RT_EUNSUPPORTED with the code's name. */
enum rt_status onnx_dtype(enum rt_dtype *out, int code, struct rt_err *err);

/* Whether it holds 4-bit numbers, which are read as i8 or u8. */
bool onnx_is_four_bit(const Onnx__TensorProto *t);

/* A tensor of a message in the source, in its own type. */
enum rt_status onnx_tensor(struct rt_tensor *out, const Onnx__TensorProto *t,
			   struct onnx_source *source, struct rt_err *err);

/* Floats of other widths become f32; other types stay. */
enum rt_status onnx_tensor_widen(struct rt_tensor *t, struct rt_err *err);

/* A TensorProto that points into the bytes of t. */
Onnx__TensorProto *onnx_tensor_proto(struct onnx_pool *pool, const char *name,
				     const struct rt_tensor *t);

/* --- onnx_external.c ----------------------------------------------------------------------- */

/* The contents of a tensor that lie in another file of the model's folder: bytes of them, into a
 * new tensor.  Errors: RT_EUNSUPPORTED outside of it, RT_ENOTFOUND, RT_EIO, RT_EFORMAT. */
enum rt_status onnx_external(struct rt_tensor *out, const Onnx__TensorProto *t, const char *folder,
			     enum rt_dtype dtype, const struct rt_shape *shape, size_t bytes,
			     struct rt_err *err);

/* --- onnx_attr.c --------------------------------------------------------------------------- */

/* Stores an attribute in the params of a row; the row must have an option of its name. */
enum rt_status onnx_attr_read(const struct rt_opt *opt, void *params,
			      const Onnx__AttributeProto *a, struct onnx_source *source,
			      struct rt_err *err);

/* A numeric attribute as a tensor: ints as i64, floats as f32, lists of rank 1, else scalars. */
enum rt_status onnx_attr_tensor(struct rt_tensor *out, const Onnx__AttributeProto *a,
				struct onnx_source *source, struct rt_err *err);

/* Fills node->attribute from every option that is not at its default (required ones have none). */
void onnx_attrs_write(Onnx__NodeProto *node, struct onnx_pool *pool, const struct rt_row *row,
		      const void *params);

Onnx__AttributeProto *onnx_attr_new(struct onnx_pool *pool, const char *name,
				    Onnx__AttributeProto__AttributeType type);

/* --- onnx_version.c ------------------------------------------------------------------------ */

enum onnx_change {
	ONNX_TO_INPUT,	/* the attribute became an input */
	ONNX_TO_ATTR,	/* the input became an attribute (going back to opset 17) */
	ONNX_NEUTRAL,	/* the attribute is unknown at opset 17 and does nothing at this value */
	ONNX_ALIGNED,	/* the axis of the first input where the second one's shape begins */
	ONNX_FORM,	/* onnx_newer.c brings it to the form of opset 17 */
	ONNX_DEFAULT,	/* a whole number whose default is another one */
	ONNX_FLATTENED,	/* the axis was 1 by default and stood for all dimensions from it on */
};

/* How an operator of opsets from .. below - 1 differs from its form at opset 17. */
struct onnx_version {
	const char *op;
	enum onnx_change change;
	int from, below;
	const char *attr;
	int input;
	int64_t neutral;
};

#define ONNX_ANYTHING INT64_MIN	/* every value is neutral */

/* The difference for this operator, kind and attribute (NULL: any), or NULL. */
const struct onnx_version *onnx_version_find(const char *op, int64_t opset, enum onnx_change change,
					     const char *attr);

/* True when the attribute holds nothing but the neutral value. */
bool onnx_attr_is_neutral(const Onnx__AttributeProto *a, int64_t neutral);

/* --- onnx_operator.c, onnx_call.c, onnx_node.c -------------------------------------------- */

/* A file on its way into a graph. */
struct onnx_load {
	const Onnx__ModelProto *proto;
	struct onnx_load *outer;	/* of the graph around this one; NULL = none */
	int depth;			/* of graphs and functions in each other */
	int *captures;			/* values of outer that became inputs, in their order */
	int ncaptures, captures_cap;
	struct onnx_source *source;	/* of the message */
	int64_t opset;
	struct rt_graph *graph;
	struct onnx_names values;	/* made so far, by the file's names */
	struct onnx_names four_bit;	/* initializers whose type is wider here than in the file */
	struct onnx_names used;		/* read by some node, or outputs of the graph */
	int *flattened;			/* nodes whose axis stands for all dimensions from it on */
	int nflattened, flattened_cap;
	struct onnx_aligned {
		int node;
		int64_t axis;
	} *aligned;			/* nodes that say where shapes meet */
	int naligned, aligned_cap;
};

/* A node under construction. */
struct onnx_build {
	const struct rt_op *op;
	void *attrs;
	int nin, *in;		/* -1 = left out */
	struct onnx_inside {
		struct rt_graph *graph;
		int ncaptures, *captures;
	} *inside;		/* by op->subgraphs */
	int ninside;
	int64_t aligned; /* where the second input's shape begins in the first one's; -1 = end */
};

/* The value of that name, in this graph or captured from one around it; -1 when there is none. */
int onnx_value(struct onnx_load *l, const char *name);

/* Builds a graph inside a node of l.  captures, freed by the caller: the values of l that it reads.
 */
enum rt_status onnx_read_subgraph(struct onnx_load *l, const Onnx__GraphProto *p,
				  struct rt_graph **out, int **captures, int *ncaptures,
				  struct rt_err *err);

/* Names that the nodes read, here and in their graphs. */
void onnx_note_uses(struct onnx_names *used, Onnx__NodeProto *const *node, size_t n);

/* Fails with RT_EUNSUPPORTED, naming the first node whose operator retort lacks and listing the
 * other operators that are missing. */
enum rt_status onnx_check_operators(const Onnx__ModelProto *proto, struct rt_err *err);

struct onnx_function;
bool onnx_default_domain(const char *domain);

/* The row a node means, or NULL; the function of our own, or of the file, that it calls, or NULL.
 */
const struct rt_op *onnx_op_of(const Onnx__ModelProto *proto, const Onnx__NodeProto *p);
const struct onnx_function *onnx_function_of(const Onnx__ModelProto *proto,
					     const Onnx__NodeProto *p);
const Onnx__FunctionProto *onnx_called(const Onnx__ModelProto *proto, const Onnx__NodeProto *p);
bool onnx_is_constant(const Onnx__NodeProto *p);

/* What to call a node in an error: its name, or that of its first output. */
const char *onnx_label(const Onnx__NodeProto *p);

/* A value of the graph gets the name that the file has for it ("" = none).  Error: RT_EFORMAT. */
enum rt_status onnx_name_output(struct onnx_load *l, int value, const char *name,
				struct rt_err *err);

/* The nodes of function f in the place of its call p. */
enum rt_status onnx_add_call(struct onnx_load *l, const Onnx__FunctionProto *f,
			     const Onnx__NodeProto *p, struct rt_err *err);

/* Adds a node of the file in its opset-17 form; a Constant becomes a parameter. */
enum rt_status onnx_add_node(struct onnx_load *l, const Onnx__NodeProto *p, struct rt_err *err);

/* --- onnx_newer.c -------------------------------------------------------------------------- */

/* What Pad, Resize and GridSample of opset 18 to 21 say in ways that opset 17 does not know. */
enum rt_status onnx_newer_form(struct onnx_load *l, struct onnx_build *b, const Onnx__NodeProto *p,
			       struct rt_err *err);

/* Whether a node is a DequantizeLinear by blocks, which becomes a parameter of its values. */
bool onnx_is_blocked(const Onnx__NodeProto *p);
enum rt_status onnx_add_blocked(struct onnx_load *l, const Onnx__NodeProto *p, struct rt_err *err);

/* Fails with RT_EUNSUPPORTED where opset 17 cannot say what the node does. */
enum rt_status onnx_check_saved(const struct rt_graph *g, const struct rt_node *n,
				struct rt_err *err);

/* --- onnx_flatten.c ------------------------------------------------------------------------ */

/* Rewrites the flattened nodes for opset 17; shapes must be inferred, and are again afterwards. */
enum rt_status onnx_unflatten(struct onnx_load *l, struct rt_err *err);

/* Fails with RT_EUNSUPPORTED where nodes of old files do not let their inputs meet at the last
 * dimensions, as operators do since opset 7; shapes must be inferred. */
enum rt_status onnx_check_aligned(const struct onnx_load *l, struct rt_err *err);

/* --- onnx_function.c ----------------------------------------------------------------------- */

/* An operator that opset 17 lacks, as a function of operators that it has. */
struct onnx_function {
	const char *name;	/* of the function in ONNX_OWN_DOMAIN */
	const char *op;		/* the row it stands for ... */
	const char *attr;	/* ... with this attribute ... */
	const char *value;	/* ... at this value; both NULL when it has none */
	Onnx__FunctionProto *(*build)(struct onnx_pool *pool);
};

/* The function of that name, or NULL. */
const struct onnx_function *onnx_function_named(const char *name);

/* The function that stands for an op with these params, or NULL when ONNX has the op itself. */
const struct onnx_function *onnx_function_for(const struct rt_op *op, const void *params);

/* --- onnx_save.c --------------------------------------------------------------------------- */

/* The import of an operator set. */
Onnx__OperatorSetIdProto *onnx_opset(struct onnx_pool *pool, const char *domain, int64_t version);

/* --- onnx_meta.c --------------------------------------------------------------------------- */

/* Which parameters loading takes as trainable: true at g->params[i] where the value is float, comes
 * from an initializer rather than a Constant, and serves as a weight. */
void onnx_guess_trainable(const struct rt_graph *g, bool *trainable);

/* Fills proto->metadata_props from the model. */
void onnx_meta_write(Onnx__ModelProto *proto, struct onnx_pool *pool, const struct rt_model *m);

/* Applies proto->metadata_props to the model.  Error: RT_EFORMAT. */
enum rt_status onnx_meta_read(struct rt_model *m, const Onnx__ModelProto *proto,
			      struct rt_err *err);

#endif
