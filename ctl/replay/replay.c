/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One login after the other: by the candidate, by what it is held against, and
 * then as it happened it is part of what is known.
 */
#include "ctl/replay/replay.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/past/bar.h"
#include "ctl/past/past_all.h"
#include "ctl/warn.h"
#include "proto/result.h"

struct run {
	struct replay *replay;
	struct past_all *past;
	struct ruleset *candidate, *against;
	struct people *people;
	struct known *known;
	struct judge *is, *was; /* was: NULL: what happened */
	struct sums *sums;
	struct recorded *recorded;
	struct replay_notes notes;
	struct past_bad bad;
	char people_why[PEOPLE_WHY_SIZE];
	bool failed; /* some of it could not be read */
};

/* ---- what is needed ---------------------------------------------------- */

static int
load(const char *path, struct ruleset **ret_ruleset)
{
	struct conf_errors errors = { 0 };
	int r, status;

	r = ruleset_load(path, ret_ruleset, &errors);
	conf_errors_print(&errors, stderr);
	conf_errors_done(&errors);
	status = r == 0 ? CTL_OK : CTL_ERROR;
	if (r != 0 && r != FG_ERR_CONFIG)
		ctl_complain("replay: %s: %s", path, fg_strerror(r));
	if (r == 0)
		conf_errors_print(&(*ret_ruleset)->warnings, stderr);
	return status;
}

/* What has a say and cannot be read would make the answer another one. */
static int
check_databases(const struct ruleset *ruleset)
{
	const char *hidden = warn_hidden_database(ruleset->conf);

	if (hidden == NULL)
		return CTL_OK;
	ctl_complain("replay: %s: not readable for you; use sudo", hidden);
	return CTL_ERROR;
}

static int
open_past(struct run *run)
{
	struct replay *replay = run->replay;
	char *audit = NULL, *const *files = replay->files;
	char why[PAST_WHY_SIZE];
	size_t n = replay->nfiles;
	int r;

	if (n == 0) {
		if ((audit = ctl_audit_path("replay", CONF_FILE)) == NULL)
			return CTL_ERROR;
		files = &audit;
		n = 1;
	}
	r = past_all_open(files, n, replay->format, audit != NULL, &run->past,
	    why);
	if (r != 0)
		ctl_complain("replay: %s%s", why,
		    r == FG_ERR_NOT_FOUND ? "; say which with --format" : "");
	free(audit);
	return r == 0 ? CTL_OK : CTL_ERROR;
}

/* Records say what happened. Of lines in a log that only says who was let in,
 * the present policy is the better question. */
static void
choose_against(struct run *run)
{
	struct replay *replay = run->replay;

	if (!replay->against_set && !past_all_every(run->past, PAST_AUDIT) &&
	    access(CONF_FILE, F_OK) == 0)
		replay->against = CONF_FILE;
}

static int
prepare(struct run *run)
{
	const struct replay *replay = run->replay;

	if (open_past(run) != CTL_OK)
		return CTL_ERROR;
	choose_against(run);
	if (load(replay->config, &run->candidate) != CTL_OK ||
	    check_databases(run->candidate) != CTL_OK)
		return CTL_ERROR;
	if (replay->against != NULL &&
	    (load(replay->against, &run->against) != CTL_OK ||
		check_databases(run->against) != CTL_OK))
		return CTL_ERROR;
	if (people_load(run->candidate->conf->state, &run->people,
		run->people_why) != 0 ||
	    (run->known = known_new()) == NULL ||
	    (run->sums = sums_new()) == NULL ||
	    (run->recorded = calloc(1, sizeof(*run->recorded))) == NULL ||
	    (run->is = judge_new(run->candidate, run->people, run->known, 0)) ==
		NULL)
		return CTL_NO;
	if (replay->against != NULL &&
	    (run->was = judge_new(run->against, run->people, run->known, 1)) ==
		NULL)
		return CTL_NO;
	return CTL_OK;
}

static void
done(struct run *run)
{
	judge_free(run->is);
	judge_free(run->was);
	sums_free(run->sums);
	known_free(run->known);
	people_free(run->people);
	free(run->recorded);
	ruleset_release(run->candidate);
	ruleset_release(run->against);
	past_all_free(run->past);
}

/* ---- one login --------------------------------------------------------- */

/* Who was asked for a step-up was challenged, whatever came of it. */
static enum judgement
happened(const struct run *run, const struct past_login *login)
{
	const struct recorded *r = run->recorded;

	if (login->event == PAST_FAILED)
		return login->record != NULL && r->unproved ? JUDGED_CHALLENGE :
							      JUDGED_DENY;
	return login->record != NULL && r->proved ? JUDGED_CHALLENGE :
						    JUDGED_ALLOW;
}

static void
decide_login(struct run *run, const struct past_login *login)
{
	bool recorded = login->record != NULL;
	struct sums_before before = { .why =
					  recorded ? run->recorded->why : "" };
	struct fact_where where[KNOWN_VIEWS] = { { .asn = 0 } };
	char why[DECIDE_WHY_SIZE];
	enum judgement is;
	uint32_t asn = 0;

	if (run->was == NULL) {
		before.judgement = happened(run, login);
	} else {
		before.judgement = recorded ?
		    judge_recorded(run->was, run->recorded) :
		    judge_login(run->was, login);
		before.why = decide_why(judge_decision(run->was),
		    judge_conf(run->was), why);
	}
	is = recorded ? judge_recorded(run->is, run->recorded) :
			judge_login(run->is, login);
	/* What was earlier is only known of. */
	if (login->at_s >= run->replay->since_s)
		sums_take(run->sums, run->is, login, is, &before);
	if (recorded || judge_who(run->is) == NAMES_NONE)
		return;
	if (judge_facts(run->is)->asn.state == FACT_KNOWN)
		asn = judge_facts(run->is)->asn.number;
	where[0] = judge_facts(run->is)->where;
	if (run->was != NULL)
		where[1] = judge_facts(run->was)->where;
	known_take(run->known, judge_who(run->is), login, asn, where);
}

/* The gate is asked about who has proved who they are. */
static bool
is_wanted(struct run *run, const struct past_login *login)
{
	struct sums *sums = run->sums;

	if (login->event == PAST_ENDED) {
		known_end(run->known, login);
		return false;
	}
	if (login->event != PAST_ACCEPTED && login->event != PAST_FAILED)
		return false;
	if (login->at_s == 0)
		sums->undated++;
	else if (login->at_s >= run->replay->until_s)
		return false;
	else if (login->at_s < run->replay->since_s)
		return login->record == NULL && login->service[0] != '\0' &&
		    login->event == PAST_ACCEPTED;
	else if (login->event == PAST_FAILED && login->record == NULL)
		sums->failed += login->times;
	else if (login->service[0] == '\0')
		sums->other += login->times;
	else
		return true;
	return false;
}

static void
take(struct run *run, const struct past_login *login)
{
	if (!is_wanted(run, login))
		return;
	if (login->record != NULL) {
		run->notes.records = true;
		if (recorded_read(login->record, login->record_len,
			run->recorded) != 0)
			return; /* past_next() has read it */
	} else {
		run->notes.logs = true;
	}
	decide_login(run, login);
}

/* ---- all of them ------------------------------------------------------- */

static void
ask_how_far(void *arg, struct bar_at *ret_at)
{
	const struct past_all *past = arg;

	past_all_progress(past, &ret_at->done, &ret_at->all);
	ret_at->lines = past_all_lines(past);
}

static void
read_all(struct run *run)
{
	const struct past_login *login;
	char why[PAST_WHY_SIZE];
	struct bar bar;
	int r;

	bar_init(&bar, ask_how_far, run->past);
	past_all_watch(run->past, bar_tick, &bar);
	while ((r = past_all_next(run->past, &login, why)) !=
	    FG_ERR_NOT_FOUND) {
		if (r == 0) {
			take(run, login);
			continue;
		}
		bar_hide(&bar);
		ctl_complain("replay: %s", why);
		run->failed = true;
		if (r == FG_ERR_NOMEM)
			break;
	}
	past_all_watch(run->past, NULL, NULL);
	bar_done(&bar);
}

static bool
tells_by_device(const struct conf *conf)
{
	for (size_t i = 0; i < conf->npolicies; i++)
		if ((conf->policies[i].places & CONF_PLACE_DEVICE) != 0)
			return true;
	return false;
}

static int
report(struct run *run)
{
	const struct replay *replay = run->replay;
	const struct conf *conf = run->candidate->conf;
	struct replay_notes *notes = &run->notes;
	int status = CTL_OK;

	past_all_bad(run->past, &run->bad);
	past_bad_complain("replay", &run->bad);
	notes->no_ends = notes->logs && !known_ends(run->known);
	notes->by_device = tells_by_device(conf);
	notes->people = people_are_known(run->people) ? "" : run->people_why;
	notes->strangers = judge_strangers(run->is);
	notes->gone = judge_gone(run->is);
	notes->bad = &run->bad;
	notes->lines = past_all_lines(run->past);
	notes->observes = conf->mode == CONF_MODE_OBSERVE;
	if (run->sums->logins == 0)
		ctl_complain(
		    "replay: warning: there was no login to decide, so "
		    "nothing was tried");
	if (replay->json)
		status = replay_print_json(replay, run->sums,
		    known_names(run->known), notes);
	else
		replay_print(replay, run->sums, known_names(run->known), notes);
	if (status != CTL_OK || run->failed)
		return CTL_ERROR;
	return run->sums->flips > 0 ? CTL_NO : CTL_OK;
}

int
replay_run(struct replay *replay)
{
	struct run run = { .replay = replay };
	int status;

	switch (prepare(&run)) {
	case CTL_OK:
		read_all(&run);
		status = report(&run);
		break;
	case CTL_NO:
		ctl_complain("replay: out of memory");
		/* FALLTHROUGH */
	default:
		status = CTL_ERROR;
		break;
	}
	done(&run);
	return status;
}
