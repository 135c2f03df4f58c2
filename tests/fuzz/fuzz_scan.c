/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a scanner that is lost to somebody may send: a picture, or an answer
 * about a process behind a byte that is odd. What is taken goes through all
 * that reads it for a login, which makes texts of it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/check/check.h"
#include "policyd/check/check_sign.h"
#include "policyd/gather/gather.h"
#include "policyd/machine/scanlink_valid.h"

#define FUZZ_NAME  "fuzz_scan"
#define FUZZ_SIGNS 24u
#define FUZZ_MAX \
	(1 + offsetof(struct picture, sign) + FUZZ_SIGNS * sizeof(struct sign))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct conf conf;
static struct picture picture;
static struct scanner_answer answer;
static struct facts facts;

static void
expect(bool cond)
{
	if (!cond)
		abort();
}

static void
expect_text(const char *s, size_t size)
{
	expect(memchr(s, '\0', size) != NULL);
	for (; *s != '\0'; s++)
		expect(*s >= ' ' && *s <= '~');
}

/* As a login of this kind, from this process. */
static void
as_login(enum service_kind kind)
{
	static struct finding_list findings;
	const struct gather_machine machine = { .picture = &picture,
		.now_ns = INT64_MAX,
		.max_age_ms = INT64_MAX };
	enum finding_code code;
	size_t i;

	memset(&findings, 0, sizeof(findings));
	facts.kind = kind;
	gather_remote(&conf, &machine, &facts);
	expect(facts.remote.count <= FACT_SIGNS_MAX);
	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++)
		check_signs(&facts, code, &findings);
	check_remote_session(&facts, &conf, NULL, &findings);
	check_remote_unknown(&facts, &conf, NULL, &findings);
	expect(!findings.overflow);
	for (i = 0; i < findings.count; i++)
		expect_text(findings.list[i].text,
		    sizeof(findings.list[i].text));
}

static void
as_answer(const uint8_t *data, size_t size)
{
	memset(&answer, 0, sizeof(answer));
	memcpy(&answer, data, size < sizeof(answer) ? size : sizeof(answer));
	if (!scanlink_answer_is_valid(&answer))
		return;
	facts.peer = answer.peer;
	facts.client = answer.client;
}

static void
as_picture(const uint8_t *data, size_t size)
{
	memset(&picture, 0, sizeof(picture));
	memcpy(&picture, data, size < sizeof(picture) ? size : sizeof(picture));
	if (!scanlink_picture_is_valid(&picture, size, INT64_MAX))
		memset(&picture, 0, sizeof(picture));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] % 2 == 1)
		as_answer(data + 1, size - 1);
	else
		as_picture(data + 1, size - 1);
	as_login(SERVICE_REMOTE);
	as_login(SERVICE_NESTED);
	as_login(SERVICE_CONSOLE);
	return 0;
}

#ifdef FUZZ_STANDALONE

#include "tests/fuzz/standalone.h"

static size_t
seed_answer(uint8_t *buf)
{
	struct scanner_answer a;

	memset(&a, 0, sizeof(a));
	a.query = SCANNER_QUERY_PEER;
	a.peer.state = FACT_KNOWN;
	a.peer.audit_session = 7;
	a.peer.ancestors = 2;
	a.peer.steered.kind = ENTRY_VNC;
	a.peer.steered.confidence = SIGN_BY_IDENTITY;
	(void)strcpy(a.peer.steered.what, "x11vnc");
	(void)strcpy(a.peer.cgroup, "/user.slice/session-7.scope");
	a.client.state = FACT_KNOWN;
	buf[0] = 1;
	memcpy(buf + 1, &a, sizeof(a));
	return 1 + sizeof(a);
}

static size_t
seed_picture(uint8_t *buf, uint32_t n)
{
	static struct picture p;
	struct sign *s;

	memset(&p, 0, sizeof(p));
	p.number = 1;
	p.taken_s = 1767225600;
	for (p.nsigns = 0; p.nsigns < n; p.nsigns++) {
		s = &p.sign[p.nsigns];
		s->kind = ENTRY_RMM + p.nsigns % (ENTRY_KINDS - ENTRY_RMM);
		s->grade = SIGN_INSTALLED + p.nsigns % 4;
		s->confidence = SIGN_BY_NAME + p.nsigns / 2 % 4;
		s->owner = SIGN_OF_MACHINE + p.nsigns % 3;
		s->steers = p.nsigns % 3;
		s->audit_session = 7;
		s->pid = 812;
		s->since_s = 1767225600;
		memset(s->what, 'w', SIGN_WHAT_MAX - p.nsigns);
		memset(s->seen, 's', SIGN_SEEN_MAX);
		(void)strcpy(s->cgroup, "/user.slice/session-7.scope");
	}
	buf[0] = 0;
	memcpy(buf + 1, &p, picture_size(&p));
	return 1 + picture_size(&p);
}

static size_t
seed(uint8_t *buf, uint32_t which)
{
	static const uint32_t sizes[] = { 0, 1, 5, FUZZ_SIGNS };

	return which % 5 == 4 ? seed_answer(buf) :
				seed_picture(buf, sizes[which % 5]);
}

static int
write_seeds(const char *dir)
{
	static uint8_t buf[FUZZ_MAX];
	int r = 0;

	for (uint32_t i = 0; i < 5 && r == 0; i++)
		r = write_seed(dir, "scan", i, buf, seed(buf, i));
	return r;
}

static void
put_number(uint8_t *at)
{
	static const int64_t odd[] = { 0, 1, -1, INT64_MAX, INT64_MIN,
		INT32_MAX, INT32_MIN, INT64_C(253402300799),
		INT64_C(253402300800), 2, 3, 4 };
	int64_t v = odd[next_random() % (sizeof(odd) / sizeof(odd[0]))];

	memcpy(at, &v, next_random() % 2 == 0 ? sizeof(v) : sizeof(int32_t));
}

/* Numbers where there are numbers, of any sign; bytes anywhere. */
static size_t
mutate(uint8_t *buf)
{
	const size_t signs = 1 + offsetof(struct picture, sign);
	size_t len = seed(buf, next_random()), at, n;

	for (uint32_t i = next_random() % 4; i > 0; i--) {
		n = len > signs ? (len - signs) / sizeof(struct sign) : 0;
		at = next_random() % len;
		if (next_random() % 2 == 0)
			at = 1 + next_random() % 16 * 4;
		else if (n > 0 && next_random() % 4 != 0)
			at = signs + next_random() % n * sizeof(struct sign) +
			    next_random() % 12 * 4;
		if (next_random() % 3 == 0)
			buf[at] = (uint8_t)next_random();
		else if (at + sizeof(int64_t) <= len)
			put_number(buf + at);
	}
	return next_random() % 64 == 0 ? next_random() % len + 1 : len;
}

int
main(int argc, char **argv)
{
	return standalone(argc, argv);
}

#endif
