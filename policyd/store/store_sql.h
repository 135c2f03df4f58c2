/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The thin layer between the store's files and its database, for policyd/store
 * alone: statements by number, values that are bound, columns that are checked.
 * A query keeps its first error; what follows then does nothing, and the end
 * returns it.
 */
#ifndef FG_STORE_SQL_H
#define FG_STORE_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whose a name is; the numbers are in the file. */
enum store_name {
	STORE_NAME_USER = 1,
	STORE_NAME_ACCOUNT = 2,
	STORE_NAME_KEY = 3
};

/* Likewise of an asset. */
enum store_asset_name {
	STORE_ASSET_TAG = 1,
	STORE_ASSET_USER = 2,
	STORE_ASSET_KEY = 3,
	STORE_ASSET_DEVICE_KEY = 4,
	/* Where one that is issued was shipped to, in lower case. */
	STORE_ASSET_SHIPPED = 5,
	/* In an import's own file alone: the tag in upper case, if that is
	 * another one. */
	STORE_ASSET_UPPER = 6,
	/* And the kind of an ID: up to STORE_ASSET_NAMES. */
	STORE_ASSET_HWID = 16,
	STORE_ASSET_NAMES = 63
};

/* The texts are in store_sql.c, in store_sql_device.c from
 * STORE_SQL_ASSETS_COUNT on, and in store_sql_person.c from STORE_SQL_HOLD_ADD
 * on. */
enum store_sql {
	STORE_SQL_BEGIN = 0,
	STORE_SQL_COMMIT,
	STORE_SQL_ROLLBACK,
	STORE_SQL_LOG_MOVE,
	STORE_SQL_DATA_VERSION,
	STORE_SQL_PEOPLE_COUNT,
	STORE_SQL_GENERATION,
	STORE_SQL_BY_NAME,
	STORE_SQL_PEOPLE,
	STORE_SQL_EXCEPTION_ADD,
	STORE_SQL_EXCEPTION_REMOVE,
	STORE_SQL_EXCEPTIONS_OF,
	STORE_SQL_EXCEPTIONS_USER,
	STORE_SQL_EXCEPTIONS_ALL,
	STORE_SQL_EXCEPTIONS_COUNT_USER,
	STORE_SQL_EXCEPTIONS_COUNT_ALL,
	STORE_SQL_EXCEPTIONS_FORGET,
	STORE_SQL_EXCEPTIONS_ANY,
	STORE_SQL_EXCEPTIONS_END,
	STORE_SQL_SESSION_PUT,
	STORE_SQL_SESSION_REMOVE,
	STORE_SQL_SESSIONS,
	STORE_SQL_LOGIN_ADD,
	STORE_SQL_LOGIN_HAS,
	STORE_SQL_LOGIN_LAST,
	STORE_SQL_DAYS_ASN,
	STORE_SQL_SHARERS,
	STORE_SQL_SOURCES,
	STORE_SQL_HISTORY_NEWEST,
	STORE_SQL_HISTORY_BEFORE,
	STORE_SQL_HISTORY_EXPIRE,
	STORE_SQL_REVOCATION_PUT,
	STORE_SQL_REVOCATION_REMOVE,
	STORE_SQL_REVOCATION_OF,
	STORE_SQL_REVOCATIONS,
	STORE_SQL_REVOCATION_OWN,
	STORE_SQL_REVOCATION_BUNDLED,
	STORE_SQL_GIVEN_BACK_PUT,
	STORE_SQL_GIVEN_BACK_REMOVE,
	STORE_SQL_GIVEN_BACK_OF,
	STORE_SQL_GIVEN_BACK,
	STORE_SQL_GIVEN_BACK_FORGET,
	STORE_SQL_SERIAL_OF,
	STORE_SQL_SERIAL_PUT,
	STORE_SQL_BUNDLE,
	STORE_SQL_BUNDLE_ADD,
	STORE_SQL_BUNDLE_LEFT,
	STORE_SQL_BUNDLE_RETIRE,
	STORE_SQL_BUNDLE_SWITCH,
	STORE_SQL_BUNDLE_REMOVE,
	STORE_SQL_BUNDLED_ADD,
	STORE_SQL_BUNDLED_COUNT,
	STORE_SQL_BUNDLED_KEEP,
	STORE_SQL_BUNDLED,
	STORE_SQL_ALL_BUNDLED,
	STORE_SQL_REMOVE_BUNDLED,
	STORE_SQL_BEGIN_READ,
	STORE_SQL_CHANGES,
	STORE_SQL_CHANGE,
	STORE_SQL_CHANGE_SETTLE,
	STORE_SQL_CHANGES_KNOWN,
	STORE_SQL_CHANGES_BEGIN,
	STORE_SQL_REMEMBER,
	STORE_SQL_REMEMBERED,
	STORE_SQL_LOST_STILL,
	STORE_SQL_FORGET,
	STORE_SQL_GENERATION_ADD,
	STORE_SQL_GENERATION_REMOVE,
	STORE_SQL_GENERATION_LEFT,
	STORE_SQL_GENERATION_RETIRE,
	STORE_SQL_GENERATION_SWITCH,
	STORE_SQL_USER_OF,
	STORE_SQL_TAKEN_BACK,
	STORE_SQL_PERSON_ADD,
	STORE_SQL_NAME_ADD,
	STORE_SQL_ALL_PEOPLE,
	STORE_SQL_ALL_NAMES,
	STORE_SQL_REMOVE_NAMES,
	STORE_SQL_REMOVE_PEOPLE,
	STORE_SQL_TOTP_PUT,
	STORE_SQL_TOTP_OF,
	STORE_SQL_TOTPS,
	STORE_SQL_TOTP_ANY,
	STORE_SQL_TOTP_REMOVE,
	STORE_SQL_TOTP_REMOVE_ONE,
	STORE_SQL_TOTP_ACTIVATE,
	STORE_SQL_TOTP_ADVANCE,
	STORE_SQL_TOTP_RESET,
	STORE_SQL_RECOVERY_ADD,
	STORE_SQL_RECOVERY_TAKE,
	STORE_SQL_RECOVERY_REMOVE,
	STORE_SQL_RECOVERY_COUNT,
	STORE_SQL_BACKOFF_PUT,
	STORE_SQL_BACKOFF_OF,
	STORE_SQL_BACKOFF_REMOVE,
	STORE_SQL_BACKOFF_FORGET,
	STORE_SQL_BACKOFFS,
	STORE_SQL_PROOF_PUT,
	STORE_SQL_PROOFS_OF,
	STORE_SQL_PROOFS,
	STORE_SQL_PROOFS_WHO,
	STORE_SQL_PROOFS_REMOVE,
	STORE_SQL_PROOFS_FORGET,
	STORE_SQL_PROOFS_END,
	STORE_SQL_VERIFIED_PUT,
	STORE_SQL_VERIFIED_OF,
	STORE_SQL_VERIFIED_ANY,
	STORE_SQL_VERIFIED_REMOVE,
	STORE_SQL_VERIFIEDS,
	STORE_SQL_DEVICE_PUT,
	STORE_SQL_DEVICES,
	STORE_SQL_DEVICES_COUNT,
	STORE_SQL_DEVICES_REMOVE,
	STORE_SQL_LEARNED_PUT,
	STORE_SQL_LEARNED,
	STORE_SQL_SUPPORT_ADD,
	STORE_SQL_SUPPORT_REMOVE,
	STORE_SQL_SUPPORTS,
	STORE_SQL_SUPPORTS_IN_FORCE,
	STORE_SQL_SUPPORTS_COUNT,
	STORE_SQL_SUPPORTS_FORGET,
	STORE_SQL_SUPPORTS_ANY,
	STORE_SQL_ASSETS_COUNT,
	STORE_SQL_ASSETS_GENERATION,
	STORE_SQL_ASSETS_KNOWN,
	STORE_SQL_ASSET_BY_NAME,
	STORE_SQL_ASSETS_BY_NAME,
	STORE_SQL_ASSET_ALIKE,
	STORE_SQL_ASSETS,
	STORE_SQL_ASSETS_SHIPPED,
	STORE_SQL_ASSETS_SHIPPED_USERS,
	STORE_SQL_ASSETS_SHIPPED_BESIDE,
	STORE_SQL_ASSETS_GENERATION_ADD,
	STORE_SQL_ASSETS_GENERATION_REMOVE,
	STORE_SQL_ASSETS_GENERATION_LEFT,
	STORE_SQL_ASSETS_GENERATION_RETIRE,
	STORE_SQL_ASSETS_GENERATION_SWITCH,
	STORE_SQL_ASSETS_REMEMBER,
	STORE_SQL_ASSETS_FORGET,
	STORE_SQL_ASSET_TAG_OF,
	STORE_SQL_ASSET_ADD,
	STORE_SQL_ASSET_NAME_ADD,
	STORE_SQL_ALL_ASSETS,
	STORE_SQL_ALL_ASSET_NAMES,
	STORE_SQL_REMOVE_ASSET_NAMES,
	STORE_SQL_REMOVE_ASSETS,
	STORE_SQL_ENROLMENT_ADD,
	STORE_SQL_ENROLMENT_OF,
	STORE_SQL_ENROLMENTS_OF,
	STORE_SQL_ENROLMENTS,
	STORE_SQL_ENROLMENTS_COUNT,
	STORE_SQL_ENROLMENTS_STATES,
	STORE_SQL_ENROLMENTS_ANY,
	STORE_SQL_ENROLMENTS_KNOWN,
	STORE_SQL_ENROLMENTS_REMEMBER,
	STORE_SQL_ENROLMENTS_REPLACE,
	STORE_SQL_ENROLMENTS_REVOKE,
	STORE_SQL_ENROLMENTS_REMOVE,
	STORE_SQL_SEEN_ADD,
	STORE_SQL_SEEN_OF,
	STORE_SQL_SEEN_REMOVE,
	STORE_SQL_SEEN_REMOVE_ALL,
	STORE_SQL_SITE_PUT,
	STORE_SQL_SITE_TRIM_PERSON,
	STORE_SQL_SITE_TRIM_PEOPLE,
	STORE_SQL_SITE_OTHERS,
	STORE_SQL_SITES,
	STORE_SQL_SITES_EXPIRE,
	STORE_SQL_HOLD_ADD,
	STORE_SQL_HOLD_OF,
	STORE_SQL_HOLD_REMOVE,
	STORE_SQL_HOLDS,
	STORE_SQL_HOLDS_ANY,
	STORE_SQL_HISTORY_OF,
	STORE_SQL_SITES_OF,
	STORE_SQL_FORGET_HISTORY,
	STORE_SQL_FORGET_SITES,
	STORE_SQL_FORGET_EXCEPTIONS,
	STORE_SQL_FORGET_BACKOFF,
	STORE_SQL_FORGET_REASON,
	STORE_SQL_COUNT
};

/* Each is prepared when it is first used, and kept. */
extern const char *const store_sql_texts[STORE_SQL_ASSETS_COUNT];
extern const char *const store_sql_device_texts[STORE_SQL_HOLD_ADD -
    STORE_SQL_ASSETS_COUNT];
extern const char *const store_sql_person_texts[STORE_SQL_COUNT -
    STORE_SQL_HOLD_ADD];

static inline const char *
store_sql_text(enum store_sql sql)
{
	if (sql < STORE_SQL_ASSETS_COUNT)
		return store_sql_texts[sql];
	return sql < STORE_SQL_HOLD_ADD ?
	    store_sql_device_texts[sql - STORE_SQL_ASSETS_COUNT] :
	    store_sql_person_texts[sql - STORE_SQL_HOLD_ADD];
}

/* [0] makes an empty file version 1, [n] makes version n + 1 out of n. */
extern const char *const store_sql_steps[];
extern const int store_sql_version; /* of the schema: the steps there are */

/* Settings of every connection, and of one whose commits are synced. */
extern const char store_sql_settings[];
extern const char store_sql_synced[];
/* Whether what is deleted is overwritten, or left as it is; and the log. */
extern const char store_sql_overwrite[];
extern const char store_sql_leave[];
extern const char store_sql_empty_log[];
/* A file that is being made, one that is filled, and one that is used. */
extern const char store_sql_create[];
extern const char store_sql_stage[];
extern const char store_sql_wal[];
/* Whether a file is whole, and how long it is. */
extern const char store_sql_check[];
extern const char store_sql_pages[];
/* The tables that are small, or whose damage must not wait; ends in NULL. */
extern const char *const store_sql_checks[];
extern const char store_sql_application[];
extern const char store_sql_user_version[];

#define STORE_APPLICATION_ID 0x46477465 /* as in store_sql_steps[0] */

struct sqlite3; /* SQLite's own; nobody looks at it */
struct store_db;
struct store_query;

/* What a connection is for. */
enum store_use {
	STORE_USE_NONE = 0,
	STORE_USE_WRITE,	/* what it commits may be lost */
	STORE_USE_SYNCED,	/* a commit is on the disk when it returns */
	STORE_USE_READ		/* path is a URI; see store_peek.c */
};

/*
 * Open the database at path, which exists. dir is the store's folder, for the
 * mark that it is damaged (-1: none is made); it stays the caller's.
 * Returns 0 or as store.h says; FG_ERR_FORMAT also if it is no database.
 */
int	store_db_open(const char *path, int dir, enum store_use use,
	    struct store_db **ret_db);
void	store_db_close(struct store_db *db);

/*
 * Call fn after each commit of this connection, with the pages that the log
 * has now; what it returns is the commit's result. Instead of that SQLite moves
 * a long log into the database by itself. fn must not use the connection.
 */
typedef int (*store_commit_fn)(void *arg, struct sqlite3 *handle,
    const char *name, int pages);
void	store_db_on_commit(struct store_db *db, store_commit_fn fn, void *arg);

/* Run a constant text of statements. Not for what has values. */
int	store_db_run(struct store_db *db, const char *constant);
/* The first column of the first row as text; FG_ERR_FORMAT without one. */
int	store_db_first(struct store_db *db, const char *constant, char *buf,
	    size_t size);
/* Prepare everything: the schema is what its version says. */
int	store_db_prepare(struct store_db *db);

/* A transaction that writes; nothing waits in the middle of it. */
int	store_db_begin(struct store_db *db);
int	store_db_commit(struct store_db *db);	/* rolls back on error */
void	store_db_rollback(struct store_db *db);

/* Rows that the last statement changed; the id of the last one inserted. */
int64_t	store_db_changes(const struct store_db *db);
int64_t	store_db_last_id(const struct store_db *db);

/* Never NULL; n counts from 1. Strings must live until the query ends. */
struct store_query *store_query(struct store_db *db, enum store_sql sql);
void	store_bind_int(struct store_query *q, int n, int64_t v);
void	store_bind_real(struct store_query *q, int n, double v);
void	store_bind_text(struct store_query *q, int n, const char *text);

/* The next row: 0, FG_ERR_NOT_FOUND if there is none, or an error. */
int	store_query_next(struct store_query *q);
/* The first error; the query is reset. A query that wrote is whole then. */
int	store_query_end(struct store_query *q);
/* For one that returns no rows: step and end. */
int	store_query_run(struct store_query *q);

/*
 * Columns count from 0. What has another type, is out of range or has a NUL in
 * it is FG_ERR_FORMAT of the query; the result is 0 or empty then.
 */
int64_t	store_column_int(struct store_query *q, int n, int64_t min,
	    int64_t max);
double	store_column_real(struct store_query *q, int n);
bool	store_column_is_null(struct store_query *q, int n);
/* Borrowed until the next step; never NULL. */
const char *store_column_text_direct(struct store_query *q, int n);
/* What was read makes no sense; whether there was an error. */
void	store_query_fail(struct store_query *q, int error);
bool	store_query_failed(const struct store_query *q);
/* That what was read of this row makes no sense (FG_ERR_FORMAT) is no error. */
void	store_query_pass(struct store_query *q);

#endif
