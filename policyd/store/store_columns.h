/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The columns of what is read and written as rows, in the order in which the
 * files of the store have them; for store_sql.c alone.
 */
#ifndef FG_STORE_COLUMNS_H
#define FG_STORE_COLUMNS_H

/* In the order of store_row.c. */
#define PERSON                                                             \
	"p.user, p.name, p.kind, p.status, p.accounts, p.countries, "      \
	"p.home, p.latitude, p.longitude, p.radius_km, p.hours, p.spans, " \
	"p.zone, p.in_groups, p.networks, p.keys, p.valid_from_s, "        \
	"p.valid_until_s"
/* In the order of store_exception.c. */
#define EXCEPTION                                                      \
	"id, user, finding, grade, country, from_s, until_s, reason, " \
	"by_uid, by_loginuid, at_s, kind"
/* In the order of store_session.c. */
#define SESSION                                                          \
	"ref, state, person, user, service, kind, origin, "              \
	"origin_source, addr, country, asn, network, key, key_id, pid, " \
	"start, uid, audit_session, cgroup, boot_id, opened_s, "         \
	"opened_boot_s, also, more, policy, observed"
/* In the order of store_history.c. */
#define LOGIN "person, ref, service, addr, country, asn, at_s, boot_id, boot_s"
/* In the order of store_revocation.c; the last column of what is read says
 * whether it came by a bundle, and who did it is not known then. */
#define REVOCATION "user, at_s, reason, by_uid, by_loginuid, made_s"
#define BUNDLED	   "user, at_s, reason, 4294967295, 4294967295, made_s, 1"
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
/* In the order of store_asset_row.c; the last column of what is read is the tag
 * that a name leads to. A name that leads nowhere is a row of NULL. */
#define ASSET_OWN                                                      \
	"a.tag, a.form, a.status, a.users, a.vendor, a.model, a.ids, " \
	"a.device_key, a.keys, a.location, a.location_latitude, "      \
	"a.location_longitude, a.shipped_to, a.shipped_latitude, "     \
	"a.shipped_longitude"

#endif
