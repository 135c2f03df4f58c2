/* SPDX-License-Identifier: BSD-2-Clause */
/* Metrics of events that hooks are told, and of how their programs end. */
#include "ctl/metrics/put.h"
#include "policyd/hooks/hook_class.h"

static const struct metric metrics[] = {
	{ "hook_events_told_total", "counter", "Events told to farmgate-hooks.",
	    "hooks", "told" },
	{ "hook_events_waiting", "gauge",
	    "Events that wait for farmgate-hooks.", "hooks", "waiting" },
	{ "hook_events_lost_total", "counter",
	    "Events that farmgate-hooks could not be told.", "hooks", "lost" },
};

static void
put_programs(FILE *out, const struct json *programs)
{
	static const char *const results[] = { "done", "failed", "killed" };
	const struct json *program;
	const char *name;
	size_t i;
	int cls;

	put_head(out, "hook_runs_total", "counter",
	    "Runs of hooks since farmgate-hooks started, by how they ended.");
	for (cls = HOOK_NONE + 1; cls < HOOK_COUNT; cls++) {
		name = hook_class_name((enum hook_class)cls);
		if ((program = json_get(programs, name)) == NULL)
			continue;
		for (i = 0; i < sizeof(results) / sizeof(results[0]); i++)
			fprintf(out,
			    "farmgate_hook_runs_total{event=\"%s\","
			    "result=\"%s\"} %lld\n",
			    name, results[i],
			    (long long)json_get_int(program, results[i], 0));
	}
}

void
put_hooks(FILE *out, const struct json *report)
{
	const struct json *programs =
	    json_get(json_get(report, "hooks"), "programs");
	size_t i;

	for (i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
		put_metric(out, report, &metrics[i]);
	if (programs != NULL)
		put_programs(out, programs);
}
