/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Methods by name. What one of them is made of is its own file's.
 */
#include "policyd/stepup/prover.h"

#include "policyd/stepup/method_approval.h"
#include "policyd/stepup/method_device.h"
#include "policyd/stepup/method_serial.h"
#include "policyd/stepup/method_totp.h"
#include "policyd/text.h"

typedef bool (*has_fn)(const struct prover *prover);
typedef const char *(*prompt_fn)(const struct prover *prover,
    char buf[PROVER_PROMPT_SIZE]);
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

static const char *
prompt_totp(const struct prover *p, char buf[PROVER_PROMPT_SIZE])
{
	(void)p;
	(void)text_copy(buf, PROVER_PROMPT_SIZE, "One-time code: ");
	return buf;
}

/* Somebody else has it, or knows who has, if anybody. */
static bool
has_elsewhere(const struct prover *p)
{
	(void)p;
	return true;
}

static const char *
prompt_approval(const struct prover *p, char buf[PROVER_PROMPT_SIZE])
{
	return method_approval_prompt(p->approval, p->open, buf);
}

static enum stepup_result
answer_approval(const struct prover *p, const void *text, size_t len,
    const char **ret_why)
{
	(void)text;
	(void)len;
	return method_approval_answer(p->approval, p->boot_s, ret_why);
}

static bool
has_serial(const struct prover *p)
{
	const struct serial_login login = { p->store, p->person, p->at_s };
	bool recorded = false;

	return p->store != NULL &&
	    method_serial_recorded(&login, &recorded) == 0 && recorded;
}

static const char *
prompt_serial(const struct prover *p, char buf[PROVER_PROMPT_SIZE])
{
	(void)p;
	(void)text_copy(buf, PROVER_PROMPT_SIZE,
	    "Serial number of this laptop: ");
	return buf;
}

static enum stepup_result
answer_serial(const struct prover *p, const void *text, size_t len,
    const char **ret_why)
{
	const struct serial_login login = { p->store, p->person, p->at_s };

	return method_serial_answer(&login, text, len, ret_why);
}

static bool
has_device(const struct prover *p)
{
	bool enrolled = false;

	return p->store != NULL &&
	    method_device_enrolled(p->store, p->person, p->at_s, &enrolled) ==
	    0 &&
	    enrolled;
}

static const char *
prompt_device(const struct prover *p, char buf[PROVER_PROMPT_SIZE])
{
	return method_device_prompt(p->device, buf);
}

static enum stepup_result
answer_device(const struct prover *p, const void *text, size_t len,
    const char **ret_why)
{
	return method_device_answer(p->device, text, len, ret_why);
}

static const struct {
	prompt_fn prompt;
	has_fn has;
	answer_fn answer;
	bool reads;
} table[METHOD_COUNT] = {
	[METHOD_TOTP] = { prompt_totp, has_totp, answer_totp, true },
	[METHOD_APPROVAL] = { prompt_approval, has_elsewhere, answer_approval,
	    false },
	[METHOD_DELEGATE] = { NULL, has_elsewhere, NULL, false },
	[METHOD_SERIAL] = { prompt_serial, has_serial, answer_serial, true },
	[METHOD_DEVICE] = { prompt_device, has_device, answer_device, true },
};

bool
prover_has(enum method method, void *arg)
{
	return table[method].has != NULL && table[method].has(arg);
}

/* For one that cannot be asked for the encoder says so. */
const char *
prover_prompt(const struct prover *prover, enum method method,
    char buf[PROVER_PROMPT_SIZE])
{
	buf[0] = '\0';
	return table[method].prompt != NULL ?
	    table[method].prompt(prover, buf) :
	    buf;
}

bool
prover_reads(enum method method)
{
	return table[method].reads || table[method].answer == NULL;
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
