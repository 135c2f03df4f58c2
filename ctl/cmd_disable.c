/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl disable: take the gate out of services' stacks, down to the bytes
 * that were there before. It needs no daemon and no configuration.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/pam/stack.h"
#include "ctl/rollout/note.h"
#include "ctl/rollout/pending.h"
#include "ctl/rollout/services.h"
#include "ctl/rollout/stackfile.h"

struct disabling {
	bool all;
	bool dry_run;
	bool yes;
	struct services services;
};

static int
read_options(struct disabling *d, int argc, char **argv)
{
	const struct ctl_option options[] = {
		{ "all", NULL, &d->all },
		{ "dry-run", NULL, &d->dry_run },
		{ "yes", NULL, &d->yes },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("disable", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (d->all == (optind < argc))
		return ctl_misuse("disable",
		    "disable: name services, or give --all");
	return CTL_OK;
}

static int
plan_one(struct disabling *d, const char *service)
{
	struct plan plan = { .before = NULL };
	int status = plan_disable(service, &plan);

	if (status == CTL_NO && !d->all)
		printf("%s: the gate is not enabled there\n", service);
	if (status == CTL_OK)
		status = services_add(&d->services, &plan);
	plan_done(&plan);
	return status == CTL_NO ? CTL_OK : status;
}

/*
 * Whether the gate is named there at all, as libpam reads it: also by a link,
 * or by a file that others may write; beyond STACKFILE_MAX nobody looks.
 * CTL_OK, CTL_NO, or CTL_ERROR after a complaint: it may be.
 */
static int
names_gate(const char *service)
{
	static char bytes[STACKFILE_MAX];
	char path[STACKFILE_PATH_MAX];
	struct stat st;
	ssize_t len = -1;
	int fd;

	fd = open(stackfile_path(service, path),
	    O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1 && errno == ENOENT)
		return CTL_NO;
	if (fd != -1 && fstat(fd, &st) == 0)
		len = S_ISREG(st.st_mode) ? read(fd, bytes, sizeof(bytes)) : 0;
	if (len == -1)
		ctl_complain("%s: %m", path);
	if (fd != -1)
		(void)close(fd); /* was only read */
	if (len == -1)
		return CTL_ERROR;
	return memmem(bytes, (size_t)len, "pam_farmgate", 12) != NULL ||
		memmem(bytes, (size_t)len, "# farmgate ", 11) != NULL ?
	    CTL_OK :
	    CTL_NO;
}

/* All that can be are disabled, whatever is wrong with others. */
static int
plan_all(struct disabling *d)
{
	const struct dirent *e;
	int status = CTL_OK, named;
	DIR *dir;

	if ((dir = opendir(STACK_CONFDIR)) == NULL) {
		ctl_complain("%s: %m", STACK_CONFDIR);
		return CTL_ERROR;
	}
	while ((e = readdir(dir)) != NULL) {
		named = e->d_name[0] == '.' ? CTL_NO : names_gate(e->d_name);
		if (named == CTL_OK)
			named = plan_one(d, e->d_name);
		if (named == CTL_ERROR)
			status = CTL_ERROR;
	}
	(void)closedir(dir); /* was only read */
	return status;
}

static int
plan_named(struct disabling *d, char **names)
{
	int status = CTL_OK;

	for (; *names != NULL && status == CTL_OK; names++)
		status = plan_one(d, *names);
	return status;
}

static bool
is_disabled(const struct disabling *d, const char *service)
{
	for (size_t i = 0; i < d->services.n; i++)
		if (strcmp(d->services.plans[i].service, service) == 0)
			return true;
	/* It may have been enabled since this one looked. */
	return d->all && names_gate(service) == CTL_NO;
}

/* What is pending must not put lines back that are taken out now. */
static int
look_at_pending(const struct disabling *d, struct pending *ret_pending)
{
	int status = pending_read(ret_pending);

	if (status == CTL_ERROR && d->all)
		return CTL_OK; /* there is no going back by it */
	for (size_t i = 0; status == CTL_OK && i < ret_pending->n; i++)
		if (!is_disabled(d, ret_pending->files[i].service)) {
			ctl_complain("disable: a change of %s waits to be "
				     "confirmed; first farmgatectl confirm or "
				     "farmgatectl rollback",
			    ret_pending->files[i].service);
			status = CTL_ERROR;
		}
	return status == CTL_ERROR ? CTL_ERROR : CTL_OK;
}

/* The way back is given up only when it is not needed any more. */
static int
carry_out_locked(struct disabling *d)
{
	static struct pending pending;
	int status = look_at_pending(d, &pending);

	if (status == CTL_OK)
		status = services_carry_out(&d->services);
	return status == CTL_OK ? pending_end() : status;
}

static int
carry_out(const struct ctl *ctl, struct disabling *d)
{
	const struct note note = { ctl, "disable", "", "by hand", true };
	int lock = pending_lock(), status;

	if (lock == -1)
		return CTL_ERROR;
	status = carry_out_locked(d);
	(void)close(lock); /* frees it: the daemon may hang */
	if (status == CTL_OK && d->services.n > 0)
		note_plans(&note, d->services.plans, d->services.n);
	return status;
}

/* planned: whether all could be looked at. */
static int
disable(const struct ctl *ctl, struct disabling *d, int planned)
{
	int status = services_show(&d->services);

	if (status != CTL_OK || d->dry_run)
		return status;
	if (d->services.n == 0) {
		if (d->all && planned == CTL_OK)
			puts("the gate is enabled nowhere");
		return carry_out(ctl, d); /* what is pending ends */
	}
	if ((status = services_ask(d->yes)) == CTL_OK)
		status = carry_out(ctl, d);
	return status;
}

int
cmd_disable(const struct ctl *ctl, int argc, char **argv)
{
	static struct disabling d;
	int planned, status;

	if (read_options(&d, argc, argv) != CTL_OK ||
	    !services_may_change(argv[0]))
		return CTL_ERROR;
	planned = d.all ? plan_all(&d) : plan_named(&d, argv + optind);
	status =
	    planned == CTL_OK || d.all ? disable(ctl, &d, planned) : planned;
	services_done(&d.services);
	return planned != CTL_OK ? planned : status;
}
