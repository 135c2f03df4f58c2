/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether an entry makes sense: it has what every entry needs, it can be seen,
 * and each of its keys can have an effect.
 */
#include <string.h>

#include "policyd/catalogue/catalogue_parts.h"

#define CHECK_ERROR(b, key, ...) \
	CATALOGUE_ERROR((b), catalogue_line((b)->entry, (key)), __VA_ARGS__)

/* ---- what every entry needs -------------------------------------------- */

static void
check_needed(struct catalogue_build *b, const char *section)
{
	const struct catalogue_entry *e = b->entry;

	if (catalogue_has(e, "same_as")) {
		if (catalogue_has(e, "title"))
			CHECK_ERROR(b, "title",
			    "%s %s has the title of what it is the same as; "
			    "remove title, or same_as",
			    section, e->name);
		if (catalogue_has(e, "kind"))
			CHECK_ERROR(b, "kind",
			    "%s %s has the kind of what it is the same as; "
			    "remove kind, or same_as",
			    section, e->name);
		return;
	}
	if (!catalogue_has(e, "title"))
		CATALOGUE_ERROR(b, e->line,
		    "%s %s has no title; add what people call it, as title = "
		    "\"...\"",
		    section, e->name);
	if (!catalogue_has(e, "kind") && e->section != CATALOGUE_HYPERVISOR)
		CATALOGUE_ERROR(b, e->line, "%s %s has no kind; add kind = %s",
		    section, e->name,
		    e->section == CATALOGUE_TOOL	? "\"rmm\"" :
			e->section == CATALOGUE_USB	? "\"ip-kvm\"" :
			e->section == CATALOGUE_DISPLAY ? "\"hdmi-capture\"" :
							  "\"jiggler\"");
}

/* The keys by which an entry of the section can be seen. */
static const char *
sign_keys(enum catalogue_section section)
{
	switch (section) {
	case CATALOGUE_TOOL:
		return "exe, script, comm, packages, units, files, "
		       "interfaces, links, sockets or listen";
	case CATALOGUE_USB:
		return "vendor and product, manufacturer, model, storage or "
		       "reports";
	case CATALOGUE_DISPLAY:
		return "manufacturer and products, models or serials";
	case CATALOGUE_INPUT:
		return "device";
	case CATALOGUE_HYPERVISOR:
		return "dmi, cpuid, pci, usb or display";
	case CATALOGUE_NONE:
	case CATALOGUE_SECTIONS:
		break;
	}
	return "";
}

/* Whether a key says what a thing is, or where its signs mean anything. */
static bool
is_sign_key(const char *key)
{
	static const char *const others[] = { "title", "kind", "same_as",
		"source", "note", "steers", "listen_argument", "active",
		"active_exe", "active_comm", "active_argument", "weak", NULL };
	size_t i;

	for (i = 0; others[i] != NULL; i++)
		if (strcmp(others[i], key) == 0)
			return false;
	return true;
}

/*
 * An ordinary one without any is how a shipped entry is taken out. Wrong values
 * were told of; they are no missing ones.
 */
static void
check_seen(struct catalogue_build *b, const char *section)
{
	const struct catalogue_entry *e = b->entry;
	size_t i;

	for (i = 0; i < e->nkeys; i++)
		if (is_sign_key(e->keys[i].name))
			return;
	if (e->kind != ENTRY_ORDINARY)
		CATALOGUE_ERROR(b, e->line, "%s %s can never be seen; add %s",
		    section, e->name, sign_keys(e->section));
}

/* ---- tools ------------------------------------------------------------- */

static bool
has_process(const struct catalogue_entry *e)
{
	return catalogue_has(e, "exe") || catalogue_has(e, "script") ||
	    catalogue_has(e, "comm");
}

/* Who listens there, or is connected there, whatever it is called. */
static void
check_generic(struct catalogue_build *b)
{
	const struct catalogue_entry *e = b->entry;
	static const char *const others[] = { "packages", "units", "files",
		"interfaces", "links", NULL };
	const char *ports = catalogue_has(e, "listen") ? "listen" : "relay";
	size_t i;

	if (!catalogue_has(e, ports))
		return;
	for (i = 0; others[i] != NULL; i++)
		if (catalogue_has(e, others[i]))
			CHECK_ERROR(b, ports,
			    "tool %s is whoever has that port, and %s belongs "
			    "to one program; add exe, script or comm, or make "
			    "two tools of it",
			    e->name, others[i]);
}

static void
check_active_word(struct catalogue_build *b, uint32_t bit, const char *word,
    bool has, const char *fix)
{
	if ((b->entry->active & bit) != 0 && !has)
		CHECK_ERROR(b, "active",
		    "tool %s is never active by \"%s\"; add %s, or leave it "
		    "out",
		    b->entry->name, word, fix);
}

/* Of which nothing can come for those of that kind. */
static void
check_never_active(struct catalogue_build *b, const char *why, const char *fix)
{
	static const char *const keys[] = { "active", "active_exe",
		"active_comm", "active_argument", NULL };
	size_t i;

	for (i = 0; keys[i] != NULL; i++)
		if (catalogue_has(b->entry, keys[i]))
			CHECK_ERROR(b, keys[i], "tool %s is %s; %sremove %s",
			    b->entry->name, why, fix, keys[i]);
}

/* Only that of a program which is certain tells a port. */
static void
check_listen_argument(struct catalogue_build *b)
{
	const struct catalogue_entry *e = b->entry;

	if (catalogue_has(e, "listen_argument") &&
	    (!catalogue_has(e, "exe") || (e->active & RULE_ACTIVE_LISTEN) == 0))
		CHECK_ERROR(b, "listen_argument",
		    "nothing comes of listen_argument in tool %s; add exe, and "
		    "listen to active, or leave it out",
		    e->name);
}

static void
check_active(struct catalogue_build *b)
{
	const struct catalogue_entry *e = b->entry;
	bool process = has_process(e);

	if (e->kind == ENTRY_ORDINARY) {
		check_never_active(b, "ordinary and never told of", "");
		return;
	}
	if (e->kind == ENTRY_VPN_CLIENT) {
		check_never_active(b,
		    "active while the default route goes through its interface",
		    "name that in interfaces or links, and ");
		return;
	}
	check_active_word(b, RULE_ACTIVE_LISTEN, "listen",
	    catalogue_has(e, "listen") || catalogue_has(e, "sockets"),
	    "the ports, as listen, or paths, as sockets");
	check_active_word(b, RULE_ACTIVE_RELAY, "relay",
	    catalogue_has(e, "relay"), "the ports, as relay");
	check_active_word(b, RULE_ACTIVE_CHILD, "child", process,
	    "exe, script or comm");
	check_active_word(b, RULE_ACTIVE_FORK, "fork", process,
	    "exe, script or comm");
	check_active_word(b, RULE_ACTIVE_RUNNING, "running", process,
	    "exe, script or comm");
	if (catalogue_has(e, "active_argument") && !catalogue_has(e, "exe") &&
	    !catalogue_has(e, "script"))
		CHECK_ERROR(b, "active_argument",
		    "tool %s has no program that could have the argument; add "
		    "exe or script",
		    e->name);
}

/* ---- devices ----------------------------------------------------------- */

static bool
has_usb_strings(const struct catalogue_entry *e)
{
	return catalogue_has(e, "manufacturer") || catalogue_has(e, "model") ||
	    catalogue_has(e, "serial");
}

static void
check_usb(struct catalogue_build *b)
{
	const struct catalogue_entry *e = b->entry;

	if (catalogue_has(e, "product") && !catalogue_has(e, "vendor"))
		CHECK_ERROR(b, "product",
		    "usb %s has a product and no vendor, and each vendor "
		    "numbers its own; add vendor",
		    e->name);
	if (catalogue_has(e, "hid") && !catalogue_has(e, "vendor") &&
	    !has_usb_strings(e))
		CHECK_ERROR(b, "hid",
		    "usb %s has nothing that hid could be about; add vendor "
		    "and product, or a string",
		    e->name);
	if (catalogue_has(e, "vendor") && !catalogue_has(e, "product") &&
	    !catalogue_has(e, "hid") && !has_usb_strings(e) &&
	    e->kind != ENTRY_ORDINARY)
		CHECK_ERROR(b, "vendor",
		    "usb %s is everything that the vendor makes; add product, "
		    "or a string",
		    e->name);
}

static void
check_display(struct catalogue_build *b)
{
	const struct catalogue_entry *e = b->entry;

	if (catalogue_has(e, "products") && !catalogue_has(e, "manufacturer"))
		CHECK_ERROR(b, "products",
		    "display %s has products and no manufacturer, and each "
		    "numbers its own; add manufacturer",
		    e->name);
	if (catalogue_has(e, "manufacturer") && !catalogue_has(e, "products") &&
	    !catalogue_has(e, "models") && !catalogue_has(e, "serials") &&
	    e->kind != ENTRY_ORDINARY)
		CHECK_ERROR(b, "manufacturer",
		    "display %s is everything that the manufacturer makes; add "
		    "products, models or serials",
		    e->name);
}

static void
check_input(struct catalogue_build *b)
{
	const struct catalogue_entry *e = b->entry;

	if (!catalogue_has(e, "device") &&
	    (catalogue_has(e, "bus") || catalogue_has(e, "vendor")))
		CATALOGUE_ERROR(b, e->line,
		    "input %s has no name of a device; add device", e->name);
}

void
catalogue_check(struct catalogue_build *b)
{
	const char *section = catalogue_section_name(b->entry->section);

	check_needed(b, section);
	check_seen(b, section);
	switch (b->entry->section) {
	case CATALOGUE_TOOL:
		if (!has_process(b->entry))
			check_generic(b);
		check_active(b);
		check_listen_argument(b);
		break;
	case CATALOGUE_USB:
		check_usb(b);
		break;
	case CATALOGUE_DISPLAY:
		check_display(b);
		break;
	case CATALOGUE_INPUT:
		check_input(b);
		break;
	case CATALOGUE_NONE:
	case CATALOGUE_HYPERVISOR:
	case CATALOGUE_SECTIONS:
		break;
	}
}
