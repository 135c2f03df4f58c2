/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What becomes of entries that are right: the rules that the scanner gets, and
 * the words that people do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/catalogue_fixture.h"

static struct rules
rules_of(const char *text)
{
	struct catalogue *catalogue = accepted(text);
	struct rules rules;

	assert_int_equal(catalogue_rules(catalogue, &rules), 0);
	assert_int_equal(rules.nrules, catalogue->nrules);
	catalogue_free(catalogue);
	return rules;
}

static void
has_rule(const struct rules *rules, enum rule_kind kind, const char *text)
{
	if (count_rules(rules, kind, text) != 1)
		fail_msg("no rule of kind %d with %s", (int)kind, text);
}

static const struct rule *
first_of(const struct rules *rules, enum rule_kind kind)
{
	assert_true(rules->first[kind] < rules->first[kind + 1]);
	return &rules->rule[rules->first[kind]];
}

/* ---- tools ------------------------------------------------------------- */

static void
test_a_tool_becomes_an_entry_and_rules(void **state)
{
	struct rules rules = rules_of(
	    "tool x { title = \"X\" kind = vnc exe = {\"/usr/bin/x\", y}\n"
	    " script = {\"/opt/x/*\"} comm = {x, \"y*\"}\n"
	    " listen = {\"tcp/5900-5999\", \"udp/1\"} relay = \"tcp/443\"\n"
	    " interfaces = \"wg?\" links = tun active = {listen, relay, "
	    "child}\n"
	    " active_exe = \"/usr/bin/z\" active_comm = z\n"
	    " active_argument = \"--backend\" files = \"/opt/x\"\n"
	    " listen_argument = \"-rfbport\" sockets = \"/run/x-*\" }");
	const struct rule *rule;

	(void)state;
	assert_int_equal(rules.nentries, 1);
	assert_string_equal(rules.entry[0].name, "x");
	assert_int_equal(rules.entry[0].kind, ENTRY_VNC);
	assert_int_equal(rules.entry[0].steers, ENTRY_STEERS_SEAT);
	assert_int_equal(rules.entry[0].active,
	    RULE_ACTIVE_LISTEN | RULE_ACTIVE_RELAY | RULE_ACTIVE_CHILD);
	has_rule(&rules, RULE_EXE, "/usr/bin/x");
	has_rule(&rules, RULE_EXE, "*/y");
	has_rule(&rules, RULE_SCRIPT, "/opt/x/*");
	has_rule(&rules, RULE_COMM, "y*");
	has_rule(&rules, RULE_INTERFACE, "wg?");
	has_rule(&rules, RULE_LINK, "tun");
	has_rule(&rules, RULE_ACTIVE_EXE, "/usr/bin/z");
	has_rule(&rules, RULE_ACTIVE_COMM, "z");
	has_rule(&rules, RULE_ACTIVE_ARGUMENT, "--backend");
	has_rule(&rules, RULE_LISTEN_ARGUMENT, "-rfbport");
	has_rule(&rules, RULE_SOCKET, "/run/x-*");
	assert_int_equal(count_rules(&rules, RULE_LISTEN, NULL), 2);
	rule = first_of(&rules, RULE_LISTEN);
	assert_int_equal(rule->low, 5900);
	assert_int_equal(rule->high, 5999);
	assert_string_equal(rule->text, "tcp");
	rule = first_of(&rules, RULE_RELAY);
	assert_int_equal(rule->low, 443);
	assert_int_equal(rule->high, 443);
	/* Its program, where that has a path and no wildcard, and the files. */
	assert_int_equal(count_rules(&rules, RULE_FILE, NULL), 2);
	has_rule(&rules, RULE_FILE, "/usr/bin/x");
	has_rule(&rules, RULE_FILE, "/opt/x");
	rules_done(&rules);
}

static void
test_a_bare_program_is_one_in_any_folder(void **state)
{
	struct rules rules = rules_of("tool x { " CAT_TOOL "exe = \"fr?c\" }");
	const char *glob = first_of(&rules, RULE_EXE)->text;

	(void)state;
	assert_true(rule_glob(glob, "/srv/u/frpc"));
	assert_false(rule_glob(glob, "/srv/frpc/x"));
	assert_true(rule_is_bare(glob));
	assert_int_equal(count_rules(&rules, RULE_FILE, NULL), 0);
	rules_done(&rules);
}

static void
test_packages_and_units_are_files(void **state)
{
	struct rules rules =
	    rules_of("tool x { " CAT_TOOL "packages = \"libx+1\"\n"
		     "units = {\"x@.service\",\n"
		     " \"user/y.service\"} }");

	(void)state;
	assert_int_equal(rules.nrules, 10);
	has_rule(&rules, RULE_FILE, "/var/lib/dpkg/info/libx+1.list");
	has_rule(&rules, RULE_FILE, "/var/lib/dpkg/info/libx+1:amd64.list");
	has_rule(&rules, RULE_FILE, "/etc/systemd/system/x@.service");
	has_rule(&rules, RULE_FILE, "/lib/systemd/system/x@.service");
	has_rule(&rules, RULE_FILE, "/usr/lib/systemd/system/x@.service");
	has_rule(&rules, RULE_FILE, "/etc/systemd/user/y.service");
	has_rule(&rules, RULE_FILE, "/usr/lib/systemd/user/y.service");
	rules_done(&rules);
}

static void
test_a_rule_is_there_once(void **state)
{
	struct rules rules =
	    rules_of("tool x { " CAT_TOOL "exe = \"/usr/bin/x\"\n"
		     "script = \"/usr/bin/x\"\n"
		     "files = \"/usr/bin/x\" }");

	(void)state;
	assert_int_equal(count_rules(&rules, RULE_FILE, NULL), 1);
	rules_done(&rules);
}

static void
test_who_is_steered_follows_from_the_kind(void **state)
{
	static const struct {
		const char *kind;
		enum entry_steers steers;
	} cases[] = { { "rmm", ENTRY_STEERS_SEAT },
		{ "input-share", ENTRY_STEERS_SEAT },
		{ "vnc", ENTRY_STEERS_SEAT }, { "rdp", ENTRY_STEERS_OWN },
		{ "streaming", ENTRY_STEERS_SEAT },
		{ "tunnel", ENTRY_STEERS_NONE },
		{ "terminal-share", ENTRY_STEERS_OWN },
		{ "jiggler", ENTRY_STEERS_NONE },
		{ "vpn-client", ENTRY_STEERS_NONE },
		{ "ordinary", ENTRY_STEERS_NONE } };
	struct catalogue *c;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    "tool x { title = T kind = \"%s\" exe = x }",
		    cases[i].kind);
		c = accepted(text);
		assert_int_equal(c->entries[0].steers, cases[i].steers);
		catalogue_free(c);
	}
	c = accepted("tool x { " CAT_TOOL "exe = x steers = none }\n"
		     "usb y { " CAT_USB "model = y }");
	assert_int_equal(c->entries[0].steers, ENTRY_STEERS_NONE);
	assert_int_equal(c->entries[1].steers, ENTRY_STEERS_SEAT);
	catalogue_free(c);
}

static void
test_names_alone_are_known_as_such(void **state)
{
	struct catalogue *c =
	    accepted("tool a { " CAT_TOOL "comm = a }\n"
		     "tool b { " CAT_TOOL "exe = b script = b comm = b }\n"
		     "tool c { " CAT_TOOL "exe = \"/usr/bin/c\" comm = c }\n"
		     "tool d { title = D kind = vnc listen = \"tcp/1\" }\n"
		     "tool e { " CAT_TOOL "script = \"/opt/*\" comm = c }\n"
		     "tool f { " CAT_TOOL "packages = foo }\n");
	static const bool by_name[] = { true, true, false, false, false,
		false };
	struct conf_errors warnings = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(c->nentries, sizeof(by_name));
	for (i = 0; i < c->nentries; i++)
		assert_int_equal(catalogue_is_by_name(&c->entries[i]),
		    by_name[i]);
	catalogue_warn(c, &warnings);
	assert_int_equal(warnings.count, 2);
	assert_true(has_error(&warnings, 1, "warning: tool a is known by its"));
	assert_true(has_error(&warnings, 2, "; add the path of its program"));
	conf_errors_done(&warnings);
	catalogue_free(c);
}

/* The daemon's unit hides them, and so do the modes of people's homes. */
static void
test_paths_where_nobody_can_look_are_told(void **state)
{
	struct catalogue *c =
	    accepted("tool a { " CAT_TOOL "exe = \"/home/*/bin/a\" }\n"
		     "tool b { " CAT_TOOL
		     "exe = \"/opt/b\" files = \"/tmp/b\" }\n"
		     "tool c { " CAT_TOOL
		     "exe = {\"/homes/c\", \"/opt/home/c\"}}\n"
		     "tool d { title = D kind = ordinary exe = \"/root/d\" }\n"
		     "tool e { " CAT_TOOL
		     "exe = \"/usr/bin/e\" packages = foo }\n");
	struct conf_errors warnings = { 0 };

	(void)state;
	catalogue_warn(c, &warnings);
	assert_int_equal(warnings.count, 2);
	assert_true(has_error(&warnings, 1, "tool a has a path below /home/"));
	assert_true(has_error(&warnings, 2, "tool b has a path below /tmp/"));
	conf_errors_done(&warnings);
	catalogue_free(c);
}

/* ---- devices ----------------------------------------------------------- */

static void
test_each_combination_of_a_devices_strings_is_a_rule(void **state)
{
	struct rules rules = rules_of(
	    "usb x { " CAT_USB "vendor = {1d6b, 1D6C} product = \"0104\"\n"
	    " manufacturer = \"M\" model = {\"A\", \"B C\"} serial = \"S\"\n"
	    " storage = {\"PiKVM/Flash Drive\"} reports = "
	    "\"5333cc3a23db1dd7a9e8303e2169a54a7070f69822fa503014834652c24410b6"
	    "\"}");
	const struct rule *rule = first_of(&rules, RULE_USB);

	(void)state;
	assert_int_equal(count_rules(&rules, RULE_USB, NULL), 4);
	assert_int_equal(rule->low, 0x1d6b);
	assert_int_equal(rule->high, 0x0104);
	assert_string_equal(rule->device.manufacturer, "M");
	assert_string_equal(rule->device.product, "A");
	assert_string_equal(rule->device.serial, "S");
	assert_string_equal(rule[1].device.product, "B C");
	assert_int_equal(rule[2].low, 0x1d6c);
	rule = first_of(&rules, RULE_STORAGE);
	assert_string_equal(rule->device.manufacturer, "PiKVM");
	assert_string_equal(rule->device.product, "Flash Drive");
	assert_string_equal(rule->device.serial, "");
	assert_int_equal(strlen(first_of(&rules, RULE_REPORT)->text), 64);
	rules_done(&rules);
}

static void
test_hid_is_a_rule_of_its_own_kind(void **state)
{
	struct rules rules = rules_of("usb x { title = X kind = jiggler "
				      "vendor = 2341 hid = yes }\n"
				      "usb y { title = Y kind = jiggler "
				      "vendor = 2342 product = ffff hid = no "
				      "}");

	(void)state;
	assert_int_equal(count_rules(&rules, RULE_USB_HID, NULL), 1);
	assert_int_equal(first_of(&rules, RULE_USB_HID)->high, RULE_ANY);
	assert_int_equal(first_of(&rules, RULE_USB)->high, 0xffff);
	rules_done(&rules);
}

static void
test_displays_are_known_by_edid(void **state)
{
	struct rules rules = rules_of(
	    "display x { " CAT_EDID "manufacturer = LNX\n"
	    " products = {\"7770-7773\", \"8888\"} models = \"PiKVM V3\" }\n"
	    "display y { " CAT_EDID "manufacturer = \"LG@\" products = 0000\n"
	    " weak = yes }\n"
	    "display z { " CAT_EDID "serials = \"UK02143047718\" }");
	const struct rule *rule = first_of(&rules, RULE_DISPLAY);

	(void)state;
	assert_int_equal(count_rules(&rules, RULE_DISPLAY, NULL), 3);
	assert_int_equal(rule->low, 0x7770);
	assert_int_equal(rule->high, 0x7773);
	assert_string_equal(rule->device.manufacturer, "LNX");
	assert_string_equal(rule->device.product, "PiKVM V3");
	assert_int_equal(rule[2].low, RULE_ANY);
	assert_string_equal(rule[2].device.serial, "UK02143047718");
	rule = first_of(&rules, RULE_DISPLAY_WEAK);
	assert_string_equal(rule->device.manufacturer, "LG@");
	assert_int_equal(rule->high, 0);
	rules_done(&rules);
}

static void
test_input_devices_and_machines_have_rules(void **state)
{
	struct rules rules = rules_of(
	    "input x { title = X kind = jiggler device = {\"a *\", \"b\"}\n"
	    " bus = 0006 vendor = 2333 }\n"
	    "hypervisor y { title = Y dmi = {\"QEMU\"} cpuid = \"bhyve "
	    "bhyve \"\n"
	    " pci = 1af4 usb = {\"80ee:0021\", \"203a:*\"} display = "
	    "\"RHT:1234\" }");
	const struct rule *rule = first_of(&rules, RULE_INPUT);

	(void)state;
	assert_int_equal(rule->low, 6);
	assert_int_equal(rule->high, 0x2333);
	assert_string_equal(rule->text, "a *");
	assert_string_equal(rule[1].text, "b");
	has_rule(&rules, RULE_DMI, "QEMU");
	has_rule(&rules, RULE_CPUID, "bhyve bhyve ");
	assert_int_equal(first_of(&rules, RULE_PCI)->low, 0x1af4);
	rule = first_of(&rules, RULE_USB);
	assert_int_equal(rule->high, 0x21);
	assert_int_equal(rule[1].low, 0x203a);
	assert_int_equal(rule[1].high, RULE_ANY);
	rule = first_of(&rules, RULE_DISPLAY);
	assert_string_equal(rule->device.manufacturer, "RHT");
	assert_int_equal(rule->low, 0x1234);
	assert_int_equal(rules.entry[rule->entry].kind, ENTRY_HYPERVISOR);
	rules_done(&rules);
}

/* ---- together ---------------------------------------------------------- */

static void
test_identities_of_one_thing_are_one_entry(void **state)
{
	static const char text[] =
	    "usb a { same_as = pikvm model = A }\n"
	    "usb pikvm { title = \"PiKVM\" kind = \"ip-kvm\" model = P }\n"
	    "usb z { same_as = pikvm model = Z }\n"
	    "display pikvm { title = \"Its screen\" kind = \"hdmi-capture\"\n"
	    " manufacturer = LNX products = 7770 }";
	struct catalogue *c = accepted(text);
	struct rules rules = rules_of(text);
	const struct rule *rule = first_of(&rules, RULE_USB);

	(void)state;
	assert_int_equal(rules.nentries, 2);
	assert_int_equal(count_rules(&rules, RULE_USB, NULL), 3);
	assert_string_equal(rules.entry[rule[0].entry].name, "pikvm");
	assert_int_equal(rule[0].entry, rule[1].entry);
	assert_int_equal(rule[1].entry, rule[2].entry);
	assert_int_equal(rules.entry[rule[0].entry].kind, ENTRY_IP_KVM);
	assert_string_equal(catalogue_find(c, "a")->title, "PiKVM");
	assert_string_equal(catalogue_find(c, "pikvm")->title, "PiKVM");
	assert_string_equal(catalogue_find_kind(c, ENTRY_CAPTURE, "pikvm")
				->title,
	    "Its screen");
	assert_null(catalogue_find(c, "pik"));
	assert_null(catalogue_find_kind(c, ENTRY_VNC, "pikvm"));
	rules_done(&rules);
	catalogue_free(c);
}

static void
test_what_was_written_is_kept_for_people(void **state)
{
	struct catalogue *c =
	    accepted("# a comment\n\ntool x {\n" CAT_TOOL "\n"
		     "exe = {\"/a\",\n\"/b\"}\nsource = \"a@1\"\n"
		     "note = \"n\\\"\\\\ \xc3\xa6\" }");
	const struct catalogue_entry *e = &c->entries[0];

	(void)state;
	assert_int_equal(e->line, 3);
	assert_string_equal(e->file, "t.conf");
	assert_string_equal(e->title, "T");
	assert_string_equal(catalogue_value(e, "source"), "a@1");
	assert_string_equal(catalogue_value(e, "note"), "n\"\\ \xc3\xa6");
	assert_string_equal(catalogue_value(e, "comm"), "");
	assert_null(catalogue_values(e, "comm"));
	assert_int_equal(catalogue_values(e, "exe")->n, 2);
	assert_int_equal(catalogue_values(e, "exe")->lines[1], 6);
	catalogue_free(c);
}

static void
test_an_ordinary_tool_needs_no_sign(void **state)
{
	struct rules rules =
	    rules_of("tool x { title = X kind = ordinary }\n"
		     "tool y { title = Y kind = ordinary exe = "
		     "{\"/memfd:runc_cloned:*\", \"/usr/bin/y\"} }");

	(void)state;
	assert_int_equal(rules.nentries, 2);
	assert_int_equal(rules.nrules, 2);
	has_rule(&rules, RULE_EXE, "/memfd:runc_cloned:*");
	rules_done(&rules);
}

static void
test_an_empty_file_is_a_catalogue(void **state)
{
	struct rules rules = rules_of("# nothing\n");

	(void)state;
	assert_int_equal(rules.nentries, 0);
	assert_int_equal(rules.nrules, 0);
	rules_done(&rules);
}

static void
test_the_hash_tells_every_change(void **state)
{
	struct catalogue *a = accepted("tool x { " CAT_TOOL "exe = x }"),
			 *b = accepted("tool x { " CAT_TOOL "exe = x }"),
			 *c = accepted("tool x { " CAT_TOOL "exe = y }");

	(void)state;
	assert_int_equal(strlen(a->hash), 64);
	assert_string_equal(a->hash, b->hash);
	assert_string_not_equal(a->hash, c->hash);
	catalogue_free(a);
	catalogue_free(b);
	catalogue_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_tool_becomes_an_entry_and_rules),
		cmocka_unit_test(test_a_bare_program_is_one_in_any_folder),
		cmocka_unit_test(test_packages_and_units_are_files),
		cmocka_unit_test(test_a_rule_is_there_once),
		cmocka_unit_test(test_who_is_steered_follows_from_the_kind),
		cmocka_unit_test(test_names_alone_are_known_as_such),
		cmocka_unit_test(test_paths_where_nobody_can_look_are_told),
		cmocka_unit_test(
		    test_each_combination_of_a_devices_strings_is_a_rule),
		cmocka_unit_test(test_hid_is_a_rule_of_its_own_kind),
		cmocka_unit_test(test_displays_are_known_by_edid),
		cmocka_unit_test(test_input_devices_and_machines_have_rules),
		cmocka_unit_test(test_identities_of_one_thing_are_one_entry),
		cmocka_unit_test(test_what_was_written_is_kept_for_people),
		cmocka_unit_test(test_an_ordinary_tool_needs_no_sign),
		cmocka_unit_test(test_an_empty_file_is_a_catalogue),
		cmocka_unit_test(test_the_hash_tells_every_change),
	};

	return cmocka_run_group_tests_name("catalogue", tests, set_up, NULL);
}
