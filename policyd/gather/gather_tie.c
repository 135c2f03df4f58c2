/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the login itself comes from: a session that a tool of remote control
 * has in its hands, as far as uids, sessions and cgroups tell.
 */
#include <stdio.h>
#include <string.h>

#include "policyd/gather/gather.h"
#include "policyd/scanner/rule.h"
#include "policyd/text.h"

/* In it, or below it. */
static bool
is_in(const char *cgroup, const char *session)
{
	size_t len = strlen(session);

	return strncmp(cgroup, session, len) == 0 &&
	    (cgroup[len] == '\0' || cgroup[len] == '/');
}

/* A cgroup that is one session's, and not a service's or everybody's. */
static bool
is_session(const char *cgroup)
{
	const char *name = strrchr(cgroup, '/');
	size_t len = name == NULL ? 0 : strlen(name);

	return len > strlen("/session-.scope") &&
	    strncmp(name, "/session-", strlen("/session-")) == 0 &&
	    strcmp(name + len - strlen(".scope"), ".scope") == 0;
}

/* Units that hold many people's logins and jobs, or whatever programs. */
static const char *const shared_units[] = { "ssh*", "dropbear*", "telnet*",
	"inetd*", "xinetd*", "*getty*", "autovt@*", "login*", "gdm*",
	"lightdm*", "sddm*", "lxdm*", "xdm*", "slim*", "greetd*",
	"display-manager*", "user@*", "dbus*", "systemd-*", "cron*", "anacron*",
	"atd*", "supervisor*" };

/*
 * The cgroup of a tool's own unit: all that is in it was started by the tool,
 * also what has lost its parents. Who is of a login has brought it elsewhere.
 */
static bool
is_own_unit(const struct sign *sign)
{
	const char *name = strrchr(sign->cgroup, '/');
	size_t i, len = name == NULL ? 0 : strlen(name);

	if (sign->confidence != SIGN_BY_IDENTITY ||
	    sign->audit_session != (uint32_t)-1 || len <= strlen("/.service") ||
	    strcmp(name + len - strlen(".service"), ".service") != 0)
		return false;
	for (i = 0; i < sizeof(shared_units) / sizeof(shared_units[0]); i++)
		if (rule_glob(shared_units[i], name + 1))
			return false;
	return true;
}

/* The cgroup is the sign's session, or the unit that it makes sessions in. */
static bool
is_with(const struct sign *sign, const char *cgroup)
{
	return (is_session(sign->cgroup) || is_own_unit(sign)) &&
	    is_in(cgroup, sign->cgroup);
}

/* Desktops start programs in the user's manager as well. */
static bool
is_at_seat(const struct picture *p, const char *cgroup)
{
	char manager[64];

	if (p->seat_uid == (uint32_t)-1 || cgroup[0] == '\0')
		return false;
	if (is_session(p->seat_scope) && is_in(cgroup, p->seat_scope))
		return true;
	return text_format(manager, sizeof(manager), "/user@%lu.service",
		   (unsigned long)p->seat_uid) == 0 &&
	    strstr(cgroup, manager) != NULL;
}

/* So do those of somebody who is in by a remote one, and not at the seat. */
static bool
is_of_manager(const struct picture *p, const struct sign *sign,
    const char *cgroup)
{
	char manager[64];

	return sign->steers == ENTRY_STEERS_OWN && sign->kind >= ENTRY_VNC &&
	    sign->kind <= ENTRY_STREAMING && sign->uid != (uint32_t)-1 &&
	    sign->uid != p->seat_uid &&
	    text_format(manager, sizeof(manager), "/user@%lu.service",
		(unsigned long)sign->uid) == 0 &&
	    strstr(cgroup, manager) != NULL;
}

/* The service manager says so, and does not know whether somebody looks. */
static bool
is_managers_word(const struct sign *sign)
{
	return strncmp(sign->what, "session-", strlen("session-")) == 0 &&
	    is_session(sign->cgroup);
}

static bool
is_of_session(const struct sign *sign, const struct fact_peer *peer)
{
	if (sign->audit_session != (uint32_t)-1 &&
	    sign->audit_session == peer->audit_session)
		return true;
	return is_with(sign, peer->cgroup);
}

/*
 * Who asks runs in the session that the login is made from. A remote service
 * does not: it may be the tool itself, whose login this is.
 */
static bool
has_own_session(const struct facts *facts)
{
	return facts->kind != SERVICE_REMOTE && facts->peer.state == FACT_KNOWN;
}

/* How a tool that somebody is connected to has this login in its hands. */
static enum remote_tie
tie_of(const struct picture *p, const struct facts *facts,
    const struct sign *sign)
{
	const struct fact_client *client = &facts->client;
	bool nested = has_own_session(facts);

	if (sign->steers == ENTRY_STEERS_NONE ||
	    (sign->grade != SIGN_ACTIVE && !is_managers_word(sign)))
		return REMOTE_TIE_NONE;
	if (sign->steers == ENTRY_STEERS_SEAT) {
		if (facts->kind == SERVICE_CONSOLE ||
		    (nested && is_at_seat(p, facts->peer.cgroup)))
			return REMOTE_TIE_SEAT;
		if (client->state == FACT_KNOWN &&
		    is_at_seat(p, client->cgroup))
			return REMOTE_TIE_CLIENT;
	}
	if (nested &&
	    (is_of_session(sign, &facts->peer) ||
		is_of_manager(p, sign, facts->peer.cgroup)))
		return REMOTE_TIE_SESSION;
	if (client->state == FACT_KNOWN &&
	    (is_with(sign, client->cgroup) ||
		is_of_manager(p, sign, client->cgroup)))
		return REMOTE_TIE_CLIENT;
	return REMOTE_TIE_NONE;
}

/* Of two that have it, the one that may decide explains. */
static void
tie_by_sign(const struct picture *p, struct facts *facts,
    const struct fact_sign *s)
{
	enum remote_tie by = tie_of(p, facts, &s->sign);
	struct fact_remote *remote = &facts->remote;

	if (by == REMOTE_TIE_NONE ||
	    (remote->tie != REMOTE_TIE_NONE &&
		gather_sign_weight(&remote->by) >= gather_sign_weight(s)))
		return;
	remote->tie = by;
	remote->by = *s;
}

/* One of the processes that the login descends from is a tool's own. */
static void
tie_by_ancestor(const struct conf *conf, const struct gather_machine *from,
    struct facts *facts)
{
	const struct fact_steered *steered = &facts->peer.steered;
	struct fact_remote *remote = &facts->remote;
	struct sign ancestor = { .kind = steered->kind }, *sign = &ancestor;

	if (!has_own_session(facts) || steered->kind == ENTRY_NONE)
		return;
	sign->grade = SIGN_RUNNING;
	sign->confidence = steered->confidence;
	sign->owner = steered->owner;
	sign->uid = facts->peer.loginuid;
	sign->pid = steered->pid;
	memcpy(sign->what, steered->what, sizeof(sign->what));
	(void)snprintf(sign->seen, sizeof(sign->seen), "%s, pid %ld",
	    steered->what, (long)steered->pid);
	if (gather_is_approved(conf, sign))
		return;
	remote->by.sign = *sign;
	remote->by.counts = steered->confidence > SIGN_BY_NAME;
	remote->by.support = gather_support_of(from, sign);
	remote->tie = REMOTE_TIE_ANCESTOR;
}

void
gather_tie(const struct conf *conf, const struct gather_machine *from,
    struct facts *facts)
{
	const struct picture *p = from->picture;
	struct fact_remote *remote = &facts->remote;
	struct fact_sign s;
	size_t i;

	for (i = 0; i < p->nsigns; i++)
		if (gather_sign(conf, from, facts, &p->sign[i], &s))
			tie_by_sign(p, facts, &s);
	if (remote->tie == REMOTE_TIE_NONE || !remote->by.counts ||
	    remote->by.support != 0)
		tie_by_ancestor(conf, from, facts);
}
