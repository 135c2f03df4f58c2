/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's real terminal: show a text there, and read one line. It is left
 * as it was found whatever signal comes.
 */
#ifndef FG_TTY_H
#define FG_TTY_H

#include <stdbool.h>
#include <stddef.h>

/* Opens the process's terminal. Returns 0, or FG_ERR_SYSTEM: it has none. */
int	tty_open(int *ret_fd);

/*
 * A prompt as it may be shown: line ends and tabs stay, carriage returns go,
 * what else is not printable is escaped, as text_escape_once_utf8() has it.
 * The caller frees it. NULL if there is no memory.
 */
char	*tty_fit(const char *text);

/*
 * Write text, which is fit to be shown, also out of the background. What cannot
 * be written is dropped.
 */
void	tty_show(int fd, const char *text);

/*
 * Show text and read one line into buf, without its end; what is typed is seen
 * if echo. The terminal is set before the text is shown, so whatever is typed
 * behind it counts, and whatever was typed before does not. A signal that ends
 * the process ends it, with the terminal as it was; one that stops it, too, and
 * afterwards the text is shown anew. The caller wipes buf.
 * Returns 0, FG_ERR_CLOSED for the end of file without a line, FG_ERR_LIMIT for
 * a line that does not fit, or FG_ERR_SYSTEM.
 */
int	tty_ask(int fd, const char *text, bool echo, char *buf, size_t size);

#endif
