/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.mismatch: the hardware IDs of this machine, or of the laptop that has
 * said what it is, are not those of the asset. Which weigh how much is
 * compare.c's business, and from when on it is weak or strong the policy's.
 */
#include <stdio.h>
#include <string.h>

#include "policyd/check/check.h"

#define LISTED_SIZE 64u

/* "board, disk"; "" if no kind stands so. */
static const char *
list_kinds(const struct comparison *compared, enum compare_standing standing,
    char buf[LISTED_SIZE])
{
	enum hwid_kind kind;
	size_t len = 0;

	buf[0] = '\0';
	for (kind = HWID_NONE + 1; kind < HWID_KINDS; kind++)
		if (compared->standing[kind] == standing && len < LISTED_SIZE)
			len += (size_t)snprintf(buf + len, LISTED_SIZE - len,
			    "%s%s", len == 0 ? "" : ", ", hwid_kind_name(kind));
	return buf;
}

/* Whose IDs are compared with the asset's. */
struct compared {
	const char *tag;
	const struct comparison *ids;
	const char *twin;
};

static void
add(struct finding_list *findings, const struct compared *compared,
    const char *grade)
{
	static const struct {
		enum compare_standing standing;
		const char *words;
	} parts[] = { { COMPARE_DIFFER, "differ" }, { COMPARE_AGREE, "agree" },
		{ COMPARE_ABSENT, "absent" }, { COMPARE_UNREAD, "unread" } };
	char text[4 * (LISTED_SIZE + 16)] = "", buf[LISTED_SIZE];
	size_t len = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (*list_kinds(compared->ids, parts[i].standing, buf) != '\0')
			len += (size_t)snprintf(text + len, sizeof(text) - len,
			    "%s%s: %s", len == 0 ? "" : "; ", parts[i].words,
			    buf);
	finding_add(findings, FINDING_DEVICE_MISMATCH, grade,
	    "%s: %s; %u %% of the weight%s%s", compared->tag, text,
	    compared->ids->percent,
	    compared->twin[0] == '\0' ? "" : "; what it shows is of ",
	    compared->twin);
	finding_of(findings, FINDING_DEVICE_MISMATCH, compared->tag);
}

static void
check_compared(const struct conf_policy *policy,
    const struct compared *compared, struct finding_list *findings)
{
	static const struct compare_limits shipped = { CONF_MISMATCH_WEAK,
		CONF_MISMATCH_STRONG };

	switch (compare_grade(compared->ids,
	    policy == NULL ? &shipped : &policy->mismatch)) {
	case COMPARE_NOTHING:
	case COMPARE_SAME:
		break;
	case COMPARE_WEAK:
		add(findings, compared, "weak");
		break;
	case COMPARE_STRONG:
		add(findings, compared, "strong");
		break;
	}
}

void
check_device_mismatch(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_attested *attested = &facts->proof.attested;
	const struct fact_device *device = &facts->device;
	const struct compared own = { device->asset.tag, &device->compared,
		device->twin };
	const struct compared theirs = { attested->asset.tag,
		&attested->compared, "" };

	(void)conf;
	if (device->state == FACT_KNOWN)
		check_compared(policy, &own, findings);
	if (attested->state == FACT_KNOWN)
		check_compared(policy, &theirs, findings);
}
