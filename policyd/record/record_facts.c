/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what is known of a login to the members of its record: where it comes
 * from, whose it is, and what sessions, earlier logins and other people have
 * to do with it. What is null could not be found out.
 */
#include "policyd/record/record_parts.h"

#include "policyd/text.h"

static void
add_origin(struct json *json, const struct facts *facts)
{
	const struct fact_origin *origin = &facts->origin;
	struct json *o = json_set_object(json, "origin");
	char text[ADDR_TEXT_SIZE];

	json_set_string(o, "kind", origin_kind_name(origin->kind));
	json_set_string(o, "source", origin_source_name(origin->source));
	if (origin->kind == ORIGIN_ADDRESS) {
		json_set_string(o, "address", addr_text(&origin->addr, text));
		json_set_string(o, "class", addr_class_name(origin->cls));
	}
	json_set_given(o, "rhost", facts->login.rhost);
	json_set_given(o, "inherited", origin->inherited);
	if (origin->problem == NULL)
		return;
	json_set_string(o, "problem", origin->problem);
	json_set_given(o, "ssh_connection", facts->login.ssh_connection);
}

/* To a tenth of a degree: which town, and not which street. */
static void
add_point(struct json *json, const struct fact_place *place)
{
	char near[32];

	if (place->country_only)
		json_set_bool(json, "country_only", true);
	if (!place->has_point)
		return;
	(void)text_format(near, sizeof(near), "%.1f,%.1f", place->latitude,
	    place->longitude);
	json_set_string(json, "near", near);
	if (place->accuracy_km >= 0 && place->accuracy_km < 20038)
		json_set_int(json, "accuracy_km", (int64_t)place->accuracy_km);
}

static void
add_place(struct json *json, const struct fact_place *place,
    const struct conf *conf)
{
	struct json *o = json_set_object(json, "place");

	json_set_string(o, "state", fact_state_name(place->state));
	if (place->source != PLACE_FROM_NOTHING)
		json_set_string(o, "source", place_source_name(place->source));
	json_set_given(o, "country", place->country);
	json_set_given(o, "city", place->city);
	add_point(o, place);
	if (place->source == PLACE_FROM_NETWORK &&
	    place->index < conf->nnetworks)
		json_set_string(o, "network",
		    conf->networks[place->index].name);
	if (place->source == PLACE_FROM_DATABASE &&
	    place->index < conf->ndatabases)
		json_set_untrusted(o, "database",
		    conf->databases[place->index].path);
	if (place->problem != NULL)
		json_set_string(o, "problem", place->problem);
}

static void
add_networks(struct json *json, const struct fact_networks *networks,
    const struct conf *conf)
{
	struct json *list = json_set_array(json, "networks");

	for (size_t i = 0; i < networks->count; i++)
		if (networks->index[i] < conf->nnetworks)
			json_add_string(list,
			    conf->networks[networks->index[i]].name);
}

/* Both are left out where there is no database for them. */
static void
add_asn(struct json *json, const struct facts *facts, const struct conf *conf)
{
	const struct fact_history *history = &facts->history;
	const struct fact_asn *asn = &facts->asn;
	struct json *o, *lists;

	if (asn->state == FACT_NONE)
		return;
	o = json_set_object(json, "asn");
	json_set_string(o, "state", fact_state_name(asn->state));
	if (asn->state != FACT_KNOWN)
		return;
	json_set_int(o, "number", asn->number);
	json_set_given(o, "org", asn->org);
	if (history->asn_state == FACT_KNOWN)
		json_set_int(o, "days", history->asn_days);
	else if (history->asn_state == FACT_ERROR)
		json_set_null(o, "days");
	if (asn->nlists == 0)
		return;
	lists = json_set_array(o, "lists");
	for (size_t i = 0; i < asn->nlists; i++)
		if (asn->list[i] < conf->nasns)
			json_add_string(lists, conf->asns[asn->list[i]].name);
}

static void
add_anonymous(struct json *json, const struct fact_anonymous *anonymous)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} names[] = { { FACT_ANON_VPN, "vpn" }, { FACT_ANON_PROXY, "proxy" },
		{ FACT_ANON_RESIDENTIAL, "residential" },
		{ FACT_ANON_TOR, "tor" }, { FACT_ANON_HOSTING, "hosting" },
		{ FACT_ANON_ANY, "any" } };
	struct json *o, *is;

	if (anonymous->state == FACT_NONE)
		return;
	o = json_set_object(json, "anonymous");
	json_set_string(o, "state", fact_state_name(anonymous->state));
	if (anonymous->flags == 0)
		return;
	is = json_set_array(o, "is");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((anonymous->flags & names[i].flag) != 0)
			json_add_string(is, names[i].name);
	json_set_given(o, "provider", anonymous->provider);
	if (anonymous->confidence > 0)
		json_set_int(o, "confidence", anonymous->confidence);
	if (anonymous->seen_s > 0)
		json_set_int(o, "seen_at", anonymous->seen_s);
}

/* Whose account it is. Nothing of what the inventory says of them. */
void
record_add_person(struct json *json, const struct fact_person *person)
{
	struct json *o;

	if (person->state == FACT_NONE)
		return;
	o = json_set_object(json, "person");
	json_set_string(o, "state", fact_state_name(person->state));
	if (person->shared)
		json_set_bool(o, "shared", true);
	if (person->nobody)
		json_set_bool(o, "nobody", true);
	if (person->state != FACT_KNOWN)
		return;
	json_set_untrusted(o, "user", person->person.user);
	json_set_string(o, "kind", person_kind_name(person->person.kind));
}

/* A new object for what is known; NULL if there is nothing to say in it. */
static struct json *
set_known(struct json *json, const char *key, enum fact_state state)
{
	if (state == FACT_ERROR)
		json_set_null(json, key);
	return state == FACT_KNOWN ? json_set_object(json, key) : NULL;
}

static void
add_revocation(struct json *json, const struct fact_revocation *revocation)
{
	struct json *o = set_known(json, "revocation", revocation->state);

	if (o == NULL)
		return;
	json_set_int(o, "at", revocation->at_s);
	json_set_given(o, "reason", revocation->reason);
}

static void
add_bundle(struct json *json, const struct fact_bundle *bundle)
{
	struct json *o = set_known(json, "bundle", bundle->state);

	if (o == NULL)
		return;
	json_set_int(o, "serial", (int64_t)bundle->serial);
	json_set_int(o, "made", bundle->made_s);
	if (bundle->stale)
		json_set_bool(o, "stale", true);
}

static void
add_other(struct json *list, const struct fact_other *other)
{
	struct json *o = json_add_object(list);
	char text[ADDR_TEXT_SIZE];

	json_set_untrusted(o, "ref", other->ref);
	json_set_untrusted(o, "service", other->service);
	if (other->origin.kind == ORIGIN_ADDRESS)
		json_set_string(o, "address",
		    addr_text(&other->origin.addr, text));
	else
		json_set_string(o, "kind",
		    origin_kind_name(other->origin.kind));
	json_set_given(o, "country", other->where.country);
	if (other->where.asn != 0)
		json_set_int(o, "asn", other->where.asn);
	json_set_given(o, "network", other->where.network);
	json_set_given(o, "device", other->device);
	json_set_int(o, "since", other->since_s);
	if (other->reserved)
		json_set_bool(o, "reserved", true);
}

static void
add_sessions(struct json *json, const struct fact_sessions *sessions)
{
	struct json *o = set_known(json, "sessions", sessions->state), *list;

	if (o == NULL)
		return;
	json_set_int(o, "others", (int64_t)sessions->count);
	if (sessions->nlisted == 0)
		return;
	list = json_set_array(o, "places");
	for (size_t i = 0; i < sessions->nlisted; i++)
		add_other(list, &sessions->list[i]);
	if (sessions->overflow)
		json_set_bool(o, "more", true);
}

static void
add_last(struct json *json, const struct fact_last *last)
{
	struct json *o = set_known(json, "last", last->state);
	char text[ADDR_TEXT_SIZE];

	if (o == NULL)
		return;
	json_set_untrusted(o, "ref", last->ref);
	json_set_int(o, "at", last->at_s);
	if (last->ago_known)
		json_set_int(o, "ago_s", last->ago_s);
	json_set_string(o, "address", addr_text(&last->origin.addr, text));
	json_set_given(o, "country", last->place.country);
	json_set_given(o, "city", last->place.city);
	add_point(o, &last->place);
	if (last->asn.state == FACT_KNOWN)
		json_set_int(o, "asn", last->asn.number);
}

/* Nobody else is what nearly everybody has: it is not written. */
static void
add_sharers(struct json *json, const struct fact_history *history)
{
	struct json *list;

	if (history->sharers_state == FACT_ERROR)
		json_set_null(json, "sharers");
	if (history->sharers_state != FACT_KNOWN || history->nsharers == 0)
		return;
	list = json_set_array(json, "sharers");
	for (size_t i = 0; i < history->nsharers; i++)
		json_set_untrusted(json_add_object(list), "user",
		    history->sharer[i]);
}

static void
add_parts(struct json *json, const char *key, uint32_t bits)
{
	struct json *list;

	if (bits == 0)
		return;
	list = json_set_array(json, key);
	for (unsigned int i = 0; i < PICTURE_PARTS; i++)
		if ((bits & 1u << i) != 0)
			json_add_string(list, picture_part_name(i));
}

/* The look that it was decided by. What was seen is in the findings. */
static void
add_remote(struct json *json, const struct fact_remote *remote)
{
	struct json *o = set_known(json, "remote", remote->state);

	if (o == NULL)
		return;
	json_set_int(o, "age_ms", remote->age_ms);
	json_set_int(o, "signs", (int64_t)remote->count);
	if (remote->overflow)
		json_set_bool(o, "more", true);
	add_parts(o, "failed", remote->failed);
	add_parts(o, "cut", remote->cut);
	if (remote->tie == REMOTE_TIE_NONE)
		return;
	json_set_string(o, "tie", remote_tie_name(remote->tie));
	json_set_untrusted(o, "by", remote->by.sign.what);
}

void
record_add_facts(struct json *json, const struct facts *facts,
    const struct conf *conf)
{
	add_origin(json, facts);
	add_place(json, &facts->place, conf);
	add_asn(json, facts, conf);
	add_anonymous(json, &facts->anonymous);
	add_networks(json, &facts->networks, conf);
	record_add_person(json, &facts->person);
	add_revocation(json, &facts->revocation);
	add_bundle(json, &facts->bundle);
	record_add_device(json, facts);
	add_remote(json, &facts->remote);
	add_sessions(json, &facts->sessions);
	add_last(json, &facts->history.last);
	add_sharers(json, &facts->history);
}
