/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of statements and their answers share: statements by chance,
 * and a kernel that gives no randomness.
 */
#ifndef FG_TESTS_STATING_H
#define FG_TESTS_STATING_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/witness/statement.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))

static bool without_randomness;

/* In place of the C library's. */
ssize_t
getrandom(void *buf, size_t len, unsigned int flags)
{
	if (without_randomness) {
		errno = ENOSYS;
		return -1;
	}
	return syscall(SYS_getrandom, buf, len, flags);
}

/* Deterministic, so that a failure can be seen again. */
static inline uint32_t
next_random(void)
{
	static uint32_t x = 2463534242u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

static inline void
random_bytes(void *buf, size_t len)
{
	for (uint8_t *p = buf; p < (uint8_t *)buf + len; p++)
		*p = (uint8_t)next_random();
}

static inline void
random_text(char *buf, size_t max)
{
	size_t len = next_random() % (max + 1);

	for (size_t i = 0; i < len; i++)
		buf[i] = (char)(' ' + next_random() % 95);
}

static inline void
random_lists(struct statement *st)
{
	struct statement_finding *f;
	size_t i;

	st->hwids.unread = next_random() & 0xfe;
	st->hwids.n = next_random() % (STATEMENT_HWIDS_MAX + 1);
	for (i = 0; i < st->hwids.n; i++) {
		st->hwids.list[i].kind =
		    (enum hwid_kind)(HWID_TPM + next_random() % 7);
		random_bytes(st->hwids.list[i].bytes, HWID_DIGEST_SIZE);
	}
	st->nfindings = next_random() % (STATEMENT_FINDINGS_MAX + 1);
	for (f = st->finding; f < st->finding + st->nfindings; f++) {
		f->finding = (uint8_t)(1 + next_random() % 255);
		f->grade = (uint8_t)(next_random() % 128);
		f->minor = next_random() % 2 != 0;
		random_text(f->of, STATEMENT_OF_MAX);
	}
	st->nperipherals = next_random() % (STATEMENT_PERIPHERALS_MAX + 1);
	random_bytes(st->peripheral, st->nperipherals * STATEMENT_SITE_SIZE);
}

static inline void
random_statement(struct statement *st)
{
	memset(st, 0, sizeof(*st));
	random_bytes(st->host_id, sizeof(st->host_id));
	random_bytes(st->nonce, sizeof(st->nonce));
	random_bytes(st->user_digest, sizeof(st->user_digest));
	random_bytes(st->device_key, sizeof(st->device_key));
	random_bytes(&st->at_s, sizeof(st->at_s));
	st->flags = next_random() & STATEMENT_FLAGS;
	random_lists(st);
	random_bytes(st->gateway, sizeof(st->gateway));
	random_text(st->release, STATEMENT_RELEASE_MAX);
}

/* Nothing is left of one that was refused. */
static inline void
is_empty(const struct statement *st)
{
	static const struct statement none;

	assert_memory_equal(st, &none, sizeof(none));
}

#endif
