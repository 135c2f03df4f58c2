/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For whoever has the person on the telephone: codes, verification, what holds
 * them back, and what lets them in without.
 */
#include "ctl/factors.h"

#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"

#define LABEL "  %-10s "

/* "not known" where it could not be read. Returns NULL without one. */
static const struct json *
find(const struct json *factors, const char *key, const char *label,
    const char *none)
{
	const struct json *o = json_get(factors, key);

	if (o == NULL && json_get_null(factors, key))
		printf(LABEL "not known\n", label);
	else if (o == NULL && none != NULL)
		printf(LABEL "%s\n", label, none);
	return o;
}

static void
print_totp(const struct json *factors)
{
	const struct json *t = find(factors, "totp", "totp", "not enrolled");
	long long used_s = (long long)json_get_int(t, "used", -1);
	char algorithm[CTL_TEXT_SIZE], used[CTL_TIME_SIZE];

	if (t == NULL)
		return;
	printf(LABEL "enrolled, %s, %lld digits, used %s", "totp",
	    ctl_text(t, "algorithm", "-", algorithm),
	    (long long)json_get_int(t, "digits", 0),
	    used_s < 0 ? "never" : ctl_time_text(used_s, used));
	if (json_get_int(t, "recovery", -1) >= 0)
		printf(", recovery codes left: %lld",
		    (long long)json_get_int(t, "recovery", 0));
	putchar('\n');
}

static void
print_verification(const struct json *factors)
{
	const struct json *v =
	    find(factors, "verification", "verified", "never");
	char state[CTL_TEXT_SIZE], asset[CTL_TEXT_SIZE], until[CTL_TIME_SIZE];

	if (v == NULL)
		return;
	printf(LABEL "%s with %s%s, until %s\n", "verified",
	    ctl_text(v, "state", "-", state), ctl_text(v, "asset", "-", asset),
	    json_get_bool(v, "serial", false) ? "" : " (no serial number)",
	    ctl_time_text(json_get_int(v, "until", -1), until));
}

static void
print_wrong(const struct json *wrong, const char *key)
{
	const struct json *b = find(wrong, key, "wrong", NULL);
	char name[CTL_TEXT_SIZE], until[CTL_TIME_SIZE];

	if (b == NULL)
		return;
	printf(LABEL "%lld answers of %s", "wrong",
	    (long long)json_get_int(b, "failures", 0),
	    ctl_text(b, "name", "-", name));
	if (json_get_int(b, "until", 0) > 0)
		printf(", held back until %s",
		    ctl_time_text(json_get_int(b, "until", 0), until));
	putchar('\n');
}

void
factors_print(const struct json *report)
{
	const struct json *factors = json_get(report, "factors");

	puts("\nstep-up");
	if (factors == NULL) {
		puts("  not known");
		return;
	}
	print_totp(factors);
	print_verification(factors);
	print_wrong(json_get(factors, "wrong"), "person");
	print_wrong(json_get(factors, "wrong"), "source");
}

void
factors_print_bypass(const struct json *e)
{
	char finding[CTL_TEXT_SIZE], until[CTL_TIME_SIZE], by[CTL_TEXT_SIZE];

	if (strcmp(json_get_string(e, "kind", ""), "bypass") != 0 ||
	    strcmp(json_get_string(e, "state", ""), "in force") != 0)
		return;
	printf(LABEL "of %s until %s, by %s\n", "bypass",
	    ctl_text(e, "finding", "-", finding),
	    ctl_time_text(json_get_int(e, "until", -1), until),
	    ctl_by_text(e, by));
}
