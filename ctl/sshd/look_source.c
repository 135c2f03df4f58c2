/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses that many people come from, an office's or a bastion's: what one
 * of them does wrong must not keep the others out.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/sshd/look_parts.h"
#include "policyd/check/check.h"
#include "policyd/net/addr.h"
#include "policyd/text.h"

#define ENTRY_SIZE 64u /* of a list's entry, with the NUL */

/* The next network that many come from, beginning with *at, which moves on. */
static const struct conf_network *
next_crowd(const struct look_world *world, size_t *at)
{
	const struct conf_network *net;

	while (world->conf != NULL && *at < world->conf->nnetworks) {
		net = &world->conf->networks[(*at)++];
		if (check_network_excuse(net, world->now_s) != NULL)
			return net;
	}
	return NULL;
}

/* Whether outer has all of inner. */
static bool
prefix_has(const struct addr_prefix *outer, const struct addr_prefix *inner)
{
	unsigned int bytes = outer->bits / 8, bits = outer->bits % 8;
	uint8_t mask = (uint8_t)(0xff00u >> bits);

	return outer->bits <= inner->bits &&
	    memcmp(outer->addr.b, inner->addr.b, bytes) == 0 &&
	    (bits == 0 ||
		((outer->addr.b[bytes] ^ inner->addr.b[bytes]) & mask) == 0);
}

/* Whether one entry of sshd's list, "A,B/24,...", has all of a prefix. */
static bool
list_has(const char *list, const char *cidr)
{
	struct addr_prefix inner, outer;
	char entry[ENTRY_SIZE];
	size_t len;

	if (addr_parse_prefix(cidr, &inner) != 0)
		return false;
	for (; *list != '\0'; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		(void)snprintf(entry, sizeof(entry), "%.*s", (int)len, list);
		if (len < sizeof(entry) &&
		    addr_parse_prefix(entry, &outer) == 0 &&
		    prefix_has(&outer, &inner))
			return true;
	}
	return false;
}

/* Add word to a list with commas. False: it does not fit. */
static bool
append(char *list, size_t size, const char *word)
{
	size_t len = strlen(list);

	if (text_format(list + len, size - len, "%s%s", len > 0 ? "," : "",
		word) == 0)
		return true;
	list[len] = '\0';
	return false;
}

/* Put down what of the network the list has not. */
static void
append_missing(const struct conf_network *net, const char *exempt,
    char *missing, size_t size)
{
	for (size_t i = 0; i < net->cidrs.n; i++)
		if (!list_has(exempt, net->cidrs.v[i]) &&
		    !append(missing, size, net->cidrs.v[i]))
			return;
}

enum look_severity
look_penalties(const struct look *look)
{
	const char *exempt = look_at(look, "persourcepenaltyexemptlist");
	const char *value = look_at(look, "persourcepenalties");
	const struct conf_network *net;
	char missing[256] = "", names[128] = "";
	size_t at = 0, before;
	bool any = false;

	if (*value == '\0' || strcmp(value, "no") == 0)
		return LOOK_NONE; /* or a version that has none */
	while ((net = next_crowd(look->world, &at)) != NULL) {
		any = true;
		before = strlen(missing);
		append_missing(net, exempt, missing, sizeof(missing));
		if (strlen(missing) > before)
			(void)append(names, sizeof(names), net->name);
	}
	if (missing[0] != '\0')
		return look_say(look, LOOK_WARNING,
		    "PerSourcePenalties: refusals by the gate are failures "
		    "that shut an address out for a time, and many people come "
		    "from one address of %s; add to "
		    "PerSourcePenaltyExemptList %s",
		    names, missing);
	if (any || (*exempt != '\0' && strcmp(exempt, "none") != 0))
		return LOOK_NONE;
	return look_say(look, LOOK_NOTE,
	    "PerSourcePenalties: refusals by the gate are failures that shut "
	    "an "
	    "address out for a time, and with it everybody else who comes from "
	    "there; put addresses that many share into "
	    "PerSourcePenaltyExemptList");
}

enum look_severity
look_source_startups(const struct look *look)
{
	const struct conf_network *net;
	uint64_t most;
	size_t at = 0;

	if (effective_uint(look->settings, "persourcemaxstartups", &most) !=
		0 ||
	    most >= LOOK_PENDING ||
	    (net = next_crowd(look->world, &at)) == NULL)
		return LOOK_NONE;
	return look_say(look, LOOK_WARNING,
	    "PerSourceMaxStartups %s: only so many can be asked at once from "
	    "one "
	    "address, and many people come from one address of %s; "
	    "write PerSourceMaxStartups none, or %u",
	    look_at(look, "persourcemaxstartups"), net->name, LOOK_PENDING);
}
