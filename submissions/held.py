"""Which submissions this browser may open: their keys, in its session."""

from django.http import Http404

from . import calls
from .compiled import compiled
from .models import Invitation, Revision, Submission

SESSION_KEY = "submissions"
# The key of a submission to the id of the invitation by which it is open here.
GUEST_KEY = "invitations"


def hold(request, submission):
    """Let this browser open the submission from now on."""
    # A session that somebody planted before must not come to hold it too.
    request.session.cycle_key()
    others = [key for key in _keys(request) if key != str(submission.key)]
    request.session[SESSION_KEY] = [*others, str(submission.key)]


def hold_as_guest(request, invitation):
    """Let this browser write in the parts of an invitation from now on."""
    request.session.cycle_key()
    key = str(invitation.submission.key)
    request.session[GUEST_KEY] = _invitations(request) | {key: invitation.pk}


def let_go(request, submission):
    """Close the submission in this browser; only an emailed link opens it again."""
    request.session[SESSION_KEY] = [
        key for key in _keys(request) if key != str(submission.key)
    ]


def find(request, key):
    """Return the submission, or None if there is none or this browser does not hold it.

    The key of an amendment that was sent leads to what it has become a part of. A guest's
    browser does not hold it: `guests.find` lets him in.
    """
    if str(key) not in _keys(request):
        return None
    if found := _read(key):
        return found
    revisions = Revision.objects.select_related("submission").filter(sent_from=key)
    sent = revisions.first()
    return sent and _read(sent.submission.key)


def _read(key):
    """Return the submission of this key with its call, or None."""
    [found] = _of_key(key) or [None]
    if found:
        found.consultation = calls.read(found.consultation_id, found.edition)
    return found


@compiled
def _of_key(key):
    return Submission.objects.with_edition().filter(key=key).order_by()


def get_or_404(request, key):
    """Return the submission; one that this browser does not hold is not found."""
    submission = find(request, key)
    if submission is None:
        raise Http404
    return submission


def invitation(request, key):
    """Return the invitation of this browser, withdrawn or not, or None."""
    invitations = Invitation.objects.select_related("submission__consultation")
    pk = _invitations(request).get(str(key))
    found = pk and invitations.filter(pk=pk).first()
    if found:
        found.submission.consultation = calls.of(found.submission)
    return found


def invitations(request, consultation):
    """Return the invitations to drafts for this call that this browser may follow."""
    invitations = Invitation.objects.to_drafts().select_related("submission")
    return invitations.filter(
        pk__in=_invitations(request).values(), submission__consultation=consultation
    ).exclude(submission__key__in=_keys(request))


def drafts(request, consultation):
    """Return the drafts for this call that this browser holds, newest first."""
    drafts = consultation.submissions.drafts().filter(key__in=_keys(request))
    return drafts.select_related("consultation", "amends")


def sent(request, consultation):
    """Return what this browser holds and has sent for this call, newest first."""
    return consultation.submissions.submitted().filter(key__in=_keys(request))


def everything(request):
    """Return all that this browser holds, to put into another session of the same one."""
    kept = {name: request.session.get(name) for name in (SESSION_KEY, GUEST_KEY)}
    return {name: value for name, value in kept.items() if value}


def _keys(request):
    return request.session.get(SESSION_KEY, [])


def _invitations(request):
    return request.session.get(GUEST_KEY, {})
