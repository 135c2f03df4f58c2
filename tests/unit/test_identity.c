/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What machines say of themselves, as umockdev shows them: what is built in is
 * read, what is plugged in is not, and what could not be read is neither there
 * nor absent.
 */
#include "policyd/device/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/stat.h>

#include "policyd/crypto.h"
#include "policyd/device/identity_parts.h"
#include "policyd/text.h"
#include "proto/result.h"
#include "tests/unit/child.h"
#include "tests/unit/mockdev.h"

#define DMI    "/sys/devices/virtual/dmi/id/"
#define NVME   "/sys/devices/pci0000:00/0000:00:1d.0/0000:3d:00.0/nvme/nvme0/"
#define WIFI   "/sys/devices/pci0000:00/0000:00:14.3/net/wlp0s20f3/"
#define DMI_OF UINT32_C(0x74) /* board, UUID, serial and chassis */

static struct identity_bytes bytes;
static struct identity identity;
static bool is_there;

static int
begin(void **state)
{
	(void)state;
	is_there = mockdev_open();
	return 0;
}

static int
end(void **state)
{
	(void)state;
	mockdev_end();
	return 0;
}

static void
look(void)
{
	memset(&bytes, 'x', sizeof(bytes));
	memset(&identity, 'x', sizeof(identity));
	identity_read(&bytes);
	identity_make(&bytes, &identity);
}

/* Another machine; NULL: one that shows nothing. */
static void
load(const char *name)
{
	if (!is_there)
		skip();
	mockdev_end();
	mockdev_new();
	if (name != NULL)
		assert_true(mockdev_load(name));
}

static void
describe(const char *text)
{
	load(NULL);
	assert_true(mockdev.add_from_string(mockdev.bed, text, NULL) != 0);
	look();
}

/* Where umockdev has a file, which is no /sys any more to the C library. */
static const char *
place(const char *path)
{
	static char real[PATH_MAX];
	const char *root = getenv("UMOCKDEV_DIR");

	assert_non_null(root);
	(void)snprintf(real, sizeof(real), "%s%s", root, path);
	return real;
}

static bool
has(enum hwid_kind kind, const char *text)
{
	for (size_t i = 0; i < identity.ids.n; i++)
		if (identity.ids.list[i].kind == kind &&
		    strcmp(identity.ids.list[i].text, text) == 0)
			return true;
	return false;
}

/* Its place among what was read; .ntold: it was not. */
static size_t
place_of(const char *where)
{
	size_t i;

	for (i = 0; i < identity.ntold; i++)
		if (strcmp(identity.told[i].raw.where, where) == 0)
			break;
	return i;
}

static bool
was_read(const char *where)
{
	return place_of(where) < identity.ntold;
}

static void
expect_none(const char *where, enum hwid_kind kind, const char *text,
    const char *why)
{
	const struct identity_told *told = &identity.told[place_of(where)];

	assert_true(was_read(where));
	assert_int_equal(told->raw.kind, kind);
	assert_string_equal(told->raw.text, text);
	assert_non_null(told->why);
	assert_string_equal(told->why, why);
}

/* ---- whole machines ------------------------------------------------------ */

static void
a_laptop_is_its_firmware_disk_and_cards(void **state)
{
	(void)state;
	load("issued");
	look();
	assert_string_equal(identity.vendor, "LENOVO");
	assert_string_equal(identity.model, "20XW004AGE");
	assert_int_equal(identity.ids.n, 7);
	assert_true(has(HWID_BOARD, "L1HF16B00XY"));
	assert_true(has(HWID_DISK, "S5GXNX0T123456"));
	assert_true(has(HWID_UUID, "2c4f9e4c-3a51-11b2-a85c-8d1f2e3b4c5d"));
	assert_true(has(HWID_SERIAL, "PF2ABCDE"));
	assert_true(has(HWID_CHASSIS, "PF2ABCDE"));
	assert_true(has(HWID_MAC, "8c:16:45:0a:1b:2c"));
	assert_true(has(HWID_MAC, "f8:94:c2:11:22:33"));
	assert_int_equal(identity.digests.n, identity.ids.n);
	assert_int_equal(identity.digests.unread, 0);
	assert_false(identity.overflow);
}

static void
what_is_plugged_in_is_no_part_of_it(void **state)
{
	static const char *const others[] = { "sda", "mmcblk0", "loop0", "dm-0",
		"enx482ae3010203", "enp32s0", "lo", "br0" };

	(void)state;
	load("issued");
	look();
	assert_int_equal(identity.ntold, 7);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(was_read(others[i]));
}

static void
what_was_read_is_shown_in_one_order(void **state)
{
	static const char *const order[] = { "board_serial", "nvme0n1",
		"product_uuid", "product_serial", "chassis_serial", "enp0s31f6",
		"wlp0s20f3" };

	(void)state;
	load("issued");
	look();
	assert_int_equal(identity.ntold, 7);
	for (size_t i = 0; i < identity.ntold; i++) {
		assert_string_equal(identity.told[i].raw.where, order[i]);
		assert_null(identity.told[i].why);
	}
}

static void
a_virtual_machine_has_little_that_identifies(void **state)
{
	(void)state;
	load("issued_vm");
	look();
	assert_string_equal(identity.vendor, "QEMU");
	assert_int_equal(identity.ids.n, 2);
	assert_true(has(HWID_UUID, "7d0f3a52-9c4e-4f0b-8a61-5e2d1c0b9a87"));
	assert_true(has(HWID_DISK, "VOL-0A1B2C3D4E5F"));
	assert_int_equal(identity.ntold, 6);
	expect_none("product_serial", HWID_SERIAL, "", "is empty");
	expect_none("chassis_serial", HWID_CHASSIS, "Not Specified",
	    "is what stands where nothing was filled in");
	expect_none("sda", HWID_DISK, "QM00001",
	    "is what QEMU numbers its disks by");
	expect_none("ens3", HWID_MAC, "52:54:00:12:34:56",
	    "was made up, by a program or a hypervisor");
	assert_false(was_read("vda")); /* it has no number */
	assert_false(was_read("sr0"));
	assert_false(was_read("sdb")); /* on another machine */
	assert_int_equal(identity.digests.unread, 0);
}

static void
a_machine_without_dmi_or_anything_is_not_unread(void **state)
{
	(void)state;
	load(NULL);
	look();
	assert_int_equal(identity.ids.n, 0);
	assert_int_equal(identity.ntold, 0);
	assert_int_equal(identity.digests.n, 0);
	assert_int_equal(identity.digests.unread, 0);
	assert_string_equal(identity.vendor, "");
	assert_string_equal(identity.model, "");
	assert_false(identity.overflow);
}

static void
firmware_that_nobody_filled_in_identifies_nothing(void **state)
{
	(void)state;
	describe("P: /devices/virtual/dmi/id\nE: SUBSYSTEM=dmi\n"
		 "A: sys_vendor=To be filled by O.E.M.\\n\n"
		 "A: product_name=To be filled by O.E.M.\\n\n"
		 "A: product_serial=System Serial Number\\n\n"
		 "A: product_uuid=03000200-0400-0500-0006-000700080009\\n\n"
		 "A: board_serial=Default string\\n\n"
		 "A: chassis_serial=0123456789\\n\n");
	assert_int_equal(identity.ids.n, 0);
	assert_int_equal(identity.ntold, 4);
	for (size_t i = 0; i < identity.ntold; i++)
		assert_non_null(identity.told[i].why);
	assert_int_equal(identity.digests.unread, 0);
}

/* ---- disks --------------------------------------------------------------- */

#define SCSI "/devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0"
#define SDA                                                            \
	"P: " SCSI "/block/sda\nE: SUBSYSTEM=block\nE: DEVTYPE=disk\n" \
	"A: removable=0\\n\nL: device=../../../0:0:0:0\n\n"

static void
describe_sda(const char *attributes)
{
	char text[1024];

	(void)snprintf(text, sizeof(text),
	    "P: " SCSI "\nE: SUBSYSTEM=scsi\nA: type=0\\n\n%s\n" SDA,
	    attributes);
	describe(text);
}

static void
a_sata_disk_has_its_number_in_a_page(void **state)
{
	(void)state;
	/* with the blanks of ATA, and a WWN that is not needed */
	describe_sda("H: vpd_pg80="
		     "0080001420202020202057442d5743433445303030303031\n"
		     "A: wwid=naa.50014ee2b1c2d3e4\\n\n");
	assert_true(has(HWID_DISK, "WD-WCC4E000001"));
	assert_int_equal(identity.ids.n, 1);
}

static void
a_disk_without_a_number_has_its_wwn(void **state)
{
	(void)state;
	describe_sda("A: wwid=naa.50014ee2b1c2d3e4\\n\n");
	assert_true(has(HWID_DISK, "NAA.50014EE2B1C2D3E4"));
	describe_sda("H: vpd_pg80=0080000420202020\n"
		     "A: wwid=naa.50014ee2b1c2d3e4\\n\n");
	assert_true(has(HWID_DISK, "NAA.50014EE2B1C2D3E4"));
}

/* The page's own length counts, and what was read of it. */
static void
a_page_that_is_none_is_not_read_beyond_its_end(void **state)
{
	static const char *const pages[] = { "00", "0080", "008000", "00800004",
		"0083000441424344", "00800000414243444546" };

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		char text[128];

		(void)snprintf(text, sizeof(text), "H: vpd_pg80=%s\n",
		    pages[i]);
		describe_sda(text);
		assert_int_equal(identity.ntold, 0);
		assert_int_equal(identity.digests.unread, 0);
	}
	describe_sda("H: vpd_pg80=0080004041423132333435\n"); /* it says 64 */
	assert_true(has(HWID_DISK, "AB12345"));
	describe_sda("H: vpd_pg80=00800005414231323334353637\n");
	assert_true(has(HWID_DISK, "AB123"));
	describe_sda("H: vpd_pg80=008000084142313233003435\n"); /* a NUL */
	assert_true(has(HWID_DISK, "AB123"));
}

static void
one_number_in_two_places_is_one(void **state)
{
	(void)state;
	describe("P: /devices/pci0000:00/mmc_host/mmc0/mmc0:0001\n"
		 "E: SUBSYSTEM=mmc\nA: type=MMC\\n\n"
		 "A: serial=0x1a2b3c4d\\n\n\n"
		 "P: /devices/pci0000:00/mmc_host/mmc0/mmc0:0001/block/mmcblk0"
		 "\nE: SUBSYSTEM=block\nA: removable=0\\n\n"
		 "L: device=../../../mmc0:0001\n\n"
		 "P: /devices/pci0000:00/mmc_host/mmc0/mmc0:0001/block/"
		 "mmcblk0boot0\nE: SUBSYSTEM=block\nA: removable=0\\n\n"
		 "L: device=../../../mmc0:0001\n");
	assert_int_equal(identity.ntold, 1);
	assert_true(has(HWID_DISK, "0X1A2B3C4D"));
}

/* Nine disks are one more than is compared; and more than can be kept. */
static void
more_than_there_is_room_for_is_said(void **state)
{
	char text[16384];
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 40; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "P: /devices/pci0000:00/virtio%d\nE: SUBSYSTEM=virtio\n\n"
		    "P: /devices/pci0000:00/virtio%d/block/vd%02d\n"
		    "E: SUBSYSTEM=block\nA: removable=0\\n\n"
		    "A: serial=DISK-%d-0A1B\\n\nL: device=../../../virtio%d\n"
		    "\n",
		    i, i, i, i, i);
	assert_true(n < sizeof(text));
	describe(text);
	assert_true(identity.overflow);
	assert_int_equal(identity.ntold, IDENTITY_RAW_MAX);
	assert_int_equal(identity.ids.n, HWIDS_EACH_MAX);
	n = 0;
	for (size_t i = 0; i < identity.ntold; i++)
		if (identity.told[i].why != NULL) {
			assert_string_equal(identity.told[i].why,
			    "is one more than can be compared");
			n++;
		}
	assert_int_equal(n, IDENTITY_RAW_MAX - HWIDS_EACH_MAX);
}

/* ---- network cards ------------------------------------------------------- */

static void
set(const char *device, const char *name, const char *value)
{
	mockdev.set_attribute(mockdev.bed, device, name, value);
}

/* The kernel of this machine knows no permanent address of its loopback. */
static void
an_address_that_was_changed_is_not_taken(void **state)
{
	static const char *const types[] = { "1", "2", "3", "", "9" };

	(void)state;
	load("issued");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		set("/sys/devices/pci0000:00/0000:00:14.3/net/wlp0s20f3",
		    "addr_assign_type", types[i]);
		set("/sys/devices/pci0000:00/0000:00:14.3/net/wlp0s20f3",
		    "ifindex", "1\n");
		look();
		assert_false(was_read("wlp0s20f3"));
		assert_true(has(HWID_MAC, "8c:16:45:0a:1b:2c"));
		assert_int_equal(identity.digests.unread, 0);
	}
}

static void
a_card_that_has_gone_is_absent(void **state)
{
	(void)state;
	load("issued");
	set("/sys/devices/pci0000:00/0000:00:14.3/net/wlp0s20f3",
	    "addr_assign_type", "3\n");
	set("/sys/devices/pci0000:00/0000:00:14.3/net/wlp0s20f3", "ifindex",
	    "2147483000\n");
	look();
	assert_false(was_read("wlp0s20f3"));
	assert_int_equal(identity.digests.unread, 0);
}

static void
a_card_without_a_number_is_unread(void **state)
{
	static const char *const numbers[] = { "0\n", "-1\n", "eth0\n", "",
		"99999999999999999999\n" };

	(void)state;
	load("issued");
	set("/sys/devices/pci0000:00/0000:00:14.3/net/wlp0s20f3",
	    "addr_assign_type", "3\n");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		set("/sys/devices/pci0000:00/0000:00:14.3/net/wlp0s20f3",
		    "ifindex", numbers[i]);
		look();
		assert_int_equal(identity.digests.unread,
		    UINT32_C(1) << HWID_MAC);
	}
}

/* One answer of the kernel's, with the attributes that the test adds. */
struct answer {
	struct ifinfomsg link;
	_Alignas(4) unsigned char attributes[256];
	size_t len;
};

static void
attribute(struct answer *answer, unsigned short type, const void *data,
    size_t len)
{
	struct rtattr a = { .rta_type = type,
		.rta_len = (unsigned short)RTA_LENGTH(len) };

	memcpy(answer->attributes + answer->len, &a, sizeof(a));
	memcpy(answer->attributes + answer->len + RTA_LENGTH(0), data, len);
	answer->len += RTA_ALIGN(a.rta_len);
}

static bool
take(const struct answer *answer, char buf[IDENTITY_RAW_TEXT])
{
	return identity_take_address(answer,
	    offsetof(struct answer, attributes) + answer->len, buf);
}

static void
the_kernel_knows_a_permanent_address(void **state)
{
	static const unsigned char now[] = { 0xd2, 1, 2, 3, 4, 5 };
	static const unsigned char always[] = { 0xf8, 0x94, 0xc2, 0x0a, 0xb,
		0 };
	char text[IDENTITY_RAW_TEXT];
	struct answer answer = { .len = 0 };

	(void)state;
	assert_false(take(&answer, text));
	assert_string_equal(text, "");
	attribute(&answer, IFLA_IFNAME, "wlp0s20f3", 10);
	attribute(&answer, IFLA_ADDRESS, now, sizeof(now));
	assert_false(take(&answer, text));
	attribute(&answer, IFLA_PERM_ADDRESS, always, sizeof(always));
	assert_true(take(&answer, text));
	assert_string_equal(text, "f8:94:c2:0a:0b:00");
	/* cut anywhere, but for the two bytes that fill the last one up */
	for (answer.len -= 3; answer.len > 0; answer.len--)
		assert_false(take(&answer, text));
}

static void
an_address_of_another_length_is_none(void **state)
{
	static const unsigned char longer[20] = { 0x80 };
	char text[IDENTITY_RAW_TEXT];

	(void)state;
	for (size_t len = 0; len <= sizeof(longer); len++) {
		struct answer answer = { .len = 0 };

		attribute(&answer, IFLA_PERM_ADDRESS, longer, len);
		assert_int_equal(take(&answer, text), len == 6);
	}
}

/* ---- what cannot be read ------------------------------------------------- */

static void
replace_by_fifo(const char *path)
{
	assert_int_equal(unlink(place(path)), 0);
	assert_int_equal(mkfifo(place(path), 0600), 0);
}

/* Nobody writes to them: whoever waited would wait for good. */
static void
fifos_are_unread_and_not_waited_for(void **state)
{
	(void)state;
	load("issued");
	replace_by_fifo(DMI "product_serial");
	replace_by_fifo(DMI "sys_vendor");
	replace_by_fifo(NVME "serial");
	replace_by_fifo(WIFI "address");
	look();
	assert_int_equal(identity.digests.unread,
	    UINT32_C(1) << HWID_SERIAL | UINT32_C(1) << HWID_MAC);
	assert_string_equal(identity.vendor, "");
	/* the disk has another number in another place */
	assert_true(has(HWID_DISK, "EUI.0025388A01B2C3D4"));
	assert_int_equal(identity.ids.n, 5);
	replace_by_fifo(NVME "nvme0n1/wwid");
	look();
	assert_int_equal(identity.digests.unread,
	    UINT32_C(1) << HWID_SERIAL | UINT32_C(1) << HWID_MAC |
		UINT32_C(1) << HWID_DISK);
}

static void
folders_and_links_in_the_place_of_files_are_unread(void **state)
{
	(void)state;
	load("issued");
	assert_int_equal(unlink(place(DMI "product_uuid")), 0);
	assert_int_equal(mkdir(place(DMI "product_uuid"), 0700), 0);
	assert_int_equal(unlink(place(DMI "board_serial")), 0);
	assert_int_equal(symlink("/proc/version", place(DMI "board_serial")),
	    0);
	look();
	assert_int_equal(identity.digests.unread,
	    UINT32_C(1) << HWID_UUID | UINT32_C(1) << HWID_BOARD);
	assert_false(was_read("product_uuid"));
	assert_false(was_read("board_serial"));
}

static void
huge_files_are_cut(void **state)
{
	const struct identity_told *told;
	char block[4096];
	int fd;

	(void)state;
	load("issued");
	memset(block, '7', sizeof(block));
	block[0] = 'A';
	fd = open(place(DMI "product_serial"), O_WRONLY | O_TRUNC);
	assert_true(fd >= 0);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(write(fd, block, sizeof(block)),
		    sizeof(block));
	assert_int_equal(close(fd), 0);
	look();
	assert_true(was_read("product_serial"));
	told = &identity.told[place_of("product_serial")];
	assert_int_equal(strlen(told->raw.text), IDENTITY_RAW_TEXT - 1);
	assert_string_equal(told->why, "has more than 64 characters");
	assert_int_equal(identity.ids.n, 6);
}

static void
nothing_of_a_device_reaches_a_terminal(void **state)
{
	(void)state;
	describe("P: /devices/virtual/dmi/id\nE: SUBSYSTEM=dmi\n"
		 "H: sys_vendor=1b5d303b4576696c07\n"
		 "H: product_serial=50461b5b324a31320a\n"
		 "H: board_serial=c384313233343536ff\n");
	assert_string_equal(identity.vendor, "\\x1b]0;Evil\\x07");
	expect_none("product_serial", HWID_SERIAL, "PF\\x1b[2J12",
	    "has other characters than ASCII's");
	expect_none("board_serial", HWID_BOARD, "\\xc3\\x84123456\\xff",
	    "has other characters than ASCII's");
	assert_int_equal(identity.ids.n, 0);
}

/* As nobody: DMI's serial numbers are root's. */
static void
look_as_nobody(void *arg)
{
	const uid_t nobody = 65534;

	(void)arg;
	CHECK(chmod(place(""), 0755) == 0);
	CHECK(chmod(place(DMI "product_serial"), 0400) == 0);
	CHECK(chmod(place(DMI "product_uuid"), 0400) == 0);
	CHECK(chmod(place(NVME "serial"), 0400) == 0);
	CHECK(chmod(place(NVME "nvme0n1/wwid"), 0400) == 0);
	CHECK(setresgid(nobody, nobody, nobody) == 0);
	CHECK(setresuid(nobody, nobody, nobody) == 0);
	look();
	CHECK(identity.digests.unread ==
	    (UINT32_C(1) << HWID_SERIAL | UINT32_C(1) << HWID_UUID |
		UINT32_C(1) << HWID_DISK));
	CHECK(identity.ids.n == 4);
	CHECK(strcmp(identity.vendor, "LENOVO") == 0);
}

static void
what_only_root_may_read_is_unread_to_others(void **state)
{
	(void)state;
	needs_root();
	load("issued");
	child_passes(look_as_nobody, NULL);
}

static void
look_without_dmi(void *arg)
{
	const uid_t nobody = 65534;

	(void)arg;
	CHECK(chmod(place(""), 0755) == 0);
	CHECK(chmod(place("/sys/devices/virtual/dmi/id"), 0700) == 0);
	CHECK(chmod(place("/sys/block"), 0700) == 0);
	CHECK(chmod(place("/sys/class/net"), 0700) == 0);
	CHECK(setresgid(nobody, nobody, nobody) == 0);
	CHECK(setresuid(nobody, nobody, nobody) == 0);
	look();
	CHECK(identity.digests.unread ==
	    (DMI_OF | UINT32_C(1) << HWID_DISK | UINT32_C(1) << HWID_MAC));
	CHECK(identity.ntold == 0);
}

static void
folders_that_are_closed_are_unread_and_not_empty(void **state)
{
	(void)state;
	needs_root();
	load("issued");
	child_passes(look_without_dmi, NULL);
}

/* ---- from bytes ---------------------------------------------------------- */

static void
a_machine_id_is_32_digits(void **state)
{
	static const char *const bad[] = { "", "uninitialized",
		"0123456789abcdef0123456789abcde",
		"0123456789abcdef0123456789abcdef0",
		"0123456789ABCDEF0123456789abcdef",
		"0123456789abcdef 123456789abcdef" };

	(void)state;
	memset(&bytes, 0, sizeof(bytes));
	(void)text_copy(bytes.machine_id, sizeof(bytes.machine_id),
	    "0123456789abcdef0123456789abcdef");
	identity_make(&bytes, &identity);
	assert_string_equal(identity.machine_id,
	    "0123456789abcdef0123456789abcdef");
	assert_int_equal(identity.ids.n, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)text_copy(bytes.machine_id, sizeof(bytes.machine_id),
		    bad[i]);
		identity_make(&bytes, &identity);
		assert_string_equal(identity.machine_id, "");
	}
}

static void
the_order_in_which_devices_come_does_not_matter(void **state)
{
	static struct identity first;

	(void)state;
	load("issued");
	look();
	first = identity;
	for (size_t turn = 0; turn < bytes.n; turn++) {
		struct identity_raw raw = bytes.list[0];

		memmove(&bytes.list[0], &bytes.list[1],
		    (bytes.n - 1) * sizeof(raw));
		bytes.list[bytes.n - 1] = raw;
		identity_make(&bytes, &identity);
		assert_memory_equal(&identity.ids, &first.ids,
		    sizeof(first.ids));
		assert_memory_equal(&identity.digests, &first.digests,
		    sizeof(first.digests));
		assert_memory_equal(&identity.told, &first.told,
		    sizeof(first.told));
	}
}

static void
texts_lose_the_blanks_at_their_ends(void **state)
{
	char buf[IDENTITY_RAW_TEXT], text[300];

	(void)state;
	identity_trim(buf, " \t PF2 ABC\r\n", 12);
	assert_string_equal(buf, "PF2 ABC");
	identity_trim(buf, "PF2ABC", 3);
	assert_string_equal(buf, "PF2");
	identity_trim(buf, "PF2\0ABC", 7);
	assert_string_equal(buf, "PF2");
	identity_trim(buf, "  \n", 3);
	assert_string_equal(buf, "");
	identity_trim(buf, "", 0);
	assert_string_equal(buf, "");
	memset(text, 'A', sizeof(text));
	identity_trim(buf, text, sizeof(text));
	assert_int_equal(strlen(buf), IDENTITY_RAW_TEXT - 1);
}

/* ---- the TPM ------------------------------------------------------------- */

#define EK "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"

static void
look_with_tpm(int result, const char *ek)
{
	memset(&bytes, 'x', sizeof(bytes));
	identity_read(&bytes);
	identity_take_tpm(&bytes, result, ek);
	identity_make(&bytes, &identity);
}

static void
a_tpm_is_told_by_the_digest_of_its_key(void **state)
{
	(void)state;
	load("issued");
	look_with_tpm(0, EK);
	assert_int_equal(identity.tpm, IDENTITY_TPM_READ);
	assert_true(has(HWID_TPM, EK));
	assert_int_equal(identity.ids.n, 8);
	assert_int_equal(place_of("tpmrm0"), 0);
	assert_null(identity.told[0].why);
	assert_int_equal(identity.digests.unread, 0);
}

static void
no_number_of_disks_leaves_it_out(void **state)
{
	more_than_there_is_room_for_is_said(state);
	look_with_tpm(0, EK);
	assert_true(identity.overflow);
	assert_int_equal(identity.ntold, IDENTITY_RAW_MAX + 1);
	assert_true(has(HWID_TPM, EK));
}

static void
what_has_become_of_a_tpm_is_told_apart(void **state)
{
	static const struct {
		int result;
		bool is_there; /* by what the kernel says */
		enum identity_tpm tpm;
		bool unread;
	} cases[] = {
		{ FG_ERR_NOT_FOUND, false, IDENTITY_TPM_NONE, false },
		{ FG_ERR_NOT_FOUND, true, IDENTITY_TPM_HIDDEN, true },
		{ FG_ERR_TIMEOUT, true, IDENTITY_TPM_LATE, true },
		{ FG_ERR_TIMEOUT, false, IDENTITY_TPM_LATE, true },
		{ FG_ERR_REFUSED, true, IDENTITY_TPM_FAILED, true },
		{ FG_ERR_FORMAT, true, IDENTITY_TPM_FAILED, true },
		{ FG_ERR_CLOSED, false, IDENTITY_TPM_FAILED, true },
		{ FG_ERR_SYSTEM, false, IDENTITY_TPM_FAILED, true },
		{ FG_ERR_UNREACHABLE, false, IDENTITY_TPM_UNBUILT, false },
		{ FG_ERR_UNREACHABLE, true, IDENTITY_TPM_UNBUILT, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		describe(cases[i].is_there ?
			"P: /devices/pnp0/00:05/tpmrm/tpmrm0\n"
			"E: SUBSYSTEM=tpmrm\n" :
			"P: /devices/pnp0/00:05/tpm/tpm0\n"
			"E: SUBSYSTEM=tpm\n");
		look_with_tpm(cases[i].result, EK);
		assert_int_equal(identity.tpm, cases[i].tpm);
		assert_int_equal(identity.digests.unread,
		    cases[i].unread ? UINT32_C(1) << HWID_TPM : 0);
		assert_int_equal(identity.ids.n, 0);
		assert_int_equal(identity.ntold, 0);
	}
}

static void
each_state_of_a_tpm_has_its_name_and_reason(void **state)
{
	static const char *const names[] = { "none", "read", "hidden", "late",
		"failed", "unbuilt" };

	(void)state;
	for (int tpm = 0; tpm <= IDENTITY_TPM_UNBUILT; tpm++) {
		assert_string_equal(identity_tpm_name((enum identity_tpm)tpm),
		    names[tpm]);
		assert_int_equal(identity_tpm_why((enum identity_tpm)tpm) ==
			NULL,
		    tpm <= IDENTITY_TPM_READ);
	}
}

/* It comes of a process that has spoken to one. */
static void
what_is_no_digest_is_no_id(void **state)
{
	(void)state;
	load(NULL);
	look_with_tpm(0, "\033[2J");
	assert_int_equal(identity.ids.n, 0);
	assert_int_equal(identity.ntold, 1);
	assert_non_null(identity.told[0].why);
	assert_string_equal(identity.told[0].raw.text, "\\x1b[2J");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_laptop_is_its_firmware_disk_and_cards),
		cmocka_unit_test(what_is_plugged_in_is_no_part_of_it),
		cmocka_unit_test(what_was_read_is_shown_in_one_order),
		cmocka_unit_test(a_virtual_machine_has_little_that_identifies),
		cmocka_unit_test(
		    a_machine_without_dmi_or_anything_is_not_unread),
		cmocka_unit_test(
		    firmware_that_nobody_filled_in_identifies_nothing),
		cmocka_unit_test(a_sata_disk_has_its_number_in_a_page),
		cmocka_unit_test(a_disk_without_a_number_has_its_wwn),
		cmocka_unit_test(
		    a_page_that_is_none_is_not_read_beyond_its_end),
		cmocka_unit_test(one_number_in_two_places_is_one),
		cmocka_unit_test(more_than_there_is_room_for_is_said),
		cmocka_unit_test(an_address_that_was_changed_is_not_taken),
		cmocka_unit_test(a_card_that_has_gone_is_absent),
		cmocka_unit_test(a_card_without_a_number_is_unread),
		cmocka_unit_test(the_kernel_knows_a_permanent_address),
		cmocka_unit_test(an_address_of_another_length_is_none),
		cmocka_unit_test(fifos_are_unread_and_not_waited_for),
		cmocka_unit_test(
		    folders_and_links_in_the_place_of_files_are_unread),
		cmocka_unit_test(huge_files_are_cut),
		cmocka_unit_test(nothing_of_a_device_reaches_a_terminal),
		cmocka_unit_test(what_only_root_may_read_is_unread_to_others),
		cmocka_unit_test(
		    folders_that_are_closed_are_unread_and_not_empty),
		cmocka_unit_test(a_machine_id_is_32_digits),
		cmocka_unit_test(
		    the_order_in_which_devices_come_does_not_matter),
		cmocka_unit_test(texts_lose_the_blanks_at_their_ends),
		cmocka_unit_test(a_tpm_is_told_by_the_digest_of_its_key),
		cmocka_unit_test(no_number_of_disks_leaves_it_out),
		cmocka_unit_test(what_has_become_of_a_tpm_is_told_apart),
		cmocka_unit_test(each_state_of_a_tpm_has_its_name_and_reason),
		cmocka_unit_test(what_is_no_digest_is_no_id),
	};

	(void)argc;
	mockdev_start(argv);
	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, begin, end);
}
