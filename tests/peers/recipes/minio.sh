#!/usr/bin/env bash
# MinIO: an S3 server with policies, quotas, versions and object lock. The last version that was published as source.
set -euo pipefail
# shellcheck source=tests/peers/recipes/lib.sh
. "$(dirname "$0")/lib.sh"

go_server "$1" github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c minio
