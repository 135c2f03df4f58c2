/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The operators' channel: lines on standard error, with the "<N>" priority
 * prefix that service managers read when it is no terminal. Lower case, no
 * full stop, what failed, then why. errno is preserved. Lines for which a slow
 * reader leaves no room are left out and counted: nobody waits for it.
 */
#ifndef FG_LOG_H
#define FG_LOG_H

#include <stdbool.h>

void	log_init(const char *program, bool debug);

void	log_crit(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_err(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* At LOG_INFO, a line that is printable already: made of fg_word()s. */
void	log_words(const char *line);

/* A line that a client can cause: at most 10 in 10 s, then a count. */
void	log_client(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same for what anybody on the machine can cause, who so takes no line from
 * the others: at most 2. */
void	log_anybody(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* One of these. */
typedef void (*log_fn)(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));

/* log_crit and exit(1): only during start-up and for broken invariants. */
void	fatal(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2), noreturn));

#endif
