/* rescue.c - saving the session when the program is ended while it does not listen. */
#include "config.h"

#include "views/screen/rescue.h"

#include "base/mem.h"
#include "base/xdg.h"
#include "session/checkpoint.h"
#include "views/screen/signals.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* $XDG_STATE_HOME/retort/rescued-20260131-235959.ckpt; the caller frees it. */
static char *file_name(void)
{
	time_t now = time(NULL);
	struct tm local;
	char name[64];

	localtime_r(&now, &local);
	strftime(name, sizeof(name), "rescued-%Y%m%d-%H%M%S.ckpt", &local);
	return rt_xdg_path("XDG_STATE_HOME", ".local/state", name);
}

static void save(void *closure, int fd)
{
	char *path = file_name();
	struct rt_err err = {0};
	enum rt_status status;

	if (path) {
		rt_xdg_make_folder(path);
		status = rt_checkpoint_rescue(closure, path, &err);
		if (status == RT_OK)
			dprintf(fd, "\r\nsaved as it was before this command: checkpoint load %s"
				"\r\n", path);
		else if (status != RT_ENOTFOUND)
			dprintf(fd, "\r\nnot saved: %s\r\n", err.msg);
	}
	free(path);
}

void rt_rescue_ready(struct rt_session *s)
{
	rt_signals_rescue(save, s);
}
