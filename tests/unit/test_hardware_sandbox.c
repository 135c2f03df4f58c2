/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The look at hardware as the scanner makes it: within the filter that kills
 * for any other call, at the real /sys and at one with devices in it, and
 * with the kernel's own news.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>

#include <cmocka.h>

#include "policyd/crypto.h"
#include "policyd/privilege/sandbox.h"
#include "policyd/scanner/hardware/hardware.h"
#include "policyd/scanner/walk.h"
#include "tests/unit/child.h"
#include "tests/unit/hardware_rules.h"
#include "tests/unit/mockdev.h"

#define LATER (walk_now_ns() + INT64_C(60000000000))
#define NEWS  "/sys/block/loop0/uevent" /* a disk that is not on USB */

struct life {
	struct rules rules;
	struct hardware *hardware;
	struct picture picture;
	int news; /* a file to make the kernel tell some; -1 */
};

static void
begin_confined(struct life *life)
{
	memset(life, 0, sizeof(*life));
	CHECK(crypto_init() == 0);
	CHECK(hardware_rules(&life->rules) == 0);
	CHECK(hardware_new(&life->hardware) == 0);
	life->news = open(NEWS, O_WRONLY | O_CLOEXEC);
	CHECK(sandbox_apply(SANDBOX_SCANNER, SANDBOX_KILL) == 0);
}

static void
look(struct life *life)
{
	hardware_look(life->hardware, &life->rules, LATER, &life->picture);
	CHECK(life->picture.cut == 0 && life->picture.failed == 0);
}

static void
look_at_this(void *arg)
{
	struct life *life = arg;

	begin_confined(life);
	look(life);
	look(life);
	CHECK(!hardware_news(life->hardware));
}

/* The testbed's /sys as the whole kernel shows it, not as a library does. */
static void
look_at_kvm(void *arg)
{
	const char *bed = getenv("UMOCKDEV_DIR");
	struct life *life = arg;
	char sys[PATH_MAX];
	size_t i, kvms = 0;

	CHECK(bed != NULL);
	(void)snprintf(sys, sizeof(sys), "%s/sys", bed);
	CHECK(unshare(CLONE_NEWNS) == 0);
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mount(sys, "/sys", NULL, MS_BIND, NULL) == 0);
	CHECK(unsetenv("UMOCKDEV_DIR") == 0);
	begin_confined(life);
	look(life);
	for (i = 0; i < life->picture.nsigns; i++)
		kvms += life->picture.sign[i].kind == ENTRY_IP_KVM;
	CHECK(kvms == 1);
}

/* Not the kernel's: that nothing is there says nothing. */
static void
look_at_no_sys(void *arg)
{
	struct life *life = arg;

	CHECK(unshare(CLONE_NEWNS) == 0);
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mount("none", "/sys", "tmpfs", 0, NULL) == 0);
	begin_confined(life);
	hardware_look(life->hardware, &life->rules, LATER, &life->picture);
	CHECK(life->picture.cut == 0);
	CHECK(life->picture.failed ==
	    (PICTURE_USB | PICTURE_DISPLAYS | PICTURE_MACHINE));
}

static void
hear_news(void *arg)
{
	static const char change[] = "change";
	struct life *life = arg;
	struct pollfd pfd;

	begin_confined(life);
	pfd = (struct pollfd){ .fd = hardware_fd(life->hardware),
		.events = POLLIN };
	if (life->news == -1 || pfd.fd == -1)
		_exit(CHILD_SKIP);
	if (write(life->news, change, strlen(change)) == -1)
		_exit(CHILD_SKIP);
	CHECK(poll(&pfd, 1, 2000) == 1);
	/* Nothing that is plugged in; and it is taken. */
	CHECK(!hardware_news(life->hardware));
	CHECK(poll(&pfd, 1, 0) == 0);
}

static struct life life;

static void
test_this(void **state)
{
	(void)state;
	child_passes(look_at_this, &life);
}

static void
test_kvm(void **state)
{
	(void)state;
	needs_root();
	if (!mockdev_open())
		skip();
	mockdev_new();
	assert_true(mockdev_load("pikvm"));
	child_passes(look_at_kvm, &life);
	mockdev_end();
}

static void
test_no_sys(void **state)
{
	(void)state;
	needs_root();
	child_passes(look_at_no_sys, &life);
}

static void
test_news(void **state)
{
	(void)state;
	needs_root();
	child_passes(hear_news, &life);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(fn, name) { name, fn, NULL, NULL, NULL }
		TEST(test_this, "this machine is looked at in confinement"),
		TEST(test_kvm, "a KVM is found in confinement"),
		TEST(test_no_sys, "without the kernel's /sys a look fails"),
		TEST(test_news, "the kernel's news come in confinement"),
	};

	(void)argc;
	mockdev_start(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
