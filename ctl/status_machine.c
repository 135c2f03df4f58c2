/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl status: which machine it is, what belongs to it, which jump hosts
 * it answers, and how much of it the scanner sees.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/status.h"
#include "policyd/text.h"

static void
print_baseline(const struct json *baseline)
{
	long long n = json_get_int(baseline, "devices", 0);

	if (baseline == NULL)
		printf("baseline not known");
	else if (json_get_bool(baseline, "lost", false))
		printf("baseline LOST: farmgatectl baseline learn");
	else if (json_get_bool(baseline, "learned", false))
		printf("baseline of %lld %s", n, n == 1 ? "device" : "devices");
	else
		printf("no baseline");
}

/* "asset LT-1, issued to bob, carol": others' logins may be refused. */
static void
print_asset(const struct json *machine)
{
	const char *status = json_get_string(machine, "status", "");
	const struct json *users = json_get(machine, "users");
	char text[CTL_TEXT_SIZE];
	const char *user;
	size_t i;

	printf("asset %s", ctl_text(machine, "asset", "-", text));
	if (!json_get_bool(machine, "known", true))
		fputs(", IN NO LINE of the inventory of assets", stdout);
	if (status[0] != '\0')
		printf(", %s", ctl_text(machine, "status", "-", text));
	for (i = 0; strcmp(status, "issued") == 0 && i < json_length(users);
	     i++) {
		user = json_string_at(users, i, "-");
		printf("%s%s", i > 0 ? ", " : " to ",
		    text_escape_utf8(text, sizeof(text), user, strlen(user)));
	}
	fputs("; ", stdout);
}

void
status_print_assets(const struct json *assets)
{
	char when[CTL_TIME_SIZE];

	if (assets == NULL)
		return;
	printf(STATUS_LABEL, "assets");
	if (json_get_int(assets, "assets", -1) < 0)
		puts("not known");
	else if (json_get_int(assets, "since", -1) < 0)
		puts("no inventory");
	else
		printf("%lld, imported %s\n",
		    (long long)json_get_int(assets, "assets", 0),
		    ctl_time_text(json_get_int(assets, "since", 0), when));
}

void
status_print_laptops(const struct json *laptops)
{
	if (laptops == NULL)
		return;
	printf(STATUS_LABEL "%lld enrolled, %lld pending, %lld revoked\n",
	    "laptops", (long long)json_get_int(laptops, "enrolled", 0),
	    (long long)json_get_int(laptops, "pending", 0),
	    (long long)json_get_int(laptops, "revoked", 0));
}

void
status_print_machine(const struct json *machine)
{
	if (machine == NULL)
		return;
	printf(STATUS_LABEL, "machine");
	if (json_get_string(machine, "asset", "")[0] != '\0')
		print_asset(machine);
	else
		printf("no asset; ");
	print_baseline(json_get(machine, "baseline"));
	if (json_get_int(machine, "support", -1) >= 0)
		printf("; support in force %lld",
		    (long long)json_get_int(machine, "support", 0));
	putchar('\n');
}

/* Nothing of a machine that has nothing to do with jump hosts. */
void
status_print_witness(const struct json *witness)
{
	long long n = json_get_int(witness, "jumphosts", 0);
	bool has_key = json_get_string(witness, "device_key", "")[0] != '\0';
	char text[CTL_TEXT_SIZE];

	if (json_get_string(witness, "problem", "")[0] != '\0')
		printf(STATUS_LABEL "the device key: %s\n", "DEGRADED",
		    ctl_text(witness, "problem", "", text));
	if (!has_key && n == 0)
		return;
	printf(STATUS_LABEL "%s%s\n", "jump hosts",
	    has_key ? "device key " : "no device key",
	    ctl_text(witness, "device_key", "", text));
	printf(STATUS_LABEL "answers %lld jump %s%s\n", "", has_key ? n : 0,
	    has_key && n == 1 ? "host" : "hosts",
	    json_get_bool(witness, "socket", true) ?
		"" :
		", but nobody can ask: systemctl enable "
		"farmgate-witness.socket && systemctl restart "
		"farmgate-policyd.service");
}

void
status_print_scanner(const struct json *scanner)
{
	char text[CTL_TEXT_SIZE], more[CTL_TEXT_SIZE];

	if (scanner == NULL)
		return;
	printf(STATUS_LABEL "%s, coverage %s%s, %s sessions\n", "scanner",
	    ctl_text(scanner, "state", "not known", text),
	    ctl_text(scanner, "coverage", "not known", more),
	    json_get_bool(scanner, "accepted", false) ?
		" (accepted by contained)" :
		"",
	    json_get_bool(scanner, "terminate", false) ? "may end" :
							 "may not end");
	if (strcmp(json_get_string(scanner, "state", ""), "degraded") == 0)
		printf(STATUS_LABEL
		    "the scanner died three times within a minute and "
		    "is not started again; see journalctl -u "
		    "farmgate-policyd.service, and a minute later "
		    "systemctl restart farmgate-policyd.service\n",
		    "DEGRADED");
}

static void
set_age(char *buf, long long n, const char *unit)
{
	(void)text_format(buf, STATUS_AGE_SIZE, "; %lld %s%s old", n, unit,
	    n == 1 ? "" : "s");
}

const char *
status_age(const struct json *json, const char *key, char buf[STATUS_AGE_SIZE])
{
	long long s = (long long)json_get_int(json, key, -1);

	buf[0] = '\0';
	if (s >= 2 * 86400)
		set_age(buf, s / 86400, "day");
	else if (s >= 2 * 3600)
		set_age(buf, s / 3600, "hour");
	else if (s >= 120)
		set_age(buf, s / 60, "minute");
	else if (s >= 0)
		set_age(buf, s, "second");
	return buf;
}

/* What a socket that is gone keeps from whom is for the manual. */
void
status_print_sockets(const struct json *sockets)
{
	char name[CTL_TEXT_SIZE];
	const struct json *o;
	const char *comma = "";

	if (json_length(sockets) == 0)
		return;
	printf(STATUS_LABEL, "sockets");
	for (size_t i = 0; i < json_length(sockets); i++) {
		o = json_at(sockets, i);
		printf("%s%s%s", comma, ctl_text(o, "name", "-", name),
		    json_get_bool(o, "there", true) ?
			"" :
			" IS GONE, nobody finds it; restart the service");
		comma = ", ";
	}
	putchar('\n');
}

long long
status_more(const struct json *report, const char *list)
{
	return (long long)json_get_int(json_get(report, "more"), list, 0);
}

void
status_print_more(const struct json *report, const char *list)
{
	long long n = status_more(report, list);

	if (n > 0)
		printf(STATUS_LABEL "and %lld more, for which the report has "
				    "no room\n",
		    "", n);
}
