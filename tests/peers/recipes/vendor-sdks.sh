#!/usr/bin/env bash
# The vendors' own SDKs, as the api of Dify uses them: they prove that our stand-ins take what a real client sends.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

pip_server "$1" oss2==2.19.1 cos-python-sdk-v5==1.9.44 esdk-obs-python==3.26.6 tos==2.9.3 bce-python-sdk==0.9.79
