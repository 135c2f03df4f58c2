/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl person: would this person get in now from here, and why; then
 * what is known of them. The daemon decides, with the rules and the store that
 * live logins are decided with; groups are this machine's.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/account.h"
#include "ctl/assets.h"
#include "ctl/ctl.h"
#include "ctl/factors.h"
#include "ctl/person.h"
#include "ctl/tail.h"
#include "policyd/conf.h"
#include "policyd/net/addr.h"
#include "policyd/people/person_json.h"
#include "policyd/record/record.h"
#include "policyd/text.h"

#define DEFAULT_SERVICE "sshd"
#define EXCEPTIONS_MAX	1000u /* that are shown */

struct subject {
	const char *user;
	const char *from;
	const char *service;
	bool json;
	struct person person;
	bool is_person;
	bool entry_known; /* whether there is one or not */
	struct json *entry; /* as the daemon has it, or NULL */
	bool exceptions_known;
	char **exceptions; /* lines of JSON */
	size_t nexceptions;
	struct json *about; /* "assets" */
	bool assets_known;
	struct tail tail;
	char address[ADDR_TEXT_SIZE];
};

/* ---- what is known ---------------------------------------------------- */

static int
entry_line(struct json *line, void *arg)
{
	struct subject *s = arg;
	char *text = json_text(line);

	if (text == NULL)
		return CTL_ERROR;
	json_free(s->entry);
	s->entry = json_parse(text, strlen(text));
	s->is_person = person_from_json(line, &s->person) == 0;
	free(text);
	return CTL_OK;
}

static int
exception_line(struct json *line, void *arg)
{
	struct subject *s = arg;
	char **list;

	if (s->nexceptions == EXCEPTIONS_MAX)
		return CTL_OK;
	list = realloc(s->exceptions, (s->nexceptions + 1) * sizeof(*list));
	if (list == NULL)
		return CTL_ERROR;
	s->exceptions = list;
	if ((list[s->nexceptions] = json_text(line)) == NULL)
		return CTL_ERROR;
	s->nexceptions++;
	return CTL_OK;
}

/*
 * *ret_known: the lines are all that there is. Without a store the daemon says
 * so, and still answers what else there is to ask: that is no error here.
 */
static int
ask_lines(const struct ctl *ctl, struct subject *s, const char *what,
    int (*fn)(struct json *line, void *arg), bool *ret_known)
{
	const struct ctl_stream stream = { .line = fn, .line_arg = s };
	struct json *command = json_new(), *report;
	int r, status;

	json_set_string(command, "do", what);
	json_set_string(command, "user", s->user);
	r = ctl_command(ctl, command, &stream, &report, &status);
	*ret_known = status != CTL_ERROR;
	json_free(report);
	return r;
}

static bool
is_their_account(const struct subject *s, const char *user)
{
	size_t i;

	if (strcmp(user, s->user) == 0)
		return true;
	for (i = 0; s->is_person && i < s->person.naccounts; i++)
		if (strcmp(user, s->person.account[i]) == 0)
			return true;
	return false;
}

/* Their account, or they are the person behind another one. */
static bool
is_theirs(const struct json *record, void *arg)
{
	const struct subject *s = arg;

	return is_their_account(s, json_get_string(record, "user", "")) ||
	    strcmp(json_get_string(json_get(record, "person"), "user", ""),
		s->is_person ? s->person.user : s->user) == 0;
}

/* Root wrote where the audit file is; the daemon's word is not needed. */
static void
read_tail(struct subject *s)
{
	char *path;

	if ((path = ctl_audit_path("person", CONF_FILE)) == NULL)
		ctl_complain("person: out of memory");
	else
		tail_read(path, is_theirs, s, &s->tail);
	free(path);
}

/* ---- from where ------------------------------------------------------- */

static bool
take_address(struct subject *s, const char *text)
{
	struct addr addr;

	if (addr_parse(text, &addr) != 0)
		return false;
	(void)addr_text(&addr, s->address);
	return true;
}

/* The first word of SSH_CONNECTION. */
static bool
take_connection(struct subject *s, const char *connection)
{
	char text[ADDR_TEXT_SIZE];
	size_t n;

	if (connection == NULL || (n = strcspn(connection, " ")) == 0 ||
	    n >= sizeof(text))
		return false;
	memcpy(text, connection, n);
	text[n] = '\0';
	return take_address(s, text);
}

static bool
take_last(struct subject *s)
{
	size_t i;

	for (i = s->tail.count; i-- > 0;)
		if (take_address(s,
			json_get_string(json_get(tail_decision(&s->tail
								    .list[i]),
					    "origin"),
			    "address", "")))
			return true;
	return false;
}

static int
find_address(struct subject *s)
{
	if (s->from != NULL) {
		if (take_address(s, s->from))
			return CTL_OK;
		return ctl_misuse("person",
		    "person: --from %s is no address; give one in numbers, "
		    "such as 192.0.2.7",
		    s->from);
	}
	if (take_last(s) || take_connection(s, getenv("SSH_CONNECTION")))
		return CTL_OK;
	return ctl_misuse("person",
	    "person: no login of %s is on record; say from where with --from",
	    s->user);
}

/* ---- what is shown ---------------------------------------------------- */

#define OBSERVED   "allow (would deny)"
#define CHALLENGED "allow (would challenge)"

/* What observing let in was no allow of the policies'. */
static bool
was_observed(const struct json *decision)
{
	return strcmp(json_get_string(decision, "verdict", ""), "allow") == 0 &&
	    strcmp(json_get_string(decision, "would", ""), "deny") == 0;
}

/* Returns buf, or what is said without it. */
static const char *
verdict_text(const struct json *decision, char buf[CTL_TEXT_SIZE])
{
	if (!was_observed(decision))
		return ctl_text(decision, "verdict", "-", buf);
	return json_get(decision, "challenge") != NULL ? CHALLENGED : OBSERVED;
}

static void
print_last(const struct subject *s, const struct tail_login *login, int width)
{
	const struct json *record = login->record;
	const struct json *decision = tail_decision(login);
	char ts[CTL_TEXT_SIZE], verdict[CTL_TEXT_SIZE], ref[CTL_TEXT_SIZE];
	char service[CTL_TEXT_SIZE], address[CTL_TEXT_SIZE];
	char country[CTL_TEXT_SIZE], reason[CTL_TEXT_SIZE];
	char user[CTL_TEXT_SIZE];

	printf("  %.19s  %-*s %-9s %-10s %-15s %-2s %s",
	    ctl_text(record, "ts", "-", ts), width,
	    verdict_text(decision, verdict), ctl_text(record, "ref", "-", ref),
	    ctl_text(record, "service", "-", service),
	    ctl_text(json_get(decision, "origin"), "address", "-", address),
	    ctl_text(json_get(decision, "place"), "country", "-", country),
	    ctl_text(decision, "reason", "-", reason));
	if (!is_their_account(s, json_get_string(record, "user", "")))
		printf(" as %s", ctl_text(record, "user", "-", user));
	putchar('\n');
}

static void
print_known(const struct subject *s)
{
	int width = 6; /* "exempt" */
	char text[CTL_TEXT_SIZE];
	struct json *e;
	size_t i, n;

	puts("\nentry");
	if (s->entry != NULL)
		ctl_print_person(s->entry);
	else
		puts(s->entry_known ? "  in nobody's entry of the inventory" :
				      "  not known");
	puts("\nexceptions");
	if (s->nexceptions == 0)
		puts(s->exceptions_known ? "  none" : "  not known");
	for (i = 0; i < s->nexceptions; i++) {
		e = json_parse(s->exceptions[i], strlen(s->exceptions[i]));
		fputs("  ", stdout);
		ctl_print_exception(e);
		json_free(e);
	}
	puts("\nlast logins (UTC)");
	if (s->tail.count == 0)
		puts(s->tail.known ? "  none on record" : "  not known");
	for (i = 0; i < s->tail.count; i++) {
		n = strlen(verdict_text(tail_decision(&s->tail.list[i]), text));
		if ((int)n > width)
			width = (int)n;
	}
	for (i = 0; i < s->tail.count; i++)
		print_last(s, &s->tail.list[i], width);
}

static void
print_bypasses(const struct subject *s)
{
	struct json *e;
	size_t i;

	for (i = 0; i < s->nexceptions; i++) {
		e = json_parse(s->exceptions[i], strlen(s->exceptions[i]));
		factors_print_bypass(e);
		json_free(e);
	}
}

static int
print_member(const char *name, const struct json *json)
{
	char *text = json == NULL ? NULL : json_text(json);

	if (json != NULL && text == NULL) {
		ctl_complain("person: out of memory");
		return CTL_ERROR;
	}
	printf("\"%s\":%s", name, text == NULL ? "null" : text);
	free(text);
	return CTL_OK;
}

static void
print_exceptions(const struct subject *s)
{
	size_t i;

	fputs(",\"exceptions\":[", stdout);
	for (i = 0; i < s->nexceptions; i++)
		printf("%s%s", i > 0 ? "," : "", s->exceptions[i]);
	putchar(']');
}

/* The record, and inside of an open the decision before it. */
static int
print_login(const struct tail_login *login)
{
	char *text = json_text(login->record);
	size_t len = text == NULL ? 0 : strlen(text);
	int r = CTL_OK;

	if (text == NULL) {
		ctl_complain("person: out of memory");
		return CTL_ERROR;
	}
	if (login->decision == NULL) {
		fputs(text, stdout);
	} else {
		printf("%.*s,", (int)(len - 1), text);
		r = print_member("decision", login->decision);
		putchar('}');
	}
	free(text);
	return r;
}

/* What is not known has no member. */
static int
print_json(const struct subject *s, const struct json *report)
{
	static const char *const keys[] = { "factors", "remembered" };
	int r = CTL_OK;
	size_t i;

	putchar('{');
	r = print_member("decision", json_get(report, "decision"));
	if (s->entry_known && r == CTL_OK) {
		putchar(',');
		r = print_member("entry", s->entry);
	}
	if (s->exceptions_known)
		print_exceptions(s);
	if (s->assets_known && r == CTL_OK) {
		putchar(',');
		r = print_member("assets", json_get(s->about, "assets"));
	}
	for (i = 0; i < 2 && r == CTL_OK; i++) {
		if (json_get(report, keys[i]) == NULL)
			continue;
		putchar(',');
		r = print_member(keys[i], json_get(report, keys[i]));
	}
	if (s->tail.known)
		fputs(",\"last\":[", stdout);
	for (i = 0; i < s->tail.count && r == CTL_OK; i++) {
		if (i > 0)
			putchar(',');
		r = print_login(&s->tail.list[i]);
	}
	puts(s->tail.known ? "]}" : "}");
	return r;
}

/* Whose key sshd would tell. */
static bool
is_over_ssh(const struct json *decision)
{
	return strcmp(json_get_string(decision, "kind", ""), "remote") == 0;
}

static int
print_all(const struct subject *s, const struct json *report)
{
	const struct json *decision = json_get(report, "decision");

	if (s->json)
		return print_json(s, report);
	printf("%s from %s, now: ", s->user, s->address);
	if (decision == NULL || record_print(decision, NULL, stdout) != 0)
		return CTL_ERROR;
	if (is_over_ssh(decision))
		assets_print_keyed(assets_keyed(s->about));
	print_known(s);
	assets_print(s->about);
	factors_print(report);
	print_bypasses(s);
	ctl_print_all_remembered(report);
	return CTL_OK;
}

static int
ask_decision(const struct ctl *ctl, struct subject *s)
{
	struct json *command = json_new(), *report;
	int status;

	json_set_string(command, "do", "person.decide");
	json_set_string(command, "user", s->user);
	json_set_string(command, "from", s->address);
	json_set_string(command, "service", s->service);
	account_set(command, s->user);
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (status != CTL_ERROR && print_all(s, report) != CTL_OK)
		status = CTL_ERROR;
	json_free(report);
	return status;
}

static int
ask_assets(const struct ctl *ctl, struct subject *s)
{
	s->about = json_new();
	if (!s->is_person)
		return CTL_OK;
	return assets_of(ctl, s->person.user, s->about, &s->assets_known);
}

static int
run(const struct ctl *ctl, struct subject *s)
{
	int status = CTL_ERROR;

	/* Without a store there is a decision all the same. */
	if (ask_lines(ctl, s, "inventory.show", entry_line, &s->entry_known) ==
		CTL_OK &&
	    ask_lines(ctl, s, "except.list", exception_line,
		&s->exceptions_known) == CTL_OK &&
	    ask_assets(ctl, s) == CTL_OK) {
		read_tail(s);
		if (find_address(s) == CTL_OK)
			status = ask_decision(ctl, s);
	}
	tail_free(&s->tail);
	while (s->nexceptions > 0)
		free(s->exceptions[--s->nexceptions]);
	free(s->exceptions);
	json_free(s->entry);
	json_free(s->about);
	return status;
}

int
cmd_person(const struct ctl *ctl, int argc, char **argv)
{
	static struct subject s = { .service = DEFAULT_SERVICE };
	const struct ctl_option options[] = {
		{ "from", &s.from, NULL },
		{ "service", &s.service, NULL },
		{ "json", NULL, &s.json },
		{ NULL, NULL, NULL },
	};

	/* Somebody may be called so. */
	if (argc > 2 && strcmp(argv[1], "export") == 0)
		return person_export(ctl, argc - 1, argv + 1);
	if (argc > 2 && strcmp(argv[1], "forget") == 0)
		return person_forget(ctl, argc - 1, argv + 1);

	if (ctl_take_options("person", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse("person", "person: one user is needed");
	s.user = argv[optind];
	if (!ctl_is_argument("USER", s.user, FG_USER_MAX) ||
	    !ctl_is_argument("--service", s.service, FG_SERVICE_MAX))
		return CTL_ERROR;
	return run(ctl, &s);
}
