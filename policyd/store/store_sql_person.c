/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of SQL about how long what is held on people stays: holds, and all
 * of one person. As in store_sql.c they are constant.
 */
#include "policyd/store/store_sql.h"

/* In the order of store_hold.c. */
#define HOLD "name, reason, until_s, by_uid, by_loginuid, at_s"

#define FIRST STORE_SQL_HOLD_ADD

const char *const store_sql_person_texts[STORE_SQL_COUNT - FIRST] = {
	[STORE_SQL_HOLD_ADD - FIRST] =
	    "INSERT INTO hold (" HOLD ") SELECT ?1, ?2, ?3, ?4, ?5, ?6"
	    " WHERE (SELECT count(*) FROM hold) < ?7",
	[STORE_SQL_HOLD_OF - FIRST] =
	    "SELECT " HOLD " FROM hold WHERE name = ?1",
	[STORE_SQL_HOLD_REMOVE - FIRST] = "DELETE FROM hold WHERE name = ?1",
	[STORE_SQL_HOLDS - FIRST] = "SELECT " HOLD " FROM hold ORDER BY name",
	[STORE_SQL_HOLDS_ANY - FIRST] = "SELECT EXISTS (SELECT 1 FROM hold"
					" WHERE until_s = 0 OR until_s > ?1)",
	[STORE_SQL_HISTORY_OF - FIRST] =
	    "SELECT person, ref, service, addr, country, asn, at_s, boot_id,"
	    " boot_s FROM history INDEXED BY history_person"
	    " WHERE person = ?1 ORDER BY id",
	[STORE_SQL_SITES_OF - FIRST] =
	    "SELECT kind, name, person, addr, last_s"
	    " FROM site INDEXED BY site_person WHERE person = ?1"
	    " ORDER BY kind, name",
	[STORE_SQL_FORGET_HISTORY - FIRST] =
	    "DELETE FROM history WHERE person = ?1",
	[STORE_SQL_FORGET_SITES - FIRST] = "DELETE FROM site WHERE person = ?1",
	[STORE_SQL_FORGET_EXCEPTIONS - FIRST] =
	    "DELETE FROM exception WHERE user = ?1",
	[STORE_SQL_FORGET_BACKOFF - FIRST] =
	    "DELETE FROM backoff WHERE kind = 1 AND name = ?1",
	[STORE_SQL_FORGET_REASON - FIRST] =
	    "UPDATE revocation SET reason = '' WHERE user = ?1"
	    " AND reason <> ''",
};
