/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl scan --watch: what comes and goes, and what can be looked at no
 * more or again. What could not be seen is not gone: it is kept until it is
 * seen again, or is not there when everything was looked at that shows it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/scan.h"
#include "policyd/scanner/picture.h"
#include "policyd/text.h"

#define WATCH_S 2
/* new, gone or coverage. */
#define WATCH_ROW "%s %-8s "
/* Of what has a process, and of what has none. */
#define WATCH_PROCESS (PICTURE_PROCESSES | PICTURE_SOCKETS)
#define WATCH_OTHERS  (PICTURE_SESSIONS | PICTURE_INTERFACES | PICTURE_USB)

struct watch {
	struct scan *last;
	bool json;
	/* What of the machine the scanner saw at the best. */
	char scanner[CTL_TEXT_SIZE];
};

static const char *
part_state(const struct json *head, unsigned int part)
{
	return json_get_string(json_get(head, "coverage"),
	    picture_part_name(part), "unknown");
}

static const char *
scanner_state(const struct json *head)
{
	return json_get_string(json_get(head, "coverage"), "scanner",
	    "unknown");
}

/* ---- what is not seen, and may be there all the same -------------------- */

/* Where things are seen; programs are in none of these. */
static const struct {
	enum entry_kind kind;
	uint32_t parts;
} things[] = {
	{ ENTRY_IP_KVM, PICTURE_USB | PICTURE_DISPLAYS },
	{ ENTRY_CAPTURE, PICTURE_USB | PICTURE_DISPLAYS },
	{ ENTRY_DUMMY_PLUG, PICTURE_DISPLAYS },
	{ ENTRY_HYPERVISOR, PICTURE_MACHINE },
	{ ENTRY_KEYBOARD, PICTURE_USB },
	{ ENTRY_POINTER, PICTURE_USB },
	{ ENTRY_OTHER_INPUT, PICTURE_USB },
	{ ENTRY_MONITOR, PICTURE_DISPLAYS },
};

/* PICTURE_*: where such a sign is seen. */
static uint32_t
parts_of(const struct json *sign)
{
	const char *kind = json_get_string(sign, "kind", "");
	const char *grade = json_get_string(sign, "grade", "");
	size_t i;

	for (i = 0; i < sizeof(things) / sizeof(things[0]); i++)
		if (strcmp(kind, entry_kind_name(things[i].kind)) == 0)
			return things[i].parts;
	if (strcmp(grade, sign_grade_name(SIGN_INSTALLED)) == 0)
		return PICTURE_FILES;
	return json_get_int(sign, "pid", 0) != 0 ? WATCH_PROCESS :
						   WATCH_PROCESS | WATCH_OTHERS;
}

static bool
has_uid(const struct json *head, int64_t uid)
{
	const struct json *uids = json_get(head, "lost_uids");
	size_t i;

	for (i = 0; i < json_length(uids); i++)
		if (json_int_at(uids, i, -1) == uid)
			return true;
	return false;
}

static bool
found_no_room(const struct json *head, const struct json *sign)
{
	if (strcmp(json_get_string(sign, "owner", ""),
		sign_owner_name(SIGN_OF_USER)) != 0)
		return json_get_int(head, "lost", 0) > 0;
	return has_uid(head, json_get_int(sign, "uid", -1)) ||
	    json_length(json_get(head, "lost_uids")) >=
	    PICTURE_LOST_UIDS; /* no more are named */
}

/* Whether a sign that is not in this picture need not be gone. */
static bool
may_be_there(const struct watch *watch, const struct json *head,
    const struct json *sign)
{
	const char *scanner = scanner_state(head);
	uint32_t parts = parts_of(sign);
	unsigned int i;

	if (json_get_bool(head, "whole", false))
		return false;
	for (i = 0; i < PICTURE_PARTS; i++)
		if ((parts & 1u << i) != 0 &&
		    strcmp(part_state(head, i), "full") != 0)
			return true;
	return found_no_room(head, sign) ||
	    (strcmp(scanner, "full") != 0 &&
		strcmp(scanner, watch->scanner) != 0);
}

/* ---- what can be looked at ---------------------------------------------- */

static void
print_row(const char *change)
{
	char at[CTL_TIME_SIZE];

	printf(WATCH_ROW, ctl_second_text((int64_t)time(NULL), at), change);
}

static bool
tell_scanner(const struct json *was, const struct json *head, bool json)
{
	char text[CTL_TEXT_SIZE];

	if (strcmp(scanner_state(was), scanner_state(head)) == 0)
		return false;
	if (!json) {
		print_row("coverage");
		printf("scanner: %s\n",
		    ctl_text(json_get(head, "coverage"), "scanner", "unknown",
			text));
	}
	return true;
}

static bool
tell_parts(const struct json *was, const struct json *head, bool json)
{
	char text[CTL_TEXT_SIZE];
	const char *state;
	bool any = false;
	unsigned int i;

	for (i = 0; i < PICTURE_PARTS; i++) {
		if (strcmp(part_state(was, i), part_state(head, i)) == 0)
			continue;
		any = true;
		if (json)
			continue;
		state = ctl_text(json_get(head, "coverage"),
		    picture_part_name(i), "unknown", text);
		print_row("coverage");
		printf("%s: %s\n", picture_part_name(i),
		    strcmp(state, "failed") == 0 ? "could not look" : state);
	}
	return any;
}

static bool
tell_outdated(const struct json *was, const struct json *head, bool json)
{
	bool is = json_get_bool(head, "outdated", false);

	if (json_get_bool(was, "outdated", false) == is)
		return false;
	if (!json) {
		print_row("coverage");
		puts(is ? "OUTDATED: the scanner has given no newer look" :
			  "a newer look has come");
	}
	return true;
}

/* How many they are changes too often to be told. */
static bool
tell_lost(const struct json *was, const struct json *head, bool json)
{
	bool is = json_get_int(head, "lost", 0) > 0;

	if ((json_get_int(was, "lost", 0) > 0) == is)
		return false;
	if (!json) {
		print_row("coverage");
		puts(is ? "more signs found no room" :
			  "every sign has found room");
	}
	return true;
}

/* The users of one who are not in the other. */
static bool
tell_lost_uids(const struct json *of, const struct json *in, bool lost,
    bool json)
{
	const struct json *uids = json_get(of, "lost_uids");
	char name[CTL_TEXT_SIZE];
	bool any = false;
	int64_t uid;
	size_t i;

	for (i = 0; i < json_length(uids); i++) {
		uid = json_int_at(uids, i, -1);
		if (has_uid(in, uid))
			continue;
		any = true;
		if (json)
			continue;
		print_row("coverage");
		printf("%s of %s found%s room\n",
		    lost ? "more signs" : "every sign",
		    scan_name_of(uid, name, sizeof(name)), lost ? " no" : "");
	}
	return any;
}

/* Each change has a line of its own. Whether there was one. */
static bool
tell_coverage(const struct json *was, const struct json *head, bool json)
{
	bool any = tell_scanner(was, head, json);

	any |= tell_parts(was, head, json);
	any |= tell_outdated(was, head, json);
	any |= tell_lost(was, head, json);
	any |= tell_lost_uids(head, was, true, json);
	any |= tell_lost_uids(was, head, false, json);
	return any;
}

static struct json *
new_change(const char *change)
{
	struct json *json = json_new();

	json_set_int(json, "at", (int64_t)time(NULL));
	json_set_string(json, "change", change);
	return json;
}

/* One object has all of it, with the keys of scan. */
static int
print_coverage(const struct json *head)
{
	const struct json *uids = json_get(head, "lost_uids");
	struct json *json = new_change("coverage"), *list;
	size_t i;
	int r;

	json_set_bool(json, "outdated", json_get_bool(head, "outdated", false));
	json_set_bool(json, "whole", json_get_bool(head, "whole", false));
	if (json_get_int(head, "lost", 0) > 0)
		json_set_int(json, "lost", json_get_int(head, "lost", 0));
	if (json_length(uids) > 0) {
		list = json_set_array(json, "lost_uids");
		for (i = 0; i < json_length(uids); i++)
			json_add_int(list, json_int_at(uids, i, -1));
	}
	if ((r = scan_print_open(json, "coverage")) == CTL_OK &&
	    (r = scan_print_json(json_get(head, "coverage"))) == CTL_OK)
		puts("}");
	json_free(json);
	return r;
}

static int
watch_coverage(struct watch *watch, const struct json *head)
{
	if (strcmp(scanner_state(head), "full") == 0)
		(void)text_format(watch->scanner, sizeof(watch->scanner),
		    "full");
	if (!tell_coverage(watch->last->head, head, watch->json) ||
	    !watch->json)
		return CTL_OK;
	return print_coverage(head);
}

/* ---- what comes and goes ------------------------------------------------ */

static bool
same_text(const struct json *a, const struct json *b, const char *key)
{
	return strcmp(json_get_string(a, key, ""),
		   json_get_string(b, key, "")) == 0;
}

static bool
has_sign(const struct scan *scan, const struct json *sign)
{
	const struct json *other;
	size_t i;

	for (i = 0; i < scan->n; i++) {
		other = scan->sign[i];
		if (same_text(other, sign, "kind") &&
		    same_text(other, sign, "entry") &&
		    same_text(other, sign, "grade") &&
		    json_get_int(other, "uid", -1) ==
			json_get_int(sign, "uid", -1))
			return true;
	}
	return false;
}

static int
print_change(const struct json *sign, const char *change, bool json)
{
	struct json *head;
	int r;

	if (!json) {
		print_row(change);
		scan_print_sign(sign);
		return CTL_OK;
	}
	head = new_change(change);
	if ((r = scan_print_open(head, "sign")) == CTL_OK &&
	    (r = scan_print_json(sign)) == CTL_OK)
		puts("}");
	json_free(head);
	return r;
}

/* The sign becomes one of the picture. */
static int
keep(struct scan *now, struct json **sign)
{
	struct json **more;

	more = reallocarray(now->sign, now->n + 1, sizeof(struct json *));
	if (more == NULL) {
		ctl_complain("out of memory");
		return CTL_ERROR;
	}
	now->sign = more;
	now->sign[now->n++] = *sign;
	*sign = NULL;
	return CTL_OK;
}

static int
watch_gone(const struct watch *watch, struct scan *now)
{
	struct scan *last = watch->last;
	size_t i;
	int r = CTL_OK;

	for (i = 0; i < last->n && r == CTL_OK; i++) {
		if (has_sign(now, last->sign[i]))
			continue;
		if (may_be_there(watch, now->head, last->sign[i]))
			r = keep(now, &last->sign[i]);
		else
			r = print_change(last->sign[i], "gone", watch->json);
	}
	return r;
}

/* Before anything is kept. */
static int
watch_new(const struct watch *watch, const struct scan *now)
{
	size_t i;
	int r = CTL_OK;

	for (i = 0; i < now->n && r == CTL_OK; i++)
		if (!has_sign(watch->last, now->sign[i]))
			r = print_change(now->sign[i], "new", watch->json);
	return r;
}

int
scan_watch(const struct ctl *ctl, struct scan *last, bool json)
{
	struct watch watch = { .last = last, .json = json };
	struct scan now;
	int r;

	(void)text_format(watch.scanner, sizeof(watch.scanner), "%s",
	    scanner_state(last->head));
	for (;;) {
		(void)sleep(WATCH_S);
		if ((r = scan_take(ctl, &now)) != CTL_OK ||
		    (r = watch_coverage(&watch, now.head)) != CTL_OK ||
		    (r = watch_new(&watch, &now)) != CTL_OK ||
		    (r = watch_gone(&watch, &now)) != CTL_OK)
			break;
		if (fflush(stdout) != 0) {
			r = CTL_ERROR;
			break;
		}
		scan_free(last);
		*last = now;
	}
	scan_free(&now);
	return r;
}
