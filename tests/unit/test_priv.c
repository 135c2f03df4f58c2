/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The drop of privilege: what is left afterwards, and that each single thing
 * left over is found. Every change happens in a forked child.
 */
#include <grp.h>
#include <linux/securebits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/privilege/priv.h"
#include "proto/result.h"
#include "tests/unit/child.h"

#define TEST_UID   61234u
#define TEST_GID   61235u
#define PTRACE_BIT (UINT64_C(1) << 19)

static const struct priv_ids ids = { TEST_UID, TEST_GID };

/* The hexadecimal number behind name in /proc/self/status. */
static uint64_t
status_hex(const char *name)
{
	char buf[8192], *s;
	FILE *f;
	size_t n;

	CHECK((f = fopen("/proc/self/status", "re")) != NULL);
	n = fread(buf, 1, sizeof(buf) - 1, f);
	CHECK(n > 0);
	buf[n] = '\0';
	CHECK(fclose(f) == 0);
	CHECK((s = strstr(buf, name)) != NULL);
	return strtoull(s + strlen(name), NULL, 16);
}

static void
check_sets(uint64_t caps)
{
	CHECK(status_hex("CapInh:") == 0);
	CHECK(status_hex("CapPrm:") == caps);
	CHECK(status_hex("CapEff:") == caps);
	CHECK(status_hex("CapBnd:") == caps);
	CHECK(status_hex("CapAmb:") == 0);
}

static void
drop_all(void *arg)
{
	const gid_t groups[] = { 4, TEST_GID + 7 };
	const char *why = "";

	(void)arg;
	CHECK(setgroups(2, groups) == 0);
	priv_drop(&ids, "");
	check_sets(0);
	CHECK(getuid() == TEST_UID && geteuid() == TEST_UID);
	CHECK(getgid() == TEST_GID && getegid() == TEST_GID);
	CHECK(getgroups(0, NULL) == 0);
	CHECK(status_hex("NoNewPrivs:") == 1);
	CHECK(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
	CHECK(priv_verify(&ids, "", &why) == 0);
	CHECK(why == NULL);
}

static void
drop_to_ptrace(void *arg)
{
	(void)arg;
	priv_drop(&ids, "cap_sys_ptrace=ep");
	check_sets(PTRACE_BIT);
	CHECK(getuid() == TEST_UID);
	CHECK(setresuid(0, 0, 0) == -1 && errno == EPERM);
	CHECK(prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0) == 0);
}

/* no_new_privs alone would do; the securebits hold without it. */
static void
drop_then_secure(void *arg)
{
	int bits;

	(void)arg;
	priv_drop(&ids, "");
	bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
	CHECK(bits >= 0);
	CHECK((bits & SECBIT_NOROOT) != 0);
	CHECK((bits & SECBIT_NOROOT_LOCKED) != 0);
	CHECK((bits & SECBIT_KEEP_CAPS) == 0);
}

static void
test_drop_leaves_no_capability_and_no_group(void **state)
{
	(void)state;
	needs_root();
	child_passes(drop_all, NULL);
}

static void
test_drop_keeps_exactly_the_capability_asked_for(void **state)
{
	(void)state;
	needs_root();
	child_passes(drop_to_ptrace, NULL);
}

static void
test_drop_takes_root_its_meaning(void **state)
{
	(void)state;
	needs_root();
	child_passes(drop_then_secure, NULL);
}

/* ---- What must be fatal ------------------------------------------------ */

static void
drop_as_user(void *arg)
{
	(void)arg;
	if (geteuid() == 0)
		CHECK(setresuid(TEST_UID, TEST_UID, TEST_UID) == 0);
	priv_drop(&ids, "");
}

static void
drop_given(void *arg)
{
	priv_drop(arg, "");
}

static void
drop_caps_given(void *arg)
{
	priv_drop(&ids, arg);
}

static void
drop_without_setpcap(void *arg)
{
	(void)arg;
	CHECK(prctl(PR_CAPBSET_DROP, 8, 0, 0, 0) == 0);
	/* An exec would do this: what is not in bounding is not permitted. */
	execl("/proc/self/exe", "test_priv", "--drop", (char *)NULL);
	CHECK(0);
}

static void
test_drop_by_somebody_who_is_not_root_is_fatal(void **state)
{
	(void)state;
	child_is_fatal(drop_as_user, NULL);
}

static void
test_drop_to_root_or_to_nobody_in_particular_is_fatal(void **state)
{
	struct priv_ids bad[] = { { 0, TEST_GID }, { TEST_UID, 0 }, { 0, 0 },
		{ (uid_t)-1, TEST_GID }, { TEST_UID, (gid_t)-1 } };
	size_t i;

	(void)state;
	needs_root();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		child_is_fatal(drop_given, &bad[i]);
}

static void
test_drop_with_capabilities_that_do_not_parse_is_fatal(void **state)
{
	char text[] = "cap_sys_everything=ep";

	(void)state;
	needs_root();
	child_is_fatal(drop_caps_given, text);
}

static void
test_drop_with_inheritable_or_idle_capabilities_is_fatal(void **state)
{
	char inheritable[] = "cap_sys_ptrace=eip";
	char idle[] = "cap_sys_ptrace=p";

	(void)state;
	needs_root();
	child_is_fatal(drop_caps_given, inheritable);
	child_is_fatal(drop_caps_given, idle);
}

/* The proof by trying: ids and sets are as asked, and yet root is near. */
static void
test_drop_that_could_be_undone_is_fatal(void **state)
{
	char setuid_cap[] = "cap_setuid=ep";
	char setgid_cap[] = "cap_setgid=ep";

	(void)state;
	needs_root();
	child_is_fatal(drop_caps_given, setuid_cap);
	child_is_fatal(drop_caps_given, setgid_cap);
}

static void
test_start_without_setpcap_is_fatal(void **state)
{
	(void)state;
	needs_root();
	child_is_fatal(drop_without_setpcap, NULL);
}

/* ---- What the verification must find ----------------------------------- */

static void
expect_unsafe(const struct priv_ids *want, const char *caps, const char *text)
{
	const char *why = NULL;

	CHECK(priv_verify(want, caps, &why) == FG_ERR_UNSAFE);
	CHECK(why != NULL);
	if (strstr(why, text) == NULL)
		(void)dprintf(STDERR_FILENO, "the reason is: %s\n", why);
	CHECK(strstr(why, text) != NULL);
}

static void
verify_other_ids(void *arg)
{
	const struct priv_ids uid = { TEST_UID + 1, TEST_GID };
	const struct priv_ids gid = { TEST_UID, TEST_GID + 1 };

	(void)arg;
	priv_drop(&ids, "");
	expect_unsafe(&uid, "", "user id");
	expect_unsafe(&gid, "", "group id");
}

static void
verify_other_caps(void *arg)
{
	(void)arg;
	priv_drop(&ids, "cap_sys_ptrace=ep");
	expect_unsafe(&ids, "", "permitted");
	expect_unsafe(&ids, "cap_kill=ep", "permitted");
	expect_unsafe(&ids, "cap_sys_ptrace=p", "parsed");
	expect_unsafe(&ids, "nonsense", "parsed");
}

/* Each step of the drop left out in turn; arg points to which one. */
enum leftover {
	LEFT_GROUP,
	LEFT_SAVED_UID,
	LEFT_SAVED_GID,
	LEFT_BOUNDING,
	LEFT_NNP,
	LEFT_DUMPABLE,
	LEFT_SECUREBITS,
	LEFT_COUNT
};

static const char *const leftover_text[LEFT_COUNT] = {
	"supplementary",
	"user id",
	"group id",
	"bounding",
	"no_new_privs",
	"dumpable",
	"securebits",
};

static void
drop_bounding_by_hand(void)
{
	int cap;

	for (cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		CHECK(prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0);
}

static void
drop_but(enum leftover left)
{
	gid_t group = TEST_GID + 7;

	if (left != LEFT_BOUNDING)
		drop_bounding_by_hand();
	if (left != LEFT_SECUREBITS)
		CHECK(prctl(PR_SET_SECUREBITS,
			  SECBIT_NOROOT | SECBIT_NOROOT_LOCKED |
			      SECBIT_NO_CAP_AMBIENT_RAISE |
			      SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
			  0, 0, 0) == 0);
	CHECK(setgroups(left == LEFT_GROUP ? 1 : 0, &group) == 0);
	CHECK(setresgid(TEST_GID, TEST_GID,
		  left == LEFT_SAVED_GID ? 0 : TEST_GID) == 0);
	CHECK(setresuid(TEST_UID, TEST_UID,
		  left == LEFT_SAVED_UID ? 0 : TEST_UID) == 0);
	if (left != LEFT_NNP)
		CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(prctl(PR_SET_DUMPABLE, left == LEFT_DUMPABLE, 0, 0, 0) == 0);
}

static void
verify_leftover(void *arg)
{
	enum leftover left = *(enum leftover *)arg;

	drop_but(left);
	expect_unsafe(&ids, "", leftover_text[left]);
}

static void
verify_nothing_left(void *arg)
{
	const char *why = NULL;

	(void)arg;
	drop_but(LEFT_COUNT);
	CHECK(priv_verify(&ids, "", &why) == 0);
}

/* Root again is possible: the ids look right, the capabilities are there. */
static void
verify_as_root(void *arg)
{
	(void)arg;
	expect_unsafe(&ids, "", "user id");
}

static void
test_verification_finds_another_user_or_group(void **state)
{
	(void)state;
	needs_root();
	child_passes(verify_other_ids, NULL);
}

static void
test_verification_finds_capabilities_that_are_more_or_less(void **state)
{
	(void)state;
	needs_root();
	child_passes(verify_other_caps, NULL);
}

static void
test_verification_finds_each_step_that_was_left_out(void **state)
{
	enum leftover left;

	(void)state;
	needs_root();
	for (left = LEFT_GROUP; left < LEFT_COUNT; left++)
		child_passes(verify_leftover, &left);
	child_passes(verify_nothing_left, NULL);
}

static void
test_verification_fails_for_root_itself(void **state)
{
	(void)state;
	needs_root();
	child_passes(verify_as_root, NULL);
}

/* ---- Names ------------------------------------------------------------- */

static void
test_root_is_no_user_to_become(void **state)
{
	struct priv_ids got;
	gid_t gid;

	(void)state;
	assert_int_equal(priv_lookup_user("root", &got), FG_ERR_UNSAFE);
	assert_true(got.uid == (uid_t)-1 && got.gid == (gid_t)-1);
	assert_int_equal(priv_lookup_group("root", &gid), FG_ERR_UNSAFE);
	assert_true(gid == (gid_t)-1);
}

static void
test_a_name_without_an_entry_is_not_found(void **state)
{
	struct priv_ids got;
	gid_t gid;

	(void)state;
	assert_int_equal(priv_lookup_user("no-such-user-here", &got),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(priv_lookup_user("", &got), FG_ERR_NOT_FOUND);
	assert_int_equal(priv_lookup_group("no-such-group-here", &gid),
	    FG_ERR_NOT_FOUND);
}

static void
test_an_ordinary_name_is_found(void **state)
{
	struct priv_ids got;
	gid_t gid;

	(void)state;
	assert_int_equal(priv_lookup_user("nobody", &got), FG_OK);
	assert_true(got.uid != 0 && got.uid != (uid_t)-1);
	assert_int_equal(priv_lookup_group("adm", &gid), FG_OK);
	assert_true(gid != 0 && gid != (gid_t)-1);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drop_leaves_no_capability_and_no_group),
		cmocka_unit_test(
		    test_drop_keeps_exactly_the_capability_asked_for),
		cmocka_unit_test(test_drop_takes_root_its_meaning),
		cmocka_unit_test(
		    test_drop_by_somebody_who_is_not_root_is_fatal),
		cmocka_unit_test(
		    test_drop_to_root_or_to_nobody_in_particular_is_fatal),
		cmocka_unit_test(
		    test_drop_with_capabilities_that_do_not_parse_is_fatal),
		cmocka_unit_test(
		    test_drop_with_inheritable_or_idle_capabilities_is_fatal),
		cmocka_unit_test(test_drop_that_could_be_undone_is_fatal),
		cmocka_unit_test(test_start_without_setpcap_is_fatal),
		cmocka_unit_test(test_verification_finds_another_user_or_group),
		cmocka_unit_test(
		    test_verification_finds_capabilities_that_are_more_or_less),
		cmocka_unit_test(
		    test_verification_finds_each_step_that_was_left_out),
		cmocka_unit_test(test_verification_fails_for_root_itself),
		cmocka_unit_test(test_root_is_no_user_to_become),
		cmocka_unit_test(test_a_name_without_an_entry_is_not_found),
		cmocka_unit_test(test_an_ordinary_name_is_found),
	};

	log_init("test_priv", false);
	if (argc > 1 && strcmp(argv[1], "--drop") == 0) {
		priv_drop(&ids, "");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
