/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether there was enough to see: nobody has been refused where nobody has
 * logged in.
 */
#include "ctl/readiness/readiness_parts.h"
#include "policyd/people/civil.h"

static const char observe[] =
    "let the gate observe for a week or more: farmgatectl enable --observe, "
    "and let people log in";

static void
of_all(struct readiness *r)
{
	int64_t days = (r->last_s - r->first_s) / CIVIL_DAY_S;
	char first[CTL_TIME_SIZE], since[CTL_TIME_SIZE];
	struct json *o;

	if (r->decisions == 0) {
		readiness_item(r, "period", observe,
		    "no login was decided since %s: nothing was observed",
		    ctl_time_text(r->o->since_s, since));
		return;
	}
	if (days >= READINESS_DAYS)
		return;
	o = readiness_item(r, "period", observe,
	    "the logins that were decided are of %lld day%s only, since %s, "
	    "and not of %d or more",
	    (long long)days + 1, readiness_plural((uint64_t)days + 1),
	    ctl_time_text(r->first_s, first), READINESS_DAYS);
	json_set_int(o, "days", days);
}

void
readiness_period(struct readiness *r)
{
	struct json *o;
	size_t i;

	of_all(r);
	for (i = 0; i < r->nservices && r->decisions > 0; i++) {
		if (r->services[i].decisions > 0)
			continue;
		o = readiness_item(r, "service", observe,
		    "%s: none of its logins was decided in that time",
		    r->services[i].name);
		json_set_untrusted(o, "service", r->services[i].name);
	}
}
