"""Add last seen to accounts

Revision ID: 6f5a9c2d8e1b
Revises: 3c9f8e2a1d7b
Create Date: 2026-07-25 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = '6f5a9c2d8e1b'
down_revision = '3c9f8e2a1d7b'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('accounts', sa.Column('last_seen_at', sa.DateTime(), nullable=True))


def downgrade():
    op.drop_column('accounts', 'last_seen_at')
