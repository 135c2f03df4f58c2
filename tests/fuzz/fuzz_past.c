/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as lines of sshd's log, of the journal and of the audit log. What
 * is found is whole, and what is not says why.
 *
 * With clang -fsanitize=fuzzer this is a libFuzzer target. With
 * -DFUZZ_STANDALONE it is a program of its own:
 *	fuzz_past -s DIR	write seeds into DIR
 *	fuzz_past -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_past FILE ...	replay files
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/past/member.h"
#include "ctl/past/past_parts.h"

#define FUZZ_MAX (128u * 1024u)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Terminated, and none of it from before the line. */
static void
check_text(const char *text, size_t size)
{
	if (strnlen(text, size) == size)
		abort();
}

static void
check_login(enum past_found found, const struct past_login *login,
    const char *why)
{
	switch (found) {
	case PAST_NOTHING:
		return;
	case PAST_BAD:
		if (why == NULL || why[0] == '\0')
			abort();
		return;
	case PAST_LOGIN:
		break;
	}
	if (login->event == PAST_NONE || login->times == 0 ||
	    login->times > 1000000 ||
	    (login->event == PAST_ACCEPTED && login->user[0] == '\0' &&
		login->record == NULL))
		abort();
	check_text(login->user, sizeof(login->user));
	check_text(login->from, sizeof(login->from));
	check_text(login->service, sizeof(login->service));
	check_text(login->method, sizeof(login->method));
	check_text(login->key, sizeof(login->key));
	if (login->key[0] != '\0' && login->record == NULL &&
	    strlen(login->key) != sizeof("SHA256:") - 1 + 43)
		abort();
}

static void
take_line(const char *text, size_t len, struct stamp *stamp)
{
	struct past_login login;
	enum past_found found;
	const char *why = NULL;

	past_sshd_pass(text, len, stamp);
	past_clear(&login);
	found = past_sshd_line(text, len, stamp, &login, &why);
	check_login(found, &login, why);
	why = NULL;
	past_clear(&login);
	found = past_journal_line(text, len, &login, &why);
	check_login(found, &login, why);
	why = NULL;
	past_clear(&login);
	found = past_audit_line(text, len, &login, &why);
	check_login(found, &login, why);
}

/* Each value once, however it is asked for. */
static void
take_json(const char *text, size_t len)
{
	struct member m;
	char buf[16];
	int64_t v;

	member_init(&m, text, len);
	if (!member_object(&m))
		return;
	for (unsigned int i = 0; member_next(&m); i++) {
		if (m.key < text || m.key + m.key_len > text + len)
			abort();
		switch (i % 4) {
		case 0:
			if (!member_text(&m, buf, sizeof(buf)) &&
			    buf[0] != '\0')
				abort();
			break;
		case 1:
			(void)member_int(&m, &v);
			break;
		case 2:
			if (member_array(&m))
				while (member_item(&m))
					member_skip(&m);
			break;
		default:
			(void)member_true(&m);
			break;
		}
		if (m.at > text + len)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy, *at, *end;
	struct stamp stamp;

	if (size == 0 || size > FUZZ_MAX || (copy = malloc(size)) == NULL)
		return 0;
	memcpy(copy, data, size);
	stamp_init(&stamp);
	stamp_from(&stamp, 1772353800);
	for (at = copy; at < copy + size; at = end + 1) {
		end = memchr(at, '\n', (size_t)(copy + size - at));
		if (end == NULL)
			end = copy + size;
		take_line(at, (size_t)(end - at), &stamp);
		take_json(at, (size_t)(end - at));
	}
	(void)past_csv_is(copy, size);
	free(copy);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_past"
#include "tests/fuzz/standalone.h"

#define KEY   "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM"
#define HEX16 "0123456789abcdef"

static const char *const seeds[] = {
	"Mar  1 08:30:00 jump sshd[12]: Accepted publickey for alice from "
	"192.0.2.7 port 50000 ssh2: ED25519 " KEY "\n"
	"Dec 31 23:59:59 jump sshd-session[13]: Failed password for invalid "
	"user a b from 2001:db8::7 port 1 ssh2\n",
	"2026-03-01T08:30:00.123456+01:00 jump sshd[12]: message repeated 3 "
	"times: [ Failed password for root from pc.example.com port 22 "
	"ssh2]\n",
	"<38>2026 Mar  1 08:30:00 jump sshd-auth[7]: pam_unix(sshd:session): "
	"session closed for user alice\n",
	"{\"__REALTIME_TIMESTAMP\":\"1772353800123456\",\"_UID\":\"0\","
	"\"_PID\":\"77\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":"
	"\"Accepted publickey for \\u00e6\\ud83d\\ude00 from ::1 port 5 "
	"ssh2\"}\n",
	"{ \"MESSAGE\" : [65,99,99,101,112,116,101,100,32], \"_COMM\" : "
	"\"sshd\", \"x\" : {\"y\":[null,true,-1.5e3,{}]} }\n",
	"{\"v\":1,\"seq\":7,\"ts\":\"2026-03-01T08:30:00.000000Z\",\"event\":"
	"\"decision\",\"ref\":\"7F3K-Q2MN\",\"phase\":\"account\",\"verdict\":"
	"\"allow\",\"user\":\"alice\",\"service\":\"sshd\",\"origin\":{"
	"\"address\":\"192.0.2.7\"},\"peer\":{\"pid\":77},\"prev\":\"" HEX16
	    HEX16 HEX16 HEX16 "\",\"hash\":\"" HEX16 HEX16 HEX16 HEX16 "\"}\n",
	"time,user,address,service\n1772353800,alice,192.0.2.7,sshd\n",
};

/* What readers trip over, put in at random places. */
static const char *const pieces[] = { " from ", " port 22 ssh2",
	"ssh2: ", "invalid user ", "Accepted ", "Failed ",
	"message repeated 2 times: [ ", "]", "sshd[1]: ", "\n",
	"Jan  1 00:00:00 ", "Feb 29 ", "\\u0000", "\\ud800", "\\", "\"", "{",
	"}", "[", "]", ":", ",", "null", "-", "99999999999999999999", "\xff",
	"\x1b[2J", "SHA256:", "-- " };

#define SEEDS  (sizeof(seeds) / sizeof(seeds[0]))
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static int
write_seeds(const char *dir)
{
	return write_texts(dir, "past", seeds, SEEDS);
}

static size_t
mutate(uint8_t *buf)
{
	return mutate_text(buf, seeds, SEEDS, pieces, PIECES);
}

int
main(int argc, char **argv)
{
	return standalone(argc, argv);
}

#endif
