/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inventory, a line of JSON each: only whose logins come up is kept in
 * memory as a person. What the child says is taken for what the daemon might
 * have written.
 */
#include "ctl/replay/people.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/child.h"
#include "ctl/ctl.h"
#include "ctl/keeper.h"
#include "ctl/replay/names.h"
#include "policyd/people/person_json.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/store/store.h"
#include "policyd/text.h"
#include "proto/result.h"

#define PEOPLE_BYTES (256u * 1024u * 1024u) /* of all of them */

struct entry {
	const char *line;
	size_t len;
	struct person *person; /* NULL: not asked for yet */
};

/* Whose each name is. */
struct owners {
	struct names *names;
	uint32_t *of; /* the number of the entry, by the name's */
	size_t room;
};

struct people {
	char *text;
	struct entry *entries;
	size_t n;
	struct owners accounts, keys;
};

struct question {
	const char *folder;
	bool as_daemon;
};

/* ---- in the child ------------------------------------------------------ */

static int
write_person(const struct person *person, void *arg)
{
	struct json *json = json_new();
	char *text;
	FILE *out = arg;
	bool good;

	person_to_json(person, json);
	good =
	    (text = json_text(json)) != NULL && fprintf(out, "%s\n", text) > 0;
	free(text);
	json_free(json);
	return good ? 0 : 1;
}

static int
answer(FILE *out, void *arg)
{
	const struct question *q = arg;
	struct store *store = NULL;
	const char *why = NULL;
	int r;

	if (q->as_daemon)
		safeopen_only_root(); /* as the daemon does */
	r = store_peek(q->folder, &store, &why);
	if (r == FG_ERR_NOT_FOUND)
		return CTL_OK;
	if (r == 0)
		r = store_people_each(store, write_person, out);
	store_close(store);
	if (r == 0)
		return CTL_OK;
	if (!q->as_daemon && (r == FG_ERR_SYSTEM || r == FG_ERR_UNSAFE))
		why = "not readable for you; use sudo";
	fprintf(out, "%s", why != NULL ? why : text_error(r));
	return CTL_ERROR;
}

/* ---- outside of it ----------------------------------------------------- */

static int
add_name(struct owners *owners, const char *text, uint32_t i)
{
	size_t room = owners->room == 0 ? 1024 : 2 * owners->room;
	uint32_t *larger, k;

	if (names_find(owners->names, text) != NAMES_NONE)
		return 0; /* the first one stays */
	if ((k = names_add(owners->names, text)) == NAMES_NONE)
		return FG_ERR_NOMEM;
	if (k == owners->room) {
		larger = reallocarray(owners->of, room, sizeof(*larger));
		if (larger == NULL)
			return FG_ERR_NOMEM;
		owners->of = larger;
		owners->room = room;
	}
	owners->of[k] = i;
	return 0;
}

static bool
parse(const struct entry *entry, struct person *ret_person)
{
	struct json *json = json_parse(entry->line, entry->len);
	bool good = json != NULL && person_from_json(json, ret_person) == 0;

	json_free(json);
	return good;
}

static int
index_entry(struct people *people, uint32_t i)
{
	static struct person person;
	int r = 0;

	if (!parse(&people->entries[i], &person))
		return FG_ERR_FORMAT;
	for (size_t k = 0; r == 0 && k < person.naccounts; k++)
		r = add_name(&people->accounts, person.account[k], i);
	for (size_t k = 0; r == 0 && k < person.nkeys; k++)
		r = add_name(&people->keys, person.key[k], i);
	return r;
}

static int
index_text(struct people *people, size_t len)
{
	const char *at = people->text, *end = at + len;
	int r = 0;

	for (; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
		people->n++;
	people->entries = calloc(people->n + 1, sizeof(*people->entries));
	if (people->entries == NULL)
		return FG_ERR_NOMEM;
	at = people->text;
	for (uint32_t i = 0; r == 0 && i < people->n; i++) {
		people->entries[i].line = at;
		/* There may be a NUL in it. */
		at = memchr(at, '\n', (size_t)(end - at));
		people->entries[i].len =
		    (size_t)(at++ - people->entries[i].line);
		r = index_entry(people, i);
	}
	return r;
}

/* CTL_OK, or why there is nobody. */
static int
ask_child(const char *folder, char **ret_text, size_t *ret_len,
    char why[PEOPLE_WHY_SIZE])
{
	struct question q = { .folder = folder };
	struct child child = { .run = answer, .arg = &q, .max = PEOPLE_BYTES };
	struct priv_ids ids;
	bool there;
	int r;

	if (keeper_find("replay", folder, &ids, &q.as_daemon, &there) !=
	    CTL_OK) {
		(void)text_format(why, PEOPLE_WHY_SIZE, "%s: not readable",
		    folder);
		return CTL_ERROR;
	}
	if (q.as_daemon)
		child.ids = &ids;
	r = there ? child_run(&child, ret_text, ret_len) : CTL_ERROR;
	if (r == CTL_OK && *ret_len > 0)
		return CTL_OK;
	(void)text_format(why, PEOPLE_WHY_SIZE, "%s: %s", folder,
	    r < 0		     ? text_error(r) :
		there && r != CTL_OK ? *ret_text :
				       "there is no inventory");
	return CTL_ERROR;
}

int
people_take(char *text, size_t len, struct people **ret_people)
{
	struct people *people = calloc(1, sizeof(*people));
	int r = FG_ERR_NOMEM;

	*ret_people = NULL;
	if (people == NULL) {
		free(text);
		return r;
	}
	people->text = text;
	people->accounts.names = names_new(NAMES_ANY);
	people->keys.names = names_new(NAMES_ANY);
	if (people->accounts.names != NULL && people->keys.names != NULL)
		r = text == NULL ? 0 : index_text(people, len);
	if (r == 0)
		*ret_people = people;
	else
		people_free(people);
	return r;
}

int
people_load(const char *folder, struct people **ret_people,
    char ret_why[PEOPLE_WHY_SIZE])
{
	char *text = NULL;
	size_t len = 0;
	int r;

	ret_why[0] = '\0';
	if (ask_child(folder, &text, &len, ret_why) != CTL_OK) {
		free(text);
		text = NULL;
	}
	r = people_take(text, len, ret_people);
	if (r != FG_ERR_FORMAT)
		return r;
	(void)text_format(ret_why, PEOPLE_WHY_SIZE,
	    "%s: its inventory cannot be read", folder);
	return people_take(NULL, 0, ret_people);
}

static void
owners_done(struct owners *owners)
{
	names_free(owners->names);
	free(owners->of);
}

void
people_free(struct people *people)
{
	if (people == NULL)
		return;
	for (size_t i = 0; people->entries != NULL && i < people->n; i++)
		free(people->entries[i].person);
	free(people->entries);
	owners_done(&people->accounts);
	owners_done(&people->keys);
	free(people->text);
	free(people);
}

bool
people_are_known(const struct people *people)
{
	return people->n > 0;
}

/* ---- who --------------------------------------------------------------- */

static const struct person *
person_at(struct people *people, uint32_t i)
{
	struct entry *entry = &people->entries[i];

	if (entry->person == NULL &&
	    (entry->person = malloc(sizeof(*entry->person))) != NULL &&
	    !parse(entry, entry->person)) {
		free(entry->person);
		entry->person = NULL;
	}
	return entry->person;
}

static const struct person *
find(struct people *people, const struct owners *owners, const char *text)
{
	uint32_t i =
	    people->n == 0 ? NAMES_NONE : names_find(owners->names, text);

	return i == NAMES_NONE ? NULL : person_at(people, owners->of[i]);
}

bool
people_by_name(struct people *people, const char *user, const char *account,
    struct person *ret_person)
{
	/* The entry's own name is among its accounts. */
	const struct person *found = find(people, &people->accounts, user);
	const struct person *shared;

	if (found == NULL || strcmp(found->user, user) != 0)
		return false;
	*ret_person = *found;
	shared = find(people, &people->accounts, account);
	if (shared != NULL && shared->kind == PERSON_KIND_SHARED)
		person_inherit(shared, ret_person);
	return true;
}

/* The person behind a shared account. */
static void
find_sharer(struct people *people, const char *key, bool told, int64_t at_s,
    struct fact_person *fact)
{
	const struct person *holder;
	struct person account;

	fact->shared = true;
	if (!told || !person_is_valid(&fact->person, at_s))
		return;
	holder = key[0] == '\0' ? NULL : find(people, &people->keys, key);
	if (holder == NULL) {
		fact->nobody = true;
		return;
	}
	account = fact->person;
	fact->person = *holder;
	person_inherit(&account, &fact->person);
}

void
people_find(struct people *people, const char *account, const char *key,
    bool told, int64_t at_s, struct fact_person *ret_person)
{
	const struct person *found;

	ret_person->state = FACT_NONE;
	ret_person->shared = ret_person->nobody = false;
	ret_person->in_hours = ret_person->hours_failed = false;
	if (people->n == 0)
		return;
	found = find(people, &people->accounts, account);
	ret_person->state = found == NULL ? FACT_UNKNOWN : FACT_KNOWN;
	if (found == NULL) {
		memset(&ret_person->person, 0, sizeof(ret_person->person));
		return;
	}
	ret_person->person = *found;
	if (found->kind == PERSON_KIND_SHARED)
		find_sharer(people, key, told, at_s, ret_person);
	if (person_in_hours(&ret_person->person, at_s, &ret_person->in_hours) !=
	    0)
		ret_person->hours_failed = true;
}
