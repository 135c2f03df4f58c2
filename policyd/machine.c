/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's own facts, from where the daemon holds them.
 */
#include "policyd/machine.h"

#include <string.h>
#include <time.h>

#include "policyd/log.h"
#include "policyd/scanlink.h"
#include "policyd/store/store_baseline.h"

/* A look is begun before it is waited for, and then a login is decided. */
#define MACHINE_SLACK_MS 1000

static int64_t
boot_ns(void)
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

/* One that is only slow is not: any user's programs can make it so. */
static bool
is_blind(const struct daemon *daemon)
{
	return !scanlink_is_running(daemon->scanlink) ||
	    scanlink_is_outdated(daemon->scanlink) ||
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
lacks(const struct daemon *daemon, const struct conf *conf)
{
	const char *unsought;

	if (!scanlink_is_running(daemon->scanlink))
		return "there is no scanner";
	if (scanlink_is_outdated(daemon->scanlink))
		return "a device came or went since the last look";
	if ((unsought = machine_unsought(daemon)) != NULL)
		return unsought;
	return scanlink_lacks(daemon->scanlink, conf->machine.contained);
}

void
machine_known(const struct daemon *daemon, const struct conf *conf,
    struct gather_machine *ret_machine)
{
	memset(ret_machine, 0, sizeof(*ret_machine));
	ret_machine->picture = scanlink_picture(daemon->scanlink);
	ret_machine->now_ns = boot_ns();
	ret_machine->max_age_ms =
	    conf->machine.max_age_s * 1000 + MACHINE_SLACK_MS;
	ret_machine->blind = is_blind(daemon);
	ret_machine->coverage = lacks(daemon, conf);
	if (daemon->store != NULL &&
	    !know_words(daemon->store, conf, ret_machine) &&
	    ret_machine->coverage == NULL)
		ret_machine->coverage = "the baseline cannot be read";
}

bool
machine_is_fresh(const struct daemon *daemon,
    const struct conf_machine *machine)
{
	const struct picture *picture = scanlink_picture(daemon->scanlink);

	return picture != NULL && !scanlink_is_outdated(daemon->scanlink) &&
	    boot_ns() - picture->taken_ns <= machine->max_age_s * 1000000000;
}
