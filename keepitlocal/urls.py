from django.contrib import admin
from django.urls import include, path

from review.urls import public_urlpatterns

from . import views

handler400 = views.bad_request

urlpatterns = [
    path("", include("submissions.urls")),
    path("", include(public_urlpatterns)),
    path("admin/", admin.site.urls),
    path("healthz/", include("keepitlocal.watching.urls")),
]
