/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a login descends from a tool: what the ancestors are, whose they are,
 * and that who could not be looked at is not taken for harmless.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policyd/scanner/look/steered.h"
#include "policyd/scanner/reader.h"
#include "policyd/scanner/scanner.h"
#include "policyd/scanner/walk.h"
#include "tests/unit/holding.h"
#include "tests/unit/looking.h"

#define LATER (walk_now_ns() + INT64_C(60000000000))
#define UID   54321u

static struct looking l;
static char path[128];
static struct processes processes;
static struct match match;
static struct rules rules;
static struct fact_peer peer;

static void
begin(void)
{
	looking_begin(&l);
	looking_copy(&l, "atool", path, sizeof(path));
	memset(&peer, 0, sizeof(peer));
	reader_allow(READER_FORKS, LATER);
}

/* One entry, by one rule. */
static void
set_rule(enum rule_kind kind, const char *text)
{
	l.nentries = l.nrules = 0;
	(void)looking_entry(&l, "t", ENTRY_VNC, 0);
	looking_text(&l, kind, text);
	CHECK(rules_make(l.entry, l.nentries, l.rule, l.nrules, &rules) == 0);
	match_make(&rules, &match);
}

static void
add_ancestor(pid_t pid)
{
	struct procs_stat st;
	char name[32];

	(void)snprintf(name, sizeof(name), "%d/stat", (int)pid);
	CHECK(procs_read_stat(procs_folder(), name, &st) == 0);
	peer.ancestor[peer.ancestors++] =
	    (struct fact_process){ .pid = (int32_t)pid, .start = st.start };
}

static const struct fact_steered *
find(void)
{
	steered_find(&processes, &match, &peer, LATER, &peer.steered);
	rules_done(&rules);
	return &peer.steered;
}

static void
become(void *arg)
{
	uid_t uid = *(uid_t *)arg;

	CHECK(setresuid(uid, uid, uid) == 0);
}

static pid_t
run_as(uid_t uid)
{
	char arg[] = "1000";
	char *argv[] = { path, arg, NULL };
	struct looking_child child = {
		.path = path, .argv = argv, .before = become, .arg = &uid
	};

	return looking_spawn(&child);
}

static void
expect(enum sign_owner owner, enum sign_confidence confidence)
{
	const struct fact_steered *s = find();

	assert_int_equal(s->kind, ENTRY_VNC);
	assert_string_equal(s->what, "t");
	assert_int_equal(s->owner, owner);
	assert_int_equal(s->confidence, confidence);
	assert_int_equal(s->late, 0);
}

static void
test_an_ancestor_is_somebodys(void **state)
{
	pid_t pid;

	(void)state;
	needs_root();
	begin();
	pid = run_as(0);
	add_ancestor(getpid());
	add_ancestor(pid);
	set_rule(RULE_COMM, "atool");
	expect(SIGN_OF_MACHINE, SIGN_BY_NAME);
	set_rule(RULE_EXE, path);
	expect(SIGN_OF_MACHINE, SIGN_BY_IDENTITY);
	looking_slay(pid);
	peer.ancestors = 0;
	pid = run_as(UID);
	add_ancestor(pid);
	set_rule(RULE_COMM, "atool");
	expect(SIGN_OF_USER, SIGN_BY_NAME);
	set_rule(RULE_EXE, path);
	expect(SIGN_OF_USER, SIGN_BY_IDENTITY);
	/* Another one has its number by now. */
	peer.ancestor[0].start++;
	set_rule(RULE_EXE, path);
	assert_int_equal(find()->kind, ENTRY_NONE);
	assert_int_equal(peer.steered.late, 0);
	looking_slay(pid);
	looking_end(&l);
}

static void
test_who_cannot_be_looked_at_is_told_of(void **state)
{
	pid_t pid;

	(void)state;
	begin();
	pid = looking_run("/bin/sleep");
	add_ancestor(pid);
	set_rule(RULE_EXE, path);
	assert_int_equal(find()->kind, ENTRY_NONE);
	assert_int_equal(peer.steered.late, 0);
	reader_stop();
	reader_allow(0, LATER); /* nobody reads its arguments */
	set_rule(RULE_EXE, path);
	assert_int_equal(find()->kind, ENTRY_NONE);
	assert_int_equal(peer.steered.late, 1);
	/* That it is another tool says not that it is none which steers. */
	set_rule(RULE_COMM, "sleep");
	l.entry[0].steers = ENTRY_STEERS_NONE;
	rules.entry[0].steers = ENTRY_STEERS_NONE;
	assert_int_equal(find()->kind, ENTRY_NONE);
	assert_int_equal(peer.steered.late, 1);
	/* Who has ended is nobody's ancestor any more. */
	looking_slay(pid);
	set_rule(RULE_EXE, path);
	assert_int_equal(find()->kind, ENTRY_NONE);
	assert_int_equal(peer.steered.late, 0);
	looking_end(&l);
}

#define DEPTH	 (FACT_ANCESTORS_MAX + 8)
#define TOO_DEEP (FACT_ANCESTORS_MAX + 128)

struct chain {
	int64_t until_ns;
	unsigned int depth;
	bool found;
};

/* So many of one name, the last of which asks who the first one was. */
static void
look_up_a_chain(void *arg)
{
	const struct chain *chain = arg;
	unsigned int i;
	int status;
	pid_t pid;

	CHECK(prctl(PR_SET_NAME, "farlook", 0, 0, 0) == 0);
	for (i = 0; i < chain->depth; i++) {
		CHECK((pid = fork()) != -1);
		if (pid != 0) {
			CHECK(waitpid(pid, &status, 0) == pid);
			_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 97);
		}
		CHECK(prctl(PR_SET_NAME, "shell", 0, 0, 0) == 0);
	}
	set_rule(RULE_COMM, "farlook");
	procs_peer((int32_t)getpid(), &peer);
	CHECK(peer.state == FACT_KNOWN);
	CHECK(peer.ancestors == FACT_ANCESTORS_MAX && peer.cut == 1);
	steered_find(&processes, &match, &peer, chain->until_ns, &peer.steered);
	CHECK(peer.steered.kind == (chain->found ? ENTRY_VNC : ENTRY_NONE));
	CHECK(peer.steered.late == !chain->found);
}

static void
test_many_shells_between_hide_no_tool(void **state)
{
	struct chain chain = { LATER, DEPTH, true };

	(void)state;
	needs_root(); /* for the programs of all others */
	begin();
	child_passes(look_up_a_chain, &chain);
	chain = (struct chain){ 0, DEPTH, false };
	child_passes(look_up_a_chain, &chain);
	looking_end(&l);
}

/* Others wait for the scanner meanwhile: the rest is not known, and told of. */
static void
test_a_chain_is_not_followed_for_ever(void **state)
{
	struct chain chain = { LATER, TOO_DEEP, false };

	(void)state;
	needs_root();
	begin();
	child_passes(look_up_a_chain, &chain);
	looking_end(&l);
}

static void
test_a_chain_that_breaks_is_told_of(void **state)
{
	(void)state;
	begin();
	add_ancestor(getpid());
	set_rule(RULE_EXE, path);
	assert_int_equal(find()->late, 0);
	peer.cut = 1;
	set_rule(RULE_EXE, path);
	assert_int_equal(find()->late, 1);
	assert_int_equal(peer.steered.kind, ENTRY_NONE);
	looking_end(&l);
}

/* As the scanner asks: twice, for the second time it is known to be slow. */
static void
look_at_held(void *arg)
{
	struct holding h;

	(void)arg;
	(void)alarm(60);
	if (!holding_start(&h, UID))
		_exit(CHILD_SKIP);
	add_ancestor(h.pid);
	set_rule(RULE_EXE, path);
	CHECK(find()->kind == ENTRY_NONE && peer.steered.late == 1);
	set_rule(RULE_EXE, path);
	CHECK(find()->kind == ENTRY_NONE && peer.steered.late == 1);
	holding_end(&h);
}

static void
test_who_holds_its_memorys_lock_is_told_of(void **state)
{
	(void)state;
	needs_root();
	begin();
	child_passes(look_at_held, NULL);
	looking_end(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_ancestor_is_somebodys),
		cmocka_unit_test(test_who_cannot_be_looked_at_is_told_of),
		cmocka_unit_test(test_many_shells_between_hide_no_tool),
		cmocka_unit_test(test_a_chain_is_not_followed_for_ever),
		cmocka_unit_test(test_a_chain_that_breaks_is_told_of),
		cmocka_unit_test(test_who_holds_its_memorys_lock_is_told_of),
	};

	looking_isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
