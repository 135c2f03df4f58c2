/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The line of farmgatectl enrol request out of what somebody has copied: mail
 * quotes and wraps it, terminals break it, editors put a mark in front.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl/enrol.h"
#include "policyd/text.h"
#include "policyd/witness/enrolment_code.h"

#define KIND   "farmgate-device-v" /* of every version */
#define PUBLIC "ed25519:"
#define MARK   "\xef\xbb\xbf"
#define BLANK  " \t\r\n\v\f"
#define DIGITS                       \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz" \
	"0123456789-_"
#define TEXT_SIZE 16384u

/* The next word, ended in place, and where to go on; NULL: there is none. What
 * a mail quotes with stands at the beginning of a line. */
static char *
next_word(char **at, bool *begins)
{
	char *word = *at;
	size_t n;

	for (;;) {
		n = strspn(word, BLANK);
		*begins = *begins || memchr(word, '\n', n) != NULL;
		word += n;
		if (*begins && *word == '>')
			word++;
		else
			break;
	}
	*begins = false;
	if (*word == '\0')
		return NULL;
	n = strcspn(word, BLANK);
	if (word[n] == '\n')
		*begins = true;
	*at = word + n + (word[n] == '\0' ? 0 : 1);
	word[n] = '\0';
	return word;
}

/* Its first word, without what stands before it; NULL: there is none. */
static const char *
find_first(char **at, bool *begins, bool *ret_public)
{
	const char *word, *first;

	*ret_public = false;
	while ((word = next_word(at, begins)) != NULL) {
		if ((first = strstr(word, KIND)) != NULL)
			return first;
		if (strstr(word, PUBLIC) != NULL)
			*ret_public = true;
	}
	return NULL;
}

static int
complain_long(void)
{
	ctl_complain("enrol: that is longer than any line of farmgatectl enrol "
		     "request");
	return CTL_ERROR;
}

/* The words that belong to it; text is cut up. */
static int
take(char *text, const char *name, char code[ENROLMENT_CODE_SIZE])
{
	size_t len, wanted;
	const char *word;
	bool begins = true, public;

	if (strncmp(text, MARK, strlen(MARK)) == 0)
		text += strlen(MARK);
	if ((word = find_first(&text, &begins, &public)) == NULL) {
		if (public)
			ctl_complain("enrol: that is a public key; the whole "
				     "line of farmgatectl enrol request is "
				     "needed");
		else
			ctl_complain("enrol: %s has no line of farmgatectl "
				     "enrol request",
			    name);
		return CTL_ERROR;
	}
	if (text_copy(code, ENROLMENT_CODE_SIZE, word) != 0)
		return complain_long();
	len = strlen(code);
	while ((wanted = enrolment_code_length(code)) > len &&
	    (word = next_word(&text, &begins)) != NULL &&
	    strspn(word, DIGITS) == strlen(word)) {
		if (text_copy(code + len, ENROLMENT_CODE_SIZE - len, word) != 0)
			return complain_long();
		len += strlen(word);
	}
	if (wanted <= len)
		return CTL_OK;
	ctl_complain("enrol: it is cut: it has %zu of %zu characters; copy all "
		     "of the line of farmgatectl enrol request",
	    len, wanted);
	return CTL_ERROR;
}

static int
read_file(const char *from, bool is_input, char text[TEXT_SIZE])
{
	FILE *in = is_input ? stdin : fopen(from, "re");
	size_t n;

	if (in == NULL) {
		ctl_complain("enrol: %s: %s", from, strerror(errno));
		return CTL_ERROR;
	}
	n = fread(text, 1, TEXT_SIZE - 1, in);
	text[n] = '\0'; /* a NUL inside ends it before */
	if (!is_input)
		(void)fclose(in); /* only read */
	return CTL_OK;
}

int
enrol_line(const char *from, char code[ENROLMENT_CODE_SIZE])
{
	bool is_input = strcmp(from, "-") == 0;
	static char text[TEXT_SIZE];

	if (strstr(from, KIND) == NULL &&
	    strncmp(from, PUBLIC, strlen(PUBLIC)) != 0) {
		if (read_file(from, is_input, text) != CTL_OK)
			return CTL_ERROR;
		return take(text, is_input ? "standard input" : from, code);
	}
	if (text_copy(text, sizeof(text), from) != 0)
		return complain_long();
	return take(text, "that", code);
}
