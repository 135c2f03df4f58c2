/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers by which statements name findings and grades. They are of the
 * wire alone: laptop and jump host may be of different releases, and what the
 * registry of finding.h calls by which value changes between those. A number
 * is never used again.
 */
#ifndef FG_STATEMENT_NAMES_H
#define FG_STATEMENT_NAMES_H

#include <stdint.h>

#include "policyd/finding.h"

/* What has no number: no reader has a name for them. */
#define STATEMENT_FINDING_OTHER	255u
#define STATEMENT_GRADE_OTHER	127u
#define STATEMENT_GRADE_MAX	127u

/* STATEMENT_FINDING_OTHER: no statement has this one yet. */
uint8_t	statement_finding_number(enum finding_code code);
/* Of "" too; STATEMENT_GRADE_OTHER likewise. */
uint8_t	statement_grade_number(const char *grade);

/*
 * FINDING_NONE or NULL, which is static: this release does not know it. A
 * finding of that kind is one all the same, and whoever reads it says so.
 */
enum finding_code statement_finding_code(uint8_t number);
const char	*statement_grade_name(uint8_t number);

#endif
