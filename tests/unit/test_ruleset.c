/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ruleset is loaded whole or not at all, lives as long as somebody uses it,
 * and decides from a file what its parts decide.
 */
#include "policyd/ruleset.h"

#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/result.h"

static const struct ruleset_sources nothing = { 0 };

static char folder[] = "/tmp/farmgate-ruleset-XXXXXX";
static char path[64];
static char catalogue[64], entry[80];
static char second[64], second_entry[80];

static void
put_config(const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

/* A catalogue in the same folder, with nothing in it. */
static void
put_catalogue(void)
{
	FILE *f = fopen(entry, "w");

	assert_non_null(f);
	(void)fputs("tool \"nothing\" { title = \"Nothing\" kind = "
		    "\"ordinary\" exe = {\"/nonexistent/a\"} "
		    "source = \"this test\" }\n",
	    f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(entry, 0600), 0);
}

static int
load(const char *text, struct ruleset **ret_ruleset, size_t *ret_errors)
{
	struct conf_errors errors = { 0 };
	char whole[4096];
	int r;

	put_catalogue();
	(void)snprintf(whole, sizeof(whole), "catalogue = {\"%s\"}\n%s",
	    catalogue, text);
	put_config(whole);
	r = ruleset_load(path, ret_ruleset, &errors);
	*ret_errors = errors.count;
	conf_errors_done(&errors);
	return r;
}

static void
test_a_login_goes_through_all_steps(void **state)
{
	static struct facts f;
	struct ruleset *rs;
	struct decision d;
	size_t errors;

	(void)state;
	assert_int_equal(load("network paris { cidr = {\"203.0.113.0/24\"} "
			      "place = \"FR\" label = \"far\" }\n"
			      "policy all { countries = {\"DE\"} }\n",
			     &rs, &errors),
	    0);
	assert_int_equal(rs->users, 1);
	assert_int_equal(rs->warnings.count, 0);
	assert_true(rs->loaded_at_s > 0);
	memset(&f, 0, sizeof(f));
	(void)snprintf(f.login.user, sizeof(f.login.user), "alice");
	(void)snprintf(f.login.service, sizeof(f.login.service), "sshd");
	(void)snprintf(f.login.rhost, sizeof(f.login.rhost), "203.0.113.7");
	ruleset_decide(rs, &nothing, &f, &d);
	assert_int_equal(f.kind, SERVICE_REMOTE);
	assert_int_equal(f.origin.kind, ORIGIN_ADDRESS);
	assert_int_equal(f.networks.count, 1);
	assert_string_equal(f.place.country, "FR");
	assert_int_equal(d.findings.count, 2);
	assert_int_equal(d.verdict, FG_VERDICT_DENY);
	ruleset_release(rs);
}

static void
test_a_broken_file_gives_no_ruleset(void **state)
{
	struct conf_errors list = { 0 };
	struct ruleset *rs = NULL;
	size_t errors;

	(void)state;
	assert_int_equal(load("mode = \"perhaps\"\nbogus = 1\n", &rs, &errors),
	    FG_ERR_CONFIG);
	assert_null(rs);
	assert_true(errors >= 2);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(ruleset_load(path, &rs, &list), FG_ERR_CONFIG);
	assert_null(rs);
	assert_int_equal(list.count, 1);
	conf_errors_done(&list);
	assert_int_equal(rmdir(path), 0);
}

static void
test_a_missing_database_is_a_warning_and_no_place(void **state)
{
	static struct facts f;
	struct ruleset *rs;
	struct decision d;
	size_t errors;

	(void)state;
	assert_int_equal(load("database country { files = "
			      "\"/nonexistent/a.mmdb\" }\n"
			      "policy all { countries = {\"DE\"} "
			      "actions = {\"geo.unknown = deny\"} }\n",
			     &rs, &errors),
	    0);
	assert_int_equal(errors, 0);
	assert_int_equal(rs->warnings.count, 1);
	assert_int_equal(geo_count(rs->geo), 0);
	memset(&f, 0, sizeof(f));
	(void)snprintf(f.login.user, sizeof(f.login.user), "alice");
	(void)snprintf(f.login.service, sizeof(f.login.service), "sshd");
	(void)snprintf(f.login.rhost, sizeof(f.login.rhost), "81.2.69.142");
	ruleset_decide(rs, &nothing, &f, &d);
	assert_int_equal(f.place.state, FACT_ERROR);
	assert_int_equal(d.verdict, FG_VERDICT_DENY);
	ruleset_release(rs);
}

static void
test_the_last_user_frees_it(void **state)
{
	struct ruleset *rs;
	size_t errors;

	(void)state;
	assert_int_equal(load("policy all { }\n", &rs, &errors), 0);
	ruleset_hold(rs);
	assert_int_equal(rs->users, 2);
	ruleset_release(rs);
	assert_int_equal(rs->users, 1);
	assert_int_equal(rs->conf->npolicies, 1);
	ruleset_release(rs);
	ruleset_release(NULL);
}

/* ---- a catalogue that is not right -------------------------------------- */

#define NO_FOLDER "/nonexistent/catalogue"
#define BROKEN	  "tool \"half\" { title = }\n"

static void
put_second(const char *text)
{
	FILE *f = fopen(second_entry, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(second_entry, 0600), 0);
}

static void
read_folders(const char *one, const char *two, bool shipped,
    struct ruleset **ret_ruleset)
{
	struct conf_errors errors = { 0 };
	char text[256];

	(void)snprintf(text, sizeof(text), "catalogue = {\"%s\", \"%s\"}\n",
	    one, two);
	put_config(text);
	assert_int_equal(ruleset_read(path, ret_ruleset, &errors), 0);
	if (shipped) /* as if the file had not named them */
		(*ret_ruleset)->conf->machine.catalogue.lines[0] = 0;
	conf_errors_done(&errors);
}

/* What the daemon starts with; check says nothing else of the same folders. */
static void
starts_with(const char *one, const char *two, bool shipped, size_t entries,
    int checked)
{
	struct conf_errors errors = { 0 };
	struct ruleset *rs;

	read_folders(one, two, shipped, &rs);
	assert_int_equal(ruleset_catalogue(rs, &errors), checked);
	assert_int_equal(errors.count > 0, checked != 0);
	conf_errors_done(&errors);
	ruleset_release(rs);

	read_folders(one, two, shipped, &rs);
	assert_int_equal(ruleset_catalogue_leniently(rs), 0);
	assert_non_null(rs->catalogue);
	assert_int_equal(rs->catalogue->nentries, entries);
	assert_true(rs->partial);
	assert_int_equal(ruleset_map(rs, NULL), 0);
	assert_int_equal(rs->warnings.count, 1);
	ruleset_release(rs);
}

static void
test_a_daemon_starts_without_what_is_shipped(void **state)
{
	(void)state;
	put_catalogue();
	starts_with(NO_FOLDER, catalogue, true, 1, 0);
	starts_with(NO_FOLDER, NO_FOLDER "2", true, 0, 0);
	starts_with(NO_FOLDER, catalogue, false, 0, FG_ERR_CONFIG);
	starts_with(NO_FOLDER, NO_FOLDER "2", false, 0, FG_ERR_CONFIG);
}

static void
test_a_daemon_starts_with_a_broken_folder(void **state)
{
	(void)state;
	put_catalogue();
	put_second(BROKEN);
	starts_with(second, catalogue, true, 0, FG_ERR_CONFIG);
	starts_with(second, catalogue, false, 0, FG_ERR_CONFIG);
	starts_with(catalogue, second, true, 1, FG_ERR_CONFIG);
	starts_with(catalogue, second, false, 1, FG_ERR_CONFIG);
}

static void
test_a_whole_catalogue_is_not_partial(void **state)
{
	struct ruleset *rs;

	(void)state;
	put_catalogue();
	read_folders(catalogue, NO_FOLDER, true, &rs);
	assert_int_equal(ruleset_catalogue_leniently(rs), 0);
	assert_false(rs->partial);
	assert_int_equal(ruleset_map(rs, NULL), 0);
	assert_int_equal(rs->warnings.count, 0);
	ruleset_release(rs);
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/farmgate.conf", folder);
	(void)snprintf(catalogue, sizeof(catalogue), "%s/catalogue", folder);
	(void)snprintf(entry, sizeof(entry), "%s/a.conf", catalogue);
	(void)snprintf(second, sizeof(second), "%s/second", folder);
	(void)snprintf(second_entry, sizeof(second_entry), "%s/a.conf", second);
	return mkdir(second, 0700) == 0 ? mkdir(catalogue, 0700) : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)unlink(path);
	(void)unlink(entry);
	(void)rmdir(catalogue);
	(void)unlink(second_entry);
	(void)rmdir(second);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_login_goes_through_all_steps),
		cmocka_unit_test(test_a_broken_file_gives_no_ruleset),
		cmocka_unit_test(
		    test_a_missing_database_is_a_warning_and_no_place),
		cmocka_unit_test(test_the_last_user_frees_it),
		cmocka_unit_test(test_a_daemon_starts_without_what_is_shipped),
		cmocka_unit_test(test_a_daemon_starts_with_a_broken_folder),
		cmocka_unit_test(test_a_whole_catalogue_is_not_partial),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
