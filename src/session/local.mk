noinst_LIBRARIES += %D%/libsession.a

%C%_libsession_a_SOURCES = \
	%D%/impl.h \
	%D%/session.c \
	%D%/session.h \
	%D%/undo.c
