"""Drop agent runtime sessions

Revision ID: a4f8d2c9e1b0
Revises: 6f5a9c2d8e1b
Create Date: 2026-08-20 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = 'a4f8d2c9e1b0'
down_revision = '6f5a9c2d8e1b'
branch_labels = None
depends_on = None


def upgrade():
    op.drop_table('agent_runtime_sessions')
    op.add_column('tenants', sa.Column('plan', sa.String(255), server_default='basic', nullable=False))


def downgrade():
    op.drop_column('tenants', 'plan')
    op.create_table(
        'agent_runtime_sessions',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('tenant_id', sa.UUID(), nullable=False),
    )
