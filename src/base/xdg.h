/* xdg.h - where a user's own files lie (XDG Base Directory Specification 0.8). */
#ifndef RT_BASE_XDG_H
#define RT_BASE_XDG_H

/* $variable/retort/name, or $HOME/fallback/retort/name; relative values of the variable do not
 * count. The caller frees it; NULL when there is no home. */
char *rt_xdg_path(const char *variable, const char *fallback, const char *name);

/* Makes the folders above path, for the user alone; failures show when the file is opened. */
void rt_xdg_make_folder(const char *path);

#endif
