/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One table of what each finding rests on. What does not apply to a login, as
 * the place of a local one, is no blindness.
 */
#include "policyd/check/check_blind.h"

#include "policyd/scanner/picture.h"

/* What may be missing, each a bit. */
#define OF_PLACE      0x0001u /* also where no database has the address */
#define OF_LAST	      0x0002u
#define OF_ASN	      0x0004u
#define OF_ANONYMOUS  0x0008u
#define OF_PERSON     0x0010u
#define OF_REVOCATION 0x0020u
#define OF_VERIFIED   0x0040u
#define OF_CLOCK      0x0080u
#define OF_PROGRAMS   0x0100u
#define OF_USB	      0x0200u
#define OF_DISPLAYS   0x0400u
#define OF_SESSION    0x0800u /* the login's own */
#define OF_DEVICE     0x1000u
#define OF_BOUND      0x2000u
#define OF_ATTESTED   0x4000u
#define OF_SESSIONS   0x8000u
#define OF_SHARERS    0x10000u
#define OF_COMPANY    0x20000u
#define OF_HOURS      0x40000u

#define OF_ANY_DEVICE (OF_DEVICE | OF_BOUND | OF_ATTESTED)
#define PROGRAMS \
	(PICTURE_PROCESSES | PICTURE_SOCKETS | PICTURE_SESSIONS | PICTURE_FILES)

static const uint32_t rests_on[FINDING_COUNT] = {
	[FINDING_GEO_COUNTRY] = OF_PLACE,
	[FINDING_GEO_DISTANCE] = OF_PLACE | OF_PERSON,
	[FINDING_GEO_TRAVEL] = OF_PLACE | OF_LAST | OF_CLOCK,
	[FINDING_GEO_STALE] = OF_CLOCK,
	[FINDING_NET_ANONYMIZER] = OF_ANONYMOUS,
	[FINDING_NET_HOSTING] = OF_ANONYMOUS | OF_ASN,
	[FINDING_NET_ASN] = OF_ASN,
	[FINDING_NET_VPN_CLIENT] = OF_PROGRAMS,
	[FINDING_SESSION_LIMIT] = OF_SESSIONS,
	[FINDING_SESSION_PLACES] = OF_SESSIONS,
	[FINDING_SESSION_SHARED_SOURCE] = OF_SHARERS,
	[FINDING_SESSION_SHARED_DEVICE] = OF_COMPANY,
	[FINDING_SESSION_SHARED_SITE] = OF_COMPANY,
	[FINDING_REMOTE_TOOL] = OF_PROGRAMS,
	[FINDING_REMOTE_DESKTOP] = OF_PROGRAMS,
	[FINDING_REMOTE_TUNNEL] = OF_PROGRAMS,
	[FINDING_REMOTE_KVM] = OF_USB,
	[FINDING_REMOTE_DISPLAY] = OF_DISPLAYS,
	[FINDING_REMOTE_JIGGLER] = OF_PROGRAMS | OF_USB,
	[FINDING_REMOTE_SESSION] = OF_PROGRAMS | OF_SESSION,
	[FINDING_DEVICE_MISMATCH] = OF_DEVICE | OF_ATTESTED,
	[FINDING_DEVICE_UNISSUED] = OF_ANY_DEVICE,
	[FINDING_DEVICE_UNENROLLED] = OF_ANY_DEVICE,
	[FINDING_DEVICE_VIRTUAL] = OF_DEVICE | OF_ATTESTED,
	[FINDING_DEVICE_KEY] = OF_BOUND,
	[FINDING_DEVICE_CLONE] = OF_ATTESTED,
	[FINDING_DEVICE_NEW_INPUT] = OF_USB | OF_DISPLAYS,
	[FINDING_DEVICE_PLACE] = OF_PERSON | OF_ANY_DEVICE,
	[FINDING_TIME_HOURS] = OF_PERSON | OF_CLOCK | OF_HOURS,
	[FINDING_PERSON_UNKNOWN] = OF_PERSON,
	[FINDING_PERSON_REVOKED] = OF_PERSON | OF_REVOCATION,
	[FINDING_PERSON_UNVERIFIED] = OF_VERIFIED,
};

static uint32_t
bit(bool missing, uint32_t of)
{
	return missing ? of : 0;
}

static uint32_t
failed(enum fact_state state, uint32_t of)
{
	return bit(state == FACT_ERROR, of);
}

static uint32_t
missing_of_machine(const struct fact_remote *remote)
{
	uint32_t parts = remote->failed;

	if (remote->state == FACT_ERROR || remote->blind)
		parts = UINT32_MAX;
	return bit((parts & PROGRAMS) != 0, OF_PROGRAMS) |
	    bit((parts & PICTURE_USB) != 0, OF_USB) |
	    bit((parts & PICTURE_DISPLAYS) != 0, OF_DISPLAYS);
}

static uint32_t
missing(const struct facts *facts)
{
	const struct fact_history *h = &facts->history;
	const struct fact_attested *attested = &facts->proof.attested;

	return bit(facts->place.state == FACT_ERROR ||
		       facts->place.state == FACT_UNKNOWN,
		   OF_PLACE) |
	    failed(h->last.state, OF_LAST) | failed(facts->asn.state, OF_ASN) |
	    failed(h->asn_state, OF_ASN) |
	    failed(facts->anonymous.state, OF_ANONYMOUS) |
	    failed(facts->person.state, OF_PERSON) |
	    failed(facts->revocation.state, OF_REVOCATION) |
	    failed(facts->verified.state, OF_VERIFIED) |
	    bit(!facts_clock_is_set(facts), OF_CLOCK) |
	    bit(facts->person.hours_failed, OF_HOURS) |
	    missing_of_machine(&facts->remote) |
	    failed(facts->peer.state, OF_SESSION) |
	    failed(facts->client.state, OF_SESSION) |
	    failed(facts->device.state, OF_DEVICE) |
	    failed(facts->bound.state, OF_BOUND) |
	    bit(facts->bound.unread, OF_BOUND) |
	    failed(attested->state, OF_ATTESTED) |
	    failed(facts->sessions.state, OF_SESSIONS) |
	    failed(h->sharers_state, OF_SHARERS) |
	    failed(attested->company_state, OF_COMPANY);
}

void
check_blind(const struct facts *facts, bool ret_blind[FINDING_COUNT])
{
	uint32_t of = missing(facts);
	size_t i;

	for (i = 0; i < FINDING_COUNT; i++)
		ret_blind[i] = (rests_on[i] & of) != 0;
}
