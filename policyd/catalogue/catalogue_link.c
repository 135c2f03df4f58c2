/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When everything was read: the entries in order, which of them are other
 * identities of one thing, and what may not be meant.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/catalogue/catalogue_parts.h"
#include "proto/result.h"

static int
compare_entries(const void *a, const void *b)
{
	const struct catalogue_entry *ea = a, *eb = b;

	if (ea->section != eb->section)
		return ea->section < eb->section ? -1 : 1;
	return strcmp(ea->name, eb->name);
}

static void
report_missing(const struct catalogue *catalogue,
    const struct catalogue_entry *e, const char *name,
    struct conf_errors *errors)
{
	struct conf_near near = { .word = name };
	const struct catalogue_entry *other;
	char buf[CONF_NEAR_SIZE];
	size_t i;

	for (i = 0; i < catalogue->nentries; i++) {
		other = &catalogue->entries[i];
		if (other->section == e->section && other != e &&
		    !catalogue_has(other, "same_as"))
			conf_near_offer(&near, other->name);
	}
	conf_errors_add(errors, e->file, catalogue_line(e, "same_as"),
	    "there is no %s \"%.80s\" that this could be; %s",
	    catalogue_section_name(e->section), name,
	    conf_near_text(&near,
		"name one that has a title; a folder that is "
		"checked alone knows none of the others'",
		buf));
}

static void
link_entry(struct catalogue *catalogue, size_t at, struct conf_errors *errors)
{
	struct catalogue_entry *e = &catalogue->entries[at];
	const struct catalogue_entry *other;
	const char *name = catalogue_value(e, "same_as");
	size_t i;

	e->of = at;
	if (!catalogue_has(e, "same_as"))
		return;
	for (i = 0; i < catalogue->nentries; i++) {
		other = &catalogue->entries[i];
		if (i == at || other->section != e->section ||
		    strcmp(other->name, name) != 0)
			continue;
		if (catalogue_has(other, "same_as"))
			break;
		e->of = i;
		e->title = other->title;
		e->kind = other->kind;
		e->steers = other->steers;
		return;
	}
	report_missing(catalogue, e, name, errors);
}

int
catalogue_link(struct catalogue *catalogue, struct conf_errors *errors)
{
	size_t i, before = errors->count;

	if (catalogue->nentries > 1)
		qsort(catalogue->entries, catalogue->nentries,
		    sizeof(*catalogue->entries), compare_entries);
	for (i = 0; i < catalogue->nentries; i++)
		link_entry(catalogue, i, errors);
	return errors->count == before ? 0 : FG_ERR_CONFIG;
}

bool
catalogue_is_by_name(const struct catalogue_entry *entry)
{
	const struct rule *rule;
	bool named = false;
	size_t i;

	for (i = 0; i < entry->nrules; i++) {
		rule = &entry->rules[i];
		if (rule->kind == RULE_COMM)
			named = true;
		if (rule->kind != RULE_EXE && rule->kind != RULE_SCRIPT)
			continue;
		if (!rule_is_bare(rule->text))
			return false;
		named = true;
	}
	return named;
}

static bool
is_shipped(const struct catalogue_entry *e)
{
	return strncmp(e->file, CATALOGUE_SHIPPED "/",
		   strlen(CATALOGUE_SHIPPED "/")) == 0;
}

/*
 * What the unit of the service takes away from it (ProtectHome=, PrivateTmp=),
 * or only its people may enter.
 */
static const char *
closed_folder(const struct rule *rule)
{
	static const char *const folders[] = { "/home/", "/root/", "/run/user/",
		"/tmp/", "/var/tmp/" };
	size_t i;

	if (rule->kind != RULE_FILE && rule->kind != RULE_EXE)
		return NULL;
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (strncmp(rule->text, folders[i], strlen(folders[i])) == 0)
			return folders[i];
	return NULL;
}

static void
warn_of_closed(const struct catalogue_entry *e, struct conf_errors *warnings)
{
	const char *folder = NULL;
	size_t i;

	for (i = 0; i < e->nrules && folder == NULL; i++)
		folder = closed_folder(&e->rules[i]);
	if (folder != NULL)
		conf_errors_add(warnings, e->file, e->line,
		    "warning: tool %s has a path below %s, where the daemon "
		    "cannot look: it is found there while it runs, and never "
		    "as installed",
		    e->name, folder);
}

void
catalogue_warn(const struct catalogue *catalogue, struct conf_errors *warnings)
{
	const struct catalogue_entry *e;
	size_t i;

	for (i = 0; i < catalogue->nentries; i++) {
		e = &catalogue->entries[i];
		if (is_shipped(e) || e->kind == ENTRY_ORDINARY)
			continue;
		warn_of_closed(e, warnings);
		if (catalogue_is_by_name(e))
			conf_errors_add(warnings, e->file, e->line,
			    "warning: tool %s is known by its name alone, "
			    "which anybody can give a process, so that it is "
			    "never more than logged; add the path of its "
			    "program to exe",
			    e->name);
	}
	conf_errors_sort(warnings, "");
}
