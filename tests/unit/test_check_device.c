/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is found of a machine and of an SSH key as assets: whose they are, what
 * of the hardware differs. Facts are made by hand.
 */
#include "policyd/decide/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/devices.h"

static void
the_issued_machine_is_nothing_to_find(void **state)
{
	struct facts f;

	(void)state;
	set_device(&f);
	assert_found(&f, issued, "none");
	set_bound(&f);
	assert_found(&f, plain, "none");
}

static void
nobody_is_found_out_where_nobody_looked(void **state)
{
	struct facts f;

	(void)state;
	set_device(&f);
	f.device.compared.standing[HWID_BOARD] = COMPARE_DIFFER;
	f.device.compared.percent = 100;
	f.device.asset.standing = ASSET_OTHERS;
	f.device.state = FACT_NONE;
	assert_found(&f, issued, "none");
}

static void
the_policy_says_from_when_on_it_is_another_machine(void **state)
{
	struct comparison *c;
	struct facts f;

	(void)state;
	set_device(&f);
	c = &f.device.compared;
	c->standing[HWID_DISK] = c->standing[HWID_MAC] = COMPARE_DIFFER;
	c->percent = 29;
	assert_found(&f, issued, "none");
	c->percent = 30;
	assert_found(&f, issued, "device.mismatch:weak");
	c->percent = 65;
	assert_found(&f, issued, "device.mismatch:strong");
	assert_found(&f, "asset = LT-1\npolicy all { mismatch_strong = 66 }",
	    "device.mismatch:weak");
	assert_found(&f,
	    "asset = LT-1\npolicy all { mismatch_weak = 66 "
	    "mismatch_strong = 70 }",
	    "none");
	c->percent = 10;
	assert_found(&f, "asset = LT-1\npolicy all { mismatch_weak = 10 }",
	    "device.mismatch:weak");
}

static void
weak_is_recorded_and_strong_wants_a_proof(void **state)
{
	struct conf *conf = parse(issued);
	struct decision d;
	struct facts f;

	(void)state;
	set_device(&f);
	f.device.compared.standing[HWID_SERIAL] = COMPARE_DIFFER;
	f.device.compared.percent = 18;
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	assert_reason(&d, "device.mismatch:weak");
	f.device.compared.percent = 80;
	/* no method is configured, and nothing else answers it */
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_reason(&d, "device.mismatch:strong");
	conf_free(conf);
}

static void
evidence_names_kinds_and_no_serial_number(void **state)
{
	struct facts f;

	(void)state;
	set_device(&f);
	f.device.compared.standing[HWID_TPM] = COMPARE_UNREAD;
	f.device.compared.standing[HWID_BOARD] = COMPARE_DIFFER;
	f.device.compared.standing[HWID_DISK] = COMPARE_DIFFER;
	f.device.compared.standing[HWID_UUID] = COMPARE_ABSENT;
	f.device.compared.percent = 72;
	assert_text(&f, issued,
	    "LT-1: differ: board, disk; agree: serial, mac; absent: uuid; "
	    "unread: tpm; 72 % of the weight");
	(void)snprintf(f.device.twin, sizeof(f.device.twin), "LT-9");
	assert_text(&f, issued,
	    "LT-1: differ: board, disk; agree: serial, mac; absent: uuid; "
	    "unread: tpm; 72 % of the weight; what it shows is of LT-9");
}

static void
somebody_elses_asset_is_unissued_and_denied(void **state)
{
	struct conf *conf = parse(issued);
	struct decision d;
	struct facts f;

	(void)state;
	set_device(&f);
	set_asset(&f.device.asset, "LT-1", ASSET_OTHERS);
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_reason(&d, "device.unissued");
	assert_string_equal(d.findings.list[0].of, "LT-1");
	assert_text(&f, issued, "LT-1 was issued to bob");
	set_asset(&f.device.asset, "LT-1", ASSET_NOBODYS);
	f.device.asset.status = ASSET_LOST;
	assert_text(&f, issued, "LT-1 is lost");
	/* whoever has no entry is nobody to whom anything is issued */
	set_asset(&f.device.asset, "LT-1", ASSET_STANDING_NONE);
	assert_decided(&f, conf, &d, FG_VERDICT_ALLOW);
	conf_free(conf);
}

static void
a_key_of_somebody_elses_laptop_is_unissued_too(void **state)
{
	struct facts f;

	(void)state;
	set_bound(&f);
	set_asset(&f.bound.asset, "LT-2", ASSET_OTHERS);
	f.bound.with_keys = 0;
	assert_text(&f, plain, "the SSH key's asset LT-2 was issued to bob");
	f.bound.with_keys = 1;
	assert_found(&f, plain, "device.key,device.unissued");
	set_asset(&f.bound.asset, "LT-2", ASSET_NOBODYS);
	f.bound.asset.status = ASSET_RETIRED;
	assert_found(&f, plain, "device.key,device.unissued");
}

static void
a_key_that_is_bound_to_nothing_is_found_if_others_are(void **state)
{
	struct facts f;

	(void)state;
	set_bound(&f);
	f.bound.state = FACT_UNKNOWN;
	assert_text(&f, plain, "SHA256:abc is bound to no asset");
	assert_found(&f, plain, "device.key");
	f.bound.unread = true;
	assert_text(&f, plain,
	    "SHA256:abc is bound to no asset, and another key cannot be told");
	f.bound.unread = false;
	f.bound.many = true;
	assert_text(&f, plain,
	    "SHA256:abc is bound to so many assets that it tells none");
	f.bound.unread = true;
	f.bound.key[0] = '\0';
	assert_text(&f, plain, "the key cannot be told");
	f.bound.unread = false;
	assert_text(&f, plain, "no key was used");
	/* account is told of no key where it is the only one */
	f.bound.state = FACT_NONE;
	f.bound.assets = f.bound.with_keys = 0;
	assert_found(&f, plain, "none");
}

static void
a_login_by_key_alone_is_refused_as_its_session_opens(void **state)
{
	struct conf *conf = parse(plain);
	struct decision d;
	struct facts f;

	(void)state;
	set_bound(&f);
	f.bound.state = FACT_UNKNOWN;
	assert_decided(&f, conf, &d, FG_VERDICT_DENY);
	assert_reason(&d, "device.key");
	conf_free(conf);
}

static void
nothing_that_could_tell_the_device_is_unenrolled(void **state)
{
	struct facts f;

	(void)state;
	set_device(&f);
	f.device.state = FACT_UNKNOWN;
	assert_text(&f, issued,
	    "this machine is said to be LT-1, which is in no inventory");
	set_bound(&f);
	f.bound.state = FACT_UNKNOWN;
	f.bound.with_keys = 0;
	assert_text(&f, plain, "no asset of the person has an SSH key");
	f.bound.assets = 0;
	assert_text(&f, plain, "no asset was issued to the person");
	assert_found(&f, plain, "device.unenrolled:key");
	f.person.person.kind = PERSON_KIND_SERVICE;
	assert_found(&f, plain, "person.unknown:elsewhere");
}

static void
what_could_not_be_read_is_a_failure(void **state)
{
	struct conf *conf = parse(plain);
	struct decision d;
	struct facts f;

	(void)state;
	set_device(&f);
	f.device.state = FACT_ERROR;
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	set_bound(&f);
	f.bound.state = FACT_ERROR;
	f.bound.with_keys = 0;
	decide(&f, conf, &d);
	assert_verdict(&d, FG_VERDICT_DENY, FG_VERDICT_DENY);
	conf_free(conf);
}

/* Its flag is enough: it knows no asset, or had no room for the finding. */
static void
a_laptop_that_is_virtual_is_found_once(void **state)
{
	struct fact_attested *a;
	struct facts f;

	(void)state;
	set_device(&f);
	f.device.state = FACT_NONE;
	a = &f.proof.attested;
	a->state = FACT_KNOWN;
	set_asset(&a->asset, "LT-1", ASSET_OWN);
	assert_found(&f, plain, "none");
	a->virtual = true;
	assert_found(&f, plain, "device.virtual");
	a->count = 1;
	a->list[0].code = FINDING_DEVICE_VIRTUAL;
	assert_found(&f, plain, "device.virtual");
	a->virtual = false;
	assert_found(&f, plain, "device.virtual");
	a->virtual = true;
	a->count = 0;
	a->asset.form = ASSET_VIRTUAL;
	assert_found(&f, plain, "none");
}

/* Where that it is new is only recorded, it is asked for all the same. */
static void
a_laptop_that_does_not_count_yet_has_not_said_which_it_is(void **state)
{
	static const char asks[] =
	    "step_up = {\"device\"}\n"
	    "policy p { countries = {\"NO\", \"DE\"} actions = "
	    "{\"device.unenrolled:unattested = deny\", "
	    "\"device.unenrolled:pending = log\"} }\n";
	struct fact_attested *a;
	struct facts f;

	(void)state;
	set_bound(&f);
	a = &f.proof.attested;
	a->state = FACT_KNOWN;
	set_asset(&a->asset, "LT-1", ASSET_OWN);
	assert_found(&f, asks, "none");
	a->pending = true;
	assert_found(&f, asks,
	    "device.unenrolled:pending,device.unenrolled:unattested");
	a->pending = false;
	f.proof.step_failed = true;
	assert_found(&f, asks, "device.unenrolled:unattested");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_issued_machine_is_nothing_to_find),
		cmocka_unit_test(nobody_is_found_out_where_nobody_looked),
		cmocka_unit_test(
		    the_policy_says_from_when_on_it_is_another_machine),
		cmocka_unit_test(
		    a_laptop_that_does_not_count_yet_has_not_said_which_it_is),
		cmocka_unit_test(weak_is_recorded_and_strong_wants_a_proof),
		cmocka_unit_test(evidence_names_kinds_and_no_serial_number),
		cmocka_unit_test(somebody_elses_asset_is_unissued_and_denied),
		cmocka_unit_test(
		    a_key_of_somebody_elses_laptop_is_unissued_too),
		cmocka_unit_test(
		    a_key_that_is_bound_to_nothing_is_found_if_others_are),
		cmocka_unit_test(
		    a_login_by_key_alone_is_refused_as_its_session_opens),
		cmocka_unit_test(
		    nothing_that_could_tell_the_device_is_unenrolled),
		cmocka_unit_test(what_could_not_be_read_is_a_failure),
		cmocka_unit_test(a_laptop_that_is_virtual_is_found_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
