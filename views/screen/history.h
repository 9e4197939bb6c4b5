/* history.h - the lines typed at the prompt, kept from one session to the next. */
#ifndef RT_SCREEN_HISTORY_H
#define RT_SCREEN_HISTORY_H

/* Reads the history file into readline's list.  A file that cannot be read is an empty one. */
void rt_history_load(void);

/* Adds a line (or several, as one entry) to the list and to the end of the file; an entry that is
 * already there moves to the end. */
void rt_history_add(const char *text);

/* Writes the file anew: each entry once, the last 10,000, lines of other sessions included. */
void rt_history_save(void);

#endif
