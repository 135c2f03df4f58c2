/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of the facts' enums, for audit records and people, and what several
 * facts are together. Nothing is looked up here: gather_*.c does that.
 */
#include "policyd/facts.h"

bool
facts_clock_is_set(const struct facts *facts)
{
	return facts->at_s >= PERSON_CLOCK_FIRST_S;
}

void
facts_store_failed(struct facts *facts)
{
	facts->person.state = facts->exceptions.state = FACT_ERROR;
	facts->revocation.state = facts->bundle.state = FACT_ERROR;
	if (facts->kind != SERVICE_REMOTE ||
	    facts->origin.kind != ORIGIN_ADDRESS)
		return;
	facts_history_failed(facts);
}

void
facts_history_failed(struct facts *facts)
{
	struct fact_history *h = &facts->history;

	h->last.state = h->sharers_state = FACT_ERROR;
	if (facts->asn.state == FACT_KNOWN)
		h->asn_state = FACT_ERROR;
}

const char *
fact_who(const struct facts *facts)
{
	if (facts->person.state == FACT_KNOWN)
		return facts->person.person.user;
	return facts->login.user;
}

const char *
fact_device(const struct facts *facts)
{
	const struct fact_attested *attested = &facts->proof.attested;

	if (attested->state == FACT_KNOWN)
		return attested->asset.tag[0] != '\0' ? attested->asset.tag :
							attested->key;
	if (facts->bound.state == FACT_KNOWN)
		return facts->bound.asset.tag;
	return facts->login.keys.n > 0 ? facts->login.keys.list[0].fingerprint :
					 "";
}

const char *
fact_state_name(enum fact_state state)
{
	switch (state) {
	case FACT_NONE:
		break;
	case FACT_KNOWN:
		return "known";
	case FACT_UNKNOWN:
		return "unknown";
	case FACT_ERROR:
		return "error";
	}
	return "none";
}

bool
service_has_sessions(enum service_kind kind)
{
	return kind == SERVICE_REMOTE || kind == SERVICE_CONSOLE;
}

const char *
service_kind_name(enum service_kind kind)
{
	switch (kind) {
	case SERVICE_NONE:
		break;
	case SERVICE_REMOTE:
		return "remote";
	case SERVICE_NESTED:
		return "nested";
	case SERVICE_CONSOLE:
		return "console";
	case SERVICE_EXEMPT:
		return "exempt";
	}
	return "none";
}

const char *
origin_kind_name(enum origin_kind kind)
{
	switch (kind) {
	case ORIGIN_NONE:
		break;
	case ORIGIN_ADDRESS:
		return "address";
	case ORIGIN_CONSOLE:
		return "console";
	case ORIGIN_LOCAL:
		return "local";
	case ORIGIN_NO_ADDRESS:
		return "no_address";
	}
	return "none";
}

const char *
origin_source_name(enum origin_source source)
{
	switch (source) {
	case ORIGIN_FROM_NOTHING:
		break;
	case ORIGIN_FROM_SSH_CONNECTION:
		return "ssh_connection";
	case ORIGIN_FROM_RHOST:
		return "rhost";
	case ORIGIN_FROM_SESSION:
		return "session";
	case ORIGIN_FROM_SERVICE:
		return "service";
	}
	return "none";
}

const char *
place_source_name(enum place_source source)
{
	switch (source) {
	case PLACE_FROM_NOTHING:
		break;
	case PLACE_FROM_NETWORK:
		return "network";
	case PLACE_FROM_DATABASE:
		return "database";
	}
	return "none";
}

const char *
asset_standing_name(enum asset_standing standing)
{
	switch (standing) {
	case ASSET_STANDING_NONE:
		break;
	case ASSET_OWN:
		return "own";
	case ASSET_OTHERS:
		return "others";
	case ASSET_NOBODYS:
		return "nobodys";
	}
	return "none";
}

const char *
remote_tie_name(enum remote_tie tie)
{
	switch (tie) {
	case REMOTE_TIE_NONE:
		break;
	case REMOTE_TIE_ANCESTOR:
		return "ancestor";
	case REMOTE_TIE_SESSION:
		return "session";
	case REMOTE_TIE_SEAT:
		return "seat";
	case REMOTE_TIE_CLIENT:
		return "client";
	}
	return "none";
}
