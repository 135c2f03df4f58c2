/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.place: the asset was sent, or is kept, far from the person's home; it
 * is used far from where it should be, which is their home if the inventory
 * does not say; or many people's were sent to one address. Far is further than
 * the person's radius, or than what is assumed for those who have none.
 */
#include "policyd/check/check.h"
#include "policyd/device/home.h"
#include "policyd/geo/distance.h"

/* Whether that is far from the home of whom it was issued to; it may be off by
 * doubt_km. */
static bool
is_far(const struct facts *facts, const struct fact_asset *asset,
    const struct asset_place *place, double doubt_km, double *ret_km)
{
	return facts->person.state == FACT_KNOWN &&
	    asset->standing == ASSET_OWN &&
	    home_is_far(&facts->person.person, place, doubt_km, ret_km);
}

/*
 * Where the login comes from is where a laptop is that has the key: where that
 * is expected, or else where the person is at home.
 */
static void
check_seen(const struct facts *facts, const struct conf *conf,
    const struct fact_asset *asset, struct finding_list *findings)
{
	const struct fact_place *place = &facts->place;
	const struct asset_place seen = { .has_point = check_has_point(place),
		.latitude = place->latitude,
		.longitude = place->longitude };
	double doubt_km, km;

	if (!seen.has_point || !check_geography_counts(facts, conf))
		return;
	doubt_km = check_doubt_km(place, conf);
	if (!asset->location.has_point) {
		if (is_far(facts, asset, &seen, doubt_km, &km))
			finding_add(findings, FINDING_DEVICE_PLACE, "",
			    "%s is used %.0f km from the person's home",
			    asset->tag, km);
		return;
	}
	km = geo_distance_km(asset->location.latitude,
	    asset->location.longitude, place->latitude, place->longitude);
	if (km <= home_reach_km(&facts->person.person) + doubt_km)
		return;
	finding_add(findings, FINDING_DEVICE_PLACE, "",
	    "%s is used %.0f km from %s, where it is expected", asset->tag, km,
	    asset->location.text);
}

/* The first reason is one enough. */
static void
check_asset(const struct facts *facts, const struct conf *conf,
    const struct fact_asset *asset, struct finding_list *findings)
{
	double km;

	if (is_far(facts, asset, &asset->location, 0, &km))
		finding_add(findings, FINDING_DEVICE_PLACE, "",
		    "%s is kept at %s, %.0f km from the person's home",
		    asset->tag, asset->location.text, km);
	else if (is_far(facts, asset, &asset->shipped_to, 0, &km))
		finding_add(findings, FINDING_DEVICE_PLACE, "",
		    "%s was sent to %s, %.0f km from the person's home",
		    asset->tag, asset->shipped_to.text, km);
	else if (asset->shipped_people >= conf->shared_people)
		finding_add(findings, FINDING_DEVICE_PLACE, "",
		    "assets of %zu other people were sent where %s was",
		    asset->shipped_people, asset->tag);
}

static void
check_remote(const struct facts *facts, const struct conf *conf,
    const struct fact_asset *asset, struct finding_list *findings)
{
	check_asset(facts, conf, asset, findings);
	check_seen(facts, conf, asset, findings);
}

void
check_device_place(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)policy; /* the inventory is one for all */
	if (facts->device.state == FACT_KNOWN)
		check_asset(facts, conf, &facts->device.asset, findings);
	if (facts->proof.attested.state == FACT_KNOWN)
		check_remote(facts, conf, &facts->proof.attested.asset,
		    findings);
	else if (facts->bound.state == FACT_KNOWN)
		check_remote(facts, conf, &facts->bound.asset, findings);
}
