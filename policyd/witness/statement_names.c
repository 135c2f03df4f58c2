/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two tables of numbers; those of STATEMENT.
 */
#include "policyd/witness/statement_names.h"

#include <string.h>

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

static const char *const findings[] = {
	[1] = "remote.tool",
	[2] = "remote.desktop",
	[3] = "remote.tunnel",
	[4] = "remote.kvm",
	[5] = "remote.display",
	[6] = "remote.jiggler",
	[7] = "remote.session",
	[8] = "remote.unknown",
	[9] = "net.vpn_client",
	[10] = "device.virtual",
	[11] = "device.new_input",
};

static const char *const grades[] = {
	[0] = "",
	[1] = "installed",
	[2] = "running",
	[3] = "active",
	[4] = "hidden",
	[5] = "default_route",
	[6] = "identity",
	[7] = "composition",
	[8] = "weak",
	[9] = "blind",
	[10] = "partial",
	[11] = "newer",
};

_Static_assert(N_ELEMENTS(findings) <= STATEMENT_FINDING_OTHER &&
	N_ELEMENTS(grades) <= STATEMENT_GRADE_OTHER,
    "the last number names nothing");

uint8_t
statement_finding_number(enum finding_code code)
{
	const struct finding_info *info = finding_info(code);

	for (uint8_t i = 1; info != NULL && i < N_ELEMENTS(findings); i++)
		if (strcmp(findings[i], info->name) == 0)
			return i;
	return STATEMENT_FINDING_OTHER;
}

uint8_t
statement_grade_number(const char *grade)
{
	for (uint8_t i = 0; i < N_ELEMENTS(grades); i++)
		if (strcmp(grades[i], grade) == 0)
			return i;
	return STATEMENT_GRADE_OTHER;
}

enum finding_code
statement_finding_code(uint8_t number)
{
	if (number == 0 || number >= N_ELEMENTS(findings))
		return FINDING_NONE;
	return finding_by_name(findings[number]);
}

const char *
statement_grade_name(uint8_t number)
{
	return number < N_ELEMENTS(grades) ? grades[number] : NULL;
}
