/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong with the file of break-glass, told before it is needed.
 */
#include "ctl/breakglass.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/warn.h"
#include "policyd/text.h"
#include "proto/glass.h"
#include "proto/result.h"

struct findings {
	const char *path;
	unsigned int line;
	struct conf_errors errors;
	struct conf_errors warnings;
};

static bool
is_remote(const struct conf *conf, const char *service)
{
	return strcmp(service, "*") == 0 ||
	    conf_service_kind(conf, service) == SERVICE_REMOTE;
}

static void
warn_entry(const struct conf *conf, const struct fg_glass_entry *e,
    struct findings *f)
{
	if (warn_is_unknown(e->user))
		conf_errors_add(&f->warnings, f->path, f->line,
		    "warning: there is no user \"%s\" here: this line is for "
		    "nobody",
		    e->user);
	if (!is_remote(conf, e->service))
		return;
	if (e->from == FG_GLASS_ANY ||
	    (e->from == FG_GLASS_ADDRESS && e->bits % 96 == 0))
		conf_errors_add(&f->warnings, f->path, f->line,
		    "warning: this lets %s in from every network while the "
		    "gate fails; name the networks that administrators come "
		    "from",
		    e->user);
	if (e->from == FG_GLASS_CONSOLE)
		conf_errors_add(&f->warnings, f->path, f->line,
		    "warning: a remote service that tells no address counts "
		    "as the console; name a service of the console, as login");
}

/* Returns 0, or why the file could not be read. */
static int
read_entries(const struct conf *conf, struct fg_glass *glass,
    struct findings *f)
{
	struct fg_glass_entry entry;
	int r;

	while ((r = fg_glass_next(glass, &entry)) == 0 || r == FG_ERR_FORMAT) {
		f->line = glass->line;
		if (r == 0)
			warn_entry(conf, &entry, f);
		else
			conf_errors_add(&f->errors, f->path, f->line,
			    "%s; this line lets nobody in", glass->why);
	}
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

static void
tell_unreadable(const struct fg_glass *glass, int r, struct findings *f)
{
	if (r == FG_ERR_SYSTEM && errno == EACCES)
		ctl_complain("check: not tested who is let in by %s; use sudo",
		    f->path);
	else
		conf_errors_add(&f->errors, f->path, 0, "%s; it lets nobody in",
		    r != FG_ERR_SYSTEM && glass->why != NULL ? glass->why :
							       text_error(r));
}

static int
check_file(const struct conf *conf, struct findings *f)
{
	struct fg_glass glass;
	int r;

	if ((r = fg_glass_open(&glass, f->path)) == 0)
		r = read_entries(conf, &glass, f);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		tell_unreadable(&glass, r, f);
	fg_glass_close(&glass);
	conf_errors_print(&f->errors, stderr);
	conf_errors_print(&f->warnings, stderr);
	return f->errors.count == 0 ? CTL_OK : CTL_NO;
}

int
breakglass_check(const struct conf *conf)
{
	const char *name = strrchr(FG_GLASS_FILE, '/');
	char *folder, *slash, path[4096 + 16];
	struct findings f = { .path = path };
	int r = CTL_OK;

	if ((folder = realpath(conf->path, NULL)) == NULL)
		return CTL_OK; /* it was there just now */
	if ((slash = strrchr(folder, '/')) != NULL)
		*slash = '\0';
	if (text_format(path, sizeof(path), "%s%s", folder, name) == 0)
		r = check_file(conf, &f);
	conf_errors_done(&f.errors);
	conf_errors_done(&f.warnings);
	free(folder);
	return r;
}
