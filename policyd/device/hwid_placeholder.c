/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of what is no identity, and where each is known from. They have
 * what was seen on more than one machine: an ID that is refused by mistake
 * only counts for nothing, but one that many machines share makes them one.
 *
 * The sources, by the names that the tables use:
 *   AMI      firmware of American Megatrends, as it is delivered
 *   ASUS     ASUSTeK's boards
 *   GLPI     what GLPI, an inventory, leaves out by default (src/Blacklist.php)
 *   osquery  what osquery takes for placeholders (osquery/core/system.cpp)
 *   FreeBSD  what FreeBSD's hostid takes for invalid (libexec/rc/rc.d/hostid)
 *   FOG      what FOG, which images computers, takes for invalid
 *   Rockstor what Rockstor has met more than once (src/rockstor/system/osi.py)
 *   DMI      dmidecode(8), the kernel and QEMU, for what is not there
 *   others   lists of smaller inventories, and of programs that bind a licence
 *            to a machine
 */
#include "policyd/device/hwid_placeholder.h"

#include <stdbool.h>
#include <string.h>

#define SERIAL_MIN 4u /* the shortest tags that Dell has given have five */

/*
 * Texts of serial numbers without their blanks, hyphens and the like, as one
 * maker writes "Default string" and the next "Default_string". Of a PART it is
 * enough to be in the text somewhere.
 */
#define PART '*'
static const char *const words[] = {
	"*FILLEDBY", /* AMI: "To be filled by O.E.M.", "... More String" */
	"*FILLBY", /* others: "Fill By OEM" */
	"*DEFAULTSTRING", /* AMI */
	/* GLPI: "SystemSerialNumb", "Serial Number xxxxxx"; FOG: "Type2 -
	 * Board Serial Number"; others: "Unspecified Base Board ..." */
	"*SERIALNUM", /* ASUS: "System Serial Number", "Chassis ...", ... */
	"*OEMSERIAL", /* GLPI: "OEM_Serial" */
	"*ENTERSERIAL", /* FOG */
	"*NOTSPECIFIED", /* DMI */
	"*NOTAPPLICABLE", /* FOG */
	"*NOTAVAILABLE", /* others */
	"*NOTPRESENT", /* DMI, of a UUID of ones */
	"*NOTSETTABLE", /* DMI, of a UUID of zeros */
	"*OUTOFSPEC", /* DMI */
	"*BADINDEX", /* DMI */
	"*NOASSETINFORMATION", /* Lenovo's */
	"*NULLSTRING", /* GLPI */
	"*TULIPCOMPUTERS", /* GLPI */
	"OEM", /* others: "O.E.M.", too */
	"OEMID", /* others */
	"NONE", /* DMI */
	"NA", /* GLPI: "N/A" */
	"NULL", /* others */
	"EMPTY", /* GLPI */
	"INVALID", /* GLPI */
	"UNKNOWN", /* others */
	"UNKNOW", /* GLPI */
	"DEFAULT", /* others */
	"STANDARD", /* others */
	"SERIAL", /* others */
	"EVAL", /* GLPI */
	"IATPASS", /* GLPI */
	"DELL", /* others */
	/* Counting; a mere row of digits is found without a table. */
	"123456789000", /* GLPI */
	"0123456789ABCDEF", /* others */
	"123456789ABCDEF", /* others */
	"9876543210", /* others */
	"987654321", /* others */
	"MB1234567890", /* ASUS */
	"ASSET1234567890", /* ASUS */
	"SYS1234567890", /* GLPI */
	"SYS9876543210", /* GLPI */
	"SN12345", /* GLPI */
	"SN123456789", /* others */
	"SN1234567890", /* GLPI */
	"SN123456FVGV3I0B8O5N6N7K", /* GLPI */
	/* Disks that a hypervisor makes up, each one's alike. */
	"VB123456789", /* VirtualBox, NVMe: "VB1234-56789" */
	"VMWARENVME0000", /* VMware: "VMware NVME_0000" */
};

static const char *const uuids[] = {
	/* AMI, as two ways of reading its bytes give it; FreeBSD, osquery */
	"03000200-0400-0500-0006-000700080009",
	"00020003-0004-0005-0006-000700080009",
	/* counting bytes, likewise; osquery */
	"03020100-0504-0706-0809-0a0b0c0d0e0f",
	"00010203-0405-0607-0809-0a0b0c0d0e0f",
	"10000000-0000-8000-0040-000000000000", /* osquery */
	"07090201-0103-0301-0807-060504030201", /* FreeBSD */
	"11111111-2222-3333-4444-555555555555", /* FreeBSD */
	"890e2d14-cacd-45d1-ae66-bc80e8bfeb0f", /* FreeBSD */
	"8e275844-178f-44a8-aceb-a7d7e5178c63", /* FreeBSD */
	"dc698397-fa54-4cf2-82c8-b1b5307a6a7f", /* FreeBSD */
	/* Dell's of a service tag of blanks, likewise; FreeBSD has the first,
	 * and an Inspiron 545 showed the last */
	"4c4c4544-0000-2010-8020-80c04f202020",
	"44454c4c-0000-1020-8020-80c04f202020",
	"4c4c4544-0020-2010-8020-a0c04f202020",
	"44454c4c-2000-1020-8020-a0c04f202020",
	"6ab5b300-538d-1014-9fb5-b0684d007b53", /* GLPI */
	"12345678-1234-5678-90ab-cddeefaabbcc", /* FOG */
	"00000000-0000-0000-0807-060504030201", /* Rockstor */
	/* written into the firmware of SolidRun's LX2160A */
	"8a95d198-7f46-11e5-bf8b-08002704d48e",
	"deadbeef-dead-beef-dead-beefdeadbeef", /* others */
};

/*
 * Addresses that are their maker's, and that more than one card has. A dock's
 * card cannot be told by its address, which is as good as a laptop's: what is
 * on USB is left out where addresses are read (identity_nics.c).
 */
static const char *const macs[] = {
	"00:0b:ca:fe:00:00", /* GLPI */
	"20:41:53:59:4e:ff", /* GLPI; " ASYN", Windows' for modems */
	"24:b6:20:52:41:53", /* GLPI; " RAS", likewise */
	"50:50:54:50:30:30", /* GLPI; "PPTP00", likewise */
	"00:11:22:33:44:55", /* others; samples of manuals and drivers */
	"00:01:02:03:04:05",
	"00:12:34:56:78:9a",
};

/* SHA-256 of nothing: a key that could not be read. */
static const char nothing[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

static bool
is_in(const char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

#define IS_IN(list, text) is_in(list, sizeof(list) / sizeof((list)[0]), text)

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Only letters and digits, of which there are fewer than in text. */
static void
skeleton(const char *text, char bones[HWID_TEXT_MAX + 1])
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		if (is_digit(*text) || (*text >= 'A' && *text <= 'Z'))
			bones[n++] = *text;
	bones[n] = '\0';
}

static bool
is_word(const char *bones)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i][0] == PART ? strstr(bones, words[i] + 1) != NULL :
					  strcmp(bones, words[i]) == 0)
			return true;
	}
	return false;
}

/* "0", "XXXXXXXX"; what has nothing in it but dots and the like, too. */
static bool
is_one_character(const char *text)
{
	const char one[] = { *text, '\0' };

	return text[strspn(text, one)] == '\0';
}

/* "123456", "0123456789", "12345678901234567": from 0 or 1, one by one. */
static bool
is_counting(const char *bones)
{
	if (bones[0] != '0' && bones[0] != '1')
		return false;
	for (size_t i = 1; bones[i] != '\0'; i++)
		if (bones[i] != (bones[i - 1] == '9' ? '0' : bones[i - 1] + 1))
			return false;
	return true;
}

/* "System board", as makers write who have nothing to say. */
static bool
is_prose(const char *text)
{
	return strchr(text, ' ') != NULL && strpbrk(text, "0123456789") == NULL;
}

/* QEMU numbers disks of its own: "QM00001" is the first of each machine. */
static bool
is_qemus(const char *bones)
{
	return strncmp(bones, "QM", 2) == 0 && strlen(bones) == 7 &&
	    strspn(bones + 2, "0123456789") == 5;
}

/* Real ones may do without a digit: most characters of Dell's are letters. */
static const char *
of_serial(enum hwid_kind kind, const char *text)
{
	char bones[HWID_TEXT_MAX + 1];

	if (*text == '\0')
		return "is empty";
	skeleton(text, bones);
	if (is_word(bones))
		return "is what stands where nothing was filled in";
	if (is_one_character(bones))
		return "is one character, again and again";
	if (bones[strspn(bones, "01")] == '\0')
		return "is zeros and ones";
	if (is_counting(bones))
		return "is a row of digits that was made up";
	if (is_prose(text))
		return "is words, and no serial number";
	if (kind == HWID_DISK && is_qemus(bones))
		return "is what QEMU numbers its disks by";
	if (strlen(bones) < SERIAL_MIN)
		return "is too short for a serial number";
	return NULL;
}

/* "fefefefe-fefe-...": FreeBSD, GLPI and osquery know several of these. */
static bool
is_one_byte(const char *text)
{
	const char *s;

	for (s = text + 2; *s != '\0'; s += 2) {
		if (*s == '-')
			s++;
		if (strncmp(s, text, 2) != 0)
			return false;
	}
	return true;
}

static const char *
of_uuid(const char *text)
{
	static const char ones[] = "-ffff-ffff-ffff-ffffffffffff"; /* FreeBSD */

	if (is_one_byte(text))
		return "is one byte, again and again";
	if (IS_IN(uuids, text) || strcmp(text + 8, ones) == 0)
		return "is the same on many machines";
	return NULL;
}

static bool
has_bit(char digit, unsigned int bit)
{
	unsigned int v = is_digit(digit) ? (unsigned int)(digit - '0') :
					   (unsigned int)(digit - 'a') + 10;

	return (v & bit) != 0;
}

/* IEEE 802: of the first byte 1 is a group's address, 2 one given locally. */
static const char *
of_mac(const char *text)
{
	if (strcmp(text, "00:00:00:00:00:00") == 0 ||
	    strcmp(text, "ff:ff:ff:ff:ff:ff") == 0)
		return "is the address of no card";
	if (has_bit(text[1], 1))
		return "is the address of a group, and of no card";
	if (has_bit(text[1], 2))
		return "was made up, by a program or a hypervisor";
	/* GLPI: 00:a0:c6:00:00:00, a modem's before it has its own */
	if (strcmp(text + 8, ":00:00:00") == 0)
		return "is its maker's, without a number of the card";
	if (IS_IN(macs, text))
		return "is the same on many machines";
	return NULL;
}

static const char *
of_tpm(const char *text)
{
	if (is_one_character(text))
		return "is one digit, again and again";
	if (strcmp(text, nothing) == 0)
		return "is the hash of nothing";
	return NULL;
}

const char *
hwid_placeholder(enum hwid_kind kind, const char *text)
{
	switch (kind) {
	case HWID_TPM:
		return of_tpm(text);
	case HWID_UUID:
		return of_uuid(text);
	case HWID_MAC:
		return of_mac(text);
	case HWID_BOARD:
	case HWID_DISK:
	case HWID_SERIAL:
	case HWID_CHASSIS:
		return of_serial(kind, text);
	case HWID_NONE:
	case HWID_KINDS:
		break;
	}
	return "is of no kind";
}
