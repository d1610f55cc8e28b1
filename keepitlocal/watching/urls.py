from django.urls import path

from . import health, metrics

urlpatterns = [
    path("", health.healthz, name="healthz"),
    path("alive/", health.alive, name="health_alive"),
    path("ready/", health.ready, name="health_ready"),
    path("broker/", health.broker, name="health_broker"),
    path("files/", health.files, name="health_files"),
    path("outbox/", health.outbox, name="health_outbox"),
    path("on-duty/", health.on_duty, name="health_on_duty"),
    path("metrics/", metrics.metrics, name="health_metrics"),
]
