/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entries that are wrong: each is refused on its line, with what to do, and
 * what is hostile is harmless.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/catalogue_fixture.h"

/* In one tool that is right but for that. */
static void
tool(const char *keys, const char *part)
{
	char text[8192];

	(void)snprintf(text, sizeof(text), "tool x {\n%s exe = \"/a\"\n%s }",
	    CAT_TOOL, keys);
	refused(text, 3, part);
}

static void
usb(const char *keys, const char *part)
{
	char text[8192];

	(void)snprintf(text, sizeof(text), "usb x {\n%s\n%s }", CAT_USB, keys);
	refused(text, 3, part);
}

static void
display(const char *keys, const char *part)
{
	char text[8192];

	(void)snprintf(text, sizeof(text), "display x {\n%s\n%s }", CAT_EDID,
	    keys);
	refused(text, 3, part);
}

/* key = "aaa...", of so many bytes. */
static void
long_value(void (*section)(const char *keys, const char *part), const char *key,
    size_t len, const char *part)
{
	char text[4096];
	int n = snprintf(text, sizeof(text), "%s = \"", key);

	memset(text + n, 'a', len);
	(void)snprintf(text + n + len, sizeof(text) - (size_t)n - len, "\"");
	section(text, part);
}

/* ---- structure --------------------------------------------------------- */

static void
test_unknown_keys_are_refused_with_the_nearest(void **state)
{
	(void)state;
	refused("tol x { title = T }", 1, "did you mean \"tool\"?");
	refused("tool x { " CAT_TOOL "exe = x exes = y }", 1,
	    "unknown key \"exes\" in tool; did you mean \"exe\"?");
	refused("usb x { " CAT_USB "model = x comm = y }", 1,
	    "unknown key \"comm\" in usb; keys here are title, kind,");
	refused("mode = \"observe\"", 1, "keys here are tool, usb, display,");
	refused("tool x { " CAT_TOOL "exe = x usb y { } }", 1,
	    "it stands outside of all sections, close this one with }");
}

static void
test_names_are_short_and_plain(void **state)
{
	(void)state;
	is_accepted("tool a-b_9 { " CAT_TOOL "exe = x }");
	is_accepted("tool aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa { " CAT_TOOL
		    "exe = x }");
	refused("tool aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab { " CAT_TOOL
		"exe = x }",
	    1, "is no name for a tool");
	refused("tool AnyDesk { " CAT_TOOL "exe = x }", 1, "is no name");
	refused("input \"a b\" { title = T kind = rmm device = x }", 1,
	    "is no name for an input; use 1 to 32");
	refused("tool { " CAT_TOOL "exe = x }", 1, "tool without a name");
}

static void
test_an_entry_is_there_once(void **state)
{
	(void)state;
	is_accepted("tool x { " CAT_TOOL "exe = x }\nusb x { " CAT_USB
		    "model = x }");
	refused("tool x { " CAT_TOOL "exe = x }\ntool x { " CAT_TOOL
		"exe = y }",
	    2, "tool x was defined in line 1 already");
	refused("tool x { " CAT_TOOL "exe = x\nexe = y }", 2, "twice");
	refused("tool x { " CAT_TOOL "exe = {x,\nx} }", 2,
	    "\"x\" is in exe twice; remove one");
}

static void
test_all_that_is_wrong_is_told(void **state)
{
	struct parsed p = parse("tool x { title = \"\" kind = rnm\n"
				" exe = \"a/b\" listen = \"http\"\n"
				" active = {lissen, relay} steers = all }\n"
				"usb y { kind = vnc vendor = 1d6 hid = 1 }\n"
				"display z { nonsense }\n");

	(void)state;
	assert_true(has_error(&p.errors, 1, "title is empty"));
	assert_true(has_error(&p.errors, 1, "did you mean \"rmm\"?"));
	assert_true(has_error(&p.errors, 2, "neither an absolute path nor"));
	assert_true(has_error(&p.errors, 2, "\"http\" is no port"));
	assert_true(has_error(&p.errors, 3, "did you mean \"listen\"?"));
	assert_true(has_error(&p.errors, 3, "is nobody's screen"));
	assert_true(has_error(&p.errors, 4, "is no kind of usb"));
	assert_true(has_error(&p.errors, 4, "four hexadecimal digits"));
	assert_true(has_error(&p.errors, 4, "write hid = \"yes\" or \"no\""));
	assert_true(has_error(&p.errors, 5, "unknown key \"nonsense\""));
	parsed_done(&p);
}

/* ---- what every entry needs -------------------------------------------- */

static void
test_an_entry_needs_a_title_a_kind_and_a_sign(void **state)
{
	(void)state;
	refused("\ntool x { kind = rmm exe = x }", 2,
	    "tool x has no title; add what people call it");
	refused("tool x { title = T exe = x }", 1,
	    "tool x has no kind; add kind = \"rmm\"");
	refused("display x { title = T serials = x }", 1,
	    "add kind = \"hdmi-capture\"");
	refused("tool x { " CAT_TOOL "}", 1,
	    "tool x can never be seen; add exe, script, comm,");
	refused("tool x { " CAT_TOOL "steers = own active_exe = x }", 1,
	    "tool x can never be seen");
	refused("usb x { " CAT_USB "}", 1, "usb x can never be seen");
	refused("display x { " CAT_EDID "weak = yes }", 1, "can never be seen");
	refused("input x { title = T kind = rmm bus = 0006 device = \"\" }", 1,
	    "device is empty");
	refused("hypervisor x { title = T }", 1,
	    "add dmi, cpuid, pci, usb or display");
	refused("hypervisor x { title = T kind = rmm dmi = x }", 1,
	    "unknown key \"kind\" in hypervisor");
}

static void
test_each_section_has_its_kinds(void **state)
{
	(void)state;
	refused("tool x { title = T kind = remote exe = x }", 1,
	    "unknown kind \"remote\"; write rmm, input-share, vnc, rdp,");
	refused("tool x { title = T kind = \"ip-kvm\" exe = x }", 1,
	    "is no kind of tool; write rmm,");
	refused("usb x { title = T kind = rmm model = x }", 1,
	    "is no kind of usb; write jiggler, ip-kvm, hdmi-capture, ordinary");
	refused("input x { title = T kind = vnc device = x }", 1,
	    "is no kind of input");
	refused("tool x { title = T kind = hidden exe = x }", 1,
	    "unknown kind \"hidden\"");
	refused("tool x { title = T kind = none exe = x }", 1,
	    "unknown kind \"none\"");
	refused("usb x { title = T kind = keyboard model = x }", 1,
	    "unknown kind \"keyboard\"");
}

static void
test_texts_have_a_length(void **state)
{
	(void)state;
	refused("tool x { title = "
		"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaa\" kind = rmm exe = x }",
	    1, "title has 81 bytes and may have 80; shorten it");
	long_value(tool, "source", 601, "source has 601 bytes");
	long_value(tool, "note", 601, "note has 601 bytes");
	tool("note = \"\"", "note is empty; leave the key out");
	long_value(tool, "script", 192, "script has 192 bytes and may have");
	long_value(tool, "comm", 192, "comm has 192 bytes");
	long_value(tool, "files", 192, "files has 192 bytes");
	long_value(tool, "active_argument", 192, "may have 191");
	long_value(tool, "interfaces", 16, "interfaces has 16 bytes");
	long_value(tool, "links", 16, "links has 16 bytes");
	long_value(tool, "packages", 64, "is no package's name");
	long_value(usb, "model", 64, "model has 64 bytes and may have 63");
	long_value(display, "models", 14,
	    "models has 14 bytes and may have 13");
	long_value(display, "serials", 14, "may have 13");
}

/* ---- values of a tool -------------------------------------------------- */

static void
test_programs_are_paths_or_bare_names(void **state)
{
	(void)state;
	tool("script = \"bin/x\"", "neither an absolute path nor a bare name");
	tool("script = \"~/x\"", "neither an absolute path");
	tool("active_exe = \"../x\"", "neither an absolute path");
	tool("files = \"x\"", "\"x\" in files is no absolute path; begin it");
	tool("files = \"~/.config/x\"", "is no absolute path");
	tool("files = \"/opt//x\"", "is no path as the kernel writes it");
	tool("files = \"/opt/../x\"", "is no path as the kernel writes it");
	tool("files = \"/opt/./x\"", "is no path as the kernel writes it");
	tool("files = \"/opt/x/\"", "is no path as the kernel writes it");
	tool("files = \"/\"", "is no path as the kernel writes it");
	tool("files = \"/opt/..\"", "is no path as the kernel writes it");
}

static void
test_globs_say_something(void **state)
{
	(void)state;
	tool("script = \"*\"", "\"*\" in script is anything; write what it is");
	tool("comm = \"?*\"", "is anything");
	tool("interfaces = \"*\"", "is anything");
	tool("files = \"/*\"", "may be in any folder; begin it with one");
	tool("files = \"/*/x\"", "may be in any folder");
	tool("files = \"/o?t/x\"", "may be in any folder");
	tool("active_exe = \"/*/frpc\"", "may be in any folder");
	tool("files = \"/opt/[a-z]\"", "has brackets, and only * and ?");
	tool("script = \"/opt/{a,b}\"", "has brackets");
	tool("script = \"\"", "script is empty; leave the key out");
}

static void
test_names_of_processes_can_be_seen(void **state)
{
	(void)state;
	tool("comm = \"chrome-remote-desktop\"",
	    "can never be seen, because the kernel keeps 15 bytes of a "
	    "process's name; write \"chrome-remote-d\"");
	tool("active_comm = \"sixteen-bytes-ab\"", "write \"sixteen-bytes-a\"");
	is_accepted("tool x { " CAT_TOOL "comm = \"fifteen-bytes-*a\" }");
}

static void
test_what_is_installed_has_a_name(void **state)
{
	(void)state;
	tool("packages = \"Foo\"", "is no package's name; write what dpkg -S");
	tool("packages = \"foo:amd64\"", "is no package's name");
	tool("packages = \"../x\"", "is no package's name");
	tool("packages = \"x*\"", "is no package's name");
	tool("units = \"x\"", "is no unit; write a name such as \"x.service\"");
	tool("units = \".service\"", "is no unit");
	tool("units = \"x.conf\"", "is no unit");
	tool("units = \"a/x.service\"", "is no unit");
	tool("units = \"user/../x.service\"", "is no unit");
	is_accepted("tool x { " CAT_TOOL "units = {\"a@*.service\", "
		    "\"user/b.socket\"} }");
}

static void
test_ports_have_a_protocol_and_a_range(void **state)
{
	static const char *const wrong[] = { "5900", "tcp", "tcp/", "tcp/0",
		"tcp/65536", "tcp/5999-5900", "tcp/1-", "tcp/-1", "tcp/1-2-3",
		"tcp/99999999999999999999", "sctp/1", "TCP/1", "tcp/1 ",
		"tcp/0x10", "tcp/1-65536", "tcp//1" };
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		(void)snprintf(text, sizeof(text), "listen = \"%s\"", wrong[i]);
		tool(text, "is no port; write one such as \"tcp/5900\"");
	}
	tool("relay = \"443\"", "is no port");
	is_accepted("tool x { " CAT_TOOL "exe = x listen = \"tcp/1-65535\" }");
}

static void
test_what_has_no_effect_is_refused(void **state)
{
	(void)state;
	tool("active = listen", "never active by \"listen\"; add the ports");
	tool("active = relay", "never active by \"relay\"; add the ports");
	tool("active = connected", "tells nobody that it is in use; write");
	refused("tool x { " CAT_TOOL "packages = foo active = running }", 1,
	    "never active by \"running\"; add exe, script or comm");
	refused("tool x { " CAT_TOOL "packages = foo active = fork }", 1,
	    "never active by \"fork\"");
	refused("tool x { " CAT_TOOL "comm = x active_argument = \"-x\" }", 1,
	    "no program that could have the argument; add exe or script");
	refused("tool x { " CAT_TOOL "comm = x listen = \"tcp/1\" "
		"active = listen listen_argument = \"-p\" }",
	    1,
	    "nothing comes of listen_argument in tool x; add exe, and listen");
	refused("tool x { " CAT_TOOL "exe = x listen_argument = \"-p\" }", 1,
	    "nothing comes of listen_argument in tool x");
	refused("tool x { title = T kind = ordinary exe = x active = child }",
	    1, "is ordinary and never told of; remove active");
	refused("tool x { title = T kind = ordinary exe = x active_exe = y }",
	    1, "remove active_exe");
	refused("tool x { title = T kind = \"vpn-client\" exe = x active = "
		"running }",
	    1,
	    "goes through its interface; name that in interfaces or links, "
	    "and");
	refused("tool x { " CAT_TOOL "listen = \"tcp/1\" packages = foo }", 1,
	    "tool x is whoever has that port, and packages belongs to one");
	refused("tool x { " CAT_TOOL "relay = \"tcp/1\" units = \"x.service\" "
		"}",
	    1, "add exe, script or comm, or make two tools");
}

/* ---- devices ----------------------------------------------------------- */

static void
test_devices_have_numbers_and_strings(void **state)
{
	(void)state;
	usb("vendor = \"0x1d6b\" product = 0104", "\"0x1d6b\" in vendor is no");
	usb("vendor = 1d6g product = 0104", "four hexadecimal digits");
	usb("vendor = 1d6b product = 104", "\"104\" in product is no number");
	usb("vendor = \"\" product = 0104", "four hexadecimal digits");
	usb("product = 0104", "has a product and no vendor");
	usb("vendor = 1d6b", "is everything that the vendor makes; add");
	usb("storage = \"PiKVM/Flash Drive\" hid = yes", "nothing that hid");
	usb("model = x hid = maybe", "write hid = \"yes\" or \"no\"");
	usb("model = \"\"", "model is empty");
	usb("storage = \"PiKVM\"", "is no disk's name; write its vendor, of");
	usb("storage = \"/x\"", "is no disk's name");
	usb("storage = \"x/\"", "is no disk's name");
	usb("storage = \"ninebytes/x\"", "at most 8 bytes");
	usb("storage = \"x/seventeen bytes a\"", "at most 16");
	usb("reports = \"abc\"", "is no digest; write what sha256sum prints");
	usb("reports = \"5333CC3A23DB1DD7A9E8303E2169A54A7070F69822FA5030146348"
	    "52C24410B6\"",
	    "in lower case");
}

static void
test_displays_have_makers_and_products(void **state)
{
	(void)state;
	display("manufacturer = lnx products = 7770",
	    "is no maker of displays; write the three capital letters");
	display("manufacturer = LNXX products = 7770", "three capital letters");
	display("manufacturer = L1X products = 7770", "three capital letters");
	display("manufacturer = LNX products = 777", "four hexadecimal digits");
	display("manufacturer = LNX products = \"7773-7770\"", "is no range");
	display("manufacturer = LNX products = \"7770-777g\"", "is no range");
	display("products = 7770", "has products and no manufacturer");
	display("manufacturer = LNX", "everything that the manufacturer makes");
	display("models = x weak = 1", "write weak = \"yes\" or \"no\"");
}

static void
test_input_devices_and_machines_are_exact(void **state)
{
	(void)state;
	refused("input x { title = T kind = rmm bus = 6 device = x }", 1,
	    "\"6\" in bus is no number");
	refused("input x { title = T kind = rmm vendor = 2333 }", 1,
	    "has no name of a device; add device");
	refused("hypervisor x { title = T cpuid = \"ThirteenBytes\" }", 1,
	    "cpuid has 13 bytes and may have 12");
	refused("hypervisor x { title = T dmi = \"\" }", 1, "dmi is empty");
	refused("hypervisor x { title = T pci = \"0x1af4\" }", 1,
	    "four hexadecimal digits");
	refused("hypervisor x { title = T usb = \"80ee\" }", 1,
	    "is no USB device; write one such as");
	refused("hypervisor x { title = T usb = \"80ee:\" }", 1,
	    "is no USB device");
	refused("hypervisor x { title = T usb = \"80ee:x\" }", 1,
	    "four hexadecimal digits");
	refused("hypervisor x { title = T usb = \"8:ee:0021\" }", 1,
	    "four hexadecimal digits");
	refused("hypervisor x { title = T display = \"RHT\" }", 1,
	    "is no display; write its maker and product");
	refused("hypervisor x { title = T display = \"rht:1234\" }", 1,
	    "is no maker of displays");
	refused("hypervisor x { title = T display = \"RHT:123x\" }", 1,
	    "four hexadecimal digits");
}

static void
test_another_identity_is_of_one_that_is_there(void **state)
{
	static const char pikvm[] =
	    "usb pikvm { title = P kind = \"ip-kvm\" model = P }\n";
	char text[512];

	(void)state;
	(void)snprintf(text, sizeof(text), "%s%s", pikvm,
	    "usb b { same_as = pikvn model = B }");
	refused(text, 2, "there is no usb \"pikvn\" that this could be; did");
	refused("usb b { same_as = b model = B }", 1, "there is no usb \"b\"");
	refused("usb b { same_as = \"\" model = B }", 1, "there is no usb");
	(void)snprintf(text, sizeof(text), "%s%s", pikvm,
	    "usb b { same_as = pikvm model = B }\n"
	    "usb c { same_as = b model = C }");
	refused(text, 3, "there is no usb \"b\" that this could be");
	(void)snprintf(text, sizeof(text), "%s%s", pikvm,
	    "display b { same_as = pikvm models = B }");
	refused(text, 2, "there is no display \"pikvm\"");
	(void)snprintf(text, sizeof(text), "%s%s", pikvm,
	    "usb b { same_as = pikvm title = B model = B }");
	refused(text, 2, "remove title, or same_as");
	(void)snprintf(text, sizeof(text), "%s%s", pikvm,
	    "usb b { same_as = pikvm kind = jiggler model = B }");
	refused(text, 2, "remove kind, or same_as");
	(void)snprintf(text, sizeof(text), "%s%s", pikvm,
	    "usb b { same_as = pikvm }");
	refused(text, 2, "usb b can never be seen");
}

/* ---- RCD-12: hostile ones ---------------------------------------------- */

/* times pieces of text, each with its number for %zu. */
static char *
repeat(const char *piece, size_t times)
{
	size_t room = times * (strlen(piece) + 24) + 1, len = 0, i;
	char *text = malloc(room), number[24];
	const char *at = strstr(piece, "%zu");

	assert_non_null(text);
	assert_non_null(at);
	for (i = 0; i < times; i++) {
		(void)snprintf(number, sizeof(number), "%zu", i);
		len += (size_t)snprintf(text + len, room - len, "%.*s%s%s",
		    (int)(at - piece), piece, number, at + 3);
	}
	return text;
}

static void
test_a_catalogue_has_a_size(void **state)
{
	char *text =
	    repeat("tool t%zu { " CAT_TOOL "exe = x }\n", RULE_ENTRIES_MAX);
	char *more =
	    repeat("tool t%zu { " CAT_TOOL "exe = x }\n", RULE_ENTRIES_MAX + 9);

	(void)state;
	is_accepted(text);
	refused(more, RULE_ENTRIES_MAX + 1, "more than 512 entries; take out");
	free(text);
	free(more);
}

static void
test_a_file_of_errors_ends(void **state)
{
	char *text = repeat("usb t%zu { nonsense }\n", 5001);
	struct parsed p = parse(text);

	(void)state;
	assert_int_equal(p.errors.count, 101);
	assert_true(has_error(&p.errors, 101, "too many errors; correct"));
	parsed_done(&p);
	free(text);
}

static void
test_combinations_do_not_explode(void **state)
{
	char *list = repeat("\"m%zu\",", 4000), text[128];
	size_t len = strlen(list);
	char *all = malloc(3 * len + 512);

	(void)state;
	assert_non_null(all);
	list[len - 1] = '\0';
	(void)snprintf(text, sizeof(text), "usb x {\n%s\n", CAT_USB);
	(void)snprintf(all, 3 * len + 512,
	    "%smodel = {%s}\nserial = {%s}\nmanufacturer = {%s} }", text, list,
	    list, list);
	refused(all, 1,
	    "usb x brings the catalogue to more than 8192 signs; take out");
	free(all);
	free(list);
}

static void
test_what_is_cut_is_refused(void **state)
{
	static const char whole[] = "# a\ntool x {\n\ttitle = \"X\"\n"
				    "\tkind = vnc\n\texe = {\"/usr/bin/x\"}\n"
				    "\tlisten = {\"tcp/5900\"}\n}\n";
	size_t len;

	(void)state;
	for (len = strlen("# a\nt"); len < strlen(whole) - 2; len++) {
		struct conf_errors errors = { 0 };
		struct catalogue *catalogue = NULL;

		assert_int_equal(catalogue_parse("t", whole, len, &catalogue,
				     &errors),
		    FG_ERR_CONFIG);
		assert_null(catalogue);
		conf_errors_done(&errors);
	}
	is_accepted(whole);
}

static void
test_bytes_that_are_no_text_are_refused(void **state)
{
	static const char nul[] = "tool x { " CAT_TOOL "exe = \"a\0b\" }";
	struct conf_errors errors = { 0 };
	struct catalogue *catalogue = NULL;

	(void)state;
	assert_int_equal(catalogue_parse("t", nul, sizeof(nul) - 1, &catalogue,
			     &errors),
	    FG_ERR_CONFIG);
	conf_errors_done(&errors);
	tool("note = \"\033[2J\"", "a byte or character that cannot be seen");
	tool("note = \"${HOME}\"", "the environment is not used");
	tool("note = \"\\x41\"", "a backslash before another character");
	tool("files = \"/opt/\xff\"", "a byte or character that cannot be");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_unknown_keys_are_refused_with_the_nearest),
		cmocka_unit_test(test_names_are_short_and_plain),
		cmocka_unit_test(test_an_entry_is_there_once),
		cmocka_unit_test(test_all_that_is_wrong_is_told),
		cmocka_unit_test(test_an_entry_needs_a_title_a_kind_and_a_sign),
		cmocka_unit_test(test_each_section_has_its_kinds),
		cmocka_unit_test(test_texts_have_a_length),
		cmocka_unit_test(test_programs_are_paths_or_bare_names),
		cmocka_unit_test(test_globs_say_something),
		cmocka_unit_test(test_names_of_processes_can_be_seen),
		cmocka_unit_test(test_what_is_installed_has_a_name),
		cmocka_unit_test(test_ports_have_a_protocol_and_a_range),
		cmocka_unit_test(test_what_has_no_effect_is_refused),
		cmocka_unit_test(test_devices_have_numbers_and_strings),
		cmocka_unit_test(test_displays_have_makers_and_products),
		cmocka_unit_test(test_input_devices_and_machines_are_exact),
		cmocka_unit_test(test_another_identity_is_of_one_that_is_there),
		cmocka_unit_test(test_a_catalogue_has_a_size),
		cmocka_unit_test(test_a_file_of_errors_ends),
		cmocka_unit_test(test_combinations_do_not_explode),
		cmocka_unit_test(test_what_is_cut_is_refused),
		cmocka_unit_test(test_bytes_that_are_no_text_are_refused),
	};

	return cmocka_run_group_tests_name("catalogue_refuse", tests, set_up,
	    NULL);
}
