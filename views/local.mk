noinst_LIBRARIES += %D%/libviews.a

%C%_libviews_a_SOURCES = \
	%D%/axis.c \
	%D%/axis.h \
	%D%/bars.c \
	%D%/bars.h \
	%D%/bars_png.c \
	%D%/canvas.c \
	%D%/canvas.h \
	%D%/canvas_png.c \
	%D%/canvas_png.h \
	%D%/caption.c \
	%D%/caption.h \
	%D%/confusion.c \
	%D%/confusion.h \
	%D%/curves.c \
	%D%/curves.h \
	%D%/curves_cells.c \
	%D%/curves_png.c \
	%D%/dot.c \
	%D%/dot.h \
	%D%/features.c \
	%D%/features.h \
	%D%/font.c \
	%D%/font.h \
	%D%/gnuplot.c \
	%D%/gnuplot.h \
	%D%/gnuplot_charts.c \
	%D%/hbars.c \
	%D%/heatmap.c \
	%D%/heatmap.h \
	%D%/heatmap_cells.c \
	%D%/heatmap_png.c \
	%D%/layout.h \
	%D%/layouts.c \
	%D%/mosaic.c \
	%D%/mosaic.h \
	%D%/page.c \
	%D%/page.h \
	%D%/palette.c \
	%D%/palette.h \
	%D%/pane.h \
	%D%/pane_compression.c \
	%D%/pane_confusion.c \
	%D%/pane_curves.c \
	%D%/pane_job.c \
	%D%/pane_layers.c \
	%D%/pane_lesson.c \
	%D%/pane_models.c \
	%D%/pane_sample.c \
	%D%/panes.c \
	%D%/picture.c \
	%D%/picture.h \
	%D%/raster.c \
	%D%/raster.h \
	%D%/style.h \
	%D%/table.c \
	%D%/table.h \
	%D%/text.c \
	%D%/text.h \
	%D%/font/metrics.h
%C%_libviews_a_CPPFLAGS = $(AM_CPPFLAGS) -DRT_FONT_DIR='"$(abs_top_srcdir)/%D%/font"'

# The atlases are copied into font.o by the assembler.
%D%/libviews_a-font.$(OBJEXT): %D%/font/small.png %D%/font/label.png %D%/font/title.png \
	%D%/font/mono.png %D%/font/strong.png
EXTRA_DIST += %D%/font/small.png %D%/font/label.png %D%/font/title.png %D%/font/mono.png \
	%D%/font/strong.png %D%/font/SOURCE.md %D%/font/render.py

include %D%/screen/local.mk
EXTRA_DIST += %D%/README
