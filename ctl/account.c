/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl person: who the user is on this machine, and in which groups, for
 * the daemon, which asks no name service.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/account.h"
#include "policyd/text.h"

#define GROUPS_MAX  65536
#define GROUPS_ROOM 12000u /* bytes of names that fit into a command */

/* False if the names of all of them cannot be had, or are too many. */
static bool
add_groups(struct json *list, const gid_t *gids, int n)
{
	const struct group *gr;
	size_t room = GROUPS_ROOM, len;
	int i;

	for (i = 0; i < n; i++) {
		errno = 0;
		if ((gr = getgrgid(gids[i])) == NULL) {
			if (errno == 0 || errno == ENOENT || errno == ESRCH)
				continue; /* a number without a name */
			return false;
		}
		len = strlen(gr->gr_name);
		if (len + 4 > room || !text_is_utf8(gr->gr_name, len))
			return false;
		room -= len + 4;
		json_add_string(list, gr->gr_name);
	}
	return true;
}

static bool
set_groups_of(struct json *command, const struct passwd *pw)
{
	int n = GROUPS_MAX;
	gid_t *gids;
	bool good;

	if ((gids = calloc(GROUPS_MAX, sizeof(*gids))) == NULL)
		return false;
	good = getgrouplist(pw->pw_name, pw->pw_gid, gids, &n) >= 0 &&
	    add_groups(json_set_array(command, "groups"), gids, n);
	free(gids);
	return good;
}

/* What could not be looked up is an error to the decision, as it is live. */
void
account_set(struct json *command, const char *user)
{
	const struct passwd *pw;

	errno = 0;
	if ((pw = getpwnam(user)) != NULL) {
		json_set_int(command, "uid", (int64_t)pw->pw_uid);
		if (set_groups_of(command, pw))
			return;
		ctl_complain("person: the groups of %s: cannot be looked up; "
			     "decided as an error",
		    user);
		json_set_bool(command, "groups_failed", true);
	} else if (errno == 0 || errno == ENOENT || errno == ESRCH) {
		ctl_complain("person: %s has no passwd entry here: decided as "
			     "if it had one and no groups; a live login is "
			     "refused as user_unknown",
		    user);
		(void)json_set_array(command, "groups");
	} else {
		ctl_complain("person: %s: %m", user);
	}
}
