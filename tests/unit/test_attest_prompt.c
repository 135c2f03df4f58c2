/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ssh hands to its helper: a challenge, and of whom. No text of a server
 * can look like ssh's own, and none of it makes another host of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attest/prompt.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)
#define NELEMS(a)  (sizeof(a) / sizeof((a)[0]))
#define TOKEN                      \
	"farmgate-challenge-v1."   \
	"AAECAwQFBgcICQoLDA0ODxAR" \
	"EhMUFRYXGBkaGxwdHh8"
#define OTHER                      \
	"farmgate-challenge-v1."   \
	"AAECAwQFBgcICQoLDA0ODxAR" \
	"EhMUFRYXGBkaGxwdHh4"

static int
read_prompt(const char *text, struct prompt_challenge *ret_challenge)
{
	const char *why;
	int r = prompt_challenge(text, ret_challenge, &why);

	/* Only what is refused has a reason, and that always. */
	assert_int_equal(why[0] != '\0', r != 0 && r != FG_ERR_NOT_FOUND);
	if (r != 0) {
		assert_string_equal(ret_challenge->token, "");
		assert_string_equal(ret_challenge->user, "");
		assert_string_equal(ret_challenge->host, "");
	}
	return r;
}

static void
assert_read(const char *text, const char *user, const char *host)
{
	struct prompt_challenge c;

	assert_int_equal(read_prompt(text, &c), 0);
	assert_string_equal(c.token, TOKEN);
	assert_string_equal(c.user, user);
	assert_string_equal(c.host, host);
}

static void
assert_refused(const char *const *texts, size_t n)
{
	struct prompt_challenge c;

	for (size_t i = 0; i < n; i++)
		if (read_prompt(texts[i], &c) == 0 ||
		    read_prompt(texts[i], &c) == FG_ERR_NOT_FOUND)
			fail_msg("not refused: %s", texts[i]);
}

static void
a_challenge_has_the_user_and_host_that_ssh_has_said(void **state)
{
	(void)state;
	assert_read("(alice@jump.example.org) " TOKEN ": ", "alice",
	    "jump.example.org");
	assert_read("(alice@jump) " TOKEN, "alice", "jump");
	assert_read("(a@b) " TOKEN ":", "a", "b");
	assert_read("(alice@192.0.2.1) " TOKEN ": ", "alice", "192.0.2.1");
	assert_read("(alice@fe80::1%eth0) " TOKEN ": ", "alice",
	    "fe80::1%eth0");
	assert_read("(alice@[jump.example.org]:2222) " TOKEN ": ", "alice",
	    "[jump.example.org]:2222");
	assert_read("(alice@Jump_1.example.org) " TOKEN ": ", "alice",
	    "Jump_1.example.org");
}

static void
a_user_may_have_odd_names(void **state)
{
	(void)state;
	assert_read("(alice@corp.example@jump) " TOKEN ": ",
	    "alice@corp.example", "jump");
	assert_read("(CORP\\alice@jump) " TOKEN ": ", "CORP\\alice", "jump");
	assert_read("(alice smith@jump) " TOKEN ": ", "alice smith", "jump");
	assert_read("(al\xc3\xafs@jump) " TOKEN ": ", "al\xc3\xafs", "jump");
	assert_read("(jump@evil@jump) " TOKEN ": ", "jump@evil", "jump");
}

/* sshd puts what its PAM modules say in front of the next prompt. */
static void
CONV_15_information_may_stand_in_front(void **state)
{
	(void)state;
	assert_read("(alice@jump) Welcome.\n" TOKEN ": ", "alice", "jump");
	assert_read("(alice@jump) Mind the gap (it is wide).\r\n\tBye, "
		    "bob@jump!\n\n" TOKEN ": ",
	    "alice", "jump");
	assert_read("(alice@jump) \xc3\xa5pent\n" TOKEN ": ", "alice", "jump");
}

static void
what_has_no_token_is_passed_on(void **state)
{
	static const char *const texts[] = { "",
		"(alice@jump) Password: ", "alice@jump's password: ",
		"Password: ", "(alice@jump) One-time code: ",
		"Enter passphrase for key '/root/.ssh/id_ed25519': ",
		"(alice@jump) farmgate-challenge: ",
		"(alice@jump) farmgate-statement-v1.AAAA: ", ") ", "(", "()",
		"(@) ", "(alice@jump) (alice@jump) Password: " };
	struct prompt_challenge c;

	(void)state;
	for (size_t i = 0; i < NELEMS(texts); i++)
		assert_int_equal(read_prompt(texts[i], &c), FG_ERR_NOT_FOUND);
}

static void
a_damaged_token_is_refused_and_not_passed_on(void **state)
{
	static const char *const texts[] = {
		"(alice@jump) farmgate-challenge-v1.: ",
		"(alice@jump) farmgate-challenge-v1.AAAA: ",
		"(alice@jump) " TOKEN "A: ",
		"(alice@jump) x" TOKEN ": ",
		"(alice@jump) farmgate-challenge-v2.AAAA: ",
		"(alice@jump) farmgate-challenge-v1."
		"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9: ",
		"(alice@jump) farmgate-challenge-v1."
		"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd+/8: ",
	};

	(void)state;
	assert_refused(texts, NELEMS(texts));
}

static void
of_several_tokens_none_is_taken(void **state)
{
	static const char *const texts[] = {
		"(alice@jump) " TOKEN ": " TOKEN ": ",
		"(alice@jump) " TOKEN "\n" OTHER ": ",
		"(alice@jump) " OTHER " " TOKEN ": ",
		"(alice@jump) farmgate-challenge-v1.AAAA\n" TOKEN ": ",
		"(alice@jump) farmgate-challenge-v7.AAAA\n" TOKEN ": ",
	};

	(void)state;
	assert_refused(texts, NELEMS(texts));
}

static void
DEV_07_without_a_prefix_of_sshs_there_is_no_host(void **state)
{
	static const char *const texts[] = { TOKEN, TOKEN ": ", " " TOKEN ": ",
		" (alice@jump) " TOKEN ": ", "\n(alice@jump) " TOKEN ": ",
		"\r(alice@jump) " TOKEN ": ", "x(alice@jump) " TOKEN ": ",
		"Welcome.\n(alice@jump) " TOKEN ": ",
		"alice@jump's password: " TOKEN ": ",
		"Enter passphrase for key '(alice@jump) " TOKEN "': ",
		"Username for 'https://(alice@jump) " TOKEN "': ",
		TOKEN " (alice@jump) ", "(alice@jump)" TOKEN ": ",
		"(alice@jump)\n" TOKEN ": ", "(alice@jump)\t" TOKEN ": ",
		"(alice@jump " TOKEN ": ", "[alice@jump] " TOKEN ": ",
		"(alice) " TOKEN ": ", "(@jump) " TOKEN ": ",
		"(alice@) " TOKEN ": ", "(@) " TOKEN ": ", "() " TOKEN ": ",
		"( ) " TOKEN ": ",
		"(" TOKEN "@jump) : ", "(alice@" TOKEN ") : " };

	(void)state;
	assert_refused(texts, NELEMS(texts));
}

/* ssh's is the first one, and the server's text comes behind it. */
static void
DEV_07_a_second_prefix_wins_nothing(void **state)
{
	static const char *const texts[] = {
		"(alice@evil) (alice@jump) " TOKEN ": ",
		"(alice@evil) \n(alice@jump) " TOKEN ": ",
		"(alice@evil) \r(alice@jump) " TOKEN ": ",
		"(alice@evil) Welcome.\n(alice@jump) " TOKEN ": ",
		"(alice@evil) " TOKEN ": (alice@jump) ",
		"(alice@evil) " TOKEN ":\n(alice@jump) ",
		"(alice@evil) " TOKEN ") ",
		"(alice@evil) x) " TOKEN ": ",
	};

	(void)state;
	assert_refused(texts, NELEMS(texts));
}

/* As by a link that somebody has followed: the user is the attacker's, too. */
static void
DEV_07_a_user_that_looks_like_a_prefix_wins_nothing(void **state)
{
	static const char *const texts[] = {
		/* alice@jump)  at evil */
		"(alice@jump) @evil) " TOKEN ": ",
		"(alice@jump) x@evil) " TOKEN ": ",
		"(alice@jump) \n@evil) " TOKEN ": ",
		"(alice@jump)\n@evil) " TOKEN ": ",
		"(alice@jump)@evil) " TOKEN ": ",
		"((alice@jump) @evil) " TOKEN ": ",
		"((alice@jump)@evil) " TOKEN ": ",
		"(x(alice@jump@evil) " TOKEN ": ",
		/* with the token in the name itself, and any text behind it */
		"(alice@jump) " TOKEN ": @evil) Password: ",
		"(alice@jump) " TOKEN ": @evil) ",
		"(alice@jump) " TOKEN "\n@evil) : ",
		"(alice@jump) " TOKEN ": @evil",
		"(alice@jump) " TOKEN " x",
		"(alice@jump) " TOKEN "\n",
		"(alice@jump) " TOKEN ": \n",
		"(alice@jump\n) " TOKEN ": ",
		"(ali\nce@jump) " TOKEN ": ",
		"(ali\rce@jump) " TOKEN ": ",
		"(ali\tce@jump) " TOKEN ": ",
		"(ali\033ce@jump) " TOKEN ": ",
		"(ali\177ce@jump) " TOKEN ": ",
	};

	(void)state;
	assert_refused(texts, NELEMS(texts));
}

static void
DEV_07_a_host_is_a_host(void **state)
{
	struct prompt_challenge c;
	char text[256];

	(void)state;
	for (int b = 1; b <= UINT8_MAX; b++) {
		bool good = (b >= '0' && b <= ':') || (b >= 'A' && b <= '[') ||
		    b == ']' || b == '_' || (b >= 'a' && b <= 'z') ||
		    b == '.' || b == '-' || b == '%';

		(void)snprintf(text, sizeof(text), "(alice@ju%cmp) %s: ", b,
		    TOKEN);
		if (b == '@') /* another user, and a host */
			assert_read(text, "alice@ju", "mp");
		else if (good)
			assert_int_equal(read_prompt(text, &c), 0);
		else
			assert_int_equal(read_prompt(text, &c), FG_ERR_FORMAT);
	}
}

static void
names_have_a_length(void **state)
{
	char name[FG_USER_MAX + 2], text[1024];
	struct prompt_challenge c;

	(void)state;
	memset(name, 'a', sizeof(name));
	name[FG_USER_MAX] = '\0';
	(void)snprintf(text, sizeof(text), "(%s@jump) %s: ", name, TOKEN);
	assert_read(text, name, "jump");
	(void)snprintf(text, sizeof(text), "(alice@%s) %s: ", name, TOKEN);
	assert_read(text, "alice", name);
	name[FG_USER_MAX] = 'a';
	name[FG_USER_MAX + 1] = '\0';
	(void)snprintf(text, sizeof(text), "(%s@jump) %s: ", name, TOKEN);
	assert_int_equal(read_prompt(text, &c), FG_ERR_FORMAT);
	(void)snprintf(text, sizeof(text), "(alice@%s) %s: ", name, TOKEN);
	assert_int_equal(read_prompt(text, &c), FG_ERR_FORMAT);
}

/* Whatever stands in the place of one byte, ssh's host is the only one. */
static void
one_byte_makes_no_other_host(void **state)
{
	static const char good[] = "(alice@jump) Hello.\n" TOKEN ": ";
	struct prompt_challenge c;
	char text[sizeof(good)];

	(void)state;
	for (size_t at = 0; at < sizeof(good) - 1; at++)
		for (int b = 1; b <= UINT8_MAX; b++) {
			memcpy(text, good, sizeof(good));
			text[at] = (char)b;
			if (read_prompt(text, &c) != 0 || (at >= 1 && at <= 10))
				continue;
			assert_string_equal(c.user, "alice");
			assert_string_equal(c.host, "jump");
		}
}

static void
what_is_typed_is_seen_where_ssh_itself_asks_yes_or_no(void **state)
{
	(void)state;
	assert_true(prompt_is_open("The authenticity of host 'jump "
				   "(192.0.2.1)' can't be established.\n"
				   "ED25519 key fingerprint is SHA256:x.\n"
				   "Are you sure you want to continue "
				   "connecting (yes/no/[fingerprint])? "));
	assert_true(
	    prompt_is_open("Please type 'yes', 'no' or the fingerprint: "));
	assert_true(prompt_is_open("Accept updated hostkeys? (yes/no): "));
	assert_true(prompt_is_open("Username for 'https://git.example.org': "));
}

static void
nothing_else_that_is_typed_is_seen(void **state)
{
	static const char *const texts[] = { "", "Password: ",
		"(alice@jump) Password: ", "(alice@jump) Sure (yes/no)? ",
		"(alice@jump) Username for 'x': ",
		"(alice@jump) Please type 'yes': ", "alice@jump's password: ",
		"Password for 'https://alice@git.example.org': ",
		"Enter passphrase for key '/root/.ssh/id_rsa': ",
		"Enter PIN for ED25519-SK key /root/.ssh/id_ed25519_sk: " };

	(void)state;
	for (size_t i = 0; i < NELEMS(texts); i++)
		assert_false(prompt_is_open(texts[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_challenge_has_the_user_and_host_that_ssh_has_said),
		TEST(a_user_may_have_odd_names),
		TEST(CONV_15_information_may_stand_in_front),
		TEST(what_has_no_token_is_passed_on),
		TEST(a_damaged_token_is_refused_and_not_passed_on),
		TEST(of_several_tokens_none_is_taken),
		TEST(DEV_07_without_a_prefix_of_sshs_there_is_no_host),
		TEST(DEV_07_a_second_prefix_wins_nothing),
		TEST(DEV_07_a_user_that_looks_like_a_prefix_wins_nothing),
		TEST(DEV_07_a_host_is_a_host),
		TEST(names_have_a_length),
		TEST(one_byte_makes_no_other_host),
		TEST(what_is_typed_is_seen_where_ssh_itself_asks_yes_or_no),
		TEST(nothing_else_that_is_typed_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
