noinst_LIBRARIES += %D%/libcmd.a

%C%_libcmd_a_SOURCES = \
	%D%/checkpoint.c \
	%D%/bench.c \
	%D%/cmds.h \
	%D%/common.c \
	%D%/common.h \
	%D%/compare.c \
	%D%/data.c \
	%D%/diff_layers.c \
	%D%/diff_layers.h \
	%D%/distill.c \
	%D%/evaluate.c \
	%D%/explain.c \
	%D%/footprint.c \
	%D%/footprint.h \
	%D%/list.c \
	%D%/list.h \
	%D%/model.c \
	%D%/model.h \
	%D%/model_diff.c \
	%D%/model_graph.c \
	%D%/model_new.c \
	%D%/model_run.c \
	%D%/model_show.c \
	%D%/plot.c \
	%D%/prune.c \
	%D%/quantize.c \
	%D%/recipe.c \
	%D%/recipe.h \
	%D%/report.c \
	%D%/run.c \
	%D%/shell.c \
	%D%/show.c \
	%D%/step.c \
	%D%/steps.c \
	%D%/steps.h \
	%D%/train.c \
	%D%/tutorial.c \
	%D%/weights.c \
	%D%/zoo.c \
	%D%/view.c
