/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of what is found of machines share: a login of alice's, on her
 * laptop or by a key of it, and what is said of it.
 */
#ifndef FG_TESTS_DEVICES_H
#define FG_TESTS_DEVICES_H

#include "tests/unit/deciding.h"

static const char plain[] = "policy all { }";
static const char issued[] = "asset = LT-1\npolicy all { }";

static inline void
set_asset(struct fact_asset *a, const char *tag, enum asset_standing standing)
{
	memset(a, 0, sizeof(*a));
	(void)snprintf(a->tag, sizeof(a->tag), "%s", tag);
	a->form = ASSET_PHYSICAL;
	a->status = ASSET_ISSUED;
	a->standing = standing;
	(void)snprintf(a->user, sizeof(a->user), "%s",
	    standing == ASSET_OTHERS ? "bob" : "alice");
}

/* alice, in Oslo; all of LT-1's IDs agree. */
static inline void
set_device(struct facts *f)
{
	struct comparison *c = &f->device.compared;

	set_facts(f);
	set_owner(f, "alice", PERSON_KIND_PERSON);
	f->person.person.has_point = true;
	f->person.person.latitude = 59.9139;
	f->person.person.longitude = 10.7522;
	f->device.state = FACT_KNOWN;
	set_asset(&f->device.asset, "LT-1", ASSET_OWN);
	c->standing[HWID_BOARD] = c->standing[HWID_DISK] = COMPARE_AGREE;
	c->standing[HWID_SERIAL] = c->standing[HWID_MAC] = COMPARE_AGREE;
}

/* A session's open, of which all is known: by a key of LT-1. */
static inline void
set_bound(struct facts *f)
{
	set_device(f);
	f->device.state = FACT_NONE;
	f->login.phase = FG_PHASE_SESSION;
	f->bound.state = FACT_KNOWN;
	set_asset(&f->bound.asset, "LT-1", ASSET_OWN);
	(void)snprintf(f->bound.key, sizeof(f->bound.key), "SHA256:abc");
	f->bound.assets = f->bound.with_keys = 1;
}

static inline void
assert_text(const struct facts *f, const char *text, const char *want)
{
	struct conf *conf = parse(text);
	struct decision d;

	decide(f, conf, &d);
	assert_int_equal(d.findings.count, 1);
	assert_string_equal(d.findings.list[0].text, want);
	conf_free(conf);
}

#endif
