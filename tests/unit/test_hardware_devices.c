/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole machines, as umockdev shows them: IP-KVMs and jigglers are found,
 * ordinary docks, receivers and switches are nothing, and what poses as a
 * known maker's keyboard is known by its composition only. RCD-08 to RCD-10.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "policyd/crypto.h"
#include "policyd/scanner/hardware/roster.h"
#include "tests/unit/plugging.h"

static void
test_kvms(void **state)
{
	static const char *const names[] = { "pikvm", "tinypilot", "nanokvm",
		"jetkvm", "blikvm" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		look_at(names[i]);
		expect(ENTRY_IP_KVM, names[i], SIGN_BY_IDENTITY, "");
		/* and no other, nor by its composition as well */
		assert_int_equal(count(ENTRY_IP_KVM), 1);
		assert_int_equal(count(ENTRY_JIGGLER), 0);
		assert_int_equal(count(ENTRY_KEYBOARD), 1);
		assert_int_equal(count(ENTRY_POINTER), 1);
		assert_int_equal(count(ENTRY_MONITOR), 1);
	}
}

static void
test_words(void **state)
{
	(void)state;
	look_at("pikvm");
	expect(ENTRY_IP_KVM, "pikvm", SIGN_BY_IDENTITY,
	    "\"PiKVM Composite Device\" (1d6b:0104) on port 1-2, serial "
	    "\"CAFEBABE\"");
	assert_int_equal(sign_of(ENTRY_IP_KVM, "pikvm").grade, SIGN_PRESENT);
	assert_int_equal(sign_of(ENTRY_IP_KVM, "pikvm").steers,
	    ENTRY_STEERS_SEAT);
	expect(ENTRY_MONITOR, NULL, SIGN_BY_IDENTITY,
	    "\"PiKVM V4 Plus\" (LNX:7773) on HDMI-A-1");
}

static void
rename_kvm(const char *vendor, const char *product, const char *manufacturer,
    const char *name)
{
	mockdev.set_attribute(mockdev.bed, "/sys" KVM, "idVendor", vendor);
	mockdev.set_attribute(mockdev.bed, "/sys" KVM, "idProduct", product);
	mockdev.set_attribute(mockdev.bed, "/sys" KVM, "manufacturer",
	    manufacturer);
	mockdev.set_attribute(mockdev.bed, "/sys" KVM, "product", name);
}

/* What survives a new name: its disk, unless that is renamed as well. */
static void
test_disk(void **state)
{
	static const char disk[] =
	    "/sys" KVM "/1-2:1.2/host0/target0:0:0/0:0:0:0";

	(void)state;
	look_at("pikvm");
	rename_kvm("413c", "2011", "Dell Inc.", "Keyboard");
	mockdev.set_attribute(mockdev.bed,
	    "/sys/devices/pci0000:00/0000:00:02.0/drm/card0/card0-HDMI-A-1",
	    "status", "disconnected");
	take_whole(1000);
	expect(ENTRY_IP_KVM, "pikvm", SIGN_BY_IDENTITY,
	    "its disk is \"PiKVM\" \"Optical Drive\"");
	assert_int_equal(count(ENTRY_IP_KVM), 1);
	mockdev.set_attribute(mockdev.bed, disk, "vendor", "GENERIC");
	take(1000);
	expect(ENTRY_IP_KVM, "composition", SIGN_BY_COMPOSITION,
	    "keyboard, absolute mouse, disk on one device, no known identity");
	assert_int_equal(count(ENTRY_IP_KVM), 1);
}

static void
test_posing(void **state)
{
	static const char *const names[] = { "spoofed_dell", "spoofed_logitech",
		"spoofed_microsoft" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		look_at(names[i]);
		expect(ENTRY_IP_KVM, "composition", SIGN_BY_COMPOSITION,
		    "no known identity");
		assert_int_equal(count(ENTRY_IP_KVM), 1);
		assert_int_equal(count(ENTRY_CAPTURE), 0);
		assert_int_equal(count(ENTRY_JIGGLER), 0);
	}
}

static void
name_interface(const char *number, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "/sys" KVM "/1-2:1.%s", number);
	mockdev.set_attribute(mockdev.bed, path, "interface", name);
}

/* A relative mouse and no disk: all else is as an ordinary keyboard has it. */
static void
test_interface_of_linux(void **state)
{
	(void)state;
	look_at("spoofed_relative");
	expect(ENTRY_IP_KVM, "composition", SIGN_BY_COMPOSITION,
	    "keyboard, mouse, \"HID Interface\" as of Linux on one device, "
	    "no known identity: ");
	assert_int_equal(count(ENTRY_IP_KVM), 1);
	name_interface("0", "\n");
	take(1000);
	assert_int_equal(count(ENTRY_IP_KVM), 1);
	name_interface("1", "HID Interface 2\n");
	take(1000);
	assert_int_equal(count(ENTRY_IP_KVM), 0);
	assert_int_equal(count(ENTRY_KEYBOARD), 1);
}

/* A keyboard alone is what somebody has built for their desk. */
static void
test_keyboard_of_linux(void **state)
{
	static const char keyboard[] =
	    "P: " ROOT "/1-9\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n"
	    "A: idVendor=1111\\n\nA: idProduct=2222\\n\n\n"
	    "P: " ROOT "/1-9/1-9:1.0\nE: SUBSYSTEM=usb\n"
	    "E: DEVTYPE=usb_interface\nA: bInterfaceClass=03\\n\n"
	    "A: bInterfaceSubClass=01\\n\nA: bInterfaceProtocol=01\\n\n"
	    "A: interface=HID Interface\\n\n\n";

	(void)state;
	load("beaglebone");
	assert_true(mockdev.add_from_string(mockdev.bed, keyboard, NULL));
	take_whole(1000);
	assert_int_equal(count(ENTRY_KEYBOARD), 1);
	assert_int_equal(count(ENTRY_IP_KVM), 0);
}

/* The firmware's own report descriptor, on a board with another's name. */
static void
test_report(void **state)
{
	struct rule_entry entry = hw_entries[HW_PIKVM];
	struct rule rule = { .kind = RULE_REPORT };
	static uint8_t report[512];
	size_t len;
	FILE *fp;

	(void)state;
	look_at("spoofed_logitech");
	fp = fopen("/sys" KVM "/1-2:1.1/0003:046D:C52B.0002/report_descriptor",
	    "rb");
	assert_non_null(fp);
	len = fread(report, 1, sizeof(report), fp);
	(void)fclose(fp);
	crypto_sha256_hex(report, len, rule.text);
	rules_done(&rules);
	assert_int_equal(rules_make(&entry, 1, &rule, 1, &rules), 0);
	take_whole(1000);
	expect(ENTRY_IP_KVM, "pikvm", SIGN_BY_COMPOSITION,
	    "its report descriptor is this one's, no known identity");
	assert_int_equal(count(ENTRY_IP_KVM), 1);
}

static void
test_jiggler(void **state)
{
	(void)state;
	look_at("jiggler");
	expect(ENTRY_JIGGLER, "wiebetech", SIGN_BY_IDENTITY, "(0e90:0045)");
	assert_int_equal(count(ENTRY_POINTER), 1);
	/* The same maker's write blocker, and any other mouse. */
	mockdev.set_attribute(mockdev.bed, "/sys" ROOT "/1-3", "idProduct",
	    "0046");
	take(1000);
	expect_ordinary();
}

static void
test_beaglebone(void **state)
{
	(void)state;
	look_at("beaglebone");
	expect_ordinary();
	assert_int_equal(count(ENTRY_KEYBOARD), 0);
	assert_int_equal(count(ENTRY_POINTER), 0);
	assert_int_equal(count(ENTRY_OTHER_INPUT), 0);
}

static void
test_thinkpad(void **state)
{
	(void)state;
	look_at("thinkpad");
	expect_ordinary();
	/* Receiver, keyboard, security key; and what points: the first two and
	 * the tablet. The dock's volume keys and what is built in are none. */
	assert_int_equal(count(ENTRY_KEYBOARD), 3);
	assert_int_equal(count(ENTRY_POINTER), 3);
	assert_int_equal(count(ENTRY_OTHER_INPUT), 0);
	assert_int_equal(count(ENTRY_MONITOR), 1);
}

static void
test_latitude(void **state)
{
	size_t i, same = 0;

	(void)state;
	look_at("latitude");
	expect_ordinary();
	/* Receiver, two wired ones, one that is paired; and keyd's. */
	assert_int_equal(count(ENTRY_KEYBOARD), 5);
	/* Receiver, the pair of mice, mouse keys of two keyboards. */
	assert_int_equal(count(ENTRY_POINTER), 5);
	assert_int_equal(count(ENTRY_MONITOR), 2);
	for (i = 0; i < picture.nsigns; i++)
		same += strstr(picture.sign[i].what, " #2") != NULL;
	assert_int_equal(same, 1); /* mice; monitors have serial numbers */
}

static void
test_desk_switch(void **state)
{
	(void)state;
	look_at("desk_switch");
	/* With a rule for its second screen that is too wide. */
	expect_ordinary();
	assert_int_equal(count(ENTRY_KEYBOARD), 2);
	assert_int_equal(count(ENTRY_POINTER), 2); /* and a touch panel */
	assert_int_equal(count(ENTRY_OTHER_INPUT), 1);
	assert_int_equal(count(ENTRY_MONITOR), 2);
}

static void
test_board(void **state)
{
	(void)state;
	look_at("board");
	expect(ENTRY_JIGGLER, "hid-board", SIGN_BY_COMPOSITION,
	    "no known identity");
	assert_int_equal(count(ENTRY_JIGGLER), 1);
	assert_int_equal(count(ENTRY_IP_KVM), 0);
}

#define ATTRIBUTE(name, value) "A: " name "=" value "\\n\n"
#define INTERFACE(number, class)                                         \
	"P: " ROOT "/1-9/1-9:1." number "\nE: SUBSYSTEM=usb\n"           \
	"E: DEVTYPE=usb_interface\n" ATTRIBUTE("bInterfaceClass", class) \
	    ATTRIBUTE("bInterfaceSubClass", "00")                        \
		ATTRIBUTE("bInterfaceProtocol", "00") "\n"

/* It takes pictures in, as a camera does, and its settings are by HID. */
static void
test_capture_card(void **state)
{
	static const char card[] =
	    "P: " ROOT
	    "/1-9\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n" ATTRIBUTE(
		"idVendor", "534d") ATTRIBUTE("idProduct", "2109")
		ATTRIBUTE("manufacturer", "MACROSILICON")
		    ATTRIBUTE("product", "USB Video") "\n" INTERFACE("0", "0e")
			INTERFACE("1", "0e") INTERFACE("2", "01")
			    INTERFACE("3", "01") INTERFACE("4", "03");

	(void)state;
	load("beaglebone");
	assert_true(mockdev.add_from_string(mockdev.bed, card, NULL));
	take_whole(1000);
	expect_ordinary();
	assert_int_equal(count(ENTRY_KEYBOARD), 0);
	assert_int_equal(count(ENTRY_POINTER), 0);
	assert_int_equal(count(ENTRY_OTHER_INPUT), 0);
}

/* A serial console alone: nothing to type on, or to look at. */
static void
test_serial_console(void **state)
{
	static const char cloud[] =
	    "P: /devices/virtual/dmi/id\nE: SUBSYSTEM=dmi\n" ATTRIBUTE(
		"sys_vendor", "Amazon EC2") ATTRIBUTE("product_name",
		"t3.micro") ATTRIBUTE("bios_vendor",
		"Amazon EC2") "\n"
			      "P: /devices/pnp0/00:05/tty/ttyS0\nE: "
			      "SUBSYSTEM=tty\n" ATTRIBUTE("active",
				  "ttyS0") "\n"
					   "P: "
					   "/devices/virtual/tty/console\nE: "
					   "SUBSYSTEM=tty\n" ATTRIBUTE("active",
					       "ttyS0") "\n";

	(void)state;
	need_umockdev();
	assert_true(mockdev.add_from_string(mockdev.bed, cloud, NULL));
	take_whole(1000);
	expect_ordinary();
	expect(ENTRY_HYPERVISOR, "ec2", SIGN_BY_IDENTITY,
	    "DMI says \"Amazon EC2\"");
	assert_int_equal(count(ENTRY_KEYBOARD), 0);
	assert_int_equal(count(ENTRY_MONITOR), 0);
}

static void
test_qemu(void **state)
{
	(void)state;
	look_at("qemu");
	expect(ENTRY_HYPERVISOR, "qemu", SIGN_BY_IDENTITY, "DMI says \"QEMU\"");
	expect(ENTRY_HYPERVISOR, "qemu", SIGN_BY_IDENTITY, "1af4");
	assert_int_equal(count(ENTRY_HYPERVISOR), 1);
	assert_int_equal(count(ENTRY_IP_KVM), 0);
	assert_int_equal(count(ENTRY_MONITOR), 0);
}

/* ---- RCD-09: hot-plug while it is read ---------------------------------- */

#define PORT "/devices/pci0000:00/0000:00:02.0/drm/card0/card0-HDMI-A-1"

struct change {
	char edid[PATH_MAX]; /* a pipe now: who reads it waits for us */
	bool gone;
	uint8_t other[128];
};

/* The port was seen connected, and its EDID is asked for: now. */
static void *
change_now(void *arg)
{
	struct change *c = arg;
	/* Not through what redirects /sys, and locks others out meanwhile. */
	int fd =
	    (int)syscall(SYS_openat, AT_FDCWD, c->edid, O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return NULL;
	if (c->gone)
		mockdev.set_attribute(mockdev.bed, "/sys" PORT, "status",
		    "disconnected\n");
	else if (write(fd, c->other, sizeof(c->other)) == -1)
		c->edid[0] = '\0';
	(void)close(fd);
	return NULL;
}

static void
look_while(struct change *c)
{
	char *sys;
	pthread_t thread;

	load("pikvm");
	sys = mockdev.get_sys_dir(mockdev.bed);
	(void)snprintf(c->edid, sizeof(c->edid), "%s" PORT "/edid", sys);
	free(sys); /* GLib's memory is malloc()'s */
	assert_int_equal(unlink(c->edid), 0);
	assert_int_equal(mkfifo(c->edid, 0600), 0);
	assert_int_equal(pthread_create(&thread, NULL, change_now, c), 0);
	take(1000);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(unlink(c->edid), 0);
	assert_int_equal(picture.cut, 0);
}

/* It is none without an EDID, which would be new. */
static void
test_pulled_out(void **state)
{
	struct change c = { .gone = true };

	(void)state;
	look_while(&c);
	assert_int_equal(count(ENTRY_MONITOR), 0);
}

/* It is the other one as a whole: its name, its numbers, and no KVM. */
static void
test_exchanged(void **state)
{
	struct change c = { .gone = false };
	struct sign sign;
	size_t i;

	(void)state;
	memcpy(c.other, "\0\377\377\377\377\377\377\0\x10\xac\xb1\xd0", 12);
	c.other[18] = 1;
	c.other[19] = 4;
	for (i = 0; i < 127; i++)
		c.other[127] = (uint8_t)(c.other[127] - c.other[i]);
	look_while(&c);
	assert_int_equal(count(ENTRY_MONITOR), 1);
	sign = sign_of(ENTRY_MONITOR, NULL);
	assert_non_null(strstr(sign.seen, "(DEL:d0b1) on HDMI-A-1"));
	assert_int_equal(strncmp(sign.what, "edid DEL:d0b1 ", 14), 0);
	for (i = 0; i < picture.nsigns; i++)
		if (picture.sign[i].kind == ENTRY_IP_KVM)
			assert_null(strstr(picture.sign[i].seen, "display"));
}

static bool
is_printable(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			return false;
	return true;
}

static void
test_hostile(void **state)
{
	size_t i;

	(void)state;
	load("hostile");
	take(1000);
	assert_int_equal(picture.failed, PICTURE_USB); /* no numbers */
	for (i = 0; i < picture.nsigns; i++) {
		assert_true(is_printable(picture.sign[i].what));
		assert_true(is_printable(picture.sign[i].seen));
	}
	/* What is well formed up to its end counts up to there. */
	expect(ENTRY_IP_KVM, "composition", SIGN_BY_COMPOSITION, "");
	/* A checksum that is wrong makes nobody else of it. */
	expect(ENTRY_IP_KVM, "pikvm", SIGN_BY_IDENTITY, "EDID is damaged");
	assert_int_equal(count(ENTRY_MONITOR), 5);
}

static void
test_nothing(void **state)
{
	static const char bare[] = "P: /devices/x\nE: SUBSYSTEM=mem\n";

	(void)state;
	need_umockdev();
	/* A kernel without USB has none of it. */
	assert_true(mockdev.add_from_string(mockdev.bed, bare, NULL));
	take_whole(1000);
	expect_ordinary();
}

static void
test_time(void **state)
{
	(void)state;
	look_at("pikvm");
	hardware_free(hardware);
	assert_int_equal(hardware_new(&hardware), 0);
	memset(&picture, 0, sizeof(picture));
	hardware_look(hardware, &rules, walk_now_ns(), &picture);
	assert_int_equal(picture.cut,
	    PICTURE_USB | PICTURE_DISPLAYS | PICTURE_MACHINE);
	assert_int_equal(count(ENTRY_IP_KVM), 0);
}

/* Since when is known of what comes, and not of what was there before. */
static void
test_since(void **state)
{
	static const char port[] =
	    "/sys/devices/pci0000:00/0000:00:02.0/drm/card0/card0-HDMI-A-1";
	struct sign monitor;

	(void)state;
	look_at("jetkvm");
	take_whole(2000);
	assert_int_equal(sign_of(ENTRY_IP_KVM, "jetkvm").since_s, 0);
	monitor = sign_of(ENTRY_MONITOR, NULL);
	assert_int_equal(monitor.since_s, 0);
	mockdev.set_attribute(mockdev.bed, port, "status", "disconnected\n");
	take_whole(3000);
	assert_int_equal(count(ENTRY_MONITOR), 0);
	mockdev.set_attribute(mockdev.bed, port, "status", "connected\n");
	take_whole(4000);
	assert_int_equal(sign_of(ENTRY_MONITOR, monitor.what).since_s, 4000);
	assert_int_equal(sign_of(ENTRY_IP_KVM, "jetkvm").since_s, 0);
}

static int64_t
since_by(struct roster *roster, uint32_t by, int64_t taken_s, const char *what,
    bool whole)
{
	const struct roster_sign sign = { .kind = ENTRY_IP_KVM,
		.grade = SIGN_PRESENT,
		.confidence = SIGN_BY_IDENTITY,
		.what = what,
		.seen = what };

	memset(&picture, 0, sizeof(picture));
	picture.rules = by;
	picture.taken_s = taken_s;
	roster_begin(roster, &picture);
	roster_add(roster, &sign);
	roster_end(roster, whole);
	return sign_of(ENTRY_IP_KVM, what).since_s;
}

/* What newer rules know may have been there all the time. */
static void
test_what_nobody_looked_for_has_no_since(void **state)
{
	static struct roster roster;

	(void)state;
	memset(&roster, 0, sizeof(roster));
	assert_int_equal(since_by(&roster, 1, 1000, "a", false), 0);
	assert_int_equal(since_by(&roster, 1, 2000, "b", true), 0);
	assert_int_equal(since_by(&roster, 1, 3000, "c", true), 3000);
	assert_int_equal(since_by(&roster, 2, 4000, "c", true), 3000);
	assert_int_equal(since_by(&roster, 3, 5000, "d", true), 0);
	assert_int_equal(since_by(&roster, 3, 6000, "d", true), 0);
}

#define MOUSE(port, serial)                                                \
	"P: " ROOT "/" port "\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n"  \
	"A: idVendor=046d\\n\nA: idProduct=c077\\n\nA: product=Mouse\\n\n" \
	"A: serial=" serial "\\n\n\n"                                      \
	"P: " ROOT "/" port "/" port                                       \
	":1.0/input/input77\nE: SUBSYSTEM=input\nA: name=Mouse\\n\n"       \
	"A: id/bustype=0003\\n\nA: id/vendor=046d\\n\n"                    \
	"A: id/product=c077\\n\nA: capabilities/rel=103\\n\n"

static struct sign
plug_mouse(const char *description)
{
	load("beaglebone");
	assert_true(mockdev.add_from_string(mockdev.bed, description, NULL) !=
	    0);
	take_whole(1000);
	return sign_of(ENTRY_POINTER, NULL);
}

/* A name for a baseline is the same elsewhere, and not another's. */
static void
test_another_port(void **state)
{
	struct sign first, moved, other;

	(void)state;
	first = plug_mouse(MOUSE("1-7", "1"));
	moved = plug_mouse(MOUSE("1-3", "1"));
	other = plug_mouse(MOUSE("1-3", "2"));
	assert_int_equal(strncmp(first.what, "usb 046d:c077 ", 14), 0);
	assert_int_equal(strlen(first.what), 14 + 16);
	assert_string_equal(moved.what, first.what);
	assert_string_not_equal(moved.seen, first.seen);
	assert_string_not_equal(other.what, first.what);
}

/* With the catalogue that is shipped, whatever it calls them. */
static void
test_catalogue(void **state)
{
	static const struct {
		const char *name;
		enum sign_confidence confidence; /* none: no finding */
	} machines[] = {
		{ "pikvm", SIGN_BY_IDENTITY },
		{ "tinypilot", SIGN_BY_IDENTITY },
		{ "nanokvm", SIGN_BY_IDENTITY },
		{ "jetkvm", SIGN_BY_IDENTITY },
		{ "blikvm", SIGN_BY_IDENTITY },
		{ "jiggler", SIGN_BY_IDENTITY },
		{ "virtual_input", SIGN_BY_NAME },
		{ "board", SIGN_BY_COMPOSITION },
		{ "spoofed_dell", SIGN_BY_COMPOSITION },
		{ "spoofed_logitech", SIGN_BY_COMPOSITION },
		{ "spoofed_microsoft", SIGN_BY_COMPOSITION },
		{ "spoofed_relative", SIGN_BY_COMPOSITION },
		{ "beaglebone", SIGN_CONFIDENCE_NONE },
		{ "thinkpad", SIGN_CONFIDENCE_NONE },
		{ "latitude", SIGN_CONFIDENCE_NONE },
		{ "desk_switch", SIGN_CONFIDENCE_NONE },
		{ "qemu", SIGN_CONFIDENCE_NONE },
	};
	size_t i;
	int r;

	(void)state;
	need_umockdev();
	rules_done(&rules);
	if ((r = hardware_catalogue(&rules)) == FG_ERR_NOT_FOUND)
		skip();
	assert_int_equal(r, 0);
	for (i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		look_at(machines[i].name);
		if (has_finding(SIGN_BY_IDENTITY) !=
			(machines[i].confidence == SIGN_BY_IDENTITY) ||
		    has_finding(SIGN_BY_NAME) !=
			(machines[i].confidence == SIGN_BY_NAME) ||
		    (has_finding(SIGN_BY_COMPOSITION) &&
			machines[i].confidence == SIGN_CONFIDENCE_NONE) ||
		    (!has_finding(SIGN_BY_COMPOSITION) &&
			machines[i].confidence == SIGN_BY_COMPOSITION))
			fail_msg("%s", machines[i].name);
	}
}

/* Of a family of boards a keyboard or a mouse is one, and never for sure. */
static void
test_boards(void **state)
{
	static const struct {
		const char *vendor, *product;
		bool is;
	} boards[] = {
		{ "2341", "8036", true },
		{ "16c0", "0487", true }, /* Teensy */
		{ "1209", "2327", true },
		{ "04d8", "000c", false },
	};
	static const char keyboard[] = "/sys" KVM;
	size_t i;
	int r;

	(void)state;
	need_umockdev();
	rules_done(&rules);
	if ((r = hardware_catalogue(&rules)) == FG_ERR_NOT_FOUND)
		skip();
	assert_int_equal(r, 0);
	for (i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
		load("spoofed_relative");
		name_interface("0", "\n");
		name_interface("1", "\n");
		mockdev.set_attribute(mockdev.bed, keyboard, "idVendor",
		    boards[i].vendor);
		mockdev.set_attribute(mockdev.bed, keyboard, "idProduct",
		    boards[i].product);
		take(1000);
		assert_int_equal(count(ENTRY_JIGGLER), boards[i].is ? 1 : 0);
		assert_int_equal(count(ENTRY_IP_KVM), 0);
		if (boards[i].is)
			expect(ENTRY_JIGGLER, "board", SIGN_BY_COMPOSITION,
			    "no known identity");
	}
}

#define FIXED(path, port, class)                                             \
	"P: " ROOT path "\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n"        \
	"A: idVendor=1111\\n\nA: idProduct=2222\\n\nA: removable=fixed\\n\n" \
	"A: bDeviceClass=" class "\\n\n\n"                                   \
				 "P: " ROOT path "/" port                    \
				 ":1.0\nE: SUBSYSTEM=usb\n"                  \
				 "E: DEVTYPE=usb_interface\nA: "             \
				 "bInterfaceClass=03\\n\n"                   \
				 "A: bInterfaceSubClass=01\\n\nA: "          \
				 "bInterfaceProtocol=01\\n\n\n"

/* What is soldered to a dock is not part of the machine. */
static void
test_internal(void **state)
{
	static const char keyboards[] = FIXED("/1-6", "1-6", "00")
	    FIXED("/1-5", "1-5", "09") FIXED("/1-5/1-5.1", "1-5.1", "00")
		FIXED("/1-3/1-3.1", "1-3.1", "00");
	struct sign sign;

	(void)state;
	load("jiggler"); /* on port 1-3, and not wired in */
	assert_true(mockdev.add_from_string(mockdev.bed, keyboards, NULL));
	take_whole(1000);
	assert_int_equal(count(ENTRY_KEYBOARD), 1);
	sign = sign_of(ENTRY_KEYBOARD, NULL);
	assert_non_null(strstr(sign.seen, "on port 1-3.1"));
}

static bool
has_news(void)
{
	struct pollfd pfd = { .fd = hardware_fd(hardware), .events = POLLIN };

	assert_int_not_equal(pfd.fd, -1);
	return poll(&pfd, 1, 200) == 1;
}

#define NEW ROOT "/1-7"

static void
test_news(void **state)
{
	static const char device[] = "P: " NEW "\nE: SUBSYSTEM=usb\n"
				     "E: DEVTYPE=usb_device\n"
				     "A: idVendor=3346\\n\n"
				     "A: idProduct=1009\\n\n";
	static const char other[] =
	    "P: /devices/virtual/net/eth7\nE: SUBSYSTEM=net\n";

	(void)state;
	look_at("jiggler");
	assert_false(hardware_news(hardware));
	assert_true(mockdev.add_from_string(mockdev.bed, device, NULL));
	assert_true(has_news());
	assert_true(hardware_news(hardware));
	assert_false(has_news());
	assert_false(hardware_news(hardware));
	take(4000);
	assert_int_equal(sign_of(ENTRY_IP_KVM, "nanokvm").since_s, 4000);
	mockdev.uevent(mockdev.bed, "/sys" NEW, "remove");
	assert_true(has_news());
	assert_true(hardware_news(hardware));
	assert_true(mockdev.add_from_string(mockdev.bed, other, NULL));
	assert_false(hardware_news(hardware));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(fn, name) { name, fn, begin, end, NULL }
		TEST(test_kvms, "IP-KVMs are found by their identity"),
		TEST(test_words, "a sign says what was seen, and where"),
		TEST(test_disk, "a renamed KVM is found by its disk"),
		TEST(test_posing,
		    "one that poses as a keyboard is found by composition"),
		TEST(test_interface_of_linux,
		    "a gadget is found by the name of its interface"),
		TEST(test_keyboard_of_linux, "a keyboard alone is no KVM"),
		TEST(test_report, "a known report descriptor is no identity"),
		TEST(test_jiggler, "a jiggler is found, another mouse is not"),
		TEST(test_beaglebone,
		    "a KVM's identifiers without a keyboard are nothing"),
		TEST(test_thinkpad, "a laptop with a dock is nothing"),
		TEST(test_latitude,
		    "a laptop with receivers and screens is nothing"),
		TEST(test_desk_switch, "a KVM switch on a desk is nothing"),
		TEST(test_board, "a maker of boards alone is no identity"),
		TEST(test_capture_card, "a capture card is nothing"),
		TEST(test_serial_console,
		    "a serial console of a cloud's is nothing"),
		TEST(test_qemu, "a virtual machine is one sign"),
		TEST(test_pulled_out,
		    "a display that is pulled out meanwhile is none"),
		TEST(test_exchanged,
		    "one that is exchanged meanwhile is the other one"),
		TEST(test_hostile, "hostile strings and descriptors are borne"),
		TEST(test_nothing, "a machine without USB has none"),
		TEST(test_time, "without time nothing is looked at, and said"),
		TEST(test_since, "a device has been there since it came"),
		TEST(test_what_nobody_looked_for_has_no_since,
		    "what nobody looked for has no since"),
		TEST(test_another_port,
		    "a device has the same name on another port"),
		TEST(test_internal, "a machine's own keyboard is not listed"),
		TEST(test_boards, "boards that people program are never sure"),
		TEST(test_catalogue, "the shipped catalogue finds the same"),
		TEST(test_news,
		    "news of a device comes while it is waited for"),
	};

	(void)argc;
	mockdev_start(argv);
	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
