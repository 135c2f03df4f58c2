/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.place: where assets were sent, are kept and are seen. Facts are made
 * by hand.
 */
#include "policyd/decide/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/devices.h"

/* Stockholm is 416 km from Oslo. */
static void
put_in_stockholm(struct asset_place *place)
{
	(void)snprintf(place->text, sizeof(place->text), "Stockholm, SE");
	place->has_point = true;
	place->latitude = 59.3293;
	place->longitude = 18.0686;
}

static void
an_asset_far_from_home_is_found(void **state)
{
	struct facts f;

	(void)state;
	set_device(&f);
	put_in_stockholm(&f.device.asset.shipped_to);
	assert_text(&f, issued,
	    "LT-1 was sent to Stockholm, SE, 416 km from the person's home");
	put_in_stockholm(&f.device.asset.location);
	assert_text(&f, issued,
	    "LT-1 is kept at Stockholm, SE, 416 km from the person's home");
	f.person.person.radius_km = 500;
	assert_found(&f, issued, "none");
	f.person.person.radius_km = 0;
	f.person.person.has_point = false;
	assert_found(&f, issued, "none");
	f.person.person.has_point = true;
	f.device.asset.location.has_point = false;
	f.device.asset.shipped_to.has_point = false;
	assert_found(&f, issued, "none");
}

static void
an_address_of_many_peoples_assets_is_found(void **state)
{
	struct facts f;

	(void)state;
	set_device(&f);
	f.device.asset.shipped_people = 2;
	assert_found(&f, "asset = LT-1\nshared_people = 3\npolicy all { }",
	    "none");
	f.device.asset.shipped_people = 3;
	assert_text(&f, "asset = LT-1\nshared_people = 3\npolicy all { }",
	    "assets of 3 other people were sent where LT-1 was");
}

static void
a_bound_laptop_is_expected_where_the_login_comes_from(void **state)
{
	struct facts f;

	(void)state;
	set_bound(&f);
	f.person.person.has_point = false;
	put_in_stockholm(&f.bound.asset.location);
	f.place.has_point = true;
	f.place.latitude = 59.9139;
	f.place.longitude = 10.7522;
	f.place.accuracy_km = 20;
	assert_text(&f, plain,
	    "LT-1 is used 416 km from Stockholm, SE, where it is expected");
	f.place.accuracy_km = 250;
	assert_found(&f, plain, "none");
	f.place.accuracy_km = 20;
	f.place.has_point = false;
	assert_found(&f, plain, "none");
}

/* Home is Oslo, and the login comes from Stockholm. */
static void
come_from_stockholm(struct facts *f)
{
	f->place.state = FACT_KNOWN;
	f->place.has_point = true;
	f->place.latitude = 59.3293;
	f->place.longitude = 18.0686;
	f->place.accuracy_km = 20;
}

static void
assert_seen_far_from_home(struct facts *f, struct fact_asset *asset)
{
	assert_text(f, plain, "LT-1 is used 416 km from the person's home");
	f->place.accuracy_km = 216;
	assert_found(f, plain, "device.place");
	f->place.accuracy_km = 217;
	assert_found(f, plain, "none");
	f->place.accuracy_km = 20;
	f->person.person.radius_km = 400;
	assert_found(f, plain, "none");
	f->person.person.radius_km = 0;
	f->place.country_only = true;
	assert_found(f, plain, "none");
	f->place.country_only = false;
	f->person.person.has_point = false;
	assert_found(f, plain, "none");
	f->person.person.has_point = true;
	/* whose home it is, is known of the person's own alone */
	asset->standing = ASSET_STANDING_NONE;
	assert_found(f, plain, "none");
	asset->standing = ASSET_OWN;
	/* where it is expected, it may be */
	put_in_stockholm(&asset->location);
	assert_text(f, plain,
	    "LT-1 is kept at Stockholm, SE, 416 km from the person's home");
	memset(&asset->location, 0, sizeof(asset->location));
}

static void
a_laptop_without_a_place_is_expected_at_home(void **state)
{
	struct facts f;

	(void)state;
	set_bound(&f);
	f.bound.assets = f.bound.with_keys = 0;
	come_from_stockholm(&f);
	assert_seen_far_from_home(&f, &f.bound.asset);
	set_device(&f);
	f.device.state = FACT_NONE;
	come_from_stockholm(&f);
	f.proof.attested.state = FACT_KNOWN;
	set_asset(&f.proof.attested.asset, "LT-1", ASSET_OWN);
	assert_seen_far_from_home(&f, &f.proof.attested.asset);
	/* this machine is where it is, whoever comes to it */
	f.proof.attested.state = FACT_NONE;
	f.device.state = FACT_KNOWN;
	assert_found(&f, issued, "none");
}

/* Which it is, a laptop knows better than its key. */
static void
a_laptop_that_has_signed_is_expected_where_it_is_issued(void **state)
{
	struct fact_asset *asset;
	struct facts f;

	(void)state;
	set_bound(&f);
	put_in_stockholm(&f.bound.asset.location);
	f.proof.attested.state = FACT_KNOWN;
	asset = &f.proof.attested.asset;
	set_asset(asset, "LT-2", ASSET_OWN);
	assert_found(&f, plain, "none");
	put_in_stockholm(&asset->shipped_to);
	assert_text(&f, plain,
	    "LT-2 was sent to Stockholm, SE, 416 km from the person's home");
	memset(&asset->shipped_to, 0, sizeof(asset->shipped_to));
	f.person.person.has_point = false;
	put_in_stockholm(&asset->location);
	come_from_stockholm(&f);
	assert_found(&f, plain, "none");
	f.place.latitude = 59.9139;
	f.place.longitude = 10.7522;
	assert_text(&f, plain,
	    "LT-2 is used 416 km from Stockholm, SE, where it is expected");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_asset_far_from_home_is_found),
		cmocka_unit_test(an_address_of_many_peoples_assets_is_found),
		cmocka_unit_test(
		    a_bound_laptop_is_expected_where_the_login_comes_from),
		cmocka_unit_test(a_laptop_without_a_place_is_expected_at_home),
		cmocka_unit_test(
		    a_laptop_that_has_signed_is_expected_where_it_is_issued),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
