"""Add messages

Revision ID: 09cfdda155d1
Revises: 4474872b0ee6
Create Date: 2025-11-15 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = '09cfdda155d1'
down_revision = '4474872b0ee6'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'messages',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('app_id', sa.UUID(), nullable=False),
        sa.Column('query', sa.Text(), nullable=False),
    )


def downgrade():
    op.drop_table('messages')
