/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The codec: what is encoded is decoded, and nothing else is. Each message is
 * cut at every byte and flipped at every bit. PROTOCOL, the enumeration and
 * the codec name the same types.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "proto/buf.h"
#include "proto/msg.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)

static const struct fg_header header = { .sequence = 0x0102,
	.id = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0xf0 } };

static uint8_t data[FG_MSG_MAX];

/* Deterministic, so that a failure can be seen again. */
static uint32_t
next_random(void)
{
	static uint32_t x = 2463534242u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

/* A string of 0..max bytes without NUL; its storage is the caller's. */
static const char *
random_string(char *buf, size_t max)
{
	size_t len = next_random() % (max + 1);

	if (next_random() % 4 == 0)
		len = max;
	for (size_t i = 0; i < len; i++)
		buf[i] = (char)(1 + next_random() % 255);
	buf[len] = '\0';
	return buf;
}

/* Whether some decoder takes these bytes: the reader of every message. */
static bool
accepted(void *p, size_t len)
{
	static struct fg_groups groups;
	struct fg_header hdr;
	struct fg_login login;
	struct fg_need need;
	struct fg_verdict_msg verdict;
	struct fg_fail_msg fail;
	struct fg_report report;
	struct fg_command command;
	struct fg_data stream;
	struct fg_close close;

	if (fg_msg_get_header(p, len, &hdr) != 0)
		return false;
	switch ((enum fg_msg_type)hdr.type) {
	case FG_MSG_LOGIN:
		return fg_msg_get_login(p, len, &login) == 0;
	case FG_MSG_NEED:
		return fg_msg_get_need(p, len, &need) == 0;
	case FG_MSG_GROUPS:
		return fg_msg_get_groups(p, len, &groups) == 0;
	case FG_MSG_VERDICT:
		return fg_msg_get_verdict(p, len, &verdict) == 0;
	case FG_MSG_CLOSE:
		return fg_msg_get_close(p, len, &close) == 0;
	case FG_MSG_FAIL:
		return fg_msg_get_fail(p, len, &fail) == 0;
	case FG_MSG_REPORT:
		return fg_msg_get_report(p, len, &report) == 0;
	case FG_MSG_STATUS:
	case FG_MSG_RELOAD:
		return hdr.length == 0;
	case FG_MSG_COMMAND:
		return fg_msg_get_command(p, len, &command) == 0;
	case FG_MSG_DATA:
		return fg_msg_get_data(p, len, &stream) == 0;
	case FG_MSG_CHALLENGE:
	case FG_MSG_ANSWER: /* test_msg_challenge.c's */
	case FG_MSG_WITNESS:
	case FG_MSG_STATEMENT: /* test_msg_witness.c's */
	case FG_MSG_NONE:
		break;
	}
	return false;
}

static const struct fg_login login = { .phase = FG_PHASE_SESSION,
	.flags = FG_LOGIN_OBSERVE | FG_LOGIN_CUT,
	.pid = 4711,
	.uid = 1000,
	.service = "sshd",
	.user = "alice",
	.ruser = "bob",
	.tty = "ssh",
	.rhost = "2001:db8::1",
	.ssh_connection = "192.0.2.1 50000 192.0.2.2 22",
	.ssh_auth = "publickey ssh-ed25519 AAAA",
	.ref = "7F3K-Q2MN" };

static size_t
put_login(const struct fg_login *m)
{
	size_t len;

	assert_int_equal(fg_msg_put_login(data, sizeof(data), &header, m, &len),
	    0);
	return len;
}

static size_t
put_verdict(uint8_t verdict, uint8_t would)
{
	struct fg_verdict_msg m = { verdict, would, "7F3K-Q2MN", "geo.country",
		"Call the help desk" };
	size_t len;

	assert_int_equal(fg_msg_put_verdict(data, sizeof(data), &header, &m,
			     &len),
	    0);
	return len;
}

static size_t
put_groups(uint16_t count, bool failed)
{
	static struct fg_groups m;
	size_t len;

	m.count = count;
	m.failed = failed;
	for (size_t i = 0; i < count && i < FG_NEED_GROUPS_MAX; i++)
		m.member[i] = i % 2 == 0;
	assert_int_equal(fg_msg_put_groups(data, sizeof(data), &header, &m,
			     &len),
	    0);
	return len;
}

static size_t
put_fail(uint8_t why)
{
	struct fg_fail_msg m = { why, FG_VERSION };
	size_t len;

	assert_int_equal(fg_msg_put_fail(data, sizeof(data), &header, &m, &len),
	    0);
	return len;
}

static size_t
put_need_of(uint32_t what, uint16_t count)
{
	static struct fg_need m;
	size_t len;

	m.what = what;
	m.count = count;
	for (size_t i = 0; i < count && i < FG_NEED_GROUPS_MAX; i++)
		m.groups[i] = i % 2 == 0 ? "staff" : "g";

	assert_int_equal(fg_msg_put_need(data, sizeof(data), &header, &m, &len),
	    0);
	return len;
}

static size_t
put_need(uint32_t what)
{
	return put_need_of(what, 2);
}

static size_t
put_report(uint8_t status, const char *json)
{
	struct fg_report m = { status, json };
	size_t len;

	assert_int_equal(fg_msg_put_report(data, sizeof(data), &header, &m,
			     &len),
	    0);
	return len;
}

static size_t
put_empty(enum fg_msg_type type)
{
	size_t len;

	assert_int_equal(fg_msg_put_empty(data, sizeof(data), &header, type,
			     &len),
	    0);
	return len;
}

static size_t
put_command(const char *json)
{
	struct fg_command m = { json };
	size_t len;

	assert_int_equal(fg_msg_put_command(data, sizeof(data), &header, &m,
			     &len),
	    0);
	return len;
}

static size_t
put_data(const void *bytes, size_t n)
{
	struct fg_data m = { bytes, n };
	size_t len;

	assert_int_equal(fg_msg_put_data(data, sizeof(data), &header, &m, &len),
	    0);
	return len;
}

/* The n-th sample message; 0 when there are no more. */
static size_t
put_sample(int n)
{
	switch (n) {
	case 0:
		return put_login(&login);
	case 1:
		return put_need(FG_NEED_GROUPS);
	case 2:
		return put_groups(3, false);
	case 3:
		return put_groups(0, true);
	case 4:
		return put_verdict(FG_VERDICT_DENY, FG_VERDICT_DENY);
	case 5:
		return put_fail(FG_FAIL_BUSY);
	case 6:
		return put_report(3, "{\"a\":1}");
	case 7:
		return put_empty(FG_MSG_STATUS);
	case 8:
		return put_empty(FG_MSG_RELOAD);
	case 9:
		return put_command("{\"do\":\"a\"}");
	case 10:
		return put_data("a\0b", 3);
	case 11:
		return put_data(NULL, 0);
	default:
		return 0;
	}
}

static void
the_header_is_laid_out_as_documented(void **state)
{
	static const uint8_t want[] = { 'F', 'G', 'A', 'T', 1, 2, 1, 2, 0, 0, 0,
		18, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
		15, 0xf0, 0, 0, 0, 1, 0, 2, 0, 5, 's', 't', 'a', 'f', 'f', 0, 0,
		1, 'g', 0 };

	(void)state;
	assert_int_equal(put_need(FG_NEED_GROUPS), sizeof(want));
	assert_memory_equal(data, want, sizeof(want));
}

static void
the_header_is_read_back(void **state)
{
	struct fg_header hdr;
	size_t len = put_login(&login);

	(void)state;
	assert_int_equal(fg_msg_get_header(data, len, &hdr), 0);
	assert_int_equal(hdr.version, FG_VERSION);
	assert_int_equal(hdr.type, FG_MSG_LOGIN);
	assert_int_equal(hdr.sequence, header.sequence);
	assert_int_equal(hdr.length, len - FG_HEADER_SIZE);
	assert_memory_equal(hdr.id, header.id, sizeof(hdr.id));
}

static void
a_login_with_any_strings_comes_back(void **state)
{
	static char s[7][FG_USER_MAX + 1], auth[FG_SSH_AUTH_MAX + 1];
	struct fg_login m, got;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		m.phase = (uint8_t)(1 + next_random() % 3);
		m.flags = next_random() & FG_LOGIN_FLAGS;
		if (m.phase != FG_PHASE_AUTH)
			m.flags &= ~FG_LOGIN_DELEGATED;
		m.pid = next_random();
		m.uid = next_random();
		m.service = random_string(s[0], FG_SERVICE_MAX);
		m.user = random_string(s[1], FG_USER_MAX);
		m.ruser = random_string(s[2], FG_USER_MAX);
		m.tty = random_string(s[3], FG_TTY_MAX);
		m.rhost = random_string(s[4], FG_RHOST_MAX);
		m.ssh_connection = random_string(s[5], FG_SSH_CONNECTION_MAX);
		m.ssh_auth = random_string(auth, FG_SSH_AUTH_MAX);
		m.ref = random_string(s[6], FG_REF_MAX);
		if ((m.flags & FG_LOGIN_INVALID_USER) != 0)
			m.user = "";
		else if (m.user[0] == '\0')
			m.user = "u";
		assert_int_equal(fg_msg_get_login(data, put_login(&m), &got),
		    0);
		assert_true(m.phase == got.phase && m.flags == got.flags &&
		    m.pid == got.pid && m.uid == got.uid);
		assert_string_equal(m.service, got.service);
		assert_string_equal(m.user, got.user);
		assert_string_equal(m.ruser, got.ruser);
		assert_string_equal(m.tty, got.tty);
		assert_string_equal(m.rhost, got.rhost);
		assert_string_equal(m.ssh_connection, got.ssh_connection);
		assert_string_equal(m.ssh_auth, got.ssh_auth);
		assert_string_equal(m.ref, got.ref);
	}
}

static void
a_verdict_with_any_strings_comes_back(void **state)
{
	char s[3][FG_TEXT_MAX + 1];
	struct fg_verdict_msg m, got;
	size_t len;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		m.verdict = (uint8_t)(1 + next_random() % 3);
		m.would = (uint8_t)(1 + next_random() % 3);
		m.ref = random_string(s[0], FG_REF_MAX);
		m.reason = random_string(s[1], FG_REASON_MAX);
		m.help = random_string(s[2], FG_TEXT_MAX);
		assert_int_equal(fg_msg_put_verdict(data, sizeof(data), &header,
				     &m, &len),
		    0);
		assert_int_equal(fg_msg_get_verdict(data, len, &got), 0);
		assert_int_equal(m.verdict, got.verdict);
		assert_int_equal(m.would, got.would);
		assert_string_equal(m.ref, got.ref);
		assert_string_equal(m.reason, got.reason);
		assert_string_equal(m.help, got.help);
	}
}

static void
names_come_back_up_to_their_number(void **state)
{
	static struct fg_need got;

	(void)state;
	for (uint16_t n = 1; n <= FG_NEED_GROUPS_MAX; n++) {
		size_t len = put_need_of(FG_NEED_GROUPS, n);

		assert_int_equal(fg_msg_get_need(data, len, &got), 0);
		assert_int_equal(got.what, FG_NEED_GROUPS);
		assert_int_equal(got.count, n);
		for (uint16_t i = 0; i < n; i++)
			assert_string_equal(got.groups[i],
			    i % 2 == 0 ? "staff" : "g");
	}
}

static void
groups_come_back_up_to_their_number(void **state)
{
	static struct fg_groups got;

	(void)state;
	for (uint16_t n = 1; n <= FG_NEED_GROUPS_MAX; n++) {
		size_t len = put_groups(n, false);

		assert_int_equal(fg_msg_get_groups(data, len, &got), 0);
		assert_int_equal(got.count, n);
		assert_false(got.failed);
		for (uint16_t i = 0; i < n; i++)
			assert_int_equal(got.member[i], i % 2 == 0);
	}
	assert_int_equal(fg_msg_get_groups(data, put_groups(0, true), &got), 0);
	assert_true(got.failed);
}

static void
a_report_of_the_greatest_length_comes_back(void **state)
{
	static char json[FG_REPORT_MAX + 2];
	struct fg_report m = { 7, json }, got;
	size_t len;

	(void)state;
	memset(json, 'x', FG_REPORT_MAX);
	assert_int_equal(fg_msg_put_report(data, sizeof(data), &header, &m,
			     &len),
	    0);
	assert_true(len <= FG_MSG_MAX);
	assert_int_equal(fg_msg_get_report(data, len, &got), 0);
	assert_int_equal(got.exit_status, 7);
	assert_string_equal(got.json, json);
	json[FG_REPORT_MAX] = 'x';
	assert_int_equal(fg_msg_put_report(data, sizeof(data), &header, &m,
			     &len),
	    FG_ERR_LIMIT);
}

static void
a_command_of_the_greatest_length_comes_back(void **state)
{
	static char json[FG_REPORT_MAX + 2];
	struct fg_command m = { json }, got;
	size_t len;

	(void)state;
	memset(json, 'x', FG_REPORT_MAX);
	len = put_command(json);
	assert_true(len <= FG_MSG_MAX);
	assert_int_equal(fg_msg_get_command(data, len, &got), 0);
	assert_string_equal(got.json, json);
	json[FG_REPORT_MAX] = 'x';
	assert_int_equal(fg_msg_put_command(data, sizeof(data), &header, &m,
			     &len),
	    FG_ERR_LIMIT);
}

static void
a_refused_command_leaves_no_text_behind(void **state)
{
	struct fg_command m = { "x" };

	(void)state;
	assert_int_equal(fg_msg_get_command(data, put_command("{}") - 1, &m),
	    FG_ERR_SHORT);
	assert_string_equal(m.json, "");
}

static void
data_of_any_bytes_and_length_come_back(void **state)
{
	static uint8_t bytes[FG_DATA_MAX + 1];
	struct fg_data m = { bytes, sizeof(bytes) }, got;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)next_random();
	for (size_t n = 0; n <= FG_DATA_MAX; n += 1 + n / 7) {
		len = put_data(bytes, n);
		assert_true(len <= FG_MSG_MAX);
		assert_int_equal(fg_msg_get_data(data, len, &got), 0);
		assert_int_equal(got.len, n);
		assert_memory_equal(got.bytes, bytes, n);
	}
	assert_int_equal(fg_msg_get_data(data, put_data(bytes, FG_DATA_MAX),
			     &got),
	    0);
	assert_int_equal(got.len, FG_DATA_MAX);
	assert_int_equal(fg_msg_put_data(data, sizeof(data), &header, &m, &len),
	    FG_ERR_LIMIT);
	assert_int_equal(len, 0);
}

/* More than a stream's message may hold is malformed even where it fits. */
static void
refused_data_leave_no_bytes_behind(void **state)
{
	static uint8_t bytes[FG_DATA_MAX];
	struct fg_data got = { bytes, 1 };
	size_t len = put_data(bytes, FG_DATA_MAX);

	(void)state;
	assert_int_equal(fg_msg_get_data(data, len - 1, &got), FG_ERR_SHORT);
	assert_null(got.bytes);
	assert_int_equal(got.len, 0);
	data[FG_HEADER_SIZE + 1]++;
	assert_int_equal(fg_msg_get_data(data, len + 1, &got), FG_ERR_LIMIT);
	data[FG_HEADER_SIZE + 1] -= 2;
	assert_int_equal(fg_msg_get_data(data, len, &got), FG_ERR_TRAILING);
	assert_null(got.bytes);
}

static void
small_messages_come_back(void **state)
{
	struct fg_fail_msg fail;
	struct fg_header hdr;

	(void)state;
	for (uint8_t why = 1; why <= FG_FAIL_OTHER_NAME; why++) {
		assert_int_equal(fg_msg_get_fail(data, put_fail(why), &fail),
		    0);
		assert_int_equal(fail.fail, why);
		assert_int_equal(fail.version, FG_VERSION);
	}
	assert_int_equal(put_empty(FG_MSG_RELOAD), FG_HEADER_SIZE);
	assert_int_equal(fg_msg_get_header(data, FG_HEADER_SIZE, &hdr), 0);
	assert_int_equal(hdr.length, 0);
}

static void
a_message_cut_at_any_byte_is_refused(void **state)
{
	size_t len;

	(void)state;
	for (int n = 0; (len = put_sample(n)) != 0; n++) {
		assert_true(accepted(data, len));
		for (size_t cut = 0; cut < len; cut++) {
			/* On the heap, so that a read beyond is noticed. */
			uint8_t *p = malloc(cut + 1);

			assert_non_null(p);
			memcpy(p, data, cut);
			assert_false(accepted(p, cut));
			free(p);
		}
	}
}

/* Correct the header's length, so that the body's decoder has to notice. */
static void
set_length(uint8_t *p, size_t len)
{
	struct fg_buf buf;

	fg_buf_init(&buf, p + 8, 4);
	(void)fg_buf_put_u32(&buf, (uint32_t)(len - FG_HEADER_SIZE));
}

static void
a_body_cut_at_any_byte_is_refused(void **state)
{
	size_t len;

	(void)state;
	for (int n = 0; (len = put_sample(n)) != 0; n++) {
		for (size_t cut = FG_HEADER_SIZE; cut < len; cut++) {
			uint8_t *p = malloc(cut);

			assert_non_null(p);
			memcpy(p, data, cut);
			set_length(p, cut);
			assert_false(accepted(p, cut));
			free(p);
		}
	}
}

static void
a_byte_too_many_is_refused(void **state)
{
	size_t len;

	(void)state;
	for (int n = 0; (len = put_sample(n)) != 0; n++) {
		data[len] = 0;
		assert_false(accepted(data, len + 1));
		set_length(data, len + 1);
		assert_false(accepted(data, len + 1));
	}
}

/* What a flipped bit may still be: same type, in range, another value. */
static void
a_flipped_bit_never_crashes_or_changes_the_frame(void **state)
{
	struct fg_header hdr;
	size_t len;

	(void)state;
	for (int n = 0; (len = put_sample(n)) != 0; n++) {
		for (size_t bit = 0; bit < len * 8; bit++) {
			uint8_t mask = (uint8_t)(1u << bit % 8);
			bool fixed =
			    bit / 8 < 5 || (bit / 8 >= 8 && bit / 8 < 16);

			data[bit / 8] ^= mask;
			(void)accepted(data, len);
			if (fixed)
				assert_int_not_equal(fg_msg_get_header(data,
							 len, &hdr),
				    0);
			data[bit / 8] ^= mask;
		}
		assert_true(accepted(data, len));
	}
}

static void
a_verdict_out_of_range_is_refused(void **state)
{
	struct fg_verdict_msg m;

	(void)state;
	for (unsigned int v = 0; v <= UINT8_MAX; v++) {
		bool known = v >= 1 && v <= 4;
		size_t len = put_verdict((uint8_t)v, FG_VERDICT_DENY);

		assert_int_equal(fg_msg_get_verdict(data, len, &m),
		    known ? 0 : FG_ERR_FORMAT);
		assert_int_equal(m.verdict, known ? v : FG_VERDICT_NONE);
		len = put_verdict(FG_VERDICT_ALLOW, (uint8_t)v);
		assert_int_equal(fg_msg_get_verdict(data, len, &m),
		    known ? 0 : FG_ERR_FORMAT);
	}
}

static void
a_refused_verdict_leaves_no_allow_behind(void **state)
{
	struct fg_verdict_msg m = { FG_VERDICT_ALLOW, FG_VERDICT_ALLOW, "A", "",
		"" };
	size_t len = put_verdict(FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);

	(void)state;
	assert_int_equal(fg_msg_get_verdict(data, len - 1, &m), FG_ERR_SHORT);
	assert_int_equal(m.verdict, FG_VERDICT_NONE);
	assert_int_equal(m.would, FG_VERDICT_NONE);
	assert_string_equal(m.ref, "");
}

static void
a_phase_out_of_range_is_refused(void **state)
{
	struct fg_login m = login, got;

	(void)state;
	for (unsigned int v = 0; v <= UINT8_MAX; v++) {
		m.phase = (uint8_t)v;
		assert_int_equal(fg_msg_get_login(data, put_login(&m), &got),
		    v >= 1 && v <= 3 ? 0 : FG_ERR_FORMAT);
	}
}

static void
an_unknown_flag_is_refused(void **state)
{
	struct fg_login m = login, got;
	struct fg_need need;

	(void)state;
	for (unsigned int bit = 0; bit < 32; bit++) {
		uint32_t flag = UINT32_C(1) << bit;

		m.flags = flag;
		m.user = flag == FG_LOGIN_INVALID_USER ? "" : "alice";
		m.phase = flag == FG_LOGIN_DELEGATED ? FG_PHASE_AUTH :
						       FG_PHASE_ACCOUNT;
		assert_int_equal(fg_msg_get_login(data, put_login(&m), &got),
		    (flag & FG_LOGIN_FLAGS) != 0 ? 0 : FG_ERR_FORMAT);
		assert_int_equal(fg_msg_get_need(data, put_need(flag), &need),
		    flag == FG_NEED_GROUPS ? 0 : FG_ERR_FORMAT);
	}
	assert_int_equal(fg_msg_get_need(data, put_need(0), &need),
	    FG_ERR_FORMAT);
}

static void
a_nameless_user_has_to_be_marked_and_a_marked_one_nameless(void **state)
{
	struct fg_login m = login, got;

	(void)state;
	m.user = "";
	assert_int_equal(fg_msg_get_login(data, put_login(&m), &got),
	    FG_ERR_FORMAT);
	m.user = "hunter2";
	m.flags = FG_LOGIN_INVALID_USER;
	assert_int_equal(fg_msg_get_login(data, put_login(&m), &got),
	    FG_ERR_FORMAT);
	assert_string_equal(got.user, "");
}

static void
a_failed_look_up_carries_no_groups(void **state)
{
	static struct fg_groups got;

	(void)state;
	assert_int_equal(fg_msg_get_groups(data, put_groups(2, true), &got),
	    FG_ERR_FORMAT);
	assert_int_equal(got.count, 0);
	assert_false(got.failed);
}

/* Nobody asks about nothing, so this is no answer. */
static void
an_answer_about_no_group_has_to_be_a_failure(void **state)
{
	static struct fg_groups got;

	(void)state;
	assert_int_equal(fg_msg_get_groups(data, put_groups(0, false), &got),
	    FG_ERR_FORMAT);
	assert_int_equal(fg_msg_get_groups(data, put_groups(0, true), &got), 0);
}

static void
a_need_without_a_name_is_refused(void **state)
{
	static struct fg_need m = { .what = FG_NEED_GROUPS, .count = 3 }, got;
	size_t len;

	(void)state;
	len = put_need_of(FG_NEED_GROUPS, 0);
	assert_int_equal(fg_msg_get_need(data, len, &got), FG_ERR_FORMAT);
	m.groups[0] = m.groups[2] = "staff";
	m.groups[1] = "";
	assert_int_equal(fg_msg_put_need(data, sizeof(data), &header, &m, &len),
	    0);
	assert_int_equal(fg_msg_get_need(data, len, &got), FG_ERR_FORMAT);
	assert_int_equal(got.count, 0);
	assert_null(got.groups[0]);
}

static void
a_boolean_is_zero_or_one(void **state)
{
	static struct fg_groups got;
	size_t len = put_groups(0, true);

	(void)state;
	assert_int_equal(fg_msg_get_groups(data, len, &got), 0);
	data[FG_HEADER_SIZE] = 2;
	assert_int_equal(fg_msg_get_groups(data, len, &got), FG_ERR_FORMAT);
	len = put_groups(3, false);
	for (unsigned int v = 2; v <= UINT8_MAX; v++) {
		data[len - 1] = (uint8_t)v;
		assert_int_equal(fg_msg_get_groups(data, len, &got),
		    FG_ERR_FORMAT);
		assert_int_equal(got.count, 0);
		assert_false(got.member[0]);
	}
}

static void
too_many_groups_are_refused_on_both_sides(void **state)
{
	static struct fg_groups m = { .count = FG_NEED_GROUPS_MAX + 1 };
	static struct fg_need need = { .count = FG_NEED_GROUPS_MAX + 1 };
	size_t len = FG_HEADER_SIZE + 3;

	(void)state;
	assert_int_equal(fg_msg_put_groups(data, sizeof(data), &header, &m,
			     &len),
	    FG_ERR_LIMIT);
	assert_int_equal(len, 0);
	assert_int_equal(fg_msg_put_need(data, sizeof(data), &header, &need,
			     &len),
	    FG_ERR_LIMIT);
	assert_int_equal(len, 0);
	len = put_groups(3, false);
	data[FG_HEADER_SIZE + 1] = (FG_NEED_GROUPS_MAX + 1) >> 8;
	data[FG_HEADER_SIZE + 2] = (FG_NEED_GROUPS_MAX + 1) & 0xff;
	assert_int_equal(fg_msg_get_groups(data, len, &m), FG_ERR_LIMIT);
	len = put_need(FG_NEED_GROUPS);
	data[FG_HEADER_SIZE + 4] = (FG_NEED_GROUPS_MAX + 1) >> 8;
	data[FG_HEADER_SIZE + 5] = (FG_NEED_GROUPS_MAX + 1) & 0xff;
	assert_int_equal(fg_msg_get_need(data, len, &need), FG_ERR_LIMIT);
	assert_int_equal(need.count, 0);
}

/* What the configuration is held to is exactly what the message holds. */
static void
names_fill_a_datagram_and_no_more(void **state)
{
	static struct fg_need m = { .what = FG_NEED_GROUPS }, got;
	char name[FG_GROUP_MAX + 1], last[FG_GROUP_MAX + 1];
	size_t len, room = FG_NEED_ROOM;

	(void)state;
	memset(name, 'g', FG_GROUP_MAX);
	name[FG_GROUP_MAX] = '\0';
	memcpy(last, name, sizeof(last));
	for (; room >= FG_GROUP_MAX + FG_NEED_GROUP_EXTRA; m.count++) {
		m.groups[m.count] = name;
		room -= FG_GROUP_MAX + FG_NEED_GROUP_EXTRA;
	}
	assert_true(room > FG_NEED_GROUP_EXTRA);
	last[room - FG_NEED_GROUP_EXTRA] = '\0';
	m.groups[m.count++] = last;
	assert_int_equal(fg_msg_put_need(data, sizeof(data), &header, &m, &len),
	    0);
	assert_int_equal(len, FG_MSG_MAX);
	assert_int_equal(fg_msg_get_need(data, len, &got), 0);
	assert_int_equal(got.count, m.count);
	assert_string_equal(got.groups[m.count - 1], last);
	last[room - FG_NEED_GROUP_EXTRA] = 'g';
	last[room - FG_NEED_GROUP_EXTRA + 1] = '\0';
	assert_int_equal(fg_msg_put_need(data, sizeof(data), &header, &m, &len),
	    FG_ERR_LIMIT);
	assert_int_equal(len, 0);
}

static void
a_fail_without_a_known_why_is_refused(void **state)
{
	struct fg_fail_msg m;

	(void)state;
	for (unsigned int v = 0; v <= UINT8_MAX; v++)
		assert_int_equal(fg_msg_get_fail(data, put_fail((uint8_t)v),
				     &m),
		    v >= 1 && v <= FG_FAIL_OTHER_NAME ? 0 : FG_ERR_FORMAT);
}

static void
a_broken_report_is_not_a_success(void **state)
{
	struct fg_report m = { 0, NULL };
	size_t len = put_report(0, "{}");

	(void)state;
	assert_int_equal(fg_msg_get_report(data, len - 1, &m), FG_ERR_SHORT);
	assert_int_not_equal(m.exit_status, 0);
	assert_string_equal(m.json, "");
}

static void
another_version_is_told_apart_and_can_be_answered(void **state)
{
	struct fg_header hdr;
	size_t len = put_login(&login);

	(void)state;
	data[4] = FG_VERSION + 1;
	assert_int_equal(fg_msg_get_header(data, len, &hdr), FG_ERR_VERSION);
	assert_int_equal(hdr.sequence, header.sequence);
	assert_memory_equal(hdr.id, header.id, sizeof(hdr.id));
	/* Without the magic it is no version of ours. */
	data[0] ^= 1;
	assert_int_equal(fg_msg_get_header(data, len, &hdr), FG_ERR_FORMAT);
	assert_int_equal(hdr.sequence, 0);
}

static void
an_unknown_type_is_refused(void **state)
{
	struct fg_header hdr;
	size_t len = put_empty(FG_MSG_STATUS);

	(void)state;
	for (unsigned int t = 0; t <= UINT8_MAX; t++) {
		bool known = strcmp(fg_msg_type_name(t), "unknown") != 0 &&
		    t != FG_MSG_NONE;

		data[5] = (uint8_t)t;
		assert_int_equal(fg_msg_get_header(data, len, &hdr),
		    known ? 0 : FG_ERR_FORMAT);
	}
}

static void
a_string_over_its_limit_is_not_encoded(void **state)
{
	char s[FG_TEXT_MAX + 2];
	struct fg_login m = login;
	struct fg_verdict_msg v = { 1, 1, "A", "", "" };
	size_t len;

	(void)state;
	memset(s, 'a', sizeof(s));
	s[sizeof(s) - 1] = '\0';
	v.help = s;
	assert_int_equal(fg_msg_put_verdict(data, sizeof(data), &header, &v,
			     &len),
	    FG_ERR_LIMIT);
	s[FG_SERVICE_MAX + 1] = '\0';
	m.service = s;
	assert_int_equal(fg_msg_put_login(data, sizeof(data), &header, &m,
			     &len),
	    FG_ERR_LIMIT);
	assert_int_equal(len, 0);
}

static void
an_encoder_without_room_leaves_only_zeros(void **state)
{
	size_t full = put_login(&login), len;

	(void)state;
	for (size_t size = 0; size < full; size++) {
		memset(data, 0xaa, sizeof(data));
		assert_int_equal(fg_msg_put_login(data, size, &header, &login,
				     &len),
		    FG_ERR_LIMIT);
		assert_int_equal(len, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(data[i], 0);
		assert_int_equal(data[size], 0xaa);
	}
}

static void
bytes_behind_a_message_are_zero(void **state)
{
	size_t len;

	(void)state;
	memset(data, 0xaa, sizeof(data));
	len = put_verdict(FG_VERDICT_ALLOW, FG_VERDICT_ALLOW);
	for (size_t i = len; i < sizeof(data); i++)
		assert_int_equal(data[i], 0);
}

static void
a_close_comes_back_and_needs_a_reference(void **state)
{
	const struct fg_close m = { 4711, "7F3K-Q2MN" }, none = { 4711, "" };
	struct fg_close back;
	size_t len;

	(void)state;
	assert_int_equal(fg_msg_put_close(data, sizeof(data), &header, &m,
			     &len),
	    0);
	assert_int_equal(data[5], FG_MSG_CLOSE);
	assert_int_equal(fg_msg_get_close(data, len, &back), 0);
	assert_int_equal(back.pid, 4711);
	assert_string_equal(back.ref, "7F3K-Q2MN");
	assert_int_equal(fg_msg_get_close(data, len - 1, &back), FG_ERR_SHORT);
	assert_string_equal(back.ref, "");
	assert_int_equal(fg_msg_put_close(data, sizeof(data), &header, &none,
			     &len),
	    0);
	assert_int_equal(fg_msg_get_close(data, len, &back), FG_ERR_FORMAT);
}

/* The number of "number name" lines in PROTOCOL's table, each checked. */
static size_t
check_table(FILE *fp)
{
	char line[256], name[32], sender[32];
	unsigned int number;
	size_t found = 0;
	bool in_table = false;

	while (fgets(line, sizeof(line), fp) != NULL) {
		if (strncmp(line, "    number  name", 16) == 0)
			in_table = true;
		else if (in_table && line[0] == '\n')
			break;
		else if (in_table) {
			assert_int_equal(sscanf(line, " %u %31s %31s", &number,
					     name, sender),
			    3);
			assert_int_equal(strcasecmp(name,
					     fg_msg_type_name(number)),
			    0);
			found++;
		}
	}
	return found;
}

static void
protocol_lists_exactly_the_types_of_the_codec(void **state)
{
	FILE *fp = fopen("proto/PROTOCOL", "r");
	size_t known = 0;

	(void)state;
	assert_non_null(fp); /* run from the top of the source tree */
	for (unsigned int t = 1; t <= UINT8_MAX; t++)
		known += strcmp(fg_msg_type_name(t), "unknown") != 0;
	assert_int_equal(check_table(fp), known);
	(void)fclose(fp);
}

static void
the_enumeration_is_what_the_codec_names(void **state)
{
	FILE *fp = fopen("proto/msg.h", "r");
	char line[256], name[32];
	unsigned int number;
	size_t found = 0, known = 1;

	(void)state;
	assert_non_null(fp);
	while (fgets(line, sizeof(line), fp) != NULL) {
		if (sscanf(line, " FG_MSG_%31[A-Z] = %u", name, &number) != 2)
			continue;
		assert_int_equal(strcasecmp(name, fg_msg_type_name(number)), 0);
		found++;
	}
	(void)fclose(fp);
	for (unsigned int t = 1; t <= UINT8_MAX; t++)
		known += strcmp(fg_msg_type_name(t), "unknown") != 0;
	assert_int_equal(found, known);
}

static void
names_of_strangers_are_unknown(void **state)
{
	(void)state;
	assert_string_equal(fg_phase_name(FG_PHASE_ACCOUNT), "account");
	assert_string_equal(fg_phase_name(FG_PHASE_SESSION), "session");
	assert_string_equal(fg_phase_name(FG_PHASE_AUTH + 1), "unknown");
	assert_string_equal(fg_verdict_name(FG_VERDICT_DENY), "deny");
	assert_string_equal(fg_verdict_name(UINT32_MAX), "unknown");
	assert_string_equal(fg_msg_type_name(9), "unknown");
	assert_string_equal(fg_msg_type_name(UINT32_MAX), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_header_is_laid_out_as_documented),
		TEST(the_header_is_read_back),
		TEST(a_login_with_any_strings_comes_back),
		TEST(a_verdict_with_any_strings_comes_back),
		TEST(names_come_back_up_to_their_number),
		TEST(groups_come_back_up_to_their_number),
		TEST(a_report_of_the_greatest_length_comes_back),
		TEST(a_command_of_the_greatest_length_comes_back),
		TEST(a_refused_command_leaves_no_text_behind),
		TEST(data_of_any_bytes_and_length_come_back),
		TEST(refused_data_leave_no_bytes_behind),
		TEST(small_messages_come_back),
		TEST(a_message_cut_at_any_byte_is_refused),
		TEST(a_body_cut_at_any_byte_is_refused),
		TEST(a_byte_too_many_is_refused),
		TEST(a_flipped_bit_never_crashes_or_changes_the_frame),
		TEST(a_verdict_out_of_range_is_refused),
		TEST(a_refused_verdict_leaves_no_allow_behind),
		TEST(a_phase_out_of_range_is_refused),
		TEST(an_unknown_flag_is_refused),
		TEST(
		    a_nameless_user_has_to_be_marked_and_a_marked_one_nameless),
		TEST(a_failed_look_up_carries_no_groups),
		TEST(an_answer_about_no_group_has_to_be_a_failure),
		TEST(a_need_without_a_name_is_refused),
		TEST(a_boolean_is_zero_or_one),
		TEST(too_many_groups_are_refused_on_both_sides),
		TEST(names_fill_a_datagram_and_no_more),
		TEST(a_fail_without_a_known_why_is_refused),
		TEST(a_broken_report_is_not_a_success),
		TEST(another_version_is_told_apart_and_can_be_answered),
		TEST(an_unknown_type_is_refused),
		TEST(a_string_over_its_limit_is_not_encoded),
		TEST(an_encoder_without_room_leaves_only_zeros),
		TEST(bytes_behind_a_message_are_zero),
		TEST(a_close_comes_back_and_needs_a_reference),
		TEST(protocol_lists_exactly_the_types_of_the_codec),
		TEST(the_enumeration_is_what_the_codec_names),
		TEST(names_of_strangers_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
