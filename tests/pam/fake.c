/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scripted daemon. It uses the product's codec to be a good daemon, and
 * spoils the bytes afterwards to be a bad one.
 */
#include "tests/pam/fake.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "proto/msg.h"

struct fake *fake;

static pid_t fake_pid;
static char fake_path[108];

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

static void
note(char *dst, size_t size, const char *s)
{
	(void)snprintf(dst, size, "%s", s);
}

static void
note_login(const struct fg_login *m)
{
	fake->phase = m->phase;
	fake->flags = m->flags;
	fake->pid = m->pid;
	fake->uid = m->uid;
	note(fake->service, sizeof(fake->service), m->service);
	note(fake->user, sizeof(fake->user), m->user);
	note(fake->ruser, sizeof(fake->ruser), m->ruser);
	note(fake->tty, sizeof(fake->tty), m->tty);
	note(fake->rhost, sizeof(fake->rhost), m->rhost);
	note(fake->ssh_connection, sizeof(fake->ssh_connection),
	    m->ssh_connection);
	note(fake->ssh_auth, sizeof(fake->ssh_auth), m->ssh_auth);
	note(fake->login_ref, sizeof(fake->login_ref), m->ref);
}

/* The names in fake->ask; they are in names then. */
static void
split_names(char *names, size_t size, struct fg_need *ret_need)
{
	char *rest = names, *name;

	note(names, size, fake->ask);
	*ret_need = (struct fg_need){ .what = FG_NEED_GROUPS };
	while (ret_need->count < FG_NEED_GROUPS_MAX &&
	    (name = strsep(&rest, ",")) != NULL && name[0] != '\0')
		ret_need->groups[ret_need->count++] = name;
}

static void
note_groups(const struct fg_groups *m)
{
	static char names[sizeof(fake->ask)];
	static struct fg_need need;
	size_t used = 0;

	split_names(names, sizeof(names), &need);
	fake->groups_failed = m->failed;
	fake->groups_count = m->count;
	must(m->failed || m->count == need.count, "as many as asked for");
	for (size_t i = 0; i < m->count && used < sizeof(fake->groups); i++) {
		if (m->member[i])
			used += (size_t)snprintf(fake->groups + used,
			    sizeof(fake->groups) - used, "%s,", need.groups[i]);
	}
}

static void
note_close(const struct fg_close *m)
{
	fake->closes++;
	fake->close_pid = m->pid;
	note(fake->close_ref, sizeof(fake->close_ref), m->ref);
}

static void
note_answer(const struct fg_answer *m)
{
	fake->answered++;
	fake->how = m->how;
	memset(fake->answer, 0, sizeof(fake->answer));
	if (m->len > 0)
		memcpy(fake->answer, m->bytes, m->len);
}

/* One message, noted. False if there was none. */
static bool
receive(int fd, struct fg_header *hdr)
{
	static uint8_t in[FG_MSG_MAX];
	static struct fg_groups groups;
	struct fg_login login;
	struct fg_close close;
	struct fg_answer answer;
	ssize_t n = recv(fd, in, sizeof(in), 0);

	if (n <= 0 || fg_msg_get_header(in, (size_t)n, hdr) != 0)
		return false;
	if (hdr->type == FG_MSG_LOGIN &&
	    fg_msg_get_login(in, (size_t)n, &login) == 0)
		note_login(&login);
	if (hdr->type == FG_MSG_GROUPS &&
	    fg_msg_get_groups(in, (size_t)n, &groups) == 0)
		note_groups(&groups);
	if (hdr->type == FG_MSG_CLOSE &&
	    fg_msg_get_close(in, (size_t)n, &close) == 0)
		note_close(&close);
	if (hdr->type == FG_MSG_ANSWER &&
	    fg_msg_get_answer(in, (size_t)n, &answer) == 0)
		note_answer(&answer);
	hdr->sequence++;
	return true;
}

static bool
send_need(int fd, struct fg_header *hdr)
{
	static char names[sizeof(fake->ask)];
	static uint8_t out[FG_MSG_MAX];
	static struct fg_need need;
	size_t len;

	split_names(names, sizeof(names), &need);
	return fg_msg_put_need(out, sizeof(out), hdr, &need, &len) == 0 &&
	    send(fd, out, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static bool
ask_groups(int fd, struct fg_header *hdr)
{
	return send_need(fd, hdr) && receive(fd, hdr);
}

static bool
send_prompt(int fd, struct fg_header *hdr)
{
	const struct fg_challenge m = { FG_STYLE_VISIBLE, fake->prompt };
	uint8_t out[512];
	size_t len;

	return fg_msg_put_challenge(out, sizeof(out), hdr, &m, &len) == 0 &&
	    send(fd, out, len, MSG_NOSIGNAL) == (ssize_t)len;
}

/* A careful daemon: with a fact missing, there is no allow. */
static bool
complete(void)
{
	return fake->service[0] != '\0' && fake->user[0] != '\0' &&
	    fake->ruser[0] != '\0' && fake->tty[0] != '\0' &&
	    fake->rhost[0] != '\0' && fake->ssh_connection[0] != '\0' &&
	    fake->uid != UINT32_MAX && !fake->groups_failed &&
	    (!fake->need || fake->groups[0] != '\0');
}

static size_t
put_verdict(uint8_t *out, const struct fg_header *hdr)
{
	struct fg_verdict_msg m = { fake->verdict, fake->would, fake->ref,
		fake->reason, fake->help };
	size_t len;

	if (fake->strict && !complete())
		m.verdict = m.would = FG_VERDICT_DENY;
	must(fg_msg_put_verdict(out, FG_MSG_MAX, hdr, &m, &len) == 0, "put");
	fake->sent = m.verdict;
	fake->answers++;
	return len;
}

static size_t
put_answer(uint8_t *out, size_t size, struct fg_header *hdr)
{
	const struct fg_fail_msg fail = { fake->fail, FG_VERSION };
	size_t len = 0;

	switch (fake->mode) {
	case FAKE_FAIL:
		(void)fg_msg_put_fail(out, FG_MSG_MAX, hdr, &fail, &len);
		return len;
	case FAKE_WRONG_SEQUENCE:
		hdr->sequence++;
		break;
	case FAKE_WRONG_ID:
		hdr->id[FG_ID_SIZE - 1] ^= 1;
		break;
	case FAKE_ANSWER:
	case FAKE_CLOSE_UNREAD:
	case FAKE_CLOSE:
	case FAKE_HANG:
	case FAKE_HALF:
	case FAKE_EMPTY:
	case FAKE_OVERSIZE:
	case FAKE_HUGE:
	case FAKE_TRAILING:
	case FAKE_TYPE:
	case FAKE_WRONG_VERSION:
	case FAKE_NEED_TWICE:
	case FAKE_LOSE_PATIENCE:
	case FAKE_IMPATIENT:
	case FAKE_CROSS:
		break;
	}
	len = put_verdict(out, hdr);
	if (fake->mode == FAKE_WRONG_VERSION)
		out[4] = FG_VERSION + 1;
	if (fake->mode == FAKE_TYPE)
		out[5] = fake->type;
	if (fake->mode == FAKE_HALF)
		len /= 2;
	if (fake->mode == FAKE_EMPTY)
		len = 0;
	if (fake->mode == FAKE_TRAILING)
		len++;
	if (fake->mode == FAKE_OVERSIZE)
		len = FG_MSG_MAX + 1;
	if (fake->mode == FAKE_HUGE)
		len = size;
	return len;
}

static void
nap(void)
{
	const struct timespec ts = { .tv_nsec = 1000000 };

	(void)nanosleep(&ts, NULL);
}

static void
ponder(void)
{
	for (unsigned int ms = 0; ms < fake->ponder_ms; ms++)
		nap();
}

/* As the daemon does when it has waited for the groups for long enough. */
static void
serve_impatiently(int fd, struct fg_header *hdr)
{
	static uint8_t out[FG_MSG_MAX];
	uint8_t peek;

	if (!send_need(fd, hdr))
		return;
	if (fake->mode == FAKE_CROSS)
		(void)recv(fd, &peek, sizeof(peek), MSG_PEEK);
	while (fake->hold)
		nap();
	if (fake->silent)
		return;
	hdr->sequence++;
	(void)send(fd, out, put_verdict(out, hdr), MSG_NOSIGNAL);
}

static void
serve_one(int fd)
{
	static uint8_t out[131072];
	struct fg_header hdr;
	size_t len;

	if (fake->mode == FAKE_CLOSE_UNREAD || !receive(fd, &hdr) ||
	    fake->mode == FAKE_CLOSE)
		return;
	if (fake->mode == FAKE_HANG) {
		(void)recv(fd, out, sizeof(out), 0);
		return;
	}
	if (fake->mode == FAKE_IMPATIENT || fake->mode == FAKE_CROSS) {
		serve_impatiently(fd, &hdr);
		return;
	}
	if (fake->need && !ask_groups(fd, &hdr))
		return;
	if (fake->mode == FAKE_NEED_TWICE &&
	    (!ask_groups(fd, &hdr) || !ask_groups(fd, &hdr)))
		return;
	for (unsigned int i = 0; i < fake->prompts; i++) {
		if (!send_prompt(fd, &hdr))
			return;
		if (fake->mode == FAKE_LOSE_PATIENCE)
			hdr.sequence++;
		else if (!receive(fd, &hdr))
			return;
	}
	ponder();
	memset(out, 0, sizeof(out));
	len = put_answer(out, sizeof(out), &hdr);
	(void)send(fd, out, len, MSG_NOSIGNAL);
	if (fake->mode == FAKE_LOSE_PATIENCE)
		return;
	/* Wait for the other side, so that the answer is what it sees. */
	(void)recv(fd, out, sizeof(out), 0);
}

static void
serve(int listener)
{
	int fd;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		if ((fd = accept(listener, NULL, NULL)) < 0)
			_exit(1);
		fake->connects++;
		serve_one(fd);
		(void)close(fd);
	}
}

void
fake_script(uint8_t verdict)
{
	memset(fake, 0, sizeof(*fake));
	fake->verdict = fake->would = verdict;
	note(fake->ref, sizeof(fake->ref), "7F3K-Q2MN");
	note(fake->reason, sizeof(fake->reason), "geo.country");
	note(fake->ask, sizeof(fake->ask), "root,");
	note(fake->prompt, sizeof(fake->prompt), "Code: ");
}

void
fake_start(const char *path, int backlog)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	note(fake_path, sizeof(fake_path), path);
	note(addr.sun_path, sizeof(addr.sun_path), path);
	fake = mmap(NULL, sizeof(*fake), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(fake != MAP_FAILED, "mmap");
	(void)unlink(path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	must(fd >= 0, "socket");
	must(bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0, "bind");
	must(listen(fd, backlog) == 0, "listen");
	fake_script(0);
	(void)fflush(NULL);
	if ((fake_pid = fork()) == 0)
		serve(fd);
	must(fake_pid > 0, "fork");
	(void)close(fd);
}

void
fake_stop(void)
{
	(void)kill(fake_pid, SIGKILL);
	(void)waitpid(fake_pid, NULL, 0);
	(void)unlink(fake_path);
	(void)munmap(fake, sizeof(*fake));
	fake = NULL;
}

void
fake_settle(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char end;
	int fd;

	/* It takes them in their order, so the last one tells of all. */
	note(addr.sun_path, sizeof(addr.sun_path), fake_path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	must(fd >= 0, "socket");
	must(connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0,
	    "connect");
	(void)shutdown(fd, SHUT_WR);
	(void)recv(fd, &end, sizeof(end), 0);
	(void)close(fd);
}

void
fake_suspend(void)
{
	int status;

	must(kill(fake_pid, SIGSTOP) == 0, "kill");
	must(waitpid(fake_pid, &status, WUNTRACED) == fake_pid, "waitpid");
}

void
fake_resume(void)
{
	must(kill(fake_pid, SIGCONT) == 0, "kill");
}
