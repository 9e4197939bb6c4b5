/* gnuplot.c - running the external program gnuplot: script in, picture out, within a time limit. */
#include "config.h"

#include "views/gnuplot.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void rt_gnuplot_quote(struct rt_str *out, const char *text)
{
	rt_str_addc(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			rt_str_addc(out, '\'');
		rt_str_addc(out, (unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text);
	}
	rt_str_addc(out, '\'');
}

void rt_gnuplot_set(struct rt_str *out, const char *name, const char *text)
{
	if (!text)
		return;
	rt_str_addf(out, "set %s ", name);
	rt_gnuplot_quote(out, text);
	rt_str_addc(out, '\n');
}

/* Our ends of the child's standard streams. */
struct child {
	pid_t pid;
	int in, out, err;
};

static void close_if(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Sockets instead of pipes: writing to a dead child gives EPIPE, never SIGPIPE. */
static bool open_streams(int ours[3], int theirs[3])
{
	for (int i = 0; i < 3; i++)
		ours[i] = theirs[i] = -1;
	for (int i = 0; i < 3; i++) {
		int pair[2];

		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
			return false;
		ours[i] = pair[0];
		theirs[i] = pair[1];
		fcntl(ours[i], F_SETFL, O_NONBLOCK);
	}
	return true;
}

static int spawn(struct child *child, int theirs[3])
{
	static char name[] = "gnuplot", quiet[] = "-d", from_stdin[] = "-";
	char *const argv[] = {name, quiet, from_stdin, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t set;
	int reason;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
	/* A group of its own: Ctrl-C at the terminal is ours, and all of it can be killed. */
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attr, 0);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attr, &set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGTERM);
	posix_spawnattr_setsigdefault(&attr, &set);
	reason = posix_spawnp(&child->pid, name, &actions, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return reason;
}

static enum rt_status start(struct child *child, struct rt_err *err)
{
	int ours[3], theirs[3];
	int reason = open_streams(ours, theirs) ? spawn(child, theirs) : errno;

	for (int i = 0; i < 3; i++)
		close_if(&theirs[i]);
	child->in = ours[0];
	child->out = ours[1];
	child->err = ours[2];
	if (reason == 0)
		return RT_OK;
	for (int i = 0; i < 3; i++)
		close_if(&ours[i]);
	if (reason == ENOENT)
		return rt_fail(err, RT_ENOTFOUND,
			       "gnuplot is not installed; on Debian: apt-get install gnuplot-nox");
	return rt_fail(err, RT_EIO, "gnuplot cannot be started: %s", strerror(reason));
}

/* Reads what is there; false at the end. */
static bool drain(int fd, struct rt_str *to)
{
	char buf[16384];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n > 0)
		rt_str_addn(to, buf, (size_t)n);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Feeds the script and collects both outputs until the child has closed them. */
static enum rt_status talk(struct child *child, const char *script, double deadline,
			   struct rt_str *out, struct rt_str *complaint, struct rt_err *err)
{
	size_t left = strlen(script);

	while (child->out >= 0 || child->err >= 0) {
		struct pollfd fd[3] = {
			{child->in, POLLOUT, 0}, {child->out, POLLIN, 0}, {child->err, POLLIN, 0}};
		ssize_t n;

		if (rt_cancelled())
			return rt_fail(err, RT_ECANCELLED, "gnuplot stopped");
		if (rt_now() > deadline)
			return rt_fail(err, RT_EIO, "gnuplot took too long and was stopped");
		if (poll(fd, 3, 50) <= 0)
			continue;
		if (fd[0].revents) {
			n = send(child->in, script, left, MSG_NOSIGNAL);
			if (n > 0) {
				script += n;
				left -= (size_t)n;
			}
			if (left == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
				close_if(&child->in);
		}
		if (fd[1].revents && !drain(child->out, out))
			close_if(&child->out);
		if (fd[2].revents && !drain(child->err, complaint))
			close_if(&child->err);
	}
	return RT_OK;
}

/* Waits for the end, until the deadline; then kills.  The wait status, or -1 when killed. */
static int finish(struct child *child, bool kill_now, double deadline)
{
	int status = 0;

	close_if(&child->in);
	close_if(&child->out);
	close_if(&child->err);
	while (!kill_now) {
		pid_t pid = waitpid(child->pid, &status, WNOHANG);

		if (pid == child->pid)
			return status;
		if (pid < 0 && errno != EINTR)
			return 0; /* somebody else has waited for it */
		kill_now = rt_now() > deadline;
		poll(NULL, 0, 2);
	}
	kill(-child->pid, SIGKILL);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	return -1;
}

/* The last line of gnuplot's complaint that says something. */
static const char *last_line(struct rt_str *complaint)
{
	char *text = complaint->text, *line;

	while (complaint->len && strchr(" \n\t", text[complaint->len - 1]))
		text[--complaint->len] = '\0';
	line = complaint->len ? strrchr(text, '\n') : NULL;
	return line ? line + 1 : rt_str_text(complaint);
}

static enum rt_status run(const char *script, double timeout, struct rt_str *picture,
			  struct rt_err *err)
{
	double deadline = rt_now() + (timeout > 0 ? timeout : 30);
	struct rt_str complaint = {0};
	struct child child = {0};
	enum rt_status status;
	int ended;

	RT_TRY(start(&child, err));
	status = talk(&child, script, deadline, picture, &complaint, err);
	ended = finish(&child, status != RT_OK, deadline);
	if (status == RT_OK && (ended != 0 || picture->len == 0)) {
		const char *why = last_line(&complaint);

		if (ended == -1)
			status = rt_fail(err, RT_EIO, "gnuplot took too long and was stopped");
		else if (WIFSIGNALED(ended))
			status = rt_fail(err, RT_EIO, "gnuplot died of signal %d", WTERMSIG(ended));
		else
			status = rt_fail(err, RT_EIO, "gnuplot failed with exit status %d: %s",
					 WEXITSTATUS(ended), *why ? why : "it drew nothing");
	}
	rt_str_release(&complaint);
	return status;
}

/* "set terminal ..." for the suffix of path; NULL for an unknown one. */
static char *terminal(const char *path, int w, int h)
{
	const char *suffix = strrchr(path, '.');

	if (suffix && strcmp(suffix, ".png") == 0)
		return rt_sprintf(
			"set terminal pngcairo noenhanced size %d,%d font 'DejaVu Sans,12'\n", w,
			h);
	if (suffix && strcmp(suffix, ".svg") == 0)
		return rt_sprintf("set terminal svg noenhanced size %d,%d font 'DejaVu Sans,12' "
				  "background '#ffffff'\n",
				  w, h);
	if (suffix && strcmp(suffix, ".pdf") == 0)
		return rt_sprintf(
			"set terminal pdfcairo noenhanced size %.2f,%.2f font 'DejaVu Sans,10'\n",
			w / 120.0, h / 120.0);
	return NULL;
}

/* The script, its plot command naming the data. */
static void compose(struct rt_str *script, const struct rt_gnuplot_job *job, const char *term,
		    const char *data)
{
	rt_str_add(script, term);
	rt_str_add(script, "set encoding utf8\n");
	rt_str_add(script, rt_str_text(&job->head));
	for (const char *p = rt_str_text(&job->plot); *p; p++) {
		if (*p == *RT_GNUPLOT_DATA)
			rt_str_add(script, data);
		else
			rt_str_addc(script, *p);
	}
	rt_str_addc(script, '\n');
}

/* Writes FILE.gp and FILE.dat beside the picture; the script draws it again. */
static enum rt_status keep(const struct rt_gnuplot_job *job, const char *path, const char *term,
			   struct rt_err *err)
{
	size_t stem = (size_t)(strrchr(path, '.') - path);
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	char *gp = rt_sprintf("%.*s.gp", (int)stem, path);
	char *dat = rt_sprintf("%.*s.dat", (int)stem, path);
	struct rt_str script = {0}, quoted = {0}, body = {0};
	enum rt_status status;

	rt_gnuplot_quote(&quoted, dat + (name - path));
	compose(&body, job, term, rt_str_text(&quoted));
	if (job->command) {
		rt_str_clear(&quoted);
		rt_gnuplot_quote(&quoted, job->command);
		rt_str_addf(&script, "# %s\n", rt_str_text(&quoted));
	}
	rt_gnuplot_set(&script, "output", name);
	rt_str_add(&script, rt_str_text(&body));
	status = rt_file_write(dat, rt_str_text(&job->data), job->data.len, err);
	if (status == RT_OK)
		status = rt_file_write(gp, rt_str_text(&script), script.len, err);
	rt_str_release(&script);
	rt_str_release(&quoted);
	rt_str_release(&body);
	free(gp);
	free(dat);
	return status;
}

enum rt_status rt_gnuplot_finish(struct rt_gnuplot_job *job, const struct rt_gnuplot *g, int w,
				 int h, struct rt_err *err)
{
	char *term = terminal(g->path, w, h);
	struct rt_str script = {0}, picture = {0};
	enum rt_status status = RT_OK;

	if (!term) {
		status = rt_fail(err, RT_EINVAL, "%s: gnuplot draws .png, .svg and .pdf", g->path);
		goto out;
	}
	rt_str_addf(&script, "$data << END_OF_DATA\n%sEND_OF_DATA\n", rt_str_text(&job->data));
	compose(&script, job, term, "$data");
	status = run(rt_str_text(&script), g->timeout, &picture, err);
	if (status == RT_OK)
		status = rt_file_write(g->path, rt_str_text(&picture), picture.len, err);
	if (status == RT_OK && g->keep)
		status = keep(job, g->path, term, err);
out:
	free(term);
	rt_str_release(&script);
	rt_str_release(&picture);
	rt_str_release(&job->head);
	rt_str_release(&job->plot);
	rt_str_release(&job->data);
	return status;
}
