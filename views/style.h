/* style.h - how text output should look; the program fills it, views obey it. */
#ifndef RT_VIEWS_STYLE_H
#define RT_VIEWS_STYLE_H

#include <stdbool.h>

struct rt_style {
	int width;	/* cells; views use at least 20 */
	int colors;	/* 0 (none), 8, 256, 1 << 24 */
	bool unicode;	/* false: nothing but printable ASCII is written */
};

#endif
