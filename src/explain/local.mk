noinst_LIBRARIES += %D%/libexplain.a

%C%_libexplain_a_SOURCES = \
	%D%/explain.c
