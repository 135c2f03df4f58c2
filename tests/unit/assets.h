/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of assets share: assets from fields, assets by chance, and
 * whether two are the same.
 */
#ifndef FG_TESTS_ASSETS_H
#define FG_TESTS_ASSETS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/device/asset.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test(name)
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))

/* Of nobody: 32 bytes that count. */
#define DEVICE_KEY "ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define SSH_KEY	   "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM"
#define TPM_EK	   "9f86d081884c7d659a2feaa0c55ad015" \
		   "a3bf4f1b2b0b822cd15d6c15b0f00a08"

static inline uint32_t
next_random(void)
{
	static uint32_t x = 88675123u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

static inline void
set(struct asset *a, const char *field, const char *text)
{
	const char *why = NULL;
	int r = asset_set(a, field, text, &why);

	if (r != 0)
		fail_msg("%s = \"%s\": %s", field, text, why);
	if (why != NULL)
		fail_msg("%s = \"%s\" is left out: %s", field, text, why);
}

static inline void
finish(struct asset *a)
{
	const char *why = NULL;

	if (asset_finish(a, &why) != 0)
		fail_msg("%s", why);
}

static inline const char *
got(const struct asset *a, const char *field)
{
	static char buf[ASSET_FIELD_MAX];

	return asset_get(a, field, buf);
}

/* Each text is refused, with a fix; nothing of it or of others is kept. */
static inline void
refused(const char *field, int want, const char *text, const char *part)
{
	const char *why = NULL;
	struct asset a, empty;
	int r;

	asset_init(&a);
	asset_init(&empty);
	r = asset_set(&a, field, text, &why);
	if (r != want)
		fail_msg("%s = \"%s\": %d", field, text, r);
	assert_non_null(why);
	assert_non_null(strstr(why, "; "));
	if (strstr(why, part) == NULL)
		fail_msg("%s = \"%s\": %s", field, text, why);
	if (strcmp(field, "status") == 0) {
		assert_int_equal(a.status, ASSET_RETIRED);
		a.status = ASSET_ISSUED;
	}
	assert_memory_equal(&a, &empty, sizeof(a));
}

/* It is taken, a part of it identifies nothing, and that is said. */
static inline void
left_out(const char *field, const char *text, const char *rest)
{
	const char *why = NULL;
	struct asset a;

	asset_init(&a);
	assert_int_equal(asset_set(&a, field, text, &why), 0);
	if (why == NULL)
		fail_msg("%s = \"%s\": nothing is said", field, text);
	assert_string_equal(got(&a, field), rest);
}

/* By every field, and by what the fields' texts do not say. */
static inline void
same_asset(const struct asset *a, const struct asset *b)
{
	char text[ASSET_FIELD_MAX], other[ASSET_FIELD_MAX];

	for (size_t i = 0; asset_fields[i] != NULL; i++)
		assert_string_equal(asset_get(a, asset_fields[i], text),
		    asset_get(b, asset_fields[i], other));
	assert_int_equal(a->ids.n, b->ids.n);
	assert_memory_equal(a, b, sizeof(*a));
}

static inline const char *
one_of(const char *const *list, size_t n)
{
	return list[next_random() % n];
}

/* Fields that fit together, each of them empty now and then. */
static inline void
random_asset(struct asset *a, unsigned int number)
{
	static const char *const users[] = { "", "alice", "bob;carol",
		"dave erin frank grace", "EXAMPLE\\heidi" };
	static const char *const texts[] = { "", "Dell Inc.", "ThinkPad T14",
		"Bj\xc3\xb8rn & \xc3\x85s, \"AS\"",
		"\xe5\xb1\xb1\xe7\x94\xb0", "a;b", "\\" };
	static const char *const statuses[] = { "", "deployed", "In Stock",
		"Lost/Stolen (undeployable)", "archived" };
	static const char *const serials[] = { "", "5CGEXMPL4T", "pf-exmp1",
		"/7EXMPL3/CNEXMPL001/", "SN: 4711 A", "A4;B7,C9" };
	static const char *const uuids[] = { "",
		"f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
		"5C146B14-3C52-8AFD-938A-375D0DF1FBF6" };
	static const char *const disks[] = { "", "S4EXMPL0A1",
		"S4EXMPL0B2; WD-EXMPL 7X ;eui.00253850001", "z9exmpl;a1exmpl" };
	static const char *const macs[] = { "", "00:00:5e:00:53:01",
		"00-00-5E-00-53-03 00:00:5e:00:53:02;00:00:5e:00:53:01" };
	static const char *const keys[] = { "", "alice@example.com",
		SSH_KEY " key-7;principal:bob" };
	static const char *const places[] = { "", "59.91,10.75",
		"-33.868, 151.2093", "0,0" };
	static const char *const sent[] = { "", "59.91,10.75",
		"12 Example Street, Springfield, US", "c/o Erin, \"Gate\" 4" };
	char tag[32];

	asset_init(a);
	(void)snprintf(tag, sizeof(tag), "LT-%04u", number);
	set(a, "asset_tag", tag);
	set(a, "user", one_of(users, COUNT(users)));
	set(a, "vendor", one_of(texts, COUNT(texts)));
	set(a, "model", one_of(texts, COUNT(texts)));
	set(a, "form", next_random() % 4 ? "" : "virtual");
	set(a, "status", one_of(statuses, COUNT(statuses)));
	set(a, "serial", one_of(serials, COUNT(serials)));
	set(a, "uuid", one_of(uuids, COUNT(uuids)));
	set(a, "board_serial", one_of(serials, COUNT(serials)));
	set(a, "chassis_serial", one_of(serials, COUNT(serials)));
	set(a, "disk_serials", one_of(disks, COUNT(disks)));
	set(a, "macs", one_of(macs, COUNT(macs)));
	set(a, "tpm_ek", next_random() % 2 ? "" : TPM_EK);
	set(a, "device_key", next_random() % 2 ? "" : DEVICE_KEY);
	set(a, "ssh_keys", one_of(keys, COUNT(keys)));
	set(a, "location", one_of(places, COUNT(places)));
	set(a, "shipped_to", one_of(sent, COUNT(sent)));
	finish(a);
}

#endif
