"""Add tenant account joins

Revision ID: 2a3aebbbf4bb
Revises: 64b051264f32
Create Date: 2023-08-01 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = '2a3aebbbf4bb'
down_revision = '64b051264f32'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'tenant_account_joins',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('tenant_id', sa.UUID(), nullable=False),
        sa.Column('account_id', sa.UUID(), nullable=False),
        sa.Column('role', sa.String(16), server_default='normal', nullable=False),
    )


def downgrade():
    op.drop_table('tenant_account_joins')
