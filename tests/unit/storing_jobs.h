/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work of the store that comes to an end in the middle: what is there before,
 * what is done, and what must be there afterwards, of people and exceptions,
 * of bundles, of assets, and of what logins leave. It reports what was
 * acknowledged.
 */
#ifndef FG_TESTS_STORING_JOBS_H
#define FG_TESTS_STORING_JOBS_H

#include <sys/mman.h>

#include "policyd/store/store_bundle.h"
#include "tests/unit/storing_assets.h"
#include "tests/unit/storing_disk.h"

#define OLD 30u
#define NEW 45u

/* What the work reported before it ended, seen by parent and child. */
static struct {
	uint64_t acknowledged[8];
	unsigned int n;
	uint64_t removed;
	bool committed;
	/* One bit for each of the steps of logins. */
	unsigned int tried;
	unsigned int did;
	unsigned int moved; /* so many of them, out of the log */
	bool closed; /* after them */
} * done;

static inline int
share_report(void **state)
{
	done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return done == MAP_FAILED ? -1 : disk_install(state);
}

/* ---- what a job begins with, made once ---------------------------------- */

struct image {
	char bytes[256 * 1024];
	ssize_t len; /* 0: not there yet */
};

static inline void
take_image(struct image *image)
{
	int fd = open(in_folder(STORE_FILE), O_RDONLY);

	image->len = read(fd, image->bytes, sizeof(image->bytes));
	assert_true(image->len > 0 &&
	    (size_t)image->len < sizeof(image->bytes));
	assert_int_equal(close(fd), 0);
}

/* As if it had just been made; false if it has to be. */
static inline bool
put_image(const struct image *image)
{
	int fd;

	disk_set(DISK_WORKS, 0, 0);
	memset(done, 0, sizeof(*done));
	(void)unlink(in_folder(STORE_FILE ".serial"));
	(void)unlink(in_folder(STORE_FILE ".people"));
	(void)unlink(in_folder(STORE_FILE ".assets"));
	(void)unlink(in_folder(STORE_FILE ".changes"));
	if (image->len == 0)
		return false;
	fd = open(in_folder(STORE_FILE), O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, image->bytes, (size_t)image->len),
	    image->len);
	assert_int_equal(close(fd), 0);
	return true;
}

static inline void
prepare_people(void)
{
	static struct image image;
	struct store *store;

	if (put_image(&image))
		return;
	store = open_store();
	assert_int_equal(import_people(store, OLD, "old"), 0);
	store_close(store);
	take_image(&image);
}

static inline int
add_exception(struct store *store)
{
	struct store_exception e = an_exception("alice");
	int r;

	if ((r = store_exception_add(store, &e)) == 0)
		done->acknowledged[done->n++] = e.id;
	return r;
}

/* Everything that writes, from opening to closing. The first error. */
static inline int
work_people(void)
{
	struct store_exception gone;
	struct store *store;
	const char *why;
	int r, first;

	if ((first = store_open(folder, &store, &why)) != 0)
		return first;
	first = add_exception(store);
	if ((r = import_people(store, NEW, "new")) == 0)
		done->committed = true;
	first = first != 0 ? first : r;
	r = add_exception(store);
	first = first != 0 ? first : r;
	if (done->n == 2) {
		done->n--; /* from here on it may be there or not */
		r = store_exception_remove(store, done->acknowledged[1], &gone);
		if (r == 0)
			done->removed = gone.id;
		first = first != 0 ? first : r;
	}
	store_close(store);
	return first;
}

static inline int
check_name(const struct person *p, void *arg)
{
	const char **name = arg;

	if (*name == NULL)
		*name = strcmp(p->name, "old") == 0 ? "old" : "new";
	assert_string_equal(p->name, *name);
	return 0;
}

/* One that was not acknowledged may be there all the same. */
static inline void
assert_exceptions(struct store *store)
{
	struct store_exception list[8];
	size_t n, i, k;

	assert_int_equal(store_exceptions_of(store, "alice", 1500, list, 8, &n),
	    0);
	assert_true(n <= 2);
	for (i = 0; i < done->n; i++) {
		for (k = 0; k < n; k++)
			if (list[k].id == done->acknowledged[i])
				break;
		assert_true(k < n);
	}
	for (k = 0; k < n; k++)
		assert_true(list[k].id != done->removed);
}

static inline void
assert_whole_people(void)
{
	const char *name = NULL;
	struct store *store;
	size_t n;

	disk_set(DISK_WORKS, 0, 0);
	store = open_store();
	assert_int_equal(store_people_count(store, &n), 0);
	assert_true(n == OLD || n == NEW);
	assert_int_equal(store_people_each(store, check_name, &name), 0);
	assert_string_equal(name, n == OLD ? "old" : "new");
	if (done->committed)
		assert_int_equal(n, NEW);
	assert_false(outline_of(store).lost);
	assert_exceptions(store);
	/* And it goes on. */
	assert_int_equal(import_people(store, OLD, "old"), 0);
	store_close(store);
	assert_integrity();
	assert_int_equal(ask_behind("SELECT count(*) FROM person"), OLD);
	assert_int_equal(ask_behind("SELECT count(*) FROM generation"), 1);
}

/* ---- bundles ------------------------------------------------------------ */

/* So many people, and user's access taken back. */
static inline int
import_bundle(struct store *store, uint64_t serial, unsigned int n,
    const char *user)
{
	struct store_bundle b = { .serial = serial, .made_s = 1000 };
	struct store_revocation r = a_revocation(user);
	struct store_import *import;
	int e;

	memset(b.sha256, '0', sizeof(b.sha256) - 1);
	if ((e = store_import_begin(store, &import)) != 0)
		return e;
	if ((e = store_import_bundle(import, &b)) == 0 &&
	    (e = fill(import, n, "x")) == 0 &&
	    (e = store_import_add_revocation(import, &r)) == 0)
		e = store_import_commit(import);
	store_import_free(import);
	return e;
}

static inline void
prepare_bundle(void)
{
	static struct image image;
	struct store *store;

	if (put_image(&image))
		return;
	store = open_store();
	assert_int_equal(import_bundle(store, 1, OLD, "u1"), 0);
	store_close(store);
	take_image(&image);
}

static inline int
work_bundle(void)
{
	struct store *store;
	const char *why;
	int r;

	if ((r = store_open(folder, &store, &why)) != 0)
		return r;
	if ((r = import_bundle(store, 2, NEW, "u2")) == 0)
		done->committed = true;
	store_close(store);
	return r;
}

/* What is beside the database is there before anything is in force there. */
static inline uint64_t
serial_beside(void)
{
	char text[96] = "";
	int fd = open(in_folder(STORE_FILE ".serial"), O_RDONLY | O_CLOEXEC);

	assert_true(fd != -1 && read(fd, text, sizeof(text) - 1) > 0);
	assert_int_equal(close(fd), 0);
	return strtoull(text, NULL, 10);
}

/* The people, whose access is taken back and the serial are of one bundle. */
static inline void
assert_whole_bundle(void)
{
	struct store_revocation r;
	struct store_serial last;
	struct store_bundle b;
	struct store *store;
	bool new;
	size_t n;

	disk_set(DISK_WORKS, 0, 0);
	store = open_store();
	assert_int_equal(store_people_count(store, &n), 0);
	assert_true(n == NEW || (n == OLD && !done->committed));
	new = n == NEW;
	assert_int_equal(store_bundle(store, &b), 0);
	assert_int_equal(b.serial, new ? 2 : 1);
	assert_true(b.people);
	assert_int_equal(store_revocation_of(store, new ? "u2" : "u1", &r), 0);
	assert_int_equal(store_revocation_of(store, new ? "u1" : "u2", &r),
	    FG_ERR_NOT_FOUND);
	assert_int_equal(store_serial_last(store, &last), 0);
	assert_true(last.serial >= b.serial);
	if (new)
		assert_true(serial_beside() >= 2);
	assert_false(outline_of(store).lost);
	assert_int_equal(import_bundle(store, 3, OLD, "u3"), 0);
	store_close(store);
	assert_integrity();
	assert_int_equal(ask_behind("SELECT count(*) FROM person"), OLD);
	assert_int_equal(ask_behind("SELECT count(*) FROM bundle"), 1);
	assert_int_equal(ask_behind("SELECT count(*) FROM bundled"), 1);
}

/* ---- assets ------------------------------------------------------------- */

/* There are people as well, of whom nothing may change. */
static inline void
prepare_assets(void)
{
	static struct image image;
	struct store *store;

	if (put_image(&image))
		return;
	store = open_store();
	assert_int_equal(import_people(store, OLD, "old"), 0);
	assert_int_equal(import_assets(store, OLD, "old"), 0);
	store_close(store);
	take_image(&image);
}

static inline int
work_assets(void)
{
	struct store *store;
	const char *why;
	int r;

	if ((r = store_open(folder, &store, &why)) != 0)
		return r;
	if ((r = import_assets(store, NEW, "new")) == 0)
		done->committed = true;
	store_close(store);
	return r;
}

static inline int
check_model(const struct asset *a, void *arg)
{
	const char **model = arg;

	if (*model == NULL)
		*model = strcmp(a->model, "old") == 0 ? "old" : "new";
	assert_string_equal(a->model, *model);
	return 0;
}

/* And by each of its names, too. */
static inline void
assert_one_asset(struct store *store, unsigned int i, const char *model)
{
	struct asset a = an_asset_of_many(i, model), b;
	struct tags tags = { .n = 0 };

	assert_int_equal(store_asset_by_tag(store, a.tag, &b), 0);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_equal(store_asset_by_device_key(store, a.device_key, &b), 0);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_equal(store_assets_of_user(store, a.user[0], see_asset,
			     &tags),
	    0);
	assert_int_equal(store_assets_of_hwid(store, &a.ids.list[1], see_asset,
			     &tags),
	    0);
	assert_int_equal(tags.n, 2);
}

static inline void
assert_whole_assets(void)
{
	const char *model = NULL;
	struct store_outline o;
	struct store *store;
	size_t n, people_n;

	disk_set(DISK_WORKS, 0, 0);
	store = open_store();
	assert_int_equal(store_assets_count(store, &n), 0);
	assert_true(n == NEW || (n == OLD && !done->committed));
	assert_int_equal(store_assets_each(store, check_model, &model), 0);
	assert_string_equal(model, n == OLD ? "old" : "new");
	assert_one_asset(store, OLD - 1, model);
	o = outline_of(store);
	assert_true(o.assets && o.people && !o.assets_lost && !o.lost);
	assert_int_equal(store_people_count(store, &people_n), 0);
	assert_int_equal(people_n, OLD);
	/* And it goes on. */
	assert_int_equal(import_assets(store, OLD, "old"), 0);
	store_close(store);
	assert_integrity();
	assert_int_equal(ask_behind("SELECT count(*) FROM asset"), OLD);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset_name"),
	    7 * OLD);
	assert_int_equal(ask_behind("SELECT count(*) FROM asset_generation"),
	    1);
}

static inline void
begin_anew(void)
{
	(void)unlink(in_folder(STORE_FILE));
	(void)unlink(in_folder(STORE_FILE "-wal"));
	(void)unlink(in_folder(STORE_FILE "-shm"));
}

/* ---- what logins leave ------------------------------------------------- */

#define EXPIRED 3u

/* In this order; each may be wholly done or not at all. */
enum step {
	PUT_A = 0,
	LOGIN_1,
	ORPHAN_A, /* it is replaced */
	PUT_B,
	REMOVE_A,
	REVOKE_ALICE,
	LOGIN_2,
	EXPIRE,
	REVOKE_BOB,
	RESTORE_ALICE,
	STEPS
};

static inline bool
did(enum step step)
{
	return (done->did & 1u << step) != 0;
}

static inline bool
tried(enum step step)
{
	return (done->tried & 1u << step) != 0;
}

static inline int
put_session(struct store *store, const char *ref,
    enum store_session_state session_state)
{
	struct store_session s = a_session(ref, "alice");

	s.state = session_state;
	return store_session_put(store, &s);
}

static inline int
add_login(struct store *store, const char *person, int64_t at_s)
{
	struct store_login l = a_login(person, "192.0.2.1", at_s);

	return store_history_add(store, &l);
}

static inline int
take_back(struct store *store, const char *user)
{
	struct store_revocation r = a_revocation(user);

	return store_revocation_put(store, &r);
}

static inline int
expire(struct store *store)
{
	bool more;
	size_t n;

	return store_history_expire(store, 1500, 10, &n, &more);
}

static inline int
take(struct store *store, enum step step)
{
	struct store_revocation r;

	switch (step) {
	case PUT_A:
		return put_session(store, "A", STORE_SESSION_OPEN);
	case ORPHAN_A:
		return put_session(store, "A", STORE_SESSION_ORPHAN);
	case PUT_B:
		return put_session(store, "B", STORE_SESSION_OPEN);
	case REMOVE_A:
		return store_session_remove(store, "A");
	case LOGIN_1:
	case LOGIN_2:
		return add_login(store, "alice", 2000 + step);
	case EXPIRE:
		return expire(store);
	case REVOKE_ALICE:
		return take_back(store, "alice");
	case REVOKE_BOB:
		return take_back(store, "bob");
	case RESTORE_ALICE:
		return did(REVOKE_ALICE) ?
		    store_revocation_remove(store, "alice", 1, &r) :
		    0;
	case STEPS:
		break;
	}
	return FG_ERR_FORMAT;
}

/* A store in which there is something to expire, from its image. */
static inline void
prepare_logins(void)
{
	static struct image image;
	struct store *store;
	unsigned int i;

	if (put_image(&image))
		return;
	store = open_store();
	for (i = 0; i < EXPIRED; i++)
		assert_int_equal(add_login(store, "old", 1000), 0);
	assert_int_equal(add_login(store, "old", 1500), 0);
	store_close(store);
	take_image(&image);
}

/* After each step that was done; or NULL. */
static int (*after_step)(struct store *store, enum step step);

static inline int
take_next(struct store *store, enum step step)
{
	int r;

	done->tried |= 1u << step;
	if ((r = take(store, step)) != 0)
		return r;
	done->did |= 1u << step;
	return after_step == NULL ? 0 : after_step(store, step);
}

static inline int
work_logins(void)
{
	struct store *store;
	const char *why;
	int r, first = 0;
	unsigned int i;

	if ((r = store_open(folder, &store, &why)) != 0)
		return r;
	for (i = 0; i < STEPS; i++) {
		r = take_next(store, (enum step)i);
		first = first != 0 ? first : r;
	}
	store_close(store);
	done->closed = true;
	return first;
}

struct found {
	size_t n;
	bool a, b, orphan;
};

static inline int
find_session(const struct store_session *s, void *arg)
{
	struct found *found = arg;

	found->n++;
	if (strcmp(s->ref, "A") == 0) {
		found->a = true;
		found->orphan = s->state == STORE_SESSION_ORPHAN;
	} else {
		found->b = strcmp(s->ref, "B") == 0;
	}
	return 0;
}

static inline void
assert_sessions(struct store *store)
{
	struct found found = { .n = 0 };

	assert_int_equal(store_sessions_each(store, find_session, &found), 0);
	assert_int_equal(found.n, found.a + found.b);
	if (did(PUT_A) && !tried(REMOVE_A))
		assert_true(found.a);
	if (did(REMOVE_A) || !tried(PUT_A))
		assert_false(found.a);
	if (did(ORPHAN_A) && found.a)
		assert_true(found.orphan);
	if (did(PUT_B) || !tried(PUT_B))
		assert_int_equal(found.b, did(PUT_B));
}

static inline size_t
count_logins(struct store *store, const char *person)
{
	struct store_login list[99];
	size_t n;

	assert_int_equal(store_history_recent(store, person, list, 99, &n), 0);
	return n;
}

/* None lost, none twice, and what expires does so as a whole. */
static inline void
assert_history(struct store *store)
{
	unsigned int least = did(LOGIN_1) + did(LOGIN_2);
	unsigned int most = tried(LOGIN_1) + tried(LOGIN_2);
	size_t n;

	n = count_logins(store, "alice");
	assert_true(n >= least && n <= most);
	n = count_logins(store, "old");
	assert_true(n == 1 || n == 1 + EXPIRED);
	if (did(EXPIRE) || !tried(EXPIRE))
		assert_int_equal(n, did(EXPIRE) ? 1 : 1 + EXPIRED);
}

static inline void
assert_revocations(struct store *store)
{
	struct store_outline outline;
	struct store_revocation r;
	int alice, bob;

	alice = store_revocation_of(store, "alice", &r);
	bob = store_revocation_of(store, "bob", &r);
	assert_true(alice == 0 || alice == FG_ERR_NOT_FOUND);
	assert_true(bob == 0 || bob == FG_ERR_NOT_FOUND);
	if (did(REVOKE_ALICE) && !tried(RESTORE_ALICE))
		assert_int_equal(alice, 0);
	if (did(REVOKE_ALICE) && did(RESTORE_ALICE))
		assert_int_equal(alice, FG_ERR_NOT_FOUND);
	if (did(REVOKE_BOB))
		assert_int_equal(bob, 0);
	assert_int_equal(store_outline(store, &outline), 0);
	assert_false(outline.lost);
	assert_int_equal(outline.revocations, alice == 0 || bob == 0);
}

/* And closes it. */
static inline void
assert_logins_go_on(struct store *store)
{
	struct store_login l;

	assert_int_equal(put_session(store, "C", STORE_SESSION_OPEN), 0);
	assert_int_equal(add_login(store, "alice", 3000), 0);
	assert_int_equal(store_history_last(store, "alice", &l), 0);
	assert_int_equal(l.at_s, 3000);
	assert_int_equal(take_back(store, "alice"), 0);
	store_close(store);
	assert_integrity();
}

static inline void
assert_whole_logins(void)
{
	struct store *store;

	disk_set(DISK_WORKS, 0, 0);
	store = open_store();
	assert_sessions(store);
	assert_history(store);
	assert_revocations(store);
	assert_logins_go_on(store);
}

/* ---- all of them -------------------------------------------------------- */

static const struct job {
	void (*prepare)(void);
	int (*work)(void);
	void (*assert_whole)(void);
} people = { prepare_people, work_people, assert_whole_people },
  logins = { prepare_logins, work_logins, assert_whole_logins },
  bundles = { prepare_bundle, work_bundle, assert_whole_bundle },
  assets = { prepare_assets, work_assets, assert_whole_assets };

#endif
