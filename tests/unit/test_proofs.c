/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose a proof is: the process's that was asked, for its user, service and
 * reference, while it lives and for a time. With real processes.
 */
#include "policyd/stepup/proofs.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/finding.h"
#include "policyd/stepup/method.h"
#include "policyd/text.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define NOW	   1000
#define TOTP	   (1u << METHOD_TOTP)

static struct proofs *proofs;
static struct facts facts;
static pid_t child;

static int
pidfd_of(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* The login of a process that waits. */
static int
set_up(void **state)
{
	(void)state;
	if ((child = fork()) == 0) {
		(void)pause();
		_exit(0);
	}
	memset(&facts, 0, sizeof(facts));
	facts.boot_s = NOW;
	facts.peer.pid = child;
	(void)text_copy(facts.login.user, sizeof(facts.login.user), "alice");
	(void)text_copy(facts.login.service, sizeof(facts.login.service),
	    "sshd");
	(void)text_copy(facts.login.ref, sizeof(facts.login.ref), "7F3K-Q2MN");
	facts.proof.methods = TOTP;
	facts.proof.approved.count = 1;
	facts.proof.approved.list[0].code = FINDING_GEO_COUNTRY;
	return (proofs = proofs_new()) == NULL || child == -1;
}

static int
tear_down(void **state)
{
	(void)state;
	proofs_free(proofs);
	(void)kill(child, SIGKILL);
	(void)waitpid(child, NULL, 0);
	return 0;
}

static void
add(void)
{
	assert_int_equal(proofs_add(proofs, &facts, "7F3K-Q2MN", false,
			     pidfd_of(child)),
	    0);
}

static bool
found(const struct facts *f)
{
	struct fact_proof proof;

	proofs_find(proofs, f, &proof);
	if (proof.state == FACT_KNOWN) {
		assert_int_equal(proof.methods, TOTP);
		assert_string_equal(proof.ref, "7F3K-Q2MN");
		assert_int_equal(proof.approved.count, 1);
		assert_int_equal(proof.approved.list[0].code,
		    FINDING_GEO_COUNTRY);
		return true;
	}
	/* Looked for, and there is none: no error, and not "nobody looked". */
	assert_int_equal(proof.state, FACT_UNKNOWN);
	assert_int_equal(proof.methods, 0);
	assert_int_equal(proof.approved.count, 0);
	return false;
}

static void
the_process_that_was_asked_has_it(void **state)
{
	(void)state;
	assert_false(found(&facts));
	add();
	assert_true(found(&facts));
	/* For its account phase, however often that asks. */
	assert_true(found(&facts));
}

static void
nobody_else_has_it(void **state)
{
	struct facts other = facts;

	(void)state;
	add();
	other.peer.pid = getpid();
	assert_false(found(&other));
	other = facts;
	(void)text_copy(other.login.user, sizeof(other.login.user), "bob");
	assert_false(found(&other));
	other = facts;
	(void)text_copy(other.login.service, sizeof(other.login.service),
	    "sudo");
	assert_false(found(&other));
	other = facts;
	(void)text_copy(other.login.ref, sizeof(other.login.ref), "7F3K-Q2MM");
	assert_false(found(&other));
	other.login.ref[0] = '\0';
	assert_false(found(&other));
}

/* Its number may be somebody else's by then. */
static void
it_ends_with_the_process(void **state)
{
	(void)state;
	add();
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_false(found(&facts));
}

static void
DMN_05_it_ends_by_the_clock_that_counts_sleep(void **state)
{
	struct facts later = facts;

	(void)state;
	add();
	later.boot_s = NOW + PROOF_S - 1;
	assert_true(found(&later));
	later.boot_s = NOW + PROOF_S;
	assert_false(found(&later));
}

static void
a_second_try_makes_the_first_void(void **state)
{
	(void)state;
	add();
	(void)text_copy(facts.login.ref, sizeof(facts.login.ref), "0000-0000");
	assert_int_equal(proofs_add(proofs, &facts, "0000-0000", false,
			     pidfd_of(child)),
	    0);
	(void)text_copy(facts.login.ref, sizeof(facts.login.ref), "7F3K-Q2MN");
	assert_false(found(&facts));
	add();
	proofs_drop(proofs, &facts);
	assert_false(found(&facts));
}

/* What the next module was content with is said once, and of no other. */
static void
delegated_serves_once(void **state)
{
	struct fact_proof proof;

	(void)state;
	add();
	proofs_take_delegated(proofs, &facts, &proof);
	assert_int_equal(proof.state, FACT_UNKNOWN);
	assert_int_equal(proof.methods, 0);
	assert_true(found(&facts));
	assert_int_equal(proofs_add(proofs, &facts, "7F3K-Q2MN", true,
			     pidfd_of(child)),
	    0);
	assert_true(found(&facts));
	proofs_take_delegated(proofs, &facts, &proof);
	assert_int_equal(proof.state, FACT_KNOWN);
	assert_int_equal(proof.methods, TOTP);
	proofs_take_delegated(proofs, &facts, &proof);
	assert_int_equal(proof.state, FACT_UNKNOWN);
	assert_false(found(&facts));
}

static void
without_a_pidfd_there_is_none(void **state)
{
	(void)state;
	add();
	assert_int_equal(proofs_add(proofs, &facts, "7F3K-Q2MN", false, -1),
	    FG_ERR_SYSTEM);
	assert_false(found(&facts));
}

static void
the_oldest_makes_room(void **state)
{
	struct facts other = facts;

	(void)state;
	add();
	for (int i = 1; i <= (int)PROOFS_MAX; i++) {
		other.peer.pid = child + i;
		(void)text_format(other.login.user, sizeof(other.login.user),
		    "user%d", i);
		assert_int_equal(proofs_add(proofs, &other, "7F3K-Q2MN", false,
				     pidfd_of(getpid())),
		    0);
		assert_int_equal(found(&facts), i < (int)PROOFS_MAX);
	}
	assert_true(found(&other));
}

/* By asking often, of processes that all live. */
static void
nobody_takes_the_place_of_others(void **state)
{
	struct facts other = facts;

	(void)state;
	add();
	(void)text_copy(other.login.user, sizeof(other.login.user), "mallory");
	for (int i = 1; i <= 2 * (int)PROOFS_MAX; i++) {
		other.peer.pid = child + i;
		assert_int_equal(proofs_add(proofs, &other, "7F3K-Q2MN", true,
				     pidfd_of(getpid())),
		    0);
	}
	assert_true(found(&facts));
	assert_true(found(&other));
	other.peer.pid -= (int)PROOFS_USER_MAX - 1;
	assert_true(found(&other));
	other.peer.pid--;
	assert_false(found(&other));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_process_that_was_asked_has_it),
		TEST(nobody_else_has_it),
		TEST(it_ends_with_the_process),
		TEST(DMN_05_it_ends_by_the_clock_that_counts_sleep),
		TEST(a_second_try_makes_the_first_void),
		TEST(delegated_serves_once),
		TEST(without_a_pidfd_there_is_none),
		TEST(the_oldest_makes_room),
		TEST(nobody_takes_the_place_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
