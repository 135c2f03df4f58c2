/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl inventory suggest: a draft of people.csv on standard output, and
 * on standard error why each line is as it is. It reads what this machine has
 * recorded of its logins, asks nobody else, and decides nothing: where a
 * person may come from is for somebody who knows them to write.
 */
#include "ctl/suggest.h"

#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/suggest_log.h"
#include "ctl/wtmp.h"
#include "policyd/people/person_csv.h"
#include "policyd/text.h"

#define SUGGEST_UID    1000u /* people's accounts begin here */
#define SUGGEST_NOBODY 65534u
#define SUGGEST_LOGS   16u

struct suggest {
	struct suggest_users users;
	const char *wtmp;
	const char *logs[SUGGEST_LOGS];
	size_t nlogs;
	bool all;
	unsigned long written;
	unsigned long silent; /* accounts that never logged in */
};

/* ---- what this machine knows ------------------------------------------ */

static int
saw_terminal(const struct wtmp_login *login, void *arg)
{
	struct suggest *s = arg;

	suggest_saw(&s->users, login->user, login->host, login->at_s,
	    SUGGEST_TERMINAL, 1);
	return 0;
}

/* What was named has to be there; what is usual need not. */
static int
read_wtmp(struct suggest *s)
{
	const char *path = s->wtmp != NULL ? s->wtmp : WTMP_FILE;

	if (wtmp_each(path, saw_terminal, s) == 0)
		return CTL_OK;
	ctl_complain("suggest: %s: %m%s", path,
	    s->wtmp == NULL ? "; its logins are missing" : "");
	return s->wtmp == NULL ? CTL_OK : CTL_ERROR;
}

static int
read_logs(struct suggest *s)
{
	static const char *const usual[] = { "/var/log/auth.log.1",
		"/var/log/auth.log", "/var/log/secure" };
	unsigned int found = 0;
	size_t i;

	for (i = 0; i < s->nlogs; i++)
		if (suggest_log(&s->users, s->logs[i]) != 0)
			return CTL_ERROR;
	for (i = 0; s->nlogs == 0 && i < sizeof(usual) / sizeof(usual[0]); i++)
		if ((access(usual[i], F_OK) == 0 || errno != ENOENT) &&
		    suggest_log(&s->users, usual[i]) == 0)
			found++;
	if (s->nlogs == 0 && found == 0)
		ctl_complain("suggest: no /var/log/auth.log: journalctl -t "
			     "sshd -t sshd-session >FILE makes one for --log "
			     "FILE");
	return CTL_OK;
}

/* ---- the draft -------------------------------------------------------- */

static bool
may_log_in(const struct passwd *pw)
{
	const char *shell = strrchr(pw->pw_shell, '/');

	shell = shell == NULL ? pw->pw_shell : shell + 1;
	return strcmp(shell, "nologin") != 0 && strcmp(shell, "false") != 0 &&
	    strcmp(shell, "sync") != 0;
}

static bool
is_a_persons(const struct passwd *pw)
{
	return pw->pw_uid >= SUGGEST_UID && pw->pw_uid != SUGGEST_NOBODY &&
	    may_log_in(pw);
}

static void
list_keys(const struct suggest_user *seen)
{
	for (size_t i = 0; i < seen->nkeys; i++)
		ctl_complain("%s: key %s", seen->name, seen->key[i]);
}

/* Whose they are, nobody here knows. */
static void
say_keys(const struct suggest_user *seen)
{
	ctl_complain("%s: %s%zu different keys: if they are several people's, "
		     "make kind shared, and write each key into the entry of "
		     "who has it",
	    seen->name, seen->nkeys == SUGGEST_KEYS ? "at least " : "",
	    seen->nkeys);
	list_keys(seen);
}

static void
say_why(const struct passwd *pw, const struct suggest_user *seen)
{
	char when[CTL_TIME_SIZE];

	if (seen == NULL) {
		ctl_complain("%s: may log in and never did, as far as the logs "
			     "go; remove the line if nobody uses it",
		    pw->pw_name);
		return;
	}
	ctl_complain("%s: %lu %s from %s%zu %s, the last %s; countries are "
		     "left empty: write where they usually are%s",
	    pw->pw_name, seen->logins, seen->logins == 1 ? "login" : "logins",
	    seen->naddresses == SUGGEST_ADDRESSES ? "at least " : "",
	    seen->naddresses, seen->naddresses == 1 ? "address" : "addresses",
	    seen->last_s > 0 ? ctl_time_text(seen->last_s, when) :
			       "at a time not known",
	    (seen->how & SUGGEST_TERMINAL) == 0 &&
		    (seen->how & SUGGEST_PASSWORD) == 0 ?
		". Always by key and without a terminal: if it is a program, "
		"make kind service and name its networks" :
		"");
	if (seen->nkeys > 1)
		say_keys(seen);
}

static int
write_person(struct suggest *s, const struct passwd *pw,
    const struct suggest_user *seen)
{
	static struct person person;
	char name[PERSON_NAME_MAX + 1];
	const char *why = NULL;

	person_init(&person);
	if (person_set(&person, "user", pw->pw_name, &why) != 0 ||
	    person_finish(&person, &why) != 0) {
		ctl_complain("%s: left out: the name %s", pw->pw_name, why);
		return CTL_OK;
	}
	if (text_format(name, sizeof(name), "%.*s",
		(int)strcspn(pw->pw_gecos, ","), pw->pw_gecos) == 0 &&
	    name[0] != '\0')
		(void)person_set(&person, "name", name, &why); /* else none */
	say_why(pw, seen);
	s->written++;
	if (person_csv_write(stdout, &person) == 0)
		return CTL_OK;
	ctl_complain("standard output: %m");
	return CTL_ERROR;
}

static int
take_account(struct suggest *s, const struct passwd *pw)
{
	struct suggest_user *seen = suggest_find(&s->users, pw->pw_name);

	if (seen != NULL)
		seen->has_account = true;
	if (pw->pw_uid == 0 && seen != NULL) {
		ctl_complain("%s: %lu %s; left out, as it is nobody's own: "
			     "give people accounts, or add a line of kind "
			     "shared with the keys of who uses it",
		    pw->pw_name, seen->logins,
		    seen->logins == 1 ? "login" : "logins");
		list_keys(seen);
		return CTL_OK;
	}
	if (seen != NULL || (s->all && is_a_persons(pw)))
		return write_person(s, pw, seen);
	if (is_a_persons(pw))
		s->silent++;
	return CTL_OK;
}

static int
write_draft(struct suggest *s)
{
	const struct passwd *pw;
	int r = CTL_OK;
	size_t i;

	if (person_csv_header(stdout) != 0) {
		ctl_complain("standard output: %m");
		return CTL_ERROR;
	}
	setpwent();
	while (r == CTL_OK && (pw = getpwent()) != NULL)
		r = take_account(s, pw);
	endpwent();
	for (i = 0; i < s->users.n; i++)
		if (!s->users.list[i].has_account)
			ctl_complain("%s: left out: logged in, and has no "
				     "passwd entry any more, or one that is "
				     "not listed",
			    s->users.list[i].name);
	if (s->silent > 0)
		ctl_complain("%lu more accounts may log in and never did; "
			     "--all writes them too",
		    s->silent);
	ctl_complain("%lu people; read it, complete it, then: farmgatectl "
		     "inventory import --dry-run FILE",
	    s->written);
	return r;
}

int
cmd_suggest(const struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "wtmp", required_argument, NULL, 'w' },
		{ "log", required_argument, NULL, 'l' },
		{ "all", no_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	static struct suggest s;
	int c, r;

	(void)ctl;
	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'w')
			s.wtmp = optarg;
		else if (c == 'a')
			s.all = true;
		else if (c == 'l' && s.nlogs < SUGGEST_LOGS)
			s.logs[s.nlogs++] = optarg;
		else if (c == 'l')
			return ctl_misuse("inventory",
			    "inventory: at most %u logs", SUGGEST_LOGS);
		else
			return ctl_bad_option("inventory", c, argv);
	}
	if (optind < argc)
		return ctl_misuse("inventory",
		    "inventory: unexpected argument %s", argv[optind]);
	if ((r = read_wtmp(&s)) == CTL_OK && (r = read_logs(&s)) == CTL_OK)
		r = write_draft(&s);
	suggest_users_done(&s.users);
	return r;
}
