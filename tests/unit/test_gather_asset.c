/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which asset this machine is, and to which the SSH key is bound: whose they
 * are for whom, and what an error means. The store is a fake.
 */
#include "policyd/gather/gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/store/store_asset.h"
#include "proto/result.h"

#define ASSETS (FACT_BOUND_MAX + 2u)

struct store {
	bool none, lost; /* says the outline */
	int fail_outline;
	int fail_tag, fail_hwid, fail_key, fail_user, fail_shipped;
	size_t n;
	struct asset asset[ASSETS];
	size_t shipped;
};

static struct store store;
static struct facts facts;
static struct identity identity;
static struct conf conf;
static char own_tag[] = "LT-1";

int
store_outline(struct store *s, struct store_outline *ret_outline)
{
	memset(ret_outline, 0, sizeof(*ret_outline));
	ret_outline->assets = !s->none;
	ret_outline->assets_lost = s->lost;
	return s->fail_outline;
}

int
store_asset_by_tag(struct store *s, const char *tag, struct asset *ret_asset)
{
	memset(ret_asset, 0, sizeof(*ret_asset));
	if (s->fail_tag != 0)
		return s->fail_tag;
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->asset[i].tag, tag) == 0) {
			*ret_asset = s->asset[i];
			return 0;
		}
	return FG_ERR_NOT_FOUND;
}

int
store_assets_of_hwid(struct store *s, const struct hwid *hwid,
    store_asset_fn fn, void *arg)
{
	if (s->fail_hwid != 0)
		return s->fail_hwid;
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->asset[i].ids.n; k++)
			if (memcmp(&s->asset[i].ids.list[k], hwid,
				sizeof(*hwid)) == 0 &&
			    fn(&s->asset[i], arg) != 0)
				return 0;
	return 0;
}

int
store_assets_of_key(struct store *s, const char *key, store_asset_fn fn,
    void *arg)
{
	assert_string_not_equal(key, "");
	if (s->fail_key != 0)
		return s->fail_key;
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->asset[i].nkeys; k++)
			if (strcmp(s->asset[i].key[k], key) == 0 &&
			    fn(&s->asset[i], arg) != 0)
				return 0;
	return 0;
}

int
store_assets_of_user(struct store *s, const char *user, store_asset_fn fn,
    void *arg)
{
	if (s->fail_user != 0)
		return s->fail_user;
	for (size_t i = 0; i < s->n; i++)
		if (asset_has_user(&s->asset[i], user) &&
		    fn(&s->asset[i], arg) != 0)
			return 0;
	return 0;
}

int
store_assets_shipped_beside(struct store *s, const char *place,
    const char *user, size_t *ret_people)
{
	assert_string_equal(place, "Oslo, NO");
	assert_string_equal(user, "alice");
	*ret_people = s->shipped;
	return s->fail_shipped;
}

static struct asset *
add_asset(const char *tag, const char *user, const char *serial,
    const char *key)
{
	struct asset *a = &store.asset[store.n++];
	const char *why;

	asset_init(a);
	assert_int_equal(asset_set(a, "asset_tag", tag, &why), 0);
	assert_int_equal(asset_set(a, "user", user, &why), 0);
	assert_int_equal(asset_set(a, "serial", serial, &why), 0);
	assert_int_equal(asset_set(a, "ssh_keys", key, &why), 0);
	return a;
}

/* alice, by ssh, on LT-1, which is hers; the session opens. */
static void
set_up_login(void)
{
	struct hwid hwid;
	const char *why;

	memset(&store, 0, sizeof(store));
	memset(&facts, 0, sizeof(facts));
	memset(&identity, 0, sizeof(identity));
	memset(&conf, 0, sizeof(conf));
	conf.machine.asset = own_tag;
	facts.kind = SERVICE_REMOTE;
	facts.login.phase = FG_PHASE_SESSION;
	(void)snprintf(facts.login.ssh_connection,
	    sizeof(facts.login.ssh_connection), "192.0.2.1 1 192.0.2.2 22");
	facts.person.state = FACT_KNOWN;
	person_init(&facts.person.person);
	facts.person.person.kind = PERSON_KIND_PERSON;
	(void)snprintf(facts.person.person.user,
	    sizeof(facts.person.person.user), "alice");
	assert_int_equal(hwid_make(HWID_SERIAL, "PF1ABCDE", &hwid, &why), 0);
	assert_int_equal(hwids_add(&identity.ids, &hwid), 0);
	hwids_digest(&identity.ids, &identity.digests);
	(void)add_asset("LT-1", "alice", "PF1ABCDE", "key-1");
}

static void
use_key(const char *id)
{
	struct ssh_keys *keys = &facts.login.keys;

	facts.login.key_state = FACT_KNOWN;
	(void)snprintf(keys->list[keys->n].fingerprint,
	    sizeof(keys->list[0].fingerprint), "SHA256:%zu", keys->n);
	(void)snprintf(keys->list[keys->n++].id, sizeof(keys->list[0].id), "%s",
	    id);
}

static void
gather(void)
{
	gather_device(&conf, &store, &identity, &facts);
	gather_bound(&store, &facts);
}

static void
this_machine_is_the_asset_of_its_tag(void **state)
{
	(void)state;
	set_up_login();
	gather();
	assert_int_equal(facts.device.state, FACT_KNOWN);
	assert_string_equal(facts.device.asset.tag, "LT-1");
	assert_int_equal(facts.device.asset.standing, ASSET_OWN);
	assert_int_equal(facts.device.compared.standing[HWID_SERIAL],
	    COMPARE_AGREE);
	assert_string_equal(facts.device.twin, "");
}

static void
without_a_tag_or_an_inventory_there_is_no_fact(void **state)
{
	(void)state;
	set_up_login();
	conf.machine.asset = NULL;
	gather();
	assert_int_equal(facts.device.state, FACT_NONE);
	set_up_login();
	store.none = true;
	gather();
	assert_int_equal(facts.device.state, FACT_NONE);
	assert_int_equal(facts.bound.state, FACT_NONE);
	gather_device(&conf, NULL, &identity, &facts);
	gather_bound(NULL, &facts);
	assert_int_equal(facts.device.state, FACT_NONE);
	assert_int_equal(facts.bound.state, FACT_NONE);
	set_up_login();
	facts.kind = SERVICE_EXEMPT;
	gather();
	assert_int_equal(facts.device.state, FACT_NONE);
}

static void
a_tag_that_is_in_no_inventory_is_unknown(void **state)
{
	(void)state;
	set_up_login();
	(void)snprintf(store.asset[0].tag, sizeof(store.asset[0].tag), "LT-7");
	gather();
	assert_int_equal(facts.device.state, FACT_UNKNOWN);
	assert_string_equal(facts.device.asset.tag, "LT-1");
}

static void
an_error_is_no_absence(void **state)
{
	int *const fails[] = { &store.fail_outline, &store.fail_tag,
		&store.fail_hwid };

	(void)state;
	for (size_t i = 0; i < sizeof(fails) / sizeof(fails[0]); i++) {
		set_up_login();
		*fails[i] = FG_ERR_BUSY;
		gather();
		assert_int_equal(facts.device.state, FACT_ERROR);
		assert_int_equal(facts.device.asset.standing,
		    ASSET_STANDING_NONE);
	}
	set_up_login();
	(void)snprintf(store.asset[0].shipped_to.text,
	    sizeof(store.asset[0].shipped_to.text), "Oslo, NO");
	store.fail_shipped = FG_ERR_SYSTEM;
	gather();
	assert_int_equal(facts.device.state, FACT_ERROR);
}

static void
an_inventory_that_was_lost_is_no_absence(void **state)
{
	(void)state;
	set_up_login();
	store.none = store.lost = true;
	gather();
	assert_int_equal(facts.device.state, FACT_ERROR);
	assert_int_equal(facts.bound.state, FACT_ERROR);
	/* what an older copy has may not be so any more */
	store.none = false;
	use_key("key-1");
	gather();
	assert_int_equal(facts.device.state, FACT_ERROR);
	assert_int_equal(facts.bound.state, FACT_ERROR);
}

static void
hardware_of_another_asset_is_named(void **state)
{
	(void)state;
	set_up_login();
	(void)snprintf(store.asset[0].ids.list[0].text,
	    sizeof(store.asset[0].ids.list[0].text), "PF2OTHER");
	(void)add_asset("LT-2", "bob", "PF1ABCDE", "");
	gather();
	assert_int_equal(facts.device.compared.standing[HWID_SERIAL],
	    COMPARE_DIFFER);
	assert_string_equal(facts.device.twin, "LT-2");
}

static void
whose_it_is_is_told_of_people_alone(void **state)
{
	struct person *p = &facts.person.person;

	(void)state;
	set_up_login();
	(void)snprintf(p->user, sizeof(p->user), "carol");
	gather();
	assert_int_equal(facts.device.asset.standing, ASSET_OTHERS);
	assert_string_equal(facts.device.asset.user, "alice");
	p->kind = PERSON_KIND_VENDOR;
	gather();
	assert_int_equal(facts.device.asset.standing, ASSET_OTHERS);
	p->kind = PERSON_KIND_SERVICE;
	gather();
	assert_int_equal(facts.device.asset.standing, ASSET_STANDING_NONE);
	p->kind = PERSON_KIND_PERSON;
	facts.person.nobody = true;
	gather();
	assert_int_equal(facts.device.asset.standing, ASSET_STANDING_NONE);
	facts.person.nobody = false;
	facts.person.state = FACT_UNKNOWN;
	gather();
	assert_int_equal(facts.device.asset.standing, ASSET_STANDING_NONE);
}

/* Else nobody could get a laptop ready, or wipe one that was found again. */
static void
what_is_not_issued_is_nobodys_for_people(void **state)
{
	static const enum asset_status stati[] = { ASSET_STOCK, ASSET_LOST,
		ASSET_RETIRED };

	(void)state;
	for (size_t i = 0; i < sizeof(stati) / sizeof(stati[0]); i++) {
		set_up_login();
		store.asset[0].status = stati[i];
		use_key("key-1");
		gather();
		assert_int_equal(facts.device.asset.standing, ASSET_NOBODYS);
		assert_int_equal(facts.device.asset.status, stati[i]);
		facts.person.person.kind = PERSON_KIND_SERVICE;
		gather();
		assert_int_equal(facts.device.asset.standing,
		    ASSET_STANDING_NONE);
		facts.person.state = FACT_UNKNOWN;
		gather();
		assert_int_equal(facts.device.asset.standing,
		    ASSET_STANDING_NONE);
		/* whatever account it leads to */
		assert_int_equal(facts.bound.asset.standing, ASSET_NOBODYS);
	}
}

static void
an_asset_of_no_one_makes_no_rule(void **state)
{
	(void)state;
	set_up_login();
	store.asset[0].nusers = 0;
	gather();
	assert_int_equal(facts.device.asset.standing, ASSET_STANDING_NONE);
}

static void
who_else_gets_parcels_there_is_counted(void **state)
{
	(void)state;
	set_up_login();
	(void)snprintf(store.asset[0].shipped_to.text,
	    sizeof(store.asset[0].shipped_to.text), "Oslo, NO");
	store.shipped = 4;
	gather();
	assert_int_equal(facts.device.asset.shipped_people, 4);
}

static void
a_bound_key_names_its_asset(void **state)
{
	(void)state;
	set_up_login();
	use_key("key-1");
	gather();
	assert_int_equal(facts.bound.state, FACT_KNOWN);
	assert_string_equal(facts.bound.asset.tag, "LT-1");
	assert_int_equal(facts.bound.asset.standing, ASSET_OWN);
	assert_int_equal(facts.bound.assets, 1);
	assert_int_equal(facts.bound.with_keys, 1);
	assert_string_equal(facts.bound.key, "SHA256:0");
}

static void
a_certificate_may_be_bound_by_a_principal(void **state)
{
	(void)state;
	set_up_login();
	(void)snprintf(store.asset[0].key[0], sizeof(store.asset[0].key[0]),
	    "principal:alice-laptop");
	use_key("");
	gather();
	assert_int_equal(facts.bound.state, FACT_UNKNOWN);
	facts.login.keys.list[0].nprincipals = 2;
	(void)snprintf(facts.login.keys.list[0].principal[0],
	    sizeof(facts.login.keys.list[0].principal[0]), "alice");
	(void)snprintf(facts.login.keys.list[0].principal[1],
	    sizeof(facts.login.keys.list[0].principal[1]), "alice-laptop");
	gather();
	assert_int_equal(facts.bound.state, FACT_KNOWN);
}

static void
of_several_assets_the_own_one_counts(void **state)
{
	(void)state;
	set_up_login();
	(void)add_asset("LT-0", "bob", "PF9XYZ99", "key-2");
	use_key("key-2");
	use_key("key-1");
	gather();
	assert_string_equal(facts.bound.asset.tag, "LT-1");
	store.asset[0].status = ASSET_LOST;
	gather();
	assert_string_equal(facts.bound.asset.tag, "LT-1");
	assert_int_equal(facts.bound.asset.standing, ASSET_NOBODYS);
	assert_int_equal(facts.bound.assets, 0);
}

/* Whoever has it has the key, and not only its owner. */
static void
a_key_that_is_on_a_lost_laptop_is_lost(void **state)
{
	(void)state;
	set_up_login();
	(void)add_asset("LT-2", "alice", "PF9XYZ99", "key-1");
	use_key("key-1");
	gather();
	assert_int_equal(facts.bound.asset.standing, ASSET_OWN);
	store.asset[0].status = ASSET_RETIRED;
	gather();
	assert_string_equal(facts.bound.asset.tag, "LT-2");
	assert_int_equal(facts.bound.asset.standing, ASSET_OWN);
	store.asset[0].status = ASSET_LOST;
	gather();
	assert_string_equal(facts.bound.asset.tag, "LT-1");
	assert_int_equal(facts.bound.asset.standing, ASSET_NOBODYS);
	assert_int_equal(facts.bound.with_keys, 1);
}

/* And no login waits until all of them have been looked at. */
static void
a_key_that_everybody_has_tells_none(void **state)
{
	char tag[ASSET_TAG_MAX + 1];

	(void)state;
	set_up_login();
	while (store.n < FACT_BOUND_MAX) {
		(void)snprintf(tag, sizeof(tag), "LT-%zu", store.n + 1);
		(void)add_asset(tag, "bob", "PF9XYZ99", "key-1");
	}
	use_key("key-1");
	gather();
	assert_string_equal(facts.bound.asset.tag, "LT-1");
	assert_false(facts.bound.many);
	(void)add_asset("LT-99", "bob", "PF9XYZ99", "key-1");
	gather();
	assert_int_equal(facts.bound.state, FACT_UNKNOWN);
	assert_true(facts.bound.many);
	assert_int_equal(facts.bound.with_keys, 1);
}

static void
before_sshd_says_which_nothing_is_known(void **state)
{
	(void)state;
	set_up_login();
	facts.login.phase = FG_PHASE_ACCOUNT;
	gather();
	assert_int_equal(facts.bound.state, FACT_NONE);
	facts.login.phase = FG_PHASE_SESSION;
	gather();
	assert_int_equal(facts.bound.state, FACT_UNKNOWN);
	assert_string_equal(facts.bound.key, "");
	/* a desktop's login has no connection of sshd's */
	facts.login.ssh_connection[0] = '\0';
	gather();
	assert_int_equal(facts.bound.state, FACT_NONE);
	set_up_login();
	facts.kind = SERVICE_NESTED;
	gather();
	assert_int_equal(facts.bound.state, FACT_NONE);
}

static void
a_key_that_cannot_be_read_is_bound_to_nothing(void **state)
{
	(void)state;
	set_up_login();
	facts.login.key_state = FACT_ERROR;
	gather();
	assert_int_equal(facts.bound.state, FACT_UNKNOWN);
	assert_true(facts.bound.unread);
	assert_int_equal(facts.bound.with_keys, 1);
}

static void
an_error_of_the_keys_is_no_absence_either(void **state)
{
	int *const fails[] = { &store.fail_outline, &store.fail_key,
		&store.fail_user };

	(void)state;
	for (size_t i = 0; i < sizeof(fails) / sizeof(fails[0]); i++) {
		set_up_login();
		use_key("key-1");
		*fails[i] = FG_ERR_FORMAT;
		gather();
		assert_int_equal(facts.bound.state, FACT_ERROR);
		assert_string_equal(facts.bound.asset.tag, "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(this_machine_is_the_asset_of_its_tag),
		cmocka_unit_test(
		    without_a_tag_or_an_inventory_there_is_no_fact),
		cmocka_unit_test(a_tag_that_is_in_no_inventory_is_unknown),
		cmocka_unit_test(an_error_is_no_absence),
		cmocka_unit_test(an_inventory_that_was_lost_is_no_absence),
		cmocka_unit_test(hardware_of_another_asset_is_named),
		cmocka_unit_test(whose_it_is_is_told_of_people_alone),
		cmocka_unit_test(what_is_not_issued_is_nobodys_for_people),
		cmocka_unit_test(an_asset_of_no_one_makes_no_rule),
		cmocka_unit_test(who_else_gets_parcels_there_is_counted),
		cmocka_unit_test(a_bound_key_names_its_asset),
		cmocka_unit_test(a_key_that_everybody_has_tells_none),
		cmocka_unit_test(a_certificate_may_be_bound_by_a_principal),
		cmocka_unit_test(of_several_assets_the_own_one_counts),
		cmocka_unit_test(a_key_that_is_on_a_lost_laptop_is_lost),
		cmocka_unit_test(before_sshd_says_which_nothing_is_known),
		cmocka_unit_test(a_key_that_cannot_be_read_is_bound_to_nothing),
		cmocka_unit_test(an_error_of_the_keys_is_no_absence_either),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
