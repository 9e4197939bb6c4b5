noinst_LIBRARIES += %D%/libcompress.a

%C%_libcompress_a_SOURCES = \
	%D%/axes.c \
	%D%/axes.h \
	%D%/between.c \
	%D%/between.h \
	%D%/calibrate.c \
	%D%/calibrate.h \
	%D%/channels.c \
	%D%/fold.c \
	%D%/fold.h \
	%D%/groups.c \
	%D%/groups.h \
	%D%/list.c \
	%D%/list.h \
	%D%/magnitude.c \
	%D%/min_max.c \
	%D%/observer.h \
	%D%/pattern.c \
	%D%/pattern.h \
	%D%/pick.h \
	%D%/prune.c \
	%D%/prune.h \
	%D%/quantize.c \
	%D%/quantize.h \
	%D%/random.c \
	%D%/rules.c \
	%D%/rules.h \
	%D%/rules_layers.c \
	%D%/rules_move.c \
	%D%/rules_ties.h \
	%D%/settle.c \
	%D%/settle.h \
	%D%/score.c \
	%D%/score.h \
	%D%/size.c \
	%D%/size.h \
	%D%/weight.c \
	%D%/weight.h
