/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines of farmgatectl status about what is kept, for how long, and why
 * longer.
 */
#include <stdio.h>

#include "ctl/status.h"

#define DAY_S 86400

static void
print_period(const struct json *o)
{
	long long keep = json_get_int(o, "keep", 0);

	if (keep % DAY_S == 0)
		printf(STATUS_LABEL "files expire after %lld days", "",
		    keep / DAY_S);
	else
		printf(STATUS_LABEL "files expire after %lld hours", "",
		    keep / 3600);
	if (json_get_int(o, "files", 0) > 0)
		printf(", %lld since the start",
		    (long long)json_get_int(o, "files", 0));
	putchar('\n');
}

/* Why they do not. */
static void
print_reasons(const struct json *o)
{
	char text[CTL_TEXT_SIZE];

	if (json_get_bool(o, "not_rotated", false))
		printf(STATUS_LABEL "nothing expires: the daemon rotates "
				    "nothing itself\n",
		    "");
	if (json_get_bool(o, "held", false))
		printf(STATUS_LABEL "nothing expires: there is a hold\n", "");
	if (json_get_bool(o, "clock_doubted", false))
		printf(STATUS_LABEL "nothing expires: the clock has leapt\n",
		    "");
	if (json_get_string(o, "problem", "")[0] != '\0')
		printf(STATUS_LABEL "nothing expires: %s\n",
		    json_get_bool(o, "stuck", false) ? "DEGRADED" : "",
		    ctl_text(o, "problem", "", text));
}

static void
print_holds(const struct json *holds)
{
	char name[CTL_TEXT_SIZE], reason[CTL_TEXT_SIZE], until[CTL_TIME_SIZE];
	const struct json *o;

	for (size_t i = 0; i < json_length(holds); i++) {
		o = json_at(holds, i);
		printf(STATUS_LABEL "%s", i == 0 ? "holds" : "",
		    ctl_text(o, "name", "-", name));
		if (json_get_int(o, "until", -1) >= 0)
			printf(", until %s",
			    ctl_time_text(json_get_int(o, "until", -1), until));
		printf(": %s\n", ctl_text(o, "reason", "-", reason));
	}
}

void
status_print_keep(const struct json *report)
{
	const struct json *o = json_get(json_get(report, "audit"), "expiry");

	if (json_get_int(o, "keep", 0) > 0) {
		print_period(o);
		print_reasons(o);
	}
	print_holds(json_get(report, "holds"));
	status_print_more(report, "holds");
}
