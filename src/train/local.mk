noinst_LIBRARIES += %D%/libtrain.a

%C%_libtrain_a_SOURCES = \
	%D%/batch.c \
	%D%/batch.h \
	%D%/builtin.c \
	%D%/builtin.h \
	%D%/data.c \
	%D%/data.h \
	%D%/data_columns.c \
	%D%/data_columns.h \
	%D%/data_fit.c \
	%D%/data_idx.c \
	%D%/data_load.c \
	%D%/data_make.h \
	%D%/data_names.c \
	%D%/data_pictures.c \
	%D%/data_recipe.c \
	%D%/data_schema.c \
	%D%/data_schema.h \
	%D%/data_split.c \
	%D%/data_table.c \
	%D%/data_tables.c \
	%D%/data_words.c \
	%D%/fit.c \
	%D%/fit.h \
	%D%/job.c \
	%D%/loss.c \
	%D%/loss.h \
	%D%/metrics.c \
	%D%/metrics.h \
	%D%/objective.c \
	%D%/objective.h \
	%D%/optim.c \
	%D%/optim.h \
	%D%/predict.c \
	%D%/predict_eager.c \
	%D%/predict_eager.h \
	%D%/predict.h \
	%D%/schedule.c \
	%D%/schedule.h \
	%D%/vocabulary.c \
	%D%/vocabulary.h
