noinst_LIBRARIES += %D%/libgraph.a

%C%_libgraph_a_SOURCES = \
	%D%/graph.c \
	%D%/graph.h \
	%D%/op.h \
	%D%/infer.c \
	%D%/edit.c \
	%D%/cost.c
