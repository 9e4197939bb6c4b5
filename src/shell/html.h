/* html.h - text as HTML. */
#ifndef RT_SHELL_HTML_H
#define RT_SHELL_HTML_H

#include "base/str.h"

/* Appends text with the five special characters escaped; control characters are left out. */
void rt_html_add(struct rt_str *out, const char *text);

/* The same for what a terminal would be sent: colours and bold become styles, other sequences are
 * left out. */
void rt_html_terminal(struct rt_str *out, const char *text);

/* Appends bytes as base64 (RFC 4648). */
void rt_base64_add(struct rt_str *out, const void *bytes, size_t len);

#endif
