/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The grammar of the configuration: which keys there are, where, and of what
 * kind. farmgate.conf(5) documents each; a key that is not here is an error.
 */
#include <stdio.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"

static const struct conf_key services_keys[] = {
	{ "remote", CONF_KEY_LIST, NULL },
	{ "nested", CONF_KEY_LIST, NULL },
	{ "console", CONF_KEY_LIST, NULL },
	{ "exempt", CONF_KEY_LIST, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key database_keys[] = {
	{ "files", CONF_KEY_LIST, NULL },
	{ "max_age", CONF_KEY_STRING, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key network_keys[] = {
	{ "cidr", CONF_KEY_LIST, NULL },
	{ "files", CONF_KEY_LIST, NULL },
	{ "max_age", CONF_KEY_STRING, NULL },
	{ "kind", CONF_KEY_STRING, NULL },
	{ "label", CONF_KEY_STRING, NULL },
	{ "place", CONF_KEY_STRING, NULL },
	{ "trust", CONF_KEY_STRING, NULL },
	{ "shared", CONF_KEY_STRING, NULL },
	{ "shared_until", CONF_KEY_STRING, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key asn_keys[] = {
	{ "numbers", CONF_KEY_LIST, NULL },
	{ "files", CONF_KEY_LIST, NULL },
	{ "max_age", CONF_KEY_STRING, NULL },
	{ "kind", CONF_KEY_STRING, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key scan_keys[] = {
	{ "max_age", CONF_KEY_STRING, NULL },
	{ "interval", CONF_KEY_STRING, NULL },
	{ "scope", CONF_KEY_STRING, NULL },
	{ "contained", CONF_KEY_STRING, NULL },
	{ "approved", CONF_KEY_LIST, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key jumphost_keys[] = {
	{ "names", CONF_KEY_LIST, NULL },
	{ "key", CONF_KEY_STRING, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key combination_keys[] = {
	{ "findings", CONF_KEY_LIST, NULL },
	{ "action", CONF_KEY_STRING, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key policy_keys[] = {
	{ "users", CONF_KEY_LIST, NULL },
	{ "services", CONF_KEY_LIST, NULL },
	{ "networks", CONF_KEY_LIST, NULL },
	{ "countries", CONF_KEY_LIST, NULL },
	{ "deny_asns", CONF_KEY_LIST, NULL },
	{ "max_sessions", CONF_KEY_STRING, NULL },
	{ "places", CONF_KEY_LIST, NULL },
	{ "mismatch_weak", CONF_KEY_STRING, NULL },
	{ "mismatch_strong", CONF_KEY_STRING, NULL },
	{ "mode", CONF_KEY_STRING, NULL },
	{ "step_up", CONF_KEY_LIST, NULL },
	{ "actions", CONF_KEY_LIST, NULL },
	{ "on_failure", CONF_KEY_LIST, NULL },
	{ "while_open", CONF_KEY_LIST, NULL },
	{ "combination", CONF_KEY_TITLED, combination_keys },
	{ NULL, CONF_KEY_NONE, NULL },
};

const struct conf_key conf_schema[] = {
	{ "mode", CONF_KEY_STRING, NULL },
	{ "help", CONF_KEY_STRING, NULL },
	{ "audit", CONF_KEY_STRING, NULL },
	{ "anchors", CONF_KEY_STRING, NULL },
	{ "audit_rotate_size", CONF_KEY_STRING, NULL },
	{ "audit_rotate_age", CONF_KEY_STRING, NULL },
	{ "audit_compress", CONF_KEY_STRING, NULL },
	{ "audit_keep", CONF_KEY_STRING, NULL },
	{ "state", CONF_KEY_STRING, NULL },
	{ "missing_accuracy", CONF_KEY_STRING, NULL },
	{ "max_speed", CONF_KEY_STRING, NULL },
	{ "travel_floor", CONF_KEY_STRING, NULL },
	{ "asn_learning", CONF_KEY_STRING, NULL },
	{ "shared_people", CONF_KEY_STRING, NULL },
	{ "shared_window", CONF_KEY_STRING, NULL },
	{ "history", CONF_KEY_STRING, NULL },
	{ "terminate", CONF_KEY_STRING, NULL },
	{ "authorities", CONF_KEY_LIST, NULL },
	{ "bundle_keys", CONF_KEY_LIST, NULL },
	{ "bundle_max_age", CONF_KEY_STRING, NULL },
	{ "step_up", CONF_KEY_LIST, NULL },
	{ "step_up_time", CONF_KEY_STRING, NULL },
	{ "remember", CONF_KEY_STRING, NULL },
	{ "actions", CONF_KEY_LIST, NULL },
	{ "on_failure", CONF_KEY_LIST, NULL },
	{ "while_open", CONF_KEY_LIST, NULL },
	{ "catalogue", CONF_KEY_LIST, NULL },
	{ "asset", CONF_KEY_STRING, NULL },
	{ "scan", CONF_KEY_SECTION, scan_keys },
	{ "jumphost", CONF_KEY_TITLED, jumphost_keys },
	{ "services", CONF_KEY_SECTION, services_keys },
	{ "database", CONF_KEY_TITLED, database_keys },
	{ "network", CONF_KEY_TITLED, network_keys },
	{ "asn", CONF_KEY_TITLED, asn_keys },
	{ "policy", CONF_KEY_TITLED, policy_keys },
	{ NULL, CONF_KEY_NONE, NULL },
};

const struct conf_grammar conf_grammar = {
	.keys = conf_schema,
	.values_fix = "split it, or use a group or a network file",
	.sections_fix = "put users in groups and addresses in network files",
};

bool
conf_name_is_valid(const char *s, size_t len)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_-";
	size_t i;

	if (len == 0 || len > CONF_NAME_MAX)
		return false;
	for (i = 0; i < len; i++)
		if (s[i] == '\0' || strchr(allowed, s[i]) == NULL)
			return false;
	return true;
}

/* The key of that name that stands outside of all sections, or NULL. */
static const struct conf_key *
find_outer(const struct conf_grammar *grammar, const char *word)
{
	const struct conf_key *key;

	for (key = grammar->keys; key->name != NULL; key++)
		if (strcmp(key->name, word) == 0)
			return key;
	return NULL;
}

const char *
conf_schema_fix(const struct conf_grammar *grammar, const struct conf_key *keys,
    const char *word, char buf[CONF_FIX_SIZE])
{
	struct conf_near near = { .word = word };
	const struct conf_key *key, *outer = find_outer(grammar, word);
	char nearest[CONF_NEAR_SIZE];
	size_t n;

	if (strcmp(word, "include") == 0)
		return "no file can be included, write everything into this "
		       "one";
	if (keys != grammar->keys && outer != NULL)
		return outer->keys != NULL ?
		    "it stands outside of all sections, close this one with } "
		    "first" :
		    "it stands outside of all sections, move it there";
	(void)snprintf(buf, CONF_FIX_SIZE, "keys here are");
	for (key = keys; key->name != NULL; key++) {
		conf_near_offer(&near, key->name);
		n = strlen(buf);
		(void)snprintf(buf + n, CONF_FIX_SIZE - n, "%s %s",
		    key == keys ? "" : ",", key->name);
	}
	if (near.best != NULL)
		(void)snprintf(buf, CONF_FIX_SIZE, "%s",
		    conf_near_text(&near, "", nearest));
	return buf;
}
