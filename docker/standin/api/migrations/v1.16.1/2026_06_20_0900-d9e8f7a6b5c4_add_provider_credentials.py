"""Add provider credentials

Revision ID: d9e8f7a6b5c4
Revises: 6b5f9f8b1a2c
Create Date: 2026-06-20 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = 'd9e8f7a6b5c4'
down_revision = '6b5f9f8b1a2c'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'provider_credentials',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('tenant_id', sa.UUID(), nullable=False),
        sa.Column('encrypted_config', sa.Text(), nullable=False),
    )


def downgrade():
    op.drop_table('provider_credentials')
