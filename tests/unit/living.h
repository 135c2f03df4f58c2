/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of live.h share: a daemon with sessions and an audit log, and
 * a scanner that shows it what the test says.
 */
#ifndef FG_TESTS_LIVING_H
#define FG_TESTS_LIVING_H

#include "tests/unit/seating.h"

#include "policyd/conf.h"
#include "policyd/live/live_parts.h"
#include "policyd/ruleset.h"

static struct daemon the_daemon;
static struct picture shown;

static inline void
on_looked(uint64_t id, void *arg)
{
	(void)id;
	(void)arg;
	live_looked(&the_daemon);
}

static inline void
on_news(void *arg)
{
	live_news(arg);
}

/* What can be found, with these rules. */
static inline struct conf *
live_conf(const char *text)
{
	struct conf_errors errors = { 0 };
	struct conf *conf = NULL;

	if (conf_parse("test.conf", text, strlen(text), &conf, &errors) != 0) {
		conf_errors_print(&errors, stderr);
		fail_msg("cannot be parsed: %s", text);
	}
	conf_errors_done(&errors);
	return conf;
}

/* Until the machine was looked at, or there was no reason to. */
static inline void
run_until_tick(void)
{
	const int64_t tick_ns = the_daemon.live->tick_ns;

	while (the_daemon.live->tick_ns == tick_ns)
		run_for(5);
}

/* Until the scanner is asked something; else the test waits for ever. */
static inline void
run_until_asked(void)
{
	while (!is_asked())
		run_for(5);
}

/* By themselves they look again as the interval says: the first look is over,
 * for which there was no session. */
static inline void
live_begin(const char *conf)
{
	const struct scanlink_calls links = { .answer = on_answer,
		.remains = on_remains,
		.terminated = on_terminated,
		.looked = on_looked,
		.news = on_news,
		.lost = on_lost,
		.arg = &the_daemon };
	static struct catalogue catalogue;
	static struct ruleset rules;

	begin_with(BOOT, &links);
	memset(&rules, 0, sizeof(rules));
	rules.catalogue = &catalogue;
	rules.conf = live_conf(conf);
	memset(&the_daemon, 0, sizeof(the_daemon));
	the_daemon.loop = loop;
	the_daemon.rules = &rules;
	the_daemon.sessions = sessions;
	the_daemon.scanlink = scanlink;
	assert_int_equal(audit_open(in_folder("audit.jsonl"),
			     &the_daemon.audit),
	    0);
	assert_int_equal(loop_timer(loop, daemon_on_sync, &the_daemon,
			     &the_daemon.sync_timer),
	    0);
	assert_int_equal(live_start(&the_daemon), 0);
	loop_timer_set(the_daemon.live->tick, 0);
	run_until_tick();
	assert_false(is_asked());
	memset(&shown, 0, sizeof(shown));
	shown.rules = 1;
	shown.seat_uid = (uint32_t)-1;
}

static inline void
live_finish(void)
{
	live_stop(&the_daemon);
	finish();
	loop_timer_free(the_daemon.sync_timer);
	audit_free(the_daemon.audit);
	conf_free(the_daemon.rules->conf);
}

/* The next picture, taken now. */
static inline void
look_anew(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts);
	shown.number++;
	shown.taken_ns = (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
	shown.taken_s = daemon_wall_s();
	shown.nsigns = 0;
}

/* A tool of root's that has begun so many seconds ago. */
static inline struct sign *
see_tool(enum sign_grade grade, int64_t ago_s)
{
	struct sign *s = &shown.sign[shown.nsigns++];

	memset(s, 0, sizeof(*s));
	s->kind = ENTRY_RMM;
	s->grade = grade;
	s->confidence = SIGN_BY_IDENTITY;
	s->owner = SIGN_OF_MACHINE;
	s->uid = 0;
	s->pid = 4711;
	s->since_s = shown.taken_s - ago_s;
	(void)strcpy(s->what, "anydesk");
	(void)strcpy(s->seen, "anydesk: it runs");
	return s;
}

/* The answer to whoever has asked for a look. */
static inline void
show(void)
{
	const struct scanner_request r = asked(SCANNER_QUERY_LOOK);
	struct scanner_answer a = answer_to(&r);
	size_t size = picture_size(&shown);

	a.picture = 1;
	say(&a);
	assert_int_equal(send(scanner, &shown, size, 0), size);
	run_for(20);
}

static inline void
look_and_show(void)
{
	assert_int_equal(scanlink_look(scanlink, 0, 0), 0);
	show();
}

/* How many records of the log have both of these. */
static inline size_t
records_with(const char *one, const char *other)
{
	FILE *f = fopen(in_folder("audit.jsonl"), "r");
	char *line = NULL;
	size_t size = 0, n = 0;

	assert_non_null(f);
	while (getline(&line, &size, f) > 0)
		n += strstr(line, one) != NULL && strstr(line, other) != NULL;
	free(line);
	(void)fclose(f);
	return n;
}

/* What became of how many sessions. */
static inline size_t
live_records(const char *words)
{
	return records_with("\"event\":\"live\"", words);
}

#endif
