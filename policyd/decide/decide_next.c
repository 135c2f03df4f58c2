/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What would help, of one login: by why its step-up failed, by what asked, and
 * with the names in it. Reads decisions, makes none.
 */
#include "policyd/decide/decide.h"

#include <string.h>

#include "policyd/text.h"

/* The first that is in the reason; those are the methods' and request_prove's
 * own words. */
static const struct {
	const char *why, *next;
} failed[] = {
	{ "held back",
	    "let them wait, farmgatectl stepup list says until when; if the "
	    "wrong answers were theirs: farmgatectl stepup forget USER, or of "
	    "the address" },
	{ "laptop is not enrolled",
	    "enrol it: what farmgatectl enrol request prints there goes to "
	    "farmgatectl enrol add here" },
	{ "laptop was revoked",
	    "farmgatectl device list says when and why; if the laptop is "
	    "theirs again, farmgatectl enrol init --replace there, and enrol "
	    "it anew" },
	{ "laptop was enrolled anew since",
	    "it has an older key, which nothing but a copy of the laptop "
	    "should: ask the person; if it was put back from a backup, enrol "
	    "it anew" },
	{ "not enrolled",
	    "enrol them, then they can try again: farmgatectl totp enrol "
	    "USER" },
	{ "recovery code",
	    "each recovery code counts once; farmgatectl totp list says how "
	    "many are left, and new ones are made by farmgatectl totp recovery "
	    "USER" },
	{ "clock was set back",
	    "set the clock of this host right, then: farmgatectl totp reset "
	    "USER" },
	{ "was used before",
	    "each code counts once: let them try again with the next one; if "
	    "it was not they who used it, somebody else has their codes: "
	    "farmgatectl totp remove USER" },
	{ "wrong code",
	    "let them try again with the code of now, on a phone whose clock "
	    "is right; phone lost: a recovery code, or farmgatectl bypass; a "
	    "new one: farmgatectl totp enrol USER --replace" },
	{ "sealed with another key",
	    "enrol them anew: farmgatectl totp enrol USER --replace" },
	{ "refused it",
	    "ask whoever refused it, whom the line step-up names; then let "
	    "them log in again" },
	{ "too many requests wait",
	    "see farmgatectl approvals: approve or refuse what waits of USER "
	    "or of the address, then let them log in again" },
	{ "wrong numbers",
	    "let them log in again, and tell the new number to who approves "
	    "it" },
	{ "more was found than was approved",
	    "see what is new, then let them log in again: who approves it is "
	    "asked about all of it then" },
	{ "nobody has approved",
	    "let them log in again, and tell it whoever can approve it: "
	    "farmgatectl approvals, farmgatectl approve REFERENCE; who is told "
	    "by mail says farmgate-hooks(8)" },
	{ "no serial number is recorded",
	    "record it while you look at the person with the laptop: "
	    "farmgatectl verify USER ASSET" },
	{ "wrong serial number",
	    "let them read it off the laptop that they were verified with, "
	    "which farmgatectl verify --list names; if they have another one "
	    "by now: farmgatectl verify USER ASSET" },
	{ "verification has ended",
	    "verify them again: farmgatectl verify USER ASSET" },
	{ "too many step-ups at once",
	    "others of USER or from the address are asked at this moment: let "
	    "those end, and log in again" },
	{ "no answer in time",
	    "let them log in again and answer within step_up_time of "
	    "farmgate.conf" },
	{ "went away",
	    "ask USER whether that was them: who knows the first factor alone "
	    "goes away at the question; if it was, let them log in again" },
	{ "device: nobody has answered",
	    "no laptop has: farmgate-attest check HOST, run by them on the "
	    "laptop, says why, HOST being what they type behind ssh; ssh with "
	    "BatchMode asks nobody" },
	{ "nobody has answered",
	    "nothing was typed, or the program has no terminal: let them log "
	    "in from one, as by ssh -t" },
	{ "could be asked",
	    "the program went on without asking: let them log in with one "
	    "that can ask, such as ssh; see pam_farmgate(8)" },
	{ "no text", "let them try again, and type what is asked for alone" },
	{ "cannot be used",
	    "see farmgatectl status and the daemon's log, then let them log "
	    "in again" },
};

/* A laptop that does not count yet has answered, and is no proof: it helps to
 * wait, and not to be asked once more. */
static const struct finding *
find_pending(const struct finding_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->list[i].code == FINDING_DEVICE_UNENROLLED &&
		    strcmp(list->list[i].grade, "pending") == 0)
			return &list->list[i];
	return NULL;
}

static const char *
next_of_failed(const struct decision *d, const struct finding *f)
{
	const struct finding *pending = find_pending(&d->findings);
	size_t i;

	for (i = 0; i < sizeof(failed) / sizeof(failed[0]); i++)
		if (strstr(f->text, failed[i].why) != NULL)
			return failed[i].next;
	return finding_next(pending != NULL ? pending : f);
}

/* Nobody was asked: how to be, and what if they should have been. */
static const char *
next_of_impossible(const struct facts *facts)
{
	if (facts->kind == SERVICE_NESTED)
		return "let them run it where it can ask: sudo without "
		       "NOPASSWD and after sudo -k; root's own su asks nobody; "
		       "if it did ask for a password, the stack has no auth "
		       "line: farmgatectl check-pam SERVICE";
	if (facts->kind != SERVICE_REMOTE)
		return "whether the stack asks at all says farmgatectl "
		       "check-pam SERVICE";
	if (strcmp(facts->login.service, "sshd") == 0)
		return "let them log in by keyboard-interactive: "
		       "AuthenticationMethods publickey,keyboard-interactive:"
		       "pam, see farmgatectl check-sshd; if they did log in by "
		       "keyboard-interactive, the stack has no auth line: "
		       "farmgatectl check-pam sshd";
	return "whether the stack asks at all says farmgatectl check-pam "
	       "SERVICE; services that can ask nobody, such as mail and FTP, "
	       "want a policy without challenges: see pam_farmgate(8)";
}

/* A name in the place of its word; what does not fit is cut. */
static size_t
put_name(char buf[DECIDE_NEXT_SIZE], size_t used, const char *name)
{
	(void)text_copy(buf + used, DECIDE_NEXT_SIZE - used, name);
	return used + strlen(buf + used);
}

/* Who is no user has no name here. */
static const char *
fill_in(const char *text, const struct facts *facts, char buf[DECIDE_NEXT_SIZE])
{
	bool is_user = (facts->login.flags & FG_LOGIN_INVALID_USER) == 0;
	size_t used = 0;

	while (*text != '\0' && used + 1 < DECIDE_NEXT_SIZE) {
		if (is_user && strncmp(text, "USER", 4) == 0) {
			used = put_name(buf, used, fact_who(facts));
			text += 4;
		} else if (strncmp(text, "SERVICE", 7) == 0) {
			used = put_name(buf, used, facts->login.service);
			text += 7;
		} else {
			buf[used++] = *text++;
		}
	}
	buf[used] = '\0';
	return buf;
}

/* Of a step-up that is over; else as the registries have it. */
static const char *
next_of(const struct decision *d, const struct facts *facts)
{
	const struct finding *f = NULL;

	if (d->by == DECIDED_BY_FINDING && d->would == FG_VERDICT_DENY)
		f = &d->findings.list[d->index];
	if (f != NULL && f->code == FINDING_CHALLENGE_FAILED)
		return next_of_failed(d, f);
	if (f != NULL && f->code == FINDING_CHALLENGE_IMPOSSIBLE)
		return next_of_impossible(facts);
	return decide_next(d);
}

const char *
decide_next_of(const struct decision *d, const struct facts *facts,
    const char *first, char buf[DECIDE_NEXT_SIZE])
{
	char text[DECIDE_NEXT_SIZE];

	(void)text_format(text, sizeof(text), "%s%s%s",
	    first != NULL ? first : "", first != NULL ? "; " : "",
	    next_of(d, facts));
	return fill_in(text, facts, buf);
}
