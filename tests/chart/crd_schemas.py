"""Writes the JSON schemas of custom resources, as kubeconform looks for them: crd_schemas.py FOLDER CRD.yaml..."""

import json
import sys

import yaml


def strict(schema):
    """No key that the schema does not know: the API server would drop it without a word."""
    if isinstance(schema, dict):
        known = "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields")
        if known and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
        for part in schema.values():
            strict(part)
    elif isinstance(schema, list):
        for part in schema:
            strict(part)


def main(folder, files):
    for file in files:
        with open(file, encoding="utf-8") as stream:
            definitions = [found for found in yaml.safe_load_all(stream) if found]
        for definition in definitions:
            spec = definition["spec"]
            group = spec["group"].split(".")[0]
            for version in spec["versions"]:
                schema = version["schema"]["openAPIV3Schema"]
                schema["properties"]["metadata"] = {"type": "object"}
                strict(schema)
                schema["properties"]["metadata"].pop("additionalProperties", None)
                name = f"{spec['names']['kind'].lower()}-{group}-{version['name']}.json"
                with open(f"{folder}/{name}", "w", encoding="utf-8") as stream:
                    json.dump(schema, stream)


main(sys.argv[1], sys.argv[2:])
