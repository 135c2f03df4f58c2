/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A catalogue put in such order that a process is held against the few rules
 * which could be about it, and a socket against none if its port is in no rule.
 */
#ifndef FG_MATCH_H
#define FG_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/rule.h"

#define MATCH_BUCKETS	1024u	/* a power of two */
#define MATCH_FOUND_MAX	8u	/* rules of one kind that one text meets */

/* Ports, a bit each. */
struct match_ports {
	uint8_t		 bit[65536 / 8];
	bool		 any;
};

struct match {
	const struct rules *rules;	/* borrowed */
	/* Rules whose last component has no wildcard, by its hash: index + 1 */
	uint16_t	 head[MATCH_BUCKETS];
	uint16_t	 next[RULE_RULES_MAX];
	uint16_t	 wild[RULE_KINDS];	/* and the others of a kind */
	/* Of each entry, which kinds of rules it has: 1 << enum rule_kind. */
	uint32_t	 has[RULE_ENTRIES_MAX];
	uint32_t	 any;		/* of all of them */
	struct match_ports listen_tcp;
	struct match_ports listen_udp;
	struct match_ports relay;	/* tcp */
	struct match_ports other;	/* tcp: relay and listen_tcp */
	bool		 relay_alone;	/* an entry is told by that alone */
};

/* rules have to outlive it. */
void	match_make(const struct rules *rules, struct match *match);

/*
 * The rules of a kind that text is of: a path, or a name. Where the glob is
 * bare and has no "/", only the last component counts.
 * Returns how many are in ret_rule.
 */
size_t	match_find(const struct match *match, enum rule_kind kind,
	    const char *text, const struct rule *ret_rule[MATCH_FOUND_MAX]);

/* An entry has rules of one of these kinds, each 1 << enum rule_kind. */
bool	match_has(const struct match *match, uint32_t entry, uint32_t kinds);

/* An entry has a rule of this kind for a port; udp: not tcp. */
bool	match_port(const struct match *match, uint32_t entry,
	    enum rule_kind kind, bool udp, uint16_t port);

bool	match_has_port(const struct match_ports *ports, uint16_t port);

/* What follows the last "/"; all of it if there is none. */
const char *match_last(const char *path);

#define MATCH_KIND(kind)	(UINT32_C(1) << (kind))
/* A process may be told by these. */
#define MATCH_PROCESS                                                       \
	(MATCH_KIND(RULE_EXE) | MATCH_KIND(RULE_COMM) |                     \
	    MATCH_KIND(RULE_SCRIPT) | MATCH_KIND(RULE_ACTIVE_EXE) |         \
	    MATCH_KIND(RULE_ACTIVE_COMM))

#endif
