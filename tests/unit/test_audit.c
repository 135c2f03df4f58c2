/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit log as a file: its chain, what a crash, a full disk, a second
 * writer and an intruder do to it. conf/audit-verify.py, which shares no
 * code with it, has to agree.
 */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "policyd/audit/audit_chain.h"
#include "policyd/crypto.h"
#include "proto/result.h"
#include "tests/unit/auditing.h"

static void
test_first_record_follows_64_zeros(void **state)
{
	struct audit *audit = opened();
	struct json *line;
	struct stat st;

	(void)state;
	assert_int_equal(audit_sequence(audit), 0);
	assert_int_equal(write_note(audit, "x"), 0);
	line = line_at(0);
	assert_string_equal(json_get_string(line, "prev", ""),
	    "00000000000000000000000000000000"
	    "00000000000000000000000000000000");
	assert_string_equal(json_get_string(line, "hash", ""),
	    audit_head(audit));
	assert_int_equal(json_get_int(line, "seq", 0), 1);
	assert_int_equal(json_get_int(line, "v", 0), AUDIT_SCHEMA);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	json_free(line);
	audit_free(audit);
}

/* The bytes that other programs were written against. */
static void
test_golden_file_is_written_byte_for_byte(void **state)
{
	struct audit *audit = opened();
	struct json *record;
	char *got, *want;
	size_t n, m;

	(void)state;
	record = audit_record(audit, AUDIT_START, AT);
	json_set_string(record, "version", "0.1.0");
	assert_int_equal(audit_write(audit, record, true), 0);
	record = audit_record(audit, AUDIT_DECISION, AT + SECOND);
	json_set_string(record, "ref", "7F3K-Q2MN");
	json_set_untrusted(record, "user", "x\n\x1b\xff");
	assert_int_equal(audit_write(audit, record, false), 0);
	record = audit_record(audit, AUDIT_STOP, AT - 3600 * SECOND);
	assert_int_equal(audit_write(audit, record, true), 0);
	got = slurp(path, &n);
	want = slurp("tests/golden/audit_chain.jsonl", &m);
	assert_string_equal(got, want);
	assert_verified(audit);
	free(got);
	free(want);
	audit_free(audit);
}

static void
test_reopened_file_continues_its_chain(void **state)
{
	struct audit *audit;

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		audit = opened();
		assert_int_equal(audit_sequence(audit), 3 * i);
		for (int j = 0; j < 3; j++)
			assert_int_equal(write_note(audit, "x"), 0);
		assert_verified(audit);
		audit_free(audit);
	}
}

static int
write_filled(struct audit *audit, size_t fill)
{
	struct json *record = audit_record(audit, AUDIT_START, AT);
	char *text = malloc(fill + 1);

	assert_non_null(text);
	memset(text, 'x', fill);
	text[fill] = '\0';
	json_set_string(record, "fill", text);
	free(text);
	return audit_write(audit, record, false);
}

static void
test_longest_record_is_taken_up_again(void **state)
{
	struct audit *audit = opened();
	size_t fill = AUDIT_LINE_MAX;
	struct stat st;

	(void)state;
	while (write_filled(audit, fill) == FG_ERR_LIMIT)
		fill--;
	assert_int_equal(audit_sequence(audit), 1);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, AUDIT_LINE_MAX);
	audit_free(audit);
	audit = opened();
	assert_int_equal(audit_sequence(audit), 1);
	assert_int_equal(write_filled(audit, fill), 0);
	audit_free(audit);
	audit = opened();
	assert_int_equal(audit_sequence(audit), 2);
	assert_verified(audit);
	audit_free(audit);
}

static void
test_record_over_the_limit_leaves_the_chain_alone(void **state)
{
	struct audit *audit = opened();

	(void)state;
	assert_int_equal(write_note(audit, "before"), 0);
	assert_int_equal(write_filled(audit, 10 * AUDIT_LINE_MAX),
	    FG_ERR_LIMIT);
	assert_int_equal(audit_write(audit, NULL, true), FG_ERR_NOMEM);
	assert_int_equal(write_note(audit, "after"), 0);
	assert_int_equal(audit_sequence(audit), 2);
	assert_verified(audit);
	audit_free(audit);
}

static const char *const hostile[] = {
	"x\nnov 23 sshd: Accepted publickey for root from 192.0.2.1",
	("\",\"hash\":\"00000000000000000000000000000000000000000000000000"
	 "00000000000000\"}\n{\"v\":1,\"seq\":99}"),
	"\xe2\x80\xae\xe2\x80\xa8\xef\xbb\xbf",
	"\xff\xfe\xc0\x80",
	"\x1b[2J\x7f\r",
};

#define HOSTILE (sizeof(hostile) / sizeof(hostile[0]))

/* Write the hostile chain and give its bytes. */
static char *
hostile_chain(size_t *ret_len)
{
	struct audit *audit = opened();

	for (size_t i = 0; i < HOSTILE; i++)
		assert_int_equal(write_note(audit, hostile[i]), 0);
	assert_verified(audit);
	audit_free(audit);
	return slurp(path, ret_len);
}

/* Where line n starts. */
static char *
line_in(char *data, size_t n)
{
	while (n-- > 0)
		data = strchr(data, '\n') + 1;
	return data;
}

/* AUD-09 */
static void
test_other_verifier_agrees_on_hostile_records(void **state)
{
	size_t len, lines = 0;
	char *data = hostile_chain(&len);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		lines += data[i] == '\n';
		assert_true(data[i] == '\n' ||
		    (data[i] >= 0x20 && data[i] < 0x7f));
	}
	assert_int_equal(lines, HOSTILE);
	for (size_t i = 0; i < HOSTILE; i++) {
		char *line = line_in(data, i);

		assert_true(audit_line_intact(line, strcspn(line, "\n")));
	}
	free(data);
}

static void
test_changed_byte_is_found_wherever_it_is(void **state)
{
	size_t len, n;
	char *data = hostile_chain(&len), *line = line_in(data, 2);

	(void)state;
	n = strcspn(line, "\n");
	for (size_t i = 0; i < n; i++) {
		line[i] ^= 1;
		assert_false(audit_line_intact(line, n));
		line[i] ^= 1;
	}
	for (size_t i = 0; i < n; i++)
		assert_false(audit_line_intact(line, i));
	assert_true(audit_line_intact(line, n));
	free(data);
}

/* AUD-02, as far as a chain without anchors reaches. */
static void
test_edit_delete_swap_and_insert_are_detected(void **state)
{
	size_t len, n1, n2;
	char *data = hostile_chain(&len), *copy, *one, *two;

	(void)state;
	assert_non_null(copy = malloc(2 * len));

	memcpy(copy, data, len);
	*strstr(line_in(copy, 1), "start") = 'S';
	spill(path, copy, len);
	assert_string_equal(verified(), "line 2: its hash is wrong");

	one = line_in(data, 1);
	two = line_in(data, 2);
	n1 = (size_t)(two - one);
	n2 = (size_t)(line_in(data, 3) - two);
	memcpy(copy, data, (size_t)(one - data));
	memcpy(copy + (one - data), two, len - (size_t)(two - data));
	spill(path, copy, len - n1);
	assert_string_equal(verified(),
	    "line 2: does not follow the line before");

	memcpy(copy, data, len);
	memcpy(copy + (one - data), two, n2);
	memcpy(copy + (one - data) + n2, one, n1);
	spill(path, copy, len);
	assert_string_equal(verified(),
	    "line 2: does not follow the line before");

	memcpy(copy, data, (size_t)(two - data));
	memcpy(copy + (two - data), one, n1);
	memcpy(copy + (two - data) + n1, two, len - (size_t)(two - data));
	spill(path, copy, len + n1);
	assert_string_equal(verified(),
	    "line 3: does not follow the line before");
	free(copy);
	free(data);
}

static void
assert_torn_tail_recovered(const char *data, size_t whole, size_t len)
{
	char hash[CRYPTO_HEX_SIZE];
	struct audit *audit;
	struct json *line;
	size_t n;
	char *moved;

	unlink(torn);
	spill(path, data, len);
	audit = opened();
	line = line_at(whole);
	assert_string_equal(json_get_string(line, "event", ""), "recovered");
	moved = slurp(torn, &n);
	crypto_sha256_hex(moved, n, hash);
	assert_memory_equal(moved, data + len - n, n);
	assert_int_equal(json_get_int(json_get(line, "torn"), "bytes", 0), n);
	assert_string_equal(json_get_string(json_get(line, "torn"), "sha256",
				""),
	    hash);
	assert_int_equal(audit_sequence(audit), whole + 1);
	assert_int_equal(write_note(audit, "next"), 0);
	assert_int_equal(audit_sequence(audit), whole + 2);
	free(moved);
	json_free(line);
	audit_free(audit);
}

/* AUD-01 */
static void
test_torn_line_is_moved_aside_and_told(void **state)
{
	size_t len, from;
	char *data = hostile_chain(&len);

	(void)state;
	from = (size_t)(line_in(data, HOSTILE - 1) - data);
	for (size_t cut = from + 1; cut < len; cut++)
		assert_torn_tail_recovered(data, HOSTILE - 1, cut);
	assert_true(strncmp(verified(), "ok ", 3) == 0);
	/* Also where nothing but the torn line is in the file. */
	from = (size_t)(line_in(data, 1) - data);
	for (size_t cut = 1; cut < from; cut++)
		assert_torn_tail_recovered(data, 0, cut);
	assert_true(strncmp(verified(), "ok ", 3) == 0);
	free(data);
}

static void
test_torn_bytes_of_two_crashes_are_both_kept(void **state)
{
	size_t len, n;
	char *data = hostile_chain(&len), *moved;

	(void)state;
	spill(path, data, len);
	for (int i = 0; i < 2; i++) {
		int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

		assert_int_equal(write(fd, "{\"v\":1,torn", 11), 11);
		close(fd);
		audit_free(opened());
	}
	moved = slurp(torn, &n);
	assert_string_equal(moved, "{\"v\":1,torn{\"v\":1,torn");
	assert_true(strncmp(verified(), "ok 7 ", 5) == 0);
	free(moved);
	free(data);
}

/* A record of a schema that comes later, behind the one that is there. */
static void
append_newer(const char *prev)
{
	char hash[CRYPTO_HEX_SIZE], *line;
	size_t len;
	int fd;

	assert_true(asprintf(&line,
			"{\"v\":2,\"seq\":2,\"ts\":\"2026-01-01T00:00:00.5Z\","
			"\"event\":\"tide\",\"moon\":{\"full\":[1,2.5]},"
			"\"changes\":5,\"prev\":\"%s\"}",
			prev) > 0);
	assert_non_null(line = audit_line_seal(line, hash, &len));
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_int_equal(write(fd, line, len), len);
	assert_int_equal(write(fd, "{\"v\":2,\"seq\":3,\"mo", 19), 19);
	close(fd);
	free(line);
}

/* An older version takes up what a newer one left, to the byte. */
static void
test_records_of_a_newer_schema_are_gone_on_from(void **state)
{
	struct audit *audit = opened();
	char *before, *after;
	size_t len, n;

	(void)state;
	assert_int_equal(write_note(audit, "x"), 0);
	append_newer(audit_head(audit));
	audit_free(audit);
	before = slurp(path, &len);
	audit = opened();
	assert_int_equal(audit_changes(audit), 5);
	assert_int_equal(write_note(audit, "x"), 0);
	assert_true(strncmp(verified(), "ok 4 ", 5) == 0);
	assert_verified(audit);
	audit_free(audit);
	after = slurp(path, &n);
	assert_memory_equal(after, before, len - 19);
	free(before);
	free(after);
	after = slurp(torn, &n);
	assert_string_equal(after, "{\"v\":2,\"seq\":3,\"mo");
	free(after);
}

static void
assert_not_ours(const char *data, size_t len)
{
	struct audit *audit;
	char *after;
	size_t n;

	spill(path, data, len);
	assert_int_equal(audit_open(path, &audit), FG_ERR_FORMAT);
	assert_null(audit);
	after = slurp(path, &n);
	assert_int_equal(n, len);
	assert_memory_equal(after, data, len);
	assert_int_equal(access(torn, F_OK), -1);
	free(after);
}

static void
test_foreign_file_is_refused_and_left_alone(void **state)
{
	static const char *const foreign[] = { "root:x:0:0::/root:/bin/sh\n",
		"no newline", "\n", "{}\n", "null\n", "{\"seq\":1}\n",
		"{\"v\":1,\"seq\":1,\"hash\":\"00\"}\n",
		"{\"v\":1,\"seq\":0,\"hash\":\"000000000000000000000000000000"
		"0000000000000000000000000000000000\"}\n",
		"{\"v\":1,\"seq\":-5,\"hash\":\"00000000000000000000000000000"
		"00000000000000000000000000000000000\"}\n",
		"{\"v\":1,\"seq\":99999999999999999999,\"hash\":\"0000000000"
		"000000000000000000000000000000000000000000000000000000\"}\n",
		"{\"v\":1,\"seq\":1,\"hash\":\"zz0000000000000000000000000000"
		"0000000000000000000000000000000000\"}\n" };
	static char big[3 * AUDIT_LINE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		assert_not_ours(foreign[i], strlen(foreign[i]));
	assert_not_ours("a\0b\n", 4);
	memset(big, 'x', sizeof(big));
	assert_not_ours(big, sizeof(big));
	big[sizeof(big) - 1] = '\n';
	assert_not_ours(big, sizeof(big));
	big[sizeof(big) - AUDIT_LINE_MAX - 2] = '\n';
	big[sizeof(big) - 1] = 'x';
	assert_not_ours(big, sizeof(big));
}

static void
test_record_with_a_wrong_hash_is_told_of(void **state)
{
	size_t len;
	char *data = hostile_chain(&len);
	struct audit *audit;
	struct json *line;

	(void)state;
	*strstr(line_in(data, HOSTILE - 1), "start") = 'S';
	spill(path, data, len);
	audit = opened();
	line = line_at(HOSTILE);
	assert_string_equal(json_get_string(line, "event", ""), "recovered");
	assert_int_equal(json_get_int(line, "damaged", 0), HOSTILE);
	assert_null(json_get(line, "torn"));
	assert_string_equal(verified(), "line 5: its hash is wrong");
	json_free(line);
	free(data);
	audit_free(audit);
}

static void
assert_unsafe(void)
{
	struct audit *audit;

	assert_int_equal(audit_open(path, &audit), FG_ERR_UNSAFE);
	assert_null(audit);
}

static void
test_links_and_special_files_are_refused(void **state)
{
	char other[96];
	size_t n;
	char *data;

	(void)state;
	(void)text_format(other, sizeof(other), "%s/other", folder);
	spill(other, "", 0);
	assert_int_equal(symlink(other, path), 0);
	assert_unsafe();
	unlink(path);
	assert_int_equal(link(other, path), 0);
	assert_unsafe();
	unlink(path);
	data = slurp(other, &n);
	assert_int_equal(n, 0);
	free(data);
	unlink(other);
	assert_int_equal(symlink(other, path), 0); /* dangling */
	assert_unsafe();
	assert_int_equal(access(other, F_OK), -1);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_unsafe();
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_unsafe();
	rmdir(path);
	spill(path, "", 0);
	assert_int_equal(chmod(path, 0660), 0);
	assert_unsafe();
	assert_int_equal(chmod(path, 0646), 0);
	assert_unsafe();
}

static void
test_torn_bytes_do_not_follow_a_link(void **state)
{
	struct audit *audit;
	char other[96], *data;
	size_t len, n;

	(void)state;
	(void)text_format(other, sizeof(other), "%s/other", folder);
	data = hostile_chain(&len);
	spill(path, data, len - 1);
	assert_int_equal(symlink(other, torn), 0);
	assert_int_equal(audit_open(path, &audit), FG_ERR_UNSAFE);
	assert_int_equal(access(other, F_OK), -1);
	free(data);
	data = slurp(path, &n);
	assert_int_equal(n, len - 1); /* nothing is lost */
	free(data);
}

static void
test_missing_folder_is_a_system_error(void **state)
{
	struct audit *audit;

	(void)state;
	assert_int_equal(audit_open("/tmp/test_audit.none/audit.jsonl", &audit),
	    FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOENT);
	assert_null(audit);
}

/* DMN-13 */
static void
test_second_writer_is_refused(void **state)
{
	struct audit *first = opened(), *second;
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(audit_open(path, &second), FG_ERR_BUSY);
	assert_null(second);
	assert_int_not_equal(pid = fork(), -1);
	if (pid == 0)
		_exit(audit_open(path, &second) == FG_ERR_BUSY ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(write_note(first, "still the writer"), 0);
	assert_verified(first);
	audit_free(first);
	second = opened();
	assert_int_equal(audit_sequence(second), 1);
	audit_free(second);
}

static void
set_file_limit(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* AUD-08: the disk is full at each byte of a line. */
static void
test_no_half_line_stays_when_the_disk_is_full(void **state)
{
	struct audit *audit = opened();
	struct rlimit before;
	struct stat st;
	off_t one;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(write_note(audit, "x"), 0);
	assert_int_equal(stat(path, &st), 0);
	one = st.st_size;
	for (off_t room = 0; room < one; room++) {
		set_file_limit((rlim_t)(one + room));
		assert_int_equal(write_note(audit, "x"), FG_ERR_SYSTEM);
		assert_true(errno == ENOSPC || errno == EFBIG);
		assert_int_equal(audit_error(audit), errno);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_size, one);
		assert_int_equal(audit_sequence(audit), 1);
	}
	set_file_limit(before.rlim_cur);
	assert_int_equal(write_note(audit, "x"), 0);
	assert_int_equal(audit_error(audit), 0);
	assert_verified(audit);
	audit_free(audit);
}

/* The note about a torn line is kept until there is room for it. */
static void
test_recovery_is_told_once_the_disk_has_room(void **state)
{
	struct rlimit before;
	struct audit *audit;
	struct json *line;
	size_t len;
	char *data = hostile_chain(&len);

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	spill(path, data, len - 1);
	set_file_limit((rlim_t)(line_in(data, HOSTILE - 1) - data) + 200);
	spill(torn, "", 0);
	audit = NULL;
	if (audit_open(path, &audit) == 0) {
		assert_int_equal(audit_sequence(audit), HOSTILE - 1);
		assert_int_equal(write_note(audit, "x"), FG_ERR_SYSTEM);
	}
	set_file_limit(before.rlim_cur);
	assert_non_null(audit);
	assert_int_equal(write_note(audit, "x"), 0);
	line = line_at(HOSTILE - 1);
	assert_string_equal(json_get_string(line, "event", ""), "recovered");
	assert_int_equal(audit_sequence(audit), HOSTILE + 1);
	assert_verified(audit);
	json_free(line);
	free(data);
	audit_free(audit);
}

static void
test_sync_happens_only_when_there_is_something(void **state)
{
	struct audit *audit = opened();

	(void)state;
	assert_int_equal(audit_sync(audit), 0);
	assert_int_equal(syncs, 0);
	assert_int_equal(write_note(audit, "x"), 0);
	assert_int_equal(write_note(audit, "x"), 0);
	assert_int_equal(syncs, 0);
	assert_int_equal(audit_sync(audit), 0);
	assert_int_equal(audit_sync(audit), 0);
	assert_int_equal(syncs, 1);
	assert_int_equal(audit_write(audit,
			     audit_record(audit, AUDIT_START, AT), true),
	    0);
	assert_int_equal(syncs, 2);
	assert_int_equal(audit_sync(audit), 0);
	assert_int_equal(syncs, 2);
	audit_free(audit);
	assert_int_equal(syncs, 2);
}

static void
test_failed_sync_of_a_record_is_reported(void **state)
{
	struct audit *audit = opened();

	(void)state;
	sync_errno = ENOSPC;
	assert_int_equal(audit_write(audit,
			     audit_record(audit, AUDIT_START, AT), true),
	    FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOSPC);
	audit_free(audit);
}

/* A file whose last record has this sequence and time. */
static void
forge(const char *seq, const char *ts)
{
	char hash[CRYPTO_HEX_SIZE], body[512], line[640];

	(void)text_format(body, sizeof(body),
	    "{\"v\":1,\"seq\":%s,\"ts\":\"%s\",\"event\":\"start\","
	    "\"prev\":\"%064d\"}",
	    seq, ts, 0);
	crypto_sha256_hex(body, strlen(body), hash);
	body[strlen(body) - 1] = '\0';
	(void)text_format(line, sizeof(line), "%s,\"hash\":\"%s\"}\n", body,
	    hash);
	spill(path, line, strlen(line));
}

/* AUD-12 */
static void
test_sequence_ends_rather_than_wraps(void **state)
{
	struct audit *audit;
	struct json *line;

	(void)state;
	forge("9223372036854775806", "2026-01-01T00:00:00.000000Z");
	audit = opened();
	assert_int_equal(write_note(audit, "the last one"), 0);
	line = line_at(1);
	assert_true(json_get_int(line, "seq", 0) == INT64_MAX);
	assert_int_equal(write_note(audit, "one more"), FG_ERR_LIMIT);
	assert_int_equal(audit_sequence(audit), INT64_MAX);
	json_free(line);
	audit_free(audit);
	audit = opened();
	assert_int_equal(write_note(audit, "one more"), FG_ERR_LIMIT);
	audit_free(audit);
}

static void
assert_time(struct audit *audit, int64_t at_ns, const char *want, bool back)
{
	struct json *record = audit_record(audit, AUDIT_START, at_ns);

	assert_string_equal(json_get_string(record, "ts", ""), want);
	assert_int_equal(json_get_bool(record, "clock_back", false), back);
	json_free(record);
}

static void
test_clock_may_be_anywhere_and_go_back(void **state)
{
	struct audit *audit = opened();

	(void)state;
	assert_time(audit, 0, "1970-01-01T00:00:00.000000Z", false);
	assert_time(audit, AT, "2026-01-01T00:00:00.123456Z", false);
	assert_time(audit, AT - SECOND / 2, "2025-12-31T23:59:59.623456Z",
	    false);
	assert_time(audit, AT - 9 * SECOND, "2025-12-31T23:59:51.123456Z",
	    true);
	assert_time(audit, AT, "2026-01-01T00:00:00.123456Z", false);
	assert_time(audit, 2147483648 * SECOND, "2038-01-19T03:14:08.000000Z",
	    false);
	assert_time(audit, 4294967296 * SECOND, "2106-02-07T06:28:16.000000Z",
	    false);
	assert_time(audit, INT64_MAX, "2262-04-11T23:47:16.854775Z", false);
	assert_time(audit, -1, "1969-12-31T23:59:59.999999Z", true);
	assert_time(audit, INT64_MIN, "1677-09-21T00:12:43.145224Z", true);
	audit_free(audit);
}

static void
test_clock_that_went_back_over_a_restart_is_told(void **state)
{
	struct audit *audit;

	(void)state;
	forge("7", "2030-05-05T05:05:05.000000Z");
	audit = opened();
	assert_time(audit, AT, "2026-01-01T00:00:00.123456Z", true);
	audit_free(audit);
	forge("7", "not a time");
	audit = opened();
	assert_time(audit, AT, "2026-01-01T00:00:00.123456Z", false);
	audit_free(audit);
}

static void
test_sequence_is_settled_when_a_record_is_written(void **state)
{
	struct audit *audit = opened();
	struct json *first, *second;

	(void)state;
	first = audit_record(audit, AUDIT_START, AT);
	second = audit_record(audit, AUDIT_STOP, AT);
	assert_int_equal(audit_write(audit, second, false), 0);
	assert_int_equal(audit_write(audit, first, false), 0);
	assert_verified(audit);
	audit_free(audit);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		AUDIT_TEST(test_first_record_follows_64_zeros),
		AUDIT_TEST(test_golden_file_is_written_byte_for_byte),
		AUDIT_TEST(test_reopened_file_continues_its_chain),
		AUDIT_TEST(test_longest_record_is_taken_up_again),
		AUDIT_TEST(test_record_over_the_limit_leaves_the_chain_alone),
		AUDIT_TEST(test_other_verifier_agrees_on_hostile_records),
		AUDIT_TEST(test_changed_byte_is_found_wherever_it_is),
		AUDIT_TEST(test_edit_delete_swap_and_insert_are_detected),
		AUDIT_TEST(test_torn_line_is_moved_aside_and_told),
		AUDIT_TEST(test_torn_bytes_of_two_crashes_are_both_kept),
		AUDIT_TEST(test_records_of_a_newer_schema_are_gone_on_from),
		AUDIT_TEST(test_foreign_file_is_refused_and_left_alone),
		AUDIT_TEST(test_record_with_a_wrong_hash_is_told_of),
		AUDIT_TEST(test_links_and_special_files_are_refused),
		AUDIT_TEST(test_torn_bytes_do_not_follow_a_link),
		AUDIT_TEST(test_missing_folder_is_a_system_error),
		AUDIT_TEST(test_second_writer_is_refused),
		AUDIT_TEST(test_no_half_line_stays_when_the_disk_is_full),
		AUDIT_TEST(test_recovery_is_told_once_the_disk_has_room),
		AUDIT_TEST(test_sync_happens_only_when_there_is_something),
		AUDIT_TEST(test_failed_sync_of_a_record_is_reported),
		AUDIT_TEST(test_sequence_ends_rather_than_wraps),
		AUDIT_TEST(test_clock_may_be_anywhere_and_go_back),
		AUDIT_TEST(test_clock_that_went_back_over_a_restart_is_told),
		AUDIT_TEST(test_sequence_is_settled_when_a_record_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
