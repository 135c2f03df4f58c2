/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Evidence in words that names its sources and how old they are, for findings
 * that rest on lists and databases.
 */
#ifndef FG_CHECK_SOURCE_H
#define FG_CHECK_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/conf.h"
#include "policyd/facts.h"
#include "policyd/finding.h"

/* What several sources say, with "; " between them. Zeroed: nothing yet. */
struct check_source {
	char		 text[FINDING_TEXT_MAX + 1];
	size_t		 len;		/* 0: no source said anything */
};

/* What does not fit is cut. The second goes on without "; ". */
void	check_source_add(struct check_source *source, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	check_source_append(struct check_source *source, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* The networks of this kind that hold the origin. */
void	check_source_networks(struct check_source *source,
	    const struct facts *facts, const struct conf *conf,
	    enum conf_net_kind kind);

/*
 * What the database of anonymous addresses says, if it has one of these flags;
 * what is how that is called.
 */
void	check_source_anonymous(struct check_source *source,
	    const struct facts *facts, const struct conf *conf, uint32_t flags,
	    const char *what);

/*
 * ": alice, bob, carol and 3 more": whose login it is, and the first n people
 * who were there as well.
 */
void	check_source_company(struct check_source *source,
	    const struct facts *facts, const struct fact_company *company,
	    size_t n);

#define CHECK_DATED_SIZE 64u

/*
 * " of 2026-08-22, 93 days old" for a list or database of that time, and
 * whether that is more than max_age_s (0: any age is right). "" if at_s is 0.
 * Returns buf.
 */
const char *check_source_dated(int64_t at_s, int64_t max_age_s, int64_t now_s,
	    char buf[CHECK_DATED_SIZE]);

/* The name of a file without its folders, within path. */
const char *check_source_file(const char *path);

/* "AS64500 NAME", or without the name if it is not known. Returns buf. */
#define CHECK_ASN_SIZE (FACT_ORG_MAX + 16u)
const char *check_source_asn(const struct fact_asn *asn,
	    char buf[CHECK_ASN_SIZE]);

#endif
