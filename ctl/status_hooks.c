/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl status: what the hook service was told, and how its programs have
 * ended, by the daemon's word and by the service's.
 */
#include <stdio.h>

#include "ctl/status.h"
#include "policyd/hooks/hook_status.h"
#include "proto/result.h"

static const char *const counts[] = { "told", "done", "failed", "killed",
	"late", "lost" };
static const char *const last[] = { "ended", "status", "signal" };

static void
copy(const struct json *from, struct json *to, const char *key)
{
	int64_t n = json_get_int(from, key, -1);

	if (n >= 0)
		json_set_int(to, key, n);
}

static void
copy_tally(const struct json *from, struct json *to)
{
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		copy(from, to, counts[i]);
	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++)
		copy(from, to, last[i]);
}

void
status_add_hooks(struct json *report)
{
	struct json *status, *events, *hooks, *programs, *one;
	const char *name;
	int i;

	if ((hooks = json_get(report, "hooks")) == NULL ||
	    hook_status_read(HOOK_STATUS_FOLDER, &status) != 0)
		return;
	programs = json_set_object(hooks, "programs");
	copy(status, programs, "since");
	events = json_get(status, "events");
	for (i = HOOK_NONE + 1; i < HOOK_COUNT; i++) {
		name = hook_class_name((enum hook_class)i);
		if ((one = json_get(events, name)) != NULL)
			copy_tally(one, json_set_object(programs, name));
	}
	json_free(status);
}

static void
print_ended(const struct json *program)
{
	long long signo = json_get_int(program, "signal", 0);
	char when[CTL_TIME_SIZE];

	if (json_get_int(program, "ended", 0) == 0)
		return;
	printf("; last %s ",
	    ctl_time_text(json_get_int(program, "ended", 0), when));
	if (signo > 0)
		printf("BY SIGNAL %lld", signo);
	else if (json_get_int(program, "status", 0) > 0)
		printf("WITH STATUS %lld",
		    (long long)json_get_int(program, "status", 0));
	else
		printf("well");
}

/* "denied: events 10000, runs 12, failed 1; last 2026-... well" */
static void
print_program(const char *name, const struct json *program)
{
	long long failed = json_get_int(program, "failed", 0);
	long long killed = json_get_int(program, "killed", 0);
	long long runs = json_get_int(program, "done", 0) + failed + killed;

	if (runs == 0)
		return;
	printf(STATUS_LABEL "%s: events %lld, runs %lld, failed %lld", "", name,
	    (long long)json_get_int(program, "told", 0), runs, failed + killed);
	if (json_get_int(program, "late", 0) > 0)
		printf(" (%lld too late)",
		    (long long)json_get_int(program, "late", 0));
	if (json_get_int(program, "lost", 0) > 0)
		printf(", lost %lld",
		    (long long)json_get_int(program, "lost", 0));
	print_ended(program);
	putchar('\n');
}

static void
print_programs(const struct json *programs)
{
	const char *name;
	int i;

	for (i = HOOK_NONE + 1; i < HOOK_COUNT; i++) {
		name = hook_class_name((enum hook_class)i);
		print_program(name, json_get(programs, name));
	}
}

/* Nothing while there was nothing to tell. */
void
status_print_hooks(const struct json *hooks)
{
	long long told = json_get_int(hooks, "told", 0);
	long long lost = json_get_int(hooks, "lost", 0);
	long long waiting = json_get_int(hooks, "waiting", 0);
	char text[CTL_TEXT_SIZE];

	if (told + lost + waiting > 0) {
		printf(STATUS_LABEL "events told %lld, lost %lld", "hooks",
		    told, lost);
		if (waiting > 0)
			printf(", waiting %lld", waiting);
		putchar('\n');
	}
	if (told + lost > 0 && json_get_string(hooks, "problem", "")[0] != '\0')
		printf(STATUS_LABEL "the last one: %s; systemctl enable --now "
				    "farmgate-hooks.socket\n",
		    "", ctl_text(hooks, "problem", "", text));
	print_programs(json_get(hooks, "programs"));
}
