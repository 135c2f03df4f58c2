/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line to whoever runs the program. Standard output is ssh's: nothing here
 * writes there.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attest/attest.h"
#include "attest/tty.h"
#include "policyd/text.h"

#define LINE_SIZE 1024u

static void __attribute__((format(printf, 2, 0)))
format_line(char line[LINE_SIZE], const char *fmt, va_list ap)
{
	char raw[LINE_SIZE / 2], shown[LINE_SIZE - 32];

	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	(void)snprintf(line, LINE_SIZE, "farmgate-attest: %s\n",
	    text_escape_utf8(shown, sizeof(shown), raw, strlen(raw)));
}

static void
say_on(int fd, const char *line)
{
	/* Where nobody hears it, nothing can be done. */
	(void)!write(fd, line, strlen(line));
}

/* True if there is one. */
static bool
say_on_terminal(const char *line)
{
	int fd;

	if (tty_open(&fd) != 0)
		return false;
	tty_show(fd, line);
	(void)close(fd);
	return true;
}

void
attest_complain(const char *fmt, ...)
{
	char line[LINE_SIZE];
	va_list ap;

	va_start(ap, fmt);
	format_line(line, fmt, ap);
	va_end(ap);
	say_on(STDERR_FILENO, line);
	if (!isatty(STDERR_FILENO))
		(void)say_on_terminal(line);
}

void
attest_tell(const char *fmt, ...)
{
	char line[LINE_SIZE];
	va_list ap;

	va_start(ap, fmt);
	format_line(line, fmt, ap);
	va_end(ap);
	if (!say_on_terminal(line))
		say_on(STDERR_FILENO, line);
}
