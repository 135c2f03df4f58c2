/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of SQL about assets and about laptops that were enrolled. As in
 * store_sql.c they are constant.
 */
#include "policyd/store/store_sql.h"

/* In the order of store_asset_row.c; the last column of what is read is the tag
 * that a name leads to. A name that leads nowhere is a row of NULL. */
#define ASSET_OWN                                                      \
	"a.tag, a.form, a.status, a.users, a.vendor, a.model, a.ids, " \
	"a.device_key, a.keys, a.location, a.location_latitude, "      \
	"a.location_longitude, a.shipped_to, a.shipped_latitude, "     \
	"a.shipped_longitude"
#define ASSETS_IN_FORCE "(SELECT id FROM asset_generation WHERE in_force = 1)"
#define FIRST_USER                                             \
	"nullif(substr(a.users, 1, instr(a.users || char(10)," \
	" char(10)) - 1), '')"
#define ASSET_NAMES                            \
	" FROM asset_name n"                   \
	" LEFT JOIN asset a ON a.id = n.asset" \
	" WHERE n.generation = " ASSETS_IN_FORCE
/* In the order of store_enrolment.c. */
#define ENROLMENT                                              \
	"key, asset, ids, made_s, from_s, by_uid, "            \
	"by_loginuid, replaced_s, revoked_s, revoked_by_uid, " \
	"revoked_by_loginuid, reason"
/* In the order of store_seen.c. */
#define SEEN  "ids, first_n, last_n, first_s, last_s"
#define NEVER "9223372036854775807"
/* In the order of store_site.c. */
#define SITE "kind, name, person, addr, last_s"
/* Whatever a file says of its own contents chooses no other index. */
#define BY_NAME	  "site INDEXED BY site_of"
#define BY_PERSON "site INDEXED BY site_person"
#define BY_TIME	  "site INDEXED BY site_last"
/* A key, or all of an asset. */
#define NAMED "(key = ?1 OR asset = ?1)"

/* Rows that one small transaction removes. */
#define SOME "1000"

#define FIRST STORE_SQL_ASSETS_COUNT

const char *const store_sql_device_texts[STORE_SQL_HOLD_ADD - FIRST] = {
	[STORE_SQL_ASSETS_COUNT - FIRST] =
	    "SELECT assets FROM asset_generation WHERE in_force = 1",
	[STORE_SQL_ASSETS_GENERATION - FIRST] =
	    "SELECT id, at_s FROM asset_generation WHERE in_force = 1",
	[STORE_SQL_ASSETS_KNOWN - FIRST] =
	    "SELECT EXISTS (SELECT 1 FROM asset_generation WHERE in_force = 1)"
	    " OR EXISTS (SELECT 1 FROM asset_remembered)",
	/* One by its tag or device key; and all of a name. */
	[STORE_SQL_ASSET_BY_NAME - FIRST] =
	    "SELECT " ASSET_OWN ", n.tag" ASSET_NAMES
	    " AND n.kind = ?1 AND n.name = ?2 ORDER BY n.tag",
	[STORE_SQL_ASSETS_BY_NAME - FIRST] =
	    "SELECT " ASSET_OWN ", n.tag" ASSET_NAMES
	    " AND n.kind = ?1 AND n.name = ?2 ORDER BY n.tag",
	[STORE_SQL_ASSET_ALIKE - FIRST] =
	    "SELECT name FROM asset_name WHERE generation = " ASSETS_IN_FORCE
	    " AND kind = 1 AND name = ?1 COLLATE NOCASE LIMIT 1",
	[STORE_SQL_ASSETS - FIRST] = "SELECT " ASSET_OWN ", n.name" ASSET_NAMES
				     " AND n.kind = 1 ORDER BY n.name",
	/* The whole ones of a place are read by ASSETS_BY_NAME. */
	[STORE_SQL_ASSETS_SHIPPED - FIRST] =
	    "SELECT name, count(*) FROM asset_name"
	    " WHERE generation = " ASSETS_IN_FORCE " AND kind = 5"
	    " GROUP BY name HAVING count(*) >= ?1 ORDER BY 2 DESC, 1",
	/* The first one of each list; of nobody's it is empty. */
	[STORE_SQL_ASSETS_SHIPPED_USERS - FIRST] =
	    "SELECT count(DISTINCT " FIRST_USER "),"
	    " sum(typeof(a.users) <> 'text')" ASSET_NAMES
	    " AND n.kind = 5 AND n.name = ?1",
	/* A login waits for it: many are many, however many more there are. */
	[STORE_SQL_ASSETS_SHIPPED_BESIDE - FIRST] =
	    "SELECT count(DISTINCT who), coalesce(sum(bad), 0) FROM ("
	    "SELECT " FIRST_USER
	    " AS who, typeof(a.users) <> 'text' AS bad" ASSET_NAMES
	    " AND n.kind = 5 AND n.name = ?1 LIMIT 256)"
	    " WHERE who IS NOT ?2",
	[STORE_SQL_ASSETS_GENERATION_ADD - FIRST] =
	    "INSERT INTO asset_generation (in_force, assets) VALUES (?1, 0)",
	[STORE_SQL_ASSETS_GENERATION_REMOVE - FIRST] =
	    "DELETE FROM asset_generation WHERE id = ?1 AND in_force = 0",
	[STORE_SQL_ASSETS_GENERATION_LEFT - FIRST] =
	    "SELECT id FROM asset_generation WHERE in_force = 0 LIMIT 1",
	[STORE_SQL_ASSETS_GENERATION_RETIRE - FIRST] =
	    "UPDATE asset_generation SET in_force = 0 WHERE in_force = 1",
	[STORE_SQL_ASSETS_GENERATION_SWITCH - FIRST] =
	    "UPDATE asset_generation SET in_force = 1, assets = ?2, at_s = ?3"
	    " WHERE id = ?1",
	[STORE_SQL_ASSETS_REMEMBER - FIRST] =
	    "INSERT INTO asset_remembered (id) VALUES (1)"
	    " ON CONFLICT DO NOTHING",
	[STORE_SQL_ASSETS_FORGET - FIRST] = "DELETE FROM asset_remembered",
	[STORE_SQL_ASSET_TAG_OF - FIRST] =
	    "SELECT tag, asset FROM asset_name"
	    " WHERE generation = " ASSETS_IN_FORCE
	    " AND kind = ?1 AND name = ?2 ORDER BY tag LIMIT 1",
	[STORE_SQL_ASSET_ADD - FIRST] =
	    "INSERT INTO asset (tag, form, status, users, vendor, model, ids,"
	    " device_key, keys, location, location_latitude,"
	    " location_longitude, shipped_to, shipped_latitude,"
	    " shipped_longitude, id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
	    " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
	/* An asset may say a name twice, which is no conflict. */
	[STORE_SQL_ASSET_NAME_ADD - FIRST] =
	    "INSERT INTO asset_name (generation, kind, name, tag, asset)"
	    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
	[STORE_SQL_ALL_ASSETS - FIRST] =
	    "SELECT " ASSET_OWN ", a.tag, a.id FROM asset a ORDER BY a.id",
	[STORE_SQL_ALL_ASSET_NAMES - FIRST] =
	    "SELECT kind, name, tag, asset FROM asset_name"
	    " ORDER BY generation, kind, name, tag",
	/* With the kind, or each piece would look at all of its names. */
	[STORE_SQL_REMOVE_ASSET_NAMES - FIRST] =
	    "DELETE FROM asset_name WHERE generation = ?1 AND kind = ?2"
	    " AND (name, tag) IN (SELECT name, tag FROM asset_name"
	    " WHERE generation = ?1 AND kind = ?2 LIMIT " SOME ")",
	[STORE_SQL_REMOVE_ASSETS - FIRST] =
	    "DELETE FROM asset WHERE id IN"
	    " (SELECT id FROM asset WHERE id >= ?1 << 32"
	    " AND id < (?1 + 1) << 32 LIMIT " SOME ")",
	[STORE_SQL_ENROLMENT_ADD - FIRST] =
	    "INSERT INTO enrolment (" ENROLMENT ") VALUES (?1, ?2, ?3, ?4, ?5,"
	    " ?6, ?7, " NEVER ", " NEVER ", 0, 0, '')"
	    " ON CONFLICT (key) DO NOTHING",
	[STORE_SQL_ENROLMENT_OF - FIRST] =
	    "SELECT " ENROLMENT " FROM enrolment WHERE key = ?1",
	[STORE_SQL_ENROLMENTS_OF - FIRST] =
	    "SELECT " ENROLMENT " FROM enrolment WHERE " NAMED
	    " ORDER BY id DESC",
	[STORE_SQL_ENROLMENTS - FIRST] =
	    "SELECT " ENROLMENT " FROM enrolment ORDER BY asset, id DESC",
	[STORE_SQL_ENROLMENTS_COUNT - FIRST] =
	    "SELECT count(*) FROM enrolment WHERE asset = ?1",
	/* As store_enrolment_state() has them. */
	[STORE_SQL_ENROLMENTS_STATES - FIRST] =
	    "SELECT count(*) FILTER (WHERE revoked_s = " NEVER
	    " AND replaced_s > ?1 AND from_s <= ?1),"
	    " count(*) FILTER (WHERE revoked_s = " NEVER
	    " AND replaced_s > ?1 AND from_s > ?1),"
	    " count(*) FILTER (WHERE revoked_s <> " NEVER ") FROM enrolment",
	[STORE_SQL_ENROLMENTS_ANY - FIRST] =
	    "SELECT EXISTS (SELECT 1 FROM enrolment)",
	[STORE_SQL_ENROLMENTS_KNOWN - FIRST] =
	    "SELECT EXISTS (SELECT 1 FROM enrolment)"
	    " OR EXISTS (SELECT 1 FROM enrolment_remembered)",
	[STORE_SQL_ENROLMENTS_REMEMBER - FIRST] =
	    "INSERT INTO enrolment_remembered (id) VALUES (1)"
	    " ON CONFLICT DO NOTHING",
	/* By the first of those that come after it, of what is not replaced
	 * yet at ?2; what is, stays so whatever becomes of the others. */
	[STORE_SQL_ENROLMENTS_REPLACE - FIRST] =
	    "UPDATE enrolment SET replaced_s = coalesce("
	    "(SELECT min(n.from_s) FROM enrolment n"
	    " WHERE n.asset = enrolment.asset AND n.id > enrolment.id"
	    " AND n.revoked_s = " NEVER "), " NEVER ")"
	    " WHERE asset = ?1 AND replaced_s > ?2",
	[STORE_SQL_ENROLMENTS_REVOKE - FIRST] =
	    "UPDATE enrolment SET revoked_s = ?2, revoked_by_uid = ?3,"
	    " revoked_by_loginuid = ?4, reason = ?5"
	    " WHERE " NAMED " AND revoked_s = " NEVER,
	[STORE_SQL_ENROLMENTS_REMOVE - FIRST] =
	    "DELETE FROM enrolment WHERE " NAMED,
	[STORE_SQL_SEEN_ADD - FIRST] = "INSERT INTO device_seen (key, " SEEN ")"
				       " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[STORE_SQL_SEEN_OF - FIRST] =
	    "SELECT " SEEN " FROM device_seen WHERE key = ?1 ORDER BY first_n",
	[STORE_SQL_SEEN_REMOVE - FIRST] =
	    "DELETE FROM device_seen WHERE key = ?1",
	[STORE_SQL_SEEN_REMOVE_ALL - FIRST] =
	    "DELETE FROM device_seen WHERE key IN"
	    " (SELECT key FROM enrolment WHERE " NAMED ")",
	/* The latest has the greatest id, whatever the clock says. */
	[STORE_SQL_SITE_PUT - FIRST] =
	    "INSERT INTO site (" SITE ") VALUES (?1, ?2, ?3, ?4, ?5)"
	    " ON CONFLICT (kind, name, person) DO UPDATE SET"
	    " id = (SELECT max(id) FROM site) + 1, addr = excluded.addr,"
	    " last_s = excluded.last_s",
	[STORE_SQL_SITE_TRIM_PERSON - FIRST] =
	    "DELETE FROM site WHERE id IN (SELECT id FROM " BY_PERSON
	    " WHERE person = ?1 AND kind = ?2"
	    " ORDER BY id DESC LIMIT -1 OFFSET ?3)",
	[STORE_SQL_SITE_TRIM_PEOPLE - FIRST] =
	    "DELETE FROM site WHERE id IN (SELECT id FROM " BY_NAME
	    " WHERE kind = ?1 AND name = ?2"
	    " ORDER BY id DESC LIMIT -1 OFFSET ?3)",
	/* ?3 is of the kind ?10, the others are peripherals. */
	[STORE_SQL_SITE_OTHERS - FIRST] =
	    "SELECT person, max(kind) FROM ("
	    "SELECT person, kind, last_s, id FROM " BY_NAME
	    " WHERE kind = ?10 AND name = ?3 UNION ALL"
	    " SELECT person, kind, last_s, id FROM " BY_NAME
	    " WHERE kind = 2 AND name IN (?4, ?5, ?6, ?7, ?8, ?9))"
	    " WHERE person <> ?1 AND last_s >= ?2"
	    " GROUP BY person ORDER BY max(kind) DESC, max(id) DESC",
	[STORE_SQL_SITES - FIRST] =
	    "SELECT " SITE " FROM " BY_NAME
	    " WHERE last_s >= ?1 ORDER BY kind, name, person",
	[STORE_SQL_SITES_EXPIRE - FIRST] =
	    "DELETE FROM site WHERE id IN (SELECT id FROM " BY_TIME
	    " WHERE last_s < ?1 ORDER BY last_s LIMIT ?2)",
};
