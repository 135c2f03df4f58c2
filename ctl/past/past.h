/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins of the past, out of whatever has recorded them: Farmgate's own audit
 * log, sshd's lines in a text file, what journalctl -o json has written of
 * them, wtmp(5), or a CSV of time, user, address and service. One after the
 * other, in the file's order, with bounded memory. What the files hold is
 * strangers' bytes: nothing of it is fit to be shown as it is.
 *
 * sshd's lines are who wrote them could write: in a text file that is anybody
 * who may use logger(1). Of the journal, which knows better, only root's count.
 */
#ifndef FG_CTL_PAST_H
#define FG_CTL_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/net/addr.h"
#include "policyd/people/person.h"
#include "proto/msg.h"

enum past_format {
	PAST_ANY = 0,		/* what the file looks like */
	PAST_AUDIT,
	PAST_SSHD,
	PAST_JOURNAL,
	PAST_WTMP,
	PAST_CSV
};

enum past_event {
	PAST_NONE = 0,
	PAST_ACCEPTED,
	PAST_FAILED,
	PAST_ENDED,		/* the session of .pid, or at .tty, is over */
	PAST_FAIL_OPEN		/* the module has let .pid go on, for the gate
				 * had failed; .user is its word */
};

#define PAST_METHOD_MAX	32u

struct past_login {
	enum past_event	 event;
	int64_t		 at_s;		/* 0: the log does not say */
	unsigned int	 times;		/* that it happened, at least 1 */
	bool		 invalid_user;	/* there is no such user */
	int64_t		 pid;		/* sshd's own; 0: not said */
	int64_t		 parent;	/* of .pid; the audit log's, or 0 */
	char		 user[FG_USER_MAX + 1];	/* "": not said */
	char		 from[FG_RHOST_MAX + 1]; /* an address, a name, "" */
	bool		 has_addr;
	struct addr	 addr;		/* .from, if it is one */
	char		 service[FG_SERVICE_MAX + 1]; /* "": not known */
	char		 method[PAST_METHOD_MAX + 1]; /* "publickey"; "" */
	char		 key[PERSON_KEY_MAX + 1]; /* "SHA256:..."; "" */
	char		 tty[FG_TTY_MAX + 1];	/* wtmp's; "" */
	char		 ref[FG_REF_MAX + 1];	/* the audit log's; "" */
	const char	*file;		/* as it was named; until past_free() */
	uint64_t	 line;		/* of it, or the number of a wtmp
					 * record, from 1 */
	/* The audit log's record, without its newline, until the next one is
	 * asked for; else NULL. */
	const char	*record;
	size_t		 record_len;
};

#define PAST_BAD_NAMED	3u
#define PAST_WHY_SIZE	512u

/* Lines that should have said something and could not be read. */
struct past_bad {
	uint64_t	 count;
	uint64_t	 accepted;	/* of these, what may be a login that
					 * was accepted */
	size_t		 named;		/* the first ones */
	struct {
		const char	*file;
		uint64_t	 line;
		const char	*why;	/* static */
	} first[PAST_BAD_NAMED];
};

struct past;

/*
 * A file, through links, that may be compressed. With rotated it is the present
 * file of an audit log, of which all is read. Returns 0, FG_ERR_NOMEM,
 * FG_ERR_SYSTEM, FG_ERR_NOT_FOUND (it is of no known kind) or FG_ERR_FORMAT
 * (it is not of that one, or damaged), with ret_why, which names the file.
 */
int	past_open(const char *path, enum past_format format, bool rotated,
	    struct past **ret_past, char ret_why[PAST_WHY_SIZE]);
void	past_free(struct past *past);	/* NULL is fine */

/*
 * The next one. Returns 0; FG_ERR_NOT_FOUND at the end; or, with ret_why,
 * FG_ERR_SYSTEM, FG_ERR_FORMAT (what is compressed is damaged, or cut) or
 * FG_ERR_NOMEM, behind which there may be more.
 */
int	past_next(struct past *past, struct past_login *ret_login,
	    char ret_why[PAST_WHY_SIZE]);

/* Every now and then while lines are read, of whatever they are. */
void	past_watch(struct past *past, void (*tick)(void *arg), void *arg);

enum past_format past_format(const struct past *past);
const struct past_bad *past_bad(const struct past *past);
/* Lines, or records, that were read so far. */
uint64_t past_lines(const struct past *past);
/* Bytes on the disk: of which so many were read. Where a file is read once
 * before, for the year of its first line, it counts twice. */
void	past_progress(const struct past *past, uint64_t *ret_done,
	    uint64_t *ret_all);

/* "audit", "sshd", "journal", "wtmp", "csv"; PAST_ANY: there is no such. */
const char *past_format_name(enum past_format format);
enum past_format past_format_by_name(const char *name);

/* Add from to bad. */
void	past_bad_add(struct past_bad *bad, const struct past_bad *from);
/* "FILE:LINE: WHY" of those that are named, and how many there were, as
 * complaints of the command. */
void	past_bad_complain(const char *command, const struct past_bad *bad);

#endif
