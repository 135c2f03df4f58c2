/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Evidence with its sources and their age. A date is that of the list or
 * database, in UTC; its age is counted to the time of the decision.
 */
#include "policyd/check/check_source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policyd/people/civil.h"
#include "policyd/text.h"

static void append(struct check_source *source, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

static void
append(struct check_source *source, const char *fmt, va_list ap)
{
	size_t room = sizeof(source->text) - source->len;

	if (vsnprintf(source->text + source->len, room, fmt, ap) > 0)
		source->len = strlen(source->text);
}

void
check_source_append(struct check_source *source, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	append(source, fmt, ap);
	va_end(ap);
}

void
check_source_add(struct check_source *source, const char *fmt, ...)
{
	va_list ap;

	if (source->len > 0)
		check_source_append(source, "; ");
	va_start(ap, fmt);
	append(source, fmt, ap);
	va_end(ap);
}

const char *
check_source_dated(int64_t at_s, int64_t max_age_s, int64_t now_s,
    char buf[CHECK_DATED_SIZE])
{
	int64_t age_s = now_s > at_s ? now_s - at_s : 0;
	long long days = (long long)(age_s / CIVIL_DAY_S);
	char day[CIVIL_DAY_SIZE];

	buf[0] = '\0';
	if (at_s == 0 || civil_day(at_s, day)[0] == '\0')
		return buf;
	(void)text_format(buf, CHECK_DATED_SIZE, " of %s, %lld day%s old%s",
	    day, days, days == 1 ? "" : "s",
	    max_age_s != 0 && age_s > max_age_s ? " (too old)" : "");
	return buf;
}

void
check_source_networks(struct check_source *source, const struct facts *facts,
    const struct conf *conf, enum conf_net_kind kind)
{
	const struct conf_network *net;
	char dated[CHECK_DATED_SIZE];
	size_t i;

	for (i = 0; i < facts->networks.count; i++) {
		net = &conf->networks[facts->networks.index[i]];
		if (net->kind == kind)
			check_source_add(source, "in network %s%s", net->name,
			    check_source_dated(net->listed_at_s, net->max_age_s,
				facts->at_s, dated));
	}
}

void
check_source_company(struct check_source *source, const struct facts *facts,
    const struct fact_company *company, size_t n)
{
	size_t i, named = n < company->named ? n : company->named;

	check_source_append(source, ": %s", fact_who(facts));
	for (i = 0; i < named; i++)
		check_source_append(source, ", %s", company->name[i]);
	if (n > named)
		check_source_append(source, " and %zu more", n - named);
}

const char *
check_source_file(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

void
check_source_anonymous(struct check_source *source, const struct facts *facts,
    const struct conf *conf, uint32_t flags, const char *what)
{
	const struct fact_anonymous *anon = &facts->anonymous;
	char dated[CHECK_DATED_SIZE], seen[CHECK_DATED_SIZE], sure[16] = "";
	const char *name = "the database";
	int64_t max_age_s = 0;

	if (anon->state != FACT_KNOWN || (anon->flags & flags) == 0)
		return;
	if (anon->index < conf->ndatabases) {
		name = check_source_file(conf->databases[anon->index].path);
		max_age_s = conf->databases[anon->index].max_age_s;
	}
	if (anon->confidence > 0)
		(void)text_format(sure, sizeof(sure), ", %d %%",
		    anon->confidence);
	(void)check_source_dated(anon->seen_s, 0, facts->at_s, seen);
	check_source_add(source, "%s%s: %s%s%s%s%s%s", name,
	    check_source_dated(anon->build_s, max_age_s, facts->at_s, dated),
	    what, anon->provider[0] == '\0' ? "" : " by ", anon->provider, sure,
	    seen[0] == '\0' ? "" : ", seen", seen);
}

const char *
check_source_asn(const struct fact_asn *asn, char buf[CHECK_ASN_SIZE])
{
	(void)text_format(buf, CHECK_ASN_SIZE, "AS%lu%s%s",
	    (unsigned long)asn->number, asn->org[0] == '\0' ? "" : " ",
	    asn->org);
	return buf;
}
