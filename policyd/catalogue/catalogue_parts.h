/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the catalogue's room share; nobody else includes this. A
 * file goes through catalogue.c (folders and files), conf_form.h (structure),
 * catalogue_read.c (sections and the keys that all have), catalogue_tool.c and
 * catalogue_device.c with catalogue_value.c (the others), catalogue_check.c
 * (whether an entry makes sense), catalogue_link.c (all of them together).
 */
#ifndef FG_CATALOGUE_PARTS_H
#define FG_CATALOGUE_PARTS_H

#include "policyd/catalogue/catalogue.h"
#include "policyd/conf/conf_form.h"

#define CATALOGUE_TITLE_MAX 80u		/* bytes */
#define CATALOGUE_TEXT_MAX  600u	/* of a source, or a note */

/* catalogue_schema.c */
extern const struct conf_grammar catalogue_grammar;
const struct conf_key *catalogue_keys(enum catalogue_section section);

/* A file that is being read. */
struct catalogue_build {
	struct conf_reader reader;
	struct conf_scan scan;
	struct catalogue *catalogue;
	size_t		 folder;
	struct catalogue_entry *entry;	/* that is being read */
	/* Rules of one entry, or entries, that find no room: told once. */
	bool		 full;
};

#define CATALOGUE_ERROR(b, line, ...)                                \
	conf_errors_add((b)->reader.errors, (b)->reader.file, (line), \
	    __VA_ARGS__)

/* catalogue.c: free what it has. */
void	catalogue_entry_done(struct catalogue_entry *entry);

/* catalogue_read.c: what the parser has read of a file. */
int	catalogue_read(struct cfg_t *root, void *build);

/* catalogue_tool.c, catalogue_device.c: the section's own keys of b->entry. */
void	catalogue_read_tool(struct catalogue_build *b);
void	catalogue_read_usb(struct catalogue_build *b);
void	catalogue_read_display(struct catalogue_build *b);
void	catalogue_read_input(struct catalogue_build *b);
void	catalogue_read_hypervisor(struct catalogue_build *b);

/* catalogue_rule.c: add a rule to b->entry, unless it has it already. */
void	catalogue_add(struct catalogue_build *b, const struct rule *rule);
/* One with a text that is known to fit. */
void	catalogue_add_text(struct catalogue_build *b, enum rule_kind kind,
	    const char *text);
/* One of a file: "PREFIXnameSUFFIX"; what does not fit is told. */
void	catalogue_add_file(struct catalogue_build *b, unsigned int line,
	    const char *prefix, const char *name, const char *suffix);

/*
 * catalogue_value.c: single values. Each reports what is wrong with the value
 * on its line and returns false then.
 */
/* The kinds that sections of that kind may have, and what is said of others. */
enum entry_kind catalogue_kind(struct catalogue_build *b, unsigned int line,
	    const char *text);
/* A program's path or its bare name, as a glob in ret. */
bool	catalogue_value_program(struct catalogue_build *b, unsigned int line,
	    const char *key, const char *text, char ret[RULE_TEXT_MAX + 1]);
bool	catalogue_value_script(struct catalogue_build *b, unsigned int line,
	    const char *text);
bool	catalogue_value_comm(struct catalogue_build *b, unsigned int line,
	    const char *key, const char *text);
bool	catalogue_value_path(struct catalogue_build *b, unsigned int line,
	    const char *key, const char *text);
bool	catalogue_value_interface(struct catalogue_build *b, unsigned int line,
	    const char *key, const char *text);
bool	catalogue_value_package(struct catalogue_build *b, unsigned int line,
	    const char *text);
bool	catalogue_value_unit(struct catalogue_build *b, unsigned int line,
	    const char *text);
/* A text of 1 to max bytes, and no glob of nothing but stars. */
bool	catalogue_value_text(struct catalogue_build *b, unsigned int line,
	    const char *key, const char *text, size_t max);
/* "tcp/5900-5999": ports and "tcp" or "udp", into the rule. */
bool	catalogue_value_ports(struct catalogue_build *b, unsigned int line,
	    const char *text, struct rule *rule);
/* Four hexadecimal digits. */
bool	catalogue_value_id(struct catalogue_build *b, unsigned int line,
	    const char *key, const char *text, uint32_t *ret_id);
/* The same, or two of them with - between. */
bool	catalogue_value_ids(struct catalogue_build *b, unsigned int line,
	    const char *key, const char *text, uint32_t *ret_low,
	    uint32_t *ret_high);
/* The three letters of a display's maker. */
bool	catalogue_value_maker(struct catalogue_build *b, unsigned int line,
	    const char *text);
bool	catalogue_value_digest(struct catalogue_build *b, unsigned int line,
	    const char *text);
bool	catalogue_value_yes(struct catalogue_build *b, unsigned int line,
	    const char *key, const char *text, bool *ret_yes);

/* catalogue_check.c: b->entry, when all of it was read. */
void	catalogue_check(struct catalogue_build *b);

/*
 * catalogue_link.c: when all files are read: sorts the entries, and finds those
 * that are other identities. Returns 0 or FG_ERR_CONFIG.
 */
int	catalogue_link(struct catalogue *catalogue, struct conf_errors *errors);

/* The line of a key of the entry; that of the entry if it is not there. */
unsigned int catalogue_line(const struct catalogue_entry *entry,
	    const char *key);
bool	catalogue_has(const struct catalogue_entry *entry, const char *key);

#endif
