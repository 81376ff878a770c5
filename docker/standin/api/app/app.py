"""The stand-in's Flask application, found by `flask` and gunicorn as `app`."""

from standin.factory import create_app

app = create_app()
