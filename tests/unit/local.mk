# One program a layer; `make check TESTS=tests/unit/graph` runs one, `tests/unit/graph -t 'infer*'` one case.
RT_L1 = src/base/libbase.a -lm
RT_L2 = src/tensor/libtensor.a $(RT_L1) $(OPENBLAS_LIBS)
RT_L3 = src/graph/libgraph.a $(RT_L2)
RT_L4 = src/ops/libops.a $(RT_L3)
RT_L5 = src/io/libio.a $(RT_L4) $(PROTOBUF_C_LIBS) $(LIBPNG_LIBS) $(ZLIB_LIBS)
RT_L6 = src/exec/libexec.a $(RT_L5)
RT_L7 = src/train/libtrain.a $(RT_L6)
RT_L8 = src/explain/libexplain.a $(RT_L7)
RT_L9 = src/distill/libdistill.a $(RT_L8)
RT_L10 = src/compress/libcompress.a $(RT_L9)
RT_L11 = src/session/libsession.a $(RT_L10)
RT_L12 = views/libviews.a $(RT_L11)
RT_L13 = src/shell/libshell.a $(RT_L12) $(TCL_LIBS)
RT_L14 = src/cmd/libcmd.a $(RT_L13)

if HAVE_CMOCKA
RT_UNIT = \
	%D%/base \
	%D%/options \
	%D%/files \
	%D%/conv \
	%D%/conv_blocked \
	%D%/gemm \
	%D%/int8 \
	%D%/tensor \
	%D%/norm \
	%D%/arrays \
	%D%/pointwise \
	%D%/graph \
	%D%/ops \
	%D%/network \
	%D%/onnx \
	%D%/onnx_bad \
	%D%/onnx_memory \
	%D%/external \
	%D%/mutate \
	%D%/functions \
	%D%/types \
	%D%/layers \
	%D%/formats \
	%D%/png \
	%D%/csv \
	%D%/big \
	%D%/eager \
	%D%/exec \
	%D%/slices \
	%D%/products \
	%D%/cases \
	%D%/data \
	%D%/tables \
	%D%/words \
	%D%/lines \
	%D%/losses \
	%D%/train \
	%D%/explain \
	%D%/gradients \
	%D%/measures \
	%D%/distill \
	%D%/steady \
	%D%/compress \
	%D%/pattern \
	%D%/prune \
	%D%/sparse \
	%D%/channels \
	%D%/quantize \
	%D%/blocked_plan \
	%D%/int8_plan \
	%D%/sparse_plan \
	%D%/session \
	%D%/checkpoint \
	%D%/damage \
	%D%/views \
	%D%/weights \
	%D%/golden \
	%D%/pictures \
	%D%/gnuplot \
	%D%/shell \
	%D%/shell_text \
	%D%/rows
check_PROGRAMS += $(RT_UNIT)
TESTS += $(RT_UNIT)
endif
RT_COMMON = %D%/unit.h

%C%_base_SOURCES = %D%/base.c $(RT_COMMON)
%C%_base_LDADD = $(RT_L1) $(CMOCKA_LIBS)
%C%_options_SOURCES = %D%/options.c $(RT_COMMON)
%C%_options_LDADD = $(RT_L1) $(CMOCKA_LIBS)
%C%_files_SOURCES = %D%/files.c %D%/temp.h $(RT_COMMON)
%C%_files_LDADD = $(RT_L1) $(CMOCKA_LIBS)
%C%_conv_SOURCES = %D%/conv.c %D%/isas.h $(RT_COMMON) \
	tests/ops/draw.c \
	tests/ops/draw.h \
	tests/ops/reference.c \
	tests/ops/reference.h
%C%_conv_LDADD = $(RT_L2) $(CMOCKA_LIBS)
%C%_conv_blocked_SOURCES = %D%/conv_blocked.c %D%/isas.h $(RT_COMMON) \
	tests/ops/draw.c \
	tests/ops/draw.h \
	tests/ops/reference.c \
	tests/ops/reference.h
%C%_conv_blocked_LDADD = $(RT_L2) $(CMOCKA_LIBS)
%C%_gemm_SOURCES = %D%/gemm.c %D%/isas.h tests/ops/draw.c tests/ops/draw.h $(RT_COMMON)
%C%_gemm_LDADD = $(RT_L2) $(CMOCKA_LIBS)
%C%_norm_SOURCES = %D%/norm.c tests/ops/draw.c tests/ops/draw.h $(RT_COMMON)
%C%_norm_LDADD = $(RT_L2) $(CMOCKA_LIBS)
%C%_int8_SOURCES = %D%/int8.c tests/ops/draw.c tests/ops/draw.h $(RT_COMMON)
%C%_int8_LDADD = $(RT_L2) $(CMOCKA_LIBS)
%C%_tensor_SOURCES = %D%/tensor.c tests/ops/draw.c tests/ops/draw.h $(RT_COMMON)
%C%_tensor_LDADD = $(RT_L2) $(CMOCKA_LIBS)
%C%_arrays_SOURCES = %D%/arrays.c $(RT_COMMON)
%C%_arrays_LDADD = $(RT_L2) $(CMOCKA_LIBS)
%C%_pointwise_SOURCES = %D%/pointwise.c $(RT_COMMON)
%C%_pointwise_LDADD = $(RT_L2) $(CMOCKA_LIBS)
%C%_graph_SOURCES = %D%/graph.c $(RT_COMMON)
%C%_graph_LDADD = $(RT_L4) $(CMOCKA_LIBS)
%C%_ops_SOURCES = %D%/ops.c $(RT_COMMON) \
	tests/ops/trial.c \
	tests/ops/trial.h \
	tests/ops/samples.c \
	tests/ops/samples.h \
	tests/ops/samples_control.c \
	tests/ops/samples_conv.c \
	tests/ops/samples_dense.c \
	tests/ops/samples_norm.c \
	tests/ops/samples_pool.c \
	tests/ops/samples_regions.c \
	tests/ops/samples_unary.c \
	tests/ops/samples_arith.c \
	tests/ops/samples_types.c \
	tests/ops/samples_turn.c \
	tests/ops/samples_scatter.c \
	tests/ops/samples_pick.c \
	tests/ops/samples_pair.c \
	tests/ops/samples_order.c \
	tests/ops/samples_many.c \
	tests/ops/samples_logic.c \
	tests/ops/samples_group.c \
	tests/ops/samples_function.c \
	tests/ops/samples_fill.c \
	tests/ops/samples_compare.c \
	tests/ops/samples_axes_types.c \
	tests/ops/samples_axes.c \
	tests/ops/samples_move.c \
	tests/ops/samples_recurrent.c \
	tests/ops/samples_reduce.c \
	tests/ops/samples_quant.c \
	tests/ops/samples_sampling.c \
	tests/ops/samples_structured.c \
	tests/ops/samples_shape.c
%C%_ops_LDADD = $(RT_L4) $(CMOCKA_LIBS)
%C%_network_SOURCES = %D%/network.c $(RT_COMMON)
%C%_network_LDADD = $(RT_L4) $(CMOCKA_LIBS)
%C%_functions_SOURCES = %D%/functions.c %D%/temp.h $(RT_COMMON)
%C%_functions_LDADD = $(RT_L6) $(CMOCKA_LIBS)
%C%_types_SOURCES = %D%/types.c $(RT_COMMON)
%C%_types_LDADD = $(RT_L2) $(CMOCKA_LIBS)
%C%_onnx_SOURCES = %D%/onnx.c %D%/temp.h $(RT_COMMON)
%C%_onnx_LDADD = $(RT_L6) $(CMOCKA_LIBS)
%C%_onnx_bad_SOURCES = %D%/onnx_bad.c $(RT_COMMON)
%C%_onnx_bad_LDADD = $(RT_L6) $(CMOCKA_LIBS)
%C%_onnx_memory_SOURCES = %D%/onnx_memory.c %D%/temp.h $(RT_COMMON)
%C%_onnx_memory_LDADD = $(RT_L5) $(CMOCKA_LIBS)
%C%_external_SOURCES = %D%/external.c %D%/temp.h $(RT_COMMON)
%C%_external_LDADD = $(RT_L5) $(CMOCKA_LIBS)
RT_TRY = tests/fuzz/try.c tests/fuzz/try.h
%C%_mutate_SOURCES = %D%/mutate.c $(RT_TRY) $(RT_COMMON)
%C%_mutate_LDADD = $(RT_L6) $(CMOCKA_LIBS)
%C%_layers_SOURCES = %D%/layers.c $(RT_COMMON)
%C%_layers_LDADD = $(RT_L5) $(CMOCKA_LIBS)
%C%_weights_SOURCES = %D%/weights.c %D%/temp.h $(RT_COMMON)
%C%_weights_LDADD = $(RT_L5) $(CMOCKA_LIBS)
%C%_formats_SOURCES = %D%/formats.c %D%/temp.h $(RT_COMMON)
%C%_formats_LDADD = $(RT_L5) $(CMOCKA_LIBS)
%C%_png_SOURCES = %D%/png.c %D%/temp.h $(RT_COMMON)
%C%_png_LDADD = $(RT_L5) $(CMOCKA_LIBS)
%C%_csv_SOURCES = %D%/csv.c %D%/temp.h $(RT_COMMON)
%C%_csv_LDADD = $(RT_L5) $(CMOCKA_LIBS)
%C%_cases_SOURCES = %D%/cases.c $(RT_COMMON)
%C%_cases_LDADD = $(RT_L6) $(CMOCKA_LIBS)
%C%_eager_SOURCES = %D%/eager.c $(RT_COMMON)
%C%_eager_LDADD = $(RT_L6) $(CMOCKA_LIBS)
%C%_exec_SOURCES = %D%/exec.c %D%/plans.h $(RT_COMMON)
%C%_exec_LDADD = $(RT_L6) $(CMOCKA_LIBS)
%C%_products_SOURCES = %D%/products.c %D%/plans.h tests/ops/draw.c tests/ops/draw.h $(RT_COMMON)
%C%_products_LDADD = $(RT_L6) $(CMOCKA_LIBS)
%C%_slices_SOURCES = %D%/slices.c $(RT_COMMON)
%C%_slices_LDADD = $(RT_L6) $(CMOCKA_LIBS)
%C%_big_SOURCES = %D%/big.c %D%/temp.h $(RT_COMMON)
%C%_big_LDADD = $(RT_L7) $(CMOCKA_LIBS)
%C%_data_SOURCES = %D%/data.c %D%/temp.h $(RT_COMMON)
%C%_data_LDADD = $(RT_L7) $(CMOCKA_LIBS)
%C%_lines_SOURCES = %D%/lines.c $(RT_COMMON)
%C%_lines_LDADD = $(RT_L12) $(CMOCKA_LIBS)
%C%_words_SOURCES = %D%/words.c %D%/temp.h $(RT_COMMON)
%C%_words_LDADD = $(RT_L7) $(CMOCKA_LIBS)
%C%_tables_SOURCES = %D%/tables.c %D%/temp.h $(RT_COMMON)
%C%_tables_LDADD = $(RT_L7) $(CMOCKA_LIBS)
RT_TOYS = %D%/toys.c %D%/toys.h
%C%_losses_SOURCES = %D%/losses.c $(RT_TOYS) $(RT_COMMON)
%C%_losses_LDADD = $(RT_L7) $(CMOCKA_LIBS)
%C%_train_SOURCES = %D%/train.c $(RT_TOYS) $(RT_COMMON)
%C%_train_LDADD = $(RT_L7) $(CMOCKA_LIBS)
RT_ASK = \
	%D%/explain_ask.c \
	%D%/explain_ask.h \
	%D%/explain_nets.c \
	%D%/explain_nets.h
%C%_explain_SOURCES = %D%/explain.c $(RT_ASK) $(RT_COMMON)
%C%_explain_LDADD = $(RT_L8) $(CMOCKA_LIBS)
%C%_gradients_SOURCES = %D%/gradients.c $(RT_ASK) $(RT_COMMON)
%C%_gradients_LDADD = $(RT_L8) $(CMOCKA_LIBS)
%C%_measures_SOURCES = %D%/measures.c $(RT_ASK) $(RT_COMMON)
%C%_measures_LDADD = $(RT_L8) $(CMOCKA_LIBS)
%C%_distill_SOURCES = %D%/distill.c $(RT_TOYS) $(RT_COMMON)
%C%_distill_LDADD = $(RT_L9) $(CMOCKA_LIBS)
%C%_steady_SOURCES = %D%/steady.c $(RT_TOYS) $(RT_COMMON)
%C%_steady_LDADD = $(RT_L9) $(CMOCKA_LIBS)
%C%_steady_LDFLAGS = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc
%C%_compress_SOURCES = %D%/compress.c %D%/nets.c %D%/nets.h $(RT_COMMON)
%C%_compress_LDADD = $(RT_L10) $(CMOCKA_LIBS)
%C%_pattern_SOURCES = %D%/pattern.c %D%/nets.c %D%/nets.h $(RT_COMMON)
%C%_pattern_LDADD = $(RT_L10) $(CMOCKA_LIBS)
%C%_sparse_SOURCES = %D%/sparse.c $(RT_COMMON)
%C%_sparse_LDADD = $(RT_L2) $(CMOCKA_LIBS)
%C%_prune_SOURCES = %D%/prune.c %D%/nets.c %D%/nets.h $(RT_COMMON)
%C%_prune_LDADD = $(RT_L10) $(CMOCKA_LIBS)
%C%_channels_SOURCES = %D%/channels.c %D%/nets.c %D%/nets.h $(RT_COMMON)
%C%_channels_LDADD = $(RT_L10) $(CMOCKA_LIBS)
%C%_sparse_plan_SOURCES = %D%/sparse_plan.c %D%/nets.c %D%/nets.h $(RT_COMMON)
%C%_sparse_plan_LDADD = $(RT_L10) $(CMOCKA_LIBS)
%C%_blocked_plan_SOURCES = %D%/blocked_plan.c %D%/nets.c %D%/nets.h $(RT_COMMON)
%C%_blocked_plan_LDADD = $(RT_L10) $(CMOCKA_LIBS)
%C%_int8_plan_SOURCES = %D%/int8_plan.c %D%/nets.c %D%/nets.h $(RT_COMMON)
%C%_int8_plan_LDADD = $(RT_L10) $(CMOCKA_LIBS)
%C%_quantize_SOURCES = %D%/quantize.c %D%/nets.c %D%/nets.h %D%/temp.h $(RT_COMMON)
%C%_quantize_LDADD = $(RT_L10) $(CMOCKA_LIBS)
RT_DESK = %D%/desk.c %D%/desk.h $(RT_TOYS)
%C%_session_SOURCES = %D%/session.c $(RT_DESK) $(RT_COMMON)
%C%_session_LDADD = $(RT_L11) $(CMOCKA_LIBS)
%C%_checkpoint_SOURCES = %D%/checkpoint.c %D%/temp.h $(RT_DESK) $(RT_COMMON)
%C%_checkpoint_LDADD = $(RT_L11) $(CMOCKA_LIBS)
%C%_damage_SOURCES = %D%/damage.c %D%/temp.h $(RT_DESK) $(RT_COMMON)
%C%_damage_LDADD = $(RT_L11) $(CMOCKA_LIBS)
%C%_views_SOURCES = %D%/views.c %D%/views_samples.c %D%/views_samples.h $(RT_COMMON)
%C%_views_LDADD = $(RT_L12) $(CMOCKA_LIBS)
%C%_pictures_SOURCES = %D%/pictures.c %D%/views_samples.c %D%/views_samples.h %D%/temp.h $(RT_COMMON)
%C%_pictures_LDADD = $(RT_L12) $(CMOCKA_LIBS)
%C%_golden_SOURCES = %D%/golden.c %D%/views_samples.c %D%/views_samples.h $(RT_COMMON)
%C%_golden_LDADD = $(RT_L12) $(CMOCKA_LIBS)
%C%_gnuplot_SOURCES = %D%/gnuplot.c %D%/views_samples.c %D%/views_samples.h %D%/temp.h $(RT_COMMON)
%C%_gnuplot_LDADD = $(RT_L12) $(CMOCKA_LIBS)
%C%_shell_SOURCES = %D%/shell.c %D%/shell_fake.c %D%/shell_fake.h $(RT_COMMON)
%C%_shell_LDADD = $(RT_L13) $(CMOCKA_LIBS)
%C%_shell_text_SOURCES = %D%/shell_text.c %D%/shell_fake.c %D%/shell_fake.h $(RT_COMMON)
%C%_shell_text_LDADD = $(RT_L13) $(CMOCKA_LIBS)
%C%_rows_SOURCES = %D%/rows.c $(RT_COMMON)
%C%_rows_LDADD = $(RT_L14) $(CMOCKA_LIBS)
