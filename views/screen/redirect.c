/* redirect.c - output of the program into a pipe, so that no library can tear the screen. */
#include "config.h"

#include "views/screen/redirect.h"

#include <fcntl.h>
#include <unistd.h>

enum { IN, OUT, ERR, FDS };

bool rt_redirect_begin(struct rt_redirect *r)
{
	int ends[2], nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (nothing < 0 || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	fflush(stdout);
	for (int fd = 0; fd < FDS; fd++)
		r->saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	r->in = fdopen(fcntl(IN, F_DUPFD_CLOEXEC, 3), "r");
	r->out = fdopen(fcntl(OUT, F_DUPFD_CLOEXEC, 3), "w");
	r->nowhere = fopen("/dev/null", "we");
	if (!r->in || !r->out || !r->nowhere)
		return false;
	dup2(nothing, IN);
	dup2(ends[1], OUT);
	if (isatty(r->saved[ERR]))
		dup2(ends[1], ERR);
	close(ends[1]);
	close(nothing);
	r->output = ends[0];
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	return true;
}

void rt_redirect_end(struct rt_redirect *r)
{
	fflush(stdout);
	for (int fd = 0; fd < FDS; fd++) {
		dup2(r->saved[fd], fd);
		close(r->saved[fd]);
	}
	close(r->output);
	fclose(r->in);
	fclose(r->out);
	fclose(r->nowhere);
}
