/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the record*.c files share among themselves.
 */
#ifndef FG_RECORD_PARTS_H
#define FG_RECORD_PARTS_H

#include <stdio.h>

#include "policyd/conf.h"
#include "policyd/facts.h"
#include "policyd/json/json.h"
#include "policyd/record/record.h"

/* record_facts.c: everything that was gathered, but for login and peer. */
void	record_add_facts(struct json *json, const struct facts *facts,
	    const struct conf *conf);
/* Whose account it is. */
void	record_add_person(struct json *json,
	    const struct fact_person *person);

/* record_device.c: this machine and the SSH key, as assets. */
void	record_add_device(struct json *json, const struct facts *facts);
void	record_add_bound(struct json *json, const struct fact_bound *bound);
void	record_print_device(const struct json *json, FILE *out);

/* record_print_facts.c: the same for people, what is in the record of it. */
void	record_print_facts(const struct json *json, FILE *out);
/* Of them the key that was used, and whose account it is. */
void	record_print_person(const struct json *json, FILE *out);

/* record_print_stepup.c: what was asked for now, or in the phase before. */
void	record_print_stepup(const struct json *json,
	    const struct record_context *context, FILE *out);
/* Whether nothing but a proof was missing, where nobody asked for one. */
bool	record_is_challenge(const struct json *json);
/* What would have been asked for: "totp or approval". */
void	record_print_needs(const struct json *json, FILE *out);

/* record_witness.c: a statement of this machine, but for who has asked. */
void	record_print_witness(const struct json *json, FILE *out);

/* record_print_event.c: what is neither a decision nor a session's. */
void	record_print_event(const struct json *json,
	    const struct record_context *context, FILE *out);

#endif
