/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process that speaks to a TPM, and who waits for it. It opens the device
 * as whoever has started it, most often root, drops all privileges, and has
 * the line to the TPM and a pipe then. It sends one message of a fixed size.
 */
#include "policyd/device/tpm_ask.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policyd/device/tpm.h"
#include "policyd/privilege/priv.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define NS_MS	 INT64_C(1000000)
#define GRACE_MS 500 /* for the message that the time was over */
#define END_MS	 2000 /* to be gone after SIGKILL, of a busy machine */

#define OUT_FD (STDERR_FILENO + 1)

_Static_assert(sizeof(struct tpm_answer) <= PIPE_BUF,
    "it is written as a whole");

/* ---- who asks the TPM --------------------------------------------------- */

/* Nothing of whoever has started it but the pipe. */
static void
keep_only(int out)
{
	if ((out != OUT_FD && dup2(out, OUT_FD) == -1) ||
	    close_range(OUT_FD + 1, ~0u, 0) != 0)
		_exit(1);
}

/*
 * The library's complaints would be lines of the daemon's log, and its own
 * variables are nobody's business here.
 */
static void
quieten(void)
{
	if (clearenv() != 0 || setenv("TSS2_LOG", "all+none", 1) != 0 ||
	    signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		_exit(1);
}

/* Nothing is left but memory and what is open. */
static void
drop(const struct tpm_question *q)
{
	static const struct landlock_paths none = { .read = NULL };

	if (q->ids == NULL)
		return;
	priv_drop(q->ids, "");
	if (landlock_apply(&none) < 0 ||
	    sandbox_apply(SANDBOX_DECIDER, q->seccomp) != 0)
		_exit(1);
}

static int
open_sealed(const char *text, struct tpm_link *link,
    uint8_t ret_secret[CRYPTO_KEY_SIZE])
{
	struct tpm_blob blob;
	int r;

	if ((r = tpm_blob_parse(text, &blob)) == 0)
		r = tpm_unseal(link, &blob, ret_secret);
	return r;
}

/* ... and what comes of it when it is opened: the caller compares. */
static int
seal(const uint8_t *secret, struct tpm_link *link, struct tpm_answer *answer)
{
	struct tpm_blob blob;
	int r;

	if ((r = tpm_seal(link, secret, &blob)) != 0)
		return r;
	tpm_blob_text(&blob, answer->key.sealed);
	return tpm_unseal(link, &blob, answer->key.secret);
}

/* The key first: that of the TPM can take the rest of the time. */
static void
ask(const struct tpm_question *q, struct tpm_link *link,
    struct tpm_answer *answer)
{
	if (q->secret != NULL)
		answer->key.result = seal(q->secret, link, answer);
	else if (q->sealed != NULL)
		answer->key.result =
		    open_sealed(q->sealed, link, answer->key.secret);
	if (q->ek)
		answer->ek.result = tpm_read_ek(link, answer->ek.hex);
}

static void __attribute__((noreturn)) child_main(const struct tpm_question *q,
    int out, pid_t parent, struct tpm_answer *answer)
{
	struct tpm_link link = { .until_ns =
				     walk_now_ns() + q->timeout_ms * NS_MS };
	int r;

	keep_only(out);
	quieten();
	r = tpm_link_open(q->device, &link.fd);
	answer->ek.result = answer->key.result = r == 0 ? FG_ERR_NOT_FOUND : r;
	drop(q);
	/* A change of user takes it back; also with one that died before. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(1);
	if (r == 0)
		ask(q, &link, answer);
	if (write(OUT_FD, answer, sizeof(*answer)) != sizeof(*answer))
		_exit(1);
	crypto_wipe(answer, sizeof(*answer));
	_exit(0);
}

/* ---- who waits for it --------------------------------------------------- */

static int
wait_for(int fd, int64_t until_ns)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left_ns;
	int n;

	do {
		if ((left_ns = until_ns - walk_now_ns()) <= 0)
			return FG_ERR_TIMEOUT;
		n = poll(&p, 1, (int)(left_ns / NS_MS + 1));
	} while (n == 0 || (n == -1 && errno == EINTR));
	return n == -1 ? FG_ERR_SYSTEM : 0;
}

static void
fail_key(struct tpm_answer *answer, int r)
{
	crypto_wipe(&answer->key, sizeof(answer->key));
	answer->key.result = r;
}

static void
fail(struct tpm_answer *answer, int r)
{
	memset(answer, 0, sizeof(*answer));
	answer->ek.result = r;
	fail_key(answer, r);
}

/* From here on each byte is of a process that has spoken to a TPM. */
static int
receive(int fd, int64_t until_ns, struct tpm_answer *answer)
{
	struct tpm_answer got;
	int r;

	if ((r = wait_for(fd, until_ns)) != 0)
		return r;
	if (read(fd, &got, sizeof(got)) != sizeof(got))
		return FG_ERR_CLOSED;
	*answer = got;
	crypto_wipe(&got, sizeof(got));
	answer->ek.hex[sizeof(answer->ek.hex) - 1] = '\0';
	answer->key.sealed[sizeof(answer->key.sealed) - 1] = '\0';
	answer->left = 0;
	if (answer->ek.result != 0)
		answer->ek.hex[0] = '\0';
	if (answer->key.result != 0)
		fail_key(answer, answer->key.result);
	return 0;
}

/*
 * A kernel that waits for a TPM with it lets go of it when the TPM answers.
 * Returns the process that is still there, or 0.
 */
static pid_t
end_child(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	(void)kill(pid, SIGKILL); /* ours until it is waited for */
	if (fd != -1) {
		(void)wait_for(fd, walk_now_ns() + END_MS * NS_MS); /* or not */
		(void)close(fd); /* a pidfd */
	}
	return waitpid(pid, NULL, WNOHANG) == 0 ? pid : 0;
}

static void
check_sealed(const struct tpm_question *q, struct tpm_answer *answer)
{
	if (q->secret != NULL && answer->key.result == 0 &&
	    !crypto_equal(q->secret, answer->key.secret, CRYPTO_KEY_SIZE))
		fail_key(answer, FG_ERR_FORMAT);
}

static int
run(const struct tpm_question *q, struct tpm_answer *answer)
{
	int64_t until_ns;
	pid_t pid, parent = getpid();
	int out[2], r;

	if (pipe2(out, O_CLOEXEC) != 0)
		return FG_ERR_SYSTEM;
	until_ns = walk_now_ns() + (q->timeout_ms + GRACE_MS) * NS_MS;
	if ((pid = fork()) == 0)
		child_main(q, out[1], parent, answer);
	(void)close(out[1]); /* the child's end */
	r = pid == -1 ? FG_ERR_SYSTEM : receive(out[0], until_ns, answer);
	(void)close(out[0]); /* read only */
	if (r != 0)
		fail(answer, r);
	if (pid != -1)
		answer->left = end_child(pid);
	return r;
}

/*
 * In a forked child memory for secrets is empty, and so would be a key in it:
 * the child has a copy, and what it has sealed is compared with the original.
 */
void
tpm_ask(const struct tpm_question *question, struct tpm_answer *ret_answer)
{
	struct tpm_question copy = *question;
	uint8_t secret[CRYPTO_KEY_SIZE];
	char sealed[TPM_BLOB_TEXT_SIZE];

	memset(ret_answer, 0, sizeof(*ret_answer));
	if (!tpm_is_built()) {
		fail(ret_answer, FG_ERR_UNREACHABLE);
		return;
	}
	if (question->secret != NULL) {
		memcpy(secret, question->secret, sizeof(secret));
		copy.secret = secret;
	}
	if (question->sealed != NULL) {
		/* one that is cut is none */
		(void)text_copy(sealed, sizeof(sealed), question->sealed);
		copy.sealed = sealed;
	}
	if (run(&copy, ret_answer) == 0)
		check_sealed(question, ret_answer);
	crypto_wipe(secret, sizeof(secret));
}

const char *
tpm_why(int result)
{
	switch (result) {
	case FG_ERR_NOT_FOUND:
		return "this machine shows no TPM 2.0";
	case FG_ERR_UNREACHABLE:
		return "this build reads no TPM";
	case FG_ERR_TIMEOUT:
		return "the TPM did not answer in time";
	case FG_ERR_REFUSED:
		return "the TPM refused it";
	case FG_ERR_PEER:
		return "it was another TPM, or this one before it was cleared";
	case FG_ERR_FORMAT:
		return "what the TPM was given, or says, makes no sense";
	default:
		return "the TPM could not be asked";
	}
}
