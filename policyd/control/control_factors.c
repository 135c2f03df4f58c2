/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a person can prove a login with, and what holds them back: for whoever
 * has them on the telephone. Nothing of a seed, a code or a serial number.
 */
#include "policyd/control/control_parts.h"
#include "policyd/store/store_history.h"
#include "proto/result.h"

/* What is not there has no member; what could not be read is null. */
static bool
is_there(struct json *json, const char *key, int r)
{
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		json_set_null(json, key);
	return r == 0;
}

static void
add_totp(struct json *json, struct store *store, const char *person)
{
	struct store_totp t;
	struct json *o;
	size_t codes;

	if (!is_there(json, "totp", store_totp_get(store, person, true, &t)))
		return;
	o = json_set_object(json, "totp");
	control_totp_set(o, &t);
	if (t.last_step >= 0)
		json_set_int(o, "used", t.last_step * TOTP_STEP_S);
	if (store_recovery_count(store, person, &codes) == 0)
		json_set_int(o, "recovery", (int64_t)codes);
}

static void
add_verification(struct json *json, struct store *store, const char *person)
{
	struct store_verified v;
	struct json *o;

	if (!is_there(json, "verification",
		store_verified_get(store, person, &v)))
		return;
	o = json_set_object(json, "verification");
	json_set_untrusted(o, "asset", v.asset);
	json_set_bool(o, "serial", v.hash[0] != '\0');
	json_set_string(o, "state",
	    daemon_wall_s() < v.until_s ? "verified" : "expired");
	json_set_int(o, "until", v.until_s);
}

/* Wrong answers, and until when none counts, if it is so. */
static void
add_backoff(struct json *json, struct store *store,
    enum store_backoff_kind kind, const char *name)
{
	const char *key = kind == STORE_BACKOFF_PERSON ? "person" : "source";
	struct store_backoff b;
	struct json *o;

	if (!is_there(json, key, store_backoff_get(store, kind, name, &b)))
		return;
	o = json_set_object(json, key);
	json_set_untrusted(o, "name", name);
	json_set_int(o, "failures", b.failures);
	if (b.until_s > daemon_wall_s())
		json_set_int(o, "until", b.until_s);
}

/* Without a store none is known, and the member is not there. */
void
control_factors_add(struct json *json, struct store *store,
    const struct facts *facts)
{
	const char *person = fact_who(facts);
	char source[ADDR_TEXT_SIZE];
	struct json *o, *wrong;

	if (store == NULL)
		return;
	o = json_set_object(json, "factors");
	add_totp(o, store, person);
	add_verification(o, store, person);
	wrong = json_set_object(o, "wrong");
	add_backoff(wrong, store, STORE_BACKOFF_PERSON, person);
	if (facts->origin.kind != ORIGIN_ADDRESS)
		return;
	store_source_text(&facts->origin.addr, source);
	add_backoff(wrong, store, STORE_BACKOFF_SOURCE, source);
}
