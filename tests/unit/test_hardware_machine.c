/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual machines by DMI and CPU, and machines of makers that have both.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/scanner/hardware/machine.h"
#include "tests/unit/hardware_rules.h"

static struct rules rules;
static struct roster roster;
static struct picture picture;

static int
begin(void **state)
{
	(void)state;
	return hardware_rules(&rules);
}

static int
end(void **state)
{
	(void)state;
	rules_done(&rules);
	return 0;
}

/* One that has been looked at. */
static struct machine
make(const char *product, const char *system, const char *board,
    const char *signature)
{
	struct machine m = { .looked = true };

	(void)strcpy(m.field[MACHINE_PRODUCT], product);
	(void)strcpy(m.field[MACHINE_SYSTEM], system);
	(void)strcpy(m.field[MACHINE_BOARD], board);
	if (signature != NULL) {
		m.hypervisor = true;
		(void)strcpy(m.signature, signature);
	}
	return m;
}

static void
match(struct machine *machine)
{
	memset(&picture, 0, sizeof(picture));
	roster_begin(&roster, &picture);
	machine_match(machine, &rules, &roster);
	roster_end(&roster, true);
	assert_true(picture_is_valid(&picture, picture_size(&picture)));
	assert_in_range(picture.nsigns, 0, 1);
}

static void
expect(struct machine machine, const char *what,
    enum sign_confidence confidence, const char *seen)
{
	match(&machine);
	assert_int_equal(picture.nsigns, 1);
	assert_int_equal(picture.sign[0].kind, ENTRY_HYPERVISOR);
	assert_int_equal(picture.sign[0].grade, SIGN_PRESENT);
	assert_string_equal(picture.sign[0].what, what);
	assert_int_equal(picture.sign[0].confidence, confidence);
	assert_string_equal(picture.sign[0].seen, seen);
}

static void
expect_none(struct machine machine)
{
	match(&machine);
	assert_int_equal(picture.nsigns, 0);
}

static void
test_named(void **state)
{
	(void)state;
	expect(make("Standard PC", "QEMU", "", "KVMKVMKVM"), "qemu",
	    SIGN_BY_IDENTITY,
	    "DMI says \"QEMU\"; the CPU's hypervisor \"KVMKVMKVM\"");
	expect(make("", "", "", "KVMKVMKVM"), "kvm", SIGN_BY_IDENTITY,
	    "the CPU's hypervisor \"KVMKVMKVM\"");
	expect(make("VirtualBox", "innotek GmbH", "Oracle Corporation", NULL),
	    "virtualbox", SIGN_BY_IDENTITY, "DMI says \"innotek GmbH\"");
}

static void
test_unnamed(void **state)
{
	(void)state;
	expect(make("Laptop", "LENOVO", "LENOVO", "SomethingNew"), "hypervisor",
	    SIGN_BY_COMPOSITION, "the CPU's hypervisor \"SomethingNew\"");
	expect(make("Laptop", "LENOVO", "LENOVO", ""), "hypervisor",
	    SIGN_BY_COMPOSITION, "the CPU's hypervisor has no name");
	expect(make("Laptop", "LENOVO", "LENOVO", "KVMKVMKVMKVM"), "hypervisor",
	    SIGN_BY_COMPOSITION, "the CPU's hypervisor \"KVMKVMKVMKVM\"");
}

static void
test_makers_of_both(void **state)
{
	(void)state;
	expect_none(make("Surface Laptop 4", "Microsoft Corporation",
	    "Microsoft Corporation", NULL));
	expect(make("Virtual Machine", "Microsoft Corporation",
		   "Microsoft Corporation", NULL),
	    "hyper-v", SIGN_BY_IDENTITY, "DMI says \"Microsoft Corporation\"");
	expect_none(make("m5.metal", "Amazon EC2", "Amazon EC2", NULL));
	expect(make("m5.large", "Amazon EC2", "Amazon EC2", NULL), "ec2",
	    SIGN_BY_IDENTITY, "DMI says \"Amazon EC2\"");
	expect_none(make("SUN SERVER X4-2", "Oracle Corporation",
	    "Oracle Corporation", NULL));
	expect(make("VirtualBox", "Oracle Corporation", "Oracle Corporation",
		   NULL),
	    "virtualbox", SIGN_BY_IDENTITY, "DMI says \"Oracle Corporation\"");
}

static void
test_ordinary(void **state)
{
	struct machine machine = make("20XW004AGE", "LENOVO", "LENOVO", NULL);

	(void)state;
	expect_none(machine);
	expect_none(make("Latitude 7420", "Dell Inc.", "Dell Inc.", NULL));
	expect_none(make("", "", "", NULL));
	expect_none(make("Not QEMU", "xQEMU", " QEMU", NULL));
	/* A PCI device alone is a card that somebody has built in. */
	machine.npci = 1;
	machine.pci[0] = 0x1af4;
	expect_none(machine);
}

static void
test_evidence(void **state)
{
	struct machine machine = make("20XW", "LENOVO", "LENOVO", NULL);

	(void)state;
	machine_note(&machine, &hw_entries[HW_QEMU], "a tablet");
	machine_note(&machine, &hw_entries[HW_KVM], "another");
	machine.npci = 1;
	machine.pci[0] = 0x1af4;
	expect(machine, "qemu", SIGN_BY_COMPOSITION,
	    "PCI vendor 1af4; a tablet");
	/* It is of one scan. */
	match(&machine);
	assert_int_equal(picture.nsigns, 1);
	match(&machine);
	assert_int_equal(picture.nsigns, 0);
}

static void
test_hostile(void **state)
{
	struct machine machine = make("", "", "", "");

	(void)state;
	memset(machine.field[MACHINE_PRODUCT], 0xff, MACHINE_TEXT_MAX);
	(void)strcpy(machine.field[MACHINE_SYSTEM], "QEMU\n\x1b[2J\"");
	expect(machine, "qemu", SIGN_BY_IDENTITY,
	    "DMI says \"QEMU??[2J'\"; the CPU's hypervisor has no name");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(fn, name) { name, fn, NULL, NULL, NULL }
		TEST(test_named, "DMI or the CPU name a hypervisor"),
		TEST(test_unnamed, "the CPU's bit alone is no name"),
		TEST(test_makers_of_both, "a maker of both is asked for both"),
		TEST(test_ordinary, "an ordinary machine is none"),
		TEST(test_evidence, "a device of a hypervisor's is weak"),
		TEST(test_hostile, "what DMI says stays in its quotes"),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
