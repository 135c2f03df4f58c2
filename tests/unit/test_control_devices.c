/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices for the baseline, out of a picture and out of a list: what the
 * catalogue knows is never one, and what is no device is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/control/control_devices.h"

static struct picture picture;
static struct devices devices;
static char problem[512];

static const struct conf_strings nothing_approved;

static struct sign
a_sign(enum entry_kind kind, const char *what)
{
	struct sign s;

	memset(&s, 0, sizeof(s));
	s.kind = kind;
	s.grade = SIGN_PRESENT;
	s.confidence = SIGN_BY_IDENTITY;
	s.owner = SIGN_OF_MACHINE;
	s.uid = (uint32_t)-1;
	(void)snprintf(s.what, sizeof(s.what), "%s", what);
	(void)snprintf(s.seen, sizeof(s.seen), "%s in words", what);
	return s;
}

static void
begin(void)
{
	memset(&picture, 0, sizeof(picture));
	picture.number = 1;
}

static void
add(enum entry_kind kind, const char *what)
{
	picture.sign[picture.nsigns++] = a_sign(kind, what);
}

static void
look(void)
{
	devices_look(&picture, &nothing_approved, &devices);
}

/* ---- out of a picture --------------------------------------------------- */

static void
what_is_plugged_in_is_a_device(void **state)
{
	(void)state;
	begin();
	add(ENTRY_RMM, "anydesk");
	add(ENTRY_KEYBOARD, "kbd");
	add(ENTRY_HYPERVISOR, "kvm");
	add(ENTRY_POINTER, "kbd");
	add(ENTRY_ORDINARY, "hub");
	add(ENTRY_OTHER_INPUT, "pen");
	add(ENTRY_MONITOR, "mon");
	add(ENTRY_VPN_CLIENT, "astrill");
	look();
	assert_true(devices.looked);
	assert_int_equal(devices.n, 4);
	assert_int_equal(devices.nmatches, 0);
	assert_null(devices_bar(&devices));
	assert_string_equal(devices.list[0].what, "kbd");
	assert_string_equal(devices.list[0].seen, "kbd in words");
	assert_non_null(devices_find(&devices, ENTRY_KEYBOARD, "kbd"));
	assert_non_null(devices_find(&devices, ENTRY_POINTER, "kbd"));
	assert_null(devices_find(&devices, ENTRY_MONITOR, "kbd"));
	assert_null(devices_find(&devices, ENTRY_RMM, "anydesk"));
}

static void
one_that_is_there_twice_counts_once(void **state)
{
	(void)state;
	begin();
	add(ENTRY_KEYBOARD, "kbd");
	add(ENTRY_KEYBOARD, "kbd");
	add(ENTRY_KEYBOARD, "");
	picture.sign[1].owner = SIGN_OF_SEAT;
	look();
	assert_int_equal(devices.n, 1);
}

static void
without_a_picture_nobody_has_looked(void **state)
{
	(void)state;
	devices_look(NULL, &nothing_approved, &devices);
	assert_false(devices.looked);
	assert_int_equal(devices.n, 0);
	assert_false(devices_would_see(&devices, ENTRY_KEYBOARD));
	assert_string_equal(devices_unseen_text(&devices),
	    "USB devices and displays");
}

static void
what_could_not_be_looked_at_is_said(void **state)
{
	(void)state;
	begin();
	picture.failed = PICTURE_PROCESSES | PICTURE_SOCKETS | PICTURE_FILES;
	picture.cut = PICTURE_SESSIONS | PICTURE_INTERFACES | PICTURE_MACHINE;
	look();
	assert_null(devices_unseen_text(&devices));
	picture.failed = PICTURE_USB;
	look();
	assert_string_equal(devices_unseen_text(&devices), "USB devices");
	assert_false(devices_would_see(&devices, ENTRY_POINTER));
	assert_true(devices_would_see(&devices, ENTRY_MONITOR));
	picture.failed = 0;
	picture.cut = PICTURE_DISPLAYS;
	look();
	assert_string_equal(devices_unseen_text(&devices), "displays");
	picture.failed = PICTURE_USB;
	look();
	assert_string_equal(devices_unseen_text(&devices),
	    "USB devices and displays");
}

/* ---- what the catalogue knows ------------------------------------------- */

static void
hardware_of_the_catalogue_bars(void **state)
{
	static const enum entry_kind kinds[] = { ENTRY_IP_KVM, ENTRY_CAPTURE,
		ENTRY_DUMMY_PLUG, ENTRY_JIGGLER };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		begin();
		add(ENTRY_KEYBOARD, "kbd");
		add(kinds[i], "thing");
		look();
		assert_int_equal(devices.n, 1);
		assert_non_null(devices_bar(&devices));
		assert_string_equal(devices_bar(&devices)->what, "thing");
	}
}

static void
what_is_made_as_one_bars_as_well(void **state)
{
	(void)state;
	begin();
	add(ENTRY_IP_KVM, "composition");
	picture.sign[0].confidence = SIGN_BY_COMPOSITION;
	look();
	assert_non_null(devices_bar(&devices));
	picture.sign[0].kind = ENTRY_JIGGLER;
	look();
	assert_non_null(devices_bar(&devices));
}

/* A monitor whose EDID others have as well must not stop everybody. */
static void
what_is_not_sure_is_said_and_bars_nothing(void **state)
{
	static const enum entry_kind kinds[] = { ENTRY_CAPTURE,
		ENTRY_DUMMY_PLUG };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		begin();
		add(kinds[i], "weak");
		picture.sign[0].confidence = SIGN_BY_COMPOSITION;
		look();
		assert_int_equal(devices.nmatches, 1);
		assert_null(devices_bar(&devices));
	}
}

static void
programs_bar_nothing(void **state)
{
	(void)state;
	begin();
	add(ENTRY_JIGGLER, "caffeine");
	picture.sign[0].grade = SIGN_RUNNING;
	add(ENTRY_RMM, "anydesk");
	picture.sign[1].grade = SIGN_ACTIVE;
	look();
	assert_int_equal(devices.nmatches, 0);
}

static void
what_is_approved_bars_nothing(void **state)
{
	static char name[] = "tinypilot";
	char *names[] = { name };
	const struct conf_strings list = { .v = names, .n = 1 };

	(void)state;
	begin();
	add(ENTRY_IP_KVM, "tinypilot");
	devices_look(&picture, &list, &devices);
	assert_int_equal(devices.nmatches, 0);
	add(ENTRY_IP_KVM, "pikvm");
	devices_look(&picture, &list, &devices);
	assert_string_equal(devices_bar(&devices)->what, "pikvm");
}

/* However many that are not: the sure one has its place. */
static void
many_matches_do_not_hide_a_sure_one(void **state)
{
	size_t i;

	(void)state;
	begin();
	for (i = 0; i < 3 * DEVICES_MATCHES_MAX; i++) {
		add(ENTRY_CAPTURE, "weak");
		picture.sign[i].confidence = SIGN_BY_BEHAVIOUR;
	}
	look();
	assert_true(devices.more_matches);
	assert_null(devices_bar(&devices));
	add(ENTRY_IP_KVM, "pikvm");
	look();
	assert_int_equal(devices.nmatches, DEVICES_MATCHES_MAX);
	assert_string_equal(devices_bar(&devices)->what, "pikvm");
}

static void
a_full_picture_fits(void **state)
{
	char what[16];
	size_t i;

	(void)state;
	begin();
	for (i = 0; i < PICTURE_SIGNS_MAX; i++) {
		(void)snprintf(what, sizeof(what), "d%zu", i);
		add(ENTRY_MONITOR, what);
	}
	look();
	assert_int_equal(devices.n, PICTURE_SIGNS_MAX);
}

/* ---- out of a list ------------------------------------------------------ */

/* What is said of it, with ' for "; NULL if it is right. */
static const char *
read_list(const char *text)
{
	char line[4096];
	struct json *json;
	const char *why;
	char *p;

	(void)snprintf(line, sizeof(line), "{'l':%s}", text);
	for (p = line; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	assert_non_null(json = json_parse(line, strlen(line)));
	why = devices_read(json_get(json, "l"), &devices, problem,
	    sizeof(problem));
	json_free(json);
	return why;
}

#define KBD "{'kind':'keyboard','what':'k','seen':'a keyboard'}"

static void
a_list_is_read(void **state)
{
	(void)state;
	begin();
	add(ENTRY_MONITOR, "mon");
	look();
	assert_null(read_list("[" KBD ",{'kind':'monitor','what':'k',"
			      "'more':1}]"));
	assert_int_equal(devices.n, 2);
	assert_int_equal(devices.list[0].kind, ENTRY_KEYBOARD);
	assert_string_equal(devices.list[0].seen, "a keyboard");
	assert_string_equal(devices.list[1].seen, "");
	assert_null(read_list("[]"));
	assert_int_equal(devices.n, 0);
}

static void
what_is_no_device_is_refused(void **state)
{
	static const struct {
		const char *list, *why;
	} cases[] = {
		{ "[{}]", "device 1 of the list: kind is none" },
		{ "[1]", "device 1 of the list: kind is none" },
		{ "[" KBD ",'x']", "device 2 of the list: kind is none" },
		{ "[{'kind':'ip-kvm','what':'k'}]", "kind is none" },
		{ "[{'kind':'none','what':'k'}]", "kind is none" },
		{ "[{'kind':'unknown','what':'k'}]", "kind is none" },
		{ "[{'kind':16,'what':'k'}]", "kind is none" },
		{ "[{'kind':'keyboard'}]", "what is none" },
		{ "[{'kind':'keyboard','what':''}]", "what is none" },
		{ "[{'kind':'keyboard','what':7}]", "what is none" },
		{ "[{'kind':'keyboard','what':'a\\u001b'}]", "what is none" },
		{ "[{'kind':'keyboard','what':'\\u00e4'}]", "what is none" },
		{ "[{'kind':'keyboard','what':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]",
		    "what is none" },
		{ "[{'kind':'keyboard','what':'k','seen':'\\n'}]",
		    "seen is none" },
		{ "[" KBD "," KBD "]",
		    "device 2 of the list: it is there twice" },
	};
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		why = read_list(cases[i].list);
		if (why == NULL || strstr(why, cases[i].why) == NULL)
			fail_msg("%s: %s", cases[i].list,
			    why == NULL ? "right" : why);
	}
}

static void
more_than_there_can_be_are_refused(void **state)
{
	struct json *json = json_new(), *list = json_set_array(json, "l"), *d;
	char what[16];
	size_t i;

	(void)state;
	for (i = 0; i <= STORE_DEVICES_MAX; i++) {
		if (i == STORE_DEVICES_MAX)
			assert_null(devices_read(list, &devices, problem,
			    sizeof(problem)));
		(void)snprintf(what, sizeof(what), "d%zu", i);
		d = json_add_object(list);
		json_set_string(d, "kind", "pointer");
		json_set_string(d, "what", what);
	}
	assert_int_equal(devices.n, STORE_DEVICES_MAX);
	assert_ptr_equal(devices_read(list, &devices, problem, sizeof(problem)),
	    problem);
	assert_int_equal(devices.n, 0);
	json_free(json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_plugged_in_is_a_device),
		cmocka_unit_test(one_that_is_there_twice_counts_once),
		cmocka_unit_test(without_a_picture_nobody_has_looked),
		cmocka_unit_test(what_could_not_be_looked_at_is_said),
		cmocka_unit_test(hardware_of_the_catalogue_bars),
		cmocka_unit_test(what_is_made_as_one_bars_as_well),
		cmocka_unit_test(what_is_not_sure_is_said_and_bars_nothing),
		cmocka_unit_test(programs_bar_nothing),
		cmocka_unit_test(what_is_approved_bars_nothing),
		cmocka_unit_test(many_matches_do_not_hide_a_sure_one),
		cmocka_unit_test(a_full_picture_fits),
		cmocka_unit_test(a_list_is_read),
		cmocka_unit_test(what_is_no_device_is_refused),
		cmocka_unit_test(more_than_there_can_be_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
