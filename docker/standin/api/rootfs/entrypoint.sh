#!/bin/bash
# The modes of Dify's entrypoint.
set -e

if [[ "${MIGRATION_ENABLED:-}" == "true" ]]; then
    echo "Running migrations"
    flask upgrade-db
    if [[ "${MODE:-}" == "migration" ]]; then
        echo "Migration completed, exiting normally"
        exit 0
    fi
fi

case "${MODE:-}" in
    worker)
        queues="${CELERY_QUEUES:-${CELERY_WORKER_QUEUES:-dataset,mail,workflow_based_app_execution}}"
        exec celery -A celery_entrypoint.celery worker -c "${CELERY_WORKER_AMOUNT:-1}" --loglevel "${LOG_LEVEL:-INFO}" -Q "$queues" ;;
    beat)
        exec celery -A app.celery beat --loglevel "${LOG_LEVEL:-INFO}" ;;
    job)
        echo "Running one-time job: flask $*"
        exec flask "$@" ;;
    *)
        # The worker class of the real image (gevent) is not in the base; threads do.
        exec gunicorn --bind "${DIFY_BIND_ADDRESS:-0.0.0.0}:${DIFY_PORT:-5001}" \
            --workers "${SERVER_WORKER_AMOUNT:-1}" --worker-class gthread --threads 8 \
            --worker-tmp-dir /dev/shm --timeout "${GUNICORN_TIMEOUT:-200}" app:app ;;
esac
