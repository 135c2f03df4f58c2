/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GEO-07: databases that are missing or too old, and lists that are too old,
 * are told of by their date, and again as long as it lasts.
 */
#include "policyd/reload/reload_warn.h"

#include "policyd/log.h"
#include "tests/unit/databases.h"

#define DAY_S	 INT64_C(86400)
#define PERIOD	 20u /* ms */
#define PATIENCE 20000u /* ms; only a failure takes that long */

/* ---- what is too old --------------------------------------------------- */

static const char *const names[] = { "flat4.mmdb", "asn:asn_holder.mmdb",
	NULL };

/* How many warnings there are at a time, of which the first has text. */
static size_t
warnings_at(const struct opened *o, int64_t now_s, const char *text)
{
	struct conf_errors warnings = { 0 };
	char shown[1024];
	size_t n;

	geo_warn_old(o->geo, &o->conf, now_s, &warnings);
	if ((n = warnings.count) > 0) {
		conf_error_text(&warnings.list[0], shown, sizeof(shown));
		if (text == NULL || strstr(shown, text) == NULL)
			print_message("%s\n", shown);
		assert_non_null(text);
		assert_non_null(strstr(shown, text));
	}
	conf_errors_done(&warnings);
	return n;
}

static void
test_a_database_is_old_by_the_date_in_it(void **state)
{
	struct opened o;
	int64_t built;

	(void)state;
	open_names(&o, names);
	assert_int_equal(geo_count(o.geo), 2);
	built = (int64_t)geo_info(o.geo, 0)->build_s;
	assert_int_equal(warnings_at(&o, built + 36500 * DAY_S, NULL), 0);
	o.db[0].max_age_s = 10 * DAY_S;
	assert_int_equal(warnings_at(&o, built + 10 * DAY_S, NULL), 0);
	assert_int_equal(warnings_at(&o, built + 10 * DAY_S + 1,
			     "flat4.mmdb: warning: the country database is "
			     "of 20"),
	    1);
	assert_int_equal(warnings_at(&o, built + 36500 * DAY_S,
			     "and older than its max_age; it stays in use"),
	    1);
	/* clocks may differ by a day */
	assert_int_equal(warnings_at(&o, built - DAY_S, NULL), 0);
	assert_int_equal(warnings_at(&o, built - DAY_S - 1,
			     "and so of the future"),
	    1);
	o.db[1].max_age_s = DAY_S;
	assert_int_equal(warnings_at(&o, built + 20 * DAY_S, "country"), 2);
	close_names(&o);
}

/* ---- again and again --------------------------------------------------- */

static struct daemon gate;
static int said = -1; /* what the log writes to, for the test to read */

/* How often text was said. */
static unsigned int
count_said(const char *text)
{
	static char log[1 << 20];
	const char *at = log;
	unsigned int n = 0;
	ssize_t len;

	len = pread(said, log, sizeof(log) - 1, 0);
	assert_true(len >= 0);
	log[len] = '\0';
	while ((at = strstr(at, text)) != NULL) {
		at += strlen(text);
		n++;
	}
	return n;
}

static void
stop_turn(void *arg)
{
	(void)arg;
	loop_stop(gate.loop);
}

static void
run_for(unsigned int ms)
{
	struct loop_timer *timer;

	assert_int_equal(loop_timer(gate.loop, stop_turn, NULL, &timer), 0);
	loop_timer_set(timer, ms);
	assert_int_equal(loop_run(gate.loop), 0);
	loop_timer_free(timer);
}

static void
run_until_said(const char *text, unsigned int times)
{
	int64_t end = loop_now_ns() + PATIENCE * INT64_C(1000000);

	while (count_said(text) < times && loop_now_ns() < end)
		run_for(PERIOD);
	assert_true(count_said(text) >= times);
}

/* Standard error goes where the test can read it, until it is put back. */
static int
catch_log(void)
{
	char path[] = "/tmp/farmgate-said-XXXXXX";
	int kept;

	log_init("test", false);
	assert_true((said = mkstemp(path)) >= 0);
	assert_int_equal(unlink(path), 0);
	assert_true((kept = dup(STDERR_FILENO)) >= 0);
	assert_true(dup2(said, STDERR_FILENO) >= 0);
	return kept;
}

static void
put_log_back(int kept)
{
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	(void)close(kept);
	(void)close(said);
}

static void
test_it_is_said_as_long_as_it_lasts(void **state)
{
	char name[] = "vpns";
	struct conf_network list = {
		.name = name, .line = 7, .listed_at_s = 1, .max_age_s = DAY_S
	};
	char path[] = "farmgate.conf";
	struct ruleset rules = { 0 };
	struct reload_warn *warn;
	struct opened o;
	unsigned int n;
	int kept;

	(void)state;
	open_names(&o, names);
	o.db[0].max_age_s = 1;
	o.conf.path = path;
	o.conf.networks = &list;
	o.conf.nnetworks = 1;
	rules.conf = &o.conf;
	rules.geo = o.geo;
	conf_errors_add(&rules.warnings, "none.mmdb", 0, "cannot be read");
	gate.rules = &rules;
	assert_int_equal(loop_new(&gate.loop), 0);
	warn = reload_warn_new(&gate, PERIOD);
	kept = catch_log();

	reload_warn_say(warn);
	n = count_said("none.mmdb: cannot be read");
	assert_int_equal(n, 1);
	run_until_said("none.mmdb: cannot be read", 4);
	assert_true(count_said("network vpns is of 1970-01-01 and older") >= 4);
	/* it was built a moment ago, and grows old while nothing is loaded */
	run_until_said("country database is of 20", 3);

	/* what is in order again is not spoken of */
	conf_errors_done(&rules.warnings);
	o.db[0].max_age_s = 0;
	n = count_said("none.mmdb") + count_said("country database");
	run_until_said("network vpns", count_said("network vpns") + 3);
	assert_int_equal(count_said("none.mmdb") +
		count_said("country database"),
	    n);
	list.max_age_s = 0;
	n = count_said("network vpns");
	run_for(5 * PERIOD);
	assert_int_equal(count_said("network vpns"), n);

	put_log_back(kept);
	reload_warn_free(warn);
	loop_free(gate.loop);
	close_names(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_database_is_old_by_the_date_in_it),
		cmocka_unit_test(test_it_is_said_as_long_as_it_lasts),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
