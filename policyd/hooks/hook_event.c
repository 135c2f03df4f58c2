/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as the daemon sends them, and as a program is told of them. */
#include "policyd/hooks/hook_event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/json/json.h"
#include "policyd/text.h"
#include "proto/result.h"
#include "proto/word.h"

#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))
#define WORD_SIZE  1024u
#define CODES_SIZE 2048u
#define PATH_WORD  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"

/* Members that are texts, or numbers, and the variables for them. */
static const struct {
	const char *member;
	const char *variable;
} members[] = {
	{ "event", "FARMGATE_EVENT" },
	{ "ref", "FARMGATE_REF" },
	{ "user", "FARMGATE_USER" },
	{ "person", "FARMGATE_PERSON" },
	{ "ruser", "FARMGATE_RUSER" },
	{ "service", "FARMGATE_SERVICE" },
	{ "kind", "FARMGATE_KIND" },
	{ "from", "FARMGATE_FROM" },
	{ "address", "FARMGATE_ADDRESS" },
	{ "country", "FARMGATE_COUNTRY" },
	{ "network", "FARMGATE_NETWORK" },
	{ "city", "FARMGATE_CITY" },
	{ "since", "FARMGATE_SINCE" },
	{ "action", "FARMGATE_ACTION" },
	{ "seen", "FARMGATE_SEEN" },
	{ "seq", "FARMGATE_SEQ" },
	{ "hash", "FARMGATE_HASH" },
	{ "problem", "FARMGATE_PROBLEM" },
	{ "asset", "FARMGATE_ASSET" },
	{ "verdict", "FARMGATE_VERDICT" },
	{ "would", "FARMGATE_WOULD" },
	{ "reason", "FARMGATE_REASON" },
	{ "source", "FARMGATE_SOURCE" },
	{ "sources", "FARMGATE_SOURCES" },
	{ "count", "FARMGATE_COUNT" },
	{ "first", "FARMGATE_FIRST" },
	{ "last", "FARMGATE_LAST" },
};

/* With PATH, the host, the findings, what is left, how many were lost, and the
 * end. */
#define VARIABLES_MAX (COUNT(members) + 6)

struct environment {
	char **v;
	size_t n;
};

void
hook_event_free(struct hook_event *event)
{
	if (event == NULL)
		return;
	json_free(event->json);
	free(event);
}

/* A stranger can choose the name that they try, but not where from. */
static void
set_source(struct hook_event *event)
{
	const char *from = json_get_string(event->json, "from", "");
	const char *text = json_get_string(event->json, "address", from);
	struct addr addr;

	if (addr_parse(text, &addr) == 0)
		(void)addr_source(&addr, event->source);
	else
		(void)text_copy(event->source, sizeof(event->source), from);
}

static void
set_gathered(struct hook_event *event)
{
	const char *ref = json_get_string(event->json, "ref", "");
	int64_t lost = json_get_int(event->json, "lost", 0);

	set_source(event);
	event->sources = event->count = 1;
	event->lost = lost > 0 ? (uint64_t)lost : 0;
	event->first_s = event->last_s = json_get_int(event->json, "at", 0);
	if (ref[0] != '\0' &&
	    text_copy(event->refs[0], HOOK_REF_MAX + 1, ref) == 0)
		event->nrefs = 1;
}

int
hook_event_parse(const char *data, size_t len, struct hook_event **ret_event)
{
	struct hook_event *event;
	int r;

	*ret_event = NULL;
	if (len > HOOK_EVENT_MAX)
		return FG_ERR_LIMIT;
	if ((event = calloc(1, sizeof(*event))) == NULL)
		return FG_ERR_NOMEM;
	r = FG_ERR_FORMAT;
	if ((event->json = json_parse(data, len)) == NULL)
		goto out;
	event->cls =
	    hook_class_by_name(json_get_string(event->json, "event", ""));
	if (event->cls == HOOK_NONE)
		goto out;
	event->person = json_get_string(event->json, "person", "");
	event->left_s = json_get_int(event->json, "left_s", -1);
	set_gathered(event);
	*ret_event = event;
	event = NULL;
	r = 0;
out:
	hook_event_free(event);
	return r;
}

/* Those of the older one are first. */
static void
gather_refs(struct hook_event *event, const struct hook_event *older)
{
	size_t n = event->nrefs, room = HOOK_REFS_MAX - older->nrefs;

	if (n > room)
		n = room;
	memmove(event->refs[older->nrefs], event->refs[0],
	    n * sizeof(event->refs[0]));
	memcpy(event->refs[0], older->refs[0],
	    older->nrefs * sizeof(event->refs[0]));
	event->nrefs = older->nrefs + n;
}

void
hook_event_gather(struct hook_event *event, struct hook_event *older)
{
	if (event->sources > 1 || older->sources > 1 ||
	    strcmp(event->source, older->source) != 0) {
		event->sources += older->sources;
		event->source[0] = '\0';
	}
	event->count += older->count;
	event->lost += older->lost;
	/* The daemon may have sent what is more important first. */
	if (event->first_s == 0 ||
	    (older->first_s != 0 && older->first_s < event->first_s))
		event->first_s = older->first_s;
	if (older->last_s > event->last_s)
		event->last_s = older->last_s;
	gather_refs(event, older);
	hook_event_free(older);
}

char *
hook_event_text(struct hook_event *event)
{
	struct json *json = event->json, *refs;

	if (!hook_class_gathers(event->cls))
		return json_text(json);
	json_set_int(json, "count", (int64_t)event->count);
	if (event->lost > 0)
		json_set_int(json, "lost", (int64_t)event->lost);
	if (event->first_s != 0) {
		json_set_int(json, "first", event->first_s);
		json_set_int(json, "last", event->last_s);
	}
	json_set_int(json, "sources", (int64_t)event->sources);
	if (event->source[0] != '\0')
		json_set_untrusted(json, "source", event->source);
	if (event->nrefs > 0) {
		refs = json_set_array(json, "refs");
		for (size_t i = 0; i < event->nrefs; i++)
			json_add_string(refs, event->refs[i]);
	}
	return json_text(json);
}

int64_t
hook_event_left_s(const struct hook_event *event, int64_t now_ms)
{
	int64_t left_s = event->left_s - (now_ms - event->came_ms) / 1000;

	if (event->left_s < 0)
		return -1;
	return left_s > 0 ? left_s : 0;
}

/* ---- the environment ---------------------------------------------------- */

void
hook_environment_free(char **environment)
{
	char **p;

	for (p = environment; p != NULL && *p != NULL; p++)
		free(*p);
	free(environment);
}

static int
add(struct environment *env, const char *variable, const char *value)
{
	char word[WORD_SIZE];

	fg_word(word, sizeof(word), value);
	if (asprintf(&env->v[env->n], "%s=%s", variable, word) < 0) {
		env->v[env->n] = NULL;
		return FG_ERR_NOMEM;
	}
	env->n++;
	return 0;
}

static int
add_number(struct environment *env, const char *variable, long long v)
{
	char text[24];

	(void)text_format(text, sizeof(text), "%lld", v);
	return add(env, variable, text);
}

static int
add_members(struct environment *env, const struct json *json)
{
	const char *text;
	int64_t v;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < COUNT(members); i++) {
		text = json_get_string(json, members[i].member, NULL);
		v = json_get_int(json, members[i].member, -1);
		if (text != NULL)
			r = add(env, members[i].variable, text);
		else if (v >= 0)
			r = add_number(env, members[i].variable, v);
	}
	return r;
}

/* "geo.country,remote.tool:active", which is one word, too. */
static int
add_findings(struct environment *env, const struct json *json)
{
	const struct json *list = json_get(json, "findings"), *o;
	char codes[CODES_SIZE] = "";
	size_t i, used = 0;
	const char *grade;

	for (i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		grade = json_get_string(o, "grade", "");
		if (text_format(codes + used, sizeof(codes) - used, "%s%s%s%s",
			i > 0 ? "," : "", json_get_string(o, "code", "-"),
			grade[0] != '\0' ? ":" : "", grade) != 0)
			break;
		used += strlen(codes + used);
	}
	return add(env, "FARMGATE_FINDINGS", codes);
}

static int
add_host(struct environment *env)
{
	char host[256] = "";

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	return add(env, "FARMGATE_HOST", host);
}

static int
add_left(struct environment *env, int64_t left_s)
{
	return left_s < 0 ? 0 : add_number(env, "FARMGATE_LEFT_S", left_s);
}

int
hook_event_environment(const struct hook_event *event, int64_t now_ms,
    unsigned int lost, char ***ret_environment)
{
	struct environment env = { .n = 1 };
	int r = FG_ERR_NOMEM;

	*ret_environment = NULL;
	if ((env.v = calloc(VARIABLES_MAX, sizeof(*env.v))) == NULL ||
	    (env.v[0] = strdup(PATH_WORD)) == NULL)
		goto out;
	if ((r = add_host(&env)) != 0 ||
	    (r = add_members(&env, event->json)) != 0 ||
	    (r = add_findings(&env, event->json)) != 0 ||
	    (r = add_left(&env, hook_event_left_s(event, now_ms))) != 0 ||
	    (r = add_number(&env, "FARMGATE_LOST",
		 (long long)(event->lost + lost))) != 0)
		goto out;
	*ret_environment = env.v;
	env.v = NULL;
out:
	hook_environment_free(env.v);
	return r;
}
