/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decisions in the system's log: with fields of their own where it is the
 * journal. Elsewhere the module writes the lines, but for the allows, of which
 * no login should have to wait for one.
 */
#include <syslog.h>

#include "policyd/journal.h"
#include "policyd/log.h"
#include "policyd/request/request.h"
#include "policyd/text.h"
#include "proto/word.h"

/* farmgate-audit(5) gives it; journalctl(1) finds all decisions by it. */
#define MESSAGE_ID "3f6d2b1c8a5e4d07b9e2406c5a7f1d38"

#define LINE_SIZE 640u

/* What was typed for a user that does not exist may be a password. */
static const char *
user_of(const struct fact_login *login, const char *invalid)
{
	return (login->flags & FG_LOGIN_INVALID_USER) != 0 ? invalid :
							     login->user;
}

/* The module's line, as the daemon's. */
static void
put_line(char *line, const struct conn *conn, const struct decision *decision,
    const char *ref)
{
	const struct fact_login *login = &conn->facts.login;
	char user[96], service[72], rhost[96], reason[FG_REASON_MAX + 1];

	fg_word(user, sizeof(user), user_of(login, "(invalid)"));
	fg_word(service, sizeof(service), login->service);
	fg_word(rhost, sizeof(rhost), login->rhost);
	(void)text_format(line, LINE_SIZE,
	    "ref=%s verdict=%s would=%s phase=%s user=%s service=%s "
	    "rhost=%s reason=%s pid=%d",
	    ref, fg_verdict_name(decision->verdict),
	    fg_verdict_name(decision->would),
	    fg_phase_name((uint8_t)login->phase), user, service, rhost,
	    decide_reason(decision, reason), conn->facts.peer.pid);
}

static int
priority_of(const struct decision *decision)
{
	if (decision->verdict == FG_VERDICT_DENY)
		return LOG_WARNING;
	return decision->would == FG_VERDICT_DENY ? LOG_NOTICE : LOG_INFO;
}

static void
set_findings(struct journal_entry *e, const struct finding_list *findings)
{
	const struct finding *f;
	char name[FINDING_NAME_SIZE];

	for (size_t i = 0; i < findings->count; i++) {
		f = &findings->list[i];
		journal_set_word(e, "FARMGATE_FINDING",
		    finding_name(f->code, f->grade, name));
	}
}

static void
set_facts(struct journal_entry *e, const struct facts *facts)
{
	const struct fact_login *login = &facts->login;

	journal_set_word(e, "FARMGATE_USER", user_of(login, ""));
	if (facts->person.state == FACT_KNOWN)
		journal_set_word(e, "FARMGATE_PERSON",
		    facts->person.person.user);
	journal_set_word(e, "FARMGATE_SERVICE", login->service);
	journal_set_word(e, "FARMGATE_RHOST", login->rhost);
	if (facts->place.state == FACT_KNOWN)
		journal_set_word(e, "FARMGATE_COUNTRY", facts->place.country);
	if (facts->asn.state == FACT_KNOWN)
		journal_set_int(e, "FARMGATE_ASN", facts->asn.number);
	journal_set_int(e, "FARMGATE_LOGIN_PID", facts->peer.pid);
}

static void
set_decision(struct journal_entry *e, const struct decision *decision,
    const char *ref)
{
	char reason[FG_REASON_MAX + 1];

	journal_set(e, "FARMGATE_REF", ref);
	journal_set(e, "FARMGATE_VERDICT", fg_verdict_name(decision->verdict));
	journal_set(e, "FARMGATE_WOULD", fg_verdict_name(decision->would));
	journal_set(e, "FARMGATE_MODE", conf_mode_name(decision->mode));
	journal_set_word(e, "FARMGATE_REASON", decide_reason(decision, reason));
	if (decision->policy != NULL)
		journal_set_word(e, "FARMGATE_POLICY", decision->policy->name);
	set_findings(e, &decision->findings);
}

/* Returns whether the journal has it. */
static bool
tell_journal(const struct conn *conn, const struct decision *decision,
    const char *ref, const char *line)
{
	struct journal_entry e;

	journal_start(&e);
	journal_set(&e, "MESSAGE", line);
	journal_set(&e, "MESSAGE_ID", MESSAGE_ID);
	journal_set_int(&e, "PRIORITY", priority_of(decision));
	journal_set_int(&e, "SYSLOG_FACILITY", LOG_FAC(LOG_AUTHPRIV));
	journal_set(&e, "SYSLOG_IDENTIFIER", "farmgate-policyd");
	set_decision(&e, decision, ref);
	journal_set(&e, "FARMGATE_PHASE",
	    fg_phase_name((uint8_t)conn->facts.login.phase));
	journal_set(&e, "FARMGATE_CONFIG_SHA256", conn->rules->conf->hash);
	set_facts(&e, &conn->facts);
	return journal_send(conn->daemon->journal, &e);
}

void
request_log(const struct conn *conn, const struct decision *decision,
    const char *ref)
{
	bool allowed = decision->verdict == FG_VERDICT_ALLOW &&
	    decision->would == FG_VERDICT_ALLOW;
	char line[LINE_SIZE];

	if (conn->daemon->journal == NULL && !allowed)
		return;
	put_line(line, conn, decision, ref);
	if (conn->daemon->journal != NULL &&
	    tell_journal(conn, decision, ref, line))
		return;
	if (allowed)
		log_words(line);
}
