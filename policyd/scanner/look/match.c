/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Most rules end in a literal name: they are found by its hash. What ends in a
 * wildcard is tried each time; such globs mostly differ in their first bytes.
 */
#include "policyd/scanner/look/match.h"

#include <string.h>

#include "policyd/facts.h"

/* FNV-1a. Who chooses colliding names makes his own process dearer. */
static uint32_t
hash_name(const char *s, size_t len)
{
	uint32_t h = 2166136261u;
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return (h ^ h >> 16) % MATCH_BUCKETS;
}

const char *
match_last(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static bool
is_comm(enum rule_kind kind)
{
	return kind == RULE_COMM || kind == RULE_ACTIVE_COMM;
}

/* Of a name without wildcards the kernel keeps so much. */
static size_t
key_len(enum rule_kind kind, const char *key)
{
	size_t len = strlen(key);

	return is_comm(kind) && len > FACT_COMM_MAX ? FACT_COMM_MAX : len;
}

/* Where a rule is kept; comm has no components. */
static uint16_t *
place_of(struct match *match, enum rule_kind kind, const char *glob)
{
	const char *key = is_comm(kind) ? glob : match_last(glob);

	if (*key == '\0' || strpbrk(key, "*?") != NULL)
		return &match->wild[kind];
	return &match->head[hash_name(key, key_len(kind, key))];
}

static void
add_text(struct match *match, size_t i)
{
	const struct rule *rule = &match->rules->rule[i];
	uint16_t *place;

	place = place_of(match, (enum rule_kind)rule->kind, rule->text);
	match->next[i] = *place;
	*place = (uint16_t)(i + 1);
}

static void
add_ports(struct match_ports *ports, const struct rule *rule)
{
	uint32_t port;

	for (port = rule->low; port <= rule->high && port <= UINT16_MAX; port++)
		ports->bit[port / 8] |= (uint8_t)(1u << port % 8);
	ports->any = true;
}

static bool
is_udp(const struct rule *rule)
{
	return strcmp(rule->text, "udp") == 0;
}

static void
add_rule(struct match *match, size_t i)
{
	const struct rule *rule = &match->rules->rule[i];
	enum rule_kind kind = (enum rule_kind)rule->kind;

	match->has[rule->entry] |= MATCH_KIND(kind);
	match->any |= MATCH_KIND(kind);
	if ((MATCH_KIND(kind) & MATCH_PROCESS) != 0)
		add_text(match, i);
	else if (kind == RULE_LISTEN)
		add_ports(is_udp(rule) ? &match->listen_udp :
					 &match->listen_tcp,
		    rule);
	else if (kind == RULE_RELAY && !is_udp(rule))
		add_ports(&match->relay, rule);
}

/* From the last to the first, so that each list has them as they came. */
void
match_make(const struct rules *rules, struct match *match)
{
	size_t i;

	memset(match, 0, sizeof(*match));
	match->rules = rules;
	for (i = rules->nrules; i > 0; i--)
		add_rule(match, i - 1);
	for (i = 0; i < sizeof(match->other.bit); i++)
		match->other.bit[i] =
		    match->relay.bit[i] | match->listen_tcp.bit[i];
	match->other.any = match->relay.any || match->listen_tcp.any;
	for (i = 0; i < rules->nentries; i++)
		match->relay_alone |=
		    (match->has[i] &
			(MATCH_PROCESS | MATCH_KIND(RULE_RELAY))) ==
		    MATCH_KIND(RULE_RELAY);
}

static bool
fits(const struct rule *rule, const char *text)
{
	enum rule_kind kind = (enum rule_kind)rule->kind;

	if (is_comm(kind) && strlen(rule->text) > FACT_COMM_MAX &&
	    strpbrk(rule->text, "*?") == NULL)
		return strncmp(rule->text, text, FACT_COMM_MAX) == 0;
	if (!is_comm(kind) && strchr(rule->text, '/') == NULL)
		text = match_last(text);
	return rule_glob(rule->text, text);
}

static size_t
try_list(const struct match *match, uint16_t first, enum rule_kind kind,
    const char *text, const struct rule **ret_rule, size_t n)
{
	const struct rule *rule;
	uint16_t i;

	for (i = first; i != 0 && n < MATCH_FOUND_MAX; i = match->next[i - 1]) {
		rule = &match->rules->rule[i - 1];
		if (rule->kind == kind && fits(rule, text))
			ret_rule[n++] = rule;
	}
	return n;
}

size_t
match_find(const struct match *match, enum rule_kind kind, const char *text,
    const struct rule *ret_rule[MATCH_FOUND_MAX])
{
	const char *key = is_comm(kind) ? text : match_last(text);
	size_t n;

	if ((match->any & MATCH_KIND(kind)) == 0)
		return 0;
	n = try_list(match, match->head[hash_name(key, key_len(kind, key))],
	    kind, text, ret_rule, 0);
	return try_list(match, match->wild[kind], kind, text, ret_rule, n);
}

bool
match_has(const struct match *match, uint32_t entry, uint32_t kinds)
{
	return (match->has[entry] & kinds) != 0;
}

bool
match_port(const struct match *match, uint32_t entry, enum rule_kind kind,
    bool udp, uint16_t port)
{
	const struct rules *rules = match->rules;
	const struct rule *rule;
	size_t i;

	if (!match_has(match, entry, MATCH_KIND(kind)))
		return false;
	for (i = rules->first[kind]; i < rules->first[kind + 1]; i++) {
		rule = &rules->rule[i];
		if (rule->entry == entry && is_udp(rule) == udp &&
		    port >= rule->low && port <= rule->high)
			return true;
	}
	return false;
}

bool
match_has_port(const struct match_ports *ports, uint16_t port)
{
	return (ports->bit[port / 8] & 1u << port % 8) != 0;
}
