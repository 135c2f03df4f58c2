/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The facts of a supposed login. Unlike the daemon, farmgatectl asks the name
 * service for the user's groups itself, as the module would.
 */
#include "ctl/supposed.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/text.h"
#include "proto/result.h"

#define GROUP_NAMES_MAX (1024u * 1024u) /* bytes of getgrnam_r(3)'s strings */
#define GIDS_MAX	65536 /* of one user */

/* All gids of the user, which the caller frees. */
static int
user_gids(const struct passwd *pw, gid_t **ret_gids, int *ret_n)
{
	int room = 0, n = 64;
	gid_t *gids = NULL, *bigger;

	*ret_gids = NULL;
	do {
		room = n;
		bigger = reallocarray(gids, (size_t)room, sizeof(*gids));
		if (bigger == NULL)
			break;
		gids = bigger;
		if (getgrouplist(pw->pw_name, pw->pw_gid, gids, &n) >= 0) {
			*ret_gids = gids;
			*ret_n = n;
			return 0;
		}
	} while (n > room && n <= GIDS_MAX);
	free(gids);
	return FG_ERR_LIMIT;
}

/* Is the group's gid among them? A group that does not exist is empty. */
static int
has_group(const char *name, const gid_t *gids, int n, bool *ret_member)
{
	static char buf[GROUP_NAMES_MAX];
	struct group grp, *found = NULL;
	int e, i;

	*ret_member = false;
	e = getgrnam_r(name, &grp, buf, sizeof(buf), &found);
	if (e != 0 && e != ENOENT)
		return FG_ERR_SYSTEM;
	for (i = 0; e == 0 && found != NULL && i < n; i++)
		if (gids[i] == grp.gr_gid)
			*ret_member = true;
	return 0;
}

/* An error here is a fact too: the decision says what becomes of it. */
static void
look_up_groups(struct supposed *s, const struct passwd *pw,
    const struct conf *conf)
{
	struct facts *facts = &s->facts;
	const struct conf_strings *asked = &conf->groups;
	gid_t *gids;
	bool member;
	size_t i, n_names = 0;
	int n;

	facts->groups.state = FACT_ERROR;
	if (user_gids(pw, &gids, &n) != 0)
		return;
	for (i = 0; i < asked->n && i < FG_NEED_GROUPS_MAX; i++) {
		if (has_group(asked->v[i], gids, n, &member) != 0)
			goto out;
		if (member)
			s->names[n_names++] = asked->v[i];
	}
	facts->groups.state = FACT_KNOWN;
	facts->groups.names = s->names;
	facts->groups.count = n_names;
out:
	free(gids);
}

int
supposed_look_up(struct supposed *s, const struct conf *conf)
{
	struct fact_login *login = &s->facts.login;
	const struct passwd *pw;

	errno = 0;
	pw = getpwnam(login->user);
	login->uid = (uint32_t)-1;
	if (pw != NULL) {
		login->uid = (uint32_t)pw->pw_uid;
		look_up_groups(s, pw, conf);
		return 0;
	}
	if (errno == 0 || errno == ENOENT || errno == ESRCH) {
		s->facts.groups.state = FACT_UNKNOWN;
		return FG_ERR_NOT_FOUND;
	}
	s->facts.groups.state = FACT_ERROR;
	return FG_ERR_SYSTEM;
}

int
supposed_come_from(struct supposed *s, const struct conf *conf,
    const char *from)
{
	struct fact_login *login = &s->facts.login;
	enum service_kind kind = conf_service_kind(conf, login->service);
	bool here = strcmp(from, SUPPOSED_CONSOLE) == 0;
	bool nowhere = strcmp(from, SUPPOSED_LOCAL) == 0;
	struct addr addr;

	s->parent =
	    (struct gather_parent){ .origin = &s->inherited, .ref = "" };
	if (here || nowhere) {
		if (kind != SERVICE_NESTED &&
		    (nowhere || kind != SERVICE_CONSOLE))
			return FG_ERR_NOT_FOUND;
		/* sudo in a session on the console inherits that */
		if (here && kind == SERVICE_NESTED) {
			s->inherited.kind = ORIGIN_CONSOLE;
			s->inherited.source = ORIGIN_FROM_SERVICE;
		}
		return 0;
	}
	if (addr_parse(from, &addr) != 0)
		return FG_ERR_FORMAT;
	if (kind != SERVICE_NESTED)
		return text_copy(login->rhost, sizeof(login->rhost), from);
	s->inherited.kind = ORIGIN_ADDRESS;
	s->inherited.source = ORIGIN_FROM_RHOST;
	s->inherited.addr = addr;
	s->inherited.cls = addr_classify(&addr);
	return 0;
}
