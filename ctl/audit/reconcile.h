/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl audit reconcile: whether each login that the machine has recorded
 * is one that the gate has decided.
 */
#ifndef FG_CTL_AUDIT_RECONCILE_H
#define FG_CTL_AUDIT_RECONCILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/past/past.h"
#include "policyd/json/json.h"

#define RECONCILE_WINDOW_S	60	/* between a login and its decision */
#define RECONCILE_ORDER_S	480	/* lines of a log are not quite in it */
#define RECONCILE_GAPS_MAX	65536u	/* that are told one by one */
#define RECONCILE_LIST_MAX	4096u	/* of each of the other lists */

enum gap_kind {
	GAP_NO_RECORD = 0,	/* nobody has decided it */
	GAP_REFUSED,		/* the gate had refused it */
	GAP_FAIL_OPEN,		/* the module let it in: the gate had failed */
	GAP_DOWN,		/* the daemon did not run */
	GAP_GLASS		/* it was break-glass: no gap */
};

/* A login without a decision that lets it in. */
struct gap {
	enum gap_kind	 kind;
	int64_t		 at_s;
	uint64_t	 times;		/* as syslog counts what it repeats */
	bool		 terminal;	/* of wtmp */
	bool		 has_addr;
	struct addr	 addr;
	char		*user, *from, *service;
	const char	*file;		/* the log's */
	uint64_t	 line;
	char		 ref[FG_REF_MAX + 1];	/* of what refused it */
};

/* A time in which the daemon did not run. */
struct down {
	int64_t		 from_s;	/* it said that it stops, or its last
					 * record */
	int64_t		 until_s;	/* INT64_MAX: it has not started */
	bool		 crashed;	/* it did not say so */
	bool		 supposed;	/* there is no record since, and there
					 * are logins */
};

/* What records say of whether it runs. */
struct runs {
	bool		 seen;		/* there was a record */
	bool		 stopped;	/* the last one says so */
	int64_t		 stopped_s;
	bool		 ended;		/* there are no more */
};

/* A use of break-glass, or a decision by a failure that lets in. */
struct let_in {
	int64_t		 at_s;
	bool		 used;		/* it is a login's */
	char		 ref[FG_REF_MAX + 1];
	char		*user, *from, *service, *why;
};

struct reconcile {
	uint64_t	 logins, matched;	/* of logs */
	uint64_t	 terminals, terminals_matched;	/* of wtmp */
	uint64_t	 other;		/* of a service that is not said */
	uint64_t	 undated;
	uint64_t	 unread;	/* lines */
	uint64_t	 unread_logins;	/* of these, what may be one that was
					 * accepted */
	bool		 no_sshd;	/* nothing but wtmp was read */
	uint64_t	 early;		/* before the first record */
	uint64_t	 records;	/* decisions */
	int64_t		 first_s, last_s;	/* of records; 0: none */
	size_t		 ngaps;
	uint64_t	 gaps_more;	/* that are not in the list */
	uint64_t	 late;		/* gaps whose decision was passed */
	struct gap	*gap;
	size_t		 ndowns;
	uint64_t	 downs_more;
	struct down	*down;
	struct runs	 runs;
	size_t		 nglasses, nopens;
	uint64_t	 glasses_more, opens_more;
	struct let_in	*glass, *open;	/* break-glass; by a failure */
	uint64_t	 recovered;	/* records of damage */
	uint64_t	 fail_opens;	/* that logs tell of, and no login */
};

/* The command, argv[0] being "reconcile". Returns the exit status. */
int	audit_reconcile(int argc, char **argv);

/* reconcile_read.c: the audit log, up to a time. */
struct reconcile_log;
/* Returns as source_open() does. */
int	reconcile_open(const char *path, int64_t since_s, int64_t until_s,
	    struct reconcile *r, struct reconcile_log **ret_log,
	    char ret_why[PAST_WHY_SIZE]);
void	reconcile_close(struct reconcile_log *log);
/* Every now and then while records are read; and how far that is, with the
 * number of records. */
void	reconcile_watch(struct reconcile_log *log, void (*tick)(void *arg),
	    void *arg);
uint64_t reconcile_progress(const struct reconcile_log *log,
	    uint64_t *ret_done, uint64_t *ret_all);
/* Returns 0, FG_ERR_NOMEM, or an error of the file with ret_why, behind which
 * there may be more. */
int	reconcile_advance(struct reconcile_log *log, int64_t until_s,
	    char ret_why[PAST_WHY_SIZE]);
/* The decision about a login, which is taken from then on. ref: of one that
 * refused it, if there is no other. */
bool	reconcile_find(struct reconcile_log *log,
	    const struct past_login *login, bool terminal,
	    char ret_ref[FG_REF_MAX + 1]);
void	reconcile_done(struct reconcile *r);

/* reconcile_let_in.c: a decision, if a failure lets it in by the configuration
 * and not by the module; a record of break-glass, made at that time. */
void	let_in_open(struct reconcile *r, const struct past_login *login);
void	let_in_glass(struct reconcile *r, const struct json *record,
	    int64_t at_s);

/* How many are gaps. */
uint64_t reconcile_gaps(const struct reconcile *r);
/* How many are neither gaps nor decided: nobody can say when, or what, they
 * were. */
uint64_t reconcile_unknown(const struct reconcile *r);

/* reconcile_down.c: a record "start", or "stop", of that time; the one before
 * was made at before_s. Where it counts it is listed. */
void	down_start(struct reconcile *r, int64_t at_s, int64_t before_s,
	    bool counts);
void	down_stop(struct reconcile *r, int64_t at_s);
/* That was the last record of all. */
void	down_end(struct reconcile *r);
/* When gaps are known: it may have ended, and have not been able to say so. */
void	down_suppose(struct reconcile *r);
/* As records say, not as is supposed. */
bool	down_was(const struct reconcile *r, int64_t at_s);

/* reconcile_print.c */
void	reconcile_print(const struct reconcile *r);
int	reconcile_print_json(const struct reconcile *r);
const char *gap_kind_text(enum gap_kind kind);

#endif
