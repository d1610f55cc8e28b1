"""The four roles of staff, as groups of permissions: docs/decisions says why these.

A page asks for a permission, never for a role.
"""

READ = "submissions.view_submission"
# Notes, themes, assignment: what readers make of what they read.
REVIEW = "review.review_submission"
# Evidence that arrives by email or on paper, late requests, redaction and publication.
MODERATE = "review.moderate_submission"
EXPORT = "review.export_submission"
# To download what others have exported.
EVERY_EXPORT = "review.view_export"
ERASE = "review.erase_submission"

ROLES = {
    "Reviewer": [READ, REVIEW],
    "Moderator": [READ, REVIEW, MODERATE],
    "Exporter": [READ, EXPORT],
    # Also everything of Django's own: calls, users, emails, the audit log.
    "Administrator": [READ, REVIEW, MODERATE, EXPORT, EVERY_EXPORT, ERASE],
}
