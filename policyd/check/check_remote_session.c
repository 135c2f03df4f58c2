/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remote.session: the login comes out of a session that others have in their
 * hands.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_sign.h"

static const char *
tie_text(enum remote_tie tie)
{
	switch (tie) {
	case REMOTE_TIE_NONE:
		break;
	case REMOTE_TIE_ANCESTOR:
		return "it was started from";
	case REMOTE_TIE_SESSION:
		return "its session is served by";
	case REMOTE_TIE_SEAT:
		return "it is at the seat, which is steered by";
	case REMOTE_TIE_CLIENT:
		return "it comes by a connection of this machine to itself, "
		       "from a session served by";
	}
	return "";
}

void
check_remote_session(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_remote *remote = &facts->remote;
	char why[CHECK_SIGN_SIZE];

	(void)conf;
	(void)policy;
	if (facts->proof.attested.remote)
		finding_add(findings, FINDING_REMOTE_SESSION, "",
		    "ssh runs in a session there that others have in their "
		    "hands; attested by %s",
		    check_laptop_name(&facts->proof.attested));
	if (remote->state != FACT_KNOWN || remote->tie == REMOTE_TIE_NONE)
		return;
	finding_add(findings, FINDING_REMOTE_SESSION, "", "%s %s; %s",
	    tie_text(remote->tie), remote->by.sign.seen,
	    check_sign_why(&remote->by, why));
	if (!remote->by.counts || remote->by.support != 0)
		finding_minor(findings, FINDING_REMOTE_SESSION);
}
