/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands in the way of step-up, a proof that PAM asks for. Where the
 * configuration has no method of it that is only worth knowing: who changed
 * their sshd for it would lock out whoever has no password, and win nothing.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctl/sshd/look_parts.h"
#include "policyd/text.h"

#define KBDINT	  "keyboard-interactive"
#define GOOD_LIST "publickey,keyboard-interactive:pam"
#define LIST_SIZE 256u

static bool
has_step_up(const struct look *look)
{
	const struct conf *conf = look->world->conf;

	return look->world->has_step_up ||
	    (conf != NULL && conf_has_methods(conf));
}

/* What counts for step-up alone. */
static enum look_severity __attribute__((format(printf, 2, 3)))
say(const struct look *look, const char *fmt, ...)
{
	char text[LOOK_TEXT_SIZE];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (has_step_up(look))
		return look_say(look, LOOK_WARNING, "%s", text);
	return look_say(look, LOOK_NOTE,
	    "%s (this is for step-up, which farmgate.conf has no step_up for: "
	    "leave it as it is until then)",
	    text);
}

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
	return say(look,
	    "KbdInteractiveAuthentication no: PAM cannot ask anybody anything; "
	    "write KbdInteractiveAuthentication yes");
}

/* A password is asked for by keyboard-interactive itself. */
static enum look_severity
say_silent(const struct look *look, const char *list)
{
	bool has_password = find_method(list, "password") != NULL;

	return say(look,
	    "AuthenticationMethods %s: behind it PAM can ask nothing; write "
	    "%s%s",
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
		    say(look,
			"AuthenticationMethods any: one factor is enough, and "
			"PAM can ask nothing behind it; write "
			"AuthenticationMethods " GOOD_LIST);
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
			    "and is told of no key; write " GOOD_LIST,
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
	return say(look,
	    "PasswordAuthentication yes: with that method sshd answers every "
	    "hidden prompt of PAM with the password, and fails every visible "
	    "one; keyboard-interactive asks for the password as well; write "
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
	    "nothing as the answer to each prompt; another "
	    "module may count that as a wrong answer; write "
	    "PermitEmptyPasswords no");
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
	return say(look,
	    "PermitRootLogin %s: root can never pass step-up with this "
	    "PermitRootLogin, as sshd gives PAM rubbish in place of root's "
	    "answers; below Match User root write PermitRootLogin yes with "
	    "AuthenticationMethods " GOOD_LIST ", or write PermitRootLogin no",
	    value);
}

/* How long people are asked for, at most. */
static uint64_t
wanted_s(const struct look *look)
{
	const struct conf *conf = look->world->conf;

	return conf != NULL && conf_has_methods(conf) ?
	    (uint64_t)conf->step_up_s :
	    LOOK_STEPUP_S;
}

enum look_severity
look_grace_time(const struct look *look)
{
	uint64_t grace, budget, wanted = wanted_s(look);

	if (effective_uint(look->settings, "logingracetime", &grace) != 0)
		return LOOK_NONE;
	if (grace == 0)
		return look_say(look, LOOK_NOTE,
		    "LoginGraceTime 0: step-up has all the time there is, and "
		    "so have strangers who connect and say nothing, up to "
		    "MaxStartups; write LoginGraceTime 120");
	budget = grace > LOOK_FIRST_S ? grace - LOOK_FIRST_S : 0;
	if (budget >= wanted)
		return LOOK_NONE;
	return say(look,
	    "LoginGraceTime %llu: step-up has %llu seconds of it, and sshd "
	    "cuts off who needs more; people have %llu; write LoginGraceTime "
	    "%llu or more",
	    (unsigned long long)grace, (unsigned long long)budget,
	    (unsigned long long)wanted,
	    (unsigned long long)wanted + LOOK_FIRST_S);
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
	return say(look,
	    "MaxStartups %s: logins that wait for an answer count as not yet "
	    "authenticated, and from %s of them on sshd refuses others; give "
	    "it three times as many as wait at once, which is taken to be %u; "
	    "write MaxStartups %u:30:100",
	    value, text, LOOK_PENDING, 3 * LOOK_PENDING);
}
