/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * People in reports, by this host's names: who has done something, and whom it
 * was done for. The daemon knows numbers, and whatever name was typed.
 */
#include <pwd.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/warn.h"
#include "policyd/text.h"

#define NAME_SIZE 256u

const char *
ctl_name_of(int64_t uid, char *buf, size_t size)
{
	const struct passwd *pw = NULL;

	if (uid >= 0 && uid < UINT32_MAX)
		pw = getpwuid((uid_t)uid);
	if (pw == NULL)
		return NULL;
	return text_escape_utf8(buf, size, pw->pw_name, strlen(pw->pw_name));
}

static const char *
uid_text(int64_t uid, char buf[NAME_SIZE])
{
	if (ctl_name_of(uid, buf, NAME_SIZE) == NULL)
		(void)text_format(buf, NAME_SIZE, "uid %lld", (long long)uid);
	return buf;
}

static void
who_text(int64_t uid, int64_t login, char buf[CTL_TEXT_SIZE])
{
	char name[NAME_SIZE], as[NAME_SIZE];

	if (uid < 0 || uid >= UINT32_MAX)
		(void)text_copy(buf, CTL_TEXT_SIZE, "nobody knows whom");
	else if (login < 0 || login == uid)
		(void)text_copy(buf, CTL_TEXT_SIZE, uid_text(uid, name));
	else
		(void)text_format(buf, CTL_TEXT_SIZE, "%s as %s",
		    uid_text(login, name), uid_text(uid, as));
}

const char *
ctl_by_text(const struct json *report, char buf[CTL_TEXT_SIZE])
{
	who_text(json_get_int(report, "by_uid", -1),
	    json_get_int(report, "by_loginuid", -1), buf);
	return buf;
}

const char *
ctl_removed_text(const struct json *report, char buf[CTL_TEXT_SIZE])
{
	int64_t uid = json_get_int(report, "removed_by_uid", -1);
	char who[CTL_TEXT_SIZE];

	buf[0] = '\0';
	if (uid < 0)
		return buf;
	who_text(uid, json_get_int(report, "removed_by_loginuid", -1), who);
	(void)text_format(buf, CTL_TEXT_SIZE, ", removed by %s", who);
	return buf;
}

void
ctl_warn_no_account(const struct json *report, const char *user)
{
	if (!json_get_bool(report, "known", true) && warn_is_unknown(user))
		ctl_complain("warning: and this host has no account %s; is "
			     "that name right?",
		    user);
}
