import json, sys, urllib.request
url = sys.argv[1] + "/console/api/setup"
try:
    step = json.load(urllib.request.urlopen(url, timeout=30))["step"]
except Exception as error:
    sys.exit(f"{url} does not answer: {error}")
print(f"setup: {step}" + ("" if step == "finished" else "; open /install in a browser"))
