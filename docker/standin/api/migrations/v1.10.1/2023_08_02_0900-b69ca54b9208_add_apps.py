"""Add apps

Revision ID: b69ca54b9208
Revises: 64b051264f32
Create Date: 2023-08-02 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = 'b69ca54b9208'
down_revision = '64b051264f32'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'apps',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('tenant_id', sa.UUID(), nullable=False),
        sa.Column('name', sa.String(255), nullable=False),
        sa.Column('mode', sa.String(255), nullable=False),
    )


def downgrade():
    op.drop_table('apps')
