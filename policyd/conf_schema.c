/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The grammar of the configuration: which keys there are, where, and of what
 * kind. farmgate.conf(5) documents each; a key that is not here is an error.
 */
#include <string.h>

#include "policyd/conf_parts.h"

static const struct conf_key services_keys[] = {
	{ "remote", CONF_KEY_LIST, NULL },
	{ "nested", CONF_KEY_LIST, NULL },
	{ "console", CONF_KEY_LIST, NULL },
	{ "exempt", CONF_KEY_LIST, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key database_keys[] = {
	{ "file", CONF_KEY_STRING, NULL },
	{ NULL, CONF_KEY_NONE, NULL },
};

static const struct conf_key network_keys[] = {
	{ "cidr", CONF_KEY_LIST, NULL },
	{ "files", CONF_KEY_LIST, NULL },
	{ "label", CONF_KEY_STRING, NULL },
	{ "place", CONF_KEY_STRING, NULL },
	{ "trust", CONF_KEY_STRING, NULL },
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
	{ "mode", CONF_KEY_STRING, NULL },
	{ "actions", CONF_KEY_LIST, NULL },
	{ "on_failure", CONF_KEY_LIST, NULL },
	{ "combination", CONF_KEY_TITLED, combination_keys },
	{ NULL, CONF_KEY_NONE, NULL },
};

const struct conf_key conf_schema[] = {
	{ "mode", CONF_KEY_STRING, NULL },
	{ "help", CONF_KEY_STRING, NULL },
	{ "audit", CONF_KEY_STRING, NULL },
	{ "state", CONF_KEY_STRING, NULL },
	{ "actions", CONF_KEY_LIST, NULL },
	{ "on_failure", CONF_KEY_LIST, NULL },
	{ "services", CONF_KEY_SECTION, services_keys },
	{ "database", CONF_KEY_TITLED, database_keys },
	{ "network", CONF_KEY_TITLED, network_keys },
	{ "policy", CONF_KEY_TITLED, policy_keys },
	{ NULL, CONF_KEY_NONE, NULL },
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
