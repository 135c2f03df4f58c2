/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole machines for tests, as umockdev shows them: one is loaded and looked
 * at, and what was seen is asked for.
 */
#ifndef FG_TESTS_PLUGGING_H
#define FG_TESTS_PLUGGING_H

#include "policyd/scanner/hardware/hardware.h"
#include "policyd/scanner/reader.h"
#include "policyd/scanner/walk.h"
#include "tests/unit/hardware_rules.h"
#include "tests/unit/mockdev.h"

#define LATER (walk_now_ns() + INT64_C(60000000000))

#define ROOT "/devices/pci0000:00/0000:00:14.0/usb1"
#define KVM  ROOT "/1-2"

static struct rules rules;
static struct hardware *hardware; /* NULL: there is no umockdev */
static struct picture picture;

static inline int
begin(void **state)
{
	(void)state;
	if (!mockdev_open())
		return 0;
	mockdev_new();
	assert_int_equal(hardware_rules(&rules), 0);
	assert_int_equal(hardware_new(&hardware), 0);
	return 0;
}

static inline int
end(void **state)
{
	(void)state;
	hardware_free(hardware);
	hardware = NULL;
	rules_done(&rules);
	mockdev_end();
	return 0;
}

/* Each test begins with it. */
static inline void
need_umockdev(void)
{
	if (hardware == NULL)
		skip();
}

static inline void
take(int64_t taken_s)
{
	memset(&picture, 0, sizeof(picture));
	picture.number = 1;
	picture.taken_s = taken_s;
	hardware_look(hardware, &rules, LATER, &picture);
	assert_true(picture_is_valid(&picture, picture_size(&picture)));
	assert_int_equal(picture.lost, 0);
}

static inline void
take_whole(int64_t taken_s)
{
	take(taken_s);
	assert_int_equal(picture.failed, 0);
	assert_int_equal(picture.cut, 0);
}

/*
 * Another machine. umockdev sends news of all that is loaded, more than a
 * socket takes at once: hence before there is one.
 */
static inline void
load(const char *name)
{
	need_umockdev();
	hardware_free(hardware);
	reader_stop(); /* it has the last one's /sys */
	reader_allow(READER_FORKS, INT64_MAX);
	mockdev_end();
	mockdev_new();
	assert_true(mockdev_load(name));
	assert_int_equal(hardware_new(&hardware), 0);
}

static inline void
look_at(const char *name)
{
	load(name);
	take_whole(1000);
}

static inline size_t
count(enum entry_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < picture.nsigns; i++)
		n += picture.sign[i].kind == kind;
	return n;
}

/* what: NULL for the first one. A copy, so that there always is one. */
static inline struct sign
sign_of(enum entry_kind kind, const char *what)
{
	size_t i;

	for (i = 0; i < picture.nsigns; i++)
		if (picture.sign[i].kind == kind &&
		    (what == NULL || strcmp(picture.sign[i].what, what) == 0))
			return picture.sign[i];
	fail_msg("no %s %s", entry_kind_name(kind), what == NULL ? "" : what);
	return (struct sign){ 0 };
}

static inline void
expect(enum entry_kind kind, const char *what, enum sign_confidence confidence,
    const char *words)
{
	const struct sign sign = sign_of(kind, what);

	assert_int_equal(sign.confidence, confidence);
	assert_int_equal(sign.owner, SIGN_OF_MACHINE);
	assert_int_equal(sign.uid, (uint32_t)-1);
	if (strstr(sign.seen, words) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", sign.seen, words);
}

/* No finding: devices are listed, and what the test's own machine is. */
static inline void
expect_ordinary(void)
{
	const struct sign *s;
	size_t i;

	for (i = 0; i < picture.nsigns; i++) {
		s = &picture.sign[i];
		if (s->kind < ENTRY_HYPERVISOR)
			fail_msg("%s: %s",
			    entry_kind_name((enum entry_kind)s->kind), s->seen);
	}
}

static inline bool
has_finding(enum sign_confidence confidence)
{
	size_t i;

	for (i = 0; i < picture.nsigns; i++)
		if (picture.sign[i].kind < ENTRY_HYPERVISOR &&
		    picture.sign[i].confidence == confidence)
			return true;
	return false;
}

#endif
