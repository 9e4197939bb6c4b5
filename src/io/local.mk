noinst_LIBRARIES += %D%/libio.a

%C%_libio_a_SOURCES = \
	%D%/onnx_call.c \
	%D%/onnx_operator.c \
	%D%/bytes.h \
	%D%/csv.c \
	%D%/csv.h \
	%D%/gz.c \
	%D%/gz.h \
	%D%/idx.c \
	%D%/idx.h \
	%D%/image.c \
	%D%/layers.c \
	%D%/layers.h \
	%D%/layers_activation.c \
	%D%/layers_attention.c \
	%D%/layers_block.c \
	%D%/layers_build.c \
	%D%/layers_build.h \
	%D%/layers_define.c \
	%D%/layers_flow.c \
	%D%/layers_linear.c \
	%D%/layers_list.h \
	%D%/layers_math.c \
	%D%/layers_move.c \
	%D%/layers_recurrent.c \
	%D%/layers_shape.c \
	%D%/layers_text.c \
	%D%/layers_weight.c \
	%D%/layers_window.c \
	%D%/model.c \
	%D%/model.h \
	%D%/npy.c \
	%D%/npy.h \
	%D%/onnx.h \
	%D%/onnx_attr.c \
	%D%/onnx_external.c \
	%D%/onnx_flatten.c \
	%D%/onnx_function.c \
	%D%/onnx_load.c \
	%D%/onnx_meta.c \
	%D%/onnx_newer.c \
	%D%/onnx_node.c \
	%D%/onnx_pool.c \
	%D%/onnx_save.c \
	%D%/onnx_source.c \
	%D%/onnx_tensor.c \
	%D%/onnx_version.c \
	%D%/onnx_wire.c \
	%D%/png.c \
	%D%/png.h \
	%D%/safetensors.c \
	%D%/safetensors.h \
	%D%/weights.c \
	%D%/weights.h \
	%D%/zip.c \
	%D%/zip.h

# The schema's messages as C structs; written by protoc-c into the build tree.
nodist_%C%_libio_a_SOURCES = %D%/onnx.pb-c.c %D%/onnx.pb-c.h
%C%_libio_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/src $(PROTOBUF_C_CFLAGS) $(LIBPNG_CFLAGS) $(ZLIB_CFLAGS)
BUILT_SOURCES += %D%/onnx.pb-c.c %D%/onnx.pb-c.h
CLEANFILES += %D%/onnx.pb-c.c %D%/onnx.pb-c.h

$(%C%_libio_a_OBJECTS): %D%/onnx.pb-c.h

%D%/onnx.pb-c.h: $(ONNX_PROTO_DIR)/onnx.proto
	$(AM_V_GEN)$(MKDIR_P) %D% && $(PROTOC_C) -I$(ONNX_PROTO_DIR) --c_out=%D% $(ONNX_PROTO_DIR)/onnx.proto

%D%/onnx.pb-c.c: %D%/onnx.pb-c.h
	@test -f $@ || { rm -f %D%/onnx.pb-c.h && $(MAKE) $(AM_MAKEFLAGS) %D%/onnx.pb-c.h; }
