/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What imports of people share, for policyd/control alone: the worker's side of
 * one, and the way from a command to it.
 */
#ifndef FG_CONTROL_IMPORT_H
#define FG_CONTROL_IMPORT_H

#include "policyd/control/control_named.h"
#include "policyd/control/control_parts.h"
#include "policyd/crypto.h"

/* An import at work, in the child. */
struct control_import {
	struct control_out out;
	struct control_job *job;
	struct store	*store;
	struct store_import *into;
	const char	*bytes;		/* what was sent, mapped */
	size_t		 len;
	struct store_bundle bundle;	/* .serial 0: it is none */
	uint64_t	 errors;
	char		 problem[CONTROL_PROBLEM_MAX];	/* the first of them */
	uint64_t	 people;
	uint64_t	 shown;
	uint64_t	 added, changed, removed;
	uint64_t	 dismissed;	/* accounts that are kept out now */
	uint64_t	 restored;	/* names that come back */
	uint64_t	 revoked;	/* names, anew, by a bundle */
	uint64_t	 kept_out;	/* that would, by a bundle's silence */
	struct control_named named;	/* of added to dismissed */
	struct json	*about;		/* the result, as far as it is known */
	bool		 dry_run;
	bool		 restore;	/* they may, whoever they are */
	char		 sha256[CRYPTO_HEX_SIZE];	/* of what was sent */
};

/*
 * Reads all of it into import->into. What is wrong in it is reported; then, and
 * if all is right, 0 is returned, or FG_ERR_FORMAT once something was reported.
 * Other errors are those of the store, the memory and the file.
 */
typedef int (*control_import_fn)(struct control_import *import);

/* Something is wrong, in a line or (0) in none. text: what, and the fix. */
void	control_import_error(struct control_import *import,
	    unsigned long line, const char *text);
/* Likewise what may have been meant otherwise; the import goes on. */
void	control_import_warn(struct control_import *import,
	    unsigned long line, const char *text);
/* Add a person. Who is in it already is reported. */
int	control_import_add(struct control_import *import,
	    const struct person *person, unsigned long line);

/* A change, of the first ones or of a dry run; at_s: its time, or 0. */
void	control_import_tell(struct control_import *import, const char *change,
	    const char *user, int64_t at_s);

/*
 * control_import_change.c: tell what it changes, and judge it; of a dry run all
 * of it, and what forbids it too. Returns 0, or an error.
 */
int	control_import_compare(struct control_import *import);

/* control_kept.c: warn of what those keep whom it puts out or lets in. */
int	control_import_kept(struct control_import *import);

/* Of a bundle: tell whom it revokes anew, and which one it is. */
int	control_import_revoked(struct control_import *import);
void	control_import_about_bundle(const struct control_import *import,
	    struct json *json);

/* The body of a worker's run(); its exit status. */
int	control_import_run(struct control_job *job, int out_fd,
	    control_import_fn read);

/*
 * In the daemon, of an import of people or of assets. The worker's word, with
 * what the daemon knows better: ok, it is in force; recorded, of its record.
 */
void	control_import_report(struct control_job *job, bool ok, int recorded);
void	control_import_log(const struct control_job *job, const char *what,
	    bool ok);
/* Answers with the report; status is the worker's, or what came of it. */
void	control_import_end(struct control_job *job, int status);

/* In the daemon: .start of a command that control_import_check() lets in. */
void	control_import(struct control_job *job,
	    int (*run)(int out_fd, void *arg));

#endif
