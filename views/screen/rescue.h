/* rescue.h - saving the session when the program is ended while it does not listen. */
#ifndef RT_SCREEN_RESCUE_H
#define RT_SCREEN_RESCUE_H

#include "session/session.h"

/* From now on the third Ctrl-C in a row saves the session (borrowed), as it was before the command
 * that does not stop, in the user's state folder, and ends the program then. */
void rt_rescue_ready(struct rt_session *s);

#endif
