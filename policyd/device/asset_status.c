/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What inventories call the four statuses. What is in no table is refused: a
 * guess would let somebody log in with a laptop that was stolen.
 */
#include <string.h>

#include "policyd/device/asset_parts.h"
#include "policyd/people/cell.h"
#include "proto/result.h"

#include "policyd/text.h"

#define WORD_MAX 64u

/* In lower case, with blanks for '-' and '_', and each blank once. */
static const struct {
	const char *word;
	enum asset_status status;
} words[] = {
	{ "issued", ASSET_ISSUED },
	{ "deployed", ASSET_ISSUED },
	{ "in use", ASSET_ISSUED },
	{ "active", ASSET_ISSUED },
	{ "assigned", ASSET_ISSUED },
	{ "checked out", ASSET_ISSUED },
	{ "stock", ASSET_STOCK },
	{ "in stock", ASSET_STOCK },
	{ "ready to deploy", ASSET_STOCK },
	{ "deployable", ASSET_STOCK },
	{ "available", ASSET_STOCK },
	{ "pending", ASSET_STOCK },
	{ "reserved", ASSET_STOCK },
	{ "on order", ASSET_STOCK },
	{ "spare", ASSET_STOCK },
	{ "lost", ASSET_LOST },
	{ "stolen", ASSET_LOST },
	{ "lost/stolen", ASSET_LOST },
	{ "missing", ASSET_LOST },
	{ "retired", ASSET_RETIRED },
	{ "archived", ASSET_RETIRED },
	{ "undeployable", ASSET_RETIRED },
	{ "broken", ASSET_RETIRED },
	{ "broken not fixable", ASSET_RETIRED },
	{ "out for repair", ASSET_RETIRED },
	{ "out for diagnostics", ASSET_RETIRED },
	{ "in repair", ASSET_RETIRED },
	{ "in maintenance", ASSET_RETIRED },
	{ "decommissioned", ASSET_RETIRED },
	{ "disposed", ASSET_RETIRED },
	{ "scrapped", ASSET_RETIRED },
	{ "recycled", ASSET_RETIRED },
	{ "donated", ASSET_RETIRED },
	{ "sold", ASSET_RETIRED },
};

/* As the table has them; "" if it is too long for any. */
static void
make_word(const char *text, size_t len, char word[WORD_MAX])
{
	size_t n = 0;
	char c;

	for (size_t i = 0; i < len; i++) {
		c = text[i];
		if (c == '-' || c == '_' || strchr(CELL_BLANKS, c) != NULL)
			c = ' ';
		else
			c = text_lower(c);
		if (c == ' ' && (n == 0 || word[n - 1] == ' '))
			continue;
		if (n == WORD_MAX - 1) {
			n = 0;
			break;
		}
		word[n++] = c;
	}
	while (n > 0 && word[n - 1] == ' ')
		n--;
	word[n] = '\0';
}

static enum asset_status
find_word(const char *text, size_t len)
{
	char word[WORD_MAX];

	make_word(text, len, word);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].status;
	return ASSET_STATUS_NONE;
}

/* "NAME (TYPE)", and both count: only what is issued by both is. */
static enum asset_status
of_both(enum asset_status name, enum asset_status type)
{
	if (name == ASSET_STATUS_NONE || type == ASSET_STATUS_NONE)
		return ASSET_STATUS_NONE;
	if (name == ASSET_LOST || type == ASSET_LOST)
		return ASSET_LOST;
	/* "Ready to Deploy (deployed)": it was ready, and somebody has it. */
	if (name == ASSET_STOCK && type == ASSET_ISSUED)
		return ASSET_ISSUED;
	return name > type ? name : type;
}

static enum asset_status
read_status(const char *text)
{
	size_t len = strlen(text);
	const char *open = strrchr(text, '(');

	if (open == NULL || open == text || text[len - 1] != ')')
		return find_word(text, len);
	return of_both(find_word(text, (size_t)(open - text)),
	    find_word(open + 1, len - 1 - (size_t)(open + 1 - text)));
}

int
asset_set_status(struct asset *asset, const char *text, const char **ret_why)
{
	asset->status = ASSET_ISSUED;
	if (text[0] == '\0')
		return 0;
	asset->status = read_status(text);
	if (asset->status != ASSET_STATUS_NONE)
		return 0;
	/* Not known is not issued. */
	asset->status = ASSET_RETIRED;
	return cell_wrong("is no status; write issued, stock, lost or "
			  "retired, or leave it empty",
	    ret_why);
}
