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
	const struct rt_session *s = closure;
	char *path = file_name();
	struct rt_err err = {0};
	int models;

	rt_session_models(s, &models);
	if (path && models > 0) {
		rt_xdg_make_folder(path);
		if (rt_checkpoint_rescue(s, path, &err) == RT_OK)
			dprintf(fd, "\r\nsaved as it was before this command: checkpoint load %s"
				"\r\n", path);
		else
			dprintf(fd, "\r\nnot saved: %s\r\n", err.msg);
	}
	free(path);
}

void rt_rescue_ready(struct rt_session *s)
{
	rt_signals_rescue(save, s);
}
