/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers to challenges: what a laptop has sealed opens for its jump host, and
 * nothing else does. What was opened is checked against what was asked.
 */
#include "policyd/witness/answer.h"
#include "policyd/witness/statement_fill.h"
#include "policyd/witness/token.h"
#include "tests/unit/stating.h"

#define SEALED_LEN \
	(STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE + CRYPTO_SEAL_TO_EXTRA)
#define LABEL "farmgate-statement-v1" /* with its NUL */

/* The laptop, and two jump hosts. */
static uint8_t device_secret[CRYPTO_KEY_SIZE], device_key[CRYPTO_KEY_SIZE];
static uint8_t host_secret[CRYPTO_KEY_SIZE], host_key[CRYPTO_KEY_SIZE];
static uint8_t other_secret[CRYPTO_KEY_SIZE], other_key[CRYPTO_KEY_SIZE];

static struct statement back;
static const char *why;

static int
setup(void **state)
{
	(void)state;
	if (crypto_init() != 0)
		return -1;
	random_bytes(device_secret, sizeof(device_secret));
	crypto_public_key(device_secret, device_key);
	random_bytes(host_secret, sizeof(host_secret));
	crypto_exchange_key(host_secret, host_key);
	random_bytes(other_secret, sizeof(other_secret));
	crypto_exchange_key(other_secret, other_key);
	return 0;
}

static void
make_statement(struct statement *st)
{
	random_statement(st);
	memcpy(st->device_key, device_key, sizeof(device_key));
	token_host_id(host_key, st->host_id);
}

static void
sealed(const struct statement *st, char text[ANSWER_SIZE])
{
	assert_int_equal(answer_seal(st, device_secret, host_key, text, &why),
	    0);
	assert_null(why);
}

static void
opens(const char *text, size_t len)
{
	assert_int_equal(answer_open(text, len, host_secret, &back, &why), 0);
	assert_null(why);
}

static void
refused(const char *text, size_t len, int want)
{
	memset(&back, 1, sizeof(back));
	why = NULL;
	assert_int_equal(answer_open(text, len, host_secret, &back, &why),
	    want);
	assert_non_null(why);
	assert_true(strlen(why) > 10);
	is_empty(&back);
}

/* What somebody else's program seals, who knows the public key. */
static void
seal_plain(const uint8_t plain[STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE],
    char text[ANSWER_SIZE])
{
	uint8_t box[SEALED_LEN];

	assert_int_equal(crypto_seal_to(plain,
			     STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE, host_key,
			     box),
	    0);
	strcpy(text, ANSWER_PREFIX);
	crypto_base64url_encode(box, sizeof(box), text + strlen(text),
	    ANSWER_SIZE - strlen(text));
}

/* The statement and its signature, as they are sealed. */
static void
sign_plain(const struct statement *st, const char label[sizeof(LABEL)],
    uint8_t plain[STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE])
{
	uint8_t all[sizeof(LABEL) + STATEMENT_SIZE];

	assert_int_equal(statement_encode(st, plain), 0);
	memcpy(all, label, sizeof(LABEL));
	memcpy(all + sizeof(LABEL), plain, STATEMENT_SIZE);
	crypto_make_signature(all, sizeof(all), device_secret,
	    plain + STATEMENT_SIZE);
}

/* ---- round trips -------------------------------------------------------- */

static void
what_a_laptop_seals_opens_for_its_jump_host(void **state)
{
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	for (int i = 0; i < 200; i++) {
		make_statement(&st);
		sealed(&st, text);
		opens(text, strlen(text));
		assert_memory_equal(&back, &st, sizeof(st));
	}
}

/* The tests below make answers of their own; they are right ones. */
static void
an_answer_is_of_the_documented_form(void **state)
{
	uint8_t plain[STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE];
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	sign_plain(&st, LABEL, plain);
	seal_plain(plain, text);
	assert_int_equal(strlen(text), ANSWER_LEN);
	opens(text, strlen(text));
	assert_memory_equal(&back, &st, sizeof(st));
}

/* Whoever carries it learns nothing, also not by its length. */
static void
answers_are_of_one_length_and_one_alphabet(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	for (int i = 0; i < 200; i++) {
		if (i == 0) {
			memset(&st, 0, sizeof(st));
			token_host_id(host_key, st.host_id);
		} else {
			make_statement(&st);
		}
		sealed(&st, text);
		assert_int_equal(strlen(text), ANSWER_LEN);
		assert_true(strlen(text) <= ANSWER_MAX);
		assert_int_equal(strncmp(text, ANSWER_PREFIX,
				     strlen(ANSWER_PREFIX)),
		    0);
		assert_int_equal(strspn(text + strlen(ANSWER_PREFIX), digits),
		    ANSWER_LEN - strlen(ANSWER_PREFIX));
	}
}

/* Of the same statement too: each box has a key of its own. */
static void
no_two_answers_are_alike(void **state)
{
	char text[2][ANSWER_SIZE];
	size_t same = 0;
	struct statement st;

	(void)state;
	make_statement(&st);
	sealed(&st, text[0]);
	sealed(&st, text[1]);
	for (size_t i = strlen(ANSWER_PREFIX); i < ANSWER_LEN; i++)
		same += text[0][i] == text[1][i];
	assert_true(same < (ANSWER_LEN - strlen(ANSWER_PREFIX)) / 4);
}

static void
the_device_key_is_that_of_who_signs(void **state)
{
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	memset(st.device_key, 7, sizeof(st.device_key));
	sealed(&st, text);
	opens(text, ANSWER_LEN);
	assert_memory_equal(back.device_key, device_key, sizeof(device_key));
}

/* ---- what a laptop does not seal ---------------------------------------- */

static void
not_sealed(const struct statement *st, const uint8_t *key, int want)
{
	static const char nothing[ANSWER_SIZE];
	char text[ANSWER_SIZE];

	memset(text, 1, sizeof(text));
	why = NULL;
	assert_int_equal(answer_seal(st, device_secret, key, text, &why), want);
	assert_non_null(why);
	assert_memory_equal(text, nothing, sizeof(text));
}

/* DEV-07: the challenge of one host is of no use to another. */
static void
a_challenge_is_answered_to_whose_it_is(void **state)
{
	struct statement st;

	(void)state;
	make_statement(&st);
	not_sealed(&st, other_key, FG_ERR_PEER);
	for (size_t i = 0; i < 8 * sizeof(st.host_id); i++) {
		st.host_id[i / 8] ^= (uint8_t)(1 << i % 8);
		not_sealed(&st, host_key, FG_ERR_PEER);
		st.host_id[i / 8] ^= (uint8_t)(1 << i % 8);
	}
}

static void
what_cannot_be_said_is_not_sealed(void **state)
{
	struct statement st;

	(void)state;
	make_statement(&st);
	st.nfindings = STATEMENT_FINDINGS_MAX + 1;
	not_sealed(&st, host_key, FG_ERR_LIMIT);
	make_statement(&st);
	st.flags = 0xff;
	not_sealed(&st, host_key, FG_ERR_FORMAT);
}

static void
nothing_is_sealed_to_a_key_that_everybody_has(void **state)
{
	static const uint8_t zeros[CRYPTO_KEY_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	token_host_id(zeros, st.host_id);
	not_sealed(&st, zeros, FG_ERR_FORMAT);
}

/* DEV-08 */
static void
without_randomness_nothing_is_sealed(void **state)
{
	struct statement st;

	(void)state;
	make_statement(&st);
	without_randomness = true;
	not_sealed(&st, host_key, FG_ERR_SYSTEM);
	without_randomness = false;
}

/* ---- what a jump host does not open ------------------------------------- */

/* DEV-02 */
static void
no_bit_of_an_answer_can_be_changed(void **state)
{
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	sealed(&st, text);
	for (size_t i = 0; i < (size_t)8 * ANSWER_LEN; i++) {
		text[i / 8] ^= (char)(1 << i % 8);
		assert_int_not_equal(answer_open(text, ANSWER_LEN, host_secret,
					 &back, &why),
		    0);
		assert_non_null(why);
		is_empty(&back);
		text[i / 8] ^= (char)(1 << i % 8);
	}
	opens(text, ANSWER_LEN);
}

/* DEV-05 */
static void
an_answer_that_is_cut_or_longer_is_refused(void **state)
{
	static char text[4096 + 1];
	struct statement st;

	(void)state;
	make_statement(&st);
	for (int fill = 0; fill < 256; fill += 5) {
		memset(text, fill, sizeof(text));
		assert_int_equal(answer_seal(&st, device_secret, host_key, text,
				     &why),
		    0);
		text[ANSWER_LEN] = (char)fill;
		for (size_t len = 0; len < sizeof(text); len++)
			if (len != ANSWER_LEN)
				refused(text, len,
				    len < strlen(ANSWER_PREFIX) ?
					FG_ERR_FORMAT :
					len < ANSWER_LEN ? FG_ERR_SHORT :
							   FG_ERR_LIMIT);
	}
}

/* A part that is missing at the front or within, with the length kept. */
static void
an_answer_with_a_gap_is_refused(void **state)
{
	char text[ANSWER_SIZE], other[ANSWER_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	sealed(&st, text);
	for (size_t at = 0; at < ANSWER_LEN; at++) {
		memcpy(other, text, sizeof(other));
		memmove(other + at, other + at + 1, ANSWER_LEN - at - 1);
		other[ANSWER_LEN - 1] = 'A';
		if (memcmp(other, text, ANSWER_LEN) == 0)
			continue;
		assert_int_not_equal(answer_open(other, ANSWER_LEN, host_secret,
					 &back, &why),
		    0);
		is_empty(&back);
	}
}

static void
what_is_not_base_64_is_refused(void **state)
{
	static const char bad[] = "+/=. \n\t\"\\~";
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	for (const char *c = bad; *c != '\0'; c++)
		for (size_t at = strlen(ANSWER_PREFIX); at < ANSWER_LEN;
		     at += 13) {
			sealed(&st, text);
			text[at] = *c;
			refused(text, ANSWER_LEN, FG_ERR_FORMAT);
		}
	sealed(&st, text);
	text[ANSWER_LEN - 1] = '\0';
	refused(text, ANSWER_LEN, FG_ERR_FORMAT);
}

static void
another_beginning_is_refused(void **state)
{
	static const struct {
		const char *text;
		int want;
	} t[] = {
		{ "farmgate-statement-v2.", FG_ERR_VERSION },
		{ "farmgate-statement-v11", FG_ERR_VERSION },
		{ "farmgate-challenge-v1.", FG_ERR_FORMAT },
		{ "Farmgate-statement-v1.", FG_ERR_FORMAT },
		{ " farmgate-statement-v1", FG_ERR_FORMAT },
		{ "123456                ", FG_ERR_FORMAT },
	};
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	for (size_t i = 0; i < COUNT(t); i++) {
		sealed(&st, text);
		memcpy(text, t[i].text, strlen(ANSWER_PREFIX));
		refused(text, ANSWER_LEN, t[i].want);
		refused(text, strlen(ANSWER_PREFIX), t[i].want);
	}
	refused("", 0, FG_ERR_FORMAT);
	refused("123456", 6, FG_ERR_FORMAT);
}

static void
an_answer_opens_for_no_other_host(void **state)
{
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	sealed(&st, text);
	assert_int_equal(answer_open(text, ANSWER_LEN, other_secret, &back,
			     &why),
	    FG_ERR_UNSAFE);
	is_empty(&back);
}

/* DEV-02: each bit of what was signed, by who can seal as well as anybody. */
static void
no_bit_of_a_statement_can_be_changed_without_its_key(void **state)
{
	uint8_t plain[STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE];
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	sign_plain(&st, LABEL, plain);
	for (size_t i = 0; i < 8 * sizeof(plain); i++) {
		plain[i / 8] ^= (uint8_t)(1 << i % 8);
		seal_plain(plain, text);
		assert_int_not_equal(answer_open(text, ANSWER_LEN, host_secret,
					 &back, &why),
		    0);
		assert_non_null(why);
		is_empty(&back);
		plain[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	seal_plain(plain, text);
	opens(text, ANSWER_LEN);
}

/* What the key has signed for another purpose is no statement. */
static void
what_was_signed_for_another_purpose_is_refused(void **state)
{
	static const char *const labels[] = { "farmgate-statement-v2",
		"Farmgate-statement-v1", "farmgate bundle 1\n\0\0\0" };
	uint8_t plain[STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE];
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	for (size_t i = 0; i < COUNT(labels); i++) {
		sign_plain(&st, labels[i], plain);
		seal_plain(plain, text);
		refused(text, ANSWER_LEN, FG_ERR_UNSAFE);
	}
	sign_plain(&st, LABEL, plain);
	crypto_make_signature(plain, STATEMENT_SIZE, device_secret,
	    plain + STATEMENT_SIZE);
	seal_plain(plain, text);
	refused(text, ANSWER_LEN, FG_ERR_UNSAFE);
}

static void
a_statement_in_anothers_name_is_refused(void **state)
{
	uint8_t plain[STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE];
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	crypto_public_key(other_secret, st.device_key);
	sign_plain(&st, LABEL, plain); /* by device_secret */
	seal_plain(plain, text);
	refused(text, ANSWER_LEN, FG_ERR_UNSAFE);
}

/*
 * DEV-06: keys by which a signature of nothing fits any statement, and numbers
 * that are no signature: the library's error is no success.
 */
static void
keys_and_signatures_that_are_none_are_refused(void **state)
{
	static const uint8_t points[][CRYPTO_KEY_SIZE] = {
		{ 0 }, { 1 },
		{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		    0xff, 0x7f },
		{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c,
		    0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa,
		    0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
		    0x03, 0x7a },
		{ 2 }, /* no point at all */
	};
	uint8_t plain[STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE];
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	make_statement(&st);
	for (size_t i = 0; i < COUNT(points); i++)
		for (size_t j = 0; j < COUNT(points); j++) {
			memcpy(st.device_key, points[i], CRYPTO_KEY_SIZE);
			assert_int_equal(statement_encode(&st, plain), 0);
			memset(plain + STATEMENT_SIZE, 0,
			    CRYPTO_SIGNATURE_SIZE);
			memcpy(plain + STATEMENT_SIZE, points[j],
			    CRYPTO_KEY_SIZE);
			seal_plain(plain, text);
			refused(text, ANSWER_LEN, FG_ERR_UNSAFE);
		}
}

/* The same signature with the group's order added: RFC 8032, section 8.4. */
static void
there_is_one_signature_of_a_kind(void **state)
{
	static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63,
		0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
		0x14, [31] = 0x10 };
	uint8_t plain[STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE];
	uint8_t *s = plain + STATEMENT_SIZE + 32;
	char text[ANSWER_SIZE];
	unsigned int carry = 0;
	struct statement st;

	(void)state;
	make_statement(&st);
	sign_plain(&st, LABEL, plain);
	for (size_t i = 0; i < sizeof(order); i++) {
		carry += s[i] + (unsigned int)order[i];
		s[i] = (uint8_t)carry;
		carry >>= 8;
	}
	seal_plain(plain, text);
	refused(text, ANSWER_LEN, FG_ERR_UNSAFE);
}

/* By who has the key, too: the form is looked at before the signature. */
static void
a_signed_statement_of_another_form_is_refused(void **state)
{
	static const struct {
		size_t at;
		uint8_t v;
		int want;
	} t[] = {
		{ 0, 2, FG_ERR_VERSION },
		{ 89, 0x80, FG_ERR_FORMAT },
		{ 91, 15, FG_ERR_LIMIT },
		{ STATEMENT_SIZE - 1, 1, FG_ERR_FORMAT },
	};
	uint8_t plain[STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE];
	uint8_t all[sizeof(LABEL) + STATEMENT_SIZE];
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	memset(&st, 0, sizeof(st));
	memcpy(st.device_key, device_key, sizeof(device_key));
	for (size_t i = 0; i < COUNT(t); i++) {
		assert_int_equal(statement_encode(&st, plain), 0);
		plain[t[i].at] = t[i].v;
		memcpy(all, LABEL, sizeof(LABEL));
		memcpy(all + sizeof(LABEL), plain, STATEMENT_SIZE);
		crypto_make_signature(all, sizeof(all), device_secret,
		    plain + STATEMENT_SIZE);
		seal_plain(plain, text);
		refused(text, ANSWER_LEN, t[i].want);
	}
}

/* DEV-05 */
static void
bytes_by_chance_are_refused(void **state)
{
	static char text[4096];

	(void)state;
	for (size_t len = 0; len <= sizeof(text); len++) {
		random_bytes(text, len);
		assert_int_not_equal(answer_open(text, len, host_secret, &back,
					 &why),
		    0);
		assert_non_null(why);
		is_empty(&back);
	}
	for (int i = 0; i < 200; i++) {
		uint8_t plain[STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE];

		random_bytes(plain, sizeof(plain));
		plain[0] = STATEMENT_VERSION;
		seal_plain(plain, text);
		assert_int_not_equal(answer_open(text, ANSWER_LEN, host_secret,
					 &back, &why),
		    0);
		is_empty(&back);
	}
}

/* ---- what was asked ----------------------------------------------------- */

#define ISSUED INT64_C(1000000)

static void
ask(struct answer_wanted *wanted, struct statement *st)
{
	memset(wanted, 0, sizeof(*wanted));
	assert_int_equal(token_make(host_key, &wanted->token), 0);
	wanted->user = "alice";
	wanted->issued_ms = ISSUED;
	make_statement(st);
	memcpy(st->host_id, wanted->token.host_id, sizeof(st->host_id));
	memcpy(st->nonce, wanted->token.nonce, sizeof(st->nonce));
	statement_user_digest("alice", st->user_digest);
}

static void
is_judged(const struct statement *st, const struct answer_wanted *wanted,
    int64_t now_ms, int want)
{
	why = want == 0 ? "" : NULL;
	assert_int_equal(answer_check(st, wanted, now_ms, &why), want);
	if (want == 0)
		assert_null(why);
	else
		assert_non_null(why);
}

static void
an_answer_to_what_was_asked_is_taken(void **state)
{
	struct answer_wanted wanted;
	char text[ANSWER_SIZE];
	struct statement st;

	(void)state;
	ask(&wanted, &st);
	sealed(&st, text);
	opens(text, ANSWER_LEN);
	is_judged(&back, &wanted, ISSUED, 0);
	is_judged(&back, &wanted, ISSUED + 1, 0);
}

/* DEV-02, DEV-03: each bit of what it is bound to. */
static void
an_answer_to_something_else_is_refused(void **state)
{
	struct answer_wanted wanted;
	struct statement st;
	uint8_t *const fields[] = { st.host_id, st.nonce, st.user_digest };

	(void)state;
	ask(&wanted, &st);
	for (size_t f = 0; f < COUNT(fields); f++)
		for (size_t i = 0; i < 8 * 16; i++) {
			fields[f][i / 8] ^= (uint8_t)(1 << i % 8);
			is_judged(&st, &wanted, ISSUED, FG_ERR_PEER);
			fields[f][i / 8] ^= (uint8_t)(1 << i % 8);
		}
	is_judged(&st, &wanted, ISSUED, 0);
}

static void
an_answer_for_another_user_is_refused(void **state)
{
	static const char *const users[] = { "", "bob", "Alice", "alic",
		"alice ", "root" };
	struct answer_wanted wanted;
	struct statement st;

	(void)state;
	ask(&wanted, &st);
	for (size_t i = 0; i < COUNT(users); i++) {
		wanted.user = users[i];
		is_judged(&st, &wanted, ISSUED, FG_ERR_PEER);
	}
}

/* DEV-03 */
static void
a_challenge_is_good_for_sixty_seconds(void **state)
{
	struct answer_wanted wanted;
	struct statement st;

	(void)state;
	ask(&wanted, &st);
	is_judged(&st, &wanted, ISSUED + 59999, 0);
	is_judged(&st, &wanted, ISSUED + 60000, 0);
	is_judged(&st, &wanted, ISSUED + 60001, FG_ERR_TIMEOUT);
	is_judged(&st, &wanted, ISSUED + INT32_MAX, FG_ERR_TIMEOUT);
	is_judged(&st, &wanted, INT64_MAX, FG_ERR_TIMEOUT);
	is_judged(&st, &wanted, ISSUED - 1, FG_ERR_TIMEOUT);
	is_judged(&st, &wanted, 0, FG_ERR_TIMEOUT);
	/* the laptop's own clock has no say */
	st.at_s = 0;
	is_judged(&st, &wanted, ISSUED, 0);
	st.at_s = UINT64_MAX;
	is_judged(&st, &wanted, ISSUED, 0);
}

/* DEV-03: the same answer again, and one of another request. */
static void
a_challenge_that_is_used_up_is_met_by_nothing(void **state)
{
	struct answer_wanted wanted, other;
	struct statement st, st_other;

	(void)state;
	ask(&wanted, &st);
	ask(&other, &st_other);
	is_judged(&st_other, &wanted, ISSUED, FG_ERR_PEER);
	is_judged(&st, &other, ISSUED, FG_ERR_PEER);
	is_judged(&st, &wanted, ISSUED, 0);
	memset(&wanted.token, 0, sizeof(wanted.token));
	is_judged(&st, &wanted, ISSUED, FG_ERR_NOT_FOUND);
	memset(st.nonce, 0, sizeof(st.nonce));
	is_judged(&st, &wanted, ISSUED, FG_ERR_NOT_FOUND);
	memset(st.host_id, 0, sizeof(st.host_id));
	is_judged(&st, &wanted, ISSUED, FG_ERR_NOT_FOUND);
}

/* STATEMENT: the first that fails is the one that is told. */
static void
what_is_wrong_is_told_in_the_documented_order(void **state)
{
	static const char *const order[] = { "no challenge", "another jump",
		"another challenge", "another user", "older than" };
	struct answer_wanted wanted;
	struct statement st;
	int64_t now_ms;

	(void)state;
	for (size_t first = 0; first < COUNT(order); first++) {
		ask(&wanted, &st);
		now_ms = ISSUED + 60001; /* from the last one on, all wrong */
		if (first <= 3)
			wanted.user = "bob";
		if (first <= 2)
			st.nonce[15] ^= 1;
		if (first <= 1)
			st.host_id[15] ^= 1;
		if (first <= 0)
			memset(wanted.token.nonce, 0,
			    sizeof(wanted.token.nonce));
		assert_int_not_equal(answer_check(&st, &wanted, now_ms, &why),
		    0);
		assert_non_null(strstr(why, order[first]));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(what_a_laptop_seals_opens_for_its_jump_host),
		TEST(an_answer_is_of_the_documented_form),
		TEST(answers_are_of_one_length_and_one_alphabet),
		TEST(no_two_answers_are_alike),
		TEST(the_device_key_is_that_of_who_signs),
		TEST(a_challenge_is_answered_to_whose_it_is),
		TEST(what_cannot_be_said_is_not_sealed),
		TEST(nothing_is_sealed_to_a_key_that_everybody_has),
		TEST(without_randomness_nothing_is_sealed),
		TEST(no_bit_of_an_answer_can_be_changed),
		TEST(an_answer_that_is_cut_or_longer_is_refused),
		TEST(an_answer_with_a_gap_is_refused),
		TEST(what_is_not_base_64_is_refused),
		TEST(another_beginning_is_refused),
		TEST(an_answer_opens_for_no_other_host),
		TEST(no_bit_of_a_statement_can_be_changed_without_its_key),
		TEST(what_was_signed_for_another_purpose_is_refused),
		TEST(a_statement_in_anothers_name_is_refused),
		TEST(keys_and_signatures_that_are_none_are_refused),
		TEST(there_is_one_signature_of_a_kind),
		TEST(a_signed_statement_of_another_form_is_refused),
		TEST(bytes_by_chance_are_refused),
		TEST(an_answer_to_what_was_asked_is_taken),
		TEST(an_answer_to_something_else_is_refused),
		TEST(an_answer_for_another_user_is_refused),
		TEST(a_challenge_is_good_for_sixty_seconds),
		TEST(a_challenge_that_is_used_up_is_met_by_nothing),
		TEST(what_is_wrong_is_told_in_the_documented_order),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
