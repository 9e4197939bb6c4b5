noinst_LIBRARIES += %D%/libcmd.a

%C%_libcmd_a_SOURCES = \
	%D%/cmds.h \
	%D%/list.c \
	%D%/list.h \
	%D%/shell.c
