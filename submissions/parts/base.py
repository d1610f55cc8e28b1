"""What every part does: keep what was changed, and notice what others have changed."""

import hashlib
from contextlib import suppress

from django import forms
from django.utils.translation import gettext_lazy as _

from submissions import inventory, journey, services
from submissions.forms import WholeForm


class Clash(Exception):
    """Others have changed the same fields: `saved` holds what stands there now."""

    def __init__(self, saved):
        super().__init__(", ".join(saved))
        self.saved = saved


def fingerprint(value):
    """Return a short name of a saved value, to tell whether it is still the same."""
    return hashlib.sha256(str(value).encode()).hexdigest()[:16]


class PartForm(WholeForm):
    """One part of the journey, read from the draft and written back to it."""

    part = ""
    can_be_finished = True

    finished = forms.BooleanField(
        required=False, label=_("I have finished this part for now")
    )

    def __init__(self, *args, submission, **kwargs):
        super().__init__(*args, **kwargs)
        self.submission = submission
        if not self.can_be_finished:
            del self.fields["finished"]
        self.add_fields()
        self.order_fields(self.written)
        if not self.is_bound:
            self._begin_with_saved()

    def _begin_with_saved(self):
        """Have the page hold what is saved, or what it started from when it was posted."""
        for name, value in self.read(self.submission).items():
            self.initial[name] = value
            # A page that is shown again after an error still starts from the same text.
            self.fields[name].was = self._was(name) or fingerprint(value)
        if self.can_be_finished:
            self.there = inventory.of(self.submission)
            self.initial["finished"] = self.part in self.there.finished

    def add_error(self, field, error):
        # Only a page that is shown again needs what is saved; most that come back are kept.
        if not self._errors:
            self._begin_with_saved()
        super().add_error(field, error)

    def add_fields(self):
        """Add the fields that depend on the call."""

    def read(self, submission):
        """Return what is saved: a dict of field name to value, "" for nothing."""
        raise NotImplementedError

    def write(self, draft, values, saved):
        """Keep some fields: a dict of field name to value. `saved` is what `read` gave."""
        raise NotImplementedError

    @property
    def url(self):
        """The address of its page."""
        return journey.url_of(self.submission, self.part)

    @property
    def written(self):
        """The names of the fields that hold what the respondent writes."""
        return [name for name in self.fields if name not in ("finished", "files")]

    def save(self):
        """Keep the whole part.

        Raises Clash or AlreadySubmitted; then nothing is kept. KeptAfterClosing.
        """
        with services.open_draft(self.submission) as draft:
            saved = self.read(draft)
            changed, clashes = self._compare(saved, self.written)
            if clashes:
                raise Clash(clashes)
            self._keep(draft, changed, saved)
            if self.can_be_finished:
                services.mark_finished(
                    draft, self.part, is_finished=self.cleaned_data["finished"]
                )

    def autosave(self, names):
        """Keep those of these fields that do not clash.

        Returns the saved values of all of them, and the clashes: two dicts of field
        name to value. What comes after closing is kept too. Raises AlreadySubmitted.
        """
        kept_late = suppress(services.KeptAfterClosing)
        with kept_late, services.open_draft(self.submission) as draft:
            saved = self.read(draft)
            changed, clashes = self._compare(saved, names)
            changed = {
                name: value for name, value in changed.items() if name not in clashes
            }
            self._keep(draft, changed, saved)
            if changed:
                saved = self.read(draft)
        return {name: saved[name] for name in names}, clashes

    def put_back(self, past):
        """Make an earlier text the current one; the current one becomes an earlier one."""
        with services.open_draft(self.submission) as draft:
            texts = {past.field: past.text}
            self.write(draft, texts, self.read(draft))
            services.keep_past_texts(draft, texts, is_another=True)

    def earlier(self):
        """Return (field, its earlier texts) for each field that has any, newest first.

        The newest, which is the current text, is left out.
        """
        past = {}
        for version in self.submission.past_texts.all():
            past.setdefault(version.field, []).append(version)
        return [
            (self[name], past[name][1:])
            for name in self.written
            if len(past.get(name, [])) > 1
        ]

    def _compare(self, saved, names):
        changed = self._changed(names, saved)
        clashes = {name: saved[name] for name in changed if self._is_stale(name, saved)}
        return changed, clashes

    def _keep(self, draft, values, saved):
        if values:
            self.write(draft, values, saved)
            services.keep_past_texts(draft, self._texts(values))

    def _changed(self, names, saved):
        """Return the values that differ from what is saved, and from what was shown."""
        values = {
            name: self.cleaned_data[name] for name in names if self._is_sent(name)
        }
        return {
            name: value
            for name, value in values.items()
            if value != saved[name] and self._was(name) != fingerprint(value)
        }

    def _is_sent(self, name):
        """Whether the page had this field: a box without a tick sends only its `was`."""
        return self.add_prefix(name) in self.data or self._was(name) is not None

    def _texts(self, values):
        return {
            name: value
            for name, value in values.items()
            if isinstance(self.fields[name].widget, forms.Textarea)
        }

    def _is_stale(self, name, saved):
        return self._was(name) not in (None, fingerprint(saved[name]))

    def _was(self, name):
        return self.data.get(f"was-{name}")

    def show_clash(self, clash):
        """Show both texts; saving again is then to choose, knowing the other one."""
        for name, value in clash.saved.items():
            self.add_error(
                name, _("Saved in the meantime with another text: choose what to keep")
            )
            self.fields[name].was = fingerprint(value)
            self.fields[name].saved_meanwhile = self.in_words(name, value)
            self.fields[name].value_meanwhile = value

    def in_words(self, name, value):
        choices = dict(getattr(self.fields[name], "choices", []))
        return choices.get(value, value) or _("(nothing)")


def confidence_name(name):
    """Return the name of the choice beside a text: confidence-answer-1-4."""
    return f"confidence-{name}"
