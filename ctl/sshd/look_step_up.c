/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands in the way of step-up, a second factor that PAM asks for. This
 * version has none yet: so nothing here is an error.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/sshd/look_parts.h"
#include "policyd/text.h"

#define KBDINT	  "keyboard-interactive"
#define GOOD_LIST "publickey,keyboard-interactive:pam"
#define LIST_SIZE 256u

/* ---- AuthenticationMethods --------------------------------------------- */

/* The list at *next, which is moved on. False: there is none left. */
static bool
next_list(const char **next, char ret_list[LIST_SIZE])
{
	size_t len;

	*next += strspn(*next, " ");
	len = strcspn(*next, " ");
	(void)snprintf(ret_list, LIST_SIZE, "%.*s", (int)len, *next);
	*next += len;
	return len > 0;
}

/* The method's first place in a list, with or without ":device"; or NULL. */
static const char *
find_method(const char *list, const char *method)
{
	size_t len = strlen(method);

	for (; list != NULL; list = strchr(list, ',')) {
		list += *list == ',';
		if (strncmp(list, method, len) == 0 &&
		    strchr(",:", list[len]) != NULL)
			return list;
	}
	return NULL;
}

static bool
is_any(const struct look *look)
{
	const char *methods = look_at(look, "authenticationmethods");

	return *methods == '\0' || strcmp(methods, "any") == 0;
}

/* Whether one of the lists has the method. */
static bool
is_listed(const struct look *look, const char *method)
{
	const char *next = look_at(look, "authenticationmethods");
	char list[LIST_SIZE];

	while (next_list(&next, list))
		if (find_method(list, method) != NULL)
			return true;
	return false;
}

/* Some method that asks nobody is enough, where no list says otherwise. */
static bool
has_silent_method(const struct look *look)
{
	return look_on(look, "pubkeyauthentication") ||
	    look_on(look, "passwordauthentication") ||
	    look_on(look, "hostbasedauthentication") ||
	    look_on(look, "gssapiauthentication");
}

enum look_severity
look_keyboard_interactive(const struct look *look)
{
	/* Older ones have another name for it. */
	if (look_on(look, "kbdinteractiveauthentication") ||
	    look_on(look, "challengeresponseauthentication"))
		return LOOK_NONE;
	return look_say(look, LOOK_WARNING,
	    "KbdInteractiveAuthentication no: PAM cannot ask anybody anything; "
	    "step-up will need it; once there is step-up, write "
	    "KbdInteractiveAuthentication yes");
}

/* A password is asked for by keyboard-interactive itself. */
static enum look_severity
say_silent(const struct look *look, const char *list)
{
	bool has_password = find_method(list, "password") != NULL;

	return look_say(look, LOOK_WARNING,
	    "AuthenticationMethods %s: behind it PAM can ask nothing; step-up "
	    "will need keyboard-interactive there; once there is step-up, "
	    "write %s%s",
	    list, has_password ? GOOD_LIST : list,
	    has_password ? "" : ",keyboard-interactive:pam");
}

enum look_severity
look_methods(const struct look *look)
{
	const char *next = look_at(look, "authenticationmethods");
	char list[LIST_SIZE];

	if (is_any(look))
		return !has_silent_method(look) ?
		    LOOK_NONE :
		    look_say(look, LOOK_WARNING,
			"AuthenticationMethods any: one factor is enough, and "
			"PAM can ask nothing behind it; step-up will need "
			"keyboard-interactive there; once there is step-up, "
			"write AuthenticationMethods " GOOD_LIST);
	while (next_list(&next, list))
		if (find_method(list, KBDINT) == NULL)
			return say_silent(look, list);
	return LOOK_NONE;
}

enum look_severity
look_order(const struct look *look)
{
	const char *next = look_at(look, "authenticationmethods");
	const char *asked;
	char list[LIST_SIZE];

	while (next_list(&next, list)) {
		asked = find_method(list, KBDINT);
		if (asked != NULL && strchr(asked, ',') != NULL)
			return look_say(look, LOOK_WARNING,
			    "AuthenticationMethods %s: the gate decides with "
			    "keyboard-interactive, before the rest is proven, "
			    "and is told of no key; step-up will need it to be "
			    "the last; write " GOOD_LIST,
			    list);
	}
	return LOOK_NONE;
}

enum look_severity
look_password(const struct look *look)
{
	if (!look_on(look, "passwordauthentication") ||
	    (!is_any(look) && !is_listed(look, "password")))
		return LOOK_NONE;
	return look_say(look, LOOK_WARNING,
	    "PasswordAuthentication yes: with that method sshd answers every "
	    "hidden prompt of PAM with the password, and fails every visible "
	    "one; step-up will need keyboard-interactive in its place, which "
	    "asks for the password as well; once there is step-up, write "
	    "PasswordAuthentication no");
}

/* ---- other settings ---------------------------------------------------- */

enum look_severity
look_empty_passwords(const struct look *look)
{
	if (!look_on(look, "permitemptypasswords"))
		return LOOK_NONE;
	return look_say(look, LOOK_WARNING,
	    "PermitEmptyPasswords yes: each connection first tries PAM with "
	    "nothing as the answer to each prompt; step-up will count that as "
	    "a wrong answer; write PermitEmptyPasswords no");
}

enum look_severity
look_root(const struct look *look)
{
	const char *value = look_at(look, "permitrootlogin");

	if ((look->user != NULL && strcmp(look->user, "root") != 0) ||
	    strcmp(value, "yes") == 0 || strcmp(value, "no") == 0)
		return LOOK_NONE;
	if (strcmp(value, "without-password") == 0)
		value = "prohibit-password"; /* as people know it */
	return look_say(look, LOOK_WARNING,
	    "PermitRootLogin %s: root can never pass step-up with this "
	    "PermitRootLogin, as sshd gives PAM rubbish in place of root's "
	    "answers; once there is step-up, below Match User root write "
	    "PermitRootLogin yes with "
	    "AuthenticationMethods " GOOD_LIST ", or write PermitRootLogin no",
	    value);
}

enum look_severity
look_grace_time(const struct look *look)
{
	uint64_t grace, budget;

	if (effective_uint(look->settings, "logingracetime", &grace) != 0)
		return LOOK_NONE;
	if (grace == 0)
		return look_say(look, LOOK_NOTE,
		    "LoginGraceTime 0: step-up will have all the time there "
		    "is, and so will strangers who connect and say nothing, up "
		    "to MaxStartups; write LoginGraceTime 120");
	budget = grace > LOOK_FIRST_S ? grace - LOOK_FIRST_S : 0;
	if (budget >= LOOK_STEPUP_S)
		return LOOK_NONE;
	return look_say(look, LOOK_WARNING,
	    "LoginGraceTime %llu: step-up will have %llu seconds of it, and "
	    "sshd cuts off who needs more; people need %u; write "
	    "LoginGraceTime %u or more",
	    (unsigned long long)grace, (unsigned long long)budget,
	    LOOK_STEPUP_S, LOOK_STEPUP_S + LOOK_FIRST_S);
}

/* "10:30:100": the first, or the only one, is where refusing begins. */
enum look_severity
look_max_startups(const struct look *look)
{
	const char *value = look_at(look, "maxstartups");
	uint64_t start;
	char text[16];

	(void)snprintf(text, sizeof(text), "%.*s", (int)strcspn(value, ":"),
	    value);
	if (text_parse_uint(text, 0, INT32_MAX, &start) != 0 ||
	    start >= 3 * LOOK_PENDING)
		return LOOK_NONE;
	return look_say(look, LOOK_WARNING,
	    "MaxStartups %s: logins that wait for an answer count as not yet "
	    "authenticated, and from %s of them on sshd refuses others; "
	    "step-up "
	    "will need three times as many as wait at once, which is taken to "
	    "be %u; write MaxStartups %u:30:100",
	    value, text, LOOK_PENDING, 3 * LOOK_PENDING);
}
