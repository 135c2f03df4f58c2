/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logs and the audit log side by side, both in the order of their times. What
 * explains a gap may be recorded later: that is settled at the end.
 */
#include "ctl/audit/reconcile.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/past/bar.h"
#include "ctl/past/past_all.h"
#include "ctl/wtmp.h"
#include "policyd/conf.h"
#include "policyd/text.h"
#include "proto/result.h"

#define COMMAND	   "audit"
#define OPEN_LINES 1024u /* of the module, that are remembered */
#define USUAL_MAX  8u

/* What the module has said of a process. */
struct open_line {
	int64_t at_s, pid;
	bool used;
};

struct options {
	int64_t since_s, until_s;
	const char *config, *audit;
	bool json;
	char *const *files;
	size_t nfiles;
};

struct run {
	struct options *o;
	struct reconcile r;
	struct reconcile_log *log;
	struct past_all *past;
	struct past_bad bad;
	struct bar bar;
	struct open_line open[OPEN_LINES];
	size_t nopen;
	int64_t newest_s; /* of the logins */
	bool failed;
};

/* ---- gaps -------------------------------------------------------------- */

static int
add_gap(struct reconcile *r, const struct past_login *login, uint64_t times,
    enum gap_kind kind, const char *ref)
{
	struct gap *gap;

	if (r->gap == NULL)
		r->gap = calloc(RECONCILE_GAPS_MAX, sizeof(*gap));
	if (r->gap == NULL)
		return FG_ERR_NOMEM;
	if (r->ngaps == RECONCILE_GAPS_MAX) {
		r->gaps_more += times;
		return 0;
	}
	gap = &r->gap[r->ngaps++];
	gap->kind = kind;
	gap->at_s = login->at_s;
	gap->times = times;
	gap->terminal = login->tty[0] != '\0';
	gap->has_addr = login->has_addr;
	gap->addr = login->addr;
	gap->user = strdup(login->user);
	gap->from = strdup(login->from);
	gap->service = strdup(login->service);
	gap->file = login->file;
	gap->line = login->line;
	(void)text_copy(gap->ref, sizeof(gap->ref), ref);
	return gap->user == NULL || gap->from == NULL || gap->service == NULL ?
	    FG_ERR_NOMEM :
	    0;
}

static bool
failed_open(struct run *run, const struct past_login *login)
{
	struct open_line *line;

	for (size_t i = 0; i < OPEN_LINES; i++) {
		line = &run->open[i];
		if (line->pid == 0 || line->used || line->pid != login->pid ||
		    login->at_s - line->at_s > RECONCILE_WINDOW_S)
			continue;
		line->used = true;
		run->r.fail_opens--;
		return true;
	}
	return false;
}

static void
take_open_line(struct run *run, const struct past_login *login)
{
	struct open_line *line = &run->open[run->nopen++ % OPEN_LINES];

	*line = (struct open_line){ .at_s = login->at_s, .pid = login->pid };
	run->r.fail_opens++;
}

/* What is no address is a name, which says nothing, or no network at all. */
static bool
same_origin(const struct let_in *in, const struct gap *gap)
{
	struct addr addr;

	if (!gap->has_addr)
		return true;
	if (addr_parse(in->from, &addr) == 0)
		return memcmp(addr.b, gap->addr.b, ADDR_SIZE) == 0;
	return strcmp(in->from, "console") != 0 &&
	    strcmp(in->from, "local") != 0;
}

/* As a decision it lets in one login, and the terminals of that. */
static bool
was_glass(struct reconcile *r, const struct gap *gap)
{
	struct let_in *in;

	for (size_t i = 0; i < r->nglasses; i++) {
		in = &r->glass[i];
		if (in->user == NULL || in->from == NULL ||
		    strcmp(in->user, gap->user) != 0 ||
		    in->at_s - gap->at_s > RECONCILE_WINDOW_S ||
		    gap->at_s - in->at_s > RECONCILE_WINDOW_S ||
		    !same_origin(in, gap) ||
		    (!gap->terminal && (in->used || gap->times > 1)))
			continue;
		in->used = in->used || !gap->terminal;
		return true;
	}
	return false;
}

static int
by_time(const void *a, const void *b)
{
	const struct gap *x = a, *y = b;

	if (x->at_s != y->at_s)
		return x->at_s < y->at_s ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

/* When all is read. */
static void
settle(struct reconcile *r)
{
	if (r->ngaps > 0)
		qsort(r->gap, r->ngaps, sizeof(r->gap[0]), by_time);
	for (size_t i = 0; i < r->ngaps; i++) {
		struct gap *gap = &r->gap[i];

		if (was_glass(r, gap))
			gap->kind = GAP_GLASS;
		else if (gap->kind == GAP_NO_RECORD && down_was(r, gap->at_s))
			gap->kind = GAP_DOWN;
	}
	down_suppose(r);
}

uint64_t
reconcile_gaps(const struct reconcile *r)
{
	uint64_t n = r->gaps_more;

	for (size_t i = 0; i < r->ngaps; i++)
		n += r->gap[i].kind != GAP_GLASS ? r->gap[i].times : 0;
	return n;
}

uint64_t
reconcile_unknown(const struct reconcile *r)
{
	return r->undated + r->unread_logins;
}

static void
free_let_in(struct let_in *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(list[i].user);
		free(list[i].from);
		free(list[i].service);
		free(list[i].why);
	}
	free(list);
}

void
reconcile_done(struct reconcile *r)
{
	for (size_t i = 0; i < r->ngaps; i++) {
		free(r->gap[i].user);
		free(r->gap[i].from);
		free(r->gap[i].service);
	}
	free(r->gap);
	free(r->down);
	free_let_in(r->glass, r->nglasses);
	free_let_in(r->open, r->nopens);
}

/* ---- one login --------------------------------------------------------- */

/* Of a line that is repeated each needs its own. An audit log without a record
 * vouches for nobody. */
static int
match(struct run *run, const struct past_login *login)
{
	bool terminal = login->tty[0] != '\0';
	struct reconcile *r = &run->r;
	char ref[FG_REF_MAX + 1];
	uint64_t found = 0;

	if (r->first_s != 0 && login->at_s < r->first_s - RECONCILE_WINDOW_S) {
		r->early += login->times;
		return 0;
	}
	while (found < login->times &&
	    reconcile_find(run->log, login, terminal, ref))
		found++;
	*(terminal ? &r->terminals : &r->logins) += login->times;
	*(terminal ? &r->terminals_matched : &r->matched) += found;
	if (found == login->times)
		return 0;
	if (login->at_s < run->newest_s - RECONCILE_ORDER_S)
		r->late += login->times - found;
	return add_gap(r, login, login->times - found,
	    ref[0] != '\0'			     ? GAP_REFUSED :
		!terminal && failed_open(run, login) ? GAP_FAIL_OPEN :
						       GAP_NO_RECORD,
	    ref);
}

/* Returns 0, or why it cannot go on. */
static int
advance(struct run *run, int64_t until_s)
{
	char why[PAST_WHY_SIZE];
	int e;

	while ((e = reconcile_advance(run->log, until_s, why)) != 0) {
		if (e == FG_ERR_NOMEM || e == FG_ERR_LIMIT)
			return e;
		bar_hide(&run->bar);
		ctl_complain("audit reconcile: %s", why);
		run->failed = true;
	}
	return 0;
}

static int
take(struct run *run, const struct past_login *login)
{
	const struct options *o = run->o;
	int e;

	if (login->at_s == 0 && login->event == PAST_ACCEPTED)
		run->r.undated += login->times;
	if (login->at_s == 0 || login->at_s < o->since_s ||
	    login->at_s >= o->until_s || login->record != NULL)
		return 0;
	if (login->event == PAST_FAIL_OPEN)
		take_open_line(run, login);
	if (login->event != PAST_ACCEPTED)
		return 0;
	if (login->service[0] == '\0') {
		run->r.other += login->times;
		return 0;
	}
	if (login->at_s > run->newest_s)
		run->newest_s = login->at_s;
	if ((e = advance(run, login->at_s + RECONCILE_WINDOW_S)) != 0)
		return e;
	return match(run, login);
}

/* Of logs, and of the audit log beside them. */
static void
ask_how_far(void *arg, struct bar_at *ret_at)
{
	const struct run *run = arg;
	uint64_t done, all;

	past_all_progress(run->past, &ret_at->done, &ret_at->all);
	ret_at->lines = past_all_lines(run->past) +
	    reconcile_progress(run->log, &done, &all);
	ret_at->done += done;
	ret_at->all += all;
}

static int
read_all(struct run *run)
{
	const struct past_login *login;
	char why[PAST_WHY_SIZE];
	int e = 0, r;

	bar_init(&run->bar, ask_how_far, run);
	past_all_watch(run->past, bar_tick, &run->bar);
	reconcile_watch(run->log, bar_tick, &run->bar);
	while (e == 0 &&
	    (r = past_all_next(run->past, &login, why)) != FG_ERR_NOT_FOUND) {
		if (r == 0) {
			e = take(run, login);
			continue;
		}
		bar_hide(&run->bar);
		ctl_complain("audit reconcile: %s", why);
		run->failed = true;
		e = r == FG_ERR_NOMEM ? r : 0;
	}
	e = e == 0 ? advance(run, INT64_MAX) : e;
	past_all_watch(run->past, NULL, NULL);
	reconcile_watch(run->log, NULL, NULL);
	bar_done(&run->bar);
	return e;
}

/* ---- the command ------------------------------------------------------- */

/* What a machine mostly has; one of them is enough. */
static size_t
usual_files(char *files[USUAL_MAX])
{
	static char usual[][32] = { "/var/log/auth.log.1", "/var/log/auth.log",
		"/var/log/secure", WTMP_FILE };
	size_t n = 0;

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (access(usual[i], F_OK) == 0)
			files[n++] = usual[i];
	return n;
}

static int
open_logs(struct run *run)
{
	struct options *o = run->o;
	char why[PAST_WHY_SIZE], *usual[USUAL_MAX], *const *files = o->files;
	size_t n = o->nfiles;

	if (n == 0) {
		n = usual_files(usual);
		files = usual;
	}
	if (n == 0) {
		ctl_complain("audit reconcile: neither /var/log/auth.log nor "
			     "wtmp: journalctl -t sshd -t sshd-session -o json "
			     ">FILE makes one, to be named here");
		return CTL_ERROR;
	}
	if (past_all_open(files, n, PAST_ANY, false, &run->past, why) != 0) {
		ctl_complain("audit reconcile: %s", why);
		return CTL_ERROR;
	}
	if (!past_all_any(run->past, PAST_AUDIT))
		return CTL_OK;
	ctl_complain("audit reconcile: an audit log is nothing to hold against "
		     "the audit log; name it with --file");
	return CTL_ERROR;
}

static int
report(struct run *run)
{
	struct reconcile *r = &run->r;
	int status = CTL_OK;

	settle(r);
	past_all_bad(run->past, &run->bad);
	r->unread = run->bad.count;
	r->unread_logins = run->bad.accepted;
	r->no_sshd = past_all_only(run->past, PAST_WTMP);
	past_bad_complain("audit reconcile", &run->bad);
	if (run->o->json)
		status = reconcile_print_json(r);
	else
		reconcile_print(r);
	if (status != CTL_OK || run->failed)
		return CTL_ERROR;
	return reconcile_gaps(r) + reconcile_unknown(r) > 0 ? CTL_NO : CTL_OK;
}

static int
reconcile(struct run *run, const char *path)
{
	char why[PAST_WHY_SIZE];
	int e;

	if (open_logs(run) != CTL_OK)
		return CTL_ERROR;
	if (reconcile_open(path, run->o->since_s, run->o->until_s, &run->r,
		&run->log, why) != 0) {
		ctl_complain("audit reconcile: %s", why);
		return CTL_ERROR;
	}
	if ((e = read_all(run)) == 0)
		return report(run);
	ctl_complain("audit reconcile: %s", fg_strerror(e));
	return CTL_ERROR;
}

int
audit_reconcile(int argc, char **argv)
{
	struct options o = { .since_s = INT64_MIN / 2,
		.until_s = INT64_MAX / 2,
		.config = CONF_FILE };
	const char *since = NULL, *until = NULL;
	const struct ctl_option options[] = {
		{ "since", &since, NULL },
		{ "until", &until, NULL },
		{ "config", &o.config, NULL },
		{ "file", &o.audit, NULL },
		{ "json", NULL, &o.json },
		{ NULL, NULL, NULL },
	};
	static struct run run;
	char *path = NULL;
	int status;

	if (ctl_take_options(COMMAND, argc, argv, options) != CTL_OK ||
	    ctl_take_period(COMMAND, false, since, &o.since_s) != CTL_OK ||
	    ctl_take_period(COMMAND, true, until, &o.until_s) != CTL_OK)
		return CTL_ERROR;
	o.files = argv + optind;
	o.nfiles = (size_t)(argc - optind);
	run.o = &o;
	path = o.audit != NULL ? strdup(o.audit) :
				 ctl_audit_path(COMMAND, o.config);
	status = path == NULL ? CTL_ERROR : reconcile(&run, path);
	free(path);
	reconcile_close(run.log);
	reconcile_done(&run.r);
	past_all_free(run.past);
	return status;
}
