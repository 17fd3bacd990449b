"""Announcing: triggers that write a delivery for each webhook that wants to hear of what just happened.

In the database, so that the message and what it tells are one transaction, whoever changes a case, and in whatever way.
A receiver is told numbers, kinds and times alone: listening.webhooks.events names them, a test compares.

What is told of once is never told of twice: `key` is made of what happened, and unique. Spikes are judged again now and
then, and whole pasts are: only those of the last day and a half are news.
"""

NEWS = "interval '36 hours'"
COLUMNS = "webhook_id, message, key, event, facts, happened_at, queued_at, next_at, state, attempts, sentence"

ANNOUNCE = f"""
CREATE FUNCTION listening_announce(bigint, text, text, jsonb) RETURNS void LANGUAGE sql AS $body$
  INSERT INTO listening_delivery ({COLUMNS})
  SELECT w.id, gen_random_uuid(), $2 || ':' || $3, $2, $4, now(), now(), now(), 'waiting', 0, ''
  FROM listening_webhook w WHERE w.brand_id = $1 AND w.active AND $2 = ANY (w.events)
  ON CONFLICT (webhook_id, key) DO NOTHING;
$body$;
"""  # noqa: S608 (column names of this file)

TOLD = "EXISTS (SELECT FROM listening_webhook w WHERE w.brand_id = n.brand_id AND w.active)"
CASE_FACTS = """jsonb_build_object('case', n.id, 'mention', n.mention_id, 'kind', n.kind, 'status', n.status,
      'priority', n.priority, 'network', m.network, 'assignee', n.assignee_id, 'due_at', n.due_at)"""

CASES = f"""
CREATE FUNCTION listening_case_inserted() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM listening_announce(n.brand_id, 'case.opened', n.id::text, {CASE_FACTS})
  FROM new_rows n JOIN listening_mention m ON m.id = n.mention_id WHERE {TOLD} ORDER BY n.id;
  PERFORM listening_announce(n.brand_id, 'case.assigned', n.id || ':' || n.version, {CASE_FACTS})
  FROM new_rows n JOIN listening_mention m ON m.id = n.mention_id
  WHERE n.assignee_id IS NOT NULL AND {TOLD} ORDER BY n.id;
  RETURN NULL;
END $body$;
CREATE FUNCTION listening_case_updated() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM listening_announce(n.brand_id, 'case.assigned', n.id || ':' || n.version, {CASE_FACTS})
  FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN listening_mention m ON m.id = n.mention_id
  WHERE n.assignee_id IS NOT NULL AND n.assignee_id IS DISTINCT FROM o.assignee_id AND {TOLD} ORDER BY n.id;
  PERFORM listening_announce(n.brand_id, 'case.closed', n.id || ':' || n.version, {CASE_FACTS})
  FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN listening_mention m ON m.id = n.mention_id
  WHERE n.status IN ('done', 'ignored') AND o.status NOT IN ('done', 'ignored') AND {TOLD} ORDER BY n.id;
  RETURN NULL;
END $body$;
CREATE TRIGGER listening_case_inserted AFTER INSERT ON listening_case
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION listening_case_inserted();
CREATE TRIGGER listening_case_updated AFTER UPDATE ON listening_case
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION listening_case_updated();
"""  # noqa: S608 (the same)

SPIKES = f"""
CREATE FUNCTION listening_spike_announced() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  subject text := concat_ws(':', NEW.measure, NEW.network, NEW.theme, extract(epoch FROM NEW.began_at)::bigint);
  facts jsonb := jsonb_build_object('spike', NEW.id, 'measure', NEW.measure,
    'scope', CASE WHEN NEW.theme <> '' THEN 'theme' WHEN NEW.network <> '' THEN 'network' ELSE 'brand' END,
    'network', nullif(NEW.network, ''), 'theme', CASE WHEN NEW.theme ~ '^[0-9]+$' THEN NEW.theme::bigint END,
    'began_at', NEW.began_at, 'noticed_at', NEW.noticed_at,
    'ended_at', NEW.ended_at, 'peak', NEW.peak, 'expected', NEW.expected);
BEGIN
  IF TG_OP = 'INSERT' AND NEW.noticed_at > now() - {NEWS} THEN
    PERFORM listening_announce(NEW.brand_id, 'spike.began', subject, facts || '{{"ended_at": null}}');
  END IF;
  IF NEW.ended_at > now() - {NEWS} THEN
    PERFORM listening_announce(NEW.brand_id, 'spike.ended', subject, facts);
  END IF;
  RETURN NULL;
END $body$;
CREATE TRIGGER listening_spike_inserted AFTER INSERT ON listening_spike
  FOR EACH ROW EXECUTE FUNCTION listening_spike_announced();
CREATE TRIGGER listening_spike_ended AFTER UPDATE OF ended_at ON listening_spike
  FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
  EXECUTE FUNCTION listening_spike_announced();
"""

SOURCES = """
CREATE FUNCTION listening_source_broke() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM listening_announce(b.brand_id, 'source.needs_attention', NEW.id || ':' || extract(epoch FROM now()),
    jsonb_build_object('source', NEW.id, 'network', NEW.kind, 'reason', NEW.error_code, 'since', NEW.error_since))
  FROM listening_source_brands b WHERE b.source_id = NEW.id;
  RETURN NULL;
END $body$;
CREATE TRIGGER listening_source_broke AFTER UPDATE OF state ON listening_source
  FOR EACH ROW WHEN (OLD.state <> 'broken' AND NEW.state = 'broken') EXECUTE FUNCTION listening_source_broke();
"""

IMPROVEMENTS = """
CREATE FUNCTION listening_improvement_closed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM listening_announce(NEW.brand_id, 'improvement.closed', NEW.id || ':' || NEW.version,
    jsonb_build_object('improvement', NEW.id, 'status', NEW.status, 'theme', NEW.theme_id, 'done_at', NEW.done_at));
  RETURN NULL;
END $body$;
CREATE TRIGGER listening_improvement_closed AFTER UPDATE OF status ON listening_improvement
  FOR EACH ROW WHEN (OLD.status IN ('idea', 'doing') AND NEW.status IN ('done', 'dropped'))
  EXECUTE FUNCTION listening_improvement_closed();
"""

ANNOUNCING = ANNOUNCE + CASES + SPIKES + SOURCES + IMPROVEMENTS
SILENT = """
DROP TRIGGER listening_improvement_closed ON listening_improvement;
DROP FUNCTION listening_improvement_closed();
DROP TRIGGER listening_source_broke ON listening_source;
DROP FUNCTION listening_source_broke();
DROP TRIGGER listening_spike_inserted ON listening_spike;
DROP TRIGGER listening_spike_ended ON listening_spike;
DROP FUNCTION listening_spike_announced();
DROP TRIGGER listening_case_inserted ON listening_case;
DROP FUNCTION listening_case_inserted();
DROP TRIGGER listening_case_updated ON listening_case;
DROP FUNCTION listening_case_updated();
DROP FUNCTION listening_announce(bigint, text, text, jsonb);
"""
