/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the databases say of one address. That a record is found does not mean
 * that a field is in it: records without any member occur.
 */
#include <string.h>

#include "policyd/geo/geo_parts.h"
#include "proto/result.h"

#define LATITUDE_MAX   90
#define LONGITUDE_MAX  180
#define RADIUS_MAX_KM  20038 /* half way round the earth */
#define CONFIDENCE_MAX 99

/* What came of asking the databases of some kinds. */
struct asked {
	const struct geo *geo;
	const struct addr *addr;
	bool damaged; /* one of them could not be followed */
};

bool
geo_address(const struct addr *addr, struct addr *ret_addr)
{
	/* No network carries others' private addresses in NAT64 or 6to4. */
	if (addr_embedded(addr, ret_addr) != 0)
		*ret_addr = *addr;
	return addr_classify(ret_addr) == ADDR_PUBLIC;
}

static bool
find_record(struct asked *asked, const struct geo_source *s,
    struct geo_record *ret_record)
{
	int r;

	memset(ret_record, 0, sizeof(*ret_record));
	ret_record->db = s->db;
	ret_record->paths = &s->paths;
	r = geo_db_find(s->db, asked->addr, &ret_record->at);
	asked->damaged = asked->damaged || (r != 0 && r != FG_ERR_NOT_FOUND);
	return r == 0;
}

static bool
get_value(struct asked *asked, struct geo_record *record, enum geo_field field,
    struct geo_value *ret_value)
{
	int r = geo_record_get(record, field, ret_value);

	asked->damaged = asked->damaged || (r != 0 && r != FG_ERR_NOT_FOUND);
	return r == 0;
}

static bool
get_number(struct asked *asked, struct geo_record *record, enum geo_field field,
    double *ret_number)
{
	struct geo_value v;

	*ret_number = 0;
	return get_value(asked, record, field, &v) &&
	    geo_value_number(&v, ret_number);
}

static void
get_text(struct asked *asked, struct geo_record *record, enum geo_field field,
    char *ret_text, size_t size)
{
	struct geo_value v;

	ret_text[0] = '\0';
	if (get_value(asked, record, field, &v))
		(void)geo_value_text(&v, ret_text, size);
}

static bool
get_country(struct asked *asked, struct geo_record *record,
    const struct geo_source *s, struct fact_place *place)
{
	struct geo_value v;

	if (!get_value(asked, record, GEO_FIELD_COUNTRY, &v) ||
	    !geo_value_country(&v, place->country))
		return false;
	place->state = FACT_KNOWN;
	place->source = PLACE_FROM_DATABASE;
	place->index = s->info.index;
	place->build_s = (int64_t)s->info.build_s;
	return true;
}

static void
get_point(struct asked *asked, struct geo_record *record,
    const struct geo_source *s, struct fact_place *place)
{
	double lat, lon, km;

	if (!get_number(asked, record, GEO_FIELD_LATITUDE, &lat) ||
	    !get_number(asked, record, GEO_FIELD_LONGITUDE, &lon) ||
	    !(lat >= -LATITUDE_MAX && lat <= LATITUDE_MAX) ||
	    !(lon >= -LONGITUDE_MAX && lon <= LONGITUDE_MAX))
		return;
	/* In the Gulf of Guinea: what some write where they know nothing. */
	if (lat == 0 && lon == 0)
		return;
	place->has_point = true;
	place->latitude = lat;
	place->longitude = lon;
	place->point_index = s->info.index;
	place->point_build_s = (int64_t)s->info.build_s;
	if (get_number(asked, record, GEO_FIELD_RADIUS, &km) && km > 0 &&
	    km <= RADIUS_MAX_KM)
		place->accuracy_km = km;
	get_text(asked, record, GEO_FIELD_CITY, place->city,
	    sizeof(place->city));
}

static void
ask_countries(struct asked *asked, struct fact_place *place)
{
	const struct geo *geo = asked->geo;
	struct geo_record record;
	size_t i;

	for (i = 0; i < geo->count; i++) {
		if (geo->sources[i].info.kind != CONF_DATABASE_COUNTRY ||
		    !find_record(asked, &geo->sources[i], &record))
			continue;
		if (get_country(asked, &record, &geo->sources[i], place))
			return;
	}
}

static void
ask_cities(struct asked *asked, struct fact_place *place)
{
	const struct geo *geo = asked->geo;
	struct geo_record record;
	size_t i;

	for (i = 0; i < geo->count; i++) {
		if (geo->sources[i].info.kind != CONF_DATABASE_CITY ||
		    !find_record(asked, &geo->sources[i], &record))
			continue;
		if (place->state != FACT_KNOWN)
			(void)get_country(asked, &record, &geo->sources[i],
			    place);
		if (!place->has_point)
			get_point(asked, &record, &geo->sources[i], place);
		if (place->state == FACT_KNOWN && place->has_point)
			return;
	}
}

/* The place of an address that no database has a country for. */
static void
set_missing(const struct asked *asked, struct fact_place *place)
{
	const size_t *wanted = asked->geo->wanted;
	const size_t *opened = asked->geo->opened;
	const enum conf_database_kind country = CONF_DATABASE_COUNTRY;
	const enum conf_database_kind city = CONF_DATABASE_CITY;

	place->state = FACT_ERROR;
	if (wanted[country] + wanted[city] == 0) {
		place->problem = "no country database is configured";
	} else if (opened[country] < wanted[country] ||
	    opened[city] < wanted[city]) {
		place->problem = "a country database could not be opened";
	} else if (asked->damaged) {
		place->problem = "a country database is damaged";
	} else {
		place->state = FACT_UNKNOWN;
		place->problem = "no database has a country for it";
	}
}

void
geo_place(const struct geo *geo, const struct addr *addr,
    struct fact_place *ret_place)
{
	struct asked asked = { .geo = geo, .addr = addr };

	memset(ret_place, 0, sizeof(*ret_place));
	ret_place->accuracy_km = -1;
	ask_countries(&asked, ret_place);
	ask_cities(&asked, ret_place);
	if (ret_place->state != FACT_KNOWN)
		set_missing(&asked, ret_place);
}

/* The state of a fact that no database of its kind has. */
static enum fact_state
state_missing(const struct asked *asked, enum conf_database_kind kind)
{
	if (asked->geo->wanted[kind] == 0)
		return FACT_NONE;
	if (asked->geo->opened[kind] < asked->geo->wanted[kind] ||
	    asked->damaged)
		return FACT_ERROR;
	return FACT_UNKNOWN;
}

void
geo_asn(const struct geo *geo, const struct addr *addr,
    struct fact_asn *ret_asn)
{
	struct asked asked = { .geo = geo, .addr = addr };
	struct geo_record record;
	struct geo_value v;
	size_t i;

	memset(ret_asn, 0, sizeof(*ret_asn));
	for (i = 0; i < geo->count; i++) {
		if (geo->sources[i].info.kind != CONF_DATABASE_ASN ||
		    !find_record(&asked, &geo->sources[i], &record) ||
		    !get_value(&asked, &record, GEO_FIELD_ASN, &v) ||
		    !geo_value_asn(&v, &ret_asn->number))
			continue;
		ret_asn->state = FACT_KNOWN;
		ret_asn->index = geo->sources[i].info.index;
		get_text(&asked, &record, GEO_FIELD_ORG, ret_asn->org,
		    sizeof(ret_asn->org));
		return;
	}
	ret_asn->state = state_missing(&asked, CONF_DATABASE_ASN);
}

static uint32_t
get_flags(struct asked *asked, struct geo_record *record)
{
	static const struct {
		enum geo_field field;
		uint32_t flag;
	} flags[] = {
		{ GEO_FIELD_ANY, FACT_ANON_ANY },
		{ GEO_FIELD_VPN, FACT_ANON_VPN },
		{ GEO_FIELD_PROXY, FACT_ANON_PROXY },
		{ GEO_FIELD_RESIDENTIAL, FACT_ANON_RESIDENTIAL },
		{ GEO_FIELD_TOR, FACT_ANON_TOR },
		{ GEO_FIELD_HOSTING, FACT_ANON_HOSTING },
	};
	struct geo_value v;
	uint32_t got = 0;
	bool set;
	size_t i;

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (get_value(asked, record, flags[i].field, &v) &&
		    geo_value_flag(&v, &set) && set)
			got |= flags[i].flag;
	return got;
}

static void
fill_anonymous(struct asked *asked, const struct geo_source *s,
    struct geo_record *record, struct fact_anonymous *a)
{
	struct geo_value v;
	double number;

	a->state = FACT_KNOWN;
	a->index = s->info.index;
	a->build_s = (int64_t)s->info.build_s;
	a->flags = get_flags(asked, record);
	get_text(asked, record, GEO_FIELD_PROVIDER, a->provider,
	    sizeof(a->provider));
	if (get_number(asked, record, GEO_FIELD_CONFIDENCE, &number) &&
	    number >= 1 && number <= CONFIDENCE_MAX)
		a->confidence = (int)number;
	if (get_value(asked, record, GEO_FIELD_SEEN, &v))
		(void)geo_value_day(&v, &a->seen_s);
}

void
geo_anonymous(const struct geo *geo, const struct addr *addr,
    struct fact_anonymous *ret_anonymous)
{
	struct asked asked = { .geo = geo, .addr = addr };
	struct fact_anonymous next;
	struct geo_record record;
	enum fact_state missing;
	size_t i;

	memset(ret_anonymous, 0, sizeof(*ret_anonymous));
	for (i = 0; i < geo->count && ret_anonymous->flags == 0; i++) {
		if (geo->sources[i].info.kind != CONF_DATABASE_ANONYMOUS ||
		    !find_record(&asked, &geo->sources[i], &record))
			continue;
		memset(&next, 0, sizeof(next));
		fill_anonymous(&asked, &geo->sources[i], &record, &next);
		if (next.flags != 0 || ret_anonymous->state != FACT_KNOWN)
			*ret_anonymous = next;
	}
	/* Nothing found says little where not all could be asked. */
	missing = state_missing(&asked, CONF_DATABASE_ANONYMOUS);
	if (ret_anonymous->flags == 0 &&
	    (ret_anonymous->state != FACT_KNOWN || missing == FACT_ERROR)) {
		memset(ret_anonymous, 0, sizeof(*ret_anonymous));
		ret_anonymous->state = missing;
	}
}
