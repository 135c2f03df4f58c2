/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One answer judged against what was recorded, or against the serial number
 * of nobody.
 */
#include "policyd/stepup/method_serial.h"

#include <string.h>

#include "policyd/stepup/serial.h"
#include "policyd/store/store_verified.h"
#include "proto/result.h"

static bool
can_pass(const struct store_verified *v, int64_t at_s)
{
	return v->hash[0] != '\0' && at_s < v->until_s;
}

int
method_serial_recorded(const struct serial_login *login, bool *ret_recorded)
{
	struct store_verified v;
	int r = store_verified_get(login->store, login->person, &v);

	*ret_recorded = r == 0 && can_pass(&v, login->at_s);
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

static const char *
failed_why(const struct store_verified *v, int64_t at_s)
{
	if (v->hash[0] == '\0')
		return "no serial number is recorded";
	return at_s < v->until_s ? "wrong serial number" :
				   "the verification has ended";
}

enum stepup_result
method_serial_answer(const struct serial_login *login, const void *text,
    size_t len, const char **ret_why)
{
	char hash[CRYPTO_HEX_SIZE];
	struct store_verified v;
	bool is_right;
	int r;

	*ret_why = "the store cannot be used";
	if (login->store == NULL)
		return STEPUP_ERROR;
	r = store_verified_get(login->store, login->person, &v);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		return STEPUP_ERROR;
	is_right = serial_hash(v.salt, text, len, hash);
	is_right &= crypto_equal(hash, v.hash, CRYPTO_HEX_SIZE - 1);
	crypto_wipe(hash, sizeof(hash));
	if (!is_right || !can_pass(&v, login->at_s)) {
		*ret_why = failed_why(&v, login->at_s);
		return STEPUP_FAILED;
	}
	*ret_why = "the serial number of the verified laptop";
	return STEPUP_PASSED;
}
