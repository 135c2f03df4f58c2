/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A timer that looks at the ruleset in force. What it says is not kept: age is
 * a matter of when one looks.
 */
#include "policyd/reload/reload_warn.h"

#include <stdlib.h>

#include "policyd/log.h"
#include "policyd/reload/reload.h"

struct reload_warn {
	struct daemon *daemon;
	struct loop_timer *timer;
	unsigned int period_ms;
};

void
reload_warn_say(struct reload_warn *warn)
{
	const struct conf_errors *refused = reload_refused_data(warn->daemon);
	const struct ruleset *rules = warn->daemon->rules;
	struct conf_errors old = { 0 };

	conf_errors_log(&rules->warnings, log_warn);
	if (refused != NULL)
		conf_errors_log(refused, log_warn);
	ruleset_warn_old(rules, daemon_wall_s(), &old);
	conf_errors_log(&old, log_warn);
	conf_errors_done(&old);
	loop_timer_set(warn->timer, warn->period_ms);
}

static void
warn_on_period(void *arg)
{
	reload_warn_say(arg);
}

struct reload_warn *
reload_warn_new(struct daemon *daemon, unsigned int period_ms)
{
	struct reload_warn *warn;

	if ((warn = calloc(1, sizeof(*warn))) == NULL ||
	    loop_timer(daemon->loop, warn_on_period, warn, &warn->timer) != 0)
		fatal("out of memory");
	warn->daemon = daemon;
	warn->period_ms = period_ms;
	return warn;
}

void
reload_warn_free(struct reload_warn *warn)
{
	if (warn == NULL)
		return;
	loop_timer_free(warn->timer);
	free(warn);
}
