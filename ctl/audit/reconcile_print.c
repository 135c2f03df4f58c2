/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was found, for people and as one object. Names are whoever's wrote the
 * logs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/audit/reconcile.h"
#include "ctl/ctl.h"
#include "policyd/text.h"

#define SHOWN_SIZE 600u
#define LISTED	   100u /* gaps, on a terminal */

const char *
gap_kind_text(enum gap_kind kind)
{
	static const char *const texts[] = { "no record", "refused",
		"fail-open", "daemon down", "break-glass" };

	return texts[kind];
}

static const char *
shown(const char *text, char buf[SHOWN_SIZE])
{
	if (text == NULL)
		text = "-";
	return text_escape_utf8(buf, SHOWN_SIZE, text, strlen(text));
}

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void
print_gap(const struct gap *gap)
{
	char when[CTL_TIME_SIZE], user[SHOWN_SIZE], from[SHOWN_SIZE];
	char service[SHOWN_SIZE], file[SHOWN_SIZE], times[40] = "";

	if (gap->times > 1)
		(void)text_format(times, sizeof(times), ", %llu times",
		    (unsigned long long)gap->times);
	printf("  %-11s  %s  %s%s%s to %s%s  (%s:%llu%s%s)\n",
	    gap_kind_text(gap->kind), ctl_second_text(gap->at_s, when),
	    shown(gap->user, user), gap->from[0] != '\0' ? " from " : "",
	    shown(gap->from, from), shown(gap->service, service), times,
	    shown(gap->file, file), (unsigned long long)gap->line,
	    gap->ref[0] != '\0' ? ", " : "", gap->ref);
}

/* Whether these were decided nobody can say. */
static void
print_unknown(const struct reconcile *r)
{
	if (r->undated > 0)
		printf("\nNOT COMPLETE: %llu accepted login%s without a time "
		       "that can be read\n",
		    (unsigned long long)r->undated, plural(r->undated));
	if (r->unread_logins > 0)
		printf("\nNOT COMPLETE: %llu line%s that may be of an accepted "
		       "login could not be read\n",
		    (unsigned long long)r->unread_logins,
		    plural(r->unread_logins));
}

static void
print_gaps(const struct reconcile *r)
{
	uint64_t all = reconcile_gaps(r), told = 0;
	unsigned int listed = 0;

	print_unknown(r);
	if (all == 0 && reconcile_unknown(r) == 0)
		puts(r->logins + r->terminals > 0 ?
			"complete: each of them was decided" :
			"there is no login to hold against it");
	if (all == 0)
		return;
	printf("\nNOT COMPLETE: %llu login%s without a decision that lets it "
	       "in\n",
	    (unsigned long long)all, plural(all));
	for (size_t i = 0; i < r->ngaps && listed < LISTED; i++) {
		if (r->gap[i].kind == GAP_GLASS)
			continue;
		print_gap(&r->gap[i]);
		listed++;
		told += r->gap[i].times;
	}
	if (all > told)
		printf("  and %llu more; --json has them\n",
		    (unsigned long long)(all - told));
}

static void
print_late(const struct reconcile *r)
{
	if (r->late > 0)
		printf("\n%llu of them stand%s behind a line of the same file "
		       "that is more than %d minutes\nlater: a decision may "
		       "be there all the same; put the lines in order\n",
		    (unsigned long long)r->late, r->late == 1 ? "s" : "",
		    RECONCILE_ORDER_S / 60);
}

static void
print_down(const struct down *down)
{
	char from[CTL_TIME_SIZE], until[CTL_TIME_SIZE];

	(void)ctl_second_text(down->from_s, from);
	if (down->supposed) {
		printf("  maybe since %s: there is no record of anything "
		       "later\n",
		    from);
		return;
	}
	printf("  %s %s until %s%s\n",
	    down->crashed ? "some time after" : "from", from,
	    down->until_s == INT64_MAX ? "now" :
					 ctl_second_text(down->until_s, until),
	    down->crashed ? ", and did not say that it stops" : "");
}

static void
print_downs(const struct reconcile *r)
{
	if (r->ndowns > 0)
		puts("\nthe daemon did not run");
	for (size_t i = 0; i < r->ndowns; i++)
		print_down(&r->down[i]);
	if (r->downs_more > 0)
		printf("  and %llu more\n", (unsigned long long)r->downs_more);
}

static void
print_let_in(const char *title, const struct let_in *list, size_t n,
    uint64_t more)
{
	char when[CTL_TIME_SIZE], user[SHOWN_SIZE], from[SHOWN_SIZE];
	char service[SHOWN_SIZE], why[SHOWN_SIZE], ref[SHOWN_SIZE];

	if (n > 0)
		printf("\n%s\n", title);
	for (size_t i = 0; i < n; i++)
		printf("  %s  %s  %s from %s to %s%s%s\n",
		    ctl_second_text(list[i].at_s, when),
		    shown(list[i].ref, ref), shown(list[i].user, user),
		    shown(list[i].from, from), shown(list[i].service, service),
		    list[i].why != NULL ? ": " : "",
		    list[i].why != NULL ? shown(list[i].why, why) : "");
	if (more > 0)
		printf("  and %llu more\n", (unsigned long long)more);
}

void
reconcile_print(const struct reconcile *r)
{
	char first[CTL_TIME_SIZE], last[CTL_TIME_SIZE];

	if (r->first_s == 0)
		puts("the audit log has no record of that time");
	else
		printf("%llu decision%s, records from %s to %s\n",
		    (unsigned long long)r->records, plural(r->records),
		    ctl_time_text(r->first_s, first),
		    ctl_time_text(r->last_s, last));
	printf("%llu of %llu accepted login%s in logs have a decision\n",
	    (unsigned long long)r->matched, (unsigned long long)r->logins,
	    plural(r->logins));
	printf("%llu of %llu terminal%s of wtmp have one\n",
	    (unsigned long long)r->terminals_matched,
	    (unsigned long long)r->terminals, plural(r->terminals));
	if (r->early > 0)
		printf("%llu login%s from before the first record\n",
		    (unsigned long long)r->early, plural(r->early));
	if (r->other > 0)
		printf("%llu login%s of wtmp by a service that it does not "
		       "say\n",
		    (unsigned long long)r->other, plural(r->other));
	if (r->no_sshd)
		puts("no line of a log of sshd was read, and wtmp alone does "
		     "not have logins without a\nterminal, as by scp: name a "
		     "log of sshd, too");
	print_gaps(r);
	print_late(r);
	print_downs(r);
	print_let_in("break-glass", r->glass, r->nglasses, r->glasses_more);
	print_let_in("let in by a failure, as the configuration has it",
	    r->open, r->nopens, r->opens_more);
	if (r->recovered > 0)
		printf("\n%llu record%s of damage to the audit log; see "
		       "farmgatectl audit verify\n",
		    (unsigned long long)r->recovered, plural(r->recovered));
	if (r->fail_opens > 0)
		printf("\n%llu time%s the module has let somebody go on "
		       "without the gate, and there was no login\n",
		    (unsigned long long)r->fail_opens, plural(r->fail_opens));
}

/* ---- for programs ------------------------------------------------------ */

static void
set_count(struct json *json, const char *key, uint64_t n)
{
	json_set_int(json, key, (int64_t)n);
}

static void
add_gap(struct json *o, const struct gap *gap)
{
	json_set_string(o, "why", gap_kind_text(gap->kind));
	json_set_int(o, "at", gap->at_s);
	json_set_untrusted(o, "user", gap->user);
	json_set_given(o, "from", gap->from);
	json_set_untrusted(o, "service", gap->service);
	json_set_untrusted(o, "file", gap->file);
	set_count(o, "line", gap->line);
	if (gap->times > 1)
		set_count(o, "times", gap->times);
	json_set_given(o, "ref", gap->ref);
}

static void
add_let_in(struct json *json, const char *key, const struct let_in *list,
    size_t n)
{
	struct json *array = json_set_array(json, key), *o;

	for (size_t i = 0; i < n; i++) {
		o = json_add_object(array);
		json_set_int(o, "at", list[i].at_s);
		json_set_untrusted(o, "ref", list[i].ref);
		json_set_untrusted(o, "user", list[i].user);
		json_set_given(o, "from", list[i].from);
		json_set_untrusted(o, "service", list[i].service);
		json_set_given(o, "reason", list[i].why);
	}
}

static void
add_downs(struct json *json, const struct reconcile *r)
{
	struct json *array = json_set_array(json, "down"), *o;

	for (size_t i = 0; i < r->ndowns; i++) {
		o = json_add_object(array);
		json_set_int(o, "from", r->down[i].from_s);
		if (r->down[i].until_s != INT64_MAX)
			json_set_int(o, "until", r->down[i].until_s);
		json_set_bool(o, "crashed", r->down[i].crashed);
		if (r->down[i].supposed)
			json_set_bool(o, "supposed", true);
	}
}

int
reconcile_print_json(const struct reconcile *r)
{
	struct json *json = json_new(), *array;
	int status;

	json_set_bool(json, "complete",
	    reconcile_gaps(r) + reconcile_unknown(r) == 0);
	set_count(json, "decisions", r->records);
	if (r->first_s != 0) {
		json_set_int(json, "first", r->first_s);
		json_set_int(json, "last", r->last_s);
	}
	set_count(json, "logins", r->logins);
	set_count(json, "matched", r->matched);
	set_count(json, "terminals", r->terminals);
	set_count(json, "terminals_matched", r->terminals_matched);
	set_count(json, "early", r->early);
	set_count(json, "undated", r->undated);
	set_count(json, "other_services", r->other);
	set_count(json, "unread", r->unread);
	set_count(json, "unread_logins", r->unread_logins);
	json_set_bool(json, "no_sshd", r->no_sshd);
	set_count(json, "gaps", reconcile_gaps(r));
	set_count(json, "out_of_order", r->late);
	array = json_set_array(json, "gap");
	for (size_t i = 0; i < r->ngaps; i++)
		if (r->gap[i].kind != GAP_GLASS)
			add_gap(json_add_object(array), &r->gap[i]);
	add_downs(json, r);
	add_let_in(json, "breakglass", r->glass, r->nglasses);
	add_let_in(json, "fail_open", r->open, r->nopens);
	set_count(json, "recovered", r->recovered);
	set_count(json, "fail_open_without_login", r->fail_opens);
	status = ctl_print_json(json);
	json_free(json);
	return status;
}
