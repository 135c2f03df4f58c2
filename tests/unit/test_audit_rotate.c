/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit log goes on in new files, and all of them are one chain: at each
 * record, whenever it is interrupted, and on a disk that is full. Then what is
 * over is compressed, and nothing of it is lost by that either. AUD-07
 */
#include <sys/wait.h>

#include "policyd/audit/pack.h"
#include "policyd/audit/rotated_name.h"
#include "proto/result.h"
#include "tests/unit/auditing.h"

static char name[AUDIT_NAME_SIZE];

/* What the daemon's calls do: the n-th of them is not returned from. */
static int calls_left = -1; /* -1: all of them are made */
static int sync_folder_errno;

static void
count_call(void)
{
	if (calls_left > 0 && --calls_left == 0)
		_exit(77);
}

int
renameat2(int from_dir, const char *from, int to_dir, const char *to,
    unsigned int flags)
{
	int r;

	count_call();
	r = (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
	count_call();
	return r;
}

int
rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
unlink(const char *path_of)
{
	int r;

	count_call();
	r = (int)syscall(SYS_unlinkat, AT_FDCWD, path_of, 0);
	count_call();
	return r;
}

int
fsync(int fd)
{
	count_call();
	if (sync_folder_errno != 0) {
		errno = sync_folder_errno;
		return -1;
	}
	return (int)syscall(SYS_fsync, fd);
}

static const char *
file(const char *end)
{
	static char whole[4][256];
	static unsigned int next;
	char *p = whole[next++ % 4];

	(void)text_format(p, sizeof(whole[0]), "%s%s", path, end);
	return p;
}

static bool
is_there(const char *end)
{
	return access(file(end), F_OK) == 0;
}

static void
rotate(struct audit *audit)
{
	assert_int_equal(audit_rotate(audit, AT, name), 0);
}

/* All plain files, in their order, and then the present one, are one chain;
 * returns how many there are of the others. */
static size_t
assert_one_chain(const struct audit *audit)
{
	char *data, *all = NULL, next[AUDIT_NAME_SIZE], saved[300];
	struct audit_names {
		char name[AUDIT_NAME_SIZE];
	} *old = NULL;
	size_t n = 0, len, total = 0, i;

	while (rotated_name_plain(path, false, next) == 0) {
		assert_non_null(old = realloc(old, (n + 1) * sizeof(*old)));
		memcpy(old[n].name, next, sizeof(next));
		data = slurp(next, &len);
		assert_non_null(all = realloc(all, total + len));
		memcpy(all + total, data, len);
		total += len;
		free(data);
		(void)text_format(saved, sizeof(saved), "%s/x%zu", folder, n++);
		assert_int_equal(rename(next, saved), 0);
	}
	data = slurp(path, &len);
	assert_non_null(all = realloc(all, total + len));
	memcpy(all + total, data, len);
	assert_int_equal(rename(path, file(".saved")), 0);
	spill(path, all, total + len);
	assert_verified(audit);
	assert_int_equal(rename(file(".saved"), path), 0);
	for (i = 0; i < n; i++) {
		(void)text_format(saved, sizeof(saved), "%s/x%zu", folder, i);
		assert_int_equal(rename(saved, old[i].name), 0);
	}
	free(data);
	free(all);
	free(old);
	return n;
}

static void
write_some(struct audit *audit, unsigned int n)
{
	while (n-- > 0)
		assert_int_equal(write_note(audit, "x"), 0);
}

static void
the_new_file_names_the_old_one(void **state)
{
	struct audit *audit = opened();
	struct json *line;
	struct stat st;

	(void)state;
	write_some(audit, 3);
	assert_int_equal(audit_began_s(audit), AT / SECOND);
	rotate(audit);
	assert_string_equal(name, file(".1-3"));
	line = line_at(0);
	assert_string_equal(json_get_string(line, "event", ""), "rotated");
	assert_string_equal(json_get_string(line, "by", ""), "daemon");
	assert_string_equal(json_get_string(line, "file", ""),
	    "audit.jsonl.1-3");
	assert_int_equal(json_get_int(line, "seq", 0), 4);
	assert_int_equal(json_get_int(line, "first", 0), 1);
	assert_int_equal(json_get_int(line, "last", 0), 3);
	json_free(line);
	assert_int_equal(audit_sequence(audit), 4);
	assert_int_equal(audit_recovered(audit), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(audit_size(audit), st.st_size);
	assert_false(is_there(".new"));
	assert_int_equal(assert_one_chain(audit), 1);
	audit_free(audit);
}

/* As often as there are records, and over restarts. */
static void
each_record_can_be_the_last_of_its_file(void **state)
{
	struct audit *audit = opened();
	unsigned int i;

	(void)state;
	audit_set_changes(audit, 7);
	for (i = 1; i <= 12; i++) {
		write_some(audit, i % 4);
		rotate(audit);
		if (i % 3 == 0) {
			audit_free(audit);
			audit = opened();
			assert_int_equal(audit_changes(audit), 7);
			assert_int_equal(audit_recovered(audit), i == 0);
		}
	}
	write_some(audit, 1);
	assert_int_equal(assert_one_chain(audit), 12 - 0);
	audit_free(audit);
}

static void
an_empty_file_is_not_rotated(void **state)
{
	struct audit *audit = opened();

	(void)state;
	assert_int_equal(audit_rotate(audit, AT, name), FG_ERR_NOT_FOUND);
	assert_int_equal(audit_began_s(audit), INT64_MAX);
	write_some(audit, 1);
	assert_verified(audit);
	audit_free(audit);
}

/* Numbers that a disk has lost may have been used before. */
static void
a_name_that_is_taken_is_left_alone(void **state)
{
	struct audit *audit = opened();
	size_t len;
	char *data;

	(void)state;
	write_some(audit, 2);
	spill(file(".1-2"), "somebody's\n", 11);
	assert_int_equal(audit_rotate(audit, AT, name), FG_ERR_SYSTEM);
	assert_int_equal(errno, EEXIST);
	data = slurp(file(".1-2"), &len);
	assert_string_equal(data, "somebody's\n");
	free(data);
	assert_false(is_there(".new"));
	write_some(audit, 1);
	assert_verified(audit);
	rotate(audit);
	assert_string_equal(name, file(".1-3"));
	write_some(audit, 1);
	audit_free(audit);
}

static void
on_a_full_disk_nothing_changes(void **state)
{
	struct audit *audit = opened();

	(void)state;
	write_some(audit, 2);
	assert_int_equal(audit_sync(audit), 0);
	sync_errno = ENOSPC; /* of the new file's record */
	assert_int_equal(audit_rotate(audit, AT, name), FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOSPC);
	sync_errno = 0;
	assert_false(is_there(".1-2"));
	assert_false(is_there(".new"));
	write_some(audit, 1);
	assert_int_equal(audit_recovered(audit), 0);
	assert_verified(audit);
	/* And if the folder cannot be written to the disk. */
	sync_folder_errno = EIO;
	assert_int_equal(audit_rotate(audit, AT, name), FG_ERR_SYSTEM);
	sync_folder_errno = 0;
	assert_false(is_there(".1-3"));
	write_some(audit, 1);
	assert_int_equal(audit_recovered(audit), 0);
	assert_verified(audit);
	rotate(audit);
	audit_free(audit);
}

static void
in_a_child(void (*run)(void))
{
	int status;
	pid_t pid;

	if ((pid = fork()) == 0) {
		run();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 0);
}

static int stop_at;

static void
rotate_and_stop(void)
{
	struct audit *audit;

	if (audit_open(path, &audit) != 0)
		_exit(1);
	calls_left = stop_at;
	(void)audit_rotate(audit, AT, name);
	calls_left = -1;
}

/* Between any two of its calls: nothing is lost, and there is one chain. */
static void
it_can_be_killed_anywhere(void **state)
{
	struct audit *audit = opened();
	size_t files;
	uint64_t seq;

	(void)state;
	write_some(audit, 2);
	for (stop_at = 1; stop_at < 14; stop_at++) {
		seq = audit_sequence(audit);
		audit_free(audit);
		in_a_child(rotate_and_stop);
		audit = opened();
		assert_in_range(audit_sequence(audit), seq, seq + 1);
		assert_false(is_there(".new"));
		assert_int_equal(audit_recovered(audit), 0);
		write_some(audit, 1);
		files = assert_one_chain(audit);
	}
	assert_in_range(files, 3, 13);
	audit_free(audit);
}

/* Whoever has removed the log gets no rotation out of what is left beside. */
static void
what_is_left_beside_no_log_is_no_log(void **state)
{
	struct audit *audit = opened();
	size_t len;
	char *data;

	(void)state;
	write_some(audit, 2);
	rotate(audit);
	audit_free(audit);
	data = slurp(path, &len);
	spill(file(".new"), data, len);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rename(file(".1-2"), file(".elsewhere")), 0);
	audit = opened();
	assert_int_equal(audit_sequence(audit), 0);
	assert_false(is_there(".new"));
	free(data);
	audit_free(audit);
}

static void
somebody_elses_renaming_is_told(void **state)
{
	struct audit *audit = opened();
	struct json *line;

	(void)state;
	write_some(audit, 2);
	rotate(audit);
	write_some(audit, 2);
	assert_int_equal(rename(path, file(".1")), 0);
	monotonic_s += 2;
	write_some(audit, 1);
	line = line_at(0);
	assert_string_equal(json_get_string(line, "event", ""), "rotated");
	assert_string_equal(json_get_string(line, "by", ""), "other");
	assert_null(json_get(line, "file"));
	assert_null(json_get(line, "replaced"));
	assert_int_equal(json_get_int(line, "first", 0), 3);
	assert_int_equal(json_get_int(line, "last", 0), 5);
	assert_true(audit_renamed(audit));
	assert_int_equal(audit_recovered(audit), 6);
	json_free(line);
	audit_free(audit);
}

/* ---- names -------------------------------------------------------------- */

static void
only_its_own_names_are_taken(void **state)
{
	static const struct {
		const char *name;
		enum rotated_kind kind;
	} cases[] = { { "a.jsonl.1-2", ROTATED_PLAIN },
		{ "a.jsonl.9223372036854775807-9223372036854775807",
		    ROTATED_PLAIN },
		{ "a.jsonl.1-2.zst", ROTATED_PACKED },
		{ "a.jsonl.1-2.zst.new", ROTATED_HALF },
		{ "a.jsonl", ROTATED_NONE }, { "a.jsonl.1", ROTATED_NONE },
		{ "a.jsonl.1-", ROTATED_NONE }, { "a.jsonl.-2", ROTATED_NONE },
		{ "a.jsonl.2-1", ROTATED_NONE },
		{ "a.jsonl.0-1", ROTATED_NONE },
		{ "a.jsonl.01-2", ROTATED_NONE },
		{ "a.jsonl.1-2.gz", ROTATED_NONE },
		{ "a.jsonl.1-2.zst.new.x", ROTATED_NONE },
		{ "a.jsonl.1-9223372036854775808", ROTATED_NONE },
		{ "a.jsonl.1-99999999999999999999", ROTATED_NONE },
		{ "a-jsonl.1-2", ROTATED_NONE }, { "", ROTATED_NONE } };
	uint64_t first;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (rotated_name_kind(cases[i].name, "a.jsonl", &first) !=
		    cases[i].kind)
			fail_msg("%s", cases[i].name);
}

static void
the_first_one_comes_first(void **state)
{
	char found[AUDIT_NAME_SIZE];

	(void)state;
	assert_int_equal(rotated_name_plain(path, true, found),
	    FG_ERR_NOT_FOUND);
	spill(file(".100-200"), "", 0);
	spill(file(".20-99"), "", 0);
	spill(file(".1-19.zst"), "", 0);
	spill(file(".20-99.zst.new"), "", 0);
	assert_int_equal(rotated_name_plain(path, false, found), 0);
	assert_string_equal(found, file(".20-99"));
	assert_true(is_there(".20-99.zst.new"));
	assert_int_equal(rotated_name_plain(path, true, found), 0);
	assert_false(is_there(".20-99.zst.new"));
	assert_true(is_there(".1-19.zst"));
}

/* ---- compressing -------------------------------------------------------- */

/* What zstd itself makes of it; the caller frees. */
static char *
unpacked(const char *packed, size_t *ret_len)
{
	char command[700];

	(void)text_format(command, sizeof(command),
	    "python3 -c 'import ctypes,sys; z=ctypes.CDLL(\"libzstd.so.1\"); "
	    "d=open(\"%s\",\"rb\").read(); "
	    "o=ctypes.create_string_buffer(1<<24);"
	    " f=z.ZSTD_decompress; f.restype=ctypes.c_size_t; "
	    "f.argtypes=[ctypes.c_void_p,ctypes.c_size_t,ctypes.c_char_p,"
	    "ctypes.c_size_t]; n=f(o,1<<24,d,len(d)); "
	    "open(\"%s.out\",\"wb\").write(o.raw[:n])'",
	    packed, path);
	assert_int_equal(system(command), 0);
	return slurp(file(".out"), ret_len);
}

static void
spill_much(const char *end, size_t len)
{
	char *data = malloc(len + 1);
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = (char)('a' + (i * i / 7 + i / 1000) % 26);
	spill(file(end), data, len);
	free(data);
}

static void
what_is_packed_can_be_unpacked(void **state)
{
	static const size_t lengths[] = { 0, 1, 131071, 131072, 131073,
		3000000 };
	const char *what;
	char *before, *after;
	struct stat st;
	size_t i, n, m;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		spill_much(".1-2", lengths[i]);
		before = slurp(file(".1-2"), &n);
		assert_int_equal(pack_file(file(".1-2"), &what), 0);
		assert_false(is_there(".1-2"));
		assert_false(is_there(".1-2.zst.new"));
		assert_int_equal(stat(file(".1-2.zst"), &st), 0);
		assert_int_equal(st.st_mode & 07777, 0640);
		after = unpacked(file(".1-2.zst"), &m);
		assert_int_equal(n, m);
		assert_memory_equal(before, after, n);
		free(before);
		free(after);
	}
}

static void
pack_and_stop(void)
{
	const char *what;

	calls_left = stop_at;
	(void)pack_file(file(".1-2"), &what);
	calls_left = -1;
}

static void
packing_can_be_killed_anywhere(void **state)
{
	char found[AUDIT_NAME_SIZE], *before, *after;
	const char *what;
	size_t n, m;

	(void)state;
	for (stop_at = 1; stop_at < 12; stop_at++) {
		spill_much(".1-2", 300000);
		before = slurp(file(".1-2"), &n);
		in_a_child(pack_and_stop);
		/* As the next daemon does it. */
		if (rotated_name_plain(path, true, found) == 0)
			assert_int_equal(pack_file(found, &what), 0);
		assert_false(is_there(".1-2"));
		assert_false(is_there(".1-2.zst.new"));
		after = unpacked(file(".1-2.zst"), &m);
		assert_int_equal(n, m);
		assert_memory_equal(before, after, n);
		free(before);
		free(after);
		assert_int_equal(unlink(file(".1-2.zst")), 0);
	}
}

static void
what_cannot_be_packed_stays(void **state)
{
	const char *what;

	(void)state;
	spill_much(".1-2", 1000);
	sync_folder_errno = ENOSPC;
	assert_int_equal(pack_file(file(".1-2"), &what), FG_ERR_SYSTEM);
	sync_folder_errno = 0;
	assert_true(is_there(".1-2"));
	assert_false(is_there(".1-2.zst"));
	assert_false(is_there(".1-2.zst.new"));
	assert_int_equal(pack_file(file(".3-4"), &what), FG_ERR_SYSTEM);
	assert_string_equal(what, file(".3-4"));
	assert_int_equal(symlink(file(".1-2"), file(".3-4")), 0);
	assert_int_equal(pack_file(file(".3-4"), &what), FG_ERR_UNSAFE);
	assert_true(is_there(".1-2"));
}

#define ROTATE_TEST(f) \
	cmocka_unit_test_setup_teardown(f, make_folder, remove_all)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROTATE_TEST(the_new_file_names_the_old_one),
		ROTATE_TEST(each_record_can_be_the_last_of_its_file),
		ROTATE_TEST(an_empty_file_is_not_rotated),
		ROTATE_TEST(a_name_that_is_taken_is_left_alone),
		ROTATE_TEST(on_a_full_disk_nothing_changes),
		ROTATE_TEST(it_can_be_killed_anywhere),
		ROTATE_TEST(what_is_left_beside_no_log_is_no_log),
		ROTATE_TEST(somebody_elses_renaming_is_told),
		ROTATE_TEST(only_its_own_names_are_taken),
		ROTATE_TEST(the_first_one_comes_first),
		ROTATE_TEST(what_is_packed_can_be_unpacked),
		ROTATE_TEST(packing_can_be_killed_anywhere),
		ROTATE_TEST(what_cannot_be_packed_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
