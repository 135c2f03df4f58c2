/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual machine by its own account. One that hides all of this is not
 * known; one that has it all is rarely a laptop that was issued.
 */
#include "policyd/scanner/hardware/machine.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#define MACHINE_CPUID
#endif
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "policyd/scanner/hardware/sys.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"

/* In the order in which they tell most. */
static const char *const field_names[MACHINE_FIELDS] = {
	[MACHINE_PRODUCT] = "product_name",
	[MACHINE_SYSTEM] = "sys_vendor",
	[MACHINE_BOARD] = "board_vendor",
	[MACHINE_BIOS] = "bios_vendor",
	[MACHINE_VERSION] = "product_version",
};

/*
 * Vendors of hypervisors that build machines as well: their name is a sign
 * only together with what their hypervisor calls its machines.
 */
static const struct {
	const char *vendor;
	const char *product;
} makers_of_both[] = {
	{ "Microsoft Corporation", "Virtual Machine" }, /* Surface */
	{ "Oracle Corporation", "VirtualBox" }, /* Sun's servers */
};

static bool
begins(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

#ifdef MACHINE_CPUID
#define CPUID_HYPERVISOR (1u << 31) /* of leaf 1, ECX */
#define CPUID_SIGNATURE	 0x40000000u

/* Without that bit the leaf is another's. */
static bool
read_cpu(struct machine *machine)
{
	unsigned int a, b, c, d;

	if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & CPUID_HYPERVISOR) == 0)
		return true;
	machine->hypervisor = true;
	__cpuid(CPUID_SIGNATURE, a, b, c, d);
	memcpy(machine->signature, &b, 4);
	memcpy(machine->signature + 4, &c, 4);
	memcpy(machine->signature + 8, &d, 4);
	machine->signature[12] = '\0';
	return true;
}
#else
/* Other CPUs do not say; a kernel may. */
static bool
read_cpu(struct machine *machine)
{
	char buf[4096];
	size_t len;

	if (sys_read(AT_FDCWD, "/proc/cpuinfo", buf, sizeof(buf) - 1, &len) !=
	    0)
		return false;
	buf[len] = '\0';
	machine->hypervisor = strstr(buf, " hypervisor") != NULL;
	return true;
}
#endif

/* Not every machine has DMI, and not every DMI all of these. */
static bool
read_dmi(struct machine *machine, int sys)
{
	int folder, i;

	if ((folder = sys_open_folder(sys, "class/dmi/id")) == -1)
		return errno == ENOENT && sys_is_real(sys);
	for (i = 0; i < MACHINE_FIELDS; i++)
		(void)sys_read_text(folder, field_names[i], machine->field[i],
		    sizeof(machine->field[i]));
	(void)close(folder); /* was only read */
	return true;
}

static void
add_pci(struct machine *machine, uint32_t vendor)
{
	size_t i;

	for (i = 0; i < machine->npci; i++)
		if (machine->pci[i] == vendor)
			return;
	if (machine->npci < MACHINE_PCI_MAX)
		machine->pci[machine->npci++] = vendor;
}

/* False: the time was over. No such bus is no failure. */
static bool
read_pci(struct machine *machine, int sys, int64_t until_ns)
{
	char path[SYS_NAME_MAX + 8];
	struct sys_list list;
	uint32_t vendor;
	const char *name;
	bool cut;

	if (sys_list_open(&list, sys, "bus/pci/devices", until_ns) != 0)
		return true;
	while ((name = sys_list_next(&list)) != NULL)
		if (text_format(path, sizeof(path), "%s/vendor", name) == 0 &&
		    sys_read_hex(list.fd, path, &vendor) == 0)
			add_pci(machine, vendor);
	cut = list.cut;
	sys_list_close(&list);
	return !cut;
}

bool
machine_look(struct machine *machine, int sys, int64_t until_ns)
{
	if (machine->looked)
		return true;
	if (walk_now_ns() >= until_ns)
		return false;
	machine->npci = 0;
	machine->failed = !read_dmi(machine, sys);
	machine->failed = !read_cpu(machine) || machine->failed;
	/* What could not be looked at is tried again. */
	machine->looked = read_pci(machine, sys, until_ns) && !machine->failed;
	return machine->looked || machine->failed;
}

void
machine_note(struct machine *machine, const struct rule_entry *entry,
    const char *words)
{
	if (machine->noted != NULL)
		return;
	machine->noted = entry;
	(void)text_copy(machine->note, sizeof(machine->note), words);
}

/* Hardware of a vendor that also has a hypervisor, or rents out machines. */
static bool
is_bare(const struct machine *machine, const char *prefix)
{
	const char *product = machine->field[MACHINE_PRODUCT];
	static const char metal[] = ".metal";
	size_t i, len = strlen(product);

	if (begins(prefix, "Amazon EC2"))
		return len >= strlen(metal) &&
		    strcmp(product + len - strlen(metal), metal) == 0;
	for (i = 0; i < sizeof(makers_of_both) / sizeof(makers_of_both[0]); i++)
		if (begins(makers_of_both[i].vendor, prefix))
			return !begins(product, makers_of_both[i].product);
	return false;
}

static const struct rule *
match_dmi(const struct machine *machine, const struct rules *rules,
    enum machine_field *ret_field)
{
	const struct rule *rule;
	size_t i;
	int f;

	for (f = 0; f < MACHINE_FIELDS; f++) {
		for (i = rules->first[RULE_DMI]; i < rules->first[RULE_DMI + 1];
		     i++) {
			rule = &rules->rule[i];
			if (rule->text[0] == '\0' ||
			    !begins(machine->field[f], rule->text) ||
			    is_bare(machine, rule->text))
				continue;
			*ret_field = (enum machine_field)f;
			return rule;
		}
	}
	return NULL;
}

/* Twelve bytes, with spaces behind the name or not. */
static bool
is_signature(const char *signature, const char *text)
{
	size_t len = strlen(signature);

	while (len > 0 && signature[len - 1] == ' ')
		len--;
	return len > 0 && strncmp(signature, text, len) == 0 &&
	    text[len + strspn(text + len, " ")] == '\0';
}

static const struct rule *
match_cpu(const struct machine *machine, const struct rules *rules)
{
	size_t i;

	for (i = rules->first[RULE_CPUID]; i < rules->first[RULE_CPUID + 1];
	     i++)
		if (is_signature(machine->signature, rules->rule[i].text))
			return &rules->rule[i];
	return NULL;
}

static const struct rule *
match_pci(const struct machine *machine, const struct rules *rules)
{
	size_t i, j;

	for (i = rules->first[RULE_PCI]; i < rules->first[RULE_PCI + 1]; i++)
		for (j = 0; j < machine->npci; j++)
			if (rules->rule[i].low == machine->pci[j])
				return &rules->rule[i];
	return NULL;
}

/* All that there is, the surest first; what is quoted is the machine's. */
static void
words(const struct machine *machine, const char *field, uint32_t pci, char *dst,
    size_t size)
{
	char name[ROSTER_QUOTE_SIZE], cpu[ROSTER_QUOTE_SIZE];
	char vendor[32] = "", by[128] = "", said[128] = "";

	roster_quote(name, field);
	roster_quote(cpu, machine->signature);
	if (field[0] != '\0')
		(void)text_format(said, sizeof(said), "DMI says %s; ", name);
	if (machine->hypervisor)
		(void)text_format(by, sizeof(by), "the CPU's hypervisor %s; ",
		    machine->signature[0] == '\0' ? "has no name" : cpu);
	if (pci != 0)
		(void)text_format(vendor, sizeof(vendor), "PCI vendor %04x; ",
		    pci);
	(void)text_format(dst, size, "%s%s%s%s", said, by, vendor,
	    machine->noted == NULL ? "" : machine->note);
	if (strlen(dst) > 2 && strcmp(dst + strlen(dst) - 2, "; ") == 0)
		dst[strlen(dst) - 2] = '\0';
}

void
machine_match(struct machine *machine, const struct rules *rules,
    struct roster *roster)
{
	static const struct rule_entry unknown = { .name = "hypervisor",
		.kind = ENTRY_HYPERVISOR };
	enum machine_field field = MACHINE_FIELDS;
	const struct rule *dmi = match_dmi(machine, rules, &field);
	const struct rule *cpu = match_cpu(machine, rules);
	const struct rule *pci = match_pci(machine, rules);
	const struct rule *rule = dmi != NULL ? dmi : cpu;
	const struct rule_entry *entry = machine->noted;
	char seen[ROSTER_WORDS];

	if (rule != NULL)
		entry = &rules->entry[rule->entry];
	else if (entry == NULL && machine->hypervisor)
		entry = &unknown;
	words(machine, dmi == NULL ? "" : machine->field[field],
	    pci == NULL ? 0 : pci->low, seen, sizeof(seen));
	if (entry != NULL && entry->kind == ENTRY_HYPERVISOR)
		roster_add_entry(roster, entry, SIGN_PRESENT,
		    rule != NULL ? SIGN_BY_IDENTITY : SIGN_BY_COMPOSITION,
		    seen);
	machine->noted = NULL;
}
