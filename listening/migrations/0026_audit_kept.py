"""The audit log can't be emptied either, and no entry gets another person or brand."""

from django.db import migrations

AUDIT_STANDS = """
    CREATE TRIGGER listening_audit_kept BEFORE TRUNCATE ON listening_auditentry
      FOR EACH STATEMENT EXECUTE FUNCTION listening_audit_stands();
    CREATE FUNCTION listening_audit_names_stand() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      IF (NEW.user_id IS NOT NULL AND NEW.user_id IS DISTINCT FROM OLD.user_id)
         OR (NEW.brand_id IS NOT NULL AND NEW.brand_id IS DISTINCT FROM OLD.brand_id) THEN
        RAISE EXCEPTION 'An entry of the audit log is written, never changed.';
      END IF;
      RETURN NEW;
    END $body$;
    CREATE TRIGGER listening_audit_names_stand BEFORE UPDATE OF user_id, brand_id ON listening_auditentry
      FOR EACH ROW EXECUTE FUNCTION listening_audit_names_stand();
"""
"""An account or a brand that goes leaves its entries without it; nothing else of an entry ever changes."""
AUDIT_MAY_GO = """
    DROP TRIGGER listening_audit_kept ON listening_auditentry;
    DROP TRIGGER listening_audit_names_stand ON listening_auditentry;
    DROP FUNCTION listening_audit_names_stand();
"""


class Migration(migrations.Migration):
    dependencies = [
        ('listening', '0025_rights_requests'),
    ]

    operations = [
        migrations.RunSQL(AUDIT_STANDS, AUDIT_MAY_GO),
    ]
