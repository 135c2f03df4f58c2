/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's own facts, from where the daemon holds them.
 */
#include "policyd/machine/machine.h"

#include <string.h>
#include <time.h>

#include "policyd/log.h"
#include "policyd/machine/scanlink.h"
#include "policyd/store/store_baseline.h"

/* A look is begun before it is waited for, and then a login is decided. */
#define MACHINE_SLACK_MS 1000

int64_t
machine_now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts); /* always there */
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void
machine_set_rules(struct daemon *daemon)
{
	struct rules rules;

	if (catalogue_rules(daemon->rules->catalogue, &rules) != 0) {
		log_crit("catalogue: out of memory: what is looked for stays "
			 "as it was");
		return;
	}
	scanlink_set_rules(daemon->scanlink, &rules);
}

/*
 * What administrators have said. A baseline that was lost has nothing in it:
 * everything is new. False: there may be one, and it cannot be read.
 */
static bool
know_words(struct store *store, const struct conf *conf,
    struct gather_machine *machine)
{
	const struct store_baseline *baseline;
	struct store_outline outline;

	if (store_baseline(store, &baseline) != 0 ||
	    store_outline(store, &outline) != 0)
		return false;
	if (baseline->learned || baseline->lost)
		machine->known = baseline;
	if (outline.supports)
		(void)store_support_find(store, conf->machine.asset,
		    daemon_wall_s(), &machine->support);
	return true;
}

/* Devices that come and go all the time put no login off for ever. */
static bool
is_outdated(const struct daemon *daemon, int64_t asked_ns)
{
	const struct picture *p = scanlink_picture(daemon->scanlink);

	return scanlink_is_outdated(daemon->scanlink) &&
	    (p == NULL || p->taken_ns < asked_ns);
}

/* One that is only slow is not: any user's programs can make it so. */
static bool
is_blind(const struct daemon *daemon, int64_t asked_ns)
{
	return !scanlink_is_running(daemon->scanlink) ||
	    is_outdated(daemon, asked_ns) ||
	    scanlink_picture(daemon->scanlink) == NULL;
}

const char *
machine_unsought(const struct daemon *daemon)
{
	if (daemon->rules->catalogue->nentries == 0)
		return "there is no catalogue";
	if (daemon->rules->partial)
		return "not all of the catalogue can be read";
	if (scanlink_is_blind(daemon->scanlink))
		return "the scanner has not taken the catalogue";
	return NULL;
}

/* What keeps the scanner from seeing something; the first that does. */
static const char *
lacks(const struct daemon *daemon, const struct conf *conf, int64_t asked_ns)
{
	const char *unsought;

	if (!scanlink_is_running(daemon->scanlink))
		return "there is no scanner";
	if (is_outdated(daemon, asked_ns))
		return "a device came or went since the last look";
	if ((unsought = machine_unsought(daemon)) != NULL)
		return unsought;
	return scanlink_lacks(daemon->scanlink, conf->machine.contained);
}

void
machine_known_since(const struct daemon *daemon, const struct conf *conf,
    int64_t asked_ns, struct gather_machine *ret_machine)
{
	memset(ret_machine, 0, sizeof(*ret_machine));
	ret_machine->picture = scanlink_picture(daemon->scanlink);
	ret_machine->now_ns = machine_now_ns();
	ret_machine->max_age_ms =
	    conf->machine.max_age_s * 1000 + MACHINE_SLACK_MS;
	ret_machine->blind = is_blind(daemon, asked_ns);
	ret_machine->coverage = lacks(daemon, conf, asked_ns);
	if (daemon->store != NULL &&
	    !know_words(daemon->store, conf, ret_machine) &&
	    ret_machine->coverage == NULL)
		ret_machine->coverage = "the baseline cannot be read";
}

void
machine_known(const struct daemon *daemon, const struct conf *conf,
    struct gather_machine *ret_machine)
{
	machine_known_since(daemon, conf, INT64_MAX, ret_machine);
}

bool
machine_is_fresh(const struct daemon *daemon,
    const struct conf_machine *machine)
{
	const struct picture *picture = scanlink_picture(daemon->scanlink);

	return picture != NULL && !scanlink_is_outdated(daemon->scanlink) &&
	    machine_now_ns() - picture->taken_ns <=
	    machine->max_age_s * 1000000000;
}
