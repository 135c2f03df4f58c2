/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A configuration as a flat list of settings: what farmgatectl dump prints, cut
 * into pieces that can be held against those of another one.
 */
#ifndef FG_CTL_POLICY_SETTING_H
#define FG_CTL_POLICY_SETTING_H

#include <stddef.h>

struct setting {
	char	*where;	/* "policy staff", also "policy staff, combination x";
			 * "" outside of all sections */
	char	*key;	/* "countries"; "actions", with a line for each */
	char	*value;	/* as it is written; of such a list one of its values */
};

struct settings {
	struct setting	*list;	/* in the order of the dump */
	size_t		 n;
	/* Sections, in their order, which counts for policies. */
	char		**section;
	size_t		 nsections;
};

/*
 * Of the text of a dump, which is not kept. Shipped actions and failures, which
 * stand there as comments, are settings of "shipped actions" and "shipped
 * failures". Returns 0, FG_ERR_NOMEM or FG_ERR_FORMAT; settings_done() may
 * follow in any case.
 */
int	settings_read(const char *dump, struct settings *ret_settings);
void	settings_done(struct settings *settings);

#endif
