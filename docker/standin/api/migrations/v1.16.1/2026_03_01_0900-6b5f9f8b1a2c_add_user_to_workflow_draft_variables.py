"""Add user to workflow draft variables

Revision ID: 6b5f9f8b1a2c
Revises: 0ec65df55790
Create Date: 2026-03-01 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = '6b5f9f8b1a2c'
down_revision = '0ec65df55790'
branch_labels = None
depends_on = None


def upgrade():
    # The column is committed with the block, before this revision is noted as done.
    op.add_column('workflow_draft_variables', sa.Column('user_id', sa.String(255), nullable=True))
    with op.get_context().autocommit_block():
        op.create_index(
            'workflow_draft_variables_user_id_idx',
            'workflow_draft_variables',
            ['app_id', 'user_id', 'name'],
            unique=True,
            postgresql_concurrently=True,
        )


def downgrade():
    op.drop_column('workflow_draft_variables', 'user_id')
