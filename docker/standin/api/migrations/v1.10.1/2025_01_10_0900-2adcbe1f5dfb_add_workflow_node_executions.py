"""Add workflow node executions

Revision ID: 2adcbe1f5dfb
Revises: 63f9175e515b
Create Date: 2025-01-10 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = '2adcbe1f5dfb'
down_revision = '63f9175e515b'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'workflow_node_executions',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('tenant_id', sa.UUID(), nullable=False),
        sa.Column('workflow_id', sa.UUID(), nullable=False),
        sa.Column('node_id', sa.String(255), nullable=False),
        sa.Column('created_at', sa.DateTime(), server_default=sa.text('CURRENT_TIMESTAMP'), nullable=False),
    )


def downgrade():
    op.drop_table('workflow_node_executions')
