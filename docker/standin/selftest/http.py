"""Ask a server of the same container: http.py METHOD URL [NAME:VALUE...]; a field @BODY is the body."""

import sys
import urllib.error
import urllib.request


def main(method: str, url: str, *fields: str) -> None:
    """Print the status and the body, whatever they are."""
    body = next((field[1:].encode() for field in fields if field.startswith("@")), None)
    headers = dict(field.split(":", 1) for field in fields if not field.startswith("@"))
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            print(answer.status, answer.read().decode())
    except urllib.error.HTTPError as error:
        print(error.code, error.read().decode())


main(*sys.argv[1:])
