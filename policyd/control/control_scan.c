/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the scanner sees of this machine, for administrators: every sign, also
 * those that are approved or belong there.
 */
#include "policyd/check/check_sign.h"
#include "policyd/control/control_parts.h"
#include "policyd/machine/machine.h"
#include "policyd/machine/scanlink.h"
#include "policyd/scanner/unit.h"

#define SCAN_MS	    10000u
#define SCAN_OLD_MS 2000 /* a younger one was asked for, and has not come */

static int64_t
age_ms(const struct gather_machine *machine)
{
	return (machine->now_ns - machine->picture->taken_ns) / 1000000;
}

static bool
is_outdated(const struct gather_machine *machine)
{
	return machine->blind || age_ms(machine) > SCAN_OLD_MS;
}

/* That nothing was seen means something. */
static bool
is_whole(const struct gather_machine *machine)
{
	const struct picture *p = machine->picture;

	return !is_outdated(machine) && machine->coverage == NULL &&
	    p->failed == 0 && p->cut == 0 && p->lost == 0 && p->nlost_uids == 0;
}

/* What decides logins; what is meant to be so is said as well. */
static const char *
coverage_of(const struct daemon *daemon, const struct gather_machine *machine)
{
	return machine->coverage != NULL ? machine->coverage :
					   scanlink_coverage(daemon->scanlink);
}

/* "full", "partial" or "failed", each. */
static void
add_coverage(struct json *json, const struct daemon *daemon,
    const struct gather_machine *machine)
{
	struct json *o = json_set_object(json, "coverage");
	const struct picture *p = machine->picture;
	unsigned int i;

	json_set_string(o, "scanner", coverage_of(daemon, machine));
	for (i = 0; i < PICTURE_PARTS; i++)
		json_set_string(o, picture_part_name(i),
		    (p->failed & 1u << i) != 0	? "failed" :
			(p->cut & 1u << i) != 0 ? "partial" :
						  "full");
}

static void
add_lost(struct json *json, const struct picture *p)
{
	struct json *list;
	uint32_t i;

	if (p->lost > 0)
		json_set_int(json, "lost", p->lost);
	if (p->nlost_uids == 0)
		return;
	list = json_set_array(json, "lost_uids");
	for (i = 0; i < p->nlost_uids; i++)
		json_add_int(list, p->lost_uid[i]);
}

/* A device needs a baseline that does not have it, a machine a tag. */
static bool
is_finding(const struct conf *conf, const struct gather_machine *machine,
    const struct sign *s)
{
	if (check_sign_code(s->kind) == FINDING_NONE ||
	    check_sign_grade(s) == NULL)
		return false;
	if (gather_is_device(s->kind))
		return !gather_is_known(machine, s);
	if (gather_is_approved(conf, s))
		return false;
	return s->kind != ENTRY_HYPERVISOR || conf->machine.asset != NULL;
}

/* Of the process: its unit, and what of it is not the host's. */
static void
set_where(struct json *o, const struct sign *s)
{
	struct json *list = NULL;
	char unit[UNIT_SIZE];
	unsigned int bit;

	unit_of(s->cgroup, unit);
	if (unit[0] != '\0')
		json_set_untrusted(o, "unit", unit);
	for (bit = 0; bit < SIGN_APARTS; bit++) {
		if ((s->apart & 1u << bit) == 0)
			continue;
		if (list == NULL)
			list = json_set_array(o, "namespaces");
		json_add_string(list, sign_apart_name(bit));
	}
}

static void
set_sign(struct json *o, const struct conf *conf,
    const struct gather_machine *machine, const struct sign *s)
{
	const char *grade = check_sign_grade(s);
	uint64_t support;

	if (is_finding(conf, machine, s))
		json_set_string(o, "finding",
		    finding_info(check_sign_code(s->kind))->name);
	json_set_given(o, "grade",
	    grade == NULL ? sign_grade_name(s->grade) : grade);
	json_set_untrusted(o, "entry", s->what);
	if (s->entry[0] != '\0')
		json_set_string(o, "tool", s->entry);
	json_set_string(o, "kind", entry_kind_name(s->kind));
	json_set_string(o, "confidence", sign_confidence_name(s->confidence));
	json_set_string(o, "owner", sign_owner_name(s->owner));
	if (s->uid != (uint32_t)-1)
		json_set_int(o, "uid", s->uid);
	if (s->pid != 0)
		json_set_int(o, "pid", s->pid);
	if (s->since_s > 0)
		json_set_int(o, "since", s->since_s);
	set_where(o, s);
	json_set_untrusted(o, "seen", s->seen);
	if (gather_is_approved(conf, s))
		json_set_bool(o, "approved", true);
	if ((support = gather_support_of(machine, s)) != 0)
		json_set_int(o, "support", (int64_t)support);
	if (gather_is_device(s->kind) && machine->known != NULL)
		json_set_bool(o, "baseline", gather_is_known(machine, s));
}

static void
set_head(struct json *json, const struct daemon *daemon,
    const struct gather_machine *machine)
{
	const struct conf *conf = daemon->rules->conf;
	const struct picture *p = machine->picture;

	json_set_int(json, "taken", p->taken_s);
	json_set_int(json, "age_ms", age_ms(machine));
	json_set_bool(json, "outdated", is_outdated(machine));
	json_set_bool(json, "whole", is_whole(machine));
	json_set_int(json, "cost_us", p->cost_us);
	json_set_int(json, "processes", p->processes);
	json_set_int(json, "sockets", p->sockets);
	json_set_given(json, "asset",
	    conf->machine.asset == NULL ? "" : conf->machine.asset);
	json_set_bool(json, "baseline", machine->known != NULL);
	if (p->seat_uid != (uint32_t)-1)
		json_set_int(json, "seat_uid", p->seat_uid);
	add_lost(json, p);
	add_coverage(json, daemon, machine);
}

/* Known before the worker begins: the store is its parent's. */
static struct gather_machine known;

/* In a worker, from the memory that it has of its parent: it may be long. */
static int
scan_run(int out_fd, void *arg)
{
	static struct control_out out;
	const struct control_job *job = arg;
	const struct daemon *daemon = job->daemon;
	const struct picture *picture = known.picture;
	struct json *json;
	size_t i;

	control_out_init(&out, out_fd);
	for (i = 0; i < picture->nsigns; i++) {
		json = json_new();
		set_sign(json, daemon->rules->conf, &known, &picture->sign[i]);
		control_out_json(&out, json);
	}
	json = json_new();
	set_head(json, daemon, &known);
	control_out_result(&out, json);
	control_out_flush(&out);
	return out.failed ? CONTROL_ERROR : CONTROL_OK;
}

void
control_scan(struct control_job *job)
{
	const struct daemon *daemon = job->daemon;

	machine_known(daemon, daemon->rules->conf, &known);
	if (known.picture != NULL) {
		control_work(job, scan_run, control_finished, SCAN_MS);
		return;
	}
	control_problem(job,
	    "the scanner has seen nothing yet: it is %s; see farmgatectl "
	    "status",
	    scanlink_state(daemon->scanlink));
	control_refuse(job);
}
