/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Machines beside what the inventory has of them: repairs, exchanges, copies,
 * and each way in which seven kinds can stand to each other.
 */
#include "policyd/device/compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/crypto.h"

static const struct compare_limits limits = { .weak = COMPARE_WEAK_DEFAULT,
	.strong = COMPARE_STRONG_DEFAULT };

/* One ID of each kind, all told apart by the last of its bytes. */
static void
add(struct hwid_digests *digests, enum hwid_kind kind, uint8_t which)
{
	struct hwid_digest *digest = &digests->list[digests->n++];

	memset(digest, 0, sizeof(*digest));
	digest->kind = kind;
	digest->bytes[0] = (uint8_t)kind;
	digest->bytes[HWID_DIGEST_SIZE - 1] = which;
}

/* "bdusc" is of one each of board, disk, UUID, serial and chassis; in upper
 * case another one; m, M is a network card, t, T a TPM. */
static struct hwid_digests
make(const char *letters)
{
	static const char kinds[] = "?tbduscm", others[] = "?TBDUSCM";
	struct hwid_digests digests = { .n = 0 };
	enum hwid_kind kind;

	for (; *letters != '\0'; letters++) {
		for (kind = HWID_TPM; kind < HWID_KINDS; kind++) {
			if (*letters == kinds[kind])
				add(&digests, kind, 1);
			if (*letters == others[kind])
				add(&digests, kind, 2);
		}
	}
	return digests;
}

static struct comparison
compare(const char *machine, const char *asset)
{
	struct hwid_digests m = make(machine), a = make(asset);
	struct comparison c;

	memset(&c, 'x', sizeof(c));
	compare_hwids(&m, &a, &c);
	return c;
}

static void
expect(const char *machine, const char *asset, enum compare_grade grade,
    unsigned int percent)
{
	struct comparison c = compare(machine, asset);

	if (compare_grade(&c, &limits) != grade || c.percent != percent)
		fail_msg("\"%s\" beside \"%s\": %s, %u %%", machine, asset,
		    compare_grade_name(compare_grade(&c, &limits)), c.percent);
}

static void
the_same_machine_is_the_same(void **state)
{
	(void)state;
	expect("tbduscm", "tbduscm", COMPARE_SAME, 0);
	expect("bduscm", "bduscm", COMPARE_SAME, 0);
	expect("s", "s", COMPARE_SAME, 0);
	/* what only one side has */
	expect("tbduscm", "s", COMPARE_SAME, 0);
	expect("buscm", "bduscm", COMPARE_SAME, 0);
	expect("dDmM", "dm", COMPARE_SAME, 0);
	expect("dm", "dDmM", COMPARE_SAME, 0);
}

static void
a_replaced_disk_is_the_same_machine(void **state)
{
	(void)state;
	expect("bDuscm", "bduscm", COMPARE_SAME, 26);
	expect("Dus", "dus", COMPARE_SAME, 50);
	expect("Ds", "ds", COMPARE_SAME, 66); /* above both limits */
	expect("Dm", "dm", COMPARE_SAME, 80);
}

static void
a_new_card_is_the_same_machine(void **state)
{
	(void)state;
	expect("bduscM", "bduscm", COMPARE_SAME, 6);
	expect("sM", "sm", COMPARE_SAME, 33);
	expect("dM", "dm", COMPARE_SAME, 20);
}

/* A virtual machine that was given another's DMI looks exactly like that. */
static void
a_new_disk_and_a_new_card_together_are_weak(void **state)
{
	(void)state;
	expect("bDuscM", "bduscm", COMPARE_WEAK, 33);
	expect("DuM", "dum", COMPARE_STRONG, 71);
	/* a TPM's key outweighs both */
	expect("tbDuscM", "tbduscm", COMPARE_SAME, 21);
}

static void
a_replaced_board_is_weak(void **state)
{
	(void)state;
	expect("Bduscm", "bduscm", COMPARE_WEAK, 26);
	expect("BdUscm", "bduscm", COMPARE_WEAK, 40);
	expect("BdUScm", "bduscm", COMPARE_WEAK, 53);
	expect("BdUScM", "bduscm", COMPARE_WEAK, 60);
	/* another UUID alone may come from an update of the firmware */
	expect("bdUscm", "bduscm", COMPARE_WEAK, 13);
	expect("bduScm", "bduscm", COMPARE_WEAK, 13);
	expect("bdusCm", "bduscm", COMPARE_WEAK, 13);
}

static void
a_copied_serial_number_is_strong(void **state)
{
	(void)state;
	expect("BDUsCM", "bduscm", COMPARE_STRONG, 86);
	expect("DUsM", "dusm", COMPARE_STRONG, 77);
	expect("BDUscM", "bduscm", COMPARE_STRONG, 73);
}

static void
another_machine_with_the_old_disk_is_strong(void **state)
{
	(void)state;
	expect("BdUSCM", "bduscm", COMPARE_STRONG, 73);
}

static void
another_machine_is_strong(void **state)
{
	(void)state;
	expect("BDUSCM", "bduscm", COMPARE_STRONG, 100);
	expect("S", "s", COMPARE_STRONG, 100);
	expect("D", "d", COMPARE_STRONG, 100);
	expect("M", "m", COMPARE_STRONG, 100);
}

static void
another_tpm_is_strong_whatever_agrees(void **state)
{
	(void)state;
	expect("Tbduscm", "tbduscm", COMPARE_STRONG, 34);
	expect("Ts", "ts", COMPARE_STRONG, 80);
	expect("Tbduscm", "bduscm", COMPARE_SAME, 0);
}

/* A copied serial number, and nothing else that could be held against it. */
static void
a_machine_that_hides_most_is_weak(void **state)
{
	(void)state;
	expect("s", "tbduscm", COMPARE_WEAK, 0);
	expect("bduscm", "tbduscm", COMPARE_WEAK, 0);
	expect("s", "bdus", COMPARE_WEAK, 0);
	/* a virtual machine with another's DMI, whose disk and card are none */
	expect("us", "bdusm", COMPARE_WEAK, 0);
	expect("uscm", "duscm", COMPARE_SAME, 0);
	expect("b", "bus", COMPARE_SAME, 0); /* half of it */
	expect("sM", "dusm", COMPARE_WEAK, 33);
	expect("tD", "tbdus", COMPARE_SAME, 33);
	/* what differs more is said as such */
	expect("DUsM", "tdusm", COMPARE_STRONG, 77);
}

static void
what_was_not_read_hides_nothing(void **state)
{
	struct hwid_digests m = make("s"), a = make("tbdus");
	struct comparison c;

	(void)state;
	m.unread = UINT32_C(1) << HWID_TPM | UINT32_C(1) << HWID_BOARD |
	    UINT32_C(1) << HWID_DISK;
	compare_hwids(&m, &a, &c);
	assert_int_equal(c.standing[HWID_UUID], COMPARE_ABSENT);
	assert_int_equal(compare_grade(&c, &limits), COMPARE_SAME);
	m.unread &= ~(UINT32_C(1) << HWID_DISK);
	compare_hwids(&m, &a, &c);
	assert_int_equal(compare_grade(&c, &limits), COMPARE_WEAK);
	m.unread = 0;
	m.unread |= UINT32_C(1) << HWID_BOARD | UINT32_C(1) << HWID_DISK;
	compare_hwids(&m, &a, &c);
	assert_int_equal(compare_grade(&c, &limits), COMPARE_WEAK);
}

/* Whoever shows nothing is not better off than who shows something else. */
static void
a_machine_that_shows_nothing_is_weak(void **state)
{
	(void)state;
	expect("", "bduscm", COMPARE_WEAK, 0);
	expect("", "m", COMPARE_WEAK, 0);
	expect("m", "t", COMPARE_WEAK, 0);
	expect("us", "d", COMPARE_WEAK, 0);
}

static void
an_asset_without_ids_is_nothing_to_compare_with(void **state)
{
	struct hwid_digests m = make("bduscm"), a = make("");
	struct comparison c;
	enum hwid_kind kind;

	(void)state;
	m.unread = ~UINT32_C(0);
	memset(&c, 'x', sizeof(c));
	compare_hwids(&m, &a, &c);
	assert_int_equal(compare_grade(&c, &limits), COMPARE_NOTHING);
	assert_int_equal(c.percent, 0);
	for (kind = HWID_NONE; kind < HWID_KINDS; kind++)
		assert_int_equal(c.standing[kind], COMPARE_NONE);
	expect("", "", COMPARE_NOTHING, 0);
}

static void
each_kind_stands_for_itself(void **state)
{
	struct hwid_digests m = make("bDcm"), a = make("tbdusm");
	struct comparison c;

	(void)state;
	m.unread = UINT32_C(1) << HWID_SERIAL | UINT32_C(1) << HWID_CHASSIS |
	    UINT32_C(1) << HWID_MAC;
	compare_hwids(&m, &a, &c);
	assert_int_equal(c.standing[HWID_NONE], COMPARE_NONE);
	assert_int_equal(c.standing[HWID_TPM], COMPARE_ABSENT);
	assert_int_equal(c.standing[HWID_BOARD], COMPARE_AGREE);
	assert_int_equal(c.standing[HWID_DISK], COMPARE_DIFFER);
	assert_int_equal(c.standing[HWID_UUID], COMPARE_ABSENT);
	assert_int_equal(c.standing[HWID_SERIAL], COMPARE_UNREAD);
	assert_int_equal(c.standing[HWID_CHASSIS], COMPARE_NONE);
	/* one card of two, perhaps: neither for nor against */
	assert_int_equal(c.standing[HWID_MAC], COMPARE_UNREAD);
	assert_int_equal(c.percent, 50);
	assert_int_equal(compare_grade(&c, &limits), COMPARE_WEAK);
}

/* The same bytes are another ID when they are of another kind. */
static void
a_kind_is_compared_with_itself_alone(void **state)
{
	struct hwid_digests m = { .n = 0 }, a = { .n = 0 };
	struct comparison c;

	(void)state;
	add(&m, HWID_SERIAL, 1);
	add(&a, HWID_SERIAL, 1);
	a.list[0].kind = HWID_CHASSIS;
	compare_hwids(&m, &a, &c);
	assert_int_equal(c.standing[HWID_SERIAL], COMPARE_NONE);
	assert_int_equal(c.standing[HWID_CHASSIS], COMPARE_ABSENT);
	assert_int_equal(compare_grade(&c, &limits), COMPARE_WEAK);
}

static void
all_bytes_of_a_digest_count(void **state)
{
	struct comparison c;

	(void)state;
	for (size_t i = 0; i < HWID_DIGEST_SIZE; i++) {
		struct hwid_digests m = make("s"), a = make("s");

		m.list[0].bytes[i] ^= 0x80;
		compare_hwids(&m, &a, &c);
		assert_int_equal(c.standing[HWID_SERIAL], COMPARE_DIFFER);
	}
}

static void
limits_are_what_they_say(void **state)
{
	struct hwid_digests m = make("bDuscM"), a = make("bduscm"); /* 33 % */
	struct compare_limits own = { .weak = 33, .strong = 100 };
	struct comparison c;

	(void)state;
	compare_hwids(&m, &a, &c);
	assert_int_equal(compare_grade(&c, &own), COMPARE_WEAK);
	own.weak = 34;
	compare_hwids(&m, &a, &c);
	assert_int_equal(compare_grade(&c, &own), COMPARE_SAME);
	own.strong = 34;
	compare_hwids(&m, &a, &c);
	assert_int_equal(compare_grade(&c, &own), COMPARE_SAME);
	own.strong = 33;
	compare_hwids(&m, &a, &c);
	assert_int_equal(compare_grade(&c, &own), COMPARE_STRONG);
	/* All of it is only reached by what is another machine altogether. */
	own.weak = own.strong = 100;
	m = make("BDUSCM");
	compare_hwids(&m, &a, &c);
	assert_int_equal(compare_grade(&c, &own), COMPARE_STRONG);
	m = make("BDUSCm");
	compare_hwids(&m, &a, &c);
	assert_int_equal(compare_grade(&c, &own), COMPARE_WEAK);
}

static void
shuffle(struct hwid_digests *digests)
{
	for (size_t i = digests->n; i > 1; i--) {
		size_t j = (size_t)rand() % i;
		struct hwid_digest last = digests->list[i - 1];

		digests->list[i - 1] = digests->list[j];
		digests->list[j] = last;
	}
}

static void
the_order_of_ids_does_not_matter(void **state)
{
	struct comparison first, c;

	(void)state;
	srand(1);
	for (int turn = 0; turn < 2000; turn++) {
		struct hwid_digests m = { .n = 0 }, a = { .n = 0 };

		for (int i = 0; i < 12; i++) {
			add(rand() % 2 ? &m : &a,
			    (enum hwid_kind)(1 + rand() % (HWID_KINDS - 1)),
			    (uint8_t)(rand() % 4));
		}
		m.unread = (uint32_t)rand() & 0xff;
		compare_hwids(&m, &a, &first);
		for (int i = 0; i < 4; i++) {
			shuffle(&m);
			shuffle(&a);
			compare_hwids(&m, &a, &c);
			assert_memory_equal(&c, &first, sizeof(c));
		}
	}
}

/* ---- all ways ------------------------------------------------------------ */

#define STANDINGS 5
#define WAYS	  78125 /* STANDINGS to the number of kinds */

/* Way by way: how each kind stands. */
static void
take_way(unsigned int way, enum compare_standing standing[HWID_KINDS])
{
	standing[HWID_NONE] = COMPARE_NONE;
	for (int kind = HWID_TPM; kind < HWID_KINDS; kind++) {
		standing[kind] = (enum compare_standing)(way % STANDINGS);
		way /= STANDINGS;
	}
}

static struct comparison
compare_way(const enum compare_standing standing[HWID_KINDS])
{
	struct hwid_digests m = { .n = 0 }, a = { .n = 0 };
	struct comparison c;
	enum hwid_kind kind;

	for (kind = HWID_TPM; kind < HWID_KINDS; kind++) {
		if (standing[kind] != COMPARE_NONE)
			add(&a, kind, 1);
		if (standing[kind] == COMPARE_AGREE)
			add(&m, kind, 1);
		if (standing[kind] == COMPARE_DIFFER)
			add(&m, kind, 2);
		if (standing[kind] == COMPARE_UNREAD)
			m.unread |= UINT32_C(1) << kind;
	}
	compare_hwids(&m, &a, &c);
	return c;
}

static size_t
count(const enum compare_standing standing[HWID_KINDS],
    enum compare_standing which)
{
	size_t n = 0;

	for (int kind = HWID_TPM; kind < HWID_KINDS; kind++)
		n += standing[kind] == which;
	return n;
}

static void
each_way_is_what_was_seen(void **state)
{
	enum compare_standing standing[HWID_KINDS];
	struct comparison c;

	(void)state;
	for (unsigned int way = 0; way < WAYS; way++) {
		take_way(way, standing);
		c = compare_way(standing);
		assert_memory_equal(c.standing, standing, sizeof(standing));
		if (count(standing, COMPARE_NONE) == HWID_KINDS - 1)
			assert_int_equal(compare_grade(&c, &limits),
			    COMPARE_NOTHING);
		else
			assert_int_not_equal(compare_grade(&c, &limits),
			    COMPARE_NOTHING);
		if (count(standing, COMPARE_DIFFER) == 0)
			assert_int_equal(c.percent, 0);
		else if (count(standing, COMPARE_AGREE) == 0)
			assert_int_equal(c.percent, 100);
		else
			assert_in_range(c.percent, 1, 99);
	}
}

static enum compare_grade
grade_way(const enum compare_standing standing[HWID_KINDS])
{
	struct comparison c = compare_way(standing);

	return compare_grade(&c, &limits);
}

static void
nothing_alike_is_never_the_same(void **state)
{
	enum compare_standing standing[HWID_KINDS];

	(void)state;
	for (unsigned int way = 1; way < WAYS; way++) {
		take_way(way, standing);
		if (count(standing, COMPARE_AGREE) == 0)
			assert_true(grade_way(standing) >= COMPARE_WEAK);
	}
}

static void
unread_kinds_are_as_none(void **state)
{
	enum compare_standing standing[HWID_KINDS];
	struct comparison c, none;

	(void)state;
	for (unsigned int way = 0; way < WAYS; way++) {
		take_way(way, standing);
		if (count(standing, COMPARE_AGREE) == 0)
			continue;
		c = compare_way(standing);
		for (int kind = HWID_TPM; kind < HWID_KINDS; kind++)
			if (standing[kind] == COMPARE_UNREAD)
				standing[kind] = COMPARE_NONE;
		none = compare_way(standing);
		assert_int_equal(compare_grade(&c, &limits),
		    compare_grade(&none, &limits));
		assert_int_equal(c.percent, none.percent);
	}
}

/* Each kind that is alike stands so instead: it never looks better, and the
 * share that differs is more, or the same if it may be. */
static void
never_makes_it_better(enum compare_standing instead, bool may_be_the_same)
{
	enum compare_standing standing[HWID_KINDS];
	struct comparison c, worse;

	for (unsigned int way = 0; way < WAYS; way++) {
		take_way(way, standing);
		c = compare_way(standing);
		for (int kind = HWID_TPM; kind < HWID_KINDS; kind++) {
			if (standing[kind] != COMPARE_AGREE)
				continue;
			standing[kind] = instead;
			worse = compare_way(standing);
			assert_true(compare_grade(&worse, &limits) >=
			    compare_grade(&c, &limits));
			assert_true(worse.percent > c.percent ||
			    (may_be_the_same && worse.percent == c.percent));
			standing[kind] = COMPARE_AGREE;
		}
	}
}

static void
hiding_never_makes_it_better(void **state)
{
	(void)state;
	never_makes_it_better(COMPARE_ABSENT, true);
}

static void
a_difference_never_makes_it_better(void **state)
{
	(void)state;
	never_makes_it_better(COMPARE_DIFFER, false);
}

static void
names_are_those_of_the_findings(void **state)
{
	(void)state;
	assert_string_equal(compare_standing_name(COMPARE_NONE), "none");
	assert_string_equal(compare_standing_name(COMPARE_AGREE), "agree");
	assert_string_equal(compare_standing_name(COMPARE_DIFFER), "differ");
	assert_string_equal(compare_standing_name(COMPARE_ABSENT), "absent");
	assert_string_equal(compare_standing_name(COMPARE_UNREAD), "unread");
	assert_string_equal(compare_grade_name(COMPARE_NOTHING), "nothing");
	assert_string_equal(compare_grade_name(COMPARE_SAME), "same");
	assert_string_equal(compare_grade_name(COMPARE_WEAK), "weak");
	assert_string_equal(compare_grade_name(COMPARE_STRONG), "strong");
}

/* From the texts to the grade. */
static void
ids_are_compared_in_their_one_form(void **state)
{
	static const char *const typed[] = { "pf1abcde", " PF1ABCDE " };
	struct hwid_digests digests[2];
	struct comparison c;
	struct hwid hwid;
	const char *why;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct hwids hwids = { .n = 0 };

		assert_int_equal(hwid_make(HWID_SERIAL, typed[i], &hwid, &why),
		    0);
		assert_int_equal(hwids_add(&hwids, &hwid), 0);
		hwids_digest(&hwids, &digests[i]);
	}
	compare_hwids(&digests[0], &digests[1], &c);
	assert_int_equal(c.standing[HWID_SERIAL], COMPARE_AGREE);
	assert_int_equal(compare_grade(&c, &limits), COMPARE_SAME);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_machine_is_the_same),
		cmocka_unit_test(a_replaced_disk_is_the_same_machine),
		cmocka_unit_test(a_new_card_is_the_same_machine),
		cmocka_unit_test(a_new_disk_and_a_new_card_together_are_weak),
		cmocka_unit_test(a_replaced_board_is_weak),
		cmocka_unit_test(a_copied_serial_number_is_strong),
		cmocka_unit_test(another_machine_with_the_old_disk_is_strong),
		cmocka_unit_test(another_machine_is_strong),
		cmocka_unit_test(another_tpm_is_strong_whatever_agrees),
		cmocka_unit_test(a_machine_that_hides_most_is_weak),
		cmocka_unit_test(what_was_not_read_hides_nothing),
		cmocka_unit_test(a_machine_that_shows_nothing_is_weak),
		cmocka_unit_test(
		    an_asset_without_ids_is_nothing_to_compare_with),
		cmocka_unit_test(each_kind_stands_for_itself),
		cmocka_unit_test(a_kind_is_compared_with_itself_alone),
		cmocka_unit_test(all_bytes_of_a_digest_count),
		cmocka_unit_test(limits_are_what_they_say),
		cmocka_unit_test(the_order_of_ids_does_not_matter),
		cmocka_unit_test(each_way_is_what_was_seen),
		cmocka_unit_test(nothing_alike_is_never_the_same),
		cmocka_unit_test(unread_kinds_are_as_none),
		cmocka_unit_test(hiding_never_makes_it_better),
		cmocka_unit_test(a_difference_never_makes_it_better),
		cmocka_unit_test(names_are_those_of_the_findings),
		cmocka_unit_test(ids_are_compared_in_their_one_form),
	};

	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
