"""A guard in the database: no answer goes out without a decision about these very words, whoever writes the row."""

from django.db import migrations

GUARD = """
    CREATE FUNCTION listening_reply_guard() RETURNS trigger LANGUAGE plpgsql AS $body$
    DECLARE decision record;
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        IF NEW.key <> OLD.key OR NEW.case_id <> OLD.case_id THEN
          RAISE EXCEPTION 'A reply keeps its key and its case.' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
             'draft>asked', 'draft>approved', 'draft>sent', 'draft>dropped',
             'asked>draft', 'asked>approved', 'asked>sent', 'asked>dropped',
             'approved>draft', 'approved>sending', 'approved>sent', 'approved>failed', 'approved>dropped',
             'sending>approved', 'sending>sent', 'sending>failed',
             'failed>approved', 'failed>dropped']) THEN
          RAISE EXCEPTION 'A reply does not go from % to %.', OLD.state, NEW.state USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.text <> OLD.text AND (NEW.state NOT IN ('draft', 'sent') OR OLD.attempts > 0
             OR OLD.state NOT IN ('draft', 'asked', 'approved') OR (NEW.state = 'sent' AND NOT NEW.by_hand)) THEN
          RAISE EXCEPTION 'The words of a reply are not changed after its approval.' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = 'sent' AND NOT NEW.by_hand AND OLD.state NOT IN ('sending', 'sent') THEN
          RAISE EXCEPTION 'A reply is sent by sending it.' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = OLD.state AND NEW.text = OLD.text AND NEW.decision_id IS NOT DISTINCT FROM OLD.decision_id THEN
          RETURN NEW;
        END IF;
      END IF;
      IF NEW.state NOT IN ('approved', 'sending', 'sent') THEN
        RETURN NEW;
      END IF;
      SELECT d.verdict, d.overridden_by, d."limit", d.mention_id, d.inputs ->> 'draft' AS draft, c.mention_id AS about
        INTO decision FROM listening_linedecision d, listening_case c WHERE d.id = NEW.decision_id AND c.id = NEW.case_id;
      IF NOT FOUND OR decision.mention_id IS DISTINCT FROM decision.about THEN
        RAISE EXCEPTION 'A reply needs a decision about its own mention.' USING ERRCODE = 'check_violation';
      END IF;
      IF decision."limit" OR (decision.verdict <> 'allowed' AND decision.overridden_by = '') THEN
        RAISE EXCEPTION 'The line does not allow this reply.' USING ERRCODE = 'check_violation';
      END IF;
      IF NOT (NEW.by_hand AND NEW.text = '' AND decision.draft IS NULL)
         AND decision.draft IS DISTINCT FROM encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'The decision is about other words.' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $body$;
    CREATE TRIGGER listening_reply_guard BEFORE INSERT OR UPDATE ON listening_reply
      FOR EACH ROW EXECUTE FUNCTION listening_reply_guard();

    CREATE FUNCTION listening_decision_stands() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      IF EXISTS (SELECT FROM listening_reply r WHERE r.decision_id = OLD.id AND r.state IN ('approved', 'sending', 'sent')) THEN
        RAISE EXCEPTION 'A reply goes by this decision: it is not changed any more.' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $body$;
    CREATE TRIGGER listening_decision_stands
      BEFORE UPDATE OF line_id, verdict, "limit", inputs, overridden_by ON listening_linedecision
      FOR EACH ROW EXECUTE FUNCTION listening_decision_stands();
"""
NO_GUARD = """
    DROP TRIGGER listening_reply_guard ON listening_reply;
    DROP FUNCTION listening_reply_guard();
    DROP TRIGGER listening_decision_stands ON listening_linedecision;
    DROP FUNCTION listening_decision_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("listening", "0027_purge_delays")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
