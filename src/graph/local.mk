noinst_LIBRARIES += %D%/libgraph.a

%C%_libgraph_a_SOURCES = \
	%D%/attr.c \
	%D%/attr.h \
	%D%/check.c \
	%D%/graph.c \
	%D%/graph.h \
	%D%/op.h \
	%D%/infer.c \
	%D%/mask.c \
	%D%/mask.h \
	%D%/edit.c \
	%D%/call.c \
	%D%/call.h \
	%D%/cost.c
