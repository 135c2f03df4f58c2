/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes through the header check and every decoder. What a decoder takes
 * has to encode to the same bytes again: there is one encoding of a message.
 *
 * With clang -fsanitize=fuzzer this is a libFuzzer target. With
 * -DFUZZ_STANDALONE it is a program of its own:
 *	fuzz_msg -s DIR		write seeds into DIR
 *	fuzz_msg -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_msg FILE ...	replay files
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t out[FG_MSG_MAX];
static struct fg_groups groups;
static struct fg_need need;

/* Read every byte of a decoded string, so that the sanitizer sees it. */
static void
touch(const char *s)
{
	static volatile size_t sum;

	sum = sum + strlen(s);
}

static void
decode_all(void *data, size_t size)
{
	struct fg_login login;
	struct fg_verdict_msg verdict;
	struct fg_fail_msg fail;
	struct fg_report report;
	struct fg_command command;
	struct fg_data stream;
	struct fg_close close;
	struct fg_challenge challenge;
	struct fg_answer answer;
	struct fg_witness witness;
	struct fg_statement statement;

	(void)fg_msg_get_login(data, size, &login);
	touch(login.service);
	touch(login.user);
	touch(login.ruser);
	touch(login.tty);
	touch(login.rhost);
	touch(login.ssh_connection);
	touch(login.ssh_auth);
	touch(login.ref);
	(void)fg_msg_get_need(data, size, &need);
	for (size_t i = 0; i < need.count; i++)
		touch(need.groups[i]);
	(void)fg_msg_get_groups(data, size, &groups);
	(void)fg_msg_get_verdict(data, size, &verdict);
	touch(verdict.ref);
	touch(verdict.reason);
	touch(verdict.help);
	(void)fg_msg_get_challenge(data, size, &challenge);
	touch(challenge.prompt);
	(void)fg_msg_get_answer(data, size, &answer);
	if (answer.len > 0)
		memcpy(out, answer.bytes, answer.len);
	(void)fg_msg_get_close(data, size, &close);
	touch(close.ref);
	(void)fg_msg_get_fail(data, size, &fail);
	(void)fg_msg_get_report(data, size, &report);
	touch(report.json);
	(void)fg_msg_get_command(data, size, &command);
	touch(command.json);
	(void)fg_msg_get_data(data, size, &stream);
	if (stream.len > 0)
		memcpy(out, stream.bytes, stream.len);
	(void)fg_msg_get_witness(data, size, &witness);
	touch(witness.token);
	touch(witness.user);
	touch(witness.host);
	(void)fg_msg_get_statement(data, size, &statement);
	touch(statement.answer);
}

/* Decode by type and encode again. Returns the new length, or 0 if refused. */
static size_t
recode(void *data, size_t size, const struct fg_header *hdr)
{
	struct fg_login login;
	struct fg_verdict_msg verdict;
	struct fg_fail_msg fail;
	struct fg_report report;
	struct fg_command command;
	struct fg_data stream;
	struct fg_close close;
	struct fg_challenge challenge;
	struct fg_answer answer;
	struct fg_witness witness;
	struct fg_statement statement;
	size_t len = 0;
	int r = -1;

	switch ((enum fg_msg_type)hdr->type) {
	case FG_MSG_LOGIN:
		if ((r = fg_msg_get_login(data, size, &login)) == 0)
			r = fg_msg_put_login(out, sizeof(out), hdr, &login,
			    &len);
		break;
	case FG_MSG_NEED:
		if ((r = fg_msg_get_need(data, size, &need)) == 0)
			r = fg_msg_put_need(out, sizeof(out), hdr, &need, &len);
		break;
	case FG_MSG_GROUPS:
		if ((r = fg_msg_get_groups(data, size, &groups)) == 0)
			r = fg_msg_put_groups(out, sizeof(out), hdr, &groups,
			    &len);
		break;
	case FG_MSG_VERDICT:
		if ((r = fg_msg_get_verdict(data, size, &verdict)) == 0)
			r = fg_msg_put_verdict(out, sizeof(out), hdr, &verdict,
			    &len);
		break;
	case FG_MSG_CLOSE:
		if ((r = fg_msg_get_close(data, size, &close)) == 0)
			r = fg_msg_put_close(out, sizeof(out), hdr, &close,
			    &len);
		break;
	case FG_MSG_FAIL:
		if ((r = fg_msg_get_fail(data, size, &fail)) == 0)
			r = fg_msg_put_fail(out, sizeof(out), hdr, &fail, &len);
		break;
	case FG_MSG_REPORT:
		if ((r = fg_msg_get_report(data, size, &report)) == 0)
			r = fg_msg_put_report(out, sizeof(out), hdr, &report,
			    &len);
		break;
	case FG_MSG_COMMAND:
		if ((r = fg_msg_get_command(data, size, &command)) == 0)
			r = fg_msg_put_command(out, sizeof(out), hdr, &command,
			    &len);
		break;
	case FG_MSG_DATA:
		if ((r = fg_msg_get_data(data, size, &stream)) == 0)
			r = fg_msg_put_data(out, sizeof(out), hdr, &stream,
			    &len);
		break;
	case FG_MSG_CHALLENGE:
		if ((r = fg_msg_get_challenge(data, size, &challenge)) == 0)
			r = fg_msg_put_challenge(out, sizeof(out), hdr,
			    &challenge, &len);
		break;
	case FG_MSG_ANSWER:
		if ((r = fg_msg_get_answer(data, size, &answer)) == 0)
			r = fg_msg_put_answer(out, sizeof(out), hdr, &answer,
			    &len);
		break;
	case FG_MSG_WITNESS:
		if ((r = fg_msg_get_witness(data, size, &witness)) == 0)
			r = fg_msg_put_witness(out, sizeof(out), hdr, &witness,
			    &len);
		break;
	case FG_MSG_STATEMENT:
		if ((r = fg_msg_get_statement(data, size, &statement)) == 0)
			r = fg_msg_put_statement(out, sizeof(out), hdr,
			    &statement, &len);
		break;
	case FG_MSG_NONE:
	case FG_MSG_STATUS:
	case FG_MSG_RELOAD:
		break;
	}
	return r == 0 ? len : 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fg_header hdr;
	uint8_t *copy;
	size_t len;

	/* A copy of exactly this size: a read beyond it is found. */
	if (size > FG_MSG_MAX || (copy = malloc(size + 1)) == NULL)
		return 0;
	memcpy(copy, data, size);
	decode_all(copy, size);
	if (fg_msg_get_header(copy, size, &hdr) == 0 &&
	    (len = recode(copy, size, &hdr)) != 0 &&
	    (len != size || memcmp(out, copy, size) != 0))
		abort();
	free(copy);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_msg"
#define FUZZ_MAX  FG_MSG_MAX
#include "tests/fuzz/standalone.h"

#define SEEDS 15

static uint8_t seeds[SEEDS][FG_MSG_MAX];
static size_t seed_len[SEEDS];

static void
make_seeds(void)
{
	const struct fg_header hdr = { .sequence = 1, .id = { 1, 2, 3 } };
	const struct fg_login login = { .phase = FG_PHASE_ACCOUNT,
		.service = "sshd",
		.user = "alice",
		.tty = "ssh",
		.rhost = "192.0.2.1",
		.ssh_connection = "192.0.2.1 50000 192.0.2.2 22",
		.ssh_auth = "password" };
	const struct fg_login nobody = { .phase = FG_PHASE_SESSION,
		.flags = FG_LOGIN_INVALID_USER | FG_LOGIN_CUT,
		.service = "login",
		.ref = "7F3K-Q2MN" };
	const struct fg_verdict_msg verdict = { FG_VERDICT_DENY,
		FG_VERDICT_DENY, "7F3K-Q2MN", "geo.country", "Call us" };
	const struct fg_fail_msg fail = { FG_FAIL_BUSY, FG_VERSION };
	const struct fg_report report = { 1, "{\"ok\":false}" };
	const struct fg_command command = { "{\"do\":\"except.list\"}" };
	const struct fg_data stream = { "user\nalice\n", 11 };
	const struct fg_close close = { 4711, "7F3K-Q2MN" };
	const struct fg_challenge challenge = { FG_STYLE_VISIBLE, "Code: " };
	const struct fg_answer answer = { FG_ANSWER_GIVEN, "123456", 6 };
	const struct fg_witness witness = { "farmgate-challenge-v1.AbC_9-",
		"alice", "jump.example.org" };
	const struct fg_statement statement = { "farmgate-statement-v1.AA" };
	int r = 0;

	need.what = FG_NEED_GROUPS;
	need.count = groups.count = 2;
	need.groups[0] = "staff";
	need.groups[1] = "wheel";
	groups.member[1] = true;
	r |= fg_msg_put_login(seeds[0], FG_MSG_MAX, &hdr, &login, &seed_len[0]);
	r |=
	    fg_msg_put_login(seeds[1], FG_MSG_MAX, &hdr, &nobody, &seed_len[1]);
	r |= fg_msg_put_need(seeds[2], FG_MSG_MAX, &hdr, &need, &seed_len[2]);
	r |= fg_msg_put_groups(seeds[3], FG_MSG_MAX, &hdr, &groups,
	    &seed_len[3]);
	r |= fg_msg_put_verdict(seeds[4], FG_MSG_MAX, &hdr, &verdict,
	    &seed_len[4]);
	r |= fg_msg_put_fail(seeds[5], FG_MSG_MAX, &hdr, &fail, &seed_len[5]);
	r |= fg_msg_put_report(seeds[6], FG_MSG_MAX, &hdr, &report,
	    &seed_len[6]);
	r |= fg_msg_put_empty(seeds[7], FG_MSG_MAX, &hdr, FG_MSG_STATUS,
	    &seed_len[7]);
	r |= fg_msg_put_command(seeds[8], FG_MSG_MAX, &hdr, &command,
	    &seed_len[8]);
	r |= fg_msg_put_data(seeds[9], FG_MSG_MAX, &hdr, &stream, &seed_len[9]);
	r |= fg_msg_put_close(seeds[10], FG_MSG_MAX, &hdr, &close,
	    &seed_len[10]);
	r |= fg_msg_put_challenge(seeds[11], FG_MSG_MAX, &hdr, &challenge,
	    &seed_len[11]);
	r |= fg_msg_put_answer(seeds[12], FG_MSG_MAX, &hdr, &answer,
	    &seed_len[12]);
	r |= fg_msg_put_witness(seeds[13], FG_MSG_MAX, &hdr, &witness,
	    &seed_len[13]);
	r |= fg_msg_put_statement(seeds[14], FG_MSG_MAX, &hdr, &statement,
	    &seed_len[14]);
	if (r != 0)
		abort();
}

static int
write_seeds(const char *dir)
{
	int r = 0;

	for (size_t i = 0; i < SEEDS && r == 0; i++)
		r = write_seed(dir, "msg", i, seeds[i], seed_len[i]);
	return r;
}

/* A seed with up to four changes, and mostly a length that fits again. */
static size_t
mutate(uint8_t *buf)
{
	size_t i = next_random() % SEEDS, len = seed_len[i];

	memcpy(buf, seeds[i], len);
	for (uint32_t n = 1 + next_random() % 4; n > 0; n--) {
		size_t at = next_random() % len;

		switch (next_random() % 4) {
		case 0:
			buf[at] ^= (uint8_t)(1u << next_random() % 8);
			break;
		case 1:
			buf[at] = (uint8_t)next_random();
			break;
		case 2:
			len = at + 1;
			break;
		case 3:
			memmove(buf + at + 1, buf + at, len - at);
			len++;
			break;
		}
	}
	if (len >= FG_HEADER_SIZE && next_random() % 4 != 0) {
		buf[10] = (uint8_t)((len - FG_HEADER_SIZE) >> 8);
		buf[11] = (uint8_t)((len - FG_HEADER_SIZE) & 0xff);
	}
	return len;
}

int
main(int argc, char **argv)
{
	make_seeds();
	return standalone(argc, argv);
}

#endif
