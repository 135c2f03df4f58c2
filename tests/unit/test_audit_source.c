/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit log as its lines, through whatever it was rotated into: what a
 * folder may have beside it, and what happens to it while it is read.
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
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>
#include <zstd.h>

#include "ctl/audit/source.h"
#include "policyd/audit/audit.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SIZE (4u * 1024 * 1024)

static char folder[64], path[96];
static char seen[65536]; /* what was read, as told below */

static int
make_folder(void **state)
{
	(void)state;
	(void)text_format(folder, sizeof(folder), "/tmp/test_source.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)text_format(path, sizeof(path), "%s/audit.jsonl", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	char command[128];

	(void)state;
	(void)text_format(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

/* ---- files ------------------------------------------------------------- */

static const char *
in_folder(const char *name)
{
	static char full[4][256];
	static unsigned int n;
	char *at = full[n++ % 4];

	(void)text_format(at, sizeof(full[0]), "%s/%s", folder, name);
	return at;
}

static void
put_more(const char *name, const void *data, size_t len)
{
	int fd = open(in_folder(name), O_WRONLY | O_CREAT | O_APPEND, 0640);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	assert_int_equal(close(fd), 0);
}

static void
put(const char *name, const void *data, size_t len)
{
	(void)unlink(in_folder(name));
	put_more(name, data, len);
}

/* Records from one number to another; static. */
static const char *
records(unsigned int from, unsigned int to)
{
	static char text[8192];
	size_t len = 0;

	text[0] = '\0';
	for (; from <= to; from++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "{\"v\":1,\"seq\":%u,\"ts\":\"2026\"}\n", from);
	return text;
}

static void
put_records(const char *name, unsigned int from, unsigned int to)
{
	put(name, records(from, to), strlen(records(from, to)));
}

static size_t
gzip(const void *data, size_t len, uint8_t *out, size_t size)
{
	z_stream z = { 0 };
	uint8_t *in;

	memcpy(&in, &data, sizeof(in));
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8,
			     Z_DEFAULT_STRATEGY),
	    Z_OK);
	z.next_in = in;
	z.avail_in = (unsigned int)len;
	z.next_out = out;
	z.avail_out = (unsigned int)size;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	size -= z.avail_out;
	assert_int_equal(deflateEnd(&z), Z_OK);
	return size;
}

static size_t
zstd(const void *data, size_t len, uint8_t *out, size_t size)
{
	size_t n = ZSTD_compress(out, size, data, len, 3);

	assert_false(ZSTD_isError(n));
	return n;
}

typedef size_t (*pack_fn)(const void *, size_t, uint8_t *, size_t);

static void
put_packed(const char *name, unsigned int from, unsigned int to, pack_fn pack)
{
	const char *text = records(from, to);
	uint8_t out[16384];

	put(name, out, pack(text, strlen(text), out, sizeof(out)));
}

/* ---- what is read ------------------------------------------------------ */

static void
see(const char *fmt, ...)
{
	size_t len = strlen(seen);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(seen + len, sizeof(seen) - len, fmt, ap);
	va_end(ap);
}

/* " [NAME" where a file begins, " SEQUENCE" of a line; "-" no record, "t" torn,
 * "c" cut; "!" an error. */
static int
see_next(struct source *s)
{
	char why[SOURCE_WHY_SIZE];
	struct source_line line;
	int r;

	if ((r = source_next(s, &line, why)) == FG_ERR_NOT_FOUND)
		return r;
	if (r != 0) {
		assert_non_null(strstr(why, folder));
		see(" !");
		return r;
	}
	assert_null(memchr(line.text, '\n', line.len));
	assert_int_equal(line.first, line.number == 1);
	if (line.first)
		see(" [%s", strrchr(line.file, '/') + 1);
	if (source_sequence(line.text, line.len) == 0)
		see(" -%zu", line.len);
	else
		see(" %d", (int)source_sequence(line.text, line.len));
	see("%s%s", line.torn ? "t" : "", line.cut ? "c" : "");
	return 0;
}

static struct source *
open_source(void)
{
	char why[SOURCE_WHY_SIZE];
	struct source *s;

	seen[0] = '\0';
	assert_int_equal(source_open(path, true, &s, why), 0);
	return s;
}

static void
expect_of(bool rotated, size_t foreign, const char *want)
{
	char why[SOURCE_WHY_SIZE];
	uint64_t done, all;
	struct source *s;

	seen[0] = '\0';
	assert_int_equal(source_open(path, rotated, &s, why), 0);
	assert_string_equal(why, "");
	while (see_next(s) != FG_ERR_NOT_FOUND)
		continue;
	assert_string_equal(seen, want);
	assert_int_equal(source_foreign(s), foreign);
	source_progress(s, &done, &all);
	assert_true(done <= all);
	assert_int_equal(see_next(s), FG_ERR_NOT_FOUND);
	source_free(s);
}

static void
expect(const char *want)
{
	expect_of(true, 0, want);
}

/* ---- order ------------------------------------------------------------- */

static void
files_go_by_their_records(void **state)
{
	(void)state;
	put_records("audit.jsonl", 13, 14);
	expect(" [audit.jsonl 13 14");
	put_records("audit.jsonl.1", 11, 12);
	put_packed("audit.jsonl.2.gz", 9, 10, gzip);
	put_packed("audit.jsonl.7-8.zst", 7, 8, zstd);
	put_records("audit.jsonl-20261130", 5, 6);
	put_packed("audit-2026-03-01.jsonl", 3, 4, gzip);
	put_packed("audit.jsonl.10.gz", 1, 2, gzip);
	expect(" [audit.jsonl.10.gz 1 2 [audit-2026-03-01.jsonl 3 4"
	       " [audit.jsonl-20261130 5 6 [audit.jsonl.7-8.zst 7 8"
	       " [audit.jsonl.2.gz 9 10 [audit.jsonl.1 11 12"
	       " [audit.jsonl 13 14");
	expect_of(false, 0, " [audit.jsonl 13 14");
}

static void
what_is_compressed_is_told_by_its_bytes(void **state)
{
	(void)state;
	put_packed("audit.jsonl", 3, 4, zstd);
	put_packed("audit.jsonl.1", 1, 2, gzip);
	put_records("audit.jsonl.0.zst", 5, 5);
	expect(" [audit.jsonl.1 1 2 [audit.jsonl.0.zst 5 [audit.jsonl 3 4");
}

static void
empty_files_are_nothing(void **state)
{
	(void)state;
	put("audit.jsonl", "", 0);
	expect("");
	put("audit.jsonl.1", "", 0);
	put_records("audit.jsonl.2", 1, 1);
	expect(" [audit.jsonl.2 1");
}

/* A rotation in the middle, and another name for the present file. */
static void
no_file_is_read_twice(void **state)
{
	(void)state;
	put_records("audit.jsonl", 3, 4);
	put_records("audit.jsonl.1-2", 1, 2);
	put_packed("audit.jsonl.1-2.zst", 1, 2, zstd);
	put("audit.jsonl.1-2.zst.new", "x", 1);
	expect(" [audit.jsonl.1-2 1 2 [audit.jsonl 3 4");
	assert_int_equal(link(path, in_folder("audit.jsonl.3-4")), 0);
	expect(" [audit.jsonl.1-2 1 2 [audit.jsonl 3 4");
}

static void
foreign_files_are_left_out(void **state)
{
	(void)state;
	put_records("audit.jsonl", 1, 1);
	put("audit.jsonl.torn", "{\"v\":1,\"seq\":2,", 15);
	put("audit.jsonl.torn.1.gz", "{\"v\":1,\"seq\":2,", 15);
	put("auditor", "x", 1);
	put("xaudit.jsonl.1", "x", 1);
	expect(" [audit.jsonl 1");
	put("audit.jsonl.orig", "PK", 2);
	put("audit.jsonl.xz",
	    "\xfd"
	    "7zXZ",
	    6);
	put("audit.jsonl-x", "{\"v\":1,\"seq\":0,\"ts\":\"", 20);
	put("audit-notes.jsonl", "{\"v\":1,\"seq\":99999999999999999999,", 34);
	assert_int_equal(mkdir(in_folder("audit.jsonl.d"), 0750), 0);
	assert_int_equal(mkfifo(in_folder("audit.jsonl.p"), 0640), 0);
	expect_of(true, 6, " [audit.jsonl 1");
}

/* ---- lines ------------------------------------------------------------- */

static void
torn_lines_are_told(void **state)
{
	(void)state;
	put("audit.jsonl", "{\"v\":1,\"seq\":2,", 15);
	put("audit.jsonl.1", "{\"v\":1,\"seq\":1,\"ts\":\"2026\"}\n{\"v\"", 32);
	expect(" [audit.jsonl.1 1 -4t [audit.jsonl 2t");
	put("audit.jsonl.1", "{\"v\":1,\"seq\":1,}\n\n\n", 19);
	expect(" [audit.jsonl.1 1 -0 -0 [audit.jsonl 2t");
}

/* As long as a line may be, longer by one, and far longer. */
static void
long_lines_are_cut(void **state)
{
	static char text[SIZE];
	const size_t max = AUDIT_LINE_MAX;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[max] = text[2 * max + 2] = text[SIZE - 1] = '\n';
	put("audit.jsonl", text, sizeof(text));
	put_more("audit.jsonl", records(7, 7), strlen(records(7, 7)));
	expect(" [audit.jsonl -65536 -65536c -65536c 7");
	text[SIZE - 1] = 'x';
	put("audit.jsonl", text, sizeof(text));
	expect(" [audit.jsonl -65536 -65536c -65536c");
	put("audit.jsonl", text + 10, max - 10);
	expect(" [audit.jsonl -65526t");
}

static void
bytes_are_given_as_they_are(void **state)
{
	char why[SOURCE_WHY_SIZE];
	struct source_line line;
	struct source *s;

	(void)state;
	put("audit.jsonl", "a\0\xff\r\n\033", 6);
	assert_int_equal(source_open(path, true, &s, why), 0);
	assert_int_equal(source_next(s, &line, why), 0);
	assert_int_equal(line.len, 4);
	assert_memory_equal(line.text, "a\0\xff\r", 4);
	assert_int_equal(source_next(s, &line, why), 0);
	assert_true(line.torn && line.len == 1 && line.number == 2);
	source_free(s);
}

/* Lines over the borders of blocks and buffers, in many sizes. */
static void
no_line_is_lost_at_a_border(void **state)
{
	static char text[SIZE];
	static uint8_t out[SIZE];
	char why[SOURCE_WHY_SIZE];
	struct source_line line;
	size_t len = 0, n = 0;
	struct source *s;

	(void)state;
	while (len + 4096 < sizeof(text)) {
		n++;
		len += (size_t)snprintf(text + len, 4096,
		    "{\"v\":1,\"seq\":%zu,\"x\":\"%0*d\"}\n", n,
		    (int)(n * 7919 % 3000 + 1), 7);
	}
	put("audit.jsonl", text, len);
	put("audit.jsonl.1", out, gzip(text, len, out, sizeof(out)));
	put("audit.jsonl.2", out, zstd(text, len, out, sizeof(out)));
	assert_int_equal(source_open(path, true, &s, why), 0);
	assert_int_equal(source_files(s), 3);
	for (size_t i = 0; i < 3 * n; i++) {
		assert_int_equal(source_next(s, &line, why), 0);
		assert_int_equal(source_sequence(line.text, line.len),
		    i % n + 1);
		assert_int_equal(line.number, i % n + 1);
		assert_true(line.text[line.len - 1] == '}');
	}
	assert_int_equal(source_next(s, &line, why), FG_ERR_NOT_FOUND);
	source_free(s);
}

/* ---- compressed -------------------------------------------------------- */

static void
members_follow_each_other(void **state)
{
	const char *text = records(1, 4);
	uint8_t out[4096];
	size_t n, half = strlen(text) / 2 + 3;

	(void)state;
	put("audit.jsonl", "", 0);
	for (size_t i = 0; i < 2; i++) {
		pack_fn pack = i == 0 ? gzip : zstd;

		/* the first one has less than a record's beginning */
		n = pack(text, 5, out, sizeof(out));
		n += pack(text + 5, half - 5, out + n, sizeof(out) - n);
		n += pack("", 0, out + n, sizeof(out) - n);
		n += pack(text + half, strlen(text) - half, out + n,
		    sizeof(out) - n);
		put("audit.jsonl.1", out, n);
		expect(" [audit.jsonl.1 1 2 3 4");
	}
}

static void
damage_is_told_after_what_is_whole(void **state)
{
	static char text[65536];
	static uint8_t out[2 * sizeof(text)];
	size_t n, len = 0;
	struct source *s;
	char *mark;

	(void)state;
	srand(1);
	for (unsigned int i = 1; len < sizeof(text) - 128; i++)
		len += (size_t)snprintf(text + len, 128,
		    "{\"v\":1,\"seq\":%u,\"%08x%08x\"}\n", i, rand(), rand());
	for (size_t i = 0; i < 2; i++) {
		pack_fn pack = i == 0 ? gzip : zstd;

		put_records("audit.jsonl", 9999, 9999);
		n = pack(text, len, out, sizeof(out));
		put("audit.jsonl.5", out, n - 1); /* cut by a byte */
		s = open_source();
		while (see_next(s) != FG_ERR_NOT_FOUND)
			continue;
		source_free(s);
		mark = strstr(seen, " !");
		assert_non_null(mark);
		assert_string_equal(mark, " ! [audit.jsonl 9999");
	}
}

/* It is one of ours by its name, whatever is left of it. */
static void
damaged_files_are_not_passed_over(void **state)
{
	uint8_t out[4096];
	size_t n;

	(void)state;
	put_records("audit.jsonl", 9, 9);
	put_records("audit.jsonl.1", 5, 8);
	n = zstd(records(1, 4), strlen(records(1, 4)), out, sizeof(out));
	put("audit.jsonl.1-4.zst", out, 12);
	expect(" ! [audit.jsonl.1 5 6 7 8 [audit.jsonl 9");
	assert_int_equal(rename(in_folder("audit.jsonl.1-4.zst"),
			     in_folder("audit.jsonl.2.zst")),
	    0);
	expect(" [audit.jsonl.1 5 6 7 8 ! [audit.jsonl 9");
	out[n / 2] ^= 0x55;
	out[6] ^= 0x55;
	put("audit.jsonl.2.zst", out, n);
	expect(" [audit.jsonl.1 5 6 7 8 ! [audit.jsonl 9");
	(void)unlink(in_folder("audit.jsonl.2.zst"));
	n = gzip(records(1, 4), strlen(records(1, 4)), out, sizeof(out));
	put("audit.jsonl.2.gz", out, 11);
	expect(" [audit.jsonl.1 5 6 7 8 ! [audit.jsonl 9");
	put("audit.jsonl.2.gz", out, n);
	put_more("audit.jsonl.2.gz", "garbage", 7);
	expect(" [audit.jsonl.2.gz 1 2 3 4 ! [audit.jsonl.1 5 6 7 8"
	       " [audit.jsonl 9");
}

/* ---- other kinds of files ---------------------------------------------- */

static void
expect_refused(const char *want)
{
	char why[SOURCE_WHY_SIZE];
	struct source *s;

	assert_int_equal(source_open(path, true, &s, why), FG_ERR_SYSTEM);
	assert_null(s);
	assert_non_null(strstr(why, path));
	assert_non_null(strstr(why, want));
}

static void
only_regular_files_are_opened(void **state)
{
	(void)state;
	expect_refused("No such file");
	assert_int_equal(mkdir(path, 0750), 0);
	expect_refused("is no regular file");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0640), 0);
	expect_refused("is no regular file");
	assert_int_equal(unlink(path), 0);
	put_records("audit.jsonl.1", 1, 1);
	assert_int_equal(symlink("audit.jsonl.1", path), 0);
	expect_refused("is no regular file");
	assert_int_equal(unlink(path), 0);
	put_records("audit.jsonl", 2, 2);
	assert_int_equal(symlink("/etc/passwd", in_folder("audit.jsonl.0")), 0);
	expect(" [audit.jsonl.1 1 ! [audit.jsonl 2");
}

/* ---- what changes ------------------------------------------------------ */

static void
expect_rest(struct source *s, const char *want)
{
	while (see_next(s) != FG_ERR_NOT_FOUND)
		continue;
	assert_string_equal(seen, want);
	seen[0] = '\0';
}

static void
file_that_grows_is_read_to_its_end(void **state)
{
	struct source *s;

	(void)state;
	put_records("audit.jsonl", 1, 2);
	s = open_source();
	assert_int_equal(see_next(s), 0);
	put_more("audit.jsonl", "{\"v\":1,\"seq\":3,", 15);
	assert_int_equal(see_next(s), 0);
	put_more("audit.jsonl", "\"ts\":\"\"}\n", 9);
	expect_rest(s, " [audit.jsonl 1 2 3");
	source_free(s);
}

/* What was open stays open, and what was compressed meanwhile is found. */
static void
rotation_loses_nothing(void **state)
{
	struct source *s;

	(void)state;
	put_records("audit.jsonl", 5, 6);
	put_records("audit.jsonl.1-2", 1, 2);
	put_records("audit.jsonl.3-4", 3, 4);
	s = open_source();
	assert_int_equal(see_next(s), 0);
	put_packed("audit.jsonl.3-4.zst", 3, 4, zstd);
	assert_int_equal(unlink(in_folder("audit.jsonl.3-4")), 0);
	assert_int_equal(rename(path, in_folder("audit.jsonl.5-6")), 0);
	put_records("audit.jsonl", 7, 7);
	expect_rest(s,
	    " [audit.jsonl.1-2 1 2 [audit.jsonl.3-4 3 4"
	    " [audit.jsonl 5 6");
	source_free(s);
}

static void
file_that_vanishes_is_told(void **state)
{
	struct source *s;

	(void)state;
	put_records("audit.jsonl", 3, 3);
	put_records("audit.jsonl.1", 1, 2);
	s = open_source();
	assert_int_equal(unlink(in_folder("audit.jsonl.1")), 0);
	expect_rest(s, " ! [audit.jsonl 3");
	source_free(s);
}

static void
following_goes_on_through_rotations(void **state)
{
	struct source *s;

	(void)state;
	put_records("audit.jsonl.1", 1, 1);
	put_records("audit.jsonl", 2, 2);
	s = open_source();
	source_follow(s);
	expect_rest(s, " [audit.jsonl.1 1 [audit.jsonl 2");
	expect_rest(s, "");
	put_more("audit.jsonl", "{\"v\":1,\"seq\":3,", 15);
	expect_rest(s, "");
	put_more("audit.jsonl", "\"ts\":\"\"}\n", 9);
	expect_rest(s, " 3");
	assert_int_equal(rename(path, in_folder("audit.jsonl.2-3")), 0);
	put_more("audit.jsonl.2-3", records(4, 4), strlen(records(4, 4)));
	put("audit.jsonl", "", 0);
	expect_rest(s, " 4");
	put_more("audit.jsonl.2-3", records(5, 5), strlen(records(5, 5)));
	put_more("audit.jsonl", records(6, 6), strlen(records(6, 6)));
	expect_rest(s, " 5 [audit.jsonl 6");
	assert_int_equal(truncate(path, 0), 0);
	expect_rest(s, "");
	put_more("audit.jsonl", records(7, 7), strlen(records(7, 7)));
	expect_rest(s, " [audit.jsonl 7");
	source_free(s);
}

/* A file of one record, of an hour of the first day of 2026. */
static void
put_hour(const char *name, unsigned int seq, int hour, const char *more)
{
	char text[128];

	(void)text_format(text, sizeof(text),
	    "{\"v\":1,\"seq\":%u,\"ts\":\"2026-01-01T%02d:00:00.000001Z\","
	    "\"event\":\"x\"%s}\n",
	    seq, hour, more);
	put(name, text, strlen(text));
}

static void
expect_since(int hour, const char *want)
{
	struct source *s = open_source();

	source_since(s, 1767225600 + hour * 3600);
	expect_rest(s, want);
	source_free(s);
}

/* Whatever their own times are: those are of who has copied them. */
static void
files_of_before_are_left_out(void **state)
{
	const struct timespec old[2] = { { 1, 0 }, { 1, 0 } };

	(void)state;
	put_hour("audit.jsonl.1-2", 1, 1, "");
	put_hour("audit.jsonl.3-4", 3, 3, "");
	put_hour("audit.jsonl.5-6", 5, 5, "");
	put_hour("audit.jsonl", 7, 7, "");
	assert_int_equal(utimensat(AT_FDCWD, in_folder("audit.jsonl.3-4"), old,
			     0),
	    0);
	expect_since(1,
	    " [audit.jsonl.1-2 1 [audit.jsonl.3-4 3"
	    " [audit.jsonl.5-6 5 [audit.jsonl 7");
	expect_since(4,
	    " [audit.jsonl.3-4 3 [audit.jsonl.5-6 5"
	    " [audit.jsonl 7");
	expect_since(6, " [audit.jsonl.5-6 5 [audit.jsonl 7");
	expect_since(8, " [audit.jsonl 7");
	/* just rotated: what follows says nothing yet */
	put("audit.jsonl", "", 0);
	expect_since(8, " [audit.jsonl.5-6 5");
}

static void
a_clock_that_goes_back_hides_no_file(void **state)
{
	(void)state;
	put_hour("audit.jsonl.1-2", 1, 1, "");
	put_hour("audit.jsonl.3-4", 3, 6, "");
	put_hour("audit.jsonl.5-6", 5, 3, "");
	put_hour("audit.jsonl", 7, 4, "");
	expect_since(5,
	    " [audit.jsonl.1-2 1 [audit.jsonl.3-4 3 [audit.jsonl 7");
	/* within the file */
	put_hour("audit.jsonl.3-4", 3, 2, "");
	put_hour("audit.jsonl.5-6", 5, 3, ",\"clock_back\":true");
	expect_since(5, " [audit.jsonl.3-4 3 [audit.jsonl 7");
	/* a copy of the first one is not what follows it */
	put_hour("audit.jsonl.old", 1, 1, "");
	put_hour("audit.jsonl.3-4", 3, 6, "");
	put_records("audit.jsonl.5-6", 5, 5);
	expect_since(5,
	    " [audit.jsonl.1-2 1 [audit.jsonl.old 1"
	    " [audit.jsonl.3-4 3 [audit.jsonl.5-6 5 [audit.jsonl 7");
}

static void
progress_is_within_a_file(void **state)
{
	static char text[SIZE];
	uint64_t done, all, before = 0;
	struct source *s;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t i = 99; i < sizeof(text); i += 100)
		text[i] = '\n';
	put("audit.jsonl", text, sizeof(text));
	put_records("audit.jsonl.1", 1, 1);
	s = open_source();
	source_progress(s, &done, &all);
	assert_int_equal(done, 0);
	for (int steps = 0; see_next(s) == 0; before = done) {
		source_progress(s, &done, &all);
		assert_true(done >= before && done <= all);
		steps += done > before;
		seen[0] = '\0';
		if (done == all)
			assert_true(steps > 3);
	}
	source_progress(s, &done, &all);
	assert_int_equal(done, all);
	assert_int_equal(all, SIZE + strlen(records(1, 1)));
	source_free(s);
}

static void
sequence_is_what_a_record_begins_with(void **state)
{
	static const struct {
		const char *text;
		uint64_t want;
	} cases[] = {
		{ "{\"v\":1,\"seq\":1,", 1 },
		{ "{\"v\":1,\"seq\":9223372036854775807,", INT64_MAX },
		{ "{\"v\":1,\"seq\":9223372036854775808,", 0 },
		{ "{\"v\":1,\"seq\":99999999999999999999,", 0 },
		{ "{\"v\":1,\"seq\":1", 0 },
		{ "{\"v\":1,\"seq\":,", 0 },
		{ "{\"v\":1,\"seq\":-1,", 0 },
		{ "{\"v\":1,\"seq\":1}", 0 },
		{ "{\"v\":2,\"seq\":1,", 1 },
		{ "{\"v\":12,\"seq\":7,", 7 },
		{ "{\"v\":,\"seq\":1,", 0 },
		{ "{\"v\":1", 0 },
		{ "{\"v\":1, \"seq\":1,", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(source_sequence(cases[i].text,
				     strlen(cases[i].text)),
		    cases[i].want);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_go_by_their_records),
		TEST(what_is_compressed_is_told_by_its_bytes),
		TEST(empty_files_are_nothing),
		TEST(no_file_is_read_twice),
		TEST(foreign_files_are_left_out),
		TEST(torn_lines_are_told),
		TEST(long_lines_are_cut),
		TEST(bytes_are_given_as_they_are),
		TEST(no_line_is_lost_at_a_border),
		TEST(members_follow_each_other),
		TEST(damage_is_told_after_what_is_whole),
		TEST(damaged_files_are_not_passed_over),
		TEST(only_regular_files_are_opened),
		TEST(file_that_grows_is_read_to_its_end),
		TEST(rotation_loses_nothing),
		TEST(file_that_vanishes_is_told),
		TEST(following_goes_on_through_rotations),
		TEST(files_of_before_are_left_out),
		TEST(a_clock_that_goes_back_hides_no_file),
		TEST(progress_is_within_a_file),
		cmocka_unit_test(sequence_is_what_a_record_begins_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
