"""Writing together: whom the owner invites to which parts."""

from django.shortcuts import get_object_or_404, redirect

from submissions import emails, journey, services, typos
from submissions.forms import InvitationForm

from .pages import draft_page, for_submission, posted, show

PASSED_ON = "passed_on"


@draft_page
def together(request, submission):
    """List who is invited, and invite one more."""
    if request.method != "POST":
        return show_together(request, submission, InvitationForm(draft=submission))
    # Two clicks on the button wait for one another, and the second finds the name taken.
    with services.open_draft(submission) as draft:
        form = InvitationForm(posted(request), draft=draft)
        if form.is_valid():
            invitation = services.invite(
                draft,
                name=form.cleaned_data["colleague_name"],
                email=form.cleaned_data["colleague_email"],
                parts=form.cleaned_data["parts"],
            )
            return pass_on(request, invitation)
    return show_together(request, submission, form)


@draft_page
def new_link(request, submission, invitation):
    """Give a guest who has lost the link another one; the lost one opens nothing then."""
    found = standing_or_404(submission, invitation)
    if request.method != "POST":
        return redirect("submissions:together", submission.key)
    with services.open_draft(submission):
        return pass_on(request, found)


@draft_page
def withdraw_invitation(request, submission, invitation):
    """Ask, then let a guest in no more."""
    found = standing_or_404(submission, invitation)
    if request.method == "POST":
        with services.open_draft(submission):
            services.withdraw_invitation(found)
        return redirect("submissions:together", submission.key)
    context = for_submission(submission) | {"invitation": found}
    return show(request, "submissions/withdraw_invitation.html", context)


def standing_or_404(submission, pk):
    return get_object_or_404(submission.invitations.standing(), pk=pk)


def pass_on(request, invitation):
    """Send a link out; one that cannot go by email is shown on the next page, once."""
    request.session[PASSED_ON] = {
        "invitation": invitation.pk,
        "url": services.pass_on(invitation),
    }
    return redirect("submissions:together", invitation.submission.key)


def show_together(request, submission, form):
    invitations = list(submission.invitations.all())
    titles = journey.titles(submission.consultation)
    passed_on = request.session.get(PASSED_ON, {})
    found = [one for one in invitations if one.pk == passed_on.get("invitation")]
    if found:
        # Shown once, and on the page of its own draft.
        del request.session[PASSED_ON]
    context = for_submission(submission) | {
        "invited": [
            {
                "invitation": one,
                "titles": [
                    title for code, title in titles.items() if code in one.parts
                ],
            }
            for one in invitations
            if one.withdrawn_at is None
        ],
        "withdrawn": [one for one in invitations if one.withdrawn_at],
        "passed_on": found[0] if found else None,
        "url": passed_on["url"] if found else "",
        "days": emails.RESUME_LINK_DAYS,
    }
    if context["passed_on"]:
        context["meant"] = typos.suggestion(context["passed_on"].email)
    return show(request, "submissions/together.html", context, form)
