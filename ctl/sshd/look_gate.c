/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether sshd asks the gate at all, and what it can tell it or others of who
 * logs in and from where.
 */
#include <fnmatch.h>
#include <string.h>

#include "ctl/sshd/look_parts.h"

enum look_severity
look_use_pam(const struct look *look)
{
	if (effective_get(look->settings, "usepam", 0) == NULL)
		return look_say(look, LOOK_ERROR,
		    "no UsePAM: this sshd was built without PAM, and never "
		    "asks the gate; install one that was built with it");
	if (!look_on(look, "usepam"))
		return look_say(look, LOOK_ERROR,
		    "UsePAM no: sshd does not ask PAM, and so never asks the "
		    "gate; write UsePAM yes");
	return LOOK_NONE;
}

enum look_severity
look_pam_service(const struct look *look)
{
	const char *service = look->world->service;

	switch (look->world->pam) {
	case LOOK_PAM_UNKNOWN:
	case LOOK_PAM_GATE:
		break;
	case LOOK_PAM_NO_GATE:
		return look_say(look, LOOK_ERROR,
		    "no gate in /etc/pam.d/%s: it has no account line of "
		    "pam_farmgate, so that a login is not decided; run "
		    "farmgatectl enable --observe %s",
		    service, service);
	case LOOK_PAM_NO_FILE:
		return look_say(look, LOOK_ERROR,
		    "no /etc/pam.d/%s: sshd asks the PAM service of that name, "
		    "and without a file it gets that of \"other\"; make one "
		    "with the gate in it, as in pam_farmgate(8)",
		    service);
	}
	return LOOK_NONE;
}

enum look_severity
look_use_dns(const struct look *look)
{
	if (!look_on(look, "usedns"))
		return LOOK_NONE;
	return look_say(look, LOOK_WARNING,
	    "UseDNS yes: PAM_RHOST is a name that the owner of the address has "
	    "chosen; the gate goes by the address, but pam_access, host rules "
	    "and Match Host go by the name; write UseDNS no");
}

enum look_severity
look_max_sessions(const struct look *look)
{
	uint64_t n;

	if (effective_uint(look->settings, "maxsessions", &n) != 0 || n <= 1)
		return LOOK_NONE;
	return look_say(look, LOOK_NOTE,
	    "MaxSessions %s: so many sessions can share a connection, as a "
	    "client's ControlMaster does, and the gate is asked once for all "
	    "of them; where each is to be decided, write MaxSessions 1",
	    look_at(look, "maxsessions"));
}

enum look_severity
look_gssapi(const struct look *look)
{
	if (!look_on(look, "gssapiauthentication"))
		return LOOK_NONE;
	return look_say(look, LOOK_NOTE,
	    "GSSAPIAuthentication yes: such a login has no key, and so nothing "
	    "that tells people behind a shared account apart; write "
	    "GSSAPIAuthentication no if nobody needs it");
}

enum look_severity
look_hostbased(const struct look *look)
{
	if (!look_on(look, "hostbasedauthentication"))
		return LOOK_NONE;
	return look_say(look, LOOK_NOTE,
	    "HostbasedAuthentication yes: such a login shows the key of a host "
	    "and none of a person, and whoever is root there is anybody here; "
	    "write HostbasedAuthentication no if nobody needs it");
}

/* Whether a list, parted by commas, has a pattern that this name matches. */
static bool
matches(const char *list, const char *name)
{
	char pattern[256];
	size_t len;

	for (; *list != '\0'; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		if (len >= sizeof(pattern))
			continue;
		memcpy(pattern, list, len);
		pattern[len] = '\0';
		if (fnmatch(pattern, name, FNM_NOESCAPE) == 0)
			return true;
	}
	return false;
}

enum look_severity
look_user_environment(const struct look *look)
{
	const char *value = look_at(look, "permituserenvironment");

	if (*value == '\0' || strcmp(value, "no") == 0)
		return LOOK_NONE;
	return look_say(look, LOOK_NOTE,
	    "PermitUserEnvironment %s: users put variables into their sessions "
	    "themselves, which with LD_PRELOAD undoes a ForceCommand; the gate "
	    "reads none of them; write PermitUserEnvironment no",
	    value);
}

enum look_severity
look_accept_env(const struct look *look)
{
	const char *value;

	for (size_t i = 0;
	     (value = effective_get(look->settings, "acceptenv", i)) != NULL;
	     i++)
		if (matches(value, "SSH_CONNECTION"))
			return look_say(look, LOOK_NOTE,
			    "AcceptEnv %s: clients send variables that look "
			    "like sshd's own; SSH_CONNECTION, by which the "
			    "gate goes, is sshd's all the same; name the few "
			    "that are needed",
			    value);
	return LOOK_NONE;
}

enum look_severity
look_auth_info(const struct look *look)
{
	if (!look_on(look, "exposeauthinfo"))
		return LOOK_NONE;
	return look_say(look, LOOK_NOTE,
	    "ExposeAuthInfo yes: the gate has no use for it, as sshd tells PAM "
	    "the key in any case; if it was set for the gate, leave it out");
}
