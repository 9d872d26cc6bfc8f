"""The WSGI application, for servers other than our own."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentboard.settings")
application = get_wsgi_application()
