/* SPDX-License-Identifier: BSD-2-Clause */
/* One program at a time for each class, and its time. */
#include "policyd/hooks/hook_runner.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "policyd/hooks/hook_file.h"
#include "policyd/hooks/hook_program.h"
#include "policyd/hooks/hook_queue.h"
#include "policyd/json/json.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

struct hook_runner {
	struct hook_runner_options options;
	const char *name;
	struct hook_queue queue;
	struct loop_timer *timer; /* what is next: a run, or the end of one */
	pid_t pid; /* 0: none runs */
	bool ending; /* it was asked to */
	struct hook_tally tally;
};

static int64_t
now_ms(void)
{
	return loop_now_ns() / 1000000;
}

/* An anchor every minute is for who wants it: nothing is wrong then. */
static bool
wants_default(const struct hook_event *event)
{
	return event->cls != HOOK_ANCHOR ||
	    json_get_string(event->json, "problem", NULL) != NULL;
}

/* The program of this class, or the default one. Returns as
 * hook_file_find(). */
static int
find_program(const struct hook_runner *runner, const struct hook_event *event,
    char path[PATH_MAX])
{
	const char *folder = runner->options.folder, *why;
	int r;

	r = hook_file_find(folder, runner->name, path, PATH_MAX, &why);
	if (r == FG_ERR_NOT_FOUND && wants_default(event))
		r = hook_file_find(folder, HOOK_DEFAULT, path, PATH_MAX, &why);
	if (r == FG_ERR_NOT_FOUND)
		log_debug("%s: there is no program for it", runner->name);
	else if (r == FG_ERR_UNSAFE)
		log_err("%s: %s %s; it is not run", runner->name, path, why);
	else if (r != 0)
		log_err("%s: %s: %s", runner->name, path, text_error(r));
	return r;
}

/* Returns false if it could not be started, which counts as a failure. */
static bool
start_program(struct hook_runner *runner, struct hook_event *event,
    unsigned int lost, const char *path)
{
	int r;

	runner->tally.lost += lost;
	r = hook_program_start(path, event, lost, &runner->pid);
	if (r == 0) {
		runner->ending = false;
		loop_timer_set(runner->timer, runner->options.time_s * 1000u);
		return true;
	}
	log_err("%s: %s: %s", runner->name, path, text_error(r));
	runner->pid = 0;
	runner->tally.failed++;
	runner->tally.lost += event->count;
	return false;
}

/* Takes the event. Returns true if its program runs now. */
static bool
start(struct hook_runner *runner, struct hook_event *event, unsigned int lost)
{
	char path[PATH_MAX];
	bool started = false;
	int r;

	if ((r = find_program(runner, event, path)) == 0) {
		started = start_program(runner, event, lost, path);
	} else if (r != FG_ERR_NOT_FOUND) {
		runner->tally.failed++;
		runner->tally.lost += event->count + lost;
	}
	if (r != FG_ERR_NOT_FOUND && !started)
		runner->options.ended(runner->options.arg);
	if (started && lost > 0)
		log_warn("%s: %u events before this one came to no program",
		    runner->name, lost);
	hook_event_free(event);
	return started;
}

static void
go_on(struct hook_runner *runner)
{
	struct hook_event *event;
	unsigned int lost;
	int64_t ms;

	while ((event = hook_queue_take(&runner->queue, now_ms(), &lost)) !=
	    NULL) {
		if (start(runner, event, lost))
			return;
	}
	if ((ms = hook_queue_wait_ms(&runner->queue, now_ms())) >= 0)
		loop_timer_set(runner->timer, (unsigned int)ms);
}

static void
on_timer(void *arg)
{
	struct hook_runner *runner = arg;

	/* Should nobody have said that it has ended. */
	if (runner->pid != 0)
		hook_runner_look(runner);
	if (runner->pid == 0) {
		go_on(runner);
		return;
	}
	if (!runner->ending)
		log_warn("%s: pid %d has run for %u s; it has to end",
		    runner->name, (int)runner->pid, runner->options.time_s);
	hook_program_signal(runner->pid, runner->ending ? SIGKILL : SIGTERM);
	runner->ending = true;
	loop_timer_set(runner->timer, HOOK_END_S * 1000u);
}

static void
tell_status(const struct hook_runner *runner, int status)
{
	if (WIFSIGNALED(status))
		log_warn("%s: pid %d was ended by signal %d", runner->name,
		    (int)runner->pid, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		log_warn("%s: pid %d has failed with status %d", runner->name,
		    (int)runner->pid, WEXITSTATUS(status));
	else
		log_info("%s: pid %d is done", runner->name, (int)runner->pid);
}

static void
count_status(struct hook_runner *runner, int status)
{
	struct hook_tally *tally = &runner->tally;

	if (WIFSIGNALED(status))
		tally->killed++;
	else if (WEXITSTATUS(status) != 0)
		tally->failed++;
	else
		tally->done++;
	if (runner->ending)
		tally->late++;
	tally->status = status;
	tally->ended_s = (int64_t)time(NULL);
}

void
hook_runner_look(struct hook_runner *runner)
{
	int status;

	if (runner->pid == 0 || !hook_program_ended(runner->pid, &status))
		return;
	tell_status(runner, status);
	count_status(runner, status);
	runner->pid = 0;
	runner->options.ended(runner->options.arg);
	loop_timer_clear(runner->timer);
	go_on(runner);
}

void
hook_runner_tell(struct hook_runner *runner, struct hook_event *event)
{
	event->came_ms = now_ms();
	runner->tally.events++;
	hook_queue_put(&runner->queue, event);
	if (runner->pid == 0)
		go_on(runner);
}

int
hook_runner_new(const struct hook_runner_options *options, enum hook_class cls,
    struct hook_runner **ret_runner)
{
	struct hook_runner *runner;
	int r;

	*ret_runner = NULL;
	if ((runner = calloc(1, sizeof(*runner))) == NULL)
		return FG_ERR_NOMEM;
	runner->options = *options;
	runner->name = hook_class_name(cls);
	hook_queue_init(&runner->queue, options->a_minute, now_ms());
	r = loop_timer(options->loop, on_timer, runner, &runner->timer);
	if (r != 0) {
		hook_runner_free(runner);
		return r;
	}
	*ret_runner = runner;
	return 0;
}

const struct hook_tally *
hook_runner_tally(const struct hook_runner *runner)
{
	return &runner->tally;
}

void
hook_runner_free(struct hook_runner *runner)
{
	uint64_t left;

	if (runner == NULL)
		return;
	if ((left = hook_queue_events(&runner->queue)) > 0)
		log_warn("%s: %llu events that waited come to no program",
		    runner->name, (unsigned long long)left);
	if (runner->pid != 0)
		hook_program_signal(runner->pid, SIGKILL);
	hook_queue_done(&runner->queue);
	loop_timer_free(runner->timer);
	free(runner);
}
