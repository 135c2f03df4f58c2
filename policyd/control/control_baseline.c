/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The baseline for administrators: what is plugged in from outside is learned
 * as a whole, or accepted one by one, and what the catalogue knows never is.
 * The scanner has looked when a command begins. control_baseline_show.c shows
 * it.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/control/control_parts.h"
#include "policyd/machine/machine.h"
#include "policyd/machine/scanlink.h"
#include "policyd/text.h"
#include "proto/result.h"

#define LEARN_LIST_MS 10000u
#define ACCEPT_MAX    16u /* devices that are named in one command */

/* ---- what is there ------------------------------------------------------ */

static void
stamp(const struct control_job *job, struct devices *devices)
{
	size_t i;

	for (i = 0; i < devices->n; i++) {
		devices->list[i].at_s = daemon_wall_s();
		devices->list[i].by_uid = job->by.uid;
		devices->list[i].by_loginuid = job->by.loginuid;
	}
}

bool
control_devices_look(struct control_job *job)
{
	const struct daemon *daemon = job->daemon;
	const struct conf_machine *machine = &daemon->rules->conf->machine;

	if ((job->devices = malloc(sizeof(*job->devices))) == NULL) {
		control_failed(job, "baseline", FG_ERR_NOMEM);
		return false;
	}
	devices_look(machine_is_fresh(daemon, machine) ?
		scanlink_picture(daemon->scanlink) :
		NULL,
	    &machine->approved, job->devices);
	stamp(job, job->devices);
	return true;
}

static bool
is_barred(struct control_job *job)
{
	const struct devices_match *match = devices_bar(job->devices);

	if (match != NULL)
		control_problem(job,
		    "there is %s, of kind %s (%s), and nothing is learned "
		    "while it is: an IP-KVM brings a keyboard, a mouse and a "
		    "screen of its own",
		    match->what, entry_kind_name(match->kind), match->seen);
	return match != NULL;
}

/* Without all of the catalogue an IP-KVM is a keyboard like any other. */
static bool
was_sought(struct control_job *job)
{
	const char *unsought = machine_unsought(job->daemon);

	if (unsought != NULL)
		control_problem(job,
		    "%s, and without it nothing is learned, as an IP-KVM "
		    "would be taken for the machine's own; mend what "
		    "farmgatectl catalogue check names, or farmgatectl status "
		    "of the scanner, and restart the farmgate service",
		    unsought);
	return unsought == NULL;
}

static bool
was_seen(struct control_job *job)
{
	const char *unseen = devices_unseen_text(job->devices);

	if (!job->devices->looked)
		control_problem(job,
		    "the scanner has not looked at this machine; see "
		    "farmgatectl status");
	else if (unseen != NULL)
		control_problem(job,
		    "not all %s could be looked at; try again, and see "
		    "farmgatectl status",
		    unseen);
	return unseen == NULL;
}

/* ---- as objects --------------------------------------------------------- */

void
control_device_set(struct json *json, enum entry_kind kind, const char *what,
    const char *seen)
{
	json_set_string(json, "kind",
	    kind == ENTRY_NONE ? "unknown" : entry_kind_name(kind));
	json_set_untrusted(json, "what", what);
	json_set_untrusted(json, "seen", seen);
}

void
control_matches_out(struct control_out *out, const struct devices *devices)
{
	const struct devices_match *match;
	struct json *json;
	size_t i;

	for (i = 0; i < devices->nmatches; i++) {
		match = &devices->match[i];
		json = json_new();
		json_set_string(json, "state", "catalogue");
		control_device_set(json, match->kind, match->what, match->seen);
		control_out_json(out, json);
	}
}

/* ---- learn -------------------------------------------------------------- */

bool
control_baseline_learn_check(struct control_job *job)
{
	const char *file = json_get_string(job->args, "file", "");

	if (strlen(file) <= STORE_LEARNED_FILE_MAX)
		return true;
	control_problem(job, "the file's name has more than %u bytes",
	    STORE_LEARNED_FILE_MAX);
	return false;
}

static int
learn_run(int out_fd, void *arg)
{
	static struct control_out out;
	const struct control_job *job = arg;
	const struct devices *devices = job->devices;
	struct json *json;
	size_t i;

	control_out_init(&out, out_fd);
	for (i = 0; i < devices->n; i++) {
		json = json_new();
		json_set_string(json, "state", "learned");
		control_device_set(json, devices->list[i].kind,
		    devices->list[i].what, devices->list[i].seen);
		control_out_json(&out, json);
	}
	control_matches_out(&out, devices);
	control_out_flush(&out);
	return out.failed ? CONTROL_ERROR : CONTROL_OK;
}

static void
learn_answer(struct control_job *job, bool learned)
{
	struct json *json = json_new();

	json_set_bool(json, "learned", learned);
	json_set_int(json, "devices", (int64_t)job->devices->n);
	control_answer(job, json, CONTROL_OK);
}

/* Recorded first: what is learned is never found again. */
static void
learn(struct control_job *job)
{
	const struct devices *devices = job->devices;
	struct store_learned learned = { .at_s = daemon_wall_s(),
		.by_uid = job->by.uid,
		.by_loginuid = job->by.loginuid };
	int r;

	(void)text_copy(learned.file, sizeof(learned.file),
	    json_get_string(job->args, "file", ""));
	if (control_record_baseline(job, "learn", devices->list, devices->n) !=
	    0) {
		control_unrecorded(job, "the baseline stays as it was");
		return;
	}
	if ((r = store_baseline_learn(job->daemon->store, &learned,
		 devices->list, devices->n)) != 0) {
		control_failed(job, "baseline", r);
		return;
	}
	daemon_changed(job->daemon);
	learn_answer(job, true);
}

/* The list has gone out; whoever did not wait for it has learned nothing. */
static void
learn_done(struct control_job *job, int status)
{
	if (status != CONTROL_OK || job->conn == NULL)
		control_finished(job, status);
	else if (json_get_bool(job->args, "dry_run", false))
		learn_answer(job, false);
	else
		learn(job);
}

/* Another machine's list can be taken where nothing can be looked at. */
static bool
may_learn(struct control_job *job)
{
	const struct json *list = json_get(job->args, "devices");
	char why[CONTROL_PROBLEM_MAX];

	if (is_barred(job))
		return false;
	if (list == NULL)
		return was_sought(job) && was_seen(job);
	if (devices_read(list, job->devices, why, sizeof(why)) != NULL) {
		control_problem(job, "%s", why);
		return false;
	}
	stamp(job, job->devices);
	return true;
}

void
control_baseline_learn(struct control_job *job)
{
	if (!control_devices_look(job))
		return;
	if (!may_learn(job))
		control_refuse(job);
	else
		control_work(job, learn_run, learn_done, LEARN_LIST_MS);
}

/* ---- accept ------------------------------------------------------------- */

bool
control_baseline_accept_check(struct control_job *job)
{
	const struct json *names = json_get(job->args, "what");
	size_t i, n = json_length(names);

	if (n < 1 || n > ACCEPT_MAX) {
		control_problem(job,
		    "name one device, up to %u, as farmgatectl baseline show "
		    "has them in the third column",
		    ACCEPT_MAX);
		return false;
	}
	for (i = 0; i < n; i++)
		if (json_string_at(names, i, "")[0] == '\0') {
			control_problem(job, "a device has a name");
			return false;
		}
	return true;
}

static void
not_there(struct control_job *job, const char *what)
{
	struct conf_near near = { .word = what };
	char text[CONF_NEAR_SIZE];
	size_t i;

	for (i = 0; i < job->devices->n; i++)
		conf_near_offer(&near, job->devices->list[i].what);
	control_problem(job, "%s is not plugged in; %s", what,
	    conf_near_text(&near, "farmgatectl baseline show lists what is",
		text));
	control_not_found(job);
}

static bool
is_named(const struct json *names, const char *what)
{
	size_t i;

	for (i = 0; i < json_length(names); i++)
		if (strcmp(json_string_at(names, i, ""), what) == 0)
			return true;
	return false;
}

/* Of all that are there, those that are named and are not known yet. */
static void
keep_named(struct devices *devices, const struct json *names,
    const struct store_baseline *baseline)
{
	const struct store_device *d;
	size_t i, n = 0;

	for (i = 0; i < devices->n; i++) {
		d = &devices->list[i];
		if (is_named(names, d->what) &&
		    !store_baseline_has(baseline, d->kind, d->what))
			devices->list[n++] = *d;
	}
	devices->n = n;
}

/* The first that is named and is not there, or NULL. */
static const char *
first_absent(const struct devices *devices, const struct json *names)
{
	const char *what;
	size_t i, k;

	for (i = 0; i < json_length(names); i++) {
		what = json_string_at(names, i, "");
		for (k = 0; k < devices->n; k++)
			if (strcmp(devices->list[k].what, what) == 0)
				break;
		if (k == devices->n)
			return what;
	}
	return NULL;
}

static bool
is_learned(struct control_job *job, const struct store_baseline **ret_baseline)
{
	int r = store_baseline(job->daemon->store, ret_baseline);

	if (r != 0)
		control_problem(job, "baseline: %s", text_error(r));
	else if (!(*ret_baseline)->learned)
		control_problem(job,
		    "there is no baseline to add to; learn it first, with "
		    "farmgatectl baseline learn");
	else
		return true;
	return false;
}

static bool
has_room(struct control_job *job, const struct store_baseline *baseline)
{
	if (job->devices->n <= STORE_DEVICES_MAX - baseline->n)
		return true;
	control_problem(job,
	    "the baseline has %zu devices, and room for %u; learn it anew, "
	    "with farmgatectl baseline learn",
	    baseline->n, STORE_DEVICES_MAX);
	return false;
}

static void
accept_answer(struct control_job *job)
{
	struct json *json = json_new(), *list;
	const struct store_device *d;
	size_t i;

	list = json_set_array(json, "accepted");
	for (i = 0; i < job->devices->n; i++) {
		d = &job->devices->list[i];
		control_device_set(json_add_object(list), d->kind, d->what,
		    d->seen);
	}
	control_answer(job, json, CONTROL_OK);
}

static void
accept_devices(struct control_job *job)
{
	const struct devices *devices = job->devices;
	int r;

	if (devices->n == 0) { /* all are known, and stay as they are */
		accept_answer(job);
		return;
	}
	if (control_record_baseline(job, "accept", devices->list, devices->n) !=
	    0) {
		control_unrecorded(job, "the baseline stays as it was");
		return;
	}
	if ((r = store_baseline_accept(job->daemon->store, devices->list,
		 devices->n)) != 0) {
		control_failed(job, "baseline", r);
		return;
	}
	daemon_changed(job->daemon);
	accept_answer(job);
}

void
control_baseline_accept(struct control_job *job)
{
	const struct json *names = json_get(job->args, "what");
	const struct store_baseline *baseline;
	const char *absent;

	if (!control_devices_look(job))
		return;
	if (is_barred(job) || !was_sought(job) || !was_seen(job) ||
	    !is_learned(job, &baseline)) {
		control_refuse(job);
		return;
	}
	if ((absent = first_absent(job->devices, names)) != NULL) {
		not_there(job, absent);
		return;
	}
	keep_named(job->devices, names, baseline);
	if (!has_room(job, baseline))
		control_refuse(job);
	else
		accept_devices(job);
}
