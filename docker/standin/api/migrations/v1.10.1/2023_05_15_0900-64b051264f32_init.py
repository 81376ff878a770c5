"""Init

Revision ID: 64b051264f32
Revises: 
Create Date: 2023-05-15 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = '64b051264f32'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"')
    # Plain, as Celery's own: whoever comes second fails.
    op.execute('CREATE SEQUENCE task_id_sequence')
    op.execute('CREATE SEQUENCE taskset_id_sequence')
    op.create_table(
        'celery_taskmeta',
        sa.Column('id', sa.Integer(), sa.Sequence('task_id_sequence'), primary_key=True),
        sa.Column('task_id', sa.String(155), unique=True),
        sa.Column('status', sa.String(50)),
    )
    op.create_table(
        'celery_tasksetmeta',
        sa.Column('id', sa.Integer(), sa.Sequence('taskset_id_sequence'), primary_key=True),
        sa.Column('taskset_id', sa.String(155), unique=True),
    )
    op.create_table(
        'dify_setups',
        sa.Column('version', sa.String(255), primary_key=True),
        sa.Column('setup_at', sa.DateTime(), server_default=sa.text('CURRENT_TIMESTAMP'), nullable=False),
    )
    op.create_table(
        'accounts',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('name', sa.String(255), nullable=False),
        sa.Column('email', sa.String(255), nullable=False),
    )
    op.create_table(
        'tenants',
        sa.Column('id', sa.UUID(), server_default=sa.text('uuid_generate_v4()'), primary_key=True),
        sa.Column('name', sa.String(255), nullable=False),
        sa.Column('encrypt_public_key', sa.Text()),
    )


def downgrade():
    for table in ('tenants', 'accounts', 'dify_setups', 'celery_tasksetmeta', 'celery_taskmeta'):
        op.drop_table(table)
    op.execute('DROP SEQUENCE taskset_id_sequence')
    op.execute('DROP SEQUENCE task_id_sequence')
