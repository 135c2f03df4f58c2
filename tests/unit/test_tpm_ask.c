/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A TPM that hangs, that talks nonsense, that ends while it is asked, or that
 * is none: it is said in time, nothing is made up, and no process is left.
 */
#include "policyd/device/tpm_ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>

#include "policyd/privilege/priv.h"
#include "proto/result.h"
#include "tests/unit/child.h"
#include "tests/unit/tpms.h"

#define TIMEOUT_MS 60000 /* a machine may be busy */
#define SHORT_MS   100 /* where it is waited for */

#define PATH "/tmp/farmgate-tpm-ask.sock"

static const uint8_t zeros[CRYPTO_KEY_SIZE];
static struct tpm_answer answer;
static struct tpms tpm;
static pid_t server;
static char path[64];

static int
setup(void **state)
{
	(void)state;
	return crypto_init();
}

static int
begin(void **state)
{
	(void)state;
	(void)snprintf(path, sizeof(path), PATH ".%d", (int)getpid());
	return 0;
}

static void
end_server(void)
{
	if (server > 0) {
		(void)kill(server, SIGKILL);
		(void)waitpid(server, NULL, 0);
		server = 0;
	}
	(void)unlink(path);
}

static int
end(void **state)
{
	(void)state;
	end_server();
	tpms_stop(&tpm);
	return 0;
}

static void
needs_build(void)
{
	if (!tpm_is_built())
		skip();
}

/* Whom it is connected to answers by this, again and again. */
static void
serve(void (*answer_to)(int client, const void *arg), const void *arg)
{
	int fd = tpms_listen(path), client;

	if ((server = fork()) == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
		    signal(SIGPIPE, SIG_IGN) == SIG_ERR)
			_exit(1);
		while ((client = accept(fd, NULL, NULL)) != -1) {
			answer_to(client, arg);
			(void)close(client);
		}
		_exit(1);
	}
	(void)close(fd);
}

static void
ask_at(const char *device, unsigned int timeout_ms)
{
	memset(&answer, 'x', sizeof(answer));
	tpm_ask(&(struct tpm_question){ .device = device,
		    .ek = true,
		    .timeout_ms = timeout_ms },
	    &answer);
}

static void
expect_error(int result)
{
	assert_int_equal(answer.ek.result, result);
	assert_string_equal(answer.ek.hex, "");
	assert_int_equal(answer.left, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), server > 0 ? 0 : -1);
}

static void
expect(const char *device, int result)
{
	ask_at(device, TIMEOUT_MS);
	expect_error(result);
}

/* ---- what is there ------------------------------------------------------ */

static void
where_nothing_is_there_is_no_tpm(void **state)
{
	(void)state;
	needs_build();
	expect("/dev/nonexistent", FG_ERR_NOT_FOUND);
	expect("/dev/null/tpmrm0", FG_ERR_NOT_FOUND);
	expect("", FG_ERR_NOT_FOUND);
	assert_int_equal(answer.key.result, FG_ERR_NOT_FOUND);
}

static void
a_socket_that_nobody_listens_at_is_no_tpm(void **state)
{
	(void)state;
	needs_build();
	(void)close(tpms_listen(path));
	expect(path, FG_ERR_NOT_FOUND);
}

static void
what_is_no_device_is_not_read(void **state)
{
	(void)state;
	needs_build();
	expect("/dev", FG_ERR_FORMAT);
	expect("/proc/self/exe", FG_ERR_FORMAT);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect(path, FG_ERR_FORMAT);
	(void)unlink(path);
	assert_int_equal(symlink("/dev/null", path), 0);
	expect(path, FG_ERR_FORMAT);
}

static void
another_device_does_not_answer_as_one(void **state)
{
	(void)state;
	needs_build();
	expect("/dev/null", FG_ERR_CLOSED);
	expect("/dev/zero", FG_ERR_FORMAT);
}

/* ---- one that hangs ----------------------------------------------------- */

static void
say_nothing(int client, const void *arg)
{
	struct pollfd p = { .fd = client, .events = 0 };

	(void)arg; /* nothing to say */
	(void)poll(&p, 1, -1); /* until it goes */
}

static void
one_that_never_answers_is_not_waited_for(void **state)
{
	(void)state;
	needs_build();
	serve(say_nothing, NULL);
	ask_at(path, SHORT_MS);
	expect_error(FG_ERR_TIMEOUT);
}

static void
nor_is_one_that_takes_no_command(void **state)
{
	int fd = tpms_listen(path); /* nobody accepts */

	(void)state;
	needs_build();
	ask_at(path, SHORT_MS);
	expect_error(FG_ERR_TIMEOUT);
	(void)close(fd);
}

struct bytes {
	const char *bytes;
	size_t len;
};

/* To each command, and then it takes no other one. */
static void
say_bytes(int client, const void *arg)
{
	const struct bytes *b = arg;
	char command[TPM_LINK_MAX];

	while (read(client, command, sizeof(command)) > 0)
		if (write(client, b->bytes, b->len) != (ssize_t)b->len)
			return;
}

#define BYTES(text) ((struct bytes){ (text), sizeof(text) - 1 })

/* As long as it says that there is more to come. */
static void
nor_is_one_that_stops_in_the_middle(void **state)
{
	static const struct bytes part[] = {
		{ "\x80\x01", 2 },
		{ "\x80\x01\x00\x00\x00\x0c\x00\x00\x00", 9 },
		{ "\x80\x01\x00\x00\x00\x0c\x00\x00\x00\x00\x00", 11 },
		{ "\x80\x01\x00\x00\x10\x00\x00\x00\x00\x00\x00", 11 },
	};

	(void)state;
	needs_build();
	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		serve(say_bytes, &part[i]);
		ask_at(path, SHORT_MS);
		expect_error(FG_ERR_TIMEOUT);
		end_server();
	}
}

/* A sealed key is not opened by then, and is no other error. */
static void
a_key_is_not_opened_by_one_that_hangs(void **state)
{
	(void)state;
	needs_build();
	serve(say_nothing, NULL);
	memset(&answer, 'x', sizeof(answer));
	tpm_ask(&(struct tpm_question){ .device = path,
		    .secret = zeros,
		    .timeout_ms = SHORT_MS },
	    &answer);
	assert_int_equal(answer.key.result, FG_ERR_TIMEOUT);
	assert_memory_equal(answer.key.secret, zeros, sizeof(zeros));
	assert_string_equal(answer.key.sealed, "");
	assert_string_equal(tpm_why(answer.key.result),
	    "the TPM did not answer in time");
}

/* ---- one that talks nonsense -------------------------------------------- */

static void
hang_up(int client, const void *arg)
{
	char command[TPM_LINK_MAX];

	(void)arg; /* nothing to say */
	(void)!read(client, command, sizeof(command)); /* whatever it is */
}

static void
one_that_hangs_up_has_not_answered(void **state)
{
	(void)state;
	needs_build();
	serve(hang_up, NULL);
	expect(path, FG_ERR_CLOSED);
}

static void
what_is_no_answer_is_none(void **state)
{
	static char much[TPM_LINK_MAX + 1] = "\x80\x01\x00\x00\x10\x01";
	static const struct bytes wrong[] = {
		{ "no answer at all", 16 },
		{ "\0\0\0\0\0\0\0\0\0\0\0\0", 12 },
		{ "\x80\x01\x00\x00\x00\x09\x00\x00\x00\x00", 10 },
		{ "\x80\x01\x00\x00\x00\x0a\x00\x00\x00\x00X", 11 },
		{ "\x80\x01\xff\xff\xff\xff\x00\x00\x00\x00", 10 },
		/* of the right size: a public key that ends too soon */
		{ "\x80\x01\x00\x00\x00\x0a\x00\x00\x00\x00", 10 },
		{ "\x80\x01\x00\x00\x00\x0c\x00\x00\x00\x00\xff\xff", 12 },
		{ "\x80\x02\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00", 12 },
		{ much, sizeof(much) },
	};

	(void)state;
	needs_build();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		serve(say_bytes, &wrong[i]);
		expect(path, FG_ERR_FORMAT);
		end_server();
	}
}

/* TPM_RC_FAILURE, TPM_RC_INITIALIZE and TPM_RC_LOCKOUT to each command. */
static void
one_that_says_no_has_refused(void **state)
{
	static const struct bytes no[] = {
		{ "\x80\x01\x00\x00\x00\x0a\x00\x00\x01\x01", 10 },
		{ "\x80\x01\x00\x00\x00\x0a\x00\x00\x01\x00", 10 },
		{ "\x80\x01\x00\x00\x00\x0a\x00\x00\x09\x21", 10 },
	};

	(void)state;
	needs_build();
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		serve(say_bytes, &no[i]);
		expect(path, FG_ERR_REFUSED);
		end_server();
	}
}

/* ---- one whose answers are changed on the way --------------------------- */

/* Of its answers, counted from 1: which one, where, and what is put there. */
struct change {
	unsigned int nth;
	size_t at;
	uint8_t bits;
};

static int
connect_to_tpm(void)
{
	int fd;

	return tpm_link_open(tpm.socket, &fd) == 0 ? fd : -1;
}

static void
relay(int client, const void *arg)
{
	const struct change *change = arg;
	struct tpm_link to = { .until_ns = INT64_MAX };
	uint8_t buf[TPM_LINK_MAX];
	unsigned int nth = 0;
	size_t len;
	ssize_t n;

	to.fd = connect_to_tpm();
	while ((n = read(client, buf, sizeof(buf))) > 0) {
		if (tpm_link_send(&to, buf, (size_t)n) != 0 ||
		    tpm_link_receive(&to, buf, sizeof(buf), &len) != 0)
			break;
		if (++nth == change->nth && change->at < len)
			buf[change->at] ^= change->bits;
		if (write(client, buf, len) != (ssize_t)len)
			break;
	}
	(void)close(to.fd);
}

static void
needs_swtpm(void)
{
	if (!tpms_are_there())
		skip();
	tpms_start(&tpm);
}

#define ANSWERS 12 /* more than there are */

static char sealed[TPM_BLOB_TEXT_SIZE];
static uint8_t secret[CRYPTO_KEY_SIZE];

static void
seal_at(const char *device, unsigned int timeout_ms)
{
	tpm_ask(&(struct tpm_question){ .device = device,
		    .secret = secret,
		    .timeout_ms = timeout_ms },
	    &answer);
}

static void
open_at(const char *device, unsigned int timeout_ms)
{
	tpm_ask(&(struct tpm_question){ .device = device,
		    .sealed = sealed,
		    .timeout_ms = timeout_ms },
	    &answer);
}

static unsigned int fine, failed;

/*
 * What a relay makes of it: calls check for each change. The TPM has forgotten
 * what was left in it when it is switched on again.
 */
static void
change_each(void (*check)(void))
{
	/* not the length, which would be waited for */
	static const size_t at[] = { 1, 9, 12, 14, 17, 30, 60, 90 };
	struct change change = { .nth = 0 };

	fine = failed = 0;
	for (change.nth = 1; change.nth < ANSWERS; change.nth++)
		for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
			change.at = at[i];
			change.bits = (uint8_t)(1u << (i + change.nth) % 8);
			serve(relay, &change);
			check();
			end_server();
			if (answer.key.result == 0)
				fine++;
			else
				failed++;
			tpms_halt(&tpm);
			tpms_go_on(&tpm);
		}
	/* some are of no answer, or of bytes that mean nothing */
	assert_true(fine > 0 && failed > ANSWERS);
}

static void
check_open(void)
{
	open_at(path, TIMEOUT_MS);
	assert_int_equal(answer.left, 0);
	assert_memory_equal(answer.key.secret,
	    answer.key.result == 0 ? secret : zeros, sizeof(zeros));
}

static void
an_answer_that_was_changed_opens_no_other_key(void **state)
{
	const struct change none = { .nth = 0 };

	(void)state;
	needs_swtpm();
	crypto_random(secret, sizeof(secret));
	seal_at(tpm.socket, TIMEOUT_MS);
	assert_int_equal(answer.key.result, 0);
	strcpy(sealed, answer.key.sealed);
	serve(relay, &none);
	open_at(path, TIMEOUT_MS);
	assert_int_equal(answer.key.result, 0);
	end_server();
	change_each(check_open);
}

/* What was sealed is what is opened then, by the TPM itself. */
static void
check_seal(void)
{
	seal_at(path, TIMEOUT_MS);
	assert_int_equal(answer.left, 0);
	if (answer.key.result != 0) {
		assert_string_equal(answer.key.sealed, "");
		return;
	}
	strcpy(sealed, answer.key.sealed);
	open_at(tpm.socket, TIMEOUT_MS);
	assert_int_equal(answer.key.result, 0);
	assert_memory_equal(answer.key.secret, secret, sizeof(secret));
}

static void
an_answer_that_was_changed_seals_no_other_key(void **state)
{
	(void)state;
	needs_swtpm();
	crypto_random(secret, sizeof(secret));
	change_each(check_seal);
}

/* Somebody who listens on the line learns nothing of it. */
static void
look_for_secret(int client, const void *arg)
{
	struct tpm_link to = { .until_ns = INT64_MAX };
	uint8_t buf[TPM_LINK_MAX];
	size_t len;
	ssize_t n;

	(void)arg; /* nothing is changed */
	to.fd = connect_to_tpm();
	while ((n = read(client, buf, sizeof(buf))) > 0) {
		if (memmem(buf, (size_t)n, secret, sizeof(secret)) != NULL ||
		    tpm_link_send(&to, buf, (size_t)n) != 0 ||
		    tpm_link_receive(&to, buf, sizeof(buf), &len) != 0 ||
		    memmem(buf, len, secret, sizeof(secret)) != NULL ||
		    write(client, buf, len) != (ssize_t)len)
			break;
	}
	(void)close(to.fd);
}

static void
a_key_is_not_to_be_read_on_the_line(void **state)
{
	(void)state;
	needs_swtpm();
	crypto_random(secret, sizeof(secret));
	serve(look_for_secret, NULL);
	seal_at(path, TIMEOUT_MS);
	assert_int_equal(answer.key.result, 0);
	strcpy(sealed, answer.key.sealed);
	open_at(path, TIMEOUT_MS);
	assert_int_equal(answer.key.result, 0);
	assert_memory_equal(answer.key.secret, secret, sizeof(secret));
}

/* ---- who asks ----------------------------------------------------------- */

/* Of whoever is connected: whose process it is. */
static void
tell_uid(int client, const void *arg)
{
	char line[64], name[64];
	struct ucred peer;
	socklen_t len = sizeof(peer);
	uid_t uid = 0;
	FILE *f;

	if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
		return;
	/* When it speaks it has become who it is going to be. */
	(void)!read(client, line, sizeof(line));
	(void)snprintf(name, sizeof(name), "/proc/%d/status", (int)peer.pid);
	f = fopen(name, "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		(void)sscanf(line, "Uid: %u", &uid);
	if (f != NULL)
		(void)fclose(f);
	(void)!write(*(const int *)arg, &uid, sizeof(uid)); /* asserted */
}

static void
it_is_asked_by_somebody_else(void **state)
{
	const struct priv_ids ids = { .uid = 65534, .gid = 65534 };
	uid_t uid = 0;
	int told[2];

	(void)state;
	needs_build();
	needs_root();
	assert_int_equal(pipe(told), 0);
	serve(tell_uid, &told[1]);
	memset(&answer, 'x', sizeof(answer));
	tpm_ask(&(struct tpm_question){ .device = path,
		    .ek = true,
		    .ids = &ids,
		    .seccomp = SANDBOX_KILL,
		    .timeout_ms = TIMEOUT_MS },
	    &answer);
	expect_error(FG_ERR_CLOSED);
	assert_int_equal(read(told[0], &uid, sizeof(uid)), sizeof(uid));
	assert_int_equal(uid, ids.uid);
	(void)close(told[0]);
	(void)close(told[1]);
}

/* All that it needs is allowed, or it would be killed. */
static void
a_confined_process_can_ask_it(void **state)
{
	const struct priv_ids ids = { .uid = 65534, .gid = 65534 };

	(void)state;
	needs_root();
	needs_swtpm();
	crypto_random(secret, sizeof(secret));
	seal_at(tpm.socket, TIMEOUT_MS);
	strcpy(sealed, answer.key.sealed);
	tpm_ask(&(struct tpm_question){ .device = tpm.socket,
		    .ek = true,
		    .sealed = sealed,
		    .ids = &ids,
		    .seccomp = SANDBOX_KILL,
		    .timeout_ms = TIMEOUT_MS },
	    &answer);
	assert_int_equal(answer.ek.result, 0);
	assert_int_equal(answer.key.result, 0);
	assert_memory_equal(answer.key.secret, secret, sizeof(secret));
}

/* The line is the child's: the one who waits has nothing open afterwards. */
static void
nothing_stays_open(void **state)
{
	int before, after;

	(void)state;
	needs_build();
	serve(say_nothing, NULL);
	before = open("/dev/null", O_RDONLY | O_CLOEXEC);
	(void)close(before);
	ask_at(path, SHORT_MS);
	after = open("/dev/null", O_RDONLY | O_CLOEXEC);
	(void)close(after);
	assert_int_equal(after, before);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(where_nothing_is_there_is_no_tpm),
		TEST(a_socket_that_nobody_listens_at_is_no_tpm),
		TEST(what_is_no_device_is_not_read),
		TEST(another_device_does_not_answer_as_one),
		TEST(one_that_never_answers_is_not_waited_for),
		TEST(nor_is_one_that_takes_no_command),
		TEST(nor_is_one_that_stops_in_the_middle),
		TEST(a_key_is_not_opened_by_one_that_hangs),
		TEST(one_that_hangs_up_has_not_answered),
		TEST(what_is_no_answer_is_none),
		TEST(one_that_says_no_has_refused),
		TEST(an_answer_that_was_changed_opens_no_other_key),
		TEST(an_answer_that_was_changed_seals_no_other_key),
		TEST(a_key_is_not_to_be_read_on_the_line),
		TEST(it_is_asked_by_somebody_else),
		TEST(a_confined_process_can_ask_it),
		TEST(nothing_stays_open),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
