"""Index workflow node executions

Revision ID: 4474872b0ee6
Revises: 2adcbe1f5dfb
Create Date: 2025-07-02 09:00:00

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = '4474872b0ee6'
down_revision = '2adcbe1f5dfb'
branch_labels = None
depends_on = None


def upgrade():
    # Leaves the transaction: what came before is committed under the revision before this one.
    with op.get_context().autocommit_block():
        op.create_index(
            'workflow_node_executions_tenant_id_idx',
            'workflow_node_executions',
            ['tenant_id', 'workflow_id', 'node_id', sa.text('created_at DESC')],
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            'workflow_node_executions_tenant_id_idx',
            'workflow_node_executions',
            postgresql_concurrently=True,
        )
