/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every word of SQL that there is but the schema, with what else is said of a
 * file as a whole, which is store_schema.c. All of it is constant: values are
 * bound, never written into a text.
 */
#include "policyd/store/store_sql.h"

/* In the order of store_row.c. */
#define PERSON                                                             \
	"p.user, p.name, p.kind, p.status, p.accounts, p.countries, "      \
	"p.home, p.latitude, p.longitude, p.radius_km, p.hours, p.spans, " \
	"p.zone, p.in_groups, p.networks, p.keys, p.valid_from_s, "        \
	"p.valid_until_s"
#define IN_FORCE "(SELECT id FROM generation WHERE in_force = 1)"
/* In the order of store_exception.c. */
#define EXCEPTION                                                      \
	"id, user, finding, grade, country, from_s, until_s, reason, " \
	"by_uid, by_loginuid, at_s, kind"
/* In the order of store_session.c. */
#define SESSION                                                          \
	"ref, state, person, user, service, kind, origin, "              \
	"origin_source, addr, country, asn, network, key, key_id, pid, " \
	"start, uid, audit_session, cgroup, boot_id, opened_s, "         \
	"opened_boot_s, also, more, policy, observed, device"
/* In the order of store_history.c. */
#define LOGIN "person, ref, service, addr, country, asn, at_s, boot_id, boot_s"
/* Whatever a file says of its own contents chooses no other index. */
#define BY_PERSON "history INDEXED BY history_person"
#define BY_ASN	  "history INDEXED BY history_asn_at"
#define BY_SOURCE "history INDEXED BY history_source"
#define BY_TIME	  "history INDEXED BY history_at"
/* In the order of store_revocation.c; the last column of what is read says
 * whether it came by a bundle, and who did it is not known then. */
#define REVOCATION "user, at_s, reason, by_uid, by_loginuid, made_s"
#define BUNDLED	   "user, at_s, reason, 4294967295, 4294967295, made_s, 1"
#define BUNDLE	   "(SELECT id FROM bundle WHERE in_force = 1)"
/* In the order of store_factor.c. */
#define TOTP                                                     \
	"person, sealed, algorithm, digits, last_step, active, " \
	"made_s, by_uid, by_loginuid"
/* In the order of store_backoff.c. */
#define BACKOFF "kind, name, failures, last_s, until_s"
/* In the order of store_proof.c. */
#define PROOF                                                           \
	"id, person, finding, grade, device, source, methods, made_s, " \
	"until_s, ref"
/* In the order of store_verified.c. */
#define VERIFIED \
	"person, asset, salt, hash, made_s, until_s, by_uid, by_loginuid"
/* In the order of store_baseline.c. */
#define DEVICE	"what, kind, seen, at_s, by_uid, by_loginuid"
#define LEARNED "at_s, by_uid, by_loginuid, file"
/* In the order of store_support.c, without the id. */
#define SUPPORT \
	"asset, tool, from_s, until_s, reason, by_uid, by_loginuid, at_s"
/* What is damaged in a row is not taken for access. */
#define VALID_AT(at)                               \
	"(p.status = ?1 AND p.valid_until_s > " at \
	" AND typeof(p.valid_until_s) = 'integer')"
#define VALID	  VALID_AT("?2")
#define WAS_VALID VALID_AT("?3")
/* Rows that one small transaction removes. */
#define SOME "1000"

const char *const store_sql_texts[STORE_SQL_ASSETS_COUNT] = {
	[STORE_SQL_BEGIN] = "BEGIN IMMEDIATE",
	[STORE_SQL_COMMIT] = "COMMIT",
	[STORE_SQL_ROLLBACK] = "ROLLBACK",
	/* busy, pages of the log, of these pages moved */
	[STORE_SQL_LOG_MOVE] = "PRAGMA wal_checkpoint(PASSIVE)",
	/* another number after a commit of any other connection */
	[STORE_SQL_DATA_VERSION] = "PRAGMA data_version",
	[STORE_SQL_PEOPLE_COUNT] =
	    "SELECT people FROM generation WHERE in_force = 1",
	[STORE_SQL_GENERATION] =
	    "SELECT id, at_s FROM generation WHERE in_force = 1",
	[STORE_SQL_BY_NAME] = "SELECT " PERSON " FROM person_name n"
			      " CROSS JOIN person p ON p.id = n.person"
			      " WHERE n.generation = " IN_FORCE
			      " AND n.kind = ?1 AND n.name = ?2",
	[STORE_SQL_PEOPLE] = "SELECT " PERSON ", n.name FROM person_name n"
			     " CROSS JOIN person p ON p.id = n.person"
			     " WHERE n.generation = " IN_FORCE " AND n.kind = 1"
			     " ORDER BY n.name",
	[STORE_SQL_EXCEPTION_ADD] =
	    "INSERT INTO exception (user, finding, grade, country, from_s,"
	    " until_s, reason, by_uid, by_loginuid, at_s, kind)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[STORE_SQL_EXCEPTION_REMOVE] =
	    "DELETE FROM exception WHERE id = ?1 RETURNING " EXCEPTION,
	[STORE_SQL_EXCEPTIONS_OF] =
	    "SELECT " EXCEPTION " FROM exception"
	    " WHERE user = ?1 AND until_s > ?2 AND from_s <= ?2 ORDER BY id",
	/* ?1 is what they end after, ?2 is whose they are. */
	[STORE_SQL_EXCEPTIONS_USER] =
	    "SELECT " EXCEPTION " FROM exception"
	    " WHERE user = ?2 AND until_s > ?1 ORDER BY id",
	[STORE_SQL_EXCEPTIONS_ALL] = "SELECT " EXCEPTION " FROM exception"
				     " WHERE until_s > ?1 ORDER BY id",
	[STORE_SQL_EXCEPTIONS_COUNT_USER] =
	    "SELECT count(*) FROM exception WHERE user = ?2 AND until_s > ?1",
	[STORE_SQL_EXCEPTIONS_COUNT_ALL] =
	    "SELECT count(*) FROM exception WHERE until_s > ?1",
	[STORE_SQL_EXCEPTIONS_FORGET] =
	    "DELETE FROM exception WHERE until_s <= ?1",
	[STORE_SQL_EXCEPTIONS_ANY] = "SELECT EXISTS (SELECT 1 FROM exception)",
	/* One that had not begun ends before it does. Each looks its person
	 * up: a list of all people would be as large as the inventory. */
	[STORE_SQL_EXCEPTIONS_END] =
	    "UPDATE exception SET from_s = min(from_s, ?2), until_s = ?2"
	    " WHERE until_s > ?2"
	    " AND EXISTS (SELECT 1 FROM person_name"
	    " WHERE generation = " IN_FORCE " AND kind = 1 AND name = user)"
	    " AND NOT EXISTS (SELECT 1 FROM person_name"
	    " WHERE generation = ?1 AND kind = 1 AND name = user)",
	[STORE_SQL_SESSION_PUT] =
	    "INSERT OR REPLACE INTO session (" SESSION ")"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
	    " ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,"
	    " ?23, ?24, ?25, ?26, ?27)",
	[STORE_SQL_SESSION_REMOVE] = "DELETE FROM session WHERE ref = ?1",
	[STORE_SQL_SESSIONS] = "SELECT " SESSION " FROM session",
	[STORE_SQL_LOGIN_ADD] =
	    "INSERT INTO history (" LOGIN ", source)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	/* Itself, or what came after it; within one boot that can be told. */
	[STORE_SQL_LOGIN_HAS] =
	    "SELECT EXISTS (SELECT 1 FROM " BY_TIME
	    " WHERE at_s = ?1 AND ref = ?2)"
	    " OR EXISTS (SELECT 1 FROM (SELECT boot_id, boot_s FROM history"
	    " ORDER BY id DESC LIMIT 1) WHERE boot_id = ?3 AND boot_s > ?4)",
	[STORE_SQL_LOGIN_LAST] = "SELECT " LOGIN " FROM " BY_PERSON
				 " WHERE person = ?1 ORDER BY id DESC LIMIT ?2",
	/* From one day to the next, as below; the remainder has the sign of
	 * what is divided. */
	[STORE_SQL_DAYS_ASN] =
	    "WITH RECURSIVE day (at_s) AS ("
	    " SELECT (SELECT at_s FROM " BY_ASN
	    " WHERE person = ?1 AND asn = ?2 AND at_s < ?3"
	    " ORDER BY at_s LIMIT 1)"
	    " UNION ALL"
	    " SELECT (SELECT at_s FROM " BY_ASN
	    " WHERE person = ?1 AND asn = ?2 AND at_s < ?3"
	    " AND at_s >= day.at_s - (day.at_s % 86400 + 86400) % 86400 + 86400"
	    " ORDER BY at_s LIMIT 1)"
	    " FROM day WHERE day.at_s IS NOT NULL LIMIT ?4)"
	    " SELECT count(at_s) FROM day",
	/* From one person to the next: their rows are not looked at. */
	[STORE_SQL_SHARERS] = "WITH RECURSIVE other (name) AS ("
			      " SELECT (SELECT person FROM " BY_SOURCE
			      " WHERE source = ?1 ORDER BY person LIMIT 1)"
			      " UNION ALL"
			      " SELECT (SELECT person FROM " BY_SOURCE
			      " WHERE source = ?1 AND person > other.name"
			      " ORDER BY person LIMIT 1)"
			      " FROM other WHERE other.name IS NOT NULL)"
			      " SELECT name, (SELECT at_s FROM " BY_SOURCE
			      " WHERE source = ?1 AND person = name"
			      " ORDER BY at_s DESC LIMIT 1)"
			      " FROM other WHERE name IS NOT NULL",
	/* Its columns of the last one are two steps more for each row. */
	[STORE_SQL_SOURCES] =
	    "SELECT source, person, count(*), min(at_s), max(at_s),"
	    " (SELECT h.country FROM history h INDEXED BY history_source"
	    " WHERE h.source = g.source AND h.person = g.person"
	    " ORDER BY h.at_s DESC, h.id DESC LIMIT 1),"
	    " (SELECT h.asn FROM history h INDEXED BY history_source"
	    " WHERE h.source = g.source AND h.person = g.person"
	    " ORDER BY h.at_s DESC, h.id DESC LIMIT 1)"
	    " FROM history g INDEXED BY history_source WHERE at_s >= ?1"
	    " GROUP BY source, person ORDER BY source, person",
	[STORE_SQL_HISTORY_NEWEST] =
	    "SELECT at_s FROM history ORDER BY id DESC LIMIT 1",
	/* With the time of the one that was added after it. */
	[STORE_SQL_HISTORY_BEFORE] =
	    "SELECT h.at_s, h.boot_id, h.boot_s,"
	    " (SELECT n.at_s FROM history n WHERE n.id > h.id"
	    " ORDER BY n.id LIMIT 1)"
	    " FROM history h INDEXED BY history_at WHERE h.at_s <= ?1"
	    " ORDER BY h.at_s DESC, h.id DESC LIMIT 1",
	[STORE_SQL_HISTORY_EXPIRE] =
	    "DELETE FROM history WHERE id IN (SELECT id FROM " BY_TIME
	    " WHERE at_s < ?1 ORDER BY at_s LIMIT ?2)",
	[STORE_SQL_REVOCATION_PUT] =
	    "INSERT OR REPLACE INTO revocation (" REVOCATION ")"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[STORE_SQL_REVOCATION_REMOVE] =
	    "DELETE FROM revocation WHERE user = ?1 RETURNING " REVOCATION
	    ", 0",
	/* The one that begins first. */
	[STORE_SQL_REVOCATION_OF] =
	    "SELECT " REVOCATION ", 0 FROM revocation WHERE user = ?1"
	    " UNION ALL SELECT " BUNDLED " FROM bundled"
	    " WHERE bundle = " BUNDLE " AND user = ?1 ORDER BY 2 LIMIT 1",
	[STORE_SQL_REVOCATIONS] = "SELECT " REVOCATION ", 0 FROM revocation"
				  " UNION ALL SELECT " BUNDLED " FROM bundled"
				  " WHERE bundle = " BUNDLE " ORDER BY 1, 7",
	[STORE_SQL_REVOCATION_OWN] =
	    "SELECT " REVOCATION ", 0 FROM revocation WHERE user = ?1",
	[STORE_SQL_REVOCATION_BUNDLED] =
	    "SELECT " BUNDLED " FROM bundled"
	    " WHERE bundle = " BUNDLE " AND user = ?1",
	[STORE_SQL_GIVEN_BACK_PUT] =
	    /* Never before the last bundle was made, if the clock was ahead. */
	"INSERT OR REPLACE INTO given_back (name, at_s) VALUES (?1,"
	" max(?2, coalesce((SELECT serial FROM serial WHERE kind = 1),"
	" ?2)))",
	[STORE_SQL_GIVEN_BACK_REMOVE] =
	    "DELETE FROM given_back WHERE name = ?1",
	[STORE_SQL_GIVEN_BACK_OF] =
	    "SELECT at_s FROM given_back WHERE name = ?1",
	[STORE_SQL_GIVEN_BACK] =
	    "SELECT name, at_s FROM given_back ORDER BY name",
	[STORE_SQL_GIVEN_BACK_FORGET] =
	    "DELETE FROM given_back WHERE name IN (SELECT name"
	    " FROM given_back WHERE at_s < ?1 LIMIT " SOME ")",
	[STORE_SQL_SERIAL_OF] =
	    "SELECT serial, sha256 FROM serial WHERE kind = ?1",
	[STORE_SQL_SERIAL_PUT] =
	    "INSERT OR REPLACE INTO serial (kind, serial, sha256)"
	    " VALUES (?1, ?2, ?3)",
	[STORE_SQL_BUNDLE] =
	    "SELECT serial, made_s, at_s, key, sha256, revocations,"
	    " generation IS " IN_FORCE " FROM bundle WHERE in_force = 1",
	[STORE_SQL_BUNDLE_ADD] =
	    "INSERT INTO bundle (in_force, serial, made_s, at_s, key, sha256,"
	    " revocations, generation) VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, 0)",
	[STORE_SQL_BUNDLE_LEFT] =
	    "SELECT id FROM bundle WHERE in_force = 0 LIMIT 1",
	[STORE_SQL_BUNDLE_RETIRE] =
	    "UPDATE bundle SET in_force = 0 WHERE in_force = 1",
	[STORE_SQL_BUNDLE_SWITCH] =
	    "UPDATE bundle SET in_force = 1, generation = ?2, at_s = ?3"
	    " WHERE id = ?1",
	[STORE_SQL_BUNDLE_REMOVE] =
	    "DELETE FROM bundle WHERE id = ?1 AND in_force = 0",
	[STORE_SQL_BUNDLED_ADD] =
	    "INSERT INTO bundled (bundle, user, at_s, reason, made_s)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)",
	/* Of an import's file, where there is one bundle. */
	[STORE_SQL_BUNDLED_COUNT] = "SELECT count(*) FROM bundled",
	[STORE_SQL_BUNDLED_KEEP] =
	    "INSERT OR REPLACE INTO bundled (bundle, user, at_s, reason,"
	    " made_s) VALUES (?1, ?2, ?3, ?4, ?5)",
	/* With what STORE_SQL_TAKEN_BACK says of each. */
	[STORE_SQL_BUNDLED] = "SELECT user, user, 0, 0 FROM bundled"
			      " WHERE bundle = " BUNDLE " ORDER BY user",
	[STORE_SQL_ALL_BUNDLED] =
	    "SELECT user, at_s, reason, made_s FROM bundled"
	    " ORDER BY bundle, user",
	[STORE_SQL_REMOVE_BUNDLED] =
	    "DELETE FROM bundled WHERE bundle = ?1 AND user IN"
	    " (SELECT user FROM bundled WHERE bundle = ?1 LIMIT " SOME ")",
	/* One transaction of reading: all of it at one moment. */
	[STORE_SQL_BEGIN_READ] = "BEGIN DEFERRED",
	[STORE_SQL_CHANGES] = "SELECT own, known FROM change WHERE id = 1",
	/* What an older copy is given is nothing that it lacks. */
	[STORE_SQL_CHANGE] =
	    "UPDATE change SET own = own + (own >= max(known, ?1)),"
	    " known = max(own, known, ?1) + 1 WHERE id = 1",
	[STORE_SQL_CHANGE_SETTLE] =
	    "UPDATE change SET own = max(own, known, ?1) + 1,"
	    " known = max(own, known, ?1) + 1 WHERE id = 1",
	[STORE_SQL_CHANGES_KNOWN] =
	    "UPDATE change SET known = max(own, known, ?1) WHERE id = 1",
	[STORE_SQL_CHANGES_BEGIN] =
	    "UPDATE change SET own = ?1, known = ?1 WHERE id = 1",
	[STORE_SQL_REMEMBER] = "INSERT INTO remembered (id) VALUES (1)"
			       " ON CONFLICT DO NOTHING",
	/* 1: of this one; 2: what was lost is lost still */
	[STORE_SQL_REMEMBERED] = "SELECT coalesce(max(id), 0) FROM remembered",
	[STORE_SQL_LOST_STILL] = "INSERT INTO remembered (id) VALUES (2)"
				 " ON CONFLICT DO NOTHING",
	[STORE_SQL_FORGET] = "DELETE FROM remembered",
	[STORE_SQL_GENERATION_ADD] =
	    "INSERT INTO generation (in_force, people) VALUES (?1, 0)",
	[STORE_SQL_GENERATION_REMOVE] =
	    "DELETE FROM generation WHERE id = ?1 AND in_force = 0",
	[STORE_SQL_GENERATION_LEFT] =
	    "SELECT id FROM generation WHERE in_force = 0 LIMIT 1",
	[STORE_SQL_GENERATION_RETIRE] =
	    "UPDATE generation SET in_force = 0 WHERE in_force = 1",
	[STORE_SQL_GENERATION_SWITCH] =
	    "UPDATE generation SET in_force = 1, people = ?2, at_s = ?3"
	    " WHERE id = ?1",
	[STORE_SQL_USER_OF] = "SELECT p.user FROM person_name n"
			      " CROSS JOIN person p ON p.id = n.person"
			      " WHERE n.generation = " IN_FORCE
			      " AND n.kind = ?1 AND n.name = ?2",
	/* With whether the entry itself keeps them out, and did not at ?3. */
	[STORE_SQL_TAKEN_BACK] =
	    "SELECT n.name, p.user, NOT " VALID ", " WAS_VALID
	    " FROM person_name n CROSS JOIN person p ON p.id = n.person"
	    " WHERE n.generation = " IN_FORCE " AND n.kind = 2"
	    " AND (NOT " VALID
	    " OR EXISTS (SELECT 1 FROM revocation r WHERE r.user = p.user)"
	    " OR EXISTS (SELECT 1 FROM bundled b WHERE b.bundle = " BUNDLE
	    " AND b.user = p.user)) ORDER BY n.name",
	[STORE_SQL_PERSON_ADD] =
	    "INSERT INTO person (user, name, kind, status, accounts,"
	    " countries, home, latitude, longitude, radius_km, hours, spans,"
	    " zone, in_groups, networks, keys, valid_from_s, valid_until_s,"
	    " id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
	    " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
	/* A person may say a name twice, which is no conflict. */
	[STORE_SQL_NAME_ADD] =
	    "INSERT INTO person_name (generation, kind, name, person)"
	    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
	/* In the order of what they are copied to. */
	[STORE_SQL_ALL_PEOPLE] =
	    "SELECT " PERSON ", p.id FROM person p ORDER BY p.id",
	[STORE_SQL_ALL_NAMES] = "SELECT kind, name, person FROM person_name"
				" ORDER BY generation, kind, name",
	[STORE_SQL_REMOVE_NAMES] =
	    "DELETE FROM person_name"
	    " WHERE generation = ?1 AND kind = ?2 AND name IN"
	    " (SELECT name FROM person_name"
	    " WHERE generation = ?1 AND kind = ?2 LIMIT " SOME ")",
	[STORE_SQL_REMOVE_PEOPLE] =
	    "DELETE FROM person WHERE id IN"
	    " (SELECT id FROM person WHERE id >= ?1 << 32"
	    " AND id < (?1 + 1) << 32 LIMIT " SOME ")",
	[STORE_SQL_TOTP_PUT] = "INSERT OR REPLACE INTO totp (" TOTP ")"
			       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[STORE_SQL_TOTP_OF] =
	    "SELECT " TOTP " FROM totp WHERE person = ?1 AND active = ?2",
	[STORE_SQL_TOTPS] = "SELECT " TOTP " FROM totp ORDER BY person, active",
	[STORE_SQL_TOTP_ANY] = "SELECT EXISTS (SELECT 1 FROM totp)",
	[STORE_SQL_TOTP_REMOVE] = "DELETE FROM totp WHERE person = ?1",
	[STORE_SQL_TOTP_REMOVE_ONE] =
	    "DELETE FROM totp WHERE person = ?1 AND active = ?2",
	[STORE_SQL_TOTP_ACTIVATE] = "UPDATE totp SET active = 1, last_step = ?2"
				    " WHERE person = ?1 AND active = 0",
	/* One statement: of many with one code one changes a row. */
	[STORE_SQL_TOTP_ADVANCE] =
	    "UPDATE totp SET last_step = ?2"
	    " WHERE person = ?1 AND active = 1 AND last_step < ?2",
	[STORE_SQL_TOTP_RESET] = "UPDATE totp SET last_step = ?2"
				 " WHERE person = ?1 AND active = 1",
	[STORE_SQL_RECOVERY_ADD] =
	    "INSERT INTO recovery (person, hash) VALUES (?1, ?2)",
	[STORE_SQL_RECOVERY_TAKE] =
	    "DELETE FROM recovery WHERE person = ?1 AND hash = ?2",
	[STORE_SQL_RECOVERY_REMOVE] = "DELETE FROM recovery WHERE person = ?1",
	[STORE_SQL_RECOVERY_COUNT] =
	    "SELECT count(*) FROM recovery WHERE person = ?1",
	[STORE_SQL_BACKOFF_PUT] = "INSERT OR REPLACE INTO backoff (" BACKOFF ")"
				  " VALUES (?1, ?2, ?3, ?4, ?5)",
	[STORE_SQL_BACKOFF_OF] =
	    "SELECT " BACKOFF " FROM backoff WHERE kind = ?1 AND name = ?2",
	[STORE_SQL_BACKOFF_REMOVE] =
	    "DELETE FROM backoff WHERE kind = ?1 AND name = ?2",
	[STORE_SQL_BACKOFF_FORGET] =
	    "DELETE FROM backoff WHERE (kind, name) IN"
	    " (SELECT kind, name FROM backoff"
	    " WHERE last_s < ?1 AND until_s < ?1 LIMIT " SOME ")",
	[STORE_SQL_BACKOFFS] =
	    "SELECT " BACKOFF " FROM backoff ORDER BY kind, name",
	[STORE_SQL_PROOF_PUT] =
	    "INSERT OR REPLACE INTO proof (person, finding, grade, device,"
	    " source, methods, made_s, until_s, ref)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[STORE_SQL_PROOFS_OF] =
	    "SELECT " PROOF " FROM proof WHERE person = ?1 AND device = ?2"
	    " AND source = ?3 AND until_s > ?4 ORDER BY id DESC",
	[STORE_SQL_PROOFS] = "SELECT " PROOF " FROM proof"
			     " WHERE until_s > ?1 ORDER BY person, id",
	[STORE_SQL_PROOFS_WHO] =
	    "SELECT " PROOF " FROM proof WHERE until_s > ?1 AND person = ?2"
	    " ORDER BY id",
	[STORE_SQL_PROOFS_REMOVE] = "DELETE FROM proof WHERE person = ?1",
	[STORE_SQL_PROOFS_FORGET] =
	    "DELETE FROM proof WHERE id IN"
	    " (SELECT id FROM proof WHERE until_s < ?1 LIMIT " SOME ")",
	/* Of everybody whom what is in force from now on does not let in. */
	[STORE_SQL_PROOFS_END] =
	    "DELETE FROM proof WHERE NOT EXISTS"
	    " (SELECT 1 FROM person_name n CROSS JOIN person p"
	    " ON p.id = n.person WHERE n.generation = " IN_FORCE
	    " AND n.kind = 1 AND n.name = proof.person AND " VALID ")"
	    " OR EXISTS (SELECT 1 FROM bundled b WHERE b.bundle = " BUNDLE
	    " AND b.user = proof.person)",
	[STORE_SQL_VERIFIED_PUT] =
	    "INSERT OR REPLACE INTO verified (" VERIFIED ")"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[STORE_SQL_VERIFIED_OF] =
	    "SELECT " VERIFIED " FROM verified WHERE person = ?1",
	[STORE_SQL_VERIFIED_ANY] = "SELECT EXISTS (SELECT 1 FROM verified)",
	[STORE_SQL_VERIFIED_REMOVE] = "DELETE FROM verified WHERE person = ?1",
	[STORE_SQL_VERIFIEDS] =
	    "SELECT " VERIFIED " FROM verified ORDER BY person",
	[STORE_SQL_DEVICE_PUT] = "INSERT OR REPLACE INTO baseline (" DEVICE ")"
				 " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[STORE_SQL_DEVICES] =
	    "SELECT " DEVICE " FROM baseline ORDER BY what, kind",
	[STORE_SQL_DEVICES_COUNT] = "SELECT count(*) FROM baseline",
	[STORE_SQL_DEVICES_REMOVE] = "DELETE FROM baseline",
	[STORE_SQL_LEARNED_PUT] =
	    "INSERT OR REPLACE INTO learned (id, " LEARNED ")"
	    " VALUES (1, ?1, ?2, ?3, ?4)",
	[STORE_SQL_LEARNED] = "SELECT " LEARNED " FROM learned WHERE id = 1",
	[STORE_SQL_SUPPORT_ADD] = "INSERT INTO support (" SUPPORT ")"
				  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[STORE_SQL_SUPPORT_REMOVE] =
	    "DELETE FROM support WHERE id = ?1 RETURNING id, " SUPPORT,
	/* ?1 is what they end after. */
	[STORE_SQL_SUPPORTS] = "SELECT id, " SUPPORT " FROM support"
			       " WHERE until_s > ?1 ORDER BY id",
	/* ?2: of this asset, NULL: of every. */
	[STORE_SQL_SUPPORTS_IN_FORCE] =
	    "SELECT id, " SUPPORT " FROM support INDEXED BY support_until"
	    " WHERE until_s > ?1 AND from_s <= ?1"
	    " AND asset = coalesce(?2, asset) ORDER BY id",
	[STORE_SQL_SUPPORTS_COUNT] =
	    "SELECT count(*) FROM support WHERE until_s > ?1",
	[STORE_SQL_SUPPORTS_FORGET] = "DELETE FROM support WHERE until_s <= ?1",
	[STORE_SQL_SUPPORTS_ANY] = "SELECT EXISTS (SELECT 1 FROM support)",
};
