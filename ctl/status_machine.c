/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl status: which machine it is, what belongs to it, and how much of
 * it the scanner sees.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/status.h"

static void
print_baseline(const struct json *baseline)
{
	long long n = json_get_int(baseline, "devices", 0);

	if (baseline == NULL)
		printf("baseline not known");
	else if (json_get_bool(baseline, "lost", false))
		printf("baseline LOST: farmgatectl baseline learn");
	else if (json_get_bool(baseline, "learned", false))
		printf("baseline of %lld %s", n, n == 1 ? "device" : "devices");
	else
		printf("no baseline");
}

void
status_print_machine(const struct json *machine)
{
	char text[CTL_TEXT_SIZE];

	if (machine == NULL)
		return;
	printf(STATUS_LABEL, "machine");
	if (json_get_string(machine, "asset", "")[0] != '\0')
		printf("asset %s; ", ctl_text(machine, "asset", "-", text));
	else
		printf("no asset; ");
	print_baseline(json_get(machine, "baseline"));
	if (json_get_int(machine, "support", -1) >= 0)
		printf("; support in force %lld",
		    (long long)json_get_int(machine, "support", 0));
	putchar('\n');
}

void
status_print_scanner(const struct json *scanner)
{
	char text[CTL_TEXT_SIZE], more[CTL_TEXT_SIZE];

	if (scanner == NULL)
		return;
	printf(STATUS_LABEL "%s, coverage %s%s, %s sessions\n", "scanner",
	    ctl_text(scanner, "state", "not known", text),
	    ctl_text(scanner, "coverage", "not known", more),
	    json_get_bool(scanner, "accepted", false) ?
		" (accepted by contained)" :
		"",
	    json_get_bool(scanner, "terminate", false) ? "may end" :
							 "may not end");
	if (strcmp(json_get_string(scanner, "state", ""), "degraded") == 0)
		printf(STATUS_LABEL
		    "the scanner died three times within a minute and "
		    "is not started again; see journalctl -u "
		    "farmgate-policyd.service, and a minute later "
		    "systemctl restart farmgate-policyd.service\n",
		    "DEGRADED");
}
