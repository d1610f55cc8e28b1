"""What each address of the staff site answers to a visit and to an empty post, by role.

403 to those who may not; what a number says holds for the others. 404 and 422 mean that
they may, and named nothing that there is, or sent nothing.
"""

ROLES = ["Nobody", "Reviewer", "Moderator", "Exporter", "Administrator"]


def those(*roles):
    """Return what makes the answers to all roles from the answer to these."""
    return lambda status: tuple(status if role in roles else 403 for role in ROLES)


ANYBODY = those(*ROLES)
READERS = those("Reviewer", "Moderator", "Exporter", "Administrator")
REVIEWERS = those("Reviewer", "Moderator", "Administrator")
MODERATORS = those("Moderator", "Administrator")
EXPORTERS = those("Exporter", "Administrator")
ADMINISTRATORS = those("Administrator")
NOBODY = those()(403)

# Before the door: to everybody who is not signed in.
OPEN = {
    "login": (200, 422),
    "review_code": (302, 302),
    "review_set_up": (302, 302),
    # With a token that is none: a page that says so.
    "review_choose_password": (200, 200),
    "logout": (302, 302),
}

TABLE = {
    "review_charts": (READERS(200), ANYBODY(405)),
    "review_together": (ANYBODY(405), REVIEWERS(422)),
    "review_selections": (READERS(200), READERS(422)),
    "review_selection": (READERS(404), READERS(404)),
    "review_delete_selection": (ANYBODY(405), READERS(404)),
    "submissions_submission_revision": (READERS(404), ANYBODY(405)),
    "review_take_next": (ANYBODY(405), REVIEWERS(302)),
    "review_mark_read": (ANYBODY(405), REVIEWERS(302)),
    "review_mark_unread": (ANYBODY(405), REVIEWERS(302)),
    "review_flag": (ANYBODY(405), REVIEWERS(302)),
    "review_assign": (ANYBODY(405), REVIEWERS(302)),
    "review_add_note": (ANYBODY(405), REVIEWERS(422)),
    "review_note": (REVIEWERS(404), REVIEWERS(404)),
    "review_delete_note": (ANYBODY(405), REVIEWERS(404)),
    "review_changed": (READERS(404), ANYBODY(405)),
    "review_shortcuts": (READERS(200), READERS(302)),
    "review_intake": (MODERATORS(200), ANYBODY(405)),
    "review_intake_start": (MODERATORS(200), MODERATORS(422)),
    "review_intake_place": (MODERATORS(404), MODERATORS(404)),
    "review_intake_details": (MODERATORS(404), MODERATORS(404)),
    "review_intake_add": (MODERATORS(404), MODERATORS(404)),
    "review_intake_type_text": (MODERATORS(404), MODERATORS(404)),
    "review_intake_file": (MODERATORS(404), ANYBODY(405)),
    "review_intake_remove_original": (ANYBODY(405), MODERATORS(404)),
    "review_intake_check": (MODERATORS(404), MODERATORS(404)),
    "review_intake_letter": (MODERATORS(404), ANYBODY(405)),
    "review_intake_throw_away": (MODERATORS(404), MODERATORS(404)),
    "review_publishing": (MODERATORS(200), ANYBODY(405)),
    "review_publish_chosen": (ANYBODY(405), MODERATORS(302)),
    "review_desk": (MODERATORS(200), ANYBODY(405)),
    "review_preview": (MODERATORS(404), ANYBODY(405)),
    "review_redact": (ANYBODY(405), MODERATORS(422)),
    "review_lift": (ANYBODY(405), MODERATORS(404)),
    "review_leave": (ANYBODY(405), MODERATORS(302)),
    "review_approve": (ANYBODY(405), MODERATORS(422)),
    "review_hold_back": (ANYBODY(405), MODERATORS(422)),
    "review_publish": (ANYBODY(405), MODERATORS(302)),
    "review_take_down": (ANYBODY(405), MODERATORS(422)),
    "review_narrow": (ANYBODY(405), MODERATORS(422)),
    "review_exports": (EXPORTERS(200), EXPORTERS(422)),
    "review_exports_progress": (EXPORTERS(200), EXPORTERS(405)),
    "review_export_file": (EXPORTERS(404), EXPORTERS(405)),
    "review_export_remove": (EXPORTERS(405), EXPORTERS(404)),
    "review_emails": (ADMINISTRATORS(302), ANYBODY(405)),
    "review_emails_of_call": (ADMINISTRATORS(200), ANYBODY(405)),
    "review_reminders": (ADMINISTRATORS(200), ADMINISTRATORS(302)),
    "review_email_wording": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "review_email_preview": (ANYBODY(405), ADMINISTRATORS(200)),
    "review_send_emails_again": (ANYBODY(405), MODERATORS(302)),
    "review_themes": (READERS(200), ANYBODY(405)),
    "review_add_theme": (REVIEWERS(200), REVIEWERS(422)),
    "review_themes_counts": (READERS(200), ANYBODY(405)),
    "review_theme": (READERS(200), REVIEWERS(422)),
    "review_merge_theme": (ANYBODY(405), REVIEWERS(422)),
    "review_separate_theme": (ANYBODY(405), REVIEWERS(302)),
    "review_split_theme": (ANYBODY(405), REVIEWERS(422)),
    "review_delete_theme": (ANYBODY(405), REVIEWERS(302)),
    "review_theme_passages": (READERS(200), ANYBODY(405)),
    "review_put_theme_on": (ANYBODY(405), REVIEWERS(422)),
    "review_take_theme_off": (ANYBODY(405), REVIEWERS(302)),
    "review_across": (READERS(200), ANYBODY(405)),
    "review_question": (READERS(200), ANYBODY(405)),
    "review_principle": (READERS(200), ANYBODY(405)),
    "review_sentence": (READERS(200), ANYBODY(405)),
    "review_erasures": (ADMINISTRATORS(200), ANYBODY(405)),
    "review_ask_for_erasure": (ANYBODY(405), ADMINISTRATORS(422)),
    "review_erasure": (ADMINISTRATORS(404), ANYBODY(405)),
    "review_erase": (ADMINISTRATORS(405), ADMINISTRATORS(404)),
    "review_refuse_erasure": (ANYBODY(405), ADMINISTRATORS(404)),
    "review_audit_log": (ADMINISTRATORS(200), ANYBODY(405)),
    "review_recovery_codes": (ANYBODY(200), ANYBODY(200)),
    "index": (ANYBODY(200), ANYBODY(200)),
    "password_change": (ANYBODY(200), ANYBODY(200)),
    "password_change_done": (ANYBODY(200), ANYBODY(405)),
    "autocomplete": (NOBODY, ANYBODY(405)),
    "jsi18n": (ANYBODY(200), ANYBODY(405)),
    "view_on_site": (ANYBODY(404), ANYBODY(404)),
    "consultations_section_changelist": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "consultations_section_add": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "consultations_section_history": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "consultations_section_delete": (NOBODY, NOBODY),
    "consultations_section_change": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "consultations_question_changelist": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "consultations_question_add": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "consultations_question_history": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "consultations_question_delete": (NOBODY, NOBODY),
    "consultations_question_change": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "consultations_privacynotice_changelist": (
        ADMINISTRATORS(200),
        ADMINISTRATORS(200),
    ),
    "consultations_privacynotice_add": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "consultations_privacynotice_history": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "consultations_privacynotice_delete": (NOBODY, NOBODY),
    "consultations_privacynotice_change": (ADMINISTRATORS(200), NOBODY),
    "consultations_consultation_changelist": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "consultations_consultation_add": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "consultations_consultation_history": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "consultations_consultation_delete": (NOBODY, NOBODY),
    "consultations_consultation_change": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "submissions_laterequest_changelist": (MODERATORS(200), MODERATORS(200)),
    "submissions_laterequest_add": (NOBODY, NOBODY),
    "submissions_laterequest_history": (MODERATORS(200), MODERATORS(200)),
    "submissions_laterequest_delete": (NOBODY, NOBODY),
    "submissions_laterequest_change": (MODERATORS(200), MODERATORS(422)),
    "auth_user_password_link": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "auth_user_second_factor": (ADMINISTRATORS(200), ADMINISTRATORS(302)),
    "auth_user_changelist": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "auth_user_add": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "auth_user_history": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "auth_user_delete": (NOBODY, NOBODY),
    "auth_user_change": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "submissions_submission_file": (READERS(404), ANYBODY(405)),
    "submissions_submission_changelist": (READERS(200), ANYBODY(405)),
    "submissions_submission_add": (NOBODY, NOBODY),
    "submissions_submission_history": (READERS(200), READERS(200)),
    "submissions_submission_delete": (NOBODY, NOBODY),
    "submissions_submission_change": (READERS(200), ANYBODY(405)),
    "principles_principle_changelist": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "principles_principle_add": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "principles_principle_history": (ADMINISTRATORS(200), ADMINISTRATORS(200)),
    "principles_principle_delete": (NOBODY, NOBODY),
    "principles_principle_change": (ADMINISTRATORS(200), ADMINISTRATORS(422)),
    "outbox_outgoingemail_changelist": (MODERATORS(200), MODERATORS(200)),
    "outbox_outgoingemail_add": (NOBODY, NOBODY),
    "outbox_outgoingemail_history": (ANYBODY(302), ANYBODY(302)),
    "outbox_outgoingemail_delete": (NOBODY, NOBODY),
    "outbox_outgoingemail_change": (MODERATORS(302), NOBODY),
    # Only those of what a role may see; nothing for nobody.
    "app_list": ((404, 200, 200, 200, 200), (404, 200, 200, 200, 200)),
    "admin/(?P<url>.*)$": (ANYBODY(404), ANYBODY(404)),
}

# Leads to the page of the object, which asks for permission.
TABLE |= {
    f"admin/{model}/<path:object_id>/": (ANYBODY(302), ANYBODY(302))
    for model in [
        "consultations/section",
        "consultations/question",
        "consultations/privacynotice",
        "consultations/consultation",
        "submissions/laterequest",
        "auth/user",
        "submissions/submission",
        "principles/principle",
        "outbox/outgoingemail",
    ]
}
