noinst_LIBRARIES += %D%/libsession.a

%C%_libsession_a_SOURCES = \
	%D%/session.c
