"""A call's closing date decides about reminders: whoever moves it is told what follows."""

from django.contrib import admin

from consultations.admin import ConsultationAdmin
from consultations.models import Consultation
from review.views.emails import reminders_in_words
from submissions import reminders

admin.site.unregister(Consultation)


@admin.register(Consultation)
class CallAdmin(ConsultationAdmin):
    """The call as `consultations` shows it, which knows nobody who writes emails."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "closes_at" in form.changed_data:
            reminders.cancel_outdated(obj)
            self.message_user(request, reminders_in_words(obj))
