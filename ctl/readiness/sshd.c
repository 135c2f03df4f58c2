/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands against enforcing in sshd itself: what farmgatectl check-sshd
 * finds an error, for the few that it chooses by itself. Keyboard-interactive
 * is for challenges: a note as long as nothing can answer one.
 */
#include <string.h>
#include <time.h>

#include "ctl/pam/guarded.h"
#include "ctl/readiness/readiness_parts.h"
#include "ctl/sshd/cases.h"
#include "ctl/sshd/run.h"

#define SSHD "sshd"

static bool
is_guarded(const struct readiness *r)
{
	static struct guarded guarded;
	bool found;

	found =
	    guarded_find(r->o->confdir, SSHD, &guarded) == 0 && guarded.n > 0;
	guarded_done(&guarded);
	return found;
}

static void
report(struct readiness *r, const struct look_findings *findings)
{
	const struct look_finding *f;
	bool asks;
	size_t i;

	for (i = 0; i < findings->n; i++) {
		f = &findings->v[i];
		asks = strcmp(f->check, "keyboard-interactive") == 0;
		if (f->severity == LOOK_ERROR || (asks && r->has_methods))
			readiness_item(r, SSHD,
			    "farmgatectl check-sshd says for whom", "sshd: %s",
			    f->text);
		else if (asks)
			readiness_note(r, SSHD, "sshd: %s", f->text);
	}
}

void
readiness_sshd(struct readiness *r)
{
	const char *program = run_program();
	struct look_findings findings = { 0 };
	struct cases cases = { .n = 0 };
	struct look_world world = { .service = SSHD, .now_s = time(NULL) };

	if (program == NULL || !readiness_wants(r, SSHD) || !is_guarded(r))
		return;
	world.pam = LOOK_PAM_GATE;
	world.has_step_up = r->has_methods;
	if (cases_choose(&cases, NULL) == 0 &&
	    cases_ask(&cases, program, NULL) == CTL_OK) {
		world.cases = cases.v;
		world.ncases = cases.n;
		if (look_run(&world, &findings) == 0)
			report(r, &findings);
		look_findings_done(&findings);
	} else {
		readiness_note(r, SSHD,
		    "sshd could not be looked at: farmgatectl check-sshd says "
		    "why");
	}
	cases_done(&cases);
}
