/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what is known of a login to the members of its record: where it comes
 * from, and whose it is.
 */
#include "policyd/audit/record_parts.h"

#include <string.h>

#include "policyd/text.h"

void
record_set_given(struct json *json, const char *key, const char *value)
{
	if (value[0] != '\0')
		json_set_untrusted(json, key, value);
}

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
	record_set_given(o, "rhost", facts->login.rhost);
	record_set_given(o, "inherited", origin->inherited);
	if (origin->problem == NULL)
		return;
	json_set_string(o, "problem", origin->problem);
	record_set_given(o, "ssh_connection", facts->login.ssh_connection);
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
	record_set_given(o, "country", place->country);
	record_set_given(o, "city", place->city);
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
add_asn(struct json *json, const struct fact_asn *asn, const struct conf *conf)
{
	struct json *o, *lists;

	if (asn->state == FACT_NONE)
		return;
	o = json_set_object(json, "asn");
	json_set_string(o, "state", fact_state_name(asn->state));
	if (asn->state != FACT_KNOWN)
		return;
	json_set_int(o, "number", asn->number);
	record_set_given(o, "org", asn->org);
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
	record_set_given(o, "provider", anonymous->provider);
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
	if (person->state != FACT_KNOWN)
		return;
	json_set_untrusted(o, "user", person->person.user);
	json_set_string(o, "kind", person_kind_name(person->person.kind));
}

void
record_add_facts(struct json *json, const struct facts *facts,
    const struct conf *conf)
{
	add_origin(json, facts);
	add_place(json, &facts->place, conf);
	add_asn(json, &facts->asn, conf);
	add_anonymous(json, &facts->anonymous);
	add_networks(json, &facts->networks, conf);
	record_add_person(json, &facts->person);
}
