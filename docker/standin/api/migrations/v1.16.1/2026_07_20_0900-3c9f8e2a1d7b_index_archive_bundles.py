"""Index archive bundles

Revision ID: 3c9f8e2a1d7b
Revises: 7a1c2d9e4b60
Create Date: 2026-07-20 09:00:00

"""
from alembic import op

# revision identifiers, used by Alembic.
revision = '3c9f8e2a1d7b'
down_revision = '7a1c2d9e4b60'
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.create_index(
            'workflow_run_archive_bundle_month_id_idx',
            'workflow_run_archive_bundles',
            ['month', 'id'],
            postgresql_concurrently=True,
        )
        op.create_index(
            'workflow_run_archive_bundle_month_shard_id_idx',
            'workflow_run_archive_bundles',
            ['month', 'shard', 'id'],
            postgresql_concurrently=True,
        )


def downgrade():
    op.drop_index('workflow_run_archive_bundle_month_shard_id_idx', 'workflow_run_archive_bundles')
    op.drop_index('workflow_run_archive_bundle_month_id_idx', 'workflow_run_archive_bundles')
