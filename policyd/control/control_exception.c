/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions for administrators: add, list, remove. A grant that cannot be
 * recorded is taken back; what nobody may except is refused here, before it
 * could reach a decision.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/conf/countries.h"
#include "policyd/control/control_parts.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

#define EXCEPTION_LONGEST_S INT64_C(31622400) /* 366 days */
#define EXCEPTION_LIST_MS   60000u
#define EXCEPTION_TIME_MAX  INT64_C(253402300799) /* the year 9999 */

/* ---- add: the arguments ----------------------------------------------- */

static bool
except_unknown_code(struct control_job *job, const char *name)
{
	struct conf_near near = { .word = name };
	char text[CONF_NEAR_SIZE];
	enum finding_code code;

	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++)
		conf_near_offer(&near, finding_info(code)->name);
	control_problem(job, "there is no finding %s; %s", name,
	    conf_near_text(&near, "farmgate.conf(5) lists them", text));
	return false;
}

static bool
except_take_code(struct control_job *job, const char *name,
    struct store_exception *e)
{
	e->code = finding_by_name(name);
	if (e->code == FINDING_NONE)
		return except_unknown_code(job, name);
	if (e->code == FINDING_PERSON_REVOKED) {
		control_problem(job,
		    "%s takes no exception; change status, valid_from or "
		    "valid_until in the inventory, or give access again with "
		    "farmgatectl unrevoke",
		    name);
		return false;
	}
	if (e->code == FINDING_CHALLENGE_FAILED ||
	    e->code == FINDING_CHALLENGE_IMPOSSIBLE) {
		control_problem(job,
		    "%s takes no exception; make one for the finding that is "
		    "challenged",
		    name);
		return false;
	}
	if (e->code == FINDING_DEVICE_CLONE) {
		control_problem(job, "%s takes no exception", name);
		return false;
	}
	return true;
}

static bool
except_is_label(const char *s)
{
	return s[0] != '\0' &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

static bool
except_take_grade(struct control_job *job, const char *grade,
    struct store_exception *e)
{
	const struct finding_info *info = finding_info(e->code);
	struct conf_near near = { .word = grade };
	char text[CONF_NEAR_SIZE];
	size_t i;

	if (text_copy(e->grade, sizeof(e->grade), grade) == 0) {
		if (info->labelled && except_is_label(grade))
			return true;
		for (i = 0; info->grades != NULL && info->grades[i] != NULL;
		     i++) {
			if (strcmp(info->grades[i], grade) == 0)
				return true;
			conf_near_offer(&near, info->grades[i]);
		}
	}
	control_problem(job, "%s has no grade \"%s\"; %s", info->name, grade,
	    conf_near_text(&near,
		info->grades == NULL && !info->labelled ?
		    "leave it out" :
		    "farmgate.conf(5) lists them",
		text));
	return false;
}

static bool
except_take_finding(struct control_job *job, struct store_exception *e)
{
	char name[CONTROL_PROBLEM_MAX / 4];
	const char *text;
	char *colon;

	if ((text = control_text(job, "finding", sizeof(name) - 1)) == NULL)
		return false;
	(void)text_copy(name, sizeof(name), text);
	if ((colon = strchr(name, ':')) != NULL)
		*colon++ = '\0';
	return except_take_code(job, name, e) &&
	    (colon == NULL || except_take_grade(job, colon, e));
}

static bool
except_take_country(struct control_job *job, struct store_exception *e)
{
	const char *country = json_get_string(job->args, "country", "");
	const char *better;
	char upper[3];

	if (country[0] == '\0')
		return true;
	if (!country_is_known(country)) {
		better = country_corrected(country, upper);
		control_problem(job, "there is no country %s; %s%s%s", country,
		    better == NULL ? "two letters as in ISO 3166: NO, JP, GB" :
				     "did you mean \"",
		    better == NULL ? "" : better, better == NULL ? "" : "\"?");
		return false;
	}
	memcpy(e->country, country, sizeof(e->country));
	return true;
}

static bool
except_take_times(struct control_job *job, struct store_exception *e)
{
	int64_t now = daemon_wall_s();

	e->at_s = now;
	e->from_s = json_get_int(job->args, "from", now);
	e->until_s = json_get_int(job->args, "until", -1);
	if (e->until_s < 0 || e->until_s > EXCEPTION_TIME_MAX || e->from_s < 0)
		control_problem(job, "until is needed, and a time");
	else if (e->until_s <= now)
		control_problem(job,
		    "until is over already; it has to be in "
		    "the future");
	else if (e->until_s <= e->from_s)
		control_problem(job, "until has to be after from");
	else if (e->until_s - e->from_s > EXCEPTION_LONGEST_S)
		control_problem(job,
		    "an exception holds for at most 366 days; for what stays "
		    "as it is change the inventory or the policy");
	else
		return true;
	return false;
}

static bool
except_take_reason(struct control_job *job, struct store_exception *e)
{
	const char *reason = control_text(job, "reason", STORE_REASON_MAX);

	if (reason == NULL)
		return false;
	(void)text_copy(e->reason, sizeof(e->reason), reason);
	return true;
}

bool
control_exception_take(struct control_job *job, struct store_exception *e)
{
	memset(e, 0, sizeof(*e));
	return control_text(job, "user", FG_USER_MAX) != NULL &&
	    except_take_finding(job, e) && except_take_country(job, e) &&
	    except_take_times(job, e) && except_take_reason(job, e);
}

bool
control_except_add_check(struct control_job *job)
{
	struct store_exception e;

	return control_exception_take(job, &e);
}

/* ---- add -------------------------------------------------------------- */

/*
 * The entry that the exception is for, whichever account was named. One that
 * is in nobody's has exceptions too, under its own name.
 */
static bool
except_take_person(struct control_job *job, struct store_exception *e,
    bool *ret_known)
{
	const char *user = json_get_string(job->args, "user", "");
	static struct person person;
	int r;

	r = control_find_person(job->daemon->store, user, &person);
	*ret_known = r == 0;
	if (r == 0) {
		memcpy(e->user, person.user, sizeof(e->user));
	} else if (r == FG_ERR_NOT_FOUND) {
		(void)text_copy(e->user, sizeof(e->user), user);
	} else {
		control_problem(job, "inventory: %s", fg_strerror(r));
		return false;
	}
	return true;
}

/* More than a decision looks at would be an error in each of their logins. */
static bool
except_has_room(struct control_job *job, const struct store_exception *e)
{
	size_t n;
	int r;

	r = store_exceptions_count(job->daemon->store, e->user, e->at_s, &n);
	if (r != 0) {
		control_problem(job, "exceptions: %s", fg_strerror(r));
		return false;
	}
	if (n >= FACT_EXCEPTIONS_MAX) {
		control_problem(job,
		    "%s has %zu exceptions, and more are not looked at; "
		    "remove one with farmgatectl except remove",
		    e->user, n);
		return false;
	}
	return true;
}

void
control_exception_set(struct json *json, const struct store_exception *e,
    int64_t at_s)
{
	char finding[STORE_FINDING_MAX + 2 + FINDING_GRADE_MAX];

	(void)text_format(finding, sizeof(finding), "%s%s%s",
	    store_exception_finding(e), e->grade[0] != '\0' ? ":" : "",
	    e->grade);
	json_set_int(json, "id", (int64_t)e->id);
	if (e->kind == STORE_EXCEPTION_BYPASS)
		json_set_string(json, "kind", "bypass");
	json_set_untrusted(json, "user", e->user);
	json_set_untrusted(json, "finding", finding);
	json_set_given(json, "country", e->country);
	json_set_int(json, "from", e->from_s);
	json_set_int(json, "until", e->until_s);
	json_set_string(json, "state",
	    e->code == FINDING_NONE ? "unknown" :
		at_s >= e->until_s  ? "expired" :
		at_s < e->from_s    ? "later" :
				      "in force");
	json_set_untrusted(json, "reason", e->reason);
	json_set_int(json, "by_uid", e->by_uid);
	json_set_id(json, "by_loginuid", e->by_loginuid);
	json_set_int(json, "at", e->at_s);
}

static void
except_added(struct control_job *job, struct store_exception *e, bool known)
{
	struct store_exception taken;
	struct json *json;

	if (control_record_exception(job,
		e->kind == STORE_EXCEPTION_BYPASS ? "bypass" : "add", e) != 0) {
		if (store_exception_remove(job->daemon->store, e->id, &taken) !=
		    0)
			log_crit("exception %llu of %s is in force and not in "
				 "the audit log",
			    (unsigned long long)e->id, e->user);
		control_unrecorded(job, "there is no exception");
		return;
	}
	json = json_new();
	control_exception_set(json, e, e->at_s);
	control_set_known(json, known,
	    e->kind == STORE_EXCEPTION_BYPASS ? "the bypass is for" :
						"the exception is for");
	control_answer(job, json, CONTROL_OK);
}

bool
control_exception_whose(struct control_job *job, struct store_exception *e,
    bool *ret_known)
{
	return except_take_person(job, e, ret_known) && except_has_room(job, e);
}

void
control_exception_put(struct control_job *job, struct store_exception *e,
    bool known)
{
	int r;

	e->by_uid = job->by.uid;
	e->by_loginuid = job->by.loginuid;
	if ((r = store_exception_add(job->daemon->store, e)) != 0)
		control_failed(job, "exceptions", r);
	else
		except_added(job, e, known);
}

void
control_except_add(struct control_job *job)
{
	struct store_exception e;
	bool known;

	if (!control_exception_take(job, &e) ||
	    !control_exception_whose(job, &e, &known))
		control_refuse(job);
	else
		control_exception_put(job, &e, known);
}

/* ---- remove ----------------------------------------------------------- */

bool
control_except_remove_check(struct control_job *job)
{
	if (json_get_int(job->args, "id", 0) >= 1)
		return true;
	control_problem(job,
	    "a number is needed, as farmgatectl except list shows it");
	return false;
}

/* Unlike an addition it stands without its record: it permits nothing. */
void
control_except_remove(struct control_job *job)
{
	uint64_t id = (uint64_t)json_get_int(job->args, "id", 0);
	struct store_exception e;
	struct json *json;
	int r;

	r = store_exception_remove(job->daemon->store, id, &e);
	if (r == FG_ERR_NOT_FOUND) {
		control_problem(job,
		    "there is no exception %llu; farmgatectl except list "
		    "--all shows them",
		    (unsigned long long)id);
		control_not_found(job);
		return;
	}
	if (r != 0) {
		control_failed(job, "exceptions", r);
		return;
	}
	json = json_new();
	control_exception_set(json, &e, daemon_wall_s());
	control_set_removed(job, json);
	r = control_record_exception(job, "remove", &e);
	if (r != 0)
		json_set_string(json, "error", CONTROL_UNRECORDED);
	control_answer(job, json, r == 0 ? CONTROL_OK : CONTROL_ERROR);
}

/* ---- list ------------------------------------------------------------- */

struct except_list {
	struct control_out out;
	const struct json *args;
	int64_t at_s;
};

static int
except_list_one(const struct store_exception *e, void *arg)
{
	struct except_list *list = arg;
	struct json *json = json_new();

	control_exception_set(json, e, list->at_s);
	control_out_json(&list->out, json);
	return list->out.failed ? FG_ERR_SYSTEM : 0;
}

/* The name that exceptions have for whoever was named. */
static const char *
except_list_user(struct store *store, const char *user)
{
	static struct person person;

	if (user[0] == '\0')
		return NULL;
	return control_find_person(store, user, &person) == 0 ? person.user :
								user;
}

static int
except_list_all(struct store *store, void *arg)
{
	struct except_list *list = arg;
	const char *user = json_get_string(list->args, "user", "");

	return store_exceptions_each(store, except_list_user(store, user),
	    json_get_bool(list->args, "all", false), list->at_s,
	    except_list_one, list);
}

static int
except_list_run(int out_fd, void *arg)
{
	static struct except_list list;
	struct control_job *job = arg;
	int r;

	control_out_init(&list.out, out_fd);
	list.args = job->args;
	list.at_s = daemon_wall_s();
	r = control_out_store(&list.out, job, except_list_all, &list);
	return r == 0 ? CONTROL_OK :
			control_out_failed(&list.out, "exceptions", r);
}

void
control_except_list(struct control_job *job)
{
	control_work(job, except_list_run, control_finished, EXCEPTION_LIST_MS);
}
