/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For whom, and from where, an sshd is looked at: Match blocks make settings
 * of their own for some. Whom nobody has named is chosen here.
 */
#ifndef FG_CTL_SSHD_CASES_H
#define FG_CTL_SSHD_CASES_H

#include <stddef.h>

#include "ctl/sshd/look.h"
#include "policyd/conf.h"

#define CASES_MAX	16u	/* users, and addresses */
#define CASES_USER_MAX	255u	/* bytes */
#define CASES_NETWORKS	4u	/* of the configuration that are chosen */
#define CASES_ANYWHERE	"192.0.2.1" /* of no network: for documentation */

struct cases {
	char		*users[CASES_MAX];
	size_t		 nusers;
	char		*froms[CASES_MAX];
	size_t		 nfroms;
	struct look_case *v;	/* each user from each address */
	size_t		 n;
};

/*
 * Name one, once. Returns 0, FG_ERR_FORMAT (sshd could not be asked for it),
 * FG_ERR_LIMIT (there are too many) or FG_ERR_NOMEM.
 */
int	 cases_add_user(struct cases *cases, const char *user);
int	 cases_add_from(struct cases *cases, const char *address);

/*
 * Where nobody is named: root, and the administrator who calls or else a member
 * of farmgate-admin; from anywhere, from where the administrator came, and from
 * networks of the configuration (NULL: none) where people are.
 * Returns 0 or FG_ERR_NOMEM.
 */
int	 cases_choose(struct cases *cases, const struct conf *conf);

/*
 * Ask sshd about each of them; config as in struct run. Complains itself.
 * Returns CTL_OK or CTL_ERROR.
 */
int	 cases_ask(struct cases *cases, const char *program,
	    const char *config);

/*
 * One case alone, of settings that are taken. Returns 0 or FG_ERR_NOMEM.
 */
int	 cases_take(struct cases *cases, struct effective *settings);

void	 cases_done(struct cases *cases);

#endif
