/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sums for people: the sums first, then whom it is about and why. Names
 * are whoever's wrote the log.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/replay/replay.h"
#include "policyd/text.h"

#define NAME_SIZE 600u

static const char *
shown(const char *text, char buf[NAME_SIZE])
{
	return text_escape_utf8(buf, NAME_SIZE, text, strlen(text));
}

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- people ------------------------------------------------------------ */

struct ranked {
	uint64_t flips, logins;
	const char *name;
	uint32_t who;
};

static int
by_flips(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->flips != y->flips)
		return x->flips > y->flips ? -1 : 1;
	return strcmp(x->name, y->name);
}

size_t
replay_most(const struct sums *sums, const struct names *names, size_t max,
    uint32_t *ret_who)
{
	size_t n = 0, count = names_count(names);
	struct ranked *list = calloc(count + 1, sizeof(*list));

	for (uint32_t i = 0; list != NULL && i < count; i++)
		if (sums->person[i].flips > 0)
			list[n++] = (struct ranked){ sums->person[i].flips,
				sums->person[i].logins, names_text(names, i),
				i };
	if (n > 0)
		qsort(list, n, sizeof(list[0]), by_flips);
	n = n < max ? n : max;
	for (size_t i = 0; i < n; i++)
		ret_who[i] = list[i].who;
	free(list);
	return n;
}

static const char *
name_of(const char *name, char buf[NAME_SIZE])
{
	return name[0] == '\0' ? "(no such user)" : shown(name, buf);
}

/* "3 allow -> deny, 1 deny -> allow" */
static void
print_flips(const uint64_t flip[JUDGEMENTS][JUDGEMENTS])
{
	const char *between = "";

	for (int was = 0; was < JUDGEMENTS; was++)
		for (int is = 0; is < JUDGEMENTS; is++) {
			if (was == is || flip[was][is] == 0)
				continue;
			printf("%s%llu %s -> %s", between,
			    (unsigned long long)flip[was][is],
			    judgement_name((enum judgement)was),
			    judgement_name((enum judgement)is));
			between = ", ";
		}
	putchar('\n');
}

static void
print_example(const struct sums_example *e)
{
	char where[NAME_SIZE], user[NAME_SIZE], from[NAME_SIZE];
	char service[NAME_SIZE], when[CTL_TIME_SIZE];

	printf("    %s: %s%s%s to %s, %s\n", shown(e->where, where),
	    name_of(e->user, user), e->from[0] != '\0' ? " from " : "",
	    shown(e->from, from), shown(e->service, service),
	    ctl_second_text(e->at_s, when));
	printf("      was %s%s%s\n", judgement_name(e->was),
	    e->was_why[0] != '\0' ? ": " : "", shown(e->was_why, where));
	printf("      is  %s: %s\n", judgement_name(e->is),
	    shown(e->is_why, where));
	if (e->is_text[0] != '\0')
		printf("          %s\n", shown(e->is_text, where));
	if (e->is != JUDGED_ALLOW)
		printf("      next: %s\n", shown(e->next, where));
}

static void
print_people(const struct replay *replay, const struct sums *sums,
    const struct names *names)
{
	uint32_t *who = calloc(replay->top + 1, sizeof(*who));
	const struct sums_person *person;
	char name[NAME_SIZE];
	size_t n;

	n = who == NULL ? 0 : replay_most(sums, names, replay->top, who);
	if (n > 0)
		puts("\nmost affected");
	for (size_t i = 0; i < n; i++) {
		person = &sums->person[who[i]];
		printf("  %s: %llu of %llu login%s: ",
		    name_of(names_text(names, who[i]), name),
		    (unsigned long long)person->flips,
		    (unsigned long long)person->logins, plural(person->logins));
		print_flips(person->flip);
		if (person->example != NULL)
			print_example(person->example);
	}
	free(who);
}

/* ---- sums -------------------------------------------------------------- */

static void
print_judgements(const char *name, const uint64_t by[JUDGEMENTS])
{
	printf("  %-32s %10llu %10llu %10llu\n", name,
	    (unsigned long long)by[JUDGED_ALLOW],
	    (unsigned long long)by[JUDGED_CHALLENGE],
	    (unsigned long long)by[JUDGED_DENY]);
}

static int
by_name(const void *a, const void *b)
{
	const struct sums_row *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* In the order of their names. */
static void
print_rows(const struct sums_rows *from, const char *title, bool actions)
{
	static struct sums_rows rows;
	char name[NAME_SIZE];

	if (from->n == 0)
		return;
	rows = *from;
	qsort(rows.row, rows.n, sizeof(rows.row[0]), by_name);
	printf("\n%-34s %10s %10s %10s\n", title, actions ? "log" : "allow",
	    "challenge", "deny");
	for (size_t i = 0; i < rows.n; i++) {
		const uint64_t *by = rows.row[i].by;
		const uint64_t shown_by[JUDGEMENTS] = { by[ACTION_LOG] +
			    by[ACTION_IGNORE],
			by[ACTION_CHALLENGE], by[ACTION_DENY] };

		print_judgements(shown(rows.row[i].name, name),
		    actions ? shown_by : by);
	}
	if (rows.lost)
		puts("  and more");
}

static void
print_sums(const struct replay *replay, const struct sums *sums)
{
	char first[CTL_TIME_SIZE], last[CTL_TIME_SIZE], name[NAME_SIZE];

	printf("%llu login%s of %zu %s", (unsigned long long)sums->logins,
	    plural(sums->logins), sums->people,
	    sums->people == 1 ? "person" : "people");
	if (sums->logins > 0)
		printf(", from %s to %s", ctl_time_text(sums->first_s, first),
		    ctl_time_text(sums->last_s, last));
	putchar('\n');
	if (sums->logins == 0)
		return;
	printf("\n%-34s %10s %10s %10s\n", "", "allow", "challenge", "deny");
	print_judgements(shown(replay->config, name), sums->is);
	print_judgements(replay->against == NULL ? "what happened" :
						   shown(replay->against, name),
	    sums->was);
	print_rows(&sums->policies, "by policy", false);
	print_rows(&sums->findings, "found", true);
	print_rows(&sums->decided, "decided by", false);
}

/* ---- notes ------------------------------------------------------------- */

static void
print_counts(const struct sums *sums, const struct replay_notes *notes)
{
	if (sums->failed > 0)
		printf("%llu login%s failed: nobody asks the gate about "
		       "those\n",
		    (unsigned long long)sums->failed, plural(sums->failed));
	if (sums->other > 0)
		printf("%llu login%s of wtmp by a service that it does not "
		       "say\n",
		    (unsigned long long)sums->other, plural(sums->other));
	if (sums->undated > 0)
		printf("%llu login%s without a time that can be read\n",
		    (unsigned long long)sums->undated, plural(sums->undated));
	if (notes->bad->count > 0)
		printf("%llu line%s could not be read\n",
		    (unsigned long long)notes->bad->count,
		    plural(notes->bad->count));
}

static void
print_notes(const struct sums *sums, const struct replay_notes *notes)
{
	char why[NAME_SIZE];

	putchar('\n');
	print_counts(sums, notes);
	if (notes->observes)
		puts("the candidate only observes: these are what enforcing "
		     "would do");
	if (notes->logs)
		puts("not evaluated, as logs do not tell of it: remote.*, "
		     "device.*, net.vpn_client, session.shared_device, "
		     "session.shared_site, person.unverified, "
		     "revocations, exceptions, remembered step-ups");
	if (notes->no_ends)
		puts("not evaluated, as no session ends in these logs: "
		     "session.limit, session.places");
	if (notes->records)
		puts("of records, as they were found then: remote.*, "
		     "device.*, net.vpn_client, geo.stale, "
		     "session.shared_device, session.shared_site, "
		     "person.unverified");
	if (notes->by_device)
		puts("session.places by the device: of a login now as of an "
		     "open session, its SSH key is all that is known of a "
		     "laptop");
	if (notes->people[0] != '\0')
		printf("not evaluated, what the inventory says of people: "
		       "%s\n",
		    shown(notes->people, why));
	else
		puts("people are as the inventory has them now");
	if (notes->people[0] == '\0' && notes->gone > 0)
		printf("%llu login%s of people whom it has no more: by what "
		       "the records say\n",
		    (unsigned long long)notes->gone, plural(notes->gone));
	if (notes->strangers > 0)
		printf("%llu user%s of no account here: in no group\n",
		    (unsigned long long)notes->strangers,
		    plural(notes->strangers));
}

void
replay_print(const struct replay *replay, const struct sums *sums,
    const struct names *names, const struct replay_notes *notes)
{
	print_sums(replay, sums);
	if (sums->flips > 0) {
		printf("\n%llu of %llu login%s would be decided otherwise: ",
		    (unsigned long long)sums->flips,
		    (unsigned long long)sums->logins, plural(sums->logins));
		print_flips(sums->flip);
	} else if (sums->logins > 0) {
		puts("\nnothing would be decided otherwise");
	}
	print_people(replay, sums, names);
	print_notes(sums, notes);
}
