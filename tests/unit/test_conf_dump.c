/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dump reads back to itself and decides alike; the shipped example and
 * the manual agree with the code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/people/civil.h"
#include "tests/unit/conf_fixture.h"

#define EXAMPLE "conf/farmgate.conf"
#define MANUAL	"man/farmgate.conf.5"

static const char *const samples[] = {
	"",
	"mode = observe help = \"\\\"a\\\" \\\\ b \xc3\xa6\"",
	"policy p { }",
	CONF_DB "audit = /a state = /s\npolicy p { countries = {NO, XK} }",
	"services { exempt = {sudo, zz, sshd} console = {cron, yy, login} }",
	"services { remote = {login, gdm-password, lightdm} }",
	"on_failure = {\"audit_unwritable = allow\", \"no_policy = deny\"}\n"
	"policy p { mode = observe on_failure = \"overflow = allow\" }",
	"network a { cidr = {192.0.2.1, \"::/0\"} label = x place = NO }\n"
	"network b { cidr = 192.0.2.0/24 label = y trust = place }\n"
	"actions = {\"net.listed:x=deny\", \" net.listed = ignore \"}\n"
	"policy p { users = {a, @b} services = {sshd, sudo}\n"
	" networks = {b, a} countries = SE\n"
	" actions = {\"geo.country = log\", \"geo.unknown:no_address = log\"}\n"
	" combination c { findings = {\"geo.country\", \"net.listed:y\",\n"
	"  \"geo.unknown:not_found\"} action = deny }\n"
	" combination d { findings = {\"geo.country\", \"net.listed:y\"}\n"
	"  action = deny } }\n"
	"policy q { networks = a }\npolicy r { }",
	"missing_accuracy = 25km\n"
	"database asn { files = {/a, \"/b c\", /d} max_age = 61s }\n"
	"database city { files = {/a} max_age = 120m }\n"
	"database anonymous { files = /n max_age = 60d }\n"
	"network a { cidr = 192.0.2.1 kind = tor label = x }\n"
	"network b { cidr = 192.0.2.2 trust = bastion }\n"
	"asn l { numbers = {AS1, \"2\"} kind = mobile }\n"
	"asn k { numbers = AS4 kind = cgnat }\n"
	"asn m { numbers = as3 }\n"
	"actions = {\"net.anonymizer:tor = log\", \"net.hosting = deny\"}\n"
	"policy p { deny_asns = {AS7, m} countries = NO\n"
	" actions = {\"net.asn:denied = log\"} }",
	"max_speed = 1km/h travel_floor = 0km asn_learning = 1000\n"
	"shared_people = 8 shared_window = 61s history = 36500d\n"
	"bundle_keys = "
	"\"ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\" "
	"bundle_max_age = 61m\n"
	"terminate = yes database asn { files = /a }\n"
	"network a { cidr = 192.0.2.1 shared = \"a \\\"b\\\"\"\n"
	" shared_until = 9998-12-31 }\n"
	"policy p { users = a max_sessions = 10000 }\n"
	"policy q { places = {network, asn} }",
	"step_up = {delegate, \"totp\", approval} step_up_time = 10m\n"
	"remember = 30d actions = {\"geo.country = challenge\",\n"
	" \"time.hours = challenge any approval totp\"}\n"
	"policy p { users = a step_up = {approval, totp}\n"
	" actions = {\"geo.unknown = challenge  all serial totp \",\n"
	"  \"geo.unknown:loopback = challenge any delegate\"}\n"
	" combination c { findings = {\"geo.stale\", \"geo.unknown\"}\n"
	"  action = \"challenge\" }\n"
	" combination d { findings = {\"geo.stale\", \"remote.unknown\"}\n"
	"  action = \"challenge all totp approval\" } }\n"
	"policy q { }",
	"jumphost a { names = {\"Jump.example.org.\", 10.0.0.5,\n"
	" \"fe80::1%eth0\"}\n"
	" key = \"x25519:KdF+BgsbPEJGdSRNN/G9l2E9DbNSOnUYqr0ycg3cG1M=\" }\n"
	"jumphost b { names = other\n"
	" key = \"x25519:CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\" }\n",
};

#define NSAMPLES (sizeof(samples) / sizeof(samples[0]))

static char *
dump(const struct conf *conf)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(conf_dump(conf, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static char *
read_file(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = calloc(1, 256 * 1024);

	if (in == NULL)
		fail_msg("%s is missing; run this in the top folder", path);
	assert_non_null(text);
	assert_true(fread(text, 1, 256 * 1024 - 1, in) > 0);
	(void)fclose(in);
	return text;
}

static void
same_methods(const struct methods *a, const struct methods *b)
{
	assert_int_equal(a->all, b->all);
	assert_int_equal(a->n, b->n);
	assert_memory_equal(a->list, b->list, a->n * sizeof(a->list[0]));
}

static void
same_answers(const struct conf *a, const struct conf *b,
    const struct conf_policy *pa, const struct conf_policy *pb)
{
	struct methods ma, mb;
	enum finding_code code;
	size_t i;

	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++) {
		conf_methods(a, pa, code, NULL, &ma);
		conf_methods(b, pb, code, NULL, &mb);
		same_methods(&ma, &mb);
	}
	for (i = 0; pa != NULL && i < pa->ncombinations; i++) {
		conf_combination_methods(a, pa, &pa->combinations[i], &ma);
		conf_combination_methods(b, pb, &pb->combinations[i], &mb);
		same_methods(&ma, &mb);
	}
}

static void
same_actions(const struct conf *a, const struct conf *b,
    const struct conf_policy *pa, const struct conf_policy *pb)
{
	static const char *const grades[] = { "", "x", "y", "not_found",
		"no_database", "no_address", "tor", "denied" };
	enum failure failure;
	enum finding_code code;
	enum service_kind kind;
	unsigned int line;
	size_t i;

	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++)
		for (i = 0; i < sizeof(grades) / sizeof(grades[0]); i++)
			assert_int_equal(conf_action(a, pa, code, grades[i],
					     &line),
			    conf_action(b, pb, code, grades[i], &line));
	for (failure = FAILURE_NONE + 1; failure < FAILURE_COUNT; failure++)
		for (kind = SERVICE_NONE; kind <= SERVICE_EXEMPT; kind++)
			assert_int_equal(conf_failure_action(a, pa, failure,
					     kind, &line),
			    conf_failure_action(b, pb, failure, kind, &line));
}

static void
same_services(const struct conf *a, const struct conf *b)
{
	enum service_kind kind;
	size_t i;

	for (kind = SERVICE_REMOTE; kind <= SERVICE_EXEMPT; kind++) {
		assert_int_equal(a->services[kind].n, b->services[kind].n);
		for (i = 0; i < a->services[kind].n; i++)
			assert_int_equal(conf_service_kind(b,
					     a->services[kind].v[i]),
			    kind);
	}
}

static void
same_sources(const struct conf *a, const struct conf *b)
{
	size_t i;

	assert_true(a->missing_accuracy_km == b->missing_accuracy_km);
	assert_true(a->max_speed_kmh == b->max_speed_kmh);
	assert_true(a->travel_floor_km == b->travel_floor_km);
	assert_int_equal(a->asn_learning, b->asn_learning);
	assert_int_equal(a->shared_people, b->shared_people);
	assert_int_equal(a->shared_window_s, b->shared_window_s);
	assert_int_equal(a->history_s, b->history_s);
	assert_int_equal(a->terminate, b->terminate);
	assert_int_equal(a->bundle_keys.n, b->bundle_keys.n);
	for (i = 0; i < a->bundle_keys.n; i++)
		assert_string_equal(a->bundle_keys.v[i], b->bundle_keys.v[i]);
	assert_int_equal(a->bundle_max_age_s, b->bundle_max_age_s);
	assert_int_equal(a->ndatabases, b->ndatabases);
	for (i = 0; i < a->ndatabases; i++) {
		assert_int_equal(a->databases[i].kind, b->databases[i].kind);
		assert_string_equal(a->databases[i].path, b->databases[i].path);
		assert_int_equal(a->databases[i].max_age_s,
		    b->databases[i].max_age_s);
	}
	assert_int_equal(a->nnetworks, b->nnetworks);
	for (i = 0; i < a->nnetworks; i++) {
		assert_int_equal(a->networks[i].kind, b->networks[i].kind);
		assert_int_equal(a->networks[i].trust, b->networks[i].trust);
		assert_int_equal(a->networks[i].max_age_s,
		    b->networks[i].max_age_s);
		assert_int_equal(a->networks[i].shared_until_s,
		    b->networks[i].shared_until_s);
		assert_int_equal(a->networks[i].shared == NULL,
		    b->networks[i].shared == NULL);
	}
	assert_int_equal(a->nasns, b->nasns);
	for (i = 0; i < a->nasns; i++) {
		assert_int_equal(a->asns[i].kind, b->asns[i].kind);
		assert_int_equal(a->asns[i].nsorted, b->asns[i].nsorted);
		assert_memory_equal(a->asns[i].sorted, b->asns[i].sorted,
		    a->asns[i].nsorted * sizeof(*a->asns[i].sorted));
	}
}

static void
same_jumphosts(const struct conf *a, const struct conf *b)
{
	const struct conf_jumphost *ha, *hb;
	size_t i, k;

	assert_int_equal(a->njumphosts, b->njumphosts);
	for (i = 0; i < a->njumphosts; i++) {
		ha = &a->jumphosts[i];
		hb = &b->jumphosts[i];
		assert_string_equal(ha->name, hb->name);
		assert_memory_equal(ha->key, hb->key, sizeof(ha->key));
		assert_int_equal(ha->names.n, hb->names.n);
		for (k = 0; k < ha->names.n; k++)
			assert_string_equal(ha->names.v[k], hb->names.v[k]);
	}
}

static void
decides_alike(const struct conf *a, const struct conf *b)
{
	const struct conf_policy *pa, *pb;
	size_t i, k;

	same_actions(a, b, NULL, NULL);
	same_answers(a, b, NULL, NULL);
	assert_int_equal(a->step_up_s, b->step_up_s);
	assert_int_equal(a->remember_s, b->remember_s);
	same_services(a, b);
	same_sources(a, b);
	same_jumphosts(a, b);
	assert_int_equal(a->mode, b->mode);
	assert_int_equal(a->npolicies, b->npolicies);
	for (i = 0; i < a->npolicies; i++) {
		pa = &a->policies[i];
		pb = &b->policies[i];
		same_actions(a, b, pa, pb);
		assert_int_equal(pa->mode == 0 ? a->mode : pa->mode,
		    pb->mode == 0 ? b->mode : pb->mode);
		assert_int_equal(pa->max_sessions, pb->max_sessions);
		assert_int_equal(pa->places, pb->places);
		assert_int_equal(pa->users.n, pb->users.n);
		assert_int_equal(pa->countries.n, pb->countries.n);
		assert_int_equal(pa->networks.n, pb->networks.n);
		for (k = 0; k < pa->networks.n; k++)
			assert_int_equal(pa->network_index[k],
			    pb->network_index[k]);
		assert_int_equal(pa->deny_asns.n, pb->deny_asns.n);
		for (k = 0; k < pa->deny_asns.n; k++) {
			assert_int_equal(pa->asn_rules[k].number,
			    pb->asn_rules[k].number);
			assert_int_equal(pa->asn_rules[k].list,
			    pb->asn_rules[k].list);
		}
		assert_int_equal(pa->ncombinations, pb->ncombinations);
		same_answers(a, b, pa, pb);
	}
}

static void
round_trip(const char *text)
{
	struct conf *first = accepted(text), *second, *third;
	char *once = dump(first), *twice, *thrice;

	second = accepted(once);
	twice = dump(second);
	assert_string_equal(once, twice);
	decides_alike(first, second);
	third = accepted(twice);
	thrice = dump(third);
	assert_string_equal(twice, thrice);
	conf_free(first);
	conf_free(second);
	conf_free(third);
	free(once);
	free(twice);
	free(thrice);
}

static void
test_a_dump_reads_back_to_itself(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NSAMPLES; i++)
		round_trip(samples[i]);
}

static void
test_a_dump_names_everything_that_is_in_force(void **state)
{
	struct conf *conf = accepted("");
	char *text = dump(conf);

	(void)state;
	assert_non_null(strstr(text, "mode = \"enforce\"\n"));
	assert_non_null(strstr(text, "#\t\"geo.country = deny\"\n"));
	assert_non_null(strstr(text, "#\t\"geo.unknown:no_address = deny\""));
	assert_non_null(strstr(text, "#\tno_policy: deny, allow\n"));
	assert_non_null(strstr(text, "exempt = {\"cron\", "));
	assert_non_null(strstr(text, "step_up_time = \"90s\"\n"));
	assert_null(strstr(text, " = challenge"));
	free(text);
	conf_free(conf);
}

static void
test_a_dump_that_cannot_be_written_is_an_error(void **state)
{
	struct conf *conf = accepted("");
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	assert_int_equal(conf_dump(conf, out), FG_ERR_SYSTEM);
	(void)fclose(out);
	conf_free(conf);
}

/* Installed unchanged it must not lock anybody out. */
static void
test_the_shipped_example_is_right_and_refuses_nobody(void **state)
{
	char *text = read_file(EXAMPLE);
	struct conf *conf = accepted(text);
	size_t i;

	(void)state;
	assert_int_equal(conf->mode, CONF_MODE_OBSERVE);
	for (i = 0; i < conf->npolicies; i++)
		assert_int_equal(conf->policies[i].mode, CONF_MODE_NONE);
	round_trip(text);
	conf_free(conf);
	free(text);
}

/* Count a name in the manual as a word of its own. */
static bool
has_word(const char *text, const char *word)
{
	static const char part[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	size_t len = strlen(word);
	const char *at = text;

	while ((at = strstr(at, word)) != NULL) {
		if ((at == text || strchr(part, at[-1]) == NULL) &&
		    (at[len] == '\0' || strchr(part, at[len]) == NULL))
			return true;
		at++;
	}
	return false;
}

static void
in_manual(const char *text, const char *word)
{
	if (!has_word(text, word))
		fail_msg("%s does not mention %s", MANUAL, word);
}

static void
test_the_manual_has_every_default(void **state)
{
	char *text = read_file(MANUAL), number[32];
	struct conf *conf = accepted("");
	enum service_kind kind;
	size_t i;

	(void)state;
	in_manual(text, conf->audit);
	in_manual(text, conf->state);
	in_manual(text, conf_mode_name(conf->mode));
	for (kind = SERVICE_REMOTE; kind <= SERVICE_EXEMPT; kind++)
		for (i = 0; i < conf->services[kind].n; i++)
			in_manual(text, conf->services[kind].v[i]);
	(void)snprintf(number, sizeof(number), "%u", CONF_FILE_MAX);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "%u", CONF_NETFILE_MAX);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "%u", CONF_ENTRIES_MAX);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "%u", CONF_SECTIONS_MAX);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "%u", CONF_LIST_MAX);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "%u", FG_TEXT_MAX);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "%.0fkm",
	    conf->missing_accuracy_km);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "%ukm", CONF_DISTANCE_MAX_KM);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "%ud", CONF_AGE_MAX_D);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "is %llds.",
	    (long long)conf->step_up_s);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "from %ds to %dm.",
	    CONF_STEP_UP_MIN_S, CONF_STEP_UP_MAX_S / 60);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "most\n%dd.",
	    CONF_REMEMBER_MAX_D);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "%u", CONF_DATABASES_MAX);
	in_manual(text, number);
	conf_free(conf);
	free(text);
}

/* Those of journeys, of people who share an address, and of sessions. */
static void
test_the_manual_has_every_number_about_people(void **state)
{
	char *text = read_file(MANUAL), number[32];
	struct conf *conf = accepted("");

	(void)state;
	(void)snprintf(number, sizeof(number), "%.0fkm/h", conf->max_speed_kmh);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "%ukm/h", CONF_SPEED_MAX_KMH);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "is %.0fkm.",
	    conf->travel_floor_km);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "is %u.", conf->asn_learning);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "is %u.", conf->shared_people);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "is %lldd,",
	    (long long)(conf->shared_window_s / CIVIL_DAY_S));
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "is %lldd.",
	    (long long)(conf->history_s / CIVIL_DAY_S));
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "from 1 to %u,",
	    CONF_LEARNING_MAX);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "from 1 to %u.",
	    CONF_SHARED_PEOPLE_MAX);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "1 to %u bytes",
	    CONF_SHARED_TEXT_MAX);
	in_manual(text, number);
	(void)snprintf(number, sizeof(number), "from 1 to %u.",
	    CONF_SESSIONS_MAX);
	in_manual(text, number);
	conf_free(conf);
	free(text);
}

static void
test_the_manual_has_every_key(void **state)
{
	const struct conf_key *key, *sub, *subsub;
	char *text = read_file(MANUAL);

	(void)state;
	for (key = conf_schema; key->name != NULL; key++) {
		in_manual(text, key->name);
		for (sub = key->keys; sub != NULL && sub->name != NULL; sub++) {
			in_manual(text, sub->name);
			subsub = sub->keys;
			for (; subsub != NULL && subsub->name != NULL; subsub++)
				in_manual(text, subsub->name);
		}
	}
	free(text);
}

static void
test_the_manual_has_every_finding_with_its_action(void **state)
{
	char *text = read_file(MANUAL), line[160];
	struct conf *conf = accepted("");
	const struct finding_info *info;
	const char *const *grade;
	enum finding_code code;
	unsigned int at;

	(void)state;
	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++) {
		info = finding_info(code);
		in_manual(text, info->name);
		(void)snprintf(line, sizeof(line), "\n.It %s Ta %s\n",
		    info->name,
		    action_name(conf_action(conf, NULL, code, NULL, &at)));
		if (info->grades == NULL && strstr(text, line) == NULL)
			fail_msg("%s lacks%s", MANUAL, line);
		grade = info->grades;
		for (; grade != NULL && *grade != NULL; grade++) {
			(void)snprintf(line, sizeof(line),
			    "\n.It %s:%s Ta %s\n", info->name, *grade,
			    action_name(conf_action(conf, NULL, code, *grade,
				&at)));
			if (strstr(text, line) == NULL)
				fail_msg("%s lacks%s", MANUAL, line);
		}
	}
	conf_free(conf);
	free(text);
}

static void
test_the_manual_has_every_failure_with_its_actions(void **state)
{
	char *text = read_file(MANUAL), line[160];
	enum failure failure;

	(void)state;
	for (failure = FAILURE_NONE + 1; failure < FAILURE_COUNT; failure++) {
		(void)snprintf(line, sizeof(line), "\n.It %s Ta %s Ta %s\n",
		    failure_info(failure)->name,
		    failure_shipped(failure, SERVICE_REMOTE) == ACTION_DENY ?
			"deny" :
			"allow",
		    failure_shipped(failure, SERVICE_NESTED) == ACTION_DENY ?
			"deny" :
			"allow");
		if (strstr(text, line) == NULL)
			fail_msg("%s lacks%s", MANUAL, line);
	}
	free(text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_dump_reads_back_to_itself),
		cmocka_unit_test(test_a_dump_names_everything_that_is_in_force),
		cmocka_unit_test(
		    test_a_dump_that_cannot_be_written_is_an_error),
		cmocka_unit_test(
		    test_the_shipped_example_is_right_and_refuses_nobody),
		cmocka_unit_test(test_the_manual_has_every_default),
		cmocka_unit_test(test_the_manual_has_every_number_about_people),
		cmocka_unit_test(test_the_manual_has_every_key),
		cmocka_unit_test(
		    test_the_manual_has_every_finding_with_its_action),
		cmocka_unit_test(
		    test_the_manual_has_every_failure_with_its_actions),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
