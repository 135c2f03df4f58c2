/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is to be ended, in rounds: a survey of all processes, the end of those
 * that are members, and then a chase after what they made meanwhile. The kernel
 * hands numbers out upwards, so that a walk close by overtakes who forks; the
 * next round is for numbers that began at the bottom again. What is not done
 * in its time goes on at the next request.
 */
#include "policyd/scanner/terminate.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "policyd/scanner/hold.h"
#include "policyd/scanner/leader.h"
#include "policyd/scanner/members.h"
#include "policyd/scanner/reader.h"
#include "policyd/scanner/survey.h"
#include "policyd/scanner/tie.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define TERMINATE_ROUNDS   5
#define TERMINATE_AGAIN_NS INT64_C(1000000000) /* then it is another one */
/* Requests at which a leader that alone tells who is its session's is left. */
#define TERMINATE_WAITS 3

struct ending {
	struct leader leader;
	struct tie tie;
	struct members known; /* the leader, and who was sent a signal */
	struct survey survey;
	int64_t until_ns;
	char cgroup[FACT_CGROUP_MAX + 1]; /* .tie's, without a leader */
	uint32_t signalled;
	int waits; /* requests at which the leader was left */
	bool alive; /* the leader, at first; it has the gate */
	bool led; /* it has not been sent its signal yet */
	bool lost; /* it was, and some that only it told of may be left */
	bool unseen; /* it is gone, and was not seen in this session */
	bool failed; /* somebody could not be reached */
	bool partly; /* there was no time for all of it */
	bool spares; /* who may lead another login, and came from there */
	bool again; /* it was begun by an earlier request */
	bool force;
};

/*
 * One that was not done in its time, or NULL. Whom it has ended still tells who
 * came from them, which nobody could find out anew.
 */
static struct ending *unfinished;

/* ---- one process ------------------------------------------------------ */

/* Without a survey: by the tie, or the session of a member's making. */
static bool
ending_holds(const struct ending *e, struct tie_process *process)
{
	uint64_t start;
	bool shared;

	return tie_holds(&e->tie, process, &shared) ||
	    (members_get(&e->known, process->stat.session, &start) &&
		start <= process->stat.start);
}

/* Without its leader a session may look like another's, or have one in it. */
static bool
ending_spares(const struct ending *e, struct tie_process *process)
{
	return !e->alive &&
	    (leader_is_in_service(process, e->tie.cgroup) ||
		leader_is_others(process) ||
		(e->spares && survey_spares(&e->survey, process)));
}

/* start is the one that the survey saw; 0: there was none. */
static bool
ending_is_due(const struct ending *e, struct tie_process *process,
    uint64_t start)
{
	if (members_has(&e->known, process->pid, process->stat.start) ||
	    tie_is_foreign(&e->tie, process) || ending_spares(e, process))
		return false;
	return start != 0 ? process->stat.start == start :
			    ending_holds(e, process);
}

/* It is held before the look that decides. */
static void
ending_try(struct ending *e, int32_t pid, uint64_t start)
{
	struct tie_process process;
	int fd, r;

	if ((r = hold_open(pid, &fd)) != 0) {
		e->failed |= r == FG_ERR_SYSTEM;
		return;
	}
	if (tie_look(pid, &process)) {
		if (ending_is_due(e, &process, start)) {
			r = hold_signal(fd, SIGKILL);
			e->failed |= r == FG_ERR_SYSTEM;
			e->signalled += r == 0;
			(void)members_add(&e->known, pid,
			    process.stat.start); /* else once more */
		}
		tie_leave(&process);
	}
	(void)close(fd); /* a pidfd: nothing to lose */
}

/* ---- rounds ----------------------------------------------------------- */

/* An older process shows that the tie is not the session's own. */
static int
ending_survey(struct ending *e)
{
	size_t i;
	int r;

	e->spares = false;
	if ((r = survey_take(&e->survey, &e->tie, e->until_ns)) != 0)
		return r;
	if (!e->survey.shared)
		return 0;
	e->tie.kind = TIE_NONE;
	for (i = 0; i < e->survey.n; i++)
		e->survey.entry[i].tied = false;
	return 0;
}

static bool
ending_is_others(const struct survey_entry *entry)
{
	struct tie_process process;
	bool others;

	if (!tie_look(entry->pid, &process))
		return false;
	others =
	    process.stat.start == entry->start && leader_is_others(&process);
	tie_leave(&process);
	return others;
}

/*
 * Of a session without its leader it is not known whether who else is a
 * leader's like came with it. They stay with who came from them, the rest
 * ends. False: there was no time to look at each.
 */
static bool
ending_judge_members(struct ending *e)
{
	struct survey_entry *entry;
	size_t i;

	for (i = 0; i < e->survey.n; i++) {
		entry = &e->survey.entry[i];
		if (!entry->member || entry->judged)
			continue;
		if (walk_now_ns() >= e->until_ns)
			return false;
		entry->judged = true;
		entry->spared = ending_is_others(entry);
		entry->member = !entry->spared;
		e->spares |= entry->spared;
	}
	return !e->spares || survey_spare(&e->survey, e->until_ns);
}

static void
ending_surveyed(struct ending *e)
{
	const struct survey_entry *entry;
	size_t i;

	/* The chase catches those whom this leaves out. */
	e->survey.cut |= !survey_mark(&e->survey, &e->known, e->until_ns);
	if (!e->alive && !ending_judge_members(e)) {
		e->survey.cut = true;
		return;
	}
	for (i = 0; i < e->survey.n; i++) {
		entry = &e->survey.entry[i];
		if (!entry->member ||
		    members_has(&e->known, entry->pid, entry->start))
			continue;
		if (walk_now_ns() >= e->until_ns) {
			e->survey.cut = true;
			return;
		}
		ending_try(e, entry->pid, entry->start);
	}
}

/* By audit session it shows in one file; who has none there is no member. */
static bool
ending_may_concern(const struct ending *e, int32_t pid)
{
	char name[PROCS_NAME_SIZE];
	uint32_t id;

	if (pid <= 1 || tie_is_daemon(pid))
		return false;
	if (e->tie.kind != TIE_AUDIT)
		return true;
	return text_format(name, sizeof(name), "%d/sessionid", pid) == 0 &&
	    procs_read_audit_id(procs_folder(), name, &id) == 0 &&
	    id == e->tie.audit_session;
}

static void
ending_chase(struct ending *e)
{
	struct walk walk;
	int32_t pid;

	if (walk_open(&walk, true, e->until_ns) != 0) {
		e->failed = true;
		return;
	}
	while (walk_next(&walk, &pid)) {
		if (ending_may_concern(e, pid))
			ending_try(e, pid, 0);
	}
	walk_close(&walk);
}

/*
 * The first survey is there, or that of an earlier request, which tells of
 * children whose parents have been ended since. It is done when a whole one
 * shows nobody who is still to be ended.
 */
static void
ending_rounds(struct ending *e)
{
	uint32_t before;
	int round;

	for (round = 0; round < TERMINATE_ROUNDS; round++) {
		if (round > 0 &&
		    (walk_now_ns() >= e->until_ns || ending_survey(e) != 0))
			break;
		before = e->signalled;
		ending_surveyed(e);
		if (e->signalled == before && !e->survey.cut &&
		    (round > 0 || !e->again))
			return;
		ending_chase(e);
	}
	e->partly = true;
}

/* ---- the whole -------------------------------------------------------- */

/* Of one that is gone the scanner knows what it saw when it was there. */
static void
ending_recall(struct ending *e, const struct seen *seen,
    const struct scanner_session *s)
{
	const struct seen_process *was = seen_find(seen, &s->leader);
	uint32_t audit_session = s->audit_session;
	const char *cgroup = s->cgroup;

	e->unseen =
	    was == NULL || !leader_fits(s, was->audit_session, was->cgroup);
	if (!e->unseen) {
		audit_session = was->audit_session;
		cgroup = was->cgroup;
	}
	/* It fits, and outlives the request. */
	(void)text_copy(e->cgroup, sizeof(e->cgroup), cgroup);
	tie_init(&e->tie, &s->leader, audit_session, e->cgroup);
}

/* A leader that is alive tells by itself where it is. */
static enum scanner_refusal
ending_find_leader(struct ending *e, const struct seen *seen,
    const struct scanner_session *s)
{
	struct tie_process *process = &e->leader.process;

	switch (leader_open(&s->leader, &e->leader)) {
	case 0:
		break;
	case FG_ERR_NOT_FOUND:
		ending_recall(e, seen, s);
		return SCANNER_REFUSED_NOT;
	case FG_ERR_UNSAFE:
		return SCANNER_REFUSED_LEADER;
	default:
		return SCANNER_REFUSED_ERROR;
	}
	if (!leader_fits(s, process->audit_session, tie_cgroup(process)) ||
	    !leader_has_gate(&e->leader))
		return SCANNER_REFUSED_LEADER;
	tie_init(&e->tie, &s->leader, process->audit_session,
	    tie_cgroup(process));
	e->tie.settled = true;
	e->alive = true;
	e->led = true;
	(void)members_add(&e->known, process->pid, process->stat.start);
	return SCANNER_REFUSED_NOT;
}

/* Somebody among the tied whom no leader leaves behind, or an unseen one. */
static bool
ending_is_strange(const struct ending *e, const struct survey_entry *entry)
{
	struct tie_process process;
	bool strange;

	if (e->unseen)
		return true;
	if (!tie_look(entry->pid, &process))
		return false;
	strange = process.stat.start == entry->start &&
	    leader_is_in_service(&process, e->tie.cgroup);
	tie_leave(&process);
	return strange;
}

/* Without a leader: is it that one's session? */
static enum scanner_refusal
ending_judge_left(const struct ending *e)
{
	bool tied = false;
	size_t i;

	if (e->tie.kind == TIE_NONE)
		return SCANNER_REFUSED_GONE;
	for (i = 0; i < e->survey.n && walk_now_ns() < e->until_ns; i++) {
		if (!e->survey.entry[i].tied)
			continue;
		if (ending_is_strange(e, &e->survey.entry[i]))
			return SCANNER_REFUSED_LEADER;
		tied = true;
	}
	if (tied)
		return SCANNER_REFUSED_NOT;
	if (!e->survey.cut && i == e->survey.n)
		return SCANNER_REFUSED_GONE;
	return e->unseen ? SCANNER_REFUSED_LEADER : SCANNER_REFUSED_NOT;
}

/* With what all processes look like, is there a session to end? */
static enum scanner_refusal
ending_judge(struct ending *e)
{
	if (ending_survey(e) != 0)
		return SCANNER_REFUSED_ERROR;
	return e->alive ? SCANNER_REFUSED_NOT : ending_judge_left(e);
}

static enum scanner_refusal
ending_result(const struct ending *e)
{
	if (e->failed)
		return SCANNER_REFUSED_ERROR;
	if (e->partly || e->spares)
		return SCANNER_REFUSED_PARTLY;
	if (e->lost)
		return SCANNER_REFUSED_ERROR;
	return e->alive || e->again || e->signalled > 0 ? SCANNER_REFUSED_NOT :
							  SCANNER_REFUSED_GONE;
}

/*
 * Who descends from a leader and is not tied to its session, as who came before
 * that began, cannot be found behind it: it waits for a whole survey. Not for
 * ever, as who multiplies must not keep the login alive by that.
 */
static void
ending_end_leader(struct ending *e)
{
	int r;

	if (!e->led)
		return;
	e->lost = e->survey.cut;
	if (e->lost && e->waits++ < TERMINATE_WAITS)
		return;
	e->led = false;
	r = leader_end(&e->leader, e->force);
	e->failed |= r == FG_ERR_SYSTEM;
	e->signalled += r == 0;
}

static enum scanner_refusal
ending_run(struct ending *e, const struct seen *seen,
    const struct scanner_session *s)
{
	enum scanner_refusal refusal;

	if (!e->again &&
	    ((refusal = ending_find_leader(e, seen, s)) !=
		    SCANNER_REFUSED_NOT ||
		(refusal = ending_judge(e)) != SCANNER_REFUSED_NOT))
		return refusal;
	ending_rounds(e);
	ending_end_leader(e);
	return ending_result(e);
}

static void
ending_free(struct ending *e)
{
	if (e == NULL)
		return;
	leader_close(&e->leader);
	free(e);
}

/* The one that is unfinished, if it is asked for again and soon; or NULL. */
static struct ending *
ending_resume(const struct scanner_session *s, bool force)
{
	struct ending *e = unfinished;

	unfinished = NULL;
	if (e == NULL)
		return NULL;
	if (e->tie.leader.pid != s->leader.pid ||
	    e->tie.leader.start != s->leader.start || e->force != force ||
	    walk_now_ns() - e->until_ns > TERMINATE_AGAIN_NS) {
		ending_free(e);
		return NULL;
	}
	e->again = true;
	e->failed = false;
	e->partly = false;
	e->signalled = 0;
	return e;
}

static struct ending *
ending_new(bool force)
{
	struct ending *e;

	if ((e = calloc(1, sizeof(*e))) == NULL)
		return NULL;
	e->leader.fd = -1;
	e->leader.process.folder = -1;
	e->force = force;
	return e;
}

enum scanner_refusal
terminate_session(const struct seen *seen, const struct scanner_session *s,
    bool force, uint32_t *ret_signalled)
{
	enum scanner_refusal refusal;
	struct ending *e;

	*ret_signalled = 0;
	if ((e = ending_resume(s, force)) == NULL &&
	    (e = ending_new(force)) == NULL)
		return SCANNER_REFUSED_ERROR;
	e->until_ns = walk_now_ns() + TERMINATE_MS * INT64_C(1000000);
	reader_allow(READER_FORKS, e->until_ns);
	refusal = ending_run(e, seen, s);
	*ret_signalled = e->signalled;
	if (refusal == SCANNER_REFUSED_PARTLY)
		unfinished = e;
	else
		ending_free(e);
	return refusal;
}
