/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From parsed sections to entries: every value is kept as it was written, the
 * keys that all sections have are read, and an entry takes its place among the
 * others. All of a file is read, whatever goes wrong, so that all errors are
 * found.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/catalogue/catalogue_parts.h"
#include "proto/result.h"

/* ---- what was written -------------------------------------------------- */

const struct conf_strings *
catalogue_values(const struct catalogue_entry *entry, const char *key)
{
	size_t i;

	for (i = 0; i < entry->nkeys; i++)
		if (strcmp(entry->keys[i].name, key) == 0)
			return &entry->keys[i].values;
	return NULL;
}

const char *
catalogue_value(const struct catalogue_entry *entry, const char *key)
{
	const struct conf_strings *values = catalogue_values(entry, key);

	return values == NULL ? "" : values->v[0];
}

bool
catalogue_has(const struct catalogue_entry *entry, const char *key)
{
	return catalogue_values(entry, key) != NULL;
}

unsigned int
catalogue_line(const struct catalogue_entry *entry, const char *key)
{
	const struct conf_strings *values = catalogue_values(entry, key);

	return values == NULL ? entry->line : values->lines[0];
}

static void
keep_key(struct catalogue_build *b, struct cfg_t *section, const char *name)
{
	struct catalogue_key *key = &b->entry->keys[b->entry->nkeys];
	const struct conf_value *v;
	size_t i, n = conf_section_count(section, name);

	if (n == 0)
		return;
	b->entry->nkeys++; /* freed also when it is half filled */
	key->name = name;
	for (i = 0; i < n && !b->reader.nomem; i++) {
		v = conf_section_value(section, name, i);
		if (conf_strings_add(&key->values, v->text, v->line) != 0)
			b->reader.nomem = true;
	}
	if (!b->reader.nomem)
		conf_strings_check(&b->reader, &key->values, name);
}

static void
keep_keys(struct catalogue_build *b, struct cfg_t *section)
{
	const struct conf_key *keys = catalogue_keys(b->entry->section), *key;
	size_t n = 0;

	while (keys[n].name != NULL)
		n++;
	b->entry->keys = calloc(n, sizeof(*b->entry->keys));
	if (b->entry->keys == NULL)
		b->reader.nomem = true;
	for (key = keys; key->name != NULL && !b->reader.nomem; key++)
		keep_key(b, section, key->name);
}

/* ---- the keys that all sections have ----------------------------------- */

static void
read_text(struct catalogue_build *b, const char *key, size_t max)
{
	if (catalogue_has(b->entry, key))
		(void)catalogue_value_text(b, catalogue_line(b->entry, key),
		    key, catalogue_value(b->entry, key), max);
}

/* What most of its kind do; nobody is to forget it. */
static enum entry_steers
usual_steers(enum entry_kind kind)
{
	switch (kind) {
	case ENTRY_RMM:
	case ENTRY_INPUT_SHARE:
	case ENTRY_VNC:
	case ENTRY_STREAMING:
	case ENTRY_IP_KVM:
		return ENTRY_STEERS_SEAT;
	case ENTRY_RDP:
	case ENTRY_TERMINAL_SHARE:
		return ENTRY_STEERS_OWN;
	case ENTRY_NONE:
	case ENTRY_HIDDEN:
	case ENTRY_TUNNEL:
	case ENTRY_JIGGLER:
	case ENTRY_VPN_CLIENT:
	case ENTRY_CAPTURE:
	case ENTRY_DUMMY_PLUG:
	case ENTRY_HYPERVISOR:
	case ENTRY_ORDINARY:
	case ENTRY_KEYBOARD:
	case ENTRY_POINTER:
	case ENTRY_OTHER_INPUT:
	case ENTRY_MONITOR:
	case ENTRY_KINDS:
		break;
	}
	return ENTRY_STEERS_NONE;
}

static void
read_common(struct catalogue_build *b)
{
	struct catalogue_entry *e = b->entry;

	read_text(b, "title", CATALOGUE_TITLE_MAX);
	read_text(b, "source", CATALOGUE_TEXT_MAX);
	read_text(b, "note", CATALOGUE_TEXT_MAX);
	e->title = catalogue_value(e, "title");
	if (e->section == CATALOGUE_HYPERVISOR)
		e->kind = ENTRY_HYPERVISOR;
	else if (catalogue_has(e, "kind"))
		e->kind = catalogue_kind(b, catalogue_line(e, "kind"),
		    catalogue_value(e, "kind"));
	e->steers = usual_steers(e->kind);
}

static void
read_own(struct catalogue_build *b)
{
	switch (b->entry->section) {
	case CATALOGUE_TOOL:
		catalogue_read_tool(b);
		break;
	case CATALOGUE_USB:
		catalogue_read_usb(b);
		break;
	case CATALOGUE_DISPLAY:
		catalogue_read_display(b);
		break;
	case CATALOGUE_INPUT:
		catalogue_read_input(b);
		break;
	case CATALOGUE_HYPERVISOR:
		catalogue_read_hypervisor(b);
		break;
	case CATALOGUE_NONE:
	case CATALOGUE_SECTIONS:
		break;
	}
}

/* ---- an entry among the others ----------------------------------------- */

static struct catalogue_entry *
find_entry(const struct catalogue *cat, enum catalogue_section section,
    const char *name)
{
	size_t i;

	for (i = 0; i < cat->nentries; i++)
		if (cat->entries[i].section == section &&
		    strcmp(cat->entries[i].name, name) == 0)
			return &cat->entries[i];
	return NULL;
}

static struct catalogue_entry *
new_place(struct catalogue_build *b)
{
	struct catalogue *cat = b->catalogue;
	struct catalogue_entry *list;

	if (cat->nentries >= RULE_ENTRIES_MAX) {
		if (!b->full)
			CATALOGUE_ERROR(b, b->entry->line,
			    "more than %u entries; take out those that you do "
			    "not look for",
			    RULE_ENTRIES_MAX);
		b->full = true;
		return NULL;
	}
	list = reallocarray(cat->entries, cat->nentries + 1, sizeof(*list));
	if (list == NULL) {
		b->reader.nomem = true;
		return NULL;
	}
	cat->entries = list;
	return &list[cat->nentries++];
}

/* Takes what b->entry has, or leaves it to be freed. */
static void
place(struct catalogue_build *b)
{
	struct catalogue *cat = b->catalogue;
	struct catalogue_entry *e = b->entry, *old;

	old = find_entry(cat, e->section, e->name);
	if (old != NULL && old->folder == e->folder) {
		CATALOGUE_ERROR(b, e->line,
		    "%s %s was defined in %s, line %u already; rename or merge "
		    "one of them",
		    catalogue_section_name(e->section), e->name, old->file,
		    old->line);
		return;
	}
	if (old != NULL) {
		cat->nrules -= old->nrules;
		catalogue_entry_done(old);
	} else if ((old = new_place(b)) == NULL) {
		return;
	}
	cat->nrules += e->nrules;
	*old = *e;
	memset(e, 0, sizeof(*e));
}

static void
read_section(struct catalogue_build *b, enum catalogue_section section,
    struct cfg_t *cfg)
{
	struct catalogue_entry entry = { .section = section };
	const struct conf_title *title;
	const char *name = conf_section_title(cfg);

	title =
	    conf_scan_find(&b->scan, catalogue_section_name(section), 0, name);
	entry.line = title == NULL ? 0 : title->line;
	entry.folder = b->folder;
	entry.title = "";
	entry.name = conf_value_dup(&b->reader, name);
	entry.file = conf_value_dup(&b->reader, b->reader.file);
	b->entry = &entry;
	if (!b->reader.nomem)
		keep_keys(b, cfg);
	if (!b->reader.nomem) {
		read_common(b);
		read_own(b);
		/* Where a key had to be blanked it is not missing. */
		if (b->scan.whole)
			catalogue_check(b);
		place(b);
	}
	catalogue_entry_done(&entry);
	b->entry = NULL;
}

int
catalogue_read(struct cfg_t *root, void *build)
{
	struct catalogue_build *b = build;
	enum catalogue_section section;
	const char *name;
	size_t i, n;

	for (section = CATALOGUE_TOOL; section < CATALOGUE_SECTIONS;
	     section++) {
		name = catalogue_section_name(section);
		n = conf_section_count(root, name);
		for (i = 0; i < n && !b->reader.nomem; i++)
			read_section(b, section,
			    conf_section_at(root, name, i));
	}
	return b->reader.nomem ? FG_ERR_NOMEM : 0;
}
