/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one list of them, in the order of the enum.
 */
#include "policyd/record/disposition.h"

#include <string.h>

static const char *const words[] = { "true_positive", "false_positive",
	"expected", "unclear" };

#define WORDS (sizeof(words) / sizeof(words[0]))

_Static_assert(WORDS == DISPOSITIONS - 1, "each has its word");

const char *
disposition_at(size_t i)
{
	return i < WORDS ? words[i] : NULL;
}

enum disposition
disposition_by_name(const char *word)
{
	for (size_t i = 0; i < WORDS; i++)
		if (strcmp(words[i], word) == 0)
			return (enum disposition)(i + 1);
	return DISPOSITION_NONE;
}
