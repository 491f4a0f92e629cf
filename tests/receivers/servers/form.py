"""form.py create | runserver ...: a site of one form, whose answers go into a table. It answers as forms do: with what is wrong."""

import os
import sys

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connection, models
from django.forms import modelform_factory
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="only-of-this-test",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DB"]}},
    INSTALLED_APPS=["corsheaders"],
    MIDDLEWARE=["corsheaders.middleware.CorsMiddleware"],
    CORS_ALLOW_ALL_ORIGINS=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()


class Response(models.Model):
    response_id = models.CharField(max_length=36)
    revision = models.PositiveIntegerField()
    survey = models.CharField(max_length=100)
    score = models.IntegerField(null=True, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        app_label = "shop"
        unique_together = ["response_id", "revision"]


Form = modelform_factory(Response, fields=["response_id", "revision", "survey", "score", "comment"])


@csrf_exempt
def responses(request):
    form = Form(request.POST)
    if not form.is_valid():
        return JsonResponse(form.errors, status=400)
    form.save()
    return JsonResponse({"saved": True}, status=201)


def stored(request):
    return JsonResponse(list(Response.objects.values()), safe=False)


urlpatterns = [path("responses", responses), path("stored", stored)]

if sys.argv[1] == "create":
    with connection.schema_editor() as editor:
        editor.create_model(Response)
else:
    execute_from_command_line(sys.argv)
