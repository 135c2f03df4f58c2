/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The verifier goes with each bundle, and is the one that was tested with this
 * program.
 */
#include "ctl/audit/papers.h"

__asm__(".section .rodata\n"
	"	.global papers_verifier, papers_verifier_end\n"
	"	.hidden papers_verifier, papers_verifier_end\n"
	"papers_verifier:\n"
	"	.incbin \"conf/audit-verify.py\"\n"
	"papers_verifier_end:\n"
	"	.byte 0\n"
	"	.previous\n");
