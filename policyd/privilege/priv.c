/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The drop of privilege and its proof. This is the only file that knows
 * libcap. Nothing here is undone later, and nothing here is optional: a
 * process that cannot become exactly what it should be does not go on.
 */
#include "policyd/privilege/priv.h"

#include <sys/capability.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>

#include <errno.h>
#include <grp.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "policyd/log.h"
#include "proto/result.h"

/*
 * Uid 0 means nothing to capabilities from here on, not even across an exec
 * of a set-user-ID program, and no ambient capability can be raised. Keeping
 * capabilities over the change of uid is undone afterwards.
 */
#define PRIV_SECUREBITS                                                       \
	(SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | \
	    SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

/* What getpwnam(3) and getgrnam(3) say when there is simply no entry. */
static int
lookup_error(void)
{
	switch (errno) {
	case 0:
	case ENOENT:
	case ESRCH:
	case EBADF:
	case EPERM:
		return FG_ERR_NOT_FOUND;
	default:
		return FG_ERR_SYSTEM;
	}
}

int
priv_lookup_user(const char *user, struct priv_ids *ret_ids)
{
	struct passwd *pw;

	*ret_ids = (struct priv_ids){ (uid_t)-1, (gid_t)-1 };
	errno = 0;
	if ((pw = getpwnam(user)) == NULL)
		return lookup_error();
	if (pw->pw_uid == 0 || pw->pw_gid == 0 || pw->pw_uid == (uid_t)-1 ||
	    pw->pw_gid == (gid_t)-1)
		return FG_ERR_UNSAFE;
	ret_ids->uid = pw->pw_uid;
	ret_ids->gid = pw->pw_gid;
	return 0;
}

int
priv_lookup_group(const char *group, gid_t *ret_gid)
{
	struct group *gr;

	*ret_gid = (gid_t)-1;
	errno = 0;
	if ((gr = getgrnam(group)) == NULL)
		return lookup_error();
	if (gr->gr_gid == 0 || gr->gr_gid == (gid_t)-1)
		return FG_ERR_UNSAFE;
	*ret_gid = gr->gr_gid;
	return 0;
}

static bool
is_set(cap_t set, cap_value_t cap, cap_flag_t flag)
{
	cap_flag_value_t on = CAP_CLEAR;

	return cap_get_flag(set, cap, flag, &on) == 0 && on == CAP_SET;
}

static bool
is_wanted(cap_t want, cap_value_t cap)
{
	return is_set(want, cap, CAP_PERMITTED);
}

/* Effective is what is permitted, and nothing is inherited. */
static bool
is_plain(cap_t want)
{
	cap_value_t cap;

	for (cap = 0; cap < cap_max_bits(); cap++)
		if (is_set(want, cap, CAP_EFFECTIVE) != is_wanted(want, cap) ||
		    is_set(want, cap, CAP_INHERITABLE))
			return false;
	return true;
}

/* The set that caps spells; NULL with errno set. The caller frees. */
static cap_t
wanted_caps(const char *caps)
{
	cap_t want;

	want = *caps == '\0' ? cap_init() : cap_from_text(caps);
	if (want != NULL && !is_plain(want)) {
		(void)cap_free(want); /* fails for foreign pointers only */
		want = NULL;
		errno = EINVAL;
	}
	return want;
}

/* ---- The drop ---------------------------------------------------------- */

/* Needs CAP_SETPCAP in effect, hence before the change of uid. */
static void
drop_bounding(cap_t want)
{
	cap_value_t cap;

	for (cap = 0; cap_get_bound(cap) >= 0; cap++) {
		if (is_wanted(want, cap))
			continue;
		if (cap_get_bound(cap) == 1 && cap_drop_bound(cap) != 0)
			fatal("priv: drop capability %d from the bounding set:"
			      " %s (the start needs cap_setpcap)",
			    cap, strerror(errno));
	}
}

static void
set_securebits(void)
{
	unsigned long bits = PRIV_SECUREBITS | SECBIT_KEEP_CAPS;

	if (prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) != 0)
		fatal("priv: set securebits: %s (the start needs cap_setpcap)",
		    strerror(errno));
}

static void
change_ids(const struct priv_ids *ids)
{
	if (setgroups(0, NULL) != 0)
		fatal("priv: clear the supplementary groups: %s",
		    strerror(errno));
	if (setresgid(ids->gid, ids->gid, ids->gid) != 0)
		fatal("priv: become gid %u: %s", (unsigned int)ids->gid,
		    strerror(errno));
	if (setresuid(ids->uid, ids->uid, ids->uid) != 0)
		fatal("priv: become uid %u: %s", (unsigned int)ids->uid,
		    strerror(errno));
}

static void
keep_exactly(cap_t want, const char *caps)
{
	if (cap_set_proc(want) != 0)
		fatal("priv: keep the capabilities \"%s\": %s (the service"
		      " must be started with them)",
		    caps, strerror(errno));
	if (cap_reset_ambient() != 0)
		fatal("priv: clear the ambient set: %s", strerror(errno));
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) != 0)
		fatal("priv: clear keepcaps: %s", strerror(errno));
}

/* A change of credentials makes the process dumpable again: hence last. */
static void
close_doors(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		fatal("priv: set no_new_privs: %s", strerror(errno));
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		fatal("priv: clear dumpable: %s", strerror(errno));
}

void
priv_drop(const struct priv_ids *ids, const char *caps)
{
	const char *why;
	cap_t want;

	if (geteuid() != 0)
		fatal("priv: not started as root");
	if (ids->uid == 0 || ids->gid == 0 || ids->uid == (uid_t)-1 ||
	    ids->gid == (gid_t)-1)
		fatal("priv: uid %u gid %u is no one to become",
		    (unsigned int)ids->uid, (unsigned int)ids->gid);
	if ((want = wanted_caps(caps)) == NULL)
		fatal("priv: capabilities \"%s\": %s", caps, strerror(errno));

	drop_bounding(want);
	set_securebits();
	change_ids(ids);
	keep_exactly(want, caps);
	close_doors();
	(void)cap_free(want); /* fails for foreign pointers only */

	if (priv_verify(ids, caps, &why) != 0)
		fatal("priv: the drop of privilege is not complete: %s", why);
}

/* ---- The proof --------------------------------------------------------- */

static const char *
verify_ids(const struct priv_ids *ids)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;

	if (getresuid(&ruid, &euid, &suid) != 0 || ruid != ids->uid ||
	    euid != ids->uid || suid != ids->uid)
		return "a user id is another one";
	if (getresgid(&rgid, &egid, &sgid) != 0 || rgid != ids->gid ||
	    egid != ids->gid || sgid != ids->gid)
		return "a group id is another one";
	/* An impossible id changes nothing and tells the present one. */
	if ((uid_t)setfsuid((uid_t)-1) != ids->uid ||
	    (gid_t)setfsgid((gid_t)-1) != ids->gid)
		return "a file system id is another one";
	if (getgroups(0, NULL) != 0)
		return "supplementary groups are left";
	return NULL;
}

static const char *
verify_cap_sets(cap_t want)
{
	cap_value_t cap;
	cap_t have;
	int differ;

	if ((have = cap_get_proc()) == NULL)
		return "the capabilities cannot be read";
	differ = cap_compare(have, want);
	(void)cap_free(have);
	if (differ != 0)
		return "the permitted, effective or inheritable set is not"
		       " the one asked for";
	for (cap = 0; cap_get_bound(cap) >= 0; cap++) {
		if ((cap_get_bound(cap) == 1) != is_wanted(want, cap))
			return "the bounding set is not the one asked for";
		if (cap_get_ambient(cap) != 0)
			return "an ambient capability is set";
	}
	return cap == 0 ? "the bounding set cannot be read" : NULL;
}

static const char *
verify_doors(void)
{
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return "no_new_privs is not set";
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return "the process is dumpable";
	if (prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != PRIV_SECUREBITS)
		return "the securebits are not the ones asked for";
	return NULL;
}

static const char *
regain_cap(cap_t want, cap_value_t cap)
{
	const char *why = NULL;
	cap_t more;

	if (is_wanted(want, cap))
		return NULL;
	if ((more = cap_dup(want)) == NULL ||
	    cap_set_flag(more, CAP_PERMITTED, 1, &cap, CAP_SET) != 0)
		why = "raising a capability could not be tried";
	else if (cap_set_proc(more) == 0)
		why = "a capability could be raised again";
	(void)cap_free(more);
	return why;
}

/* What succeeds here should have failed; the caller ends the process. */
static const char *
try_regain(cap_t want)
{
	const char *why;
	gid_t root = 0;

	if (setresuid(0, 0, 0) == 0 || setuid(0) == 0 || seteuid(0) == 0 ||
	    setresuid((uid_t)-1, (uid_t)-1, 0) == 0)
		return "uid 0 could be regained";
	if (setresgid(0, 0, 0) == 0 || setgid(0) == 0 || setegid(0) == 0)
		return "gid 0 could be regained";
	if (setgroups(1, &root) == 0)
		return "group 0 could be joined";
	if ((why = regain_cap(want, CAP_SETUID)) != NULL ||
	    (why = regain_cap(want, CAP_SYS_ADMIN)) != NULL)
		return why;
	return NULL;
}

int
priv_verify(const struct priv_ids *ids, const char *caps, const char **ret_why)
{
	const char *why;
	cap_t want;

	*ret_why = NULL;
	if ((want = wanted_caps(caps)) == NULL) {
		*ret_why = "the capabilities asked for cannot be parsed as a "
			   "plain set";
		return FG_ERR_UNSAFE;
	}
	if ((why = verify_ids(ids)) == NULL &&
	    (why = verify_cap_sets(want)) == NULL &&
	    (why = verify_doors()) == NULL)
		why = try_regain(want);
	(void)cap_free(want);
	if (why == NULL)
		return 0;
	*ret_why = why;
	return FG_ERR_UNSAFE;
}
