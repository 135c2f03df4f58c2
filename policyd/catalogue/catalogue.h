/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Farmgate knows of remote control: which tools, devices, displays and
 * virtual machines there are and by what they are recognised. Read whole from
 * folders of files, validated, and never changed afterwards; the scanner gets
 * it as rules. farmgate-catalogue(5) has the form of the files.
 */
#ifndef FG_CATALOGUE_H
#define FG_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/conf.h"
#include "policyd/scanner/entry.h"
#include "policyd/scanner/rule.h"

/* For the braces of an array: what is shipped, and the administrator's own. */
#define CATALOGUE_SHIPPED  "/usr/share/farmgate/catalogue"
#define CATALOGUE_FOLDERS  CATALOGUE_SHIPPED, "/etc/farmgate/catalogue"
#define CATALOGUE_FILE_MAX (1024u * 1024u)	/* bytes */
#define CATALOGUE_FILES_MAX 256u		/* of one folder */

/* What kind of thing an entry is about: the sections of the files. */
enum catalogue_section {
	CATALOGUE_NONE = 0,
	CATALOGUE_TOOL,		/* a program */
	CATALOGUE_USB,
	CATALOGUE_DISPLAY,
	CATALOGUE_INPUT,	/* a virtual input device */
	CATALOGUE_HYPERVISOR,
	CATALOGUE_SECTIONS
};

/* A key of an entry with what was written, for people. */
struct catalogue_key {
	const char	*name;		/* static */
	struct conf_strings values;	/* one at least */
};

struct catalogue_entry {
	enum catalogue_section section;
	char		*name;		/* of its section, [a-z0-9_-]+ */
	char		*file;
	unsigned int	 line;
	size_t		 folder;	/* which of the folders it is from */
	struct catalogue_key *keys;	/* in the order of the manual */
	size_t		 nkeys;
	const char	*title;		/* borrowed from keys; never NULL */
	enum entry_kind	 kind;
	enum entry_steers steers;
	uint32_t	 active;	/* RULE_ACTIVE_* */
	/* Index of the entry that it is another identity of, or its own. */
	size_t		 of;
	struct rule	*rules;		/* their .entry is not set */
	size_t		 nrules;
};

struct catalogue {
	struct catalogue_entry *entries;	/* by section, then by name */
	size_t		 nentries;
	size_t		 nrules;		/* of all of them */
	size_t		 nfiles;
	char		 hash[CONF_HASH_SIZE];	/* of all files read */
};

/*
 * Read all *.conf of n folders, in their order and by name, each through
 * safeopen(). An entry takes the place of one of the same section and name from
 * an earlier folder. The first folder has to be there; the others need not.
 * errors must be zeroed; every problem found is added to it.
 * Returns 0 and a complete catalogue, or FG_ERR_CONFIG, FG_ERR_NOMEM.
 */
int	catalogue_load(const char *const *folders, size_t n,
	    struct catalogue **ret_catalogue, struct conf_errors *errors);

/* The same for one file in memory; name stands for it in errors. */
int	catalogue_parse(const char *name, const void *data, size_t len,
	    struct catalogue **ret_catalogue, struct conf_errors *errors);

void	catalogue_free(struct catalogue *catalogue);

/*
 * What the scanner gets; the caller has rules_done() of it.
 * Returns 0 or FG_ERR_NOMEM.
 */
int	catalogue_rules(const struct catalogue *catalogue,
	    struct rules *ret_rules);

/* The first entry of that name, or NULL. */
const struct catalogue_entry *catalogue_find(
	    const struct catalogue *catalogue, const char *name);
/* The first of that kind as well: sections may share names. */
const struct catalogue_entry *catalogue_find_kind(
	    const struct catalogue *catalogue, enum entry_kind kind,
	    const char *name);

/* What was written for a key; NULL if it is not there. */
const struct conf_strings *catalogue_values(
	    const struct catalogue_entry *entry, const char *key);
/* The first of them, or "". */
const char *catalogue_value(const struct catalogue_entry *entry,
	    const char *key);

/* True of a tool whose processes are known by names alone. */
bool	catalogue_is_by_name(const struct catalogue_entry *entry);

/*
 * What is no error and may yet not be meant, of entries that are not from the
 * shipped folder. Each text begins with "warning: ".
 */
void	catalogue_warn(const struct catalogue *catalogue,
	    struct conf_errors *warnings);

/* "tool", "usb", "display", "input", "hypervisor"; "none". Static. */
const char *catalogue_section_name(enum catalogue_section section);

#endif
