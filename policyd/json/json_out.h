/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text that json.c writes into. For json.c only.
 */
#ifndef FG_JSON_OUT_H
#define FG_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_out {
	char		*data;
	size_t		 len;
	size_t		 size;
	bool		 failed;	/* everything after it does nothing */
};

void	json_out_init(struct json_out *out);

/* The text, which the caller frees; NULL if anything failed. */
char	*json_out_end(struct json_out *out);

void	json_out_bytes(struct json_out *out, const char *s, size_t n);
void	json_out_int(struct json_out *out, int64_t v);

/* A string with its quotes; s must be UTF-8, else the text fails. */
void	json_out_string(struct json_out *out, const char *s, size_t len);

#endif
