/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one list of them.
 */
#include "policyd/record/disposition.h"

#include <string.h>

static const char *const words[] = { "true_positive", "false_positive",
	"expected", "unclear" };

#define WORDS (sizeof(words) / sizeof(words[0]))

const char *
disposition_at(size_t i)
{
	return i < WORDS ? words[i] : NULL;
}

bool
disposition_is_known(const char *word)
{
	for (size_t i = 0; i < WORDS; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}
