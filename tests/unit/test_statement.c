/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The statement's codec: what is encoded is decoded, and nothing else is. Its
 * tables have a number for all that a laptop finds, and STATEMENT has the same.
 */
#include "policyd/witness/statement.h"
#include "policyd/witness/statement_names.h"
#include "tests/unit/stating.h"

/* Offsets of an empty statement's bytes. */
#define AT_VERSION  0u
#define AT_FLAGS    89u
#define AT_UNREAD   90u
#define AT_HWIDS    91u
#define AT_FINDINGS 92u
#define AT_SITE	    93u
#define AT_RELEASE  102u
#define EMPTY_LEN   103u

static uint8_t bytes[STATEMENT_SIZE], again[STATEMENT_SIZE];
static struct statement back;

static const uint8_t *
encoded(const struct statement *st)
{
	assert_int_equal(statement_encode(st, bytes), 0);
	return bytes;
}

static void
refused(int want)
{
	memset(&back, 1, sizeof(back));
	assert_int_equal(statement_decode(bytes, sizeof(bytes), &back), want);
	is_empty(&back);
}

/* ---- round trips -------------------------------------------------------- */

static void
statements_read_back_as_they_were_written(void **state)
{
	struct statement st;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		random_statement(&st);
		assert_int_equal(statement_decode(encoded(&st), STATEMENT_SIZE,
				     &back),
		    0);
		assert_memory_equal(&back, &st, sizeof(st));
	}
}

static void
the_longest_has_no_padding_and_reads_back(void **state)
{
	struct statement st;

	(void)state;
	random_statement(&st);
	st.hwids.n = STATEMENT_HWIDS_MAX;
	for (size_t i = 0; i < st.hwids.n; i++)
		st.hwids.list[i].kind = HWID_DISK;
	st.nfindings = STATEMENT_FINDINGS_MAX;
	for (size_t i = 0; i < st.nfindings; i++) {
		st.finding[i].finding = 255;
		st.finding[i].grade = 127;
		st.finding[i].minor = true;
		memset(st.finding[i].of, '~', STATEMENT_OF_MAX);
	}
	st.nperipherals = STATEMENT_PERIPHERALS_MAX;
	memset(st.release, ' ', STATEMENT_RELEASE_MAX);
	assert_int_equal(statement_decode(encoded(&st), STATEMENT_SIZE, &back),
	    0);
	assert_memory_equal(&back, &st, sizeof(st));
	assert_int_equal(bytes[STATEMENT_SIZE - 1], ' ');
}

/* A reader of another release has only these bytes to go by. */
static void
the_bytes_are_the_documented_ones(void **state)
{
	static const uint8_t want[] = { 0xff, 0, 0, 0, 0, 0x6a, 0x2b, 0x3c,
		0x4d, 0x11, 0x06, 2, 5, 1, 1, 1, 1, 1, 1, 1, 1, 7, 2, 2, 2, 2,
		2, 2, 2, 2, 2, 1, 3, 7, 'a', 'n', 'y', 'd', 'e', 's', 'k', 4,
		0x86, 0, 3, 3, 3, 3, 3, 3, 3, 3, 1, 4, 4, 4, 4, 4, 4, 4, 4, 5,
		'0', '.', '1', '.', '0', 0 };
	struct statement st = { .at_s = 0x6a2b3c4d,
		.flags = STATEMENT_REMOTE | STATEMENT_CUT,
		.hwids = { .n = 2,
		    .list = { { HWID_SERIAL, "\1\1\1\1\1\1\1\1" },
			{ HWID_MAC, "\2\2\2\2\2\2\2\2" } },
		    .unread = 1 << HWID_TPM | 1 << HWID_BOARD },
		.nfindings = 2,
		.finding = { { 1, 3, false, "anydesk" }, { 4, 6, true, "" } },
		.gateway = "\3\3\3\3\3\3\3\3",
		.nperipherals = 1,
		.peripheral = { "\4\4\4\4\4\4\4\4" },
		.release = "0.1.0" };

	(void)state;
	memset(st.host_id, 0xfc, sizeof(st.host_id));
	memset(st.nonce, 0xfd, sizeof(st.nonce));
	memset(st.user_digest, 0xfe, sizeof(st.user_digest));
	memset(st.device_key, 0xff, sizeof(st.device_key));
	(void)encoded(&st);
	assert_int_equal(bytes[0], 1);
	assert_memory_equal(bytes + 1, st.host_id, 16);
	assert_memory_equal(bytes + 17, st.nonce, 16);
	assert_memory_equal(bytes + 33, st.user_digest, 16);
	assert_memory_equal(bytes + 49, st.device_key, 32);
	assert_memory_equal(bytes + 80, want, sizeof(want));
}

/* Laptops are newer than jump hosts. */
static void
numbers_that_are_not_known_are_kept(void **state)
{
	struct statement st = { .nfindings = 2,
		.finding = { { 200, 100, false, "new" },
		    { STATEMENT_FINDING_OTHER, STATEMENT_GRADE_OTHER, true,
			"" } } };

	(void)state;
	assert_int_equal(statement_decode(encoded(&st), STATEMENT_SIZE, &back),
	    0);
	assert_memory_equal(&back, &st, sizeof(st));
	for (size_t i = 0; i < back.nfindings; i++) {
		assert_int_equal(statement_finding_code(back.finding[i]
							    .finding),
		    FINDING_NONE);
		assert_null(statement_grade_name(back.finding[i].grade));
	}
}

/* ---- what is refused ---------------------------------------------------- */

static void
cannot_be_said(const struct statement *st, int want)
{
	static const uint8_t zeros[STATEMENT_SIZE];

	memset(bytes, 1, sizeof(bytes));
	assert_int_equal(statement_encode(st, bytes), want);
	assert_memory_equal(bytes, zeros, sizeof(zeros));
}

#define CHANGED(change, want)                \
	do {                                 \
		random_statement(&st);       \
		st.hwids.n = 1;              \
		st.nfindings = 1;            \
		st.finding[0].finding = 1;   \
		st.hwids.list[0].kind = 1;   \
		change;                      \
		cannot_be_said(&st, (want)); \
	} while (0)

static void
what_is_beyond_a_limit_cannot_be_said(void **state)
{
	struct statement st;

	(void)state;
	CHANGED(st.hwids.n = STATEMENT_HWIDS_MAX + 1, FG_ERR_LIMIT);
	CHANGED(st.hwids.n = SIZE_MAX, FG_ERR_LIMIT);
	CHANGED(st.nfindings = STATEMENT_FINDINGS_MAX + 1, FG_ERR_LIMIT);
	CHANGED(st.nfindings = SIZE_MAX, FG_ERR_LIMIT);
	CHANGED(st.nperipherals = STATEMENT_PERIPHERALS_MAX + 1, FG_ERR_LIMIT);
	CHANGED(st.nperipherals = SIZE_MAX, FG_ERR_LIMIT);
	CHANGED(memset(st.finding[0].of, 'x', sizeof(st.finding[0].of)),
	    FG_ERR_LIMIT);
	CHANGED(memset(st.release, 'x', sizeof(st.release)), FG_ERR_LIMIT);
}

static void
what_no_reader_knows_cannot_be_said(void **state)
{
	struct statement st;

	(void)state;
	CHANGED(st.flags |= 0x20, FG_ERR_FORMAT);
	CHANGED(st.flags |= 0x80, FG_ERR_FORMAT);
	CHANGED(st.hwids.unread |= 1, FG_ERR_FORMAT);
	CHANGED(st.hwids.unread |= 0x100, FG_ERR_FORMAT);
	CHANGED(st.hwids.list[0].kind = HWID_NONE, FG_ERR_FORMAT);
	CHANGED(st.hwids.list[0].kind = HWID_KINDS, FG_ERR_FORMAT);
	CHANGED(st.finding[0].finding = 0, FG_ERR_FORMAT);
	CHANGED(st.finding[0].grade = 128, FG_ERR_FORMAT);
	CHANGED(strcpy(st.finding[0].of, "a\n"), FG_ERR_FORMAT);
	CHANGED(strcpy(st.finding[0].of, "\xc3\xbc"), FG_ERR_FORMAT);
	CHANGED(strcpy(st.release, "\x7f"), FG_ERR_FORMAT);
}

/* DEV-05 */
static void
another_length_is_no_statement(void **state)
{
	static uint8_t longer[4097];
	struct statement st;

	(void)state;
	random_statement(&st);
	memcpy(longer, encoded(&st), STATEMENT_SIZE);
	for (size_t len = 0; len < sizeof(longer); len++) {
		int want = len < STATEMENT_SIZE ? FG_ERR_SHORT :
		    len == STATEMENT_SIZE	? 0 :
						  FG_ERR_TRAILING;

		assert_int_equal(statement_decode(longer, len, &back), want);
		if (want != 0)
			is_empty(&back);
	}
}

static void
another_version_is_told(void **state)
{
	struct statement st;

	(void)state;
	for (int v = 0; v < 256; v++) {
		random_statement(&st);
		(void)encoded(&st);
		bytes[AT_VERSION] = (uint8_t)v;
		if (v != STATEMENT_VERSION)
			refused(FG_ERR_VERSION);
	}
}

/* Each field's bytes that version 1 does not have, with nothing else wrong. */
static void
bytes_that_version_1_does_not_have_are_refused(void **state)
{
	static const struct statement empty;
	static const struct {
		size_t at;
		uint8_t most; /* that is fine */
		int want;
	} t[] = {
		{ AT_FLAGS, STATEMENT_FLAGS, FG_ERR_FORMAT },
		{ AT_HWIDS, STATEMENT_HWIDS_MAX, FG_ERR_LIMIT },
		{ AT_FINDINGS, STATEMENT_FINDINGS_MAX, FG_ERR_LIMIT },
		{ AT_SITE + STATEMENT_SITE_SIZE, STATEMENT_PERIPHERALS_MAX,
		    FG_ERR_LIMIT },
		{ AT_RELEASE, STATEMENT_RELEASE_MAX, FG_ERR_LIMIT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++)
		for (int v = t[i].most + 1; v < 256; v++) {
			(void)encoded(&empty);
			bytes[t[i].at] = (uint8_t)v;
			refused(t[i].want);
		}
	for (int v = 1; v < 256; v += 2) {
		(void)encoded(&empty);
		bytes[AT_UNREAD] = (uint8_t)v;
		refused(FG_ERR_FORMAT);
	}
}

static void
kinds_and_findings_that_are_none_are_refused(void **state)
{
	struct statement st = { .hwids = {
				    .n = 1, .list = { { HWID_TPM, "x" } } } };

	(void)state;
	for (int v = 0; v < 256; v++) {
		(void)encoded(&st);
		bytes[AT_HWIDS + 1] = (uint8_t)v;
		if (v < HWID_TPM || v > HWID_MAC)
			refused(FG_ERR_FORMAT);
		else
			assert_int_equal(statement_decode(bytes, sizeof(bytes),
					     &back),
			    0);
	}
	memset(&st, 0, sizeof(st));
	st.nfindings = st.finding[0].finding = 1;
	(void)encoded(&st);
	bytes[AT_FINDINGS + 1] = 0;
	refused(FG_ERR_FORMAT);
}

static void
texts_are_printable_ascii(void **state)
{
	struct statement st = { .nfindings = 1,
		.finding = { { 1, 1, false, "x" } },
		.release = "x" };
	const size_t at[] = { AT_FINDINGS + 4, AT_RELEASE + 5 };

	(void)state;
	for (size_t i = 0; i < COUNT(at); i++)
		for (int v = 0; v < 256; v++) {
			(void)encoded(&st);
			assert_int_equal(bytes[at[i]], 'x');
			bytes[at[i]] = (uint8_t)v;
			if (v < ' ' || v > '~')
				refused(FG_ERR_FORMAT);
			else
				assert_int_equal(statement_decode(bytes,
						     sizeof(bytes), &back),
				    0);
		}
}

static void
nothing_stands_behind_the_last_field(void **state)
{
	static const struct statement empty;

	(void)state;
	for (size_t i = 8 * EMPTY_LEN; i < 8 * STATEMENT_SIZE; i++) {
		(void)encoded(&empty);
		bytes[i / 8] ^= (uint8_t)(1 << i % 8);
		refused(FG_ERR_FORMAT);
	}
}

static void
recoded(void)
{
	if (statement_decode(bytes, sizeof(bytes), &back) != 0) {
		is_empty(&back);
		return;
	}
	assert_int_equal(statement_encode(&back, again), 0);
	assert_memory_equal(again, bytes, sizeof(bytes));
}

/* So a bit that is changed is never passed over. */
static void
there_is_one_encoding_of_a_statement(void **state)
{
	struct statement st;

	(void)state;
	for (int n = 0; n < 20; n++) {
		random_statement(&st);
		(void)encoded(&st);
		for (size_t i = 0; i < 8 * STATEMENT_SIZE; i++) {
			bytes[i / 8] ^= (uint8_t)(1 << i % 8);
			recoded();
			assert_memory_not_equal(&back, &st, sizeof(st));
			bytes[i / 8] ^= (uint8_t)(1 << i % 8);
		}
	}
	for (int n = 0; n < 100000; n++) {
		random_bytes(bytes, sizeof(bytes));
		bytes[AT_VERSION] = 1;
		bytes[AT_FLAGS] &= STATEMENT_FLAGS;
		bytes[AT_UNREAD] &= 0xfe;
		bytes[AT_HWIDS] %= 4;
		recoded();
	}
}

/* ---- the tables --------------------------------------------------------- */

/* Whether a laptop can find it without knowing who logs in at the jump host. */
static bool
is_of_a_machine(enum finding_code code)
{
	const char *name = finding_info(code)->name;

	return finding_is_live(code) || strncmp(name, "remote.", 7) == 0 ||
	    code == FINDING_DEVICE_VIRTUAL;
}

static void
all_that_a_laptop_finds_has_a_number(void **state)
{
	const char *const *grade;
	enum finding_code code;
	size_t found = 0;
	uint8_t number;

	(void)state;
	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++) {
		if (!is_of_a_machine(code))
			continue;
		found++;
		number = statement_finding_number(code);
		if (number == STATEMENT_FINDING_OTHER)
			fail_msg("%s", finding_info(code)->name);
		assert_int_equal(statement_finding_code(number), code);
		grade = finding_info(code)->grades;
		for (; grade != NULL && *grade != NULL; grade++) {
			number = statement_grade_number(*grade);
			if (number == STATEMENT_GRADE_OTHER)
				fail_msg("%s", *grade);
			assert_string_equal(statement_grade_name(number),
			    *grade);
		}
	}
	assert_true(found >= 11);
}

static void
a_number_is_of_one_name(void **state)
{
	const char *name;
	size_t codes = 0, grades = 0;

	(void)state;
	for (unsigned int n = 0; n < 256; n++) {
		enum finding_code code = statement_finding_code((uint8_t)n);

		if (code != FINDING_NONE) {
			assert_int_equal(statement_finding_number(code), n);
			codes++;
		}
		if ((name = statement_grade_name((uint8_t)n)) != NULL) {
			assert_int_equal(statement_grade_number(name), n);
			grades++;
		}
	}
	assert_int_equal(codes, 11);
	assert_int_equal(grades, 12);
	assert_int_equal(statement_finding_code(0), FINDING_NONE);
	assert_string_equal(statement_grade_name(0), "");
}

static void
what_has_no_number_is_another(void **state)
{
	(void)state;
	assert_int_equal(statement_finding_number(FINDING_GEO_COUNTRY),
	    STATEMENT_FINDING_OTHER);
	assert_int_equal(statement_finding_number(FINDING_NONE),
	    STATEMENT_FINDING_OTHER);
	assert_int_equal(statement_finding_number(FINDING_COUNT),
	    STATEMENT_FINDING_OTHER);
	assert_int_equal(statement_grade_number("Active"),
	    STATEMENT_GRADE_OTHER);
	assert_int_equal(statement_finding_code(STATEMENT_FINDING_OTHER),
	    FINDING_NONE);
	assert_null(statement_grade_name(STATEMENT_GRADE_OTHER));
}

/* Of the table under this heading: the names, each as the codec has it. */
static size_t
check_table(const char *heading, const char *(*name_of)(unsigned int number))
{
	FILE *fp = fopen("policyd/witness/STATEMENT", "r");
	char line[256], name[64];
	bool inside = false;
	unsigned int number;
	size_t found = 0;

	assert_non_null(fp); /* run from the top of the source tree */
	while (fgets(line, sizeof(line), fp) != NULL) {
		if (strcmp(line, heading) == 0)
			inside = true;
		else if (inside && line[0] == '\n')
			break;
		else if (inside && strstr(line, "one that") == NULL) {
			assert_int_equal(sscanf(line, " %u %63s", &number,
					     name),
			    2);
			assert_string_equal(name, name_of(number));
			found++;
		}
	}
	(void)fclose(fp);
	return found;
}

static const char *
finding_of_number(unsigned int number)
{
	return finding_info(statement_finding_code((uint8_t)number))->name;
}

static const char *
grade_of_number(unsigned int number)
{
	return number == 0 ? "none" : statement_grade_name((uint8_t)number);
}

static void
the_prose_has_the_same_numbers(void **state)
{
	(void)state;
	assert_int_equal(check_table("    number  finding\n",
			     finding_of_number),
	    11);
	assert_int_equal(check_table("    number  grade\n", grade_of_number),
	    12);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(statements_read_back_as_they_were_written),
		TEST(the_longest_has_no_padding_and_reads_back),
		TEST(the_bytes_are_the_documented_ones),
		TEST(numbers_that_are_not_known_are_kept),
		TEST(what_is_beyond_a_limit_cannot_be_said),
		TEST(what_no_reader_knows_cannot_be_said),
		TEST(another_length_is_no_statement),
		TEST(another_version_is_told),
		TEST(bytes_that_version_1_does_not_have_are_refused),
		TEST(kinds_and_findings_that_are_none_are_refused),
		TEST(texts_are_printable_ascii),
		TEST(nothing_stands_behind_the_last_field),
		TEST(there_is_one_encoding_of_a_statement),
		TEST(all_that_a_laptop_finds_has_a_number),
		TEST(a_number_is_of_one_name),
		TEST(what_has_no_number_is_another),
		TEST(the_prose_has_the_same_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
