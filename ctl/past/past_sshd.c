/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What sshd logs of logins:
 *
 *	Accepted METHOD for USER from HOST port N ssh2[: TYPE SHA256:...]
 *	Failed METHOD for [invalid user ]USER from HOST port N ssh2[: ...]
 *	pam_unix(sshd:session): session closed for user USER
 *	message repeated N times: [ one of these]
 *
 * Who fails may be called anything, also " from 192.0.2.7 port 22 ssh2", and
 * whoever signs a certificate writes its id into the end of the line. So the
 * host of who was accepted is the first that looks like one, as the name is an
 * account's, and of who failed the last one.
 */
#include "ctl/past/past_parts.h"

#include <string.h>

#define LITERAL(s) (s), sizeof(s) - 1

/* What is left of a line. */
struct rest {
	const char *at, *end;
};

static size_t
left(const struct rest *rest)
{
	return (size_t)(rest->end - rest->at);
}

static bool
take(struct rest *rest, const char *text, size_t len)
{
	if (left(rest) < len || memcmp(rest->at, text, len) != 0)
		return false;
	rest->at += len;
	return true;
}

/* Up to a blank, which goes too, or to the end. False: there is nothing. */
static bool
take_word(struct rest *rest, const char **ret_word, size_t *ret_len)
{
	const char *blank = memchr(rest->at, ' ', left(rest));

	*ret_word = rest->at;
	*ret_len = (size_t)((blank == NULL ? rest->end : blank) - rest->at);
	rest->at = blank == NULL ? rest->end : blank + 1;
	return *ret_len > 0;
}

static bool
take_number(struct rest *rest, uint64_t max, uint64_t *ret)
{
	const char *begin = rest->at;

	for (*ret = 0; rest->at < rest->end && *rest->at >= '0' &&
	     *rest->at <= '9' && *ret <= max;
	     rest->at++)
		*ret = *ret * 10 + (uint64_t)(*rest->at - '0');
	return rest->at > begin && *ret <= max;
}

/* ---- one message ------------------------------------------------------- */

/* "HOST port N ssh2", and whatever is behind it. */
static bool
take_host(struct rest *rest, const char **ret_host, size_t *ret_len)
{
	uint64_t port;

	return take_word(rest, ret_host, ret_len) &&
	    take(rest, LITERAL("port ")) && take_number(rest, 65535, &port) &&
	    (take(rest, LITERAL(" ssh2")) || take(rest, LITERAL(" ssh1")) ||
		left(rest) == 0);
}

/* "NAME from HOST port N ssh2": of several hosts the first, or the last. */
static bool
take_name_and_host(struct rest *rest, bool last, struct rest *ret_name,
    const char **ret_host, size_t *ret_len)
{
	static const char from[] = " from ";
	const char *at = rest->at, *host;
	struct rest behind = *rest, found;
	bool any = false;
	size_t len;

	while ((at = memmem(at, (size_t)(rest->end - at), LITERAL(from))) !=
	    NULL) {
		found = (struct rest){ at + sizeof(from) - 1, rest->end };
		if (take_host(&found, &host, &len)) {
			*ret_name = (struct rest){ rest->at, at };
			*ret_host = host;
			*ret_len = len;
			behind = found;
			any = true;
			if (!last)
				break;
		}
		at++;
	}
	*rest = behind;
	return any;
}

/* ": ED25519 SHA256:...": of a certificate, that of the key in it. */
static void
take_key(struct rest *rest, struct past_login *login)
{
	static const char head[] = "SHA256:";
	const char *word;
	size_t len;

	if (!take(rest, LITERAL(": ")) || !take_word(rest, &word, &len) ||
	    !take_word(rest, &word, &len) || len != sizeof(head) - 1 + 43 ||
	    memcmp(word, head, sizeof(head) - 1) != 0)
		return;
	for (size_t i = sizeof(head) - 1; i < len; i++)
		if (!((word[i] >= 'A' && word[i] <= 'Z') ||
			(word[i] >= 'a' && word[i] <= 'z') ||
			(word[i] >= '0' && word[i] <= '9') || word[i] == '+' ||
			word[i] == '/'))
			return;
	(void)past_copy(login->key, sizeof(login->key), word, len);
}

/* Behind "Accepted " and "Failed ", which begin other lines, too. */
static enum past_found
take_attempt(struct rest *rest, enum past_event event, struct past_login *login,
    const char **why)
{
	const char *method, *host;
	size_t method_len, host_len;
	struct rest name;

	if (!take_word(rest, &method, &method_len) ||
	    !take(rest, LITERAL("for ")))
		return PAST_NOTHING;
	login->event = event;
	if (event == PAST_FAILED)
		login->invalid_user = take(rest, LITERAL("invalid user "));
	if (!take_name_and_host(rest, event == PAST_FAILED, &name, &host,
		&host_len)) {
		*why = "sshd's line does not say from where";
		return PAST_BAD;
	}
	if (!past_copy(login->user, sizeof(login->user), name.at,
		left(&name)) ||
	    (event == PAST_ACCEPTED && left(&name) == 0)) {
		*why = "no user has such a name";
		return PAST_BAD;
	}
	if (!past_set_from(login, host, host_len)) {
		*why = "no host has such a name";
		return PAST_BAD;
	}
	/* One that is longer is none that anybody knows. */
	(void)past_copy(login->method, sizeof(login->method), method,
	    method_len);
	take_key(rest, login);
	return PAST_LOGIN;
}

/* The line of Farmgate's module, in the phase that decides. */
static bool
take_fail_open(const struct rest *rest, struct past_login *login)
{
	static const char name[] = " user=";
	struct rest user;
	const char *at, *word;
	size_t len;

	if (memmem(rest->at, left(rest), LITERAL(" fail_open=1")) == NULL ||
	    memmem(rest->at, left(rest), LITERAL(" phase=account ")) == NULL ||
	    (at = memmem(rest->at, left(rest), LITERAL(name))) == NULL)
		return false;
	user = (struct rest){ at + sizeof(name) - 1, rest->end };
	if (!take_word(&user, &word, &len) ||
	    !past_copy(login->user, sizeof(login->user), word, len))
		return false;
	login->event = PAST_FAIL_OPEN;
	return true;
}

/* "message repeated 2 times: [ ...]" */
static bool
take_repeated(struct rest *rest, struct past_login *login)
{
	struct rest inner = *rest;
	uint64_t n;

	if (!take(&inner, LITERAL("message repeated ")) ||
	    !take_number(&inner, 1000000, &n) || n == 0 ||
	    !take(&inner, LITERAL(" times: [ ")) || left(&inner) == 0 ||
	    inner.end[-1] != ']')
		return false;
	inner.end--;
	login->times = (unsigned int)n;
	*rest = inner;
	return true;
}

enum past_found
past_sshd_message(const char *text, size_t len, struct past_login *login,
    const char **ret_why)
{
	static const char closed[] =
	    "pam_unix(sshd:session): session closed for user ";
	struct rest rest = { text, text + len };

	/* Most lines end here. */
	if (len < sizeof("Failed x for") ||
	    (text[0] != 'A' && text[0] != 'F' && text[0] != 'p' &&
		text[0] != 'm'))
		return PAST_NOTHING;
	(void)take_repeated(&rest, login); /* mostly it is not */
	if (take(&rest, LITERAL("Accepted ")))
		return take_attempt(&rest, PAST_ACCEPTED, login, ret_why);
	if (take(&rest, LITERAL("Failed ")))
		return take_attempt(&rest, PAST_FAILED, login, ret_why);
	if (take(&rest, LITERAL("pam_farmgate(sshd:account): ")))
		return take_fail_open(&rest, login) ? PAST_LOGIN : PAST_NOTHING;
	if (!take(&rest, LITERAL(closed)))
		return PAST_NOTHING;
	if (!past_copy(login->user, sizeof(login->user), rest.at,
		left(&rest))) {
		*ret_why = "no user has such a name";
		return PAST_BAD;
	}
	login->event = PAST_ENDED;
	return PAST_LOGIN;
}

/* ---- one line ---------------------------------------------------------- */

bool
past_is_sshd(const char *name, size_t len)
{
	return (len == 4 && memcmp(name, "sshd", 4) == 0) ||
	    (len == 12 && memcmp(name, "sshd-session", 12) == 0) ||
	    (len == 9 && memcmp(name, "sshd-auth", 9) == 0);
}

/* "sshd[12]: ", or "sshd: " of a syslog that keeps no number. */
static bool
take_tag(struct rest *rest, struct past_login *login)
{
	const char *at = rest->at;
	uint64_t pid;

	while (at < rest->end && at - rest->at < 13 && *at != '[' && *at != ':')
		at++;
	if (!past_is_sshd(rest->at, (size_t)(at - rest->at)))
		return false;
	rest->at = at;
	if (take(rest, LITERAL(": ")))
		return true;
	if (!take(rest, LITERAL("[")) || !take_number(rest, INT32_MAX, &pid) ||
	    !take(rest, LITERAL("]: ")))
		return false;
	login->pid = (int64_t)pid;
	return true;
}

/* "auth.info ", as busybox has it behind the host's name. */
static void
skip_facility(struct rest *rest)
{
	const char *at = rest->at;
	bool dot = false;

	for (; at < rest->end && *at != ' '; at++) {
		if (*at == '.')
			dot = true;
		else if ((*at < 'a' || *at > 'z') && (*at < '0' || *at > '9'))
			return;
	}
	if (dot && at < rest->end)
		rest->at = at + 1;
}

/* What journalctl(1) says itself: "-- Boot 1234 --". */
static bool
is_note(const struct rest *rest)
{
	return left(rest) == 0 ||
	    (left(rest) > 2 && memcmp(rest->at, "-- ", 3) == 0);
}

/* "<38>", as it comes from afar. */
static void
skip_priority(struct rest *rest)
{
	struct rest inner = *rest;
	uint64_t n;

	if (take(&inner, LITERAL("<")) && take_number(&inner, 191, &n) &&
	    take(&inner, LITERAL(">")))
		*rest = inner;
}

void
past_sshd_pass(const char *text, size_t len, struct stamp *stamp)
{
	struct rest rest = { text, text + len };

	skip_priority(&rest);
	stamp_pass(stamp, rest.at, left(&rest));
}

bool
past_sshd_is_short(const char *text, size_t len)
{
	struct rest rest = { text, text + len };

	skip_priority(&rest);
	return stamp_is_short(rest.at, left(&rest));
}

enum past_found
past_sshd_line(const char *text, size_t len, struct stamp *stamp,
    struct past_login *login, const char **ret_why)
{
	struct rest rest = { text, text + len };
	const char *begin, *word;
	enum past_found found = PAST_NOTHING;
	size_t stamp_len, n;

	if (is_note(&rest))
		return PAST_NOTHING;
	skip_priority(&rest);
	begin = rest.at;
	stamp_pass(stamp, begin, left(&rest));
	stamp_len = stamp_length(begin, left(&rest));
	/* One that cannot be read is no reason to lose a login. */
	if (stamp_len == 0)
		(void)take_word(&rest, &word, &n);
	else
		rest.at += stamp_len + (left(&rest) > stamp_len ? 1 : 0);
	(void)take_word(&rest, &word, &n); /* the host */
	skip_facility(&rest);
	if (n > 0 && take_tag(&rest, login))
		found = past_sshd_message(rest.at, left(&rest), login, ret_why);
	if (found == PAST_LOGIN) {
		(void)past_copy(login->service, sizeof(login->service),
		    LITERAL("sshd"));
		if (stamp_len > 0 &&
		    !stamp_read(stamp, begin, stamp_len, &login->at_s))
			login->at_s = 0;
	} else if (found == PAST_NOTHING && stamp_len == 0) {
		*ret_why = "no time at its beginning";
		found = PAST_BAD;
	}
	return found;
}
