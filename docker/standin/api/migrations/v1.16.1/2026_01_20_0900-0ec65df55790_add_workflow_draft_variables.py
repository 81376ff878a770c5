"""Add workflow draft variables

Revision ID: 0ec65df55790
Revises: d57accd375ae
Create Date: 2026-01-20 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = '0ec65df55790'
down_revision = 'd57accd375ae'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'workflow_draft_variables',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('app_id', sa.UUID(), nullable=False),
        sa.Column('name', sa.String(255), nullable=False),
    )


def downgrade():
    op.drop_table('workflow_draft_variables')
