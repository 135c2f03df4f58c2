/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins out of logs of each kind, in every form that there is of them, and out
 * of what strangers have written there.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <utmpx.h>

#include <cmocka.h>
#include <zlib.h>
#include <zstd.h>

#include "ctl/past/past.h"
#include "policyd/text.h"
#include "proto/result.h"

#define KEY "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM"

static char path[64];
static char seen[65536];
static struct past_bad bad;

static int
make_file(void **state)
{
	int fd;

	(void)state;
	(void)text_format(path, sizeof(path), "/tmp/test_past.XXXXXX");
	fd = mkstemp(path);
	return fd < 0 || close(fd) != 0 ? -1 : 0;
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void
put(const void *data, size_t len)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(data, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
}

static void
put_text(const char *text)
{
	put(text, strlen(text));
}

/* When the file was written last. */
static void
written(time_t at_s)
{
	const struct timespec times[2] = { { at_s, 0 }, { at_s, 0 } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
add_seen(const struct past_login *login)
{
	static const char *const events[] = { "none", "in", "failed", "out",
		"open" };
	size_t len = strlen(seen);

	assert_true(sizeof(seen) - len > 1024);
	len += (size_t)snprintf(seen + len, sizeof(seen) - len,
	    "%s %lld %s from %s", events[login->event], (long long)login->at_s,
	    login->user, login->from);
	if (login->service[0] != '\0')
		len += (size_t)snprintf(seen + len, sizeof(seen) - len, " %s",
		    login->service);
	if (login->times > 1)
		len += (size_t)snprintf(seen + len, sizeof(seen) - len, " x%u",
		    login->times);
	if (login->invalid_user)
		len += (size_t)snprintf(seen + len, sizeof(seen) - len, " !");
	(void)snprintf(seen + len, sizeof(seen) - len, "\n");
}

/* All of the file, as lines; .bad stays. */
static const char *
read_as(enum past_format format, enum past_format *ret_format)
{
	char why[PAST_WHY_SIZE];
	struct past_login login;
	struct past *past;
	int r;

	seen[0] = '\0';
	if ((r = past_open(path, format, false, &past, why)) != 0) {
		(void)snprintf(seen, sizeof(seen), "%s", why);
		assert_null(past);
		return seen;
	}
	while ((r = past_next(past, &login, why)) == 0) {
		assert_string_equal(login.file, path);
		assert_true(login.line > 0);
		add_seen(&login);
	}
	if (r != FG_ERR_NOT_FOUND)
		(void)snprintf(seen + strlen(seen), 600, "error %s\n", why);
	bad = *past_bad(past);
	if (ret_format != NULL)
		*ret_format = past_format(past);
	past_free(past);
	return seen;
}

static const char *
read_all(void)
{
	return read_as(PAST_ANY, NULL);
}

/* The one login of the file, with all that it has. */
static void
read_one(struct past_login *ret_login)
{
	char why[PAST_WHY_SIZE];
	struct past *past;

	assert_int_equal(past_open(path, PAST_ANY, false, &past, why), 0);
	assert_int_equal(past_next(past, ret_login, why), 0);
	past_free(past);
}

/* ---- sshd's lines ------------------------------------------------------ */

static void
test_rfc3339(void **state)
{
	(void)state;
	put_text("2026-03-01T08:30:00.123456+01:00 jump sshd[12]: Accepted "
		 "publickey for alice from 192.0.2.7 port 50000 ssh2: ED25519 "
		 "" KEY "\n"
		 "2026-03-01T08:30:01Z jump sshd-session[13]: Accepted "
		 "password for bob from 2001:db8::7 port 1 ssh2\n"
		 "2026-03-01T08:30:02+0100 jump sshd[14]: Failed password for "
		 "bob from pc.example.com port 2 ssh2\n"
		 "2026-03-01T08:31:59-05:30 jump sshd[14]: Failed none for "
		 "invalid user x y from 192.0.2.8 port 2 ssh2\n");
	assert_string_equal(read_all(),
	    "in 1772350200 alice from 192.0.2.7 sshd\n"
	    "in 1772353801 bob from 2001:db8::7 sshd\n"
	    "failed 1772350202 bob from pc.example.com sshd\n"
	    "failed 1772373719 x y from 192.0.2.8 sshd !\n");
	assert_int_equal(bad.count, 0);
}

static void
test_all_of_a_login(void **state)
{
	struct past_login login;

	(void)state;
	put_text("2026-03-01T08:30:00Z jump sshd[12]: Accepted publickey for "
		 "alice from 2001:db8::7 port 50000 ssh2: ED25519-CERT " KEY
		 " ID alice (serial 0) CA ED25519 SHA256:x\n");
	read_one(&login);
	assert_string_equal(login.key, KEY);
	assert_string_equal(login.method, "publickey");
	assert_int_equal(login.pid, 12);
	assert_int_equal(login.line, 1);
	assert_true(login.has_addr);
	assert_false(addr_is_v4(&login.addr));
	assert_null(login.record);
}

/* Of an older sshd, and one that is cut: nobody's key is guessed. */
static void
test_keys_that_are_none(void **state)
{
	static const char *const tails[] = { "", ":", ": ED25519",
		": ED25519 SHA256:short", ": RSA-CERT ID " KEY " (serial 0)",
		": ED25519 SHA256:Kc5bMZ0*4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM",
		": RSA MD5:00:11" };
	struct past_login login;
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		(void)text_format(text, sizeof(text),
		    "2026-03-01T08:30:00Z j sshd[12]: Accepted publickey for "
		    "alice from 192.0.2.7 port 5 ssh2%s\n",
		    tails[i]);
		put_text(text);
		read_one(&login);
		assert_string_equal(login.key, "");
		assert_string_equal(login.user, "alice");
	}
}

static void
test_without_year(void **state)
{
	(void)state;
	put_text("Feb 28 23:59:59 jump sshd[1]: Accepted password for a from "
		 "192.0.2.7 port 5 ssh2\n"
		 "Mar  1 08:30:00 jump sshd[1]: Accepted password for b from "
		 "192.0.2.7 port 5 ssh2\n"
		 "Mar 1 08:30:01.25 jump sshd[1]: Accepted password for c from "
		 "192.0.2.7 port 5 ssh2\n");
	written(1772500000); /* 2026-03-03 */
	assert_string_equal(read_all(),
	    "in 1772323199 a from 192.0.2.7 sshd\n"
	    "in 1772353800 b from 192.0.2.7 sshd\n"
	    "in 1772353801 c from 192.0.2.7 sshd\n");
	written(1772500000 - 86400 * 3); /* before them: a year earlier */
	assert_string_equal(read_all(),
	    "in 1740787199 a from 192.0.2.7 sshd\n"
	    "in 1740817800 b from 192.0.2.7 sshd\n"
	    "in 1740817801 c from 192.0.2.7 sshd\n");
}

/* Backwards from the last line: twice from a January to a December. */
static void
test_years_turn(void **state)
{
	(void)state;
	put_text("Dec 31 23:59:58 jump sshd[1]: Accepted password for a from "
		 "192.0.2.7 port 5 ssh2\n"
		 "Jan  1 00:00:01 jump CRON[2]: (root) CMD (x)\n"
		 "Dec 31 23:59:59 jump sshd[1]: Accepted password for b from "
		 "192.0.2.7 port 5 ssh2\n"
		 "Jan  1 00:00:02 jump sshd[1]: Accepted password for c from "
		 "192.0.2.7 port 5 ssh2\n"
		 "Jul  1 00:00:00 jump CRON[2]: (root) CMD (x)\n"
		 "Dec 31 12:00:00 jump sshd[1]: Accepted password for d from "
		 "192.0.2.7 port 5 ssh2\n"
		 "Jan  1 00:00:00 jump sshd[1]: Accepted password for e from "
		 "192.0.2.7 port 5 ssh2\n"
		 "Jan  2 00:00:00 jump CRON[2]: (root) CMD (x)\n");
	written(1767400000); /* 2026-01-03 */
	assert_string_equal(read_all(),
	    "in 1735689598 a from 192.0.2.7 sshd\n"
	    "in 1735689599 b from 192.0.2.7 sshd\n"
	    "in 1735689602 c from 192.0.2.7 sshd\n"
	    "in 1767182400 d from 192.0.2.7 sshd\n"
	    "in 1767225600 e from 192.0.2.7 sshd\n");
	assert_int_equal(bad.count, 0);
}

static void
test_with_year(void **state)
{
	(void)state;
	put_text("Mar  1 2024 08:30:00 jump sshd[1]: Accepted password for a "
		 "from 192.0.2.7 port 5 ssh2\n"
		 "2025 Mar  1 08:30:00 jump sshd[1]: Accepted password for b "
		 "from 192.0.2.7 port 5 ssh2\n"
		 "<38>Mar  1 08:30:00 jump sshd[1]: Accepted password for c "
		 "from 192.0.2.7 port 5 ssh2\n");
	written(1772500000);
	assert_string_equal(read_all(),
	    "in 1709281800 a from 192.0.2.7 sshd\n"
	    "in 1740817800 b from 192.0.2.7 sshd\n"
	    "in 1772353800 c from 192.0.2.7 sshd\n");
}

/* By the clock of this machine, which is put forward and back. */
static void
test_zone(void **state)
{
	(void)state;
	put_text("Mar 29 01:59:59 j sshd[1]: Accepted password for a from "
		 "192.0.2.7 port 5 ssh2\n"
		 "Mar 29 03:00:00 j sshd[1]: Accepted password for b from "
		 "192.0.2.7 port 5 ssh2\n");
	written(1774800000);
	assert_int_equal(setenv("TZ", "Europe/Berlin", 1), 0);
	tzset();
	(void)read_all();
	assert_int_equal(setenv("TZ", "UTC", 1), 0);
	tzset();
	assert_string_equal(seen,
	    "in 1774745999 a from 192.0.2.7 sshd\n"
	    "in 1774746000 b from 192.0.2.7 sshd\n");
}

static void
test_repeated(void **state)
{
	(void)state;
	put_text("2026-03-01T08:30:00Z j sshd[1]: message repeated 3 times: [ "
		 "Failed password for root from 192.0.2.7 port 5 ssh2]\n"
		 "2026-03-01T08:30:00Z j sshd[1]: message repeated 2 times: [ "
		 "Accepted password for a from 192.0.2.7 port 5 ssh2]\n"
		 "2026-03-01T08:30:00Z j sshd[1]: message repeated 0 times: [ "
		 "Accepted password for a from 192.0.2.7 port 5 ssh2]\n"
		 "2026-03-01T08:30:00Z j sshd[1]: message repeated 5 times: [ "
		 "Connection closed by 192.0.2.7]\n");
	assert_string_equal(read_all(),
	    "failed 1772353800 root from 192.0.2.7 sshd x3\n"
	    "in 1772353800 a from 192.0.2.7 sshd x2\n");
}

static void
test_sessions_end(void **state)
{
	struct past_login login;

	(void)state;
	put_text("2026-03-01T08:30:00Z j sshd[77]: pam_unix(sshd:session): "
		 "session closed for user alice\n");
	read_one(&login);
	assert_int_equal(login.event, PAST_ENDED);
	assert_string_equal(login.user, "alice");
	assert_int_equal(login.pid, 77);
}

static void
test_fail_open(void **state)
{
	(void)state;
	put_text(
	    "2026-03-01T08:30:00Z j sshd[77]: pam_farmgate(sshd:account): "
	    "ref=MABCD-EFGH verdict=allow would=deny phase=account "
	    "user=alice service=sshd rhost=192.0.2.7 "
	    "reason=daemon_unreachable errno=111 fail_open=1\n"
	    "2026-03-01T08:30:00Z j sshd[77]: pam_farmgate(sshd:session): "
	    "ref=MABCD-EFGH verdict=allow would=deny phase=session "
	    "user=alice service=sshd rhost=192.0.2.7 reason=timeout "
	    "fail_open=1\n"
	    "2026-03-01T08:30:00Z j sshd[77]: pam_farmgate(sshd:account): "
	    "ref=7F3K-Q2MN verdict=deny would=deny phase=account "
	    "user=alice service=sshd rhost=192.0.2.7 reason=geo.country\n");
	assert_string_equal(read_all(), "open 1772353800 alice from  sshd\n");
}

/* What others have logged, and what sshd says of other things. */
static void
test_other_lines(void **state)
{
	(void)state;
	put_text("-- Boot 0123456789abcdef --\n"
		 "\n"
		 "2026-03-01T08:30:00Z j sudo: alice : TTY=pts/0 ; COMMAND=x\n"
		 "2026-03-01T08:30:00Z j evil[1]: sshd[2]: Accepted password "
		 "for a from 192.0.2.7 port 5 ssh2\n"
		 "2026-03-01T08:30:00Z j sshdx[1]: Accepted password for a "
		 "from 192.0.2.7 port 5 ssh2\n"
		 "2026-03-01T08:30:00Z j sshd[1]: Accepted key ED25519 x found "
		 "at /root/.ssh/authorized_keys:1\n"
		 "2026-03-01T08:30:00Z j sshd[1]: Failed to allocate display\n"
		 "2026-03-01T08:30:00Z j sshd[1]: Partial publickey for a from "
		 "192.0.2.7 port 5 ssh2\n"
		 "2026-03-01T08:30:00Z j sshd[1]: Invalid user a from "
		 "192.0.2.7 port 5\n"
		 "2026-03-01T08:30:00Z\n");
	assert_string_equal(read_all(), "");
	assert_int_equal(bad.count, 0);
}

/* A name with a line in it, and an id of a certificate: who wrote either does
 * not choose where the login came from. */
static void
test_names_like_lines(void **state)
{
	(void)state;
	put_text("2026-03-01T08:30:00Z j sshd[1]: Failed password for invalid "
		 "user root from 203.0.113.9 port 22 ssh2 from 192.0.2.7 port "
		 "5 ssh2\n"
		 "2026-03-01T08:30:00Z j sshd[1]: Accepted publickey for alice "
		 "from 192.0.2.7 port 5 ssh2: ED25519-CERT " KEY " ID x from "
		 "203.0.113.9 port 22 ssh2 (serial 0) CA ED25519 SHA256:x\n"
		 "2026-03-01T08:30:00Z j sshd[1]: Accepted password for a from "
		 "b from 192.0.2.7 port 5 ssh2\n"
		 "2026-03-01T08:30:00Z j sshd[1]: Failed password for invalid "
		 "user  from 192.0.2.7 port 5 ssh2\n");
	assert_string_equal(read_all(),
	    "failed 1772353800 root from 203.0.113.9 port 22 ssh2 from "
	    "192.0.2.7 sshd !\n"
	    "in 1772353800 alice from 192.0.2.7 sshd\n"
	    "in 1772353800 a from b from 192.0.2.7 sshd\n"
	    "failed 1772353800  from 192.0.2.7 sshd !\n");
}

static void
test_bad_lines_are_named(void **state)
{
	char line[1200];

	(void)state;
	(void)text_format(line, sizeof(line),
	    "2026-03-01T08:30:00Z j sshd[1]: Accepted password for %0300d "
	    "from 192.0.2.7 port 5 ssh2\n"
	    "rubbish\n"
	    "2026-03-01T08:30:00Z j sshd[1]: Accepted password for a\n"
	    "2026-03-01T08:30:00Z j sshd[1]: Accepted password for a from "
	    "192.0.2.7 port 99999 ssh2\n",
	    0);
	put_text(line);
	assert_string_equal(read_as(PAST_SSHD, NULL), "");
	assert_int_equal(bad.count, 4);
	assert_int_equal(bad.named, 3);
	assert_int_equal(bad.first[0].line, 1);
	assert_string_equal(bad.first[0].why, "no user has such a name");
	assert_int_equal(bad.first[1].line, 2);
	assert_string_equal(bad.first[1].why, "no time at its beginning");
	assert_string_equal(bad.first[2].why,
	    "sshd's line does not say from where");
}

/* The login is not lost, its time is. */
static void
test_times_that_are_none(void **state)
{
	(void)state;
	put_text("2026-02-29T08:30:00Z j sshd[1]: Accepted password for a from "
		 "192.0.2.7 port 5 ssh2\n"
		 "now j sshd[1]: Accepted password for b from 192.0.2.7 port 5 "
		 "ssh2\n"
		 "Feb 31 08:30:00 j sshd[1]: Accepted password for c from "
		 "192.0.2.7 port 5 ssh2\n"
		 "2026-03-01T08:30:0xZ j sshd[1]: Accepted password for d from "
		 "192.0.2.7 port 5 ssh2\n"
		 "2026-03-01T08:30:00 j sshd[1]: Accepted password for e from "
		 "192.0.2.7 port 5 ssh2\n");
	assert_string_equal(read_all(),
	    "in 0 a from 192.0.2.7 sshd\nin 0 b from 192.0.2.7 sshd\n"
	    "in 0 c from 192.0.2.7 sshd\nin 0 d from 192.0.2.7 sshd\n"
	    "in 0 e from 192.0.2.7 sshd\n");
}

static void
test_hostile_bytes(void **state)
{
	static const char begin[] =
	    "2026-03-01T08:30:00Z j sshd[1]: Accepted password for "
	    "a\0b from 192.0.2.7 port 5 ssh2\n"
	    "2026-03-01T08:30:00Z j sshd[1]: Accepted password for "
	    "\xff\x1b[2J from 192.0.2.7 port 5 ssh2\n";
	struct past_login login;

	(void)state;
	put(begin, sizeof(begin) - 1);
	assert_string_equal(read_all(),
	    "in 1772353800 \xff\x1b[2J from 192.0.2.7 sshd\n");
	assert_int_equal(bad.count, 1);
	put("2026-03-01T08:30:00Z j sshd[9", 29);
	assert_string_equal(read_all(), "");
	put_text("2026-03-01T08:30:00Z j sshd[99999999999999999999]: Accepted "
		 "password for a from 192.0.2.7 port 5 ssh2\n"
		 "2026-03-01T08:30:00Z j sshd[1]: Accepted password for a from "
		 "192.0.2.7 port 5 ssh2");
	read_one(&login); /* the last line needs no end */
	assert_int_equal(login.line, 2);
}

/* ---- compressed -------------------------------------------------------- */

static const char packed_text[] =
    "Mar  1 08:30:00 j sshd[1]: Accepted password for a from 192.0.2.7 port 5 "
    "ssh2\n";

static void
test_gzip(void **state)
{
	gzFile out = gzopen(path, "wb");

	(void)state;
	assert_non_null(out);
	assert_int_equal(gzwrite(out, packed_text, sizeof(packed_text) - 1),
	    sizeof(packed_text) - 1);
	assert_int_equal(gzclose(out), Z_OK);
	written(1772500000);
	assert_string_equal(read_all(),
	    "in 1772353800 a from 192.0.2.7 sshd\n");
}

static void
test_zstd(void **state)
{
	char packed[512];
	size_t len = ZSTD_compress(packed, sizeof(packed), packed_text,
	    sizeof(packed_text) - 1, 3);

	(void)state;
	assert_false(ZSTD_isError(len));
	put(packed, len);
	written(1772500000);
	assert_string_equal(read_all(),
	    "in 1772353800 a from 192.0.2.7 sshd\n");
	put(packed, len - 6);
	assert_non_null(strstr(read_all(), "damaged, or cut"));
}

/* ---- the journal ------------------------------------------------------- */

#define ENTRY(message, uid)                                              \
	"{\"__REALTIME_TIMESTAMP\":\"1772353800123456\",\"_UID\":\"" uid \
	"\",\"_PID\":\"77\",\"SYSLOG_IDENTIFIER\":\"sshd\","             \
	"\"MESSAGE\":" message "}\n"

static void
test_journal(void **state)
{
	enum past_format format;

	(void)state;
	put_text(ENTRY("\"Accepted publickey for alice from 192.0.2.7 port 5 "
		       "ssh2: ED25519 " KEY "\"",
	    "0") ENTRY("\"Failed password for invalid user "
		       "\\u00e6\\ud83d\\ude00\\\" from ::1 port 5 "
		       "ssh2\"",
	    "0") ENTRY("\"Server listening on 0.0.0.0\"", "0")
		ENTRY("\"pam_unix(sshd:session): session closed for user "
		      "alice\"",
		    "0") ENTRY("\"pam_farmgate(sshd:account): verdict=allow "
			       "phase=account user=bob fail_open=1\"",
		    "0"));
	assert_string_equal(read_as(PAST_ANY, &format),
	    "in 1772353800 alice from 192.0.2.7 sshd\n"
	    "failed 1772353800 \xc3\xa6\xf0\x9f\x98\x80\" from ::1 sshd !\n"
	    "out 1772353800 alice from  sshd\n"
	    "open 1772353800 bob from  sshd\n");
	assert_int_equal(format, PAST_JOURNAL);
	assert_int_equal(bad.count, 0);
}

/* Bytes that are no UTF-8 are a list; blanks and other members are fine. */
static void
test_journal_forms(void **state)
{
	char text[4096] = "{ \"SYSLOG_IDENTIFIER\" : \"sshd-session\", "
			  "\"X\" : {\"MESSAGE\":[1,{\"a\":null}]}, "
			  "\"__REALTIME_TIMESTAMP\" : \"1772353800123456\","
			  "\"MESSAGE\" : [";
	static const char message[] =
	    "Failed password for invalid user \xff from 192.0.2.7 port 5 ssh2";

	(void)state;
	for (size_t i = 0; message[i] != '\0'; i++)
		(void)snprintf(text + strlen(text), 8, "%s%d",
		    i == 0 ? "" : ",", (unsigned char)message[i]);
	(void)snprintf(text + strlen(text), 8, "]}\n");
	put_text(text);
	assert_string_equal(read_all(),
	    "failed 1772353800 \xff from 192.0.2.7 sshd !\n");
}

/* A string ends at the first quotation mark that is not escaped itself. */
static void
test_journal_escapes(void **state)
{
	static const char failed[] =
	    "Failed password for invalid user %s from ::1 port 5 ssh2";
	static const struct {
		const char *user, *is; /* NULL: the line is damaged */
	} list[] = {
		{ "a\\\\", "a\\" },
		{ "\\\\\\\"", "\\\"" },
		{ "\\\\\\\\", "\\\\" },
		{ "\\\",\\\"_UID\\\":\\\"7", "\",\"_UID\":\"7" },
		{ "\\u005cx\\/\\u0022", "\\x/\"" },
		{ "a\\x", NULL },
		{ "a\"", NULL },
		{ "a\\\\\"", NULL },
		{ "a\\u00e", NULL },
		{ "a\\u0000", NULL },
	};
	char text[512], line[1024], want[256];

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		(void)snprintf(text, sizeof(text), failed, list[i].user);
		(void)snprintf(line, sizeof(line), ENTRY("\"%s\"", "0"), text);
		put_text(line);
		(void)snprintf(want, sizeof(want),
		    "failed 1772353800 %s from ::1 sshd !\n",
		    list[i].is == NULL ? "" : list[i].is);
		assert_string_equal(read_all(), list[i].is == NULL ? "" : want);
		assert_int_equal(bad.count, list[i].is == NULL ? 1 : 0);
	}
}

/* logger -t sshd is anybody's. */
static void
test_journal_of_others(void **state)
{
	(void)state;
	put_text(ENTRY("\"Accepted password for root from 192.0.2.7 port 5 "
		       "ssh2\"",
	    "1000"));
	assert_string_equal(read_all(), "");
	assert_int_equal(bad.count, 1);
	assert_string_equal(bad.first[0].why,
	    "not root has said that, but who calls himself sshd");
	/* nor is it looked at, whoever else says it */
	put_text("{\"SYSLOG_IDENTIFIER\":\"su\" \"MESSAGE\":\"Failed x\"}");
	assert_string_equal(read_all(), "");
	assert_int_equal(bad.count, 0);
}

static void
test_journal_that_is_damaged(void **state)
{
	static const char *const lines[] = {
		"{\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":\"Accepted x",
		"{\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":\"Accepted x\"}}",
		"{\"SYSLOG_IDENTIFIER\":\"sshd\" \"MESSAGE\":\"Accepted x\"}",
		"{\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":null,\"x\":"
		"\"Failed "
		"\"}",
		"{\"MESSAGE\":[1,2,300],\"SYSLOG_IDENTIFIER\":\"sshd\"}",
		"{\"MESSAGE\":\"\\ud800 Failed \",\"SYSLOG_IDENTIFIER\":"
		"\"sshd\"}",
		"{\"MESSAGE\":\"\\u0000 Failed \",\"SYSLOG_IDENTIFIER\":"
		"\"sshd\"}",
		"Mar  1 08:30:00 no JSON",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		put_text(lines[i]);
		assert_string_equal(read_as(PAST_JOURNAL, NULL), "");
		assert_int_equal(bad.count, 1);
		assert_int_equal(bad.first[0].line, 1);
	}
}

/* ---- the audit log ----------------------------------------------------- */

#define HEX16 "0123456789abcdef"
#define END                                    \
	",\"prev\":\"" HEX16 HEX16 HEX16 HEX16 \
	"\",\"hash\":\"" HEX16 HEX16 HEX16 HEX16 "\"}\n"
#define RECORD(seq, members)                                               \
	"{\"v\":1,\"seq\":" seq ",\"ts\":\"2026-03-01T08:30:00.000000Z\"," \
	"\"event\":\"decision\"," members END

static void
test_audit(void **state)
{
	struct past_login login;
	enum past_format format;

	(void)state;
	put_text(RECORD("1",
	    "\"ref\":\"7F3K-Q2MN\",\"phase\":\"account\",\"verdict\":"
	    "\"allow\",\"user\":\"alice\",\"service\":\"sshd\",\"origin\":"
	    "{\"kind\":\"address\",\"address\":\"192.0.2.7\",\"rhost\":"
	    "\"pc.example.com\"},\"key\":{\"fingerprint\":\"" KEY
	    "\"},\"peer\":{\"pid\":77}") RECORD("2",
	    "\"phase\":\"auth\",\"verdict\":\"deny\",\"user\":null,"
	    "\"invalid_user\":true,\"service\":\"sshd\",\"origin\":"
	    "{\"address\":\"2001:db8::7\"}") RECORD("3",
	    "\"phase\":\"auth\",\"verdict\":\"allow\"") RECORD("4",
	    "\"phase\":\"session\",\"verdict\":\"deny\",\"user\":"
	    "\"deploy\"") RECORD("5",
	    "\"phase\":\"session\",\"verdict\":\"allow\"") "no record\n");
	assert_string_equal(read_as(PAST_ANY, &format),
	    "in 1772353800 alice from 192.0.2.7 sshd\n"
	    "failed 1772353800  from 2001:db8::7 sshd !\n"
	    "failed 1772353800 deploy from \n");
	assert_int_equal(format, PAST_AUDIT);
	assert_int_equal(bad.count, 1);
	assert_int_equal(bad.first[0].line, 6);
	read_one(&login);
	assert_string_equal(login.ref, "7F3K-Q2MN");
	assert_string_equal(login.key, KEY);
	assert_int_equal(login.pid, 77);
}

/* ---- wtmp -------------------------------------------------------------- */

static void
fill_record(struct utmpx *ut, short type, const char *line, const char *user,
    const char *host)
{
	memset(ut, 0, sizeof(*ut));
	ut->ut_type = type;
	ut->ut_pid = 77;
	ut->ut_tv.tv_sec = 1772353800;
	memcpy(ut->ut_line, line, strlen(line));
	memcpy(ut->ut_user, user, strlen(user));
	memcpy(ut->ut_host, host, strlen(host));
}

static void
test_wtmp(void **state)
{
	struct utmpx ut[6];
	enum past_format format;

	(void)state;
	fill_record(&ut[0], BOOT_TIME, "~", "reboot", "6.1");
	fill_record(&ut[1], USER_PROCESS, "pts/0", "alice", "192.0.2.7");
	fill_record(&ut[2], USER_PROCESS, "tty1", "bob", "");
	fill_record(&ut[3], USER_PROCESS, "pts/1", "alice", ":pts/0:S.0");
	fill_record(&ut[4], USER_PROCESS, "pts/1", "", "");
	fill_record(&ut[5], DEAD_PROCESS, "pts/0", "", "");
	put(ut, sizeof(ut) - 1);
	assert_string_equal(read_as(PAST_ANY, &format),
	    "in 1772353800 alice from 192.0.2.7 sshd\n"
	    "in 1772353800 bob from  login\n"
	    "in 1772353800 alice from :pts/0:S.0\n");
	assert_int_equal(format, PAST_WTMP);
	assert_int_equal(bad.count, 1);
	put(ut, sizeof(ut));
	assert_non_null(strstr(read_all(), "out 1772353800  from "));
}

/* ---- CSV --------------------------------------------------------------- */

static void
test_csv(void **state)
{
	enum past_format format;

	(void)state;
	put_text("2026-03-01T08:30:00Z,alice,192.0.2.7,sshd\n"
		 "1772353801,\"b,o\",::1,\n"
		 "\n"
		 "1772353802,carol,,login\r\n"
		 "yesterday,dave,192.0.2.7,sshd\n"
		 "1772353803,,192.0.2.7,sshd\n");
	assert_string_equal(read_as(PAST_ANY, &format),
	    "in 1772353800 alice from 192.0.2.7 sshd\n"
	    "in 1772353801 b,o from ::1 sshd\n"
	    "in 1772353802 carol from  login\n");
	assert_int_equal(format, PAST_CSV);
	assert_int_equal(bad.count, 2);
	assert_int_equal(bad.first[0].line, 5);
	assert_int_equal(bad.first[1].line, 6);
}

static void
test_csv_with_names(void **state)
{
	(void)state;
	put_text("Address;Note;User;Time\n"
		 "192.0.2.7;x;alice;2026-03-01T08:30:00Z\n");
	assert_string_equal(read_all(),
	    "in 1772353800 alice from 192.0.2.7 sshd\n");
	put_text("time,user,address,service\n");
	assert_string_equal(read_all(), "");
	assert_int_equal(bad.count, 0);
}

/* ---- which of them ----------------------------------------------------- */

/* As other syslogs write their lines. */
static void
test_tags(void **state)
{
	struct past_login login;

	(void)state;
	put_text("Mar  1 08:30:00 j auth.info sshd[12]: Accepted password for "
		 "a from 192.0.2.7 port 5 ssh2\n");
	read_one(&login);
	assert_string_equal(login.user, "a");
	assert_int_equal(login.pid, 12);
	put_text("2026-03-01T08:30:00Z j sshd: Accepted password for a from "
		 "192.0.2.7 port 5 ssh2\n");
	read_one(&login);
	assert_int_equal(login.pid, 0);
	put_text("2026-03-01T08:30:00Z j sshd-session[13]: Accepted password "
		 "for a from 192.0.2.7 port 5 ssh2\n");
	read_one(&login);
	assert_int_equal(login.pid, 13);
	put_text("2026-03-01T08:30:00Z j auth.info: sshd[12]: Accepted "
		 "password for a from 192.0.2.7 port 5 ssh2\n"
		 "2026-03-01T08:30:00Z j my.app sudo: sshd[12]: Accepted "
		 "password for a from 192.0.2.7 port 5 ssh2\n"
		 "2026-03-01T08:30:00Z j sshd[12: Accepted password for a "
		 "from 192.0.2.7 port 5 ssh2\n"
		 "2026-03-01T08:30:00Z j sshdx[12]: Accepted password for a "
		 "from 192.0.2.7 port 5 ssh2\n"
		 "2026-03-01T08:30:00Z j sshd");
	assert_string_equal(read_all(), "");
}

static void
test_unknown_files(void **state)
{
	char why[PAST_WHY_SIZE];
	struct past *past;

	(void)state;
	put_text("");
	assert_string_equal(read_all(), "");
	put_text("\x7f"
		 "ELF\n");
	assert_non_null(strstr(read_all(), "json, wtmp, nor CSV"));
	put_text("user,name\nalice,Alice\n");
	assert_non_null(strstr(read_all(), "json, wtmp, nor CSV"));
	assert_non_null(strstr(read_as(PAST_CSV, NULL), "time,user,address"));
	assert_int_equal(past_open("/tmp", PAST_ANY, false, &past, why),
	    FG_ERR_SYSTEM);
	assert_non_null(strstr(why, "/tmp: "));
	assert_int_equal(past_open("/nonexistent/x", PAST_ANY, false, &past,
			     why),
	    FG_ERR_SYSTEM);
	assert_non_null(strstr(why, "/nonexistent/x: No such file"));
	assert_int_equal(past_format_by_name("sshd"), PAST_SSHD);
	assert_int_equal(past_format_by_name(""), PAST_ANY);
}

static void
test_links_are_followed(void **state)
{
	char name[80];
	struct past *past;
	char why[PAST_WHY_SIZE];

	(void)state;
	put_text(packed_text);
	(void)text_format(name, sizeof(name), "%s.link", path);
	assert_int_equal(symlink(path, name), 0);
	assert_int_equal(past_open(name, PAST_ANY, false, &past, why), 0);
	past_free(past);
	assert_int_equal(unlink(name), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc3339),
		cmocka_unit_test(test_all_of_a_login),
		cmocka_unit_test(test_keys_that_are_none),
		cmocka_unit_test(test_without_year),
		cmocka_unit_test(test_years_turn),
		cmocka_unit_test(test_with_year),
		cmocka_unit_test(test_zone),
		cmocka_unit_test(test_repeated),
		cmocka_unit_test(test_sessions_end),
		cmocka_unit_test(test_fail_open),
		cmocka_unit_test(test_other_lines),
		cmocka_unit_test(test_names_like_lines),
		cmocka_unit_test(test_bad_lines_are_named),
		cmocka_unit_test(test_times_that_are_none),
		cmocka_unit_test(test_hostile_bytes),
		cmocka_unit_test(test_gzip),
		cmocka_unit_test(test_zstd),
		cmocka_unit_test(test_journal),
		cmocka_unit_test(test_journal_forms),
		cmocka_unit_test(test_journal_escapes),
		cmocka_unit_test(test_journal_of_others),
		cmocka_unit_test(test_journal_that_is_damaged),
		cmocka_unit_test(test_audit),
		cmocka_unit_test(test_wtmp),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_csv_with_names),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_unknown_files),
		cmocka_unit_test(test_links_are_followed),
	};

	(void)setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, make_file, remove_file);
}
