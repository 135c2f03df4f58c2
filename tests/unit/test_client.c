/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The connecting side against listeners that behave and that do not. The
 * listener is a child process that plays one script and ends.
 */
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/client.h"
#include "proto/msg.h"
#include "proto/result.h"
#include "tests/unit/asroot.h"

#define TEST(name) cmocka_unit_test_teardown(name, clean_up)
#define LONG_MS	   20000u /* never waited for: the harness ends before */
#define SHORT_MS   150u
#define WATCHDOG_S 60

static char dir[] = "/tmp/fg-client-XXXXXX";
static char path[64];
static int listener = -1;
static pid_t child;

/* One request is read into in; the script answers on fd. */
typedef void (*script_fn)(int fd, uint8_t *in, size_t len);

static void
listen_at(int type, int backlog)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	(void)unlink(path);
	memcpy(addr.sun_path, path, sizeof(path));
	listener = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&addr, sizeof(addr)),
	    0);
	assert_int_equal(listen(listener, backlog), 0);
}

static void
serve(script_fn script)
{
	uint8_t in[FG_MSG_MAX];
	ssize_t n;
	int fd;

	listen_at(SOCK_SEQPACKET, 4);
	if ((child = fork()) != 0)
		return;
	(void)alarm(30); /* an orphan does not stay */
	if ((fd = accept(listener, NULL, NULL)) < 0 ||
	    (n = recv(fd, in, sizeof(in), 0)) < 0)
		_exit(1);
	script(fd, in, (size_t)n);
	/* Stay until the client has closed, so that it is not hurried. */
	(void)recv(fd, in, sizeof(in), 0);
	_exit(0);
}

static int
clean_up(void **state)
{
	(void)state;
	if (listener >= 0)
		(void)close(listener);
	listener = -1;
	if (child > 0) {
		(void)kill(child, SIGKILL);
		(void)waitpid(child, NULL, 0);
	}
	child = 0;
	(void)unlink(path);
	return 0;
}

static struct fg_header
answer_header(uint8_t *in, size_t len)
{
	struct fg_header hdr;

	if (fg_msg_get_header(in, len, &hdr) != 0)
		_exit(1);
	hdr.sequence++;
	return hdr;
}

static void
send_all(int fd, const void *p, size_t len)
{
	if (send(fd, p, len, MSG_NOSIGNAL) != (ssize_t)len)
		_exit(1);
}

static void
answer_report(int fd, uint8_t *in, size_t len)
{
	struct fg_header hdr = answer_header(in, len);
	struct fg_report m = { 0, "{}" };

	if (fg_msg_put_report(in, FG_MSG_MAX, &hdr, &m, &len) == 0)
		send_all(fd, in, len);
}

static void
answer_with_another_id(int fd, uint8_t *in, size_t len)
{
	in[31] ^= 1;
	answer_report(fd, in, len);
}

static void
answer_with_the_same_sequence(int fd, uint8_t *in, size_t len)
{
	in[7]--;
	answer_report(fd, in, len);
}

static void
answer_with_another_version(int fd, uint8_t *in, size_t len)
{
	struct fg_header hdr = answer_header(in, len);
	struct fg_report m = { 0, "{}" };

	if (fg_msg_put_report(in, FG_MSG_MAX, &hdr, &m, &len) != 0)
		_exit(1);
	in[4]++;
	send_all(fd, in, len);
}

static void
answer_too_much(int fd, uint8_t *in, size_t len)
{
	static uint8_t big[FG_MSG_MAX + 1];

	memcpy(big, in, len);
	send_all(fd, big, sizeof(big));
}

static void
answer_nothing(int fd, uint8_t *in, size_t len)
{
	(void)len;
	send_all(fd, in, 0);
}

static void
answer_half_a_header(int fd, uint8_t *in, size_t len)
{
	(void)len;
	send_all(fd, in, FG_HEADER_SIZE / 2);
}

static void
close_at_once(int fd, uint8_t *in, size_t len)
{
	(void)in;
	(void)len;
	(void)close(fd);
	_exit(0);
}

static void
never_answer(int fd, uint8_t *in, size_t len)
{
	(void)fd;
	(void)in;
	(void)len;
}

static void
answer_fail(int fd, uint8_t *in, size_t len, uint8_t why)
{
	struct fg_header hdr = answer_header(in, len);
	struct fg_fail_msg m = { why, FG_VERSION };

	if (fg_msg_put_fail(in, FG_MSG_MAX, &hdr, &m, &len) == 0)
		send_all(fd, in, len);
}

static void
answer_busy(int fd, uint8_t *in, size_t len)
{
	answer_fail(fd, in, len, FG_FAIL_BUSY);
}

static void
answer_fail_version(int fd, uint8_t *in, size_t len)
{
	answer_fail(fd, in, len, FG_FAIL_VERSION);
}

static void
answer_not_permitted(int fd, uint8_t *in, size_t len)
{
	answer_fail(fd, in, len, FG_FAIL_NOT_PERMITTED);
}

static void
answer_other_name(int fd, uint8_t *in, size_t len)
{
	answer_fail(fd, in, len, FG_FAIL_OTHER_NAME);
}

static void
answer_an_unknown_fail(int fd, uint8_t *in, size_t len)
{
	answer_fail(fd, in, len, 200);
}

/* It asks, and answers itself before it hears of it. */
static void
ask_and_answer_at_once(int fd, uint8_t *in, size_t len)
{
	const struct fg_need need = { FG_NEED_GROUPS, 1, { "staff" } };
	struct fg_header hdr = answer_header(in, len);

	if (fg_msg_put_need(in, FG_MSG_MAX, &hdr, &need, &len) != 0)
		_exit(1);
	send_all(fd, in, len);
	answer_report(fd, in, len);
}

/* The same, and it is gone then. */
static void
ask_answer_and_close(int fd, uint8_t *in, size_t len)
{
	ask_and_answer_at_once(fd, in, len);
	close_at_once(fd, in, len);
}

/* The same once the second message is there, which it leaves unread. */
static void
ask_wait_answer_and_close(int fd, uint8_t *in, size_t len)
{
	const struct fg_need need = { FG_NEED_GROUPS, 1, { "staff" } };
	struct fg_header hdr = answer_header(in, len);
	uint8_t peek;

	if (fg_msg_put_need(in, FG_MSG_MAX, &hdr, &need, &len) != 0)
		_exit(1);
	send_all(fd, in, len);
	if (recv(fd, &peek, 1, MSG_PEEK) != 1)
		_exit(1);
	answer_report(fd, in, len);
	close_at_once(fd, in, len);
}

static uint8_t fail_said; /* in the last answer */

/* Ask for the status and receive one answer. */
static int
ask(unsigned int timeout_ms, struct fg_header *ret_hdr)
{
	struct fg_client client;
	size_t len;
	int r;

	memset(ret_hdr, 0, sizeof(*ret_hdr));
	if ((r = fg_client_open(&client, path, timeout_ms)) != 0)
		goto out;
	fg_client_next(&client);
	if ((r = fg_msg_put_empty(client.data, FG_MSG_MAX, &client.hdr,
		 FG_MSG_STATUS, &len)) != 0 ||
	    (r = fg_client_send(&client, len)) != 0)
		goto out;
	r = fg_client_recv(&client, ret_hdr, &len);
out:
	fail_said = client.fail;
	fg_client_done(&client);
	fg_client_done(&client);
	return r;
}

static int
ask_served(script_fn script, unsigned int timeout_ms)
{
	struct fg_header hdr;
	int r;

	serve(script);
	r = ask(timeout_ms, &hdr);
	if (r != 0)
		assert_int_equal(hdr.type, FG_MSG_NONE);
	return r;
}

static void
an_answer_in_its_turn_is_taken(void **state)
{
	struct fg_header hdr;

	(void)state;
	serve(answer_report);
	assert_int_equal(ask(LONG_MS, &hdr), 0);
	assert_int_equal(hdr.type, FG_MSG_REPORT);
	assert_int_equal(hdr.sequence, 2);
}

static void
an_answer_to_another_connection_is_refused(void **state)
{
	(void)state;
	assert_int_equal(ask_served(answer_with_another_id, LONG_MS),
	    FG_ERR_FORMAT);
}

static void
an_answer_out_of_its_turn_is_refused(void **state)
{
	(void)state;
	assert_int_equal(ask_served(answer_with_the_same_sequence, LONG_MS),
	    FG_ERR_FORMAT);
}

static void
an_answer_of_another_version_is_refused(void **state)
{
	(void)state;
	assert_int_equal(ask_served(answer_with_another_version, LONG_MS),
	    FG_ERR_VERSION);
}

static void
an_oversize_answer_is_refused(void **state)
{
	(void)state;
	assert_int_equal(ask_served(answer_too_much, LONG_MS), FG_ERR_LIMIT);
}

static void
an_empty_answer_is_the_end(void **state)
{
	(void)state;
	assert_int_equal(ask_served(answer_nothing, LONG_MS), FG_ERR_CLOSED);
}

static void
half_a_header_is_refused(void **state)
{
	(void)state;
	assert_int_equal(ask_served(answer_half_a_header, LONG_MS),
	    FG_ERR_SHORT);
}

static void
a_connection_closed_without_an_answer_is_noticed(void **state)
{
	(void)state;
	assert_int_equal(ask_served(close_at_once, LONG_MS), FG_ERR_CLOSED);
}

static void
silence_ends_at_the_deadline(void **state)
{
	(void)state;
	assert_int_equal(ask_served(never_answer, SHORT_MS), FG_ERR_TIMEOUT);
}

static void
a_failure_says_why(void **state)
{
	(void)state;
	assert_int_equal(ask_served(answer_busy, LONG_MS), FG_ERR_BUSY);
	(void)clean_up(NULL);
	assert_int_equal(ask_served(answer_fail_version, LONG_MS),
	    FG_ERR_VERSION);
	(void)clean_up(NULL);
	assert_int_equal(ask_served(answer_not_permitted, LONG_MS),
	    FG_ERR_REFUSED);
	assert_int_equal(fail_said, FG_FAIL_NOT_PERMITTED);
	(void)clean_up(NULL);
	assert_int_equal(ask_served(answer_other_name, LONG_MS),
	    FG_ERR_REFUSED);
	assert_int_equal(fail_said, FG_FAIL_OTHER_NAME);
	(void)clean_up(NULL);
	assert_int_equal(ask_served(answer_an_unknown_fail, LONG_MS),
	    FG_ERR_FORMAT);
	assert_int_equal(fail_said, FG_FAIL_NONE);
}

static void
no_socket_is_unreachable(void **state)
{
	struct fg_header hdr;

	(void)state;
	assert_int_equal(ask(LONG_MS, &hdr), FG_ERR_UNREACHABLE);
}

static void
a_socket_without_a_listener_is_unreachable(void **state)
{
	struct fg_header hdr;

	(void)state;
	listen_at(SOCK_SEQPACKET, 1);
	(void)close(listener);
	listener = -1;
	assert_int_equal(ask(LONG_MS, &hdr), FG_ERR_UNREACHABLE);
}

static void
a_socket_of_another_type_or_a_file_is_unreachable(void **state)
{
	struct fg_header hdr;
	int fd;

	(void)state;
	listen_at(SOCK_STREAM, 1);
	assert_int_equal(ask(LONG_MS, &hdr), FG_ERR_UNREACHABLE);
	assert_int_equal(unlink(path), 0);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_int_equal(ask(LONG_MS, &hdr), FG_ERR_UNREACHABLE);
}

static void
a_path_too_long_for_a_socket_is_an_error_not_a_cut(void **state)
{
	char too_long[200];
	struct fg_client client;

	(void)state;
	memset(too_long, 'a', sizeof(too_long));
	too_long[0] = '/';
	too_long[sizeof(too_long) - 1] = '\0';
	assert_int_equal(fg_client_open(&client, too_long, LONG_MS),
	    FG_ERR_SYSTEM);
	assert_int_equal(errno, ENAMETOOLONG);
	fg_client_done(&client);
}

/* Connect until the backlog is full; the sockets stay open. */
static size_t
fill_backlog(int fds[8])
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t n;

	memcpy(addr.sun_path, path, sizeof(path));
	for (n = 0; n < 8; n++) {
		fds[n] = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);
		assert_true(fds[n] >= 0);
		if (connect(fds[n], (struct sockaddr *)&addr, sizeof(addr)) !=
		    0)
			break;
	}
	assert_true(n < 8);
	assert_int_equal(errno, EAGAIN);
	return n + 1;
}

static void
a_full_backlog_is_busy(void **state)
{
	struct fg_header hdr;
	int fds[8];
	size_t n;

	(void)state;
	listen_at(SOCK_SEQPACKET, 0);
	n = fill_backlog(fds);
	assert_int_equal(ask(LONG_MS, &hdr), FG_ERR_BUSY);
	/* The deadline counts while the backlog is tried again, too. */
	assert_int_equal(ask(1, &hdr), FG_ERR_TIMEOUT);
	while (n > 0)
		(void)close(fds[--n]);
}

static void
a_listener_that_is_not_root_is_refused(void **state)
{
	struct fg_header hdr;
	int ready[2];
	char c;

	(void)state;
	if (getenv("FG_ASROOT") != NULL)
		skip(); /* the namespace has no second user */
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(chmod(dir, 0777), 0);
	if ((child = fork()) == 0) {
		if (setuid(65534) != 0)
			_exit(1);
		listen_at(SOCK_SEQPACKET, 4);
		(void)!write(ready[1], "x", 1);
		(void)alarm(30);
		for (;;)
			(void)pause();
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(ask(LONG_MS, &hdr), FG_ERR_PEER);
	(void)close(ready[0]);
	(void)close(ready[1]);
}

static void
the_socket_never_becomes_a_standard_stream(void **state)
{
	struct fg_client client;
	int saved[3];
	int r;

	(void)state;
	listen_at(SOCK_SEQPACKET, 4);
	for (int fd = 0; fd < 3; fd++) {
		saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
		(void)close(fd);
	}
	r = fg_client_open(&client, path, LONG_MS);
	for (int fd = 0; fd < 3; fd++) {
		/* Nothing else was left there either. */
		if (fcntl(fd, F_GETFD) != -1)
			r = -1000;
		(void)dup2(saved[fd], fd);
		(void)close(saved[fd]);
	}
	assert_int_equal(r, 0);
	assert_true(client.fd >= 3);
	assert_true((fcntl(client.fd, F_GETFD) & FD_CLOEXEC) != 0);
	fg_client_done(&client);
	assert_int_equal(client.fd, -1);
	assert_null(client.data);
}

static volatile sig_atomic_t ticks;

static void
tick(int signo)
{
	(void)signo;
	ticks++;
}

/*
 * With a signal each millisecond no wait is ever finished undisturbed: a
 * client that started over after each would wait for ever.
 */
static void
a_storm_of_signals_does_not_prolong_the_deadline(void **state)
{
	struct itimerval storm = { { 0, 1000 }, { 0, 1000 } },
			 calm = { { 0, 0 }, { 0, 0 } };
	struct sigaction sa = { .sa_handler = tick }, old;
	int r;

	(void)state;
	serve(never_answer);
	ticks = 0;
	assert_int_equal(sigaction(SIGALRM, &sa, &old), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &storm, NULL), 0);
	{
		struct fg_header hdr;

		r = ask(SHORT_MS, &hdr);
	}
	assert_int_equal(setitimer(ITIMER_REAL, &calm, NULL), 0);
	assert_int_equal(sigaction(SIGALRM, &old, NULL), 0);
	(void)alarm(WATCHDOG_S); /* it is the same timer */
	assert_int_equal(r, FG_ERR_TIMEOUT);
	assert_true(ticks > 1);
}

static void
each_connection_has_its_own_id_and_dies_on_exec(void **state)
{
	struct fg_client a, b;

	(void)state;
	listen_at(SOCK_SEQPACKET, 4);
	assert_int_equal(fg_client_open(&a, path, LONG_MS), 0);
	assert_int_equal(fg_client_open(&b, path, LONG_MS), 0);
	assert_memory_not_equal(a.hdr.id, b.hdr.id, FG_ID_SIZE);
	/* Neither of them survives an exec of the caller's. */
	assert_true((fcntl(a.fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_true((fcntl(b.fd, F_GETFD) & FD_CLOEXEC) != 0);
	fg_client_done(&a);
	fg_client_done(&b);
}

static void
a_message_beyond_the_limit_is_not_sent(void **state)
{
	struct fg_client client;

	(void)state;
	listen_at(SOCK_SEQPACKET, 4);
	assert_int_equal(fg_client_open(&client, path, LONG_MS), 0);
	assert_int_equal(fg_client_send(&client, FG_MSG_MAX + 1), FG_ERR_LIMIT);
	fg_client_done(&client);
}

static void
sending_to_a_listener_that_is_gone_is_no_signal(void **state)
{
	struct fg_client client;
	int fd;

	(void)state;
	listen_at(SOCK_SEQPACKET, 4);
	assert_int_equal(fg_client_open(&client, path, LONG_MS), 0);
	fd = accept(listener, NULL, NULL);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_int_equal(fg_client_send(&client, 1), FG_ERR_CLOSED);
	fg_client_done(&client);
}

static void
put_and_send(struct fg_client *client, int want)
{
	size_t len;

	fg_client_next(client);
	assert_int_equal(fg_msg_put_empty(client->data, FG_MSG_MAX,
			     &client->hdr, FG_MSG_STATUS, &len),
	    0);
	assert_int_equal(fg_client_send(client, len), want);
}

/* Connect, ask, and take the question that comes back. */
static void
get_question(script_fn script, struct fg_client *client)
{
	struct fg_header hdr;
	size_t len;

	serve(script);
	assert_int_equal(fg_client_open(client, path, LONG_MS), 0);
	put_and_send(client, 0);
	assert_int_equal(fg_client_recv(client, &hdr, &len), 0);
	assert_int_equal(hdr.type, FG_MSG_NEED);
}

static int
get_answer(struct fg_client *client)
{
	struct fg_header hdr;
	size_t len;
	int r = fg_client_recv(client, &hdr, &len);

	if (r == 0) {
		assert_int_equal(hdr.type, FG_MSG_REPORT);
		assert_int_equal(hdr.sequence, 3);
	}
	fg_client_done(client);
	return r;
}

static void
wait_for_child(void)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	child = 0;
}

static void
what_is_pending_is_told_without_waiting(void **state)
{
	struct fg_client client;
	bool pending = true;
	int fd;

	(void)state;
	listen_at(SOCK_SEQPACKET, 4);
	assert_int_equal(fg_client_open(&client, path, LONG_MS), 0);
	fd = accept(listener, NULL, NULL);
	assert_true(fd >= 0);
	assert_int_equal(fg_client_pending(&client, &pending), 0);
	assert_false(pending);
	send_all(fd, "x", 1);
	assert_int_equal(fg_client_pending(&client, &pending), 0);
	assert_true(pending);
	assert_int_equal(recv(client.fd, client.data, 1, 0), 1);
	(void)close(fd);
	assert_int_equal(fg_client_pending(&client, &pending), 0);
	assert_true(pending);
	fg_client_done(&client);
}

static void
an_answer_that_is_there_counts_after_the_deadline(void **state)
{
	struct fg_client client;

	(void)state;
	get_question(ask_answer_and_close, &client);
	wait_for_child();
	client.deadline_ns = 0;
	assert_int_equal(get_answer(&client), 0);
}

static void
after_the_deadline_nothing_is_waited_for_or_sent(void **state)
{
	struct fg_client client;

	(void)state;
	get_question(ask_wait_answer_and_close, &client);
	client.deadline_ns = 0;
	put_and_send(&client, FG_ERR_TIMEOUT);
	assert_int_equal(get_answer(&client), FG_ERR_TIMEOUT);
}

static void
an_answer_outlives_a_peer_that_was_told_too_late(void **state)
{
	struct fg_client client;

	(void)state;
	get_question(ask_answer_and_close, &client);
	wait_for_child();
	put_and_send(&client, FG_ERR_CLOSED);
	client.may_cross = 1;
	assert_int_equal(get_answer(&client), 0);
}

/* The kernel reports the reset before it gives out what was said earlier. */
static void
an_answer_outlives_a_peer_that_left_the_last_word_unread(void **state)
{
	struct fg_client client;

	(void)state;
	get_question(ask_wait_answer_and_close, &client);
	put_and_send(&client, 0);
	client.may_cross = 1;
	wait_for_child();
	assert_int_equal(get_answer(&client), 0);
}

static void
an_answer_that_crosses_is_refused_where_none_may(void **state)
{
	struct fg_client client;

	(void)state;
	get_question(ask_and_answer_at_once, &client);
	put_and_send(&client, 0);
	assert_int_equal(get_answer(&client), FG_ERR_FORMAT);
}

static void
an_answer_may_cross_with_the_last_message_only(void **state)
{
	struct fg_client client;

	(void)state;
	get_question(ask_and_answer_at_once, &client);
	fg_client_next(&client);
	put_and_send(&client, 0);
	client.may_cross = 1;
	assert_int_equal(get_answer(&client), FG_ERR_FORMAT);
}

static void
an_answer_may_cross_with_as_many_as_the_caller_says(void **state)
{
	struct fg_client client;

	(void)state;
	get_question(ask_and_answer_at_once, &client);
	fg_client_next(&client);
	put_and_send(&client, 0);
	client.may_cross = 2;
	assert_int_equal(get_answer(&client), 0);
	assert_int_equal(client.may_cross, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_in_its_turn_is_taken),
		TEST(an_answer_to_another_connection_is_refused),
		TEST(an_answer_out_of_its_turn_is_refused),
		TEST(an_answer_of_another_version_is_refused),
		TEST(an_oversize_answer_is_refused),
		TEST(an_empty_answer_is_the_end),
		TEST(half_a_header_is_refused),
		TEST(a_connection_closed_without_an_answer_is_noticed),
		TEST(silence_ends_at_the_deadline),
		TEST(a_failure_says_why),
		TEST(no_socket_is_unreachable),
		TEST(a_socket_without_a_listener_is_unreachable),
		TEST(a_socket_of_another_type_or_a_file_is_unreachable),
		TEST(a_path_too_long_for_a_socket_is_an_error_not_a_cut),
		TEST(a_full_backlog_is_busy),
		TEST(a_listener_that_is_not_root_is_refused),
		TEST(the_socket_never_becomes_a_standard_stream),
		TEST(a_storm_of_signals_does_not_prolong_the_deadline),
		TEST(each_connection_has_its_own_id_and_dies_on_exec),
		TEST(a_message_beyond_the_limit_is_not_sent),
		TEST(sending_to_a_listener_that_is_gone_is_no_signal),
		TEST(what_is_pending_is_told_without_waiting),
		TEST(an_answer_that_is_there_counts_after_the_deadline),
		TEST(after_the_deadline_nothing_is_waited_for_or_sent),
		TEST(an_answer_outlives_a_peer_that_was_told_too_late),
		TEST(an_answer_outlives_a_peer_that_left_the_last_word_unread),
		TEST(an_answer_that_crosses_is_refused_where_none_may),
		TEST(an_answer_may_cross_with_the_last_message_only),
		TEST(an_answer_may_cross_with_as_many_as_the_caller_says),
	};
	int failed;

	(void)argc;
	asroot_or_skip(argv);
	if (mkdtemp(dir) == NULL)
		return 1;
	(void)snprintf(path, sizeof(path), "%s/socket", dir);
	(void)alarm(WATCHDOG_S);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)rmdir(dir);
	return failed;
}
