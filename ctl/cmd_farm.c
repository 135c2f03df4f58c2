/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl farm: which people come from the same places, of this machine or
 * of what several have exported. A laptop farm shows here: many people behind
 * one address, and together again behind the next; or many laptops behind one
 * gateway, or beside one monitor.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/farm.h"
#include "policyd/key.h"
#include "policyd/net/addr.h"
#include "policyd/people/civil.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SINCE_D	    30
#define LINE_MAX_B  65536
#define HOST_SIZE   256
#define LOGINS_MAX  1000000000 /* of one line */
#define SOURCES_MAX 20u /* shown of a cluster, and people likewise */
#define DIGEST_LEN  16u /* characters of a site's */
#define SOURCE_SIZE \
	(KEY_TEXT_SIZE > ADDR_TEXT_SIZE ? KEY_TEXT_SIZE : ADDR_TEXT_SIZE)

struct options {
	int64_t since_s;
	bool export;
	bool json;
	char host[HOST_SIZE]; /* "" but for an export */
	struct farm farm;
};

/* ---- what is read ------------------------------------------------------ */

/* Of what laptops have said it is known when that was last. */
static bool
is_right(const struct farm_login *l)
{
	return l->person[0] != '\0' && l->last_s > 0 &&
	    (l->why != FARM_ADDRESS ||
		(l->logins > 0 && l->logins <= LOGINS_MAX && l->first_s > 0));
}

static bool
is_digest(const char *source)
{
	return strlen(source) == DIGEST_LEN &&
	    strspn(source, "0123456789abcdef") == DIGEST_LEN;
}

/* In one spelling. */
static bool
take_source(enum farm_why why, const char *source, char text[SOURCE_SIZE])
{
	uint8_t key[CRYPTO_KEY_SIZE];
	struct addr addr;

	switch (why) {
	case FARM_NONE:
		return false;
	case FARM_ADDRESS:
		if (addr_parse(source, &addr) != 0)
			return false;
		(void)addr_text(&addr, text);
		return true;
	case FARM_GATEWAY:
	case FARM_PERIPHERAL:
		if (!is_digest(source))
			return false;
		break;
	case FARM_DEVICE:
		if (key_parse(KEY_DEVICE, source, key) != 0)
			return false;
		break;
	}
	return text_copy(text, SOURCE_SIZE, source) == 0;
}

/* A line of an export. Whoever wrote it may have written anything. */
static int
take(struct options *o, const struct json *line)
{
	int64_t asn = json_get_int(line, "asn", 0);
	char text[SOURCE_SIZE];
	struct farm_login l;

	memset(&l, 0, sizeof(l));
	l.why = farm_why_by_name(json_get_string(line, "why", "address"));
	if (!take_source(l.why, json_get_string(line, "source", ""), text))
		return FG_ERR_FORMAT;
	/* Only read from here on. */
	l.source = text;
	l.asset = (char *)(uintptr_t)json_get_string(line, "asset", "");
	l.person = (char *)(uintptr_t)json_get_string(line, "person", "");
	l.host = (char *)(uintptr_t)json_get_string(line, "host", o->host);
	l.country = (char *)(uintptr_t)json_get_string(line, "country", "");
	l.excused = (char *)(uintptr_t)json_get_string(line, "excused", "");
	l.asn = asn > 0 && asn <= UINT32_MAX ? (uint32_t)asn : 0;
	l.logins = json_get_int(line, "logins", 0);
	l.first_s = json_get_int(line, "first", 0);
	l.last_s = json_get_int(line, "last", 0);
	if (l.why != FARM_ADDRESS) {
		l.logins = 0;
		l.first_s = l.last_s;
	}
	if (!is_right(&l))
		return FG_ERR_FORMAT;
	return l.last_s < o->since_s ? 0 : farm_add(&o->farm, &l);
}

static int
daemon_line(struct json *line, void *arg)
{
	struct options *o = arg;

	if (o->export) {
		json_set_string(line, "host", o->host);
		return ctl_print_json(line);
	}
	if (take(o, line) == 0)
		return CTL_OK;
	ctl_complain("farm: out of memory, or the daemon's answer is wrong");
	return CTL_ERROR;
}

static int
read_line(struct options *o, const char *path, unsigned long number,
    const char *text)
{
	struct json *json = json_parse(text, strcspn(text, "\n"));
	int r = json == NULL ? FG_ERR_FORMAT : take(o, json);

	json_free(json);
	if (r == 0)
		return CTL_OK;
	ctl_complain("%s:%lu: %s", path, number,
	    r == FG_ERR_NOMEM ?
		"out of memory" :
		"no line of farmgatectl farm --export; export it again");
	return CTL_ERROR;
}

static int
read_file(struct options *o, const char *path)
{
	static char text[LINE_MAX_B];
	unsigned long number = 0;
	int r = CTL_OK;
	FILE *fp;

	if ((fp = fopen(path, "re")) == NULL) {
		ctl_complain("%s: %s", path, strerror(errno));
		return CTL_ERROR;
	}
	while (r == CTL_OK && fgets(text, sizeof(text), fp) != NULL)
		r = read_line(o, path, ++number, text);
	if (ferror(fp)) {
		ctl_complain("%s: %s", path, strerror(errno));
		r = CTL_ERROR;
	}
	(void)fclose(fp); /* was only read */
	return r;
}

/* ---- what is shown ----------------------------------------------------- */

static const char *
safe(const char *s, char buf[CTL_TEXT_SIZE])
{
	return text_escape_utf8(buf, CTL_TEXT_SIZE, s, strlen(s));
}

/* The logins of cluster k, which stand together. */
static size_t
cluster_end(const struct farm *farm, size_t i, size_t k)
{
	while (i < farm->nlogins && farm->logins[i].cluster == k)
		i++;
	return i;
}

/* Where only some machines excuse a source it counts, and that is said. */
static void
print_disagreement(const struct farm_login *list, size_t n)
{
	const char *host = NULL;
	char buf[CTL_TEXT_SIZE];
	bool others = false, all = true;
	size_t i;

	for (i = 0; i < n; i++) {
		if (list[i].excused[0] == '\0') {
			all = false;
			continue;
		}
		if (host == NULL)
			host = list[i].host;
		others |= strcmp(list[i].host, host) != 0;
	}
	if (host != NULL && !all)
		printf(", excused on %s%s only",
		    host[0] != '\0' ? safe(host, buf) : "this machine",
		    others ? " and others" : "");
}

/* What is known of an address beside it: where it is, and how often. */
static void
print_address(const struct farm_login *l, int64_t logins)
{
	char buf[CTL_TEXT_SIZE];

	printf(" %-2s", l->country[0] != '\0' ? safe(l->country, buf) : "-");
	if (l->asn != 0)
		printf(" AS%lu", (unsigned long)l->asn);
	printf("  %lld login%s,", (long long)logins, logins == 1 ? "" : "s");
}

/* Why people belong together by it, and when it was last. */
static void
print_reason(const struct farm_login *list, size_t n)
{
	char buf[CTL_TEXT_SIZE], last[CTL_TIME_SIZE];
	int64_t logins = 0, last_s = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		logins = farm_sum(logins, list[i].logins);
		if (list[i].last_s > last_s)
			last_s = list[i].last_s;
	}
	printf("    %-10s %-24s", farm_why_name(list->why),
	    safe(list->asset[0] != '\0' ? list->asset : list->source, buf));
	if (list->why == FARM_ADDRESS)
		print_address(list, logins);
	printf(" last %s", ctl_time_text(last_s, last));
}

static void
print_source(const struct farm_login *list, size_t n)
{
	char a[CTL_TEXT_SIZE];
	size_t i, shown = 0;

	print_reason(list, n);
	print_disagreement(list, n);
	printf("\n      ");
	for (i = 0; i < n; i++) {
		if (i > 0 && strcmp(list[i].person, list[i - 1].person) == 0)
			continue;
		if (shown++ < SOURCES_MAX)
			printf("%s%s", i > 0 ? " " : "",
			    safe(list[i].person, a));
	}
	puts(shown > SOURCES_MAX ? " ..." : "");
}

static void
print_cluster(const struct farm *farm, size_t k, size_t from, size_t to)
{
	const struct farm_cluster *c = &farm->clusters[k];
	const struct farm_login *l = farm->logins;
	char buf[CTL_TEXT_SIZE];
	size_t i, end, shown = 0;

	printf("%zu. %zu people, %zu source%s", k + 1, c->people, c->sources,
	    c->sources == 1 ? "" : "s");
	if (c->hosts > 1)
		printf(", on %zu machines", c->hosts);
	if (c->excuse != NULL)
		printf(", excused: %s", safe(c->excuse, buf));
	puts("");
	for (i = from; i < to; i = end) {
		for (end = i; end < to && farm_same_source(&l[end], &l[i]);
		     end++)
			;
		if (shown++ < SOURCES_MAX)
			print_source(&l[i], end - i);
	}
	if (shown > SOURCES_MAX)
		printf("    and %zu sources more\n", shown - SOURCES_MAX);
}

static void
login_json(const struct farm_login *l, struct json *list)
{
	struct json *json = json_add_object(list);

	json_set_string(json, "why", farm_why_name(l->why));
	json_set_untrusted(json, "source", l->source);
	json_set_given(json, "asset", l->asset);
	json_set_untrusted(json, "person", l->person);
	json_set_given(json, "host", l->host);
	json_set_given(json, "country", l->country);
	if (l->asn != 0)
		json_set_int(json, "asn", l->asn);
	if (l->why == FARM_ADDRESS) {
		json_set_int(json, "logins", l->logins);
		json_set_int(json, "first", l->first_s);
	}
	json_set_int(json, "last", l->last_s);
	json_set_given(json, "excused", l->excused);
}

static int
print_json(const struct farm *farm, size_t k, size_t from, size_t to)
{
	const struct farm_cluster *c = &farm->clusters[k];
	struct json *json = json_new(), *list;
	size_t i;
	int r;

	json_set_int(json, "cluster", (int64_t)k + 1);
	json_set_int(json, "people", (int64_t)c->people);
	json_set_int(json, "sources", (int64_t)c->sources);
	json_set_int(json, "hosts", (int64_t)c->hosts);
	json_set_bool(json, "excused", c->excuse != NULL);
	json_set_int(json, "first", c->first_s);
	json_set_int(json, "last", c->last_s);
	list = json_set_array(json, "logins");
	for (i = from; i < to; i++)
		login_json(&farm->logins[i], list);
	r = ctl_print_json(json);
	json_free(json);
	return r;
}

static int
show(struct options *o)
{
	const struct farm *farm = &o->farm;
	size_t k, from = 0, to;
	int r = CTL_OK;

	if (farm_cluster(&o->farm) != 0) {
		ctl_complain("farm: out of memory");
		return CTL_ERROR;
	}
	if (farm->nclusters == 0 && !o->json)
		puts("no two people came from one place, or with one laptop");
	for (k = 0; k < farm->nclusters && r == CTL_OK; k++, from = to) {
		to = cluster_end(farm, from, k);
		if (o->json)
			r = print_json(farm, k, from, to);
		else
			print_cluster(farm, k, from, to);
	}
	return r;
}

/* ---- the command ------------------------------------------------------- */

static int
parse(int argc, char **argv, struct options *o)
{
	static const struct option options[] = {
		{ "since", required_argument, NULL, 's' },
		{ "export", no_argument, NULL, 'e' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	o->since_s = (int64_t)time(NULL) - SINCE_D * CIVIL_DAY_S;
	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 's') {
			if (ctl_parse_since("farm", optarg, &o->since_s) !=
			    CTL_OK)
				return CTL_ERROR;
		} else if (c == 'e') {
			o->export = true;
		} else if (c == 'j') {
			o->json = true;
		} else {
			return ctl_bad_option("farm", c, argv);
		}
	}
	if (o->export && (optind < argc || o->json))
		return ctl_misuse("farm",
		    "farm: --export goes with --since alone");
	if (o->export && gethostname(o->host, sizeof(o->host) - 1) != 0)
		o->host[0] = '\0';
	return CTL_OK;
}

static int
ask(const struct ctl *ctl, struct options *o)
{
	struct json *command = json_new();

	json_set_string(command, "do", "farm");
	json_set_int(command, "since", o->since_s);
	json_set_bool(command, "sites", true);
	/* It reads all of the history. */
	return ctl_ask_lines(ctl, command, true, daemon_line, o);
}

int
cmd_farm(const struct ctl *ctl, int argc, char **argv)
{
	static struct options o;
	int i, status = CTL_OK;

	if (parse(argc, argv, &o) != CTL_OK)
		return CTL_ERROR;
	if (optind == argc)
		status = ask(ctl, &o);
	for (i = optind; i < argc && status == CTL_OK; i++)
		status = read_file(&o, argv[i]);
	if (status == CTL_OK && !o.export)
		status = show(&o);
	farm_done(&o.farm);
	return status;
}
