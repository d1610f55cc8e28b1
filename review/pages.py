"""What the pages of the staff site are called where the audit log is read."""

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS = {
    "index": gettext_lazy("Home"),
    "command": gettext_lazy("On the server"),
    "login": gettext_lazy("Sign in"),
    "logout": gettext_lazy("Sign out"),
    "password_change": gettext_lazy("Change password"),
    "review_code": gettext_lazy("Sign in: the code"),
    "review_set_up": gettext_lazy("Set up a second factor"),
    "review_choose_password": gettext_lazy("Choose a password"),
    "review_recovery_codes": gettext_lazy("Recovery codes"),
    "auth_user_password_link": gettext_lazy("A link to choose a password"),
    "auth_user_second_factor": gettext_lazy("Reset a second factor"),
    "submissions_submission_changelist": gettext_lazy("List of submissions"),
    "submissions_submission_change": gettext_lazy("Reading a submission"),
    "submissions_submission_revision": gettext_lazy("A submission as it was"),
    "submissions_submission_file": gettext_lazy("A file of a respondent"),
    "review_together": gettext_lazy("Several submissions at once"),
    "review_selections": gettext_lazy("Saved selections"),
    "review_take_next": gettext_lazy("Take the next least-read"),
    "review_mark_read": gettext_lazy("Mark as read"),
    "review_mark_unread": gettext_lazy("Mark as unread"),
    "review_flag": gettext_lazy("Flag"),
    "review_assign": gettext_lazy("Assign"),
    "review_add_note": gettext_lazy("Add a note"),
    "review_note": gettext_lazy("Change a note"),
    "review_delete_note": gettext_lazy("Delete a note"),
    "review_changed": gettext_lazy("What a respondent changed"),
    "review_across": gettext_lazy("Questions and principles"),
    "review_question": gettext_lazy("Answers to a question"),
    "review_principle": gettext_lazy("Comments on a principle"),
    "review_sentence": gettext_lazy("Comments on a sentence"),
    "review_themes": gettext_lazy("Themes"),
    "review_themes_counts": gettext_lazy("Themes counted"),
    "review_theme": gettext_lazy("A theme"),
    "review_merge_theme": gettext_lazy("Merge themes"),
    "review_separate_theme": gettext_lazy("Undo a merge of themes"),
    "review_split_theme": gettext_lazy("Split a theme"),
    "review_theme_passages": gettext_lazy("Passages of a theme"),
    "review_put_theme_on": gettext_lazy("Put a theme on"),
    "review_take_theme_off": gettext_lazy("Take a theme off"),
    "review_intake": gettext_lazy("Intake"),
    "review_intake_start": gettext_lazy("Take evidence in"),
    "review_intake_place": gettext_lazy("Place an original"),
    "review_intake_add": gettext_lazy("Add an original"),
    "review_intake_file": gettext_lazy("An original as it came"),
    "review_intake_check": gettext_lazy("Check what was placed"),
    "review_intake_letter": gettext_lazy("Letter to a sender"),
    "review_publishing": gettext_lazy("Publishing"),
    "review_publish_chosen": gettext_lazy("Publish several"),
    "review_desk": gettext_lazy("Check before publishing"),
    "review_preview": gettext_lazy("Preview of a public page"),
    "review_redact": gettext_lazy("Redact"),
    "review_lift": gettext_lazy("Undo a redaction"),
    "review_leave": gettext_lazy("Leave as it is"),
    "review_approve": gettext_lazy("Approve"),
    "review_hold_back": gettext_lazy("Do not publish"),
    "review_publish": gettext_lazy("Publish"),
    "review_take_down": gettext_lazy("Take down"),
    "review_narrow": gettext_lazy("Publish less"),
    "review_exports": gettext_lazy("Exports"),
    "review_export_file": gettext_lazy("A file of an export"),
    "review_emails": gettext_lazy("Emails"),
    "review_emails_of_call": gettext_lazy("Emails of a call"),
    "review_reminders": gettext_lazy("Reminders"),
    "review_email_wording": gettext_lazy("Wording of an email"),
    "review_send_emails_again": gettext_lazy("Send emails again"),
    "review_erasures": gettext_lazy("Erasing"),
    "review_ask_for_erasure": gettext_lazy("Ask for erasure"),
    "review_erasure": gettext_lazy("Erase for good?"),
    "review_erase": gettext_lazy("Erase"),
    "review_refuse_erasure": gettext_lazy("Refuse to erase"),
    "review_audit_log": gettext_lazy("Audit log"),
}


def words_of(name):
    """Return what a page is called; of a page without words, what its name says."""
    return str(WORDS.get(name) or _of_model(name) or name.replace("_", " "))


def _of_model(name):
    """Return the words of one of Django's own pages, as consultations_question_change."""
    app, _after_app, rest = name.partition("_")
    model, _after_model, page = rest.partition("_")
    try:
        found = apps.get_model(app, model)._meta
    except LookupError:
        return ""
    pages = {
        "changelist": _("list"),
        "add": _("add"),
        "change": _("one"),
        "history": _("history"),
        "delete": _("delete"),
    }
    return f"{capfirst(found.verbose_name_plural)}: {pages.get(page, page)}"
