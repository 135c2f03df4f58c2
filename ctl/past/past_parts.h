/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of this room share: a line of each kind made a login. Pure but
 * for struct stamp, which remembers the line before.
 */
#ifndef FG_CTL_PAST_PARTS_H
#define FG_CTL_PAST_PARTS_H

#include "ctl/past/past.h"
#include "ctl/past/stamp.h"

/* What a line says. */
enum past_found {
	PAST_NOTHING = 0,	/* of no login */
	PAST_LOGIN,
	PAST_BAD		/* it should have said something */
};

/* Each sets what it finds in *login, and *ret_why (static) if it is PAST_BAD;
 * then .event is PAST_ACCEPTED if it may be a login that was accepted.
 * Nothing else of *login is touched: past_clear() goes before. */
void	past_clear(struct past_login *login);

/* past_sshd.c: a line of a text file, and what sshd itself says in it. */
enum past_found past_sshd_line(const char *text, size_t len,
	    struct stamp *stamp, struct past_login *login,
	    const char **ret_why);
enum past_found past_sshd_message(const char *text, size_t len,
	    struct past_login *login, const char **ret_why);
/* Of its stamp, alone: see stamp_pass(), and stamp_is_short(). */
void	past_sshd_pass(const char *text, size_t len, struct stamp *stamp);
bool	past_sshd_is_short(const char *text, size_t len);
/* "sshd", and what its parts are called since OpenSSH 9.8. */
bool	past_is_sshd(const char *name, size_t len);

/* past_journal.c: a line of journalctl -o json. */
enum past_found past_journal_line(const char *text, size_t len,
	    struct past_login *login, const char **ret_why);

/* past_audit.c: a record of the audit log. */
enum past_found past_audit_line(const char *text, size_t len,
	    struct past_login *login, const char **ret_why);

/* past_csv.c */
struct past_csv;
/* Takes the stream. Returns 0, FG_ERR_FORMAT (ret_why is static) or
 * FG_ERR_NOMEM. */
struct stream;
int	past_csv_open(struct stream *stream, struct past_csv **ret_csv,
	    const char **ret_why);
void	past_csv_free(struct past_csv *csv);
/* *ret_line is 0 at the end. Returns 0 or as the stream does. */
int	past_csv_next(struct past_csv *csv, struct past_login *login,
	    enum past_found *ret_found, uint64_t *ret_line,
	    const char **ret_why);
const struct stream *past_csv_stream(const struct past_csv *csv);
/* Whether a file that begins so is one. */
bool	past_csv_is(const char *head, size_t len);

/* Copy bytes that end; false: there are more than fit, or a NUL. */
bool	past_copy(char *dst, size_t size, const char *text, size_t len);
/* .from and .addr. False likewise. */
bool	past_set_from(struct past_login *login, const char *text, size_t len);

#endif
