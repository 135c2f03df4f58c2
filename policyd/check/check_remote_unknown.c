/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remote.unknown: the scanner could not look at the calling process or at the
 * machine, or not at all of it. That is an error and not the absence of remote
 * control.
 */
#include "policyd/check/check.h"

#include <stdio.h>
#include <string.h>

/* "could not look at sockets, USB" */
static void
name_parts(char *buf, size_t size, const char *what, uint32_t bits)
{
	const char *between = " ";
	size_t n = strlen(buf);
	unsigned int i;

	if (bits == 0)
		return;
	(void)snprintf(buf + n, size - n, "%s%s", n == 0 ? "" : "; ", what);
	for (i = 0; i < PICTURE_PARTS; i++) {
		if ((bits & 1u << i) == 0)
			continue;
		n = strlen(buf);
		(void)snprintf(buf + n, size - n, "%s%s", between,
		    picture_part_name(i));
		between = ", ";
	}
}

void
check_remote_unknown(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_remote *remote = &facts->remote;
	char text[FINDING_TEXT_MAX + 1] = "";

	(void)conf;
	(void)policy;
	if (facts->peer.state == FACT_ERROR)
		(void)snprintf(text, sizeof(text),
		    "nothing is known of the calling process");
	if (remote->state == FACT_ERROR)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%snothing is known of the machine",
		    text[0] == '\0' ? "" : "; ");
	if (remote->state == FACT_KNOWN && remote->coverage != NULL)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%sthe whole machine is not seen: %s",
		    text[0] == '\0' ? "" : "; ", remote->coverage);
	if (facts->client.state == FACT_ERROR)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%snothing is known of the connection's other end",
		    text[0] == '\0' ? "" : "; ");
	if (remote->state == FACT_KNOWN && remote->lost)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%sthere were more signs than find room",
		    text[0] == '\0' ? "" : "; ");
	if (remote->state == FACT_KNOWN) {
		name_parts(text, sizeof(text), "could not look at",
		    remote->failed);
		name_parts(text, sizeof(text), "had no time for all",
		    remote->cut);
	}
	if (text[0] != '\0')
		finding_add(findings, FINDING_REMOTE_UNKNOWN, "", "%s", text);
}
