/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins of the past decided again: facts out of a record are those that were
 * written, facts out of a log are built up on the way, and what cannot be found
 * again is taken over.
 */
#include "tests/unit/deciding.h"

#include "ctl/ctl.h"
#include "ctl/replay/judge.h"
#include "ctl/replay/recorded.h"
#include "ctl/replay/sums.h"
#include "policyd/geo/geo.h"
#include "policyd/record/record_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SET(field, value) \
	assert_int_equal(text_format(field, sizeof(field), "%s", value), 0)

/* Nobody here complains. */
void
ctl_complain(const char *fmt, ...)
{
	(void)fmt;
}

/* ---- records ----------------------------------------------------------- */

static struct conf no_conf;

static void
add_address(struct fact_origin *origin, const char *text)
{
	memset(origin, 0, sizeof(*origin));
	origin->kind = ORIGIN_ADDRESS;
	origin->source = ORIGIN_FROM_SSH_CONNECTION;
	set_address(origin, text);
	origin->cls = addr_classify(&origin->addr);
}

static void
add_other(struct facts *f, const char *address)
{
	struct fact_other *other = &f->sessions.list[f->sessions.nlisted++];

	SET(other->ref, "AAAA-AAAA");
	SET(other->service, "sshd");
	SET(other->device, "LT-0042");
	other->since_s = 1767222000;
	if (address == NULL) {
		other->origin.kind = ORIGIN_CONSOLE;
		other->reserved = true;
		return;
	}
	add_address(&other->origin, address);
	SET(other->where.country, "NO");
	SET(other->where.network, "office");
	other->where.asn = 64501;
}

static void
set_where(struct facts *f)
{
	set_facts(f);
	SET(f->login.rhost, "pc.example.com");
	SET(f->place.city, "Hof");
	f->place.has_point = true;
	f->place.latitude = -50.31;
	f->place.longitude = 11.9;
	f->place.accuracy_km = 20;
	f->place.country_only = true;
	f->asn.state = FACT_KNOWN;
	f->asn.number = 4200000000;
	SET(f->asn.org, "Exa\"mple \\ AS");
	f->anonymous.state = FACT_KNOWN;
	f->anonymous.flags = FACT_ANON_VPN | FACT_ANON_TOR;
	SET(f->anonymous.provider, "Some VPN");
	f->anonymous.confidence = 42;
	f->anonymous.seen_s = 1767000000;
}

static void
set_all(struct facts *f)
{
	struct fact_last *last = &f->history.last;

	set_where(f);
	f->person.state = FACT_KNOWN;
	f->person.shared = true;
	SET(f->person.person.user, "j\xc3\xb8rn");
	f->person.person.kind = PERSON_KIND_VENDOR;
	f->history.asn_state = FACT_KNOWN;
	f->history.asn_days = 3;
	f->revocation.state = FACT_KNOWN;
	f->revocation.at_s = 1767225600;
	SET(f->revocation.reason, "left");
	f->bundle.state = FACT_KNOWN;
	f->bundle.serial = 7;
	f->bundle.made_s = 1767225600;
	f->bundle.stale = true;
	f->sessions.state = FACT_KNOWN;
	f->sessions.count = 5;
	f->sessions.overflow = true;
	add_other(f, "2001:db8::1");
	add_other(f, NULL);
	last->state = FACT_KNOWN;
	SET(last->ref, "7F3K-Q2MN");
	last->at_s = 1767217800;
	last->ago_known = true;
	last->ago_s = 7800;
	add_address(&last->origin, "198.51.100.1");
	last->place.state = FACT_KNOWN;
	SET(last->place.country, "SE");
	SET(last->place.city, "Link\xc3\xb6ping");
	last->place.has_point = true;
	last->place.latitude = 58.4167;
	last->place.longitude = 15.6167;
	last->place.accuracy_km = 76;
	last->asn.state = FACT_KNOWN;
	last->asn.number = 64500;
	f->history.sharers_state = FACT_KNOWN;
	f->history.nsharers = 2;
	SET(f->history.sharer[0], "bob");
	SET(f->history.sharer[1], "carol");
}

static void
set_errors(struct facts *f)
{
	set_facts(f);
	f->place.state = FACT_ERROR;
	f->place.country[0] = '\0';
	f->place.source = PLACE_FROM_NOTHING;
	f->asn.state = FACT_ERROR;
	f->person.state = FACT_ERROR;
	f->revocation.state = FACT_ERROR;
	f->bundle.state = FACT_ERROR;
	f->sessions.state = FACT_ERROR;
	f->history.last.state = FACT_ERROR;
	f->history.sharers_state = FACT_ERROR;
}

/* The caller frees. */
static char *
text_of(const struct facts *f)
{
	struct json *json = json_new();
	char *text;

	json_set_string(json, "ts", "2026-01-01T00:00:00.000000Z");
	json_set_string(json, "kind", "remote");
	record_add_facts(json, f, &no_conf);
	assert_non_null(text = json_text(json));
	json_free(json);
	return text;
}

/* What is read is written again as it was. */
static void
check_both_ways(void (*set)(struct facts *))
{
	static struct facts facts;
	static struct recorded r;
	char *was, *is;

	memset(&r, 0xaa, sizeof(r)); /* what is not cleared shows */
	set(&facts);
	was = text_of(&facts);
	assert_int_equal(recorded_read(was, strlen(was), &r), 0);
	/* The problem of a place is only told; of these nothing is read. */
	r.facts.place.problem = NULL;
	memset(&r.facts.networks, 0, sizeof(r.facts.networks));
	memset(&r.facts.device, 0, sizeof(r.facts.device));
	memset(&r.facts.bound, 0, sizeof(r.facts.bound));
	memset(&r.facts.remote, 0, sizeof(r.facts.remote));
	is = text_of(&r.facts);
	assert_string_equal(is, was);
	assert_int_equal(r.facts.at_s, 1767225600);
	free(was);
	free(is);
}

static void
test_records_both_ways(void **state)
{
	(void)state;
	check_both_ways(set_facts);
	check_both_ways(set_where);
	check_both_ways(set_all);
	check_both_ways(set_errors);
}

static void
read_text(const char *text, struct recorded *r)
{
	char copy[4096];

	SET(copy, text);
	for (char *p = copy; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	assert_int_equal(recorded_read(copy, strlen(copy), r), 0);
}

#define RECORD                                                          \
	"{'ts':'2026-03-01T08:30:00.000000Z','user':'alice','service':" \
	"'sshd','kind':'remote','origin':{'kind':'address','source':"   \
	"'ssh_connection','address':'198.51.100.7'},'policy':{'name':"  \
	"'staff'},'decided':{'by':'finding','why':'x.conf:7: a = deny'},"

static void
test_what_is_taken_over(void **state)
{
	static struct recorded r;

	(void)state;
	read_text(RECORD "'findings':[{'code':'remote.tool','grade':'active',"
			 "'text':'anydesk','action':'log','exception':7},"
			 "{'code':'geo.country','action':'deny'},{'code':"
			 "'time.hours','proved':true},{'code':'of.tomorrow'}]}",
	    &r);
	assert_int_equal(r.findings.count, 1);
	assert_int_equal(r.findings.list[0].code, FINDING_REMOTE_TOOL);
	assert_string_equal(r.findings.list[0].text, "anydesk");
	assert_int_equal(r.facts.exceptions.count, 1);
	assert_int_equal(r.facts.exceptions.list[0].id, 7);
	assert_true(r.proved);
	assert_string_equal(r.why, "x.conf:7: a = deny");
	assert_int_equal(recorded_read("{\"ts\":\"x\"}", 10, &r),
	    FG_ERR_FORMAT);
	assert_int_equal(recorded_read("{", 1, &r), FG_ERR_FORMAT);
}

/* ---- a judge ----------------------------------------------------------- */

struct court {
	struct ruleset ruleset;
	struct people *people;
	struct known *known;
	struct judge *judge;
};

static void
open_court(struct court *c, const char *policies)
{
	struct conf_errors errors = { 0 };
	char why[PEOPLE_WHY_SIZE];

	memset(c, 0, sizeof(*c));
	c->ruleset.conf = parse(policies);
	assert_int_equal(geo_open(c->ruleset.conf, NULL, &c->ruleset.geo,
			     &errors),
	    0);
	conf_errors_done(&errors);
	assert_int_equal(people_load("/nonexistent/state", &c->people, why), 0);
	assert_non_null(strstr(why, "/nonexistent/state: "));
	assert_false(people_are_known(c->people));
	assert_non_null(c->known = known_new());
	c->judge = judge_new(&c->ruleset, c->people, c->known, 0);
	assert_non_null(c->judge);
}

static void
close_court(struct court *c)
{
	judge_free(c->judge);
	known_free(c->known);
	people_free(c->people);
	geo_free(c->ruleset.geo);
	conf_free(c->ruleset.conf);
}

/* A login by a log, which then took place. */
static enum judgement
comes(struct court *c, int64_t at_s, const char *user, const char *from,
    int64_t pid)
{
	static struct past_login login;
	struct fact_where where[KNOWN_VIEWS] = { { .asn = 0 } };
	enum judgement judgement;

	memset(&login, 0, sizeof(login));
	login.event = PAST_ACCEPTED;
	login.times = 1;
	login.at_s = at_s;
	login.pid = pid;
	SET(login.user, user);
	SET(login.from, from);
	SET(login.service, "sshd");
	login.has_addr = addr_parse(from, &login.addr) == 0;
	judgement = judge_login(c->judge, &login);
	where[0] = judge_facts(c->judge)->where;
	known_take(c->known, judge_who(c->judge), &login, 0, where);
	return judgement;
}

static void
leaves(struct court *c, int64_t pid)
{
	struct past_login login = { .event = PAST_ENDED, .pid = pid };

	known_end(c->known, &login);
}

#define NETWORKS                                                           \
	"network berlin { cidr = {\"198.51.100.0/24\"} place = \"DE\" }\n" \
	"network paris { cidr = {\"203.0.113.0/24\"} place = \"FR\" }\n"

static void
test_countries(void **state)
{
	struct court c;

	(void)state;
	open_court(&c,
	    NETWORKS "policy staff { countries = {\"DE\"} actions = "
		     "{\"geo.country = deny\"} }");
	assert_int_equal(comes(&c, 1772353800, "alice", "198.51.100.7", 1),
	    JUDGED_ALLOW);
	assert_int_equal(comes(&c, 1772353801, "alice", "203.0.113.7", 2),
	    JUDGED_DENY);
	assert_int_equal(comes(&c, 1772353802, "alice", "pc.example.com", 3),
	    JUDGED_DENY);
	assert_string_equal(names_text(known_names(c.known),
				judge_who(c.judge)),
	    "alice");
	close_court(&c);
}

/* Nothing is known of sessions before one has ended. */
static void
test_sessions(void **state)
{
	struct court c;

	(void)state;
	open_court(&c,
	    NETWORKS "policy staff { countries = {\"DE\", \"FR\"} "
		     "max_sessions = 2 actions = {\"session.places "
		     "= deny\", \"session.limit = deny\", "
		     "\"session.shared_source = log\"} }");
	assert_int_equal(comes(&c, 1772353800, "alice", "198.51.100.7", 1),
	    JUDGED_ALLOW);
	assert_int_equal(comes(&c, 1772353801, "alice", "203.0.113.7", 2),
	    JUDGED_ALLOW);
	leaves(&c, 99);
	assert_false(known_ends(c.known));
	leaves(&c, 2);
	assert_true(known_ends(c.known));
	assert_int_equal(comes(&c, 1772353802, "alice", "203.0.113.7", 3),
	    JUDGED_DENY);
	leaves(&c, 1);
	assert_int_equal(comes(&c, 1772353803, "alice", "203.0.113.8", 4),
	    JUDGED_ALLOW);
	assert_int_equal(comes(&c, 1772353804, "alice", "203.0.113.7", 5),
	    JUDGED_DENY); /* the third of them */
	assert_int_equal(comes(&c, 1772353805, "bob", "198.51.100.7", 6),
	    JUDGED_ALLOW);
	/* What nobody has seen the end of is none after a week. */
	assert_int_equal(comes(&c, 1772353805 + 8 * 86400, "alice",
			     "198.51.100.7", 7),
	    JUDGED_ALLOW);
	close_court(&c);
}

static void
test_sharers(void **state)
{
	struct court c;
	char user[16];

	(void)state;
	open_court(&c,
	    NETWORKS "shared_people = 3\n"
		     "policy staff { actions = {"
		     "\"session.shared_source = deny\"} }");
	for (int i = 0; i < 3; i++) {
		(void)text_format(user, sizeof(user), "user%d", i);
		assert_int_equal(comes(&c, 1772353800 + i, user, "203.0.113.7",
				     10 + i),
		    JUDGED_ALLOW);
	}
	assert_int_equal(comes(&c, 1772353810, "user0", "203.0.113.7", 20),
	    JUDGED_ALLOW);
	assert_int_equal(comes(&c, 1772353811, "user9", "203.0.113.7", 21),
	    JUDGED_DENY);
	assert_int_equal(comes(&c, 1772353811, "user9", "203.0.113.8", 22),
	    JUDGED_ALLOW);
	close_court(&c);
}

static void
test_records_by_another_policy(void **state)
{
	static struct recorded r;
	struct court c;

	(void)state;
	open_court(&c,
	    NETWORKS "step_up = {\"totp\"}\n"
		     "policy staff { countries = {\"DE\"} actions = "
		     "{\"remote.tool = deny\", \"geo.country = "
		     "challenge\"} }");
	read_text(RECORD "'findings':[{'code':'remote.tool','grade':'active',"
			 "'text':'anydesk','action':'log'}]}",
	    &r);
	assert_int_equal(judge_recorded(c.judge, &r), JUDGED_DENY);
	assert_string_equal(sums_text_of(judge_decision(c.judge)), "anydesk");
	read_text(RECORD "'findings':[{'code':'remote.tool','grade':'active',"
			 "'text':'anydesk','action':'log','exception':7}]}",
	    &r);
	assert_int_equal(judge_recorded(c.judge, &r), JUDGED_ALLOW);
	/* The place is the record's, where no network says another one. */
	read_text(RECORD "'place':{'state':'known','source':'database',"
			 "'country':'US'},'findings':[]}",
	    &r);
	assert_int_equal(judge_recorded(c.judge, &r), JUDGED_ALLOW);
	addr_parse("192.0.2.7", &r.facts.origin.addr);
	assert_int_equal(judge_recorded(c.judge, &r), JUDGED_CHALLENGE);
	close_court(&c);
}

#define ALICE \
	RECORD "'person':{'state':'known','user':'alice','kind':'person'},"

/* Who is in the inventory no more had access then, unless the record says not;
 * a revocation of then is the record's in any case. */
static void
test_who_has_left(void **state)
{
	static struct recorded r;
	struct court c;

	(void)state;
	open_court(&c, NETWORKS "policy staff { countries = {\"DE\"} }");
	read_text(ALICE "'findings':[]}", &r);
	assert_int_equal(judge_recorded(c.judge, &r), JUDGED_ALLOW);
	read_text(ALICE "'findings':[{'code':'person.revoked','text':"
			"'access is revoked','action':'deny'}]}",
	    &r);
	assert_int_equal(judge_recorded(c.judge, &r), JUDGED_DENY);
	assert_int_equal(judge_decision(c.judge)->findings.count, 1);
	read_text(ALICE "'revocation':{'state':'known','at':1700000000,"
			"'reason':'x'},'findings':[{'code':'person.revoked',"
			"'text':'access was taken back on 2023-11-14 22:13:20 "
			"UTC: x','action':'deny'}]}",
	    &r);
	assert_int_equal(judge_recorded(c.judge, &r), JUDGED_DENY);
	assert_int_equal(judge_decision(c.judge)->findings.count, 1);
	assert_int_equal(judge_gone(c.judge), 3);
	close_court(&c);
}

static void
test_invalid_users(void **state)
{
	static struct recorded r;
	struct court c;

	(void)state;
	open_court(&c, "policy all { }");
	read_text("{'ts':'2026-03-01T08:30:00.000000Z','user':null,"
		  "'invalid_user':true,'service':'sshd','kind':'remote',"
		  "'origin':{'kind':'address','source':'rhost','address':"
		  "'198.51.100.7'}}",
	    &r);
	assert_int_equal(judge_recorded(c.judge, &r), JUDGED_DENY);
	assert_int_equal(judge_decision(c.judge)->by, DECIDED_BY_FAILURE);
	close_court(&c);
}

/* ---- names and sums ---------------------------------------------------- */

#define MANY 200000u

/* As many as it has, which is more than logs may bring. */
static void
test_inventories_may_be_large(void **state)
{
	struct fact_person fact;
	struct people *people;
	char *text = NULL, name[16];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	for (uint32_t i = 0; i < MANY; i++)
		fprintf(out, "{\"user\":\"u%u\",\"accounts\":\"u%u x%u\"}\n", i,
		    i, i);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(people_take(text, size, &people), 0);
	for (uint32_t i = 0; i < MANY; i += 4711) {
		(void)text_format(name, sizeof(name), "x%u", i);
		people_find(people, name, "", true, 0, &fact);
		assert_int_equal(fact.state, FACT_KNOWN);
		name[0] = 'u';
		assert_string_equal(fact.person.user, name);
	}
	people_find(people, "x200000", "", true, 0, &fact);
	assert_int_equal(fact.state, FACT_UNKNOWN);
	people_free(people);
}

static void
test_names_are_bounded(void **state)
{
	struct names *names = names_new(NAMES_MAX);
	char name[16];

	(void)state;
	assert_non_null(names);
	assert_int_equal(names_find(names, "0"), NAMES_NONE);
	for (uint32_t i = 0; i < NAMES_MAX; i++) {
		(void)text_format(name, sizeof(name), "%u", i);
		assert_int_equal(names_add(names, name), i);
	}
	assert_int_equal(names_add(names, "more"), NAMES_NONE);
	assert_int_equal(names_add(names, "17"), 17);
	assert_int_equal(names_find(names, "65535"), 65535);
	assert_string_equal(names_text(names, 4711), "4711");
	names_free(names);
}

static void
test_sums(void **state)
{
	const struct sums_before before = { JUDGED_ALLOW, "" };
	struct sums *sums = sums_new();
	struct past_login login = { .times = 3, .at_s = 7, .file = "f" };
	enum judgement is;
	struct court c;

	(void)state;
	open_court(&c,
	    NETWORKS "policy staff { countries = {\"DE\"} actions = "
		     "{\"geo.country = deny\"} }");
	assert_non_null(sums);
	is = comes(&c, 1772353800, "alice", "203.0.113.7", 1);
	sums_take(sums, c.judge, &login, is, &before);
	login.times = 1;
	login.at_s = 9;
	is = comes(&c, 1772353800, "alice", "198.51.100.7", 1);
	sums_take(sums, c.judge, &login, is, &before);
	assert_int_equal(sums->logins, 4);
	assert_int_equal(sums->flips, 3);
	assert_int_equal(sums->flip[JUDGED_ALLOW][JUDGED_DENY], 3);
	assert_int_equal(sums->people, 1);
	assert_int_equal(sums->first_s, 7);
	assert_int_equal(sums->last_s, 9);
	assert_string_equal(sums->person[0].example->is_why,
	    "test.conf:3: geo.country = deny");
	assert_string_equal(sums->person[0].example->where, "f:0");
	sums_free(sums);
	close_court(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_both_ways),
		cmocka_unit_test(test_what_is_taken_over),
		cmocka_unit_test(test_countries),
		cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_sharers),
		cmocka_unit_test(test_records_by_another_policy),
		cmocka_unit_test(test_who_has_left),
		cmocka_unit_test(test_invalid_users),
		cmocka_unit_test(test_inventories_may_be_large),
		cmocka_unit_test(test_names_are_bounded),
		cmocka_unit_test(test_sums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
