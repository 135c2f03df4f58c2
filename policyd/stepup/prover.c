/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Methods by name. What one of them is made of is its own file's.
 */
#include "policyd/stepup/prover.h"

#include "policyd/stepup/method_totp.h"

typedef bool (*has_fn)(const struct prover *prover);
typedef enum stepup_result (*answer_fn)(const struct prover *prover,
    const void *text, size_t len, const char **ret_why);

static bool
has_totp(const struct prover *p)
{
	bool enrolled = false;

	return p->store != NULL &&
	    method_totp_enrolled(p->store, p->person, &enrolled) == 0 &&
	    enrolled;
}

static enum stepup_result
answer_totp(const struct prover *p, const void *text, size_t len,
    const char **ret_why)
{
	const struct totp_login login = { .store = p->store,
		.keyring = p->keyring,
		.person = p->person,
		.at_s = p->at_s };

	return method_totp_answer(&login, text, len, ret_why);
}

static const struct {
	const char *prompt;
	has_fn has;
	answer_fn answer;
} table[METHOD_COUNT] = {
	[METHOD_TOTP] = { "One-time code: ", has_totp, answer_totp },
};

bool
prover_has(enum method method, void *arg)
{
	return table[method].has != NULL && table[method].has(arg);
}

const char *
prover_prompt(enum method method)
{
	return table[method].prompt;
}

enum stepup_result
prover_answer(const struct prover *prover, enum method method, const void *text,
    size_t len, const char **ret_why)
{
	if (table[method].answer == NULL) {
		*ret_why = "this version cannot ask for it";
		return STEPUP_ERROR;
	}
	return table[method].answer(prover, text, len, ret_why);
}
