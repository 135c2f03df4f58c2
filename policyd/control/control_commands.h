/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions of the table of commands, each in its noun's file: whether what
 * was asked makes sense, which complains by control_problem() if not, and the
 * command itself, of which the table says where it runs.
 */
#ifndef FG_CONTROL_COMMANDS_H
#define FG_CONTROL_COMMANDS_H

#include <stdbool.h>

struct control_job;

bool	control_inventory_import_check(struct control_job *job);
void	control_inventory_import(struct control_job *job);
void	control_inventory_export(struct control_job *job);
bool	control_inventory_show_check(struct control_job *job);
void	control_inventory_show(struct control_job *job);
bool	control_inventory_accept_check(struct control_job *job);
void	control_inventory_accept(struct control_job *job);
bool	control_except_add_check(struct control_job *job);
void	control_except_add(struct control_job *job);
void	control_except_list(struct control_job *job);
bool	control_except_remove_check(struct control_job *job);
void	control_except_remove(struct control_job *job);
bool	control_baseline_learn_check(struct control_job *job);
void	control_baseline_learn(struct control_job *job);
void	control_baseline_show(struct control_job *job);
bool	control_baseline_accept_check(struct control_job *job);
void	control_baseline_accept(struct control_job *job);
bool	control_support_add_check(struct control_job *job);
void	control_support_add(struct control_job *job);
void	control_support_list(struct control_job *job);
bool	control_support_remove_check(struct control_job *job);
void	control_support_remove(struct control_job *job);
bool	control_hold_add_check(struct control_job *job);
void	control_hold_add(struct control_job *job);
void	control_hold_list(struct control_job *job);
bool	control_hold_remove_check(struct control_job *job);
void	control_hold_remove(struct control_job *job);
bool	control_rollout_check(struct control_job *job);
void	control_rollout(struct control_job *job);

/* control_counters.c: what rules have come to. */
void	control_counters(struct control_job *job);
bool	control_policy_check(struct control_job *job);
void	control_policy_text(struct control_job *job);

bool	control_review_check(struct control_job *job);
void	control_review(struct control_job *job);

bool	control_totp_enrol_check(struct control_job *job);
void	control_totp_enrol(struct control_job *job);
bool	control_totp_verify_check(struct control_job *job);
void	control_totp_verify(struct control_job *job);
void	control_totp_withdraw(struct control_job *job);
bool	control_totp_check(struct control_job *job);
void	control_totp_remove(struct control_job *job);
void	control_totp_recovery(struct control_job *job);
void	control_totp_reset(struct control_job *job);
void	control_totp_list(struct control_job *job);

bool	control_bypass_check(struct control_job *job);
void	control_bypass(struct control_job *job);

bool	control_verify_check(struct control_job *job);
void	control_verify(struct control_job *job);
void	control_verify_may(struct control_job *job);
void	control_verify_list(struct control_job *job);
bool	control_verify_remove_check(struct control_job *job);
void	control_verify_remove(struct control_job *job);

void	control_stepup_list(struct control_job *job);
bool	control_stepup_check(struct control_job *job);
void	control_stepup_forget(struct control_job *job);

void	control_approval_list(struct control_job *job);
bool	control_approve_check(struct control_job *job);
void	control_approve(struct control_job *job);
bool	control_refuse_check(struct control_job *job);
void	control_approval_refuse(struct control_job *job);

void	control_session_list(struct control_job *job);
void	control_farm(struct control_job *job);
bool	control_revoke_check(struct control_job *job);
void	control_revoke(struct control_job *job);
bool	control_unrevoke_check(struct control_job *job);
void	control_unrevoke(struct control_job *job);
void	control_revocations(struct control_job *job);
bool	control_bundle_export_check(struct control_job *job);
void	control_bundle_export(struct control_job *job);
bool	control_import_check(struct control_job *job);
void	control_bundle_import(struct control_job *job);
bool	control_bundle_forget_check(struct control_job *job);
void	control_bundle_forget(struct control_job *job);
bool	control_log_read_check(struct control_job *job);
void	control_log_read(struct control_job *job);
bool	control_person_name_check(struct control_job *job);
void	control_person_export(struct control_job *job);
bool	control_person_forget_check(struct control_job *job);
void	control_person_forget(struct control_job *job);
bool	control_person_check(struct control_job *job);
void	control_person(struct control_job *job);

#endif
