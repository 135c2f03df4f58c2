/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Break-glass. The file is read to its end before anything is granted, so
 * that one which cannot be read whole grants nothing, and each of its
 * mistakes is told while somebody looks.
 */
#include "pam_module/breakglass.h"

#include <string.h>
#include <syslog.h>

#include <security/pam_ext.h>

#include "proto/glass.h"
#include "proto/result.h"

#define BREAKGLASS_COMPLAINTS 8u /* lines that one login tells of */

static void
complain_line(pam_handle_t *pamh, const struct args *args,
    const struct fg_glass *glass, unsigned int count)
{
	if (count < BREAKGLASS_COMPLAINTS)
		pam_syslog(pamh, LOG_ERR, "%s:%u: %s; this line lets nobody in",
		    args->breakglass, glass->line, glass->why);
	else if (count == BREAKGLASS_COMPLAINTS)
		pam_syslog(pamh, LOG_ERR,
		    "%s: more lines are wrong: run farmgatectl check",
		    args->breakglass);
}

static void
complain_file(pam_handle_t *pamh, const struct args *args,
    const struct fg_glass *glass, int r)
{
	const char *why = glass->why;

	if (r == FG_ERR_SYSTEM)
		pam_syslog(pamh, LOG_ERR, "%s: %m; it lets nobody in",
		    args->breakglass);
	else
		pam_syslog(pamh, LOG_ERR, "%s: %s; it lets nobody in",
		    args->breakglass, why != NULL ? why : fg_strerror(r));
}

/* The first entry that holds. Returns 0 at the end of the file. */
static int
search(pam_handle_t *pamh, const struct args *args, struct fg_glass *glass,
    const struct fg_glass_login *login, struct breakglass *use)
{
	struct fg_glass_entry entry;
	unsigned int wrong = 0;
	int r;

	while ((r = fg_glass_next(glass, &entry)) == 0 || r == FG_ERR_FORMAT) {
		if (r == FG_ERR_FORMAT) {
			complain_line(pamh, args, glass, wrong++);
		} else if (use->line == 0 && fg_glass_holds(&entry, login)) {
			use->line = glass->line;
		}
	}
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

/* A name that was cut is somebody else's, and an address elsewhere. */
static bool
is_known(const struct items *items)
{
	return (items->login.flags & (FG_LOGIN_CUT | FG_LOGIN_INVALID_USER)) ==
	    0 &&
	    items->user[0] != '\0';
}

void
breakglass_find(pam_handle_t *pamh, const struct args *args,
    const struct items *items, struct breakglass *ret_use)
{
	struct breakglass found = { .path = args->breakglass,
		.socket = args->socket };
	struct fg_glass_login login;
	struct fg_glass glass;
	int r;

	memset(ret_use, 0, sizeof(*ret_use));
	if (!is_known(items))
		return;
	fg_glass_who(&items->login, &login);
	if ((r = fg_glass_open(&glass, args->breakglass)) == 0)
		r = search(pamh, args, &glass, &login, &found);
	fg_glass_close(&glass);
	if (r == 0)
		*ret_use = found;
	else if (r != FG_ERR_NOT_FOUND)
		complain_file(pamh, args, &glass, r);
}
