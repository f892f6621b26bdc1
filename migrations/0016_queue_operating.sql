-- What operators do with jobs, and the trace that goes from a request to its events and their jobs.

-- The W3C trace context of the request or job in which it happened. What happened before this has none.
ALTER TABLE workflow_events ADD COLUMN trace_parent text;
