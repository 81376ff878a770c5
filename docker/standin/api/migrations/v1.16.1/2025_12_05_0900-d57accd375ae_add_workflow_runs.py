"""Add workflow runs

Revision ID: d57accd375ae
Revises: 09cfdda155d1
Create Date: 2025-12-05 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = 'd57accd375ae'
down_revision = '09cfdda155d1'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'workflow_runs',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('tenant_id', sa.UUID(), nullable=False),
        sa.Column('status', sa.String(255), nullable=False),
    )


def downgrade():
    op.drop_table('workflow_runs')
