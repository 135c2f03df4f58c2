/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The same for people: what others wrote is escaped on its way out.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/assets.h"
#include "ctl/dossier/dossier.h"

static void
print_list(const struct json *json, const char *member, const char *title,
    void (*heading)(void), void (*print)(const struct json *line))
{
	const struct json *list = json_get(json, member);
	size_t n = json_length(list);

	printf("\n%s\n", title);
	if (n == 0)
		puts(list != NULL ? "  none" : "  not known");
	else if (heading != NULL) {
		fputs("  ", stdout);
		heading();
	}
	for (size_t i = 0; i < n; i++) {
		fputs("  ", stdout);
		print(json_at(list, i));
	}
}

/* ---- who ---------------------------------------------------------------- */

static void
print_who(const struct dossier *d)
{
	const struct json *entry = json_get(d->json, "inventory");
	char user[CTL_TEXT_SIZE], from[CTL_TIME_SIZE], to[CTL_TIME_SIZE];

	printf("dossier of %s, %s to %s\n\nwho it is\n",
	    ctl_text(d->json, "user", "-", user),
	    ctl_time_text(d->since_s, from), ctl_time_text(d->until_s, to));
	if (entry != NULL)
		ctl_print_person(entry);
	else
		puts(json_get_bool(d->json, "known", false) ?
			"  in nobody's entry of the inventory" :
			"  not known: the daemon cannot be asked");
}

static void
print_step_up(const struct json *line)
{
	char user[CTL_TEXT_SIZE], last[CTL_TIME_SIZE];

	if (json_get_int(line, "id", 0) > 0)
		ctl_print_remembered(line);
	else
		printf("%s: %lld wrong answers, the last %s\n",
		    ctl_text(line, "user", "-", user),
		    (long long)json_get_int(line, "failures", 0),
		    ctl_time_text(json_get_int(line, "last", -1), last));
}

static void
print_now(const struct json *json)
{
	print_list(json, "verifications", "verified", NULL, ctl_print_verified);
	if (json_length(json_get(json, "assets")) > 0)
		assets_print(json);
	else
		printf("\nassets\n  %s\n",
		    json_get(json, "assets") != NULL ? "none" : "not known");
	print_list(json, "devices", "laptops that are enrolled", NULL,
	    ctl_print_enrolled);
	print_list(json, "totp", "one-time codes", NULL, ctl_print_totp);
	print_list(json, "step_ups", "step-ups, wrong and remembered", NULL,
	    print_step_up);
	print_list(json, "sessions", "sessions", ctl_print_sessions_heading,
	    ctl_print_session);
	print_list(json, "exceptions", "exceptions", NULL, ctl_print_exception);
	print_list(json, "revocations", "revocations", NULL,
	    ctl_print_revocation);
}

/* ---- what has been ------------------------------------------------------- */

static void
print_row(const struct json *row)
{
	char name[CTL_TEXT_SIZE], first[CTL_TEXT_SIZE], last[CTL_TEXT_SIZE];

	printf("%-32s %8lld %8lld  %.10s  %.10s\n",
	    ctl_text(row, "name", "-", name),
	    (long long)json_get_int(row, "in", 0),
	    (long long)json_get_int(row, "refused", 0),
	    ctl_text(row, "first", "-", first),
	    ctl_text(row, "last", "-", last));
}

static void
print_rows_heading(void)
{
	printf("%-32s %8s %8s  %-10s  %s\n", "", "LET IN", "REFUSED", "FIRST",
	    "LAST");
}

static void
print_counts(const struct json *json)
{
	static const struct {
		const char *member, *title;
	} tables[] = {
		{ "by_country", "logins by country" },
		{ "by_network", "logins by network" },
		{ "by_device", "logins by device or key" },
		{ "by_service", "logins by service" },
		{ "by_finding", "findings" },
	};

	if (!json_get_bool(json, "log_whole", false))
		puts("\nNOT ALL OF THE AUDIT LOG COULD BE READ: below is what "
		     "could");
	printf("\nlogins: %lld let in, %lld refused; %lld would have been; "
	       "%lld asked to prove it\n",
	    (long long)json_get_int(json, "let_in", 0),
	    (long long)json_get_int(json, "refused", 0),
	    (long long)json_get_int(json, "would_be_refused", 0),
	    (long long)json_get_int(json, "asked", 0));
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		print_list(json, tables[i].member, tables[i].title,
		    print_rows_heading, print_row);
}

static void
print_review(const struct json *review)
{
	char word[CTL_TEXT_SIZE], ticket[CTL_TEXT_SIZE], note[CTL_TEXT_SIZE];

	if (review == NULL)
		return;
	(void)ctl_text(review, "ticket", "", ticket);
	(void)ctl_text(review, "note", "", note);
	printf("    reviewed: %s%s%s%s%s\n",
	    ctl_text(review, "disposition", "-", word),
	    ticket[0] != '\0' ? ", " : "", ticket, note[0] != '\0' ? ": " : "",
	    note);
}

static void
print_event(const struct json *e)
{
	char ts[CTL_TEXT_SIZE], what[CTL_TEXT_SIZE], service[CTL_TEXT_SIZE];
	char from[CTL_TEXT_SIZE], country[CTL_TEXT_SIZE], ref[CTL_TEXT_SIZE];
	char reason[CTL_TEXT_SIZE];

	printf("%.19s %-16s %-10s %-22s %-3s %-10s %s\n",
	    ctl_text(e, "ts", "-", ts), ctl_text(e, "what", "-", what),
	    ctl_text(e, "service", "-", service),
	    ctl_text(e, "from", "-", from),
	    ctl_text(e, "country", "-", country), ctl_text(e, "ref", "-", ref),
	    ctl_text(e, "reason", "-", reason));
	print_review(json_get(e, "review"));
}

/* What an import changed of theirs. */
static void
print_named(const struct json *named)
{
	char change[CTL_TEXT_SIZE], name[CTL_TEXT_SIZE], fields[CTL_TEXT_SIZE];
	const struct json *o;

	for (size_t i = 0; i < json_length(named); i++) {
		o = json_at(named, i);
		(void)ctl_text(o, "fields", "", fields);
		printf("    %s %s%s%s\n", ctl_text(o, "change", "-", change),
		    ctl_text(o,
			json_get_string(o, "asset", NULL) != NULL ? "asset" :
								    "user",
			"-", name),
		    fields[0] != '\0' ? ": " : "", fields);
	}
}

/* What more there is of it: farmgatectl audit and explain say all. */
static void
print_change(const struct json *c)
{
	static const char *const members[] = { "code", "asset", "key", "ref",
		"reason", NULL };
	char ts[CTL_TEXT_SIZE], event[CTL_TEXT_SIZE], action[CTL_TEXT_SIZE];
	char by[CTL_TEXT_SIZE], more[CTL_TEXT_SIZE];

	printf("%.19s %s %s by %s", ctl_text(c, "ts", "-", ts),
	    ctl_text(c, "event", "-", event), ctl_text(c, "action", "", action),
	    ctl_by_text(c, by));
	for (size_t i = 0; members[i] != NULL; i++)
		if (json_get_string(c, members[i], "")[0] != '\0')
			printf(", %s %s", members[i],
			    ctl_text(c, members[i], "", more));
	putchar('\n');
	print_named(json_get(c, "named"));
}

void
dossier_print(const struct dossier *d)
{
	print_who(d);
	print_now(d->json);
	print_counts(d->json);
	print_list(d->json, "events", "refusals, challenges and alarms", NULL,
	    print_event);
	print_list(d->json, "changes", "what administrators have done", NULL,
	    print_change);
	if (json_get_int(d->json, "not_listed", 0) > 0)
		printf("  and %lld more\n",
		    (long long)json_get_int(d->json, "not_listed", 0));
}
