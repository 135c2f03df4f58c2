/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A proof is its process's: while the pidfd that was taken when it was asked
 * says that it lives, its number is nobody else's. sshd converses in a child
 * that is there for both phases, and a retry is another child.
 */
#include "policyd/stepup/proofs.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "policyd/text.h"
#include "proto/result.h"

struct proof {
	TAILQ_ENTRY(proof) entry;
	int pidfd;
	int32_t pid;
	int64_t until_s;
	char user[FG_USER_MAX + 1];
	char service[FG_SERVICE_MAX + 1];
	char ref[FG_REF_MAX + 1];
	uint32_t methods;
	struct fact_approved approved;
	struct fact_attested attested;
	bool delegated;
};

TAILQ_HEAD(proof_queue, proof);

/* All wait equally long: the head is the oldest. */
struct proofs {
	struct proof_queue queue;
	size_t n;
};

struct proofs *
proofs_new(void)
{
	struct proofs *proofs = calloc(1, sizeof(*proofs));

	if (proofs != NULL)
		TAILQ_INIT(&proofs->queue);
	return proofs;
}

static void
drop(struct proofs *proofs, struct proof *p)
{
	TAILQ_REMOVE(&proofs->queue, p, entry);
	proofs->n--;
	(void)close(p->pidfd); /* nothing to lose */
	free(p);
}

void
proofs_free(struct proofs *proofs)
{
	if (proofs == NULL)
		return;
	while (!TAILQ_EMPTY(&proofs->queue))
		drop(proofs, TAILQ_FIRST(&proofs->queue));
	free(proofs);
}

static bool
has_ended(const struct proof *p)
{
	struct pollfd pfd = { .fd = p->pidfd, .events = POLLIN };

	return poll(&pfd, 1, 0) != 0;
}

static void
sweep(struct proofs *proofs, int64_t now_s)
{
	struct proof *p, *next;

	for (p = TAILQ_FIRST(&proofs->queue); p != NULL; p = next) {
		next = TAILQ_NEXT(p, entry);
		if (p->until_s <= now_s || has_ended(p))
			drop(proofs, p);
	}
}

void
proofs_drop(struct proofs *proofs, const struct facts *facts)
{
	struct proof *p, *next;

	for (p = TAILQ_FIRST(&proofs->queue); p != NULL; p = next) {
		next = TAILQ_NEXT(p, entry);
		if (p->pid == facts->peer.pid)
			drop(proofs, p);
	}
}

/* Nobody takes the place of other people's by asking often. */
static void
make_room(struct proofs *proofs, const char *user)
{
	struct proof *p, *oldest = NULL;
	size_t n = 0;

	TAILQ_FOREACH(p, &proofs->queue, entry) {
		if (strcmp(p->user, user) != 0)
			continue;
		n++;
		if (oldest == NULL)
			oldest = p;
	}
	if (n >= PROOFS_USER_MAX)
		drop(proofs, oldest);
	else if (proofs->n >= PROOFS_MAX)
		drop(proofs, TAILQ_FIRST(&proofs->queue));
}

int
proofs_add(struct proofs *proofs, const struct facts *facts, const char *ref,
    bool delegated, int pidfd)
{
	struct proof *p;

	sweep(proofs, facts->boot_s);
	proofs_drop(proofs, facts);
	if (pidfd < 0)
		return FG_ERR_SYSTEM;
	if ((p = calloc(1, sizeof(*p))) == NULL) {
		(void)close(pidfd); /* nothing to lose */
		return FG_ERR_NOMEM;
	}
	p->pidfd = pidfd;
	p->pid = facts->peer.pid;
	p->until_s = facts->boot_s + PROOF_S;
	p->methods = facts->proof.methods;
	p->approved = facts->proof.approved;
	p->attested = facts->proof.attested;
	p->delegated = delegated;
	(void)text_copy(p->user, sizeof(p->user), facts->login.user);
	(void)text_copy(p->service, sizeof(p->service), facts->login.service);
	(void)text_copy(p->ref, sizeof(p->ref), ref);
	make_room(proofs, p->user);
	TAILQ_INSERT_TAIL(&proofs->queue, p, entry);
	proofs->n++;
	return 0;
}

static struct proof *
find(struct proofs *proofs, const struct facts *facts,
    struct fact_proof *ret_proof)
{
	const struct fact_login *login = &facts->login;
	struct proof *p;

	memset(ret_proof, 0, sizeof(*ret_proof));
	ret_proof->state = FACT_UNKNOWN;
	sweep(proofs, facts->boot_s);
	TAILQ_FOREACH(p, &proofs->queue, entry) {
		if (p->pid == facts->peer.pid &&
		    strcmp(p->user, login->user) == 0 &&
		    strcmp(p->service, login->service) == 0 &&
		    strcmp(p->ref, login->ref) == 0)
			break;
	}
	if (p != NULL) {
		ret_proof->state = FACT_KNOWN;
		ret_proof->methods = p->methods;
		ret_proof->approved = p->approved;
		ret_proof->attested = p->attested;
		(void)text_copy(ret_proof->ref, sizeof(ret_proof->ref), p->ref);
	}
	return p;
}

void
proofs_find(struct proofs *proofs, const struct facts *facts,
    struct fact_proof *ret_proof)
{
	(void)find(proofs, facts, ret_proof);
}

void
proofs_take_delegated(struct proofs *proofs, const struct facts *facts,
    struct fact_proof *ret_proof)
{
	struct proof *p = find(proofs, facts, ret_proof);

	if (p != NULL && p->delegated) {
		drop(proofs, p);
		return;
	}
	memset(ret_proof, 0, sizeof(*ret_proof));
	ret_proof->state = FACT_UNKNOWN;
}
