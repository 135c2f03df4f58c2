/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rollout: for the record, which services' stacks farmgatectl has put the gate
 * into or taken it out of. The daemon changes none of them and cannot know
 * whether it is so: hence only root, who could do either, says it.
 */
#include <string.h>

#include "policyd/control/control_parts.h"

#define SERVICES_MAX 64u

static const char *const actions[] = { "enable", "confirm", "rollback",
	"disable", NULL };
static const char *const modes[] = { "", "observe", "enforce", NULL };

static bool
is_one_of(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static bool
are_services(const struct json *list)
{
	size_t i, len, n = json_length(list);

	for (i = 0; i < n && i < SERVICES_MAX; i++) {
		len = strlen(json_string_at(list, i, ""));
		if (len == 0 || len > FG_SERVICE_MAX)
			return false;
	}
	return n > 0 && n <= SERVICES_MAX;
}

bool
control_rollout_check(struct control_job *job)
{
	if (job->uid != 0)
		control_problem(job, "rollout: only root changes PAM stacks");
	else if (!is_one_of(json_get_string(job->args, "action", "-"),
		     actions) ||
	    !is_one_of(json_get_string(job->args, "mode", ""), modes) ||
	    !are_services(json_get(job->args, "services")))
		control_problem(job, "rollout: this is no change of services");
	else
		return true;
	return false;
}

void
control_rollout(struct control_job *job)
{
	if (control_record_rollout(job) == 0) {
		control_answer(job, json_new(), CONTROL_OK);
		return;
	}
	control_problem(job, CONTROL_UNRECORDED);
	control_refuse(job);
}
