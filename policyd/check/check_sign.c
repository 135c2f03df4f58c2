/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a sign is called as a finding. Which logins it may count for was said
 * when it was gathered.
 */
#include "policyd/check/check_sign.h"

#include <string.h>
#include <time.h>

#include "policyd/check/check.h"
#include "policyd/people/civil.h"
#include "policyd/scanner/unit.h"
#include "policyd/text.h"

#define CHECK_WHERE_SIZE (UNIT_SIZE + 64u)

static const enum finding_code codes[ENTRY_KINDS] = {
	[ENTRY_RMM] = FINDING_REMOTE_TOOL,
	[ENTRY_INPUT_SHARE] = FINDING_REMOTE_TOOL,
	[ENTRY_HIDDEN] = FINDING_REMOTE_TOOL,
	[ENTRY_VNC] = FINDING_REMOTE_DESKTOP,
	[ENTRY_RDP] = FINDING_REMOTE_DESKTOP,
	[ENTRY_STREAMING] = FINDING_REMOTE_DESKTOP,
	[ENTRY_TUNNEL] = FINDING_REMOTE_TUNNEL,
	[ENTRY_TERMINAL_SHARE] = FINDING_REMOTE_TUNNEL,
	[ENTRY_JIGGLER] = FINDING_REMOTE_JIGGLER,
	[ENTRY_VPN_CLIENT] = FINDING_NET_VPN_CLIENT,
	[ENTRY_IP_KVM] = FINDING_REMOTE_KVM,
	[ENTRY_CAPTURE] = FINDING_REMOTE_DISPLAY,
	[ENTRY_DUMMY_PLUG] = FINDING_REMOTE_DISPLAY,
	[ENTRY_HYPERVISOR] = FINDING_DEVICE_VIRTUAL,
	[ENTRY_KEYBOARD] = FINDING_DEVICE_NEW_INPUT,
	[ENTRY_POINTER] = FINDING_DEVICE_NEW_INPUT,
	[ENTRY_OTHER_INPUT] = FINDING_DEVICE_NEW_INPUT,
	[ENTRY_MONITOR] = FINDING_DEVICE_NEW_INPUT,
};

_Static_assert(FINDING_OF_MAX == SIGN_WHAT_MAX, "one name, one size");

enum finding_code
check_sign_code(enum entry_kind kind)
{
	return kind < ENTRY_KINDS ? codes[kind] : FINDING_NONE;
}

/* Of software that somebody may be at the other end of. */
static const char *
grade_of_use(const struct sign *sign)
{
	switch ((enum sign_grade)sign->grade) {
	case SIGN_RUNNING:
		return "running";
	case SIGN_ACTIVE:
		return "active";
	case SIGN_INSTALLED:
	case SIGN_PRESENT: /* an input device that such software makes */
	case SIGN_GRADE_NONE:
		break;
	}
	return sign->grade == SIGN_PRESENT ? "running" : NULL;
}

static const char *
grade_of_tool(const struct sign *sign)
{
	if (sign->kind == ENTRY_HIDDEN)
		return "hidden";
	return sign->grade == SIGN_INSTALLED ? "installed" : grade_of_use(sign);
}

static const char *
grade_of_vpn(const struct sign *sign)
{
	if (sign->grade == SIGN_ACTIVE)
		return "default_route";
	return grade_of_tool(sign);
}

static bool
is_identity(const struct sign *sign)
{
	return sign->confidence == SIGN_BY_IDENTITY;
}

const char *
check_sign_grade(const struct sign *sign)
{
	switch (sign->kind) {
	case ENTRY_RMM:
	case ENTRY_INPUT_SHARE:
	case ENTRY_HIDDEN:
		return grade_of_tool(sign);
	case ENTRY_VPN_CLIENT:
		return grade_of_vpn(sign);
	case ENTRY_IP_KVM:
		return is_identity(sign) ? "identity" : "composition";
	case ENTRY_CAPTURE:
	case ENTRY_DUMMY_PLUG:
		return is_identity(sign) ? "identity" : "weak";
	case ENTRY_VNC:
	case ENTRY_RDP:
	case ENTRY_STREAMING:
	case ENTRY_TUNNEL:
	case ENTRY_TERMINAL_SHARE:
		return grade_of_use(sign);
	default: /* what a kind has no grades for is there, or it is not */
		return sign->grade == SIGN_INSTALLED ? NULL : "";
	}
}

static const char *
why_minor(const struct fact_sign *s)
{
	if (s->counts)
		return "";
	return s->sign.confidence <= SIGN_BY_NAME ? ", which anybody may give" :
						    ", of another user";
}

/* UTC, to the minute; "" if it is not known, or is no time. */
static void
set_since(int64_t since_s, char *buf, size_t size)
{
	struct tm tm;

	buf[0] = '\0';
	if (since_s <= 0 || since_s >= CIVIL_END_S)
		return;
	civil_time(since_s, &tm);
	(void)text_format(buf, size, ", since %04d-%02d-%02d %02d:%02dZ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min);
}

/* ", of x.service, in a namespace of its own (pid, net)"; "" for neither. */
static const char *
where_text(const struct sign *sign, char buf[CHECK_WHERE_SIZE])
{
	char unit[UNIT_SIZE], names[24] = "";
	unsigned int bit;
	size_t len = 0;

	unit_of(sign->cgroup, unit);
	for (bit = 0; bit < SIGN_APARTS; bit++)
		if ((sign->apart & 1u << bit) != 0 &&
		    text_format(names + len, sizeof(names) - len, "%s%s",
			len > 0 ? ", " : "", sign_apart_name(bit)) == 0)
			len = strlen(names);
	(void)text_format(buf, CHECK_WHERE_SIZE, "%s%s%s%s%s",
	    unit[0] != '\0' ? ", of " : "", unit,
	    names[0] != '\0' ? ", in a namespace of its own (" : "", names,
	    names[0] != '\0' ? ")" : "");
	return buf;
}

const char *
check_sign_why(const struct fact_sign *s, char buf[CHECK_SIGN_SIZE])
{
	char since[40], support[48] = "", where[CHECK_WHERE_SIZE];

	set_since(s->sign.since_s, since, sizeof(since));
	if (s->support != 0)
		(void)text_format(support, sizeof(support),
		    ", the help desk's (support %llu)",
		    (unsigned long long)s->support);
	(void)text_format(buf, CHECK_SIGN_SIZE, "by %s%s%s%s%s",
	    sign_confidence_name(s->sign.confidence), why_minor(s), support,
	    since, where_text(&s->sign, where));
	return buf;
}

bool
check_sign_add(const struct fact_sign *s, struct finding_list *findings)
{
	enum finding_code code = check_sign_code(s->sign.kind);
	const char *grade = check_sign_grade(&s->sign);
	size_t n = findings->count;
	char why[CHECK_SIGN_SIZE];

	if (code == FINDING_NONE || grade == NULL)
		return false;
	finding_add(findings, code, grade, "%s: %s; %s", s->sign.what,
	    s->sign.seen, check_sign_why(s, why));
	if (findings->count == n)
		return false;
	finding_of(findings, code, s->sign.what);
	if (!s->counts || s->support != 0)
		finding_minor(findings, code);
	return true;
}

void
check_attested(const struct facts *facts, enum finding_code code,
    struct finding_list *findings)
{
	const struct fact_attested *a = &facts->proof.attested;
	size_t i;

	for (i = 0; i < a->count && a->state == FACT_KNOWN; i++) {
		if (a->list[i].code != (int)code)
			continue;
		finding_add(findings, code, a->list[i].grade,
		    "%s%sattested by %s", a->list[i].of,
		    a->list[i].of[0] == '\0' ? "" : ": ", check_laptop_name(a));
		finding_of(findings, code, a->list[i].of);
		if (a->list[i].minor)
			finding_minor(findings, code);
	}
}

void
check_own_signs(const struct facts *facts, enum finding_code code,
    struct finding_list *findings)
{
	const struct fact_remote *remote = &facts->remote;
	size_t i;

	for (i = 0; i < remote->count && remote->state == FACT_KNOWN; i++)
		if (check_sign_code(remote->list[i].sign.kind) == code)
			(void)check_sign_add(&remote->list[i], findings);
}

void
check_signs(const struct facts *facts, enum finding_code code,
    struct finding_list *findings)
{
	check_own_signs(facts, code, findings);
	check_attested(facts, code, findings);
}
