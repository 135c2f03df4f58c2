/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scanner's side: the reader's life, one question at a time, and what has
 * not been answered.
 */
#include "policyd/scanner/reader.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "policyd/scanner/hold.h"
#include "policyd/scanner/procs_read.h"
#include "policyd/scanner/reader_child.h"
#include "policyd/scanner/slow.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define READER_MS	INT64_C(1000000) /* in nanoseconds */
#define READER_MORE_MS	5
#define READER_BUSY_MS	200
#define READER_SURE_MS	10 /* a shorter wait tells nothing */
#define READER_END_MS	5 /* for one that was killed */
#define READER_DYING	4u
#define READER_ATTEMPTS 2

/* A child of this process. */
struct reader_process {
	pid_t pid; /* 0: there is none */
	int fd; /* to ask it by; -1 */
	int pidfd;
};

static struct {
	pid_t parent; /* whose child it is */
	struct reader_process now;
	/* Some waits not even SIGKILL ends: those readers are left to end. */
	struct reader_process dying[READER_DYING];
	unsigned int forks; /* that are still allowed */
	int64_t until_ns;
	struct slow slow;
} reader = { .forks = READER_FORKS, .until_ns = INT64_MAX };

void
reader_allow(unsigned int forks, int64_t until_ns)
{
	reader.forks = forks;
	reader.until_ns = until_ns;
}

void
reader_until(int64_t until_ns)
{
	reader.until_ns = until_ns;
}

bool
reader_is(int32_t pid)
{
	size_t i;

	if (pid <= 0)
		return false;
	for (i = 0; i < READER_DYING; i++)
		if (reader.dying[i].pid == pid)
			return true;
	return reader.now.pid == pid;
}

/* ---- Its life ----------------------------------------------------------- */

/* False: it has not ended yet. */
static bool
reap(struct reader_process *p)
{
	siginfo_t info = { 0 };

	if (waitid(P_PIDFD, (id_t)p->pidfd, &info, WEXITED | WNOHANG) == 0 &&
	    info.si_pid == 0)
		return false;
	(void)close(p->pidfd); /* nothing to lose */
	*p = (struct reader_process){ .fd = -1, .pidfd = -1 };
	return true;
}

/* Room for one more that does not end; NULL: there are too many. */
static struct reader_process *
reap_dying(void)
{
	struct reader_process *room = NULL;
	size_t i;

	for (i = 0; i < READER_DYING; i++)
		if (reader.dying[i].pid == 0 || reap(&reader.dying[i]))
			room = &reader.dying[i];
	return room;
}

static void
stop(void)
{
	struct reader_process *p = &reader.now, *room;
	struct pollfd pfd = { .fd = p->pidfd, .events = POLLIN };

	(void)close(p->fd); /* what it still says is late */
	(void)hold_signal(p->pidfd, SIGKILL); /* it may have ended */
	(void)poll(&pfd, 1, READER_END_MS);
	/* start() has seen to it that there is room. */
	if (!reap(p) && (room = reap_dying()) != NULL) {
		*room = *p;
		*p = (struct reader_process){ .fd = -1, .pidfd = -1 };
	}
}

/* Without a pidfd it could not be ended: it ends as nobody asks. */
static int
hold(pid_t pid, int fd)
{
	int pidfd, r;

	if ((r = hold_open(pid, &pidfd)) != 0) {
		(void)close(fd); /* nothing was said */
		(void)waitid(P_PID, (id_t)pid, NULL, WEXITED);
		return r;
	}
	reader.now =
	    (struct reader_process){ .pid = pid, .fd = fd, .pidfd = pidfd };
	return 0;
}

void
reader_stop(void)
{
	if (reader.now.pid != 0 && reader.parent == getpid())
		stop();
	memset(&reader.slow, 0, sizeof(reader.slow));
}

/* Of who was forked from its parent it is nobody. */
static void
forget_others(void)
{
	if (reader.now.pid == 0 || reader.parent == getpid())
		return;
	(void)close(reader.now.fd); /* the parent has its own */
	(void)close(reader.now.pidfd); /* the same */
	reader.now = (struct reader_process){ .fd = -1, .pidfd = -1 };
}

static int
start(void)
{
	pid_t parent = getpid(), pid;
	int pair[2];

	if (reader.forks == 0 || reap_dying() == NULL)
		return FG_ERR_LIMIT;
	reader.forks--;
	/* So that the child has it open as well. */
	(void)procs_folder();
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return FG_ERR_SYSTEM;
	if ((pid = fork()) == 0)
		reader_main(pair[1], parent);
	(void)close(pair[1]); /* the child's */
	if (pid == -1) {
		(void)close(pair[0]); /* nobody's */
		return FG_ERR_SYSTEM;
	}
	reader.parent = parent;
	return hold(pid, pair[0]);
}

/* ---- One question ------------------------------------------------------- */

/* 1: there is something to receive; 0: not until then. */
static int
await_until(int64_t end_ns)
{
	struct pollfd pfd = { .fd = reader.now.fd, .events = POLLIN };
	struct timespec left;
	int64_t left_ns;
	int n;

	if (end_ns > reader.until_ns)
		end_ns = reader.until_ns;
	do {
		if ((left_ns = end_ns - walk_now_ns()) < 0)
			left_ns = 0;
		left.tv_sec = left_ns / 1000000000;
		left.tv_nsec = left_ns % 1000000000;
		n = ppoll(&pfd, 1, &left, NULL);
	} while (n == -1 && errno == EINTR);
	return n;
}

/* 'R' waits for a processor only; '\0' where nobody knows. */
static char
state_of_reader(void)
{
	char name[PROCS_NAME_SIZE];
	struct procs_stat st;

	if (text_format(name, sizeof(name), "%d/stat", (int)reader.now.pid) !=
		0 ||
	    procs_read_stat(procs_folder(), name, &st) != 0)
		return '\0';
	return st.state;
}

/*
 * Returns 0 when there is something to receive. A machine that is busy lets
 * the reader wait as well: that says nothing of what it reads.
 */
static int
await(int64_t from_ns)
{
	int64_t now_ns = from_ns, end_ns = from_ns + READER_WAIT_MS * READER_MS;
	char state;
	int n;

	do {
		if ((n = await_until(end_ns)) != 0)
			return n == 1 ? 0 : FG_ERR_SYSTEM;
		state = state_of_reader();
		now_ns = walk_now_ns();
		end_ns = now_ns + READER_MORE_MS * READER_MS;
	} while (state == 'R' && now_ns < reader.until_ns &&
	    now_ns - from_ns < READER_BUSY_MS * READER_MS);
	if ((state != 'D' && state != 'S') ||
	    now_ns - from_ns < READER_SURE_MS * READER_MS)
		return FG_ERR_TIMEOUT;
	/* It may have come to its answer only now. */
	return await_until(end_ns) == 1 ? 0 : FG_ERR_BUSY;
}

static int
receive(const struct reader_request *req, struct reader_answer *ret_ans)
{
	ssize_t n;

	n = recv(reader.now.fd, ret_ans, sizeof(*ret_ans),
	    MSG_DONTWAIT | MSG_TRUNC);
	if (n < (ssize_t)offsetof(struct reader_answer, bytes) ||
	    ret_ans->len > req->size ||
	    (size_t)n != reader_answer_size(ret_ans))
		return FG_ERR_CLOSED;
	return 0;
}

/* FG_ERR_CLOSED: it has ended. After any error there is no reader. */
static int
ask_once(const struct reader_request *req, struct reader_answer *ret_ans)
{
	int64_t from_ns = walk_now_ns();
	int r;

	forget_others();
	if (from_ns >= reader.until_ns || (reader.now.pid == 0 && start() != 0))
		return FG_ERR_TIMEOUT;
	if (send(reader.now.fd, req, sizeof(*req),
		MSG_DONTWAIT | MSG_NOSIGNAL) != sizeof(*req))
		r = FG_ERR_CLOSED;
	else if ((r = await(from_ns)) == 0)
		r = receive(req, ret_ans);
	if (r != 0)
		stop();
	return r;
}

/* Who logged in, which nobody can change; else who runs it. */
static uint32_t
owner_of(int32_t pid)
{
	uint32_t owner = SLOW_NOBODY, effective;
	int folder;

	if ((folder = procs_open(pid)) == -1)
		return SLOW_NOBODY; /* also of a device: pid is 0 */
	if (procs_read_audit_id(folder, "loginuid", &owner) != 0 ||
	    owner == SLOW_NOBODY)
		(void)procs_read_uids(folder, &owner, &effective);
	(void)close(folder); /* an O_PATH descriptor */
	return owner;
}

static int
ask(const struct reader_request *req, uint64_t key,
    struct reader_answer *ret_ans)
{
	int i, r = FG_ERR_CLOSED;

	for (i = 0; i < READER_ATTEMPTS && r == FG_ERR_CLOSED; i++)
		r = ask_once(req, ret_ans);
	if (r == FG_ERR_BUSY) {
		slow_add(&reader.slow, key, owner_of(req->pid));
		return slow_has(&reader.slow, key) ? r : FG_ERR_TIMEOUT;
	}
	if (r != 0)
		return FG_ERR_TIMEOUT;
	slow_remove(&reader.slow, key);
	errno = ret_ans->error;
	return ret_ans->result;
}

/* ---- Processes ---------------------------------------------------------- */

static int
ask_process(const struct fact_process *who, struct reader_request *req,
    struct reader_answer *ret_ans)
{
	const uint64_t id[] = { (uint64_t)who->pid, who->start };
	uint64_t key = slow_key(id, sizeof(id));
	uint32_t owner;

	req->pid = who->pid;
	req->start = who->start;
	if (slow_has(&reader.slow, key))
		return FG_ERR_BUSY;
	/* Costly, and of use only where something was slow. */
	if (slow_is_anybodys(&reader.slow) &&
	    (owner = owner_of(who->pid)) != SLOW_NOBODY &&
	    slow_of(&reader.slow, owner) >= SLOW_OF_OWNER)
		return FG_ERR_BUSY;
	return ask(req, key, ret_ans);
}

static int
ask_whether(const struct fact_process *who, struct reader_request *req,
    const char *text, bool *ret_yes)
{
	struct reader_answer ans;
	int r;

	*ret_yes = false;
	req->size = 1;
	if ((r = text_copy(req->text, sizeof(req->text), text)) != 0)
		return r;
	if ((r = ask_process(who, req, &ans)) == 0)
		*ret_yes = ans.len == 1 && ans.bytes[0] == 1;
	return r;
}

static int
ask_text(const struct fact_process *who, enum reader_kind kind, char *buf,
    size_t size, size_t *ret_len)
{
	struct reader_request req = { .kind = kind };
	struct reader_answer ans;
	int r;

	*buf = '\0';
	*ret_len = 0;
	req.size = (uint32_t)(size < READER_BYTES ? size : READER_BYTES);
	if ((r = ask_process(who, &req, &ans)) != 0)
		return r;
	if (ans.len >= size)
		return FG_ERR_LIMIT;
	memcpy(buf, ans.bytes, ans.len);
	buf[ans.len] = '\0';
	*ret_len = ans.len;
	return 0;
}

int
reader_arguments(const struct fact_process *who, char *buf, size_t size,
    size_t *ret_len)
{
	return ask_text(who, READER_ARGUMENTS, buf, size, ret_len);
}

int
reader_programs(const struct fact_process *who, char *buf, size_t size,
    size_t *ret_len)
{
	return ask_text(who, READER_PROGRAMS, buf, size, ret_len);
}

int
reader_maps(const struct fact_process *who, const char *file, bool *ret_has)
{
	struct reader_request req = { .kind = READER_MAPS };

	return ask_whether(who, &req, file, ret_has);
}

int
reader_is_roots(const struct fact_process *who, const char *path, bool *ret_is)
{
	struct reader_request req = { .kind = READER_ROOTS };

	return ask_whether(who, &req, path, ret_is);
}

int
reader_is_upgraded(const struct fact_process *who, const char *path,
    bool *ret_is)
{
	struct reader_request req = { .kind = READER_UPGRADE };

	return ask_whether(who, &req, path, ret_is);
}

int
reader_sockets(const struct fact_process *who,
    const struct procs_ports ports[PROCS_PORTS_MAX],
    struct procs_socket buf[READER_SOCKETS_MAX], size_t *ret_n)
{
	struct reader_request req = { .kind = READER_SOCKETS,
		.size = READER_SOCKETS_MAX * sizeof(*buf) };
	struct reader_answer ans;
	int r;

	*ret_n = 0;
	memcpy(req.ports, ports, sizeof(req.ports));
	r = ask_process(who, &req, &ans);
	if (r != 0 && r != FG_ERR_LIMIT)
		return r;
	*ret_n = ans.len / sizeof(*buf);
	memcpy(buf, ans.bytes, *ret_n * sizeof(*buf));
	return r;
}

/* ---- Devices ------------------------------------------------------------ */

int
reader_sys(const char *path, void *buf, size_t size, size_t *ret_len)
{
	struct reader_request req = { .kind = READER_SYS };
	uint64_t key = slow_key(path, strlen(path));
	struct reader_answer ans;
	int r;

	*ret_len = 0;
	req.size = (uint32_t)(size < READER_BYTES ? size : READER_BYTES);
	if ((r = text_copy(req.text, sizeof(req.text), path)) != 0)
		return r;
	if (slow_has(&reader.slow, key))
		return FG_ERR_BUSY;
	if ((r = ask(&req, key, &ans)) != 0)
		return r;
	memcpy(buf, ans.bytes, ans.len);
	*ret_len = ans.len;
	return 0;
}
