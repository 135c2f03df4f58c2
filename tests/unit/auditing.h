/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the audit log share: a folder for one test, a disk and a
 * clock that do what the test says, and what conf/audit-verify.py thinks.
 */
#ifndef FG_TESTS_AUDITING_H
#define FG_TESTS_AUDITING_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/audit/audit.h"
#include "policyd/text.h"

#define SECOND 1000000000LL
#define AT     (1767225600 * SECOND + 123456789) /* 2026-01-01T00:00:00Z */
#define VERIFY "conf/audit-verify.py"

static char folder[64], path[96], torn[96];
static unsigned int syncs;
static int sync_errno;
static off_t disk_keeps; /* of a file whose sync fails; -1: all of it */
static int64_t monotonic_s;

/* The test's disk instead of the kernel's. */
int
fdatasync(int fd)
{
	syncs++;
	if (sync_errno == 0)
		return 0;
	if (disk_keeps != -1)
		assert_int_equal(ftruncate(fd, disk_keeps), 0);
	errno = sync_errno;
	return -1;
}

/* The test's clock, for what is done once a second. */
int
clock_gettime(clockid_t id, struct timespec *ts)
{
	if (id != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, id, ts);
	ts->tv_sec = monotonic_s;
	ts->tv_nsec = 0;
	return 0;
}

static inline int
make_folder(void **state)
{
	(void)state;
	(void)text_format(folder, sizeof(folder), "/tmp/test_audit.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)text_format(path, sizeof(path), "%s/audit.jsonl", folder);
	(void)text_format(torn, sizeof(torn), "%s.torn", path);
	syncs = 0;
	sync_errno = 0;
	disk_keeps = -1;
	monotonic_s = 1000;
	return 0;
}

static inline int
remove_folder(void **state)
{
	(void)state;
	unlink(path);
	unlink(torn);
	return rmdir(folder);
}

/* With whatever is in it. */
static inline int
remove_all(void **state)
{
	struct dirent *entry;
	char whole[512];
	DIR *dir = opendir(folder);

	(void)state;
	while ((entry = readdir(dir)) != NULL) {
		(void)text_format(whole, sizeof(whole), "%s/%s", folder,
		    entry->d_name);
		(void)unlink(whole);
	}
	closedir(dir);
	return rmdir(folder);
}

/* The whole file; the caller frees. */
static inline char *
slurp(const char *name, size_t *ret_len)
{
	struct stat st;
	char *data;
	int fd;

	assert_int_not_equal(fd = open(name, O_RDONLY | O_CLOEXEC), -1);
	assert_int_equal(fstat(fd, &st), 0);
	assert_non_null(data = calloc(1, (size_t)st.st_size + 1));
	assert_int_equal(read(fd, data, (size_t)st.st_size), st.st_size);
	close(fd);
	*ret_len = (size_t)st.st_size;
	return data;
}

static inline void
spill(const char *name, const char *data, size_t len)
{
	int fd;

	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, data, len), len);
	close(fd);
}

static inline struct audit *
opened(void)
{
	struct audit *audit;

	assert_int_equal(audit_open(path, &audit), 0);
	return audit;
}

static inline int
write_note(struct audit *audit, const char *note)
{
	struct json *record = audit_record(audit, AUDIT_START, AT);

	json_set_untrusted(record, "note", note);
	return audit_write(audit, record, false);
}

/* Line number n from 0, parsed; the caller frees. */
static inline struct json *
line_at(size_t n)
{
	size_t len;
	char *data = slurp(path, &len), *line = data;
	struct json *json;

	while (n-- > 0) {
		assert_non_null(line = strchr(line, '\n'));
		line++;
	}
	json = json_parse(line, strcspn(line, "\n"));
	assert_non_null(json);
	free(data);
	return json;
}

/* What audit-verify.py says of the file; static. */
static inline const char *
verified(void)
{
	static char answer[256];
	char command[256];
	FILE *out;
	int status;

	(void)text_format(command, sizeof(command), "python3 " VERIFY " %s",
	    path);
	assert_non_null(out = popen(command, "r"));
	assert_non_null(fgets(answer, sizeof(answer), out));
	status = pclose(out);
	answer[strcspn(answer, "\n")] = '\0';
	assert_int_equal(status == 0, strncmp(answer, "ok ", 3) == 0);
	return answer;
}

static inline void
assert_verified(const struct audit *audit)
{
	char want[128];

	(void)text_format(want, sizeof(want), "ok %llu %s",
	    (unsigned long long)audit_sequence(audit), audit_head(audit));
	assert_string_equal(verified(), want);
}

#define AUDIT_TEST(f) \
	cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

#endif
