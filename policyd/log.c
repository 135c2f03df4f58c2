/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines on standard error, one write(2) each. Whatever is in an argument, a
 * message stays one printable line. Nothing here writes to the audit log or
 * to a user.
 */
#include "policyd/log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "policyd/text.h"

#define LOG_MESSAGE_MAX 1024u
#define LOG_LINE_MAX	2048u /* under PIPE_BUF: written whole, or not */
#define LOG_PROGRAM_MAX 64u

#define CLIENT_LINES	10u
#define ANYBODY_LINES	2u
#define CLIENT_WINDOW_S 10

/* The process has one standard error; this is what is known about it. */
static struct {
	char program[LOG_PROGRAM_MAX];
	bool debug;
	bool terminal;
	time_t window_s; /* CLOCK_MONOTONIC, its first line */
	unsigned int lines; /* of clients, in this window, ... */
	unsigned int others; /* ... and of those that anybody may be */
	unsigned int suppressed; /* theirs, or nobody read them */
} state;

/*
 * A reader that hangs must not hang the logins with it. Where poll(2) sees
 * room there is enough for a line, in a pipe and in a socket.
 */
static bool
log_has_room(void)
{
	struct pollfd pfd = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&pfd, 1, 0) > 0;
}

static bool
log_line(int priority, const char *message)
{
	char line[LOG_LINE_MAX];
	int n;

	if (state.terminal)
		n = snprintf(line, sizeof(line), "%s: %s\n", state.program,
		    message);
	else
		n = snprintf(line, sizeof(line), "<%d>%s\n", priority, message);
	if (n < 0 || !log_has_room())
		return false;
	if ((size_t)n >= sizeof(line)) {
		n = sizeof(line) - 1;
		line[n - 1] = '\n';
	}
	while (write(STDERR_FILENO, line, (size_t)n) == -1 && errno == EINTR)
		continue;
	return true;
}

static void __attribute__((format(printf, 2, 0)))
log_format(int priority, const char *fmt, va_list ap)
{
	char raw[LOG_MESSAGE_MAX], message[LOG_MESSAGE_MAX + 512];

	if (vsnprintf(raw, sizeof(raw), fmt, ap) < 0)
		return;
	if (!log_line(priority, text_escape(message, sizeof(message), raw)))
		state.suppressed++;
}

/* Say how many lines were left out, once their window is over. */
static void
log_window(void)
{
	struct timespec now;
	char message[64];

	if (clock_gettime(CLOCK_MONOTONIC, &now) == -1)
		return;
	if (now.tv_sec - state.window_s < CLIENT_WINDOW_S)
		return;
	state.window_s = now.tv_sec;
	state.lines = state.others = 0;
	if (state.suppressed == 0)
		return;
	(void)text_format(message, sizeof(message), "suppressed %u lines",
	    state.suppressed);
	if (log_line(LOG_WARNING, message))
		state.suppressed = 0;
}

static void __attribute__((format(printf, 2, 0)))
log_at(int priority, const char *fmt, va_list ap)
{
	int saved = errno;

	if (state.suppressed > 0)
		log_window();
	errno = saved; /* for %m */
	log_format(priority, fmt, ap);
	errno = saved;
}

void
log_init(const char *program, bool debug)
{
	int saved = errno;

	(void)text_escape(state.program, sizeof(state.program), program);
	state.debug = debug;
	state.terminal = isatty(STDERR_FILENO) == 1;
	errno = saved;
}

void
log_crit(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_at(LOG_CRIT, fmt, ap);
	va_end(ap);
}

void
log_err(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_at(LOG_ERR, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_at(LOG_WARNING, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_at(LOG_INFO, fmt, ap);
	va_end(ap);
}

void
log_debug(const char *fmt, ...)
{
	va_list ap;

	if (!state.debug)
		return;
	va_start(ap, fmt);
	log_at(LOG_DEBUG, fmt, ap);
	va_end(ap);
}

void
log_words(const char *line)
{
	int saved = errno;

	if (state.suppressed > 0)
		log_window();
	if (!log_line(LOG_INFO, line))
		state.suppressed++;
	errno = saved;
}

/* One more of the lines that there may be in a window. */
static bool
log_may(unsigned int *lines, unsigned int max)
{
	int saved = errno;
	bool may;

	log_window();
	if ((may = *lines < max))
		(*lines)++;
	else
		state.suppressed++;
	errno = saved;
	return may;
}

void
log_client(const char *fmt, ...)
{
	va_list ap;

	if (!log_may(&state.lines, CLIENT_LINES))
		return;
	va_start(ap, fmt);
	log_at(LOG_WARNING, fmt, ap);
	va_end(ap);
}

void
log_anybody(const char *fmt, ...)
{
	va_list ap;

	if (!log_may(&state.others, ANYBODY_LINES))
		return;
	va_start(ap, fmt);
	log_at(LOG_WARNING, fmt, ap);
	va_end(ap);
}

void
fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_at(LOG_CRIT, fmt, ap);
	va_end(ap);
	exit(1);
}
