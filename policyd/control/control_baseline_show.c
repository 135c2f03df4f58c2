/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The baseline as it is, beside what is plugged in now: a worker lists both,
 * from a store of its own and from what its parent has seen.
 */
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SHOW_MS 10000u

struct show {
	struct control_out out;
	const struct devices *devices;
	const struct store_baseline *baseline;
	size_t kept; /* in the baseline */
	size_t missing; /* of these, not there */
	size_t others; /* there, and not in it */
	struct store_learned learned;
};

/* What nobody could look for is not missing. */
static const char *
state_of(const struct show *show, const struct store_device *d)
{
	if (devices_find(show->devices, d->kind, d->what) != NULL)
		return "present";
	return devices_would_see(show->devices, d->kind) ? "missing" :
							   "learned";
}

static int
show_kept(const struct store_device *d, void *arg)
{
	struct show *show = arg;
	const char *state = state_of(show, d);
	struct json *json = json_new();

	show->kept++;
	show->missing += strcmp(state, "missing") == 0;
	json_set_string(json, "state", state);
	control_device_set(json, d->kind, d->what, d->seen);
	json_set_int(json, "at", d->at_s);
	json_set_int(json, "by_uid", d->by_uid);
	json_set_id(json, "by_loginuid", d->by_loginuid);
	control_out_json(&show->out, json);
	return show->out.failed;
}

/* Nothing is new where nobody has said what belongs there. */
static bool
can_be_new(const struct show *show)
{
	return show->baseline->learned || show->baseline->lost;
}

static void
show_others(struct show *show)
{
	const struct store_device *d;
	struct json *json;
	size_t i;

	for (i = 0; i < show->devices->n; i++) {
		d = &show->devices->list[i];
		if (store_baseline_has(show->baseline, d->kind, d->what))
			continue;
		show->others++;
		json = json_new();
		json_set_string(json, "state",
		    can_be_new(show) ? "new" : "external");
		control_device_set(json, d->kind, d->what, d->seen);
		control_out_json(&show->out, json);
	}
}

static void
set_learned(struct json *json, const struct store_learned *learned)
{
	json_set_int(json, "at", learned->at_s);
	json_set_int(json, "by_uid", learned->by_uid);
	json_set_id(json, "by_loginuid", learned->by_loginuid);
	json_set_given(json, "file", learned->file);
}

static void
set_unseen(struct json *json, const struct devices *devices)
{
	const char *unseen = devices_unseen_text(devices);
	char text[CONTROL_PROBLEM_MAX];

	if (unseen == NULL)
		return;
	(void)text_format(text, sizeof(text),
	    "%s could not be looked at%s, so that what is new or missing is "
	    "not known; see farmgatectl status",
	    unseen, devices->looked ? " in full" : "");
	json_set_string(json, "warning", text);
}

static void
show_result(struct show *show)
{
	struct json *json = json_new();

	json_set_bool(json, "learned", show->baseline->learned);
	if (show->baseline->lost)
		json_set_bool(json, "lost", true);
	if (show->baseline->learned)
		set_learned(json, &show->learned);
	json_set_int(json, "devices", (int64_t)show->kept);
	json_set_int(json, "missing", (int64_t)show->missing);
	json_set_int(json, "new", can_be_new(show) ? (int64_t)show->others : 0);
	json_set_int(json, "catalogue", (int64_t)show->devices->nmatches);
	set_unseen(json, show->devices);
	control_out_result(&show->out, json);
}

static int
show_all(struct store *store, void *arg)
{
	struct show *show = arg;
	int r;

	if ((r = store_baseline(store, &show->baseline)) != 0)
		return r;
	r = store_baseline_learned(store, &show->learned);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		return r;
	if ((r = store_baseline_each(store, show_kept, show)) != 0)
		return r;
	show_others(show);
	control_matches_out(&show->out, show->devices);
	show_result(show); /* while the store is open */
	return 0;
}

static int
show_run(int out_fd, void *arg)
{
	static struct show show;
	const struct control_job *job = arg;
	int r;

	control_out_init(&show.out, out_fd);
	show.devices = job->devices;
	r = control_out_store(&show.out, job, show_all, &show);
	if (r != 0)
		return control_out_failed(&show.out, "baseline", r);
	return show.out.failed ? CONTROL_ERROR : CONTROL_OK;
}

void
control_baseline_show(struct control_job *job)
{
	if (control_devices_look(job))
		control_work(job, show_run, control_finished, SHOW_MS);
}
