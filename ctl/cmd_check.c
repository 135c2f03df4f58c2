/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl check: is a configuration right, and could the daemon read it
 * again after it has given its privilege up? Works without a daemon.
 */
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/breakglass.h"
#include "ctl/child.h"
#include "ctl/ctl.h"
#include "ctl/hooks.h"
#include "ctl/logrotate.h"
#include "ctl/warn.h"
#include "policyd/conf.h"
#include "policyd/geo/copy.h"
#include "policyd/geo/geo.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/ruleset.h"
#include "proto/result.h"

/* What the daemon's user could not read. */
struct unread {
	const char *user;
	struct conf_errors errors;
};

static void
try_file(struct unread *unread, const char *path, size_t max, int any_owner)
{
	const char *why;
	size_t size;
	int fd, r;

	r = safeopen(path, max, any_owner, &fd, &size, &why);
	if (r == 0) {
		(void)close(fd);
		return;
	}
	if (r == FG_ERR_SYSTEM)
		conf_errors_add(&unread->errors, path, 0,
		    "user %s cannot open it: %s; keep it in /etc/farmgate, or "
		    "let that user read the file and search its folders",
		    unread->user, strerror(errno));
	else
		conf_errors_add(&unread->errors, path, 0,
		    "user %s will not open it: it %s", unread->user,
		    r == FG_ERR_NOMEM ? "needs more memory" : why);
}

/* A missing database was reported already, and is no reason to fail. */
static void
try_database(struct unread *unread, const char *path)
{
	if (access(path, F_OK) == 0 || errno != ENOENT)
		try_file(unread, path, GEO_FILE_MAX, 1);
}

static void
try_lists(struct unread *unread, const struct conf_strings *files)
{
	for (size_t i = 0; i < files->n; i++)
		try_file(unread, files->v[i], CONF_NETFILE_MAX, 0);
}

static void
try_files(struct unread *unread, const struct conf *conf)
{
	size_t i;

	try_file(unread, conf->path, CONF_FILE_MAX, 0);
	for (i = 0; i < conf->nnetworks; i++)
		try_lists(unread, &conf->networks[i].files);
	for (i = 0; i < conf->nasns; i++)
		try_lists(unread, &conf->asns[i].files);
	for (i = 0; i < conf->ndatabases; i++)
		try_database(unread, conf->databases[i].path);
}

/* The child's part: never returns. */
static void
try_as(const struct passwd *pw, struct ruleset *rs)
{
	const struct conf *conf = rs->conf;
	struct unread unread = { .user = pw->pw_name };
	struct conf_errors warnings = { 0 };

	if (setgroups(0, NULL) != 0 ||
	    setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) != 0 ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) != 0) {
		ctl_complain("check: cannot become %s: %s", pw->pw_name,
		    strerror(errno));
		_exit(CTL_ERROR);
	}
	safeopen_only_root(); /* as the daemon does */
	try_files(&unread, conf);
	catalogue_free(rs->catalogue);
	(void)ruleset_catalogue(rs, &unread.errors); /* they say it */
	conf_errors_print(&unread.errors, stderr);
	warn_audit(conf, pw->pw_name, true, &warnings);
	conf_errors_print(&warnings, stderr);
	(void)fflush(stderr);
	_exit(unread.errors.count == 0 ? CTL_OK : CTL_NO);
}

/* What can be said of it without becoming user. */
static int
check_audit(const char *user, const struct conf *conf)
{
	struct conf_errors warnings = { 0 };

	warn_audit(conf, user, false, &warnings);
	conf_errors_print(&warnings, stderr);
	conf_errors_done(&warnings);
	return CTL_OK;
}

/* Whether user could open everything that a reload opens. */
static int
check_readable(const char *user, struct ruleset *rs)
{
	const struct conf *conf = rs->conf;
	const struct passwd *pw;
	pid_t child;

	if (geteuid() != 0) {
		ctl_complain("check: not tested whether user %s can read the "
			     "files; use sudo",
		    user);
		return check_audit(user, conf);
	}
	if ((pw = getpwnam(user)) == NULL) {
		ctl_complain("check: not tested whether user %s can read the "
			     "files; there is no such user",
		    user);
		return check_audit(user, conf);
	}
	(void)fflush(NULL); /* or the child would write it again */
	if ((child = fork()) == -1) {
		ctl_complain("check: fork: %s", strerror(errno));
		return CTL_ERROR;
	}
	if (child == 0)
		try_as(pw, rs);
	return child_wait(child);
}

/* What is right and may still not be meant. */
static void
check_sense(const struct ruleset *rs, const struct geo *geo)
{
	const struct conf *conf = rs->conf;
	int64_t now_s = (int64_t)time(NULL);
	const char *hidden = warn_hidden_database(conf);
	struct conf_errors warnings = { 0 };

	if (hidden != NULL)
		ctl_complain("check: not tested whether %s can be used: it is "
			     "not readable for you; use sudo",
		    hidden);
	conf_warn(conf, &warnings);
	conf_warn_old(conf, now_s, &warnings);
	geo_warn_old(geo, conf, now_s, &warnings);
	warn_conf(conf, geo_count(geo), &warnings);
	logrotate_warn(conf, LOGROTATE_FOLDER, &warnings);
	ruleset_warn_catalogue(rs, &warnings);
	conf_errors_print(&warnings, stderr);
	conf_errors_done(&warnings);
}

/* How many databases can be used; the others are told of. */
static int
check_databases(const struct ruleset *rs, size_t *ret_usable)
{
	const struct conf *conf = rs->conf;
	struct conf_errors warnings = { 0 };
	struct geo *geo = NULL;
	int r;

	*ret_usable = 0;
	r = geo_open(conf, NULL, &geo, &warnings);
	if (r == 0)
		*ret_usable = geo_count(geo);
	else
		ctl_complain("check: %s", fg_strerror(r));
	if (warnings.count > 0)
		fputs("warning: databases that cannot be used:\n", stderr);
	conf_errors_print(&warnings, stderr);
	conf_errors_done(&warnings);
	if (r == 0)
		check_sense(rs, geo);
	geo_free(geo);
	return r == 0 ? CTL_OK : CTL_ERROR;
}

static const char *
plural(size_t n, const char *one, const char *more)
{
	return n == 1 ? one : more;
}

/* ", 1 asn (908 systems)", or nothing where there is none. */
static void
print_asns(const struct conf *conf)
{
	size_t i, systems = 0;

	for (i = 0; i < conf->nasns; i++)
		systems += conf->asns[i].nsorted;
	if (conf->nasns > 0)
		printf(", %zu %s (%zu %s)", conf->nasns,
		    plural(conf->nasns, "asn", "asns"), systems,
		    plural(systems, "system", "systems"));
}

static void
print_summary(const struct ruleset *rs, size_t usable)
{
	const struct conf *conf = rs->conf;
	size_t i, prefixes = 0;

	for (i = 0; i < conf->nnetworks; i++)
		prefixes += netset_count(conf->networks[i].set);
	printf("%s: ok, %s, %zu %s, %zu %s (%zu %s)", conf->path,
	    conf_mode_name(conf->mode), conf->npolicies,
	    plural(conf->npolicies, "policy", "policies"), conf->nnetworks,
	    plural(conf->nnetworks, "network", "networks"), prefixes,
	    plural(prefixes, "prefix", "prefixes"));
	print_asns(conf);
	printf(", %zu of %zu %s usable, %zu %s of the catalogue\n", usable,
	    conf->ndatabases, plural(conf->ndatabases, "database", "databases"),
	    rs->catalogue->nentries,
	    plural(rs->catalogue->nentries, "entry", "entries"));
}

static int
check(const char *path, const char *user)
{
	struct conf_errors errors = { 0 };
	struct ruleset *rs = NULL;
	size_t usable;
	int r, status, glass;

	if ((r = ruleset_read(path, &rs, &errors)) == 0)
		r = ruleset_catalogue(rs, &errors);
	conf_errors_print(&errors, stderr);
	conf_errors_done(&errors);
	if ((status = ctl_conf_status(path, r)) != CTL_OK)
		goto out;
	status = check_databases(rs, &usable);
	if (status == CTL_OK)
		status = check_readable(user, rs);
	glass = breakglass_check(rs->conf);
	hooks_check(rs->conf);
	if (status == CTL_OK && glass == CTL_OK)
		print_summary(rs, usable);
	if (status == CTL_OK)
		status = glass;
out:
	ruleset_release(rs);
	return status;
}

int
cmd_check(const struct ctl *ctl, int argc, char **argv)
{
	static const struct option none[] = { { NULL, 0, NULL, 0 } };
	const char *user = CTL_DAEMON_USER;
	int c;

	(void)ctl;
	while ((c = getopt_long(argc, argv, "+:u:", none, NULL)) != -1) {
		if (c != 'u')
			return ctl_bad_option(argv[0], c, argv);
		user = optarg;
	}
	if (argc - optind > 1)
		return ctl_misuse(argv[0], "check takes one file, not %s",
		    argv[optind + 1]);
	return check(optind < argc ? argv[optind] : CONF_FILE, user);
}
