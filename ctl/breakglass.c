/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong with the file of break-glass, told before it is needed.
 */
#include "ctl/breakglass.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/pam/stack.h"
#include "ctl/warn.h"
#include "policyd/text.h"
#include "proto/glass.h"
#include "proto/result.h"

/* Who gets in, and whether they can become root then. */
struct entrant {
	struct entrant *next;
	char name[FG_USER_MAX + 1];
	unsigned int line; /* by which they get in, or 0 */
	bool mends;
};

struct findings {
	const char *path;
	unsigned int line;
	struct entrant *entrants;
	struct conf_errors errors;
	struct conf_errors warnings;
};

static bool
is_remote(const struct conf *conf, const char *service)
{
	return strcmp(service, "*") == 0 ||
	    conf_service_kind(conf, service) == SERVICE_REMOTE;
}

/* By which somebody who is logged in becomes another user. */
static bool
is_nested(const struct conf *conf, const char *service)
{
	return conf_service_kind(conf, service) == SERVICE_NESTED &&
	    !conf_service_is_locker(service);
}

static bool
is_root(const char *user)
{
	const struct passwd *pw = getpwnam(user);

	return pw != NULL && pw->pw_uid == 0;
}

/* The one of that name, added if need be; NULL for want of memory. */
static struct entrant *
entrant_named(struct findings *f, const char *name)
{
	struct entrant **p;

	for (p = &f->entrants; *p != NULL; p = &(*p)->next)
		if (strcmp((*p)->name, name) == 0)
			return *p;
	if ((*p = calloc(1, sizeof(**p))) != NULL)
		(void)text_format((*p)->name, sizeof((*p)->name), "%s", name);
	return *p;
}

/* By which people come in; what no list names counts as remote. */
static bool
is_entrance(const struct conf *conf, const char *service)
{
	enum service_kind kind = conf_service_kind(conf, service);

	return kind != SERVICE_NESTED && kind != SERVICE_EXEMPT;
}

static void
note_entrant(const struct conf *conf, const struct fg_glass_entry *e,
    struct findings *f)
{
	bool every = strcmp(e->service, "*") == 0;
	bool local = e->from == FG_GLASS_LOCAL || e->from == FG_GLASS_ANY;
	struct entrant *p = entrant_named(f, e->user);

	if (p == NULL)
		return;
	if ((every || is_nested(conf, e->service)) && local)
		p->mends = true;
	if (is_entrance(conf, e->service) && e->from != FG_GLASS_LOCAL &&
	    p->line == 0)
		p->line = f->line;
}

/* Whoever gets in and stays who they are. */
static void
warn_entrants(struct findings *f)
{
	const struct entrant *p;

	for (p = f->entrants; p != NULL; p = p->next)
		if (p->line != 0 && !p->mends && !is_root(p->name) &&
		    !warn_is_unknown(p->name))
			conf_errors_add(&f->warnings, f->path, p->line,
			    "warning: this lets %s in, who may not use sudo "
			    "then; add: %s sudo local, and: %s sudo-i local",
			    p->name, p->name, p->name);
}

static void
free_entrants(struct findings *f)
{
	struct entrant *p;

	while ((p = f->entrants) != NULL) {
		f->entrants = p->next;
		free(p);
	}
}

static bool
has_stack(const char *service)
{
	static const char *const folders[] = { STACK_CONFDIR, STACK_VENDORDIR };
	char path[sizeof(STACK_VENDORDIR) + 1 + FG_SERVICE_MAX];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (text_format(path, sizeof(path), "%s/%s", folders[i],
			service) != 0 ||
		    access(path, F_OK) == 0 || errno != ENOENT)
			return true;
	return false;
}

/* An entry whose service and origin never meet. */
static void
warn_never(const struct conf *conf, const struct fg_glass_entry *e,
    struct findings *f)
{
	enum service_kind kind = conf_service_kind(conf, e->service);

	if (strcmp(e->service, "*") == 0)
		return;
	if (!has_stack(e->service))
		conf_errors_add(&f->warnings, f->path, f->line,
		    "warning: there is no %s/%s here: this line is of no "
		    "service; name a file of that folder",
		    STACK_CONFDIR, e->service);
	if (is_nested(conf, e->service) &&
	    (e->from == FG_GLASS_ADDRESS || e->from == FG_GLASS_CONSOLE))
		conf_errors_add(&f->warnings, f->path, f->line,
		    "warning: whoever asks by %s is logged in already, so this "
		    "line never counts; write: %s %s local",
		    e->service, e->user, e->service);
	if (e->from == FG_GLASS_LOCAL &&
	    (kind == SERVICE_CONSOLE || kind == SERVICE_REMOTE))
		conf_errors_add(&f->warnings, f->path, f->line,
		    "warning: nobody is logged in yet who comes by %s, so this "
		    "line never counts; write %s in place of local",
		    e->service,
		    kind == SERVICE_CONSOLE ? "console" : "an address");
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
	warn_never(conf, e, f);
	note_entrant(conf, e, f);
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
	warn_entrants(f);
	free_entrants(f);
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
