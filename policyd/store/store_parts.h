/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the store's files share, for policyd/store alone.
 */
#ifndef FG_STORE_PARTS_H
#define FG_STORE_PARTS_H

#include "policyd/net/addr.h"
#include "policyd/store/store.h"
#include "policyd/store/store_bundle.h"
#include "policyd/store/store_change.h"
#include "policyd/store/store_file.h"
#include "policyd/store/store_log.h"
#include "policyd/store/store_sql.h"

struct store {
	struct store_files files;
	struct store_db	*db;		/* reads; what may be lost or redone */
	/* What must not be lost; NULL in a store that is only read. */
	struct store_db	*synced;
	/* What was known when the database had this version. */
	bool		 outlined;
	int64_t		 outlined_at;
	struct store_outline outline;
	/* Likewise, or NULL; see store_baseline.c. */
	struct store_baseline *baseline;	/* owned */
	int64_t		 baseline_at;
	uint64_t	 changes_known;	/* to others; see store_change.c */
	store_log_fn	 on_log;	/* or NULL */
	void		*on_log_arg;
};

/* ---- store.c ---- */

/* FG_ERR_FORMAT if it is the database of another program. */
int	store_read_version(struct store_db *db, uint64_t *ret_version);
/* Bring the schema from a version (0: an empty file) to this one's. */
int	store_migrate(struct store_db *db, int version);

/* ---- store_newer.c ---- */

/*
 * Whether the database's header says that a newer version made it, which one
 * does not open then. For who has the store alone, and no connection to it yet:
 * to close the file drops SQLite's locks.
 */
bool	store_newer_look(const struct store_files *f,
	    uint64_t *ret_version);
/* Say so, and what to do. Returns FG_ERR_VERSION. */
int	store_newer_why(struct store_files *f, uint64_t version);

/* ---- store_field.c ---- */

/*
 * The end of a query that was to find one row; found is what its
 * store_query_next() has returned. The first error, else that.
 */
int	store_query_found(struct store_query *q, int found);

/* The answer of a query that selects EXISTS (...), false on error. */
int	store_query_any(struct store_query *q, bool *ret_any);

/* A column of text into buf: too long is FG_ERR_FORMAT of the query. */
void	store_column_text(struct store_query *q, int n, char *buf,
	    size_t size);
/* The same into an array. */
#define STORE_COLUMN(q, n, array) \
	store_column_text(q, n, (array), sizeof(array))

/* A list of strings in an array of arrays. */
struct store_list {
	const char	*first;
	size_t		 size;	/* of one */
	size_t		 n;
	size_t		 max;
};

#define STORE_LIST(array, n)                           \
	{                                              \
		(array)[0], sizeof((array)[0]), (n),   \
		    sizeof(array) / sizeof((array)[0]) \
	}

/*
 * Joined by newlines into buf, which has room for all that fits into the list's
 * own arrays. FG_ERR_LIMIT: there are too many; FG_ERR_FORMAT: one could not be
 * told from the others.
 */
int	store_list_join(const struct store_list *list, char *buf);
/* The next line of a column, of at most size - 1 bytes; false at the end. */
bool	store_column_line(struct store_query *q, const char **text, char *buf,
	    size_t size);
/* A column of lines into max arrays of size bytes. Returns how many. */
size_t	store_column_list(struct store_query *q, int n, char *first,
	    size_t size, size_t max);
#define STORE_COLUMN_LIST(q, n, array)                          \
	store_column_list(q, n, (array)[0], sizeof((array)[0]), \
	    sizeof(array) / sizeof((array)[0]))

/* Two columns, or false where both are NULL. */
bool	store_column_point(struct store_query *q, int n, double *ret_latitude,
	    double *ret_longitude);

/* There is a NUL in these bytes, or in an array. */
bool	store_ends(const char *s, size_t size);
#define STORE_ENDS(array)	store_ends((array), sizeof(array))
/* Two letters, or empty. */
bool	store_is_country(const char country[3]);

/* FG_ERR_FORMAT if it could not be read back as it is. */
int	store_addr_text(const struct addr *addr, char buf[ADDR_TEXT_SIZE]);
void	store_column_addr(struct store_query *q, int n,
	    struct addr *ret_addr);
void	store_column_country(struct store_query *q, int n,
	    char ret_country[3]);

/* ---- store_revocation.c ---- */

/* Nothing of it is cut, and it has a user. */
bool	store_revocation_is_whole(const struct store_revocation *r);
/* A name's access is given back; and those of long ago are forgotten. */
int	store_give_back(struct store_db *db, const char *name, int64_t at_s);
int	store_given_back_forget(struct store_db *db, int64_t now_s);

/* ---- store_proof.c ---- */

/* All of a person, within a transaction. */
int	store_proofs_drop(struct store_db *db, const char *person);

/* ---- store_bundle.c, store_serial.c ---- */

int	store_bundle_add(struct store_db *db,
	    const struct store_bundle *bundle, bool in_force);
/* A revocation of a bundle; sql: what becomes of another one of the user. */
int	store_bundled_put(struct store_db *db, enum store_sql sql,
	    int64_t bundle, const struct store_revocation *r);
/* In the order of STORE_SQL_ALL_BUNDLED. */
int	store_bundled_read(struct store_query *q,
	    struct store_revocation *ret_r);
/* Beside the database, synced, and within the switch's transaction. */
int	store_serial_remember(struct store *store,
	    const struct store_bundle *bundle);
int	store_serial_switch(struct store_db *db,
	    const struct store_bundle *bundle);
/* Within a transaction of store->synced; *changed is set if one was ahead. */
int	store_serial_cut(struct store *store, int64_t now_s, bool *changed);

/* ---- store_change.c ---- */

/*
 * The end of a transaction of store->synced that was a change: it is counted,
 * and others are told. On an error, and where r, how it went so far, is one, it
 * is rolled back. Returns r, or what went wrong then.
 */
int	store_change_end(struct store *store, int r);
/* The same of one that went well; what it had not had before does not matter
 * any more. */
int	store_settle_commit(struct store *store);
/* A database that is made anew has had what its folder knows of. */
int	store_changes_begin(struct store_db *db, const struct store_files *f);
/* What the folder knows of. */
void	store_changes_look(struct store *store);

/* ---- store_outline.c ---- */

/*
 * This database was begun after another one was lost that had people, and
 * knows nothing of them yet.
 */
int	store_has_lost(struct store *store, bool *ret_lost);

/*
 * Another number after each commit of another connection, in this process or
 * in any other. What .db itself commits is nothing that is remembered by it.
 */
int	store_data_version(struct store *store, int64_t *ret_version);

/*
 * Before something of people is acknowledged that must be missed when this
 * database is moved aside; see .lost. Returns 0 or an error.
 */
int	store_remember(struct store *store);

/* ---- store_row.c: a person as a row ---- */

#define STORE_ROW_COLUMNS 18

/* The columns of the lists, joined; bound as long as the query runs. */
struct store_row {
	char		 accounts[PERSON_ACCOUNTS_MAX * (FG_USER_MAX + 1) + 1];
	char		 countries[PERSON_COUNTRIES_MAX * 3 + 1];
	char		 spans[PERSON_SPANS_MAX * 16 + 1];
	char		 groups[PERSON_GROUPS_MAX * (PERSON_GROUP_MAX + 1) + 1];
	char		 networks[PERSON_NETWORKS_MAX *
			    (PERSON_NETWORK_MAX + 1) + 1];
	char		 keys[PERSON_KEYS_MAX * (PERSON_KEY_MAX + 1) + 1];
};

/* FG_ERR_FORMAT if the person could not be read back as it is. */
int	store_row_make(const struct person *person, struct store_row *ret_row);
/* Binds parameters 1 to STORE_ROW_COLUMNS. */
void	store_row_bind(struct store_query *q, const struct person *person,
	    const struct store_row *row);
/* Reads the current row; errors are the query's. */
void	store_row_read(struct store_query *q, struct person *ret_person);

/* ---- store_import.c and what it is made of ---- */

struct store_import {
	struct store	*store;
	struct store_db	*stage;		/* a file of its own */
	struct store	 staged;	/* reads .stage; no more of it is set */
	int64_t		 people;
	int64_t		 generation;	/* in the store; 0: not there yet */
	struct store_bundle bundle;	/* .serial 0: it is none */
	int64_t		 bundle_id;	/* likewise */
	bool		 committed;
	int		 failed;	/* after this it cannot be whole */
	struct store_row row;
};

/*
 * store_copy.c: what is staged as a new generation of the store, in small
 * transactions; import->generation is set as soon as there is something.
 */
int	store_copy(struct store_import *import);
/* That there is going to be an inventory: see .lost. */
int	store_copy_remember(struct store_import *import);
/* Behind it: who got access back by it, for bundles. */
int	store_copy_given_back(struct store_import *import);
/* One short transaction: the new generation is in force, and synced. */
int	store_copy_switch(struct store_import *import);
/* Remove every generation and bundle that is not in force. Under the import's
 * lock. */
int	store_copy_remove(struct store_db *db);

#endif
