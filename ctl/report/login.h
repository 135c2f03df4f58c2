/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a report counts a decision by, out of its record: whose it is, from
 * where and with what. All of it is escaped for a terminal.
 */
#ifndef FG_CTL_REPORT_LOGIN_H
#define FG_CTL_REPORT_LOGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/json/json.h"

#define LOGIN_TEXT	256u

struct login {
	char	 person[LOGIN_TEXT];	/* or the account; "(...)": neither */
	bool	 named;			/* it is one of these */
	char	 address[LOGIN_TEXT];	/* "" if there is none */
	char	 source[LOGIN_TEXT];	/* likewise; an IPv6 /64's address */
	char	 prefix[LOGIN_TEXT];	/* likewise, a /24 or a /64 */
	char	 country[LOGIN_TEXT];	/* or why there is none, "(...)" */
	char	 as[LOGIN_TEXT];	/* "AS64500 Example"; or likewise */
	uint32_t asn;			/* 0: none is known */
	char	 asset[LOGIN_TEXT];	/* which laptop said so, or its SSH key;
					 * "" if none did */
	char	 device[LOGIN_TEXT];	/* that, or the key, or "(...)" */
	char	 fingerprint[LOGIN_TEXT]; /* of the SSH key, or "" */
};

void	login_of(const struct json *record, struct login *ret_login);

/*
 * glance.c: the same of a decision that simply allows, out of its line, as most
 * of them do and as parsing takes long; but not .as and .device, and .country
 * is "" if there is none. False: it has to be parsed.
 */
bool	login_glance(const char *line, size_t len, struct login *ret_login);
/* Set .source and .prefix by .address, or that to "" if it is none. */
void	login_place(struct login *login);

#endif
