/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each line against the one before it.
 */
#include "ctl/audit/chain.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/audit/sha256.h"
#include "proto/result.h"

struct chain {
	struct sha256 *sha256;
	bool begun; /* there is one to be followed, or known to be missing */
	uint64_t seq; /* of the last one; 0: there is none yet */
	char hash[CRYPTO_HEX_SIZE];
	uint64_t records, first, last;
};

static const struct {
	const char *word, *text;
} faults[] = {
	[CHAIN_RIGHT] = { "right", "it is right" },
	[CHAIN_CUT] = { "too_long", "it is longer than any record" },
	[CHAIN_TORN] = { "torn", "it is torn: the file ends in it" },
	[CHAIN_FOREIGN] = { "no_record", "it is no record" },
	[CHAIN_CHANGED] = { "changed", "its hash is wrong: it was changed" },
	[CHAIN_BEGINNING] = { "beginning",
	    "the records before it are missing, and it does not say so" },
	[CHAIN_MISSING] = { "missing", "records before it are missing" },
	[CHAIN_AGAIN] = { "again",
	    "its number was there before: it is there twice, or out of order" },
	[CHAIN_LINK] = { "link",
	    "it does not follow the record before it: one of them is another" },
	[CHAIN_SIGNATURE] = { "signature",
	    "it says that records have expired, and its signature is wrong" },
	[CHAIN_KEY] = { "key",
	    "it says that records have expired, and is signed by another key "
	    "than the daemon's" },
};

struct chain *
chain_new(void)
{
	struct chain *chain;

	if ((chain = calloc(1, sizeof(*chain))) == NULL)
		return NULL;
	memset(chain->hash, '0', LINE_HASH_LEN);
	if ((chain->sha256 = sha256_new()) == NULL) {
		free(chain);
		return NULL;
	}
	return chain;
}

void
chain_free(struct chain *chain)
{
	if (chain == NULL)
		return;
	sha256_free(chain->sha256);
	free(chain);
}

static enum chain_fault
against_before(struct chain *chain, const struct source_line *line,
    const struct line_parts *parts)
{
	bool linked = memcmp(parts->prev, chain->hash, LINE_HASH_LEN) == 0;

	if (!chain->begun && parts->seq > 1)
		return line_continues(line->text, line->len, parts) ?
		    CHAIN_RIGHT :
		    CHAIN_BEGINNING;
	if (parts->seq <= chain->seq)
		return CHAIN_AGAIN;
	if (parts->seq > chain->seq + 1)
		return CHAIN_MISSING;
	return linked ? CHAIN_RIGHT : CHAIN_LINK;
}

/* Whatever it is worth, the next one is held against it. */
static void
go_on(struct chain *chain, const struct line_parts *parts)
{
	chain->begun = true;
	chain->seq = parts->seq;
	memcpy(chain->hash, parts->hash, LINE_HASH_LEN);
	if (chain->records++ == 0 || parts->seq < chain->first)
		chain->first = parts->seq;
	if (parts->seq > chain->last)
		chain->last = parts->seq;
}

int
chain_take(struct chain *chain, const struct source_line *line,
    struct line_parts *parts, enum chain_fault *ret_fault)
{
	char hash[CRYPTO_HEX_SIZE];
	int r;

	memset(parts, 0, sizeof(*parts));
	*ret_fault = line->cut ? CHAIN_CUT : CHAIN_TORN;
	if (line->cut || line->torn)
		return 0;
	*ret_fault = CHAIN_FOREIGN;
	if (!line_parse(line->text, line->len, parts)) {
		memset(parts, 0, sizeof(*parts));
		return 0;
	}
	if ((r = sha256_record(chain->sha256, line->text, parts->hashed,
		 hash)) != 0)
		return r;
	if (memcmp(hash, parts->hash, LINE_HASH_LEN) != 0)
		*ret_fault = CHAIN_CHANGED;
	else if (!chain->begun && chain->seq == UINT64_MAX)
		*ret_fault = CHAIN_RIGHT; /* what was before is not known */
	else
		*ret_fault = against_before(chain, line, parts);
	go_on(chain, parts);
	return 0;
}

void
chain_skip(struct chain *chain)
{
	chain->begun = false;
	chain->seq = UINT64_MAX;
}

uint64_t
chain_records(const struct chain *chain)
{
	return chain->records;
}

uint64_t
chain_first(const struct chain *chain)
{
	return chain->first;
}

uint64_t
chain_last(const struct chain *chain)
{
	return chain->last;
}

const char *
chain_head(const struct chain *chain)
{
	return chain->records == 0 ? "" : chain->hash;
}

uint64_t
chain_next(const struct chain *chain)
{
	return chain->seq + 1;
}

const char *
chain_fault_text(enum chain_fault fault)
{
	return faults[fault].text;
}

const char *
chain_fault_word(enum chain_fault fault)
{
	return faults[fault].word;
}
