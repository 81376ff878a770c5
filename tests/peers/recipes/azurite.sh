#!/usr/bin/env bash
# Azurite: Microsoft's emulator of Azure Storage.
set -euo pipefail

npm install --silent --no-audit --no-fund --prefix "$1" azurite@3.35.0
