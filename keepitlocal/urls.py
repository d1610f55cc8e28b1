from django.contrib import admin
from django.urls import include, path

from review.urls import public_urlpatterns

from . import trouble, views

handler400 = views.bad_request
handler500 = trouble.server_error

urlpatterns = [
    path("", include("submissions.urls")),
    path("", include(public_urlpatterns)),
    path("admin/", admin.site.urls),
    path("healthz/", include("keepitlocal.watching.urls")),
]
