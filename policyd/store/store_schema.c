/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The schema and its history, step by step; and what a file as a whole is told
 * and asked: its settings and the checks of its tables.
 */
#include "policyd/store/store_sql.h"

/*
 * A released step is never changed. user_version is part of the transaction
 * that a step runs in. What a column holds: lists are joined by newlines,
 * days and minutes of a span by blanks, times are seconds of the epoch.
 */
const char *const store_sql_steps[] = {
	/* application_id is STORE_APPLICATION_ID */
	"PRAGMA application_id = 1179087973;"
	"CREATE TABLE generation ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  in_force INTEGER NOT NULL,"
	"  people INTEGER NOT NULL,"
	"  at_s INTEGER NOT NULL DEFAULT 0);"
	"CREATE UNIQUE INDEX generation_in_force ON generation (in_force)"
	"  WHERE in_force = 1;"
	/* id: the generation's, times 2^32, and a number in it */
	"CREATE TABLE person ("
	"  id INTEGER PRIMARY KEY,"
	"  user TEXT NOT NULL,"
	"  name TEXT NOT NULL,"
	"  kind INTEGER NOT NULL,"
	"  status INTEGER NOT NULL,"
	"  accounts TEXT NOT NULL,"
	"  countries TEXT NOT NULL,"
	"  home TEXT NOT NULL,"
	"  latitude REAL,"
	"  longitude REAL,"
	"  radius_km REAL NOT NULL,"
	"  hours TEXT NOT NULL,"
	"  spans TEXT NOT NULL,"
	"  zone TEXT NOT NULL,"
	"  in_groups TEXT NOT NULL,"
	"  networks TEXT NOT NULL,"
	"  keys TEXT NOT NULL,"
	"  valid_from_s INTEGER NOT NULL,"
	"  valid_until_s INTEGER NOT NULL);"
	/* kind: enum store_name */
	"CREATE TABLE person_name ("
	"  generation INTEGER NOT NULL,"
	"  kind INTEGER NOT NULL,"
	"  name TEXT NOT NULL,"
	"  person INTEGER NOT NULL,"
	"  PRIMARY KEY (generation, kind, name)) WITHOUT ROWID;"
	"PRAGMA user_version = 1;",

	"CREATE TABLE exception ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  user TEXT NOT NULL,"
	"  finding TEXT NOT NULL,"
	"  grade TEXT NOT NULL,"
	"  country TEXT NOT NULL,"
	"  from_s INTEGER NOT NULL,"
	"  until_s INTEGER NOT NULL,"
	"  reason TEXT NOT NULL,"
	"  by_uid INTEGER NOT NULL,"
	"  by_loginuid INTEGER NOT NULL,"
	"  at_s INTEGER NOT NULL);"
	"CREATE INDEX exception_user ON exception (user, until_s);"
	"PRAGMA user_version = 2;",

	/* state, kind, origin, origin_source: numbers of their enums */
	"CREATE TABLE session ("
	"  ref TEXT NOT NULL PRIMARY KEY,"
	"  state INTEGER NOT NULL,"
	"  person TEXT NOT NULL,"
	"  user TEXT NOT NULL,"
	"  service TEXT NOT NULL,"
	"  kind INTEGER NOT NULL,"
	"  origin INTEGER NOT NULL,"
	"  origin_source INTEGER NOT NULL,"
	"  addr TEXT NOT NULL,"
	"  country TEXT NOT NULL,"
	"  asn INTEGER NOT NULL,"
	"  network TEXT NOT NULL,"
	"  key TEXT NOT NULL,"
	"  key_id TEXT NOT NULL,"
	"  pid INTEGER NOT NULL,"
	"  start INTEGER NOT NULL,"
	"  uid INTEGER NOT NULL,"
	"  audit_session INTEGER NOT NULL,"
	"  cgroup TEXT NOT NULL,"
	"  boot_id TEXT NOT NULL,"
	"  opened_s INTEGER NOT NULL,"
	"  opened_boot_s INTEGER NOT NULL) WITHOUT ROWID;"
	/* id: in the order of the logins; source: store_source_text() */
	"CREATE TABLE history ("
	"  id INTEGER PRIMARY KEY,"
	"  person TEXT NOT NULL,"
	"  ref TEXT NOT NULL,"
	"  service TEXT NOT NULL,"
	"  addr TEXT NOT NULL,"
	"  source TEXT NOT NULL,"
	"  country TEXT NOT NULL,"
	"  asn INTEGER NOT NULL,"
	"  at_s INTEGER NOT NULL,"
	"  boot_id TEXT NOT NULL,"
	"  boot_s INTEGER NOT NULL);"
	/* each also ends in the id */
	"CREATE INDEX history_person ON history (person);"
	"CREATE INDEX history_asn ON history (person, asn);"
	"CREATE INDEX history_source ON history (source, person, at_s);"
	"CREATE INDEX history_at ON history (at_s);"
	"CREATE TABLE revocation ("
	"  user TEXT NOT NULL PRIMARY KEY,"
	"  at_s INTEGER NOT NULL,"
	"  reason TEXT NOT NULL,"
	"  by_uid INTEGER NOT NULL,"
	"  by_loginuid INTEGER NOT NULL,"
	"  made_s INTEGER NOT NULL) WITHOUT ROWID;"
	/* one row: the memory beside this database is of this one, see
	 * store_outline.c */
	"CREATE TABLE remembered (id INTEGER PRIMARY KEY);"
	"PRAGMA user_version = 3;",

	/* at_s: when it was imported; generation: the people that came with
	 * it */
	"CREATE TABLE bundle ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  in_force INTEGER NOT NULL,"
	"  serial INTEGER NOT NULL,"
	"  made_s INTEGER NOT NULL,"
	"  at_s INTEGER NOT NULL,"
	"  key TEXT NOT NULL,"
	"  sha256 TEXT NOT NULL,"
	"  revocations INTEGER NOT NULL,"
	"  generation INTEGER NOT NULL);"
	"CREATE UNIQUE INDEX bundle_in_force ON bundle (in_force)"
	"  WHERE in_force = 1;"
	/* the revocations of a bundle */
	"CREATE TABLE bundled ("
	"  bundle INTEGER NOT NULL,"
	"  user TEXT NOT NULL,"
	"  at_s INTEGER NOT NULL,"
	"  reason TEXT NOT NULL,"
	"  made_s INTEGER NOT NULL,"
	"  PRIMARY KEY (bundle, user)) WITHOUT ROWID;"
	/* whose access was given back on purpose, and when */
	"CREATE TABLE given_back ("
	"  name TEXT NOT NULL PRIMARY KEY,"
	"  at_s INTEGER NOT NULL) WITHOUT ROWID;"
	/* the last ones; kind: enum store_serial_kind */
	"CREATE TABLE serial ("
	"  kind INTEGER PRIMARY KEY,"
	"  serial INTEGER NOT NULL,"
	"  sha256 TEXT NOT NULL);"
	"PRAGMA user_version = 4;",

	/* an autonomous system's logins by their days */
	"DROP INDEX history_asn;"
	"CREATE INDEX history_asn_at ON history (person, asn, at_s);"
	"PRAGMA user_version = 5;",

	/* one row: changes that this database has had, one after the other,
	 * and that are known of; see store_change.c */
	"CREATE TABLE change ("
	"  id INTEGER PRIMARY KEY,"
	"  own INTEGER NOT NULL,"
	"  known INTEGER NOT NULL);"
	"INSERT INTO change (id, own, known) VALUES (1, 0, 0);"
	"PRAGMA user_version = 6;",

	/* also: further keys, each with a blank and its key id; more: how
	 * many there were that are not named */
	"ALTER TABLE session ADD COLUMN also TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE session ADD COLUMN more INTEGER NOT NULL DEFAULT 0;"
	"PRAGMA user_version = 7;",

	/* active: 0 as long as no code of it was seen; such a one stands beside
	 * the one in use. sealed: base 64, see keyring.h; algorithm: enum
	 * totp_algorithm; last_step: codes up to it are worth nothing */
	"CREATE TABLE totp ("
	"  person TEXT NOT NULL,"
	"  sealed TEXT NOT NULL,"
	"  algorithm INTEGER NOT NULL,"
	"  digits INTEGER NOT NULL,"
	"  last_step INTEGER NOT NULL,"
	"  active INTEGER NOT NULL,"
	"  made_s INTEGER NOT NULL,"
	"  by_uid INTEGER NOT NULL,"
	"  by_loginuid INTEGER NOT NULL,"
	"  PRIMARY KEY (person, active)) WITHOUT ROWID;"
	/* hash: SHA-256 of a code that was not used yet */
	"CREATE TABLE recovery ("
	"  person TEXT NOT NULL,"
	"  hash TEXT NOT NULL,"
	"  PRIMARY KEY (person, hash)) WITHOUT ROWID;"
	/* kind: enum store_backoff_kind */
	"CREATE TABLE backoff ("
	"  kind INTEGER NOT NULL,"
	"  name TEXT NOT NULL,"
	"  failures INTEGER NOT NULL,"
	"  last_s INTEGER NOT NULL,"
	"  until_s INTEGER NOT NULL,"
	"  PRIMARY KEY (kind, name)) WITHOUT ROWID;"
	/* a step-up that was passed; methods: 1 << enum method, each */
	"CREATE TABLE proof ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  person TEXT NOT NULL,"
	"  finding TEXT NOT NULL,"
	"  grade TEXT NOT NULL,"
	"  device TEXT NOT NULL,"
	"  source TEXT NOT NULL,"
	"  methods INTEGER NOT NULL,"
	"  made_s INTEGER NOT NULL,"
	"  until_s INTEGER NOT NULL,"
	"  ref TEXT NOT NULL);"
	"CREATE UNIQUE INDEX proof_of"
	"  ON proof (person, device, source, finding, grade);"
	/* hash: of the laptop's serial number with the salt, or both empty */
	"CREATE TABLE verified ("
	"  person TEXT NOT NULL PRIMARY KEY,"
	"  asset TEXT NOT NULL,"
	"  salt TEXT NOT NULL,"
	"  hash TEXT NOT NULL,"
	"  made_s INTEGER NOT NULL,"
	"  until_s INTEGER NOT NULL,"
	"  by_uid INTEGER NOT NULL,"
	"  by_loginuid INTEGER NOT NULL) WITHOUT ROWID;"
	/* kind: enum store_exception_kind */
	"ALTER TABLE exception ADD COLUMN kind INTEGER NOT NULL DEFAULT 1;"
	"PRAGMA user_version = 8;",

	/* kind: entry_kind_name() */
	"CREATE TABLE baseline ("
	"  what TEXT NOT NULL,"
	"  kind TEXT NOT NULL,"
	"  seen TEXT NOT NULL,"
	"  at_s INTEGER NOT NULL,"
	"  by_uid INTEGER NOT NULL,"
	"  by_loginuid INTEGER NOT NULL,"
	"  PRIMARY KEY (what, kind)) WITHOUT ROWID;"
	/* one row, once there was one, of however many devices; file: where
	 * they come from, or empty */
	"CREATE TABLE learned ("
	"  id INTEGER PRIMARY KEY,"
	"  at_s INTEGER NOT NULL,"
	"  by_uid INTEGER NOT NULL,"
	"  by_loginuid INTEGER NOT NULL,"
	"  file TEXT NOT NULL);"
	/* tool: an entry's name in the catalogue */
	"CREATE TABLE support ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  asset TEXT NOT NULL,"
	"  tool TEXT NOT NULL,"
	"  from_s INTEGER NOT NULL,"
	"  until_s INTEGER NOT NULL,"
	"  reason TEXT NOT NULL,"
	"  by_uid INTEGER NOT NULL,"
	"  by_loginuid INTEGER NOT NULL,"
	"  at_s INTEGER NOT NULL);"
	"CREATE INDEX support_until ON support (until_s);"
	"ALTER TABLE session ADD COLUMN policy TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE session ADD COLUMN observed INTEGER NOT NULL DEFAULT 0;"
	"PRAGMA user_version = 9;",

	/* as of people; see there */
	"CREATE TABLE asset_generation ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  in_force INTEGER NOT NULL,"
	"  assets INTEGER NOT NULL,"
	"  at_s INTEGER NOT NULL DEFAULT 0);"
	"CREATE UNIQUE INDEX asset_generation_in_force"
	"  ON asset_generation (in_force) WHERE in_force = 1;"
	/* form, status: numbers of their enums; ids: each the number of its
	 * kind, a blank and its text; a place without a point: NULL */
	"CREATE TABLE asset ("
	"  id INTEGER PRIMARY KEY,"
	"  tag TEXT NOT NULL,"
	"  form INTEGER NOT NULL,"
	"  status INTEGER NOT NULL,"
	"  users TEXT NOT NULL,"
	"  vendor TEXT NOT NULL,"
	"  model TEXT NOT NULL,"
	"  ids TEXT NOT NULL,"
	"  device_key TEXT NOT NULL,"
	"  keys TEXT NOT NULL,"
	"  location TEXT NOT NULL,"
	"  location_latitude REAL,"
	"  location_longitude REAL,"
	"  shipped_to TEXT NOT NULL,"
	"  shipped_latitude REAL,"
	"  shipped_longitude REAL);"
	/* kind: enum store_asset_name; several assets may have one name, and
	 * come by their tags */
	"CREATE TABLE asset_name ("
	"  generation INTEGER NOT NULL,"
	"  kind INTEGER NOT NULL,"
	"  name TEXT NOT NULL,"
	"  tag TEXT NOT NULL,"
	"  asset INTEGER NOT NULL,"
	"  PRIMARY KEY (generation, kind, name, tag)) WITHOUT ROWID;"
	/* one row: as remembered, of assets; see store_asset.c */
	"CREATE TABLE asset_remembered (id INTEGER PRIMARY KEY);"
	"PRAGMA user_version = 10;",

	/* key, asset, ids as in struct store_enrolment; from replaced_s or
	 * revoked_s on it counts no more, and the greatest number is never */
	"CREATE TABLE enrolment ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  key TEXT NOT NULL UNIQUE,"
	"  asset TEXT NOT NULL,"
	"  ids TEXT NOT NULL,"
	"  made_s INTEGER NOT NULL,"
	"  from_s INTEGER NOT NULL,"
	"  by_uid INTEGER NOT NULL,"
	"  by_loginuid INTEGER NOT NULL,"
	"  replaced_s INTEGER NOT NULL,"
	"  revoked_s INTEGER NOT NULL,"
	"  revoked_by_uid INTEGER NOT NULL,"
	"  revoked_by_loginuid INTEGER NOT NULL,"
	"  reason TEXT NOT NULL);"
	"CREATE INDEX enrolment_asset ON enrolment (asset);"
	/* the machines that a key was seen with, see clone.h */
	"CREATE TABLE device_seen ("
	"  key TEXT NOT NULL,"
	"  first_n INTEGER NOT NULL,"
	"  last_n INTEGER NOT NULL,"
	"  ids TEXT NOT NULL,"
	"  first_s INTEGER NOT NULL,"
	"  last_s INTEGER NOT NULL,"
	"  PRIMARY KEY (key, first_n)) WITHOUT ROWID;"
	/* one row: as remembered, of enrolments; see store_enrolment.c */
	"CREATE TABLE enrolment_remembered (id INTEGER PRIMARY KEY);"
	"PRAGMA user_version = 11;",

	/* id: in the order of what was said last; kind: enum store_site_kind;
	 * addr: where that login came from, or empty */
	"CREATE TABLE site ("
	"  id INTEGER PRIMARY KEY,"
	"  kind INTEGER NOT NULL,"
	"  name TEXT NOT NULL,"
	"  person TEXT NOT NULL,"
	"  addr TEXT NOT NULL,"
	"  last_s INTEGER NOT NULL);"
	"CREATE UNIQUE INDEX site_of ON site (kind, name, person);"
	"CREATE INDEX site_person ON site (person, kind);"
	"CREATE INDEX site_last ON site (last_s);"
	"PRAGMA user_version = 12;",

	/* an asset's tag or a key's fingerprint, or empty */
	"ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';"
	"PRAGMA user_version = 13;",

	/* until_s: 0 if it has no end */
	"CREATE TABLE hold ("
	"  name TEXT NOT NULL PRIMARY KEY,"
	"  reason TEXT NOT NULL,"
	"  until_s INTEGER NOT NULL,"
	"  by_uid INTEGER NOT NULL,"
	"  by_loginuid INTEGER NOT NULL,"
	"  at_s INTEGER NOT NULL) WITHOUT ROWID;"
	"PRAGMA user_version = 14;",
};

const int store_sql_version =
    (int)(sizeof(store_sql_steps) / sizeof(store_sql_steps[0]));

/*
 * No mapping: a file that is cut under it would be a SIGBUS. The cache is
 * small, because the kernel keeps the pages as well.
 */
const char store_sql_settings[] = "PRAGMA synchronous = NORMAL;"
				  "PRAGMA mmap_size = 0;"
				  "PRAGMA temp_store = MEMORY;"
				  "PRAGMA cell_size_check = ON;"
				  "PRAGMA secure_delete = OFF;"
				  "PRAGMA cache_size = -1024;"
				  "PRAGMA journal_size_limit = 67108864;";
const char store_sql_synced[] = "PRAGMA synchronous = FULL;";
/* What is deleted is zeros in the file, which is slower, and so not for all;
 * and what is in the log before that. */
const char store_sql_overwrite[] = "PRAGMA secure_delete = ON;";
const char store_sql_leave[] = "PRAGMA secure_delete = OFF;";
const char store_sql_empty_log[] = "PRAGMA wal_checkpoint(TRUNCATE);";
/* A file of its own that is thrown away when an import is over. */
const char store_sql_stage[] = "PRAGMA synchronous = OFF;"
			       "PRAGMA locking_mode = EXCLUSIVE;"
			       "PRAGMA cache_size = -16384;";
/* Can only be chosen while a file is empty. */
const char store_sql_create[] = "PRAGMA auto_vacuum = INCREMENTAL;";
const char store_sql_wal[] = "PRAGMA journal_mode = WAL;";
const char store_sql_check[] = "PRAGMA quick_check(1);";
const char store_sql_pages[] = "PRAGMA page_count;";
const char *const store_sql_checks[] = { "PRAGMA quick_check(generation);",
	"PRAGMA quick_check(person);", "PRAGMA quick_check(person_name);",
	"PRAGMA quick_check(exception);", "PRAGMA quick_check(session);",
	"PRAGMA quick_check(revocation);", "PRAGMA quick_check(remembered);",
	"PRAGMA quick_check(change);", "PRAGMA quick_check(bundle);",
	"PRAGMA quick_check(bundled);", "PRAGMA quick_check(given_back);",
	"PRAGMA quick_check(serial);", "PRAGMA quick_check(totp);",
	"PRAGMA quick_check(recovery);", "PRAGMA quick_check(backoff);",
	"PRAGMA quick_check(proof);", "PRAGMA quick_check(verified);",
	"PRAGMA quick_check(baseline);", "PRAGMA quick_check(learned);",
	"PRAGMA quick_check(support);", "PRAGMA quick_check(asset_generation);",
	"PRAGMA quick_check(asset);", "PRAGMA quick_check(asset_name);",
	"PRAGMA quick_check(asset_remembered);",
	"PRAGMA quick_check(enrolment);", "PRAGMA quick_check(device_seen);",
	"PRAGMA quick_check(enrolment_remembered);",
	"PRAGMA quick_check(hold);", NULL };
const char store_sql_application[] = "PRAGMA application_id;";
const char store_sql_user_version[] = "PRAGMA user_version;";
