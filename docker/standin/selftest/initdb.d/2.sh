#!/usr/bin/env bash
psql -v ON_ERROR_STOP=1 -h /var/run/postgresql -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
    -c "CREATE TABLE made_by_sh AS SELECT 'two rows'::text AS note FROM made_by_sql UNION ALL SELECT 'two rows'"
