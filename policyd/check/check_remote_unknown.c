/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remote.unknown: the scanner could not look at the calling process or at the
 * machine, or not at all of it. That is an error and not the absence of remote
 * control. It is blind where nothing was looked at, and partial where something
 * was: who may run programs here can bring about no more than that.
 */
#include "policyd/check/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text {
	char buf[FINDING_TEXT_MAX + 1];
};

__attribute__((format(printf, 2, 3))) static void
add(struct text *text, const char *fmt, ...)
{
	size_t n = strlen(text->buf);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text->buf + n, sizeof(text->buf) - n, fmt, ap);
	va_end(ap);
}

static void
add_one(struct text *text, const char *what, const char *which)
{
	add(text, "%s%s%s", text->buf[0] == '\0' ? "" : "; ", what, which);
}

/* "could not look at sockets, USB" */
static void
add_parts(struct text *text, const char *what, uint32_t bits)
{
	const char *between = " ";
	unsigned int i;

	if (bits == 0)
		return;
	add_one(text, what, "");
	for (i = 0; i < PICTURE_PARTS; i++) {
		if ((bits & 1u << i) == 0)
			continue;
		add(text, "%s%s", between, picture_part_name(i));
		between = ", ";
	}
}

/* Of a picture that is there and young enough. */
static void
add_machine(struct text *text, const struct fact_remote *remote)
{
	if (remote->coverage != NULL)
		add_one(text,
		    "the whole machine is not seen: ", remote->coverage);
	if (remote->lost)
		add_one(text, "there were more signs than find room", "");
	add_parts(text, "could not look at", remote->failed);
	add_parts(text, "had no time for all", remote->cut);
}

/* What this version has no name for is something all the same. */
static bool
has_unknown(const struct fact_attested *attested)
{
	size_t i;

	for (i = 0; i < attested->count; i++)
		if (attested->list[i].code == FINDING_NONE)
			return true;
	return false;
}

/* The laptop at the other end, by its own daemon's word. */
static void
check_laptop(const struct fact_attested *attested,
    struct finding_list *findings)
{
	struct text text = { "" };

	if (attested->state != FACT_KNOWN)
		return;
	if (attested->blind)
		add_one(&text, "its scanner could not look", "");
	else if (attested->partial)
		add_one(&text, "its scanner has not looked at all of it", "");
	if (attested->cut)
		add_one(&text, "it has found more than it could say", "");
	if (has_unknown(attested))
		finding_add(findings, FINDING_REMOTE_UNKNOWN, "newer",
		    "%s: it has found what a newer version knows",
		    check_laptop_name(attested));
	if (text.buf[0] != '\0')
		finding_add(findings, FINDING_REMOTE_UNKNOWN,
		    attested->blind ? "blind" : "partial", "%s: %s",
		    check_laptop_name(attested), text.buf);
}

void
check_remote_unknown(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_remote *remote = &facts->remote;
	struct text text = { "" };

	(void)conf;
	(void)policy;
	if (facts->peer.state == FACT_ERROR)
		add_one(&text, "nothing is known of the calling process", "");
	else if (facts->peer.steered.late != 0 && facts->kind != SERVICE_REMOTE)
		add_one(&text,
		    "not all is known of the programs that it was started from",
		    "");
	if (facts->client.state == FACT_ERROR)
		add_one(&text, "nothing is known of the connection's other end",
		    "");
	if (remote->state == FACT_ERROR)
		add_one(&text, "nothing is known of the machine", "");
	else if (remote->state == FACT_KNOWN)
		add_machine(&text, remote);
	if (text.buf[0] != '\0')
		finding_add(findings, FINDING_REMOTE_UNKNOWN,
		    remote->blind ? "blind" : "partial", "%s", text.buf);
	check_laptop(&facts->proof.attested, findings);
}
