/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Anchors by a key that nobody has named count only if all of them are by it.
 */
#include "ctl/audit/given.h"

#include <string.h>

#include "ctl/ctl.h"
#include "proto/result.h"

int
given_init(struct given *g, const char *command, const char *name)
{
	memset(g, 0, sizeof(*g));
	g->command = command;
	g->name = name;
	if ((g->list = anchors_new()) != NULL)
		return CTL_OK;
	ctl_complain("%s: out of memory", name);
	return CTL_ERROR;
}

void
given_done(struct given *g)
{
	anchors_free(g->list);
}

int
given_file(struct given *g, const char *file)
{
	if (g->n == GIVEN_FILES_MAX)
		return ctl_misuse(g->command, "%s: at most %u files", g->name,
		    GIVEN_FILES_MAX);
	g->files[g->n++] = file;
	return CTL_OK;
}

int
given_key(struct given *g, const char *key)
{
	int r = anchors_key(g->list, key);

	if (r == FG_ERR_LIMIT)
		return ctl_misuse(g->command, "%s: at most %u keys", g->name,
		    ANCHORS_KEYS_MAX);
	if (r != 0)
		return ctl_misuse(g->command,
		    "%s: %s is no key; one looks like "
		    "ed25519:BASE64, as farmgatectl status has it",
		    g->name, key);
	return CTL_OK;
}

/* Whose key it is only the administrator can know. */
static int
complain_of_keys(const struct given *g)
{
	char text[KEY_TEXT_SIZE];

	ctl_complain("%s: there are anchors by several keys; say with --key "
		     "which is this host's:",
	    g->name);
	for (size_t i = 0; i < anchors_keys(g->list); i++)
		ctl_complain("%s: %s", g->name,
		    anchors_key_text(g->list, i, text));
	return CTL_ERROR;
}

int
given_read(struct given *g)
{
	char why[SOURCE_WHY_SIZE];

	g->asked = anchors_keys(g->list) > 0;
	for (size_t i = 0; i < g->n; i++)
		if (anchors_read(g->list, g->files[i], why) != 0) {
			ctl_complain("%s: %s", g->name, why);
			return CTL_ERROR;
		}
	if (!g->asked && anchors_keys(g->list) > 1)
		return complain_of_keys(g);
	if (g->n > 0 && anchors_count(g->list)->good == 0) {
		ctl_complain("%s: there is no %sanchor in %s%s", g->name,
		    anchors_count(g->list)->wrong > 0 ? "rightly signed " : "",
		    g->asked ? "what --anchors names by what --key names" :
			       g->files[0],
		    g->n > 1 && !g->asked ? " and the others" : "");
		return CTL_ERROR;
	}
	return CTL_OK;
}

struct anchors *
given_anchors(struct given *g)
{
	return g->n > 0 ? g->list : NULL;
}

const char *
given_unsaid_key(const struct given *g, char buf[KEY_TEXT_SIZE])
{
	if (g->n == 0 || g->asked)
		return NULL;
	return anchors_key_text(g->list, 0, buf);
}
