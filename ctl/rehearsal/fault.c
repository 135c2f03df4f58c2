/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of faults. What a fault does to the facts of a login is what the
 * gatherers make of it; the system tests make each for real and compare.
 */
#include "ctl/rehearsal/fault.h"

#include <string.h>

static const char *const names[FAULT_COUNT] = {
	[FAULT_NONE] = "none",
	[FAULT_DAEMON_DOWN] = "daemon-down",
	[FAULT_DAEMON_HANG] = "daemon-hang",
	[FAULT_GEO_MISSING] = "geo-missing",
	[FAULT_GEO_STALE] = "geo-stale",
	[FAULT_STORE_BUSY] = "store-busy",
	[FAULT_STORE_LOST] = "store-lost",
	[FAULT_AUDIT_FULL] = "audit-full",
	[FAULT_SCANNER_LOST] = "scanner-lost",
	[FAULT_HISTORY_LOST] = "history-lost",
	[FAULT_BUNDLE_STALE] = "bundle-stale",
	[FAULT_CLOCK_UNSET] = "clock-unset",
};

const char *
fault_name(enum fault fault)
{
	if (fault < FAULT_NONE || fault >= FAULT_COUNT)
		return names[FAULT_NONE];
	return names[fault];
}

enum fault
fault_by_name(const char *name)
{
	enum fault fault;

	for (fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++)
		if (strcmp(names[fault], name) == 0)
			return fault;
	return FAULT_NONE;
}

bool
fault_is_silence(enum fault fault)
{
	return fault == FAULT_DAEMON_DOWN || fault == FAULT_DAEMON_HANG;
}

enum failure
fault_failure(enum fault fault)
{
	switch (fault) {
	case FAULT_STORE_LOST:
		return FAILURE_STORE;
	case FAULT_AUDIT_FULL:
		return FAILURE_AUDIT;
	case FAULT_HISTORY_LOST:
		return FAILURE_HISTORY;
	case FAULT_BUNDLE_STALE:
		return FAILURE_BUNDLE;
	case FAULT_CLOCK_UNSET:
		return FAILURE_CLOCK;
	case FAULT_NONE:
	case FAULT_DAEMON_DOWN:
	case FAULT_DAEMON_HANG:
	case FAULT_GEO_MISSING:
	case FAULT_GEO_STALE:
	case FAULT_STORE_BUSY:
	case FAULT_SCANNER_LOST:
	case FAULT_COUNT:
		break;
	}
	return FAILURE_NONE;
}

/* A place that a network has needs no database. */
static void
lose_place(struct fact_place *place)
{
	if (place->state == FACT_NONE || place->source == PLACE_FROM_NETWORK)
		return;
	memset(place, 0, sizeof(*place));
	place->accuracy_km = -1;
	place->state = FACT_ERROR;
	place->problem = "a country database could not be opened";
}

/* Built when nobody had thought of it. */
static void
age_place(struct fact_place *place)
{
	if (place->state == FACT_KNOWN && place->source == PLACE_FROM_DATABASE)
		place->build_s = place->point_build_s = 1;
}

/* Nobody looks: the last picture does not count without a scanner. */
static void
lose_machine(struct facts *facts)
{
	if (facts->kind == SERVICE_EXEMPT)
		return;
	memset(&facts->remote, 0, sizeof(facts->remote));
	facts->remote.state = FACT_ERROR;
	facts->remote.blind = true;
}

/* The daemon knows neither the process nor the session that it is in. */
static void
lose_process(struct facts *facts)
{
	facts->peer.state = FACT_ERROR;
	if (facts->kind != SERVICE_NESTED)
		return;
	memset(&facts->origin, 0, sizeof(facts->origin));
	facts->origin.kind = ORIGIN_LOCAL;
	facts->origin.source = ORIGIN_FROM_SERVICE;
	memset(&facts->place, 0, sizeof(facts->place));
	memset(&facts->networks, 0, sizeof(facts->networks));
	memset(&facts->asn, 0, sizeof(facts->asn));
	memset(&facts->anonymous, 0, sizeof(facts->anonymous));
}

/* The first second of the kernel's own count. */
void
fault_begin(enum fault fault, struct facts *facts)
{
	if (fault == FAULT_CLOCK_UNSET)
		facts->at_s = 0;
}

void
fault_inject(enum fault fault, struct facts *facts)
{
	switch (fault) {
	case FAULT_GEO_MISSING:
		lose_place(&facts->place);
		break;
	case FAULT_GEO_STALE:
		age_place(&facts->place);
		break;
	case FAULT_STORE_LOST:
		facts_store_failed(facts);
		break;
	case FAULT_SCANNER_LOST:
		lose_machine(facts);
		lose_process(facts);
		break;
	case FAULT_HISTORY_LOST:
		if (facts->kind == SERVICE_REMOTE &&
		    facts->origin.kind == ORIGIN_ADDRESS)
			facts_history_failed(facts);
		break;
	case FAULT_BUNDLE_STALE:
		facts->bundle.stale = facts->bundle.state == FACT_KNOWN;
		break;
	case FAULT_NONE:
	case FAULT_DAEMON_DOWN:
	case FAULT_DAEMON_HANG:
	case FAULT_STORE_BUSY:
	case FAULT_AUDIT_FULL:
	case FAULT_CLOCK_UNSET:
	case FAULT_COUNT:
		break;
	}
}
