noinst_LIBRARIES += %D%/libexplain.a

%C%_libexplain_a_SOURCES = \
	%D%/baseline.c \
	%D%/correlation.c \
	%D%/embed.c \
	%D%/embed.h \
	%D%/explain.c \
	%D%/explain.h \
	%D%/grad_cam.c \
	%D%/grad_times_input.c \
	%D%/gradient.c \
	%D%/gradient.h \
	%D%/integrated_gradients.c \
	%D%/layer.c \
	%D%/list.h \
	%D%/measure.c \
	%D%/measure.h \
	%D%/occlusion.c \
	%D%/path.c \
	%D%/path.h \
	%D%/perturbation.c \
	%D%/plane.c \
	%D%/probe.c \
	%D%/probe.h \
	%D%/rank.c \
	%D%/rank.h \
	%D%/smooth_grad.c \
	%D%/ssim.c \
	%D%/target.c \
	%D%/top_k.c
