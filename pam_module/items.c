/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libpam knows about the login. Each string was chosen by somebody on
 * the other side of a network or a keyboard, except the user's canonical name.
 * The process environment is never looked at: it is the caller's.
 */
#include "pam_module/items.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pam_module/text.h"
#include "proto/result.h"

#define ITEMS_PASSWD_BUFFER	1024u
#define ITEMS_PASSWD_BUFFER_MAX (256u * 1024u)

static void
items_init(struct items *items, const struct args *args, enum fg_phase phase)
{
	memset(items, 0, sizeof(*items));
	items->gid = (gid_t)-1;
	items->login.phase = (uint8_t)phase;
	items->login.flags = FG_LOGIN_INVALID_USER;
	if (args->observe)
		items->login.flags |= FG_LOGIN_OBSERVE;
	if (args->nogroups)
		items->login.flags |= FG_LOGIN_NOGROUPS;
	if (args->delegated && phase == FG_PHASE_AUTH)
		items->login.flags |= FG_LOGIN_DELEGATED;
	items->login.pid = (uint32_t)getpid();
	items->login.uid = (uint32_t)-1;
	items->login.service = items->service;
	items->login.user = items->user;
	items->login.ruser = items->ruser;
	items->login.tty = items->tty;
	items->login.rhost = items->rhost;
	items->login.ssh_connection = items->ssh_connection;
	items->login.ssh_auth = "";
	items->login.ref = items->ref;
}

/* Copy s, or nothing if it is NULL, and say so if it had to be cut. */
static void
items_copy(struct items *items, char *dst, size_t size, const char *s)
{
	size_t len;

	if (s == NULL)
		return;
	if ((len = strlen(s)) >= size) {
		len = size - 1;
		items->login.flags |= FG_LOGIN_CUT;
	}
	memcpy(dst, s, len);
	dst[len] = '\0';
}

/* What sshd says of the keys: long, and read by nobody here. */
static void
items_borrow_auth(pam_handle_t *pamh, struct items *items)
{
	const char *s = pam_getenv(pamh, "SSH_AUTH_INFO_0");

	if (s == NULL)
		return;
	if (strlen(s) > FG_SSH_AUTH_MAX)
		items->login.flags |= FG_LOGIN_AUTH_CUT;
	else
		items->login.ssh_auth = s;
}

static int
items_get(pam_handle_t *pamh, int item, const char **ret_s)
{
	const void *p = NULL;
	int r;

	*ret_s = NULL;
	switch (pam_get_item(pamh, item, &p)) {
	case PAM_SUCCESS:
		*ret_s = p;
		r = 0;
		break;
	case PAM_BUF_ERR:
		r = FG_ERR_NOMEM;
		break;
	default: /* PAM's numbers, not an enum */
		errno = EINVAL;
		r = FG_ERR_SYSTEM;
		break;
	}
	return r;
}

/* Which errors mean "could not look" and not "is not there". */
static int
lookup_error(int error)
{
	switch (error) {
	case ENOMEM:
		return FG_ERR_NOMEM;
	case EAGAIN:
	case EINTR:
	case EIO:
	case EMFILE:
	case ENFILE:
	case ERANGE:
	case ETIMEDOUT:
		return FG_ERR_SYSTEM;
	default:
		return 0;
	}
}

static void
items_found(struct items *items, const struct passwd *pw)
{
	if (pw->pw_name[0] == '\0' || strlen(pw->pw_name) > FG_USER_MAX)
		return;
	items_copy(items, items->user, sizeof(items->user), pw->pw_name);
	items->login.uid = (uint32_t)pw->pw_uid;
	items->gid = pw->pw_gid;
	items->login.flags &= ~FG_LOGIN_INVALID_USER;
}

/*
 * libpam's own pam_modutil_getpwnam does not tell an error from an absence,
 * and keeps every entry until the handle's end.
 */
static int
items_lookup(struct items *items, const char *name)
{
	struct passwd pw, *found = NULL;
	char *buf = NULL, *bigger;
	size_t size = ITEMS_PASSWD_BUFFER / 2;
	int error;

	do {
		size *= 2;
		if ((bigger = realloc(buf, size)) == NULL) {
			free(buf);
			return FG_ERR_NOMEM;
		}
		buf = bigger;
		error = getpwnam_r(name, &pw, buf, size, &found);
	} while (error == ERANGE && size < ITEMS_PASSWD_BUFFER_MAX);
	if (error == 0 && found != NULL)
		items_found(items, found);
	free(buf);
	errno = error;
	return lookup_error(error);
}

/*
 * The canonical name, from the passwd entry, or none at all. What was typed
 * goes nowhere unless it is a user: it may be a password.
 */
static int
items_user(pam_handle_t *pamh, struct items *items)
{
	const char *name;
	int r;

	if ((r = items_get(pamh, PAM_USER, &name)) != 0)
		return r;
	if (name == NULL || name[0] == '\0' || strlen(name) > FG_USER_MAX)
		return 0;
	return items_lookup(items, name);
}

int
items_collect(pam_handle_t *pamh, const struct args *args, enum fg_phase phase,
    struct items *ret_items)
{
	struct items *it = ret_items;
	const char *service, *ruser, *tty, *rhost, *ref;
	int r;

	items_init(it, args, phase);
	if ((r = items_get(pamh, PAM_SERVICE, &service)) != 0 ||
	    (r = items_get(pamh, PAM_RUSER, &ruser)) != 0 ||
	    (r = items_get(pamh, PAM_TTY, &tty)) != 0 ||
	    (r = items_get(pamh, PAM_RHOST, &rhost)) != 0)
		return r;
	items_copy(it, it->service, sizeof(it->service), service);
	items_copy(it, it->ruser, sizeof(it->ruser), ruser);
	items_copy(it, it->tty, sizeof(it->tty), tty);
	items_copy(it, it->rhost, sizeof(it->rhost), rhost);
	items_copy(it, it->ssh_connection, sizeof(it->ssh_connection),
	    pam_getenv(pamh, "SSH_CONNECTION"));
	items_borrow_auth(pamh, it);
	/* Other modules write this environment too: only the form is ours. */
	ref = pam_getenv(pamh, "FARMGATE_REF");
	if (ref != NULL && text_is_ref(ref))
		items_copy(it, it->ref, sizeof(it->ref), ref);
	return items_user(pamh, it);
}
