noinst_LIBRARIES += %D%/libsession.a

%C%_libsession_a_SOURCES = \
	%D%/checkpoint.h \
	%D%/facts.c \
	%D%/facts.h \
	%D%/impl.h \
	%D%/lines.c \
	%D%/lines.h \
	%D%/load.c \
	%D%/load.h \
	%D%/load_run.c \
	%D%/look.c \
	%D%/look.h \
	%D%/records.c \
	%D%/records.h \
	%D%/save.c \
	%D%/session.c \
	%D%/session.h \
	%D%/spread.c \
	%D%/undo.c
