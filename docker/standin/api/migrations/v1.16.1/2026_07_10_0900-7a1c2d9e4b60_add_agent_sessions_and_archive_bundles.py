"""Add agent sessions and archive bundles

Revision ID: 7a1c2d9e4b60
Revises: d9e8f7a6b5c4
Create Date: 2026-07-10 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = '7a1c2d9e4b60'
down_revision = 'd9e8f7a6b5c4'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'agent_runtime_sessions',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('tenant_id', sa.UUID(), nullable=False),
    )
    op.create_table(
        'workflow_run_archive_bundles',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('month', sa.String(7), nullable=False),
        sa.Column('shard', sa.Integer(), nullable=False),
    )


def downgrade():
    op.drop_table('workflow_run_archive_bundles')
    op.drop_table('agent_runtime_sessions')
