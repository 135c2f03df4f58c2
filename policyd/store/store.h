/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What outlives the daemon: people and exceptions, and in headers of their own
 * sessions, history, revocations and more. One interface, behind which a
 * database server can stand one day; store_sqlite.c is the only file that knows
 * SQLite. Every call is bounded: a lock that somebody else holds is waited for
 * at most STORE_BUSY_MS.
 *
 * Errors of all calls: FG_ERR_NOT_FOUND (there is none), FG_ERR_BUSY (locked),
 * FG_ERR_SYSTEM (the disk; errno where known), FG_ERR_FORMAT (damaged),
 * FG_ERR_NOMEM, FG_ERR_LIMIT. An error is never an absence.
 *
 * A newer version may change the schema, by a step of its own, and with it what
 * is beside the database: an older one opens neither, see store_newer.c.
 */
#ifndef FG_STORE_H
#define FG_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/finding.h"
#include "policyd/people/person.h"

#define STORE_FILE	"farmgate.db"	/* in the state folder, 0600 */
#define STORE_BUSY_MS	50u	/* a login may have to wait behind it */
#define STORE_REASON_MAX 200u
#define STORE_FINDING_MAX 63u
#define STORE_EXCEPTION_KEPT_S INT64_C(7776000) /* after its end: 90 days */

struct store;

/*
 * Open or create the store in folder, which has to be the caller's own and
 * 0700. A damaged one is moved aside as farmgate.db.corrupt-DATE with its log
 * and a new one begun: *ret_why then says so. One of a newer version is left
 * alone. It also says what is unsafe and how to mend it; else it is NULL. Valid
 * until the next call. Symbolic links are refused.
 *
 * A store belongs to the process that opened it: a forked child leaves it
 * alone and opens its own, which does not disturb the parent's. What is found
 * damaged later (FG_ERR_FORMAT) is moved aside when the store is next opened by
 * a process that has it alone.
 * Returns 0, FG_ERR_UNSAFE, FG_ERR_SYSTEM, FG_ERR_NOMEM, FG_ERR_BUSY,
 * FG_ERR_VERSION: it is of a newer version; or FG_ERR_FORMAT: it is damaged,
 * and another process has it open.
 */
int	store_open(const char *folder, struct store **ret_store,
	    const char **ret_why);
void	store_close(struct store *store);	/* errno is kept */

/*
 * The names of those that were moved aside, within the folder, the first max of
 * them. *ret_n is how many there are. Returns 0 or FG_ERR_SYSTEM.
 */
#define STORE_ASIDE_SIZE 64u
int	store_set_aside(const struct store *store, size_t max,
	    char (*ret_names)[STORE_ASIDE_SIZE], size_t *ret_n);

/*
 * The store that is there, to be read and nothing else: nothing in the folder
 * is made, mended, written or locked against others, whether a daemon has it
 * open or not. Not for calls that write. *ret_why as with store_open().
 * Returns as store_open(); FG_ERR_NOT_FOUND: there is none; FG_ERR_FORMAT also
 * for one that the daemon would have to put in order first.
 */
int	store_peek(const char *folder, struct store **ret_store,
	    const char **ret_why);

/*
 * All that is read between these two is of one moment. The reader must not
 * write with this store meanwhile.
 */
int	store_read_begin(struct store *store);
int	store_read_end(struct store *store);

/*
 * What there is at all. Remembered until something is committed, by whichever
 * process: what another one has imported or revoked counts from its commit on.
 */
struct store_outline {
	bool		 people;	/* somebody is in the inventory */
	/* There was an inventory or a revocation, and what had it was moved
	 * aside: until the next import an account that nobody has says
	 * nothing. */
	bool		 lost;
	/* .lost, because the database is an older copy that somebody has put
	 * back: until store_accept(), or the next import of people where there
	 * are neither assets nor enrolments. */
	bool		 older;
	bool		 assets;	/* some are in the inventory of them */
	/* There was an inventory of assets, and what had it was moved aside:
	 * until the next import of assets or store_accept(), what is not found
	 * there says nothing. Also while the database is .older. */
	bool		 assets_lost;
	bool		 enrolments;	/* of laptops, also past ones; see
					 * store_enrolment.h */
	/* There were some, and what had them was moved aside: until one is
	 * enrolled, or store_accept(). Also while the database is .older: none
	 * counts then, for it may have been revoked. */
	bool		 enrolments_lost;
	bool		 exceptions;	/* also expired ones */
	bool		 supports;	/* likewise; see store_support.h */
	bool		 revocations;
	bool		 bundle;	/* one is in force, */
	uint64_t	 bundle_serial;	/* this one, */
	int64_t		 bundle_made_s;	/* made then */
};

int	store_outline(struct store *store, struct store_outline *ret_outline);

/* ---- people: one whole generation is in force ---- */

/* People of the generation in force, 0 without an inventory. */
int	store_people_count(struct store *store, size_t *ret_n);

/*
 * Which generation is in force, another number after each import, and since
 * when. FG_ERR_NOT_FOUND without an inventory.
 */
int	store_people_generation(struct store *store, uint64_t *ret_generation,
	    int64_t *ret_at_s);

/* By one of the accounts. FG_ERR_NOT_FOUND: in nobody's. */
int	store_person_by_account(struct store *store, const char *account,
	    struct person *ret_person);
/* By the entry's own name, or by a key of it. */
int	store_person_by_user(struct store *store, const char *user,
	    struct person *ret_person);
int	store_person_by_key(struct store *store, const char *key,
	    struct person *ret_person);

/* All of them in the order of their names; fn returns non-zero to stop. */
typedef int (*store_person_fn)(const struct person *person, void *arg);
int	store_people_each(struct store *store, store_person_fn fn, void *arg);

/*
 * An import gathers its people apart. store_import_commit() copies them beside
 * the generation in force, in small transactions, switches in one short one,
 * synced, and removes the old. Two entries with one user, account or key:
 * FG_ERR_LIMIT, *ret_other is the first one's user. That, and a person that
 * could not be read back (FG_ERR_FORMAT), leaves the import as it was; any
 * other error ends it.
 * To be used by a process of its own (a worker) with a store that it opened
 * itself: committing takes its time, and waits 100 times as long as others for
 * a lock before it is FG_ERR_BUSY. There is one at a time, else FG_ERR_BUSY.
 * What one leaves that never came to an end is removed by the next.
 */
struct store_import;
int	store_import_begin(struct store *store,
	    struct store_import **ret_import);
int	store_import_add(struct store_import *import,
	    const struct person *person, char ret_other[FG_USER_MAX + 1]);
/* what: 'A' added, 'C' changed, 'R' removed against what is in force, in the
 * order of the names; 'D', behind 'C', is an account that may not log in any
 * more because of that. Who cannot be read there is changed, or removed. fields
 * names what differs, separated by blanks, where both can be read; else "". */
struct store_person_change {
	char		 what;
	const char	*user;		/* borrowed, as fields is */
	const char	*fields;
};
typedef int (*store_change_fn)(const struct store_person_change *change,
	    void *arg);
int	store_import_changes(struct store_import *import, store_change_fn fn,
	    void *arg);
/*
 * The accounts whose access was taken away in what is in force, by a status, by
 * a date that is over at at_s or by a revocation of the entry's user, and would
 * come back: they are in nobody's entry any more, or in one that is active, and
 * no revocation is left that holds for them, from when on they were kept out,
 * or from at_s on. Of a bundle (store_bundle.h) also the names whose revocation
 * the last one had, and this one has not; on_purpose says that it says of the
 * name, or of whose it was, that access was given back since the last one or,
 * where people of another import keep it out, since that. In the order of their
 * names.
 */
typedef int (*store_restored_fn)(const char *name, bool on_purpose,
	    void *arg);
int	store_import_restored(struct store_import *import, int64_t at_s,
	    store_restored_fn fn, void *arg);
/*
 * Remember with the import that a name's access is given back on purpose; of a
 * bundle: that it says so.
 */
int	store_import_give_back(struct store_import *import, const char *name,
	    int64_t at_s);
/* The people of the import so far, for store_person_by_*(), and a bundle's
 * revocations, for store_revocation_bundled(). */
struct store *store_import_people(struct store_import *import);
/* Exceptions of people who are not in it any more end with the old one. */
int	store_import_commit(struct store_import *import);
void	store_import_free(struct store_import *import);	/* aborts */

/* ---- exceptions ---- */

/* The numbers are in the file. */
enum store_exception_kind {
	STORE_EXCEPTION_NONE = 0,	/* as one that grants, when added */
	STORE_EXCEPTION_GRANT = 1,	/* whatever the action is */
	STORE_EXCEPTION_BYPASS = 2	/* instead of a step-up alone */
};

struct store_exception {
	uint64_t	 id;		/* from 1, never reused */
	enum store_exception_kind kind;
	char		 user[FG_USER_MAX + 1];	/* the person's */
	/* NONE: another version's, which holds for nothing here; .finding has
	 * its name then. */
	enum finding_code code;
	char		 finding[STORE_FINDING_MAX + 1];
	char		 grade[FINDING_GRADE_MAX + 1];	/* "": every */
	char		 country[3];	/* "": wherever */
	int64_t		 from_s;
	int64_t		 until_s;	/* exclusive; always set */
	char		 reason[STORE_REASON_MAX + 1];
	uint32_t	 by_uid;	/* who added it */
	uint32_t	 by_loginuid;
	int64_t		 at_s;		/* when */
};

/* The name of what it excepts; never NULL, valid as long as e is. */
const char *store_exception_finding(const struct store_exception *e);

/*
 * .id is set. Synced when it returns; by its .at_s, those that ended too long
 * ago are gone then. FG_ERR_FORMAT: it is not complete.
 */
int	store_exception_add(struct store *store, struct store_exception *e);
/* FG_ERR_NOT_FOUND if there is none with this id. */
int	store_exception_remove(struct store *store, uint64_t id,
	    struct store_exception *ret_removed);
/* Those of a person that hold at at_s, without what another version may except;
 * at most max, FG_ERR_LIMIT if more. */
int	store_exceptions_of(struct store *store, const char *user,
	    int64_t at_s, struct store_exception *ret_list, size_t max,
	    size_t *ret_n);
/* All, or one person's (NULL: everybody's), expired ones too if wanted. */
typedef int (*store_exception_fn)(const struct store_exception *e, void *arg);
int	store_exceptions_each(struct store *store, const char *user,
	    bool expired, int64_t at_s, store_exception_fn fn, void *arg);
/* How many of them end after at_s. */
int	store_exceptions_count(struct store *store, const char *user,
	    int64_t at_s, size_t *ret_n);

#endif
