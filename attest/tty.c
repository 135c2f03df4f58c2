/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The terminal's own part. While somebody types, every signal that could end
 * or stop the process is only noted; it is raised again once the terminal is
 * as it was. Those that others send come while the process waits and at no
 * other time, so that none is missed; those of a job in the background are the
 * answer to its own calls.
 */
#include "attest/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "policyd/text.h"
#include "proto/result.h"

static const int noted_signals[] = { SIGALRM, SIGHUP, SIGINT, SIGPIPE, SIGQUIT,
	SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU };

/* How it was before. */
struct tty_signals {
	struct sigaction
	    action[sizeof(noted_signals) / sizeof(noted_signals[0])];
	sigset_t mask;
};

#define NOTED (sizeof(noted_signals) / sizeof(noted_signals[0]))

static volatile sig_atomic_t noted[NOTED];

int
tty_open(int *ret_fd)
{
	*ret_fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	return *ret_fd == -1 ? FG_ERR_SYSTEM : 0;
}

char *
tty_fit(const char *text)
{
	const char *end = text + strlen(text);
	size_t size = 4 * strlen(text) + 1, used = 0, n;
	char *fit = malloc(size);

	if (fit == NULL)
		return NULL;
	fit[0] = '\0';
	for (; text < end; text += n) {
		n = strcspn(text, "\r\n\t");
		(void)text_escape_once_utf8(fit + used, size - used, text, n);
		used += strlen(fit + used);
		for (; text + n < end && strchr("\r\n\t", text[n]); n++)
			if (text[n] != '\r')
				fit[used++] = text[n];
		fit[used] = '\0';
	}
	return fit;
}

static void
write_all(int fd, const char *p, size_t len)
{
	ssize_t n;

	while (len > 0) {
		if ((n = write(fd, p, len)) == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		p += n;
		len -= (size_t)n;
	}
}

/* With "stty tostop" a line of ours would stop ssh and what it works for. */
void
tty_show(int fd, const char *text)
{
	sigset_t set, before;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTTOU);
	(void)sigprocmask(SIG_BLOCK, &set, &before);
	write_all(fd, text, strlen(text));
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
}

static void
note_signal(int signo)
{
	for (size_t i = 0; i < NOTED; i++)
		if (noted_signals[i] == signo)
			noted[i] = 1;
}

static bool
is_noted(int signo)
{
	for (size_t i = 0; i < NOTED; i++)
		if (noted_signals[i] == signo)
			return noted[i] != 0;
	return false;
}

static bool
is_any_noted(void)
{
	for (size_t i = 0; i < NOTED; i++)
		if (noted[i] != 0)
			return true;
	return false;
}

/* Without SA_RESTART: a signal ends a call. What is ignored stays so. */
static void
note_signals(struct tty_signals *before)
{
	struct sigaction sa = { .sa_handler = note_signal };
	sigset_t mask;

	(void)sigemptyset(&mask);
	for (size_t i = 0; i < NOTED; i++) {
		noted[i] = 0;
		if (noted_signals[i] != SIGTTIN && noted_signals[i] != SIGTTOU)
			(void)sigaddset(&mask, noted_signals[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &mask, &before->mask);
	for (size_t i = 0; i < NOTED; i++) {
		(void)sigaction(noted_signals[i], NULL, &before->action[i]);
		if (before->action[i].sa_handler != SIG_IGN)
			(void)sigaction(noted_signals[i], &sa, NULL);
	}
}

/* Raises what was noted. True: the process was stopped, and goes on. */
static bool
raise_noted(const struct tty_signals *before)
{
	bool any = is_any_noted();

	for (size_t i = 0; i < NOTED; i++)
		(void)sigaction(noted_signals[i], &before->action[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &before->mask, NULL);
	for (size_t i = 0; i < NOTED; i++)
		if (noted[i] != 0)
			(void)kill(getpid(), noted_signals[i]);
	return any;
}

/* In the background the kernel answers with SIGTTOU, time and again. */
static int
set_terminal(int fd, const struct termios *to)
{
	while (tcsetattr(fd, TCSAFLUSH, to) == -1)
		if (errno != EINTR || is_noted(SIGTTOU))
			return FG_ERR_SYSTEM;
	return 0;
}

/* Lines, also where a remote shell has made the terminal a raw one. */
static void
for_a_line(struct termios *t, bool echo)
{
	t->c_iflag |= ICRNL;
	t->c_oflag |= OPOST | ONLCR;
	t->c_lflag |= ICANON | ISIG;
	if (echo)
		t->c_lflag |= ECHO | ECHOE | ECHOK;
	else
		t->c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
}

/* One byte. Returns what read(2) does. */
static ssize_t
read_byte(int fd, const struct tty_signals *before, char *ret_c)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	if (ppoll(&pfd, 1, NULL, &before->mask) == -1)
		return -1;
	return read(fd, ret_c, 1);
}

static int
read_line(int fd, const struct tty_signals *before, char *buf, size_t size)
{
	size_t used = 0;
	bool fits = true;
	ssize_t n;
	char c;

	buf[0] = '\0';
	while ((n = read_byte(fd, before, &c)) > 0) {
		if (c == '\n' || c == '\r')
			break;
		if (size - used > 1)
			buf[used++] = c;
		else
			fits = false;
	}
	explicit_bzero(&c, sizeof(c));
	buf[used] = '\0';
	if (n == -1)
		return FG_ERR_SYSTEM;
	if (n == 0 && used == 0)
		return FG_ERR_CLOSED;
	return fits ? 0 : FG_ERR_LIMIT;
}

/* What is asked, and how. */
struct tty_question {
	int fd;
	const char *text;
	bool echo;
};

/* Once; what is noted meanwhile is the caller's to raise. */
static int
ask_once(const struct tty_question *q, const struct tty_signals *before,
    char *buf, size_t size)
{
	struct termios was, now;
	int r, saved;

	if (tcgetattr(q->fd, &was) == -1)
		return FG_ERR_SYSTEM;
	now = was;
	for_a_line(&now, q->echo);
	if ((r = set_terminal(q->fd, &now)) == 0) {
		write_all(q->fd, q->text, strlen(q->text));
		r = read_line(q->fd, before, buf, size);
		if (!q->echo)
			write_all(q->fd, "\n", 1);
	}
	saved = errno;
	(void)set_terminal(q->fd, &was);
	errno = saved;
	return r;
}

int
tty_ask(int fd, const char *text, bool echo, char *buf, size_t size)
{
	const struct tty_question q = { fd, text, echo };
	struct tty_signals before;
	int r, saved;

	do {
		note_signals(&before);
		r = ask_once(&q, &before, buf, size);
		saved = errno;
		if (is_any_noted())
			explicit_bzero(buf, size);
		errno = saved;
	} while (raise_noted(&before));
	return r;
}
